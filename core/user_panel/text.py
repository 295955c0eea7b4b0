"""Sentences about a reader's own table, whose columns have names and no more."""

import math
from collections.abc import Mapping, Sequence

import pandas as pd

from core.presentation.numbers import digits_for, plural, quoted
from core.sources.files.periods import MOST_PERIODS, is_period
from core.stats.regression.errors import listed
from core.tables.panel import Panel
from core.user_panel.guess import reads_as_period, ways_of_writing

TITLE = "Analyse your own data"
INTRODUCTION = (
    "Upload a table and test whether one measure is linked to another: one row for each area and period (a borough and "
    "a quarter, a country and a year), or a column for each period. Your file is used for this visit only: it is not "
    "stored, nobody else sees it, and it is gone when you close the page."
)
WANTED_FILE = (
    "This link was made with a file that is not in it (fingerprint {fingerprint}). Drop the same file here to see the "
    "same view; with another one, choices that do not fit are left out."
)
TOO_FEW_COLUMNS = (
    "{name} needs two columns of numbers besides area, period and residents: one to explain, and one to explain it by. "
    "Add the second to the file, from the same areas and periods."
)
CONSTANT = " {columns} {verb} one value in every row, so there is nothing to compare."
CAUTION = (
    "An association between figures for areas. It does not show that one changes the other, and it says nothing about "
    "individuals."
)
NAMED = 4
TAKEN = (
    "CSV, TSV or other separated text, Excel (.xlsx), OpenDocument (.ods) or Parquet, up to 50 MB, also one packed as "
    "ZIP or gzip. Title rows, notes and units may stay in; what is done with them is listed here."
)
TURNED = "Is the table turned as you mean it?"
IN_THE_FILE, READ_HERE = "First rows in the file", "First rows as they are read here"
WHICH_OF = "{name}: which do you need?"
DONE = "What was done with the file:"
FILL_DOWN: Mapping[bool, str] = {False: "Stay empty", True: "Fill down empty cells"}
SHAPES: Mapping[bool, str] = {False: "One row for each area and period", True: "As it stands in the file"}


def lag_text(panel: Panel) -> str:
    """What a lag goes back by, and which steps in time have no row."""
    found = panel.steps
    if not found.unit:
        return f"{_without_steps(panel)}, so nothing is lagged or drawn over time."
    one = "number" if found.unit == "number" else found.unit
    step = f"one {one}" if found.size == 1 else f"{found.size} {one}s"
    gaps = f" No row at all: {_some(found.missing)}." if found.missing else ""
    return f"A lag of one period goes back {step}, whether or not there are rows in between.{gaps}"


def _without_steps(panel: Panel) -> str:
    """Why the periods of a panel have no steps in time: irregular days, several ways of writing, or no times."""
    name, periods = quoted(panel.period), [str(period) for period in panel.periods]
    if _are_in_order(panel):
        return f"The times in {name} lie at irregular distances ({_odd_days(periods)})"
    if len(periods) > MOST_PERIODS:
        return f"{name} has {len(periods):,} different times, and at most {MOST_PERIODS:,} are read"
    odd = [period for period in periods if not is_period(period)]
    if len(odd) > len(periods) / 2:
        return f"{name} holds no times ({_some(periods)})"
    if odd:
        return f"Not all of {name} are times ({_some(odd)})"
    return f"The times in {name} are written in several ways ({_some(ways_of_writing(periods))})"


def _are_in_order(panel: Panel) -> bool:
    """Whether one rule reads all periods as times, so that the first and last are those in time."""
    return reads_as_period(pd.Series([str(period) for period in panel.periods], dtype="str"))


def _odd_days(periods: Sequence[str]) -> str:
    """Those of `periods` whose day in the month is another than that of most; the first where there is no such day."""
    days = pd.Series(periods).str[-2:]
    odd = days[days != days.mode().iloc[0]]
    return _some([periods[place] for place in odd.index] if len(odd) < len(periods) / 2 else periods)


def size_text(panel: Panel) -> str:
    """How many areas, periods, rows and gaps a panel has."""
    areas, periods, rows = len(panel.areas), panel.periods, len(panel.frame)
    gaps = areas * len(periods) - rows
    pairs = "1 pair of an area and a period has" if gaps == 1 else f"{gaps:,} pairs of an area and a period have"
    lacking = f"; {pairs} no row" if gaps else "; every area has a row for each"
    ends = f" ({periods[0]} to {periods[-1]})" if panel.steps.unit or _are_in_order(panel) else ""
    spans = f"{plural(len(periods), 'period')}{ends}"
    return f"{plural(areas, 'area')}, {spans}, {plural(rows, 'row')}{lacking}."


def too_few_columns(name: str, constant: Sequence[str]) -> str:
    """Why the table `name` cannot be asked anything, and which of its columns have one value only."""
    verb = "has" if len(constant) == 1 else "have"
    said = CONSTANT.format(columns=_some([quoted(column) for column in constant]), verb=verb) if constant else ""
    return f"{TOO_FEW_COLUMNS.format(name=name)}{said}"


def totals_text(areas: Sequence[str], periods: Sequence[str] = ()) -> str:
    """A sentence on areas and periods that look like totals; empty without."""
    names = [*areas, *periods]
    if not names:
        return ""
    look = "looks like a total" if len(names) == 1 else "look like totals"
    others = " and ".join(kind for kind, found in (("areas", areas), ("periods", periods)) if found)
    return f"{_some(names)} {look} of other {others}: leave out"


def without_keys_text(empty: Mapping[str, Sequence[int]]) -> str:
    """A sentence on rows without an area or a period; empty without."""
    if not empty:
        return ""
    parts = [f"{plural(len(rows), 'row')} without {name} (the first is row {rows[0]})" for name, rows in empty.items()]
    return f"{listed(parts)}: leave out"


def case_text(groups: Sequence[Sequence[str]]) -> str:
    """A sentence on names that differ by case alone; empty without."""
    if not groups:
        return ""
    more = f" and {len(groups) - 1:,} more names" if len(groups) > 1 else ""
    return (
        f"{listed(groups[0])}{more} differ only by capitals, accents, spaces, signs or marks of notes: read as one area"
    )


def suggestion(outcome: str, predictor: str) -> str:
    """The label of a question that can be asked in one click."""
    return f"Suggestion: explain {quoted(outcome)} by {quoted(predictor)}"


def _some(names: Sequence[str]) -> str:
    more = len(names) - NAMED
    return listed(names) if more <= 0 else f"{', '.join(names[:NAMED])} and {more:,} more"


def format_number(value: float) -> str:
    """A number of any size with three digits that count."""
    if value == 0 or not math.isfinite(value):
        return "0" if value == 0 else "unknown"
    digits = digits_for(value)
    text = f"{value:,.{digits}f}" if digits <= 6 else f"{value:.2e}"
    return text.replace("-", "\N{MINUS SIGN}")
