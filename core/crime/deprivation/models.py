"""Models of crime and deprivation next to each other: from the study's to the recommended one, and by kind of error."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

import pandas as pd

from core.crime.area import TYPICAL
from core.crime.deprivation.analysis import pearson
from core.crime.deprivation.question import DISTRICT, MSOA
from core.crime.deprivation.text import (
    CRIME_CURVE,
    ERRORS,
    ERRORS_NOTE,
    FEW_DISTRICTS_NOTE,
    LABELS,
    ExplainedShare,
    ModelSummary,
    covariance_of,
)
from core.presentation import charts
from core.presentation.charts import Figure
from core.presentation.numbers import lower_first, number, signed
from core.questions.question import AS_PUBLISHED, PRESET_LABELS, RECOMMENDED, Question
from core.stats.regression import Estimate, ModelError, ModelSpec
from core.stats.regression.covariance.estimators import ESTIMATORS
from core.stats.regression.design import design
from core.stats.regression.errors import listed
from core.stats.regression.fit import solved, standard_errors
from core.stats.regression.least_squares import LeastSquares
from core.stats.regression.poisson import deviance_explained_within
from core.tables.panel import Panel

LOGARITHMIC, NEIGHBOURS = "ln(per 1,000 residents)", "Neighbours only (MSOA effects)"


@dataclass(frozen=True)
class Checked:
    """What one solution of a model tells besides its fit.

    Parameters
    ----------
    share
        What part of the differences the score accounts for.
    errors
        The estimate by kind of standard error, one of :data:`core.crime.deprivation.text.ERRORS`.
    """

    share: ExplainedShare
    errors: Mapping[str, Estimate]


def check(lines: Panel, spec: ModelSpec, kinds: Sequence[str]) -> Checked:
    """What the score of `spec` accounts for, and its estimate under each of `kinds` of error that can be had.

    Parameters
    ----------
    lines
        The LSOAs.
    """
    model = solved(design(lines, spec, LABELS))
    errors = {}
    for kind in kinds:
        with suppress(ModelError):
            errors[kind] = _estimate(model, kind)
    return Checked(_share(model), errors)


def _share(model: LeastSquares) -> ExplainedShare:
    """R2 of the score, all else taken out, by correlation: its interval is that of r, squared; or of the deviance."""
    spec = model.design.spec
    if spec.response == "poisson":
        return ExplainedShare(deviance_explained_within(model))
    x, y = model.partial_residuals(model.design.position(spec.predictors[0]))
    if spec.weights != "equal":
        return ExplainedShare(float((x @ y) ** 2 / ((x @ x) * (y @ y))))
    r, low, high = pearson(x, y, model.design.key(MSOA).places)
    nearest, furthest = sorted((low**2, high**2))
    return ExplainedShare(r**2, 0.0 if low < 0 < high else nearest, furthest)


def _estimate(model: LeastSquares, kind: str) -> Estimate:
    rows = model.design
    if kind in (MSOA, DISTRICT):
        model = replace(model, design=replace(rows, spec=replace(rows.spec, cluster=kind)))
    errors = ESTIMATORS[covariance_of(kind)](model)
    position = rows.position(rows.spec.predictors[0])
    std_error = float(standard_errors(model, errors)[position])
    return Estimate(rows.names[position], "predictor", float(model.coefficients[position]), std_error, errors.df)


def effects_finding(summary: Mapping[str, ModelSummary]) -> str:
    """What comparing LSOAs of one district, and of one MSOA, changes; empty where a place has but one.

    Parameters
    ----------
    summary
        Models by their words, as :func:`steps` has them.
    """
    if not {LOGARITHMIC, NEIGHBOURS} <= set(summary):
        return ""
    models = (summary[label] for label in (LOGARITHMIC, PRESET_LABELS[RECOMMENDED], NEIGHBOURS))
    plain, district, msoa = (f"{signed(model.effect.value, 1)}%" for model in models)
    return (
        f"With the logarithm of the rate, ten points are linked to {plain} where all LSOAs are compared, {district} "
        f"where those of one district are, and {msoa} where close neighbours (of one MSOA) are."
    )


def steps(question: Question) -> dict[str, ModelSpec]:
    """Models from the published one to the recommended one and beyond, each with its words; none of them twice."""
    published, recommended = (question.presets[name] for name in (AS_PUBLISHED, RECOMMENDED))
    counted = replace(published, covariance=recommended.covariance)
    errors = MSOA if recommended.covariance == "cluster" else recommended.covariance
    named: dict[str, ModelSpec] = {
        PRESET_LABELS[AS_PUBLISHED]: published,
        f"The same, {lower_first(ERRORS[errors].label)}": counted,
        "Per 1,000 residents": replace(counted, outcome="records_per_1000"),
        LOGARITHMIC: replace(recommended, effects=()),
        PRESET_LABELS[RECOMMENDED]: recommended,
        NEIGHBOURS: replace(recommended, effects=(MSOA,)),
        "Recommended, outliers out": replace(recommended, outcome=f"{recommended.outcome}{TYPICAL}"),
        "Recommended, score without crime": replace(recommended, predictors=question.predictors[-1:]),
    }
    if recommended.covariance != "cluster":
        named.pop(NEIGHBOURS)
    return {label: spec for label, spec in named.items() if label in PRESET_LABELS.values() or spec != recommended}


def errors_figure(estimates: Mapping[str, Estimate], current: str, summary: ModelSummary) -> Figure:
    """The estimate shown under each kind of standard error.

    Parameters
    ----------
    estimates
        The estimate by its kind of error, one of :data:`core.crime.deprivation.text.ERRORS`.
    current
        The kind that the model shown has.
    summary
        The model shown.
    """
    rows = pd.DataFrame(
        {
            "label": [ERRORS[name].label for name in estimates],
            "points": [summary.per_cent(found.estimate) for found in estimates.values()],
            "low": [summary.per_cent(found.low) for found in estimates.values()],
            "high": [summary.per_cent(found.high) for found in estimates.values()],
            "std_error": [found.std_error for found in estimates.values()],
            "p": [found.p for found in estimates.values()],
            "df": [found.df for found in estimates.values()],
            "highlighted": [name == current for name in estimates],
        }
    )
    return Figure(
        name="errors",
        title=_errors_finding({name: found.std_error for name, found in estimates.items()}),
        charts=(charts.estimates(rows, "Per cent", CRIME_CURVE.axis, unit="Per cent"),),
        alt=f"Dots with intervals: the same estimate under {len(rows)} kinds of standard error.",
        table=rows.drop(columns="highlighted").rename(columns=_ERROR_COLUMNS),
        note=f"{ERRORS_NOTE} {FEW_DISTRICTS_NOTE if DISTRICT in estimates else ''}".strip(),
    )


_ERROR_COLUMNS = {
    "label": "Standard errors",
    "points": "% of the usual crime for ten points",
    "low": "95% interval from",
    "high": "95% interval to",
    "std_error": "Standard error per point",
    "df": "Degrees of freedom",
}


def _errors_finding(std_errors: Mapping[str, float]) -> str:
    """How many times the classical error the others are."""
    others = (
        f"{number(error / std_errors['classical'])} times {lower_first(ERRORS[name].label)}"
        for name, error in std_errors.items()
        if name != "classical"
    )
    return f"Next to the classical error, the error is {listed(others)}"
