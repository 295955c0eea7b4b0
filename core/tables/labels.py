"""Labels that a part of the app has for variables of the catalogue."""

from collections.abc import Mapping
from dataclasses import replace

from core.tables.catalogue import Catalogue
from core.tables.schema import Field

LABELLED = ""  # the study of what only a part of the app knows


def with_labels(catalogue: Catalogue, labels: Mapping[str, str]) -> Catalogue:
    """`catalogue` with `labels` for its variables, and with further ones that are worked out, each under its label."""

    def labelled(fields: tuple[Field, ...]) -> tuple[Field, ...]:
        return tuple(replace(field, label=labels.get(field.name, field.label)) for field in fields)

    tables = {name: replace(table, fields=labelled(table.fields)) for name, table in catalogue.tables.items()}
    known = {field.name for field in catalogue}
    further = tuple(Field(name, "number", label, "", "context") for name, label in labels.items() if name not in known)
    derived = {study: labelled(fields) for study, fields in catalogue.derived.items()} | {LABELLED: further}
    return replace(catalogue, tables=tables, derived=derived)
