"""Results and panels as figures: each picture with its finding, its text alternative and its table."""

from collections.abc import Mapping
from dataclasses import replace

import altair as alt
import numpy as np
import pandas as pd

from core.presentation import charts
from core.presentation.charts import Figure
from core.presentation.models.comparison import absorbed, effects_named
from core.presentation.models.effects import Effect, effect, effects, in_units, unit_of
from core.presentation.numbers import digits_for, lower_first, number, p_equals, signed
from core.presentation.text import holm_p
from core.questions.question import AS_PUBLISHED, FIRST_EDITION, PRESET_LABELS, RECOMMENDED, Question
from core.questions.vocabulary import Vocabulary
from core.stats.regression import CONSTANT, Diagnostics, FitResult, ModelSpec
from core.stats.regression.moderation import moderated_label, owner
from core.stats.robustness import SIGNIFICANCE
from core.tables.catalogue import Catalogue
from core.tables.quarters import period_label

YOURS = "Your model"
COLUMNS = {
    "label": "Model",
    "value": "Estimate",
    "low": "95% interval from",
    "high": "95% interval to",
    "p": "p-value",
    "step": "For",
}


def effect_axis(effect: Effect, outcome: str, step: bool = False) -> str:
    """What the axis of effects shows: 'Percentage points of the score', 'Per cent of the usual crime'."""
    named = in_units(effect.unit, outcome)
    return f"{named} for {effect.step}" if step else named


def effect_chart(rows: pd.DataFrame, one: Effect, vocabulary: Vocabulary, title: str = "") -> alt.LayerChart:
    """Effects that share the step and the unit of `one`, as dots with intervals, which axis and hover name.

    Parameters
    ----------
    rows
        As :func:`core.presentation.charts.estimates` takes them.
    """
    axis, fmt = effect_axis(one, vocabulary.outcome, step=True), "+.2f" if one.unit else charts.ANY_SIZE
    return charts.estimates(rows, axis, title, unit=one.column, fmt=fmt)


def ladder(question: Question) -> dict[str, ModelSpec]:
    """Models from the published one, where there is one, through each set of effects to the recommended one."""
    words = question.vocabulary
    # Where Recommended counts other rows than before, the steps lead to the model before it first.
    recommended = replace(question.presets.get(FIRST_EDITION, question.recommended), trends=False, moderator="")
    named: dict[str, ModelSpec] = {}
    if question.published is not None:
        named[PRESET_LABELS[AS_PUBLISHED]] = question.published
        named[words.fill("The same, errors clustered by {area}")] = replace(recommended, effects=())
    else:
        named["No effects"] = replace(recommended, effects=())
    if set(recommended.effects) == {words.area, words.period}:
        named[words.fill("Between {areas} only ({period} effects)")] = replace(recommended, effects=(words.period,))
        named[words.fill("Within {areas} only ({area} effects)")] = replace(recommended, effects=(words.area,))
    if FIRST_EDITION in question.presets:
        named[PRESET_LABELS[FIRST_EDITION]] = recommended
    last = "Both effects" if question.free_choice else PRESET_LABELS[RECOMMENDED]  # a reader's own: nobody stands by it
    if question.recommended.trends:
        named[last], last = recommended, words.fill("Both effects, and each {area}'s own trend")
    return named | {last: question.recommended}


def ladder_figure(
    shown: Mapping[str, Effect],
    sizes: Mapping[str, int],
    current: str,
    vocabulary: Vocabulary,
    more: Mapping[str, Mapping[str, float]] | None = None,
    note: str = "",
) -> Figure:
    """Effects of several models, in their order, as dots with intervals; that of the current one highlighted.

    Parameters
    ----------
    shown
        The effect in each model, by its words.
    sizes
        Rows that each was fitted to.
    current
        Which of them the page shows.
    more
        Further columns of the table, with the number of each model.
    note
        What to say of them besides.
    """
    further = more or {}
    rows = pd.DataFrame(
        [
            {"label": label, "value": found.value, "low": found.low, "high": found.high, "p": found.p}
            | {"step": found.step, "n": sizes[label], "highlighted": label == current}
            | {name: numbers[label] for name, numbers in further.items()}
            for label, found in shown.items()
        ]
    )
    labels = [label for label in shown if label != YOURS]
    recommended = PRESET_LABELS[RECOMMENDED]
    start, end = labels[0], recommended if recommended in labels else labels[-1]
    first = shown[start]
    ends = dict.fromkeys(f"{shown[label].text} {lower_first(label)}" for label in (start, end))
    axis, drawn = effect_axis(first, vocabulary.outcome), rows.rename(columns={"value": "points"})
    digits = 2 if first.unit else digits_for(float(rows["value"].abs().median()))
    described = "; ".join(f"{label}: {found.text}" for label, found in shown.items())
    names = COLUMNS | {"value": first.column, "n": vocabulary.rows[:1].upper() + vocabulary.rows[1:]}
    return Figure(
        name="models",
        title=f"For {first.step}: {', '.join(ends)}",
        charts=(charts.estimates(drawn, axis, unit=first.column, fmt=f"+,.{digits}f"),),
        alt=f"Estimated change for {first.step}: {axis}. {described}.",
        table=rows.drop(columns="highlighted").rename(columns=names),
        note=f"Dots are estimates, bars 95% intervals; the dashed line means no link. {note}".strip(),
    )


