"""The publisher's street-level crime files, a zip or a folder, read and counted in chunks.

One file holds a month of a force and is named ``YYYY-MM-force-street.csv``. Other files in a download are
listed but not read. Every row of a street file is a record: anti-social behaviour has no Crime ID, and identical rows
are events at one snap point, so no row is treated as a duplicate.
"""

import csv
import os
import re
import zipfile
import zlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from io import BytesIO, StringIO
from itertools import islice, pairwise
from pathlib import Path, PurePosixPath
from typing import IO

import pandas as pd
import polars as pl

from core.sources.files.cells import SourceError, cell_reference, require_columns
from core.sources.files.limits import UploadedFile, check_overlap, check_packed, most_bytes, on_disk
from core.sources.small_areas.street_crime_2019 import TYPES

MONTH, LSOA, TYPE = COLUMNS = ("Month", "LSOA code", "Crime type")
UNTIL_2013 = ("Public disorder and weapons", "Violent crime")
CRIME_TYPES = tuple(sorted((*TYPES, *UNTIL_2013)))
STREET = "-street.csv"
KINDS = {"-outcomes.csv": "outcomes", "-stop-and-search.csv": "stop-and-search"}
OTHER = "other"
NAME = re.compile(rf"(?P<month>\d{{4}}-(?:0[1-9]|1[0-2]))-(?P<force>[a-z0-9-]+){re.escape(STREET)}")
LAYOUT = f"YYYY-MM-force{STREET}"

# Unpacked in small steps, which reuse the same memory, and counted in blocks.
STEP = 64 << 10
BLOCK = 64 * STEP
THREADS = min(os.cpu_count() or 1, 4)
AHEAD = THREADS + 1
MOST_BYTES = 512 << 20
DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError)
NOTHING = b""
NOT_TEXT = "its first line is not text"

Opener = Callable[[], IO[bytes]]
Member = tuple[str, Opener, int]


@dataclass(frozen=True)
class StreetFile:
    """A month of a force, not yet read.

    Parameters
    ----------
    name
        Its path inside the download, for messages.
    month, force
        Month and force in its name, such as ``"2018-01"`` and ``"south-yorkshire"``.
    open
        Opens it.
    most
        Maximum number of bytes it may unpack to.
    """

    name: str
    month: str
    force: str
    open: Opener
    most: int = MOST_BYTES


@dataclass(frozen=True)
class Download:
    """Contents of a download: street files by month and force, and the names of other files by kind."""

    files: tuple[StreetFile, ...]
    skipped: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Piece:
    """Complete lines of a street file, of which the first `skip` are not records, and the columns of its heading."""

    file: StreetFile
    heading: tuple[str, ...]
    lines: bytes
    skip: int


@contextmanager
def download(source: Path | UploadedFile) -> Iterator[Download]:
    """Context manager of the publisher's download: a zip or a folder on disk, or an uploaded zip.

    Raises
    ------
    SourceError
        If the source or its street files are missing, a zip is damaged or unsafe to unpack, a file name does not follow
        the layout, or there are two files for one month of a force.
    """
    if isinstance(source, Path) and source.is_dir():
        yield _sorted_out(_unpacked(source), str(source))
        return
    file = _on_disk(source) if isinstance(source, Path) else source
    with file.open() as stream, _archive(stream, file.name) as archive:
        yield _sorted_out(_packed(archive, file), file.name)


def _on_disk(path: Path) -> UploadedFile:
    if not path.is_file():
        raise SourceError(f"{path} is not there; name the publisher's zip, or the folder that it was unpacked to.")
    return on_disk(path)


