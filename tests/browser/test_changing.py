"""Changing a model: what happens to the answer, the link, the browser's history, and other visitors."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import WebSocketRoute, expect

from core.london.amount.question import LONDON_AMOUNT
from core.questions.question import AS_PUBLISHED, PRESET_LABELS, RECOMMENDED
from core.registry.pages import PAGES
from core.tables.catalogue import load_catalogue
from tests.browser.conftest import NewVisitor
from tests.browser.serving import Server
from tests.browser.visiting import Visitor, ends_a_run, eventually

PAGE = LONDON_AMOUNT.page
EVERYTHING = "layer=analysts&tab=everything"
PUBLISHED, RECOMMENDED_LABEL = PRESET_LABELS[AS_PUBLISHED], PRESET_LABELS[RECOMMENDED]


def test_amount_page_score_change_updates_answer_and_link(
    visitor: Visitor, new_visitor: NewVisitor, server: Server
) -> None:
    visitor.open(f"{PAGE}?{EVERYTHING}")
    before = visitor.answer.inner_text()
    visitor.choose("Score", load_catalogue().label("trust_mps"))
    visitor.link_says(outcome="trust_mps")
    expect(visitor.answer).not_to_have_text(before)

    another = new_visitor(server)
    another.open(visitor.page.url.removeprefix(f"{server.root}/"))
    expect(another.answer).to_have_text(visitor.answer.inner_text())
    assert another.query == visitor.query


def test_back_button_undoes_each_change_then_leaves_the_page(visitor: Visitor) -> None:
    """Each change is one step of the browser's history, and coming to the page is one."""
    visitor.open(PAGES[0].name)
    visitor.open(PAGE)
    visitor.link_says(layer="summary")
    summary = visitor.answer.inner_text()
    visitor.main.get_by_role("radio", name="For analysts").click()
    visitor.link_says(layer="analysts", effects="borough|quarter")
    recommended = visitor.answer.inner_text()
    visitor.choose_preset(PUBLISHED)
    visitor.link_says(effects="none", covariance="classical")
    published = visitor.answer.inner_text()
    visitor.choose("Score", load_catalogue().label("trust_mps"))
    visitor.link_says(outcome="trust_mps")

    visitor.back()
    visitor.link_says(outcome="score_mean_of_8", effects="none")
    expect(visitor.answer).to_have_text(published)
    expect(visitor.sidebar.get_by_role("radio", name=PUBLISHED)).to_be_checked()
    visitor.back()
    visitor.link_says(effects="borough|quarter", covariance="cluster")
    expect(visitor.answer).to_have_text(recommended)
    visitor.page.go_forward()
    visitor.link_says(effects="none")
    expect(visitor.answer).to_have_text(published)

    visitor.back()
    visitor.link_says(layer="analysts", effects="borough|quarter")
    expect(visitor.answer).to_have_text(recommended)
    visitor.back()
    visitor.link_says(layer="summary")
    expect(visitor.answer).to_have_text(summary)
    visitor.page.go_back()
    visitor.page.wait_for_url(f"**/{PAGES[0].name}")


def test_back_button_returns_from_a_place_found_on_the_front_page_in_one_press(visitor: Visitor) -> None:
    visitor.open("home")
    box = visitor.main.get_by_role("textbox", name="Find your borough or neighbourhood")
    box.fill("Covent")
    visitor.page.keyboard.press("Enter")
    found = visitor.main.get_by_role("link").filter(has_text="Covent")
    expect(found.first).to_have_attribute("href", "neighbourhood?district=Coventry")  # before wards of that name
    found.first.click()
    visitor.link_says(district="Coventry", layer="summary")
    visitor.back()
    assert visitor.path == "home"
    box.fill("coventry")
    visitor.page.keyboard.press("Enter")
    visitor.link_says(district="Coventry", layer="summary")
    visitor.back()
    assert visitor.path == "home"
    visitor.sidebar.get_by_role("link", name="How much force is used").click()
    visitor.link_says(layer="summary")
    visitor.back()
    assert visitor.path == "home"


class SlowLine:
    """The connection from server to browser, which can be delayed."""

    def __init__(self, visitor: Visitor) -> None:
        self.held: list[str | bytes] = []
        self.open = True
        visitor.page.route_web_socket("**/_stcore/stream", self._connect)

    def _connect(self, browser: WebSocketRoute) -> None:
        self.browser = browser
        server = browser.connect_to_server()
        server.on_message(lambda message: browser.send(message) if self.open else self.held.append(message))

    def run_finished(self) -> bool:
        """Whether the end of a run is among the delayed messages."""
        return any(ends_a_run(message) for message in self.held)

    def release(self) -> None:
        self.open = True
        while self.held:
            self.browser.send(self.held.pop(0))


@pytest.mark.parametrize(("first", "second"), [("Borough", "Quarter"), ("Quarter", "Borough")])
def test_second_change_before_first_response_retains_both(visitor: Visitor, first: str, second: str) -> None:
    """The second comes with the link, and the preset, from before the first."""
    line = SlowLine(visitor)
    visitor.open(f"{PAGE}?{EVERYTHING}")
    visitor.link_says(effects="borough|quarter")
    visitor.unfold("What is compared")
    toggles = {name: visitor.sidebar.get_by_text(f"{name} effects", exact=True) for name in (first, second)}
    expect(toggles[second]).to_be_visible()

    line.open = False
    toggles[first].click()
    eventually(line.run_finished, visitor.page, "the end of the first run")
    toggles[second].click()
    line.release()

    visitor.link_says(effects="none")
    for name in toggles:
        expect(visitor.toggle(f"{name} effects")).not_to_be_checked()
    expect(visitor.sidebar.get_by_role("radio", name=RECOMMENDED_LABEL)).not_to_be_checked()


def test_preset_button_with_own_model_restores_recommended_model(visitor: Visitor) -> None:
    visitor.open(f"{PAGE}?v=1&lag=2")
    visitor.link_says(lag="2", effects="borough|quarter")
    visitor.choose_preset(RECOMMENDED_LABEL)
    visitor.link_says(lag="0")
    expect(visitor.sidebar.get_by_role("radio", name=RECOMMENDED_LABEL)).to_be_checked()


def test_choices_after_visit_to_another_page_are_unchanged(visitor: Visitor) -> None:
    visitor.open(f"{PAGE}?{EVERYTHING}")
    visitor.choose("Score", load_catalogue().label("trust_mps"))
    visitor.link_says(outcome="trust_mps")
    answer = visitor.answer.inner_text()
    by_name = {entry.name: entry.title for entry in PAGES}
    for name in ("data", PAGE):
        visitor.sidebar.get_by_role("link", name=by_name[name]).click()
        eventually(lambda name=name: visitor.path == name, visitor.page, name)  # type: ignore[misc]
        visitor.settled()
    visitor.link_says(outcome="trust_mps")
    expect(visitor.answer).to_have_text(answer)


def test_choices_of_two_visitors_are_independent(visitor: Visitor, new_visitor: NewVisitor, server: Server) -> None:
    another = new_visitor(server)
    for one in (visitor, another):
        one.open(f"{PAGE}?{EVERYTHING}")
        one.link_says(effects="borough|quarter")
    visitor.choose_preset(PUBLISHED)
    visitor.link_says(effects="none")
    another.choose("Score", load_catalogue().label("trust_mps"))
    another.link_says(outcome="trust_mps", effects="borough|quarter")
    visitor.link_says(outcome="score_mean_of_8", effects="none")
    assert urlsplit(visitor.page.url).query != urlsplit(another.page.url).query
