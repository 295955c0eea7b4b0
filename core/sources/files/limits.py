"""Uploaded files, from disk or from a browser, and the checks made before anything in them is unpacked."""

import csv
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import IO
from xml.etree import ElementTree

from core.sources.files.cells import SourceError

# A workbook compresses to a fifth or a twentieth, a zip bomb to a thousandth; small files may do so by chance.
MOST_RATIO, SMALL = 100, 64 << 20
READABLE = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
ENCRYPTED = 1
DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    csv.Error,
    ElementTree.ParseError,
    EOFError,
    OSError,
    OverflowError,
    LookupError,
    NotImplementedError,
    ValueError,
)

ZIP, OLD_OFFICE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
UNPACK, EXPORT = "; unpack it and choose what is in it", "; export the table from it as CSV, .xlsx or Parquet"
PROGRAMS: Mapping[str, str] = {
    **{".rds": "R", ".rdata": "R", ".rda": "R", ".sav": "SPSS", ".zsav": "SPSS", ".por": "SPSS", ".dta": "Stata"},
    **{".sas7bdat": "SAS", ".numbers": "Numbers", ".mdb": "Access", ".accdb": "Access", ".gsheet": "Google Sheets"},
}
# What other files begin with, what they are, and what to do.
OTHER_KINDS: Mapping[bytes, str] = {
    b"%PDF": "a PDF document, not a workbook; download the workbook (.xlsx) or CSV",
    b"\x1f\x8b": f"packed with gzip{UNPACK}",
    b"BZh": f"packed with bzip2{UNPACK}",
    b"\xfd7zXZ": f"packed with xz{UNPACK}",
    b"7z\xbc\xaf": f"packed with 7-Zip{UNPACK}",
    b"Rar!": f"packed with RAR{UNPACK}",
    b"SQLite format 3": f"a database{EXPORT}",
    b"ARROW1": f"an Arrow (Feather) file{EXPORT}",
    b"\x89PNG": "a picture, from which no table is read; choose the figures as CSV or .xlsx",
}
ENDINGS = (".xlsx", ".xlsm", ".xlsb", ".xls")
PASSWORD = "EncryptedPackage".encode("utf-16-le")
LOOKED_AT = 4096
MOST_SHEETS = 100
MOST_CELLS, MOST_WIDTH = 20_000_000, 16_384  # of a sheet, and of a row of it


@dataclass(frozen=True)
class UploadedFile:
    """An uploaded file.

    Parameters
    ----------
    name
        File name for messages; never a path to write to.
    size
        Size in bytes.
    open
        Opens the file for reading.
    """

    name: str
    size: int
    open: Callable[[], IO[bytes]]


@dataclass(frozen=True)
class Limits:
    """Upper limits on what is read of one file.

    Parameters
    ----------
    file_bytes, unpacked_bytes
        Size of the file, compressed and unpacked.
    rows
        Rows of a sheet.
    """

    file_bytes: int = 1 << 30
    unpacked_bytes: int = 4 << 30
    rows: int = 2_000_000


ON_DISK = Limits()
IN_A_VISIT = Limits(file_bytes=200 << 20, unpacked_bytes=1 << 30, rows=400_000)
# Street crime is counted as it is unpacked, and the counts are small.
STREET_CRIME_IN_A_VISIT = Limits(file_bytes=200 << 20, unpacked_bytes=2 << 30, rows=3_000_000)


def on_disk(path: Path) -> UploadedFile:
    """The file at `path`; raise :class:`SourceError` if there is none."""
    if not path.is_file():
        raise SourceError(f"{path} is not there; name the file as it was downloaded.")
    return UploadedFile(path.name, path.stat().st_size, lambda: path.open("rb"))


def in_memory(name: str, content: bytes) -> UploadedFile:
    """A file with `content` and the name `name`, as a browser uploads it."""
    return UploadedFile(Path(name.replace("\\", "/")).name or "The file", len(content), lambda: BytesIO(content))


def begins(file: UploadedFile) -> bytes:
    """The first bytes of `file`, which identify its format.

    Raises
    ------
    SourceError
        If it is empty or cannot be read.
    """
    try:
        with file.open() as stream:
            start = stream.read(LOOKED_AT)
    except OSError as error:
        raise SourceError(f"{file.name} cannot be read ({error}); choose it again.") from error
    if not start:
        raise SourceError(f"{file.name} is empty; download it again.")
    return start


def check_size(file: UploadedFile, limits: Limits) -> None:
    """Raise :class:`SourceError` if `file` is larger than `limits` allow."""
    if file.size > limits.file_bytes:
        raise SourceError(
            f"{file.name} has {megabytes(file.size)}, more than the {megabytes(limits.file_bytes)} that are read here; "
            "choose one year at a time."
        )


