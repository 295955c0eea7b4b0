"""Figures of models with several predictors: coefficients side by side, contributions, composition over time."""

from collections.abc import Mapping, Sequence

import altair as alt
import pandas as pd

from core.london.questions import VOCABULARY
from core.presentation import charts
from core.presentation.charts import Figure
from core.presentation.models.effects import effect, effects
from core.presentation.models.model_figures import effect_axis
from core.presentation.numbers import all_of, number, quoted, signed, upper_first
from core.presentation.text import holm_p
from core.stats.regression import FitResult
from core.stats.robustness import SIGNIFICANCE
from core.tables.catalogue import Catalogue
from core.tables.panel import Panel
from core.tables.quarters import quarter_label

OVERLAP = (
    "One record can carry several of these flags, and some carry none: they overlap, so they add up to more or less "
    "than all records."
)


def coefficients_figure(fits: Mapping[str, FitResult], current: FitResult, catalogue: Catalogue) -> Figure:
    """Each predictor's estimate in every model of `fits`, in percentage points, or in per cent of a logarithm.

    Models whose form, and so whose step, or whose unit is not that of `current` are in the table only.
    """
    table, own = coefficient_rows(fits, catalogue), (current.spec.form, current.spec.relative)
    alike = [label for label, result in fits.items() if (result.spec.form, result.spec.relative) == own]
    rows = table[table["model"].isin(alike)]
    rows = rows.assign(highlighted=rows["model"].map({label: fits[label].spec == current.spec for label in alike}))
    first = next(iter(effects(current, catalogue, VOCABULARY).values()))
    axis, steps = effect_axis(first, VOCABULARY.outcome), VOCABULARY.step_of_kinds(current.spec)
    names = list(dict.fromkeys(rows["group"]))
    described = "; ".join(rows["group"] + ", " + rows["label"] + ": " + rows["points"].map(signed))
    specs = [result.spec for result in fits.values()]
    others = " Models in another form, whose steps differ, are in the table." * any(s.form != own[0] for s in specs)
    others += " Models in another unit are in the table." * any(s.relative != own[1] for s in specs)
    return Figure(
        name="coefficients",
        title=_clear_counts(fits),
        charts=tuple(charts.estimates(rows[rows["group"] == name], axis, name, unit=first.column) for name in names),
        alt=f"Estimates and intervals by kind and model. {described}.",
        table=_by_unit(table).drop(columns="label").rename(columns=_COLUMNS),
        note=f"Dots are estimates, bars 95% intervals, each for {steps}. The scales differ.{others}",
        side_by_side=True,
    )


def _by_unit(table: pd.DataFrame) -> pd.DataFrame:
    """`table` with a column of values for each unit in it, in the place of one for all."""
    place, units = list(table.columns).index("points"), list(dict.fromkeys(table["unit"]))
    split = table.drop(columns=["points", "unit"])
    for at, unit in enumerate(units):
        split.insert(place + at, unit, table["points"].where(table["unit"] == unit))
    return split


_COLUMNS = {
    "group": "Kind",
    "model": "Model",
    "step": "For",
    "low": "95% interval from",
    "high": "95% interval to",
    "estimate": "Coefficient",
    "std_error": "Standard error",
    "p": "p",
    "holm": "p, Holm-adjusted",
}


def coefficient_rows(fits: Mapping[str, FitResult], catalogue: Catalogue) -> pd.DataFrame:
    """One row per predictor and model, predictors together."""
    rows = []
    for label, result in fits.items():
        adjusted = holm_p(result)
        for name, holm in adjusted.items():
            estimate = result.estimate(name)
            found = effect(estimate, result.spec, catalogue, VOCABULARY)
            rows.append(
                {
                    "group": catalogue.label(name),
                    "model": label,
                    "label": label,
                    "step": found.step,
                    "points": found.value,
                    "unit": found.column,
                    "low": found.low,
                    "high": found.high,
                    "estimate": estimate.estimate,
                    "std_error": estimate.std_error,
                    "p": estimate.p,
                    "holm": holm,
                }
            )
    frame = pd.DataFrame(rows)
    return _in_order(frame, "group", list(dict.fromkeys(frame["group"])))


def _in_order(rows: pd.DataFrame, column: str, order: Sequence[str]) -> pd.DataFrame:
    """`rows` sorted so that `column` follows `order`; equal ones stay as they are."""
    place = {name: at for at, name in enumerate(order)}
    return rows.sort_values(column, key=lambda names: names.map(place), kind="stable", ignore_index=True)


def _clear_counts(fits: Mapping[str, FitResult]) -> str:
    adjusted = {label: list(holm_p(fit).values()) for label, fit in fits.items()}
    sentence = (
        f"{sum(p < SIGNIFICANCE for p in ps)} of {len(ps)} in {quoted(label)}" for label, ps in adjusted.items()
    )
    return "Significant links: " + "; ".join(sentence)


