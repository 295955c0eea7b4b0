"""The standard errors of the script that repeats a fit, as pieces of Python."""

from collections.abc import Mapping

from core.tables.options import Covariance, Kernel

_CLUSTERED = """
    scores = X.to_numpy() * (weights * fit.resid).to_numpy()[:, None]
    bread = np.asarray(fit.normalized_cov_params)
    n, k = X.shape


    def summed(key):
        return pd.DataFrame(scores).groupby(sample[key].to_numpy()).sum()


    def levels_inside(*clusters):
        # effects nested in the clusters do not count as unknowns
        nested = [key for key in effects if any(sample.groupby(key)[c].nunique().max() == 1 for c in clusters)]
        return sum(sample[key].nunique() - 1 for key in nested){trends}
"""

ERRORS: Mapping[Covariance, str] = {
    "classical": """
        covariance, df = np.asarray(fit.cov_params()), fit.df_resid
    """,
    "HC1": """
        covariance, df = fit.get_robustcov_results("HC1").cov_params(), fit.df_resid
    """,
    "cluster": f"{_CLUSTERED}"
    """
    sums = summed("{cluster}").to_numpy()
    groups = len(sums)
    factor = groups / (groups - 1) * (n - 1) / (n - k + levels_inside("{cluster}"))
    covariance, df = factor * bread @ sums.T @ sums @ bread, groups - 1
    """,
    "jackknife": """
        # the coefficients without each {cluster} in turn, compared with those of all
        shifts = []
        for level in sample["{cluster}"].unique():
            kept = (sample["{cluster}"] != level).to_numpy()
            without = sm.WLS(y[kept], X[kept], weights=weights[kept]).fit()
            shifts.append((without.params - fit.params).to_numpy())
        groups = len(shifts)
        covariance, df = (groups - 1) / groups * np.transpose(shifts) @ np.array(shifts), groups - 1
    """,
    "two_way": f"{_CLUSTERED}"
    """
    by_cluster_sums, by_period_sums = summed("{cluster}").to_numpy(), summed("{period}").to_numpy()
    groups = min(len(by_cluster_sums), len(by_period_sums))
    factor = groups / (groups - 1) * (n - 1) / (n - k + levels_inside("{cluster}", "{period}"))
    meat = by_cluster_sums.T @ by_cluster_sums + by_period_sums.T @ by_period_sums - scores.T @ scores
    covariance, df = factor * bread @ meat @ bread, groups - 1

    # a difference of covariances can fail to be one: negative eigenvalues are set to zero
    block = np.ix_(*[[at for at, name in enumerate(X.columns) if name in [*terms, *[CONSTANT] * (not effects)]]] * 2)
    scale = np.sqrt(np.diag(bread[block]))
    values, vectors = np.linalg.eigh(covariance[block] / np.outer(scale, scale))
    if values.min() < -1e-12 * np.abs(values).max():
        covariance[block] = (vectors * np.clip(values, 0, None)) @ vectors.T * np.outer(scale, scale)
    """,
    "driscoll_kraay": f"{_CLUSTERED}"
    """
    sums = summed("{period}")
    groups = len(sums)
    first, last = periods.index(sums.index.min()), periods.index(sums.index.max())
    sums = sums.reindex(periods[first : last + 1], fill_value=0.0).to_numpy()
    meat = sums.T @ sums
    for lag in range(1, min({lags}, len(sums) - 1) + 1):
        lagged = sums[lag:].T @ sums[:-lag]
        meat += (1 - lag / ({lags} + 1)) * (lagged + lagged.T)
    factor = groups / (groups - 1) * (n - 1) / (n - k)
    covariance, df = factor * bread @ meat @ bread, groups - 1
    """,
    "conley": f"{_CLUSTERED}"
    """
    from scipy.spatial import KDTree

    # places on a plane, in km; errors of one {period} are related up to {distance} km
    degrees = panel[{coordinates}]
    on_plane = {earth} * np.radians(degrees) * [np.cos(np.radians(degrees.iloc[:, 1].mean())), 1.0]
    places, meat = on_plane.loc[sample.index].to_numpy(), scores.T @ scores
    for rows in sample.groupby("{period}").indices.values():
        one, other = rows[KDTree(places[rows]).query_pairs({distance}, output_type="ndarray").T]
        apart = np.linalg.norm(places[one] - places[other], axis=1)
        product = (scores[one] * ({share})[:, None]).T @ scores[other]
        meat += product + product.T
    covariance, df = n / fit.df_resid * bread @ meat @ bread, fit.df_resid
    """,
}

# How closely errors at some distance are related.
SHARES: Mapping[Kernel, str] = {"bartlett": "1 - apart / {distance}", "uniform": "np.ones(len(apart))"}
