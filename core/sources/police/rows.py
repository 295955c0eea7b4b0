"""The rows of street-level crime files, read and counted in chunks.

Every row of a street file is a record: anti-social behaviour has no Crime ID, and identical rows are events at one snap
point, so no row is treated as a duplicate.
"""

import csv
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from functools import partial
from io import BytesIO, StringIO
from itertools import islice

import pandas as pd
import polars as pl

from core.sources.files.cells import SourceError, cell_reference, require_columns
from core.sources.police.download import COLUMNS, CRIME_TYPES, DAMAGED, LSOA, MONTH, TYPE, StreetFile, too_large

# Unpacked in small steps, which reuse the same memory, and counted in blocks.
STEP = 64 << 10
BLOCK = 64 * STEP
THREADS = min(os.cpu_count() or 1, 4)
AHEAD = THREADS + 1
EVERY_SECONDS = 0.2
NOTHING = b""
BLANK = b" \t\r\n,"
NOT_TEXT = "its first line is not text"


@dataclass(frozen=True)
class Piece:
    """Complete lines of a street file, of which the first `skip` are not records, and the columns of its heading."""

    file: StreetFile
    heading: tuple[str, ...]
    lines: bytes
    skip: int


def count_records(files: Iterable[StreetFile], meanwhile: Callable[[], None] = lambda: None) -> Iterator[pl.DataFrame]:
    """Records by LSOA code and crime type, file by file in the order of `files`.

    Parameters
    ----------
    files
        The files.
    meanwhile
        Called again and again, from the caller's thread, while files are read.

    Yields
    ------
    DataFrame
        ``month`` and ``force`` of the file, ``code`` (of the LSOA as published, missing where there is none),
        ``crime_type`` and ``records``; a large file comes in several parts.

    Raises
    ------
    SourceError
        For the first file that is not a CSV file of its month; the message names the row if there is one.
    """
    for counts in _counted_ahead(files, meanwhile):
        yield from counts


def _counted_ahead(files: Iterable[StreetFile], meanwhile: Callable[[], None]) -> Iterator[list[pl.DataFrame]]:
    """The counts of each of `files`, in order; threads unpack and count the next ones in the meantime."""
    waiting = iter(files)
    with ThreadPoolExecutor(THREADS) as threads:
        coming = deque(threads.submit(_counts, file) for file in islice(waiting, AHEAD))
        while coming:
            following = coming.popleft()
            while not wait([following], EVERY_SECONDS).done:
                meanwhile()
            meanwhile()
            counts = following.result()
            coming.extend(threads.submit(_counts, file) for file in islice(waiting, 1))
            yield counts


def _pieces(file: StreetFile) -> Iterator[Piece]:
    heading: tuple[str, ...] = ()
    for lines in _whole_lines(file):
        skip = 0 if heading else 1
        heading = heading or _heading(BytesIO(lines).readline(), file.name)
        _check_ending(lines, heading, file.name)
        yield Piece(file, heading, lines, skip)
    if not heading:
        raise SourceError(f"{file.name} is empty; download it again.")


def _heading(line: bytes, name: str) -> tuple[str, ...]:
    try:
        names = next(csv.reader([line.decode("utf-8-sig").strip()]))
    except (UnicodeDecodeError, csv.Error) as error:
        raise _not_csv(name, NOT_TEXT) from error
    if not all(text.isprintable() for text in names):
        raise _not_csv(name, NOT_TEXT)
    require_columns(pd.DataFrame(columns=names), COLUMNS, name)
    return tuple(names)


def _not_csv(name: str, reason: object) -> SourceError:
    return SourceError(f"{name} cannot be read as a CSV file in UTF-8 ({reason}); download it again.")


def _whole_lines(file: StreetFile) -> Iterator[bytes]:
    """The text of `file` in blocks that end with a line; the last one as the file ends, without blank lines there."""
    rest = NOTHING
    for block in _blocks(file):
        text = rest + block
        is_last = len(block) < BLOCK
        end = _before_blank_lines(text, len(text) if is_last else text.rfind(b"\n") + 1)
        if end:
            yield text[:end]
        rest = text[end:]
        if len(rest) > BLOCK:
            raise _not_csv(file.name, f"a line is longer than {BLOCK:,} bytes")
    if rest.strip(BLANK):
        yield rest


def _before_blank_lines(text: bytes, end: int) -> int:
    """Where the blank lines at the `end` of `text` begin: empty ones, or nothing but commas as spreadsheets write."""
    start = text.rfind(b"\n", 0, max(end - 1, 0)) + 1
    while start < end and not text[start:end].strip(BLANK):
        start, end = text.rfind(b"\n", 0, max(start - 1, 0)) + 1, start
    return end


