"""Charts as exhibits: a finding for a title, a picture, its text alternative and its table.

One accent colour for the thing talked about, greys for the rest; both keep at least 3:1 against the
light and the dark page, so marks do not need to know the theme. Only text does: see :func:`dressed`.
"""

import json
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from textwrap import wrap
from typing import Any, TypeAlias

import altair as alt
import numpy as np
import pandas as pd
from altair.utils import schemapi

from core.tables.quarters import QUARTER_PATTERN

ACCENT = "#2b7bba"
GREY = "#87919b"
FAINT = "#87919b33"
STRONG = "#b8621b"
EMPHASIS = (ACCENT, "#5f6a74", "#8f99a3", "#bcc3ca")
PARTS = (ACCENT, "#b8621b", "#7a6bb0", "#87919b", "#2f8f7f", "#a3567e")
LIGHT_TEXT, DARK_TEXT = "#0d141c", "#e8edf2"

_KEEP: ContextVar[Callable[[pd.DataFrame], str] | None] = ContextVar("keep", default=None)


def _rows(rows: pd.DataFrame) -> Any:
    """What stands for `rows` in a finished chart: themselves, or where :func:`without_rows` asks for it, their name."""
    keep = _KEEP.get()
    return alt.to_values(rows) if keep is None else {"name": keep(rows)}


# Both once, at import. A specification curve has more rows than the 5,000 that Altair lets through by default. And
# checking each part of a chart against the schema as it is made takes longer than making it: tests check them all.
alt.data_transformers.register("rows", _rows)
alt.data_transformers.enable("rows")
schemapi.disable_debug_mode()

AnyChart: TypeAlias = alt.Chart | alt.LayerChart
PANEL_HEIGHT = 190
STEP, BROKEN_STEP = 22, 36
TITLE_WIDTH, HALF_WIDTH = 48, 30
AXIS_WIDTH = 32
LABEL_GAP = 0.12  # of the height of a panel: names of lines closer than that would lie over each other
LEGEND_HEIGHT = 90  # taken from the plot by a legend of four lines
LABEL_WIDTH = 24
LEGEND_WIDTH = 28  # characters: as many as fit beside the names of rows on a telephone
ROW_LINE = 13  # pixels from line to line of a row's name
ANY_SIZE = ",.6~r"  # six digits that count, for numbers of any size
BREAK = "|"
YEAR_LABEL = "slice(datum.value, 4) == 'Q1' ? slice(datum.value, 0, 4) : ''"


@dataclass(frozen=True, eq=False)
class Exhibit:
    """What a page shows as one picture.

    Parameters
    ----------
    name
        File name of the table, without ending; also the key of the widget.
    title
        The finding in one sentence.
    charts
        The picture, in one or more parts.
    alt
        What the picture shows, for those who cannot see it.
    table
        The figures behind it, as shown and as CSV.
    note
        A caption: units, what the marks are, a caveat.
    side_by_side
        Whether the parts stand beside each other where the page is wide, or always under each other.
    """

    name: str
    title: str
    charts: tuple[AnyChart, ...]
    alt: str
    table: pd.DataFrame
    note: str = ""
    side_by_side: bool = False

    def __post_init__(self) -> None:
        if self.side_by_side:
            for pair in zip(self.charts[::2], self.charts[1::2], strict=False):
                _level([chart.title for chart in pair])

    @property
    def alternative(self) -> str:
        """What takes the picture's place for those who cannot see it: what it shows, and its finding."""
        finding = self.title.removesuffix(".")
        return self.alt if finding in self.alt else f"{self.alt} {finding}."


def dressed(chart: AnyChart, dark: bool) -> dict[str, Any]:
    """`chart` as plain Vega-Lite, its text marks in the text colour of the light or the dark page."""
    drawn: dict[str, Any] = chart.to_dict(validate=False)
    # Set in the finished chart: asking Altair for it would copy the whole chart first. The chart's own text
    # alternative tells what it shows, so a screen reader need not go through hundreds of marks.
    own = {"aria": False, "text": {"color": DARK_TEXT if dark else LIGHT_TEXT, "fontSize": 12}}
    drawn["config"] = drawn.get("config", {}) | own
    return drawn


