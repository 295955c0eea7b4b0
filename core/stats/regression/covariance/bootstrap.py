"""The restricted wild cluster bootstrap: p-values that are reliable with few clusters.

Null imposed, studentised with the clustered standard error; signs as weights (Rademacher), or with few clusters Webb's
six points (Webb 2023, "Reworking wild bootstrap-based inference for clustered errors", Canadian Journal of Economics
56(3)). Each draw multiplies the residuals of entire clusters; because its statistic is a function of sums by cluster,
all draws are a few matrix products (Roodman, Nielsen, MacKinnon and Webb 2019, "Fast and wild: bootstrap inference in
Stata using boottest", Stata Journal 19(1)).
"""

from functools import lru_cache
from typing import Any

import numpy as np

from core.stats.regression.columns import Floats
from core.stats.regression.least_squares import LeastSquares

DRAWS = 9_999
FEW_CLUSTERS = 12
SIGNS = np.array([1.0, -1.0])  # Rademacher
WEBB = np.outer([1, -1], np.sqrt([0.5, 1, 1.5])).ravel()  # of mean zero and variance one, as signs are
MANY_CLUSTERS, FEWER_DRAWS = 250, 999  # with so many clusters a draw costs more, and less depends on it
MOST_CLUSTERS = 5_000  # with more, the t test needs no support
SEED = 20_190_101
TIE = 1e-10  # relative difference below which two statistics count as equal


def wild_cluster_p(model: LeastSquares, term: int, draws: int | None = None) -> float:
    """P-value of the null that the coefficient in column `term` is zero, with the clusters of the model.

    Parameters
    ----------
    draws
        Number of random patterns of weights; :data:`DRAWS` without, or :data:`FEWER_DRAWS` with many clusters.

    Returns
    -------
    float
        Share of the patterns, including the observed one, whose statistic is at least as large: never zero.
    """
    n_clusters = len(model.design.cluster.present)
    draws = draws or (FEWER_DRAWS if n_clusters > MANY_CLUSTERS else DRAWS)
    numerators, denominators = draw_statistics(model, term, patterns_of(n_clusters, draws))
    observed_numerator, observed_denominator = abs(numerators[0]), denominators[0]
    # Cross-multiplied, so that a draw with zero standard error counts as extreme instead of dividing by zero.
    extreme = np.abs(numerators) * observed_denominator >= observed_numerator * denominators * (1 - TIE)
    return float(extreme.mean())


@lru_cache(maxsize=4)
def patterns_of(n_clusters: int, draws: int = DRAWS) -> Floats:
    """Weights of the clusters in each draw, shape (1 + draws, n_clusters), after the observed one (all ones).

    Signs (Rademacher); with up to :data:`FEW_CLUSTERS` clusters, which have few patterns of signs, Webb's six points.
    """
    points = WEBB if n_clusters <= FEW_CLUSTERS else SIGNS
    drawn = points[np.random.default_rng(SEED).integers(0, len(points), size=(draws, n_clusters))]
    patterns = np.vstack([np.ones((1, n_clusters)), drawn])
    patterns.setflags(write=False)
    return patterns


def draw_statistics(model: LeastSquares, term: int, patterns: Floats) -> tuple[Floats, Floats]:
    """Numerator and denominator of each draw's t statistic, up to one common factor."""
    x, restricted = model.partial_residuals(term)
    clusters, effects, basis = model.design.cluster, model.effects, model.factors.basis
    parts = clusters.sums((x * restricted)[:, None])[:, 0]
    ours = [clusters.sums(basis * x[:, None]), *effects.coordinates(clusters.spread(x))]
    others = [clusters.sums(basis * restricted[:, None]), *effects.coordinates(clusters.spread(restricted))]
    by_cluster = _scores(patterns, parts, list(zip(ours, others, strict=True)))
    return patterns @ parts, np.sqrt(np.einsum("dg,dg->d", by_cluster, by_cluster))


def _scores(patterns: Floats, parts: Floats, taken: list[tuple[Any, Any]]) -> Floats:
    """Score of each cluster in each draw: its own part, less what coefficients and effects take of the others' parts.

    What they take is a product of two matrices for each of `taken`. With few clusters it is worked out once, with many
    draw by draw, so that no matrix has clusters times clusters.
    """
    if len(parts) <= MANY_CLUSTERS:
        shares = np.diag(parts)
        for ours, others in taken:
            shares -= _dense(ours @ others.T)
        return np.asarray(patterns @ shares.T)
    scores = patterns * parts
    for ours, others in taken:
        scores -= np.asarray(patterns @ others @ ours.T)
    return scores


def _dense(matrix: Any) -> Floats:
    return np.asarray(matrix if isinstance(matrix, np.ndarray) else matrix.toarray())
