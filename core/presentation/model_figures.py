"""Results and panels as exhibits: each picture with its finding, its text alternative and its table."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from core.london.map.figures import PER_CENT, PER_RESIDENTS, MapView, is_score
from core.london.panel import missing_shares
from core.presentation import charts
from core.presentation.charts import Exhibit
from core.presentation.text import (
    NBSP,
    POINTS,
    STEPS,
    effect,
    holm_p,
    interval_words,
    lower_first,
    number,
    probability,
    signed,
)
from core.questions.question import AS_PUBLISHED, PRESET_LABELS, RECOMMENDED, Question
from core.stats.regression import CONSTANT, Diagnostics, FitResult, ModelSpec
from core.tables.catalogue import Catalogue
from core.tables.panel import Panel
from core.tables.quarters import quarter_label

LONDON = "London"
INDEX_BASE = 100
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


def ladder_exhibit(fits: Mapping[str, FitResult], current: FitResult, name: str, words: Catalogue) -> Exhibit:
    """Estimates of the models in `fits`, in their order, as dots with intervals; the current model stressed.

    A current model that is none of them is added at the end where its steps are the same.
    """
    shown = dict(fits)
    labels = list(fits)
    first, last = fits[labels[0]], fits[labels[-1]]
    known = [result.spec for result in fits.values()]
    if current.spec not in known and current.spec.form == first.spec.form:
        shown["Your model"] = current
    rows = pd.DataFrame(
        [_effect_row(label, result, name, words, result.spec == current.spec) for label, result in shown.items()]
    )
    published, recommended = (effect(result.estimate(name), result.spec, words) for result in (first, last))
    described = "; ".join(rows["label"] + ": " + rows["points"].map(signed))
    return Exhibit(
        name="models",
        title=(
            f"For {published.step}: {signed(published.points, published.digits)} points {lower_first(labels[0])}, "
            f"{signed(recommended.points, recommended.digits)} points {lower_first(labels[-1])}"
        ),
        charts=(charts.estimates(rows, "Percentage points of the score"),),
        alt=f"Estimated change of the score in percentage points for {published.step}. {described}.",
        table=rows.drop(columns="stressed").rename(columns=_EFFECT_COLUMNS),
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


def _effect_row(label: str, result: FitResult, name: str, words: Catalogue, stressed: bool) -> dict[str, object]:
    found = effect(result.estimate(name), result.spec, words)
    return {
        "label": label,
        "points": found.points,
        "low": found.low,
        "high": found.high,
        "p": found.p,
        "step": found.step,
        "n": result.n,
        "stressed": stressed,
    }


def totals_exhibit(wide: pd.DataFrame, variable: str, words: Catalogue) -> Exhibit:
    """London totals of `variable` by quarter; `wide` has one row per quarter."""
    rows = wide.loc[wide[variable].notna(), ["quarter", "quarter_end", variable]].assign(
        quarter_label=lambda frame: frame["quarter"].map(quarter_label)
    )
    first, last = rows.iloc[0], rows.iloc[-1]
    top = rows.iloc[int(rows[variable].argmax())]
    label = words.label(variable)
    return Exhibit(
        name=f"totals_{variable}",
        title=(
            f"{label}: {number(first[variable], 0)} a quarter in {first['quarter_label']}, at most "
            f"{number(top[variable], 0)} in {top['quarter_label']}, and {number(last[variable], 0)} "
            f"in {last['quarter_label']}"
        ),
        charts=(charts.bars_over_time(rows, variable, f"{label} in the quarter"),),
        alt=f"Bars: {lower_first(label)} in London by quarter, {first['quarter_label']} to {last['quarter_label']}.",
        table=rows[["quarter", "quarter_label", variable]].rename(
            columns={"quarter": "Quarter", "quarter_label": "Months", variable: label}
        ),
        note=words.help(variable),
    )


def over_time_exhibit(
    wide: pd.DataFrame,
    panel: Panel,
    outcome: str,
    variable: str,
    borough: str,
    words: Catalogue,
    events: pd.DataFrame | None = None,
) -> Exhibit:
    """Force and the score over time, indexed, in two panels under each other; one borough beside London."""
    lines = {LONDON: wide}
    if borough:
        lines[borough] = panel.frame[panel.frame[panel.area] == borough]
    titles = {variable: words.label(variable), outcome: words.label(outcome)}
    rows = pd.concat(
        [_indexed(frame, line, name, titles[name]) for name in (variable, outcome) for line, frame in lines.items()],
        ignore_index=True,
    )
    stressed = borough or LONDON
    ends = rows[(rows["line"] == stressed) & (rows["quarter"] == rows["quarter"].max())].set_index("panel")["index"]
    force, score = (ends[titles[name]] - INDEX_BASE for name in (variable, outcome))
    first, last = rows["quarter"].min(), rows["quarter"].max()
    return Exhibit(
        name="over_time",
        title=(
            f"{stressed}: from {quarter_label(first)} to {quarter_label(last)}, {lower_first(titles[variable])} "
            f"{_rose(force)} and {lower_first(titles[outcome])} {_rose(score)}"
        ),
        charts=tuple(
            charts.lines_over_time(
                rows[rows["panel"] == title], stressed, f"{title} ({quarter_label(first)} = {INDEX_BASE})", events
            )
            for title in titles.values()
        ),
        alt=f"Two line charts over the same years: {' and '.join(titles.values())}, each indexed to {first}.",
        table=rows.drop(columns="quarter_end").rename(
            columns={
                "quarter": "Quarter",
                "quarter_label": "Months",
                "line": "Where",
                "panel": "Figure",
                "value": "Value",
                "index": f"Index ({first} = {INDEX_BASE})",
            }
        ),
        note="Two lines that move together over time say little: much else changed in the same years.",
    )


def _indexed(frame: pd.DataFrame, line: str, variable: str, title: str) -> pd.DataFrame:
    there = frame["records"].notna() & frame[variable].notna()
    rows = frame.loc[there, ["quarter", "quarter_end", variable]].rename(columns={variable: "value"})
    return rows.assign(
        index=rows["value"] / rows["value"].iloc[0] * INDEX_BASE,
        line=line,
        panel=title,
        quarter_label=rows["quarter"].map(quarter_label),
    )


def _rose(change: float) -> str:
    return f"{'rose' if change >= 0 else 'fell'} {number(abs(change), 0)}{NBSP}%"


def scatter_exhibit(partial: pd.DataFrame, spec: ModelSpec, name: str, borough: str, words: Catalogue) -> Exhibit:
    """Predictor and outcome, as they are and with all else in `spec` taken out, beside each other.

    Parameters
    ----------
    partial
        As :func:`core.stats.regression.partial` returns it for `spec` and `name`.
    """
    rows = partial.assign(quarter_label=partial["period"].map(quarter_label))
    x_label = predictor_label(name, spec, words)
    y_label = words.label(spec.outcome)
    taken_out = _taken_out(spec)
    within = rows.drop(columns=["x", "y"]).rename(columns={"x_within": "x", "y_within": "y"})
    raw_words, within_words = (signed(frame["x"].corr(frame["y"])) for frame in (rows, within))
    return Exhibit(
        name="scatter",
        title=(
            f"Correlation {raw_words} between borough-quarters as they are, {within_words} with {taken_out} taken out"
        ),
        charts=(
            charts.scatter(rows, _line(rows), x_label, f"As they are: {words.axis(spec.outcome)}", borough),
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


def predictor_label(name: str, spec: ModelSpec, words: Catalogue) -> str:
    """'ln(use-of-force records), 12 months, 1 quarter earlier'."""
    label = lower_first(words.label(name))
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


def left_out_exhibit(rows: pd.DataFrame, result: FitResult, name: str, words: Catalogue) -> Exhibit:
    """The estimate with each borough left out in turn, sorted."""
    spec = result.spec
    unit = effect(result.estimate(name), spec, words)
    scale = STEPS[spec.form].size * POINTS
    scaled = pd.DataFrame(
        {
            "label": rows["area"],
            "points": rows["estimate"] * scale,
            "low": rows["low"] * scale,
            "high": rows["high"] * scale,
            "stressed": False,
        }
    ).sort_values("points", ignore_index=True)
    lowest, highest = scaled.iloc[0], scaled.iloc[-1]
    ends = [signed(end["points"], unit.digits) for end in (lowest, highest)]
    return Exhibit(
        name="left_out",
        title=(
            f"Leaving out one borough moves the estimate between {ends[0]} (without {lowest['label']}) "
            f"and {ends[1]} (without {highest['label']})"
        ),
        charts=(charts.estimates(scaled, EFFECT_AXIS.format(step=unit.step)),),
        alt=f"Estimate and interval without each borough, from {ends[0]} to {ends[1]}.",
        table=scaled.drop(columns="stressed").rename(columns=_EFFECT_COLUMNS | {"label": "Without"}),
    )


def residuals_exhibit(checked: Diagnostics) -> Exhibit:
    """Residuals against fitted values."""
    rows = checked.residuals.rename(columns={"area": "borough", "period": "quarter"})
    beyond = int((rows["standardised"].abs() > 3).sum())
    return Exhibit(
        name="residuals",
        title=f"{beyond} of {len(rows)} residuals lie more than 3 standard deviations out",
        charts=(charts.residual_plot(rows),),
        alt="Scatter plot of standardised residuals against fitted scores.",
        table=rows,
        note="A fan or a curve would mean that the model misses something.",
    )


def normality_exhibit(checked: Diagnostics) -> Exhibit:
    """Q-Q plot of the residuals with the Shapiro-Wilk test."""
    return Exhibit(
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


def autocorrelation_exhibit(checked: Diagnostics) -> Exhibit:
    """Autocorrelation of the residuals within boroughs."""
    rows = checked.autocorrelation.assign(label=checked.autocorrelation["lag"].map(_quarters_apart))
    first = rows.iloc[0]
    return Exhibit(
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


def vif_table(checked: Diagnostics, result: FitResult, words: Catalogue) -> pd.DataFrame:
    """Variance inflation of each term, under readable names."""
    return pd.DataFrame(
        {
            "Variable": [term_label(name, result.spec, words) for name in checked.vif["name"]],
            "Variance inflation": checked.vif["vif"],
        }
    )


def vif_finding(checked: Diagnostics, result: FitResult, words: Catalogue) -> str:
    """The largest variance inflation, in a sentence."""
    worst = checked.vif.sort_values("vif").iloc[-1]
    return (
        f"Variance inflation is at most {number(worst['vif'], 1)}, for {term_label(worst['name'], result.spec, words)}"
    )


def term_label(name: str, spec: ModelSpec, words: Catalogue) -> str:
    """A term of the model as its table names it."""
    if name == CONSTANT:
        return "Constant"
    return predictor_label(name, spec, words) if name in spec.predictors else words.label(name)


def _equals(p: float) -> str:
    words = probability(p)
    return words if words.startswith("below") else f"= {words}"


def estimates_table(result: FitResult, words: Catalogue) -> pd.DataFrame:
    """All coefficients with errors, intervals and p-values, under readable names."""
    frame = result.frame()
    table = pd.DataFrame(
        {
            "Term": [term_label(name, result.spec, words) for name in frame["name"]],
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


def card_lines(result: FitResult, name: str, words: Catalogue) -> list[str]:
    """What a model's card says under its headline number."""
    estimate = result.estimate(name)
    found = effect(estimate, result.spec, words)
    lines = [
        f"points for {found.step}; 95{NBSP}% interval {interval_words(found.low, found.high, found.digits)}",
        f"Coefficient {number(estimate.estimate, 4)} on {predictor_label(name, result.spec, words)} "
        f"(standard error {number(estimate.std_error, 4)}, p {_equals(estimate.p)})",
    ]
    if result.spec.form in ("log", "log_per_1000"):
        lines.append(f"That is {number(estimate.estimate / 100, 6)} in the score (0 to 1) for 1{NBSP}% more")
    return lines


