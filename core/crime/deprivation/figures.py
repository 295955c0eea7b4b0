"""Crime and deprivation as figures: the scatter, districts, ways to count, steps between models, kinds of error."""

import math
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from core.crime.area import EVERYWHERE, MEASURES, TYPICAL, CrimeArea
from core.crime.deprivation.analysis import SCORES, associations, pearson
from core.crime.deprivation.question import DISTRICT, MSOA
from core.crime.deprivation.text import (
    CRIME_CURVE,
    DISTRICTS_NOTE,
    ERRORS,
    ERRORS_NOTE,
    FEW_DISTRICTS_NOTE,
    LABELS,
    LOGARITHM,
    PER_RESIDENT,
    R_SQUARED,
    SCATTER_NOTE,
    SCORE_LABELS,
    SHORT,
    TEN,
    ModelSummary,
    Share,
    by_place,
    covariance_of,
    crime_text,
    measure_of,
    with_outliers,
)
from core.presentation import charts
from core.presentation.charts import Figure
from core.presentation.numbers import NBSP, YES_NO, interval_text, lower_first, number, signed
from core.presentation.text import POINTS
from core.questions.question import AS_PUBLISHED, PRESET_LABELS, RECOMMENDED, Question
from core.stats.regression import Estimate, ModelError, ModelSpec
from core.stats.regression.covariance import ESTIMATORS
from core.stats.regression.design import design
from core.stats.regression.errors import listed
from core.stats.regression.fit import standard_errors
from core.stats.regression.least_squares import LeastSquares, solve
from core.tables.options import Form
from core.tables.panel import Panel

LOGARITHMIC, NEIGHBOURS, YOURS = "ln(per 1,000 residents)", "Neighbours only (MSOA effects)", "Your model"
AGAIN = "Comes out again"
NAMED = 1  # LSOAs whose names stand in the scatter
ENDS: Mapping[str, str] = {"": "", "_low": ", 95 % interval from", "_high": ", to"}


def score_steps(area: CrimeArea, score: str) -> dict[Form, float]:
    """Ten points of `score` in each form of it; as a logarithm, from its mean up."""
    return {"count": TEN, "log": float(np.log1p(TEN / area.lsoas[score].mean()))}


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

    share: Share
    errors: Mapping[str, Estimate]


def check(lines: Panel, spec: ModelSpec, kinds: Sequence[str]) -> Checked:
    """What the score of `spec` accounts for, and its estimate under each of `kinds` of error that can be had.

    Parameters
    ----------
    lines
        The LSOAs.
    """
    model = solve(design(lines, spec, LABELS))
    errors = {}
    for kind in kinds:
        with suppress(ModelError):
            errors[kind] = _estimate(model, kind)
    return Checked(_share(model), errors)


def _share(model: LeastSquares) -> Share:
    """R2 of the score, all else taken out, by correlation: its interval is that of r, squared."""
    spec = model.design.spec
    x, y = model.partial_residuals(model.design.position(spec.predictors[0]))
    if spec.weights != "equal":
        return Share(float((x @ y) ** 2 / ((x @ x) * (y @ y))))
    r, low, high = pearson(x, y, model.design.key(MSOA).places)
    nearest, furthest = sorted((low**2, high**2))
    return Share(r**2, 0.0 if low < 0 < high else nearest, furthest)


def _estimate(model: LeastSquares, kind: str) -> Estimate:
    rows = model.design
    if kind in (MSOA, DISTRICT):
        model = replace(model, design=replace(rows, spec=replace(rows.spec, cluster=kind)))
    errors = ESTIMATORS[covariance_of(kind)](model)
    position = rows.position(rows.spec.predictors[0])
    std_error = float(standard_errors(model, errors)[position])
    return Estimate(rows.names[position], "predictor", float(model.coefficients[position]), std_error, errors.df)


def district_table(area: CrimeArea, outcome: str, score: str) -> pd.DataFrame:
    """Associations of `outcome` with `score`; see :func:`core.crime.deprivation.analysis.associations`."""
    return associations(area, measure_of(outcome), score, with_outliers=with_outliers(outcome))


