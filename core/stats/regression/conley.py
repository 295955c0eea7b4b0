"""Standard errors for areas with a place: errors of rows of one period are related as far as a distance."""

import math
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from core.stats.regression.columns import Floats
from core.stats.regression.covariance import ErrorCovariance
from core.stats.regression.errors import NoPlaces, NoStandardError, TooCostly
from core.stats.regression.jackknife import effective_clusters
from core.stats.regression.least_squares import LeastSquares
from core.stats.regression.result import Cautious, Estimate
from core.tables.options import Kernel

KERNELS: Mapping[Kernel, str] = {"bartlett": "less the farther apart", "uniform": "alike up to it"}
NBSP_KM = "\N{NO-BREAK SPACE}km"
CAUTIOUS_KM = 5  # some five times the width of a neighbourhood (MSOA) in a city: see docs/method.md
MOST_PAIRS = 5_000_000  # of rows near each other, which take 200 MB


def by_distance(model: LeastSquares) -> ErrorCovariance:
    """:func:`conley` with the kernel and the distance of the model's specification, in km between its rows' places.

    Raises
    ------
    NoPlaces
        If rows have no place.
    NoStandardError
        If a variance comes out negative, as no kernel of distances on a plane like these rules out.
    """
    spec, places = model.design.spec, model.design.places
    if places is None or np.isnan(places).any():
        raise NoPlaces(
            "Some rows have no place on the map, and errors by distance need one; choose another kind of standard "
            "error."
        )
    found = conley(model, places, spec.distance, spec.kernel, NBSP_KM)
    if (found.matrix.diagonal() <= 0).any():
        raise NoStandardError(
            f"Errors related up to {spec.distance}{NBSP_KM} come out with a variance below zero here; choose a shorter "
            "distance, the kernel that falls with the distance, or another kind of standard error."
        )
    return found


def conley(
    model: LeastSquares, places: Floats, distance: float, kernel: Kernel = "bartlett", unit: str = ""
) -> ErrorCovariance:
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
    unit
        What follows the distance in the note.

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
        meat += _near(places[rows], model.scores[rows], distance, kernel, unit)
    note = (
        f"Standard errors that let areas up to {distance:,.0f}{unit} apart be related ({KERNELS[kernel]}; Conley, "
        f"{kernel} kernel); small-sample factor n/(n-k) = {factor:.4f} with k = {model.unknowns}; t distribution with "
        f"{df} degrees of freedom."
    )
    return ErrorCovariance(factor * model.bread @ meat @ model.bread, df, note)


def nearby_intervals(model: LeastSquares, estimates: Mapping[int, Estimate]) -> dict[int, Cautious]:
    """The intervals to rely on, by column, of those `estimates` that errors related up to :data:`CAUTIOUS_KM` widen.

    Nothing where rows have no places, or where it would take too long.
    """
    places = model.design.places
    if places is None or np.isnan(places).any():
        return {}
    try:
        errors = conley(model, places, CAUTIOUS_KM, unit=NBSP_KM)
    except TooCostly:
        return {}
    found = {}
    for column, estimate in estimates.items():
        variance = max(float(errors.matrix[column, column]), 0)
        if math.sqrt(variance) > estimate.std_error:
            wide = replace(estimate, std_error=math.sqrt(variance), df=errors.df)
            if wide.high > estimate.high:
                found[column] = Cautious("near", effective_clusters(model, column), wide.low, wide.high)
    return found


def _by_period(model: LeastSquares) -> list["np.ndarray[tuple[int], np.dtype[np.intp]]"]:
    codes = model.design.period.codes
    order = np.argsort(codes, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(codes[order])) + 1)


def _near(places: Floats, scores: Floats, distance: float, kernel: Kernel, unit: str) -> Floats:
    """Sum of the products of scores of different rows up to `distance` apart, shape (k, k)."""
    from scipy.spatial import KDTree

    tree = KDTree(places)
    if (tree.count_neighbors(tree, distance) - len(places)) // 2 > MOST_PAIRS:
        raise TooCostly(
            f"Over {MOST_PAIRS:,} pairs of areas are {distance:,.0f}{unit} or less apart, more than can be used; "
            "choose a shorter distance."
        )
    one, other = tree.query_pairs(distance, output_type="ndarray").T
    apart = np.linalg.norm(places[one] - places[other], axis=1)
    share = 1 - apart / distance if kernel == "bartlett" and distance else np.ones(len(apart))
    product = (scores[one] * share[:, None]).T @ scores[other]
    return np.asarray(product + product.T)
