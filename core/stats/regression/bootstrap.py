"""The restricted wild cluster bootstrap: p-values that are reliable with few clusters.

Null imposed, Rademacher weights, studentised with the clustered standard error. Each draw flips the residuals
of entire clusters; because the statistic of a draw is a function of sums by cluster, all draws are two
small matrix products (Roodman, Nielsen, MacKinnon and Webb 2019, "Fast and wild: bootstrap
inference in Stata using boottest", Stata Journal 19(1)).
"""

from functools import lru_cache
from typing import Any

import numpy as np

from core.stats.regression.columns import Floats
from core.stats.regression.least_squares import LeastSquares

DRAWS = 9_999
MANY_CLUSTERS, FEWER_DRAWS = 250, 999  # with so many clusters a draw costs more, and less depends on it
MOST_CLUSTERS = 5_000  # with more, the t test needs no support
SEED = 20_190_101
TIE = 1e-10  # relative difference below which two statistics count as equal


def wild_cluster_p(model: LeastSquares, term: int, draws: int | None = None) -> float:
    """P-value of the null that the coefficient in column `term` is zero, with the clusters of the model.

    Parameters
    ----------
    draws
        Number of random patterns; :data:`DRAWS` without, or :data:`FEWER_DRAWS` with many clusters.

    Returns
    -------
    float
        Share of the sign patterns, including the observed one, whose statistic is at least as
        large: never zero, and exact if all patterns are enumerated.
    """
    n_clusters = len(model.design.cluster.present)
    draws = draws or (FEWER_DRAWS if n_clusters > MANY_CLUSTERS else DRAWS)
    numerators, denominators = draw_statistics(model, term, signs(n_clusters, draws))
    observed_numerator, observed_denominator = abs(numerators[0]), denominators[0]
    # Cross-multiplied, so that a draw with zero standard error counts as extreme instead of dividing by zero.
    extreme = np.abs(numerators) * observed_denominator >= observed_numerator * denominators * (1 - TIE)
    return float(extreme.mean())


@lru_cache(maxsize=4)
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
