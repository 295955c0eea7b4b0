"""Writes the tables of a study: all of them, or none."""

import shutil
import tempfile
from pathlib import Path

from core.build.studies import Study
from core.sources.reading import SourceError, Tidy


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
    core.sources.reading.SourceError
        If a file is missing, a check fails, or `out` holds anything else; then `out` is as it was.
    """
    _check_ours(study, out)
    tables = study.read(sources)
    out.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{study.folder}-", dir=out.parent))
    try:
        # A temporary folder is closed to others; the tables are not.
        draft.chmod(0o755)
        for tidy in tables:
            (draft / tidy.table.file).write_bytes(tidy.content().encode())
        _swap(draft, out)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return tables


def report(tables: list[Tidy]) -> list[str]:
    """Lines that say what was read into each table, and what was left out and why."""
    lines = []
    for tidy in tables:
        lines.append(f"{tidy.table.name:<22}{len(tidy.frame):>6} rows  from {tidy.origin}")
        lines += [f"{'':<22}left out  {dropped}" for dropped in tidy.dropped]
    return lines


def _check_ours(study: Study, out: Path) -> None:
    """Raise where `out` is not a folder of the study's tables: what is replaced is gone."""
    if out.exists() and not out.is_dir():
        raise SourceError(f"{out} is a file; name the folder to write to.")
    own = {table.file for table in study.tables}
    other = sorted(path.name for path in out.iterdir() if path.name not in own) if out.exists() else []
    if other:
        raise SourceError(f"{out} holds {other[0]}, which is not a table of this study; name an empty or new folder.")


def _swap(draft: Path, place: Path) -> None:
    """Put `draft` where `place` was; `place` comes back if that fails."""
    if not place.exists():
        draft.rename(place)
        return
    old = draft.with_name(f"{draft.name}-old")
    place.rename(old)
    try:
        draft.rename(place)
    except OSError:
        old.rename(place)
        raise
    shutil.rmtree(old)
