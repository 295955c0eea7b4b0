"""Places of today: forces of 2025 and London, with codes, residents and deprivation of their own census."""

from pathlib import Path

import pandas as pd
import pytest

from core.crime.area import LOW, NOT_LOW, OF_2011, TODAY, CrimeError
from core.crime.geography.spatial import neighbours, outlines
from core.crime.loaders import LSOA_COLUMNS, counted_compositions, west_midlands
from core.crime.places import STUDY_AREA, choices, place
from core.crime.today import LONDON, PREFIX, catalogue_of_today, is_today, names, place_of_today, tables_of
from core.sources.police import london_areas, street_crime_2025
from core.tables.catalogue import Catalogue

KENT = f"{PREFIX}kent"


def test_names_are_every_english_force_in_the_figures_and_london(catalogue: Catalogue) -> None:
    forces = set(catalogue.read_table("street_crime_2025", ["force"])["force"])
    assert forces == {*street_crime_2025.ENGLISH_FORCES, *street_crime_2025.WELSH_FORCES}
    assert set(names()) == {LONDON, *(f"{PREFIX}{slug}" for slug in street_crime_2025.ENGLISH_FORCES)}
    assert names()[KENT] == "Kent, 2025"
    assert is_today(KENT)
    assert not is_today(STUDY_AREA)


def test_choices_offer_the_study_first_then_today(tmp_path: Path) -> None:
    offered = list(choices(folder=tmp_path / "nothing"))
    assert offered == [STUDY_AREA, *names()]


def test_force_of_today_has_its_own_records_codes_and_index(catalogue: Catalogue) -> None:
    area = place(KENT)
    assert (area.name, area.period, area.basis) == ("Kent", "2025", TODAY)
    assert area.records().sum() == 177_808
    assert list(area.lsoas.columns) == list(LSOA_COLUMNS)
    assert not area.lsoas.isna().any().any()
    index = catalogue.read_table("deprivation_2025", ["lsoa21_code", "imd25_score"]).set_index("lsoa21_code")
    own = index["imd25_score"].loc[area.lsoas["lsoa11_code"]]
    assert (own.to_numpy() == area.lsoas["imd_score"].to_numpy()).all()
    assert set(area.missing) == {"residents_2011", "places", "published_mixes"}


def test_study_keeps_its_own_census_and_index() -> None:
    assert west_midlands().basis == OF_2011


def test_london_counts_the_latest_twelve_months_in_its_own_categories(catalogue: Catalogue) -> None:
    area = place_of_today(LONDON, catalogue)
    assert area.period == "March 2025 to February 2026"
    assert set(area.crime_types) == set(london_areas.CATEGORIES)
    rows = catalogue.read_table("london_area_crime")
    assert area.records().sum() == rows.loc[rows["month"] >= "2025-03", "offences"].sum()
    assert len(area.districts) == 32


def test_outlines_of_a_force_are_those_of_its_neighbourhoods_which_touch(catalogue: Catalogue) -> None:
    area = place_of_today(f"{PREFIX}durham", catalogue)
    shapes = outlines(area)
    assert sorted(shapes) == area.lsoas["lsoa11_code"].tolist()
    near = neighbours(area, shapes)
    assert len(near.by_distance) < 0.02 * len(shapes)
    assert 4 < near.links.sum() / len(shapes) < 8


def test_city_of_london_has_few_neighbourhoods(catalogue: Catalogue) -> None:
    area = place_of_today(f"{PREFIX}city-of-london", catalogue)
    assert (len(area.lsoas), list(area.districts["district"])) == (6, ["City of London"])


def test_unknown_place_is_refused(catalogue: Catalogue) -> None:
    with pytest.raises(CrimeError, match="'2025-atlantis' is not a place with figures of 2025"):
        place_of_today("2025-atlantis", catalogue)


def test_variables_of_today_are_described_as_of_2025(catalogue: Catalogue) -> None:
    described = catalogue_of_today(catalogue.of("england"))
    assert "2022" in described.variable("residents").definition
    assert "weight of 9.3%" in described.variable("imd_score").caveat
    assert tables_of(KENT)[-1] == "street_crime_2025"
    assert tables_of(LONDON)[-1] == "london_area_crime"


def test_counted_compositions_add_up_by_name_and_leave_out_what_is_elsewhere() -> None:
    lsoas = pd.DataFrame(
        {"lsoa11_code": ["E1", "E2", "E3", "E4"], "district": ["B", "A", "A", "C"], "imd_score": [30.0, 4.0, 20.0, 1.0]}
    )
    counts = pd.DataFrame(
        [("E3", "Theft", 2), ("E1", "Theft", 5), ("E2", "Arson", 1), ("E3", "Arson", 4), ("E9", "Arson", 8)],
        columns=["lsoa11_code", "crime_type", "records"],
    )
    found = counted_compositions(counts, lsoas)
    assert found[["area", "crime_type", "records", "total"]].to_numpy().tolist() == [
        *(["A", "Arson", 5, 7], ["A", "Theft", 2, 7], ["B", "Arson", 0, 5], ["B", "Theft", 5, 5]),
        *([NOT_LOW, "Arson", 4, 11], [NOT_LOW, "Theft", 7, 11], [LOW, "Arson", 1, 1], [LOW, "Theft", 0, 1]),
    ]
    assert found["kind"].tolist() == ["district"] * 4 + ["deprivation"] * 4
