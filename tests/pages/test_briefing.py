"""A briefing says what its page says: the same question, answer, figures, sources and link."""

import io
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlsplit

import pytest
from docx import Document

from core.crime.today import is_today, tables_of
from core.exports.briefing import content as content
from core.london.amount.question import LONDON_AMOUNT
from core.london.outcomes.question import LONDON_OUTCOMES
from core.registry.pages import PAGES, page_of
from core.tables.catalogue import load_catalogue
from tests.exports.html_reader import Read
from tests.pages.conftest import Makers
from tests.pages.test_user_panel import asked
from tests.pages.visiting import ONE_LAYER, SITE, WHOLE, Visit
from tests.user_panel.panels import YEARS, as_csv, held, rows

CHANGED: Mapping[str, Mapping[str, str]] = {
    LONDON_AMOUNT.page: {"outcome": "listen_to_concerns", "effects": "borough", "lag": "1", "borough": "Barnet"},
    LONDON_OUTCOMES.page: {"effects": "none", "term": "hospitalised"},
    "london_forecast": {"measure": "treat_everyone_fairly", "borough": "Brent"},
    "london_map": {"borough": "Brent"},
    "borough": {"borough": "Brent"},
    "neighbourhood": {"lsoa": "E01033543"},
    "england": {"errors": "independent"},
    "crime_rates": {"district": "Dudley"},
    "crime_types": {"district": "Walsall"},
    "crime_deprivation": {},
    "published_claims": {"study": "west_midlands"},
}
WITHOUT = ("home", "data", "glossary")


def changed(page: str) -> Visit:
    """A visit to everything on `page`, with its changed choices."""
    return Visit(page, CHANGED[page] if page in ONE_LAYER else {**WHOLE, **CHANGED[page]})


def named(page: str) -> str:
    """Name of the briefings of `page` without their ending: with the place, where one is chosen."""
    chosen = "Monument Newcastle upon Tyne 036C" if page == "neighbourhood" else CHANGED[page].get("district", "")
    return "_".join([page, *chosen.lower().split(), "briefing"])


def read(offered: Makers, name: str) -> Read:
    """The briefing called `name`, which is HTML5, fetches nothing and runs nothing."""
    briefing = Read(offered[f"{name}.html"]().decode())
    assert not briefing.asked_for
    return briefing


def linked(page: Read) -> dict[str, str]:
    """Query of the address at the end."""
    (address,) = [value for value in page.values("a", "href") if value.startswith(SITE)]
    return dict(parse_qsl(urlsplit(address).query, keep_blank_values=True))


def normalised(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("page", CHANGED)
def test_briefing_with_changed_choices_agrees_with_page(page: str, offered: Makers) -> None:
    visit = changed(page)
    assert CHANGED[page].items() <= visit.query.items()
    briefing = read(offered, named(page))
    (question,) = briefing.of("h1")
    assert question == visit.at.title[0].value
    below = briefing.in_order[briefing.in_order.index(("h1", question)) :]
    assert next(text for tag, text in below if tag == "p") == visit.answer
    assert {content.HOW_SURE, content.METHOD} <= set(briefing.of("h2"))
    assert linked(briefing) == visit.linked
    assert Visit(page, linked(briefing)).answer == visit.answer
    _has_its_sources(briefing, page, visit.query.get("place", ""))

    visit.at.session_state[f"briefing.{page}.complete"] = True
    visit.run()
    _has_every_picture(read(offered, named(page)), visit)


def _has_its_sources(briefing: Read, page: str, place: str = "") -> None:
    """Assert that `briefing` lists the publications behind the page and place, no others, and the figures' version."""
    entry = page_of(page)
    assert entry is not None
    notes = load_catalogue().sources(*(tables_of(place) if is_today(place) else entry.tables))
    assert notes
    listed = normalised(briefing.text.split("Sources and licences")[-1].split("About this briefing")[0])
    assert all(normalised(note.title) in listed and normalised(note.attribution) in listed for note in notes)
    assert not [
        note.title for note in load_catalogue().sources() if note not in notes and normalised(note.title) in listed
    ]
    assert f"version {load_catalogue().version}" in briefing.text


def _has_every_picture(briefing: Read, visit: Visit) -> None:
    """Assert that `briefing` has each chart of the page, by its text alternative, and a map if the page has one."""
    shown, drawn = ({alt for alt in alts if not alt.startswith("Map of")} for alts in _alts(visit, briefing))
    assert shown
    assert shown <= drawn
    maps, drawn_maps = (any(alt.startswith("Map of") for alt in alts) for alts in _alts(visit, briefing))
    assert maps == drawn_maps


def _alts(visit: Visit, briefing: Read) -> tuple[list[str], list[str]]:
    return [picture.alt for picture in visit.pictures], briefing.values("div", "aria-label")


@pytest.mark.parametrize("page", [LONDON_AMOUNT.page, "crime_types"])
def test_word_briefing_has_title_answer_and_pictures_of_page(page: str, offered: Makers) -> None:
    visit = changed(page)
    document = Document(io.BytesIO(offered[f"{named(page)}.docx"]()))
    found = {paragraph.style.name: paragraph.text for paragraph in reversed(document.paragraphs) if paragraph.style}
    assert found["Title"] == visit.at.title[0].value
    assert found["Subtitle"] == visit.answer
    assert len(document.inline_shapes) > 1
    assert all(shape._inline.docPr.get("descr") for shape in document.inline_shapes)


def test_briefing_cases_cover_all_pages() -> None:
    assert {*CHANGED, *WITHOUT, "london_ages", "crime_bicycle_theft", "user_panel"} == {entry.name for entry in PAGES}


@pytest.mark.parametrize("page", WITHOUT)
def test_briefing_of_page_without_answer_is_not_offered(page: str, offered: Makers) -> None:
    Visit(page)
    assert not [name for name in offered if "briefing" in name]


def test_briefing_after_page_switch_has_only_the_new_page(offered: Makers) -> None:
    visit = Visit(LONDON_AMOUNT.page)
    offered.clear()
    visit.go("glossary")
    assert not [name for name in offered if "briefing" in name]
    visit.go("crime_types")
    assert read(offered, "crime_types_briefing").of("h1") == [visit.at.title[0].value]


def test_briefing_after_later_change_has_the_offered_answer(offered: Makers) -> None:
    visit = Visit(LONDON_AMOUNT.page)
    make, answer = offered[f"{LONDON_AMOUNT.page}_briefing.html"], visit.answer
    visit.set(lag=1)
    assert visit.answer != answer
    assert answer in Read(make().decode()).of("p")


def test_briefing_of_uploaded_panel_names_the_file(offered: Makers) -> None:
    visit = Visit("user_panel")
    assert not [name for name in offered if "briefing" in name]
    frame = rows(YEARS)
    asked(visit, as_csv(frame), "mine *and* <b>.csv")
    briefing = read(offered, "user_panel_briefing")
    assert visit.answer in briefing.of("p")
    assert "Not published figures. They are from mine *and* <b>.csv" in briefing.text
    assert held(frame).fingerprint in briefing.text
    assert "Sources and licences" not in briefing.text
    assert linked(briefing) == visit.linked


def test_briefing_has_the_note_of_a_map_only_with_the_map(offered: Makers) -> None:
    visit = changed("borough")
    shown = next(item.value for item in visit.at.caption if "Faded:" in item.value)
    assert shown not in read(offered, named("borough")).text
    visit.at.session_state["briefing.borough.complete"] = True
    visit.run()
    assert shown in read(offered, named("borough")).text
