"""Links that a stranger made: whatever they hold, each page shows itself, and nothing of theirs as markup."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import pytest
from google.protobuf.message import Message

from core.questions.links import NAMES, PLACES, not_offered, own_choices
from core.registry.pages import PAGES
from tests.pages.visiting import WHOLE, Visit

NEEDLE = "needle"
MARKS = re.compile(r"[<>\[\]*$]")
HTML = f"<img src=x onerror=alert(1)>{NEEDLE}</script><script>alert(1)</script>"
MARKDOWN = f"](https://a.example) **[{NEEDLE}](javascript:alert(1))** ![{NEEDLE}](https://a.example/x.png) :red[a] $x$"
HOSTILE: Mapping[str, Any] = {
    "markup": HTML,
    "markdown": MARKDOWN,
    "code span": f"`` ` ``` {HTML}",
    # All choices of a page so long are within what Streamlit reads: it ignores a link of over 524,288 characters.
    "very long": f"{NEEDLE}|" * 1_500,
    "control characters": f"\x00\n\r\u202e\ufeff{NEEDLE}\U0001f600\ud7ff",
    "not a number": f"nan|{NEEDLE}|-1|1e309|0x10",
    "path": f"../../etc/passwd{NEEDLE}",
    "nothing": "",
    "repeated": [HTML, MARKDOWN, f"{NEEDLE}"],
}
# Home has nothing to choose, and the visitor's own panel keeps a link until its file is dropped.
LEAVES_THE_LINK = ("home", "user_panel")


@cache
def default_query(page: str) -> Mapping[str, str]:
    """What is in the link of `page` as it opens, asked for once."""
    return Visit(page).query


def whole(page: str) -> dict[str, str]:
    """What in a link to `page` asks for everything on one page, where it has layers."""
    return {name: text for name, text in WHOLE.items() if name in default_query(page)}


@pytest.mark.parametrize("kind", HOSTILE)
@pytest.mark.parametrize("page", [entry.name for entry in PAGES])
def test_page_with_hostile_link_shows_no_markup_of_it(page: str, kind: str) -> None:
    asked = dict.fromkeys(["v", "file", *default_query(page)], HOSTILE[kind]) | {NEEDLE: HTML, HTML: NEEDLE}
    visit = Visit(page, asked | whole(page))
    assert len(visit.at.title) == 1
    assert [text for text in texts(visit) if NEEDLE in text and MARKS.search(taken_as_markdown(text))] == []
    if page not in LEAVES_THE_LINK:
        assert NEEDLE not in str(visit.query)
        assert visit.query == {**default_query(page), **_chosen(visit.query, kind)}


def _chosen(query: Mapping[str, str], kind: str) -> dict[str, str]:
    """What a hostile link chooses all the same: nothing for the first quarter means from the first on."""
    return {"start": ""} if kind == "nothing" and "start" in query else {}


def test_names_that_links_may_have_are_those_of_the_pages() -> None:
    """Besides those of the pages as they open: what is searched for, and a visitor's file."""
    of_pages = set().union(*(default_query(page.name) for page in PAGES))
    assert of_pages <= NAMES
    assert {"find", "file"} <= NAMES - of_pages


@pytest.mark.parametrize("page", [entry.name for entry in PAGES if entry.name != "home"])
def test_page_names_what_no_page_knows_and_leaves_trackers_alone(page: str) -> None:
    asked = {"colour": "red", "utm_source": "mail", "fbclid": "1", "embed": "true"}
    (notice,) = Visit(page, asked | whole(page)).at.info
    assert "`'colour'`" in notice.value
    assert "utm_source" not in notice.value
    assert not Visit(page, {"utm_source": "mail", "fbclid": "1", "borough": "Barnet"} | whole(page)).at.info


@pytest.mark.parametrize(
    ("page", "query", "wrong"),
    [
        ("neighbourhood", {"district": "Coventry", "place": "kent"}, {"place": "kent"}),
        ("neighbourhood", {"lsoa": "E01008397", "district": "Leeds"}, {"district": "Leeds"}),
        (
            "crime_deprivation",
            {"start": "2019Q1", "areas": "Coventry"} | WHOLE,
            {"start": "2019Q1", "areas": "Coventry"},
        ),
    ],
)
def test_page_names_choices_that_it_works_out_itself(page: str, query: dict[str, str], wrong: dict[str, str]) -> None:
    (notice,) = Visit(page, query).at.info
    assert notice.value.split("\n\n")[:-1] == [not_offered(name, text) for name, text in wrong.items()]


