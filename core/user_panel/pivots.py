"""Tables as pivot tables and statistical databases write them: with sums, and several keys in one column."""

import re

import pandas as pd

from core.sources.files.periods import is_period
from core.sources.files.report import rows_text
from core.user_panel.turning import AREA, PERIOD, Done, free

SUM_OF = re.compile(r"(.*\S)\s+total", re.IGNORECASE)
GRAND_TOTAL = re.compile(r"grand total", re.IGNORECASE)
FEWEST_REPEATS, FEWEST_LABELS = 1.5, 2
KEYS = re.compile(r"([\w ]+(?:,[\w ]+)+)(?:\\.*)?")


def without_subtotals(cells: pd.DataFrame) -> Done:
    """`cells` without the sums of pivot tables: rows such as ``Barnet Total`` in which a key of all others is empty."""
    for name in cells.columns:
        names = cells[name].dropna().unique()
        parts = {cell: SUM_OF.fullmatch(cell) for cell in names if cell.endswith(("otal", "OTAL"))}
        sums = [cell for cell, found in parts.items() if found and (found[1] in names or GRAND_TOTAL.fullmatch(cell))]
        rows = cells[name].isin(sums)
        if rows.any() and any(cells[key].isna().equals(rows) for key in cells.columns):
            note = f"{rows_text(int(rows.sum()))} of sums left out, such as {sums[0]!r} in row {cells.index[rows][0]}."
            return cells[~rows], [note]
    return cells, []


def labels_apart(cells: pd.DataFrame) -> Done:
    """Labels of a pivot table, with areas and their times below each other in one column, as a column for each."""
    first = str(cells.columns[0])
    labels = cells[first]
    if labels.isna().any() or len(labels) < 2 or is_period(labels.iloc[0]) == is_period(labels.iloc[1]):
        return cells, []
    table = cells[~labels.str.fullmatch(GRAND_TOTAL)]
    labels = table[first]
    timely = labels.map({cell: is_period(cell) for cell in labels.unique()})
    heads = timely == timely.iloc[0]
    groups, inner = labels.where(heads).ffill(), labels[~heads]
    if (
        heads.sum() < FEWEST_LABELS
        or not labels[heads].is_unique
        or len(inner) < FEWEST_REPEATS * inner.nunique()
        or pd.DataFrame({"group": groups, "label": labels})[~heads].duplicated().any()
    ):
        return cells, []
    area, period = free(AREA, list(table.columns)), free(PERIOD, list(table.columns))
    outer, inside = (period, area) if timely.iloc[0] else (area, period)
    keys = pd.DataFrame({outer: groups[~heads], inside: inner})[[area, period]]
    return pd.concat([keys, table[~heads].drop(columns=first)], axis="columns"), [
        f"{first} holds areas and times below each other: they are read as {area} and {period}, and "
        f"{rows_text(len(cells) - len(inner))} of a whole group or of all left out, such as {labels.iloc[0]!r}."
    ]


def keys_apart(cells: pd.DataFrame) -> Done:
    r"""Keys that stand in one column, as in ``freq,unit,geo\TIME_PERIOD`` of Eurostat, as a column for each."""
    first = str(cells.columns[0])
    names = KEYS.fullmatch(first)
    if not names:
        return cells, []
    keys = [key.strip() for key in names[1].split(",")]
    if set(keys) & set(cells.columns) or not (cells[first].str.count(",") == len(keys) - 1).all():
        return cells, []
    parts = cells[first].str.split(",", expand=True).set_axis(keys, axis="columns").apply(lambda key: key.str.strip())
    return pd.concat([parts, cells.drop(columns=first)], axis="columns"), [
        f"{first} holds {len(keys)} keys, which are read as columns of their own."
    ]
