import itertools
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from core.london.forecast.view import (
    HORIZONS,
    KINDS,
    Forecasts,
    ForecastView,
    borough_outlook,
    coming_quarters,
    error_share,
    forecast_scores,
    kept_record,
    last_quarter,
    last_survey,
    picked_borough,
    score_of,
    target,
    with_data_of,
)
from core.london.forecasting import BASELINE, METHODS, WINNER, forecast
from core.london.forecasting.backtest import ALL_MEASURES, DECIMALS, STORED_METHODS
from core.london.forecasting.london import force_table, score_tables
from core.london.panel import CONTINUING, survey_panel
from core.tables.catalogue import Catalogue, load_catalogue
from core.tables.panel import Panel
from tests.london.forecast.forecastable import FORECAST_SCORES

STORED = 1e-4
ENDS = ["low_95", "low_80", "mean", "high_80", "high_95"]
NEAR, FAR = HORIZONS[0], HORIZONS[-1]
VIEWS = [
    ForecastView(measure, method, ahead)
    for measure, method, ahead in itertools.product(FORECAST_SCORES, METHODS, (NEAR, FAR))
]


@pytest.fixture(scope="module")
def outlooks(forecasts: Forecasts, panel: Panel) -> dict[ForecastView, pd.DataFrame]:
    """What the page shows for every measure and method, nearest and farthest ahead."""
    return {view: borough_outlook(view, forecasts, panel.frame) for view in VIEWS}


Outlooks = dict[ForecastView, pd.DataFrame]


@pytest.mark.parametrize("measure", ["trust_mps", "score_mean_of_3"])
@pytest.mark.parametrize("method", METHODS)
def test_borough_outlook_agrees_with_forecast(measure: str, method: str, forecasts: Forecasts, panel: Panel) -> None:
    direct = forecast(score_tables()[measure], FAR, method, force=force_table())
    for ahead in HORIZONS:
        rows = direct[direct["horizon"] == ahead].set_index("borough")
        shown = borough_outlook(ForecastView(measure, method, ahead), forecasts, panel.frame).loc[rows.index]
        np.testing.assert_allclose(shown["mean"], rows["mean"], rtol=0, atol=STORED)
        for level in (80, 95):
            width = rows[f"upper_{level}"] - rows[f"lower_{level}"]
            np.testing.assert_allclose(shown[f"high_{level}"] - shown[f"low_{level}"], width, atol=3 * STORED)


def test_forecast_view_default_is_the_recommended_method() -> None:
    assert ForecastView() == ForecastView("trust_mps", WINNER, 1, "forecast")
    assert ForecastView().measure in FORECAST_SCORES
    assert ForecastView().show in KINDS


def test_target_follows_the_last_survey(forecasts: Forecasts, panel: Panel) -> None:
    assert last_quarter(panel.frame) == "2026Q1"
    coming = [target(ForecastView(ahead=ahead), forecasts) for ahead in HORIZONS]
    assert coming == ["2026Q2", "2026Q3", "2026Q4", "2027Q1"]
    assert forecasts.ahead.groupby("horizon")["quarter"].nunique().tolist() == [1] * len(HORIZONS)


@pytest.mark.parametrize("measure", FORECAST_SCORES)
def test_last_survey_has_each_borough_in_the_last_quarter(measure: str, panel: Panel) -> None:
    found = last_survey(measure, panel.frame)
    assert len(found) == 32
    last = panel.frame[panel.frame["quarter"] == "2026Q1"].set_index("borough")[measure]
    pd.testing.assert_series_equal(found.sort_index(), last.sort_index())


def test_last_survey_of_measure_that_ends_early_is_its_own_last_quarter(panel: Panel) -> None:
    ended = panel.frame.assign(trust_mps=panel.frame["trust_mps"].where(panel.frame["quarter"] <= "2022Q2"))
    expected = panel.frame[panel.frame["quarter"] == "2022Q2"].set_index("borough")["trust_mps"]
    pd.testing.assert_series_equal(last_survey("trust_mps", ended), expected)


def test_borough_outlook_has_32_boroughs_and_nothing_missing(outlooks: Outlooks) -> None:
    for view, rows in outlooks.items():
        assert len(rows) == 32, view
        assert rows.notna().all(axis=None), view


