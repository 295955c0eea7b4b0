"""A reader's own table as figures: its lines over time, and its gaps."""

import pandas as pd

from core.presentation import charts
from core.presentation.charts import Figure
from core.presentation.numbers import all_of, number_word, quoted, the_others, upper_first
from core.stats.regression.errors import one
from core.tables.gaps import missing_shares
from core.tables.panel import Panel
from core.user_panel.text import format_number

EVERYWHERE = "Average of all"
FEW_VARIABLES = 40
NO_GAPS = "No figure is missing in these columns"
HALF_A_PER_CENT = 0.005
AMONG_ROWS = "Among the rows of the file; an area without a row for some {period} does not show here."


def trend_figure(panel: Panel, variable: str, area: str) -> Figure:
    """A column over time: the average of all areas, and one of them next to it."""
    frame = panel.frame[[panel.area, panel.period, variable]].set_axis(["line", "period", "value"], axis=1).dropna()
    means = frame.groupby("period", as_index=False)["value"].mean().assign(line=EVERYWHERE)
    rows = pd.concat([means, frame[frame["line"] == area]], ignore_index=True)
    highlighted = area or EVERYWHERE
    shown = rows[rows["line"] == highlighted].set_index("period")["value"]
    return Figure(
        name=f"own_trend_{variable}",
        title=(
            f"{variable}, {area or EVERYWHERE.lower()}: {format_number(shown.iloc[0])} in {shown.index[0]}, "
            f"{format_number(shown.iloc[-1])} in {shown.index[-1]}"
            if len(shown)
            else f"{variable} has no figure for {highlighted}"
        ),
        charts=(charts.lines_by_period(rows, highlighted, variable, panel.area),),
        alt=f"Line chart of {variable} by {one(panel.period)}: {' and '.join(rows['line'].unique())}.",
        table=rows.rename(columns={"period": panel.period, "line": panel.area, "value": variable}),
    )


def missing_figure(panel: Panel, variables: list[str]) -> Figure:
    """Which figures are missing when, for the first columns of numbers, those with gaps before the others."""
    gapless = panel.frame[variables].notna().all()
    shown = sorted(variables, key=lambda name: bool(gapless[name]))[:FEW_VARIABLES]
    rows = missing_shares(panel, shown)
    drawn = rows.rename(columns={panel.period: "period"})  # a visitor's name may hold what a chart takes for grammar
    worst = rows.groupby("variable", sort=False)["missing"].mean().sort_values(ascending=False)
    complete = int((worst == 0).sum())
    rest = f"; {the_others(complete)} {'is' if complete == 1 else 'are'} complete" if complete else ""
    gaps = f"{quoted(worst.index[0])} has {_share(worst.iloc[0])} of its values missing"
    if len(worst) - complete > 1:
        gaps = f"{upper_first(number_word(len(worst) - complete))} columns have gaps: most of all, {gaps}"
    if complete == len(worst):
        gaps, rest = NO_GAPS, ""
    more = f" The first {FEW_VARIABLES} of {len(variables)} columns." if len(variables) > FEW_VARIABLES else ""
    return Figure(
        name="own_missing",
        title=f"{gaps}{rest}",
        charts=(charts.heatmap(drawn, "period", "variable", "missing", "Areas without a figure"),),
        alt=f"Heat map of missing values by column and {one(panel.period)}.",
        table=rows.rename(columns={"variable": "Column", "missing": "Share of areas without a figure"}),
        note=f"{AMONG_ROWS.format(period=one(panel.period))}{more}",
    )


def no_gaps(panel: Panel, variables: list[str]) -> str:
    """That no figure is missing in these columns, in a sentence; empty where one is, which the figure shows."""
    if panel.frame[variables].isna().any(axis=None):
        return ""
    every = "The column has" if len(variables) == 1 else f"{upper_first(all_of(len(variables)))} columns have"
    return f"{every} a figure in every row. {AMONG_ROWS.format(period=one(panel.period))}"


def _share(missing: float) -> str:
    """A share in whole per cent, that of little as such."""
    return "under 1%" if missing < HALF_A_PER_CENT else f"{missing:.0%}"


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
