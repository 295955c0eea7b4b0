import numpy as np
import pytest

from core.london.forecasting import simple

NAN = np.nan
# Two boroughs; the second starts late and misses a figure.
FIGURES = np.array([[0.50, NAN], [0.52, 0.30], [0.54, 0.31], [0.55, NAN], [0.56, 0.36]])


def test_no_change_repeats_the_last_figure() -> None:
    assert simple.no_change(FIGURES[:4], 2).tolist() == [[0.55, 0.31]] * 2


def test_drift_extends_the_line_from_first_to_last() -> None:
    assert simple.drift(FIGURES, 2) == pytest.approx(np.array([[0.575, 0.38], [0.59, 0.40]]))


def test_london_change_moves_all_boroughs_equally() -> None:
    moved = simple.london_change(FIGURES, 3) - FIGURES[-1]
    step = np.mean([0.02, 0.02, 0.01, 0.01, 0.01, 0.0, 0.05])
    assert moved == pytest.approx(step * np.array([[1, 1], [2, 2], [3, 3]]))


def test_seasonal_naive_repeats_the_year_before_or_the_last_figure() -> None:
    assert simple.seasonal_naive(FIGURES, 4)[:, 0].tolist() == [0.52, 0.54, 0.55, 0.56]
    assert simple.seasonal_naive(FIGURES[:4], 2)[:, 1].tolist() == [0.31, 0.30]


def test_exponential_smoothing_follows_walks_and_averages_noise() -> None:
    rng = np.random.default_rng(0)
    walk = np.cumsum(rng.normal(0, 0.01, (200, 3)), axis=0) + 0.5
    noise = 0.5 + rng.normal(0, 0.02, (200, 3))
    assert simple.exponential_smoothing(walk, 1)[0] == pytest.approx(walk[-1], abs=0.01)
    assert simple.exponential_smoothing(noise, 2) == pytest.approx(np.full((2, 3), 0.5), abs=0.015)