def events_table(events: pd.DataFrame) -> pd.DataFrame:
    """Dated events with what happened and where to check it."""
    return pd.DataFrame(
        {
            "No.": events["number"],
            "From": events["start"],
            "To": events["end"].fillna(""),
            "Event": events["label"],
            "What happened": events["description"],
            "Source": events["source"] + ", " + events["publisher"],
            "Address": events["url"].fillna(""),
        }
    )


def history_exhibit(
    wide: pd.DataFrame, panel: Panel, view: MapView, words: Catalogue, events: pd.DataFrame | None = None
) -> Exhibit:
    """The map's figure over time: London, and the borough picked beside it."""
    lines = {LONDON: wide}
    if view.borough:
        lines[view.borough] = panel.frame[panel.frame[panel.area] == view.borough]
    score = is_score(view.variable, words)
    rate = not score and view.form == "per_1000"
    rows = pd.concat([_history(frame, line, view.variable, score, rate) for line, frame in lines.items()])
    stressed = view.borough or LONDON
    unit = PER_CENT if score else "per 1,000 residents" if rate else words.variable(view.variable).unit
    axis = f"{words.label(view.variable)} ({unit})"
    own = rows[rows["line"] == stressed].set_index("quarter_label")["index"]
    digits = 2 if rate and own.max() < 1 else 1 if score or rate else 0
    return Exhibit(
        name="history",
        title=(
            f"{words.label(view.variable)} in {stressed}: lowest in {own.idxmin()} ({number(own.min(), digits)}), "
            f"highest in {own.idxmax()} ({number(own.max(), digits)})"
        ),
        charts=(charts.lines_over_time(rows, stressed, axis, events),),
        alt=f"Line chart of {lower_first(axis)} in {' and '.join(lines)} by quarter.",
        table=rows[["line", "quarter", "quarter_label", "index"]].rename(
            columns={"line": "Where", "quarter": "Quarter", "quarter_label": "Months", "index": axis}
        ),
        note=words.help(view.variable),
    )


