"""Results and panels as figures: each picture with its finding, its text alternative and its table."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from core.presentation import charts
from core.presentation.charts import Figure
from core.presentation.numbers import NBSP, interval_text, lower_first, number, probability, signed
from core.presentation.text import POINTS, STEPS, effect, holm_p
from core.questions.question import AS_PUBLISHED, PRESET_LABELS, RECOMMENDED, Question
from core.stats.regression import CONSTANT, Diagnostics, FitResult, ModelSpec
from core.tables.catalogue import Catalogue
from core.tables.quarters import quarter_label

EFFECT_AXIS = "Percentage points of the score for {step}"


def ladder(question: Question) -> dict[str, ModelSpec]:
    """The steps from the published model to the recommended one, each with its words."""
    published, recommended = question.presets[AS_PUBLISHED], question.presets[RECOMMENDED]
    clustered = replace(recommended, effects=())
    area, period = recommended.effects
    return {
        PRESET_LABELS[AS_PUBLISHED]: published,
        "The same, errors clustered by borough": clustered,
        f"Between boroughs only ({period} effects)": replace(clustered, effects=(period,)),
        f"Within boroughs only ({area} effects)": replace(clustered, effects=(area,)),
        PRESET_LABELS[RECOMMENDED]: recommended,
    }


def ladder_figure(fits: Mapping[str, FitResult], current: FitResult, name: str, catalogue: Catalogue) -> Figure:
    """Estimates of the models in `fits`, in their order, as dots with intervals; the current model highlighted.

    A current model that is none of them is added at the end where its steps are the same.
    """
    shown = dict(fits)
    labels = list(fits)
    first, last = fits[labels[0]], fits[labels[-1]]
    known = [result.spec for result in fits.values()]
    if current.spec not in known and current.spec.form == first.spec.form:
        shown["Your model"] = current
    rows = pd.DataFrame(
        [_effect_row(label, result, name, catalogue, result.spec == current.spec) for label, result in shown.items()]
    )
    published, recommended = (effect(result.estimate(name), result.spec, catalogue) for result in (first, last))
    described = "; ".join(rows["label"] + ": " + rows["points"].map(signed))
    return Figure(
        name="models",
        title=(
            f"For {published.step}: {signed(published.points, published.digits)} points {lower_first(labels[0])}, "
            f"{signed(recommended.points, recommended.digits)} points {lower_first(labels[-1])}"
        ),
        charts=(charts.estimates(rows, "Percentage points of the score"),),
        alt=f"Estimated change of the score in percentage points for {published.step}. {described}.",
        table=rows.drop(columns="highlighted").rename(columns=_EFFECT_COLUMNS),
        note=f"Dots are estimates, bars 95{NBSP}% intervals; the dashed line is no association.",
    )


_EFFECT_COLUMNS = {
    "label": "Model",
    "points": "Points",
    "low": "95 % interval from",
    "high": "95 % interval to",
    "p": "p-value",
    "step": "For",
    "n": "Borough-quarters",
}


def _effect_row(label: str, result: FitResult, name: str, catalogue: Catalogue, highlighted: bool) -> dict[str, object]:
    found = effect(result.estimate(name), result.spec, catalogue)
    return {
        "label": label,
        "points": found.points,
        "low": found.low,
        "high": found.high,
        "p": found.p,
        "step": found.step,
        "n": result.n,
        "highlighted": highlighted,
    }


def scatter_figure(partial: pd.DataFrame, spec: ModelSpec, name: str, borough: str, catalogue: Catalogue) -> Figure:
    """Predictor and outcome, as they are and with all else in `spec` taken out, beside each other.

    Parameters
    ----------
    partial
        As :func:`core.stats.regression.partial` returns it for `spec` and `name`.
    """
    rows = partial.assign(quarter_label=partial["period"].map(quarter_label))
    x_label = predictor_label(name, spec, catalogue)
    y_label = catalogue.label(spec.outcome)
    taken_out = _taken_out(spec)
    within = rows.drop(columns=["x", "y"]).rename(columns={"x_within": "x", "y_within": "y"})
    raw_words, within_words = (signed(frame["x"].corr(frame["y"])) for frame in (rows, within))
    return Figure(
        name="scatter",
        title=(
            f"Correlation {raw_words} between borough-quarters as they are, {within_words} with {taken_out} taken out"
        ),
        charts=(
            charts.scatter(rows, _line(rows), x_label, f"As they are: {catalogue.axis(spec.outcome)}", borough),
            charts.scatter(within, _line(within), f"{x_label}: rest", f"With {taken_out} taken out", borough),
        ),
        alt=(
            f"Two scatter plots of {lower_first(y_label)} against {x_label}, {len(rows)} borough-quarters: "
            f"as they are, correlation {raw_words}; with {taken_out} taken out, {within_words}."
        ),
        table=partial.rename(
            columns={
                "area": "Borough",
                "period": "Quarter",
                "x": x_label,
                "y": y_label,
                "x_within": f"{x_label}, rest",
                "y_within": f"{y_label}, rest",
                "weight": "Weight",
            }
        ),
        note=f"Each dot is a borough in a quarter. The slope on the right is the estimate with {taken_out} taken out.",
        side_by_side=True,
    )


def _taken_out(spec: ModelSpec) -> str:
    effects = [f"{' and '.join(spec.effects)} effects"] if spec.effects else []
    others = ["the other variables"] if len(spec.predictors) > 1 or spec.controls else []
    return " and ".join([*effects, *others]) or "the mean"


def _line(rows: pd.DataFrame) -> pd.DataFrame:
    """End points of the weighted least-squares line through ``x`` and ``y``."""
    slope, level = np.polyfit(rows["x"], rows["y"], 1, w=np.sqrt(rows["weight"]))
    ends = pd.Series([rows["x"].min(), rows["x"].max()])
    return pd.DataFrame({"x": ends, "y": level + slope * ends})


def predictor_label(name: str, spec: ModelSpec, catalogue: Catalogue) -> str:
    """'ln(use-of-force records), 12 months, 1 quarter earlier'."""
    label = lower_first(catalogue.label(name))
    label = {
        "log": f"ln({label})",
        "log_per_1000": f"ln({label} per 1,000 residents)",
        "per_1000": f"{label} per 1,000 residents",
        "count": label,
        "share": f"share of records with {label}",
    }[spec.form]
    if spec.window == "year":
        label += ", 12 months"
    return f"{label}, {spec.lag} quarter{'s' if spec.lag > 1 else ''} earlier" if spec.lag else label


def left_out_figure(rows: pd.DataFrame, result: FitResult, name: str, catalogue: Catalogue) -> Figure:
    """The estimate with each borough left out in turn, sorted."""
    spec = result.spec
    unit = effect(result.estimate(name), spec, catalogue)
    scale = STEPS[spec.form].size * POINTS
    scaled = pd.DataFrame(
        {
            "label": rows["area"],
            "points": rows["estimate"] * scale,
            "low": rows["low"] * scale,
            "high": rows["high"] * scale,
            "highlighted": False,
        }
    ).sort_values("points", ignore_index=True)
    lowest, highest = scaled.iloc[0], scaled.iloc[-1]
    ends = [signed(end["points"], unit.digits) for end in (lowest, highest)]
    return Figure(
        name="left_out",
        title=(
            f"Leaving out one borough moves the estimate between {ends[0]} (without {lowest['label']}) "
            f"and {ends[1]} (without {highest['label']})"
        ),
        charts=(charts.estimates(scaled, EFFECT_AXIS.format(step=unit.step)),),
        alt=f"Estimate and interval without each borough, from {ends[0]} to {ends[1]}.",
        table=scaled.drop(columns="highlighted").rename(columns=_EFFECT_COLUMNS | {"label": "Without"}),
    )


def residuals_figure(checked: Diagnostics) -> Figure:
    """Residuals against fitted values."""
    rows = checked.residuals.rename(columns={"area": "borough", "period": "quarter"})
    beyond = int((rows["standardised"].abs() > 3).sum())
    return Figure(
        name="residuals",
        title=f"{beyond} of {len(rows)} residuals lie more than 3 standard deviations out",
        charts=(charts.residual_plot(rows),),
        alt="Scatter plot of standardised residuals against fitted scores.",
        table=rows,
        note="A fan or a curve would mean that the model misses something.",
    )


def normality_figure(checked: Diagnostics) -> Figure:
    """Q-Q plot of the residuals with the Shapiro-Wilk test."""
    return Figure(
        name="normality",
        title=(
            f"Shapiro-Wilk test of normal residuals: W = {number(checked.shapiro_statistic, 3)}, "
            f"p {_equals(checked.shapiro_p)}"
        ),
        charts=(charts.quantile_plot(checked.quantiles),),
        alt="Quantiles of the residuals against those of a normal distribution.",
        table=checked.quantiles.rename(columns={"normal": "Normal quantile", "standardised": "Standardised residual"}),
        note="With this many rows the intervals do not lean on normal residuals.",
    )


def autocorrelation_figure(checked: Diagnostics) -> Figure:
    """Autocorrelation of the residuals within boroughs."""
    rows = checked.autocorrelation.assign(label=checked.autocorrelation["lag"].map(_quarters_apart))
    first = rows.iloc[0]
    return Figure(
        name="autocorrelation",
        title=f"Residuals of {_neighbours(int(first['lag']))} correlate at {signed(first['correlation'])}",
        charts=(charts.sorted_bars(rows, "correlation", "label", "Correlation of a borough's residuals"),),
        alt="Bars: autocorrelation of residuals within boroughs by lag.",
        table=rows.drop(columns="label"),
        note="Why errors are clustered: a borough's residuals are related over time.",
    )


def _neighbours(lag: int) -> str:
    return "neighbouring quarters" if lag == 1 else f"a borough {_quarters_apart(lag)}"


def _quarters_apart(lag: int) -> str:
    return f"{lag} quarter{'s' if lag > 1 else ''} apart"


def vif_table(checked: Diagnostics, result: FitResult, catalogue: Catalogue) -> pd.DataFrame:
    """Variance inflation of each term, under readable names."""
    return pd.DataFrame(
        {
            "Variable": [term_label(name, result.spec, catalogue) for name in checked.vif["name"]],
            "Variance inflation": checked.vif["vif"],
        }
    )


def vif_finding(checked: Diagnostics, result: FitResult, catalogue: Catalogue) -> str:
    """The largest variance inflation, in a sentence."""
    worst = checked.vif.sort_values("vif").iloc[-1]
    label = term_label(worst["name"], result.spec, catalogue)
    return f"Variance inflation is at most {number(worst['vif'], 1)}, for {label}"


def term_label(name: str, spec: ModelSpec, catalogue: Catalogue) -> str:
    """A term of the model as its table names it."""
    if name == CONSTANT:
        return "Constant"
    return predictor_label(name, spec, catalogue) if name in spec.predictors else catalogue.label(name)


def _equals(p: float) -> str:
    text = probability(p)
    return text if text.startswith("below") else f"= {text}"


def estimates_table(result: FitResult, catalogue: Catalogue) -> pd.DataFrame:
    """All coefficients with errors, intervals and p-values, under readable names."""
    frame = result.frame()
    table = pd.DataFrame(
        {
            "Term": [term_label(name, result.spec, catalogue) for name in frame["name"]],
            "Coefficient": frame["estimate"].to_numpy(),
            "Standard error": frame["std_error"].to_numpy(),
            "t": frame["t"].to_numpy(),
            "p": frame["p"].to_numpy(),
            "95 % from": frame["low"].to_numpy(),
            "95 % to": frame["high"].to_numpy(),
            "Wild bootstrap p": frame["wild_p"].to_numpy(),
        }
    )
    if len(result.spec.predictors) > 1:
        table["p, Holm-adjusted"] = frame["name"].map(holm_p(result)).to_numpy()
    return table.dropna(axis="columns", how="all")


def card_lines(result: FitResult, name: str, catalogue: Catalogue) -> list[str]:
    """What a model's card says under its headline number."""
    estimate = result.estimate(name)
    found = effect(estimate, result.spec, catalogue)
    lines = [
        f"points for {found.step}; 95{NBSP}% interval {interval_text(found.low, found.high, found.digits)}",
        f"Coefficient {number(estimate.estimate, 4)} on {predictor_label(name, result.spec, catalogue)} "
        f"(standard error {number(estimate.std_error, 4)}, p {_equals(estimate.p)})",
    ]
    if result.spec.form in ("log", "log_per_1000"):
        lines.append(f"That is {number(estimate.estimate / 100, 6)} in the score (0 to 1) for 1{NBSP}% more")
    return lines
