"""Leaving out each cluster in turn: what the jackknife's errors, its degrees of freedom and its cautions are made of.

No model is fitted again. The coefficients without a cluster follow from the part of the hat matrix that the cluster's
own rows have, whose singular values also show which coefficients no longer exist (MacKinnon, Nielsen and Webb 2023,
"Fast and reliable jackknife and bootstrap methods for cluster-robust inference", Journal of Applied Econometrics
38(5)).
"""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from core.stats.regression.columns import Floats
from core.stats.regression.errors import TooCostly
from core.stats.regression.least_squares import LeastSquares
from core.stats.regression.result import Caution, Cautious, Estimate
from core.stats.robustness import SIGNIFICANCE

DETERMINES = 1e-9  # 1 minus a squared singular value of at most this: the cluster alone determines a direction
MATTERS = 1e-6  # share of a coefficient's spread that lies in such a direction, above which it is lost with the cluster
ENOUGH = 12  # effective clusters with which clustered errors are about right: see benchmarks/calibration.py
SEED, DRAWS = 20_230_101, 4_000
FARTHEST = 1e4  # standard errors, beyond which nothing is distinguished
MOST_STEPS, MOST_CELLS = 1_000_000_000, 20_000_000  # about ten seconds, 160 MB


@dataclass(frozen=True, eq=False)
class Jackknife:
    """What happens when each of `G` clusters is left out.

    Parameters
    ----------
    shifts
        Coefficients without the cluster minus those with all, shape (G, k).
    identified
        Whether each coefficient still exists whichever cluster is left out, shape (k,).
    own
        Squared length of the weights that each cluster's errors have in its shift of each coefficient, shape (G, k).
    shared
        What these weights have in common with columns and effects, shape (G, directions, k).
    """

    shifts: Floats
    identified: NDArray[np.bool_]
    own: Floats
    shared: Floats

    @property
    def matrix(self) -> Floats:
        """Covariance of the coefficients, CR3 around the estimate, shape (k, k)."""
        n_clusters = len(self.shifts)
        return np.asarray((n_clusters - 1) / n_clusters * self.shifts.T @ self.shifts)

    def critical(self, column: int, variance: float) -> float:
        """How many standard errors a 95% interval of the coefficient in `column` reaches either side.

        Exact for normal errors that are independent and of equal spread, with as few clusters as carry the coefficient:
        its squared standard error is then a weighted sum of squared normal variables, and independent of it. The t
        distribution with degrees of freedom that match the sum's spread (Bell and McCaffrey 2002) reaches far too wide
        where one or two clusters carry the coefficient, as in a comparison of two treated ones with many.

        Parameters
        ----------
        variance
            Variance of the coefficient if the errors' is one.
        """
        from scipy.optimize import brentq

        n_clusters, shared = len(self.shifts), self.shared[:, :, column]
        spread = np.linalg.eigvalsh(np.diag(self.own[:, column]) - shared @ shared.T).clip(min=0)
        errors = np.sqrt(_squares(n_clusters) @ spread * (n_clusters - 1) / n_clusters / variance)
        return float(brentq(lambda reach: 2 * ndtr(-reach * errors).mean() - SIGNIFICANCE, 0, FARTHEST))


def leave_out_clusters(model: LeastSquares) -> Jackknife:
    """Leave out each cluster of `model` in turn; raise :class:`TooCostly` where that would take too long."""
    basis = _basis(model)
    places = model.design.cluster.places
    _check_cost(model, np.bincount(places), basis.shape[1])
    order = np.argsort(places, kind="stable")
    found = [_without(model, basis, rows) for rows in np.split(order, np.flatnonzero(np.diff(places[order])) + 1)]
    shifts, kept, own, shared = (np.array(part) for part in zip(*found, strict=True))
    return Jackknife(shifts, np.asarray(kept.all(axis=0)), own, shared)


