"""Charts of recorded crime: shares with intervals, two areas next to each other, quotients, LSOAs by deprivation."""

import math
from typing import Any

import altair as alt
import pandas as pd

from core.presentation.charts.style import (
    ACCENT,
    GREY,
    HALF_WIDTH,
    STRONG,
    accented,
    broken_labels,
    row_axis,
    row_colour,
    row_step,
    titled,
)

PER_CENT_AXIS = "datum.value + '%'"
BAR, BAR_OPACITY = 16, 0.6  # so thick and so faint that intervals are seen on the bars
SHADES, LIGHTEST, DARKEST = 2.0, 0.12, 0.55  # quotient from which a cell is darkest, and how much of its colour it has
LABEL_ROOM, LETTER_ROOM = 0.18, 0.04  # share of an axis that is left for the label after the last value; of a letter
LOG_TICKS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000]
MOST_LABELLED = 12  # columns of a table whose cells still have room for a number


def interval_bars(rows: pd.DataFrame, axis: str, reference: str = "") -> alt.LayerChart:
    """Bars from zero in the order given with 95% intervals, each labelled; a mark for what it is held against.

    Parameters
    ----------
    rows
        ``label``, ``value``, ``low``, ``high`` (per cent), ``text`` (the label), ``highlighted`` (bool); ``reference``
        (per cent) where there is a mark.
    axis
        What is shown, with its unit; above the plot.
    reference
        What the mark is, on hover; empty for none.
    """
    rows = rows.assign(row=broken_labels(rows["label"]), colour=accented(rows["highlighted"]))
    tooltip = [
        alt.Tooltip("label:N", title="What"),
        alt.Tooltip("value:Q", title="Per cent", format=".1f"),
        *_ends(".1f"),
        *([alt.Tooltip("reference:Q", title=reference, format=".1f")] if reference else []),
    ]
    base = alt.Chart().encode(y=_rows(rows), tooltip=tooltip)
    layers = [
        base.mark_bar(size=BAR, opacity=BAR_OPACITY).encode(x=_per_cent("value"), color=row_colour()),
        base.mark_rule(strokeWidth=2).encode(x=alt.X("low:Q"), x2=alt.X2("high:Q")),
        base.mark_text(align="left", dx=5).encode(x=alt.X("high:Q"), text=alt.Text("text:N")),
    ]
    if reference:
        # Under the bar, where it does not cross the label.
        mark = base.mark_point(shape="triangle-up", filled=True, size=45, yOffset=BAR / 2 + 1, color=STRONG, opacity=1)
        layers.append(mark.encode(x=alt.X("reference:Q")))
    return alt.layer(*layers, data=rows, height=row_step(rows["row"]), title=titled(axis))


def paired_dots(rows: pd.DataFrame, names: tuple[str, str], axis: str) -> alt.LayerChart:
    """Two values per row as dots on a line between them, rows in the order given.

    Parameters
    ----------
    rows
        ``label``, ``one``, ``other`` (per cent).
    names
        What the two are; the first in the accent colour.
    axis
        What is shown, with its unit; above the plot.
    """
    rows = rows.assign(row=broken_labels(rows["label"]))
    long = rows.melt(["row", "label"], ["one", "other"], "which", "value")
    long["name"] = long["which"].map(dict(zip(("one", "other"), names, strict=True)))
    colour = alt.Color(
        "name:N",
        title=None,
        sort=list(names),
        scale=alt.Scale(domain=list(names), range=[ACCENT, GREY]),
        legend=alt.Legend(orient="top", columns=1, labelLimit=300, labelFontSize=12),
    )
    tooltip = [
        alt.Tooltip("label:N", title="Type"),
        alt.Tooltip("name:N", title="Where"),
        alt.Tooltip("value:Q", title="Per cent", format=".1f"),
    ]
    y = _rows(rows, domain=False)
    between = alt.Chart(rows).mark_rule(strokeWidth=2, color=GREY, opacity=0.5)
    dots = alt.Chart(long).mark_circle(size=110, opacity=1)
    return alt.layer(
        between.encode(x=alt.X("one:Q"), x2=alt.X2("other:Q"), y=y),
        dots.encode(x=_per_cent("value"), y=y, color=colour, tooltip=tooltip),
        height=row_step(rows["row"]),
        title=titled(axis),
    )


def quotient_table(rows: pd.DataFrame, axis: str) -> alt.LayerChart:
    """Location quotients as a table with a row per type and a column per area, shaded where they differ from 1.

    Blue is more common than everywhere, orange less, the stronger the further from 1; no shade where it is not clear.

    Parameters
    ----------
    rows
        ``area``, ``crime_type``, ``quotient``, ``low``, ``high``, ``clear`` (bool); types and areas in the order given.
    axis
        What is shown; above the plot.
    """
    cells = zip(rows["quotient"], rows["clear"], strict=True)
    rows = rows.assign(
        row=broken_labels(rows["crime_type"]), shade=[_shade(quotient, clear) for quotient, clear in cells]
    )
    across = alt.Axis(labelAngle=-45, ticks=False, orient="top", labelOverlap=False, domain=False)
    base = alt.Chart().encode(
        x=alt.X("area:N", title=None, sort=None, axis=across),
        y=_rows(rows, domain=False),
        tooltip=[
            alt.Tooltip("area:N", title="Area"),
            alt.Tooltip("crime_type:N", title="Type"),
            alt.Tooltip("quotient:Q", title="Times the share elsewhere", format=".2f"),
            *_ends(".2f"),
        ],
    )
    layers = [base.mark_rect().encode(color=alt.Color("shade:N", scale=None))]
    if rows["area"].nunique() <= MOST_LABELLED:
        layers.append(base.mark_text(fontSize=11).encode(text=alt.Text("quotient:Q", format=".2f")))
    return alt.layer(*layers, data=rows, height=row_step(rows["row"]), title=titled(axis))


