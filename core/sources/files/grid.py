"""Files of any kind as grids of text: every cell of a sheet where it stands, before anybody knows what is a heading."""

import io
from collections.abc import Callable, Iterator, Mapping, Set
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING
from unicodedata import normalize

import pandas as pd

from core.sources.files import ods, separated
from core.sources.files.cells import SourceError
from core.sources.files.limits import (
    MOST_CELLS,
    MOST_WIDTH,
    ZIP,
    Limits,
    UploadedFile,
    begins,
    check_size,
    complete_file,
    megabytes,
    refuse_other_kinds,
)

if TYPE_CHECKING:
    from core.sources.files import xlsx

PARQUET = b"PAR1"
CHUNK = 20_000
# Spaces of no width, soft hyphens, and marks of the direction of writing.
INVISIBLE = dict.fromkeys(
    (0x00AD, 0x200B, 0x200E, 0x200F, *range(0x202A, 0x202F), 0x2060, *range(0x2066, 0x206A), 0xFEFF)
)


@dataclass(frozen=True, eq=False)
class Grid:
    """The cells of one sheet.

    Parameters
    ----------
    cells
        Text by row and column, missing where a cell is empty; its index has the rows' numbers in the file.
    separator
        What separates cells in a file of text; a comma for others, whose numbers need no guess.
    notes
        What is to say of how the file was opened, in sentences.
    named
        Names of the columns, for files that store them apart from rows; empty for others.
    hidden_rows
        Numbers of the rows that the sheet hides.
    hidden_columns
        How many columns with cells the sheet hides.
    """

    cells: pd.DataFrame
    separator: str = ","
    notes: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    hidden_rows: Set[int] = frozenset()
    hidden_columns: int = 0


@contextmanager
def grids(file: UploadedFile, limits: Limits) -> Iterator[Mapping[str, Callable[[], Grid]]]:
    """Readers of the sheets of `file` by name, for as long as it is open; a file of text is one without a name.

    Raises
    ------
    SourceError
        If the file is of a kind that holds no table, is damaged, locked or unsafe to unpack, or is too large.
    """
    check_size(file, limits)
    start = begins(file)
    refuse_other_kinds(file.name, start, file)
    if start.startswith(PARQUET):
        yield {"": partial(_parquet, file, limits)}
    elif not start.startswith(ZIP):
        yield {"": partial(_text, file, limits)}
    elif ods.is_open_document(file, start):
        with ods.spreadsheet(file, limits) as book:
            yield _sheets(book, limits)
    else:
        from core.sources.files import xlsx  # brings polars, which a first page does without

        with xlsx.workbook(file, limits) as workbook:
            yield _sheets(workbook, limits)


def _sheets(book: "ods.Spreadsheet | xlsx.Workbook", limits: Limits) -> Mapping[str, Callable[[], Grid]]:
    with complete_file(book.name):
        return {name: partial(_sheet, book, name, limits) for name in book.sheets}


def _sheet(book: "ods.Spreadsheet | xlsx.Workbook", name: str, limits: Limits) -> Grid:
    cells = _framed(f"{book.name}, sheet {name}", book.rows(name), limits)
    columns = book.hidden_columns.get(name, set()) & set(map(int, cells.columns))
    return Grid(cells, hidden_rows=book.hidden_rows[name], hidden_columns=len(columns))


def _text(file: UploadedFile, limits: Limits) -> Grid:
    with file.open() as stream:
        text, note = separated.decoded(file.name, stream.read())
    separator, rows = separated.rows_of(file.name, text)
    cells = _framed(file.name, ((number, dict(_filled(row))) for number, row in rows), limits)
    if separated.breaks_off(text, separator, _usual_width(cells)):
        raise SourceError(f"{file.name} ends in the middle of a row; it is not whole, so save or download it again.")
    return Grid(cells, separator, (note,) if note else ())


def _usual_width(cells: pd.DataFrame) -> int:
    """How many cells of a row are usually filled."""
    return int(cells.iloc[:CHUNK].notna().sum(axis=1).mode().max()) if len(cells) else 0


