"""The page of crime types in pictures and text: checked against the figures, for the study and for a made place."""

import json
import re

import numpy as np
import pandas as pd
import pytest

from core.crime import text as crime_text
from core.crime.area import ASB, EVERYWHERE, LOW, NOT_LOW, CrimeArea
from core.crime.loaders import from_street_crime, west_midlands
from core.crime.types import figures as figures
from core.crime.types import text as wording
from core.crime.types.design_effects import area_differences, district_quotients, typed_compositions
from core.crime.types.view import TypesView, offer
from core.presentation.charts import DARK_TEXT, Figure, with_theme
from core.presentation.numbers import MINUS
from tests.crime.conftest import DISTRICTS, TYPES, counts, squares

VIOLENCE, BICYCLES, VEHICLES = "Violence and sexual offences", "Bicycle theft", "Vehicle crime"


@pytest.fixture(scope="module")
def study() -> CrimeArea:
    return west_midlands()


@pytest.fixture(scope="module")
def grid() -> CrimeArea:
    lsoas = squares()
    return from_street_crime(counts(lsoas), lsoas, DISTRICTS, name="Gridshire", period="2018", points=lsoas)


@pytest.fixture(scope="module")
def compositions(study: CrimeArea) -> pd.DataFrame:
    return typed_compositions(study)


@pytest.fixture(scope="module")
def quotients(study: CrimeArea) -> pd.DataFrame:
    return district_quotients(study)


def one_district() -> CrimeArea:
    lsoas = squares()
    return from_street_crime(counts(lsoas), lsoas, DISTRICTS[:1], name="Eastby alone", period="2018", points=lsoas)


def every(area: CrimeArea) -> list[Figure]:
    """Every figure of the page for one place."""
    table, found = typed_compositions(area), district_quotients(area)
    offered = offer(area)
    one, other = offered.areas[:2]
    made = [
        figures.shares_of_types_figure(table, EVERYWHERE, area.period),
        figures.shares_of_types_figure(table, one, area.period),
        figures.type_figure(table, offered.types[-1], one),
        figures.quotients_figure(found, one),
        figures.quotient_table_figure(found),
        figures.pair_figure(area_differences(area, one, other), one, other, "pair"),
    ]
    if wording.has_both(area):
        made.append(figures.pair_figure(area_differences(area, LOW, NOT_LOW), LOW, NOT_LOW, "low_score"))
    return made if "published_mixes" in area.missing else [*made, figures.published_figure(table)]


@pytest.mark.parametrize("place", ["study", "grid"])
def test_figure_has_title_text_alternative_table_and_valid_charts(
    place: str, study: CrimeArea, grid: CrimeArea
) -> None:
    for item in every({"study": study, "grid": grid}[place]):
        assert re.fullmatch(r"[a-z0-9_]+", item.name)
        assert item.title[0].isupper() or item.title[0].isdigit()
        assert not item.title.endswith(".")
        assert item.alt.endswith(".")
        assert len(item.table) > 2
        assert item.note
        for text in (item.title, item.alt, item.note):
            assert "nan" not in text.split()
            assert "  " not in text
            assert not re.search(rf"(?<![\w{MINUS}])-\d", text), text
        for chart in item.charts:
            chart.to_dict(validate=True)
            drawn = json.dumps(with_theme(chart, dark=True))
            assert DARK_TEXT in drawn
            assert '"arc"' not in drawn, "no pies"


def rows_of(item: Figure, column: str) -> list[dict[str, object]]:
    datasets = [rows for chart in item.charts for rows in chart.to_dict(validate=False)["datasets"].values()]
    return next(rows for rows in datasets if column in rows[0])


