"""No chart shows raw columns or unrounded numbers on hover, whatever page, layer or section draws it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import altair as alt
import pandas as pd
import pytest

from core.presentation.charts import with_theme
from tests.conftest import ROOT
from tests.presentation.tooltips import faults

CORE = ROOT / "core"


def tooltips(path: Path) -> Iterator[ast.Call]:
    """Each call in a module that makes a line of a tooltip."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("Tooltip"):
            yield node


MODULES = [path for path in sorted(CORE.rglob("*.py")) if any(tooltips(path))]


def test_modules_with_tooltips_are_found() -> None:
    assert {path.parent.name for path in MODULES} >= {"charts"}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(CORE)))
def test_each_line_of_a_tooltip_has_a_label_and_numbers_a_format(path: Path) -> None:
    for call in tooltips(path):
        given = {keyword.arg for keyword in call.keywords}
        field = ast.unparse(call.args[0]).rstrip("'\"")
        assert "title" in given, f"{path}:{call.lineno} has no label"
        assert field.endswith((":Q", ":N", ":O", ":T")), f"{path}:{call.lineno} does not say what it holds"
        if field.endswith((":Q", ":T")):
            assert "format" in given, f"{path}:{call.lineno} is not rounded"


# A unit in the label; the second end of a range, what a rank is of and what is counted need none.
UNIT = re.compile(r"\(.+\)|%|per cent|times|residents|place in order|from$|^to$", re.IGNORECASE)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(CORE)))
def test_each_number_of_a_tooltip_has_a_unit_or_the_name_of_its_axis(path: Path) -> None:
    for call in tooltips(path):
        if not ast.unparse(call.args[0]).rstrip("'\"").endswith(":Q"):
            continue
        (title,) = (keyword.value for keyword in call.keywords if keyword.arg == "title")
        if isinstance(title, ast.Constant) and isinstance(title.value, str):
            assert UNIT.search(title.value), f"{path}:{call.lineno}: {title.value} of what?"


def chart(*tooltip: alt.Tooltip) -> alt.Chart:
    rows = pd.DataFrame({"quarter_end": [1.23456], "rank": [1]})
    return alt.Chart(rows).mark_point().encode(x="quarter_end:Q", tooltip=list(tooltip))


@pytest.mark.parametrize(
    ("line", "right"),
    [
        (alt.Tooltip("rank:Q", title="Place in order", format="d"), True),
        (alt.Tooltip("rank:N", title="Place in order"), True),
        (alt.Tooltip("rank:Q", title="Place in order"), False),
        (alt.Tooltip("rank:Q", title="rank", format="d"), False),
        (alt.Tooltip("quarter_end:T", title="quarter_end", format="%Y"), False),
        (alt.Tooltip("quarter_end:Q", format=".1f"), False),
    ],
)
def test_faults_finds_raw_names_and_unrounded_numbers(line: alt.Tooltip, right: bool) -> None:
    assert (faults(with_theme(chart(line), dark=False)) == []) == right


def test_faults_finds_marks_that_would_show_their_columns() -> None:
    spec = with_theme(chart(), dark=True)
    assert faults(spec) == []
    assert faults(spec | {"config": {}})