def _filled(row: list[str]) -> Iterator[tuple[int, str]]:
    return ((place, cell) for place, cell in enumerate(row) if cell)


def _framed(where: str, rows: Iterator[tuple[int, dict[int, str]]], limits: Limits) -> pd.DataFrame:
    """Rows as a frame, gathered in pieces because text in a frame takes a fraction of what it takes in lists."""
    pieces, total, width = [], 0, 0
    while chunk := list(islice(rows, CHUNK)):
        total += len(chunk)
        width = max(width, 1 + max((max(cells, default=-1) for _, cells in chunk), default=-1))
        if total > limits.rows or total * width > MOST_CELLS or width > MOST_WIDTH:
            raise SourceError(
                f"{where} has over {min(limits.rows, total):,} rows and {width:,} columns, which is more than is read "
                f"here (at most {limits.rows:,} rows and {MOST_CELLS:,} cells); leave out some, or add them up."
            )
        columns = {place: [visible(cells.get(place)) for _, cells in chunk] for place in range(width)}
        pieces.append(pd.DataFrame(columns, index=[number for number, _ in chunk], dtype="str"))
    return pd.concat(pieces) if pieces else pd.DataFrame(dtype="str")


def visible(cell: str | None) -> str | None:
    """`cell` without signs that cannot be seen, letters and their accents as one: as it looks, so it compares."""
    if cell is None or cell.isascii():
        return cell
    return normalize("NFC", cell.translate(INVISIBLE)).strip() or None


def _parquet(file: UploadedFile, limits: Limits) -> Grid:
    import pyarrow
    import pyarrow.parquet as parquet

    try:
        with file.open() as stream:
            source = parquet.ParquetFile(io.BytesIO(stream.read()))
        groups = range(source.metadata.num_row_groups)
        unpacked = sum(source.metadata.row_group(group).total_byte_size for group in groups)
        if source.metadata.num_rows > limits.rows or unpacked > limits.unpacked_bytes:
            raise SourceError(
                f"{file.name} has {source.metadata.num_rows:,} rows and {unpacked / 1e6:,.0f} MB unpacked; at most "
                f"{limits.rows:,} rows and {megabytes(limits.unpacked_bytes)} can be used."
            )
        frame = source.read().to_pandas()
    except (pyarrow.ArrowException, OSError, ValueError, TypeError, KeyError) as error:
        if isinstance(error, SourceError):
            raise
        raise SourceError(f"{file.name} cannot be read as Parquet ({error}); write it again.") from error
    notes: tuple[str, ...] = ()
    levels = [name for name in frame.index.names if name is not None]
    if levels:
        frame = frame.reset_index()
        notes = (
            f"{' and '.join(map(str, levels))} of the index {'are' if len(levels) > 1 else 'is'} read as columns.",
        )
    return Grid(_as_text(frame), ",", notes, tuple(map(str, frame.columns)))


def _as_text(frame: pd.DataFrame) -> pd.DataFrame:
    """Columns of any type as text that reads back as the same numbers and days."""
    columns = {place: _column_text(frame.iloc[:, place]) for place in range(frame.shape[1])}
    found = pd.DataFrame(columns, dtype="str")
    return found.set_axis(range(2, len(found) + 2))


def _decoded(values: pd.Series) -> pd.Series:
    """Bytes as the text they stand for."""
    if not pd.api.types.is_object_dtype(values):
        return values
    return values.map(lambda cell: cell.decode("utf-8", "replace") if isinstance(cell, bytes) else cell)


def _column_text(values: pd.Series) -> pd.Series:
    plain = values.reset_index(drop=True)
    if pd.api.types.is_datetime64_any_dtype(plain):
        text = plain.dt.strftime("%Y-%m-%d")
    elif pd.api.types.is_float_dtype(plain) and (plain.dropna() % 1 == 0).all() and plain.abs().max() < 2**53:
        text = plain.astype("Int64").astype("str")
    else:
        text = _decoded(plain).astype("str").str.strip().map(visible, na_action="ignore")
    found: pd.Series = text.where(plain.notna() & (text != ""))
    return found
