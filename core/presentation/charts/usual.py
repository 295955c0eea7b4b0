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
ROOM = 1.03  # times the largest value that the axis reaches
NAME, CLEAR, SLACK = 0.37, 0.1, 1e-9  # shares of the axis on a telephone: the bar's name, and half of the dot's
BESIDE = 17  # pixels from the dot to the bar's name next to that of the dot


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
    # In a column beyond the axis: next to their dots, numbers would lie over marks of the middle.
    numbers = alt.Chart().encode(y=y, x=alt.XDatum(scale.domain[1]), text=alt.Text("value:Q", format=",.0f"))
    first = rows.head(1).dropna(subset=["low", "high"])
    named = alt.Chart(first).encode(y=y)
    return alt.layer(
        base.mark_bar(size=12, color=GREY, opacity=0.35).encode(x=alt.X("low:Q"), x2=alt.X2("high:Q")),
        base.mark_tick(thickness=2, height=12, color=GREY).encode(x=alt.X("middle:Q")),
        base.mark_circle(size=90, opacity=1, color=ACCENT).encode(x=x),
        numbers.mark_text(align="left", dx=8, fontWeight=600),
        *_names(first, named, x, scale.domain[1]),
        data=rows,
        height=alt.Step(ROW),
        title=titled(axis),
    )


def _names(first: pd.DataFrame, row: alt.Chart, x: alt.X, most: float) -> list[alt.Chart]:
    """What the dot and the bar are, above those of the first row; the bar's name keeps clear of the dot's."""
    if not len(first):
        return []
    low, high, value = (math.sqrt(first[name].iloc[0] / most) for name in ("low", "high", "value"))
    end, align, beside = bar_name(low, high, value)
    return [
        row.mark_text(dy=NAME_ABOVE, align=align, dx=beside, fontSize=11).encode(
            x=alt.X(f"{end}:Q"), text=alt.value("usual range")
        ),
        row.mark_text(dy=NAME_ABOVE, fontSize=11, fontWeight=600).encode(x=x, text=alt.value("here")),
    ]


def bar_name(low: float, high: float, value: float) -> tuple[str, str, int]:
    """Where the name of the bar is written: the column of its end, which way it is aligned there, and pixels from it.

    Parameters
    ----------
    low, high, value
        Ends of the bar and the dot, as shares of the axis.
    """
    places = {
        ("low", "left", 0): low,
        ("high", "right", 0): high - NAME,
        ("value", "left", BESIDE): value + CLEAR,
        ("value", "right", -BESIDE): value - CLEAR - NAME,
    }
    for place, start in places.items():
        apart = start >= value + CLEAR or start + NAME <= value - CLEAR + SLACK
        if apart and 0 <= start <= 1 - NAME:
            return place
    return "value", "left", BESIDE
