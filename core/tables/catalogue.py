"""Every table and field of ``data/`` with its labels, read from ``datapackage.json`` alone.

Pages, charts, captions, exports and tests take labels, units, definitions and sources from here.
"""

import argparse
import hashlib
import json
import os
import re
import sys
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from itertools import chain
from pathlib import Path
from typing import Any

import pandas as pd

from core.tables.characters import strip_control_characters
from core.tables.files import FileState, file_state, sha256_of
from core.tables.rows import read_rows
from core.tables.schema import Field, Licence, Source, Table

APP = "streamlit_app.py"


def data_dir(command: Sequence[str], environment: Mapping[str, str]) -> Path:
    """Folder of the figures: ``--data`` on the app's command line, else ``EXPLORER_DATA``, else ``data/``.

    Parameters
    ----------
    command
        Command line; only that of the app is parsed: ``streamlit run streamlit_app.py -- --data DIR``.
    environment
        Environment variables.
    """
    default = environment.get("EXPLORER_DATA", Path(__file__).parents[2] / "data")
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("--data", nargs="?", default=default, const=default)
    is_app = bool(command) and Path(command[0]).name == APP
    return Path(parser.parse_known_args(command[1:] if is_app else [])[0].data)


DATA_DIR = data_dir(sys.argv, os.environ)
PACKAGE_FILE = "datapackage.json"
REBUILD = "build it with `python -m core.build package`, or name the folder that has it with EXPLORER_DATA"
RESTORE = "put it back as it was released, or build it with `make data SOURCES=folder`"
VERSION_LENGTH = 12
SIZES = "rows", "features", "count"  # keys of how much is in a CSV file, a file of shapes and a Parquet file
# Text of a package is plain text. Characters that charts, Markdown, HTML or documents would interpret as markup are
# replaced here, once, by ones that look alike.
_LOOK_ALIKES = str.maketrans("<>[]`*\\$", "\u2039\u203a()'\u2217\u2215\uff04")
_ADDRESS = re.compile(r"https?://[^\s()<>\[\]\\`]+")


class CatalogueError(LookupError):
    """Missing or damaged data, or an unknown name; the message says what to do."""


@dataclass(frozen=True, eq=False)
class Catalogue:
    """Tables and variables of one data folder; a variable that is in several tables is taken from the first.

    Where studies use the same name for different things, :meth:`of` has the labels of one of them.

    Parameters
    ----------
    folder
        Folder that the tables are read from.
    version
        Short hash of the package, which contains the hash of every table: changes when any figure or
        label does. For cache keys.
    tables
        Tables by name, in the order of the package.
    derived
        For each study, the variables that it derives from several tables.
    uploaded
        Tables used instead of those in the folder, such as those a visitor uploaded; see :meth:`with_tables`.
    hashes
        Expected SHA-256 of each file by its path in the folder.
    """

    folder: Path
    version: str
    tables: Mapping[str, Table]
    derived: Mapping[str, tuple[Field, ...]]
    uploaded: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    hashes: Mapping[str, str] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Field]:
        return iter(self._named.values())

    @cached_property
    def _named(self) -> dict[str, Field]:
        groups = (*(table.fields for table in self.tables.values()), *self.derived.values())
        named: dict[str, Field] = {}
        for one in chain.from_iterable(groups):
            named.setdefault(one.name, one)
        return named

    def variable(self, name: str, table: str = "") -> Field:
        """The variable `name`, from `table` where its labels differ between tables.

        Raises
        ------
        CatalogueError
            If there is no such variable or table.
        """
        pool = {each.name: each for each in self.table(table).fields} if table else self._named
        if name in pool:
            return pool[name]
        where = f"the table {table}" if table else "the catalogue"
        raise CatalogueError(f"{name!r} is not a variable of {where}; {_did_you_mean(name, list(pool))}")

    def table(self, name: str) -> Table:
        """The table `name`, or raise a :class:`CatalogueError` that lists the known names."""
        if name not in self.tables:
            raise CatalogueError(f"{name!r} is not a table of the catalogue; there are {', '.join(self.tables)}.")
        return self.tables[name]

    def table_of(self, name: str) -> Table | None:
        """The table that has the variable `name`, the first of several; ``None`` where it is derived."""
        return next((table for table in self.tables.values() if name in table.columns), None)

    def of(self, *studies: str) -> "Catalogue":
        """The part of the catalogue that belongs to `studies`, with their labels for names that others use too."""
        known = list(dict.fromkeys(table.study for table in self.tables.values()))
        for study in studies:
            if study not in known:
                raise CatalogueError(f"{study!r} is not a study of the catalogue; there are {', '.join(known)}.")
        tables = {name: table for name, table in self.tables.items() if table.study in studies}
        derived = {study: fields for study, fields in self.derived.items() if study in studies}
        return replace(self, version=f"{self.version}-{'-'.join(studies)}", tables=tables, derived=derived)

    def with_tables(self, frames: Mapping[str, tuple[pd.DataFrame, tuple[Field, ...]]]) -> "Catalogue":
        """The catalogue with some of its tables replaced.

        Parameters
        ----------
        frames
            For each table its rows and its fields, which may be more or fewer than those of the package.
        """
        replaced = {
            name: replace(self.table(name), rows=len(frame), fields=fields) for name, (frame, fields) in frames.items()
        }
        hashes = [pd.util.hash_pandas_object(frame, index=False).to_numpy() for frame, _ in frames.values()]
        content = b"".join(part.tobytes() for part in hashes)
        version = hashlib.sha256(self.version.encode() + content).hexdigest()[:VERSION_LENGTH]
        rows = {name: frame for name, (frame, _) in frames.items()}
        return replace(self, version=version, tables={**self.tables, **replaced}, uploaded={**self.uploaded, **rows})

    def label(self, name: str) -> str:
        """Label of the variable `name`."""
        return self.variable(name).label

    def axis(self, name: str) -> str:
        """Axis label: label and unit."""
        return self.variable(name).axis

    def help(self, name: str) -> str:
        """Definition and caveat of the variable `name`."""
        return self.variable(name).help

    def with_role(self, role: str) -> tuple[Field, ...]:
        """All variables of one role, in the order of the package."""
        return tuple(variable for variable in self if variable.role == role)

    def sources(self, *tables: str) -> tuple[Source, ...]:
        """Publications behind `tables` (by default all), each once."""
        chosen = [self.table(name) for name in tables or self.tables]
        return tuple(dict.fromkeys(source for table in chosen for source in table.sources))

    def path(self, name: str) -> Path:
        """File of the table `name`.

        Raises
        ------
        CatalogueError
            If it is missing, or is not the one that the package describes.
        """
        table = self.table(name)
        path = self.folder / table.path
        if table.path in self.hashes and (wrong := _wrong_with(path, self.hashes[table.path])):
            raise _unreadable(path, name, wrong)
        return path

    def read_table(
        self, name: str, columns: Sequence[str] = (), where: Mapping[str, Sequence[str]] | None = None
    ) -> pd.DataFrame:
        """The table `name` with the types that the package declares.

        Parameters
        ----------
        columns
            Columns to read; by default all.
        where
            For each of some text columns, the values of the rows to read; by default all rows.

        Raises
        ------
        CatalogueError
            If the file is missing or does not match the package.
        """
        if name in self.uploaded:
            return self.uploaded[name].copy()
        table, path = self.table(name), self.path(name)
        try:
            return read_rows(path, table.fields, columns, where)
        except (OSError, ValueError, EOFError, zlib.error) as error:
            raise _unreadable(path, name, str(error)) from error