def _rows(rows: pd.DataFrame, **options: bool) -> alt.Y:
    """A row of the chart for each ``row``, in the order given."""
    return alt.Y("row:N", sort=list(dict.fromkeys(rows["row"])), title=None, axis=row_axis(**options))


def _per_cent(column: str) -> alt.X:
    return alt.X(f"{column}:Q", title=None, axis=alt.Axis(labelExpr=PER_CENT_AXIS, grid=False))


def _ends(fmt: str) -> list[alt.Tooltip]:
    return [alt.Tooltip("low:Q", title="95% interval from", format=fmt), alt.Tooltip("high:Q", title="to", format=fmt)]


def _shade(quotient: float, clear: bool) -> str:
    """Colour of a cell, with how much of it."""
    if not clear:
        return "#00000000"
    times = max(quotient, 1 / quotient) if quotient > 0 else SHADES
    share = LIGHTEST + (DARKEST - LIGHTEST) * min((times - 1) / (SHADES - 1), 1)
    return f"{ACCENT if quotient > 1 else STRONG}{round(share * 255):02x}"


def intervals(
    rows: pd.DataFrame,
    axis: str,
    unit: str,
    reference: float | None = None,
    log: bool = False,
    extent: tuple[float, float] | None = None,
) -> alt.LayerChart:
    """Dots with 95% intervals, one row each in the order given, each labelled; no bar where there is no interval.

    Parameters
    ----------
    rows
        ``label``, ``value``, ``low``, ``high`` (may be missing), ``text`` (the label), ``highlighted`` (bool); where
        there is a second interval, ``narrow_low`` and ``narrow_high``.
    axis
        What is shown, with its unit; above the plot.
    unit
        What a value counts, on hover.
    reference
        Value with a dashed line, beyond which labels stand in a column; none by default.
    log
        Whether the axis is logarithmic; then it need not begin at zero.
    extent
        Least and largest value on the axis, so that several charts compare; those of the rows by default.
    """
    ends = rows["high"].fillna(rows["value"])
    # In a column beyond the dashed line, if there is one: else it would run through some of the labels.
    end = ends if reference is None else max(float(ends.max()), reference)
    rows = rows.assign(row=broken_labels(rows["label"]), colour=accented(rows["highlighted"]), end=end)
    least, most = extent or (float(rows["low"].fillna(rows["value"]).min()), float(rows["end"].max()))
    room = max(LABEL_ROOM, LETTER_ROOM * float(rows["text"].str.len().max()))
    x = alt.X("value:Q", title=None, **_axis(least, most, log, room))
    y = alt.Y("row:N", sort=list(rows["row"]), title=None, axis=row_axis(domain=False))
    tooltip = [
        alt.Tooltip("label:N", title="Row"),
        alt.Tooltip("value:Q", title=unit, format=",.3~f"),
        alt.Tooltip("low:Q", title="95% interval from", format=",.3~f"),
        alt.Tooltip("high:Q", title="to", format=",.3~f"),
    ]
    # The data are given once, to all layers together: Altair spends most of its time on data.
    base = alt.Chart().encode(y=y, tooltip=tooltip)
    layers = [base.mark_rule(strokeWidth=3).encode(x=alt.X("low:Q"), x2=alt.X2("high:Q"), color=row_colour())]
    if "narrow_low" in rows:
        narrow = base.mark_rule(strokeWidth=12, color=STRONG)
        layers.append(narrow.encode(x=alt.X("narrow_low:Q"), x2=alt.X2("narrow_high:Q")))
    size = 40 if "narrow_low" in rows else 110
    layers.append(base.mark_circle(size=size, opacity=1).encode(x=x, color=row_colour()))
    names = alt.Chart().mark_text(align="left", dx=9)
    layers.append(names.encode(y=y, x=alt.X("end:Q"), text=alt.Text("text:N")))
    if reference is not None:
        layers.insert(0, alt.Chart().mark_rule(color=GREY, strokeDash=[4, 3]).encode(x=alt.XDatum(reference)))
    return alt.layer(*layers, data=rows, height=row_step(rows["row"]), title=titled(axis, HALF_WIDTH))


