import os
import subprocess
import sys
from dataclasses import astuple

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from core.london.forecasting import forecast, state_space
from core.london.forecasting.backtest import score, walk_forward
from core.london.forecasting.state_space import (
    STEPS,
    SurveyData,
    Variances,
    as_published,
    estimate,
    likelihood_and_slope,
    predict,
    published_step,
    rounding_variance,
)
from tests.conftest import ROOT
from tests.london.forecasting.simulated import TRUTH, random_walk, survey


def dense(values: np.ndarray, horizon: int, variances: Variances) -> tuple[np.ndarray, np.ndarray, float]:
    """Mean, variance and log-likelihood from the covariance of all figures at once, built sample by sample."""
    quarters, boroughs = values.shape
    total, samples = quarters + horizon, quarters + horizon + 3
    window = np.array([[0.25 if row <= column < row + 4 else 0.0 for column in range(samples)] for row in range(total)])
    time = np.arange(samples)
    london = 1.0 + variances.london * np.minimum.outer(time, time) + variances.london_noise * np.eye(samples)
    fading = variances.fading * variances.persistence ** np.abs(np.subtract.outer(time, time))
    own = variances.lasting + fading + variances.noise * np.eye(samples)
    walk = np.minimum.outer(np.arange(total), np.arange(total))
    together = window @ london @ window.T + variances.london_jump * walk
    everyone = np.kron(np.ones((boroughs, boroughs)), together)
    alone = window @ own @ window.T + variances.jump * walk + rounding_variance(values) * np.eye(total)
    covariance = everyone + np.kron(np.eye(boroughs), alone)
    padded = np.vstack([values, np.full((horizon, boroughs), np.nan)]).T.ravel()
    known, centre = ~np.isnan(padded), np.nanmean(values)
    seen, cross = covariance[np.ix_(known, known)], covariance[:, known]
    solved = np.linalg.solve(seen, padded[known] - centre)
    left = np.diag(covariance) - np.einsum("ij,ji->i", cross, np.linalg.solve(seen, cross.T))
    fit = -0.5 * (np.linalg.slogdet(seen)[1] + (padded[known] - centre) @ solved)
    mean = (cross @ solved + centre).reshape(boroughs, total)[:, quarters:].T
    return mean, left.reshape(boroughs, total)[:, quarters:].T, float(fit)


@pytest.mark.parametrize("gaps", [0, 15])
def test_predict_and_log_likelihood_agree_with_dense_covariance(gaps: int) -> None:
    values = survey(boroughs=5, quarters=14).to_numpy().copy()
    rng = np.random.default_rng(2)
    values[rng.integers(0, 14, gaps), rng.integers(0, 5, gaps)] = np.nan
    mean, variance, fit = dense(values, 3, TRUTH)
    found_mean, found_variance = predict(values, 3, TRUTH)
    assert found_mean == pytest.approx(mean, abs=1e-9)
    assert found_variance == pytest.approx(variance, rel=1e-6)
    assert likelihood_and_slope(SurveyData(values), TRUTH)[0] == pytest.approx(fit, abs=1e-5)


def test_estimate_recovers_simulated_variances() -> None:
    found = [astuple(estimate(survey(quarters=120, seed=seed, decimals=None).to_numpy())) for seed in range(4)]
    noise, _lasting, fading, persistence, london, london_noise, jump, london_jump = np.mean(found, axis=0)
    assert noise == pytest.approx(TRUTH.noise, rel=0.1)
    assert fading == pytest.approx(TRUTH.fading, rel=0.25)
    assert persistence == pytest.approx(TRUTH.persistence, abs=0.06)
    assert london == pytest.approx(TRUTH.london, rel=0.35)
    assert london_noise < 0.1 * TRUTH.noise
    # What the window does not explain: a figure's step, to be compared with the quarter of a sample that enters it.
    assert max(jump, london_jump) < 0.01 * TRUTH.noise / 16


def test_estimate_recovers_sum_of_lasting_and_fading_variances() -> None:
    """Only their sum is sure: with 32 boroughs and a slow fading part the split is loose."""
    found = [estimate(survey(quarters=120, seed=seed, decimals=None).to_numpy()) for seed in range(4)]
    own = np.mean([one.lasting + one.fading for one in found])
    assert own == pytest.approx(TRUTH.lasting + TRUTH.fading, rel=0.35)


def test_estimate_of_random_walk_finds_jumps_not_noise() -> None:
    found = estimate(random_walk(step=0.01, quarters=60).to_numpy())
    assert found.jump == pytest.approx(0.01**2, rel=0.3)
    assert found.noise / 16 < 0.1 * found.jump


def test_estimate_from_another_start_agrees() -> None:
    values = survey(quarters=30).to_numpy()
    near = estimate(values, estimate(values[:-1]))
    assert astuple(near) == pytest.approx(astuple(estimate(values)), rel=0.1, abs=2e-5)


def test_predict_falls_when_an_extreme_sample_drops_out() -> None:
    """A freak sample lifts four figures; the fifth is known to fall back, whatever "no change" says."""
    values = np.full((20, 6), 0.5)
    values[16:, 0] += 0.05
    mean, _ = predict(values, 1, TRUTH)
    assert mean[0, 0] < 0.53
    assert mean[0, 1:] == pytest.approx(0.5, abs=0.01)


def test_rounding_variance_follows_the_step() -> None:
    assert rounding_variance(np.array([[0.51, np.nan], [0.6, 0.33]])) == pytest.approx(0.01**2 / 12)
    assert rounding_variance(np.array([[0.5, 0.3]])) == pytest.approx(0.1**2 / 12)
    assert rounding_variance(np.array([[0.51237, 0.3]])) == state_space.TINY


