"""Reading what was built: forces, districts, months and counts, and a clear message when the folder is not whole."""

import shutil
from pathlib import Path

import pandas as pd
import pytest

from core.build.street_crime import build_street_crime
from core.sources.police.built import (
    COUNTS_FILE,
    REPORT_FILE,
    built,
)
from core.sources.police.territories import force_name
from core.tables.catalogue import CatalogueError, load_catalogue
from tests.sources.police.generated import ASB, Generated, street_csv, write_folder

MONTHS = ("2018-01", "2018-02")


@pytest.fixture(scope="session")
def lsoas() -> dict[str, list[str]]:
    """LSOAs of 2011 by district."""
    england = load_catalogue().read_table("england_lsoas")
    return {str(name): codes.tolist() for name, codes in england.groupby("district")["lsoa11_code"]}


@pytest.fixture(scope="session")
def folder(lsoas: dict[str, list[str]], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One force in all of Rutland and a little of Corby, another in Corby, a third here and there."""
    rows = {
        "leicestershire": [(code, ASB) for code in [*lsoas["Rutland"], *lsoas["Corby"][:3]]],
        "northamptonshire": [(code, "Burglary") for code in lsoas["Corby"] * 2],
        "btp": [(code, ASB) for code in [*lsoas["Rutland"][:5], *lsoas["Kettering"][:5]]],
    }
    files = {
        f"{month}/{month}-{force}-street.csv": street_csv(month, places)
        for month in MONTHS
        for force, places in rows.items()
    }
    place = tmp_path_factory.mktemp("reading")
    build_street_crime(write_folder(place / "in", files), place / "built")
    return place / "built"


def test_built_force_has_the_districts_that_it_covers(folder: Path) -> None:
    forces = built(folder).forces
    assert {slug: list(force.districts.values()) for slug, force in forces.items()} == {
        "btp": [],
        "leicestershire": ["Rutland"],
        "northamptonshire": ["Corby"],
    }
    assert all(force.months == MONTHS for force in forces.values())
    assert forces["leicestershire"].districts == {"E06000017": "Rutland"}


def test_built_counts_are_all_records_in_the_districts_of_the_force(folder: Path, lsoas: dict[str, list[str]]) -> None:
    counts = built(folder).counts("leicestershire")
    assert list(counts) == ["lsoa_code", "crime_type", "records"]
    assert counts["lsoa_code"].tolist() == sorted(lsoas["Rutland"])
    by_code = counts.set_index("lsoa_code")["records"]
    both = lsoas["Rutland"][:5]  # where the third force has records too
    assert (by_code[both] == 4).all()
    assert (by_code.drop(both) == 2).all()
    corby = built(folder).counts("northamptonshire").groupby("crime_type")["records"].sum()
    assert corby.to_dict() == {ASB: 6.0, "Burglary": 4.0 * len(lsoas["Corby"])}


def test_built_counts_with_chosen_month_have_only_its_records(folder: Path) -> None:
    crime = built(folder)
    both, one = crime.counts("leicestershire"), crime.counts("leicestershire", ["2018-02"])
    pd.testing.assert_frame_equal(both.assign(records=both["records"] / 2), one)


def test_built_counts_of_force_without_districts_raise_an_error(folder: Path) -> None:
    with pytest.raises(CatalogueError, match="British Transport Police has no district with records"):
        built(folder).counts("btp")


def test_built_force_lists_missing_months(built_folder: Path, made: Generated) -> None:
    force = built(built_folder).force("south-yorkshire")
    assert len(force.months) * 2 == sum(name.endswith("-street.csv") and "/." not in name for name in made.files)


def test_built_version_changes_with_the_counts(folder: Path, built_folder: Path) -> None:
    assert built(folder).version == built(folder).version != built(built_folder).version


@pytest.mark.parametrize(
    ("slug", "name"),
    [
        ("south-yorkshire", "South Yorkshire"),
        ("avon-and-somerset", "Avon and Somerset"),
        ("city-of-london", "City of London"),
        ("btp", "British Transport Police"),
        ("metropolitan", "Metropolitan Police"),
        ("devon-and-cornwall", "Devon and Cornwall"),
        ("dyfed-powys", "Dyfed-Powys"),
    ],
)
def test_force_name_is_readable(slug: str, name: str) -> None:
    assert force_name(slug) == name


def test_built_counts_of_unknown_force_or_month_raise_an_error(folder: Path) -> None:
    crime = built(folder)
    with pytest.raises(CatalogueError, match=r"'kent' was not counted; there are btp, leicestershire, northamp"):
        crime.counts("kent")
    with pytest.raises(
        CatalogueError, match="Leicestershire has no records for 2018-03; choose from 2018-01 to 2018-02"
    ):
        crime.counts("leicestershire", ["2018-03"])


def test_built_with_missing_folder_raises_an_error(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match=r"report\.json is not there; build it with `python -m core.build street-"):
        built(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("file", "content", "text"),
    [
        (REPORT_FILE, b"{", "is not a folder of built street crime"),
        (REPORT_FILE, b'{"forces": []}', "is not a folder of built street crime"),
        (REPORT_FILE, b'{"forces": {}, "counts": {"bytes": 1}, "rules": {"version": 1}}', "was built by other rules"),
        (COUNTS_FILE, b"PAR1", r"crime_counts\.parquet is not what report\.json says \(4 bytes\)"),
        (COUNTS_FILE, None, r"crime_counts\.parquet is not there"),
    ],
)
def test_built_with_damaged_folder_raises_an_error(
    folder: Path, file: str, content: bytes | None, text: str, tmp_path: Path
) -> None:
    shutil.copytree(folder, tmp_path / "built")
    path = tmp_path / "built" / file
    path.unlink() if content is None else path.write_bytes(content)
    with pytest.raises(CatalogueError, match=text + ".*; build it with `python -m core.build street-crime"):
        built(tmp_path / "built")


def test_built_counts_with_damaged_content_raise_an_error(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / "built")
    path = tmp_path / "built" / COUNTS_FILE
    path.write_bytes(bytes(path.stat().st_size))
    with pytest.raises(CatalogueError, match=r"crime_counts\.parquet cannot be read"):
        built(tmp_path / "built").counts("leicestershire")
