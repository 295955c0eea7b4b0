"""Kinds of download that people have: forces without districts, months that lack, records without an area, odd ends."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from core.build.__main__ import main
from core.build.street_crime import build_street_crime
from core.sources.files.cells import SourceError
from core.sources.police.built import DISTRICTS_FILE, StreetCrime, built
from core.sources.police.census import NEW, OLD
from core.tables.catalogue import load_catalogue
from tests.sources.police.generated import Row, street_csv, write_folder, write_zip

MONTHS = tuple(f"2021-{month:02}" for month in range(1, 5))


@pytest.fixture(scope="module")
def lsoas() -> dict[str, list[str]]:
    """LSOAs of 2011 by district."""
    england = load_catalogue().read_table("england_lsoas")
    return {str(name): codes.tolist() for name, codes in england.groupby("district")["lsoa11_code"]}


def burglaries(codes: Iterable[str], times: int = 1) -> list[Row]:
    return [(code, "Burglary") for code in codes for _ in range(times)]


def files(rows: Mapping[str, list[Row]], months: Iterable[str] = MONTHS) -> dict[str, bytes]:
    """The same records of each force in each of `months`."""
    return {
        f"{month}/{month}-{force}-street.csv": street_csv(month, records)
        for month in months
        for force, records in rows.items()
    }


def counted(content: Mapping[str, bytes], folder: Path) -> StreetCrime:
    build_street_crime(write_zip(folder / "police.zip", content), folder / "built")
    return built(folder / "built")


def refused(content: Mapping[str, bytes], folder: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """What the command says when it refuses; nothing may be written."""
    source = write_zip(folder / "police.zip", content)
    assert main(["street-crime", str(source), "--out", str(folder / "out")]) == 2
    assert not (folder / "out").exists()
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    return said.err


# Territories


def test_metropolitan_download_leaves_out_the_city_of_london(lsoas: dict[str, list[str]], tmp_path: Path) -> None:
    rows = burglaries([*lsoas["City of London"], *lsoas["Camden"], *lsoas["Islington"]])
    force = counted(files({"metropolitan": rows}), tmp_path).force("metropolitan")
    assert sorted(force.districts.values()) == ["Camden", "Islington"]
    districts = pd.read_csv(tmp_path / "built" / DISTRICTS_FILE).set_index("district")["territory_of"]
    assert districts.to_dict() == {
        "City of London": "city-of-london",
        "Camden": "metropolitan",
        "Islington": "metropolitan",
    }


def test_download_of_several_forces_gives_each_its_own_districts(lsoas: dict[str, list[str]], tmp_path: Path) -> None:
    london = {
        "metropolitan": burglaries([*lsoas["City of London"], *lsoas["Camden"]], 5),
        "city-of-london": burglaries(lsoas["City of London"]),
        "surrey": burglaries([*lsoas["Camden"], *lsoas["Spelthorne"]]),
        "btp": burglaries([*lsoas["City of London"], *lsoas["Camden"], *lsoas["Hyndburn"]], 9),
        "gwent": burglaries(["W01000001"]),
        "northern-ireland": burglaries([""]),
    }
    forces = counted(files(london), tmp_path).forces
    assert {slug: list(force.districts.values()) for slug, force in forces.items()} == {
        "btp": [],
        "city-of-london": ["City of London"],
        "gwent": [],
        "metropolitan": ["Camden"],
        "northern-ireland": [],
        "surrey": ["Spelthorne"],
    }
    others = len(MONTHS) * (9 + 1) * len(lsoas["Camden"])  # of British Transport Police and of Surrey
    assert forces["metropolitan"].coverage.by_others == others
    assert forces["surrey"].coverage.by_others == 0


@pytest.mark.parametrize(
    ("force", "districts", "today"),
    [
        ("northamptonshire", ("Corby", "Kettering"), ("North Northamptonshire",)),
        ("thames-valley", ("Chiltern", "Oxford"), ("Buckinghamshire", "Oxford")),
        ("cumbria", ("Eden", "Copeland"), ("Westmorland and Furness", "Cumberland")),
        ("north-yorkshire", ("Ryedale", "York"), ("North Yorkshire", "York")),
        ("avon-and-somerset", ("Mendip", "Bristol, City of"), ("Somerset", "Bristol, City of")),
        ("dorset", ("Dorset",), ("Dorset",)),
    ],
)
def test_download_with_codes_of_either_census_keeps_merged_districts_in_their_force(
    force: str, districts: tuple[str, ...], today: tuple[str, ...], lsoas: dict[str, list[str]], tmp_path: Path
) -> None:
    lookup = load_catalogue().read_table("lsoa_lookup")
    old = [code for district in districts for code in lsoas[district]]
    new = sorted(set(lookup.loc[lookup["lsoa11_code"].isin(old), "lsoa21_code"]))
    content = {
        f"2019-01-{force}-street.csv": street_csv("2019-01", burglaries(old)),
        f"2024-01-{force}-street.csv": street_csv("2024-01", burglaries(new)),
    }
    found = counted(content, tmp_path).force(force)
    assert sorted(found.districts.values()) == sorted({OLD: districts, NEW: today}[found.census])


NOTHING: dict[str, tuple[Mapping[str, list[Row]], str]] = {
    "transport police": ({"btp": burglaries(["E01000001", "E01000842"])}, "British Transport Police serves a network"),
    "defence police": ({"mod-police": burglaries(["E01000001"])}, "Ministry of Defence Police serves a network"),
    "nuclear constabulary": ({"cnc": burglaries(["E01000001"])}, "Civil Nuclear Constabulary serves a network"),
    "two network forces": ({"btp": burglaries(["E01000001"]), "cnc": burglaries(["E01000001"])}, "British Transport"),
    "Welsh force": ({"gwent": burglaries(["W01001537"])}, "Gwent lies outside England"),
    "Welsh force with English records": ({"north-wales": burglaries(["E01018372"])}, "North Wales lies outside"),
    "Northern Ireland": (
        {"northern-ireland": burglaries([""] * 30)},
        "Police Service of Northern Ireland lies outside",
    ),
    "no area at all": ({"kent": burglaries([""] * 5)}, "5 without an LSOA code): Kent has no record in its districts"),
    "elsewhere only": ({"kent": burglaries(["E01000001"])}, "Kent has no record in its districts"),
    "unknown force": ({"my-town": burglaries(["E01000001"])}, "'my-town' in the names of files) is no police force"),
    "empty": ({"kent": []}, "of 0 records read"),
}


@pytest.mark.parametrize("kind", NOTHING)
def test_street_crime_command_that_counts_nothing_is_refused(
    kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows, text = NOTHING[kind]
    said = refused(files(rows, MONTHS[:1]), tmp_path, capsys)
    assert text in said
    assert "Choose a download of a territorial police force of England." in said


# Months


def coverage(content: Mapping[str, bytes], force: str, folder: Path) -> dict[str, Any]:
    found = counted(content, folder).force(force).coverage
    return {"counted": found.counted, "missing": found.missing, "short": found.short, "gaps": dict(found.gaps)}


def test_download_without_a_month_lists_it(lsoas: dict[str, list[str]], tmp_path: Path) -> None:
    months = [month for month in MONTHS if month != "2021-03"]
    found = coverage(files({"leicestershire": burglaries(lsoas["Rutland"])}, months), "leicestershire", tmp_path)
    assert found == {"counted": tuple(months), "missing": ("2021-03",), "short": (), "gaps": {}}


def test_download_with_an_empty_month_counts_it_as_missing(lsoas: dict[str, list[str]], tmp_path: Path) -> None:
    content = files({"leicestershire": burglaries(lsoas["Rutland"])})
    content["2021-04/2021-04-leicestershire-street.csv"] = street_csv("2021-04", [])
    found = coverage(content, "leicestershire", tmp_path)
    assert found == {"counted": MONTHS[:3], "missing": ("2021-04",), "short": (), "gaps": {}}


@pytest.mark.parametrize(("kept", "is_short"), [(11, True), (12, False), (13, False)])
def test_download_with_a_partial_month_says_that_it_is_short(
    kept: int, is_short: bool, lsoas: dict[str, list[str]], tmp_path: Path
) -> None:
    rows = burglaries(lsoas["Rutland"][:12], 2)  # 24 records a month
    content = files({"leicestershire": rows})
    content["2021-02/2021-02-leicestershire-street.csv"] = street_csv("2021-02", rows[:kept])
    found = coverage(content, "leicestershire", tmp_path)
    assert found["short"] == (("2021-02",) if is_short else ())


def test_download_whose_month_lacks_a_district_names_it(lsoas: dict[str, list[str]], tmp_path: Path) -> None:
    both = burglaries([*lsoas["Rutland"], *lsoas["Melton"]])
    content = files({"leicestershire": both})
    content["2021-02/2021-02-leicestershire-street.csv"] = street_csv("2021-02", burglaries(lsoas["Melton"]))
    assert coverage(content, "leicestershire", tmp_path)["gaps"] == {"Rutland": ["2021-02"]}


def test_download_with_two_months_compares_each_with_the_other(lsoas: dict[str, list[str]], tmp_path: Path) -> None:
    rows = burglaries(lsoas["Rutland"])
    content = files({"leicestershire": rows}, MONTHS[:1])
    content["2021-02-leicestershire-street.csv"] = street_csv("2021-02", rows[: len(rows) // 2])
    assert coverage(content, "leicestershire", tmp_path)["short"] == ("2021-02",)


def test_download_whose_district_has_few_records_names_no_gap(lsoas: dict[str, list[str]], tmp_path: Path) -> None:
    """A month without a record in the Isles of Scilly is no sign that a file is cut off."""
    rows = burglaries([*lsoas["Isles of Scilly"] * 2, *lsoas["Plymouth"]])
    content = files({"devon-and-cornwall": rows})
    content["2021-02/2021-02-devon-and-cornwall-street.csv"] = street_csv("2021-02", rows[2:])
    assert coverage(content, "devon-and-cornwall", tmp_path)["gaps"] == {}


def test_download_of_one_month_is_neither_missing_nor_short(lsoas: dict[str, list[str]], tmp_path: Path) -> None:
    content = files({"leicestershire": burglaries(lsoas["Rutland"])}, ["2021-03"])
    found = coverage(content, "leicestershire", tmp_path)
    assert found == {"counted": ("2021-03",), "missing": (), "short": (), "gaps": {}}


def test_download_of_several_forces_keeps_their_months_apart(
    lsoas: dict[str, list[str]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content = files({"leicestershire": burglaries(lsoas["Rutland"])})
    content |= files({"northamptonshire": burglaries(lsoas["Corby"])}, ["2021-01", "2021-03"])
    source = write_zip(tmp_path / "police.zip", content)
    assert main(["street-crime", str(source), "--out", str(tmp_path / "built")]) == 0
    forces = built(tmp_path / "built").forces
    assert (forces["leicestershire"].months, forces["leicestershire"].coverage.missing) == (MONTHS, ())
    assert forces["northamptonshire"].coverage.missing == ("2021-02",)
    said = capsys.readouterr().out
    assert "Northamptonshire, 2 of 3 months from 2021-01 to 2021-03: districts Corby" in said
    assert "Note: Northamptonshire has 2 of 3 months from 2021-01 to 2021-03 only" in said


# Records without an area


def test_download_reports_the_share_without_area_of_each_force(
    lsoas: dict[str, list[str]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rutland, corby = lsoas["Rutland"], lsoas["Corby"]
    rows = {
        "leicestershire": burglaries([*rutland, *[""] * len(rutland)]),
        "northamptonshire": burglaries(corby),
    }
    source = write_zip(tmp_path / "police.zip", files(rows))
    assert main(["street-crime", str(source), "--out", str(tmp_path / "built")]) == 0
    forces = built(tmp_path / "built").forces
    assert forces["leicestershire"].coverage.share_without_area == 0.5
    assert forces["northamptonshire"].coverage.share_without_area == 0
    said = capsys.readouterr().out
    assert "lie elsewhere; 50.0% have no LSOA" in said
    assert "lie elsewhere; 0.0% have no LSOA" in said


# Odd ends of files, and files on their own


@pytest.mark.parametrize(
    "end", [b"\n", b"\n\n\n", b"\r\n\r\n", b"  \n\t\n", b",,,,,,,,,,,\n" * 40, b"\n,,,,,,,,,,,", b"   "]
)
def test_download_with_blank_lines_at_the_end_is_read(end: bytes, lsoas: dict[str, list[str]], tmp_path: Path) -> None:
    content = street_csv("2021-01", burglaries(lsoas["Rutland"])) + end
    crime = counted({"2021-01-leicestershire-street.csv": content}, tmp_path)
    assert crime.counts("leicestershire")["records"].sum() == len(lsoas["Rutland"])


def test_download_with_blank_line_inside_is_refused(
    lsoas: dict[str, list[str]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content = street_csv("2021-01", burglaries(lsoas["Rutland"])).replace(b"\n", b"\n\n", 2)
    said = refused({"2021-01-leicestershire-street.csv": content}, tmp_path, capsys)
    assert "row 2 has other fields than the heading" in said


def test_download_with_outcomes_of_a_force_does_not_count_them(lsoas: dict[str, list[str]], tmp_path: Path) -> None:
    content = files({"leicestershire": burglaries(lsoas["Rutland"])})
    content["2021-01/2021-01-metropolitan-outcomes.csv"] = b"Crime ID,Month\n1,2021-01\n"
    assert list(counted(content, tmp_path).forces) == ["leicestershire"]


def test_street_file_on_its_own_is_a_download_of_one_month(lsoas: dict[str, list[str]], tmp_path: Path) -> None:
    name = "2021-01-leicestershire-street.csv"
    write_folder(tmp_path, {name: street_csv("2021-01", burglaries(lsoas["Rutland"]))})
    build_street_crime(tmp_path / name, tmp_path / "built")
    force = built(tmp_path / "built").force("leicestershire")
    assert (force.months, list(force.districts.values())) == (("2021-01",), ["Rutland"])


def test_street_file_of_a_network_force_is_refused(tmp_path: Path) -> None:
    name = "2021-01-btp-street.csv"
    write_folder(tmp_path, {name: street_csv("2021-01", burglaries(["E01000001"]))})
    with pytest.raises(SourceError, match=f"{name} has no record that can be counted"):
        build_street_crime(tmp_path / name, tmp_path / "built")
