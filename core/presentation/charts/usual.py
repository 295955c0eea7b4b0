"""Counts of one place next to the ranges that are usual elsewhere."""

import math

import altair as alt
import pandas as pd

from core.presentation.charts.style import (
    ACCENT,
    GREY,
    broken_labels,
    row_axis,
    titled,
)

ROW = 27  # pixels from row to row: names of two lines just fit
NAME_ABOVE = -13  # pixels from the middle of the first row to what its marks are called
ROOM = 1.25  # times the largest value that the axis reaches, so that its number has room


def usual_ranges(rows: pd.DataFrame, axis: str, usual: str) -> alt.LayerChart:
    """Dots with their numbers next to bars of what is usual, from zero, in the order given.

    Distances are those of the square roots: a row with few still shows where it lies in its range.

    Parameters
    ----------
    rows
        ``label``, ``value``, ``low``, ``high`` (both missing where there is no range), ``middle``, ``says`` (how the
        value compares, on hover).
    axis
        What is shown; above the plot.
    usual
        What the bar is, on hover.
    """
    rows = rows.assign(row=broken_labels(rows["label"]))
    most = float(rows[["value", "high"]].max().max()) * ROOM
    scale = alt.Scale(type="sqrt", domain=[0, max(most, 1.0)], nice=False)
    tooltip = [
        alt.Tooltip("label:N", title="Type"),
        alt.Tooltip("value:Q", title="Recorded here (records)", format=",.0f"),
        alt.Tooltip("low:Q", title=f"{usual} (records), from", format=",.0f"),
        alt.Tooltip("high:Q", title="to", format=",.0f"),
        alt.Tooltip("says:N", title="Compared"),
    ]
    x = alt.X("value:Q", title=None, scale=scale, axis=alt.Axis(tickCount=4, format=",d", grid=False))
    y = alt.Y("row:N", sort=list(rows["row"]), title=None, axis=row_axis(domain=False))
    base = alt.Chart().encode(y=y, tooltip=tooltip)
    first = rows.head(1).dropna(subset=["low", "high"])
    named = alt.Chart(first).encode(y=y)
    return alt.layer(
        base.mark_bar(size=12, color=GREY, opacity=0.35).encode(x=alt.X("low:Q"), x2=alt.X2("high:Q")),
        base.mark_tick(thickness=2, height=12, color=GREY).encode(x=alt.X("middle:Q")),
        base.mark_circle(size=90, opacity=1, color=ACCENT).encode(x=x),
        base.mark_text(align="left", dx=8, fontWeight=600).encode(x=x, text=alt.Text("value:Q", format=",.0f")),
        *_names(first, named, x),
        data=rows,
        height=alt.Step(ROW),
        title=titled(axis),
    )


def _names(first: pd.DataFrame, row: alt.Chart, x: alt.X) -> list[alt.Chart]:
    """What the dot and the bar are, above those of the first row; the bar is named at the end away from the dot."""
    if not len(first):
        return []
    low, high, value = (math.sqrt(first[name].iloc[0]) for name in ("low", "high", "value"))
    at_low = value > (low + high) / 2
    end, align = (alt.X("low:Q"), "left") if at_low else (alt.X("high:Q"), "right")
    return [
        row.mark_text(dy=NAME_ABOVE, align=align, fontSize=11).encode(x=end, text=alt.value("usual range")),
        row.mark_text(dy=NAME_ABOVE, fontSize=11, fontWeight=600).encode(x=x, text=alt.value("here")),
    ]
