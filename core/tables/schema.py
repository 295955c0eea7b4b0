"""What a table is: columns with their labels and limits, sources and licences.

Each table is declared once, next to its reader in :mod:`core.sources`. The checks of the build, the Frictionless
package and the README of ``data/`` use these declarations, and :mod:`core.tables.catalogue` reads them back from there.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any, Literal

Type = Literal["string", "integer", "number", "boolean", "date"]
Role = Literal["key", "outcome", "force", "control", "context"]


@dataclass(frozen=True)
class Licence:
    """Licence under which figures may be reused; its name is the one in Frictionless, empty where it was read back."""

    name: str
    title: str
    path: str


@dataclass(frozen=True)
class Source:
    """A source of figures.

    Parameters
    ----------
    title, publisher
        The publication and the body that publishes it.
    path
        Address of its landing page; empty if there is none.
    licence
        Licence; ``None`` if figures are only quoted.
    attribution
        Attribution to show wherever the figures are shown.
    """

    title: str
    publisher: str
    path: str
    licence: Licence | None
    attribution: str

    @property
    def terms(self) -> str:
        """Title of the licence; empty if figures are only quoted."""
        return self.licence.title if self.licence else ""


@dataclass(frozen=True)
class Field:
    """One column: its labels, unit, limits and role.

    Parameters
    ----------
    name, type
        Column name and Frictionless type.
    label
        Label for readers, short enough for an axis.
    definition
        Definition in complete sentences.
    unit
        Unit of measurement, as shown in brackets on an axis; empty for names.
    caveat
        What readers must know before relying on the figure; may be empty.
    role
        Key, outcome to explain, police force, control for models, or context.
    required, unique, minimum, maximum, pattern, enum
        Limits on the values.
    references
        Table whose column of the same name lists the allowed values.
    """

    name: str
    type: Type
    label: str
    definition: str
    role: Role
    unit: str = ""
    caveat: str = ""
    required: bool = True
    unique: bool = False
    minimum: float | None = None
    maximum: float | None = None
    pattern: str = ""
    enum: tuple[str, ...] = ()
    references: str = ""

    @property
    def axis(self) -> str:
        """Label with the unit in brackets."""
        return f"{self.label} ({self.unit})" if self.unit else self.label

    @property
    def help(self) -> str:
        """Definition, then the caveat."""
        return f"{self.definition} {self.caveat}".strip()

    def descriptor(self) -> dict[str, Any]:
        """The field as Frictionless writes it, with ``unit``, ``caveat`` and ``role`` as custom keys."""
        labels = {"name": self.name, "type": self.type, "title": self.label, "description": self.definition}
        return labels | {
            "unit": self.unit,
            "caveat": self.caveat,
            "role": self.role,
            "constraints": self.constraints(),
        }

    def constraints(self) -> dict[str, Any]:
        """The limits that are set, under their Frictionless names."""
        limits = {
            "required": self.required,
            "unique": self.unique,
            "minimum": self.minimum,
            "maximum": self.maximum,
            "pattern": self.pattern,
            "enum": list(self.enum),
        }
        return {
            name: limit
            for name, limit in limits.items()
            if limit is not None and limit is not False and limit not in ("", [])
        }


@dataclass(frozen=True)
class Table:
    """One tidy table of ``data/``.

    Parameters
    ----------
    name
        Unique name in the package, in lower case.
    file
        File name inside the folder of its study; ``.csv``, ``.csv.gz`` or ``.parquet`` where it is large, or
        ``.geojson`` for shapes.
    title, description
        Its heading, and a description of one row.
    sources
        Publications that it is made from.
    fields
        Its columns in order. Those with the role ``"key"`` together identify a row.
    changes
        Changes made to the published figures.
    extra
        Further columns, present if the source files have them.
    study, rows
        Study that it belongs to, such as ``"london"``, and its number of rows; known once it is in a package.
    """

    name: str
    file: str
    title: str
    description: str
    sources: tuple[Source, ...]
    fields: tuple[Field, ...]
    changes: str = ""
    extra: tuple[Field, ...] = ()
    study: str = ""
    rows: int = 0

    def having(self, columns: Collection[str], gaps: Collection[str] = ()) -> "Table":
        """The table with those of its fields and extra ones that are in `columns`; those in `gaps` may be missing."""
        known = (field for field in (*self.fields, *self.extra) if field.name in columns)
        fields = (replace(field, required=False) if field.name in gaps else field for field in known)
        return replace(self, fields=tuple(fields))

    @property
    def key(self) -> list[str]:
        """Names of the columns that together identify a row."""
        return [field.name for field in self.fields if field.role == "key"]

    @property
    def columns(self) -> list[str]:
        """Names of all columns, in order."""
        return [field.name for field in self.fields]

    @property
    def about(self) -> str:
        """Description of one row, then the changes."""
        return f"{self.description} {self.changes}".strip()

    @property
    def path(self) -> str:
        """Its file in the folder of the data, in that of its study."""
        return f"{self.study}/{self.file}" if self.study else self.file

    @property
    def is_shapes(self) -> bool:
        """Whether the file holds shapes for a map rather than rows."""
        return self.file.endswith(".geojson")

    @property
    def is_compressed(self) -> bool:
        """Whether the file is compressed with gzip."""
        return self.file.endswith(".gz")

    @property
    def is_parquet(self) -> bool:
        """Whether the file is Parquet, of which columns and rows can be read alone."""
        return self.file.endswith(".parquet")

    def schema(self) -> dict[str, Any]:
        """The Frictionless table schema."""
        schema: dict[str, Any] = {"fields": [field.descriptor() for field in self.fields], "primaryKey": self.key}
        references = [
            {"fields": [field.name], "reference": {"resource": field.references, "fields": [field.name]}}
            for field in self.fields
            if field.references
        ]
        return schema | ({"foreignKeys": references} if references else {})


OGL = Licence(
    "OGL-UK-3.0",
    "Open Government Licence v3.0",
    "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
)
CC_BY = Licence("CC-BY-4.0", "Creative Commons Attribution 4.0", "https://creativecommons.org/licenses/by/4.0/")
