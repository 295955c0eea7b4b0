"""Ratios with intervals in rows, on a scale of multiples."""

import altair as alt
import pandas as pd

from core.presentation.charts.style import (
    GREY,
    accented,
    axis_title,
    broken_labels,
    row_axis,
    row_colour,
    row_step,
)

_ONE = pd.DataFrame({"one": [1.0]})
TICKS = [0.5, 1, 2, 3, 4, 5, 6, 8, 10, 15, 20]


def ratio_rows(rows: pd.DataFrame, axis: str, wide: str = "") -> alt.LayerChart:
    """Dots with 95% intervals, one row each in the order given, next to a line at one; a logarithmic scale.

    Parameters
    ----------
    rows
        ``label``, ``ratio``, ``low``, ``high``, ``highlighted`` (bool), ``text`` (written next to the dot), and
        ``wide_low`` and ``wide_high`` of a wider interval, missing where a row has none.
    axis
        What is shown, below the plot.
    wide
        What the wider interval is, on hover.
    """
    rows = rows.assign(row=broken_labels(rows["label"]), colour=accented(rows["highlighted"]))
    y = alt.Y("row:N", sort=list(rows["row"]), title=None, axis=row_axis(domain=False))
    scale = alt.Scale(type="log", zero=False, nice=False, padding=12)
    title = alt.X(
        "low:Q", scale=scale, title=axis_title(axis), axis=alt.Axis(values=TICKS, tickCount=len(TICKS), format="~g")
    )
    tooltip = [
        alt.Tooltip("label:N", title="Row"),
        alt.Tooltip("ratio:Q", title="Times", format=".2f"),
        alt.Tooltip("low:Q", title="95% interval from", format=".2f"),
        alt.Tooltip("high:Q", title="to", format=".2f"),
    ]
    base = alt.Chart().encode(y=y, tooltip=tooltip, color=row_colour())
    layers = [alt.Chart(_ONE).mark_rule(color=GREY, strokeDash=[4, 3]).encode(x=alt.X("one:Q"))]
    if wide and rows["wide_low"].notna().any():
        ends = [alt.Tooltip("wide_low:Q", title=f"{wide} from", format=".2f")]
        ends.append(alt.Tooltip("wide_high:Q", title="to", format=".2f"))
        bars = alt.Chart().encode(y=y, tooltip=ends, color=row_colour())
        reach = {"x": alt.X("wide_low:Q"), "x2": alt.X2("wide_high:Q")}
        layers.append(bars.mark_rule(strokeWidth=10, opacity=0.25).encode(**reach))
    layers += [
        base.mark_rule(strokeWidth=2.5).encode(x=title, x2=alt.X2("high:Q")),
        base.mark_circle(size=80, opacity=1).encode(x=alt.X("ratio:Q")),
    ]
    return alt.layer(*layers, data=rows, height=row_step(rows["row"]))
