"""The borough map of the forecast page: the last survey, the forecast, or the change between them."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pandas as pd

from core.london.borough_map import PER_CENT, BoroughMapData, digits_of
from core.london.forecast.text import likely_moves
from core.london.forecast.view import LIKELY, ForecastView
from core.london.survey_error import score_margin
from core.presentation.maps import change_scale, level_scale
from core.presentation.numbers import interval_text, number, signed, upper_first
from core.tables.catalogue import Catalogue
from core.tables.panel import POINTS
from core.tables.quarters import quarter_label

SURVEY_LEVEL = 95
# Points that the colours of a change span at least, so that small changes are not exaggerated.
LEAST_REACH = 1.0


def forecast_map_data(
    view: ForecastView, rows: pd.DataFrame, last: str, coming: str, catalogue: Catalogue
) -> BoroughMapData:
    """The data of the map of `view`; `rows` as from :func:`borough_outlook`, `last` and `coming` the two quarters."""
    shown: dict[str, Callable[[pd.DataFrame], pd.DataFrame]] = {
        "survey": partial(_survey_rows, last=last),
        "forecast": _forecast_rows,
        "change": _change_rows,
    }
    table = shown[view.show](rows) * POINTS
    change = view.show == "change"
    table = table.assign(clear=rows["clear"] if change else True)
    when = {
        "survey": f"survey of {quarter_label(last)}",
        "forecast": f"forecast for {quarter_label(coming)}",
        "change": f"forecast change from {quarter_label(last)} to {quarter_label(coming)}",
    }[view.show]
    scale = change_scale(table["value"].abs().clip(lower=LEAST_REACH)) if change else level_scale(table["value"])
    digits = digits_of(scale, 1 if change else 0)
    unit = "percentage points" if change else PER_CENT
    level = SURVEY_LEVEL if view.show == "survey" else LIKELY
    table["text"] = [_text(row, view, when, level) for row in table.itertuples()]
    label = catalogue.label(view.measure)
    return BoroughMapData(
        table.rename_axis("borough").reset_index(),
        scale,
        f"{label}, {when} ({unit})",
        (lambda value: f"{signed(value, 1)} points") if change else (lambda value: f"{number(value, digits)}%"),
        digits,
        _finding(table, label, when, change),
        level,
        change,
    )


def _survey_rows(rows: pd.DataFrame, last: str) -> pd.DataFrame:
    margin = score_margin(rows["now"], last)
    return pd.DataFrame({"value": rows["now"], "low": rows["now"] - margin, "high": rows["now"] + margin})


def _forecast_rows(rows: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame({"value": rows["mean"], "low": rows[f"low_{LIKELY}"], "high": rows[f"high_{LIKELY}"]})


def _change_rows(rows: pd.DataFrame) -> pd.DataFrame:
    return _forecast_rows(rows).sub(rows["now"], axis=0)


def _text(row: Any, view: ForecastView, when: str, level: int) -> str:
    if view.show == "change":
        doubt = "" if row.clear else "\nNo change lies inside the interval"
        ends = interval_text(row.low, row.high, 1)
        return f"{upper_first(when)}: {signed(row.value, 1)} points\n{level}% interval: {ends} points{doubt}"
    ends = f"{number(max(row.low, 0), 0)}% to {number(row.high, 0)}%"
    return f"{upper_first(when)}: {number(row.value, 0)}%\n{level}% interval: {ends}"


def _finding(table: pd.DataFrame, label: str, when: str, change: bool) -> str:
    ordered = table.sort_values("value")
    low, high = ordered.iloc[0], ordered.iloc[-1]
    if not change:
        return (
            f"{label}, {when}: from {number(low['value'], 0)}% in {low.name} "
            f"to {number(high['value'], 0)}% in {high.name}"
        )
    return (
        f"{label}, {when}: from {signed(low['value'], 1)} points in {low.name} to {signed(high['value'], 1)} in "
        f"{high.name}; {likely_moves(table)}"
    )