def load_catalogue(data_dir: "Path | Catalogue" = DATA_DIR) -> Catalogue:
    """The catalogue of `data_dir`, cached until its ``datapackage.json`` changes.

    A catalogue is returned as it is, so that functions can take a folder or a loaded catalogue.

    Raises
    ------
    CatalogueError
        If the file is missing or is not a data package.
    """
    if isinstance(data_dir, Catalogue):
        return data_dir
    path = Path(data_dir) / PACKAGE_FILE
    try:
        file = file_state(path)
    except OSError as error:
        raise CatalogueError(f"{path} is not there; {REBUILD}.") from error
    return _read(file)


@lru_cache(maxsize=4)
def _read(file: FileState) -> Catalogue:
    path = file.path
    try:
        text = path.read_text(encoding="utf-8")
        package = json.loads(text)
        tables = {resource["name"]: _table(resource) for resource in package["resources"]}
        hashes = {resource["path"]: resource["hash"] for resource in package["resources"]}
        derived = {study: tuple(map(field_of, entries)) for study, entries in package["derived"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise CatalogueError(f"{path} is not a data package of this app ({error!r}); {REBUILD}.") from error
    version = hashlib.sha256(text.encode()).hexdigest()[:VERSION_LENGTH]
    return Catalogue(path.parent, version, tables, derived, hashes=hashes)


def _wrong_with(path: Path, digest: str) -> str:
    """Why the file at `path` is not the one described; empty if it is."""
    try:
        return "" if sha256_of(file_state(path)) == digest else f"not the file of {PACKAGE_FILE}"
    except OSError as error:
        return error.strerror or "not there"


def _unreadable(path: Path, name: str, why: str) -> CatalogueError:
    return CatalogueError(f"{path} cannot be read as the table {name} ({why}); {RESTORE}.")


def _table(resource: dict[str, Any]) -> Table:
    fields = resource["schema"]["fields"] if "schema" in resource else resource["properties"]
    return Table(
        resource["name"],
        resource["path"].removeprefix(f"{resource['study']}/"),
        _plain_text(resource["title"]),
        _plain_text(resource["description"]),
        tuple(map(_source, resource["sources"])),
        tuple(map(field_of, fields)),
        _plain_text(resource["changes"]),
        study=resource["study"],
        rows=resource[next((name for name in SIZES if name in resource), SIZES[0])],
    )


def field_of(descriptor: dict[str, Any]) -> Field:
    """The field that Frictionless describes, its text plain."""
    label, unit, definition, caveat = (
        _plain_text(descriptor[name]) for name in ("title", "unit", "description", "caveat")
    )
    limits = {"required": False} | descriptor["constraints"]
    if "enum" in limits:
        limits["enum"] = tuple(limits["enum"])
    return Field(descriptor["name"], descriptor["type"], label, definition, descriptor["role"], unit, caveat, **limits)


def _source(source: dict[str, Any]) -> Source:
    title, publisher, terms, line = (
        _plain_text(source.get(name, "")) for name in ("title", "publisher", "licence", "attribution")
    )
    path, terms_path = (_address(source.get(name, "")) for name in ("path", "licencePath"))
    return Source(title, publisher, path, Licence("", terms, terms_path) if terms else None, line)


def _plain_text(text: str) -> str:
    """`text` in one line, without characters that a page, a chart or a document could interpret as markup."""
    return strip_control_characters(re.sub(r"[\r\n]+", " ", text)).translate(_LOOK_ALIKES)


def _address(text: str) -> str:
    """`text` if it is a web address, else nothing."""
    return text if _ADDRESS.fullmatch(text) else ""


def _did_you_mean(name: str, names: list[str]) -> str:
    # Imported here, because difflib is needed only for error messages.
    from difflib import get_close_matches

    close = get_close_matches(name, names, n=1)
    return f"did you mean {close[0]!r}?" if close else f"there are {', '.join(names)}."
