"""What comes before and after a change, as dots with intervals along the time since it."""

import altair as alt
import pandas as pd

from core.presentation.charts.style import ACCENT, FAINT, GREY, STRONG, titled, zero_line

REFERENCE = -1
SIGNED = "datum.value > 0 ? '+' + datum.label : datum.label"
HEIGHT = 300  # pixels, of which the words above and below take a third


def before_and_after(rows: pd.DataFrame, axis: str, time: str, unit: str, fmt: str) -> alt.LayerChart:
    """Dots with intervals by the time since a change; those before it in grey, and the period of comparison hollow.

    Parameters
    ----------
    rows
        ``place`` (whole numbers, -1 the period of comparison), ``points``, ``low``, ``high``; one row each.
    axis
        What is shown, with its unit; above the plot.
    time
        Title of the axis of time.
    unit, fmt
        What a value counts, on hover, and the format of the numbers on hover.
    """
    rows = rows.assign(colour=[ACCENT if place >= 0 else GREY for place in rows["place"]])
    tooltip = [
        alt.Tooltip("place:O", title=time, format="+d"),
        alt.Tooltip("points:Q", title=unit, format=fmt),
        alt.Tooltip("low:Q", title="95% interval from", format=fmt),
        alt.Tooltip("high:Q", title="to", format=fmt),
    ]
    x = alt.X(
        "place:Q",
        title=time,
        scale=alt.Scale(domain=[int(rows["place"].min()) - 0.5, int(rows["place"].max()) + 0.5], nice=False),
        axis=alt.Axis(format="d", labelExpr=SIGNED, tickMinStep=1, grid=False),
    )
    colour = alt.Color("colour:N", scale=None)
    base = alt.Chart().encode(x=x, tooltip=tooltip)
    start = alt.Chart(pd.DataFrame({"place": [REFERENCE + 0.5]})).mark_rule(color=STRONG, strokeDash=[4, 3])
    known = base.transform_filter(f"datum.place != {REFERENCE}")
    return alt.layer(
        zero_line(alt.Y),
        start.encode(x="place:Q"),
        known.mark_rule(strokeWidth=3).encode(y=alt.Y("low:Q", title=None), y2="high:Q", color=colour),
        known.mark_circle(size=110, opacity=1).encode(y="points:Q", color=colour),
        base.transform_filter(f"datum.place == {REFERENCE}")
        .mark_point(size=90, color=GREY, fill=FAINT)
        .encode(y="points:Q"),
        data=rows,
        height=HEIGHT,
        title=titled(axis),
    )
