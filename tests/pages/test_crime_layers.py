"""The summaries of the crime pages: what they say of a place or a district, by which rule, and in which words."""

import re
from collections.abc import Iterator

import pytest

from core.app.crime_places import places
from core.crime.area import BICYCLE_THEFT, CrimeArea
from core.crime.bicycle_theft import summary as bicycle_theft
from core.crime.bicycle_theft.figures import campus_bands
from core.crime.deprivation import summary as deprivation
from core.crime.deprivation.answer import FEWEST, answer_in
from core.crime.district_rates import district_shares
from core.crime.loaders import west_midlands
from core.crime.lsoa_rates import lsoa_rates
from core.crime.places import STUDY_AREA, choices, place
from core.crime.rates import summary as rates
from core.crime.text import Scope
from core.crime.today import LONDON, PREFIX
from core.crime.types import summary as types
from core.crime.types.design_effects import district_quotients, typed_compositions
from core.presentation.summary import CHIP_OF, Summary
from tests.pages.visiting import Visit

PAGES = ("crime_deprivation", "crime_rates", "crime_types", "crime_bicycle_theft")
PUBLISHERS = ["Police.uk"]
WORDS, NUMBERS = 25, 2
JARGON = re.compile(r"interval|p-value|\bln\b|logarithm|LSOA|MSOA|E0\d|coefficient|goes? with|told|\d %", re.IGNORECASE)
SOME = (STUDY_AREA, f"{PREFIX}city-of-london", f"{PREFIX}devon-and-cornwall", f"{PREFIX}dorset")


def badge(page: Visit) -> str:
    return next(item.value for item in page.at.markdown if "-badge[" in item.value)


def summaries(area: CrimeArea, name: str, district: str) -> Iterator[Summary]:
    yield deprivation.summary(answer_in(area, name, district), area, district, PUBLISHERS)
    shares, by_lsoa, scope = district_shares(area), lsoa_rates(area), Scope(area.name, area.period)
    yield rates.summary(shares, by_lsoa, area, scope, district, PUBLISHERS)
    yield types.summary(typed_compositions(area), district_quotients(area), area, district, PUBLISHERS)
    if BICYCLE_THEFT in area.crime_types:
        bands = None if {"places", "points"} & set(area.missing) else campus_bands(area)
        shares, by_lsoa = district_shares(area, BICYCLE_THEFT), lsoa_rates(area, BICYCLE_THEFT)
        yield bicycle_theft.summary(by_lsoa, shares, bands, area, district, PUBLISHERS)


def in_plain_words(found: Summary) -> None:
    for sentence in (found.answer, *found.can_say, *found.cannot_say):
        assert not JARGON.search(sentence), sentence
        assert "nan" not in sentence
    numbers = re.findall(r"\d[\d,.]*", found.answer)
    assert len(found.answer.split()) <= WORDS, found.answer
    assert len(numbers) <= NUMBERS, found.answer
    assert all("nan" not in f"{fact.value} {fact.note}" for fact in found.facts)
    assert len(found.facts) == (0 if found.chip == "cannot_tell" and len(found.can_say) == 1 else 3)


@pytest.mark.parametrize("name", SOME)
def test_summaries_of_every_district_are_short_and_plain(name: str) -> None:
    area = place(name)
    for district in ["", *sorted(area.districts["district"])]:
        for found in summaries(area, name, district):
            in_plain_words(found)
            assert not district or district in found.answer


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in choices() if name not in SOME])
def test_summaries_of_every_place_are_short_and_plain(name: str) -> None:
    area = place(name)
    for district in ["", *sorted(area.districts["district"])]:
        for found in summaries(area, name, district):
            in_plain_words(found)


@pytest.mark.parametrize("page", PAGES)
def test_crime_page_without_link_opens_its_summary(page: str) -> None:
    visit = Visit(page, summary=True)
    assert visit.value("layer") == "summary"
    assert len(visit.pictures) == 1
    assert len(visit.at.metric) == 3
    assert not visit.at.header
    assert "place" in visit.query
    visit.agrees("LayerView", "PlaceView")


@pytest.mark.parametrize("page", PAGES)
def test_summary_speaks_of_the_district_and_so_do_its_files(page: str) -> None:
    visit = Visit(page, {"v": "1", "place": STUDY_AREA, "district": "Coventry"})
    assert visit.value("layer") == "summary"
    assert "Coventry" in visit.answer
    (title,) = [item.value for item in visit.at.subheader]
    assert "Coventry" in title
    quotation = next(item.value for item in visit.at.code if "Source:" in item.value)
    assert "Coventry" in quotation
    assert any(f"html.{page}_coventry_briefing" in str(item.proto.id) for item in visit.at.get("download_button"))


@pytest.mark.parametrize("page", ["crime_rates", "crime_bicycle_theft"])
def test_summary_of_a_place_of_one_district_draws_its_neighbourhoods(page: str) -> None:
    visit = Visit(page, {"v": "1", "place": f"{PREFIX}city-of-london"})
    assert visit.value("layer") == "summary"
    (title,) = [item.value for item in visit.at.subheader]
    assert "of the neighbourhoods" in title
    assert len(visit.pictures) == 1


@pytest.mark.parametrize("page", PAGES)
def test_every_page_works_for_london_and_a_district_of_it(page: str) -> None:
    visit = Visit(page, {"v": "1", "place": LONDON, "district": "Lewisham"})
    assert "Lewisham" in visit.answer or "London" in visit.answer
    assert visit.query["district"] == "Lewisham"


def test_district_is_remembered_on_every_crime_page() -> None:
    visit = Visit("crime_rates", summary=True).set(district="Walsall")
    for page in PAGES:
        visit.go(page)
        assert (visit.value("district"), visit.query["district"]) == ("Walsall", "Walsall")
        assert "Walsall" in visit.answer
    visit.set(district="")
    assert visit.go("crime_rates").value("district") == ""


def test_summary_chip_on_deprivation_is_that_of_the_rule() -> None:
    area = places.load_place(LONDON).area
    for district in ("", "Hackney", "Newham"):
        found = answer_in(area, LONDON, district)
        assert found.robust is not None
        assert deprivation.summary(found, area, district, PUBLISHERS).chip == CHIP_OF[found.robust.word]


def test_effects_on_deprivation_are_those_of_the_recommended_model() -> None:
    visit = Visit("crime_deprivation", summary=True)
    value = next(item.value for item in visit.at.metric if "ten points" in item.label)
    found = answer_in(west_midlands(), STUDY_AREA).robust
    assert found is not None
    assert value == f"+{found.recommended.value:.0f}%"
    cards = Visit("crime_deprivation", {"layer": "analysts", "tab": "models"})
    assert any(f"+{found.recommended.value:.1f}%" in item.value for item in cards.at.markdown)
    assert all(other.low < other.value < other.high for other in found.others)


def test_answer_on_deprivation_needs_neighbourhoods() -> None:
    name = f"{PREFIX}city-of-london"
    found = answer_in(place(name), name)
    assert found.neighbourhoods < FEWEST
    assert found.robust is None
    visit = Visit("crime_deprivation", {"place": name})
    assert "[Cannot tell]" in badge(visit)
