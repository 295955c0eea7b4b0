"""What a page shows as one picture, and its chart as plain Vega-Lite in the colours of the page."""

from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, TypeAlias

import altair as alt
import numpy as np
import pandas as pd
from altair.utils import schemapi

LIGHT_TEXT, DARK_TEXT = "#0d141c", "#e8edf2"
LIGHT_MUTED, DARK_MUTED = "#454f58", "#b4bec8"  # of axes and legends: Streamlit's own is too faint on a light page

_KEEP: ContextVar[Callable[[pd.DataFrame], str] | None] = ContextVar("keep", default=None)


def _rows(rows: pd.DataFrame) -> Any:
    """What stands for `rows` in a finished chart: themselves, or where :func:`detach_data` asks for it, their name."""
    keep = _KEEP.get()
    return alt.to_values(rows) if keep is None else {"name": keep(rows)}


def _as_it_is(chart: alt.Chart, _: dict[int, Any]) -> alt.Chart:
    """A copy of `chart` that shares its parts, none of which is changed after it was made."""
    return chart.copy(deep=False)


# All once, at import. A specification curve has more rows than the 5,000 that Altair lets through by default. Checking
# each part of a chart against the schema as it is made takes longer than making it: tests check them all. And whoever
# puts layers together, or writes them down, would copy each of them twice, down to the last part, in case one has
# parameters, for a third of the time of a chart.
alt.data_transformers.register("rows", _rows)
alt.data_transformers.enable("rows")
schemapi.disable_debug_mode()
setattr(alt.Chart, "__deepcopy__", _as_it_is)  # noqa: B010 - Altair declares no such method

# The chart's own text alternative tells what it shows, so a screen reader need not go through hundreds of marks. A mark
# without a tooltip of its own has none: Streamlit's theme would show its raw columns. Few ticks, as few need reading.
OWN: Mapping[str, Any] = {"aria": False, "mark": {"tooltip": None}, "axisQuantitative": {"tickCount": 5}}

AnyChart: TypeAlias = alt.Chart | alt.LayerChart


@dataclass(frozen=True, eq=False)
class Figure:
    """What a page shows as one picture.

    Parameters
    ----------
    name
        File name of the table, without ending; also the key of the widget.
    title
        The finding in one sentence, without a full stop; in several, each with its own.
    charts
        The picture, in one or more parts.
    alt
        What the picture shows, for those who cannot see it.
    table
        The figures behind it, as shown and as CSV.
    note
        A caption: units, what the marks are, a caveat.
    side_by_side
        Whether the parts stand next to each other where the page is wide, or always under each other.
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
                level_titles([chart.title for chart in pair])

    @property
    def alternative(self) -> str:
        """What takes the picture's place for those who cannot see it: what it shows, and its finding."""
        finding = self.title.removesuffix(".")
        return self.alt if finding in self.alt else f"{self.alt} {finding}."


def with_theme(chart: AnyChart, dark: bool) -> dict[str, Any]:
    """`chart` as plain Vega-Lite; text, and lines without a colour, in the page's text colour."""
    drawn: dict[str, Any] = chart.to_dict(validate=False)
    # Set in the finished chart: asking Altair for it would copy the whole chart first.
    plain = {"color": DARK_TEXT if dark else LIGHT_TEXT}
    muted = DARK_MUTED if dark else LIGHT_MUTED
    labels = {part: {"labelColor": muted, "titleColor": muted} for part in ("axis", "legend")}
    drawn["config"] = drawn.get("config", {}) | OWN | labels | {"text": plain | {"fontSize": 12}, "rule": plain}
    return drawn


def detach_data(chart: AnyChart, dark: bool, keep: Callable[[pd.DataFrame], str]) -> dict[str, Any]:
    """:func:`with_theme` with the tables left out: `keep` is given each, and returns the name that stands for it."""
    before = _KEEP.set(keep)
    try:
        return with_theme(chart, dark)
    finally:
        _KEEP.reset(before)


def with_plain_values(rows: pd.DataFrame) -> pd.DataFrame:
    """`rows` as Altair would write them: days as local text, and no number that is not finite."""
    sentence: dict[str, pd.Series] = {}
    for name, values in rows.items():
        if values.dtype.kind == "M":
            sentence[str(name)] = values.dt.strftime("%Y-%m-%dT%H:%M:%S")
        elif values.dtype.kind == "f" and np.isinf(values.to_numpy()).any():
            sentence[str(name)] = values.where(np.isfinite(values))
    plain = rows.assign(**sentence) if sentence else rows
    return plain if isinstance(plain.index, pd.RangeIndex) else plain.reset_index(drop=True)


def level_titles(titles: Sequence[Any]) -> None:
    """Give all `titles` as many lines, so that plots next to each other begin, and their rows lie, at one height."""
    sentence = [title for title in titles if isinstance(title, alt.TitleParams)]
    most = max((len(title.text) for title in sentence), default=0)
    for title in sentence:
        title.text = [" "] * (most - len(title.text)) + list(title.text)