def test_borough_outlook_intervals_are_nested(outlooks: Outlooks) -> None:
    for view, rows in outlooks.items():
        ends = rows[ENDS].to_numpy()
        assert (np.diff(ends, axis=1) >= 0).all(), view
        assert ((ends >= 0) & (ends <= 1)).all(), view


def test_borough_outlook_sd_grows_with_the_horizon(outlooks: Outlooks) -> None:
    for view in VIEWS:
        near, far = (outlooks[replace(view, ahead=ahead)]["sd"] for ahead in (NEAR, FAR))
        assert (far >= near).all(), view
        assert view.method != WINNER or (far > near).all(), view


def test_borough_outlook_change_is_forecast_minus_last_survey(outlooks: Outlooks, panel: Panel) -> None:
    for view, rows in outlooks.items():
        survey = last_survey(view.measure, panel.frame).loc[rows.index]
        np.testing.assert_allclose(rows["now"], survey, atol=STORED / 2 + 1e-12)
        np.testing.assert_allclose(rows["change"], rows["mean"] - rows["now"], rtol=0, atol=1e-12)


def test_borough_outlook_is_clear_outside_80_per_cent_interval(outlooks: Outlooks) -> None:
    clear = 0
    for view, rows in outlooks.items():
        inside = rows["now"].between(rows["low_80"], rows["high_80"])
        assert rows["clear"].tolist() == (~inside).tolist(), view
        clear += int(rows["clear"].sum())
    assert 0 < clear < 32 * len(outlooks)


@pytest.mark.parametrize("measure", FORECAST_SCORES)
def test_borough_outlook_with_no_change_method_has_no_changes(measure: str, outlooks: Outlooks) -> None:
    for ahead in (NEAR, FAR):
        rows = outlooks[ForecastView(measure, BASELINE, ahead)]
        assert (rows["change"] == 0).all()
        assert not rows["clear"].any()
        assert (rows["gained"] == 0).all()
        assert (rows["rank"] == rows["rank_now"]).all()


def test_borough_outlook_ranks_agree_with_figures_and_intervals(outlooks: Outlooks) -> None:
    for view, rows in outlooks.items():
        for figure, rank in (("now", "rank_now"), ("mean", "rank")):
            assert rows[rank].tolist() == [1 + int((rows[figure] > value).sum()) for value in rows[figure]], view
            assert rows[rank].between(rows[f"{rank}_low"], rows[f"{rank}_high"]).all(), view
            assert rows[f"{rank}_low"].min() >= 1
            assert rows[f"{rank}_high"].max() <= 32
        assert (rows["gained"] == rows["rank_now"] - rows["rank"]).all(), view
        assert rows["gained"].between(rows["gained_low"], rows["gained_high"]).all(), view


def test_borough_outlook_middle_ranks_have_wide_intervals(outlooks: Outlooks) -> None:
    rows = outlooks[ForecastView()]
    middle = rows[rows["rank"].between(10, 22)]
    assert (middle["rank_high"] - middle["rank_low"]).min() >= 3


@pytest.mark.parametrize("method", METHODS)
def test_error_share_is_below_one_for_stored_methods_only(method: str, forecasts: Forecasts) -> None:
    shares = [error_share(view, forecasts) for view in VIEWS if view.method == method]
    if method in STORED_METHODS:
        assert all(0.1 < share < 1 for share in shares)
    else:
        assert set(shares) == {1.0}


def test_score_of_has_measure_method_and_horizon_of_the_view(forecasts: Forecasts) -> None:
    view = ForecastView("good_job_local", "drift", 3)
    found = score_of(view, forecasts)
    assert (found["measure"], found["method"], found["horizon"]) == ("good_job_local", "drift", 3)
    baseline = score_of(view, forecasts, BASELINE)
    assert (baseline["method"], baseline["skill"]) == (BASELINE, 0)
    assert found["skill"] == pytest.approx(1 - found["mae"] / baseline["mae"], abs=1e-4)


def test_picked_borough_without_choice_is_the_largest_change(outlooks: Outlooks) -> None:
    rows = outlooks[ForecastView()]
    largest = picked_borough("", rows)
    assert rows["change"].abs()[largest] == rows["change"].abs().max() > 0
    assert picked_borough("Camden", rows) == "Camden"


