"""The specification curve and its choices."""

import json

import altair as alt
import numpy as np
import pandas as pd

from core.presentation.charts.style import GREY, STRONG, accented, row_colour, titled, zero_line

EDGE = 0.2  # of the ranks: a name this near to an end would be cut off


CURVE_LABELS = 178  # pixels for the names at the left, the same in both parts so that ranks line up


ABOVE, BELOW, LINE = 16, 20, 14  # pixels from a mark to its name, and from name to name: close ones can be read


MANY = 200  # specifications: as many lie over each other where they are drawn as strongly as a few


FAINTEST, FAINT_OF_FEW, THICK = 0.35, 0.7, 2.5  # how strong an interval is drawn, and pixels of a tick among few


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
        alt.Tooltip("rank:Q", title="Place in order", format="d"),
        alt.Tooltip("effect:Q", title=unit, format=fmt),
        alt.Tooltip("effect_low:Q", title="95% interval from", format=fmt),
        alt.Tooltip("effect_high:Q", title="to", format=fmt),
    ]
    ranks = _ranks(len(rows))
    base = alt.Chart(rows.assign(colour=accented(rows["clear"]))).encode(x=ranks)
    bars = base.mark_rule(opacity=FAINTEST if len(rows) > MANY else FAINT_OF_FEW).encode(
        y=alt.Y("effect_low:Q", title=None, axis=scale), y2=alt.Y2("effect_high:Q"), color=row_colour()
    )
    dots = base.mark_circle(size=14, opacity=1).encode(y=alt.Y("effect:Q"), color=row_colour(), tooltip=tooltip)
    named = alt.Chart(marked).encode(x=ranks, y=alt.Y("effect:Q"))
    points = named.mark_point(size=130, color=STRONG, strokeWidth=2.5, shape="diamond")
    return alt.layer(
        zero_line(alt.Y),
        bars,
        dots,
        points,
        _named(marked, len(rows)),
        height=260,
        title=titled(axis),
    )


def _named(marked: pd.DataFrame, count: int) -> alt.Chart:
    """Names of marked estimates of `count`: the last above its mark, others below, each lower than the one after it.

    Near an end of the ranks a name leaves the mark towards the middle.
    """
    ranks = marked["rank"]
    parts = ranks / (count + 1)
    rows = marked.assign(
        side=np.select([parts < EDGE, parts > 1 - EDGE], ["left", "right"], "center"),
        down=np.where(ranks == ranks.max(), -ABOVE, BELOW + LINE * (ranks.rank(ascending=False) - 2)),
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
    count = int(ticks["rank"].max())
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
        .mark_tick(color=GREY, opacity=0.8, thickness=1 if count > MANY else THICK, height=9)
        .encode(x=_ranks(count), y=alt.Y("row:O", title=None, axis=labels))
        .properties(height=alt.Step(15))
    )
