"""Pages with a tab for each topic: together these are the whole page, apart each works out its own, old links hold."""

from collections.abc import Mapping

import pytest

from core.app.layers import EVERYTHING, EVIDENCE, TABS
from core.app.sections import (
    borough,
    crime_bicycle_theft,
    crime_rates,
    crime_types,
    england,
    london_forecast,
    neighbourhood,
)
from core.london.amount.question import LONDON_AMOUNT
from tests.pages.visiting import WHOLE, Visit

PLACES: Mapping[str, Mapping[str, str]] = {
    "borough": {"borough": "Lambeth"},
    "neighbourhood": {"lsoa": "E01033543"},
    "england": {"district": "E06000001"},
    "crime_rates": {"district": "Coventry"},
    "crime_types": {},
    "crime_bicycle_theft": {},
    "london_forecast": {"borough": "Lambeth"},
}
TOPICS = {
    "borough": borough.TOPICS,
    "neighbourhood": neighbourhood.TOPICS,
    "england": england.TOPICS,
    "crime_rates": crime_rates.TOPICS,
    "crime_types": crime_types.TOPICS,
    "crime_bicycle_theft": crime_bicycle_theft.TOPICS,
    "london_forecast": london_forecast.TOPICS,
}
pages = pytest.mark.parametrize("page", TOPICS)


def opened(page: str, **query: str) -> Visit:
    return Visit(page, {**PLACES[page], "layer": "analysts", **query})


def headings(visit: Visit) -> list[str]:
    return [item.value for item in visit.at.header]


def pictured(visit: Visit) -> list[str]:
    return [picture.alt for picture in visit.pictures]


def tabs_of(visit: Visit) -> list[str]:
    return [tab.label for tab in visit.at.tabs]


@pages
def test_topics_come_first_and_together_are_the_whole_page(page: str) -> None:
    every = opened(page, tab=EVERYTHING)
    labels = tabs_of(every)
    assert labels[: len(TOPICS[page])] == list(TOPICS[page].values())
    by_label = {label: name for name, label in {**TABS, **TOPICS[page]}.items()}
    apart = [opened(page, tab=by_label[label]) for label in labels[:-1]]
    assert [text for visit in apart for text in headings(visit)] == headings(every)
    assert sorted(text for visit in apart for text in pictured(visit)) == sorted(pictured(every))
    assert all(pictured(visit) or len(visit.at.dataframe) for visit in apart[: len(TOPICS[page])])


@pages
def test_topic_in_the_link_is_opened_and_the_first_without(page: str) -> None:
    first, *others = TOPICS[page]
    assert opened(page).query["tab"] == first
    for name in others:
        visit = opened(page, tab=name)
        assert visit.query["tab"] == name
        assert visit.at.session_state[f"{page}.tab"] == TOPICS[page][name]
        assert not visit.at.info


@pages
def test_link_to_the_evidence_of_before_shows_all_that_it_showed(page: str) -> None:
    visit = opened(page, tab=EVIDENCE)
    assert visit.query["tab"] == EVERYTHING
    assert not visit.at.info
    assert headings(visit) == headings(Visit(page, {**PLACES[page], **WHOLE}))


@pages
def test_link_to_the_summary_of_before_leads_on_to_the_first_topic(page: str) -> None:
    visit = Visit(page, {**PLACES[page], "layer": "summary", "tab": EVIDENCE})
    assert not visit.at.info
    assert visit.set(layer="analysts").query["tab"] == next(iter(TOPICS[page]))


def test_topic_is_not_taken_along_to_a_page_without_it() -> None:
    visit = opened("borough", tab="similar").go(LONDON_AMOUNT.page)
    assert (visit.value("layer"), visit.query["tab"]) == ("analysts", EVIDENCE)
    assert visit.go("borough").query["tab"] == "trust"
    assert not visit.at.info
