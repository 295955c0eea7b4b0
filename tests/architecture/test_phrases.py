"""No text in the code has a phrase that no reader should meet, whatever page shows it."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.presentation.plain_english import PHRASES

MODULES = [*sorted((ROOT / "core").rglob("*.py")), *sorted((ROOT / "pages").glob("*.py"))]
# What the names of files and columns of publishers hold, and what matches texts of others.
NOT_TEXT = ("core/sources/", "core/build/")


def texts(path: Path) -> Iterator[tuple[int, str]]:
    """Each text of a module that may be shown, with its line: not docstrings, nor keys without a space."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    inside = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in inside
            and " " in node.value
        ):
            yield node.lineno, node.value


SHOWN = [path for path in MODULES if not str(path.relative_to(ROOT)).startswith(NOT_TEXT)]


def test_walk_of_texts_finds_those_that_are_shown() -> None:
    assert sum(1 for path in SHOWN for _ in texts(path)) > 1000


@pytest.mark.parametrize("path", SHOWN, ids=lambda path: str(path.relative_to(ROOT)))
def test_module_has_no_phrase_that_readers_should_not_meet(path: Path) -> None:
    found = [f"{path.name}:{line}: {text}" for line, text in texts(path) if PHRASES.search(text)]
    assert found == []
