"""The data dictionary: every variable of the catalogue in alphabetical order, with limits, tables and sources.

``python -m core.build.dictionary`` writes it. ``data/README.md`` is ordered by table, this by variable.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

from core.tables.catalogue import DATA_DIR, Catalogue, load_catalogue
from core.tables.schema import Field, Table

FILE = Path(__file__).parents[2] / "docs" / "data_dictionary.md"
HEADER = """# Data dictionary

Every variable of `data/`, in the order of the alphabet. Written by `python -m core.build.dictionary` from
`data/datapackage.json`; do not edit it by hand. `data/README.md` has the same variables by table.

A name that means different things in different tables has an entry for each.
"""
KINDS = {"string": "text", "integer": "whole number", "number": "number", "boolean": "yes or no", "date": "date"}
LIMITS = {"minimum": "at least", "maximum": "at most", "pattern": "of the form"}


def dictionary(catalogue: Catalogue) -> str:
    """The data dictionary of `catalogue` in Markdown."""
    derived = ((None, field) for fields in catalogue.derived.values() for field in fields)
    entries: dict[tuple[str, ...], list[Table]] = {}
    for table, field in (*((t, field) for t in catalogue.tables.values() for field in t.fields), *derived):
        meaning_key = (field.label, field.name, field.unit, _kind(field), field.help)
        entries.setdefault(meaning_key, []).extend([table] if table else [])
    order = sorted(entries, key=lambda meaning_key: (meaning_key[0].lower(), meaning_key))
    return "\n".join([HEADER, *(_entry(meaning_key, entries[meaning_key]) for meaning_key in order)])


def _entry(meaning_key: tuple[str, ...], tables: Sequence[Table]) -> str:
    label, name, unit, kind, meaning = meaning_key
    files = ", ".join(f"`{table.path}`" for table in tables) or "worked out from several tables when the app runs"
    sources = dict.fromkeys(source for table in tables for source in table.sources)
    origin = "; ".join(f"{source.title} ({source.publisher}), {source.terms or 'own work'}" for source in sources)
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


def _kind(field: Field) -> str:
    constraints = field.constraints()
    limits = [f"{text} {constraints[name]}" for name, text in LIMITS.items() if name in constraints]
    if field.enum:
        limits.append("one of " + ", ".join(map(str, field.enum)))
    if not field.required:
        limits.append("may be empty")
    return ", ".join([KINDS[field.type], *limits])


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
