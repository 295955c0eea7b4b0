"""A reader's own table: any file of areas and periods, read into columns of numbers and of text, with a report.

The file is bytes that a visitor uploads, so nothing about it is trusted: size, rows and columns are limited, and what
cannot be used is said in a sentence that names the column or the row.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from core.sources.files.cells import SourceError
from core.sources.files.limits import Limits, in_memory
from core.sources.files.numbers import (
    TRUE_OR_FALSE,
    ConventionError,
    Decimal,
    decimal_of,
    is_mark,
    is_number,
    parsed,
    read_numbers,
)
from core.sources.files.periods import is_period, read_periods
from core.sources.files.report import shortened
from core.sources.files.table_file import TableFile, read_table
from core.stats.regression.errors import listed
from core.user_panel import pivots, shapes
from core.user_panel.guess import reads_as_period, ways_of_writing

MOST_BYTES = 50_000_000
MOST_ROWS, MOST_COLUMNS = 500_000, 300
LIMITS = Limits(file_bytes=MOST_BYTES, unpacked_bytes=10 * MOST_BYTES, rows=MOST_ROWS)
ENDINGS = ("csv", "tsv", "tab", "txt", "xlsx", "xlsm", "ods", "parquet", "zip", "gz")
FINGERPRINT = 12
FEWEST_COLUMNS = 3
FORMULA_STARTS = "=+-@"
MOST_WAYS = 2  # that a note names
NEARLY = 0.3  # share of filled cells that are numbers above which a column of text is named as left out
ENOUGH_ROWS = 2
BEGINS_LIKE_NUMBER = re.compile(r"(?:[A-Z]{3}\s)?[^\w\s]{0,3}\s?\d")


class UserPanelError(ValueError):
    """A file that cannot be used as a panel; the message says what to change."""


@dataclass(frozen=True)
class Reading:
    """How a visitor wants a file to be read.

    Parameters
    ----------
    sheet
        Sheet of a workbook; empty for the first with a table of numbers.
    decimal
        Sign before decimals; empty to see it from the cells.
    as_it_stands
        Whether columns of periods and rows of measures stay as they are.
    fill_down
        Whether an empty cell in a column of text takes the text above it, as merged cells mean.
    kept
        Values to keep of columns that say what a row is of, such as a measure or an age; all of other columns.
    """

    sheet: str = ""
    decimal: Decimal | str = ""
    as_it_stands: bool = False
    fill_down: bool = False
    kept: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True, eq=False)
class UserTable:
    """A table that a visitor uploaded.

    Parameters
    ----------
    name
        Name of the file.
    fingerprint
        Short hash of its content and of how it is read, by which a link knows it again.
    frame
        Its rows; columns of numbers are numbers, all others text. Its index has the rows' numbers in the file.
    notes
        What was done to it on the way, and what was left out, in sentences.
    cells
        The same rows as they are written, as text: keys with their zeros, ``NA`` as a name.
    sheets, sheet
        Sheets of the file, and the one that was read; empty for files without.
    content
        The file, to read it in another way.
    turned
        How the table was turned; ``None`` for one that stands as it does in the file.
    """

    name: str
    fingerprint: str
    frame: pd.DataFrame
    notes: tuple[str, ...]
    cells: pd.DataFrame
    sheets: tuple[str, ...] = ()
    sheet: str = ""
    reading: Reading = Reading()
    content: bytes = b""
    turned: shapes.Turned | None = None

    @property
    def numbers(self) -> list[str]:
        """Columns of numbers, in the order of the file."""
        return [str(name) for name in self.frame.select_dtypes("number").columns]

    @property
    def texts(self) -> list[str]:
        """All other columns."""
        return [str(name) for name in self.frame.columns if name not in self.numbers]


def read_table_file(name: str, content: bytes, reading: Reading = Reading()) -> UserTable:
    """The table in a file of text, a workbook, an OpenDocument spreadsheet or a Parquet file.

    Raises
    ------
    UserPanelError
        If it is too large, is none of these, or has no rows or repeated columns.
    """
    if len(content) > MOST_BYTES:
        raise UserPanelError(
            f"{name} has {len(content) / 1e6:,.0f} MB, and at most {MOST_BYTES / 1e6:,.0f} MB can be used; "
            "leave out columns or rows."
        )
    try:
        file = read_table(in_memory(name, content), LIMITS, reading.sheet)
        return _user_table(name, content, reading, file)
    except (SourceError, ConventionError) as error:
        raise UserPanelError(str(error)) from error


def _user_table(name: str, content: bytes, reading: Reading, file: TableFile) -> UserTable:
    cells, renamed = _with_plain_names(file.cells)
    _check_rows(name, cells)
    cells, emptied = _without_empty(cells)
    notes = [*(line.strip() for line in file.report.lines()[1:]), *renamed, *emptied]
    for step in (shapes.without_repeats, shapes.without_row_numbers, pivots.without_subtotals, pivots.keys_apart):
        cells, done = step(cells)
        notes += done
    if reading.fill_down:
        for step in (shapes.filled_down, shapes.without_repeats):
            cells, done = step(cells)
            notes += done
    turned = None
    if not reading.as_it_stands:
        cells, done, turned = shapes.reshaped(cells, reading.kept)
        notes += done
    _check_columns(name, cells)
    chosen: Mapping[str, Decimal] = {".": ".", ",": ","}
    decimal = chosen.get(reading.decimal) or decimal_of(_open_columns(cells), file.separator)
    frame, made = _typed(cells, decimal)
    print_of = hashlib.sha256(content + (repr(reading).encode() if reading != Reading() else b"")).hexdigest()
    return UserTable(
        name, print_of[:FINGERPRINT], frame, (*notes, *made), cells, file.sheets, file.sheet, reading, content, turned
    )


def read_again(table: UserTable, **changes: object) -> UserTable:
    """`table` read from the same file in another way."""
    return read_table_file(table.name, table.content, replace(table.reading, **changes))  # type: ignore[arg-type]


def _check_rows(name: str, cells: pd.DataFrame) -> None:
    if cells.empty:
        raise UserPanelError(f"{name} has no rows under its header; add some.")
    if cells.shape[1] > MOST_COLUMNS * 10:
        raise UserPanelError(
            f"{name} has {cells.shape[1]:,} columns; at most {MOST_COLUMNS} can be used, so leave out some."
        )


def _check_columns(name: str, cells: pd.DataFrame) -> None:
    columns = cells.shape[1]
    if columns == 1:
        raise UserPanelError(
            f"{name} is read as one column ({shortened(str(cells.columns[0]))}): no comma, semicolon or tab stands "
            "between its cells. Open it in a spreadsheet program and save it as CSV or .xlsx."
        )
    if columns < FEWEST_COLUMNS:
        raise UserPanelError(
            f"{name} has {columns} columns ({', '.join(map(str, cells.columns))}). A table needs three: one that names "
            "the area, one that names the period, and one with figures, or one for each area; add what is missing."
        )
    if columns > MOST_COLUMNS:
        raise UserPanelError(f"{name} has {columns:,} columns; at most {MOST_COLUMNS} can be used, so leave out some.")


def _with_plain_names(cells: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """`cells` with names of columns that no spreadsheet runs as a formula and no link takes for two names."""
    found = [str(name).strip() for name in cells.columns]
    plain = [name.lstrip(FORMULA_STARTS).replace("|", "/").strip() or "unnamed" for name in found]
    twice = next((name for place, name in enumerate(plain) if name in plain[:place]), None)
    if twice is not None:
        raise UserPanelError(f"The file has two columns called {twice}; give each its own name.")
    notes = [f"{old} is called {new} here." for old, new in zip(found, plain, strict=True) if old and old != new]
    return cells.set_axis(plain, axis="columns"), notes


def _without_empty(cells: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    empty = [str(name) for name in cells.columns if cells[name].isna().all()]
    return cells.drop(columns=empty), [f"{name} is empty and left out." for name in empty]


def _open_columns(cells: pd.DataFrame) -> list[tuple[str, pd.Series]]:
    """The columns whose numbers may show how decimals are written: not those of days such as 31.12.2017."""
    return [(str(name), cells[name]) for name in cells.columns if not _is_of_days(cells[name])]


def _is_of_days(column: pd.Series) -> bool:
    first = column.dropna().head(ENOUGH_ROWS)
    return read_periods(first) is not None and read_periods(column) is not None and not first.map(is_number).all()


def _typed(cells: pd.DataFrame, decimal: Decimal) -> tuple[pd.DataFrame, list[str]]:
    """Columns of text that hold numbers as numbers, and what was done to each."""
    columns, notes = {}, []
    for name in cells.columns:
        found = read_numbers(cells[name], decimal)
        columns[name] = cells[name] if found is None else found.values
        notes += [f"{name}: {note}." for note in (found.notes if found else _kept_as_text(cells[name], decimal))]
    return pd.DataFrame(columns, index=cells.index), notes


def _kept_as_text(column: pd.Series, decimal: Decimal) -> Sequence[str]:
    """Why a column with many cells that begin like numbers is none of numbers."""
    counts = column.dropna().value_counts()
    cells = [str(cell) for cell in counts.index]
    if len(cells) == 1 and column.isna().any() and cells[0].casefold() in TRUE_OR_FALSE:
        return (f"kept as text, because its empty cells may be the opposite of {cells[0]!r}, or not known; write both",)
    numbers = sum(int(counts[cell]) for cell in cells if BEGINS_LIKE_NUMBER.match(cell))
    if not numbers or numbers < NEARLY * counts.sum() or reads_as_period(column):
        return ()
    others = [cell for cell in cells if parsed(cell, decimal) is None and not is_mark(cell)]
    times = [cell for cell in others if is_period(cell)]
    if len(times) > len(others) / 2:
        ways = [repr(shortened(cell)) for cell in ways_of_writing(times)[:MOST_WAYS]]
        verb = "are written" if len(ways) > 1 else "may be read"
        return (f"kept as text, because its dates {verb} in several ways ({listed(ways)}); write all as 2019-03-31",)
    if others:
        rows = int(sum(counts[cell] for cell in others))
        return (
            f"kept as text, because {rows:,} of its cells, such as {shortened(others[0])!r}, are not read as numbers",
        )
    if any(cell.startswith("0") and cell.isdigit() for cell in cells):
        return ("kept as text, because its numbers begin with zeros as codes do",)
    return (
        "kept as text, because its numbers cannot be put on one scale (shares next to percentages) "
        "or are too long to keep all their digits",
    )
