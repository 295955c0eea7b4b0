"""How pages look on a telephone and in the dark, as far as a machine can tell."""

import re

import pytest
from playwright.sync_api import expect

from core.app.navigation import PAGES
from core.questions import LONDON_AMOUNT
from tests.browser.conftest import NewVisitor
from tests.browser.serving import Server
from tests.browser.visiting import Visitor

PHONE = {
    "viewport": {"width": 390, "height": 844},
    "user_agent": "Mozilla/5.0 (Linux; Android 14) Chrome/140.0 Mobile Safari/537.36",
    "has_touch": True,
    "is_mobile": True,
}
TOO_WIDE = """() => [document.documentElement, ...document.querySelectorAll('[data-testid=stMain]')]
    .map(box => box.scrollWidth - box.clientWidth)"""


def test_pages_fit_a_telephone(new_visitor: NewVisitor, server: Server) -> None:
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
def test_page_follows_the_colour_scheme(new_visitor: NewVisitor, server: Server, scheme: str, dark: bool) -> None:
    visitor = new_visitor(server, color_scheme=scheme)
    visitor.open(LONDON_AMOUNT.page)
    ground, text = _rgb(visitor, "[data-testid=stApp]", "background-color"), _rgb(visitor, "h1", "color")
    assert (max(ground) < 64 and min(text) > 192) if dark else (min(ground) > 192 and max(text) < 64)
    chart = visitor.main.get_by_test_id("stVegaLiteChart").first
    expect(chart.locator("canvas, svg").first).to_be_visible()
    pixels = visitor.pixels(chart)
    assert (pixels.mean() < 96) == dark
    assert pixels.std() > 5
