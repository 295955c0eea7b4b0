"""Ratios of the mean rates of two groups of areas, with errors that allow for areas that resemble each other."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Codes = npt.NDArray[np.integer]


@dataclass(frozen=True, eq=False)
class LogRatios:
    """Logarithms of ratios of mean rates, one for each place.

    Parameters
    ----------
    values, variances
        The logarithms and their squared standard errors; not numbers where a rate is zero or a group is empty.
    top, bottom
        The mean rates.
    """

    values: Floats
    variances: Floats
    top: Floats
    bottom: Floats


def log_ratios(rates: Floats, weights: Floats, top: Flags, bottom: Flags, clusters: Codes, places: Codes) -> LogRatios:
    """Logarithm of the mean rate of the areas `top` over that of the areas `bottom`, in each place.

    The error is the linearised one of a ratio of weighted means, summed by cluster, times G / (G - 1) for G clusters:
    the sandwich of a Poisson regression on the two groups (Wooldridge 2010, Econometric Analysis of Cross Section and
    Panel Data, section 18.2). Weighted by residents, a mean rate is all records over all residents.

    Parameters
    ----------
    rates, weights
        Rate and weight of each area.
    top, bottom
        The areas of the two groups, which do not overlap.
    clusters
        Number of the cluster of each area, from 0, each in one place; each area its own for independent errors.
    places
        Number of the place of each area, from 0.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        upper, lower = (_means(rates, weights * group, places) for group in (top, bottom))
        pulls = _pulls(rates, weights * top, places, upper) - _pulls(rates, weights * bottom, places, lower)
        values = np.where((upper > 0) & (lower > 0), np.log(upper / lower), np.nan)
    variances = _clustered(pulls, top | bottom, clusters, places)
    return LogRatios(values, np.where(np.isnan(values), np.nan, variances), upper, lower)


def _means(rates: Floats, weights: Floats, places: Codes) -> Floats:
    means: Floats = np.bincount(places, rates * weights) / np.bincount(places, weights)
    return means


def _pulls(rates: Floats, weights: Floats, places: Codes, means: Floats) -> Floats:
    """How much each area moves the logarithm of the mean of its group in its place."""
    totals = np.bincount(places, weights) * means
    pulled: Floats = weights * (rates - means[places]) / totals[places]
    return np.nan_to_num(pulled)


def _clustered(pulls: Floats, used: Flags, clusters: Codes, places: Codes) -> Floats:
    """Sum over the clusters of each place of their squared sums, times G / (G - 1)."""
    home = np.zeros(clusters.max() + 1, dtype=np.intp)
    home[clusters[used]] = places[used]
    there = np.flatnonzero(np.bincount(clusters[used]))
    size = places.max() + 1
    squares = np.bincount(home[there], np.bincount(clusters, pulls, len(home))[there] ** 2, size)
    counts = np.bincount(home[there], minlength=size)
    with np.errstate(divide="ignore", invalid="ignore"):
        variances: Floats = np.where(counts > 1, squares * counts / (counts - 1), np.nan)
    return variances