def without_rows(chart: AnyChart, dark: bool, keep: Callable[[pd.DataFrame], str]) -> dict[str, Any]:
    """:func:`dressed` with the tables left out: `keep` is given each, and returns the name that stands for it."""
    before = _KEEP.set(keep)
    try:
        return dressed(chart, dark)
    finally:
        _KEEP.reset(before)


def with_plain_values(rows: pd.DataFrame) -> pd.DataFrame:
    """`rows` as Altair would write them: days as local text, and no number that is not finite."""
    told: dict[str, pd.Series] = {}
    for name, values in rows.items():
        if values.dtype.kind == "M":
            told[str(name)] = values.dt.strftime("%Y-%m-%dT%H:%M:%S")
        elif values.dtype.kind == "f" and np.isinf(values.to_numpy()).any():
            told[str(name)] = values.where(np.isfinite(values))
    plain = rows.assign(**told) if told else rows
    return plain if isinstance(plain.index, pd.RangeIndex) else plain.reset_index(drop=True)


def _titled(words: str, width: int = TITLE_WIDTH) -> alt.TitleParams:
    """Words above the plot: the vertical axis is named there, where it can be read without turning one's head."""
    lines = wrap(words, width)
    return alt.TitleParams(lines, anchor="start", fontSize=13, fontWeight="normal", offset=8)


def _level(titles: Sequence[Any]) -> None:
    """Give all `titles` as many lines, so that plots beside each other begin, and their rows lie, at one height."""
    told = [title for title in titles if isinstance(title, alt.TitleParams)]
    most = max((len(title.text) for title in told), default=0)
    for title in told:
        title.text = [" "] * (most - len(title.text)) + list(title.text)


def _below(words: str) -> str | list[str]:
    """Words below the plot, in lines that fit beside the names of rows on a telephone."""
    lines = wrap(words, AXIS_WIDTH)
    return lines if len(lines) > 1 else words


def _stressed(flags: pd.Series) -> pd.Series:
    """The accent colour where a flag is set, grey elsewhere: a column costs less than a condition in the chart."""
    return flags.map({True: ACCENT, False: GREY})


def _own_colour() -> alt.Color:
    """Colours as the column ``colour`` has them."""
    return alt.Color("colour:N", scale=None)


_NOUGHT = pd.DataFrame({"zero": [0.0]})


def _zero(channel: type[alt.X] | type[alt.Y]) -> alt.Chart:
    """A dashed line at zero of one axis."""
    return alt.Chart(_NOUGHT).mark_rule(color=GREY, strokeDash=[4, 3]).encode(channel("zero:Q"))


def _row_labels(**options: Any) -> alt.Axis:
    """An axis of row names, broken into lines where :func:`_broken` put a mark: lines about the middle of the row."""
    return alt.Axis(
        labelExpr=f"split(datum.label, '{BREAK}')",
        labelOffset=alt.ExprRef(f"-{ROW_LINE / 2} * (length(split(datum.value, '{BREAK}')) - 1)"),
        labelLineHeight=ROW_LINE,
        labelLimit=260,
        labelOverlap=False,
        labelFlush=False,
        ticks=False,
        grid=False,
        **options,
    )


def _broken(labels: pd.Series) -> pd.Series:
    return labels.map(lambda label: BREAK.join(wrap(label, LABEL_WIDTH)))


def estimates(
    rows: pd.DataFrame,
    axis: str,
    title: str = "",
    unit: str = "Points",
    bars: str = "95 % interval",
    fmt: str = "+.2f",
) -> alt.LayerChart:
    """Dots with intervals, one row each, beside a line at zero.

    Parameters
    ----------
    rows
        Columns ``label``, ``points``, ``low``, ``high``, ``stressed`` (bool); drawn in the order given.
    axis
        Title of the horizontal axis, with unit.
    title
        Words above the plot; empty for none.
    unit, bars
        What a value counts, and what the bar about it is, on hover.
    fmt
        Format of the numbers on hover.
    """
    rows = rows.assign(row=_broken(rows["label"]), colour=_stressed(rows["stressed"]))
    y = alt.Y("row:N", sort=list(rows["row"]), title=None, axis=_row_labels(domain=False))
    tooltip = [
        alt.Tooltip("label:N", title="Row"),
        alt.Tooltip("points:Q", title=unit, format=fmt),
        alt.Tooltip("low:Q", title=f"{bars} from", format=fmt),
        alt.Tooltip("high:Q", title="to", format=fmt),
    ]
    base = alt.Chart().encode(y=y, tooltip=tooltip)
    ends = {"x": alt.X("low:Q", title=_below(axis)), "x2": alt.X2("high:Q")}
    spans = base.mark_rule(strokeWidth=3).encode(**ends, color=_own_colour())
    dots = base.mark_circle(size=110, opacity=1).encode(x=alt.X("points:Q"), color=_own_colour())
    step = BROKEN_STEP if rows["row"].str.contains(BREAK, regex=False).any() else STEP
    above = {"title": _titled(title)} if title else {}
    return alt.layer(_zero(alt.X), spans, dots, data=rows, height=alt.Step(step), **above)


