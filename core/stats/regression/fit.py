"""Fit a specification to a panel."""

import math
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from core.stats.regression.columns import Floats
from core.stats.regression.covariance.bootstrap import MOST_CLUSTERS, wild_cluster_p
from core.stats.regression.covariance.conley import CAUTIOUS_KM, nearby_intervals
from core.stats.regression.covariance.error_covariance import ErrorCovariance
from core.stats.regression.covariance.estimators import ESTIMATORS
from core.stats.regression.covariance.jackknife import cautious_intervals
from core.stats.regression.design import CONSTANT, Design, design
from core.stats.regression.errors import NoStandardError, listed, one, several
from core.stats.regression.least_squares import FEWEST_FOR_A_TREND, LeastSquares, solve
from core.stats.regression.moderation import owner
from core.stats.regression.poisson import NOTE, deviance_explained, solve_poisson
from core.stats.regression.result import Estimate, FitResult, Role
from core.stats.regression.spec import ModelSpec
from core.tables.panel import Panel

NO_ERROR = 1e-8  # ratio to the classical standard error below which a standard error is rounding error
ANSWERS: tuple[Role, ...] = ("predictor", "interaction")  # what the question is about

STAGGERED = (
    "{areas} go from 0 to 1 at different times ({count} times). Effects of {area} and {period} then also compare those "
    "that switch later with those that had switched before, whose {outcome} may still be moving: what is found can be "
    "far from every single effect, and even have the other sign (Goodman-Bacon 2021, Journal of Econometrics 225(2)). "
    "Compare with {areas} that never switch, or choose those that switch at one time."
)

Wild = bool | tuple[str, ...]


def fit(panel: Panel, spec: ModelSpec, labels: Mapping[str, str] | None = None, *, wild: Wild = True) -> FitResult:
    """Estimate `spec` on `panel`.

    Parameters
    ----------
    labels
        Readable names of variables, for error messages.
    wild
        Whether to add wild cluster bootstrap p-values of the predictors, or for which. Only with errors clustered
        by area, which the bootstrap assumes, and up to
        :data:`core.stats.regression.covariance.bootstrap.MOST_CLUSTERS` clusters.

    Raises
    ------
    ModelError
        Its subclass says why the model cannot be estimated, and what to change.
    """
    return fit_design(design(panel, spec, labels), wild=wild)


def fit_design(rows: Design, *, wild: Wild = True, cautious: bool = True) -> FitResult:
    """Estimate a design, with or without cautions: intervals where clusters are few, and policies; see :func:`fit`."""
    model, spec = solved(rows), rows.spec
    without_events, rows = len(rows.y) - model.n, model.design
    errors = ESTIMATORS[spec.covariance](model)
    periods = rows.period.present
    estimates = _estimates(model, errors, _bootstrapped(rows, wild), cautious and spec.covariance == "cluster")
    r2, r2_within = _explained(model)
    return FitResult(
        spec=spec,
        estimates=estimates,
        n=model.n,
        n_dropped=rows.n_dropped,
        n_areas=len(rows.area.present),
        n_periods=len(periods),
        first_period=periods[0],
        last_period=periods[-1],
        clusters=errors.clusters,
        df=errors.df,
        r2=r2,
        r2_within=r2_within,
        note=f"{NOTE} {errors.note}" if spec.response == "poisson" else errors.note,
        warnings=(
            *errors.warnings,
            *_cautions(rows, estimates),
            *(_staggered(rows) if cautious else ()),
            *_lagged_outcome(rows, estimates),
            *_short_trends(rows),
            *_without_events(rows, without_events),
        ),
        covariance=_covariance(model, errors),
    )


def solved(rows: Design) -> LeastSquares:
    """The solved model of a design: least squares, or the last step of a Poisson regression."""
    return solve_poisson(rows) if rows.spec.response == "poisson" else solve(rows)


def _explained(model: LeastSquares) -> tuple[float, float | None]:
    """Share of the variance explained, and that within effects; of Poisson regression the share of the deviance."""
    rows = model.design
    if rows.spec.response == "poisson":
        return deviance_explained(model), None
    # Without a constant, as in changes, the share is that of the sum of squares around zero.
    total = _centred(model) if rows.effects or CONSTANT in rows.names else model.y
    return _r2(model, total), _r2(model, model.y) if rows.effects else None


def _without_events(rows: Design, count: int) -> tuple[str, ...]:
    """A sentence on the rows that a Poisson regression leaves out because their level of an effect has zeros only."""
    if not count:
        return ()
    levels = listed(several(key.name) for key in rows.effects)
    have = "1 row was" if count == 1 else f"{count:,} rows were"
    return (
        f"{have} left out, of {levels} in which {rows.label(rows.spec.outcome)} is always zero: they say nothing about "
        "differences within them.",
    )


