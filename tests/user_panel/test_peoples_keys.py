"""Columns that could be keys, residents or outcomes: guessed by values and whole words, and by what does not repeat."""

from typing import Any

import pandas as pd
import pytest

from core.user_panel.panel import Roles, guessed_roles, panel_of, usable_outcomes
from core.user_panel.totals import differ_by_case, totals
from tests.user_panel.peoples_files import AREAS, YEARS, as_text, read, table

FRAME = table()
CODES = {area: f"E070000{place:02}" for place, area in enumerate(AREAS)}


def guessed(frame: pd.DataFrame) -> Roles:
    return guessed_roles(read(frame))


def insert(place: int, name: str, values: Any) -> pd.DataFrame:
    """The table with one more column at `place`."""
    frame = FRAME.copy()
    frame.insert(place, name, values)
    return frame


REGION = FRAME["Area"].map(lambda name: "North" if name < "D" else "South")
NUMBERS = [str(8 + place * 7 % 5) for place in range(len(FRAME))]
DENSITY = [f"{20 + place * 13 % 60}.5" for place in range(len(FRAME))]
PEOPLE = [str(20000 + 77 * place) for place in range(len(FRAME))]


@pytest.mark.parametrize(
    ("frame", "area", "period"),
    [
        (FRAME, "Area", "Year"),
        (insert(0, "Region", REGION), "Area", "Year"),
        (insert(0, "Region", REGION).rename(columns={"Area": "Country"}), "Country", "Year"),
        (insert(0, "Region", REGION).rename(columns={"Area": "Police force"}), "Police force", "Year"),
        (insert(1, "Local authority code", FRAME["Area"].map(CODES)), "Area", "Year"),
        (insert(0, "Local authority code", FRAME["Area"].map(CODES)).rename(
            columns={"Area": "Local authority name"}), "Local authority name", "Year"),
        (FRAME.rename(columns={"Area": "candidate", "Year": "date"}), "candidate", "date"),
        (insert(1, "years_of_schooling", NUMBERS), "Area", "Year"),
        (insert(1, "Headquarters", ["Yes", *["No"] * 35]), "Area", "Year"),
        (insert(1, "last_updated", "2021-09-15"), "Area", "Year"),
        (insert(1, "Estate_type", [*["Mixed", "Urban"] * 18]), "Area", "Year"),
        (insert(0, "Unnamed: 0", range(36)), "Area", "Year"),
        (FRAME.assign(Area=FRAME["Area"].map({a: str(1001 + 2 * n) for n, a in enumerate(AREAS)})), "Area", "Year"),
        (FRAME.assign(Area=FRAME["Area"].map({a: str(1001 + 2 * n) for n, a in enumerate(AREAS)})).rename(
            columns={"Area": "fips"}), "fips", "Year"),
        (FRAME.assign(Area=FRAME["Area"].map({a: f"0{n}" for n, a in enumerate(AREAS)})), "Area", "Year"),
        (table([f"Wave {n}" for n in range(1, 9)], "Wave"), "Area", "Wave"),
        (FRAME[["Trust", "Offences", "Year", "Area"]], "Area", "Year"),
        (FRAME.rename(columns={"Area": "x", "Year": "y"}), "x", "y"),
    ],
)  # fmt: skip
def test_guessed_keys_are_the_pair_without_repeats(frame: pd.DataFrame, area: str, period: str) -> None:
    found = read(frame)
    roles = guessed_roles(found)
    assert (roles.area, roles.period) == (area, period)
    assert len(panel_of(found, roles).areas) == len(AREAS)
    assert {"Offences", "Trust"} <= set(usable_outcomes(found, roles))


@pytest.mark.parametrize(
    ("name", "values", "residents"),
    [
        ("Population", PEOPLE, True),
        ("Residents", PEOPLE, True),
        ("Total population", PEOPLE, True),
        ("Mid-year population estimate", PEOPLE, True),
        ("pop", PEOPLE, True),
        ("Population density", DENSITY, False),
        ("Population density", PEOPLE, False),
        ("Share of population in poverty", PEOPLE, False),
        ("Population growth", PEOPLE, False),
        ("Population", DENSITY, False),
        ("Popularity", PEOPLE, False),
        ("Per cent of residents", PEOPLE, False),
        ("Population aged 65 and over", PEOPLE, False),
    ],
)
def test_residents_are_counts_of_all_people(name: str, values: list[str], residents: bool) -> None:
    found = read(insert(4, name, values))
    roles = guessed_roles(found)
    assert roles.population == (name if residents else "")
    assert (name in usable_outcomes(found, roles)) is not residents


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("", [str(place) for place in range(36)]),
        ("row", [str(place) for place in range(1, 37)]),
        ("id", [str(9000 - 3 * place) for place in range(36)]),
        ("nr", [str(13 + 4 * AREAS.index(area)) for area in FRAME["Area"]]),
        ("t", [str(YEARS.index(year) + 1) for year in FRAME["Year"]]),
    ],
)
def test_numbers_of_rows_areas_and_periods_are_no_outcomes(name: str, values: list[str]) -> None:
    found = read(insert(0, name, values))
    assert usable_outcomes(found, guessed_roles(found)) == ["Offences", "Trust"]


def test_keys_keep_their_zeros_and_na_is_a_name() -> None:
    names = dict(zip(AREAS, ("NA", "ZA", "MZ", "BW", "01", "0010"), strict=True))
    found = read(as_text(FRAME.assign(Area=FRAME["Area"].map(names)).rename(columns={"Area": "country_code"})))
    assert panel_of(found, guessed_roles(found)).areas == sorted(names.values())


@pytest.mark.parametrize(
    "total", ["England", "Total", "World", "ENGLAND AND WALES", "All areas", "High income", "Grand total"]
)
def test_totals_among_areas_are_named_and_can_be_left_out(total: str) -> None:
    found = read(pd.concat([FRAME, FRAME.head(6).assign(Area=total)]))
    roles = guessed_roles(found)
    assert totals(found, roles.area) == [total]
    assert total in panel_of(found, roles).areas
    assert panel_of(found, Roles("Area", "Year", without_totals=True)).areas == list(AREAS)


def test_nations_of_a_union_are_no_totals_of_each_other() -> None:
    names = dict(
        zip(AREAS, ("England", "Wales", "Scotland", "Northern Ireland", "France", "South Africa"), strict=True)
    )
    assert totals(read(FRAME.assign(Area=FRAME["Area"].map(names))), "Area") == []


def test_names_that_differ_by_case_are_named_and_can_be_read_as_one() -> None:
    frame = FRAME.copy()
    frame.loc[3:5, "Area"] = "ALDER"
    found = read(frame)
    assert differ_by_case(found, "Area", "Year") == [("Alder", "ALDER")]
    assert len(panel_of(found, Roles("Area", "Year")).areas) == 7
    assert panel_of(found, Roles("Area", "Year", one_case=True)).areas == list(AREAS)


def test_guess_of_a_table_of_any_columns_is_two_columns() -> None:
    for frame in (FRAME[["Trust", "Offences"]].assign(x="a"), FRAME[["Area", "Trust"]].assign(x="a")):
        roles = guessed(frame)
        assert roles.area != roles.period
        assert {roles.area, roles.period} <= set(frame)