def effective_clusters(model: LeastSquares, column: int) -> float:
    """Number of equal clusters that would carry as much of the coefficient in `column` as these do.

    G / (1 + the squared coefficient of variation of the clusters' shares in it), after Carter, Schnepel and Steigerwald
    (2017, Review of Economics and Statistics 99(4)), with their errors unrelated within clusters. Errors that are fully
    related, their other case, leave nothing where the effects of the clusters are taken out.
    """
    x, _ = model.partial_residuals(column)
    shares = model.design.cluster.sums((x**2)[:, None])[:, 0]
    return float(shares.sum() ** 2 / (shares**2).sum())


def cautious_intervals(model: LeastSquares, estimates: dict[int, Estimate]) -> dict[int, Cautious]:
    """The intervals to rely on, by column, of those `estimates` with clustered errors that have too few clusters.

    Nothing where it would take too long, which so few clusters hardly ever do.
    """
    effective = {column: effective_clusters(model, column) for column in estimates}
    few = [column for column, number in effective.items() if number < ENOUGH]
    if not few:
        return {}
    try:
        without = leave_out_clusters(model)
    except TooCostly:
        return {}
    return {column: _cautious(model, without, column, estimates[column], effective[column]) for column in few}


def _cautious(model: LeastSquares, without: Jackknife, column: int, estimate: Estimate, effective: float) -> Cautious:
    if not without.identified[column]:
        return Cautious("one_carries_it", effective, -math.inf, math.inf)
    caution: Caution = "few_clusters" if len(without.shifts) < ENOUGH else "few_carry_it"
    std_error = math.sqrt(without.matrix[column, column])
    reach = without.critical(column, float(model.bread[column, column])) * std_error
    middle = estimate.estimate
    return Cautious(caution, effective, min(middle - reach, estimate.low), max(middle + reach, estimate.high))


@lru_cache(maxsize=4)
def _squares(n_clusters: int) -> Floats:
    """Squares of normal variables, the same in every call, shape (draws, n_clusters)."""
    return np.random.default_rng(SEED).chisquare(1, size=(DRAWS, n_clusters))


def _basis(model: LeastSquares) -> Floats:
    """Orthonormal basis of the columns and effects, without levels, and their trends, that lie in one cluster each.

    Those have no part in residuals and columns of any cluster, and go when it goes.
    """
    from scipy.sparse import eye_array

    keys, cluster = model.effects.keys, model.design.cluster
    if not keys:
        return model.factors.basis
    nested = keys[0].within(cluster)
    columns = sum(len(key.present) for key in keys[1:]) + (0 if nested else model.effects.columns)
    _check_cells(model, columns + model.x.shape[1])
    longest, *crossed = model.effects.coordinates(eye_array(model.n, format="csr"))
    return np.hstack([model.factors.basis, *crossed, *([] if nested else [longest.toarray()])])


def _without(model: LeastSquares, basis: Floats, rows: NDArray[np.intp]) -> tuple[Floats, ...]:
    """Shift, which coefficients are left, squared length of the weights, and their part in `basis`, of one cluster."""
    x, part = model.x[rows], basis[rows]
    left, sizes, _ = np.linalg.svd(part, full_matrices=False)
    room = 1 - sizes**2
    lost = room <= DETERMINES
    factor = np.where(lost, -1, sizes**2 / np.where(lost, 1, room))
    adjusted = x + left @ (factor[:, None] * (left.T @ x))
    weights = adjusted @ model.bread
    gone = np.abs(model.bread @ x.T @ left[:, lost]).max(axis=1, initial=0) / np.sqrt(model.bread.diagonal())
    return -weights.T @ model.residuals[rows], gone <= MATTERS, (weights**2).sum(axis=0), part.T @ weights


def _check_cells(model: LeastSquares, columns: int) -> None:
    if model.n * columns > MOST_CELLS:
        raise TooCostly(_too_costly(model))


def _check_cost(model: LeastSquares, sizes: NDArray[np.intp], columns: int) -> None:
    if (sizes * columns * np.minimum(sizes, columns)).sum() > MOST_STEPS:
        raise TooCostly(_too_costly(model))


def _too_costly(model: LeastSquares) -> str:
    name = model.design.cluster.name
    return (
        f"Leaving out each {name} in turn would take too long with {model.n:,} rows and these effects; "
        "choose another kind of standard error, or fewer effects."
    )