def _bootstrapped(rows: Design, wild: Wild) -> tuple[str, ...]:
    """Predictors that get a bootstrap p-value."""
    linear = rows.spec.response != "poisson"
    if rows.spec.covariance != "cluster" or not wild or not linear or len(rows.cluster.present) > MOST_CLUSTERS:
        return ()
    return wild if isinstance(wild, tuple) else tuple(n for n in rows.names if _role(rows.spec, n) in ANSWERS)


def _estimates(
    model: LeastSquares, errors: ErrorCovariance, wild: tuple[str, ...], cautious: bool
) -> tuple[Estimate, ...]:
    std_errors = standard_errors(model, errors)
    estimates = {}
    for position, name in enumerate(model.design.names):
        role = _role(model.design.spec, name)
        wild_p = wild_cluster_p(model, position) if name in wild else None
        estimate, std_error = float(model.coefficients[position]), float(std_errors[position])
        estimates[position] = Estimate(name, role, estimate, std_error, errors.df, wild_p)
    if cautious:
        predictors = {position: found for position, found in estimates.items() if found.role in ANSWERS}
        wide, few = nearby_intervals(model, predictors), cautious_intervals(model, predictors)
        for position in wide.keys() | few.keys():
            widest = max(
                (each[position] for each in (wide, few) if position in each), key=lambda one: one.high - one.low
            )
            estimates[position] = replace(estimates[position], cautious=widest)
    return tuple(sorted(estimates.values(), key=lambda estimate: estimate.role == "constant"))


def _cautions(rows: Design, estimates: tuple[Estimate, ...]) -> tuple[str, ...]:
    """A sentence for each coefficient that only some of the clusters carry."""
    areas, count = several(rows.cluster.name), len(rows.cluster.present)
    sentences = []
    for found in estimates:
        if found.cautious is None or found.cautious.caution == "few_clusters":
            continue
        if found.reliable == found.interval() and not math.isinf(found.cautious.high - found.cautious.low):
            continue  # the clustered interval is wide enough
        name, effective = rows.label(found.name), f"{found.cautious.effective_clusters:.1f}"
        if found.cautious.caution == "near":
            sentences.append(_near(rows, found))
            continue
        sentences.append(
            f"One {rows.cluster.noun} alone carries the estimate of {name}, so no interval can be given for it."
            if found.cautious.caution == "one_carries_it"
            else f"The estimate of {name} rests on few of the {count} {areas} (as much as {effective} equal ones would "
            "carry), so clustered errors come out too small; a cautious 95% interval of its coefficient "
            f"is {_signed(found.cautious.low)} to {_signed(found.cautious.high)}."
        )
    return tuple(sentences)


def _signed(value: float) -> str:
    """Three digits that count, however small the coefficient of a count is, and none of them as a power of ten."""
    digits = np.format_float_positional(abs(value), precision=3, unique=False, fractional=False, trim="-")
    return ("\N{MINUS SIGN}" if value < 0 else "+") + digits


def _near(rows: Design, found: Estimate) -> str:
    """A sentence on an interval that areas near each other widen."""
    wide, narrow = found.reliable, found.interval()
    times = (wide[1] - wide[0]) / (narrow[1] - narrow[0])
    return (
        f"Neighbouring {several(rows.area.name)} resemble each other across the bounds of their "
        f"{several(rows.cluster.name)}, so the interval lets errors be related up to {CAUTIOUS_KM} km (Conley): for "
        f"{rows.label(found.name)} it is "
        f"{times:.1f} times as wide."
    )


def switching(rows: Design, name: str) -> dict[str, int]:
    """How many areas go from 0 to 1 in each period, of a predictor that is 0 or 1.

    To begin with 1 is no switch; what happened while an area has no row is not known.
    """
    values: Floats = rows.X[:, rows.position(name)]
    if rows.spec.differences or not np.isin(values, (0, 1)).all():
        return {}
    next_row = (np.diff(rows.area.codes) == 0) & (np.diff(rows.period.codes) == 1)
    follows = np.flatnonzero(next_row & (np.diff(values) == 1)) + 1
    periods, counts = np.unique(rows.period.codes[follows], return_counts=True)
    return {rows.period.levels[period]: int(count) for period, count in zip(periods, counts, strict=True)}


