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

from core.build.studies import NOTE_FILE, Study
from core.sources.files.cells import SourceError, Tidy

_HERE, _EXCHANGE = -100, 2  # AT_FDCWD and RENAME_EXCHANGE of renameat2(2)


def build_study(study: Study, sources: Path, out: Path) -> list[Tidy]:
    """Read and check the published files of `study` and put its tables in place of the old ones.

    Parameters
    ----------
    study
        What to build.
    sources
        Folder with the published files of the study.
    out
        Folder of its tables, e.g. ``data/london``; made, or put in place of the one that is there.

    Raises
    ------
    core.sources.files.cells.SourceError
        If a file is missing, a check fails, or `out` holds anything else; then `out` is as it was.
    """
    replaceable = {NOTE_FILE, *(table.file for table in study.tables)}
    with replacing(out, replaceable, "a table of this study") as draft:
        tables = study.read(sources)
        for tidy in tables:
            (draft / tidy.table.file).write_bytes(tidy.encoded())
    return tables


@contextmanager
def replacing(out: Path, replaceable: Collection[str], kind: str) -> Iterator[Path]:
    """An empty folder to write into, which takes the place of `out` at the end, or is gone after an error.

    Parameters
    ----------
    out
        Folder to make, or to replace whole.
    replaceable
        Names of the files that may be replaced.
    kind
        What such a file is, for the message.

    Raises
    ------
    core.sources.files.cells.SourceError
        If `out` holds anything else; then nothing was written.
    """
    _check_ours(out, replaceable, kind)
    home = next(folder for folder in out.absolute().parents if folder.exists())
    draft = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=home))
    try:
        # A temporary folder is closed to others; the tables are not.
        draft.chmod(0o755)
        yield draft
        out.parent.mkdir(parents=True, exist_ok=True)
        _swap(draft, out)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def as_json(content: Mapping[str, Any]) -> str:
    """`content` as JSON that people can read and tools can compare line by line."""
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def write_text(path: Path, text: str) -> Path:
    """Put a file with `text` in UTF-8 in the place of `path` in one step, so that nobody finds half of it."""
    draft = path.with_name(f".{path.name}.draft")
    draft.write_bytes(text.encode())
    return draft.replace(path)


def report(tables: list[Tidy]) -> list[str]:
    """Lines that say what was read into each table, and what was left out and why."""
    lines = []
    for tidy in tables:
        lines.append(f"{tidy.table.name:<22}{len(tidy.frame):>6} rows  from {tidy.origin}")
        lines += [f"{'':<22}left out  {dropped}" for dropped in tidy.dropped]
    return lines


def _check_ours(out: Path, replaceable: Collection[str], kind: str) -> None:
    """Raise where `out` is not a folder of `replaceable` files: what is replaced is gone."""
    if out.exists() and not out.is_dir():
        raise SourceError(f"{out} is a file; name the folder to write to.")
    other = sorted(path.name for path in out.iterdir() if path.name not in replaceable) if out.exists() else []
    if other:
        raise SourceError(f"{out} holds {other[0]}, which is not {kind}; name an empty or new folder.")


def _swap(draft: Path, target: Path) -> None:
    """Put `draft` where `target` was; `target` comes back if that fails."""
    if not target.exists():
        draft.rename(target)
    elif _exchange(draft, target):
        shutil.rmtree(draft)
    else:
        _swap_by_turns(draft, target)


def _exchange(one: Path, other: Path) -> bool:
    """Give two folders each other's names in one step, so that neither is ever missing; False where this cannot be."""
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
