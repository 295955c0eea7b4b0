"""What is read of one force, and how a neighbourhood is found."""

import pandas as pd
import pytest

from core.crime.area import CrimeError
from core.crime.neighbourhood.tables import (
    MOST_FOUND,
    ForceNeighbourhoods,
    directory,
    force_neighbourhoods,
    labels,
    search,
    spelt_like,
)
from core.crime.today import label, names, place_of_today
from core.sources.police import london_areas
from core.tables.catalogue import Catalogue


@pytest.fixture(scope="module")
def every(catalogue: Catalogue) -> pd.DataFrame:
    return directory(catalogue)


def test_force_has_the_records_and_neighbourhoods_of_its_place(
    durham: ForceNeighbourhoods, catalogue: Catalogue
) -> None:
    area = place_of_today("2025-durham", catalogue)
    assert durham.rows.index.tolist() == area.lsoas["lsoa11_code"].tolist()
    for kind in area.crime_types:
        assert durham.records[kind].tolist() == area.records(kind).tolist()
    assert (durham.crimes == durham.records.sum(axis=1) - durham.records["Anti-social behaviour"]).all()
    assert not durham.rows.isna().any().any()
    assert (durham.name, durham.year) == ("Durham", "2025")


def test_london_has_its_own_categories_alone(london_force: ForceNeighbourhoods, durham: ForceNeighbourhoods) -> None:
    assert set(london_force.records) == set(london_areas.CATEGORIES)
    assert london_force.is_london
    assert not durham.is_london
    assert london_force.year == "the year to February 2026"
    assert (london_force.crimes == london_force.records.sum(axis=1)).all()


def test_force_reads_the_rows_of_no_other_force(catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[tuple[str, object]] = []
    whole = Catalogue.read_table

    def noted(self: Catalogue, name: str, columns: object = (), where: object = None) -> pd.DataFrame:
        read.append((name, where))
        return whole(self, name, columns, where)  # type: ignore[arg-type]

    monkeypatch.setattr(Catalogue, "read_table", noted)
    force_neighbourhoods("2025-durham", catalogue)
    assert ("street_crime_2025", {"force": ["durham"]}) in read
    assert ("areas", {"pfa24_name": ["Durham"]}) in read
    assert "london_area_crime" not in [name for name, _ in read]


def test_unknown_place_is_refused(catalogue: Catalogue) -> None:
    with pytest.raises(CrimeError, match="'2025-atlantis' is not a place"):
        force_neighbourhoods("2025-atlantis", catalogue)


def test_directory_places_each_neighbourhood_with_its_force(every: pd.DataFrame, catalogue: Catalogue) -> None:
    assert len(every) == len(catalogue.read_table("areas", ["lsoa21_code"]))
    assert set(every["place"]) - {""} == set(names())
    assert every.groupby("district")["place"].nunique().max() == 1
    without = set(every.loc[every["place"] == "", "force"])
    assert "West Midlands" in without
    assert "Metropolitan Police" not in without


def test_labels_put_the_ward_first_and_are_all_different(every: pd.DataFrame) -> None:
    named = labels(every)
    assert label("Monument", "Newcastle upon Tyne 036C") == "Monument (Newcastle upon Tyne 036C)"
    assert len(set(named.values())) == len(every)


@pytest.mark.parametrize("wanted", ["jesmond", " North JESMOND ", "north jes"])
def test_search_by_ward_finds_it_whatever_the_case(every: pd.DataFrame, wanted: str) -> None:
    assert "North Jesmond, Newcastle upon Tyne" in search(every, wanted).values()


@pytest.mark.parametrize("wanted", ["brandwood and kings heath", "King\u2019s Heath", "Brandwood & King's"])
def test_search_minds_no_apostrophe_and_no_ampersand(every: pd.DataFrame, wanted: str) -> None:
    assert "Brandwood & King's Heath, Birmingham" in search(every, wanted).values()


def test_search_by_district_finds_each_of_its_wards_once(every: pd.DataFrame) -> None:
    found = list(search(every, "hartlepool").values())
    assert len(found) == len(set(found)) <= MOST_FOUND
    assert all(name.endswith(", Hartlepool") for name in found)


@pytest.mark.parametrize("wanted", ["Newcastle upon Tyne 036C", "newcastle upon tyne 036c", "E01033543", "e01033543"])
def test_search_by_name_or_code_finds_the_neighbourhood(every: pd.DataFrame, wanted: str) -> None:
    assert search(every, wanted) == {"E01033543": "Monument (Newcastle upon Tyne 036C)"}


@pytest.mark.parametrize("wanted", ["", "   ", "Atlantis", "(", "-", ".", "E09", "\\", "x" * 500])
def test_search_for_what_is_not_there_finds_little_and_fails_not(every: pd.DataFrame, wanted: str) -> None:
    assert search(every, wanted) == {}


def test_search_puts_what_begins_with_the_text_first(every: pd.DataFrame) -> None:
    first = next(iter(search(every, "durham").values()))
    assert first.lower().startswith("durham")


@pytest.mark.parametrize(
    ("wanted", "meant"), [("Lewishm", "Lewisham"), (" birmigham", "Birmingham"), ("Jesmnd North", ""), ("Atlantis", "")]
)
def test_name_that_is_nearest_in_spelling(every: pd.DataFrame, wanted: str, meant: str) -> None:
    assert spelt_like(every, wanted) == meant