def ranges(rows: pd.DataFrame, axis: str, before: str, fmt: str) -> alt.LayerChart:
    """Dots with intervals, one row each in the order given, and a tick for where the row was before.

    Parameters
    ----------
    rows
        ``label``, ``value``, ``low``, ``high``, ``before``, ``stressed`` (bool).
    axis
        What is shown, with its unit; above the plot.
    before
        What the tick is, on hover.
    fmt
        Format of the numbers on hover.
    """
    rows = rows.assign(colour=_stressed(rows["stressed"]))
    y = alt.Y("label:N", sort=list(rows["label"]), title=None, axis=_row_labels(domain=False))
    x = alt.X("value:Q", title=None, scale=alt.Scale(zero=False), axis=alt.Axis(orient="top"))
    tooltip = [
        alt.Tooltip("label:N", title="Borough"),
        alt.Tooltip("value:Q", title="Forecast", format=fmt),
        alt.Tooltip("low:Q", title="80 % interval from", format=fmt),
        alt.Tooltip("high:Q", title="to", format=fmt),
        alt.Tooltip("before:Q", title=before, format=fmt),
    ]
    base = alt.Chart().encode(y=y, tooltip=tooltip, color=_own_colour())
    return alt.layer(
        base.mark_rule(strokeWidth=3, opacity=0.5).encode(x=alt.X("low:Q"), x2=alt.X2("high:Q")),
        base.mark_tick(thickness=2, height=14).encode(x=alt.X("before:Q"), color=alt.ColorValue(STRONG)),
        base.mark_circle(size=80, opacity=1).encode(x=x),
        data=rows,  # once for all: from charts that have it each, Altair takes it away again at three times the cost
        height=alt.Step(20),
        title=_titled(axis, HALF_WIDTH),
    )


def fan(known: pd.DataFrame, ahead: pd.DataFrame, earlier: pd.DataFrame, axis: str) -> alt.LayerChart:
    """A line of published figures, the forecast after it with its 80 and 95 % intervals, and earlier forecasts.

    Parameters
    ----------
    known
        ``quarter_end``, ``quarter_label``, ``value``.
    ahead
        The same, with ``low_80``, ``high_80``, ``low_95``, ``high_95``; begins with the last known figure.
    earlier
        As `known`: what was forecast for quarters that are known by now; may be empty.
    """
    kinds = {"survey": known, "start": ahead.iloc[:1], "forecast": ahead.iloc[1:], "earlier": earlier}
    line = alt.Chart().encode(
        x=alt.X("quarter_end:T", title=None, axis=alt.Axis(format="%Y", tickCount="year", grid=False)),
        y=alt.Y("value:Q", title=None, scale=alt.Scale(zero=False)),
    )

    def of(*names: str) -> alt.Chart:
        return line.transform_filter(alt.FieldOneOfPredicate("kind", names))

    def points(kind: str, name: str, **style: Any) -> alt.Chart:
        tooltip = [alt.Tooltip("quarter_label:N", title="Quarter"), alt.Tooltip("value:Q", title=name, format=".1f")]
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
        title=_titled(axis),
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
        .properties(height=220, title=_titled(axis))
    )


