"""Tables of other shapes, made into one row for each area and period: what is turned, joined or dropped, and said."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from core.sources.files.numbers import is_number
from core.sources.files.report import rows_text
from core.user_panel.guess import reads_as_period
from core.user_panel.measures import Kept, long_table, measures_as_columns, rows_kept
from core.user_panel.parts import joined_periods
from core.user_panel.turning import Done, areas_turned, periods_turned

FEWEST_ROWS = 2
SHOWN = 5


def without_repeats(cells: pd.DataFrame) -> Done:
    """`cells` without rows that repeat another in every column."""
    again = cells.duplicated()
    if not again.any():
        return cells, []
    return cells[~again], [
        f"{rows_text(int(again.sum()))} left out: each repeats another in every column (row {cells.index[again][0]})."
    ]


def without_row_numbers(cells: pd.DataFrame) -> Done:
    """`cells` without a column that has no name and numbers the rows."""
    numbering = [name for name in cells.columns if _is_unnamed(str(name)) and numbers_rows(cells[name])]
    return cells.drop(columns=numbering), [f"{name} numbers the rows and is left out." for name in numbering]


def _is_unnamed(name: str) -> bool:
    return (
        re.fullmatch(r"Column \d+|unnamed.*|index|rownames?|row ?(?:number|no|nr|id)?|X|\.\.\.\d+", name, re.IGNORECASE)
        is not None
    )


def numbers_rows(column: pd.Series) -> bool:
    """Whether `column` counts the rows, one up at a time."""
    if column.isna().any() or len(column) < FEWEST_ROWS:
        return False
    numbers = pd.to_numeric(column, errors="coerce")
    return bool((numbers.diff().iloc[1:] == 1).all() and numbers.iloc[0] in (0, 1))


def filled_down(cells: pd.DataFrame) -> Done:
    """`cells` with the text above in each empty cell of a column that names areas, as merged cells mean."""
    filled, notes = cells.copy(), []
    for name in cells.columns:
        column = cells[name]
        if column.isna().any() and column.notna().iloc[0] and _is_merged(column):
            filled[name] = column.ffill()
            notes.append(f"{name}: {int(column.isna().sum()):,} empty cells take the text above them.")
    return filled, notes


def _is_merged(column: pd.Series) -> bool:
    """Whether a column holds names that stand once above the rows they are for."""
    names = column.dropna()
    return not any(is_number(str(name)) for name in names.unique()) and names.is_unique


def merged_keys(cells: pd.DataFrame) -> list[str]:
    """Columns whose empty cells look like merged ones."""
    return [
        str(name) for name in cells.columns
        if cells[name].isna().any() and cells[name].notna().iloc[0] and _is_merged(cells[name])
        and not reads_as_period(cells[name], str(name))
    ]  # fmt: skip


@dataclass(frozen=True, eq=False)
class Turned:
    """How a table was turned, to be shown before anything is made of it.

    Parameters
    ----------
    before
        Its first rows as they stand in the file.
    notes
        What was done, in sentences.
    kinds
        Columns whose values became columns, with all these values.
    """

    before: pd.DataFrame
    notes: tuple[str, ...]
    kinds: Mapping[str, tuple[str, ...]]


def reshaped(cells: pd.DataFrame, kept: Kept = ()) -> tuple[pd.DataFrame, list[str], Turned | None]:
    """`cells` with one row for each area and period, where a rule leads to that.

    Parameters
    ----------
    kept
        Values to keep of columns that say what a row is of.

    Returns
    -------
    tuple of DataFrame, list of str, and Turned or None
        The table, what was done, and how it was turned; ``None`` where a period was put together at most.
    """
    before, turned = cells.head(SHOWN), []
    cells, done = periods_turned(cells)
    turned += done
    cells, joined = joined_periods(cells)
    cells, done = areas_turned(cells)
    turned += done
    found = long_table(cells)
    if found.kinds:
        cells, done = rows_kept(cells, kept)
        turned += done
        cells, done = measures_as_columns(cells, found)
        turned += done
    return cells, [*joined, *turned], Turned(before, tuple(turned), found.kinds) if turned else None
