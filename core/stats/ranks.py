"""Ranks of areas with their uncertainty: uncertain figures give intervals of ranks.

Figures are drawn repeatedly from their distributions and ranked each time, as in Goldstein and
Spiegelhalter (1996), "League tables and their limitations", Journal of the Royal Statistical Society A 159.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

LEVEL = 0.8
DRAWS = 4000
SEED = 0


@dataclass(frozen=True, eq=False)
class Ranks:
    """Ranks of areas, 1 for the highest figure.

    Parameters
    ----------
    rank
        Rank of each figure without its error; areas with the same figure share the better rank.
    low, high
        Ends of the 80% interval of each rank.
    """

    rank: pd.Series
    low: pd.Series
    high: pd.Series

    def change_from(self, before: pd.Series) -> pd.DataFrame:
        """Ranks gained since the known ranks `before`: ``gained``, ``low`` and ``high``, negative for ranks lost."""
        return pd.DataFrame({"gained": before - self.rank, "low": before - self.high, "high": before - self.low})


def ranks(figures: pd.Series, sds: pd.Series | float) -> Ranks:
    """Rank `figures` that have normal errors.

    Parameters
    ----------
    figures
        One figure per area.
    sds
        Standard deviation of the area-specific part of the errors: a shared error changes no rank.

    Returns
    -------
    Ranks
        Aligned with `figures`.
    """
    noise = np.random.default_rng(SEED).standard_normal((DRAWS, len(figures)))
    drawn = pd.DataFrame(figures.to_numpy() + noise * np.asarray(sds), columns=figures.index)
    middle = figures.rank(ascending=False, method="min").astype("int64")
    ranked = drawn.rank(axis=1, ascending=False, method="min")
    ends = ranked.quantile([(1 - LEVEL) / 2, (1 + LEVEL) / 2], interpolation="nearest").astype("int64")
    # The rank may lie outside a skewed interval where areas are tied.
    return Ranks(middle, ends.iloc[0].clip(upper=middle), ends.iloc[1].clip(lower=middle))


def own_share(errors: pd.DataFrame) -> float:
    """Share of the variance of past errors that is specific to areas rather than common to all in a period.

    Parameters
    ----------
    errors
        One row per period, one column per area.
    """
    within_period = errors.var(axis=1).mean()
    return float(within_period / np.nanmean(errors.to_numpy() ** 2))
