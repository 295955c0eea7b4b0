"""Whether an estimate comes from differences between areas or from change within them: between, within, random effects.

The within estimate compares each area with itself; the between estimate compares the areas' means; random effects are a
weighted mean of both, which is right only if both estimate the same. Mundlak (1978, "On the pooling of time series and
cross section data", Econometrica 46(1)) tests that: the means of the variables, added to the model with random effects,
have coefficients of zero. The variances behind the weights are those of Swamy and Arora (1972, Econometrica 40(2)).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from core.stats.regression.columns import Floats
from core.stats.regression.design import CONSTANT, Design, design
from core.stats.regression.errors import NotTogether, NoVariation, TooCostly, TooFewClusters, one, several
from core.stats.regression.fit import fit_design
from core.stats.regression.least_squares import solve
from core.stats.regression.result import Estimate, FitResult
from core.stats.regression.spec import ModelSpec
from core.tables.panel import Panel

MEAN = "mean: {}"
MOST_PERIODS = 200
VARIES = 1e-9  # spread of a variable within areas, relative to its size, above which it is more than rounding error


@dataclass(frozen=True)
class Sources:
    """One model estimated from each source of differences.

    Parameters
    ----------
    between
        From the means of areas, errors robust to unequal spread (HC1).
    within
        From each area compared with itself, errors clustered by area.
    random
        From both with random effects, errors clustered by area.
    tested
        The variables whose two estimates are compared: those that change within areas.
    statistic, df, p
        Mundlak's test that they are the same: an F statistic, its two degrees of freedom and its p-value; see
        :meth:`core.stats.regression.result.FitResult.wald`.
    """

    between: FitResult
    within: FitResult
    random: FitResult
    tested: tuple[str, ...]
    statistic: float
    df: tuple[int, int]
    p: float

    def of(self, name: str) -> dict[str, Estimate]:
        """The estimate of variable `name` from each source that has one."""
        found = {"between": self.between, "within": self.within, "random": self.random}
        return {source: fit.estimate(name) for source, fit in found.items() if name in (e.name for e in fit.estimates)}


def sources(panel: Panel, spec: ModelSpec, labels: Mapping[str, str] | None = None) -> Sources:
    """Estimate `spec` between areas, within them, and with random effects, and test whether the two agree.

    Effects of the period are taken out of all three if `spec` has them; other effects are those of the three models.

    Raises
    ------
    NotTogether
        For changes, Poisson regression and weights, which have no such comparison here.
    ModelError
        If one of the models cannot be estimated.
    """
    _check(spec)
    timed = tuple(name for name in spec.effects if name == panel.period)
    plain = replace(spec, effects=(), covariance="cluster", cluster="")
    pooled = _with_dummies(design(panel, plain, labels), bool(timed))
    varying = tuple(name for name in (*spec.predictors, *spec.controls) if _varies(pooled, name))
    if not varying:
        raise NoVariation(
            f"No variable of the model changes within any {one(panel.area)}, so there is nothing to compare."
        )
    constant = tuple(name for name in spec.controls if name not in varying)
    inside = replace(
        plain,
        effects=(panel.area, *timed),
        predictors=tuple(name for name in spec.predictors if name in varying),
        controls=tuple(name for name in spec.controls if name not in constant),
    )
    if not inside.predictors:
        raise NoVariation(
            f"No predictor of the model changes within any {one(panel.area)}, so there is nothing to compare."
        )
    shares = _shares(pooled)
    mundlak = fit_design(_lessened(_with_means(pooled, varying), shares), wild=False, cautious=False)
    joint = mundlak.wald(tuple(MEAN.format(name) for name in varying))
    return Sources(
        between=fit_design(_means(design(panel, replace(plain, effects=timed), labels)), cautious=False),
        within=fit_design(design(panel, inside, labels), wild=False, cautious=False),
        random=fit_design(_lessened(pooled, shares), wild=False, cautious=False),
        tested=varying,
        statistic=joint.f,
        df=joint.df,
        p=joint.p,
    )


def _check(spec: ModelSpec) -> None:
    reasons = {
        "changes have no differences between areas": spec.differences,
        "trends of areas have no differences between areas": spec.trends,
        "its association is not the same for all": spec.squares or bool(spec.moderator),
        "it is a Poisson regression": spec.response == "poisson",
        "its rows have weights": spec.weights != "equal",
    }
    for reason, applies in reasons.items():
        if applies:
            raise NotTogether(f"Between and within areas cannot be compared for this model: {reason}.")


def _with_dummies(rows: Design, timed: bool) -> Design:
    """`rows` with a column for each period but the first, if `timed`."""
    levels = rows.period.present[1:] if timed else []
    if len(levels) > MOST_PERIODS:
        raise TooCostly(f"There are more than {MOST_PERIODS} {several(rows.period.name)}; choose fewer.")
    dummies = [rows.period.codes == rows.period.levels.index(level) for level in levels]
    return _joined(rows, {f"{rows.period.name}: {name}": made for name, made in zip(levels, dummies, strict=True)})


def _joined(rows: Design, columns: Mapping[str, np.ndarray]) -> Design:
    if not columns:
        return rows
    return replace(rows, names=(*rows.names, *columns), X=np.column_stack([rows.X, *columns.values()]))


def _with_means(rows: Design, names: tuple[str, ...]) -> Design:
    """`rows` with the mean of each of `names` over the rows of an area."""
    return _joined(rows, {MEAN.format(name): _mean(rows, rows.X[:, rows.position(name)]) for name in names})


def _mean(rows: Design, values: Floats) -> Floats:
    """Mean over the rows of the same area, for each row."""
    return np.asarray((np.bincount(rows.area.places, values) / np.bincount(rows.area.places))[rows.area.places])


def _varies(rows: Design, name: str) -> bool:
    values = rows.X[:, rows.position(name)]
    return bool(np.abs(values - _mean(rows, values)).max() > VARIES * np.abs(values).max())


def _means(rows: Design) -> Design:
    """One row for each area, with the means over its rows; effects of the period are taken out before."""
    effects = solve(rows).effects if rows.effects else None
    y, X = (effects.removed(values) if effects else values for values in (rows.y, rows.X))
    places = rows.area.places
    first, count = np.unique(places, return_index=True)[1], np.bincount(places)
    columns = [np.bincount(places, column) / count for column in X.T]
    names, one = rows.names, np.ones(len(first))
    if CONSTANT not in names:
        names, columns = (CONSTANT, *names), [one, *columns]
    chosen = rows.keep(np.isin(np.arange(len(rows.y)), first))
    spec = replace(rows.spec, effects=(), covariance="HC1")
    y = np.bincount(places, y) / count
    return replace(chosen, spec=spec, names=names, y=y, X=np.column_stack(columns), weights=one)


def _shares(rows: Design) -> Floats:
    """What part of an area's mean random effects take out of each of its rows, between 0 and 1, shape (n,)."""
    inside, outside = (_residual_variance(rows, within) for within in (True, False))
    each = np.bincount(rows.area.places)
    own = max(0.0, outside - inside * float((1 / each).mean()))
    return np.asarray(1 - np.sqrt(inside / (each * own + inside)))[rows.area.places]


def _residual_variance(rows: Design, within: bool) -> float:
    """Variance of the residuals within areas, or of those of the areas' means."""
    n_areas, means = len(rows.area.present), [_mean(rows, column) for column in (rows.y, *rows.X.T)]
    y, X = means[0], np.column_stack(means[1:])
    first = np.unique(rows.area.places, return_index=True)[1]
    y, X = (rows.y - y, rows.X - X) if within else (y[first], X[first])
    scale = np.linalg.norm(rows.X, axis=0)
    shares, _, rank, _ = np.linalg.lstsq(X / scale, y)
    free = len(rows.y) - n_areas - rank if within else n_areas - rank
    if free < 1:
        raise TooFewClusters(
            f"{n_areas} {several(rows.area.name)} are too few to compare them with each other; choose more, or fewer "
            "variables."
        )
    residuals = y - (X / scale) @ shares
    return float(residuals @ residuals) / int(free)


def _lessened(rows: Design, shares: Floats) -> Design:
    """`rows` with part of the area's mean taken out of every value: random effects by least squares."""
    y = rows.y - shares * _mean(rows, rows.y)
    return replace(rows, y=y, X=np.column_stack([column - shares * _mean(rows, column) for column in rows.X.T]))
