"""Long tables, with a row for each measure or group: which columns say what a row is of, and each as a column."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from core.sources.files.numbers import is_number
from core.stats.regression.errors import listed
from core.user_panel.guess import guess_keys, pair_repeats
from core.user_panel.turning import Done, free, some

MOST_MEASURES, MOST_KINDS = 200, 300
LOOKED_AT = 200
MOSTLY = 0.5

Kept = Sequence[tuple[str, Sequence[str]]]


@dataclass(frozen=True)
class Long:
    """What the rows of a long table are of.

    Parameters
    ----------
    keys
        The columns of area and period.
    kinds
        The columns that say what a row is of, such as a measure or an age, with their values in the order of the file;
        empty where no area has several rows for a period, or nothing tells these apart.
    """

    keys: tuple[str, str]
    kinds: Mapping[str, tuple[str, ...]]


def long_table(cells: pd.DataFrame) -> Long:
    """What the rows of `cells` are of."""
    area, period = guess_keys(cells)
    if not area or not period or not pair_repeats(cells, area, period):
        return Long((area, period), {})
    kinds = _kinds(cells, area, period)
    return Long((area, period), {name: tuple(map(str, cells[name].dropna().unique())) for name in kinds})


def rows_kept(cells: pd.DataFrame, kept: Kept) -> Done:
    """`cells` with the rows of the values that are `kept` of each column."""
    notes = []
    for name, values in kept:
        if name in cells.columns:
            chosen = cells[name].isin(list(values))
            notes.append(f"{int((~chosen).sum()):,} rows with another {name} than {some(list(values))} are left out.")
            cells = cells[chosen]
    return cells, notes


def measures_as_columns(cells: pd.DataFrame, found: Long) -> Done:
    """The long table `cells`, with a row for each measure, with its measures as columns."""
    area, period = keys = list(found.keys)
    kinds = [name for name in found.kinds if cells[name].nunique() > 1]
    others = [str(name) for name in cells.columns if name not in (*keys, *kinds)]
    values = [name for name in others if name not in found.kinds and _is_of_numbers(cells[name])]
    values = [name for name in values if cells.groupby(keys)[name].nunique(dropna=False).gt(1).any()] or values
    named = _joined_names(cells, kinds)
    if named is None or not values or cells[keys].isna().any(axis=None):
        return cells, []
    combinations = named.nunique() * len(values)
    if combinations > MOST_MEASURES:
        return cells, [
            f"{_together(kinds)} {combinations:,} values for an area and period, more than the {MOST_MEASURES} columns "
            "that can be made of them: choose which you need."
        ]
    rest = [name for name in others if name not in values]
    first = cells[~cells.duplicated(keys)]
    table, order = first[[*keys, *rest]].set_index(keys), list(map(str, named.unique()))
    for value in values:
        wide = cells[value].set_axis(pd.MultiIndex.from_arrays([cells[area], cells[period], named])).unstack()[order]
        columns = [name if len(values) == 1 else f"{value}: {name}" for name in order]
        names = [free(name, [*keys, *rest]) for name in columns]
        table = table.join(wide.set_axis(names, axis="columns"))
    return table.reset_index().set_axis(first.index, axis="index"), [
        f"{_together(kinds)} {len(order):,} values for an area and period: each is a column ({some(order)})."
    ]


def _together(kinds: Sequence[str]) -> str:
    return f"{listed(kinds)} {'has' if len(kinds) == 1 else 'have together'}"


def _joined_names(cells: pd.DataFrame, kinds: Sequence[str]) -> pd.Series | None:
    """The values of `kinds` in one column; ``None`` where there is none or a cell is empty."""
    if not kinds or cells[list(kinds)].isna().any(axis=None):
        return None
    first, *others = kinds
    return cells[first].str.cat(cells[others], sep=", ") if others else cells[first]


def _kinds(cells: pd.DataFrame, area: str, period: str) -> list[str]:
    """The fewest columns that tell apart the rows of one area and period: of text, else of numbers such as ages."""
    several = [str(name) for name in cells.columns if name not in (area, period) and _has_several(cells[name])]
    texts = [name for name in several if not _is_of_numbers(cells[name])]
    groups = [name for name in several if name not in texts and _is_of_groups(cells, area, period, name)]
    return next(filter(None, (_fewest(cells, (area, period), offered) for offered in (texts, texts + groups))), [])


def _has_several(column: pd.Series) -> bool:
    return 1 < column.nunique() <= MOST_KINDS


def _is_of_groups(cells: pd.DataFrame, area: str, period: str, name: str) -> bool:
    """Whether whole numbers name groups: most of them come back for most areas and periods."""
    if not cells[name].dropna().str.fullmatch(r"\d{1,4}").all():
        return False
    pairs = cells[[area, period]].drop_duplicates()
    rows = cells[[area, period, name]].drop_duplicates()
    return bool(rows.groupby(name).size().median() >= MOSTLY * len(pairs))


def _fewest(cells: pd.DataFrame, keys: tuple[str, str], offered: Sequence[str]) -> list[str]:
    """Columns that together with `keys` repeat in no row, taken one after the other; none where that cannot be."""
    chosen: list[str] = []
    left = list(offered)
    while left:
        repeats = {name: int(cells.duplicated([*keys, *chosen, name]).sum()) for name in left}
        best = min(left, key=lambda name: (repeats[name], cells[name].nunique()))
        if repeats[best] == int(cells.duplicated([*keys, *chosen]).sum()):
            return []
        chosen.append(best)
        if not repeats[best]:
            return chosen
        left.remove(best)
    return []


def _is_of_numbers(column: pd.Series) -> bool:
    filled = column.dropna().head(LOOKED_AT)
    return len(filled) > 0 and sum(map(is_number, map(str, filled))) > len(filled) / 2
