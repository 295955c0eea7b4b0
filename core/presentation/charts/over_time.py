"""Lines and bars over time."""

from typing import Any

import altair as alt
import pandas as pd

from core.presentation.charts.style import (
    ACCENT,
    ANY_SIZE,
    GREY,
    LEGEND_HEIGHT,
    PANEL_HEIGHT,
    PARTS,
    YEAR_LABEL,
    accented,
    period_axis,
    row_colour,
    time_axis,
    titled,
)

LABEL_GAP = 0.12  # of the height of a panel: names of lines closer than that would lie over each other


def fan(known: pd.DataFrame, ahead: pd.DataFrame, earlier: pd.DataFrame, axis: str) -> alt.LayerChart:
    """A line of published figures, the forecast after it with its 80 and 95% intervals, and earlier forecasts.

    Parameters
    ----------
    known
        ``quarter_end``, ``quarter_label``, ``value``.
    ahead
        The same, with ``low_80``, ``high_80``, ``low_95``, ``high_95``; begins with the last known figure.
    earlier
        As `known`: what was forecast for quarters that are known by now; may be empty.
    """
    shown = pd.concat([known["quarter_end"], ahead["quarter_end"], earlier["quarter_end"]])
    kinds = {"survey": known, "start": ahead.iloc[:1], "forecast": ahead.iloc[1:], "earlier": earlier}
    line = alt.Chart().encode(
        x=alt.X("quarter_end:T", title=None, axis=time_axis(shown)),
        y=alt.Y("value:Q", title=None, scale=alt.Scale(zero=False)),
    )

    def of(*names: str) -> alt.Chart:
        return line.transform_filter(alt.FieldOneOfPredicate("kind", names))

    def points(kind: str, name: str, **style: Any) -> alt.Chart:
        figure = alt.Tooltip("value:Q", title=f"{name} (%)", format=".0f")
        tooltip = [alt.Tooltip("quarter_label:N", title="Quarter"), figure]
        return of(kind).mark_point(opacity=1, **style).encode(tooltip=tooltip)

    bands = [
        of("start", "forecast")
        .mark_area(color=ACCENT, opacity=shade)
        .encode(y=alt.Y(f"low_{level}:Q"), y2=alt.Y2(f"high_{level}:Q"))
        for level, shade in ((95, 0.15), (80, 0.25))
    ]
    return alt.layer(
        *bands,
        of("survey").mark_line(color=GREY, strokeWidth=2.2),
        of("start", "forecast").mark_line(color=ACCENT, strokeWidth=2.2, strokeDash=[5, 3]),
        points("earlier", "Forecast before", color=ACCENT, filled=False, size=24, strokeWidth=1.2),
        points("survey", "Survey", color=GREY, filled=True, size=30),
        points("forecast", "Forecast", color=ACCENT, filled=True, size=60),
        data=pd.concat([rows.assign(kind=kind) for kind, rows in kinds.items()]),
        height=280,
        title=titled(axis),
    )


def bars_over_time(rows: pd.DataFrame, value: str, axis: str) -> alt.Chart:
    """Bars from zero, one per quarter; `rows` has ``quarter``, ``quarter_label`` and `value`."""
    return (
        alt.Chart(rows)
        .mark_bar(color=ACCENT)
        .encode(
            x=alt.X("quarter:O", title=None, axis=alt.Axis(labelExpr=YEAR_LABEL, labelAngle=0, ticks=False)),
            y=alt.Y(f"{value}:Q", title=None),
            tooltip=[
                alt.Tooltip("quarter_label:N", title="Quarter"),
                alt.Tooltip(f"{value}:Q", title=axis, format=","),
            ],
        )
        .properties(height=220, title=titled(axis))
    )


def lines_over_time(
    rows: pd.DataFrame, highlighted: str, axis: str, fmt: str, events: pd.DataFrame | None = None
) -> alt.LayerChart:
    """Lines over time, each named at its end; the highlighted one in the accent colour.

    Parameters
    ----------
    rows
        ``quarter_end``, ``quarter_label``, ``line``, ``value``.
    axis
        What is shown, with its unit; above the plot.
    fmt
        Format of the numbers on hover.
    events
        Dated events to mark, see :func:`event_marks`; none by default.
    """
    rows = rows.assign(colour=accented(rows["line"] == highlighted))
    base = alt.Chart(rows).encode(
        x=alt.X("quarter_end:T", title=None, axis=time_axis(rows["quarter_end"])),
        y=alt.Y("value:Q", title=None, scale=alt.Scale(zero=False), axis=alt.Axis(tickCount=5)),
        detail=alt.Detail("line:N"),
        color=row_colour(),
    )
    lines = base.mark_line(strokeWidth=2.2)
    last = rows[rows["quarter_end"] == rows["quarter_end"].max()]
    last = last.assign(place=spread_labels(last["value"], (rows["value"].max() - rows["value"].min()) * LABEL_GAP))
    names = alt.Chart(last).encode(x=alt.X("quarter_end:T"), y=alt.Y("place:Q"), text=alt.Text("line:N"))
    tooltip = [
        alt.Tooltip("line:N", title="Where"),
        alt.Tooltip("quarter_label:N", title="Quarter"),
        alt.Tooltip("value:Q", title=axis, format=fmt),
    ]
    points = base.mark_circle(size=28, opacity=1).encode(tooltip=tooltip)
    text = names.mark_text(align="left", dx=6, fontSize=12)
    return alt.layer(*event_marks(events, rows), lines, points, text, height=PANEL_HEIGHT, title=titled(axis))


