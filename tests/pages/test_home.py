"""The front page: every question with the answer that its own page gives, worked out and not typed."""

import re

import pytest

from core.claims.report import summary
from core.home.all_claims import judged_all
from core.home.summary import Brief, of_claims
from core.london.amount.question import LONDON_AMOUNT
from tests.pages.visiting import Visit

NUMBER = re.compile(r"\d+(?:\.\d+)?")
WHOLE = ("london_ages", "crime_rates", "crime_types", "crime_bicycle_theft", "published_claims")


@pytest.fixture(scope="module")
def told() -> dict[str, str]:
    """What the front page says of each question, by page."""
    at = Visit("home").at
    links = [(link.proto.page, link.proto.label) for link in at.get("page_link")]
    texts = [item.value for item in at.markdown]
    start = texts.index(next(text for text in texts if text.startswith(("No clear", "Yes", "The other way"))))
    pages = [page for page, label in links if label.startswith("**")]
    return dict(zip(pages, texts[start:], strict=False))


def test_every_question_is_there_in_the_order_of_the_menu(told: dict[str, str]) -> None:
    assert list(told) == [
        "london_amount",
        "london_outcomes",
        "london_ages",
        "london_forecast",
        "crime_deprivation",
        "crime_rates",
        "crime_types",
        "crime_bicycle_theft",
        "published_claims",
    ]


def test_every_number_is_one_that_the_question_s_own_page_shows(told: dict[str, str]) -> None:
    for page, text in told.items():
        visit = Visit(page)
        shown = " ".join([visit.answer, *(str(item.value) for item in [*visit.at.markdown, *visit.at.caption])])
        missing = set(NUMBER.findall(text)) - set(NUMBER.findall(shown))
        assert not missing, f"{page}: {missing}"


@pytest.mark.parametrize("page", WHOLE)
def test_answers_that_are_short_are_the_page_s_own(page: str, told: dict[str, str]) -> None:
    assert told[page] == Visit(page).answer


def test_the_study_s_answer_stands_beside_ours(told: dict[str, str]) -> None:
    for page in ("london_amount", "london_outcomes", "crime_deprivation"):
        assert ":gray[The study: " in told[page]


def test_the_tally_is_of_all_claims() -> None:
    claims = judged_all()
    assert of_claims(claims) == Brief("published_claims", "Do the published claims hold?", summary(claims))


def test_a_tour_stops_at_views_that_their_pages_read_whole_and_ends_when_told() -> None:
    from core.home.tour import STOPS

    visit = Visit("home")
    visit.at.button(key="tour.start").click()
    visit.run()
    for number, stop in enumerate(STOPS):
        lines = [item.value for item in visit.at.markdown if item.value.startswith("**Tour")]
        assert lines == [f"**Tour, {number + 1} of {len(STOPS)}: {stop.title}.** {stop.text}"]
        assert not visit.at.info
        visit.page = stop.page
        assert stop.query.items() <= visit.query.items()
        if stop is not STOPS[-1]:
            visit.at.button(key="tour.next").click()
            visit.run()
    assert not [button for button in visit.at.button if button.key == "tour.next"]
    visit.at.button(key="tour.end").click()
    visit.run()
    assert not [item for item in visit.at.markdown if item.value.startswith("**Tour")]


def test_who_leaves_the_tour_finds_back() -> None:
    visit = Visit("home")
    visit.at.button(key="tour.start").click()
    visit.run().go("glossary")
    assert any("You have left it" in item.value for item in visit.at.markdown)
    visit.at.button(key="tour.back").click()
    visit.run()
    assert visit.at.title[0].value == LONDON_AMOUNT.title
