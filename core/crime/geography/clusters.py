"""Where high and low rates gather: local Moran's I of each small area, with the false discovery rate held.

Local Moran's I (Anselin 1995, "Local indicators of spatial association", Geographical Analysis 27) is the standardised
figure of an area times the mean of its neighbours'. Its p-value is that of conditional permutation: the area keeps its
figure, and its neighbours are drawn from all the others. With a thousand areas fifty would come out by chance alone at
5%, so p-values are compared by the rule of Benjamini and Hochberg (1995): of the areas that are named, at most 5% are
expected to be chance.
"""

from collections.abc import Mapping
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.crime.area import CrimeError
from core.crime.geography.spatial import TIE, Floats, Neighbours

PERMUTATIONS = 49_999  # a rule over thousands of areas needs p-values far below 0.001
SEED = 19_950_401
FALSE_DISCOVERIES = 0.05
CLUSTERS: Literal["clusters"] = "clusters"
# An area and its neighbours: high or low, so that the sign is that of the area, and 2 where the neighbours agree.
LOW_LOW, LOW_HIGH, NEITHER, HIGH_LOW, HIGH_HIGH = -2, -1, 0, 1, 2
LABELS: Mapping[int, str] = {
    LOW_LOW: "Low among low",
    LOW_HIGH: "Low among high",
    NEITHER: "No clear cluster",
    HIGH_LOW: "High among low",
    HIGH_HIGH: "High among high",
}


def with_clusters(rates: pd.DataFrame, near: Neighbours) -> pd.DataFrame:
    """`rates`, from :func:`core.crime.lsoa_rates.lsoa_rates`, with ``clusters``: the cluster that each area is in.

    It is that of the logarithm of the shrunk rate: rates are skewed, and those of few records mostly chance.
    """
    found = local_moran(np.log(rates["shrunk"].to_numpy(dtype=float)), near.among(rates["lsoa11_code"].tolist()))
    return rates.assign(**{CLUSTERS: found["cluster"].to_numpy(dtype=float)})


def local_moran(values: Floats, near: Neighbours, permutations: int = PERMUTATIONS, seed: int = SEED) -> pd.DataFrame:
    """Local Moran's I of `values`, one for each LSOA of `near`.

    Parameters
    ----------
    values
        Shape (n,).

    Returns
    -------
    DataFrame
        ``statistic``, ``p`` (two-sided; missing for an LSOA without neighbours), ``p_adjusted`` (Benjamini and
        Hochberg) and ``cluster``, one of :data:`LOW_LOW` to :data:`HIGH_HIGH`; in the order of `near`.

    Raises
    ------
    CrimeError
        If there are fewer than three LSOAs, or all values are the same.
    """
    from scipy.stats import false_discovery_control  # heavy, and for this choice of the map alone

    n = len(near.codes)
    if n < 3 or not np.ptp(values):
        raise CrimeError("Clusters need three LSOAs or more that differ.")
    z = (values - values.mean()) / values.std()
    lagged = near.weights @ z
    p = _permuted(z, lagged, near, permutations, np.random.default_rng(seed))
    known = ~np.isnan(p)
    adjusted = np.full(n, np.nan)
    if known.any():
        adjusted[known] = false_discovery_control(p[known])
    cluster = np.where(z > 0, np.where(lagged > 0, HIGH_HIGH, HIGH_LOW), np.where(lagged > 0, LOW_HIGH, LOW_LOW))
    return pd.DataFrame(
        {
            "statistic": z * lagged,
            "p": p,
            "p_adjusted": adjusted,
            "cluster": np.where(adjusted <= FALSE_DISCOVERIES, cluster, NEITHER),
        }
    )


def _permuted(z: Floats, lagged: Floats, near: Neighbours, permutations: int, chance: np.random.Generator) -> Floats:
    """Two-sided p-value of each area, drawing its neighbours from all the others.

    Areas with as many neighbours share their draws: those of the draws that an area is not in itself are draws from all
    the others.
    """
    counts = np.diff(near.links.indptr)
    p = np.full(len(z), np.nan)
    for count in np.unique(counts[counts > 0]):
        drawn = _draws(len(z), int(count), permutations, chance)
        means = z[drawn].mean(axis=1)
        members, reached = drawn.ravel(), np.repeat(means, count) >= lagged[drawn.ravel()] - TIE
        itself = np.bincount(members, minlength=len(z))
        above = permutations - np.searchsorted(np.sort(means), lagged - TIE)
        above = above - np.bincount(members, reached, minlength=len(z))
        others = permutations - itself
        tails = 2 * (np.minimum(above, others - above) + 1) / (others + 1)
        own = counts == count
        p[own] = np.minimum(1, tails[own])
    return p


def _draws(n: int, count: int, permutations: int, chance: np.random.Generator) -> NDArray[np.intp]:
    """`permutations` rows of `count` different numbers under `n`, each set as likely (Floyd's algorithm)."""
    drawn = np.empty((permutations, count), dtype=np.intp)
    for column, last in enumerate(range(n - count, n)):
        number = chance.integers(0, last + 1, permutations)
        taken = (drawn[:, :column] == number[:, None]).any(axis=1)
        drawn[:, column] = np.where(taken, last, number)
    return drawn
