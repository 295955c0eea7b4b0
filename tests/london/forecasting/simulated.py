"""Surveys with a known make-up: a published figure is the mean of four quarterly samples."""

import numpy as np
import pandas as pd

from core.london.forecasting.state_space import Variances

TRUTH = Variances(
    noise=0.005,
    lasting=0.002,
    fading=0.0015,
    persistence=0.85,
    london=0.0004,
    london_noise=1e-5,
    jump=1e-9,
    london_jump=1e-9,
)


def survey(
    variances: Variances = TRUTH, boroughs: int = 32, quarters: int = 40, seed: int = 0, decimals: int | None = 2
) -> pd.DataFrame:
    """Published figures of a simulated survey, rounded to `decimals`."""
    rng = np.random.default_rng(seed)
    samples = quarters + 3
    london = 0.6 + np.cumsum(rng.normal(0, np.sqrt(variances.london), samples))
    london += rng.normal(0, np.sqrt(variances.london_noise), samples)
    own = np.empty((samples, boroughs))
    own[0] = rng.normal(0, np.sqrt(variances.fading), boroughs)
    step = np.sqrt(variances.fading * (1 - variances.persistence**2))
    for row in range(1, samples):
        own[row] = variances.persistence * own[row - 1] + rng.normal(0, step, boroughs)
    found = london[:, None] + own + rng.normal(0, np.sqrt(variances.lasting), boroughs)
    found += rng.normal(0, np.sqrt(variances.noise), found.shape)
    figures = (found[:-3] + found[1:-2] + found[2:-1] + found[3:]) / 4
    return table(figures.clip(0, 1) if decimals is None else figures.clip(0, 1).round(decimals))


def random_walk(boroughs: int = 32, quarters: int = 40, seed: int = 0, step: float = 0.01) -> pd.DataFrame:
    """Figures whose changes nothing predicts."""
    steps = np.random.default_rng(seed).normal(0, step, (quarters, boroughs))
    return table((0.5 + np.cumsum(steps, axis=0)).clip(0.01, 0.99))


def table(figures: np.ndarray, first: str = "2014Q4") -> pd.DataFrame:
    """`figures` (quarters, boroughs) as a forecast takes them."""
    names = [f"Borough {number:02d}" for number in range(figures.shape[1])]
    return pd.DataFrame(figures, pd.period_range(first, periods=len(figures), freq="Q"), names)
