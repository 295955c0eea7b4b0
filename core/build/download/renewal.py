"""Updates the London figures: merges the publishers' new workbooks into the current tables.

The note ``renewal.json`` next to the updated tables lists the files used, and how descriptions and columns differ from
the declared ones, so that the package describes the tables as they are.
"""

import hashlib
import json
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from core.build.datasets import NOTE_FILE
from core.build.london import DATASET as LONDON
from core.build.package import write_package
from core.build.writing import as_json, replacing, write_text
from core.london.panel import london_panel
from core.sources.files.cells import SourceError, Tidy
from core.sources.files.limits import UploadedFile, on_disk
from core.sources.london.force.force_quarters import Counting, tabulate
from core.sources.london.force.force_workbook import read_force
from core.sources.london.renewal import Renewal, renew_force, renew_survey
from core.sources.london.survey.survey_workbook import read_survey
from core.tables.catalogue import DATA_DIR, Catalogue, load_catalogue

ENDINGS = (".xlsx", ".xlsm", ".csv")
LEFT_BY_EXCEL = "~$"


def renew_london(
    surveys: Sequence[Path],
    force: Sequence[Path],
    counting: Counting,
    out: Path | None = None,
    current: Path = DATA_DIR,
) -> list[str]:
    """Write a data folder: the current figures, updated from new workbooks.

    Parameters
    ----------
    surveys
        Editions of the survey workbook.
    force
        Yearly use-of-force workbooks (xlsx or csv), and folders of such.
    counting
        How records become counts.
    out
        Data folder to write, for ``EXPLORER_DATA``; by default the current one.
    current
        Data folder from which everything else is taken.

    Returns
    -------
    list of str
        Sentences on what was read, used, left out and why, and what differs from the current figures.

    Raises
    ------
    core.sources.files.cells.SourceError
        If a file cannot be used as it is, or `out` holds anything else; then `out` is as it was.
    core.tables.catalogue.CatalogueError
        If the current figures are missing or damaged.
    """
    out = out or current
    tables = load_catalogue(current)
    files = {"attitude_survey": _uploaded_files(surveys), "use_of_force": _uploaded_files(force)}
    renewal = _renewal(files["attitude_survey"], files["use_of_force"], counting, tables)
    replaceable = {path.name for path in current.iterdir()}
    with replacing(out, replaceable, "part of a data folder") as draft:
        shutil.copytree(current, draft, dirs_exist_ok=True)
        folder = draft / LONDON.name
        for tidy in renewal.tables:
            (folder / tidy.table.file).write_bytes(tidy.encoded())
        _write_note(folder / NOTE_FILE, renewal, files)
        write_package(draft)
        spans = list(_spans(load_catalogue(draft)))
        london_panel(draft)
    return [*renewal.lines, *spans, f"Wrote {out}", *_stale(out)]


def _uploaded_files(paths: Sequence[Path]) -> list[UploadedFile]:
    """The files at `paths`, and those in folders among them, sorted by name."""
    files = []
    for path in paths:
        inside = sorted(found for found in path.iterdir() if _is_table(found)) if path.is_dir() else [path]
        if not inside:
            raise SourceError(f"{path} holds no workbook; name a folder with files that end in {', '.join(ENDINGS)}.")
        files += [on_disk(found) for found in inside]
    return files


def _is_table(path: Path) -> bool:
    return path.suffix.lower() in ENDINGS and not path.name.startswith((LEFT_BY_EXCEL, "."))


def _renewal(surveys: list[UploadedFile], force: list[UploadedFile], counting: Counting, tables: Catalogue) -> Renewal:
    parts = []
    if surveys:
        current = {name: tables.read_table(name) for name in ("survey", "survey_london")}
        parts.append(renew_survey([read_survey(file) for file in surveys], current))
    if force:
        before = tables.table("use_of_force")
        counted = tabulate([read_force(file) for file in force], counting)
        parts.append(renew_force(counted, {before.name: tables.read_table(before.name)}, before.description))
    return sum(parts[1:], start=parts[0])


def _write_note(path: Path, renewal: Renewal, files: dict[str, list[UploadedFile]]) -> None:
    """Write what was updated, from which files and how; entries of an earlier note on other tables are kept."""
    note: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {"tables": {}}
    note["tables"] |= {tidy.table.name: _description(tidy) for tidy in renewal.tables}
    note["files"] = {kind: {file.name: _fingerprint(file) for file in uploaded} for kind, uploaded in files.items()}
    note["report"] = list(renewal.lines)
    write_text(path, as_json(note))


def _description(tidy: Tidy) -> dict[str, Any]:
    table = tidy.table
    return {
        "description": table.description,
        "changes": table.changes,
        "columns": table.columns,
        "gaps": [field.name for field in table.fields if not field.required],
    }


def _fingerprint(file: UploadedFile) -> str:
    with file.open() as stream:
        return f"sha256:{hashlib.sha256(stream.read()).hexdigest()}"


def _spans(tables: Catalogue) -> Iterator[str]:
    """Sentences on the last quarter of the panel's tables, where it differs between them."""
    last = {
        name: str(tables.read_table(name)["quarter"].max()) for name in ("survey", "use_of_force", "recorded_crime")
    }
    last["population"] = f"{tables.read_table('population')['year'].max()}Q4"
    for name, quarter in last.items():
        if quarter < last["survey"]:
            yield f"{tables.table(name).title} runs to {quarter} only; models that use it end there"
    if last["use_of_force"] > last["survey"]:
        yield f"the survey runs to {last['survey']} only; the force of later quarters waits for it"


def _stale(out: Path) -> Iterator[str]:
    if (out / "forecasts").is_dir():
        command = f"python -m core.build.backtest --data {out} --out {out}"
        yield f"Forecasts are still those of the figures before; run `{command}` to renew them."
