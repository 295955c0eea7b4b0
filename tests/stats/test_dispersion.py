"""The dispersion of counts over time: known truths, what it leaves out, and what it does to shares."""

import numpy as np
import pytest

from core.stats.dispersion import Floats, dispersion, share_effects

PERIODS = 24


def counts(times: float, level: float, areas: int = 800, seed: int = 0, drift: float = 0.02) -> Floats:
    """Counts of areas that differ, with a season that they share and slow change of their own.

    Negative binomial with a variance of `times` its mean; Poisson where that is one.
    """
    rng = np.random.default_rng(seed)
    season = 1 + 0.3 * np.sin(np.arange(PERIODS) / 2)
    own = np.exp(np.cumsum(rng.normal(0, drift, (areas, PERIODS)), axis=1))
    mean = rng.gamma(2, level / 2, (areas, 1)) * season * own
    drawn = rng.poisson(mean) if times == 1 else rng.negative_binomial(mean / (times - 1), 1 / times)
    return np.asarray(drawn, dtype=float)


@pytest.mark.parametrize(
    ("times", "level"),
    [*((times, level) for times in (1.0, 1.5, 3.0, 8.0) for level in (0.3, 5, 50)), (1.0, 0.05), (3.0, 0.05)],
)
def test_dispersion_of_negative_binomial_counts_is_the_one_they_were_made_with(times: float, level: float) -> None:
    found = [dispersion(counts(times, level, seed=seed)) for seed in range(4)]
    assert np.mean(found) == pytest.approx(times, rel=0.1)


def test_dispersion_leaves_out_differences_season_and_slow_change_of_large_counts() -> None:
    """Over a cross-section the same counts vary a thousand times as much as Poisson counts."""
    made = counts(2.0, 800)
    year = made.sum(axis=1)
    assert year.var() / year.mean() > 1000
    assert dispersion(made) == pytest.approx(2, rel=0.25)
    assert dispersion(counts(2.0, 800, drift=0.0)) == pytest.approx(2, rel=0.05)


def test_dispersion_of_few_areas_is_right_on_average() -> None:
    found = [dispersion(counts(4.0, 20, areas=5, seed=seed)) for seed in range(200)]
    assert np.mean(found) == pytest.approx(4, rel=0.05)


def test_dispersion_is_at_least_one_and_one_where_nothing_can_be_told() -> None:
    assert dispersion(np.full((10, PERIODS), 7.0)) == 1
    assert dispersion(counts(8.0, 5)[:, :3]) == 1
    assert dispersion(np.vstack([counts(8.0, 5)[:1], np.zeros((5, PERIODS))])) == 1
    assert dispersion(np.zeros((5, PERIODS))) == 1


def test_dispersion_does_not_depend_on_the_order_of_areas_or_on_empty_ones() -> None:
    made = counts(3.0, 2)
    shuffled = np.random.default_rng(1).permutation(made)
    assert dispersion(shuffled) == pytest.approx(dispersion(made))
    assert dispersion(np.vstack([made, np.zeros((9, PERIODS))])) == pytest.approx(dispersion(made))
    gap = np.insert(made, 5, 0.0, axis=1)  # a month without any record says nothing
    assert dispersion(gap) == pytest.approx(dispersion(made), rel=0.1)


def test_share_effects_agree_with_simulated_shares() -> None:
    rng = np.random.default_rng(2)
    means, times = np.array([400.0, 250.0, 100.0]), np.array([6.0, 1.5, 3.0])
    drawn = rng.negative_binomial(means / (times - 1), 1 / times, (60_000, 3))
    shares, total = means / means.sum(), means.sum()
    found = share_effects(shares, times)
    simulated = (drawn / drawn.sum(axis=1, keepdims=True)).var(axis=0) / (shares * (1 - shares) / total)
    assert found == pytest.approx(simulated, rel=0.03)


def test_share_effects_without_dispersion_are_one_also_for_a_lone_type() -> None:
    shares = np.array([0.5, 0.3, 0.2, 0.0])
    assert share_effects(shares, np.ones(4)) == pytest.approx(np.ones(4))
    assert share_effects(np.array([1.0, 0.0]), np.array([3.0, 2.0])).tolist() == [1.0, 2.0 * 1.0 + 0.0]