def scatter_figure(
    partial: pd.DataFrame, spec: ModelSpec, name: str, area: str, catalogue: Catalogue, vocabulary: Vocabulary
) -> Figure:
    """Predictor and outcome, as they are and with all else in `spec` taken out, next to each other.

    Parameters
    ----------
    partial
        As :func:`core.stats.regression.partial` returns it for `spec` and `name`.
    area
        The area to highlight; empty for none.
    """
    rows = partial.assign(quarter_label=partial["period"].map(period_label))
    x_label = predictor_label(name, spec, catalogue, vocabulary)
    y_label = outcome_label(spec, catalogue)
    taken_out, changes = _taken_out(spec, vocabulary), "changes, " if spec.differences else ""
    within = rows.drop(columns=["x", "y"]).rename(columns={"x_within": "x", "y_within": "y"})
    raw, rest = (signed(frame["x"].corr(frame["y"])) for frame in (rows, within))
    area_key, period_key = (_key_label(key, catalogue) for key in (vocabulary.area, vocabulary.period))
    keys, fmt = (area_key, period_key), ".3f" if vocabulary.unit else charts.ANY_SIZE
    axis = catalogue.axis(spec.outcome)
    raw_title = f"As they are: {changes}{responding(axis, spec)}"
    within_title = f"With {taken_out} taken out"
    compared = "changes" if spec.differences else vocabulary.rows
    return Figure(
        name="scatter",
        title=f"Correlation {raw} between {compared} as they are, {rest} with {taken_out} taken out",
        charts=(
            charts.scatter(rows, _line(rows), x_label, raw_title, area, keys, fmt),
            charts.scatter(within, _line(within), f"{x_label}: rest", within_title, area, keys, fmt),
        ),
        alt=(
            f"Two scatter plots of {lower_first(y_label)} against {x_label}, {len(rows)} {compared}: "
            f"as they are, correlation {raw}; with {taken_out} taken out, {rest}."
        ),
        table=partial.rename(
            columns={
                "area": area_key,
                "period": period_key,
                "x": x_label,
                "y": y_label,
                "x_within": f"{x_label}, rest",
                "y_within": f"{y_label}, rest",
                "weight": "Weight in the model",
            }
        ),
        note=(
            f"Each dot is one of the {compared}. The slope of the second chart is the estimate with {taken_out} "
            "taken out."
        ),
        side_by_side=True,
    )


def _key_label(key: str, catalogue: Catalogue) -> str:
    """'Borough'; a key of a visitor's own table as it is."""
    own = any(variable.name == variable.label == key for variable in catalogue)
    return key if own else key[:1].upper() + key[1:]


def _taken_out(spec: ModelSpec, vocabulary: Vocabulary) -> str:
    effects = [effects_named(spec, vocabulary)] if absorbed(spec, vocabulary) else []
    others = ["the other variables"] if len(spec.predictors) > 1 or spec.controls else []
    nothing = "nothing" if spec.differences else "the mean"
    return " and ".join([*effects, *others]) or nothing


def _line(rows: pd.DataFrame) -> pd.DataFrame:
    """End points of the weighted least-squares line through ``x`` and ``y``."""
    slope, level = np.polyfit(rows["x"], rows["y"], 1, w=np.sqrt(rows["weight"]))
    ends = pd.Series([rows["x"].min(), rows["x"].max()])
    return pd.DataFrame({"x": ends, "y": level + slope * ends})


def predictor_label(name: str, spec: ModelSpec, catalogue: Catalogue, vocabulary: Vocabulary) -> str:
    """'ln(use-of-force records), 12 months, 1 quarter earlier', of changes '..., change'."""
    label = catalogue.label(name)
    label = label if label == name else lower_first(label)  # a visitor's column keeps its name as it is
    label = {
        "log": f"ln({label})",
        "log_per_1000": f"ln({label} per 1,000 residents)",
        "per_1000": f"{label} per 1,000 residents",
        "count": label,
        "share": f"share of records with {label}",
    }[spec.form]
    if spec.window == "year":
        label += ", 12 months"
    label = f"{label}, {vocabulary.lag(spec.lag)}" if spec.lag else label
    return changed(label, spec)


