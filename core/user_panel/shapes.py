"""Tables of other shapes, made into one row for each area and period: what is turned, joined or dropped, and said."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from core.sources.files.numbers import is_number
from core.sources.files.report import rows_text
from core.user_panel.guess import (
    PERIOD_WORDS,
    PLACE_WORDS,
    guess_keys,
    name_parts,
    numbers_rows,
    pair_repeats,
    reads_as_period,
)
from core.user_panel.measures import Kept, long_table, measures_as_columns, rows_kept
from core.user_panel.parts import joined_days, joined_periods, of_one_length, parts_turned
from core.user_panel.pivots import labels_apart
from core.user_panel.turning import Done, areas_turned, periods_turned

SHOWN = 5


def without_repeats(cells: pd.DataFrame) -> Done:
    """`cells` without rows that repeat another in every column; a row whose label stands above it is none of them.

    Nor is one whose area or time stands above it in the same column.
    """
    again = cells.duplicated()
    if again.any():
        again &= ~cells[[name for name in cells.columns if _has_labels_above(cells[name], str(name))]].isna().any(
            axis=1
        )
    if not again.any() or labels_apart(cells)[1]:
        return cells, []
    each, first = "it" if again.sum() == 1 else "each", cells.index[again][0]
    return cells[~again], [
        f"{rows_text(int(again.sum()))} left out: {each} repeats another in every column (row {first})."
    ]


def _has_labels_above(column: pd.Series, name: str) -> bool:
    """Whether the empty cells of a column may stand for the text above them: it begins with a name or a time."""
    if not column.isna().any() or column.isna().iloc[0]:
        return False
    return reads_as_period(column, name) or not any(is_number(str(cell)) for cell in column.dropna().unique())


def without_row_numbers(cells: pd.DataFrame) -> Done:
    """`cells` without a column that has no name and numbers the rows."""
    numbering = [name for name in cells.columns if _is_unnamed(str(name)) and numbers_rows(cells[name])]
    return cells.drop(columns=numbering), [f"{name} numbers the rows and is left out." for name in numbering]


def _is_unnamed(name: str) -> bool:
    return (
        re.fullmatch(
            r"Column \d+|unnamed.*|index|rownames?|row[ _]?(?:number|no|nr|id|key)?|record_offset|X|\.\.\.\d+",
            name,
            re.IGNORECASE,
        )
        is not None
    )


def filled_down(cells: pd.DataFrame) -> Done:
    """`cells` with the text above in each empty cell of a column that names areas, as merged cells mean."""
    filled, notes = cells.copy(), []
    for name in cells.columns:
        column = cells[name]
        if column.isna().any() and column.notna().iloc[0] and _is_merged(column, str(name)):
            filled[name] = column.ffill()
            notes.append(f"{name}: {int(column.isna().sum()):,} empty cells take the text above them.")
    return filled, notes


def _is_merged(column: pd.Series, name: str) -> bool:
    """Whether a column holds names of areas or times that stand once above the rows they are for."""
    names = column.dropna()
    if not names.is_unique:
        return False
    timely = bool(set(name_parts(name)) & PERIOD_WORDS) and reads_as_period(column, name)
    return timely or not any(is_number(str(cell)) for cell in names)


def merged_keys(cells: pd.DataFrame) -> list[str]:
    """Columns whose empty cells look like merged ones."""
    return [
        str(name) for name in cells.columns
        if cells[name].isna().any() and cells[name].notna().iloc[0] and _is_merged(cells[name], str(name))
    ]  # fmt: skip


def joined_areas(cells: pd.DataFrame) -> Done:
    """Names of areas of which some are in several larger ones, such as wards called Park, with the name of the larger.

    That is so where no area has two rows for a period within a larger one, and some area is in one of these only.
    """
    area, period = guess_keys(cells)
    if not area or not period or not pair_repeats(cells, area, period) or cells[[area, period]].isna().any(axis=None):
        return cells, []
    for name in map(str, cells.columns):
        within = cells.groupby(area)[name].nunique()
        if (
            name not in (area, period)
            and set(name_parts(name)) & PLACE_WORDS
            and cells[name].notna().all()
            and within.min() == 1 < within.max()
            and not cells.duplicated([area, period, name]).any()
        ):
            together = f"{area} and {name}"
            joined = cells[area].str.cat(cells[name], sep=", ")
            order = [together if column == area else column for column in cells.columns if column != name]
            return cells.drop(columns=[area, name]).assign(**{together: joined})[order], [
                f"{area} and {name} are put together as one area ({joined.iloc[0]}), because some names of {area} come "
                "back in several."
            ]
    return cells, []


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
    cells, said = of_one_length(cells)
    before, turned = cells.head(SHOWN), []
    cells, done = labels_apart(cells)
    turned += done
    cells, done = periods_turned(cells)
    turned += done
    cells, done = parts_turned(cells)
    turned += done
    joined = []
    for step in (joined_days, joined_periods, joined_areas):
        cells, done = step(cells)
        joined += done
    cells, done = areas_turned(cells)
    turned += done
    found = long_table(cells)
    if found.kinds:
        cells, done = rows_kept(cells, kept)
        turned += done
        cells, done = measures_as_columns(cells, found)
        turned += done
    return cells, [*said, *joined, *turned], Turned(before, tuple(turned), found.kinds) if turned else None
