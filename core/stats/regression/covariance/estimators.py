"""Standard errors: one function per estimator, each with a sentence that describes it.

Every function takes a solved regression with `k` columns and returns an :class:`ErrorCovariance`.
The small-sample factors are those of R's fixest and of pyfixest, described in
https://cran.r-project.org/web/packages/fixest/vignettes/standard_errors.html
"""

from collections.abc import Callable, Mapping

import numpy as np

from core.stats.regression.absorption import separate_keys
from core.stats.regression.columns import Floats, Key
from core.stats.regression.covariance.conley import by_distance
from core.stats.regression.covariance.error_covariance import ErrorCovariance
from core.stats.regression.covariance.jackknife import leave_out_clusters
from core.stats.regression.errors import NoStandardError, TooFewClusters, listed, several
from core.stats.regression.least_squares import LeastSquares
from core.tables.options import Covariance

FEW_CLUSTERS = 10
FEW_PERIODS, VERY_FEW_PERIODS = 20, 10


def classical(model: LeastSquares) -> ErrorCovariance:
    """Independent homoskedastic errors, as ordinary least squares assumes."""
    df = model.n - model.unknowns
    note = f"Classical standard errors, which assume independent errors of equal spread; {_t(df)}."
    return ErrorCovariance(model.variance * model.bread, df, note)


def hc1(model: LeastSquares) -> ErrorCovariance:
    """Independent heteroskedastic errors (White 1980), times n / (n - k)."""
    df = model.n - model.unknowns
    factor = model.n / df
    note = (
        "Standard errors robust to unequal spread (HC1), which treat every row as independent; "
        f"small-sample factor n/(n-k) = {factor:.4f} with k = {model.unknowns}; {_t(df)}."
    )
    return ErrorCovariance(factor * _sandwich(model, model.scores), df, note)


def cluster(model: LeastSquares) -> ErrorCovariance:
    """Errors correlated within clusters (Liang and Zeger 1986), CR1: k excludes effects nested in clusters."""
    key = model.design.cluster
    n_clusters = _count(key)
    factor, k = _factor(model, n_clusters, key)
    matrix = factor * _sandwich(model, _sums(model, key))
    note = (
        f"Standard errors clustered by {key.noun} ({n_clusters} clusters); small-sample factor G/(G-1) x (n-1)/(n-k) = "
        f"{factor:.4f} with k = {k}{_uncounted(model, key)}; {_t(n_clusters - 1)}."
    )
    return ErrorCovariance(matrix, n_clusters - 1, note, ((key.name, n_clusters),), _few_clusters(key.name, n_clusters))


def jackknife(model: LeastSquares) -> ErrorCovariance:
    """Errors correlated within clusters, from leaving out each in turn (CR3; MacKinnon, Nielsen and Webb 2023)."""
    key = model.design.cluster
    n_clusters = _count(key)
    without = leave_out_clusters(model)
    for position in np.flatnonzero(~without.identified)[:1]:
        raise NoStandardError(
            f"One {key.noun} alone carries the estimate of {model.design.label(model.design.names[position])}, which "
            "is lost without it; choose another kind of standard error or another variable."
        )
    note = (
        f"Jackknife standard errors, from leaving out each {key.noun} in turn (CR3, {n_clusters} clusters, around the "
        f"estimate, times (G-1)/G); {_t(n_clusters - 1)}."
    )
    warnings = _few_clusters(key.name, n_clusters)
    return ErrorCovariance(without.matrix, n_clusters - 1, note, ((key.name, n_clusters),), warnings)


def two_way(model: LeastSquares) -> ErrorCovariance:
    """Errors correlated within clusters and within periods (Cameron, Gelbach and Miller 2011)."""
    keys = model.design.cluster, model.design.period
    clusters = tuple((key.name, _count(key)) for key in keys)
    fewest_key, fewest = min(clusters, key=lambda pair: pair[1])
    factor, k = _factor(model, fewest, *keys)
    by_area, by_period = (_sandwich(model, _sums(model, key)) for key in keys)
    matrix, repaired = _positive(factor * (by_area + by_period - _sandwich(model, model.scores)), model.bread)
    counts = listed(str(count) for _, count in clusters) + " clusters" + ", negative eigenvalues set to zero" * repaired
    note = (
        f"Standard errors clustered by {listed(key.noun for key in keys)} ({counts}); "
        f"small-sample factor G/(G-1) x (n-1)/(n-k) = {factor:.4f} with the smaller G and k = {k}"
        f"{_uncounted(model, *keys)}; {_t(fewest - 1)}."
    )
    return ErrorCovariance(matrix, fewest - 1, note, clusters, _few_clusters(fewest_key, fewest) + _repair(repaired))


