"""Answers that can be worked out with a pencil."""

import pickle
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from core.stats.regression import DRAWS, FitResult, ModelSpec, UnknownVariable, fit
from core.stats.regression.covariance.estimators import two_way
from core.stats.regression.design import design
from core.stats.regression.least_squares import solve
from core.stats.regression.result import Estimate
from core.tables.panel import Panel


def small(outcome: list[float], predictor: list[float], areas: int = 2) -> Panel:
    periods = len(outcome) // areas
    keys = [(f"Area {area}", f"2020Q{period + 1}") for area in range(areas) for period in range(periods)]
    frame = pd.DataFrame(keys, columns=["borough", "quarter"]).assign(y=outcome, x=predictor)
    return Panel(frame)


SPEC = ModelSpec("y", ("x",), form="count", covariance="classical")


def test_fit_of_four_points_agrees_with_hand_calculation() -> None:
    x, y = [1.0, 2.0, 3.0, 4.0], [1.0, 2.0, 1.0, 4.0]
    # Mean x 2.5, mean y 2; sum of squares of x 5, of products 4; slope 0.8, intercept 0.
    # Residuals 0.2, 0.4, -1.4, 0.8: sum of squares 2.8; variance 2.8 / 2 = 1.4.
    result = fit(small(y, x), SPEC)
    slope, constant = result.estimates
    assert slope.estimate == pytest.approx(0.8)
    assert constant.estimate == pytest.approx(0, abs=1e-12)
    assert slope.std_error == pytest.approx((1.4 / 5) ** 0.5)
    assert constant.std_error == pytest.approx((1.4 * (1 / 4 + 2.5**2 / 5)) ** 0.5)
    assert result.r2 == pytest.approx(1 - 2.8 / 6)
    # 97.5th percentile of t with two degrees of freedom, in any table: 4.302653.
    assert slope.high - slope.estimate == pytest.approx(4.302653 * slope.std_error, rel=1e-6)


def test_fit_of_four_points_clustered_agrees_with_hand_calculation() -> None:
    """Scores by area: -1.5 x 0.2 - 0.5 x 0.4 = -0.5 and 0.5 x -1.4 + 1.5 x 0.8 = 0.5; bread 1/5; factor 2 x 3/2."""
    result = fit(small([1.0, 2.0, 1.0, 4.0], [1.0, 2.0, 3.0, 4.0]), replace(SPEC, covariance="cluster"))
    slope = result.estimate("x")
    assert slope.std_error == pytest.approx((3 * 0.5 / 25) ** 0.5)
    assert result.clusters == (("borough", 2),)
    assert (slope.df, result.df) == (1, 1)
    # One degree of freedom is the Cauchy distribution.
    assert slope.p == pytest.approx(1 - 2 / np.pi * np.arctan(slope.t))
    assert "2 clusters" in result.note
    assert "fewer than 10" in result.warnings[0]


def test_fit_with_area_effects_compares_each_area_with_itself() -> None:
    """Within each area y rises by 1 then 3 as x rises by 1: slope 2; across areas the slope is the other way."""
    panel = small([11.0, 12.0, 1.0, 4.0], [1.0, 2.0, 5.0, 6.0])
    assert fit(panel, replace(SPEC, effects=("borough",))).estimate("x").estimate == pytest.approx(2)
    assert fit(panel, SPEC).estimate("x").estimate < 0