def test_shares_of_types_figure_is_sorted_and_agrees_with_counts(compositions: pd.DataFrame, study: CrimeArea) -> None:
    item = figures.shares_of_types_figure(compositions, "Coventry", "2019")
    bars = pd.DataFrame(rows_of(item, "value"))
    assert bars["value"].is_monotonic_decreasing
    assert bars["value"].sum() == pytest.approx(100)
    counted = study.compositions[study.compositions["area"] == "Coventry"].set_index("crime_type")["records"]
    assert item.table.set_index("Type")["Records"].to_dict() == counted.to_dict()
    expected = counted[VIOLENCE] / counted.sum() * 100
    assert f"{expected:.1f}% of records (95% interval" in item.title
    whole = study.compositions[study.compositions["kind"] == "district"].groupby("crime_type")["records"].sum()
    assert bars.set_index("label")["reference"][BICYCLES] == pytest.approx(whole[BICYCLES] / whole.sum() * 100)
    assert "reference" not in json.dumps(
        figures.shares_of_types_figure(compositions, EVERYWHERE, "2019").charts[0].to_dict()["layer"]
    )


def test_type_figure_names_districts_with_most_and_least(compositions: pd.DataFrame) -> None:
    item = figures.type_figure(compositions, BICYCLES, "Dudley")
    assert item.title.endswith("in Dudley")
    assert "in Coventry, " in item.title
    bars = pd.DataFrame(rows_of(item, "value"))
    assert bars["label"].iloc[[0, -1]].tolist() == ["Coventry", "Dudley"]
    assert bars["colour"].nunique() == 2
    every_one = pd.DataFrame(rows_of(figures.type_figure(compositions, BICYCLES, ""), "value"))
    assert every_one["colour"].nunique() == 1


def test_quotients_figure_names_clearly_more_and_less_common_types(quotients: pd.DataFrame) -> None:
    item = figures.quotients_figure(quotients, "Solihull")
    own = quotients[quotients["area"] == "Solihull"].set_index("crime_type")
    more, less = item.title.split(" more common")
    for name, row in own.iterrows():
        text = str(name)[0].lower() + str(name)[1:]
        assert (text in more) == (row["low"] > 1)
        assert (text in less) == (row["high"] < 1)
    assert "Walsall: " in figures.quotients_figure(quotients, "Walsall").title


def test_quotient_table_figure_shades_clear_cells(quotients: pd.DataFrame) -> None:
    item = figures.quotient_table_figure(quotients)
    cells = pd.DataFrame(rows_of(item, "shade"))
    clear = (cells["low"] > 1) | (cells["high"] < 1)
    assert (cells["shade"] == "#00000000").to_numpy().tolist() == (~clear).to_numpy().tolist()
    assert item.title.startswith(f"{clear.sum()} of {len(cells)} shares")
    blue = cells.loc[clear & (cells["quotient"] > 1), "shade"].str[:7]
    orange = cells.loc[clear & (cells["quotient"] < 1), "shade"].str[:7]
    assert (blue.nunique(), orange.nunique()) == (1, 1)
    strength = cells[clear].assign(
        times=np.maximum(cells["quotient"], 1 / cells["quotient"]),
        part=cells["shade"].str[7:].map(lambda x: int(x, 16)),
    )
    assert strength.sort_values("times")["part"].is_monotonic_increasing
    assert len(item.table) == 98


def test_pair_figure_counts_types_that_differ_clearly(study: CrimeArea) -> None:
    compared = area_differences(study, LOW, NOT_LOW)
    item = figures.pair_figure(compared, LOW, NOT_LOW, "low_score")
    assert (compared["p_holm"] < 0.05).sum() == 3
    assert item.title.startswith("Three of 14 types differ clearly, most of all vehicle crime")
    assert item.table["p (Holm)"].notna().all()
    none = figures.pair_figure(area_differences(study, "Birmingham", "Coventry"), "Birmingham", "Coventry", "pair")
    assert none.title.startswith("No type of crime has a clearly different share")