def scatter_figure(lines: Panel, table: pd.DataFrame, outcome: str, score: str, district: str, period: str) -> Figure:
    """Every LSOA by deprivation and crime with the line through all, and that of the district picked.

    Parameters
    ----------
    lines
        The LSOAs.
    table
        As :func:`district_table` returns it.
    district
        The district in the accent colour; empty for none.
    period
        Months counted.
    """
    logarithmic = outcome.startswith(LOGARITHM)
    points = lines.frame[lines.frame[outcome].notna()]
    places = [EVERYWHERE, *([district] if district else [])]
    known = by_place(table)
    rows = pd.DataFrame(
        {
            "name": points["LSOA"],
            "x": points[score].round(2),
            "y": _natural(points[outcome], logarithmic).round(2),
            "residents": points["residents"],
            "highlighted": points["district"] == district,
        }
    )
    axis = f"{_unit(outcome)}, {period}{' (logarithmic axis)' if logarithmic else ''}"
    finding = _scatter_finding([known[place] for place in reversed(places)], outcome)
    return Figure(
        name="crime_and_deprivation",
        title=finding,
        charts=(
            charts.deprivation_scatter(
                rows,
                _lines([known[place] for place in places], logarithmic),
                rows.nlargest(NAMED, "y"),
                f"{SCORE_LABELS[score]} (higher is more deprived)",
                axis,
                logarithmic,
            ),
        ),
        alt=(
            f"Scatter plot of {len(rows):,} LSOAs: {lower_first(axis)}, against the "
            f"{lower_first(SCORE_LABELS[score])}. "
            f"{finding}."
        ),
        table=_points_table(points, outcome, score, period),
        note=f"{SCATTER_NOTE}{f' Blue is {district} with its line, orange the line of all.' if district else ''}",
    )


def _points_table(points: pd.DataFrame, outcome: str, score: str, period: str) -> pd.DataFrame:
    apart = points[f"{measure_of(outcome)}{TYPICAL}"].isna()
    return pd.DataFrame(
        {
            "LSOA": points["LSOA"],
            "MSOA": points["MSOA"],
            "District": points["district"],
            SCORE_LABELS[score]: points[score],
            f"Recorded crimes, {period}": points["records"],
            "Recorded crimes per 1,000 residents": points["records_per_1000"],
            "Residents": points["residents"],
            "Outlier": apart.map(YES_NO),
        }
    )


def _scatter_finding(rows: list[dict[Any, Any]], outcome: str) -> str:
    """How crime goes with deprivation in a place, and in all districts where that is another."""
    first, *others = rows
    sentence = f"{first['place']}: {_direction(first, outcome)}, r = {_with_interval(first, 'r')}"
    return "; ".join([sentence, *(f"{lower_first(row['place'])} {_with_interval(row, 'r')}" for row in others)])


def _direction(row: Mapping[str, Any], outcome: str) -> str:
    if not (row["r_low"] > 0 or row["r_high"] < 0):
        return "deprivation and crime are not clearly related"
    return f"the more deprived, the {'more' if row['r'] > 0 else 'less'} {crime_text(outcome)}"


def _natural(values: pd.Series, logarithmic: bool) -> pd.Series:
    return np.exp(values) if logarithmic else values


def _unit(outcome: str) -> str:
    """What a measure counts, whether or not it enters as a logarithm."""
    return MEASURES[measure_of(outcome).removeprefix(LOGARITHM)].label


def _lines(rows: list[dict[Any, Any]], logarithmic: bool) -> pd.DataFrame:
    """Ends of the fitted line of each place: ``place``, ``x``, ``y``, ``highlighted``."""
    ends = [
        {"place": row["place"], "x": x, "value": row["constant"] + row["slope"] * x}
        for row in rows
        for x in (row["score_low"], row["score_high"])
        if pd.notna(row["slope"])
    ]
    drawn = pd.DataFrame(ends, columns=["place", "x", "value"])
    return drawn.assign(y=_natural(drawn["value"], logarithmic), highlighted=drawn["place"] != EVERYWHERE)


def _with_interval(row: Mapping[str, Any], name: str) -> str:
    """'+0.59 (95 % interval +0.54 to +0.63)', as far as it is known."""
    if pd.isna(row[name]):
        return "unknown, too few LSOAs"
    if pd.isna(row[f"{name}_low"]):
        return signed(row[name])
    return f"{signed(row[name])} (95{NBSP}% interval {interval_text(row[f'{name}_low'], row[f'{name}_high'])})"


