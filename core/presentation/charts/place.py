"""One place over time next to the whole that it is part of, with margins and what is forecast."""

from collections.abc import Mapping, Sequence
from textwrap import wrap
from typing import Any

import altair as alt
import pandas as pd

from core.presentation.charts.over_time import spread_labels
from core.presentation.charts.style import ACCENT, GREY, time_axis, titled

HEIGHT = 300
LABEL_GAP = 0.24  # of the height: names of two or three lines that are closer would lie over each other
BANDS: Mapping[str, str] = {"known": "95% margin", "ahead": "80% range"}
NAME_WIDTH = 16  # characters: names at the ends of lines leave a telephone room for the lines


def place_over_time(
    rows: pd.DataFrame, place: str, axis: str, unit: str, fmt: str = ".0f", sign: str = ""
) -> alt.LayerChart:
    """Lines of a place and of the whole, each named at the right, with bands and a fan where there are any.

    Parameters
    ----------
    rows
        ``quarter_end``, ``quarter_label``, ``line`` (name of the place or of the whole), ``kind`` (``"known"``, or
        ``"ahead"`` for a forecast), ``value``, and the ends ``low`` and ``high`` of the band, missing for no band.
    place
        The line in the accent colour.
    axis
        What is shown, with its unit; above the plot.
    unit
        What stands after a number on hover.
    fmt
        Format of the numbers.
    sign
        What stands after a number at the end of a line.
    """
    records = rows.to_dict("records")
    shown = rows.assign(
        colour=[ACCENT if row["line"] == place else GREY for row in records],
        says=[_says(row, unit, fmt) for row in records],
    )
    base = alt.Chart().encode(
        x=alt.X("quarter_end:T", title=None, axis=time_axis(rows["quarter_end"])),
        color=alt.Color("colour:N", scale=None),
    )
    y = alt.Y("value:Q", title=None, scale=alt.Scale(zero=False), axis=alt.Axis(tickCount=5))
    known, ahead = (alt.FieldEqualPredicate(field="kind", equal=kind) for kind in ("known", "ahead"))
    ends = {"y": alt.Y("low:Q"), "y2": alt.Y2("high:Q")}
    tooltip = [
        alt.Tooltip("line:N", title="Where"),
        alt.Tooltip("quarter_label:N", title="Quarter"),
        alt.Tooltip("says:N", title="Figure"),
    ]
    layers = [
        base.transform_filter(known).mark_area(opacity=0.15).encode(**ends),
        base.transform_filter(ahead).mark_area(opacity=0.3).encode(**ends),
        base.transform_filter(known).mark_line(strokeWidth=2.2).encode(y=y, detail=alt.Detail("line:N")),
        base.transform_filter(ahead).mark_line(strokeWidth=2.2, strokeDash=[5, 3]).encode(y=y),
        base.mark_circle(size=26, opacity=1).encode(y=y, tooltip=tooltip),
        _names(shown.to_dict("records"), fmt, sign),
    ]
    return alt.layer(*layers, data=shown, height=HEIGHT, title=titled(axis))


def _says(row: Mapping[Any, Any], unit: str, fmt: str) -> str:
    """'60% (95% margin 55% to 65%)'; no range where there is none, as where a forecast begins."""
    value, low, high = (f"{row[name]:{fmt}}{unit}" for name in ("value", "low", "high"))
    return (
        value if pd.isna(row["low"]) or row["low"] == row["high"] else f"{value} ({BANDS[row['kind']]} {low} to {high})"
    )


def _names(records: list[dict[Any, Any]], fmt: str, sign: str) -> alt.Chart:
    """The name of each line at the right with its last figures: the known one, and the forecast if it has one.

    A figure that is not of the last quarter known in any line says of which it is.
    """
    known, ahead = (_last([row for row in records if row["kind"] == kind]) for kind in ("known", "ahead"))
    latest = max(last["quarter_end"] for last in known.values())
    names = {
        line: _name(
            f"{line} {last['value']:{fmt}}{sign}", "" if last["quarter_end"] == latest else last["quarter_label"]
        )
        for line, last in known.items()
    }
    for line, last in ahead.items():
        names[line] += "\n" + _name(f"forecast {last['value']:{fmt}}{sign}", last["quarter_label"])
    ends = pd.DataFrame(list(_last(records).values()))
    values = [row["value"] for row in records]
    # All in one column at the right: where one line ends earlier, its name would lie over the others.
    edge = max(row["quarter_end"] for row in records)
    gap = (max(values) - min(values)) * LABEL_GAP
    placed = ends.assign(quarter_end=edge, name=ends["line"].map(names), place=spread_labels(ends["value"], gap))
    marks = alt.Chart(placed).mark_text(
        align="left", dx=7, fontSize=12, fontWeight=600, lineBreak="\n", baseline="middle"
    )
    return marks.encode(x=alt.X("quarter_end:T"), y=alt.Y("place:Q"), text=alt.Text("name:N"))


def _last(records: Sequence[Mapping[Any, Any]]) -> dict[str, Mapping[Any, Any]]:
    """The last of the `records` of each line, in their order."""
    found: dict[str, Mapping[Any, Any]] = {}
    for row in records:
        found.pop(row["line"], None)
        found[row["line"]] = row
    return found


def _name(figure: str, quarter: str) -> str:
    return "\n".join([*wrap(figure, NAME_WIDTH), *([quarter] if quarter else [])])