def outcome_label(spec: ModelSpec, catalogue: Catalogue) -> str:
    """The outcome as it enters the model: 'Trust in the Met', 'ln(Trust in the Met), change'."""
    label = catalogue.label(spec.outcome)
    return changed(responding(label, spec), spec)


def responding(label: str, spec: ModelSpec) -> str:
    """`label` of an outcome in the way in which it enters the model."""
    return {"level": label, "log": f"ln({label})", "poisson": f"ln(expected {label})"}[spec.response]


def changed(label: str, spec: ModelSpec) -> str:
    """`label` of a variable, which says where a model takes changes of it."""
    return f"{label}, change" if spec.differences else label


def left_out_rows(result: FitResult) -> str:
    """How many rows the model does without, and what they may lack, in a sentence."""
    zero = {
        "log": ", or is zero and has no logarithm",
        "log_per_1000": ", or is zero and has no logarithm",
        "share": ", or is a share of nothing",
    }.get(result.spec.form, "")
    one, before = result.n_dropped == 1, " there or the time before" if result.spec.differences else ""
    return f"{result.n_dropped:,} row{'' if one else 's'} left out, where a value is missing{before}{zero}."


def left_out_figure(
    rows: pd.DataFrame, result: FitResult, name: str, catalogue: Catalogue, vocabulary: Vocabulary
) -> Figure:
    """The estimate with each area left out in turn, sorted."""
    unit = effect(result.estimate(name), result.spec, catalogue, vocabulary)
    step, stated = vocabulary.step(result.spec, name).size, unit_of(result.spec, vocabulary).stated
    numbers = {name: rows[name] * step for name in ("estimate", "low", "high")}
    scaled = pd.DataFrame(
        {"label": rows["area"], "highlighted": False}
        | {name.replace("estimate", "points"): values.map(stated) for name, values in numbers.items()}
    ).sort_values("points", ignore_index=True)
    lowest, highest = scaled.iloc[0], scaled.iloc[-1]
    ends = [signed(end["points"], unit.digits) for end in (lowest, highest)]
    names = {"label": "Without", "points": unit.column}
    return Figure(
        name="left_out",
        title=(
            f"Leaving out one {vocabulary.area_noun} moves the estimate between {ends[0]} (without {lowest['label']}) "
            f"and {ends[1]} (without {highest['label']})"
        ),
        charts=(effect_chart(scaled, unit, vocabulary),),
        alt=f"Estimate and interval without each {vocabulary.area_noun}, from {ends[0]} to {ends[1]}.",
        table=scaled.drop(columns="highlighted").rename(columns=COLUMNS | names),
    )


def residuals_figure(checked: Diagnostics, vocabulary: Vocabulary) -> Figure:
    """Residuals against fitted values."""
    rows = checked.residuals
    beyond = int((rows["standardised"].abs() > 3).sum())
    return Figure(
        name="residuals",
        title=(
            f"{beyond} of {len(rows):,} residuals {'lies' if beyond == 1 else 'lie'} more than 3 standard deviations "
            "out"
        ),
        charts=(charts.residual_plot(rows, (vocabulary.area, vocabulary.period)),),
        alt="Scatter plot of standardised residuals against fitted values.",
        table=rows.rename(columns={"area": vocabulary.area, "period": vocabulary.period}),
        note="A funnel or a curve would suggest that the model is missing something.",
    )


def normality_figure(checked: Diagnostics) -> Figure:
    """Q-Q plot of the residuals with the Shapiro-Wilk test."""
    return Figure(
        name="normality",
        title=(
            f"Shapiro-Wilk test of normal residuals: W = {number(checked.shapiro_statistic, 3)}, "
            f"p {p_equals(checked.shapiro_p)}"
        ),
        charts=(charts.quantile_plot(checked.quantiles),),
        alt="Quantiles of the residuals against those of a normal distribution.",
        table=checked.quantiles.rename(columns={"normal": "Normal quantile", "standardised": "Standardised residual"}),
        note="With this much data the confidence intervals do not depend on normality.",
    )