def districts_figure(table: pd.DataFrame, outcome: str, district: str) -> Figure:
    """How closely crime goes with deprivation in each district, and by how much; all of them together first.

    Parameters
    ----------
    table
        As :func:`district_table` returns it.
    district
        The district in the accent colour; empty for all of them together.
    """
    whole = table["place"] == EVERYWHERE
    rows = pd.concat([table[whole], table[~whole].sort_values("r", ascending=False)], ignore_index=True)
    known = rows.dropna(subset=["r"])
    finding = _districts_finding([row for place, row in by_place(known).items() if place != EVERYWHERE])
    logarithmic = outcome.startswith(LOGARITHM)
    more = "Per cent more" if logarithmic else f"{_unit(outcome)}, more"
    return Figure(
        name="districts",
        title=finding,
        charts=(
            charts.estimates(
                _dots(known, "r", district), "Correlation r", "How closely crime goes with the score", "r"
            ),
            charts.estimates(
                _dots(known, "slope", district, _percent if logarithmic else _for_ten),
                f"{more} for ten points",
                "How much more for ten points of the score",
                more,
            ),
        ),
        alt=f"Two charts with a row for each district: correlation, and slope. {finding}.",
        table=_districts_table(rows, outcome),
        note=DISTRICTS_NOTE,
        side_by_side=True,
    )


def _districts_finding(districts: list[dict[Any, Any]]) -> str:
    if not districts:
        return "Too few LSOAs in each district to say how closely crime goes with deprivation"
    first, last = districts[0], districts[-1]
    if first is last:
        return f"{first['place']}: r = {_with_interval(first, 'r')}"
    return (
        f"Crime goes with deprivation most closely in {first['place']}, r = {_with_interval(first, 'r')}; least in "
        f"{last['place']}, r = {_with_interval(last, 'r')}"
    )


def _dots(
    rows: pd.DataFrame, name: str, highlighted: str, written: Callable[[float], float] = lambda value: value
) -> pd.DataFrame:
    """`rows` that have `name`, as estimates to be drawn; without an interval where there is none."""
    known = rows.dropna(subset=[name])
    ends = {"points": name, "low": f"{name}_low", "high": f"{name}_high"}
    return pd.DataFrame(
        {
            "label": known["place"],
            **{end: known[column].astype(float).map(written) for end, column in ends.items()},
            "highlighted": known["place"] == (highlighted or EVERYWHERE),
        }
    )


def _for_ten(slope: float) -> float:
    return TEN * slope


def _percent(slope: float) -> float:
    return POINTS * math.expm1(TEN * slope)


def _districts_table(rows: pd.DataFrame, outcome: str) -> pd.DataFrame:
    slope = f"Slope ({lower_first(MEASURES[measure_of(outcome)].label)} per point)"
    names = {"r": "r", "r2": R_SQUARED, "spearman": "Spearman", "slope": slope}
    chances = {f"Chance to be {end}": rows[end] for end in ("strongest", "weakest")}
    table = pd.DataFrame({"Place": rows["place"], "LSOAs": rows["n"], "MSOAs": rows["msoas"]} | _with_ends(rows, names))
    table = table.assign(**{"p": rows["p"]}, **chances, Missing=rows["reason"].replace("", pd.NA))
    return table.dropna(axis="columns", how="all")


def _with_ends(rows: pd.DataFrame, names: Mapping[str, str]) -> dict[str, pd.Series]:
    """Figures of associations with the ends of their intervals, under the words in `names`."""
    return {
        f"{text}{end_words}": rows[f"{name}{end}"] for name, text in names.items() for end, end_words in ENDS.items()
    }


def reproduction(findings: pd.Series, table: pd.DataFrame, decimals: int) -> pd.DataFrame:
    """Each number that the study printed, beside the one that comes out here.

    Parameters
    ----------
    findings
        Values of the findings by id; those named ``r2-...`` are compared.
    table
        Associations of the count of records.
    decimals
        To how many the numbers are to agree.
    """
    printed = findings[findings.index.str.startswith("r2-")].dropna()
    place = [EVERYWHERE if name == "r2-all" else name.removeprefix("r2-").capitalize() for name in printed.index]
    found = table.set_index("place").loc[place]
    return pd.DataFrame(
        {
            "Place": place,
            "Printed as r": printed.to_numpy(),
            f"{R_SQUARED} here": found["r2"].to_numpy(),
            AGAIN: np.where(abs(found["r2"].to_numpy() - printed) <= 0.5 * 10.0**-decimals, "yes", "no"),
            "r here": found["r"].to_numpy(),
            "r, 95 % interval from": found["r_low"].to_numpy(),
            "r, to": found["r_high"].to_numpy(),
        }
    )


