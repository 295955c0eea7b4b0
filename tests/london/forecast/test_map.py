import itertools
import re
from typing import Any

import numpy as np
import pandas as pd
import pytest

from core.london.borough_map import BoroughMapData
from core.london.forecast.map import forecast_map_data
from core.london.forecast.text import likely_moves
from core.london.forecast.view import KINDS, Forecasts, ForecastView, borough_outlook, last_quarter, target
from core.london.forecasting import BASELINE, METHODS
from core.london.survey_error import design_effect
from core.presentation.maps import DIVERGING, class_labels
from core.presentation.numbers import MINUS
from core.tables.catalogue import Catalogue
from core.tables.panel import Panel
from tests.london.forecast.forecastable import FORECAST_SCORES

NUMBER = rf"[+{MINUS}]?[\d.]+"


def drawn(
    view: ForecastView, found: Forecasts, panel: Panel, catalogue: Catalogue
) -> tuple[pd.DataFrame, BoroughMapData]:
    """The outlook of `view` and what the map makes of it."""
    rows = borough_outlook(view, found, panel.frame)
    return rows, forecast_map_data(view, rows, last_quarter(panel.frame), target(view, found), catalogue)


@pytest.fixture
def shown(forecasts: Forecasts, panel: Panel, catalogue: Catalogue) -> Any:
    def draw(**choices: Any) -> tuple[pd.DataFrame, BoroughMapData]:
        rows, figures = drawn(ForecastView(**choices), forecasts, panel, catalogue)
        return rows, figures

    return draw


def read(text: str) -> float:
    return float(text.replace(MINUS, "-").replace("+", ""))


def test_forecast_map_data_of_survey_has_error_of_its_interviews(shown: Any) -> None:
    rows, figures = shown(show="survey")
    table = figures.rows.set_index("borough")
    np.testing.assert_allclose(table["value"], 100 * rows["now"])
    half = 100 * 1.959964 * np.sqrt(design_effect().value * rows["now"] * (1 - rows["now"]) / 600)
    np.testing.assert_allclose(table["high"] - table["value"], half, rtol=1e-6)
    np.testing.assert_allclose(table["value"] - table["low"], half, rtol=1e-6)
    assert "Jan\N{EN DASH}Mar 2026" in figures.title


@pytest.mark.parametrize("ahead", [1, 4])
def test_forecast_map_data_of_forecast_has_80_per_cent_interval(ahead: int, shown: Any) -> None:
    rows, figures = shown(show="forecast", ahead=ahead)
    table = figures.rows.set_index("borough")
    np.testing.assert_allclose(table["value"], 100 * rows["mean"])
    np.testing.assert_allclose(table[["low", "high"]], 100 * rows[["low_80", "high_80"]])
    assert table["clear"].all()
    assert ("Apr\N{EN DASH}Jun 2026", "Jan\N{EN DASH}Mar 2027")[ahead == 4] in figures.title


def test_forecast_map_data_of_change_fades_unclear_changes(shown: Any) -> None:
    rows, figures = shown(show="change", measure="good_job_local")
    survey, forecast = (shown(show=kind, measure="good_job_local")[1].rows["value"] for kind in ("survey", "forecast"))
    np.testing.assert_allclose(figures.rows["value"], forecast - survey, atol=1e-9)
    table = figures.rows.set_index("borough")
    assert table["clear"].equals(rows["clear"])
    assert 0 < table["clear"].sum() < 32
    assert figures.rows["text"].str.contains("No change lies inside the interval").equals(~figures.rows["clear"])
    outside = (table["low"] > 0) | (table["high"] < 0)
    assert outside.equals(table["clear"].rename(None))


@pytest.mark.parametrize("show", KINDS)
def test_forecast_map_data_tooltip_agrees_with_its_row(show: str, shown: Any) -> None:
    _, figures = shown(show=show)
    for row in figures.rows.itertuples():
        figure, interval, *doubt = row.text.split("\n")
        when, value = figure.split(": ")
        near = 0.051 if show == "change" else 0.501  # whole numbers, as the publisher's are
        assert when.split(" ")[0] == {"survey": "Survey", "forecast": "Forecast", "change": "Forecast"}[show]
        assert read(re.findall(NUMBER, value)[0]) == pytest.approx(row.value, abs=near)
        assert value.endswith(" points" if show == "change" else "%")
        level, limits = interval.split("% interval: ")
        assert level == ("95" if show == "survey" else "80")
        assert [read(end) for end in re.findall(NUMBER, limits)] == pytest.approx([row.low, row.high], abs=near)
        assert bool(doubt) == (not row.clear)


