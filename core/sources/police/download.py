"""The publisher's street-level crime files, found in a zip, a folder or on their own.

One file holds a month of a force and is named ``YYYY-MM-force-street.csv``. Other files in a download are
listed but not read.
"""

import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path, PurePosixPath
from typing import IO

from core.sources.files.cells import SourceError
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

MOST_BYTES = 512 << 20
DAMAGED = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, OSError, ValueError)
HEADING_BYTES = 64 << 10

Opener = Callable[[], IO[bytes]]
Member = tuple[str, Opener, int, int]


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
    size
        Its size unpacked, as far as is known before it is read.
    seen
        Called with the number of bytes of each part that is read.
    """

    name: str
    month: str
    force: str
    open: Opener
    most: int = MOST_BYTES
    size: int = 0
    seen: Callable[[int], None] = lambda _bytes: None


@dataclass(frozen=True)
class Download:
    """Contents of a download: street files by month and force, and the names of other files by kind."""

    files: tuple[StreetFile, ...]
    skipped: Mapping[str, tuple[str, ...]]


@contextmanager
def download(source: Path | UploadedFile | Sequence[UploadedFile]) -> Iterator[Download]:
    """Context manager of the publisher's download: a zip, a folder or a street file on disk, or uploaded ones.

    Raises
    ------
    SourceError
        If the source or its street files are missing, a zip is damaged or unsafe to unpack, a file name does not follow
        the layout, or there are two files for one month of a force.
    """
    if isinstance(source, Path) and source.is_dir():
        yield _sorted_out(_unpacked(source), str(source))
        return
    if isinstance(source, Sequence):
        yield _sorted_out([(file.name, file.open, MOST_BYTES, file.size) for file in source], name_of(source))
        return
    file = _on_disk(source) if isinstance(source, Path) else source
    if is_street(file.name):
        yield _sorted_out([(file.name, file.open, MOST_BYTES, file.size)], file.name)
        return
    with file.open() as stream, _archive(stream, file.name) as archive:
        yield _sorted_out(_packed(archive, file), file.name)


def name_of(source: Path | UploadedFile | Sequence[UploadedFile]) -> str:
    """What to call `source` in a message."""
    if isinstance(source, Sequence):
        return ", ".join(file.name for file in source)
    return source.resolve().name if isinstance(source, Path) else source.name


def _on_disk(path: Path) -> UploadedFile:
    if not path.is_file():
        raise SourceError(f"{path} is not there; name the publisher's zip, or the folder that it was unpacked to.")
    return on_disk(path)


def _unpacked(folder: Path) -> list[Member]:
    """Name, opener, maximum size and size of each file in `folder` and its subfolders."""
    files = (file for file in sorted(folder.rglob("*")) if file.is_file())
    return [(file.relative_to(folder).as_posix(), _opener(file), MOST_BYTES, file.stat().st_size) for file in files]


def _opener(file: Path) -> Opener:
    return lambda: file.open("rb")


def _archive(stream: IO[bytes], name: str) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(stream)
    except DAMAGED as error:
        raise SourceError(f"{name} is not a whole zip file ({error}); download it again.") from error


def _packed(archive: zipfile.ZipFile, file: UploadedFile) -> list[Member]:
    """Name, opener, maximum size and size of each file in `archive`; nothing is ever written under these names."""
    inside = [info for info in archive.infolist() if not info.is_dir()]
    check_overlap(inside, file)
    for info in inside:
        if is_street(info.filename):  # other files are never unpacked
            check_packed(info, info.filename)
            if info.file_size > MOST_BYTES:
                raise SourceError(too_large(info.filename, MOST_BYTES))
    return [
        (info.filename, partial(archive.open, info), min(MOST_BYTES, most_bytes(info)), info.file_size)
        for info in inside
    ]


def too_large(name: str, most: int) -> str:
    """That a file would unpack to more than `most` bytes, in a sentence."""
    return (
        f"{name} would unpack to more than {most:,} bytes, which no file of the publisher does; "
        "it is not unpacked. Download the zip again from the publisher."
    )


def _sorted_out(members: list[Member], source: str) -> Download:
    files = [_street_file(*member) for member in members if is_street(member[0])]
    skipped: dict[str, tuple[str, ...]] = {}
    for name in sorted(name for name, *_ in members if not is_street(name)):
        kind = next((kind for ending, kind in KINDS.items() if name.lower().endswith(ending)), OTHER)
        skipped[kind] = (*skipped.get(kind, ()), name)
    if not files:
        raise SourceError(
            f"{source} holds no street-level crime: no file is named {LAYOUT}{_instead(skipped)}. "
            "Choose the publisher's download with crime data."
        )
    return Download(_one_each(files), skipped)


def is_street(name: str) -> bool:
    """Whether `name` is that of a street file; hidden files are made by operating systems and ignored."""
    return name.lower().endswith(STREET) and not _base(name).startswith(".")


def refuse_other_police_files(file: UploadedFile) -> None:
    """Raise :class:`SourceError` if `file` comes from the publisher of street crime but is not a named street file."""
    kind = next((kind for ending, kind in KINDS.items() if file.name.lower().endswith(ending)), "")
    if kind:
        raise SourceError(
            f"{file.name} has {kind} of a police force, which are not counted here; choose its street files, named "
            f"{LAYOUT}, or the zip with them."
        )
    with file.open() as stream:
        first = stream.readline(HEADING_BYTES)
    if all(column.encode() in first for column in COLUMNS):
        raise SourceError(
            f"{file.name} looks like a month of a police force; name it {LAYOUT} as the publisher does, or choose the "
            "publisher's zip."
        )


def _base(name: str) -> str:
    return PurePosixPath(name.replace("\\", "/")).name


def _street_file(name: str, opened: Opener, most: int, size: int) -> StreetFile:
    parts = NAME.fullmatch(_base(name).lower())
    if not parts:
        raise SourceError(f"{name} ends in {STREET} but is not named {LAYOUT}; rename it or take it away.")
    return StreetFile(name, parts["month"], parts["force"], opened, most, size)


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