def driscoll_kraay(model: LeastSquares) -> ErrorCovariance:
    """Errors correlated across areas and over `kernel_lags` periods (Driscoll and Kraay 1998), Bartlett kernel.

    Lags count steps in time, including those without rows.
    """
    key, lags = model.design.period, model.design.spec.kernel_lags
    period, n_periods = key.name, _count(key)
    factor, k = _factor(model, n_periods)
    sums = _sums(model, key)
    meat = sums.T @ sums
    for lag in range(1, min(lags, len(sums) - 1) + 1):
        lagged = sums[lag:].T @ sums[:-lag]
        meat += (1 - lag / (lags + 1)) * (lagged + lagged.T)
    note = (
        f"Driscoll-Kraay standard errors (Bartlett kernel, {lags} lag{'s' * (lags != 1)}, "
        f"{n_periods} {several(period)}); small-sample factor T/(T-1) x (n-1)/(n-k) = {factor:.4f} with k = {k}; "
        f"{_t(n_periods - 1)}."
    )
    matrix = factor * model.bread @ meat @ model.bread
    return ErrorCovariance(matrix, n_periods - 1, note, ((period, n_periods),), _few_periods(period, n_periods, lags))


ESTIMATORS: Mapping[Covariance, Callable[[LeastSquares], ErrorCovariance]] = {
    "cluster": cluster,
    "jackknife": jackknife,
    "two_way": two_way,
    "driscoll_kraay": driscoll_kraay,
    "conley": by_distance,
    "HC1": hc1,
    "classical": classical,
}


def _sandwich(model: LeastSquares, sums: Floats) -> Floats:
    """Sandwich estimator whose meat is the sum of the outer products of the rows of `sums`."""
    part = sums @ model.bread
    return part.T @ part


def _sums(model: LeastSquares, key: Key) -> Floats:
    """Sums of the scores by area or period, from the first level to the last, zero for levels without rows."""
    since_first = key.codes - key.codes.min()
    return np.column_stack([np.bincount(since_first, scores) for scores in model.scores.T])


def _count(key: Key) -> int:
    count = len(key.present)
    if count < 2:
        raise TooFewClusters(
            f"The sample has one {key.noun} only, and standard errors by {key.noun} need at least two; "
            f"choose more {several(key.name)} or another kind of standard error."
        )
    return count


def _factor(model: LeastSquares, n_clusters: int, *clusters: Key) -> tuple[float, int]:
    """Small-sample factor G/(G-1) x (n-1)/(n-k), and its k, which does not count effects nested in `clusters`."""
    nested = _nested(model, clusters)
    k = model.unknowns - sum(len(key.present) - 1 for key in separate_keys(nested))
    if model.design.area in nested:
        k -= model.effects.trends
    return n_clusters / (n_clusters - 1) * (model.n - 1) / (model.n - k), k


def _nested(model: LeastSquares, clusters: tuple[Key, ...]) -> list[Key]:
    """Effects nested in clusters, including those of the clusters themselves."""
    return [key for key in model.design.effects if any(key.within(cluster) for cluster in clusters)]


def _positive(matrix: Floats, bread: Floats) -> tuple[Floats, bool]:
    """`matrix` with negative eigenvalues set to zero, after scaling that makes the result invariant to units."""
    scale = np.sqrt(np.diag(bread))
    values, vectors = np.linalg.eigh(matrix / np.outer(scale, scale))
    if values.min() >= -1e-12 * np.abs(values).max():
        return matrix, False
    repaired = (vectors * np.clip(values, 0, None)) @ vectors.T
    return repaired * np.outer(scale, scale), True


def _t(df: int) -> str:
    return f"t distribution with {df} degree{'s' * (df != 1)} of freedom"


def _uncounted(model: LeastSquares, *clusters: Key) -> str:
    nested = _nested(model, clusters)
    trends = " and trends" if model.design.spec.trends and model.design.area in nested else ""
    return f", which leaves out the {listed(key.noun for key in nested)} effects{trends}" if nested else ""


def _few_clusters(key: str, count: int) -> tuple[str, ...]:
    if count >= FEW_CLUSTERS:
        return ()
    keys = several(key)
    return (f"There are only {count} {keys}; with fewer than {FEW_CLUSTERS} clusters, errors come out too small.",)


def _few_periods(period: str, count: int, lags: int) -> tuple[str, ...]:
    periods = several(period)
    if count < VERY_FEW_PERIODS:
        return (
            f"There are only {count} {periods}; with fewer than {VERY_FEW_PERIODS}, Driscoll-Kraay errors come out far "
            "too small: choose another kind of standard error.",
        )
    if count >= FEW_PERIODS and lags < count / 2:
        return ()
    return (f"Driscoll-Kraay errors need many {periods}; {count} with {lags} lags make them come out too small.",)


def _repair(repaired: bool) -> tuple[str, ...]:
    sentence = "The two-way covariance was not a proper one and was repaired; its errors are approximate."
    return (sentence,) if repaired else ()