@pytest.mark.parametrize("query", [{"utm_source": "mail"}, {"colour": "red"}, {"controls": ""}])
def test_link_that_says_nothing_of_a_page_opens_its_summary(query: dict[str, str]) -> None:
    visit = Visit("london_amount", query)
    assert visit.value("layer") == "summary"
    assert len(visit.at.info) == ("colour" in query)


@pytest.mark.parametrize("version", ["0", "2", "999", "-1", "1.0", "one"])
@pytest.mark.parametrize("page", [entry.name for entry in PAGES])
def test_page_with_other_link_version_opens_with_defaults(page: str, version: str) -> None:
    visit = Visit(page, {"v": version} | whole(page))
    assert len(visit.at.title) == 1
    if page not in LEAVES_THE_LINK:
        assert visit.query == default_query(page)


@pytest.mark.parametrize("kind", HOSTILE)
def test_page_with_hostile_layer_shows_its_summary(kind: str) -> None:
    visit = Visit("london_amount", {"layer": HOSTILE[kind], "tab": HOSTILE[kind]})
    assert visit.value("layer") == "summary"
    assert NEEDLE not in str(visit.query)
    assert [text for text in texts(visit) if NEEDLE in text and MARKS.search(taken_as_markdown(text))] == []


def texts(visit: Visit) -> Iterator[str]:
    """Every text that the page sends to the browser."""
    for node in blocks(visit.at._tree):
        proto = getattr(node, "proto", None)
        if isinstance(proto, Message):
            yield from strings(proto)


def blocks(node: Any) -> Iterator[Any]:
    yield node
    for child in getattr(node, "children", {}).values():
        yield from blocks(child)


def strings(message: Message) -> Iterator[str]:
    for field, value in message.ListFields():
        values = value if field.is_repeated else [value]
        for item in values:
            if isinstance(item, Message):
                yield from strings(item)
            elif isinstance(item, str):
                yield item


def taken_as_markdown(text: str) -> str:
    """What of a Markdown text is neither in a code span nor escaped."""
    return re.sub(r"\\.", "", "".join(text.split("`")[::2]))


def test_markup_check_finds_markup() -> None:
    assert MARKS.search(taken_as_markdown(f"a `b` <b>{NEEDLE} `c`"))
    assert MARKS.search(taken_as_markdown(MARKDOWN))
    assert not MARKS.search(taken_as_markdown(f"a `{HTML}` \\<b\\> {NEEDLE}"))
    assert list(strings(Visit("data").at.title[0].proto))


@pytest.mark.parametrize("page", [entry.name for entry in PAGES if entry.name != "home"])
def test_choices_of_a_page_are_those_that_its_link_has(page: str) -> None:
    known = own_choices(dict.fromkeys(NAMES, "x"), page) | PLACES | {"v", "layer", "tab"}
    if page not in LEAVES_THE_LINK:
        assert set(default_query(page)) <= known


@pytest.mark.parametrize(
    ("page", "query"),
    [
        ("borough", {"area": "Lewisham"}),
        ("borough", {"outcome": "trust_mps"}),
        ("england", {"outcome": "trust_mps"}),
        ("london_amount", {"crime_type": "Burglary"}),
    ],
)
def test_choices_of_another_page_do_not_open_the_analysis(page: str, query: dict[str, str]) -> None:
    assert Visit(page, query).value("layer") == "summary"


@pytest.mark.parametrize(
    ("page", "query", "rest"),
    [
        ("borough", {"colour": "red"}, False),
        ("england", {"district": "Nonsense"}, False),
        ("borough", {"colour": "red", "borough": "lewisham"}, True),
        ("glossary", {"v": "1", "term": "Nonsense"}, False),
    ],
)
def test_rest_of_a_link_is_spoken_of_where_there_is_one(page: str, query: dict[str, str], rest: bool) -> None:
    (notice,) = Visit(page, query).at.info
    assert ("The rest of the link" in notice.value) == rest