def lines_over_time(rows: pd.DataFrame, stressed: str, axis: str, events: pd.DataFrame | None = None) -> alt.LayerChart:
    """Lines over time, each named at its end; the stressed one in the accent colour.

    Parameters
    ----------
    rows
        ``quarter_end``, ``quarter_label``, ``line``, ``value`` and ``index`` (what is drawn).
    events
        Dated events to mark, see :func:`_marked_events`; none by default.
    """
    rows = rows.assign(colour=_stressed(rows["line"] == stressed))
    base = alt.Chart(rows).encode(
        x=alt.X("quarter_end:T", title=None, axis=alt.Axis(format="%Y", tickCount="year", grid=False)),
        y=alt.Y("index:Q", title=None, scale=alt.Scale(zero=False)),
        detail=alt.Detail("line:N"),
        color=_own_colour(),
    )
    lines = base.mark_line(strokeWidth=2.2)
    last = rows[rows["quarter_end"] == rows["quarter_end"].max()]
    last = last.assign(place=_apart(last["index"], (rows["index"].max() - rows["index"].min()) * LABEL_GAP))
    names = alt.Chart(last).encode(x=alt.X("quarter_end:T"), y=alt.Y("place:Q"), text=alt.Text("line:N"))
    tooltip = [
        alt.Tooltip("line:N", title="Where"),
        alt.Tooltip("quarter_label:N", title="Quarter"),
        alt.Tooltip("value:Q", title="Value", format=",.3~f"),
        alt.Tooltip("index:Q", title="Index", format=".1f"),
    ]
    points = base.mark_circle(size=28, opacity=1).encode(tooltip=tooltip)
    text = names.mark_text(align="left", dx=6, fontSize=12)
    return alt.layer(*_marked_events(events, rows), lines, points, text, height=PANEL_HEIGHT, title=_titled(axis))


def _apart(places: pd.Series, least: float) -> pd.Series:
    """`places` moved so that neighbours are at least `least` apart, as little as that takes for two."""
    ordered = places.sort_values()
    steps = least * pd.Series(range(len(ordered)), ordered.index)
    moved = (ordered - steps).cummax() + steps
    return moved - (moved - ordered).mean()


