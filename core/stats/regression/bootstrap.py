"""The restricted wild cluster bootstrap: p-values that are reliable with few clusters.

Null imposed, Rademacher weights, studentised with the clustered standard error. Each draw flips the residuals
of entire clusters; because the statistic of a draw is a function of sums by cluster, all draws are two
small matrix products (Roodman, Nielsen, MacKinnon and Webb 2019, "Fast and wild: bootstrap
inference in Stata using boottest", Stata Journal 19(1)).
"""

from functools import lru_cache

import numpy as np

from core.stats.regression.columns import Floats
from core.stats.regression.least_squares import LeastSquares

DRAWS = 9_999
SEED = 20_190_101
TIE = 1e-10  # relative difference below which two statistics count as equal


def wild_cluster_p(model: LeastSquares, term: int, draws: int = DRAWS) -> float:
    """P-value of the null that the coefficient in column `term` is zero, with the clusters of the model.

    Returns
    -------
    float
        Share of the sign patterns, including the observed one, whose statistic is at least as
        large: never zero, and exact if all patterns are enumerated.
    """
    numerators, denominators = draw_statistics(model, term, signs(len(model.design.cluster.present), draws))
    observed_numerator, observed_denominator = abs(numerators[0]), denominators[0]
    # Cross-multiplied, so that a draw with zero standard error counts as extreme instead of dividing by zero.
    extreme = np.abs(numerators) * observed_denominator >= observed_numerator * denominators * (1 - TIE)
    return float(extreme.mean())


@lru_cache(maxsize=8)
def signs(n_clusters: int, draws: int = DRAWS) -> Floats:
    """Sign patterns, shape (patterns, n_clusters), the observed one (all ones) first.

    All patterns if there are at most `draws`, without mirror images, which give the same statistic;
    otherwise `draws` random ones after the observed one.
    """
    if 2**n_clusters <= draws:
        bits = np.arange(2 ** (n_clusters - 1))[:, None] >> np.arange(n_clusters) & 1
    else:
        random = np.random.default_rng(SEED).integers(0, 2, size=(draws, n_clusters))
        bits = np.vstack([np.zeros((1, n_clusters), dtype=random.dtype), random])
    patterns: Floats = 1 - 2 * bits.astype(np.float64)
    patterns.setflags(write=False)
    return patterns


def draw_statistics(model: LeastSquares, term: int, patterns: Floats) -> tuple[Floats, Floats]:
    """Numerator and denominator of each draw's t statistic, up to one common factor."""
    x, restricted = model.partial_residuals(term)
    clusters = model.design.cluster.indicators
    parts = clusters.T @ (x * restricted)
    scores = np.diag(parts)
    for basis, inverse in ((model.x, model.bread), (model.effects.dummies, model.effects.inverse)):
        scores = scores - _shared(clusters, basis, x) @ inverse @ _shared(clusters, basis, restricted).T
    by_cluster = patterns @ scores.T
    return patterns @ parts, np.sqrt(np.einsum("dg,dg->d", by_cluster, by_cluster))


def _shared(clusters: Floats, basis: Floats, column: Floats) -> Floats:
    """Sums by cluster of the products of `basis` and `column`, shape (clusters, columns of `basis`)."""
    return clusters.T @ (basis * column[:, None])
