import itertools
import math
import re
from dataclasses import replace
from typing import get_args

import numpy as np
import pandas as pd
import pytest

from core.london.borough_map import BoroughMapData, map_table, rises_and_falls
from core.london.map.figures import (
    FORCE_FORMS,
    MapKind,
    MapView,
    borough_map_data,
    complete_view,
    count_dispersion,
    is_score,
    quarters_with,
)
from core.london.panel import london_panel
from core.london.survey_error import design_effect
from core.presentation.maps import class_labels
from core.presentation.numbers import MINUS, number_word
from core.tables.catalogue import Catalogue, load_catalogue
from core.tables.panel import Panel
from core.tables.quarters import months_of

VARIABLES = tuple(
    variable.name
    for role in ("outcome", "force")
    for variable in load_catalogue().with_role(role)
    if variable.name in london_panel().frame
)
NUMBER = rf"[+{MINUS}]?[\d,.]+"


def shown(panel: Panel, catalogue: Catalogue, **choices: str) -> BoroughMapData:
    return borough_map_data(complete_view(MapView(**choices), panel), panel, catalogue)  # type: ignore[arg-type]


def read(text: str) -> float:
    return float(text.replace(MINUS, "-").replace(",", "").replace("+", ""))


def test_complete_view_without_quarters_has_last_and_year_before(panel: Panel) -> None:
    view = complete_view(MapView(), panel)
    assert (view.quarter, view.since) == ("2023Q4", "2022Q4")


def test_complete_view_puts_quarters_in_order(panel: Panel) -> None:
    assert complete_view(MapView(quarter="2020Q1", since="2021Q1"), panel).since == "2019Q1"
    assert complete_view(MapView(quarter="2016Q2"), panel).since == "2016Q1"
    assert complete_view(MapView(quarter="2014Q4"), panel).quarter == "2023Q4"
    assert complete_view(MapView("records", quarter="2018Q1", since="2016Q1"), panel).since == "2017Q2"


@pytest.mark.parametrize("variable", ["trust_mps", "records"])
def test_complete_view_of_complete_view_is_unchanged(variable: str, panel: Panel) -> None:
    quarters = quarters_with(panel, variable)
    for quarter, since in itertools.product(["", *quarters[:3], quarters[-1]], ["", quarters[0], quarters[-1]]):
        whole = complete_view(MapView(variable, quarter=quarter, since=since), panel)
        assert complete_view(whole, panel) == whole
        assert whole.since <= whole.quarter


def test_borough_map_data_of_score_has_error_of_its_interviews(panel: Panel, catalogue: Catalogue) -> None:
    figures = shown(panel, catalogue, variable="trust_mps", quarter="2023Q4")
    row = figures.rows.set_index("borough").loc["Barnet"]
    share = panel.frame.query("borough == 'Barnet' and quarter == '2023Q4'")["trust_mps"].item()
    assert row["value"] == pytest.approx(100 * share)
    half = 1.959964 * math.sqrt(design_effect().value * share * (1 - share) / 400) * 100
    assert (row["low"], row["high"]) == (pytest.approx(row["value"] - half), pytest.approx(row["value"] + half))


def test_borough_map_data_of_force_has_error_of_a_count(panel: Panel, catalogue: Catalogue) -> None:
    own = panel.frame.query("borough == 'Camden' and quarter == '2023Q4'").iloc[0]
    count = shown(panel, catalogue, variable="records", form="count").rows.set_index("borough").loc["Camden"]
    rate = shown(panel, catalogue, variable="records", form="per_1000").rows.set_index("borough").loc["Camden"]
    assert count["value"] == own["records"]
    times = count_dispersion(panel, "records")
    assert count["high"] - count["value"] == pytest.approx(1.959964 * math.sqrt(times * own["records"]))
    for column in ("value", "low", "high"):
        assert rate[column] == pytest.approx(count[column] / own["population"] * 1000)


def test_borough_map_data_of_change_has_differences_and_clear_flags(panel: Panel, catalogue: Catalogue) -> None:
    figures = shown(panel, catalogue, kind="change", quarter="2023Q4", since="2016Q1").rows
    levels = panel.frame.pivot(index="borough", columns="quarter", values="trust_mps")
    difference = 100 * (levels["2023Q4"] - levels["2016Q1"])
    np.testing.assert_allclose(figures["value"], difference.loc[figures["borough"]])
    outside = (figures["low"] > 0) | (figures["high"] < 0)
    assert outside[figures["clear"]].all(), "what is clear among all is clear alone"
    assert 0 < figures["clear"].sum() <= outside.sum() < 32
    assert (figures["text"].str.contains("Could be chance") == ~figures["clear"]).all()


def test_borough_map_data_of_level_is_never_faded(panel: Panel, catalogue: Catalogue) -> None:
    assert shown(panel, catalogue).rows["clear"].all()
    assert not shown(panel, catalogue).rows["text"].str.contains("noise").any()


def test_borough_map_data_of_neighbouring_quarters_has_narrower_intervals(panel: Panel, catalogue: Catalogue) -> None:
    near, far = (
        (lambda rows: (rows["high"] - rows["low"]).mean())(shown(panel, catalogue, kind="change", since=since).rows)
        for since in ("2023Q3", "2022Q4")
    )
    assert near < 0.6 * far


