"""The app is built in layers: figures flow one way, and only ``core/app`` and the pages know Streamlit."""

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from fnmatch import fnmatchcase
from itertools import chain
from pathlib import Path

import pytest

from core.app.navigation import PAGES

ROOT = Path(__file__).parents[2]
CORE = sorted((ROOT / "core").rglob("*.py"))
PAGE_FILES = sorted((ROOT / "pages").glob("*.py"))

# From the load_place up: a module may import its own layer and those below it.
LAYERS: tuple[tuple[str, ...], ...] = (
    (
        "core",
        "core.tables.schema",
        "core.tables.options",
        "core.tables.calendar",
        "core.tables.quarters",
        "core.questions.links",
        "core.exports.briefing.markdown",
        "core.exports.images",
        "core.tables.geometry",
        "core.tables.catalogue",
        "core.tables.characters",
        "core.tables.files",
        "core.build.dictionary",
        "core.build.dependencies",
        "core.presentation.glossary",
        "core.stats.uncertainty",
    ),
    ("core.sources", "core.sources.*"),
    ("core.tables.panel",),
    (
        "core.uploads.read",
        "core.london.panel",
        "core.user_panel.read",
        "core.sources.police.counts",
        "core.sources.police.built",
    ),
    ("core.build", "core.build.*"),
    (
        "core.stats.regression",
        "core.stats.regression.*",
        "core.london.forecasting",
        "core.london.forecasting.*",
        "core.build.backtest",
    ),
    ("core.questions.question",),
    (
        "core.london.ages.analysis",
        "core.stats.contributions",
        "core.crime",
        "core.crime.*",
        "core.crime.types.view",
        "core.london.forecast.view",
        "core.questions.curve",
        "core.london.evidence.groups",
        "core.user_panel.question",
        "core.stats.penalised",
        "core.stats.ranks",
        "core.stats.what_if",
    ),
    ("core.presentation.text", "core.wording_*"),
    (
        "core.london.evidence.peers",
        "core.exports.attribution",
        "core.presentation.column_format",
        "core.exports.column_help",
        "core.exports.script",
        "core.exports.notebook",
        "core.exports.regression_table",
        "core.exports.static_maps",
        "core.exports.excel",
        "core.presentation.maps",
        "core.presentation.charts",
        "core.presentation.charts",
        "core.london.map.figures",
        "core.london.forecast.map",
        "core.crime.rates.map",
        "core.crime.map",
    ),
    ("core.claims", "core.claims.*", "core.*_claims"),
    ("core.presentation.model_figures", "core.figures_*", "core.exports.briefing.content", "core.briefing_*"),
    ("core.home.summary", "core.home.tour"),
    ("core.app", "core.app.*"),
    ("pages.*", "streamlit_app"),
)
# Nothing that is shown may come from the code that builds the figures, and the engine knows no words.
NEVER = (
    ("core.build.*", "core.stats.regression*"),
    ("core.stats.regression*", "core.sources*"),
    ("core.stats.regression*", "core.tables.catalogue"),
    ("core.app*", "core.build*"),
    ("pages.*", "core.sources*"),
)
HEAVY = (
    "statsmodels",
    "sklearn",
    "pandera",
    "polars",
    "openpyxl",
    "frictionless",
    "scipy.stats",
    "pydeck",
    "markdown_it",
    "requests",
    "tqdm",
)


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_of(path): path for path in [*CORE, *PAGE_FILES, ROOT / "streamlit_app.py"]}


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imported(path: Path) -> Iterator[str]:
    """Every module that `path` imports anywhere in it, in full; of a package, what is taken from it too."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name} imports by dots; write the module out"
            assert node.module is not None
            inside = [name for alias in node.names if (name := f"{node.module}.{alias.name}") in MODULES]
            yield from inside or [node.module]


def layer_of(module: str) -> int:
    exact = [place for place, names in enumerate(LAYERS) if module in names]
    matching = [place for place, names in enumerate(LAYERS) if any(fnmatchcase(module, name) for name in names)]
    assert len(exact or matching) == 1, f"{module} is in {len(matching)} layers of LAYERS; give it one"
    return (exact or matching)[0]


@pytest.mark.parametrize("module", MODULES)
def test_a_module_imports_only_its_own_layer_and_those_below(module: str) -> None:
    own = layer_of(module)
    for name in imported(MODULES[module]):
        if name in MODULES:
            assert layer_of(name) <= own, f"{module} imports {name}, which stands above it"
            for importer, target in NEVER:
                wrong = fnmatchcase(module, importer) and fnmatchcase(name, target)
                assert not wrong, f"{module} imports {name}"


def test_core_without_app_never_names_streamlit() -> None:
    for module, path in MODULES.items():
        if module.startswith("core") and not module.startswith("core.app"):
            assert not any(name.split(".")[0] == "streamlit" for name in imported(path)), module


def test_core_without_app_works_without_streamlit() -> None:
    names = [m for m in MODULES if m.startswith("core") and not m.startswith("core.app") and "__main__" not in m]
    code = (
        "import importlib, sys\n"
        "sys.modules['streamlit'] = None\n"
        f"for name in {names!r}: importlib.import_module(name)\n"
        "print(len([name for name in sys.modules if name.startswith('core')]))"
    )
    printed = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert int(printed) >= len(names)


def test_every_page_file_is_a_page_and_every_page_has_a_file() -> None:
    assert {path.stem for path in PAGE_FILES} == {entry.name for entry in PAGES}
    assert len({entry.name for entry in PAGES}) == len(PAGES)
    assert all(entry.title and entry.section and entry.icon.startswith(":material/") for entry in PAGES)


@pytest.mark.parametrize("path", PAGE_FILES, ids=lambda path: path.stem)
def test_a_page_enters_first_and_then_only_shows(path: Path) -> None:
    tree = tree_of(path)
    imports = (ast.Import, ast.ImportFrom)
    first = next(statement for statement in tree.body if not isinstance(statement, imports))
    assert ast.unparse(first) == "enter()"
    sums = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow)
    for node in ast.walk(tree):
        assert not (isinstance(node, ast.BinOp) and isinstance(node.op, sums)), f"arithmetic: {ast.unparse(node)}"
        assert not isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.Lambda)), f"line {node.lineno} belongs in core"
        assert not (isinstance(node, ast.Constant) and isinstance(node.value, float)), f"a number: {ast.unparse(node)}"
    taken = {name.split(".")[0] for name in imported(path)}
    assert taken <= {"streamlit", "core", "collections", "dataclasses", "typing"}, "pages need no other package"
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 80


def test_the_entry_file_does_nothing_but_run() -> None:
    body = tree_of(ROOT / "streamlit_app.py").body
    assert len([node for node in body if not isinstance(node, (ast.Import, ast.ImportFrom))]) <= 2


def test_the_first_page_needs_no_heavy_package() -> None:
    code = (
        "import sys\n"
        "from streamlit.testing.v1 import AppTest\n"
        f"at = AppTest.from_file({str(ROOT / 'streamlit_app.py')!r}, default_timeout=120).run()\n"
        "assert len(at.title) == 1 and not at.exception\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    printed = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert printed.stdout.strip() == "[]"


def test_no_part_of_the_app_imports_a_heavy_package_at_the_top() -> None:
    """What only some views need is imported where it is used."""
    for module, path in MODULES.items():
        if module.startswith(("core.build", "core.sources", "core.sources.police.counts")):
            continue
        top = (node for node in tree_of(path).body if isinstance(node, (ast.Import, ast.ImportFrom)))
        names = chain.from_iterable(
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [f"{node.module}", *(f"{node.module}.{alias.name}" for alias in node.names)]
            for node in top
        )
        assert not {name for name in names if name.startswith(HEAVY)}, module


@pytest.mark.parametrize(("told", "threads"), [({}, 1), ({"OPENBLAS_NUM_THREADS": "2"}, 2)])
def test_small_matrices_are_worked_out_in_one_thread_unless_told_otherwise(
    sentence: dict[str, str], threads: int
) -> None:
    own = {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"}
    code = (
        "import core, numpy, scipy.linalg\nfrom threadpoolctl import threadpool_info\n"
        "print({pool['num_threads'] for pool in threadpool_info() if pool['internal_api'] == 'openblas'})"
    )
    command = [sys.executable, "-c", code]
    printed = subprocess.run(command, cwd=ROOT, env=own | sentence, capture_output=True, text=True, check=True)
    assert printed.stdout.strip() == f"{{{min(threads, os.cpu_count() or 1)}}}"
