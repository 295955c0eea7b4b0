"""Tables of other shapes, made into one row for each area and period: what is turned, joined or dropped, and said."""

import re
from collections import defaultdict
from collections.abc import Sequence

import pandas as pd

from core.sources.files.numbers import is_number
from core.sources.files.periods import MONTH, is_period, read_periods
from core.sources.files.report import rows_text
from core.user_panel.guess import guess_keys, pair_repeats, reads_as_period
from core.user_panel.parts import joined_periods

VALUE, PERIOD = "Value", "Period"
MEASURE_FIRST = re.compile(
    rf"(?P<measure>.*?\D)[\s_:,.-]*[\[(]?(?P<period>(?:FY|Q[1-4]|H[12]|{MONTH}[ -])?\s*'?\d[\w/ -]*)[\])]?",
    re.IGNORECASE,
)
PERIOD_FIRST = re.compile(r"(?P<period>\d{2,4}[\d/-]*(?: ?[QHM]\d+)?)[\s_:,.-]+(?P<measure>\D.*)")
SHOWN = 4
MOST_MEASURES, MOST_KINDS = 200, 60
FEWEST_PERIODS = 2

Done = tuple[pd.DataFrame, list[str]]


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
    if column.isna().any() or len(column) < FEWEST_PERIODS:
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


def reshaped(cells: pd.DataFrame) -> Done:
    """`cells` with one row for each area and period, where a rule leads to that."""
    notes: list[str] = []
    for step in (turned, joined_periods, measures_as_columns):
        cells, done = step(cells)
        notes += done
    return cells, notes


# A column for each period


def turned(cells: pd.DataFrame) -> Done:
    """A table with a column for each period, or each measure and period, with its periods as rows."""
    parts = {str(name): _measure_and_period(str(name)) for name in cells.columns}
    groups: dict[str, dict[str, str]] = defaultdict(dict)
    for name, found in parts.items():
        if found:
            groups[found[0]][found[1]] = name
    groups = {measure: names for measure, names in groups.items() if len(names) >= FEWEST_PERIODS}
    written = list(dict.fromkeys(period for names in groups.values() for period in names))
    taken = {name for names in groups.values() for name in names.values()}
    others = [str(name) for name in cells.columns if name not in taken]
    periods = read_periods(pd.Series(written, dtype="str")) if written else None
    if periods is None or not others or any(reads_as_period(cells[name], name) for name in others):
        return cells, []
    pieces = []
    for period in written:
        piece = cells[others].assign(**{_free(PERIOD, others): period})
        for measure, names in groups.items():
            piece[_free(measure or VALUE, others)] = cells[names[period]] if period in names else None
        pieces.append(piece)
    rows = pd.concat(pieces).sort_index(kind="stable")
    measures = [measure for measure in groups if measure]
    kinds = (
        f", in columns {_some(measures)}" if measures else f", with their figures in a column {_free(VALUE, others)}"
    )
    return rows.astype("str").where(rows.notna()), [
        f"{len(taken):,} columns named after periods ({_some(written)}) are rows here{kinds}."
    ]


def _measure_and_period(name: str) -> tuple[str, str] | None:
    """The measure (empty for none) and the period in the name of a column."""
    if is_period(name):
        return "", name
    for pattern in (MEASURE_FIRST, PERIOD_FIRST):
        found = pattern.fullmatch(name)
        if found and is_period(found["period"]):
            measure = found["measure"].strip(" _:,.-([")
            return (measure, found["period"]) if measure else None
    return None


def _free(name: str, taken: Sequence[str]) -> str:
    while name in taken:
        name = f"{name} (turned)"
    return name


# Rows that name a measure


def measures_as_columns(cells: pd.DataFrame) -> Done:
    """A long table, with a row for each measure, with its measures as columns."""
    area, period = guess_keys(cells)
    if not area or not period or not pair_repeats(cells, area, period):
        return cells, []
    keys, kinds = [area, period], _kinds(cells, area, period)
    others = [str(name) for name in cells.columns if name not in (*keys, *kinds)]
    values = [name for name in others if _is_of_numbers(cells[name])]
    named = _joined_names(cells, kinds)
    if (
        named is None
        or not values
        or named.nunique() * len(values) > MOST_MEASURES
        or cells[keys].isna().any(axis=None)
    ):
        return cells, []
    rest = [name for name in others if name not in values]
    first = cells[~cells.duplicated(keys)]
    table, order = first[[*keys, *rest]].set_index(keys), list(map(str, named.unique()))
    for value in values:
        wide = cells[value].set_axis(pd.MultiIndex.from_arrays([cells[area], cells[period], named])).unstack()[order]
        columns = [name if len(values) == 1 else f"{value}: {name}" for name in order]
        free = [_free(name, [*keys, *rest]) for name in columns]
        table = table.join(wide.set_axis(free, axis="columns"))
    have = "has" if len(kinds) == 1 else "have together"
    return table.reset_index().set_axis(first.index, axis="index"), [
        f"{' and '.join(kinds)} {have} {len(order):,} values for an area and period: each is a column ({_some(order)})."
    ]


def _joined_names(cells: pd.DataFrame, kinds: Sequence[str]) -> pd.Series | None:
    """The values of `kinds` in one column; ``None`` where there is none or a cell is empty."""
    if not kinds or cells[list(kinds)].isna().any(axis=None):
        return None
    first, *others = kinds
    return cells[first].str.cat(cells[others], sep=", ") if others else cells[first]


def _kinds(cells: pd.DataFrame, area: str, period: str) -> list[str]:
    """The fewest columns of text that tell apart the rows of one area and period."""
    offered = [
        str(name) for name in cells.columns
        if name not in (area, period) and 1 < cells[name].nunique() <= MOST_KINDS and not _is_of_numbers(cells[name])
    ]  # fmt: skip
    chosen: list[str] = []
    while offered:
        repeats = {name: int(cells.duplicated([area, period, *chosen, name]).sum()) for name in offered}
        best = min(offered, key=lambda name: (repeats[name], cells[name].nunique()))
        if repeats[best] == int(cells.duplicated([area, period, *chosen]).sum()):
            return []
        chosen.append(best)
        if not repeats[best]:
            return chosen
        offered.remove(best)
    return []


def _is_of_numbers(column: pd.Series) -> bool:
    filled = column.dropna().head(200)
    return len(filled) > 0 and sum(map(is_number, map(str, filled))) > len(filled) / 2


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:SHOWN]) + (f" and {len(names) - SHOWN:,} more" if len(names) > SHOWN else "")
