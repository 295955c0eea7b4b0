"""95% intervals of counts, of shares and of rates.

- Garwood's exact interval of a Poisson count (1936, "Fiducial limits for the Poisson distribution", Biometrika 28).
  Crime comes in clusters and one offence draws others, so counts vary more than Poisson ones and this is too narrow.
- Wilson's interval of a share (1927, "Probable inference, the law of succession, and statistical inference", Journal of
  the American Statistical Association 22).
- The spread between clusters, for a rate of many areas: the ratio of two sums, linearised. It treats the clusters as a
  sample from a larger population.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaincinv, stdtrit

from core.stats.regression import LEVEL
from core.stats.uncertainty import Z_95

Floats = NDArray[np.float64]
Codes = NDArray[np.intp]
TAILS = (1 - LEVEL) / 2, (1 + LEVEL) / 2


def poisson_interval(records: Floats) -> tuple[Floats, Floats]:
    """Ends of Garwood's exact 95% interval of Poisson counts, shape (n,); between whole counts, the gamma's."""
    low = np.where(records > 0, gammaincinv(np.maximum(records, 1e-9), TAILS[0]), 0.0)
    return low.astype(np.float64), np.asarray(gammaincinv(records + 1, TAILS[1]), dtype=np.float64)


def clustered_rate(records: Floats, base: Floats, clusters: Codes) -> tuple[float, float, float]:
    """Sum of `records` over sum of `base` with its 95% interval by the spread between clusters.

    The interval is on the logarithm, with one degree of freedom less than clusters; missing where there is one
    cluster, or no record.

    Parameters
    ----------
    records, base
        Shape (n,).
    clusters
        Number of each row's cluster, from 0, shape (n,).
    """
    rate = float(records.sum() / base.sum()) if base.sum() else np.nan
    if not rate > 0:
        return rate, np.nan, np.nan
    factor = spread_factor(clusters, records / records.sum() - base / base.sum())
    return rate, rate / factor, rate * factor


def spread_factor(clusters: Codes, influence: Floats) -> float:
    """Factor by which to divide and multiply for the 95% interval.

    Parameters
    ----------
    clusters
        Number of each row's cluster, from 0, shape (n,).
    influence
        Each row's influence on the logarithm of the rate, shape (n,).
    """
    sums = np.bincount(clusters, influence)
    if len(sums) < 2:
        return np.nan
    std_error = np.sqrt(len(sums) / (len(sums) - 1) * (sums @ sums))
    return float(np.exp(stdtrit(len(sums) - 1, TAILS[1]) * std_error))


def wilson(records: Floats, total: Floats) -> tuple[Floats, Floats]:
    """Ends of Wilson's 95% interval of the share of `records` in `total`, each of shape (n,)."""
    share, z2 = records / total, Z_95**2
    middle = (share + z2 / (2 * total)) / (1 + z2 / total)
    reach = Z_95 * np.sqrt(share * (1 - share) / total + z2 / (4 * total**2)) / (1 + z2 / total)
    return np.clip(middle - reach, 0, share), np.clip(middle + reach, share, 1)