def spread_labels(places: pd.Series, least: float) -> pd.Series:
    """`places` moved so that neighbours are at least `least` apart, as little as that takes for two."""
    ordered = places.sort_values()
    steps = least * pd.Series(range(len(ordered)), ordered.index)
    moved = (ordered - steps).cummax() + steps
    return moved - (moved - ordered).mean()


def events_note(events: pd.DataFrame | None, rows: pd.DataFrame) -> str:
    """What the numbers of the marked events are, in a sentence; empty where none is marked."""
    shown = _marked(events, rows)
    named = [f"{event.number} {event.label} ({event.start:%B %Y})" for event in shown.itertuples()]
    return f" Marked: {'; '.join(named)}." if named else ""


def _marked(events: pd.DataFrame | None, rows: pd.DataFrame) -> pd.DataFrame:
    """The events inside the time that `rows` cover, with their days as dates."""
    if events is None:
        return pd.DataFrame(columns=["start", "end", "number", "label", "description"])
    first, last = rows["quarter_end"].min() - pd.Timedelta(days=91), rows["quarter_end"].max()
    shown = events.assign(start=pd.to_datetime(events["start"]), end=pd.to_datetime(events["end"]))
    inside: pd.DataFrame = shown.loc[(shown["start"] >= first) & (shown["start"] <= last)]
    return inside


def event_marks(events: pd.DataFrame | None, rows: pd.DataFrame) -> list[alt.Chart]:
    """Lines for days and bands for spells, named on hover, inside the time that `rows` cover.

    Parameters
    ----------
    events
        ``start``, ``end`` (dates; end missing for a day), ``number``, ``label``, ``description``.
    """
    if events is None:
        return []
    shown = _marked(events, rows)
    tooltip = [
        alt.Tooltip("label:N", title="Event"),
        alt.Tooltip("start:T", title="From", format="%-d %B %Y"),
        alt.Tooltip("description:N", title="What happened"),
    ]
    spells = (
        alt.Chart(shown[shown["end"].notna()])
        .mark_rect(color=GREY, opacity=0.15)
        .encode(x=alt.X("start:T"), x2=alt.X2("end:T"), tooltip=tooltip)
    )
    days = alt.Chart(shown).mark_rule(color=GREY, strokeDash=[2, 3]).encode(x=alt.X("start:T"), tooltip=tooltip)
    names = (
        alt.Chart(shown)
        .mark_text(baseline="top", dx=6, dy=1, fontSize=11)
        .encode(x=alt.X("start:T"), y=alt.YValue(0), text=alt.Text("number:N"), tooltip=tooltip)
    )
    return [spells, days, names]


def lines_by_period(rows: pd.DataFrame, highlighted: str, axis: str, where: str) -> alt.LayerChart:
    """Lines over periods of any kind, each named at its end; the highlighted one in the accent colour.

    Parameters
    ----------
    rows
        ``period``, ``line``, ``value``.
    where
        What a line stands for, on hover.
    """
    rows = rows.assign(colour=accented(rows["line"] == highlighted))
    tooltip = [
        alt.Tooltip("line:N", title=where),
        alt.Tooltip("period:N", title="Period"),
        alt.Tooltip("value:Q", title=axis, format=ANY_SIZE),
    ]
    base = alt.Chart(rows).encode(
        x=alt.X("period:O", title=None, axis=period_axis(rows["period"])),
        y=alt.Y("value:Q", title=None, scale=alt.Scale(zero=False)),
        detail=alt.Detail("line:N"),
        color=row_colour(),
        tooltip=tooltip,
    )
    last = rows[rows["period"] == rows["period"].max()]
    names = alt.Chart(last).mark_text(align="left", dx=6, fontSize=12)
    text = names.encode(x=alt.X("period:O"), y=alt.Y("value:Q"), text=alt.Text("line:N"))
    drawn = base.mark_line(strokeWidth=2.2), base.mark_circle(size=28, opacity=1), text
    return alt.layer(*drawn, height=PANEL_HEIGHT, title=titled(axis))


def named_lines(
    rows: pd.DataFrame, value: str, axis: str, fmt: str, events: pd.DataFrame | None = None
) -> alt.LayerChart:
    """Lines over time of a few things of equal standing, each in a colour of its own, named in the order they end in.

    Parameters
    ----------
    rows
        ``quarter_end``, ``quarter_label``, ``line`` and `value`.
    """
    colours = dict(zip(dict.fromkeys(rows["line"]), PARTS, strict=False))
    lines = list(rows.groupby("line")[value].last().sort_values(ascending=False).index)
    base = alt.Chart().encode(
        x=alt.X("quarter_end:T", title=None, axis=time_axis(rows["quarter_end"])),
        y=alt.Y(f"{value}:Q", title=None, axis=alt.Axis(format=fmt)),
        color=alt.Color(
            "line:N",
            title=None,
            sort=lines,
            scale=alt.Scale(domain=lines, range=[colours[line] for line in lines]),
            legend=alt.Legend(orient="top", columns=1, labelLimit=300),
        ),
        tooltip=[
            alt.Tooltip("line:N", title="Line"),
            alt.Tooltip("quarter_label:N", title="Quarter"),
            alt.Tooltip(f"{value}:Q", title=axis, format=fmt),
        ],
    )
    drawn = base.mark_line(strokeWidth=2.2), base.mark_circle(size=26, opacity=1)
    layers = *event_marks(events, rows), *drawn
    return alt.layer(*layers, data=rows, height=260 + LEGEND_HEIGHT, title=titled(axis))
