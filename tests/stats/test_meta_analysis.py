import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.meta_analysis import combine_effects

from core.stats.meta_analysis import between_variance, random_effects

# Effects of streptokinase-like size, made once by hand: six groups with errors of their own.
EFFECTS = np.array([0.95, 1.31, 1.72, 1.40, 1.05, 1.60])
VARIANCES = np.array([0.010, 0.004, 0.020, 0.006, 0.012, 0.008])


@pytest.mark.parametrize("seed", range(5))
def test_random_effects_equal_those_of_statsmodels(seed: int) -> None:
    rng = np.random.default_rng(seed)
    variances = rng.uniform(0.01, 0.2, 12)
    effects = rng.normal(1, 0.4, 12) + rng.normal(0, np.sqrt(variances))
    theirs = combine_effects(effects, variances, method_re="iterated", use_t=True)
    ours = random_effects(effects, variances)
    assert ours.spread**2 == pytest.approx(theirs.tau2, abs=1e-5)
    assert ours.mean == pytest.approx(theirs.mean_effect_re, abs=1e-5)
    assert ours.error == pytest.approx(theirs.sd_eff_w_re_hksj, abs=1e-5)
    reach = stats.t.ppf(0.975, 11) * theirs.sd_eff_w_re_hksj
    assert (ours.low, ours.high) == pytest.approx((ours.mean - reach, ours.mean + reach), abs=1e-5)


def test_prediction_interval_is_wider_than_that_of_the_average_by_the_spread() -> None:
    found = random_effects(EFFECTS, VARIANCES)
    half = stats.t.ppf(0.975, len(EFFECTS) - 2) * np.hypot(found.spread, found.error)
    assert found.predicted_high - found.mean == pytest.approx(half)
    assert found.predicted_low < found.low < found.mean < found.high < found.predicted_high


def test_random_effects_of_equal_effects_have_no_spread() -> None:
    found = random_effects(np.full(4, 0.7), VARIANCES[:4])
    assert (found.mean, found.error, found.spread) == pytest.approx((0.7, 0, 0))
    assert between_variance(np.full(4, 0.7), VARIANCES[:4]) == 0


def test_prediction_intervals_hold_a_new_group_as_often_as_they_say() -> None:
    rng = np.random.default_rng(1)
    held = 0
    for _ in range(400):
        variances = rng.uniform(0.005, 0.02, 15)
        truths = rng.normal(1, 0.25, 16)
        found = random_effects(truths[:15] + rng.normal(0, np.sqrt(variances)), variances)
        held += found.predicted_low <= truths[15] <= found.predicted_high
    assert 0.92 <= held / 400 <= 0.98


def test_random_effects_of_two_groups_or_without_errors_are_refused() -> None:
    with pytest.raises(ValueError, match="at least three; there are 2"):
        random_effects(EFFECTS[:2], VARIANCES[:2])
    with pytest.raises(ValueError, match="standard error above zero"):
        random_effects(EFFECTS, VARIANCES * 0)