def refuse_other_kinds(name: str, start: bytes, file: UploadedFile) -> None:
    """Raise :class:`SourceError` if `start` shows a format from which no table can be read."""
    head = start.lstrip(b"\xef\xbb\xbf \r\n\t")[:512].lower()
    if start.startswith(OLD_OFFICE):
        raise SourceError(_old_office(name, file))
    if head.startswith(b"<?xml"):
        raise SourceError(f"{name} is written as XML; open it in Excel or LibreOffice and save it as .xlsx.")
    if head.startswith((b"<!doctype html", b"<html", b"<head", b"<script", b"<!--", b"<table", b"<meta")):
        raise SourceError(
            f"{name} is a web page, not a workbook; open its address in a browser and download the file. If Excel "
            "opens it as a table, save it there as .xlsx."
        )
    if head.startswith((b"{", b"[{", b"[[")):
        raise SourceError(f"{name} is JSON, which programs exchange; download or save the table as CSV or .xlsx.")
    if name.lower().endswith(ENDINGS) and not start.startswith(ZIP):
        raise SourceError(
            f"{name} is not a workbook, whatever its name says; download it again, or let its name end in .csv if it "
            "is text."
        )
    program = next((owner for ending, owner in PROGRAMS.items() if name.lower().endswith(ending)), "")
    if program:
        raise SourceError(f"{name} is a file of {program}{EXPORT}.")
    for mark, kind in OTHER_KINDS.items():
        if start.startswith(mark):
            raise SourceError(f"{name} is {kind}.")


def _old_office(name: str, file: UploadedFile) -> str:
    with file.open() as stream:
        locked = PASSWORD in stream.read(SMALL)
    if locked:
        return f"{name} is protected with a password; open it in Excel, take the password off and save it again."
    return f"{name} is a workbook of the old kind (.xls); open it in Excel and save it as .xlsx."


@contextmanager
def archive(file: UploadedFile, limits: Limits) -> Iterator[zipfile.ZipFile]:
    """The zip archive `file`, opened after its directory shows that it is safe to unpack.

    Raises
    ------
    SourceError
        If it is incomplete, encrypted, compressed by an unsupported method, or would unpack to more than `limits`
        allow.
    """
    with complete_file(file.name):
        stream = file.open()
    with stream:
        with complete_file(file.name):
            opened = zipfile.ZipFile(stream)
            _check_directory(opened, file, limits)
        yield opened


@contextmanager
def complete_file(name: str) -> Iterator[None]:
    """Turn errors caused by a damaged or truncated file `name` into a :class:`SourceError`."""
    try:
        yield
    except SourceError:
        raise
    except DAMAGED as error:
        raise SourceError(f"{name} is damaged or not whole; download it again.") from error


def _check_directory(opened: zipfile.ZipFile, file: UploadedFile, limits: Limits) -> None:
    inside = opened.infolist()
    unpacked = sum(info.file_size for info in inside)
    if unpacked > limits.unpacked_bytes:
        raise SourceError(_would_unpack(file.name, unpacked))
    check_overlap(inside, file)
    for info in inside:
        check_packed(info, file.name)


def check_overlap(inside: Sequence[zipfile.ZipInfo], file: UploadedFile) -> None:
    """Raise :class:`SourceError` if the compressed members of the zip `file` are together larger than the file."""
    if sum(info.compress_size for info in inside) > file.size:
        raise SourceError(
            f"{file.name} says that it holds more than its size; its parts overlap, so it is not unpacked. "
            "Download it again from the publisher."
        )


def check_packed(info: zipfile.ZipInfo, name: str) -> None:
    """Raise :class:`SourceError` if a zip member, called `name` in the message, cannot or should not be unpacked."""
    if info.flag_bits & ENCRYPTED:
        raise SourceError(f"{name} is locked with a password; take the password off and save it again.")
    if info.compress_type not in READABLE:
        raise SourceError(f"{name} is packed in a way that is not read here; save it again, or download it again.")
    if info.file_size > most_bytes(info):
        raise SourceError(_would_unpack(name, info.file_size))


def _would_unpack(name: str, size: int) -> str:
    return (
        f"{name} would unpack to {megabytes(size)}, which no published file does; it is not unpacked. "
        "Download it again from the publisher."
    )


def most_bytes(info: zipfile.ZipInfo) -> int:
    """Maximum number of bytes that a zip member may unpack to."""
    return max(SMALL, MOST_RATIO * info.compress_size)


def megabytes(size: int) -> str:
    """`size` as text for messages."""
    return f"{size / 1e6:,.1f} MB" if size < 1e9 else f"{size / 1e9:,.1f} GB"


def refuse_definitions(content: bytes, where: str) -> None:
    """Raise if XML defines entities, through which a small file can expand without limit."""
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise SourceError(f"{where} defines its own XML, which no workbook does; it is not read.")