def _marked_events(events: pd.DataFrame | None, rows: pd.DataFrame) -> list[alt.Chart]:
    """Lines for days and bands for spells, named on hover, inside the time that `rows` cover.

    Parameters
    ----------
    events
        ``start``, ``end`` (dates; end missing for a day), ``number``, ``label``, ``description``.
    """
    if events is None:
        return []
    first, last = rows["quarter_end"].min() - pd.Timedelta(days=91), rows["quarter_end"].max()
    shown = events.assign(start=pd.to_datetime(events["start"]), end=pd.to_datetime(events["end"]))
    shown = shown[(shown["start"] >= first) & (shown["start"] <= last)]
    tooltip = [
        alt.Tooltip("label:N", title="Event"),
        alt.Tooltip("start:T", format="%-d %B %Y"),
        alt.Tooltip("description:N"),
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


def scatter(
    rows: pd.DataFrame,
    line: pd.DataFrame,
    x_axis: str,
    y_axis: str,
    stressed: str,
    keys: tuple[str, str] = ("Borough", "Quarter"),
    fmt: str = ".3f",
) -> alt.LayerChart:
    """Points with a line through them; one area may be stressed.

    Parameters
    ----------
    rows
        ``x``, ``y``, ``area``, ``quarter_label``.
    line
        ``x`` and ``y`` of the ends of the line.
    keys
        What an area and a period are called, on hover.
    fmt
        Format of the numbers on hover.
    """
    x = alt.X("x:Q", title=x_axis, scale=alt.Scale(zero=False))
    y = alt.Y("y:Q", title=None, scale=alt.Scale(zero=False))
    tooltip = [
        alt.Tooltip("area:N", title=keys[0]),
        alt.Tooltip("quarter_label:N", title=keys[1]),
        alt.Tooltip("x:Q", title=x_axis, format=fmt),
        alt.Tooltip("y:Q", title=y_axis, format=fmt),
    ]
    rows = rows[["x", "y", "area", "quarter_label"]]
    base = alt.Chart(rows).encode(x=x, y=y)
    points = base.mark_circle(size=22, opacity=0.45, color=GREY).encode(tooltip=tooltip)
    chosen = alt.Chart(rows[rows["area"] == stressed]).encode(x=x, y=y, tooltip=tooltip)
    through = alt.Chart(line).mark_line(color=STRONG, strokeWidth=2.5).encode(x=x, y=y)
    return alt.layer(
        points,
        chosen.mark_circle(size=55, opacity=0.95, color=ACCENT),
        through,
        height=300,
        title=_titled(y_axis, HALF_WIDTH),
    )


def quantile_plot(points: pd.DataFrame) -> alt.LayerChart:
    """Q-Q plot; `points` has ``normal`` and ``standardised`` quantiles of the residuals."""
    base = alt.Chart(points).encode(
        x=alt.X("normal:Q", title="Quantile of a normal distribution"),
        y=alt.Y("standardised:Q", title=None),
    )
    line = base.mark_line(color=GREY, strokeDash=[4, 3]).encode(y=alt.Y("normal:Q"))
    return alt.layer(
        line, base.mark_circle(size=18, color=ACCENT, opacity=0.6), height=260, title=_titled("Standardised residual")
    )


def residual_plot(rows: pd.DataFrame) -> alt.LayerChart:
    """Standardised residuals against fitted values."""
    points = (
        alt.Chart(rows)
        .mark_circle(size=18, color=ACCENT, opacity=0.5)
        .encode(
            x=alt.X("fitted:Q", title="Fitted score (share of respondents)", scale=alt.Scale(zero=False)),
            y=alt.Y("standardised:Q", title=None),
            tooltip=[alt.Tooltip("borough:N"), alt.Tooltip("quarter:N"), alt.Tooltip("residual:Q", format="+.3f")],
        )
    )
    return alt.layer(_zero(alt.Y), points, height=260, title=_titled("Standardised residual"))


def sorted_bars(rows: pd.DataFrame, value: str, label: str, axis: str, fmt: str = ".2f") -> alt.LayerChart:
    """Horizontal bars from zero in the order given, each labelled with its value."""
    rows = rows.assign(row=_broken(rows[label]))
    base = alt.Chart().encode(
        y=alt.Y("row:N", sort=list(rows["row"]), title=None, axis=_row_labels()),
        x=alt.X(f"{value}:Q", title=_below(axis)),
    )
    step = BROKEN_STEP if rows["row"].str.contains(BREAK, regex=False).any() else STEP
    text = base.mark_text(align="left", dx=4).encode(text=alt.Text(f"{value}:Q", format=fmt))
    return alt.layer(base.mark_bar(color=ACCENT), text, data=rows, height=alt.Step(step))


def _period_axis(periods: pd.Series) -> alt.Axis:
    """An axis of periods: quarters are told by their years, others by themselves where there is room."""
    if periods.astype("str").str.fullmatch(QUARTER_PATTERN).all():
        return alt.Axis(labelExpr=YEAR_LABEL, labelAngle=0, ticks=False)
    return alt.Axis(labelAngle=0, ticks=False, labelOverlap="greedy")


def lines_by_period(rows: pd.DataFrame, stressed: str, axis: str, where: str) -> alt.LayerChart:
    """Lines over periods of any kind, each named at its end; the stressed one in the accent colour.

    Parameters
    ----------
    rows
        ``period``, ``line``, ``value``.
    where
        What a line stands for, on hover.
    """
    rows = rows.assign(colour=_stressed(rows["line"] == stressed))
    tooltip = [
        alt.Tooltip("line:N", title=where),
        alt.Tooltip("period:N", title="Period"),
        alt.Tooltip("value:Q", title="Value", format=ANY_SIZE),
    ]
    base = alt.Chart(rows).encode(
        x=alt.X("period:O", title=None, axis=_period_axis(rows["period"])),
        y=alt.Y("value:Q", title=None, scale=alt.Scale(zero=False)),
        detail=alt.Detail("line:N"),
        color=_own_colour(),
        tooltip=tooltip,
    )
    last = rows[rows["period"] == rows["period"].max()]
    names = alt.Chart(last).mark_text(align="left", dx=6, fontSize=12)
    text = names.encode(x=alt.X("period:O"), y=alt.Y("value:Q"), text=alt.Text("line:N"))
    drawn = base.mark_line(strokeWidth=2.2), base.mark_circle(size=28, opacity=1), text
    return alt.layer(*drawn, height=PANEL_HEIGHT, title=_titled(axis))


def heatmap(rows: pd.DataFrame, x: str, y: str, value: str, legend: str) -> alt.Chart:
    """Cells by period and variable; `value` is a share from 0 to 1."""
    return (
        alt.Chart(rows.assign(row=_broken(rows[y])))
        .mark_rect()
        .encode(
            x=alt.X(f"{x}:O", title=None, axis=_period_axis(rows[x])),
            y=alt.Y("row:N", title=None, sort=None, axis=_row_labels()),
            color=alt.Color(
                f"{value}:Q",
                title=legend,
                scale=alt.Scale(domain=[0, 1], range=[FAINT, ACCENT]),
                legend=alt.Legend(format="%", orient="top"),
            ),
            tooltip=[
                alt.Tooltip(f"{x}:O"),
                alt.Tooltip(f"{y}:N"),
                alt.Tooltip(f"{value}:Q", title=legend, format=".0%"),
            ],
        )
        .properties(height=alt.Step(30))
    )


def stacked_bars(
    rows: pd.DataFrame, value: str, label: str, part: str, axis: alt.X, palette: Sequence[str] = PARTS
) -> alt.Chart:
    """Horizontal bars stacked by part, labels and parts in the order given; `axis` encodes `value`."""
    rows = rows.assign(row=_broken(rows[label]))
    order, parts = list(dict.fromkeys(rows["row"])), list(dict.fromkeys(rows[part]))
    rows["place"] = rows[part].map({name: place for place, name in enumerate(parts)})
    lines = {name: wrap(name, LEGEND_WIDTH) for name in parts}
    return (
        alt.Chart(rows)
        .mark_bar()
        .encode(
            y=alt.Y("row:N", sort=order, title=None, axis=_row_labels()),
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
            tooltip=[alt.Tooltip(f"{label}:N"), alt.Tooltip(f"{part}:N"), alt.Tooltip(f"{value}:Q", format=".3f")],
        )
        .properties(height=alt.Step(22))
    )


def shaded_table(rows: pd.DataFrame, x: str, y: str, value: str, legend: str, fmt: str) -> alt.Chart:
    """Cells shaded by value, rows and columns in the order given."""
    return (
        alt.Chart(rows.assign(row=_broken(rows[y])))
        .mark_rect()
        .encode(
            x=alt.X(f"{x}:O", title=None, axis=alt.Axis(labelAngle=0, ticks=False, orient="top")),
            y=alt.Y("row:N", title=None, sort=list(dict.fromkeys(_broken(rows[y]))), axis=_row_labels()),
            color=alt.Color(
                f"{value}:Q",
                title=legend,
                scale=alt.Scale(range=[FAINT, ACCENT]),
                legend=alt.Legend(orient="top", format=fmt),
            ),
            tooltip=[alt.Tooltip(f"{y}:N"), alt.Tooltip(f"{x}:O"), alt.Tooltip(f"{value}:Q", title=legend, format=fmt)],
        )
        .properties(height=alt.Step(20))
    )


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
        x=alt.X("quarter_end:T", title=None, axis=alt.Axis(format="%Y", tickCount="year", grid=False)),
        y=alt.Y(f"{value}:Q", title=None, axis=alt.Axis(format=fmt)),
        color=alt.Color(
            "line:N",
            title=None,
            sort=lines,
            scale=alt.Scale(domain=lines, range=[colours[line] for line in lines]),
            legend=alt.Legend(orient="top", columns=1, labelLimit=300),
        ),
        tooltip=[
            alt.Tooltip("line:N"),
            alt.Tooltip("quarter_label:N", title="Quarter"),
            alt.Tooltip(f"{value}:Q", format=fmt),
        ],
    )
    drawn = base.mark_line(strokeWidth=2.2), base.mark_circle(size=26, opacity=1)
    layers = *_marked_events(events, rows), *drawn
    return alt.layer(*layers, data=rows, height=260 + LEGEND_HEIGHT, title=_titled(axis))


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
        legend=alt.Legend(orient="bottom", columns=1, labelLimit=300),
    )
    x = alt.X("penalty:Q", title="Penalty, from almost none to almost all")
    y = alt.Y("coefficient:Q", title=None)
    drawn = alt.Chart(rows).mark_line(strokeWidth=2).encode(x=x, y=y, color=colour)
    dots = alt.Chart(free).mark_circle(size=60, opacity=1).encode(x=x, y=y, color=colour)
    return alt.layer(drawn, dots, height=260 + LEGEND_HEIGHT, title=_titled(axis, HALF_WIDTH))


