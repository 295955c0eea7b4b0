"""The table in a packed file: gzip, or a zip with one table in it; of several, their names."""

import gzip
import zipfile
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import IO

from core.sources.files.cells import SourceError
from core.sources.files.limits import (
    MOST_RATIO,
    SMALL,
    ZIP,
    Limits,
    UploadedFile,
    archive,
    begins,
    complete_file,
    in_memory,
    megabytes,
)
from core.sources.files.ods import is_open_document

GZIP = b"\x1f\x8b"
TABLES = (".csv", ".tsv", ".tab", ".txt", ".xlsx", ".xlsm", ".ods", ".parquet")
TEXT = ".txt"  # often a note on the others
OFFICE = "[Content_Types].xml"
NAMED = 4
STEP = 1 << 20


def unpacked(file: UploadedFile, limits: Limits) -> tuple[UploadedFile, str]:
    """The table in a packed `file`, and a sentence that says so; any other file as it is, without a sentence.

    The table may be as large as a file that is not packed. That is checked by the size that the file states, where it
    states one, and again while it is unpacked.

    Raises
    ------
    SourceError
        If a zip holds no table or several, or what is packed is damaged, locked, or too large.
    """
    start = begins(file)
    if start.startswith(GZIP):
        with complete_file(file.name), file.open() as stream, gzip.GzipFile(fileobj=stream) as packed:
            content = _read(packed, file.name, min(limits.file_bytes, max(SMALL, MOST_RATIO * file.size)))
        return in_memory(_inner_name(file.name), content), f"{file.name} is unpacked."
    if not start.startswith(ZIP) or is_open_document(file, start):
        return file, ""
    with archive(file, limits) as parts:
        if OFFICE in parts.namelist():
            return file, ""
        inside = _only_table(file.name, parts)
        if inside.file_size > limits.file_bytes:
            raise SourceError(_too_large(file.name, limits.file_bytes))
        with complete_file(file.name), parts.open(inside) as member:
            content = _read(member, file.name, limits.file_bytes)
    name = PurePosixPath(inside.filename).name
    return in_memory(name, content), f"{name} in {file.name} is read."


def _only_table(name: str, parts: zipfile.ZipFile) -> zipfile.ZipInfo:
    files = [info for info in parts.infolist() if not info.is_dir() and not _is_hidden(info.filename)]
    tables = [info for info in files if info.filename.lower().endswith(TABLES)]
    found = [info for info in tables if not info.filename.lower().endswith(TEXT)] or tables
    if len(found) == 1:
        return found[0]
    what = f"{len(found)} tables" if found else "no table" if files else "nothing"
    names = f" ({_some([info.filename for info in found or files])})" if files else ""
    raise SourceError(f"{name} holds {what}{names}; unpack it and choose the file with the table that you need.")


def _is_hidden(name: str) -> bool:
    """Whether a member is one that programs leave behind, such as ``__MACOSX/._data.csv``."""
    return any(part.startswith((".", "__MACOSX")) for part in PurePosixPath(name).parts)


def _some(names: Sequence[str]) -> str:
    more = len(names) - NAMED
    return ", ".join(names[:NAMED]) + (f" and {more:,} more" if more > 0 else "")


def _read(stream: IO[bytes] | gzip.GzipFile, name: str, most: int) -> bytes:
    """What `stream` unpacks to, which may be no more than `most` bytes."""
    pieces, size = [], 0
    while piece := stream.read(STEP):
        size += len(piece)
        if size > most:
            raise SourceError(_too_large(name, most))
        pieces.append(piece)
    return b"".join(pieces)


def _too_large(name: str, most: int) -> str:
    return f"{name} would unpack to more than {megabytes(most)}, the most that is read here; leave out columns or rows."


def _inner_name(name: str) -> str:
    return name[: -len(".gz")] if name.lower().endswith(".gz") else name
