"""What a room of the house may hold; which rooms may use which is in ``pyproject.toml``, for import-linter."""

import ast
import os
import re
import subprocess
import sys
import tokenize
from collections import Counter
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest

from core.registry.pages import PAGES

ROOT = Path(__file__).parents[2]
CORE = sorted((ROOT / "core").rglob("*.py"))
PAGE_FILES = sorted((ROOT / "pages").glob("*.py"))

LONGEST = 400  # lines of a module
MOST_IN_A_FOLDER = 17  # modules
FEWEST_WORDS = 5  # of a test's name
LONG_LINE = 60  # of a function that may not be written twice
SECTIONS = "core.app.sections"
TESTS = ROOT / "tests"
TESTS_OF_THE_WHOLE = (
    "architecture",
    "benchmarks",
    "browser",
    "build/download",
    "pages",
    "robustness",
    "sources/workbooks",
)
# One word for two things: a model and a method of forecasting, a kind of workbook and a table, a folder and a data set,
# a column of two tables.
MEANT_TWICE = ("RECOMMENDED = 'recommended'", "FORCE = 'use_of_force'", "LONDON = 'london'", "AREA = 'Area'")
WRITTEN = (tokenize.NAME, tokenize.COMMENT)
# A figure is a figure, text is text, and a file is uploaded.
LEFT_BEHIND = re.compile(
    r"exhibit|wording|\banew\b|hand(?:ed|ing)?[ _]in\b|reckon\w*|foret[eo]l\w*|leans? on\b", re.IGNORECASE
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


def names_and_comments(path: Path) -> Iterator[str]:
    """Every name, comment and docstring of `path`; what readers see is not among them."""
    with tokenize.open(path) as file:
        yield from (token.string for token in tokenize.generate_tokens(file.readline) if token.type in WRITTEN)
    for node in ast.walk(tree_of(path)):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)):
            yield ast.get_docstring(node) or ""


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


def test_page_files_and_navigation_entries_match() -> None:
    assert {path.stem for path in PAGE_FILES} == {entry.name for entry in PAGES}
    assert len({entry.name for entry in PAGES}) == len(PAGES)
    assert all(entry.title and entry.section and entry.icon.startswith(":material/") for entry in PAGES)


@pytest.mark.parametrize("path", PAGE_FILES, ids=lambda path: path.stem)
def test_page_file_calls_enter_first_and_defines_nothing(path: Path) -> None:
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


def test_core_holds_only_folders() -> None:
    assert [path.name for path in (ROOT / "core").glob("*.py")] == ["__init__.py"]


@pytest.mark.parametrize("module", MODULES)
def test_module_is_short_enough_to_be_read_at_once(module: str) -> None:
    assert len(MODULES[module].read_text(encoding="utf-8").splitlines()) <= LONGEST


@pytest.mark.parametrize("module", MODULES)
def test_module_takes_no_private_name_of_another(module: str) -> None:
    taken = [
        alias.name
        for node in ast.walk(tree_of(MODULES[module]))
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith("core")
        for alias in node.names
    ]
    assert [name for name in taken if name.startswith("_")] == []


def test_classes_of_core_have_different_names() -> None:
    names = Counter(
        node.name
        for path in CORE
        for node in tree_of(path).body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    )
    assert [name for name, count in names.items() if count > 1] == []


@pytest.mark.parametrize("path", [*CORE, *PAGE_FILES], ids=lambda path: path.relative_to(ROOT).as_posix())
def test_names_and_comments_use_none_of_the_words_that_we_left_behind(path: Path) -> None:
    assert [text for text in names_and_comments(path) if LEFT_BEHIND.search(text)] == []


def test_page_of_a_study_is_named_after_study_and_question_folder() -> None:
    """A study with one question may have it in its own folder."""
    for page in PAGES:
        study, _, name = page.name.partition("_")
        folder = ROOT / "core" / study
        if name and (folder / "__init__.py").exists():
            assert (folder / name).is_dir() or (folder / "question.py").exists(), f"{page.name} has no {folder / name}"
        assert page.question is None or page.question.page == page.name


