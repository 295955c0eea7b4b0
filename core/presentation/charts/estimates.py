"""Estimates with intervals, in rows."""

import altair as alt
import pandas as pd

from core.presentation.charts.style import (
    ACCENT,
    HALF_WIDTH,
    STRONG,
    accented,
    axis_title,
    broken_labels,
    row_axis,
    row_colour,
    row_step,
    titled,
    zero_line,
)


def estimates(
    rows: pd.DataFrame,
    axis: str,
    title: str = "",
    *,
    unit: str,
    bars: str = "95% interval",
    fmt: str = "+.2f",
    mark: str = ACCENT,
) -> alt.LayerChart:
    """Dots with intervals, one row each, next to a line at zero.

    Parameters
    ----------
    rows
        Columns ``label``, ``points``, ``low``, ``high``, ``highlighted`` (bool); drawn in the order given.
    axis
        Title of the horizontal axis, with unit.
    title
        Words above the plot; empty for none.
    unit, bars
        What a value counts, and what the bar about it is, on hover.
    fmt
        Format of the numbers on hover.
    mark
        Colour of highlighted rows: the accent for what the title is about, :data:`CAUTION` for what to beware of.
    """
    rows = rows.assign(row=broken_labels(rows["label"]), colour=accented(rows["highlighted"], mark))
    y = alt.Y("row:N", sort=list(rows["row"]), title=None, axis=row_axis(domain=False))
    tooltip = [
        alt.Tooltip("label:N", title="Row"),
        alt.Tooltip("points:Q", title=unit, format=fmt),
        alt.Tooltip("low:Q", title=f"{bars} from", format=fmt),
        alt.Tooltip("high:Q", title="to", format=fmt),
    ]
    base = alt.Chart().encode(y=y, tooltip=tooltip)
    ends = {"x": alt.X("low:Q", title=axis_title(axis)), "x2": alt.X2("high:Q")}
    spans = base.mark_rule(strokeWidth=3).encode(**ends, color=row_colour())
    dots = base.mark_circle(size=110, opacity=1).encode(x=alt.X("points:Q"), color=row_colour())
    above = {"title": titled(title)} if title else {}
    return alt.layer(zero_line(alt.X), spans, dots, data=rows, height=row_step(rows["row"]), **above)


def ranges(
    rows: pd.DataFrame, axis: str, before: str, fmt: str, extent: tuple[float, float] | None = None
) -> alt.LayerChart:
    """Dots with intervals, one row each in the order given, and a tick for where the row was before.

    Parameters
    ----------
    rows
        ``label``, ``value``, ``low``, ``high``, ``before``, ``highlighted`` (bool).
    axis
        What is shown, with its unit; above the plot.
    before
        What the tick is, on hover.
    fmt
        Format of the numbers on hover.
    extent
        First and last value of the axis, such as the ranks that there are; those of the rows by default.
    """
    rows = rows.assign(colour=accented(rows["highlighted"]))
    scale = alt.Scale(domain=list(extent), nice=False, padding=8) if extent else alt.Scale(zero=False)
    y = alt.Y("label:N", sort=list(rows["label"]), title=None, axis=row_axis(domain=False))
    x = alt.X("value:Q", title=None, scale=scale, axis=alt.Axis(orient="top"))
    tooltip = [
        alt.Tooltip("label:N", title="Borough"),
        alt.Tooltip("value:Q", title=axis, format=fmt),
        alt.Tooltip("low:Q", title="80% interval from", format=fmt),
        alt.Tooltip("high:Q", title="to", format=fmt),
        alt.Tooltip("before:Q", title=before, format=fmt),
    ]
    base = alt.Chart().encode(y=y, tooltip=tooltip, color=row_colour())
    return alt.layer(
        base.mark_rule(strokeWidth=3, opacity=0.5).encode(x=alt.X("low:Q"), x2=alt.X2("high:Q")),
        base.mark_tick(thickness=2, height=14).encode(x=alt.X("before:Q"), color=alt.ColorValue(STRONG)),
        base.mark_circle(size=80, opacity=1).encode(x=x),
        data=rows,  # once for all: from charts that have it each, Altair takes it away again at three times the cost
        height=alt.Step(20),
        title=titled(axis, HALF_WIDTH),
    )
