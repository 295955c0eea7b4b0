"""Sentences about a reader's own table, whose columns have names and no more."""

import math
from collections.abc import Sequence

import pandas as pd

from core.presentation.numbers import digits_for, quoted
from core.stats.regression.errors import listed
from core.tables.panel import Panel

TITLE = "Explore your own panel"
INTRODUCTION = (
    "Fixed effects, clustered errors and a specification curve on your own figures: drop a CSV or Parquet file with "
    "one row for each area and period (a borough and a quarter, a country and a year). The file stays in this visit: "
    "it is not stored, nobody else sees it, and it is gone when you close the page."
)
WANTED_FILE = (
    "This link was made with a file that is not in it (fingerprint {fingerprint}). Drop the same file here to see the "
    "same view; with another one, choices that do not fit are left out."
)
TOO_FEW_COLUMNS = (
    "{name} needs two columns of numbers that differ, one to explain and one to explain it by, besides its keys and "
    "residents; add them."
)
CAUTION = (
    "An association between figures for areas. It does not show that the one changes the other, and it says nothing "
    "about single people."
)
NAMED = 4


def lag_text(panel: Panel) -> str:
    """What a lag goes back by, and which steps in time have no row."""
    found, periods = panel.steps, panel.periods
    if not found.unit:
        order = _some([str(period) for period in periods])
        return f"No calendar is known for {quoted(panel.period)}: a lag goes back one place in this order: {order}."
    one = "number" if found.unit == "number" else found.unit
    step = f"one {one}" if found.size == 1 else f"{found.size} {one}s"
    gaps = f" No row at all: {_some(found.missing)}." if found.missing else ""
    return f"A lag of one period goes back {step}, whether or not there are rows in between.{gaps}"


def _some(names: Sequence[str]) -> str:
    more = len(names) - NAMED
    return listed(names) if more <= 0 else f"{', '.join(names[:NAMED])} and {more:,} more"


def example() -> pd.DataFrame:
    """What a file looks like."""
    rows = [("Ashford", "2022", "61.2", "340"), ("Ashford", "2023", "59.8", "365"), ("Barton", "2022", "70.4", "120")]
    return pd.DataFrame(rows, columns=["area", "year", "the outcome", "the predictor"])


def format_number(value: float) -> str:
    """A number of any size with three digits that count."""
    if value == 0 or not math.isfinite(value):
        return "0" if value == 0 else "unknown"
    digits = digits_for(value)
    text = f"{value:,.{digits}f}" if digits <= 6 else f"{value:.2e}"
    return text.replace("-", "\N{MINUS SIGN}")
