"""The front page: every question with the answer on its own page, calculated and not typed."""

import re
from pathlib import Path

import pandas as pd
import pytest

from core.app.sections import home
from core.claims.report import answer
from core.crime.neighbourhood.text import NOTHING_FOUND, POSTCODE, SPELT_LIKE
from core.home.all_claims import judged_all
from core.home.cards import LABEL_WIDTH, Card, trust_card
from core.home.stored import FILE, Answers, fingerprint, read_answers, write_answers
from core.home.summary import Brief, of_claims
from core.home.text import ABOUT_FACT_CHECK
from core.london.amount.question import LONDON_AMOUNT
from core.questions.links import to_query
from core.questions.question import AS_PUBLISHED
from core.registry.pages import PAGES
from core.tables.catalogue import DATA_DIR
from tests.pages.visiting import Visit

NUMBER = re.compile(r"\d+(?:\.\d+)?")
CARDS = 4
CARD = Card("home", "What?", "That.", "Share", "1%", (0.1, 1 / 3))
WHOLE = ("london_ages", "crime_rates", "crime_types", "crime_bicycle_theft", "published_claims")


@pytest.fixture(scope="module")
def answers() -> dict[str, str]:
    """What the front page says of each question, by page."""
    at = Visit("home").at
    links = [(link.proto.page, link.proto.label) for link in at.get("page_link")]
    texts = [item.value for item in at.markdown]
    start = texts.index(ABOUT_FACT_CHECK) + 1
    pages = [page for page, label in links if label.startswith("**")][CARDS:]
    return dict(zip(pages, texts[start:], strict=False))


def test_stored_answers_are_those_that_are_worked_out() -> None:
    stored_ones, live = read_answers(DATA_DIR), home.fresh()
    assert stored_ones == live


def test_stored_answers_of_other_code_or_figures_or_damaged_are_not_read(tmp_path: Path) -> None:
    write_answers(tmp_path, Answers((CARD,), {"home": Brief("home", "What?", "That.")}), fingerprint("some"))
    found = read_answers(tmp_path, fingerprint("some"))
    assert found is not None
    assert found.cards == (CARD,)
    assert read_answers(tmp_path, fingerprint("others")) is None
    (tmp_path / FILE).write_text((tmp_path / FILE).read_text()[:40])
    assert read_answers(tmp_path, fingerprint("some")) is None
    assert read_answers(tmp_path / "nowhere") is None


def test_home_page_shows_stored_answers_where_they_are_of_these_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    briefs = {page.name: Brief(page.name, "What?", "As it was stored.") for page in PAGES if page.on_home}
    monkeypatch.setattr(home, "known", lambda: Answers((CARD,) * CARDS, briefs))
    texts = [item.value for item in Visit("home").at.markdown]
    assert texts.count("As it was stored.") == len(briefs)


def test_home_page_begins_with_cards_that_have_a_picture_and_a_chip() -> None:
    at = Visit("home").at
    links = [link.proto.page for link in at.get("page_link") if link.proto.label.startswith("**")]
    assert links[:CARDS] == ["borough", "london_amount", "england", "published_claims"]
    assert [len(metric.proto.chart_data) > 3 for metric in at.metric] == [True] * CARDS
    assert sum("-badge[" in item.value for item in at.markdown) == CARDS


def test_home_page_answer_on_force_is_the_summary_of_its_page() -> None:
    at = Visit("home").at
    answer = Visit("london_amount", summary=True).answer
    assert any(item.value.startswith(answer) for item in at.markdown)


@pytest.mark.parametrize(
    ("typed", "name", "page", "field"),
    [
        ("Lewisham", "Lewisham", "borough", "borough"),
        ("Coventry", "Coventry", "neighbourhood", "district"),
        ("E06000047", "County Durham", "neighbourhood", "district"),
        ("e09000023", "Lewisham", "borough", "borough"),
    ],
)
def test_home_page_search_leads_to_the_place(typed: str, name: str, page: str, field: str) -> None:
    visit = Visit("home")
    visit.at.text_input(key="home.find").set_value(typed)
    visit.run()
    assert visit.query[field] == name
    visit.page = page
    assert visit.value(field) == name


def test_home_page_search_offers_what_may_be_meant_and_its_link_brings_it_back() -> None:
    visit = Visit("home")
    assert "find" not in visit.query
    visit.at.text_input(key="home.find").set_value("brixton ")
    visit.run()
    assert visit.query["find"] == "brixton"
    offered = found(visit)
    assert ("neighbourhood", "Brixton Windrush, Lambeth") in offered
    assert found(Visit("home", {"find": "brixton"})) == offered
    there = Visit("home", {"find": "Lewisham"})  # a link does not leave the page, so that going back ends here
    assert found(there)[0] == ("borough", "Lewisham")
    there.at.text_input(key="home.find").set_value("")
    there.run()
    assert "find" not in there.query
    assert not found(there)


