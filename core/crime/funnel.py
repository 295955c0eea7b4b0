"""Which small areas stand out from the average by more than their size explains: a funnel plot with honest limits.

A funnel plot (Spiegelhalter 2005, "Funnel plots for comparing institutional performance", Statistics in Medicine 24)
draws each area's rate against the number that it would have at the average rate, with limits that narrow as that number
grows. Limits by chance alone leave most areas outside, because rates of crime differ for many reasons. The variance is
therefore multiplied by an overdispersion factor, estimated from the areas themselves: the mean of the squared z-scores
of the square roots of the counts, the outermost tenth at each end pulled in to the next (Spiegelhalter 2005, section 4;
winsorised so that the areas to be found do not hide themselves).
"""

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from core.crime.area import PER_RESIDENTS
from core.crime.intervals import Floats
from core.stats.uncertainty import Z_95

WINSORISED = 0.1
Z_998 = 3.090232306167813  # of the outer limits, between which 99.8% lie by chance
LIMITS = {"95%": Z_95, "99.8%": Z_998}
STEPS = 60  # of a line


@dataclass(frozen=True)
class Funnel:
    """Rates of small areas against their size, and how far they may lie from the average.

    Parameters
    ----------
    average
        Records per unit of the base over all areas together.
    dispersion
        Overdispersion factor, 1 or more: how many times the variance is that of chance alone.
    rows
        One row per area: ``lsoa11_code``, ``LSOA``, ``district``, ``records``, ``base``, ``expected`` (records at the
        average rate), ``rate`` per 1,000, ``z`` (of chance alone) and ``outside``, the widest of :data:`LIMITS` that
        the area lies outside of with the dispersion allowed for (empty for none).
    """

    average: float
    dispersion: float
    rows: pd.DataFrame

    @property
    def sizes(self) -> Floats:
        """Expected records from the smallest area to the largest, at even steps of their logarithm."""
        ends = np.log(self.rows["expected"].min()), np.log(self.rows["expected"].max())
        steps: Floats = np.exp(np.linspace(*ends, STEPS))
        return steps

    def limits(self, expected: Floats) -> pd.DataFrame:
        """Limits of the rate per 1,000 at `expected` records: ``expected``, ``limit``, ``low``, ``high``."""
        return pd.concat(
            [self._limit(expected, name, z) for name, z in LIMITS.items()],
            ignore_index=True,
        )

    def _limit(self, expected: Floats, name: str, z: float) -> pd.DataFrame:
        # On the scale of square roots a count has a variance of a quarter, whatever its size.
        reach = z * math.sqrt(self.dispersion) / 2
        roots = np.sqrt(expected)
        per = PER_RESIDENTS * self.average / expected
        low, high = (np.maximum(roots + side * reach, 0) ** 2 * per for side in (-1, 1))
        return pd.DataFrame({"expected": expected, "limit": name, "low": low, "high": high})


def funnel(rates: pd.DataFrame) -> Funnel:
    """The funnel of the areas of :func:`core.crime.lsoa_rates.lsoa_rates`."""
    records, base = (rates[name].to_numpy(dtype=float) for name in ("records", "base"))
    average = float(records.sum() / base.sum())
    expected = base * average
    z = 2 * (np.sqrt(records) - np.sqrt(expected))
    dispersion = overdispersion(z)
    outside = np.full(len(z), "", dtype=object)
    for name, reach in LIMITS.items():
        outside[np.abs(z) > reach * math.sqrt(dispersion)] = name
    rows = rates[["lsoa11_code", "LSOA", "district", "records", "base", "rate"]]
    return Funnel(average, dispersion, rows.assign(expected=expected, z=z, outside=outside))


def overdispersion(z: Floats, share: float = WINSORISED) -> float:
    """Overdispersion factor of z-scores: the mean of their squares, `share` at each end pulled in; at least 1."""
    low, high = np.quantile(z, [share, 1 - share])
    return max(1.0, float((np.clip(z, low, high) ** 2).mean()))