def autocorrelation_figure(checked: Diagnostics, vocabulary: Vocabulary) -> Figure:
    """Autocorrelation of the residuals within areas."""
    rows = checked.autocorrelation
    rows = rows.assign(label=[f"{_steps(lag, vocabulary)} apart" for lag in rows["lag"]])
    first, area = rows.iloc[0], vocabulary.area_noun
    lag = int(first["lag"])
    near = vocabulary.fill("neighbouring {periods}") if lag == 1 else f"one {area} {_steps(lag, vocabulary)} apart"
    return Figure(
        name="autocorrelation",
        title=f"Residuals of {near} correlate at {signed(first['correlation'])}",
        charts=(charts.sorted_bars(rows, "correlation", "label", f"Correlation of residuals of one {area}"),),
        alt=f"Bars: autocorrelation of residuals within {vocabulary.areas} by lag.",
        table=rows.drop(columns="label"),
        note=f"Why errors are clustered: residuals of one {area} are related over time.",
    )


def _steps(count: int, vocabulary: Vocabulary) -> str:
    return f"{count} {vocabulary.period_noun if count == 1 else vocabulary.periods}"


def vif_table(checked: Diagnostics, result: FitResult, catalogue: Catalogue, vocabulary: Vocabulary) -> pd.DataFrame:
    """Variance inflation of each term, under readable names."""
    return pd.DataFrame(
        {
            "Variable": [term_label(name, result.spec, catalogue, vocabulary) for name in checked.vif["name"]],
            "Variance inflation": checked.vif["vif"],
        }
    )


def vif_finding(checked: Diagnostics, result: FitResult, catalogue: Catalogue, vocabulary: Vocabulary) -> str:
    """The largest variance inflation, in a sentence."""
    worst = checked.vif.sort_values("vif").iloc[-1]
    label = term_label(worst["name"], result.spec, catalogue, vocabulary)
    return f"Variance inflation is at most {number(worst['vif'], 1)}, for {label}"


def term_label(name: str, spec: ModelSpec, catalogue: Catalogue, vocabulary: Vocabulary) -> str:
    """A term of the model as its table names it."""
    if name == CONSTANT:
        return "Constant"
    if name in spec.predictors:
        return predictor_label(name, spec, catalogue, vocabulary)
    if predictor := owner(spec, name):
        return moderated_label(spec, name, predictor_label(predictor, spec, catalogue, vocabulary))
    return changed(catalogue.label(name), spec)


def estimates_table(result: FitResult, catalogue: Catalogue, vocabulary: Vocabulary) -> pd.DataFrame:
    """All coefficients with errors, intervals and p-values, under readable names."""
    frame = result.frame()
    table = pd.DataFrame(
        {
            "Term": [term_label(name, result.spec, catalogue, vocabulary) for name in frame["name"]],
            "Coefficient": frame["estimate"].to_numpy(),
            "Standard error": frame["std_error"].to_numpy(),
            "t": frame["t"].to_numpy(),
            "p": frame["p"].to_numpy(),
            "95% from": frame["low"].to_numpy(),
            "95% to": frame["high"].to_numpy(),
            "Wild bootstrap p": frame["wild_p"].to_numpy(),
        }
    )
    if len(result.spec.predictors) > 1:
        table["p, Holm-adjusted"] = frame["name"].map(holm_p(result)).to_numpy()
    return table.dropna(axis="columns", how="all")


def card_lines(result: FitResult, name: str, catalogue: Catalogue, vocabulary: Vocabulary) -> list[str]:
    """What a model's card says: its headline number, and the lines under it."""
    estimate = result.estimate(name)
    found = effect(estimate, result.spec, catalogue, vocabulary)
    predictor = predictor_label(name, result.spec, catalogue, vocabulary)
    per_cent = found.unit == "%"
    unit = f"of the {vocabulary.outcome}" if per_cent else found.unit or catalogue.label(result.spec.outcome)
    lines = [
        found.text if per_cent else signed(found.value, found.digits),
        f"{unit} for {found.step}; 95% interval {found.interval}{'%' if per_cent else ''}",
        f"Coefficient {number(estimate.estimate, 4)} on {predictor} "
        f"(standard error {number(estimate.std_error, 4)}, p {p_equals(estimate.p)})",
    ]
    if found.unit == "points" and result.spec.form in ("log", "log_per_1000"):
        outcome = f"{vocabulary.outcome} (0 to 1)"
        lines.append(f"That is {number(estimate.estimate / 100, 6)} in the {outcome} for 1% more")
    return lines


def joint_card_lines(result: FitResult, catalogue: Catalogue, vocabulary: Vocabulary) -> list[str]:
    """One line per predictor: its effect, interval and step."""
    found, adjusted = effects(result, catalogue, vocabulary), holm_p(result)
    return [
        f"**{signed(each.value, each.digits)}**{' (clear)' if adjusted[name] < SIGNIFICANCE and each.clear else ''} "
        f"{f'{unit} ' if (unit := 'per cent' if each.unit == '%' else each.unit) else ''}for {each.step} "
        f"({each.interval})"
        for name, each in found.items()
    ]
