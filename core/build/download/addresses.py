"""Addresses of the publishers' workbooks, in a settings file because pages move."""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from core.sources.files.cells import SourceError

SETTINGS = Path(__file__).with_name("addresses.toml")
KINDS = SURVEY, FORCE = ("attitude_survey", "use_of_force")
ADDRESS = re.compile(r"https://[\w.-]+(:\d+)?(/\S*)?", re.ASCII)
# A file name, never a path: no separators, hidden files or names reserved by an operating system.
FILE_NAME = re.compile(r'[^\x00-\x1f<>:"/\\|?*.~][^\x00-\x1f<>:"/\\|?*]{0,150}\.(xlsx|xlsm|csv)', re.IGNORECASE)


@dataclass(frozen=True)
class PublishedFile:
    """A file offered by its publisher.

    Parameters
    ----------
    kind
        Kind of content, one of :data:`KINDS`.
    page
        Web page that links to it, also after it has moved.
    settings
        The settings file that lists it.
    address
        Address of the file.
    name
        File name to save it under.
    """

    kind: str
    page: str
    settings: Path
    address: str
    name: str

    @property
    def path(self) -> Path:
        """Its path in the folder of downloads."""
        return Path(self.kind, self.name)


def read_settings(path: Path = SETTINGS) -> tuple[PublishedFile, ...]:
    """The files that the settings file `path` lists.

    Raises
    ------
    core.sources.files.cells.SourceError
        If it is missing or invalid, or lacks a usable address or a unique name for a file.
    """
    try:
        sections = tomllib.loads(path.read_text(encoding="utf-8")).items()
        files = [_file(kind, section["page"], path, **file) for kind, section in sections for file in section["files"]]
    except FileNotFoundError as error:
        raise SourceError(f"{path} is not there; name the settings file, or copy {SETTINGS} and correct it.") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise SourceError(f"{path} is not written as in {SETTINGS} ({error}); correct it.") from error
    # Some file systems ignore case.
    if not files or len({(file.kind, file.name.lower()) for file in files}) < len(files):
        raise SourceError(f"{path} lists no files, or two of the same name; correct it as in {SETTINGS}.")
    return tuple(files)


def _file(kind: str, page: str, settings: Path, address: str, name: str | None = None) -> PublishedFile:
    """One file of the settings; by default its name is taken from its address."""
    if kind not in KINDS:
        raise SourceError(f"{settings}: [{kind}] is no kind of file; there may be {', '.join(KINDS)}.")
    for url in (page, address):
        if not ADDRESS.fullmatch(url):
            raise SourceError(f"{settings}: {url!r} is not a web address; write one that begins with https://.")
    name = unquote(urlsplit(address).path.rpartition("/")[2]) if name is None else name
    if not FILE_NAME.fullmatch(name):
        raise SourceError(f"{settings}: {name!r} is no name of a workbook; name {address} as .xlsx, .xlsm or .csv.")
    return PublishedFile(kind, page, settings, address, name)
