"""Tables in uploaded files: sheets of a workbook or a CSV file, identified by their columns."""

import csv
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from functools import partial
from io import StringIO
from itertools import islice
from typing import Any

import polars as pl

from core.sources.files.cells import EXCEL_BEGINS, SourceError
from core.sources.files.limits import (
    ON_DISK,
    ZIP,
    Limits,
    UploadedFile,
    begins,
    check_size,
    complete_file,
    megabytes,
    refuse_other_kinds,
)
from core.sources.files.ods import Spreadsheet, is_open_document, spreadsheet
from core.sources.files.separated import DECLARED, as_utf8, separator_of
from core.sources.files.xlsx import workbook

LOOKED_THROUGH = 50
NAMED = 8
CHUNK = 20_000
BLOCK = 4 << 20
MOST_IN_A_ROW = 32 << 20

Row = Mapping[str, str]
Blocks = Iterator[tuple[float, pl.DataFrame]]


class CutShortError(SourceError):
    """A CSV file that ends in the middle of a row."""


@dataclass(frozen=True)
class SheetColumn:
    """A column to look for: its name in the result, the headings it may have, and whether it is required.

    Only letters and digits of a heading are compared: ``IncidentDate`` matches ``Incident date``.
    """

    name: str
    headings: tuple[str, ...]
    required: bool = True


@dataclass(frozen=True, eq=False)
class Sheet:
    """One table of a file.

    Parameters
    ----------
    where
        File and sheet, for messages.
    top
        First rows by row number: text by column key.
    begins
        Day 0 of dates stored as numbers.
    read
        Yields columns by their keys, block by block, as :meth:`core.sources.files.xlsx.Workbook.columns` does.
    """

    where: str
    top: Mapping[int, Row]
    begins: date
    read: Callable[[Mapping[str, str], bool], Blocks]


@dataclass(frozen=True, eq=False)
class SheetTable:
    """A sheet whose columns were found.

    Parameters
    ----------
    sheet
        The sheet.
    heading
        Row number of the headings.
    keys
        Key of each column found, by name.
    headings
        Published heading of each column, by name.
    """

    sheet: Sheet
    heading: int
    keys: Mapping[str, str]
    headings: Mapping[str, str]

    @property
    def where(self) -> str:
        """File and sheet."""
        return self.sheet.where

    def blocks(self, limits: Limits, fingerprint: bool = False) -> Blocks:
        """The rows below the headings, block by block, without those that are empty in all columns.

        Raises
        ------
        SourceError
            If there are more rows than `limits` allow, or the file turns out to be damaged.
        """
        total = 0
        filled = pl.any_horizontal(pl.col(*self.keys).is_not_null())
        for share, block in self.sheet.read(self.keys, fingerprint):
            rows = block.filter((pl.col("row") > self.heading) & filled)
            total += len(rows)
            if total > limits.rows:
                raise SourceError(
                    f"{self.where} has more than {limits.rows:,} rows, which is more than is read here; "
                    "choose one year at a time."
                )
            yield share, rows


@contextmanager
def sheets(file: UploadedFile, limits: Limits = ON_DISK) -> Iterator[list[Sheet]]:
    """The tables of `file`, a workbook or a CSV file, for as long as it is open.

    Raises
    ------
    SourceError
        If it is neither, or is too large, encrypted, damaged or unsafe to unpack.
    """
    check_size(file, limits)
    start = begins(file)
    refuse_other_kinds(file.name, start, file)
    if start.startswith(ZIP) and is_open_document(file, start):
        with spreadsheet(file, limits) as book:
            yield [_ods_sheet(book, name) for name in book.sheets]
    elif start.startswith(ZIP):
        with workbook(file, limits) as book:
            with complete_file(file.name):
                found = [
                    Sheet(
                        f"{file.name}, sheet {name}",
                        book.top(name, LOOKED_THROUGH),
                        book.begins,
                        partial(book.columns, name),
                    )
                    for name in book.sheets
                ]
            yield found
    else:
        with complete_file(file.name):
            found = [_csv_sheet(as_utf8(file))]
        yield found


