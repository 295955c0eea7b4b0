"""The data dictionary: every variable of the catalogue in alphabetical order, with limits, tables and sources.

``python -m core.build.dictionary`` writes it. ``data/README.md`` is ordered by table, this by variable.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

from core.tables.catalogue import DATA_DIR, Catalogue, Variable, load_catalogue

FILE = Path(__file__).parents[2] / "docs" / "data_dictionary.md"
HEADER = """# Data dictionary

Every variable of `data/`, in the order of the alphabet. Written by `python -m core.build.dictionary` from
`data/datapackage.json`; do not edit it by hand. `data/README.md` has the same variables by table.

A name that means different things in different tables has an entry for each.
"""
KINDS = {"string": "text", "integer": "whole number", "number": "number", "boolean": "yes or no", "date": "date"}
LIMITS = {"minimum": "at least", "maximum": "at most", "pattern": "of the form", "minLength": "letters, at least"}


def dictionary(catalogue: Catalogue) -> str:
    """The data dictionary of `catalogue` in Markdown."""
    entries: dict[tuple[str, ...], list[Variable]] = {}
    for variable in (*(field for table in catalogue.tables.values() for field in table.variables), *catalogue.derived):
        meaning_key = (variable.label, variable.name, variable.unit, _kind(variable), variable.help)
        entries.setdefault(meaning_key, []).append(variable)
    order = sorted(entries, key=lambda meaning_key: (meaning_key[0].lower(), meaning_key))
    return "\n".join([HEADER, *(_entry(catalogue, meaning_key, entries[meaning_key]) for meaning_key in order)])


def _entry(catalogue: Catalogue, meaning_key: tuple[str, ...], uses: Sequence[Variable]) -> str:
    label, name, unit, kind, meaning = meaning_key
    tables = [catalogue.table(variable.table) for variable in uses if variable.table]
    files = ", ".join(f"`{table.path}`" for table in tables) or "worked out from several tables when the app runs"
    sources = dict.fromkeys(source for table in tables for source in table.sources)
    origin = "; ".join(f"{source.title} ({source.publisher}), {source.licence or 'own work'}" for source in sources)
    lines = [
        f"## {label}",
        "",
        f"`{name}`: {meaning}",
        "",
        f"- Unit: {unit or 'none'}",
        f"- Values: {kind}",
        f"- In: {files}",
        *([f"- From: {origin}"] if origin else []),
    ]
    return "\n".join(lines) + "\n"


def _kind(variable: Variable) -> str:
    limits = [f"{text} {variable.constraints[name]}" for name, text in LIMITS.items() if name in variable.constraints]
    options = variable.constraints.get("enum", ())
    if options:
        limits.append("one of " + ", ".join(map(str, options)))
    if not variable.constraints.get("required"):
        limits.append("may be empty")
    return ", ".join([KINDS[variable.type], *limits])


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the data dictionary."""
    parser = argparse.ArgumentParser(prog="python -m core.build.dictionary", description="Write the data dictionary.")
    parser.add_argument("--data", type=Path, default=DATA_DIR, help="folder with datapackage.json")
    parser.add_argument("--out", type=Path, default=FILE, help="file to write")
    options = parser.parse_args(arguments)
    options.out.write_text(dictionary(load_catalogue(options.data)), encoding="utf-8")
    print(f"Wrote {options.out}")


if __name__ == "__main__":
    main()
