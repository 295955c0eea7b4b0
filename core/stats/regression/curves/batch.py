"""Estimates many specifications on one panel, sharing calculations that they have in common.

Columns are built once; effects are partialled out once for all outcomes with the same rows and weights; the
columns of a model are factorised once for all outcomes; all kinds of standard error use one solved model. The steps
are those of :func:`core.stats.regression.fit.fit`, so the numbers and the reasons are the same.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, partial
from operator import attrgetter

import numpy as np

from core.stats.regression.absorption import Effects
from core.stats.regression.columns import Floats
from core.stats.regression.covariance.estimators import ESTIMATORS
from core.stats.regression.design import Variables
from core.stats.regression.errors import ModelError
from core.stats.regression.fit import solved, standard_errors
from core.stats.regression.least_squares import LeastSquares, absorb, explain, factor
from core.stats.regression.result import Estimate
from core.stats.regression.sample import Rows
from core.stats.regression.spec import ModelSpec
from core.tables.options import Response
from core.tables.panel import Panel

Outcome = tuple[str, Response]

_terms = attrgetter("predictors", "form", "window", "lag", "squares", "moderator", "controls")
_sample = attrgetter("start", "end", "areas", "non_overlapping", "weights", "trends", "differences")


@dataclass(frozen=True, slots=True)
class Fitted:
    """Estimates of one specification.

    Parameters
    ----------
    spec
        The specification.
    found
        The coefficient of each predictor, in the order of the predictors.
    means
        Unweighted mean of each predictor in its form over the rows used.
    own_steps
        The step of each predictor where 10% of its mean means nothing, else 0.
    n, first_period, last_period
        Number of rows used, and their first and last period.
    """

    spec: ModelSpec
    found: tuple[Estimate, ...]
    means: tuple[float, ...]
    own_steps: tuple[float, ...]
    n: int
    first_period: str
    last_period: str


@dataclass(frozen=True, slots=True)
class SpecLeftOut:
    """A specification that cannot be estimated, and a sentence that says why."""

    spec: ModelSpec
    reason: str


def fit_many(
    panel: Panel, specs: Iterable[ModelSpec], labels: Mapping[str, str] | None = None
) -> Iterator[Fitted | SpecLeftOut]:
    """Estimate each of `specs` on `panel`; results come in arbitrary order.

    Parameters
    ----------
    labels
        Readable names of variables, for the sentences.
    """
    variables = Variables(panel, labels or {})
    same: dict[Hashable, list[ModelSpec]] = {}
    for alike in _grouped(specs, lambda spec: (spec.outcome, spec.response, _terms(spec), _sample(spec))):
        try:
            rows = variables.rows(alike[0])
        except ModelError as reason:
            yield from _left_out(alike, reason)
            continue
        key = rows.positions.tobytes(), rows.n_dropped
        for spec in alike:
            same.setdefault((key, spec.weights, spec.effects, spec.trends, spec.differences), []).append(spec)
    for alike in same.values():
        linear = [spec for spec in alike if spec.response != "poisson"]
        yield from _same_rows(variables, linear) if linear else ()
        yield from (_alone(variables, spec) for spec in alike if spec.response == "poisson")


def _alone(variables: Variables, spec: ModelSpec) -> Fitted | SpecLeftOut:
    """A specification that shares no step with others, as its weights depend on its outcome."""
    try:
        model = solved(variables.design(spec, variables.rows(spec)))
    except ModelError as reason:
        return SpecLeftOut(spec, str(reason))
    return _fitted(model, spec, [model.design.position(name) for name in spec.predictors])


def _same_rows(variables: Variables, specs: list[ModelSpec]) -> Iterator[Fitted | SpecLeftOut]:
    """Specifications with the same rows, weights and effects."""
    rows = variables.rows(specs[0])
    try:
        effects = absorb(variables.design(specs[0], rows))
    except ModelError as reason:
        yield from _left_out(specs, reason)
        return
    # Made when a model has enough rows for its unknowns: taking effects out is what costs.
    outcomes = cache(partial(_outcomes, variables, rows, effects, specs))
    for alike in _grouped(specs, _terms):
        yield from _same_terms(variables, rows, effects, outcomes, alike)


def _outcomes(variables: Variables, rows: Rows, effects: Effects, specs: list[ModelSpec]) -> dict[Outcome, Floats]:
    """Each outcome of `specs` without the effects."""
    asked = {_outcome(spec): spec for spec in specs}
    block = np.column_stack([variables.outcome(spec, rows) for spec in asked.values()])
    return dict(zip(asked, np.ascontiguousarray(effects.removed(block).T), strict=True))


def _same_terms(
    variables: Variables,
    rows: Rows,
    effects: Effects,
    outcomes: Callable[[], Mapping[Outcome, Floats]],
    specs: list[ModelSpec],
) -> Iterator[Fitted | SpecLeftOut]:
    """Specifications that also have the same columns."""
    design = variables.design(specs[0], rows)
    try:
        factors = factor(design, effects)
    except ModelError as reason:
        yield from _left_out(specs, reason)
        return
    columns = [design.position(name) for name in specs[0].predictors]
    for alike in _grouped(specs, attrgetter("outcome", "response", "kernel_lags", "kernel", "distance")):
        try:
            y = variables.outcome(alike[0], rows)
            model = explain(replace(design, spec=alike[0], y=y), factors, outcomes()[_outcome(alike[0])])
        except ModelError as reason:
            yield from _left_out(alike, reason)
            continue
        for spec in alike:
            yield _fitted(model, spec, columns)


def _fitted(model: LeastSquares, spec: ModelSpec, columns: list[int]) -> Fitted | SpecLeftOut:
    try:
        errors = ESTIMATORS[spec.covariance](model)
        std_errors = standard_errors(model, errors)
    except ModelError as reason:
        return SpecLeftOut(spec, str(reason))
    coefficients, periods, design = model.coefficients, model.design.period.present, model.design
    found = tuple(
        Estimate(name, "predictor", float(coefficients[column]), float(std_errors[column]), errors.df)
        for name, column in zip(spec.predictors, columns, strict=True)
    )
    return Fitted(spec, found, design.means, design.own_steps, model.n, periods[0], periods[-1])


def _grouped(specs: Iterable[ModelSpec], key: Callable[[ModelSpec], Hashable]) -> Iterable[list[ModelSpec]]:
    groups: dict[Hashable, list[ModelSpec]] = {}
    for spec in specs:
        groups.setdefault(key(spec), []).append(spec)
    return groups.values()


def _outcome(spec: ModelSpec) -> Outcome:
    return spec.outcome, spec.response


def _left_out(specs: Iterable[ModelSpec], reason: ModelError) -> list[SpecLeftOut]:
    return [SpecLeftOut(spec, str(reason)) for spec in specs]