@pytest.mark.parametrize("show", ["survey", "forecast"])
def test_forecast_map_data_finding_names_lowest_and_highest(show: str, shown: Any, catalogue: Catalogue) -> None:
    rows, figures = shown(show=show, measure="good_job_local")
    column = rows["now" if show == "survey" else "mean"]
    found = re.fullmatch(rf"(.*): from ({NUMBER})% in (.+) to ({NUMBER})% in (.+)", figures.finding)
    assert found
    what, low, lowest, high, highest = found.groups()
    assert what.startswith(catalogue.label("good_job_local"))
    assert read(low) == pytest.approx(100 * column.min(), abs=0.501)
    assert read(high) == pytest.approx(100 * column.max(), abs=0.501)
    assert column[lowest] == column.min()
    assert column[highest] == column.max()


def test_forecast_map_data_finding_of_change_counts_clear_boroughs(shown: Any) -> None:
    rows, figures = shown(show="change", measure="treat_everyone_fairly", ahead=2)
    assert figures.finding.endswith(likely_moves(rows.assign(value=rows["change"])))
    for end in (rows["change"].min(), rows["change"].max()):
        assert f"{100 * abs(end):.1f}" in figures.finding


def test_forecast_map_data_of_falls_and_rises_has_opposite_colours(shown: Any) -> None:
    _, figures = shown(show="change")
    assert figures.scale.colours == DIVERGING
    for row in figures.rows.itertuples():
        place = DIVERGING.index(figures.scale.colour(row.value))
        assert (place - 2) * row.value >= 0


@pytest.mark.parametrize("show", KINDS)
@pytest.mark.parametrize("measure", ["trust_mps", "score_mean_of_3"])
def test_forecast_map_data_with_no_change_method_shows_each_kind(measure: str, show: str, shown: Any) -> None:
    _, figures = shown(show=show, method=BASELINE, measure=measure)
    if show == "change":
        assert (figures.rows["value"] == 0).all()
        assert not figures.rows["clear"].any()
        assert set(figures.rows["value"].map(figures.scale.colour)) == {DIVERGING[2]}
        assert figures.finding.endswith("in no borough of 32 is a rise or a fall likely")
    else:
        assert figures.rows["clear"].all()
        assert figures.rows["value"].map(figures.scale.colour).nunique() > 3


@pytest.mark.parametrize("measure", FORECAST_SCORES)
def test_forecast_map_data_of_each_choice_has_distinct_classes(
    measure: str, forecasts: Forecasts, panel: Panel, catalogue: Catalogue
) -> None:
    for method, ahead in itertools.product(METHODS, (1, 4)):
        view = ForecastView(measure, method, ahead)
        rows = borough_outlook(view, forecasts, panel.frame)
        for show in KINDS:
            chosen = ForecastView(measure, method, ahead, show)
            figures = forecast_map_data(chosen, rows, "2026Q1", target(view, forecasts), catalogue)
            labels = class_labels(figures.scale, figures.write)
            assert len(set(labels)) == len(labels), (chosen, labels)
            assert len(figures.rows) == 32
            assert figures.rows.notna().all(axis=None)
            assert (figures.rows["low"] <= figures.rows["value"]).all()
            assert (figures.rows["value"] <= figures.rows["high"]).all()
            assert catalogue.label(measure) in figures.title
            assert figures.title.endswith(("(% of residents asked)", "(percentage points)"))
            if show != "change":
                assert figures.rows["value"].map(figures.scale.colour).nunique() == len(labels), chosen


def test_forecast_map_data_with_tiny_changes_has_neutral_colour(shown: Any) -> None:
    _, figures = shown(show="change", method="london_change", measure="treat_everyone_fairly")
    assert figures.rows["value"].abs().max() < 0.1
    assert set(figures.rows["value"].map(figures.scale.colour)) == {DIVERGING[2]}