def check_csv(file: UploadedFile) -> None:
    """Raise :class:`CutShortError` where the CSV file `file` ends in the middle of a row.

    A file that ends between two rows cannot be recognised as incomplete.

    Raises
    ------
    SourceError
        If it is not text, or has an implausibly long row.
    """
    with complete_file(file.name):
        separator, top = _csv_top(file)
        for _ in _whole_rows(file, separator, _width(top)):
            pass


def tables(found: Sequence[Sheet], columns: Sequence[SheetColumn], name: str) -> list[SheetTable]:
    """Those of the sheets `found` that have all required `columns`.

    Raises
    ------
    SourceError
        If none has; the message says which sheet comes closest and what it lacks.
    """
    tried = [_table(sheet, columns) for sheet in found]
    required = {column.name for column in columns if column.required}
    complete = [table for table in tried if required <= set(table.keys)]
    if complete:
        return complete
    wanted = [column.headings[0] for column in columns if column.required]
    nearest = max(tried, key=lambda table: len(required & set(table.keys)), default=None)
    if nearest is None or (nearest.where != name and not required & set(nearest.keys)):
        has = f" (it has {named([table.where.removeprefix(f'{name}, ') for table in tried])})" if tried else ""
        raise SourceError(
            f"{name} has no sheet with the columns {named(wanted)}{has}; choose the file that has them, "
            "or rename the columns back."
        )
    lacks = [column.headings[0] for column in columns if column.required and column.name not in nearest.keys]
    raise SourceError(
        f"{nearest.where} has no column {named(lacks)}{_instead(lacks[0], nearest)}; rename the column in the file."
    )


def _table(sheet: Sheet, columns: Sequence[SheetColumn]) -> SheetTable:
    """`sheet` with its headings taken from the row that contains most of `columns`."""
    best = SheetTable(sheet, 0, {}, {})
    for number, row in sheet.top.items():
        known: dict[str, str] = {}
        for key, text in row.items():
            known.setdefault(plain(text), key)
        keys = {
            column.name: next(known[plain(heading)] for heading in column.headings if plain(heading) in known)
            for column in columns
            if any(plain(heading) in known for heading in column.headings)
        }
        if len(keys) > len(best.keys):
            best = SheetTable(sheet, number, keys, {name: row[key] for name, key in keys.items()})
    return best


def plain(heading: str) -> str:
    """The letters and digits of `heading`, in lower case."""
    return re.sub(r"[^a-z0-9]", "", heading.casefold())


def named(names: Sequence[str], most: int = NAMED) -> str:
    """The first few `names`, and how many more there are."""
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more:,} more" if more > 0 else "")


def _instead(name: str, table: SheetTable) -> str:
    """Sentence on what the sheet has instead of the column `name`."""
    rows = table.sheet.top
    there = list(rows.get(table.heading, next(iter(rows.values()), {})).values())
    close = get_close_matches(name, there, n=1)
    return f" (it has {close[0]!r})" if close else f" (it has {named(there)})"


def _ods_sheet(book: Spreadsheet, name: str) -> Sheet:
    top = {
        number: {str(place): text for place, text in cells.items()}
        for number, cells in islice(book.rows(name), LOOKED_THROUGH)
    }
    return Sheet(f"{book.name}, sheet {name}", top, EXCEL_BEGINS, partial(_ods_blocks, book, name))


def _ods_blocks(book: Spreadsheet, name: str, keys: Mapping[str, str], fingerprint: bool) -> Blocks:
    """The columns of a sheet at the positions `keys`, block by block."""
    rows, schema = book.rows(name), {"row": pl.Int64, **dict.fromkeys(keys, pl.String)}
    while chunk := list(islice(rows, CHUNK)):
        cells = {column: [row.get(int(place)) for _, row in chunk] for column, place in keys.items()}
        block = pl.DataFrame({"row": [number for number, _ in chunk], **cells}, schema=schema)
        marks = [hash(tuple(sorted(row.items()))) for _, row in chunk] if fingerprint else None
        yield 1.0, block if marks is None else block.with_columns(pl.Series("fingerprint", marks, dtype=pl.Int64))


