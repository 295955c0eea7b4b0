"""Writes the tables of a study: all of them, or none."""

import ctypes
import json
import os
import shutil
import tempfile
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from core.build.datasets import NOTE_FILE
from core.sources.dataset import Dataset
from core.sources.files.cells import SourceError, Tidy

_HERE, _EXCHANGE = -100, 2  # AT_FDCWD and RENAME_EXCHANGE of renameat2(2)


def build_study(study: Dataset, sources: Path, out: Path) -> list[Tidy]:
    """Read and check the published files of `study` and replace its tables.

    Parameters
    ----------
    study
        What to build.
    sources
        Folder with the published files of the study.
    out
        Folder of its tables, e.g. ``data/london``; created or replaced.

    Raises
    ------
    core.sources.files.cells.SourceError
        If a file is missing, a check fails, or `out` contains other files; `out` is then unchanged.
    """
    replaceable = {NOTE_FILE, *(table.file for table in study.tables)}
    with replacing(out, replaceable, "a table of this study") as draft:
        tables = study.read(sources)
        for tidy in tables:
            (draft / tidy.table.file).write_bytes(tidy.encoded())
    return tables


@contextmanager
def replacing(out: Path, replaceable: Collection[str], kind: str) -> Iterator[Path]:
    """Context manager of an empty folder to write to, which replaces `out` at the end and is removed after an error.

    Parameters
    ----------
    out
        Folder to create or replace.
    replaceable
        Names of the files in `out` that may be replaced.
    kind
        Description of such a file, for the message.

    Raises
    ------
    core.sources.files.cells.SourceError
        If `out` contains other files; nothing is then written.
    """
    _check_ours(out, replaceable, kind)
    home = next(folder for folder in out.absolute().parents if folder.exists())
    draft = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=home))
    try:
        # Temporary folders are private; the tables should be readable by others.
        draft.chmod(0o755)
        yield draft
        out.parent.mkdir(parents=True, exist_ok=True)
        _swap(draft, out)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def as_json(content: Mapping[str, Any]) -> str:
    """`content` as indented JSON, which can be read and compared line by line."""
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def write_text(path: Path, text: str) -> Path:
    """Write `text` to `path` in UTF-8, atomically."""
    draft = path.with_name(f".{path.name}.draft")
    draft.write_bytes(text.encode())
    return draft.replace(path)


def report(tables: list[Tidy]) -> list[str]:
    """Lines on what was read into each table, and what was left out and why."""
    lines = []
    for tidy in tables:
        lines.append(f"{tidy.table.name:<22}{len(tidy.frame):>6} rows  from {tidy.origin}")
        lines += [f"{'':<22}left out  {dropped}" for dropped in tidy.dropped]
    return lines


def _check_ours(out: Path, replaceable: Collection[str], kind: str) -> None:
    """Raise :class:`SourceError` if `out` contains files that are not `replaceable`."""
    if out.exists() and not out.is_dir():
        raise SourceError(f"{out} is a file; name the folder to write to.")
    other = sorted(path.name for path in out.iterdir() if path.name not in replaceable) if out.exists() else []
    if other:
        raise SourceError(f"{out} holds {other[0]}, which is not {kind}; name an empty or new folder.")


def _swap(draft: Path, target: Path) -> None:
    """Replace `target` by `draft`; restore `target` if that fails."""
    if not target.exists():
        draft.rename(target)
    elif _exchange(draft, target):
        shutil.rmtree(draft)
    else:
        _swap_by_turns(draft, target)


def _exchange(one: Path, other: Path) -> bool:
    """Swap the names of two folders atomically; False if the system does not support it."""
    try:
        rename = ctypes.CDLL(None).renameat2  # Linux, with the C library of GNU or musl
    except (AttributeError, OSError, TypeError):
        return False
    return bool(rename(_HERE, os.fsencode(one), _HERE, os.fsencode(other), _EXCHANGE) == 0)


def _swap_by_turns(draft: Path, target: Path) -> None:
    old = draft.with_name(f"{draft.name}-old")
    target.rename(old)
    try:
        draft.rename(target)
    except OSError:
        old.rename(target)
        raise
    shutil.rmtree(old)
