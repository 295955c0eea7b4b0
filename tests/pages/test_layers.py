"""The two layers of a question page: what is shown, what is worked out, what the link says."""

import pytest

from core.app.layers import EVERYTHING, LAYERS, TABS
from core.london.amount.question import LONDON_AMOUNT
from core.london.outcomes.question import LONDON_OUTCOMES
from core.london.panel import london_panel
from core.presentation.models.model_summary import overall
from core.presentation.summary import CHIP_OF, CHIPS
from core.questions.links import to_query
from core.questions.question import AS_PUBLISHED, Question
from core.questions.robustness import robustness
from tests.pages.visiting import WHOLE, Visit

PAGE = LONDON_AMOUNT.page
MODEL = to_query(LONDON_AMOUNT.presets[AS_PUBLISHED])


def badge(page: Visit) -> str:
    return next(item.value for item in page.at.markdown if "-badge[" in item.value)


def headings(page: Visit) -> list[str]:
    return [item.value for item in page.at.header]


def test_page_without_link_opens_its_summary() -> None:
    page = Visit(PAGE, summary=True)
    assert page.value("layer") == "summary"
    assert not headings(page)
    assert len(page.pictures) == 1
    assert len(page.at.metric) == 3
    assert not page.has("outcome")
    assert page.query == {"v": "1", "layer": "summary", "tab": "evidence", "borough": "", "events": "no"}
    page.agrees("LayerView", "Focus")


def test_link_from_before_the_layers_shows_all_that_it_showed() -> None:
    page = Visit(PAGE, MODEL)
    assert {name: page.query[name] for name in WHOLE} == WHOLE
    assert {"How sure are we?", "How fragile is the answer?", "Download and share"} <= set(headings(page))


def test_link_to_a_borough_alone_opens_the_summary_of_it() -> None:
    page = Visit(PAGE, {"v": "1", "borough": "Lewisham"})
    assert page.value("layer") == "summary"
    assert page.answer.startswith("Lewisham")


@pytest.mark.parametrize("tab", [name for name in TABS if name != EVERYTHING])
def test_tab_alone_shows_no_section_of_another(tab: str) -> None:
    page = Visit(LONDON_OUTCOMES.page, {"layer": "analysts", "tab": tab})
    whole = Visit(LONDON_OUTCOMES.page)
    shown = headings(page)
    assert shown
    assert set(shown) < set(headings(whole))


def test_tabs_together_are_everything() -> None:
    page = Visit(PAGE)
    every = headings(page)
    apart = []
    for tab in TABS:
        if tab != EVERYTHING:
            apart += headings(Visit(PAGE, {"layer": "analysts", "tab": tab}))
    assert apart == every


def test_model_of_an_analyst_is_kept_through_the_summary() -> None:
    page = Visit(PAGE, MODEL)
    answer = page.answer
    summary = page.set(layer="summary")
    assert summary.answer != answer
    assert set(MODEL).isdisjoint(summary.query)
    assert page.set(layer="analysts").answer == answer


def test_layer_and_borough_are_remembered_on_the_next_page() -> None:
    page = Visit(PAGE, {"layer": "analysts", "tab": "how_sure", "borough": "Camden"})
    page.go(LONDON_OUTCOMES.page)
    assert (page.value("layer"), page.query["tab"], page.value("borough")) == ("analysts", "how_sure", "Camden")


def test_unknown_layer_in_a_link_is_named_and_the_summary_shown() -> None:
    page = Visit(PAGE, {"layer": "basement"})
    assert page.value("layer") == "summary"
    assert any("basement" in item.value for item in page.at.info)


def test_switch_names_both_layers() -> None:
    page = Visit(PAGE, summary=True)
    assert page.widget("layer").options == list(LAYERS.values())


@pytest.mark.parametrize("question", [LONDON_AMOUNT, LONDON_OUTCOMES], ids=lambda question: question.page)
def test_summary_chip_is_that_of_the_rule(question: Question) -> None:
    found = robustness(london_panel(), question, question.recommended)
    assert f"[{CHIPS[CHIP_OF[overall(found)]]}]" in badge(Visit(question.page, summary=True))