def _axis(least: float, most: float, log: bool, room: float = LABEL_ROOM) -> dict[str, Any]:
    """Scale and ticks from `least` to `most` with `room` for a label after the last."""
    if not log:
        return {"scale": alt.Scale(domainMin=0, domainMax=most * (1 + room), nice=False)}
    factor = (most / least) ** room
    scale = alt.Scale(type="log", domain=[least / factor**0.2, most * factor], nice=False)
    powers = range(math.floor(math.log10(least)), math.ceil(math.log10(most)) + 1)
    ticks = [digit * 10.0**power for power in powers for digit in (1, 2, 5)]
    inside = [tick for tick in ticks if least / factor**0.2 <= tick <= most * factor]
    return {"scale": scale, "axis": alt.Axis(values=inside, format=",~g")}


def against_average_chart(
    rows: pd.DataFrame, average: pd.DataFrame, x_axis: str, y_axis: str, limits: pd.DataFrame | None = None
) -> alt.LayerChart:
    """Points on two logarithmic axes next to the line of one rate; highlighted ones are named.

    Parameters
    ----------
    rows
        ``label``, ``x``, ``y`` (above 0), ``highlighted`` (bool).
    average
        ``x`` and ``y`` of the ends of the line.
    x_axis, y_axis
        What is shown, with units.
    limits
        ``x``, ``y`` (above 0) and ``line`` of further, dashed lines.
    """
    x = alt.X("x:Q", title=x_axis, **_axis(rows["x"].min(), rows["x"].max(), log=True))
    y = alt.Y("y:Q", title=None, **_axis(rows["y"].min(), rows["y"].max(), log=True))
    dashed = [] if limits is None else [_dashed(limits, x, y)]
    tooltip = [
        alt.Tooltip("label:N", title="LSOA"),
        alt.Tooltip("x:Q", title=x_axis, format=","),
        alt.Tooltip("y:Q", title=y_axis, format=",.1~f"),
    ]
    drawn = rows[["label", "x", "y", "highlighted"]]
    base = alt.Chart().encode(x=x, y=y, tooltip=tooltip)
    named = base.transform_filter("datum.highlighted")
    return alt.layer(
        base.mark_circle(size=18, opacity=0.4, color=GREY),
        alt.Chart(average).mark_line(color=STRONG, strokeWidth=2).encode(x=x, y=y),
        *dashed,
        named.mark_circle(size=70, opacity=1, color=ACCENT),
        named.mark_text(align="left", dx=8).encode(text=alt.Text("label:N")),
        data=drawn,
        height=320,
        title=titled(y_axis),
    )


def _dashed(limits: pd.DataFrame, x: alt.X, y: alt.Y) -> alt.Chart:
    line = alt.Chart(limits).mark_line(color=STRONG, strokeDash=[4, 3], strokeWidth=1, clip=True)
    return line.encode(x=x, y=y, detail=alt.Detail("line:N"))


def deprivation_scatter(
    rows: pd.DataFrame, lines: pd.DataFrame, named: pd.DataFrame, x_axis: str, y_axis: str, logarithmic: bool
) -> alt.LayerChart:
    """LSOAs by deprivation and crime, those highlighted in the accent colour, with fitted lines and a few names.

    Parameters
    ----------
    rows
        ``name``, ``x``, ``y``, ``residents``, ``highlighted`` (bool).
    lines
        Ends of the lines: ``place``, ``x``, ``y``, ``highlighted`` (bool).
    named
        Those of `rows` whose names stand next to them.
    x_axis, y_axis
        What is shown, with its unit.
    logarithmic
        Whether the vertical axis is logarithmic.
    """
    x = alt.X("x:Q", title=x_axis, scale=alt.Scale(zero=False, nice=False, padding=8))
    scale = alt.Scale(type="log", nice=False, padding=8) if logarithmic else alt.Scale(zero=True)
    axis = alt.Axis(format=",~f", **({"values": LOG_TICKS} if logarithmic else {}))
    y = alt.Y("y:Q", title=None, scale=scale, axis=axis)
    tooltip = [
        alt.Tooltip("name:N", title="LSOA"),
        alt.Tooltip("x:Q", title=x_axis, format=".1f"),
        alt.Tooltip("y:Q", title=y_axis, format=",.1f"),
        alt.Tooltip("residents:Q", title="Residents", format=","),
    ]
    aside = {"align": "left", "dx": 6} if named["x"].mean() < rows["x"].mean() else {"align": "right", "dx": -6}
    plain, own = (rows[rows["highlighted"] == flag].drop(columns="highlighted") for flag in (False, True))
    lines = lines.assign(colour=lines["highlighted"].map({True: ACCENT, False: STRONG}))
    drawn = [
        alt.Chart(plain).mark_circle(size=20, opacity=0.4, color=GREY).encode(x=x, y=y, tooltip=tooltip),
        alt.Chart(own).mark_circle(size=38, opacity=0.75, color=ACCENT).encode(x=x, y=y, tooltip=tooltip),
        alt.Chart(lines).mark_line(strokeWidth=3).encode(x=x, y=y, detail=alt.Detail("place:N"), color=row_colour()),
        alt.Chart(named[["name", "x", "y"]]).mark_text(**aside).encode(x=x, y=y, text=alt.Text("name:N")),
    ]
    return alt.layer(*drawn, height=380, title=titled(y_axis))
