"""Where the publishers keep their workbooks: a settings file, because pages move."""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from core.sources.files.cells import SourceError

SETTINGS = Path(__file__).with_name("downloads.toml")
KINDS = SURVEY, FORCE = ("attitude_survey", "use_of_force")
ADDRESS = re.compile(r"https://[\w.-]+(:\d+)?(/\S*)?", re.ASCII)
# A name, never a place: nothing that leads to another folder, hides a file or means something to a system.
FILE_NAME = re.compile(r'[^\x00-\x1f<>:"/\\|?*.~][^\x00-\x1f<>:"/\\|?*]{0,150}\.(xlsx|xlsm|csv)', re.IGNORECASE)


@dataclass(frozen=True)
class PublishedFile:
    """A file as its publisher offers it.

    Parameters
    ----------
    kind
        What it holds, one of :data:`KINDS`.
    page
        Where people find it, and its new address when it has moved.
    settings
        The settings file that lists it.
    address
        Where it is.
    name
        What to call it.
    """

    kind: str
    page: str
    settings: Path
    address: str
    name: str

    @property
    def path(self) -> Path:
        """Where it goes in the folder of downloads."""
        return Path(self.kind, self.name)


def read_settings(path: Path = SETTINGS) -> tuple[PublishedFile, ...]:
    """The files that the settings file `path` lists.

    Raises
    ------
    core.sources.files.cells.SourceError
        If it is not there, is not as it should be, or does not give each file a usable address and a name of its own.
    """
    try:
        sections = tomllib.loads(path.read_text(encoding="utf-8")).items()
        files = [_file(kind, section["page"], path, **file) for kind, section in sections for file in section["files"]]
    except FileNotFoundError as error:
        raise SourceError(f"{path} is not there; name the settings file, or copy {SETTINGS} and correct it.") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise SourceError(f"{path} is not written as in {SETTINGS} ({error}); correct it.") from error
    # Some systems do not distinguish capitals from small letters.
    if not files or len({(file.kind, file.name.lower()) for file in files}) < len(files):
        raise SourceError(f"{path} lists no files, or two of the same name; correct it as in {SETTINGS}.")
    return tuple(files)


def _file(kind: str, page: str, settings: Path, address: str, name: str | None = None) -> PublishedFile:
    """One file of the settings, called as in its address where they give no name."""
    if kind not in KINDS:
        raise SourceError(f"{settings}: [{kind}] is no kind of file; there may be {', '.join(KINDS)}.")
    for url in (page, address):
        if not ADDRESS.fullmatch(url):
            raise SourceError(f"{settings}: {url!r} is not a web address; write one that begins with https://.")
    name = unquote(urlsplit(address).path.rpartition("/")[2]) if name is None else name
    if not FILE_NAME.fullmatch(name):
        raise SourceError(f"{settings}: {name!r} is no name of a workbook; name {address} as .xlsx, .xlsm or .csv.")
    return PublishedFile(kind, page, settings, address, name)
