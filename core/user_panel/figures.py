"""A reader's own table as figures: its lines over time, and its gaps."""

import pandas as pd

from core.presentation import charts
from core.presentation.charts import Figure
from core.tables.gaps import missing_shares
from core.tables.panel import Panel
from core.user_panel.text import format_number

EVERYWHERE = "Mean of all"
FEW_VARIABLES = 40


def trend_figure(panel: Panel, variable: str, area: str) -> Figure:
    """A column over time: the mean of all areas, and one of them next to it."""
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
    first = "" if complete == len(worst) else f"; {worst.index[0]} lacks most, {worst.iloc[0] * 100:.0f}%"
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
