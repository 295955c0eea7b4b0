"""How much more counts vary by chance than Poisson counts do, from counts of the same areas in successive periods.

Records come in groups, so that their variance is a multiple of the mean: that of a negative binomial count of the first
kind, var = phi * mean (NB1; Cameron and Trivedi 2013, *Regression Analysis of Count Data*, 2nd edition, section 3.3).
Counts of many areas at one time cannot tell this *dispersion* from lasting differences between areas; counts of the
same areas over time can.
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

FEWEST_PERIODS = 4


def dispersion(counts: Floats) -> float:
    """The ratio phi of the variance of counts to their mean, from differences between neighbouring periods; at least 1.

    What all areas share in a period, such as the season, is taken out: of the records of an area in two neighbouring
    periods, as large a part is expected in the second as of all areas' records. The squared differences from that are
    added up, over what they would be for Poisson counts (Pearson's statistic; McCullagh and Nelder 1989, *Generalized
    Linear Models*, section 4.5). Differences between neighbouring periods leave out what changes slowly (von Neumann,
    Kent, Bellinson and Hart 1941, *Annals of Mathematical Statistics* 12(2)), which is change and not chance. Areas
    with at least one record in a period count the same; others in proportion to their records, as their single ratios
    say nothing.

    Parameters
    ----------
    counts
        Shape (areas, periods), periods in order of time.

    Returns
    -------
    float
        1 also where there are fewer than :data:`FEWEST_PERIODS` periods or two areas with records.
    """
    there = counts[counts.sum(axis=1) > 0]
    if counts.shape[1] < FEWEST_PERIODS or len(there) < 2:
        return 1.0
    of_all = there.sum(axis=0) / there.sum()
    both = of_all[1:] + of_all[:-1]
    known = both > 0
    late, pair = of_all[1:][known] / both[known], both[known]
    before, after = there[:, :-1][:, known], there[:, 1:][:, known]
    squares = (after - (before + after) * late) ** 2
    totals = there.sum(axis=1)
    expected = totals[:, None] * (pair * late * (1 - late))
    weights = 1 / np.maximum(totals / counts.shape[1], 1.0)
    # An area is part of all areas: their sum is taken to differ from itself by nothing.
    found = float(weights @ squares.sum(axis=1) / (weights @ expected.sum(axis=1))) * len(there) / (len(there) - 1)
    return max(1.0, found)


def share_effects(shares: Floats, dispersions: Floats) -> Floats:
    """How many times the variance of each share is that of single draws, where counts of types vary independently.

    The variance of the share s of one type among N records is ((1 - s)^2 phi s + s^2 sum of phi_j s_j) / N by the delta
    method, the sum being over the other types j; without dispersion it is s (1 - s) / N (Rao and Scott 1981, *Journal
    of the American Statistical Association* 76).

    Parameters
    ----------
    shares, dispersions
        Of each type, shape (types,); shares add up to 1.
    """
    spread = shares * dispersions
    left = 1 - shares
    others = np.divide(spread.sum() - spread, left, out=np.ones_like(left), where=left > 0)
    return np.asarray(left * dispersions + shares * others)