EDGE = 0.2  # of the ranks: a name this near to an end would be cut off
CURVE_LABELS = 178  # pixels for the names at the left, the same in both parts so that ranks line up


def _ranks(count: int) -> alt.X:
    return alt.X("rank:Q", title=None, axis=None, scale=alt.Scale(nice=False, zero=False, domain=[0, count + 1]))


def sorted_estimates(
    rows: pd.DataFrame, marked: pd.DataFrame, axis: str, unit: str = "Points", fmt: str = "+.2f"
) -> alt.LayerChart:
    """Many estimates in order with their intervals; marked ones named.

    Parameters
    ----------
    rows
        ``rank``, ``effect``, ``effect_low``, ``effect_high``, ``clear`` (bool).
    marked
        ``rank``, ``effect``, ``label``.
    axis
        What is estimated, with its unit; above the plot.
    unit, fmt
        What an estimate counts, and the format of the numbers, on hover.
    """
    scale = alt.Axis(minExtent=CURVE_LABELS, maxExtent=CURVE_LABELS)
    tooltip = [
        alt.Tooltip("rank:Q", title="Number"),
        alt.Tooltip("effect:Q", title=unit, format=fmt),
        alt.Tooltip("effect_low:Q", title="95 % interval from", format=fmt),
        alt.Tooltip("effect_high:Q", title="to", format=fmt),
    ]
    ranks = _ranks(len(rows))
    base = alt.Chart(rows.assign(colour=_stressed(rows["clear"]))).encode(x=ranks)
    bars = base.mark_rule(opacity=0.35).encode(
        y=alt.Y("effect_low:Q", title=None, axis=scale), y2=alt.Y2("effect_high:Q"), color=_own_colour()
    )
    dots = base.mark_circle(size=14, opacity=1).encode(y=alt.Y("effect:Q"), color=_own_colour(), tooltip=tooltip)
    named = alt.Chart(marked).encode(x=ranks, y=alt.Y("effect:Q"))
    points = named.mark_point(size=130, color=STRONG, strokeWidth=2.5, shape="diamond")
    return alt.layer(
        _zero(alt.Y),
        bars,
        dots,
        points,
        _named(marked, len(rows)),
        height=260,
        title=_titled(axis),
    )


