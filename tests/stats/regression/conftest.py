"""Simulated panels: the shape of the London one, with numbers that everyone can make again."""

import numpy as np
import pandas as pd
import pytest

from core.tables.panel import Panel

SEED = 20_170_401


def simulated(n_areas: int = 32, n_periods: int = 27, seed: int = SEED) -> Panel:
    """A panel with area and period levels in outcome and predictors, and errors related over time."""
    rng = np.random.default_rng(seed)
    areas = [f"Area {position:02}" for position in range(n_areas)]
    periods = [f"{2017 + (position + 1) // 4}Q{(position + 1) % 4 + 1}" for position in range(n_periods)]
    frame = pd.DataFrame([(area, period) for area in areas for period in periods], columns=["borough", "quarter"])
    area, period = np.repeat(np.arange(n_areas), n_periods), np.tile(np.arange(n_periods), n_areas)
    level, shock = rng.normal(size=n_areas)[area], rng.normal(size=n_periods)[period]
    drift = rng.normal(size=(n_areas, n_periods)).cumsum(axis=1).ravel()
    frame["records"] = rng.poisson(np.exp(6.5 + 0.3 * level + 0.2 * shock)) + 50
    frame["arrested"] = rng.binomial(frame["records"], 0.7)
    frame["hospitalised"] = rng.binomial(frame["records"], 0.05)
    frame["population"] = (200_000 + 90_000 * rng.random(n_areas))[area] * (1 + 0.002 * period)
    frame["imd_score"] = rng.normal(22, 6, n_areas)[area]
    frame["crime"] = rng.normal(25, 4, len(frame)) + 3 * level
    noise = rng.normal(size=len(frame)) * (0.5 + 0.5 * (level > 0))
    frame["trust"] = 0.62 + 0.02 * level - 0.03 * shock + 0.004 * drift + 0.02 * noise - 0.01 * np.log(frame["records"])
    return Panel(frame)


@pytest.fixture(scope="session")
def panel() -> Panel:
    """32 areas over 27 periods, complete."""
    return simulated()


@pytest.fixture(scope="session")
def gappy(panel: Panel) -> Panel:
    """The same with 150 rows gone and 60 values missing: unbalanced."""
    rng = np.random.default_rng(SEED + 1)
    kept = panel.frame[rng.permutation(len(panel.frame)) >= 150].reset_index(drop=True)
    kept.loc[rng.choice(len(kept), 60, replace=False), "crime"] = np.nan
    return Panel(kept)
