"""The label of a variable is written once, next to its reader; everything else takes it from the catalogue."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.tables.catalogue import Catalogue

ROOT = Path(__file__).parents[2]
DECLARED = ("core/sources/", "core/london/panel.py", "core/build/")
FILES = [
    path
    for path in sorted([*(ROOT / "core").rglob("*.py"), *(ROOT / "pages").glob("*.py")])
    if not path.relative_to(ROOT).as_posix().startswith(DECLARED)
]
MEASURES = ("outcome", "force")
FEWEST_WORDS = 2  # "Theft" alone is a word of the language, not a label


def texts(path: Path) -> Iterator[str]:
    """Every text in the code of `path` but its docstrings, which no reader of the app sees."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef)
    docstrings = {id(node.body[0].value) for node in ast.walk(tree) if _has_docstring(node, documented)}  # type: ignore[attr-defined]
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.value


def _has_docstring(node: ast.AST, documented: tuple[type[ast.AST], ...]) -> bool:
    return isinstance(node, documented) and bool(node.body) and isinstance(node.body[0], ast.Expr)  # type: ignore[attr-defined]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_source_file_repeats_no_label_of_a_measure(path: Path, catalogue: Catalogue) -> None:
    labels = [variable.label for role in MEASURES for variable in catalogue.with_role(role)]
    labels = [label for label in labels if len(label.split()) >= FEWEST_WORDS]
    assert len(labels) > 10
    for text in texts(path):
        for label in labels:
            assert label not in text, f"{label!r} is written out; take it from the catalogue"


def test_catalogue_outcomes_have_one_unit(catalogue: Catalogue) -> None:
    units = {variable.unit for variable in catalogue.of("london").with_role("outcome")}
    assert units == {"share of residents"}
