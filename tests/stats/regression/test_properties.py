"""What must hold for any figures."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from core.stats.regression import FitResult, ModelError, ModelSpec, fit, partial
from core.tables.options import Covariance
from core.tables.panel import Panel
from tests.stats.regression.conftest import simulated

COVARIANCES: tuple[Covariance, ...] = ("cluster", "jackknife", "two_way", "driscoll_kraay", "HC1", "classical")
SLOW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def panels(draw: st.DrawFn) -> Panel:
    """Small simulated panels, some rows gone."""
    panel = simulated(draw(st.integers(4, 9)), draw(st.integers(6, 12)), draw(st.integers(0, 10_000)))
    gone = draw(st.sets(st.integers(0, len(panel.frame) - 1), max_size=8))
    return Panel(panel.frame.drop(index=list(gone)).reset_index(drop=True))


@st.composite
def specs(draw: st.DrawFn) -> ModelSpec:
    return ModelSpec(
        "trust",
        draw(st.sampled_from([("records",), ("records", "hospitalised")])),
        form=draw(st.sampled_from(["log", "count", "per_1000"])),
        controls=draw(st.sampled_from([(), ("crime",)])),
        effects=draw(st.sampled_from([(), ("borough",), ("quarter",), ("borough", "quarter")])),
        weights=draw(st.sampled_from(["equal", "population"])),
        covariance=draw(st.sampled_from(COVARIANCES)),
        kernel_lags=draw(st.integers(0, 5)),
    )


def fitted(panel: Panel, spec: ModelSpec) -> FitResult:
    try:
        return fit(panel, spec)
    except ModelError:
        assume(False)
        raise


def assert_same(first: FitResult, second: FitResult, rel: float = 1e-7, wild: float = 0) -> None:
    """Assert that two fits agree, and their bootstrap p-values up to `wild`."""
    for one, other in zip(first.estimates, second.estimates, strict=True):
        assert (one.estimate, one.std_error, one.p) == pytest.approx(
            (other.estimate, other.std_error, other.p), rel=rel, abs=1e-9
        )
        assert one.wild_p == (other.wild_p and pytest.approx(other.wild_p, rel=0, abs=wild))


@SLOW
@given(panels(), specs(), st.integers(0, 1000))
def test_fit_with_shuffled_rows_is_unchanged(panel: Panel, spec: ModelSpec, seed: int) -> None:
    assert_same(fitted(panel, spec), fit(Panel(panel.frame.sample(frac=1, random_state=seed)), spec))


@SLOW
@given(panels(), specs(), st.floats(-8, 8))
def test_fit_with_rescaled_predictor_rescales_the_estimate(panel: Panel, spec: ModelSpec, power: float) -> None:
    scale = 10**power
    spec = replace(spec, form="count")
    found, rescaled = fitted(panel, spec), fit(Panel(panel.frame.assign(records=panel.frame["records"] * scale)), spec)
    before, after = found.estimate("records"), rescaled.estimate("records")
    assert after.estimate * scale == pytest.approx(before.estimate, rel=1e-7)
    assert after.std_error * scale == pytest.approx(before.std_error, rel=1e-7)
    assert (after.t, after.p) == pytest.approx((before.t, before.p), rel=1e-6)
    assert after.wild_p == before.wild_p


@SLOW
@given(panels(), specs(), st.integers(0, 1000))
def test_fit_with_area_effects_and_shifted_areas_is_unchanged(panel: Panel, spec: ModelSpec, seed: int) -> None:
    spec = replace(spec, effects=(*spec.effects, "borough"))
    levels = dict(zip(panel.areas, np.random.default_rng(seed).normal(0, 5, len(panel.areas)), strict=True))
    raised = panel.frame.assign(trust=panel.frame["trust"] + panel.frame["borough"].map(levels))
    assert_same(fitted(panel, spec), fit(Panel(raised), spec), rel=1e-6)


@SLOW
@given(panels(), specs(), st.randoms(use_true_random=False))
def test_fit_with_renamed_clusters_is_unchanged(panel: Panel, spec: ModelSpec, random: object) -> None:
    """Nothing depends on what areas are called, but for the draws of the bootstrap."""
    names = list(panel.areas)
    random.shuffle(names)  # type: ignore[attr-defined]
    renamed = panel.frame["borough"].map(dict(zip(panel.areas, names, strict=True)))
    # Other clusters get the weights of a draw, which moves a p-value of 9,999 draws by five standard errors at most.
    assert_same(fitted(panel, spec), fit(Panel(panel.frame.assign(borough=renamed)), spec), wild=5 * 0.005 * 2**0.5)


@SLOW
@given(panels(), specs())
def test_partial_slope_equals_the_coefficient(panel: Panel, spec: ModelSpec) -> None:
    result = fitted(panel, spec)
    for found in result.estimates:
        points = partial(panel, spec, found.name)
        moment = (points["weight"] * points["x_within"] * points["y_within"]).sum()
        spread = (points["weight"] * points["x_within"] ** 2).sum()
        assert moment / spread == pytest.approx(found.estimate, rel=1e-7, abs=1e-12)
        assert points["weight"].mean() == pytest.approx(1)


@SLOW
@given(panels(), specs())
def test_fit_result_numbers_are_consistent(panel: Panel, spec: ModelSpec) -> None:
    result = fitted(panel, spec)
    assert 0 <= result.r2 <= 1
    assert (result.r2_within is None) == (not spec.effects)
    assert 0 <= (result.r2_within or 0) <= result.r2 + 1e-12
    assert result.n + result.n_dropped == len(panel.frame)
    for found in result.estimates:
        assert found.low < found.estimate < found.high
        assert found.std_error > 0
        assert (found.p < 0.05) == (not found.low <= 0 <= found.high)
        if found.p > 1e-6:  # closer to zero, 1 - p keeps too few digits
            assert min(map(abs, found.interval(1 - found.p))) < 1e-6 * found.std_error
        assert found.wild_p is None or 0 < found.wild_p <= 1