@pytest.fixture(scope="module")
def later() -> Catalogue:
    """The available figures with one quarter more, after one measure has ended."""
    tables = load_catalogue()
    rows = tables.read_table("survey")
    more = rows[rows["quarter"] == "2026Q1"].assign(quarter="2026Q2", trust_mps=float("nan"))
    variables = tables.table("survey").fields
    return tables.with_tables({"survey": (pd.concat([rows, more], ignore_index=True), variables)})


@pytest.mark.parametrize("method", [WINNER, BASELINE])
def test_with_data_of_later_figures_forecasts_from_their_last_quarter(
    method: str, later: Catalogue, forecasts: Forecasts
) -> None:
    found = with_data_of(later, forecasts, method)
    assert found.past is forecasts.past
    assert found.scores is forecasts.scores
    survey = survey_panel(later).frame
    measure, last = "good_job_local", "2026Q2"
    assert last_quarter(survey, measure) == last
    for ahead, coming in coming_quarters(measure, survey).items():
        view = ForecastView(measure, method, ahead)
        assert target(view, found) == coming == str(pd.Period(last, freq="Q") + ahead)
    direct = forecast(score_tables(later)[measure], 1, method).set_index("borough")
    shown = borough_outlook(ForecastView(measure, method), found, survey)
    assert shown["mean"].to_dict() == pytest.approx(direct["mean"].to_dict())
    assert shown["low_80"].to_dict() == pytest.approx(direct["lower_80"].to_dict())


def test_with_data_of_later_figures_forecasts_no_measure_that_has_ended(later: Catalogue, forecasts: Forecasts) -> None:
    found = with_data_of(later, forecasts, BASELINE)
    assert set(found.ahead["measure"]) == {"good_job_local", "treat_everyone_fairly"}
    assert forecast_scores(survey_panel(later).frame) == ["good_job_local", "treat_everyone_fairly"]


def test_with_data_of_later_figures_scores_what_was_stored(later: Catalogue, forecasts: Forecasts) -> None:
    found = with_data_of(later, forecasts, BASELINE)
    rows = kept_record(found, survey_panel(later).frame)
    assert set(rows["origin"]) == {"2026Q1"}
    assert set(rows["horizon"]) == {1}
    assert set(rows["measure"]) == {"good_job_local", "treat_everyone_fairly", ALL_MEASURES}
    assert (rows["no_change"] == 0).all()


def test_forecast_scores_are_those_of_the_last_quarter_with_enough_before_it(panel: Panel) -> None:
    assert forecast_scores(panel.frame) == ["score_mean_of_3", "trust_mps", "good_job_local", "treat_everyone_fairly"]
    to_2025 = panel.frame[panel.frame["quarter"] <= "2025Q4"]
    assert "stop_and_search_fair" not in forecast_scores(to_2025)
    assert "score_mean_of_8" in forecast_scores(panel.frame[panel.frame["quarter"] <= "2023Q4"])


def test_kept_record_of_the_forecasts_made_from_2023_is_as_published_since(forecasts: Forecasts, panel: Panel) -> None:
    """Forecasts kept from the end of 2023, held against the survey of 2024, as worked out apart from this code."""
    rows = kept_record(forecasts, panel.frame)
    whole = rows[rows["measure"] == ALL_MEASURES].sort_values("horizon")
    assert set(rows["origin"]) == {"2023Q4"}
    assert set(rows["measure"]) == {*CONTINUING, "understand_issues", ALL_MEASURES}
    assert whole["forecasts"].tolist() == [4 * 32] * 4
    assert whole["mae"].round(4).tolist() == [0.0155, 0.0214, 0.0282, 0.0373]
    assert whole["no_change"].round(4).tolist() == [0.0186, 0.0260, 0.0355, 0.0450]
    assert whole["coverage_80"].round(2).tolist() == [0.81, 0.91, 0.91, 0.91]


def test_with_data_of_same_figures_agrees_with_stored_forecasts(forecasts: Forecasts) -> None:
    found = with_data_of(load_catalogue(), forecasts, BASELINE).ahead.set_index(["measure", "borough", "horizon"])
    stored = forecasts.ahead[forecasts.ahead["method"] == BASELINE].set_index(["measure", "borough", "horizon"])
    assert (found["mean"] - stored["mean"]).abs().max() <= 10.0**-DECIMALS
