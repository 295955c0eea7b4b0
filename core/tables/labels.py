"""Labels that a part of the app has for variables of the catalogue."""

from collections.abc import Mapping
from dataclasses import replace

from core.tables.catalogue import Catalogue, Variable


def with_labels(catalogue: Catalogue, labels: Mapping[str, str]) -> Catalogue:
    """`catalogue` with `labels` for its variables, and with further ones that are worked out, each under its label."""

    def labelled(variable: Variable) -> Variable:
        return replace(variable, label=labels.get(variable.name, variable.label))

    tables = {
        name: replace(table, variables=tuple(map(labelled, table.variables)))
        for name, table in catalogue.tables.items()
    }
    known = {variable.name for variable in catalogue}
    further = (
        Variable(name, label, "", "", "", "context", "number", "", "", {})
        for name, label in labels.items()
        if name not in known
    )
    return replace(catalogue, tables=tables, derived=(*map(labelled, catalogue.derived), *further))
