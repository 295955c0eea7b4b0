"""What the documents promise is there."""

import re
import tomllib

import pytest

from core.app.navigation import PAGES, PageEntry
from tests.conftest import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
REQUIREMENTS = ("requirements.txt", "requirements-dev.txt")
LINK = re.compile(r"\]\((?!https?://|#)([^)#\s]+)")
TARGET = re.compile(r"^([a-z]+):", re.MULTILINE)


@pytest.mark.parametrize("command", ["make run", "make test"])
def test_readme_names_the_command(command: str) -> None:
    assert command in README


def test_make_targets_in_readme_exist() -> None:
    named = set(re.findall(r"\bmake ([a-z]+)", _code(README)))
    assert named
    assert named <= set(TARGET.findall(MAKEFILE))


@pytest.mark.parametrize("entry", PAGES, ids=lambda entry: entry.name)
def test_readme_names_the_page(entry: PageEntry) -> None:
    assert f"`{entry.name}`" in README


@pytest.mark.parametrize("document", sorted(path.name for path in ROOT.glob("*.md")))
def test_links_to_files_resolve(document: str) -> None:
    targets = LINK.findall((ROOT / document).read_text(encoding="utf-8"))
    assert [target for target in targets if not (ROOT / target).exists()] == []


@pytest.mark.parametrize("name", REQUIREMENTS)
def test_requirements_are_pinned(name: str) -> None:
    lines = [line.split("#")[0].strip() for line in (ROOT / name).read_text(encoding="utf-8").splitlines()]
    required = [line for line in lines if line and not line.startswith("-r ")]
    assert required
    assert [line for line in required if not re.fullmatch(r"[a-z0-9-]+==\d+(\.\d+)+(\.post\d+)?", line)] == []


def test_requirements_say_why() -> None:
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if "==" in line and "#" not in line] == []


def test_changelog_has_the_version() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert re.search(rf"^## {re.escape(version)}\b", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)


def _code(markdown: str) -> str:
    """Code spans and blocks of a document."""
    return "\n".join(re.findall(r"```.*?```|`[^`\n]+`", markdown, re.DOTALL))