def test_fit_with_weight_of_two_counts_the_row_twice() -> None:
    """A row of weight 2 gives the line of the row written twice."""
    frame = small([1.0, 2.0, 1.0, 4.0, 2.0, 3.0], [1.0, 2.0, 3.0, 4.0, 2.0, 7.0], areas=3).frame
    frame["population"] = [1000, 2000, 1000, 1000, 2000, 1000]
    twice = np.repeat(frame[["x", "y"]].to_numpy(), frame["population"] // 1000, axis=0)
    slope, constant = np.polyfit(twice[:, 0], twice[:, 1], 1)
    result = fit(Panel(frame), replace(SPEC, weights="population"))
    assert [found.estimate for found in result.estimates] == pytest.approx([slope, constant])


def test_fit_non_overlapping_counts_back_from_the_last_quarter(panel: Panel) -> None:
    spec = ModelSpec("trust", ("records",), non_overlapping=True)
    assert fit(panel, spec).first_period == "2017Q4"
    assert fit(panel, spec).n_periods == 7
    frame = panel.frame.assign(trust=panel.frame["trust"].where(panel.frame["quarter"] < "2023Q3"))
    result = fit(Panel(frame), spec)
    assert (result.first_period, result.last_period, result.n_dropped) == ("2017Q2", "2023Q2", 0)


def test_fit_with_missing_values_counts_dropped_rows(panel: Panel) -> None:
    frame = panel.frame.copy()
    frame.loc[[5, 100, 700], "crime"] = np.nan
    frame.loc[[5, 200], "trust"] = np.nan
    result = fit(Panel(frame), ModelSpec("trust", ("records",), controls=("crime",)))
    assert (result.n, result.n_dropped) == (860, 4)


def test_fit_counts_periods_without_data_as_dropped_only_if_requested(panel: Panel) -> None:
    lagged = ModelSpec("trust", ("records",), lag=2)
    result = fit(panel, lagged)
    assert (result.first_period, result.n, result.n_dropped) == ("2017Q4", 800, 0)
    asked = fit(panel, replace(lagged, start="2017Q3"))
    assert (asked.first_period, asked.n, asked.n_dropped) == ("2017Q4", 800, 32)
    ahead = Panel(panel.frame.assign(trust=panel.frame["trust"].where(panel.frame["quarter"] <= "2023Q3")))
    assert fit(ahead, replace(lagged, lag=0)).n_dropped == 0
    assert fit(ahead, replace(lagged, lag=0, end="2023Q4")).n_dropped == 32


def test_driscoll_kraay_with_quarters_left_out_counts_lags_in_quarters(panel: Panel) -> None:
    """Every fourth quarter: three lags reach no other quarter, so the kernel changes nothing."""
    spec = ModelSpec("trust", ("records",), non_overlapping=True, covariance="driscoll_kraay", kernel_lags=0)
    without = fit(panel, spec)
    assert fit(panel, replace(spec, kernel_lags=3)).frame().equals(without.frame())
    assert not fit(panel, replace(spec, kernel_lags=4)).frame().equals(without.frame())


def test_two_way_with_negative_eigenvalues_repairs_and_reports_it() -> None:
    """Errors opposed within areas and within quarters make the two sums smaller than the rows they share."""
    rng = np.random.default_rng(0)
    checker = (-1.0) ** np.add.outer(np.arange(6), np.arange(6))
    x, z = 1 + rng.normal(0, 0.1, (6, 6)), rng.normal(size=36)
    panel = small((x + checker * (1 + rng.normal(0, 0.01, (6, 6)))).ravel().tolist(), x.ravel().tolist(), areas=6)
    spec = ModelSpec("y", ("x", "z"), form="count", covariance="two_way")
    model = solve(design(Panel(panel.frame.assign(z=z)), spec))

    scores = model.scores.reshape(6, 6, 3)
    by_area, by_quarter = scores.sum(axis=1), scores.sum(axis=0)
    meat = by_area.T @ by_area + by_quarter.T @ by_quarter - model.scores.T @ model.scores
    raw = 6 / 5 * 35 / 33 * model.bread @ meat @ model.bread
    assert np.linalg.eigvalsh(raw).min() < 0

    found = two_way(model)
    assert np.linalg.eigvalsh(found.matrix).min() > -1e-12 * np.abs(found.matrix).max()
    assert np.linalg.eigvalsh(found.matrix - raw).min() > -1e-12 * np.abs(found.matrix).max()
    assert "negative eigenvalues set to zero" in found.note
    assert any("repaired" in warning for warning in found.warnings)


def test_fit_result_is_small_and_picklable(panel: Panel) -> None:
    result = fit(panel, ModelSpec("trust", ("records",), effects=("borough", "quarter")))
    sent = pickle.dumps(result)
    assert pickle.loads(sent) == result
    assert len(sent) < 2_000
    assert hash(result) == hash(pickle.loads(sent))
    table = result.frame()
    assert list(table["name"]) == ["records"]
    assert table.loc[0, "wild_p"] == result.estimate("records").wild_p
    with pytest.raises(UnknownVariable, match="crime"):
        result.estimate("crime")


def test_estimate_interval_at_another_level_agrees_with_t_table() -> None:
    estimate = Estimate("x", "predictor", 2.0, 0.5, df=31)
    # 95th percentile of t with 31 degrees of freedom, from any table: 1.6955.
    assert estimate.interval(0.9) == pytest.approx((2 - 1.6955 * 0.5, 2 + 1.6955 * 0.5), abs=1e-4)
    assert estimate.interval() == (estimate.low, estimate.high)
    with pytest.raises(ValueError, match="between 0 and 1"):
        estimate.interval(95)


def test_fit_note_names_the_convention_of_each_covariance(panel: Panel) -> None:
    spec = ModelSpec("trust", ("records",), effects=("borough", "quarter"))
    found: dict[str, FitResult] = {
        covariance: fit(panel, replace(spec, covariance=covariance), wild=False)
        for covariance in ("classical", "HC1", "cluster", "two_way", "driscoll_kraay")
    }
    assert "clustered by borough (32 clusters)" in found["cluster"].note
    # One slope, one constant, 26 quarters; the boroughs are nested in the clusters.
    assert (
        f"{32 / 31 * 863 / (864 - 28):.4f} with k = 28, which leaves out the borough effects" in found["cluster"].note
    )
    assert "borough and quarter (32 and 27 clusters)" in found["two_way"].note
    assert "Bartlett kernel, 4 lags, 27 quarters" in found["driscoll_kraay"].note
    assert "k = 59" in found["HC1"].note
    assert "805 degrees of freedom" in found["classical"].note
    assert not any(result.warnings for result in found.values())
    assert DRAWS == 9_999


def test_driscoll_kraay_with_absent_years_counts_them_as_gaps() -> None:
    """Years 2001, 2003, 2004, ...: the errors of 2001 and 2003 are two lags apart, as in a table with empty rows."""
    rng = np.random.default_rng(11)
    years = [str(year) for year in range(2001, 2016) if year not in (2002, 2009)]
    frame = pd.DataFrame([(area, year) for area in "ABCDE" for year in years], columns=["borough", "quarter"])
    frame["x"], frame["y"] = rng.normal(size=(2, len(frame))).cumsum(axis=1)
    spec = replace(SPEC, covariance="driscoll_kraay", kernel_lags=2)
    model = solve(design(Panel(frame), spec))
    by_year = pd.DataFrame(model.scores).groupby(frame["quarter"].astype(int)).sum()
    sums = by_year.reindex(range(2001, 2016), fill_value=0.0).to_numpy()
    meat = sums.T @ sums
    for lag in (1, 2):
        meat += (1 - lag / 3) * (sums[lag:].T @ sums[:-lag] + sums[:-lag].T @ sums[lag:])
    expected = 13 / 12 * (len(frame) - 1) / (len(frame) - 2) * model.bread @ meat @ model.bread
    result = fit(Panel(frame), spec)
    assert result.estimate("x").std_error == pytest.approx(expected[1, 1] ** 0.5)
    assert (result.clusters, result.df) == ((("quarter", 13),), 12)
    assert "13 with 2 lags make them come out too small" in result.warnings[0]


def test_driscoll_kraay_with_seven_periods_says_to_choose_another_kind() -> None:
    panel = small([1.0, 2.0, 1.0, 4.0, 2.0, 2.5, 1.5] * 3, list(np.random.default_rng(2).normal(size=21)), areas=3)
    result = fit(panel, replace(SPEC, covariance="driscoll_kraay", kernel_lags=1))
    assert "only 7 quarters" in result.warnings[0]
    assert "choose another kind of standard error" in result.warnings[0]
