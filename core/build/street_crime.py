"""Street crime of any English force: counts of the publisher's download, written to a separate folder."""

import hashlib
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from core.build.writing import as_json, replacing, write_text
from core.sources.police.built import COUNTS_FILE, DISTRICTS_FILE, FOLDER, REPORT_FILE
from core.sources.police.counts import count_download
from core.tables.catalogue import DATA_DIR, load_catalogue
from core.tables.progress import Progress


def build_street_crime(
    source: Path, out: Path = FOLDER, data_dir: Path = DATA_DIR, progress: Progress = lambda _share: None
) -> list[str]:
    """Count the download `source` by LSOA code, month and crime type, and write the counts to the folder `out`.

    Parameters
    ----------
    source
        Zip or folder in the publisher's layout.
    out
        Folder to write; created or replaced.
    data_dir
        Folder of the tidy tables: England's LSOAs of both censuses, the lookup between them, and police territories.
    progress
        Called with the share of the files that has been read (0 to 1).

    Returns
    -------
    list of str
        Sentences on what was read, counted, left out and skipped.

    Raises
    ------
    core.sources.files.cells.SourceError
        If the download cannot be used as it is, or `out` contains other files; `out` is then unchanged.
    core.tables.catalogue.CatalogueError
        If the tidy tables are missing or damaged.
    """
    files = (COUNTS_FILE, DISTRICTS_FILE, REPORT_FILE)
    with replacing(out, files, "a file of built street crime") as draft:
        counted = count_download(source, draft / COUNTS_FILE, load_catalogue(data_dir), progress=progress)
        counted.districts.to_csv(draft / DISTRICTS_FILE, index=False)
        report = {**counted.report, "counts": _fingerprint(draft / COUNTS_FILE)}
        write_text(draft / REPORT_FILE, as_json(report))
    return [*counted.lines(), f"Wrote {out}"]


def _fingerprint(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {"rows": pq.read_metadata(path).num_rows, "bytes": path.stat().st_size, "sha256": digest}
