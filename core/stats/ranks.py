"""Ranks of areas with their uncertainty: uncertain figures give intervals of ranks.

Figures are drawn repeatedly from their distributions and ranked each time, as in Goldstein and
Spiegelhalter (1996), "League tables and their limitations", Journal of the Royal Statistical Society A 159.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

LEVEL = 0.8
DRAWS = 4000
SEED = 0
STEPS = 41  # probabilities at which a range of ranks is worked out

Floats = NDArray[np.float64]


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
    drawn = figures.to_numpy(float) + _noise(len(figures)) * np.asarray(sds, float)
    middle = figures.rank(ascending=False, method="min").astype("int64")
    low, high = np.quantile(_ranked(drawn), [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0, method="nearest")
    # The rank may lie outside a skewed interval where areas are tied.
    ends = np.minimum(low, middle.to_numpy()), np.maximum(high, middle.to_numpy())
    return Ranks(middle, *(pd.Series(end, figures.index) for end in ends))


@lru_cache(maxsize=8)
def _noise(areas: int) -> Floats:
    """The draws for so many areas, the same each time; shared, so never to be changed in place."""
    return np.random.default_rng(SEED).standard_normal((DRAWS, areas))


def _ranked(drawn: Floats) -> NDArray[np.int64]:
    """Rank of each figure of a row among those of the row, 1 for the highest; the same share the better rank."""
    order = np.argsort(-drawn, axis=1)
    ordered = np.take_along_axis(drawn, order, axis=1)
    places = np.ones_like(order)
    places[:, 1:] = np.where(ordered[:, 1:] == ordered[:, :-1], 1, np.arange(2, drawn.shape[1] + 1))
    found = np.empty_like(order)
    np.put_along_axis(found, order, np.maximum.accumulate(places, axis=1), axis=1)
    return found


def own_share(errors: pd.DataFrame) -> float:
    """Share of the variance of past errors that is specific to areas rather than common to all in a period.

    Parameters
    ----------
    errors
        One row per period, one column per area.
    """
    within_period = errors.var(axis=1).mean()
    return float(within_period / np.nanmean(errors.to_numpy() ** 2))


def place_range(figures: Floats, errors: Floats, own: int, level: float) -> tuple[int, int]:
    """Range of the rank of one of many figures, 1 for the highest.

    As :func:`ranks` would draw it, without drawing: given the figure's own value, its rank is one more than the number
    of others above it, a sum of independent chances, which is taken to be normal. Own values are taken at evenly
    spaced probabilities, and the rank at evenly spaced probabilities for each of them.

    Parameters
    ----------
    figures, errors
        Figures and the standard deviations of their independent normal errors, all above 0, each of shape (n,).
    own
        Position of the figure whose rank is asked for.
    level
        Probability that the range holds the rank, such as 0.95.

    Returns
    -------
    low, high
        Ranks from 1 to n.
    """
    steps = ndtri((np.arange(STEPS) + 0.5) / STEPS)
    values = figures[own] + errors[own] * steps
    above = ndtr((np.delete(figures, own) - values[:, None]) / np.delete(errors, own))
    spread = np.sqrt((above * (1 - above)).sum(axis=1))
    found = 1 + above.sum(axis=1)[:, None] + spread[:, None] * steps
    low, high = np.quantile(found, [(1 - level) / 2, (1 + level) / 2])
    return int(np.clip(np.rint(low), 1, len(figures))), int(np.clip(np.rint(high), 1, len(figures)))
