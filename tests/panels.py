"""Simulated panels with a known coefficient for each group of areas."""

import numpy as np
import pandas as pd

from core.stats.regression import Estimate
from core.tables.panel import Panel


def simulated(slopes: dict[str, float], n_periods: int = 20, seed: int = 1, noise: float = 0.01) -> Panel:
    """Ten areas for each group in `slopes`; the score rises by the group's slope per record in a thousand."""
    rng = np.random.default_rng(seed)
    areas = [(f"{group} {number}", group) for group in slopes for number in range(10)]
    periods = [f"{2017 + position // 4}Q{position % 4 + 1}" for position in range(n_periods)]
    rows = [(area, group, period) for area, group in areas for period in periods]
    frame = pd.DataFrame(rows, columns=["borough", "inner_outer", "quarter"])
    frame["records"] = rng.integers(100, 2000, len(frame))
    frame["arrested"] = rng.binomial(frame["records"], 0.6)
    frame["hospitalised"] = rng.binomial(frame["records"], 0.2)
    frame["population"] = np.repeat(rng.integers(150_000, 400_000, len(areas)), n_periods)
    frame["imd_score"] = np.repeat(rng.normal(20, 5, len(areas)), n_periods)
    frame["crime_per_1000"] = rng.uniform(15, 40, len(frame))
    slope = frame["inner_outer"].map(slopes)
    frame["trust"] = 0.6 + slope * frame["records"] / 1000 + rng.normal(0, noise, len(frame))
    return Panel(frame)


def estimate_of(value: float, std_error: float = 1.0, df: int = 31) -> Estimate:
    return Estimate("records", "predictor", value, std_error, df)