def _named(marked: pd.DataFrame, count: int) -> alt.Chart:
    """Names of marked estimates of `count`: the last above its mark, others below, so that two close ones can be read.

    Near an end of the ranks a name leaves the mark towards the middle.
    """
    ranks = marked["rank"]
    parts = ranks / (count + 1)
    rows = marked.assign(
        side=np.select([parts < EDGE, parts > 1 - EDGE], ["left", "right"], "center"),
        down=np.where(ranks == ranks.max(), -16, 20),
    )
    names = alt.Chart(rows).encode(x=_ranks(count), y=alt.Y("effect:Q"), text=alt.Text("label:N"))
    return names.mark_text(align=alt.expr("datum.side"), dy=alt.expr("datum.down"), fontSize=12)


def choice_panel(ticks: pd.DataFrame) -> alt.Chart:
    """Under a specification curve: a tick where a specification was made with an alternative.

    Parameters
    ----------
    ticks
        ``rank`` and ``alternative``, those of one choice together.
    """
    # Positions instead of names in the data: a thousand specifications repeat each name hundreds of times.
    codes, known = pd.factorize(ticks["alternative"])
    labels = alt.Axis(
        minExtent=CURVE_LABELS,
        maxExtent=CURVE_LABELS,
        labelExpr=f"{json.dumps(list(known))}[datum.value]",
        labelLimit=CURVE_LABELS - 5,
        labelFontSize=10,
        labelOverlap=False,
        ticks=False,
        domain=False,
        grid=False,
    )
    return (
        alt.Chart(pd.DataFrame({"rank": ticks["rank"], "row": codes}))
        .mark_tick(color=ACCENT, opacity=0.55, thickness=1, height=9)
        .encode(x=_ranks(int(ticks["rank"].max())), y=alt.Y("row:O", title=None, axis=labels))
        .properties(height=alt.Step(15))
    )
