"""Describes ``data/``: ``datapackage.json`` (Frictionless) and ``README.md``, from the declarations of the tables."""

import gzip
import hashlib
import io
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from core.build.datasets import DATASETS, FORECASTS, NOTE_FILE, SECTIONS
from core.build.writing import as_json, replacing, write_text
from core.sources.dataset import Section
from core.sources.files.cells import SourceError
from core.tables.catalogue import PACKAGE_FILE
from core.tables.schema import OGL, Source, Table

PARQUET_TYPE = "application/vnd.apache.parquet"
README_FILE = "README.md"
NAME = "policing-evidence-explorer"
TITLE = "Policing evidence: tidy tables of published figures"
DESCRIPTION = (
    "Figures of public bodies on policing, public attitudes, crime and deprivation, checked and set in tidy tables. "
    "Figures describe areas, not single people."
)


def write_package(data: Path) -> list[Path]:
    """Write ``datapackage.json`` and ``README.md`` into the folder `data`, for the studies that are built there.

    Raises
    ------
    SourceError
        If no study is built there, or one of its tables is missing.
    """
    studies = [_as_built(study, data) for study in SECTIONS.values() if (data / study.name).is_dir()]
    if not studies:
        raise SourceError(f"{data} has no built study; run `python -m core.build {next(iter(DATASETS))}` first.")
    package = describe(data, studies)
    texts = {PACKAGE_FILE: as_json(package), README_FILE: readme(studies)}
    return [write_text(data / name, text) for name, text in texts.items()]


@contextmanager
def renewing(data: Path) -> Iterator[Path]:
    """A copy of the data folder `data` to modify, which replaces it at the end with an updated package.

    Tables and package are replaced atomically: a reader at the same time, or after the process was killed, finds
    either the old or the new version complete.
    """
    replaceable = {path.name for path in data.iterdir()} if data.exists() else set()
    with replacing(data, replaceable, "part of a data folder") as draft:
        if data.exists():
            shutil.copytree(data, draft, dirs_exist_ok=True)
        yield draft
        write_package(draft)


def describe(data: Path, studies: list[Section]) -> dict[str, Any]:
    """The data package of `studies` as Frictionless writes it, with hash and size of every file."""
    return {
        "name": NAME,
        "title": TITLE,
        "description": DESCRIPTION,
        "licenses": [{"name": OGL.name, "title": OGL.title, "path": OGL.path}],
        "resources": [_resource(data, study, table) for study in studies for table in study.tables],
        "derived": {study.name: [field.descriptor() for field in study.derived] for study in studies},
    }


def readme(studies: list[Section]) -> str:
    """The README of ``data/``: tables, sources, licences and attributions."""
    parts = [f"# {TITLE}", DESCRIPTION, _how_made()]
    for study in studies:
        parts += [f"## {study.title}", _table_list(study)]
    sources = dict.fromkeys(source for study in studies for table in study.tables for source in table.sources)
    parts += ["## Sources and licences", *(_source_text(source) for source in sources)]
    parts += ["## Variables", *(_variables(study.name, table) for study in studies for table in study.tables)]
    return "\n\n".join(parts) + "\n"


def _as_built(study: Section, data: Path) -> Section:
    """`study` with the descriptions and columns of its tables as updated by new editions."""
    note = data / study.name / NOTE_FILE
    renewed = json.loads(note.read_text(encoding="utf-8"))["tables"] if note.is_file() else {}
    return replace(study, tables=tuple(_renewed(table, renewed.get(table.name)) for table in study.tables))


def _renewed(table: Table, note: dict[str, Any] | None) -> Table:
    if not note:
        return table
    labels = {name: note[name] for name in ("description", "changes")}
    return replace(table.having(note["columns"], note["gaps"]), **labels)


def _resource(data: Path, study: Section, table: Table) -> dict[str, Any]:
    path = data / study.name / table.file
    if not path.is_file():
        raise SourceError(f"{path} is not there; run `{study.command}` again.")
    content = path.read_bytes()
    return {
        "name": table.name,
        "path": f"{study.name}/{table.file}",
        "title": table.title,
        "description": table.description,
        **_format(table),
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        **_size(content, table),
        "study": study.name,
        "changes": table.changes,
        "sources": [_source(source) for source in table.sources],
        "licenses": _licences(table),
        **({} if _is_text_table(table) else {"properties": [field.descriptor() for field in table.fields]}),
    }


def _is_text_table(table: Table) -> bool:
    """Whether Frictionless can check the rows: those of Parquet were checked by the build, and have a hash."""
    return not (table.is_shapes or table.is_parquet)


def _format(table: Table) -> dict[str, Any]:
    if table.is_parquet:
        return {"type": "file", "format": "parquet", "mediatype": PARQUET_TYPE, "primaryKey": table.key}
    if table.is_shapes:
        return {"type": "json", "format": "geojson", "mediatype": "application/geo+json"}
    return {
        "type": "table",
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        **({"compression": "gz"} if table.is_compressed else {}),
        "schema": table.schema(),
    }


def _size(content: bytes, table: Table) -> dict[str, int]:
    if table.is_shapes:
        return {"features": len(json.loads(content)["features"])}
    if table.is_parquet:
        return {"count": len(pd.read_parquet(io.BytesIO(content), columns=table.key[:1]))}
    plain = gzip.decompress(content) if table.is_compressed else content
    return {"rows": len(pd.read_csv(io.BytesIO(plain), usecols=[0]))}


def _source(source: Source) -> dict[str, str]:
    note = {"title": source.title, "publisher": source.publisher, "attribution": source.attribution}
    if source.path:
        note["path"] = source.path
    if source.licence:
        note |= {"licence": source.licence.title, "licencePath": source.licence.path}
    return note


def _licences(table: Table) -> list[dict[str, str]]:
    licences = dict.fromkeys(source.licence for source in table.sources if source.licence)
    return [{"name": licence.name, "title": licence.title, "path": licence.path} for licence in licences]


def _how_made() -> str:
    commands = "\n".join(
        f"{study.command} --sources SOURCES/{study.name} --out data/{study.name}" for study in DATASETS.values()
    )
    commands += f"\n{FORECASTS.command}"
    return (
        "Written by code, not by hand: it reads the published files, checks them, and stops at the first figure "
        f"that cannot be right.\n\n```sh\n{commands}\npython -m core.build package --data data\n```\n\n"
        "`SOURCES` is a folder with the published files of each study in a folder of its own. Tables are CSV in "
        "UTF-8, sorted by key, large ones packed by gzip (`.gz`) or as Parquet; quarters read "
        "`2017Q2` (April to June 2017). `datapackage.json` describes every column (Frictionless Data Package)."
    )


def _table_list(study: Section) -> str:
    rows = [f"| [{table.file}]({study.name}/{table.file}) | {table.title} | {table.about} |" for table in study.tables]
    return "\n".join(["| file | what | one row, and changes |", "|---|---|---|", *rows])


def _source_text(source: Source) -> str:
    title = f"[{source.title}]({source.path})" if source.path else source.title
    licence = f"[{source.licence.title}]({source.licence.path})" if source.licence else "quoted for comparison"
    return f"- {title}, {source.publisher}. Licence: {licence}.\n  > {source.attribution}"


def _variables(folder: str, table: Table) -> str:
    rows = [f"| `{field.name}` | {field.label} | {field.unit} | {field.help} |" for field in table.fields]
    heading = f"### {folder}/{table.file}"
    return "\n".join([heading, "", "| name | label | unit | meaning |", "|---|---|---|---|", *rows])