def contributions_figure(rows: pd.DataFrame, term: str, catalogue: Catalogue) -> Figure:
    """The contribution of one predictor by borough, sorted, with intervals.

    Parameters
    ----------
    rows
        As :func:`core.stats.contributions.contributions` returns them.
    """
    own = rows[rows["term"] == term].sort_values("points", ignore_index=True)
    shown = own.rename(columns={"area": "label"}).assign(highlighted=True)
    lowest, highest = own.iloc[0], own.iloc[-1]
    label = catalogue.label(term)
    return Figure(
        name=f"contribution_{term}",
        title=(
            f"{label}: the part of the fitted score that the model links to it runs from "
            f"{signed(lowest['points'], 1)} points in {lowest['area']} to {signed(highest['points'], 1)} in "
            f"{highest['area']}"
        ),
        charts=(charts.estimates(shown, "Percentage points of the fitted score", unit="Points"),),
        alt=f"Contribution of {quoted(label)} to the fitted score, by borough, with intervals.",
        table=_contribution_table(own, catalogue),
        note=(
            "The coefficient in the model shown, times the borough's average of what the model counts (records, a "
            "rate, a share or a logarithm, as chosen); the 95% interval is that of the coefficient. Where a bar "
            "crosses zero there may be no link. This is how the model adds up, and not what the records cost in trust."
        ),
    )


def all_contributions_figure(rows: pd.DataFrame, catalogue: Catalogue, note: str = OVERLAP) -> Figure:
    """Contributions of all predictors, stacked, boroughs sorted by their sum; `note` says how the kinds relate."""
    totals = rows.groupby("area")["points"].sum().sort_values()
    shown = _in_order(rows.assign(part=rows["term"].map(catalogue.label)), "area", list(totals.index))
    return Figure(
        name="contributions",
        title=(
            f"{upper_first(all_of(rows['term'].nunique()))} together: the model links them to "
            f"{signed(totals.iloc[0], 1)} points in {totals.index[0]} up to {signed(totals.iloc[-1], 1)} in "
            f"{totals.index[-1]}"
        ),
        charts=(
            charts.stacked_bars(
                shown,
                "points",
                "area",
                "part",
                alt.X("points:Q", title="Percentage points of the score"),
                ("Borough", "Outcome", "Percentage points"),
                "+.1f",
            ),
        ),
        alt="Stacked bars: contribution of each kind to the fitted score, by borough.",
        table=_contribution_table(rows, catalogue),
        note=note,
    )


def _contribution_table(rows: pd.DataFrame, catalogue: Catalogue) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Borough": rows["area"],
            "Kind": rows["term"].map(catalogue.label),
            "Mean in the model's form": rows["mean"],
            "Points": rows["points"],
            "95% interval from": rows["low"],
            "95% interval to": rows["high"],
        }
    )


def yearly_means_figure(panel: Panel, variable: str, catalogue: Catalogue) -> Figure:
    """Mean of `variable` per quarter, by borough and year, boroughs sorted by their mean over all years."""
    there = panel.frame[panel.frame[variable].notna()]
    years = there.assign(year=there[panel.period].str[:4])
    rows = years.pivot_table(index=panel.area, columns="year", values=variable).reset_index()
    rows = rows.melt(panel.area, var_name="year", value_name=variable)
    means = there.groupby(panel.area)[variable].mean().sort_values(ascending=False)
    rows = _in_order(rows, panel.area, list(means.index))
    label = catalogue.label(variable)
    return Figure(
        name=f"yearly_{variable}",
        title=(
            f"{label}: most in {means.index[0]} ({number(means.iloc[0], 0)} records a quarter on average), fewest in "
            f"{means.index[-1]} ({number(means.iloc[-1], 0)})"
        ),
        charts=(charts.shaded_table(rows, "year", panel.area, variable, "Mean records per quarter", ",.0f"),),
        alt=f"Shaded table: mean records per quarter with {quoted(label)}, a row per borough, a column per year.",
        table=rows.rename(
            columns={panel.area: "Borough", "year": "Year", variable: f"{label}: mean records per quarter"}
        ),
        note="Years with fewer than four quarters of records: "
        + ", ".join(_short_years(there, panel.period))
        + ". Boroughs differ in size.",
    )


def _short_years(there: pd.DataFrame, period: str) -> list[str]:
    quarters = pd.Series(there[period].unique()).str[:4].value_counts()
    return sorted(quarters[quarters < 4].index) or ["none"]


def shares_figure(
    wide: pd.DataFrame, variables: Sequence[str], total: str, catalogue: Catalogue, events: pd.DataFrame | None = None
) -> Figure:
    """Share of all records that carry each flag, London by quarter."""
    there = wide[wide[total].notna()]
    rows = pd.concat(
        [
            pd.DataFrame(
                {
                    "line": catalogue.label(name),
                    "quarter": there["quarter"],
                    "quarter_end": there["quarter_end"],
                    "quarter_label": there["quarter"].map(quarter_label),
                    "share": there[name] / there[total],
                }
            )
            for name in variables
        ],
        ignore_index=True,
    )
    largest = rows.groupby("line")["share"].mean().idxmax()
    own = rows.loc[rows["line"] == largest, "share"]
    return Figure(
        name="shares",
        title=(
            f"{largest} is on {number(own.iloc[0] * 100, 0)}% of records at the start and "
            f"{number(own.iloc[-1] * 100, 0)}% at the end"
        ),
        charts=(charts.named_lines(rows, "share", "Share of all use-of-force records", ".0%", events),),
        alt=f"Line chart of the share of records by quarter: {', '.join(catalogue.label(name) for name in variables)}.",
        table=rows[["line", "quarter", "quarter_label", "share"]].rename(
            columns={"line": "Kind", "quarter": "Quarter", "quarter_label": "Months", "share": "Share of records"}
        ),
        note=f"{OVERLAP}{charts.events_note(events, rows)}",
    )