@pytest.mark.parametrize(("decimals", "step"), [(1, 0.1), (2, 0.01), (3, 0.001), (4, None), (None, None)])
def test_published_step_finds_the_decimals(decimals: int | None, step: float | None) -> None:
    assert published_step(survey(boroughs=5, quarters=16, decimals=decimals).to_numpy()) == step


def test_published_step_with_gaps_is_the_coarsest_that_fits() -> None:
    assert published_step(np.array([[0.5, np.nan], [np.nan, 0.3]])) == STEPS[0]
    assert published_step(np.array([[0.5, np.nan], [np.nan, 0.31]])) == STEPS[1]
    # The mean of eight figures with two decimals is in steps of 0.00125: not rounded, as far as can be seen.
    assert published_step(0.00125 * np.arange(400, 480, dtype=np.float64).reshape(-1, 4)) is None


@given(
    means=arrays(np.float64, (2, 3), elements=st.floats(0, 1)),
    decimals=st.sampled_from([1, 2, 3, None]),
)
def test_as_published_rounds_to_the_nearest_step(means: np.ndarray, decimals: int | None) -> None:
    values = survey(boroughs=3, quarters=14, decimals=decimals).to_numpy()
    found = as_published(means, values)
    if decimals is None:
        assert found is means
    else:
        step = 10.0**-decimals
        assert np.abs(found - means).max() <= step / 2 + 1e-12
        assert found == pytest.approx(np.round(found, decimals), abs=1e-12)


@pytest.mark.parametrize("decimals", [2, 3, None])
def test_forecast_is_in_published_steps_within_nested_intervals(decimals: int | None) -> None:
    figures = survey(boroughs=6, quarters=24, decimals=decimals)
    found = forecast(figures, 4)
    ends = found[["lower_95", "lower_80", "mean", "upper_80", "upper_95"]].to_numpy()
    assert (np.diff(ends, axis=1) > 0).all()
    plain, _ = predict(figures.to_numpy(), 4, estimate(figures.to_numpy()))
    apart = np.abs(found["mean"].to_numpy() - plain.T.ravel())
    assert apart.max() <= (0.0 if decimals is None else 10.0**-decimals / 2) + 1e-12
    assert published_step(found[["mean"]].to_numpy()) == published_step(figures.to_numpy())


def test_recommended_on_rolling_samples_beats_no_change_and_is_calibrated() -> None:
    rows = [walk_forward(survey(seed=seed), ["recommended"]).assign(measure=f"m{seed}") for seed in range(3)]
    found = score(pd.concat(rows), by=["method", "horizon"]).set_index(["method", "horizon"])
    ours = found.xs("rolling_window")
    assert ours["skill"][1] > 0.15
    assert (ours["skill_lower"] > 0).all()
    assert ours["coverage_80"].to_numpy() == pytest.approx(np.full(4, 0.8), abs=0.06)
    assert ours["coverage_95"].to_numpy() == pytest.approx(np.full(4, 0.95), abs=0.035)


def test_recommended_on_random_walk_ties_with_no_change() -> None:
    rows = walk_forward(random_walk(), ["recommended"], horizon=1).assign(measure="walk")
    found = score(rows).set_index("method")
    assert abs(found["skill"]["rolling_window"]) < 0.05


@pytest.mark.parametrize("gaps", [0, 15])
def test_likelihood_slope_is_that_of_small_steps(gaps: int) -> None:
    values = survey(boroughs=5, quarters=14).to_numpy().copy()
    rng = np.random.default_rng(3)
    values[rng.integers(0, 14, gaps), rng.integers(0, 5, gaps)] = np.nan
    figures, at = SurveyData(values), np.array(astuple(TRUTH)) + 1e-5
    _, slope = likelihood_and_slope(figures, Variances(*at))
    for place, found in enumerate(slope):
        step = np.zeros(len(at))
        step[place] = 1e-4 * at[place]
        above, below = (likelihood_and_slope(figures, Variances(*(at + sign * step)))[0] for sign in (1, -1))
        assert found == pytest.approx((above - below) / (2 * step[place]), rel=1e-3, abs=1e-1)


def test_estimate_ends_on_the_very_top() -> None:
    """Whatever path led there: a start near the end of the search gives the same forecasts to nine decimals."""
    values = survey(quarters=30).to_numpy()
    first = estimate(values)
    again = estimate(values, Variances(*(np.array(astuple(first)) * 1.1)))
    for one, other in zip(predict(values, 4, first), predict(values, 4, again), strict=True):
        np.testing.assert_allclose(one, other, rtol=0, atol=1e-9)


def test_estimate_agrees_between_kinds_of_processor() -> None:
    """Forecasts by the arithmetic of older processors: the same to eight decimals."""
    found = {kind: _forecast_on(kind) for kind in ("", "Sandybridge", "Haswell")}
    for other in found.values():
        np.testing.assert_allclose(other, found[""], rtol=0, atol=1e-8)


def _forecast_on(kind: str) -> np.ndarray:
    """Means and variances of a forecast, in a process whose linear algebra uses the instructions of `kind`."""
    program = (
        "from core.london.forecasting.state_space import estimate, predict\n"
        "from tests.london.forecasting.simulated import survey\n"
        "values = survey(quarters=30).to_numpy()\n"
        "mean, variance = predict(values, 4, estimate(values))\n"
        "print(*(float(number).hex() for part in (mean, variance) for number in part.ravel()))\n"
    )
    environment = os.environ | ({"OPENBLAS_CORETYPE": kind} if kind else {})
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    return np.array([float.fromhex(number) for number in done.stdout.split()])