@pytest.mark.parametrize("variable", VARIABLES)
@pytest.mark.parametrize("form", FORCE_FORMS)
@pytest.mark.parametrize("kind", get_args(MapKind))
def test_borough_map_data_of_each_view_has_distinct_classes_and_units(
    variable: str, form: str, kind: str, panel: Panel, catalogue: Catalogue
) -> None:
    figures = shown(panel, catalogue, variable=variable, form=form, kind=kind)
    assert len(figures.rows) == 32
    assert figures.rows[["value", "low", "high"]].notna().all(axis=None)
    assert ((figures.rows["low"] <= figures.rows["value"]) & (figures.rows["value"] <= figures.rows["high"])).all()
    labels = class_labels(figures.scale, figures.write)
    assert len(labels) == len(figures.scale.colours) == len(set(labels))
    for label in labels:
        low, *high = re.findall(NUMBER, label)
        assert [low] != high, f"the class {label!r} is empty"
    per_head = form == "per_1000" and not is_score(variable, catalogue)
    assert ("per 1,000 residents" in figures.title) == per_head
    assert ("per 1,000 residents" in figures.finding) == per_head
    assert figures.rows["value"].map(figures.scale.colour).nunique() >= 3


@pytest.mark.parametrize("variable", VARIABLES)
@pytest.mark.parametrize("kind", get_args(MapKind))
def test_borough_map_data_tooltip_has_name_value_unit_and_interval(
    variable: str, kind: str, panel: Panel, catalogue: Catalogue
) -> None:
    figures = shown(panel, catalogue, variable=variable, kind=kind)
    for row in figures.rows.to_dict("records"):
        figure, interval, *_ = row["text"].split("\n")
        name, value = figure.split(": ")
        assert name == catalogue.label(variable)
        assert value.startswith(figures.write(row["value"]))
        unit = ("%" if kind == "level" else "points") if is_score(variable, catalogue) else "per 1,000 residents"
        assert value.count(unit.split(" ")[0]) == 1, value
        ends = re.findall(NUMBER, interval.removeprefix("95% interval: "))
        low, high = (read(end) for end in ends)
        width = row["high"] - (max(row["low"], 0) if kind == "level" else row["low"])
        assert high > low, "the interval is rounded away"
        assert high - low == pytest.approx(width, abs=1.01 * 10**-figures.digits)


def test_borough_map_data_finding_names_both_ends(panel: Panel, catalogue: Catalogue) -> None:
    for variable, kind in (("trust_mps", "level"), ("records", "level"), ("score_trust", "change")):
        figures = shown(panel, catalogue, variable=variable, kind=kind)
        ordered = figures.rows.sort_values("value")
        for end in (ordered.iloc[0], ordered.iloc[-1]):
            assert f"{figures.write(end['value'])} in " in figures.finding
        assert catalogue.label(variable) in figures.finding
        assert months_of("2023Q4") in figures.finding


def test_borough_map_data_finding_of_change_counts_rises_and_falls_apart(panel: Panel, catalogue: Catalogue) -> None:
    frame = panel.frame.copy()
    row = (frame["borough"] == "Barnet") & (frame["quarter"] == "2023Q4")
    frame.loc[row, "records"] *= 4
    figures = shown(replace(panel, frame=frame), catalogue, variable="records", kind="change", since="2019Q1")
    rows = figures.rows
    up, down = (rows[rows["clear"] & side]["borough"] for side in (rows["value"] > 0, rows["value"] < 0))
    assert up.tolist() == ["Barnet"]
    assert len(down) > 1
    expected = f"rose beyond chance in one borough of 32 (Barnet), and fell in {number_word(len(down))} boroughs"
    assert expected in figures.finding


def test_dispersion_of_force_is_that_of_several_records_of_one_incident(panel: Panel) -> None:
    """The rarest outcome comes alone; all records come several at a time and with what a borough's police do."""
    assert 1 < count_dispersion(panel, "hospitalised") < count_dispersion(panel, "records")
    spread = panel.frame.assign(records=np.random.default_rng(0).poisson(1000, len(panel.frame)))
    assert count_dispersion(replace(panel, frame=spread), "records") == pytest.approx(1, abs=0.1)


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ([1.0, -1.0], "rose a lot in one borough of 2 (A), and fell in one borough (B)"),
        ([1.0, 2.0], "rose a lot in two boroughs of 2 (B and A), and fell in no borough"),
        ([-1.0] * 5, "rose a lot in no borough of 5, and fell in five boroughs"),
    ],
)
def test_rises_and_falls_names_few_boroughs(values: list[float], text: str) -> None:
    rows = pd.DataFrame({"value": values, "clear": True}, index=list("ABCDE"[: len(values)]))
    assert rises_and_falls(rows, "a lot") == text
    assert rises_and_falls(rows.assign(clear=False), "a lot").startswith("no rise or fall a lot in any of")


def test_borough_map_data_finding_changes_with_the_quarter(panel: Panel, catalogue: Catalogue) -> None:
    quarters = quarters_with(panel, "trust_mps")
    assert len({shown(panel, catalogue, quarter=quarter).finding for quarter in quarters}) == len(quarters)


def test_map_table_of_change_is_sorted_and_has_clear_column(panel: Panel, catalogue: Catalogue) -> None:
    figures = shown(panel, catalogue, kind="change")
    table = map_table(figures)
    assert table["Value"].is_monotonic_decreasing
    by_borough = figures.rows.set_index("borough")["clear"]
    stated = pd.Series(table["Beyond chance"].to_numpy() == "yes", index=table["Borough"])
    assert stated.sort_index().tolist() == by_borough.sort_index().tolist()
    assert "Beyond chance" not in map_table(shown(panel, catalogue))


@pytest.mark.parametrize("variable", VARIABLES)
def test_borough_map_data_of_each_quarter_has_no_empty_class(variable: str, panel: Panel, catalogue: Catalogue) -> None:
    for quarter in quarters_with(panel, variable):
        figures = shown(panel, catalogue, variable=variable, quarter=quarter)
        labels = class_labels(figures.scale, figures.write)
        assert len(set(labels)) == len(labels)
        assert figures.rows["value"].map(figures.scale.colour).nunique() == len(labels)