def _blocks(file: StreetFile) -> Iterator[bytes]:
    read = 0
    try:
        with file.open() as stream:
            steps = iter(partial(stream.read, STEP), NOTHING)
            while block := NOTHING.join(islice(steps, BLOCK // STEP)):
                read += len(block)
                if read > file.most:
                    raise SourceError(too_large(file.name, file.most))
                file.seen(len(block))
                yield block
    except SourceError:
        raise
    except DAMAGED as error:
        raise SourceError(
            f"{file.name} cannot be read ({error}); the download is damaged or not whole, so download it again."
        ) from error


def _check_ending(lines: bytes, heading: tuple[str, ...], name: str) -> None:
    """Raise :class:`SourceError` if the last row has no line ending and lacks fields: the file is truncated."""
    line = lines[lines.rfind(b"\n") + 1 :]
    if line and line.count(b",") + 1 < len(heading):
        raise SourceError(f"{name} ends in the middle of a row; it is not whole, so download it again.")


def _counts(file: StreetFile) -> list[pl.DataFrame]:
    """Records of `file` by LSOA code and crime type, one frame for each piece of it."""
    parts: list[pl.DataFrame] = []
    rows = 0
    for piece in _pieces(file):
        parts.append(_grouped(piece, rows))
        rows += int(parts[-1]["records"].sum())
    return parts


def _grouped(piece: Piece, rows_before: int) -> pl.DataFrame:
    month, force = pl.lit(piece.file.month), pl.lit(piece.file.force)
    groups = _rows(piece).group_by(LSOA, TYPE).agg(pl.len().alias("records"), pl.col(MONTH).ne_missing(month).sum())
    columns = (month.alias("month"), force.alias("force"), pl.col(LSOA).alias("code"), pl.col(TYPE).alias("crime_type"))
    try:
        counts = groups.select(*columns, "records", MONTH).collect(engine="streaming")
    except pl.exceptions.PolarsError as error:
        raise _fault(piece, rows_before) from error
    if counts[MONTH].sum() or counts["crime_type"].null_count() or _swallows(piece, int(counts["records"].sum())):
        raise _fault(piece, rows_before)
    return counts.drop(MONTH)


def _rows(piece: Piece) -> pl.LazyFrame:
    """The three columns of `piece`, found by their position: headings may repeat."""
    positions = {column: piece.heading.index(column) for column in COLUMNS}
    # Unknown types are an error, and known ones take a byte each.
    types = {positions[TYPE]: pl.Enum(CRIME_TYPES)}
    schema = {str(position): types.get(position, pl.String) for position in range(len(piece.heading))}
    chosen = [pl.col(str(position)).alias(column) for column, position in positions.items()]
    return pl.scan_csv(piece.lines, has_header=False, skip_lines=piece.skip, schema=schema).select(chosen)


def _swallows(piece: Piece, rows: int) -> bool:
    """Whether an unbalanced quotation mark has merged rows: published files have no line breaks inside quotes."""
    if b'"' not in piece.lines:
        return False
    found = piece.lines.count(b"\n") + (not piece.lines.endswith(b"\n"))
    return found != rows + piece.skip


def _fault(piece: Piece, rows_before: int) -> SourceError:
    """The first error in `piece`, found row by row."""
    name, month = piece.file.name, piece.file.month
    start = rows_before - piece.skip
    try:
        text = piece.lines.decode("utf-8-sig")
        rows = list(csv.reader(StringIO(text, newline="")))
    except UnicodeDecodeError as error:
        row = start + piece.lines.count(b"\n", 0, error.start)
        return SourceError(f"{cell_reference(name, row)} is not text in UTF-8; download the file again.")
    except csv.Error as error:
        return _not_csv(name, error)
    columns = [piece.heading.index(column) for column in COLUMNS]
    for row, fields in enumerate(rows[piece.skip :], start=rows_before):
        if len(fields) != len(piece.heading) or any("\n" in field for field in fields):
            return SourceError(
                f"{cell_reference(name, row)} has other fields than the heading, or a quotation mark too many; "
                "download the file again, or correct the row."
            )
        found, _, crime_type = (fields[column] for column in columns)
        if found != month:
            return SourceError(
                f"{cell_reference(name, row, MONTH)}: {found!r} is not {month}; "
                "download the file again, or correct the row or the name of the file."
            )
        if crime_type not in CRIME_TYPES:
            return SourceError(
                f"{cell_reference(name, row, TYPE)}: {crime_type!r} is not a crime type; "
                "download the file again, or correct the row."
            )
    return _not_csv(name, "its rows do not fit together")
