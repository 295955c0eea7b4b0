"""From the publisher's download to counts: nothing lost, nothing counted twice, every code in its place."""

import json
from collections.abc import Mapping
from pathlib import Path
from zipfile import ZipFile

import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from core.build.__main__ import main
from core.build.street_crime import build_street_crime
from core.sources.police.built import COUNTS_FILE, DISTRICTS, DISTRICTS_FILE, REPORT_FILE, StreetCrime, built
from core.sources.police.census import COUNTED, NEW, OLD, SHARED, Census, homes, read_census
from core.sources.police.tally import (
    CELL,
    UNKNOWN,
    WALES,
    WITHOUT,
    Tally,
    known_codes,
    summed,
    with_known_codes,
)
from core.tables.catalogue import load_catalogue
from tests.sources.police.generated import (
    ASB,
    MERGED,
    SPLIT,
    UNCHANGED,
    Generated,
    generated,
    street_csv,
    write_folder,
    write_zip,
)

COUNTS = ["code", "month", "crime_type", "records"]


def counts_of(folder: Path) -> pd.DataFrame:
    return pd.read_parquet(folder / COUNTS_FILE)


def report_of(folder: Path) -> dict[str, object]:
    report: dict[str, object] = json.loads((folder / REPORT_FILE).read_text(encoding="utf-8"))
    return report


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def expected(made: Generated) -> pd.DataFrame:
    rows = [(*key, records) for key, records in made.counts.items()]
    order = ["month", "code", "crime_type"]
    return pd.DataFrame(rows, columns=COUNTS).sort_values(order, ignore_index=True)


def test_build_street_crime_counts_each_row_of_the_files(made: Generated, built_folder: Path) -> None:
    pd.testing.assert_frame_equal(counts_of(built_folder), expected(made))


@pytest.mark.parametrize("seed", range(3))
def test_build_street_crime_from_folder_equals_that_from_zip(seed: int, tmp_path: Path) -> None:
    made = generated(seed)
    write_folder(tmp_path / "unpacked", made.files)
    build_street_crime(write_zip(tmp_path / "a.zip", made.files), tmp_path / "zip")
    build_street_crime(tmp_path / "unpacked", tmp_path / "folder")
    assert (tmp_path / "zip" / COUNTS_FILE).read_bytes() == (tmp_path / "folder" / COUNTS_FILE).read_bytes()
    assert counts_of(tmp_path / "zip")["records"].sum() == made.counted


def test_build_street_crime_report_adds_up(made: Generated, built_folder: Path) -> None:
    report = report_of(built_folder)
    found = [report[name] for name in ("read", "counted", "without_lsoa", "in_wales", "unknown_code")]
    assert found == [made.read, made.counted, made.without, made.wales, made.unknown]
    assert report["outside"] == made.wales + made.unknown
    assert report["counts"]["rows"] == len(counts_of(built_folder))  # type: ignore[index]


def test_build_street_crime_report_lists_skipped_and_missing_files(built_folder: Path) -> None:
    report = report_of(built_folder)
    skipped: dict[str, list[str]] = report["skipped"]  # type: ignore[assignment]
    assert {kind: len(names) for kind, names in skipped.items()} == {"outcomes": 4, "stop-and-search": 4, "other": 2}
    forces: dict[str, dict[str, object]] = report["forces"]  # type: ignore[assignment]
    assert list(forces) == ["city-of-london", "south-yorkshire"]
    assert all(force["missing_months"] == ["2018-01"] for force in forces.values())
    assert sum(force["read"] for force in forces.values()) == report["read"]  # type: ignore[misc]
    assert str(report["engine"]).startswith("polars ")


