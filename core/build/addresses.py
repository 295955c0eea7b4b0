"""Where the publishers keep their workbooks: a settings file, because pages move."""

import re
import tomllib
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from core.sources.files.cells import SourceError

SETTINGS = Path(__file__).with_name("downloads.toml")
KINDS = SURVEY, FORCE = ("attitude_survey", "use_of_force")
SCHEMES = ("http", "https")
# A name, never a place: nothing that leads to another folder, hides a file or means something to a system.
FILE_NAME = re.compile(r'[^\x00-\x1f<>:"/\\|?*.~][^\x00-\x1f<>:"/\\|?*]{0,150}\.(xlsx|xlsm|csv)', re.IGNORECASE)
SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Published:
    """A file as its publisher offers it.

    Parameters
    ----------
    kind
        What it holds, one of :data:`KINDS`; also the folder that it goes to.
    address
        Where it is.
    name
        What it is called there.
    page
        Where people find it, and its new address when it has moved.
    settings
        The settings file that says so.
    sha256
        What it must be; empty where any edition will do.
    """

    kind: str
    address: str
    name: str
    page: str
    settings: Path
    sha256: str = ""

    @property
    def host(self) -> str:
        """Who is asked for it."""
        return urlsplit(self.address).netloc


def read_settings(path: Path = SETTINGS) -> tuple[Published, ...]:
    """The files that the settings file `path` lists.

    Raises
    ------
    core.sources.files.cells.SourceError
        If it is not there, is no TOML, or does not say for each file a usable address and name.
    """
    try:
        settings = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise SourceError(f"{path} is not there; name the settings file, or copy {SETTINGS} and correct it.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SourceError(f"{path} is not a settings file in TOML ({error}); correct it as in {SETTINGS}.") from error
    sections = _entries(settings, str(path), KINDS)
    files = tuple(file for kind, section in sections.items() for file in _listed(kind, section, path))
    if not files:
        raise SourceError(f"{path} lists no files; write them as in {SETTINGS}.")
    _refuse_repeats(files, path)
    return files


def _listed(kind: str, given: object, path: Path) -> Iterator[Published]:
    """The files of one section."""
    where = f"{path}, {kind}"
    section = _entries(given, where, ("page", "files"), needed=("page", "files"))
    page = _web_address(section["page"], f"{where}, page")
    if not isinstance(section["files"], list):
        raise SourceError(f"{where}: files is not a list; write it as in {SETTINGS}.")
    for number, file in enumerate(section["files"], start=1):
        yield _published(kind, file, page, path, f"{where}, file {number}")


def _published(kind: str, given: object, page: str, path: Path, where: str) -> Published:
    entry = _entries(given, where, ("address", "name", "sha256"), needed=("address",))
    address = _web_address(entry["address"], where)
    name = str(entry.get("name", unquote(urlsplit(address).path.rpartition("/")[2])))
    if not FILE_NAME.fullmatch(name):
        raise SourceError(f"{where}: {name!r} is no name of a workbook; name it something that ends in .xlsx or .csv.")
    sha256 = str(entry.get("sha256", "")).lower()
    if sha256 and not SHA256.fullmatch(sha256):
        raise SourceError(f"{where}: {sha256!r} is no SHA-256; write its 64 letters and digits, or leave it out.")
    return Published(kind, address, name, page, path, sha256)


def _entries(given: object, where: str, known: Collection[str], needed: Collection[str] = ()) -> Mapping[str, Any]:
    """`given`, once it has what is needed and nothing that is not known."""
    if not isinstance(given, dict):
        raise SourceError(f"{where} is not written as in {SETTINGS}; correct it.")
    for unknown in set(given) - set(known):
        raise SourceError(f"{where}: {unknown} is not a setting; there may be {', '.join(known)}.")
    for missing in set(needed) - set(given):
        raise SourceError(f"{where}: {missing} is missing; write it as in {SETTINGS}.")
    return given


def _web_address(given: object, where: str) -> str:
    try:
        parts = urlsplit(str(given))
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in SCHEMES or not parts.hostname:
        raise SourceError(f"{where}: {given!r} is not a web address; write one that begins with https://.")
    return str(given)


def _refuse_repeats(files: Collection[Published], path: Path) -> None:
    """Two files of one name would take each other's place; some systems do not tell capitals from small letters."""
    for (kind, name), times in Counter((file.kind, file.name.lower()) for file in files).items():
        if times > 1:
            raise SourceError(f"{path}, {kind}: {times} files are called {name}; give all but one another name.")
