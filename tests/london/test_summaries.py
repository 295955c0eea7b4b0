"""The first screens of the forecast page and of the borough map: true to the figures, short and plain."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from core.london.borough.analysis import NextFigure, Standing, SurveyChange, next_figure, standing
from core.london.borough.elsewhere import AMONG_ALL, forecast_in_borough, map_in_borough
from core.london.forecast.summary import forecast_summary
from core.london.forecast.view import (
    Forecasts,
    ForecastView,
    borough_outlook,
    last_quarter,
    score_of,
    stored_forecasts,
    target,
)
from core.london.map.figures import beyond_chance, borough_map_data, complete_view
from core.london.map.summary import CHANGE, NO_YEAR, map_summary, moved
from core.london.panel import survey_panel
from core.london.survey_error import score_change_margin
from core.presentation.summary import Summary
from core.tables.catalogue import load_catalogue
from core.tables.panel import Panel
from tests.london.borough.test_text import check

AREAS = survey_panel().areas
PUBLISHER = ["MOPAC"]
LONGEST = Standing("Kensington and Chelsea", "trust_mps", "2026Q1", 66.0, 4.6, 9, 21, 32, None)


def check_summary(found: Summary) -> None:
    """Assert that every sentence that is read first is short and plain, and that nothing is missing."""
    assert len(found.facts) == 3
    assert found.can_say
    assert found.cannot_say
    for sentence in (
        found.answer,
        found.below,
        *found.can_say,
        *found.cannot_say,
        *(fact.note for fact in found.facts),
    ):
        check(sentence)


@pytest.fixture(scope="module")
def survey() -> Panel:
    return survey_panel()


@pytest.fixture(scope="module")
def found() -> Forecasts:
    return stored_forecasts(load_catalogue())


@pytest.fixture(scope="module")
def rows(survey: Panel, found: Forecasts) -> pd.DataFrame:
    return borough_outlook(ForecastView(), found, survey.frame)


@pytest.fixture(scope="module")
def of_forecast(survey: Panel, found: Forecasts, rows: pd.DataFrame) -> Summary:
    view = ForecastView()
    last, coming = last_quarter(survey.frame, view.measure), target(view, found)
    return forecast_summary(rows, score_of(view, found), last, coming, PUBLISHER)


@pytest.fixture(scope="module")
def of_map(survey: Panel) -> Summary:
    return summary_of_map(survey)


def summary_of_map(survey: Panel) -> Summary:
    view, catalogue = complete_view(CHANGE, survey), load_catalogue()
    level = borough_map_data(replace(view, kind="level"), survey, catalogue)
    return map_summary(borough_map_data(view, survey, catalogue), view, level, PUBLISHER)


def test_forecast_of_london_is_the_average_of_the_boroughs(of_forecast: Summary, rows: pd.DataFrame) -> None:
    check_summary(of_forecast)
    assert f"about {rows['mean'].mean():.0%}" in of_forecast.answer
    assert of_forecast.facts[0].value == f"{rows['clear'].sum()} of 32"
    assert all(name in of_forecast.facts[0].note for name in rows.index[rows["clear"]][:6])


@pytest.mark.parametrize("clear", [0, 1, 32])
def test_chip_of_the_forecast_follows_the_number_of_likely_changes(
    clear: int, survey: Panel, found: Forecasts, rows: pd.DataFrame
) -> None:
    made_up = rows.assign(clear=np.arange(32) < clear)
    summary = forecast_summary(made_up, score_of(ForecastView(), found), "2026Q1", "2026Q2", PUBLISHER)
    assert summary.chip == {0: "none", 1: "depends", 32: "clear"}[clear]
    check_summary(summary)
    assert len(survey.areas) == 32


@pytest.mark.parametrize(("gain", "words"), [(0.004, "close to"), (0.02, "up from"), (-0.02, "down from")])
def test_forecast_within_a_point_of_the_last_survey_is_close_to_it(
    gain: float, words: str, found: Forecasts, rows: pd.DataFrame
) -> None:
    made_up = rows.assign(mean=rows["now"] + gain)
    assert words in forecast_summary(made_up, score_of(ForecastView(), found), "2026Q1", "2026Q2", PUBLISHER).answer


@pytest.mark.parametrize("borough", AREAS)
def test_summaries_of_each_borough_name_it(
    borough: str, survey: Panel, found: Forecasts, of_forecast: Summary, of_map: Summary, rows: pd.DataFrame
) -> None:
    now = standing(survey, borough)
    coming = next_figure(found, borough, now.quarter)
    assert coming is not None
    forecast = forecast_in_borough(of_forecast, now, coming)
    assert (forecast.chip == "clear") == bool(rows.loc[borough, "clear"])
    assert ("likely" in forecast.answer) == (forecast.chip == "clear")
    assert f"about {coming.mean:.0f}%" in forecast.answer
    mapped = map_in_borough(of_map, now, among_all=False)
    assert now.year is not None
    assert ("did not change" in mapped.answer) == (not now.year.clear)
    assert (mapped.below == AMONG_ALL) == now.year.clear
    for summary in (forecast, mapped):
        check_summary(summary)
        assert borough in summary.answer


@pytest.mark.parametrize("points", [-9.0, -0.2, 0.3, 9.0])
@pytest.mark.parametrize("mean", [58.0, 66.2, 74.0])
def test_summaries_of_the_longest_name_are_short_in_every_case(
    points: float, mean: float, of_forecast: Summary, of_map: Summary
) -> None:
    now = replace(LONGEST, year=SurveyChange("2025Q1", 66 - points, points, 6.0))
    for coming in (
        NextFigure("2026Q2", mean, mean - 2, mean + 2, 17, 20),
        NextFigure("2026Q2", 66.4, 66.1, 67, 17, 20),
    ):
        check_summary(forecast_in_borough(of_forecast, now, coming))
    check_summary(map_in_borough(of_map, now, among_all=True))


def test_borough_without_forecast_or_a_figure_before_says_so(of_forecast: Summary, of_map: Summary) -> None:
    without = forecast_in_borough(of_forecast, LONGEST, None)
    assert without.chip == "cannot_tell"
    assert "no forecast" in without.answer
    assert "no figure" in map_in_borough(of_map, LONGEST, among_all=False).answer
    assert map_in_borough(of_map, LONGEST, among_all=False).chip == "cannot_tell"


def test_map_counts_rises_apart_from_falls(survey: Panel, of_map: Summary) -> None:
    check_summary(of_map)
    view = complete_view(CHANGE, survey)
    levels = survey.frame.pivot(index="borough", columns="quarter", values="trust_mps")
    before, now = levels[view.since].astype(float), levels[view.quarter].astype(float)
    clear = beyond_chance(now - before, score_change_margin(before, now, view.since, view.quarter))
    rose, fell = int((clear & (now > before)).sum()), int((clear & (now < before)).sum())
    assert [fact.value for fact in of_map.facts[:2]] == [f"{rose} of 32", f"{fell} of 32"]


@pytest.mark.parametrize(("rise", "fall"), [(0.2, 0.0), (0.0, 0.2), (0.2, 0.2), (0.0, 0.0)])
def test_answer_of_the_map_says_which_way_boroughs_changed(rise: float, fall: float, survey: Panel) -> None:
    view = complete_view(CHANGE, survey)
    frame = survey.frame.copy()
    last, before = (frame["quarter"] == quarter for quarter in (view.quarter, view.since))
    frame.loc[last, "trust_mps"] = 0.6
    frame.loc[before, "trust_mps"] = 0.6
    frame.loc[last & (frame["borough"] == "Brent"), "trust_mps"] += rise
    frame.loc[last & (frame["borough"] == "Sutton"), "trust_mps"] -= fall
    made_up = replace(survey, frame=frame)
    summary = summary_of_map(made_up)
    check_summary(summary)
    assert ("rose in one borough" in summary.answer, "fell in one borough" in summary.answer) == (rise > 0, fall > 0)
    assert summary.chip == ("clear" if rise or fall else "none")
    change = borough_map_data(view, made_up, load_catalogue())
    assert (moved(change, 1), moved(change, -1)) == (["Brent"] * (rise > 0), ["Sutton"] * (fall > 0))


def test_map_of_a_survey_of_one_quarter_says_nothing_of_change(survey: Panel) -> None:
    one = replace(survey, frame=survey.frame[survey.frame["quarter"] == survey.periods[-1]].copy())
    assert summary_of_map(one).answer == NO_YEAR


def test_beyond_chance_allows_for_the_number_looked_at() -> None:
    change, margin = pd.Series([2.5, 0.1, 0.0, np.nan]), pd.Series([2.0, 2.0, 0.0, np.nan])
    assert beyond_chance(change[:1], margin[:1]).tolist() == [True]  # z of 2.45, p of 0.014
    assert (
        beyond_chance(pd.concat([change] * 4, ignore_index=True), pd.concat([margin] * 4, ignore_index=True)).sum() == 0
    )
    assert beyond_chance(pd.Series([0.1]), pd.Series([0.0])).tolist() == [True]