@pytest.mark.parametrize(
    ("typed", "said"), [("Nowhereville", NOTHING_FOUND), ("-", NOTHING_FOUND), ("SE13 6LG", POSTCODE)]
)
def test_home_page_search_in_vain_says_what_to_do(typed: str, said: str) -> None:
    visit = Visit("home", {"find": typed})
    assert not found(visit)
    assert said in [item.value for item in visit.at.caption]


def test_home_page_search_is_there_again_after_going_back() -> None:
    visit = Visit("home")
    visit.at.text_input(key="home.find").set_value("brixton")
    visit.run()
    query = visit.query
    offered = found(visit)
    visit.go("glossary")
    visit.go("home", query)
    assert visit.query == query
    assert found(visit) == offered


def test_home_page_search_offers_what_is_spelt_like_it() -> None:
    visit = Visit("home", {"find": "lewishm"})
    assert found(visit)[0] == ("borough", "Lewisham")
    assert SPELT_LIKE.format(name="Lewisham") in [item.value for item in visit.at.caption]
    assert visit.query["find"] == "lewishm"


def found(visit: Visit) -> list[tuple[str, str]]:
    """What the search offers: links before those of the cards."""
    links = [(link.proto.page, link.proto.label) for link in visit.at.get("page_link")]
    return links[: next(at for at, (_, label) in enumerate(links) if label.startswith("**"))]


def test_home_page_labels_of_figures_fit_a_telephone() -> None:
    labels = [metric.label for metric in Visit("home").at.metric]
    assert len(labels) == CARDS
    assert [label for label in labels if len(label) > LABEL_WIDTH] == []


def test_trust_card_is_the_average_of_the_last_boroughs_figures() -> None:
    rows = pd.DataFrame({"quarter": [f"202{5 + n // 4}Q{n % 4 + 1}" for n in range(5)], "trust_mps": 0.7})
    both = pd.concat([rows.assign(trust_mps=rows["trust_mps"] - 0.1), rows]).assign(borough="any")
    card = trust_card(both)
    assert card.answer == "On average over London's boroughs, 65% trust the Met, about the same as 65% a year before."
    assert card.label == "Average of boroughs, year to March 2026"


def test_home_page_lists_questions_in_menu_order(answers: dict[str, str]) -> None:
    assert list(answers) == [page.name for page in PAGES if page.on_home]
    assert len(answers) >= 9


def test_home_page_numbers_are_on_the_pages_of_the_questions(answers: dict[str, str]) -> None:
    for page, text in answers.items():
        visit = Visit(page)
        shown = " ".join([visit.answer, *(str(item.value) for item in [*visit.at.markdown, *visit.at.caption])])
        missing = set(NUMBER.findall(text)) - set(NUMBER.findall(shown))
        assert not missing, f"{page}: {missing}"


@pytest.mark.parametrize("page", WHOLE)
def test_home_page_short_answers_equal_those_of_the_pages(page: str, answers: dict[str, str]) -> None:
    assert answers[page] == Visit(page).answer


def test_home_page_shows_answers_of_the_studies(answers: dict[str, str]) -> None:
    for page in ("london_amount", "london_outcomes", "crime_deprivation"):
        assert ":gray[The study: " in answers[page]


def test_of_claims_summarises_all_claims() -> None:
    claims = judged_all()
    assert of_claims(claims) == Brief("published_claims", "Do the studies' claims stand up?", answer(claims))


def test_tour_shows_every_stop_and_ends_with_its_button() -> None:
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


def test_tour_begins_with_what_we_find_before_the_study_s_own_answer() -> None:
    from core.home.tour import STOPS

    visit = Visit("home")
    visit.at.button(key="tour.start").click()
    visit.run()
    assert "Yes" not in visit.answer
    first, second, *_ = STOPS
    assert "effects" not in first.query
    assert second.query.items() >= to_query(LONDON_AMOUNT.presets[AS_PUBLISHED]).items()


def test_tour_after_leaving_offers_a_way_back() -> None:
    visit = Visit("home")
    visit.at.button(key="tour.start").click()
    visit.run().go("glossary")
    assert any("You have left the tour" in item.value for item in visit.at.markdown)
    visit.at.button(key="tour.back").click()
    visit.run()
    assert visit.at.title[0].value == LONDON_AMOUNT.title