def test_street_crime_command_prints_a_summary(
    made: Generated, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write_zip(tmp_path / "download.zip", made.files)
    assert main(["street-crime", str(path), "--out", str(tmp_path / "out")]) == 0
    said = capsys.readouterr().out
    assert (
        f"read {made.read:,} = counted {made.counted:,} + without LSOA {made.without:,} "
        f"+ outside {made.wales + made.unknown:,}\n"
    ) in said
    assert "2 forces, 4 months from 2017-11 to 2018-03, in 2 years (2017, 2018)" in said
    assert "skipped 4 outcomes files: download/2017-11/2017-11-south-yorkshire-outcomes.csv, " in said
    assert "Warning: City of London has no file or no record for 2018-01; its counts lack that time." in said
    assert said.endswith(f"Wrote {tmp_path / 'out'}\n")


def test_build_street_crime_twice_gives_the_same_files(made: Generated, built_folder: Path, tmp_path: Path) -> None:
    path = write_zip(tmp_path / "download.zip", made.files)
    for _ in range(2):
        build_street_crime(path, tmp_path / "out")
        assert contents(tmp_path / "out") == contents(built_folder)
    assert {entry.name for entry in tmp_path.iterdir()} == {"download.zip", "out"}


def test_build_street_crime_with_identical_rows_counts_each(tmp_path: Path) -> None:
    rows = [(UNCHANGED[0], ASB)] * 40 + [(UNCHANGED[0], "Burglary")] * 2
    write_folder(tmp_path / "in", {"2018-01/2018-01-south-yorkshire-street.csv": street_csv("2018-01", rows)})
    build_street_crime(tmp_path / "in", tmp_path / "out")
    assert counts_of(tmp_path / "out").to_numpy().tolist() == [
        [UNCHANGED[0], "2018-01", ASB, 40],
        [UNCHANGED[0], "2018-01", "Burglary", 2],
    ]


def test_build_street_crime_with_empty_month_lists_the_month(tmp_path: Path) -> None:
    files = {
        "2018-01-south-yorkshire-street.csv": street_csv("2018-01", [(UNCHANGED[0], ASB)]),
        "2018-02-south-yorkshire-street.csv": street_csv("2018-02", []),
        "2018-03-south-yorkshire-street.csv": street_csv("2018-03", [])[:-1],
    }
    build_street_crime(write_folder(tmp_path / "in", files), tmp_path / "out")
    assert report_of(tmp_path / "out")["months"] == ["2018-01", "2018-02", "2018-03"]
    assert report_of(tmp_path / "out")["read"] == 1


def test_build_street_crime_counts_lsoas_with_records_by_district(built_folder: Path) -> None:
    districts = pd.read_csv(built_folder / DISTRICTS_FILE)
    assert list(districts) == list(DISTRICTS)
    assert set(districts["census"]) == {2021}  # the codes that one census alone has are of 2021
    sizes = load_catalogue().read_table("areas", ["ltla24_code"])["ltla24_code"].value_counts()
    assert (districts["lsoas"].to_numpy() == sizes[districts["district_code"]].to_numpy()).all()
    assert districts["records"].sum() == pytest.approx(counts_of(built_folder)["records"].sum(), abs=0.1)
    barnsley = districts[districts["district"] == "Barnsley"]
    assert barnsley["lsoas_with_records"].tolist() == [3, 3]  # three of the unchanged codes lie there


# Which LSOA a code goes to


@pytest.fixture(scope="module", params=[OLD, NEW])
def census(request: pytest.FixtureRequest) -> Census:
    return read_census(request.param, load_catalogue())


def test_homes_shares_of_each_english_code_sum_to_one(census: Census) -> None:
    shares = census.homes.groupby("code")["share"].sum()
    assert shares.to_numpy() == pytest.approx(1, abs=1e-12)
    lookup = load_catalogue().read_table("lsoa_lookup")
    english = lookup[lookup["lsoa11_code"].str.startswith("E")]
    assert set(shares.index) == {*english["lsoa11_code"], *english["lsoa21_code"]}
    assert set(census.homes["lsoa_code"]) == set(census.areas["lsoa_code"])


def test_lsoa_lookup_reuses_no_code_of_2011_for_another_area() -> None:
    """What allows a code that both censuses have to stay as it is."""
    lookup = load_catalogue().read_table("lsoa_lookup")
    old, changed = set(lookup["lsoa11_code"]), lookup[lookup["change"] != "U"]
    assert not changed["lsoa21_code"].isin(old).any()
    same = lookup[lookup["change"] == "U"]
    assert (same["lsoa11_code"] == same["lsoa21_code"]).all()


def test_homes_of_split_and_merged_codes_follow_the_rule(residents: dict[str, int]) -> None:
    places = dict(iter(read_census(OLD, load_catalogue()).homes.groupby("code")))
    for code, parent in SPLIT.items():
        assert places[code][["lsoa_code", "share"]].to_numpy().tolist() == [[parent, 1.0]]
    for code, parents in MERGED.items():
        together = sum(residents[parent] for parent in parents)
        found = dict(zip(places[code]["lsoa_code"], places[code]["share"], strict=True))
        assert found == pytest.approx({parent: residents[parent] / together for parent in parents})


AREAS = tuple(f"E0100000{digit}" for digit in range(6))
NEWER = tuple(f"E0103500{digit}" for digit in range(4))
CODES = (*AREAS, *NEWER, " ", "W01000001", "E01999999", None)


@given(
    residents=st.lists(st.integers(1, 5000), min_size=len(AREAS), max_size=len(AREAS)),
    pairs=st.sets(st.tuples(st.sampled_from(AREAS), st.sampled_from(NEWER)), max_size=12),
    rows=st.lists(st.tuples(st.sampled_from(CODES), st.integers(0, 10**6)), min_size=1, max_size=30),
)
def test_tally_with_any_lookup_keeps_the_number_of_records(
    residents: list[int], pairs: set[tuple[str, str]], rows: list[tuple[str | None, int]]
) -> None:
    areas = pd.DataFrame({"lsoa_code": AREAS, "residents": residents, "district_code": "E07000001", "district": "Here"})
    lookup = pd.DataFrame(sorted(pairs), columns=["lsoa_code", "code"]).astype(str)
    census = Census(OLD, areas, homes(areas, lookup))
    counts = pl.DataFrame(
        [("2018-01", "a", code, ASB, records) for code, records in rows],
        schema={
            "month": pl.String,
            "force": pl.String,
            "code": pl.String,
            "crime_type": pl.String,
            "records": pl.Int64,
        },
        orient="row",
    )
    cells = summed(with_known_codes(counts, known_codes([census])), [*CELL])
    nothing, read = Tally.nothing(census, cells.schema), sum(records for _, records in rows)
    tally, in_parts = nothing.plus(cells), nothing.plus(cells[:2]).plus(cells[2:])
    tally.check(read)
    assert cells["records"].sum() == tally.records() == read
    assert tally.records(WITHOUT) == sum(records for code, records in rows if not (code or "").strip())
    assert tally.records(WALES) == sum(records for code, records in rows if code == "W01000001")
    known = {newer for _, newer in pairs}
    lost = {"E01999999", *(set(NEWER) - known)}
    assert tally.records(UNKNOWN) == sum(records for code, records in rows if code in lost)
    assert tally.records(*COUNTED) == read - tally.records(WITHOUT, WALES, UNKNOWN)
    several = {newer for newer in known if sum(code == newer for _, code in pairs) > 1}
    assert tally.records(SHARED) == sum(records for code, records in rows if code in several)
    assert_frame_equal(in_parts.districts(["a"]), tally.districts(["a"]), check_row_order=False)
    assert [in_parts.records(fate) for fate in COUNTED] == [tally.records(fate) for fate in COUNTED]


# Which census a force is shown by


@pytest.fixture(scope="module")
def leicester() -> dict[str, list[str]]:
    """LSOAs of Leicester by census, of which some have the same code."""
    return {
        year: sorted(found.areas.loc[found.areas["district"] == "Leicester", "lsoa_code"])
        for year in (OLD, NEW)
        for found in [read_census(year, load_catalogue())]
    }


def built_from(months: Mapping[str, list[str]], folder: Path) -> StreetCrime:
    """A force with one burglary for each of the codes of each month."""
    files = {
        f"{month}/{month}-leicestershire-street.csv": street_csv(month, [(code, "Burglary") for code in codes])
        for month, codes in months.items()
    }
    build_street_crime(write_folder(folder / "in", files), folder / "out")
    return built(folder / "out")


@pytest.mark.parametrize(("year", "month"), [(OLD, "2025-01"), (NEW, "2018-01")])
def test_force_has_the_census_of_its_codes_whatever_the_month(
    year: str, month: str, leicester: dict[str, list[str]], tmp_path: Path
) -> None:
    found = built_from({month: leicester[year]}, tmp_path)
    force = found.force("leicestershire")
    assert (force.census, force.coverage.bridged) == (year, 0)
    assert found.counts("leicestershire")["lsoa_code"].tolist() == leicester[year]
    assert (found.counts("leicestershire")["records"] == 1).all()


@pytest.mark.parametrize(("year", "month"), [(OLD, "2020-12"), (NEW, "2021-01")])
def test_force_whose_codes_both_censuses_have_goes_by_its_latest_month(
    year: str, month: str, leicester: dict[str, list[str]], tmp_path: Path
) -> None:
    both = sorted(set(leicester[OLD]) & set(leicester[NEW]))
    assert built_from({"2019-05": both, month: both}, tmp_path).force("leicestershire").census == year


@pytest.mark.parametrize(("year", "other"), [(OLD, NEW), (NEW, OLD)])
def test_force_of_mixed_codes_has_the_census_of_most_and_says_how_many_are_of_the_other(
    year: str, other: str, leicester: dict[str, list[str]], tmp_path: Path
) -> None:
    found = built_from({"2022-01": leicester[year], "2022-02": leicester[year], "2022-03": leicester[other]}, tmp_path)
    force, counts = found.force("leicestershire"), found.counts("leicestershire")
    foreign = set(leicester[other]) - set(leicester[year])
    assert (force.census, force.coverage.bridged) == (year, len(foreign))
    assert counts["lsoa_code"].tolist() == leicester[year]
    assert counts["records"].sum() == pytest.approx(2 * len(leicester[year]) + len(leicester[other]))
    report = report_of(tmp_path / "out")
    assert report["moved"] + report["shared_out"] == len(foreign)  # type: ignore[operator]


def test_records_with_codes_of_neither_census_are_counted_and_left_out(
    leicester: dict[str, list[str]], tmp_path: Path
) -> None:
    found = built_from({"2025-01": [*leicester[NEW], "E01999999", "E01999999"]}, tmp_path)
    assert found.force("leicestershire").coverage.unknown == 2
    assert found.counts("leicestershire")["records"].sum() == len(leicester[NEW])


# The real thing


@pytest.mark.sources
def test_build_street_crime_of_south_yorkshire_agrees_with_pandas(sources_dir: Path, tmp_path: Path) -> None:
    source = sources_dir / "street_crime" / "south-yorkshire-2018.zip"
    build_street_crime(source, tmp_path / "out")
    with ZipFile(source) as archive:
        plain = pd.concat(pd.read_csv(archive.open(name)) for name in archive.namelist())
    england = set(load_catalogue().read_table("england_lsoas")["lsoa11_code"])
    inside = plain[plain["LSOA code"].isin(england)]
    report = report_of(tmp_path / "out")
    assert [report[name] for name in ("read", "counted", "without_lsoa", "outside")] == [187_301, 179_673, 7_628, 0]
    assert [len(plain), len(inside), plain["LSOA code"].isna().sum()] == [187_301, 179_673, 7_628]
    by = ["LSOA code", "Month", "Crime type"]
    sizes = inside.groupby(by).size().rename("records").reset_index().set_axis(COUNTS, axis=1)
    sizes = sizes.sort_values(["month", "code", "crime_type"], ignore_index=True)
    pd.testing.assert_frame_equal(counts_of(tmp_path / "out"), sizes, check_dtype=False)


@pytest.mark.sources
def test_street_crime_command_with_outcomes_file_skips_it(
    sources_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = sources_dir / "street_crime" / "mixed-2019-03.zip"
    assert main(["street-crime", str(source), "--out", str(tmp_path / "out")]) == 0
    assert "skipped 1 outcomes file: 2019-03/2019-03-west-midlands-outcomes.csv" in capsys.readouterr().out
    report = report_of(tmp_path / "out")
    assert list(report["forces"]) == ["city-of-london", "south-yorkshire"]  # type: ignore[call-overload]
    assert [report[name] for name in ("read", "counted", "without_lsoa", "outside")] == [16_138, 15_427, 711, 0]
