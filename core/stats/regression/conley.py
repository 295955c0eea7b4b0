"""Standard errors for areas with a place: errors of rows of one period are related as far as a distance."""

from collections.abc import Mapping
from typing import Literal

import numpy as np

from core.stats.regression.columns import Floats
from core.stats.regression.covariance import ErrorCovariance
from core.stats.regression.errors import TooCostly
from core.stats.regression.least_squares import LeastSquares

Kernel = Literal["bartlett", "uniform"]
KERNELS: Mapping[Kernel, str] = {"bartlett": "less the farther apart", "uniform": "alike up to it"}
MOST_PAIRS = 5_000_000  # of rows near each other, which take 200 MB


def conley(model: LeastSquares, places: Floats, distance: float, kernel: Kernel = "bartlett") -> ErrorCovariance:
    """Errors correlated between areas that are near each other (Conley 1999, Journal of Econometrics 92(1)).

    Parameters
    ----------
    model
        The regression.
    places
        Coordinates of each row's area on a plane, such as eastings and northings in metres, shape (n, 2).
    distance
        How far errors are related, in the unit of `places`; rows of different periods are not.
    kernel
        ``"bartlett"``: the relation falls in a straight line to zero at the distance; ``"uniform"``: it is the same up
        to the distance, as in Conley's own program, which can give negative variances.

    Returns
    -------
    ErrorCovariance
        With factor n / (n - k) and n - k degrees of freedom, as HC1, which it is at distance 0.

    Raises
    ------
    TooCostly
        If too many rows are near each other.
    """
    df = model.n - model.unknowns
    factor = model.n / df
    meat = model.scores.T @ model.scores
    for rows in _by_period(model):
        meat += _near(places[rows], model.scores[rows], distance, kernel)
    note = (
        f"Standard errors that let areas up to {distance:,.0f} apart be related ({KERNELS[kernel]}; Conley, {kernel} "
        f"kernel); small-sample factor n/(n-k) = {factor:.4f} with k = {model.unknowns}; t distribution with {df} "
        "degrees of freedom."
    )
    return ErrorCovariance(factor * model.bread @ meat @ model.bread, df, note)


def _by_period(model: LeastSquares) -> list["np.ndarray[tuple[int], np.dtype[np.intp]]"]:
    codes = model.design.period.codes
    order = np.argsort(codes, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(codes[order])) + 1)


def _near(places: Floats, scores: Floats, distance: float, kernel: Kernel) -> Floats:
    """Sum of the products of scores of different rows up to `distance` apart, shape (k, k)."""
    from scipy.spatial import KDTree

    tree = KDTree(places)
    if (tree.count_neighbors(tree, distance) - len(places)) // 2 > MOST_PAIRS:
        raise TooCostly(
            f"Over {MOST_PAIRS:,} pairs of areas are {distance:,.0f} or less apart, more than can be used; "
            "choose a shorter distance."
        )
    one, other = tree.query_pairs(distance, output_type="ndarray").T
    apart = np.linalg.norm(places[one] - places[other], axis=1)
    share = 1 - apart / distance if kernel == "bartlett" and distance else np.ones(len(apart))
    product = (scores[one] * share[:, None]).T @ scores[other]
    return np.asarray(product + product.T)
