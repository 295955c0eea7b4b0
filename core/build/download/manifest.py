"""The manifest of a folder of downloads: its files and their origins."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from core.build.download.addresses import PublishedFile
from core.build.writing import as_json, write_text
from core.sources.files.cells import SourceError

MANIFEST_FILE = "manifest.json"


@dataclass(frozen=True)
class Entry:
    """A downloaded file: address, SHA-256, size in bytes, time of download (UTC), and headers naming its edition."""

    address: str
    sha256: str
    size: int
    retrieved: str
    etag: str
    last_modified: str


class Manifest:
    """The downloaded files of `folder`.

    Raises
    ------
    core.sources.files.cells.SourceError
        If the folder has a manifest that cannot be read.
    """

    def __init__(self, folder: Path):
        self.folder = folder
        self._path = folder / MANIFEST_FILE
        try:
            text = self._path.read_text(encoding="utf-8") if self._path.exists() else "{}"
            self._entries = {name: Entry(**fields) for name, fields in json.loads(text).items()}
        except (ValueError, TypeError, AttributeError) as error:
            raise SourceError(f"{self._path} is damaged ({error}); delete it, or name another folder.") from error

    def conditions(self, file: PublishedFile) -> dict[str, str]:
        """Headers that request `file` only if it differs from the downloaded edition.

        Raises
        ------
        core.sources.files.cells.SourceError
            If the existing file was not downloaded by this app, or was changed since.
        """
        path = self.folder / file.path
        if not path.is_file():
            return {}
        entry = self._entries.get(file.path.as_posix())
        if not entry or entry.sha256 != _sha256(path):
            raise SourceError(f"{path} is there, but was not downloaded by this command; move it away.")
        headers = {"If-None-Match": entry.etag, "If-Modified-Since": entry.last_modified}
        return {name: value for name, value in headers.items() if value and entry.address == file.address}

    def record(self, file: PublishedFile, headers: Mapping[str, str]) -> None:
        """Record that `file` was downloaded, and the edition given by the `headers` of the response."""
        path = self.folder / file.path
        retrieved = datetime.now(UTC).isoformat(timespec="seconds")
        edition = (headers.get(name, "") for name in ("ETag", "Last-Modified"))
        entry = Entry(file.address, _sha256(path), path.stat().st_size, retrieved, *edition)
        self._entries[file.path.as_posix()] = entry
        write_text(self._path, as_json({name: asdict(self._entries[name]) for name in sorted(self._entries)}))


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
