"""Dots: scatter plots, residuals and quantiles."""

import altair as alt
import pandas as pd

from core.presentation.charts.style import ACCENT, GREY, HALF_WIDTH, STRONG, titled, zero_line
from core.presentation.numbers import upper_first


def scatter(
    rows: pd.DataFrame,
    line: pd.DataFrame,
    x_axis: str,
    y_axis: str,
    highlighted: str,
    keys: tuple[str, str] = ("Borough", "Quarter"),
    fmt: str = ".3f",
) -> alt.LayerChart:
    """Points with a line through them; one area may be highlighted.

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
    chosen = alt.Chart(rows[rows["area"] == highlighted]).encode(x=x, y=y, tooltip=tooltip)
    through = alt.Chart(line).mark_line(color=STRONG, strokeWidth=2.5).encode(x=x, y=y)
    return alt.layer(
        points,
        chosen.mark_circle(size=55, opacity=0.95, color=ACCENT),
        through,
        height=300,
        title=titled(y_axis, HALF_WIDTH),
    )


def quantile_plot(points: pd.DataFrame) -> alt.LayerChart:
    """Q-Q plot; `points` has ``normal`` and ``standardised`` quantiles of the residuals."""
    base = alt.Chart(points).encode(
        x=alt.X("normal:Q", title="Quantile of a normal distribution"),
        y=alt.Y("standardised:Q", title=None),
    )
    line = base.mark_line(color=GREY, strokeDash=[4, 3]).encode(y=alt.Y("normal:Q"))
    return alt.layer(
        line, base.mark_circle(size=18, color=ACCENT, opacity=0.6), height=260, title=titled("Standardised residual")
    )


def residual_plot(rows: pd.DataFrame, keys: tuple[str, str]) -> alt.LayerChart:
    """Standardised residuals against fitted values; `keys` are what an area and a period are called."""
    points = (
        alt.Chart(rows)
        .mark_circle(size=18, color=ACCENT, opacity=0.5)
        .encode(
            x=alt.X("fitted:Q", title="Fitted value", scale=alt.Scale(zero=False)),
            y=alt.Y("standardised:Q", title=None),
            tooltip=[
                alt.Tooltip("area:N", title=upper_first(keys[0])),
                alt.Tooltip("period:N", title=upper_first(keys[1])),
                alt.Tooltip("standardised:Q", title="Residual (standard deviations)", format="+.1f"),
            ],
        )
    )
    return alt.layer(zero_line(alt.Y), points, height=260, title=titled("Standardised residual"))
