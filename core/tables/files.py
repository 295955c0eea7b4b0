"""Files as they are on disk, as keys of caches: a file that has changed is another key."""

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path


@dataclass(frozen=True, slots=True)
class FileState:
    """A file as it was when it was looked at.

    Parameters
    ----------
    path
        Where it is.
    modified
        Time of its last change, in nanoseconds.
    size
        In bytes.
    """

    path: Path
    modified: int
    size: int


def file_state(path: Path) -> FileState:
    """The state of the file at `path`.

    Raises
    ------
    OSError
        If it is not there or cannot be reached.
    """
    state = path.stat()
    return FileState(path, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=128)
def sha256_of(file: FileState) -> str:
    """SHA-256 of the content of `file`, as ``"sha256:..."``; read once for each state."""
    with file.path.open("rb") as stream:
        return f"sha256:{hashlib.file_digest(stream, 'sha256').hexdigest()}"