def reproduction_finding(rows: pd.DataFrame, decimals: int) -> str:
    """How many of the numbers come out again to `decimals` decimals."""
    same = int((rows[AGAIN] == "yes").sum())
    every = "All" if same == len(rows) else f"{same} of"
    return f"{every} {len(rows)} numbers of the study come out again to {decimals} decimals: each is {R_SQUARED}, not r"


def variants_figure(rows: pd.DataFrame) -> Figure:
    """What the score accounts for, by how crime is counted, with and without outliers and crime domain.

    Parameters
    ----------
    rows
        As :func:`core.crime.deprivation.analysis.variants` returns them.
    """
    outliers = rows["with_outliers"].map({True: "", False: ", outliers out"})
    rows = rows.assign(place=rows["measure"].map(SHORT) + outliers)
    order = rows[rows["score"] == SCORES[0]].sort_values("r2", ascending=False)["place"]
    drawn = [
        charts.estimates(
            _dots(part.set_index("place").loc[order].reset_index(), "r2", "", _of_hundred),
            f"{R_SQUARED} (%)",
            SCORE_LABELS[str(score)],
            "Per cent",
        )
        for score, part in rows.groupby("score", sort=False)
    ]
    low, high = (number(value * POINTS, 0) for value in (rows["r2"].min(), rows["r2"].max()))
    return Figure(
        name="ways_to_count",
        title=f"The score accounts for {low} to {high}{NBSP}% of the differences, by how crime is counted",
        charts=tuple(drawn),
        alt=(
            f"Dots with intervals: {R_SQUARED} for counts, rates and their logarithms, with and without outliers and "
            f"crime domain, from {low} to {high} per cent."
        ),
        table=_variants_table(rows),
        note=f"Count: records. Rate: records per 1,000 residents. ln: natural logarithm. Bars: 95{NBSP}% intervals.",
        side_by_side=True,
    )


def _of_hundred(share: float) -> float:
    return POINTS * share


def _variants_table(rows: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Crime": rows["measure"].map(lambda name: MEASURES[name].label),
            "Outliers": rows["with_outliers"].map({True: "with", False: "without"}),
            "Deprivation": rows["score"].map(SCORE_LABELS),
            "LSOAs": rows["n"],
        }
        | _with_ends(rows, {"r": "r", "r2": R_SQUARED, "spearman": "Spearman", "slope": "Slope per point"})
    )


def variants_finding(rows: pd.DataFrame) -> str:
    """What each way to count changes, on average over all others.

    Parameters
    ----------
    rows
        As :func:`core.crime.deprivation.analysis.variants` returns them.
    """
    switches = {
        "taking the logarithm": rows["measure"].str.startswith(LOGARITHM),
        "leaving out the outliers": ~rows["with_outliers"],
        "counting per resident": rows["measure"].str.endswith(PER_RESIDENT),
        "taking the crime domain out of the score": rows["score"] != SCORES[0],
    }
    moved = {text: _moved(rows["r2"], on) for text, on in switches.items() if on.nunique() > 1}
    order = sorted(moved, key=lambda text: -abs(moved[text]))
    sentence = listed(f"{text} {signed(moved[text] * POINTS, 1)}" for text in order)
    return f"What moves {R_SQUARED}, in percentage points on average over the other choices: {sentence}."


def _moved(values: pd.Series, on: pd.Series) -> float:
    return float(values[on].mean() - values[~on].mean())


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
    plain, district, msoa = (f"{signed(model.effect.value, 1)}{NBSP}%" for model in models)
    return (
        f"With the logarithm of the rate, ten points go with {plain} where all LSOAs are compared, {district} where "
        f"those of one district are, and {msoa} where close neighbours (of one MSOA) are."
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


_STEP_COLUMNS = {
    "label": "Model",
    "points": "% of the usual crime for ten points",
    "low": "95 % interval from",
    "high": "95 % interval to",
    "p": "p",
    "r2": f"{R_SQUARED} of the score",
    "n": "LSOAs",
}


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
        charts=(charts.estimates(rows, "Per cent", CRIME_CURVE.axis, "Per cent"),),
        alt=f"Dots with intervals: the same estimate under {len(rows)} kinds of standard error.",
        table=rows.drop(columns="highlighted").rename(columns=_STEP_COLUMNS | _ERROR_COLUMNS),
        note=f"{ERRORS_NOTE} {FEW_DISTRICTS_NOTE if DISTRICT in estimates else ''}".strip(),
    )


_ERROR_COLUMNS = {
    "label": "Standard errors",
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
