"""One reader for tables that people have: text, workbook, OpenDocument or Parquet in, a table and a report out."""

from dataclasses import dataclass, replace

import pandas as pd

from core.sources.files.cells import SourceError
from core.sources.files.grid import Grid, grids
from core.sources.files.layout import Layout, laid_out
from core.sources.files.limits import Limits, UploadedFile, check_size
from core.sources.files.numbers import is_number
from core.sources.files.packed import unpacked
from core.sources.files.periods import is_period
from core.sources.files.report import Report, rows_text

LOOKED_THROUGH = 50
MOSTLY = 0.5


@dataclass(frozen=True, eq=False)
class TableFile:
    """A table as it stands in a file.

    Parameters
    ----------
    cells
        Text by column, missing where a cell is empty; its index has the rows' numbers in the file.
    report
        What was read, what was left out, and what else was done.
    sheets, sheet
        Names of the sheets of the file, and of the one that was read; empty for files without sheets.
    separator
        What separates cells in a file of text; a comma for others.
    """

    cells: pd.DataFrame
    report: Report
    sheets: tuple[str, ...]
    sheet: str
    separator: str


def read_table(file: UploadedFile, limits: Limits, sheet: str = "") -> TableFile:
    """The table in `file`.

    Parameters
    ----------
    sheet
        Name of the sheet to read; without, the first that holds a table of numbers.

    Raises
    ------
    SourceError
        If there is none; the message says what to change.
    """
    check_size(file, limits)
    table, opened = unpacked(file, limits)
    found = _read_sheet(table, limits, sheet)
    return replace(found, report=replace(found.report, notes=(opened, *found.report.notes))) if opened else found


def _read_sheet(file: UploadedFile, limits: Limits, sheet: str) -> TableFile:
    with grids(file, limits) as readers:
        if sheet and sheet not in readers:
            raise SourceError(f"{file.name} has no sheet {sheet}; choose one of {', '.join(readers)}.")
        if not readers:
            raise SourceError(f"{file.name} has no sheet; save it again.")
        refused: list[SourceError] = []
        found: list[tuple[str, Grid, Layout]] = []
        for name in [sheet] if sheet else readers:
            try:
                grid = readers[name]()
                layout = laid_out(grid, f"{file.name}, sheet {name}" if name else file.name)
            except SourceError as error:
                refused.append(error)
                continue
            found.append((name, grid, layout))
            if _holds_numbers(layout.cells):
                return _table(file, tuple(readers), found[-1])
        if not found:
            raise refused[0]
        return _table(file, tuple(readers), max(found, key=lambda item: item[2].cells.size))


def _table(file: UploadedFile, sheets: tuple[str, ...], found: tuple[str, Grid, Layout]) -> TableFile:
    name, grid, layout = found
    others = [other for other in sheets if other != name]
    notes = (f"Sheet {name} is read; the others are {', '.join(others)}.",) if others else ()
    where = f"{file.name}, sheet {name}" if name else file.name
    report = Report(where, layout.read, layout.left_out, (*notes, *layout.notes, *_hidden(grid, layout.cells)))
    return TableFile(layout.cells, report, tuple(filter(None, sheets)), name, grid.separator)


def _hidden(grid: Grid, cells: pd.DataFrame) -> list[str]:
    """How many rows of the table, and columns, the sheet hides."""
    rows, columns = len(grid.hidden_rows & set(cells.index)), grid.hidden_columns
    hidden = [rows_text(rows)] * bool(rows) + [f"{columns} column{'s' * (columns > 1)}"] * bool(columns)
    return [f"Hidden in the sheet, as by a filter, but read: {' and '.join(hidden)}."] * bool(hidden)


def _holds_numbers(cells: pd.DataFrame) -> bool:
    """Whether a sheet is a table with figures rather than a cover, a list of contents or notes."""
    if len(cells) < 2 or cells.shape[1] < 2:
        return False
    return any(_is_of_numbers(cells.iloc[:LOOKED_THROUGH, place].dropna()) for place in range(cells.shape[1]))


def _is_of_numbers(column: pd.Series) -> bool:
    figures = sum(is_number(str(cell)) and not is_period(str(cell)) for cell in column)
    return len(column) > 0 and figures >= MOSTLY * len(column)