def _staggered(rows: Design) -> tuple[str, ...]:
    """A sentence for each predictor by which areas switch at different times, next to effects of area and period."""
    area, period = rows.area.name, rows.period.name
    if not {area, period} <= {*rows.spec.effects}:
        return ()
    times = {name: switch_times(rows, name) for name in rows.spec.predictors}
    keys = {"area": one(area), "areas": several(area), "period": one(period), "outcome": "outcome"}
    return tuple(
        f"{rows.label(name)}: {STAGGERED.format(count=f'{count:,}', **keys)}"
        for name, count in times.items()
        if count > 1
    )


def switch_times(rows: Design, name: str) -> int:
    """At how many times areas switch; that before the first period is one of them where no area never switches."""
    later = len(switching(rows, name))
    ones = pd.Series(rows.X[:, rows.position(name)]).groupby(rows.area.codes)
    only_switched = bool((ones.first() == 1).any() and (ones.max() == 1).all())
    return later + int(later > 0 and only_switched)


def _lagged_outcome(rows: Design, estimates: tuple[Estimate, ...]) -> tuple[str, ...]:
    """A sentence on the bias of an earlier outcome next to area effects (Nickell 1981, Econometrica 49(6)).

    Of changes it is there with any number of rows (Anderson and Hsiao 1982, Journal of Econometrics 18(1)).
    With T rows of each area it is about -(1 + rho) / (T - 1) where rho is the coefficient, for a lag of one step.
    """
    spec = rows.spec
    area, period = rows.area.name, rows.period.name
    if spec.outcome not in spec.predictors or not (spec.differences or area in spec.effects):
        return ()
    periods = several(period)
    if spec.differences:
        return (
            f"The change of an earlier {rows.label(spec.outcome)} is a predictor of its next change, and shares a "
            f"{one(period)} with it: its coefficient is biased downwards, and the others with it, however many "
            f"{periods} there are.",
        )
    each = len(rows.y) / len(rows.area.present)
    rho = next(found.estimate for found in estimates if found.name == spec.outcome)
    size = f" (about {-(1 + rho) / (each - 1):.2f})" if spec.lag == 1 and each > 1 else ""
    return (
        f"An earlier {rows.label(spec.outcome)} is a predictor next to {one(area)} effects: with {each:.0f} {periods} "
        f"for each {one(area)} its coefficient is biased downwards{size}, and the others with it; more {periods} "
        "lessen that.",
    )


def _short_trends(rows: Design) -> tuple[str, ...]:
    """A sentence on areas whose level and trend fit all that they have."""
    count = int((np.bincount(rows.area.places) < FEWEST_FOR_A_TREND).sum()) if rows.spec.trends else 0
    if not count:
        return ()
    areas = f"1 {rows.area.noun} has" if count == 1 else f"{count:,} {several(rows.area.name)} have"
    return (
        f"{areas} fewer than {FEWEST_FOR_A_TREND} {several(rows.period.name)}: level and "
        "trend of such a one take up all that its figures say.",
    )


def _covariance(model: LeastSquares, errors: ErrorCovariance) -> tuple[tuple[float, ...], ...]:
    """Covariances in the order of the estimates, with the constant last."""
    names = model.design.names
    order = sorted(range(len(names)), key=lambda position: names[position] == CONSTANT)
    return tuple(tuple(row) for row in errors.matrix[np.ix_(order, order)].tolist())


def standard_errors(model: LeastSquares, errors: ErrorCovariance) -> Floats:
    """Standard error of each coefficient, shape (k,).

    Raises
    ------
    NoStandardError
        If one is only rounding error.
    """
    variances = errors.matrix.diagonal()
    for position in np.flatnonzero(variances <= NO_ERROR**2 * model.variance * model.bread.diagonal())[:1]:
        key = errors.clusters[0][0] if errors.clusters else "row"
        raise NoStandardError(
            f"{model.design.label(model.design.names[position])} depends on too few {several(key)} for a standard "
            "error of this kind; choose another kind of standard error or another variable."
        )
    return np.sqrt(variances)


def _role(spec: ModelSpec, name: str) -> Role:
    if name in spec.predictors:
        return "predictor"
    if owner(spec, name):
        return "interaction"
    return "constant" if name == CONSTANT else "control"


def _centred(model: LeastSquares) -> Floats:
    """Outcome minus its weighted mean, times the root of the weights."""
    y, root = model.design.y, model.root_weights
    return (y - np.average(y, weights=root**2)) * root


def _r2(model: LeastSquares, outcome: Floats) -> float:
    return 1 - float(model.residuals @ model.residuals) / float(outcome @ outcome)