def count_records(files: Iterable[StreetFile]) -> Iterator[pl.DataFrame]:
    """Records by LSOA code and crime type, file by file in the order of `files`.

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
    for counts in _counted_ahead(files):
        yield from counts


def _unpacked(folder: Path) -> list[Member]:
    """Name, opener and maximum size of each file in `folder` and its subfolders."""
    files = (file for file in sorted(folder.rglob("*")) if file.is_file())
    return [(file.relative_to(folder).as_posix(), _opener(file), MOST_BYTES) for file in files]


def _opener(file: Path) -> Opener:
    return lambda: file.open("rb")


def _archive(stream: IO[bytes], name: str) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(stream)
    except DAMAGED as error:
        raise SourceError(f"{name} is not a whole zip file ({error}); download it again.") from error


def _packed(archive: zipfile.ZipFile, file: UploadedFile) -> list[Member]:
    """Name, opener and maximum size of each file in `archive`; nothing is ever written under these names."""
    inside = [info for info in archive.infolist() if not info.is_dir()]
    check_overlap(inside, file)
    for info in inside:
        if _is_street(info.filename):  # other files are never unpacked
            check_packed(info, info.filename)
            if info.file_size > MOST_BYTES:
                raise SourceError(_too_large(info.filename, MOST_BYTES))
    return [(info.filename, partial(archive.open, info), min(MOST_BYTES, most_bytes(info))) for info in inside]


def _too_large(name: str, most: int) -> str:
    return (
        f"{name} would unpack to more than {most:,} bytes, which no file of the publisher does; "
        "it is not unpacked. Download the zip again from the publisher."
    )


def _sorted_out(members: list[Member], source: str) -> Download:
    files = [_street_file(*member) for member in members if _is_street(member[0])]
    skipped: dict[str, tuple[str, ...]] = {}
    for name in sorted(name for name, *_ in members if not _is_street(name)):
        kind = next((kind for ending, kind in KINDS.items() if name.lower().endswith(ending)), OTHER)
        skipped[kind] = (*skipped.get(kind, ()), name)
    if not files:
        raise SourceError(
            f"{source} holds no street-level crime: no file is named {LAYOUT}{_instead(skipped)}. "
            "Choose the publisher's download with crime data."
        )
    return Download(_one_each(files), skipped)


def _is_street(name: str) -> bool:
    """Whether `name` is that of a street file; hidden files are made by operating systems and ignored."""
    return name.lower().endswith(STREET) and not _base(name).startswith(".")


def _base(name: str) -> str:
    return PurePosixPath(name.replace("\\", "/")).name


def _street_file(name: str, opened: Opener, most: int) -> StreetFile:
    parts = NAME.fullmatch(_base(name).lower())
    if not parts:
        raise SourceError(f"{name} ends in {STREET} but is not named {LAYOUT}; rename it or take it away.")
    return StreetFile(name, parts["month"], parts["force"], opened, most)


def _instead(skipped: Mapping[str, tuple[str, ...]]) -> str:
    names = [name for group in skipped.values() for name in group]
    return f"; it has {names[0]}" + (f" and {len(names) - 1:,} more" if len(names) > 1 else "") if names else ""


def _one_each(files: list[StreetFile]) -> tuple[StreetFile, ...]:
    """`files` in order of month and force; raise :class:`SourceError` if there are two for the same month and force."""
    ordered = sorted(files, key=lambda file: (file.month, file.force, file.name))
    for file, following in pairwise(ordered):
        if (file.month, file.force) == (following.month, following.force):
            raise SourceError(
                f"{file.name} and {following.name} are the same month of the same force; take one of them away."
            )
    return tuple(ordered)


def _counted_ahead(files: Iterable[StreetFile]) -> Iterator[list[pl.DataFrame]]:
    """The counts of each of `files`, in order; threads unpack and count the next ones in the meantime."""
    waiting = iter(files)
    with ThreadPoolExecutor(THREADS) as threads:
        coming = deque(threads.submit(_counts, file) for file in islice(waiting, AHEAD))
        while coming:
            counts = coming.popleft().result()
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
    """The text of `file` in blocks that end with a line; the last one as the file ends."""
    rest = NOTHING
    for block in _blocks(file):
        text = rest + block
        is_last = len(block) < BLOCK
        end = len(text) if is_last else text.rfind(b"\n") + 1
        if end:
            yield text[:end]
        rest = text[end:]
        if len(rest) > BLOCK:
            raise _not_csv(file.name, f"a line is longer than {BLOCK:,} bytes")
    if rest:
        yield rest


def _blocks(file: StreetFile) -> Iterator[bytes]:
    read = 0
    try:
        with file.open() as stream:
            steps = iter(partial(stream.read, STEP), NOTHING)
            while block := NOTHING.join(islice(steps, BLOCK // STEP)):
                read += len(block)
                if read > file.most:
                    raise SourceError(_too_large(file.name, file.most))
                yield block
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
