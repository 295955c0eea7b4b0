"""How pages look on a phone, on a tablet and in dark mode, as far as a test can check."""

import re

import pytest
from playwright.sync_api import expect

from core.london.amount.question import LONDON_AMOUNT
from core.registry.pages import PAGES
from tests.browser.conftest import NewVisitor
from tests.browser.serving import Server
from tests.browser.visiting import Visitor

STUDIES = "London: force and trust", "Crime and deprivation"
ASKED = {entry.name for entry in PAGES if entry.section in STUDIES} - {"london_map"}
PHONE = {
    "viewport": {"width": 390, "height": 844},
    "user_agent": "Mozilla/5.0 (Linux; Android 14) Chrome/140.0 Mobile Safari/537.36",
    "has_touch": True,
    "is_mobile": True,
}
TOO_WIDE = """() => [document.documentElement, ...document.querySelectorAll('[data-testid=stMain]')]
    .map(box => box.scrollWidth - box.clientWidth)"""


def test_pages_on_phone_do_not_scroll_sideways(new_visitor: NewVisitor, server: Server) -> None:
    visitor = new_visitor(server, **PHONE)
    for entry in PAGES:
        visitor.open(entry.name)
        expect(visitor.sidebar).to_have_attribute("data-collapsed", "true")
        expect(visitor.heading).to_be_in_viewport()
        assert visitor.page.evaluate(TOO_WIDE) == [0, 0], f"{entry.name} scrolls sideways"


def _rgb(visitor: Visitor, selector: str, style: str) -> list[int]:
    value = visitor.page.locator(selector).first.evaluate(f"element => getComputedStyle(element)['{style}']")
    return [int(part) for part in re.findall(r"\d+", value)[:3]]


@pytest.mark.parametrize(("scheme", "dark"), [("dark", True), ("light", False)])
def test_amount_page_follows_browser_colour_scheme(
    new_visitor: NewVisitor, server: Server, scheme: str, dark: bool
) -> None:
    visitor = new_visitor(server, color_scheme=scheme)
    visitor.open(LONDON_AMOUNT.page)
    background, text = _rgb(visitor, "[data-testid=stApp]", "background-color"), _rgb(visitor, "h1", "color")
    assert (max(background) < 64 and min(text) > 192) if dark else (min(background) > 192 and max(text) < 64)
    chart = visitor.main.get_by_test_id("stVegaLiteChart").first
    expect(chart.locator("canvas, svg").first).to_be_visible()
    pixels = visitor.pixels(chart)
    assert (pixels.mean() < 96) == dark
    assert pixels.std() > 5


def test_home_page_shows_every_answer_on_one_screen(new_visitor: NewVisitor, server: Server) -> None:
    visitor = new_visitor(server, viewport={"width": 1400, "height": 900})
    visitor.open("home")
    answers = visitor.main.get_by_test_id("stHorizontalBlock").filter(has=visitor.page.get_by_role("link"))
    box, links = answers.first.bounding_box(), answers.first.get_by_role("link")
    assert box is not None
    assert set(links.evaluate_all("links => links.map(link => link.pathname.slice(1))")) == ASKED
    assert box["y"] + box["height"] <= 900


def test_home_page_on_tablet_shows_links_in_full(new_visitor: NewVisitor, server: Server) -> None:
    visitor = new_visitor(server, viewport={"width": 1024, "height": 768})
    visitor.open("home")
    links = visitor.main.get_by_test_id("stPageLink").locator("p")
    expect(links.first).to_be_visible()
    assert links.evaluate_all("links => links.filter(link => link.scrollWidth > link.clientWidth).length") == 0
    expect(visitor.main.get_by_role("button", name="Take the tour")).to_have_text(re.compile("Take the tour$"))
