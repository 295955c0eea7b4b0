"""Which district belongs to which force: fixed, complete, and the same before and after mergers of districts."""

import gzip
from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pytest

from core.sources.files.cells import SourceError
from core.sources.police import territories
from core.sources.police.territories import NETWORK_FORCES, Territories, force_name, read, slug_of
from core.sources.small_areas import areas
from core.tables.catalogue import load_catalogue

FORCES_OF_ENGLAND_AND_WALES = 43
# Districts that were merged in 2020, 2021 and 2023, with what became of them; from the orders of Parliament.
MERGED: Mapping[str, tuple[str, ...]] = {
    "thames-valley": ("Aylesbury Vale", "Chiltern", "South Bucks", "Wycombe", "Buckinghamshire"),
    "northamptonshire": (
        *("Corby", "Daventry", "East Northamptonshire", "Kettering", "Northampton", "South Northamptonshire"),
        *("Wellingborough", "North Northamptonshire", "West Northamptonshire"),
    ),
    "cumbria": (
        *("Allerdale", "Barrow-in-Furness", "Carlisle", "Copeland", "Eden", "South Lakeland"),
        *("Cumberland", "Westmorland and Furness"),
    ),
    "north-yorkshire": (
        *("Craven", "Hambleton", "Harrogate", "Richmondshire", "Ryedale", "Scarborough", "Selby"),
        *("York", "North Yorkshire"),
    ),
    "avon-and-somerset": ("Mendip", "Sedgemoor", "South Somerset", "Somerset West and Taunton", "Somerset"),
}


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return load_catalogue().read_table("police_territories")


def test_territories_have_each_district_of_2019_once(table: pd.DataFrame) -> None:
    england = load_catalogue().read_table("england_lsoas")
    old = table[table["edition"].isin([territories.OLD, territories.BOTH])]
    assert set(old["district_code"]) == set(england["lad19_code"])
    assert table["district_code"].is_unique
    assert table["force"].nunique() == FORCES_OF_ENGLAND_AND_WALES


def test_territories_have_one_code_for_each_force(table: pd.DataFrame) -> None:
    assert (table.groupby("force")["pfa24_code"].nunique() == 1).all()
    assert (table.groupby("pfa24_code")["force"].nunique() == 1).all()


@pytest.mark.parametrize("force", MERGED)
def test_territories_keep_merged_districts_in_their_force(force: str, table: pd.DataFrame) -> None:
    of_name = table.set_index("district")["force"]
    assert {name: of_name[name] for name in MERGED[force]} == dict.fromkeys(MERGED[force], force)


def test_territories_of_london_are_two_forces(table: pd.DataFrame) -> None:
    london = table[table["district_code"].str.startswith("E09")]
    assert london.loc[london["force"] == "city-of-london", "district"].tolist() == ["City of London"]
    assert (london["force"] == "metropolitan").sum() == 32
    assert set(table.loc[table["force"] == "metropolitan", "district"]) < set(london["district"])


def test_territories_of_network_forces_have_no_district(table: pd.DataFrame) -> None:
    found = Territories(table)
    for force in NETWORK_FORCES:
        assert "has no district of its own" in found.why_no_district(force)
        assert force not in set(table["force"])


@pytest.mark.parametrize(
    ("force", "why"),
    [
        ("gwent", "lies outside England"),
        ("northern-ireland", "lies outside England"),
        ("metropolis", "'metropolis' in the names of files) is no police force known here"),
        ("kent", ""),
    ],
)
def test_why_no_district_names_the_reason(force: str, why: str, table: pd.DataFrame) -> None:
    found = Territories(table).why_no_district(force)
    assert why in found
    assert bool(found) == bool(why)


@pytest.mark.parametrize(
    ("area", "slug"),
    [
        ("Metropolitan Police", "metropolitan"),
        ("London, City of", "city-of-london"),
        ("Devon & Cornwall", "devon-and-cornwall"),
        ("Dyfed-Powys", "dyfed-powys"),
    ],
)
def test_slug_of_is_the_name_in_the_publishers_files(area: str, slug: str) -> None:
    assert slug_of(area) == slug


def test_force_name_of_network_force_is_written_out() -> None:
    assert force_name("btp") == "British Transport Police"
    assert force_name("cnc") == "Civil Nuclear Constabulary"


# Reading the published lookups

AREAS = pd.DataFrame(
    {
        "lsoa11_code": ["E01000001", "E01000002", "E01000003", "E01000004"],
        "lad19_code": ["E07000001", "E07000001", "E07000001", "E07000002"],
        "district": ["Oldby", "Oldby", "Oldby", "Keepby"],
    }
)
LOOKUP = pd.DataFrame({"lsoa11_code": AREAS["lsoa11_code"], "lsoa21_code": AREAS["lsoa11_code"]})
DISTRICTS = (
    "ltla24_code,ltla24_name,csp24_code,csp24_name,pfa24_code,pfa24_name\n"
    "E06000100,Newby,E22000001,North,E23000001,Kent\n"
    "E06000100,Newby,E22000002,South,E23000001,Kent\n"
    "E07000002,Keepby,E22000003,Keepby,E23000002,Devon & Cornwall\n"
)
LSOAS = "lsoa21_code,ltla24_code\nE01000001,E06000100\nE01000002,E06000100\nE01000003,E07000002\nE01000004,E07000002\n"


def published(folder: Path, districts: str = DISTRICTS, lsoas: str = LSOAS) -> Path:
    (folder / areas.FORCES_FILE).write_text(districts, encoding="utf-8")
    (folder / areas.FILE).write_bytes(gzip.compress(lsoas.encode()))
    return folder


def test_read_places_old_districts_by_most_of_their_lsoas(tmp_path: Path) -> None:
    frame = read(published(tmp_path), AREAS, LOOKUP).frame
    assert frame.sort_values("district_code").to_numpy().tolist() == [
        ["E06000100", "Newby", territories.NEW, "kent", "E23000001"],
        ["E07000001", "Oldby", territories.OLD, "kent", "E23000001"],
        ["E07000002", "Keepby", territories.BOTH, "devon-and-cornwall", "E23000002"],
    ]


@pytest.mark.parametrize(
    ("districts", "lsoas", "text"),
    [
        (DISTRICTS.replace("South,E23000001,Kent", "South,E23000009,Essex"), LSOAS, "Newby in two police force areas"),
        (DISTRICTS, LSOAS.replace("E01000004,E07000002\n", ""), r"no police force area for E01000004 \(1 in all\)"),
        (DISTRICTS.replace("pfa24_name", "name"), LSOAS, "has no column pfa24_name"),
    ],
)
def test_read_with_wrong_lookup_is_refused(districts: str, lsoas: str, text: str, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=text):
        read(published(tmp_path, districts, lsoas), AREAS, LOOKUP)


@pytest.mark.sources
def test_read_reproduces_the_table_of_data(sources_dir: Path, table: pd.DataFrame) -> None:
    tables = load_catalogue()
    found = read(sources_dir / "england", tables.read_table("england_lsoas"), tables.read_table("lsoa_lookup"))
    pd.testing.assert_frame_equal(found.frame.sort_values("district_code", ignore_index=True), table)
