"""Standard errors for areas with a place: errors of rows of one period are related as far as a distance."""

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from core.stats.regression.columns import Codes, Floats
from core.stats.regression.covariance.error_covariance import ErrorCovariance
from core.stats.regression.covariance.jackknife import effective_clusters
from core.stats.regression.errors import NoPlaces, NoStandardError, TooCostly
from core.stats.regression.least_squares import LeastSquares
from core.stats.regression.result import Cautious, Estimate
from core.tables.options import Kernel
from core.tables.panel import Panel

if TYPE_CHECKING:
    from scipy.sparse import csr_array

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
    model: LeastSquares,
    places: Floats,
    distance: float,
    kernel: Kernel = "bartlett",
    unit: str = "",
    near: "csr_array | None" = None,
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
    near
        How far the errors of each pair of rows of the model's panel are related, each pair once, where it is known.

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
    if near is None:
        for rows in _by_period(model):
            meat += _near(places[rows], model.scores[rows], distance, kernel, unit)
    else:
        scores = np.zeros((near.shape[0], model.scores.shape[1]))
        scores[model.design.rows] = model.scores
        product = scores.T @ (near @ scores)
        meat += product + product.T
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
        near = model.design.panel.once(_within_caution)
        errors = conley(model, places, CAUTIOUS_KM, unit=NBSP_KM, near=near)
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


def _within_caution(panel: Panel) -> "csr_array | None":
    """How far errors are related in :func:`nearby_intervals`: for all models of `panel`, whichever rows they use.

    Each pair of rows once, shape (rows of the panel, same); ``None`` where rows are of several periods, some have no
    place or too many are near each other.
    """
    from scipy.sparse import csr_array

    places = panel.places
    if places is None or len(panel.periods) > 1 or np.isnan(places).any():
        return None
    try:
        one, other, share = _pairs(places, CAUTIOUS_KM, "bartlett", NBSP_KM)
    except TooCostly:
        return None
    return csr_array((share, (one, other)), shape=(len(places), len(places)))


def _near(places: Floats, scores: Floats, distance: float, kernel: Kernel, unit: str) -> Floats:
    """Sum of the products of scores of different rows up to `distance` apart, shape (k, k)."""
    one, other, share = _pairs(places, distance, kernel, unit)
    product = (scores[one] * share[:, None]).T @ scores[other]
    return np.asarray(product + product.T)


def _pairs(places: Floats, distance: float, kernel: Kernel, unit: str) -> tuple[Codes, Codes, Floats]:
    """The pairs of different rows up to `distance` apart, each once, and how far their errors are related."""
    from scipy.spatial import KDTree

    tree = KDTree(places)
    if (tree.count_neighbors(tree, distance) - len(places)) // 2 > MOST_PAIRS:
        raise TooCostly(
            f"Over {MOST_PAIRS:,} pairs of areas are {distance:,.0f}{unit} or less apart, more than can be used; "
            "choose a shorter distance."
        )
    one, other = tree.query_pairs(distance, output_type="ndarray").T
    apart = np.linalg.norm(places[one] - places[other], axis=1)
    return one, other, 1 - apart / distance if kernel == "bartlett" and distance else np.ones(len(apart))
