"""How pages look on a phone, on a tablet and in dark mode, as far as a test can check."""

import re

import pytest
from playwright.sync_api import Locator, expect

from core.crime.england.question import PAGE as ENGLAND_PAGE
from core.london.amount.question import LONDON_AMOUNT
from core.registry.pages import PAGES
from tests.browser.conftest import NewVisitor
from tests.browser.serving import Server
from tests.browser.visiting import Visitor

STUDIES = "London: force and trust", "Crime and deprivation"
ASKED = {entry.name for entry in PAGES if entry.section in STUDIES} - {"london_map"}
CARDS = {"borough", LONDON_AMOUNT.page, ENGLAND_PAGE, "published_claims"}
EVERYTHING = "layer=analysts&tab=everything"
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
        _fits_a_phone(visitor)
        if visitor.main.get_by_role("radio", name="For analysts").count():
            visitor.open(f"{entry.name}?{EVERYTHING}")
            _fits_a_phone(visitor)


def _fits_a_phone(visitor: Visitor) -> None:
    expect(visitor.sidebar).to_have_attribute("data-collapsed", "true")
    expect(visitor.heading).to_be_in_viewport()
    assert visitor.page.evaluate(TOO_WIDE) == [0, 0], f"{visitor.page.url} scrolls sideways"


def _rgb(visitor: Visitor, selector: str, style: str) -> list[int]:
    value = visitor.page.locator(selector).first.evaluate(f"element => getComputedStyle(element)['{style}']")
    return [int(part) for part in re.findall(r"\d+", value)[:3]]


@pytest.mark.parametrize(("scheme", "dark"), [("dark", True), ("light", False)])
def test_amount_page_follows_browser_colour_scheme(
    new_visitor: NewVisitor, server: Server, scheme: str, dark: bool
) -> None:
    visitor = new_visitor(server, color_scheme=scheme)
    visitor.open(f"{LONDON_AMOUNT.page}?{EVERYTHING}")
    background, text = _rgb(visitor, "[data-testid=stApp]", "background-color"), _rgb(visitor, "h1", "color")
    assert (max(background) < 64 and min(text) > 192) if dark else (min(background) > 192 and max(text) < 64)
    chart = visitor.main.get_by_test_id("stVegaLiteChart").first
    expect(chart.locator("canvas, svg").first).to_be_visible()
    pixels = visitor.pixels(chart)
    assert (pixels.mean() < 96) == dark
    assert pixels.std() > 5


def test_home_page_shows_its_cards_on_one_screen_and_links_to_every_answer(
    new_visitor: NewVisitor, server: Server
) -> None:
    visitor = new_visitor(server, viewport={"width": 1400, "height": 900})
    visitor.open("home")
    rows = visitor.main.get_by_test_id("stHorizontalBlock").filter(has=visitor.page.get_by_test_id("stMetric"))
    expect(rows.get_by_test_id("stMetric")).to_have_count(len(CARDS))
    assert _led_to(rows.get_by_role("link")) == CARDS
    box = rows.last.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= 900
    assert _led_to(visitor.main.get_by_role("link")) >= ASKED | CARDS


def _led_to(links: Locator) -> set[str]:
    return set(links.evaluate_all("links => links.map(link => link.pathname.slice(1))"))


def test_home_page_on_tablet_shows_links_in_full(new_visitor: NewVisitor, server: Server) -> None:
    visitor = new_visitor(server, viewport={"width": 1024, "height": 768})
    visitor.open("home")
    links = visitor.main.get_by_test_id("stPageLink").locator("p")
    expect(links.first).to_be_visible()
    assert links.evaluate_all("links => links.filter(link => link.scrollWidth > link.clientWidth).length") == 0
    expect(visitor.main.get_by_role("button", name="Take the tour")).to_have_text(re.compile("Take the tour$"))