def _history(frame: pd.DataFrame, line: str, variable: str, score: bool, rate: bool) -> pd.DataFrame:
    there = frame[frame[variable].notna()]
    per = 100 if score else PER_RESIDENTS / there["population"] if rate else 1
    value = there[variable] * per
    return pd.DataFrame(
        {
            "line": line,
            "quarter": there["quarter"],
            "quarter_label": there["quarter"].map(quarter_label),
            "quarter_end": there["quarter_end"],
            "value": value,
            "index": value,
        }
    )


def figures_summary(words: Catalogue, panel: Panel) -> str:
    """What figures there are, in a few sentences."""
    force = panel.frame[panel.frame[panel.total].notna()]
    survey_runs, force_runs = (
        f"{quarter_label(frame[panel.period].min())} to {quarter_label(frame[panel.period].max())}"
        for frame in (panel.frame, force)
    )
    records = number(force[panel.total].sum(), 0)
    return (
        f"{len(panel.areas)} boroughs. The survey runs from {survey_runs}, use of force from {force_runs}: "
        f"{len(force)} borough-quarters with {records} records. Every table below can be taken as CSV, and "
        f"`datapackage.json` beside them describes each column (version {words.version})."
    )


def missing_exhibit(panel: Panel, words: Catalogue) -> Exhibit:
    """Which figures are missing when: share of boroughs without a figure, by variable and quarter."""
    variables = [
        v.name for role in ("outcome", "force") for v in words.with_role(role) if v.name in panel.frame.columns
    ]
    place = {name: at for at, name in enumerate(variables)}
    rows = missing_shares(panel, variables)
    rows = rows.assign(label=rows["variable"].map(words.label)).sort_values(
        ["variable", panel.period], key=lambda column: column.map(place) if column.name == "variable" else column
    )
    starts = rows[rows["missing"] < 1].groupby("variable")[panel.period].min()
    inside = rows[rows[panel.period] >= rows["variable"].map(starts)]
    broken = inside.loc[inside["missing"] > 0, "variable"].nunique()
    late = starts[starts > panel.periods[0]].sort_values()
    begins = "; ".join(
        f"{', '.join(words.label(str(name)) for name in names)}: from {quarter_label(str(quarter))}"
        for quarter, names in late.groupby(late).groups.items()
    )
    return Exhibit(
        name="missing_values",
        title=(
            f"{number(len(late), 0)} of {len(variables)} figures start after {quarter_label(panel.periods[0])}; "
            f"{number(broken, 0) if broken else 'none'} {'have' if broken > 1 else 'has'} gaps once started"
        ),
        charts=(charts.heatmap(rows, panel.period, "label", "missing", "Boroughs without a figure"),),
        alt=f"Heat map of missing values, a row for each figure and a column for each quarter. Late starts: {begins}.",
        table=rows[["label", panel.period, "missing"]].rename(
            columns={"label": "Figure", panel.period: "Quarter", "missing": "Share of boroughs without a figure"}
        ),
        note=f"Late starts: {begins}.",
    )
