"""A reader's own panel as figures: its gaps, its lines over time, and what a model finds in it."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from core.presentation import charts
from core.presentation.charts import Figure
from core.presentation.numbers import NBSP, digits_for
from core.stats.regression import FitResult
from core.tables.gaps import missing_shares
from core.tables.panel import Panel
from core.user_panel.text import effect, format_number

EVERYWHERE = "Mean of all"
FEW_VARIABLES = 40


def ladder_figure(fits: Mapping[str, FitResult], term: str, current: FitResult) -> Figure:
    """The association with each set of effects; that of the model shown highlighted."""
    rows = []
    for label, result in fits.items():
        found = effect(result, term)
        rows.append(
            {
                "label": label,
                "points": found.value,
                "low": found.low,
                "high": found.high,
                "p": result.estimate(term).p,
                "n": result.n,
                "highlighted": result.spec.effects == current.spec.effects,
            }
        )
    table = pd.DataFrame(rows)
    digits = digits_for(float(table["points"].abs().median()))
    step, outcome = effect(current, term).step, current.spec.outcome
    ends = [
        f"{format_number(row['points'])} ({row['label'][:1].lower()}{row['label'][1:]})" for _, row in table.iterrows()
    ]
    return Figure(
        name="own_models",
        title=f"For {step}: {', '.join(dict.fromkeys([ends[0], ends[-1]]))}",
        charts=(charts.estimates(table, f"{outcome}, for {step}", unit="Estimate", fmt=f"+,.{digits}f"),),
        alt="; ".join(table["label"] + ": " + table["points"].map(format_number)) + ".",
        table=table.drop(columns="highlighted").rename(
            columns={
                "label": "Effects",
                "points": "Estimate",
                "low": "95 % interval from",
                "high": "95 % interval to",
                "n": "Rows",
            }
        ),
        note=f"Dots are estimates, bars 95{NBSP}% intervals; the dashed line is no association.",
    )


def scatter_figure(partial: pd.DataFrame, result: FitResult, term: str, panel: Panel) -> Figure:
    """Predictor and outcome as they are, and with all else in the model taken out."""
    rows = partial.assign(quarter_label=partial["period"])
    within = rows.drop(columns=["x", "y"]).rename(columns={"x_within": "x", "y_within": "y"})
    first, second = (_signed(frame["x"].corr(frame["y"])) for frame in (rows, within))
    keys, outcome = (panel.area, panel.period), result.spec.outcome
    return Figure(
        name="own_scatter",
        title=f"Correlation {first} as they are, {second} with the rest of the model taken out",
        charts=(
            charts.scatter(rows, _line(rows), term, f"As they are: {outcome}", "", keys, charts.ANY_SIZE),
            charts.scatter(within, _line(within), f"{term}: rest", f"{outcome}: rest", "", keys, charts.ANY_SIZE),
        ),
        alt=f"Two scatter plots of {outcome} against {term}, {len(rows):,} rows: correlation {first} and {second}.",
        table=partial.rename(
            columns={
                "area": panel.area,
                "period": panel.period,
                "x": term,
                "y": outcome,
                "x_within": f"{term}, rest",
                "y_within": f"{outcome}, rest",
                "weight": "Weight in the model",
            }
        ),
        note="Each dot is a row. The slope on the right is the estimate of the model.",
        side_by_side=True,
    )


def trend_figure(panel: Panel, variable: str, area: str) -> Figure:
    """A column over time: the mean of all areas, and one of them beside it."""
    frame = panel.frame[[panel.area, panel.period, variable]].set_axis(["line", "period", "value"], axis=1).dropna()
    means = frame.groupby("period", as_index=False)["value"].mean().assign(line=EVERYWHERE)
    rows = pd.concat([means, frame[frame["line"] == area]], ignore_index=True)
    highlighted = area or EVERYWHERE
    shown = rows[rows["line"] == highlighted].set_index("period")["value"]
    return Figure(
        name=f"own_trend_{variable}",
        title=(
            f"{variable}, {highlighted}: {format_number(shown.iloc[0])} in {shown.index[0]}, "
            f"{format_number(shown.iloc[-1])} "
            f"in {shown.index[-1]}"
            if len(shown)
            else f"{variable} has no figure for {highlighted}"
        ),
        charts=(charts.lines_by_period(rows, highlighted, variable, panel.area),),
        alt=f"Line chart of {variable} by {panel.period}: {' and '.join(rows['line'].unique())}.",
        table=rows.rename(columns={"period": panel.period, "line": panel.area, "value": variable}),
    )


def missing_figure(panel: Panel, variables: list[str]) -> Figure:
    """Which figures are missing when, for the first columns of numbers."""
    shown = variables[:FEW_VARIABLES]
    rows = missing_shares(panel, shown)
    drawn = rows.rename(columns={panel.period: "period"})  # a visitor's name may hold what a chart takes for grammar
    worst = rows.groupby("variable", sort=False)["missing"].mean().sort_values(ascending=False)
    complete = int((worst == 0).sum())
    first = "" if complete == len(worst) else f"; {worst.index[0]} lacks most, {worst.iloc[0] * 100:.0f}{NBSP}%"
    more = f" The first {FEW_VARIABLES} of {len(variables)} columns." if len(variables) > FEW_VARIABLES else ""
    return Figure(
        name="own_missing",
        title=f"{complete} of {len(worst)} columns have every figure{first}",
        charts=(charts.heatmap(drawn, "period", "variable", "missing", "Areas without a figure"),),
        alt=f"Heat map of missing values by column and {panel.period}.",
        table=rows.rename(columns={"variable": "Column", "missing": "Share of areas without a figure"}),
        note=f"Among the rows of the file; an area without a row for a {panel.period} does not show here.{more}",
    )


def panel_table(panel: Panel) -> pd.DataFrame:
    """The size of the panel."""
    full = len(panel.areas) * len(panel.periods)
    return pd.DataFrame(
        {
            "": ["Rows", panel.area, panel.period, "Pairs without a row"],
            "Number": [len(panel.frame), len(panel.areas), len(panel.periods), full - len(panel.frame)],
            "From": ["", panel.areas[0], panel.periods[0], ""],
            "To": ["", panel.areas[-1], panel.periods[-1], ""],
        }
    )


def _line(rows: pd.DataFrame) -> pd.DataFrame:
    slope, level = np.polyfit(rows["x"], rows["y"], 1, w=np.sqrt(rows["weight"]))
    ends = pd.Series([rows["x"].min(), rows["x"].max()])
    return pd.DataFrame({"x": ends, "y": level + slope * ends})


def _signed(value: float) -> str:
    return f"{value:+.2f}".replace("-", "\N{MINUS SIGN}")