def test_pair_figure_of_published_shares_has_no_test(study: CrimeArea) -> None:
    one, other = "Birmingham 138A", "Solihull 009A"
    compared = area_differences(study, one, other)
    item = figures.pair_figure(compared, one, other, "pair")
    assert item.table["p"].isna().all()
    assert wording.ROUNDED_NOTE in item.note
    apart = (compared["low"] > 0) | (compared["high"] < 0)
    assert wording.clear_differences(compared).tolist() == apart.tolist()


def test_answer_is_for_all_districts_or_one(
    compositions: pd.DataFrame, quotients: pd.DataFrame, grid: CrimeArea
) -> None:
    whole = wording.answer(compositions, quotients, "")
    assert "in every district is violence and sexual offences" in whole
    assert "bicycle theft in Coventry: 2.10 times" in whole
    assert wording.answer(compositions, quotients, "Dudley").startswith("In Dudley the largest type is violence")
    assert "No type is clearly more common" in wording.answer(compositions, quotients.assign(low=0.5), "Dudley")
    firsts = typed_compositions(grid)[lambda rows: rows["kind"] == "district"].groupby("area").first()["crime_type"]
    assert (
        firsts.mode().iloc[0].lower()[:8]
        in wording.answer(typed_compositions(grid), district_quotients(grid), "").lower()
    )


def test_answer_with_one_district_has_no_comparison() -> None:
    area = one_district()
    table, found = typed_compositions(area), district_quotients(area)
    assert not wording.several(found)
    assert wording.answer(table, found, "").startswith("In Eastby the largest type is ")
    assert "times as common" not in wording.answer(table, found, "")
    assert wording.shown_area(found, "") == "Eastby"
    assert "Triangles" not in figures.shares_of_types_figure(table, "Eastby", "2018").note


def test_offer_leaves_out_groups_that_are_the_whole_place(study: CrimeArea, grid: CrimeArea) -> None:
    offered = offer(study)
    assert offered.types[0] == VIOLENCE
    assert offered.areas[7:] == (EVERYWHERE, LOW, NOT_LOW, "Birmingham 138A", "Solihull 009A")
    assert offered.complete(TypesView()) == TypesView(VIOLENCE, "Birmingham", "Coventry")
    swapped = offered.complete(TypesView("Piracy", "Coventry", "Coventry"))
    assert swapped == TypesView(VIOLENCE, "Coventry", "Birmingham")
    everywhere = offer(grid)
    assert set(everywhere.types) == set(TYPES) - {ASB}
    assert len(everywhere.areas) == 3 + 3 + (grid.records() > 0).sum()
    alone = offer(one_district())
    assert EVERYWHERE not in alone.areas
    without = grid.compositions[grid.compositions["area"] != LOW]
    lsoas = squares().assign(imd_score=20.0)
    high = from_street_crime(counts(squares()), lsoas, DISTRICTS, name="High", period="2018", points=lsoas)
    assert set(without["area"]) >= set(high.compositions["area"])
    assert NOT_LOW not in offer(high).areas
    assert not wording.has_both(high)
    assert "nothing to compare" in wording.low_score(high)


def test_shares_table_has_each_share(compositions: pd.DataFrame) -> None:
    table = figures.shares_table(compositions)
    assert len(table) == 12 * 14
    shares = table[table["Rounded by (%)"] == 0].groupby("Area")["Share (%)"].sum()
    np.testing.assert_allclose(shares, 100)
    assert (table["95% interval from"] <= table["Share (%)"]).all()


@pytest.mark.parametrize(
    ("share", "text"), [(0.3028, "30.3"), (0.0083, "0.83"), (0.01, "1.0"), (0.0, "0.00"), (1.0, "100.0")]
)
def test_per_cent_of_small_share_has_another_decimal(share: float, text: str) -> None:
    assert crime_text.per_cent(share) == f"{text}%"


@pytest.mark.parametrize(("share", "text"), [(0.0, "under 1"), (0.004, "under 1"), (0.07, "7"), (0.997, "over 99")])
def test_chance_is_never_zero_or_certain(share: float, text: str) -> None:
    assert crime_text.chance(share) == f"{text}%"
