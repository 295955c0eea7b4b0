"""The record of kept forecasts in figures and words."""

import pandas as pd
import pytest

from core.london.forecast.record import (
    intervals_held,
    intervals_over_time,
    record_figure,
    record_table,
    two_ways,
    walked_since,
)
from core.london.forecast.view import Forecasts, kept_record
from core.london.forecasting.backtest import ALL_MEASURES
from core.presentation.numbers import quoted
from core.questions.vocabulary import NBSP
from core.tables.catalogue import Catalogue
from core.tables.panel import Panel


@pytest.fixture(scope="module")
def rows(forecasts: Forecasts, panel: Panel) -> pd.DataFrame:
    return kept_record(forecasts, panel.frame)


def test_record_figure_says_how_far_off_forecasts_of_2023_were(rows: pd.DataFrame, catalogue: Catalogue) -> None:
    shown = record_figure(rows, catalogue)
    assert shown.title == (
        "Made from Oct\N{EN DASH}Dec 2023: off by 1.6 points one quarter later and 3.7 points after four; "
        f"{quoted('no change')} by 1.9 points and 4.5 points"
    )
    assert "2026-11-30" in shown.note
    (drawn,) = shown.charts
    assert len(next(iter(drawn.to_dict(validate=False)["datasets"].values()))) == 2 * 4


def test_record_table_has_each_measure_and_horizon(rows: pd.DataFrame, catalogue: Catalogue) -> None:
    table = record_table(rows, catalogue)
    assert len(table) == 5 * 4
    whole = table[table["Score"] == "All measures together"].sort_values("Quarters ahead")
    assert whole["Mean absolute error (points)"].round(2).tolist() == [1.55, 2.14, 2.82, 3.73]


def test_intervals_held_lists_each_horizon(rows: pd.DataFrame) -> None:
    assert intervals_held(rows) == (
        "Their 80% intervals held 81, 91, 91 and 91% of the figures one to four quarters ahead."
    )
    first = rows[(rows["measure"] == ALL_MEASURES) & (rows["horizon"] == 1)]
    assert intervals_held(first).endswith("held 81% of the figures one quarter ahead.")


def test_walked_since_scores_the_quarters_after_alone(forecasts: Forecasts) -> None:
    sentence = walked_since(forecasts, "2023Q4")
    assert f"was 14% nearer than {quoted('no change')} one quarter ahead" in sentence
    assert "to Jan\N{EN DASH}Mar 2026" in sentence
    later = forecasts.past[forecasts.past["quarter"] > "2023Q4"]
    assert later[(later["horizon"] == 1) & (later["method"] == "no_change")].groupby("measure")[
        "quarter"
    ].nunique().to_dict() == {
        "good_job_local": 9,
        "score_mean_of_3": 9,
        "treat_everyone_fairly": 9,
        "trust_mps": 9,
        "understand_issues": 5,
    }


@pytest.mark.parametrize(("since", "until"), [("2019Q1", "2023Q4"), ("2024Q1", "2026Q1")])
def test_intervals_over_time_hold_80_per_cent_at_each_horizon_in_both_spans(
    since: str, until: str, forecasts: Forecasts
) -> None:
    """What the widening with the horizon is for: four quarters ahead too, and not in one span alone."""
    past = forecasts.past[forecasts.past["quarter"].between(since, until)]
    held = [
        int(part)
        for part in intervals_over_time(_with(forecasts, past))
        .replace(NBSP, " ")
        .split("held ")[1]
        .split("%")[0]
        .replace(" and ", ", ")
        .split(", ")
    ]
    assert len(held) == 4
    assert min(held) >= 80


def _with(forecasts: Forecasts, past: pd.DataFrame) -> Forecasts:
    return Forecasts(forecasts.ahead, past, forecasts.scores, forecasts.forest, forecasts.importance, forecasts.kept)


def test_two_ways_names_the_turn_and_the_end(catalogue: Catalogue) -> None:
    path = pd.DataFrame(
        {"trust_mps": [0.60, 0.70, 0.65], "good_job_local": [0.50, 0.45, 0.44]}, index=["2024Q1", "2024Q2", "2024Q3"]
    )
    assert two_ways(path, "trust_mps", "good_job_local", "2024Q1", catalogue) == (
        f"From Jan\N{EN DASH}Mar 2024 to Apr\N{EN DASH}Jun 2024, {quoted('Trust the Met')} rose from 60.0 to "
        f"70.0%, while {quoted('Police do a good job locally')} fell from 50.0 to 45.0%. In "
        f"Jul\N{EN DASH}Sep 2024 they stood at 65.0% and 44.0% (averages of the boroughs)."
    )
    assert "stood" not in two_ways(path.iloc[:2], "trust_mps", "good_job_local", "2024Q1", catalogue)


def test_two_ways_of_the_survey_says_that_trust_rose_and_good_job_fell(panel: Panel, catalogue: Catalogue) -> None:
    path = panel.frame.groupby("quarter")[["trust_mps", "good_job_local"]].mean()
    sentence = two_ways(path, "trust_mps", "good_job_local", "2023Q4", catalogue)
    assert f"{quoted('Trust the Met')} rose" in sentence
    assert f"{quoted('Police do a good job locally')} fell" in sentence
    assert "to Jul\N{EN DASH}Sep 2025" in sentence
