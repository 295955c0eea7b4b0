"""Figures made by a stranger: whatever the texts of their data package hold, they are shown as plain text."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from core.app.history import SCRIPT
from core.london.amount.question import LONDON_AMOUNT
from core.registry.pages import PAGES
from core.tables.catalogue import PACKAGE_FILE, load_catalogue
from tests.pages.test_hostile_links import HTML, MARKDOWN, NEEDLE, taken_as_markdown, texts
from tests.pages.visiting import Visit
from tests.robustness.test_damaged import copied

TEXT_FIELDS = ("title", "description", "caveat", "unit", "changes", "publisher", "attribution", "licence")
ADDRESSES = ("path", "licencePath")
CALL, PICTURE = f"javascript:alert('{NEEDLE}')", f"https://a.example/{NEEDLE}) ![x](https://a.example/x.png"
# What a browser would act on, whoever wrote it: the app itself writes no picture but the drawing of a map, which is in
# its own address, and links to no such place.
ACTIVE = re.compile(r"<(img|script|a|iframe)\b|</script|!\[|\]\((javascript:|https://a\.example)|:red\[")
OWN_TAGS = re.compile(
    r"</?(p|div|span|svg|rect|line|text|title)\b[^<>]*>|<img alt=\"\" src=\"data:image/svg\+xml,[^\"<>]*\">"
)


@pytest.fixture(scope="module", autouse=True)
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """For all tests here, a copy of the figures whose package has markup in every text and harmful addresses."""
    with copied(tmp_path_factory.mktemp("hostile") / "data") as folder:
        poison_package(folder / PACKAGE_FILE)
        yield


def poison_package(file: Path) -> None:
    """Put markup into every text of the package, and harmful addresses."""
    package = json.loads(file.read_text(encoding="utf-8"))
    for resource in package["resources"]:
        fields = resource["schema"]["fields"] if "schema" in resource else resource["properties"]
        for entry in (resource, *fields, *resource["sources"]):
            poison(entry)
        for number, source in enumerate(resource["sources"]):
            source |= dict.fromkeys(ADDRESSES, (CALL, PICTURE)[number % 2])
    for entries in package["derived"].values():
        for entry in entries:
            poison(entry)
    file.write_text(json.dumps(package), encoding="utf-8")


def poison(entry: dict[str, Any]) -> None:
    for name in TEXT_FIELDS:
        if name in entry:
            entry[name] = f"{entry[name]} {HTML}\n# {MARKDOWN}\x00"


def sent(visit: Visit) -> Iterator[str]:
    """Every text that the page sends to the browser: of charts and maps, each string; of tables, each cell.

    The app's one script is a constant, into which nothing is written; every page has it once.
    """
    found = list(texts(visit))
    found.remove(SCRIPT)
    for text in found:
        if text.startswith("{"):
            yield from leaves(json.loads(text))
        else:
            yield OWN_TAGS.sub("", text) if text.startswith("<") else text
    for table in (*visit.at.table, *visit.at.dataframe):
        yield from map(str, (*table.value.columns, *table.value.to_numpy().ravel()))


def leaves(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        for name, value in part.items():
            yield name
            yield from leaves(value)
    elif isinstance(part, list):
        for value in part:
            yield from leaves(value)
    elif isinstance(part, str):
        yield part


def maps(page: str) -> list[Any]:
    return [proto for proto in Visit(page).pictures if proto.DESCRIPTOR.name == "DeckGlJsonChart"]


@pytest.mark.parametrize("page", [entry.name for entry in PAGES])
def test_hostile_catalogue_text_is_shown_without_active_markup(page: str) -> None:
    visit = Visit(page)
    assert len(visit.at.title) == 1
    assert [text for text in sent(visit) if ACTIVE.search(taken_as_markdown(text))] == []


def test_hostile_catalogue_text_is_shown_to_readers() -> None:
    assert any(NEEDLE in item.value for item in Visit("home").at.markdown)
    entries = "\n\n".join(item.value for item in Visit("glossary").at.markdown).split("\n\n")
    assert sum(NEEDLE in entry for entry in entries) == len(list(load_catalogue().of("london")))
    charts = [json.loads(proto.spec) for proto in Visit(LONDON_AMOUNT.page).pictures]
    assert any(NEEDLE in text for chart in charts for text in leaves(chart))
    (shown,) = maps("london_map")
    assert any(NEEDLE in text for text in leaves(json.loads(shown.json)["layers"]))


def test_map_tooltip_of_hostile_catalogue_is_plain_text() -> None:
    for page in ("london_map", "london_forecast"):
        (shown,) = maps(page)
        tooltip = json.loads(shown.tooltip)
        assert "html" not in tooltip
        assert tooltip["text"]


def test_hostile_catalogue_addresses_are_left_out() -> None:
    notes = load_catalogue().sources()
    assert {note.path for note in notes} | {note.licence.path for note in notes if note.licence} == {""}
