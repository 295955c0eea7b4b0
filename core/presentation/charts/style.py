"""Colours, sizes and marks that all charts share."""

from textwrap import wrap
from typing import Any

import altair as alt
import pandas as pd

from core.tables.quarters import QUARTER_PATTERN

ACCENT = "#2b7bba"  # what the title is about: the place or the model chosen, or what stands out beyond chance


GREY = "#87919b"


FAINT = "#87919b33"


STRONG = "#b8621b"


CAUTION = STRONG  # what to beware of; never the accent, which has one meaning


EMPHASIS = (ACCENT, "#5f6a74", "#8f99a3", "#bcc3ca")


PARTS = (ACCENT, "#b8621b", "#7a6bb0", "#87919b", "#2f8f7f", "#a3567e")


PANEL_HEIGHT = 240  # pixels, of which the words above and the years below take 90


STEP = 22  # pixels from row to row where names have one line


TITLE_WIDTH, HALF_WIDTH = 48, 30


AXIS_WIDTH = 32


LEGEND_HEIGHT = 90  # taken from the plot by a legend of four lines


LABEL_WIDTH = 24


LEGEND_WIDTH = 28  # characters: as many as fit next to the names of rows on a telephone


ROW_LINE = 13  # pixels from line to line of a row's name


ROW_GAP = 10  # pixels between rows whose names have several lines


SHORT_LINE = 1 / 3  # of the width: a last line that is shorter looks left behind


FEW_QUARTERS = 8  # as many can be named on an axis; a longer time has its years


ANY_SIZE = ",.6~r"  # six digits that count, for numbers of any size


BREAK = "|"


QUARTER_LABEL = (
    "[['Jan\u2013Mar', 'Apr\u2013Jun', 'Jul\u2013Sep', 'Oct\u2013Dec'][quarter(datum.value) - 1],"
    " timeFormat(datum.value, '%Y')]"
)


YEAR_LABEL = "slice(datum.value, 4) == 'Q1' ? slice(datum.value, 0, 4) : ''"


def balanced(text: str, width: int) -> list[str]:
    """Lines of at most `width` letters, as few as it takes; alike where a short word would stand alone."""
    lines = wrap(text, width)
    if len(lines) < 2 or len(lines[-1]) > SHORT_LINE * width:
        return lines
    fitting = (wrap(text, least) for least in range(max(map(len, text.split()), default=1), width))
    return next((shorter for shorter in fitting if len(shorter) == len(lines)), lines)


def titled(text: str, width: int = TITLE_WIDTH) -> alt.TitleParams:
    """Words above the plot: the vertical axis is named there, where it can be read without turning one's head."""
    lines = balanced(text, width)
    return alt.TitleParams(lines, anchor="start", fontSize=13, fontWeight="normal", offset=8)


def axis_title(text: str) -> str | list[str]:
    """Words below the plot, in lines that fit next to the names of rows on a telephone."""
    lines = balanced(text, AXIS_WIDTH)
    return lines if len(lines) > 1 else text


def accented(flags: pd.Series, mark: str = ACCENT) -> pd.Series:
    """The colour `mark` where a flag is set, grey elsewhere: a column costs less than a condition in the chart."""
    return flags.map({True: mark, False: GREY})


def row_colour() -> alt.Color:
    """Colours as the column ``colour`` has them."""
    return alt.Color("colour:N", scale=None)


_NOUGHT = pd.DataFrame({"zero": [0.0]})


def zero_line(channel: type[alt.X] | type[alt.Y]) -> alt.Chart:
    """A dashed line at zero of one axis."""
    return alt.Chart(_NOUGHT).mark_rule(color=GREY, strokeDash=[4, 3]).encode(channel("zero:Q"))


def row_axis(**options: Any) -> alt.Axis:
    """An axis of row names, broken into lines where :func:`broken_labels` put a mark, about the middle of the row."""
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


def broken_labels(labels: pd.Series) -> pd.Series:
    """Labels with a mark where a new line begins."""
    return labels.map(lambda label: BREAK.join(balanced(label, LABEL_WIDTH)))


def row_step(rows: pd.Series, least: int = STEP) -> alt.Step:
    """Room for each of the `rows`, named by :func:`broken_labels`; all have that of the name with most lines."""
    lines = max([row.count(BREAK) for row in rows], default=0) + 1
    return alt.Step(max(least, ROW_LINE * lines + ROW_GAP if lines > 1 else STEP))


def time_axis(days: pd.Series) -> alt.Axis:
    """An axis of the last days of quarters, labelled by years; where there are few, each quarter is named."""
    shown = sorted(day for day in days.unique() if not pd.isna(day))
    if len(shown) > FEW_QUARTERS:
        return alt.Axis(format="%Y", tickCount="year", grid=False)
    values = [alt.DateTime(year=day.year, month=day.month, date=day.day) for day in map(pd.Timestamp, shown)]
    return alt.Axis(values=values, labelExpr=QUARTER_LABEL, labelFlush=False, grid=False)


def period_axis(periods: pd.Series) -> alt.Axis:
    """An axis of periods: quarters are labelled by their years, others by themselves where there is room."""
    if periods.astype("str").str.fullmatch(QUARTER_PATTERN).all():
        return alt.Axis(labelExpr=YEAR_LABEL, labelAngle=0, ticks=False)
    return alt.Axis(labelAngle=0, ticks=False, labelOverlap="greedy")
