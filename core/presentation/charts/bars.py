"""Bars, shaded tables and paths."""

import json
from collections.abc import Sequence

import altair as alt
import pandas as pd

from core.presentation.charts.style import (
    ACCENT,
    FAINT,
    HALF_WIDTH,
    LEGEND_HEIGHT,
    LEGEND_WIDTH,
    PARTS,
    STEP,
    axis_title,
    balanced,
    broken_labels,
    period_axis,
    row_axis,
    row_step,
    titled,
)

LABEL_ROOM = 30  # pixels for a number beyond the end of a bar


def sorted_bars(
    rows: pd.DataFrame, value: str, label: str, axis: str, fmt: str = ".2f", step: int = STEP, most: float | None = None
) -> alt.LayerChart:
    """Horizontal bars from zero in the order given, each labelled with its value.

    Parameters
    ----------
    step
        Pixels from bar to bar, or more where names need them.
    most
        Value to which the axis reaches at least, so that several charts compare; the largest of the rows by default.
    """
    rows = rows.assign(row=broken_labels(rows[label]))
    # A number lies beyond the end of its bar: to the left of those below zero, which takes room there.
    below = bool((rows[value] < 0).any())
    scale = {"padding": LABEL_ROOM} if below else {"domainMax": most} if most else {}
    side = [alt.expr(f"datum['{value}'] < 0 ? {left} : {right}") for left, right in (("'right'", "'left'"), (-4, 4))]
    align, beyond = side if below else ("left", 4)
    base = alt.Chart().encode(
        y=alt.Y("row:N", sort=list(rows["row"]), title=None, axis=row_axis()),
        x=alt.X(f"{value}:Q", title=axis_title(axis), scale=alt.Scale(**scale)),
    )
    text = base.mark_text(align=align, dx=beyond).encode(text=alt.Text(f"{value}:Q", format=fmt))
    return alt.layer(base.mark_bar(color=ACCENT), text, data=rows, height=row_step(rows["row"], step))


def heatmap(rows: pd.DataFrame, x: str, y: str, value: str, legend: str) -> alt.Chart:
    """Cells by period `x` and figure `y`; `value` is a share from 0 to 1, which `legend` says what it is of."""
    return (
        alt.Chart(rows.assign(row=broken_labels(rows[y])))
        .mark_rect()
        .encode(
            x=alt.X(f"{x}:O", title=None, axis=period_axis(rows[x])),
            y=alt.Y("row:N", title=None, sort=None, axis=row_axis()),
            color=alt.Color(
                f"{value}:Q",
                title=legend,
                scale=alt.Scale(domain=[0, 1], range=[FAINT, ACCENT]),
                legend=alt.Legend(format="%", orient="top", values=[0, 0.5, 1]),
            ),
            tooltip=[
                alt.Tooltip(f"{x}:O", title="Period"),
                alt.Tooltip(f"{y}:N", title="Figure"),
                alt.Tooltip(f"{value}:Q", title=legend, format=".0%"),
            ],
        )
        .properties(height=alt.Step(30))
    )


def stacked_bars(
    rows: pd.DataFrame,
    value: str,
    label: str,
    part: str,
    axis: alt.X,
    names: tuple[str, str, str],
    fmt: str,
    palette: Sequence[str] = PARTS,
) -> alt.Chart:
    """Horizontal bars stacked by part, labels and parts in the order given; `axis` encodes `value`.

    Parameters
    ----------
    names
        What a label, a part and a value are, on hover, with the unit of the value.
    fmt
        Format of the values on hover.
    """
    rows = rows.assign(row=broken_labels(rows[label]))
    order, parts = list(dict.fromkeys(rows["row"])), list(dict.fromkeys(rows[part]))
    rows["place"] = rows[part].map({name: place for place, name in enumerate(parts)})
    lines = {name: balanced(name, LEGEND_WIDTH) for name in parts}
    return (
        alt.Chart(rows)
        .mark_bar()
        .encode(
            y=alt.Y("row:N", sort=order, title=None, axis=row_axis()),
            x=axis,
            order=alt.Order("place:Q"),
            color=alt.Color(
                f"{part}:N",
                sort=parts,
                title=None,
                scale=alt.Scale(domain=parts, range=list(palette[: len(parts)])),
                legend=alt.Legend(
                    orient="top", columns=1, labelLimit=300, labelExpr=f"{json.dumps(lines)}[datum.label]"
                ),
            ),
            tooltip=[
                alt.Tooltip(f"{label}:N", title=names[0]),
                alt.Tooltip(f"{part}:N", title=names[1]),
                alt.Tooltip(f"{value}:Q", title=names[2], format=fmt),
            ],
        )
        .properties(height=alt.Step(20))
    )


def shaded_table(rows: pd.DataFrame, x: str, y: str, value: str, legend: str, fmt: str) -> alt.Chart:
    """Cells shaded by value, rows and columns in the order given."""
    return (
        alt.Chart(rows.assign(row=broken_labels(rows[y])))
        .mark_rect()
        .encode(
            x=alt.X(f"{x}:O", title=None, axis=alt.Axis(labelAngle=0, ticks=False, orient="top")),
            y=alt.Y("row:N", title=None, sort=list(dict.fromkeys(broken_labels(rows[y]))), axis=row_axis()),
            color=alt.Color(
                f"{value}:Q",
                title=legend,
                scale=alt.Scale(range=[FAINT, ACCENT]),
                legend=alt.Legend(orient="top", format=fmt),
            ),
            tooltip=[
                alt.Tooltip(f"{y}:N", title="Where"),
                alt.Tooltip(f"{x}:O", title="When"),
                alt.Tooltip(f"{value}:Q", title=legend, format=fmt),
            ],
        )
        .properties(height=alt.Step(20))
    )


def paths(rows: pd.DataFrame, free: pd.DataFrame, axis: str) -> alt.LayerChart:
    """Coefficients against a penalty, one line each; dots at the left for those without penalty.

    Parameters
    ----------
    rows, free
        ``line``, ``penalty``, ``coefficient``.
    """
    lines = list(dict.fromkeys(free["line"]))
    colour = alt.Color(
        "line:N",
        title=None,
        scale=alt.Scale(domain=lines, range=list(PARTS[: len(lines)])),
        legend=alt.Legend(orient="top", columns=1, labelLimit=300),
    )
    x = alt.X("penalty:Q", title="Penalty, from almost none to almost all")
    y = alt.Y("coefficient:Q", title=None)
    tooltip = [
        alt.Tooltip("line:N", title="Variable"),
        alt.Tooltip("coefficient:Q", title=f"{axis}, without penalty", format="+.2f"),
    ]
    drawn = alt.Chart(rows).mark_line(strokeWidth=2).encode(x=x, y=y, color=colour)
    dots = alt.Chart(free).mark_circle(size=60, opacity=1).encode(x=x, y=y, color=colour, tooltip=tooltip)
    return alt.layer(drawn, dots, height=260 + LEGEND_HEIGHT, title=titled(axis, HALF_WIDTH))
