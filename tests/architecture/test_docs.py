"""What the documents promise is there."""

import re
import tomllib
from importlib.metadata import requires
from importlib.util import find_spec
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from core.build.dependencies import PIN, packages
from core.build.readme import with_pages
from core.registry.pages import PAGES
from tests.conftest import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
REQUIREMENTS = ("requirements.txt", "requirements-dev.txt")
LINK = re.compile(r"\]\((?!https?://|#)([^)#\s]+)")
TARGET = re.compile(r"^([a-z]+):", re.MULTILINE)
DOCUMENTS = sorted(path.relative_to(ROOT).as_posix() for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")))
PATH = r"`((?:core|pages|tests|data|docs|benchmarks|\.github|\.streamlit)/[\w./-]*)`"
# What one adds oneself is called NAME, and these two folders are made by a build.
MADE = ("NAME", "data/street_crime", "downloads")
NAMED = re.compile(rf"((?:`\w+`(?:, | and )?)+) in\s+{PATH}")
MODULE = re.compile(r"python -m ([\w.]+)")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
SUPPORTED = [f"3.{minor}" for minor in range(30) if f"3.{minor}" in SpecifierSet(PROJECT["requires-python"])]


@pytest.mark.parametrize("command", ["make run", "make test"])
def test_readme_names_the_command(command: str) -> None:
    assert command in README


def test_readme_make_targets_exist() -> None:
    named = set(re.findall(r"\bmake ([a-z]+)", _code(README)))
    assert named
    assert named <= set(TARGET.findall(MAKEFILE))


def test_readme_table_of_pages_is_that_of_the_registry() -> None:
    assert with_pages(README) == README, "run `python -m core.build.readme`"
    assert [page for page in PAGES if f"| `{page.name}` |" not in README] == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_document_links_to_files_resolve(document: str) -> None:
    targets = LINK.findall(_text(document))
    assert [target for target in targets if not ((ROOT / document).parent / target).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_document_files_and_modules_exist(document: str) -> None:
    text = _text(document)
    paths = [path for path in re.findall(PATH, text) if not any(made in path for made in MADE)]
    assert [path for path in paths if not (ROOT / path).exists()] == []
    assert [name for name in MODULE.findall(text) if find_spec(name) is None] == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_document_names_in_a_file_are_in_that_file(document: str) -> None:
    for names, path in NAMED.findall(_text(document)):
        content = (ROOT / path).read_text(encoding="utf-8")
        assert [name for name in re.findall(r"\w+", names.replace(" and ", " ")) if name not in content] == []


def test_named_pattern_finds_names_and_their_file() -> None:
    assert NAMED.findall("put it into `DERIVED` in `core/london/panel.py`") == [("`DERIVED`", "core/london/panel.py")]
    assert NAMED.findall("`a`, `b` and `c` in\n`core/x.py`") == [("`a`, `b` and `c`", "core/x.py")]


@pytest.mark.parametrize("name", REQUIREMENTS)
def test_requirements_of_each_file_are_pinned(name: str) -> None:
    lines = [line.split("#")[0].strip() for line in (ROOT / name).read_text(encoding="utf-8").splitlines()]
    required = [line for line in lines if line and not line.startswith("-r ")]
    assert required
    assert [line for line in required if not re.fullmatch(r"[a-z0-9-]+==\d+(\.\d+)+(\.post\d+)?", line)] == []


def test_requirements_have_a_reason_each() -> None:
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if "==" in line and "#" not in line] == []


def test_dependencies_document_lists_pinned_and_required_packages() -> None:
    rows = re.findall(r"^\| ([\w-]+) \| (\S+) \| ([^|]+) \| ([^|]+) \|$", _text("docs/dependencies.md"), re.MULTILINE)
    listed = {name: version for name, version, _, _ in rows if name != "package"}
    requirements = _text("requirements.txt")
    pinned = {pin["name"]: pin["version"] for pin in PIN.finditer(requirements)}
    assert pinned.items() <= listed.items()
    assert not [name for name, _, licence, _ in rows if "UNKNOWN" in licence or not licence.strip()]
    needed = {
        canonicalize_name(Requirement(line).name) for name in pinned for line in requires(name) or () if ";" not in line
    }
    assert needed <= set(listed)


def test_packages_have_a_reason_or_the_package_that_needs_them() -> None:
    licences = {"requests": ("2.0", "Apache"), "idna": ("3.0", "BSD"), "pytest": ("9", "MIT")}
    direct, indirect = packages("requests==2.0  # fetches [0.1 s]\n", licences)
    assert (direct.name, direct.version, direct.licence, direct.why) == ("requests", "2.0", "Apache", "fetches")
    assert (indirect.name, indirect.why) == ("idna", "needed by requests")


def test_changelog_has_the_version() -> None:
    assert re.search(rf"^## {re.escape(PROJECT['version'])}\b", _text("CHANGELOG.md"), re.MULTILINE)


def test_citation_has_version_and_licence() -> None:
    citation = yaml.safe_load(_text("CITATION.cff"))
    assert {"cff-version", "message", "title", "authors"} <= set(citation)
    assert citation["version"] == PROJECT["version"]
    assert _text("LICENSE").startswith(f"{citation['license']} License")


@pytest.mark.parametrize("document", ["README.md", "docs/deploying.md", "CONTRIBUTING.md", "SECURITY.md"])
def test_document_names_the_supported_pythons(document: str) -> None:
    named = set(re.findall(r"\b3\.(?:1\d)\b", _text(document)))
    assert named == set(SUPPORTED)


def test_checks_workflow_has_supported_pythons_and_pinned_actions() -> None:
    checks = _yaml(".github/workflows/checks.yml")
    assert checks["jobs"]["checks"]["strategy"]["matrix"]["python"] == SUPPORTED
    assert "pull_request" in checks[True]  # YAML reads "on" as true
    assert checks["permissions"] == {"contents": "read"}
    steps = [step for job in checks["jobs"].values() for step in job["steps"]]
    assert all(re.search(r"@[0-9a-f]{40}$", step["uses"]) for step in steps if "uses" in step)
    targets = {name for step in steps for name in re.findall(r"^make (\w+)", step.get("run", ""))}
    assert targets == {"test", "audit"} <= set(TARGET.findall(MAKEFILE))


def test_make_data_builds_all_studies() -> None:
    assert 'core.build all --sources "$(SOURCES)"' in MAKEFILE


def test_pre_commit_hooks_run_the_make_checks_locally() -> None:
    (repository,) = _yaml(".pre-commit-config.yaml")["repos"]
    assert repository["repo"] == "local"
    for hook in repository["hooks"]:
        command = hook["entry"].removeprefix(".venv/bin/").removesuffix(" --force-exclude")
        assert f"$(BIN)/{command}" in MAKEFILE
        assert hook["language"] == "system"


def test_container_holds_only_what_the_app_needs() -> None:
    kept = {line[1:] for line in _text(".containerignore").splitlines() if line.startswith("!")}
    assert kept == {".streamlit", "core", "data", "pages", "streamlit_app.py", "requirements.txt", "LICENSE"}
    assert all((ROOT / name).exists() for name in kept)
    image = _text("Containerfile")
    assert (re.findall(r"^FROM python:(3\.\d+)-slim$", image, re.MULTILINE) or [""])[0] in SUPPORTED
    last = re.findall(r"^USER (\S+)$", image, re.MULTILINE)[-1]
    assert last != "root"


def _text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def _yaml(name: str) -> Any:
    return yaml.safe_load(_text(name))


def _code(markdown: str) -> str:
    """Code spans and blocks of a document."""
    return "\n".join(re.findall(r"```.*?```|`[^`\n]+`", markdown, re.DOTALL))
