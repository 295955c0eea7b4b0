"""Notes on what was fetched: which edition of each file, and what is in it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from core.build.writing import as_json, write_text
from core.sources.files.cells import SourceError

LOCK_FILE = "downloads.lock.json"
MISREAD = (ValueError, TypeError, KeyError, AttributeError)


@dataclass(frozen=True)
class Version:
    """What tells one edition of a file from another: where it is, and what its server says of it."""

    address: str
    etag: str = ""
    last_modified: str = ""

    @property
    def mark(self) -> str:
        """What the rest of a file is asked for by; empty where the server says nothing that is sure enough."""
        return self.etag if self.etag and not self.etag.startswith("W/") else self.last_modified

    def unless_same(self) -> dict[str, str]:
        """Headers that ask for the file only if it is another edition."""
        asked = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in asked.items() if value}


@dataclass(frozen=True)
class Fetched:
    """A file that was fetched: its edition, its SHA-256, its size in bytes, and when it came (UTC)."""

    version: Version
    sha256: str
    size: int
    retrieved: str


class Lock:
    """The lock file of a folder: what was fetched into it, by path in it.

    Parameters
    ----------
    folder
        The folder.

    Raises
    ------
    core.sources.files.cells.SourceError
        If its lock file cannot be understood.
    """

    def __init__(self, folder: Path):
        self.folder = folder
        self._path = folder / LOCK_FILE
        try:
            text = self._path.read_text(encoding="utf-8") if self._path.exists() else "{}"
            self._files = {name: _fetched(entry) for name, entry in json.loads(text).items()}
        except MISREAD as error:
            raise SourceError(f"{self._path} is damaged ({error}); delete it, or name another folder.") from error

    def get(self, target: Path) -> Fetched | None:
        """What is known of the file at `target`; ``None`` where it was not fetched."""
        return self._files.get(target.relative_to(self.folder).as_posix())

    def put(self, target: Path, fetched: Fetched) -> None:
        """Note what came to `target`."""
        self._files[target.relative_to(self.folder).as_posix()] = fetched
        write_text(self._path, as_json({name: asdict(self._files[name]) for name in sorted(self._files)}))


def read_version(path: Path) -> Version | None:
    """The edition that the note at `path` names; ``None`` where there is no such note, or it says nothing."""
    try:
        return Version(**json.loads(path.read_text(encoding="utf-8")))
    except (FileNotFoundError, *MISREAD):
        return None


def write_version(path: Path, version: Version) -> None:
    """Note at `path` what :func:`read_version` reads."""
    write_text(path, as_json(asdict(version)))


def sha256_of(path: Path) -> str:
    """SHA-256 of the file at `path`."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _fetched(entry: Mapping[str, Any]) -> Fetched:
    return Fetched(Version(**entry["version"]), entry["sha256"], entry["size"], entry["retrieved"])
