"""A briefing says what its page says: the same question, answer, figures, sources and link."""

import io
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlsplit

import pytest
from docx import Document

from core.app.navigation import PAGES
from core.exports.attribution import TABLES
from core.exports.briefing import content as content
from core.questions.question import LONDON_AMOUNT, LONDON_OUTCOMES
from core.tables.catalogue import catalogue
from tests.exports.html_reader import Read
from tests.pages.conftest import Makers
from tests.pages.visiting import SITE, Visit
from tests.user_panel.panels import YEARS, as_csv, held, rows

CHANGED: Mapping[str, Mapping[str, str]] = {
    LONDON_AMOUNT.page: {"outcome": "listen_to_concerns", "effects": "borough", "lag": "1", "borough": "Barnet"},
    LONDON_OUTCOMES.page: {"effects": "none", "term": "hospitalised"},
    "london_forecast": {"measure": "listen_to_concerns", "borough": "Brent"},
    "london_map": {"borough": "Brent"},
    "crime_rates": {"district": "Dudley"},
    "crime_types": {"district": "Walsall"},
    "crime_deprivation": {},
    "published_claims": {"study": "west_midlands"},
}
WITHOUT = ("home", "data", "glossary")


def read(offered: Makers, page: str) -> Read:
    return Read(offered[f"{page}_briefing.html"]().decode())


def linked(page: Read) -> dict[str, str]:
    """Query of the address at the end."""
    (address,) = [value for value in page.values("a", "href") if value.startswith(SITE)]
    return dict(parse_qsl(urlsplit(address).query, keep_blank_values=True))


def words(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("page", CHANGED)
def test_a_briefing_is_that_of_the_page_and_its_choices(page: str, offered: Makers) -> None:
    visit = Visit(page, CHANGED[page])
    assert CHANGED[page].items() <= visit.query.items()
    told = read(offered, page)
    (question,) = told.of("h1")
    assert question == visit.at.title[0].value
    below = told.in_order[told.in_order.index(("h1", question)) :]
    assert next(text for tag, text in below if tag == "p") == visit.answer
    assert {content.HOW_SURE, content.METHOD} <= set(told.of("h2"))
    assert linked(told) == visit.linked
    assert Visit(page, linked(told)).answer == visit.answer
    _tells_its_sources(told, page)

    visit.at.session_state[f"briefing.{page}.whole"] = True
    visit.run()
    _has_every_picture(read(offered, page), visit)


def _tells_its_sources(told: Read, page: str) -> None:
    """Assert that `told` lists the publications behind the page, no others, and the version of the figures."""
    notes = catalogue().sources(*TABLES[page])
    assert notes
    listed = words(told.text[told.text.rindex("Sources and licences") : told.text.rindex("About this briefing")])
    assert all(words(note.title) in listed and words(note.attribution) in listed for note in notes)
    assert not [note.title for note in catalogue().sources() if note not in notes and words(note.title) in listed]
    assert f"version {catalogue().version}" in told.text


def _has_every_picture(told: Read, visit: Visit) -> None:
    """Assert that `told` has each chart of the page under the same text alternative, and a map if the page has one."""
    shown, drawn = ({alt for alt in alts if not alt.startswith("Map of")} for alts in _alts(visit, told))
    assert shown
    assert shown <= drawn
    maps, drawn_maps = (any(alt.startswith("Map of") for alt in alts) for alts in _alts(visit, told))
    assert maps == drawn_maps


def _alts(visit: Visit, told: Read) -> tuple[list[str], list[str]]:
    return [picture.alt for picture in visit.pictures], told.values("div", "aria-label")


@pytest.mark.parametrize("page", [LONDON_AMOUNT.page, "crime_types"])
def test_word_says_the_same(page: str, offered: Makers) -> None:
    visit = Visit(page, CHANGED[page])
    document = Document(io.BytesIO(offered[f"{page}_briefing.docx"]()))
    found = {paragraph.style.name: paragraph.text for paragraph in reversed(document.paragraphs) if paragraph.style}
    assert found["Title"] == visit.at.title[0].value
    assert found["Subtitle"] == visit.answer
    assert len(document.inline_shapes) > 1
    assert all(shape._inline.docPr.get("descr") for shape in document.inline_shapes)


def test_every_page_with_an_answer_has_one_and_no_other() -> None:
    assert {*CHANGED, *WITHOUT, "london_ages", "crime_bicycle_theft", "own_panel"} == {entry.name for entry in PAGES}


@pytest.mark.parametrize("page", WITHOUT)
def test_a_page_without_an_answer_has_none(page: str, offered: Makers) -> None:
    Visit(page)
    assert not [name for name in offered if "briefing" in name]


def test_what_is_left_of_one_page_is_not_told_on_the_next(offered: Makers) -> None:
    visit = Visit(LONDON_AMOUNT.page)
    offered.clear()
    visit.go("glossary")
    assert not [name for name in offered if "briefing" in name]
    visit.go("crime_types")
    assert read(offered, "crime_types").of("h1") == [visit.at.title[0].value]


def test_a_briefing_stays_that_of_the_choices_it_was_offered_with(offered: Makers) -> None:
    visit = Visit(LONDON_AMOUNT.page)
    make, answer = offered[f"{LONDON_AMOUNT.page}_briefing.html"], visit.answer
    visit.set(lag=1)
    assert visit.answer != answer
    assert answer in Read(make().decode()).of("p")


def test_a_file_of_the_reader_s_own_is_told_as_such(offered: Makers) -> None:
    visit = Visit("own_panel")
    assert not [name for name in offered if "briefing" in name]
    frame = rows(YEARS)
    visit.at.file_uploader[0].set_value(("mine *and* <b>.csv", as_csv(frame), "text/csv"))
    visit.run()
    told = read(offered, "own_panel")
    assert visit.answer in told.of("p")
    assert "Not published figures. They are from mine *and* <b>.csv" in told.text
    assert held(frame).fingerprint in told.text
    assert "Sources and licences" not in told.text
    assert linked(told) == visit.linked