def _csv_sheet(file: UploadedFile) -> Sheet:
    separator, rows = _csv_top(file)
    top = {
        number: {str(place): cell.strip() for place, cell in enumerate(row) if cell.strip()}
        for number, row in enumerate(rows, start=1)
    }
    return Sheet(file.name, top, EXCEL_BEGINS, partial(_csv_blocks, file, separator, _width(rows)))


def _width(rows: Sequence[Sequence[str]]) -> int:
    return max(map(len, rows), default=0)


def _csv_top(file: UploadedFile) -> tuple[str, list[list[str]]]:
    """The separator of a CSV file, and its first rows."""
    with file.open() as stream:
        start = stream.read(BLOCK)
    if b"\0" in start:
        raise SourceError(f"{file.name} is neither a workbook nor a CSV file in UTF-8; save it again as .xlsx or CSV.")
    text = start.decode("utf-8-sig", errors="replace")
    declared = DECLARED.match(text)
    separator = declared[1] if declared else separator_of(text)
    return separator, list(islice(csv.reader(StringIO(text, newline=""), delimiter=separator), LOOKED_THROUGH))


def _csv_blocks(file: UploadedFile, separator: str, width: int, keys: Mapping[str, str], fingerprint: bool) -> Blocks:
    """The columns of a CSV file at the positions `keys`, block by block."""
    schema = {str(place): pl.String for place in range(width)}
    cells = [pl.col(key).str.strip_chars().replace("", None).alias(name) for name, key in keys.items()]
    marks = [pl.struct(*schema).hash().alias("fingerprint")] if fingerprint else []
    # Polars infers the layout from the first line, which may be a title.
    pattern = separator.encode() * (width - 1) + b"\n"
    before, read = 0, 0
    with complete_file(file.name):
        for lines in _whole_rows(file, separator, width):
            rows = _rows(pattern + lines, schema, separator, before, file.name)
            before, read = before + len(rows), read + len(lines)
            yield read / file.size, rows.select(pl.col("row").cast(pl.Int64), *cells, *marks)


def _rows(lines: bytes, schema: Mapping[str, Any], separator: str, before: int, name: str) -> pl.DataFrame:
    """The rows of `lines` except the first, numbered from `before` on."""
    try:
        rows = pl.read_csv(
            lines,
            has_header=False,
            schema=schema,
            separator=separator,
            encoding="utf8-lossy",
            truncate_ragged_lines=True,
            row_index_name="row",
            row_index_offset=before,
        )
    except pl.exceptions.PolarsError as error:
        raise SourceError(
            f"{name} cannot be read as CSV after row {before:,}; look for a quotation mark too many or too few, "
            "or save it again as CSV in UTF-8."
        ) from error
    return rows.slice(1)


def _whole_rows(file: UploadedFile, separator: str, width: int) -> Iterator[bytes]:
    """The text of a CSV file in blocks that end with a row."""
    rest = b""
    with file.open() as stream:
        while block := stream.read(BLOCK):
            text = rest + block
            end = _row_end(text)
            rest = text[end:]
            if len(rest) > MOST_IN_A_ROW:
                raise SourceError(
                    f"{file.name} has a row of more than {megabytes(MOST_IN_A_ROW)}: a quotation mark too many; "
                    "save it again as CSV."
                )
            if end:
                yield text[:end]
    if rest:
        if _cells(rest.decode("utf-8", errors="replace"), separator) < width:
            raise CutShortError(f"{file.name} ends in the middle of a row; it is not whole, so download it again.")
        yield rest


def _cells(row: str, separator: str) -> int:
    """Number of cells in the last row of a file; an upper bound if it has an unbalanced quotation mark."""
    if "\n" in row:
        return row.count(separator) + 1
    return len(next(csv.reader([row], delimiter=separator), []))


def _row_end(text: bytes) -> int:
    """Position of the last line ending outside quotation marks; 0 if there is none."""
    end = text.rfind(b"\n") + 1
    while end and text.count(b'"', 0, end) % 2:
        end = text.rfind(b"\n", 0, text.rfind(b'"', 0, end)) + 1
    return end