def test_folders_of_core_hold_few_modules() -> None:
    """Of the sections there is one for each page that needs one, so their number follows that of the pages."""
    held = Counter(module_of(path.parent / "__init__.py") for path in CORE)
    held[SECTIONS] -= len(PAGES)
    assert {folder: number for folder, number in held.items() if number > MOST_IN_A_FOLDER} == {}


def test_folders_of_tests_mirror_core() -> None:
    folders = {path.parent.relative_to(TESTS) for path in TESTS.rglob("test_*.py")}
    others = {folder for folder in folders if not (ROOT / "core" / folder).is_dir()}
    assert {folder.as_posix() for folder in others} <= set(TESTS_OF_THE_WHOLE)


def test_tests_are_named_by_unit_condition_and_result() -> None:
    names = [
        node.name
        for path in TESTS.rglob("test_*.py")
        for node in tree_of(path).body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    ]
    assert [name for name in names if len(name.split("_")) < FEWEST_WORDS] == []


def test_modules_define_no_text_and_no_function_that_another_defines() -> None:
    """A text is a constant of the same name and value; a function has the same body, whatever it is called."""
    found: dict[str, list[str]] = {}
    for module, path in MODULES.items():
        for definition in [*texts_defined(path), *functions_defined(path)] if module.startswith("core") else ():
            found.setdefault(definition, []).append(module)
    twice = {definition: modules for definition, modules in found.items() if len(set(modules)) > 1}
    assert {definition: modules for definition, modules in twice.items() if definition not in MEANT_TWICE} == {}


def texts_defined(path: Path) -> Iterator[str]:
    """Constants of `path` that are texts of more than a word's beginning, with their values."""
    for node in tree_of(path).body:
        if isinstance(node, ast.Assign):
            target = node.targets[-1]
            pairs = (
                zip(target.elts, node.value.elts, strict=True)
                if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple)
                else [(target, node.value)]
            )
            for name, value in pairs:
                if isinstance(value, ast.Constant) and isinstance(value.value, str) and len(value.value) > 3:
                    yield f"{ast.unparse(name)} = {value.value!r}"


def functions_defined(path: Path) -> Iterator[str]:
    """The bodies of functions of `path`, without docstrings; of those of a line only such as are long."""
    for node in tree_of(path).body:
        if isinstance(node, ast.FunctionDef):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            text = "\n".join(map(ast.unparse, body))
            if len(text) > LONG_LINE:
                yield text


def test_entry_file_only_runs_the_app() -> None:
    body = tree_of(ROOT / "streamlit_app.py").body
    assert len([node for node in body if not isinstance(node, (ast.Import, ast.ImportFrom))]) <= 2


def test_first_page_imports_no_heavy_package() -> None:
    code = (
        "import sys\n"
        "from streamlit.testing.v1 import AppTest\n"
        f"at = AppTest.from_file({str(ROOT / 'streamlit_app.py')!r}, default_timeout=120).run()\n"
        "assert len(at.title) == 1 and not at.exception\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    printed = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert printed.stdout.strip() == "[]"


def test_modules_import_no_heavy_package_at_the_top() -> None:
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


@pytest.mark.parametrize(("environment", "threads"), [({}, 1), ({"OPENBLAS_NUM_THREADS": "2"}, 2)])
def test_core_uses_one_thread_unless_the_environment_sets_more(environment: dict[str, str], threads: int) -> None:
    own = {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"}
    code = (
        "import core, numpy, scipy.linalg\nfrom threadpoolctl import threadpool_info\n"
        "print({pool['num_threads'] for pool in threadpool_info() if pool['internal_api'] == 'openblas'})"
    )
    command = [sys.executable, "-c", code]
    printed = subprocess.run(command, cwd=ROOT, env=own | environment, capture_output=True, text=True, check=True)
    assert printed.stdout.strip() == f"{{{min(threads, os.cpu_count() or 1)}}}"
