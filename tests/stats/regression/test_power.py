"""Power, equivalence and adjusted p-values against other software, a simulation, and what must always hold."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.power import TTestPower
from statsmodels.stats.weightstats import DescrStatsW

from core.london.amount.question import LONDON_AMOUNT
from core.questions.question import AS_PUBLISHED, FIRST_EDITION
from core.stats.regression import (
    Estimate,
    PowerError,
    equivalence,
    fit,
    holm,
    power_against,
    smallest_effect,
    verdict_on_null,
)
from core.tables.panel import Panel
from tests.panels import estimate_of

sizes = st.floats(-50, 50)
errors = st.floats(1e-6, 1e3)
dfs = st.integers(1, 900)
p_lists = st.lists(st.floats(0, 1), max_size=12)


@pytest.mark.parametrize(("df", "power", "level"), [(31, 0.8, 0.05), (12, 0.8, 0.05), (31, 0.9, 0.01), (800, 0.5, 0.1)])
def test_smallest_effect_agrees_with_statsmodels(df: int, power: float, level: float) -> None:
    """One sample of df + 1 values: its mean has a standard error of sd / root n, and df degrees of freedom."""
    effect = TTestPower().solve_power(nobs=df + 1, alpha=level, power=power)
    std_error = 0.0127
    expected = effect * math.sqrt(df + 1) * std_error
    assert smallest_effect(estimate_of(0.3, std_error, df), power, level) == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("size", [0.0, 0.4, -1.5, 2.9, 6.0])
def test_power_against_agrees_with_statsmodels(size: float) -> None:
    expected = TTestPower().power(abs(size) / math.sqrt(32), nobs=32, alpha=0.05)
    assert power_against(estimate_of(0.0), size) == pytest.approx(expected, rel=1e-7)


def test_smallest_effect_is_near_the_usual_approximation() -> None:
    usual = 2.0395 + 0.8534  # quantiles 0.975 and 0.8 of t with 31 degrees of freedom
    assert smallest_effect(estimate_of(0.0)) == pytest.approx(usual, rel=0.005)


def test_smallest_effect_in_a_simulation_is_found_in_80_percent() -> None:
    rng = np.random.default_rng(7)
    runs, df = 4000, 15
    true = smallest_effect(estimate_of(0.0, 1.0, df))
    values = rng.normal(true, math.sqrt(df + 1), (runs, df + 1))
    std_errors = values.std(axis=1, ddof=1) / math.sqrt(df + 1)
    estimates = (
        estimate_of(mean, std_error, df) for mean, std_error in zip(values.mean(axis=1), std_errors, strict=True)
    )
    share = np.mean([estimate.p < 0.05 for estimate in estimates])
    assert share == pytest.approx(0.8, abs=3 * math.sqrt(0.16 / runs))


@given(dfs, errors, st.floats(0.06, 0.999))
def test_smallest_effect_has_the_requested_power(df: int, std_error: float, power: float) -> None:
    estimate = estimate_of(0.0, std_error, df)
    assert power_against(estimate, smallest_effect(estimate, power)) == pytest.approx(power, abs=1e-9)


@given(dfs, sizes, sizes)
def test_power_against_grows_with_size_and_ignores_sign(df: int, one: float, other: float) -> None:
    estimate = estimate_of(0.0, 1.0, df)
    less, more = sorted((abs(one), abs(other)))
    assert 0.05 <= power_against(estimate, less) <= power_against(estimate, more) + 1e-9 <= 1 + 1e-9
    assert power_against(estimate, one) == power_against(estimate, -one)


def test_power_against_is_the_level_at_zero_and_one_far_out() -> None:
    for df in (1, 2, 31, 10_000):
        estimate = estimate_of(0.0, 1e-3, df)
        assert power_against(estimate, 0, 0.2) == pytest.approx(0.2)
        assert power_against(estimate, 1e-15) == pytest.approx(0.05)
        assert power_against(estimate, 1e200) == 1
    assert [power_against(estimate_of(0.0, 1.0, 100_000), size) for size in (37.1, 40, 50)] == [1, 1, 1]


def test_equivalence_agrees_with_statsmodels_two_one_sided_tests() -> None:
    values = np.random.default_rng(3).normal(0.1, 1, 40)
    sample = DescrStatsW(values)
    mean = estimate_of(float(values.mean()), float(sample.std_mean), 39)
    for margin in (0.2, 0.45, 0.9):
        p, *_ = sample.ttost_mean(-margin, margin)
        found = equivalence(mean, margin)
        assert found.p == pytest.approx(p)
        assert found.equivalent == (p < 0.05)
        assert (found.low, found.high) == pytest.approx(sample.tconfint_mean(alpha=0.1))


@given(dfs, sizes, st.floats(0.001, 100), st.floats(0.01, 0.4))
def test_equivalence_holds_only_if_interval_lies_within_margins(
    df: int, value: float, margin: float, level: float
) -> None:
    found = equivalence(estimate_of(value, 1.0, df), margin, level)
    gap = min(margin - found.high, found.low + margin)
    assert found.equivalent == (gap > 0) or abs(gap) < 1e-6


@pytest.mark.parametrize("count", [1, 2, 4, 10])
def test_holm_agrees_with_statsmodels(count: int) -> None:
    p_values = np.random.default_rng(count).beta(0.3, 2, count).tolist()
    assert holm(p_values) == pytest.approx(list(multipletests(p_values, method="holm")[1]))


@given(p_lists)
def test_holm_keeps_order_and_stays_between_p_and_one(p_values: list[float]) -> None:
    adjusted = holm(p_values)
    assert all(before <= after <= 1 for before, after in zip(p_values, adjusted, strict=True))
    by_p = [after for _, after in sorted(zip(p_values, adjusted, strict=True))]
    assert by_p == sorted(by_p)


def test_holm_agrees_with_hand_calculation() -> None:
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([0.6, 0.7]) == [1, 1]
    assert holm([]) == []


CASES = {
    "found": estimate_of(3.0),
    "would_have_found": estimate_of(0.1, 0.5),
    "equivalent": estimate_of(0.1, 0.05),
    "cannot_tell": estimate_of(0.5, 2.0),
}


@pytest.mark.parametrize("case", CASES)
def test_verdict_on_null_names_each_case(case: str) -> None:
    published = 0.15 if case == "equivalent" else -3.0
    verdict = verdict_on_null(CASES[case], published, margin=0.3)
    assert verdict.case == case
    assert verdict.power == power_against(CASES[case], published)


def test_verdict_on_null_with_size_not_ruled_out_cannot_tell() -> None:
    verdict = verdict_on_null(estimate_of(1.5), published_size=2.95, margin=0.1)
    assert verdict.power > 0.8
    assert (verdict.ruled_out, verdict.case) == (False, "cannot_tell")


def test_verdict_on_null_with_size_ruled_out_but_low_power_cannot_tell() -> None:
    verdict = verdict_on_null(estimate_of(-0.5), published_size=2.2, margin=0.1)
    assert verdict.power < 0.8
    assert (verdict.ruled_out, verdict.case) == (True, "cannot_tell")


def test_verdict_on_null_for_london_would_have_found_published_size(london: Panel) -> None:
    published, recommended = (fit(london, LONDON_AMOUNT.presets[name]) for name in (AS_PUBLISHED, FIRST_EDITION))
    estimate = recommended.estimate("records")
    verdict = verdict_on_null(estimate, published.estimate("records").estimate, margin=0.0105)
    assert verdict.case == "would_have_found"
    assert verdict.power == pytest.approx(0.92, abs=0.02)
    assert verdict_on_null(published.estimate("records"), -0.0441, 0.01).case == "found"


def test_power_functions_with_invalid_arguments_raise_power_error() -> None:
    estimate: Estimate = estimate_of(0.0)
    for level in (0.0, 1.0, math.nan):
        with pytest.raises(PowerError, match="significance level is"):
            power_against(estimate, 1.0, level)
        with pytest.raises(PowerError, match="level"):
            equivalence(estimate, 1.0, level)
    for power in (0.05, 1.0, math.nan):
        with pytest.raises(PowerError, match=r"choose one between the level \(0.05\) and 1"):
            smallest_effect(estimate, power)
    for size in (math.inf, math.nan):
        with pytest.raises(PowerError, match="size to find"):
            power_against(estimate, size)
    for margin in (0.0, -1.0, math.nan, math.inf):
        with pytest.raises(PowerError, match="margin is"):
            equivalence(estimate, margin)
    with pytest.raises(PowerError, match=r"1.2 is not a p-value"):
        holm([0.1, 1.2])
    with pytest.raises(PowerError, match="nan is not a p-value"):
        holm([math.nan])
    with pytest.raises(PowerError, match="published size is zero"):
        verdict_on_null(estimate, 0.0, 1.0)
