"""The borough map, drawn by the browser: picking a borough on it and next to it."""

from playwright.sync_api import Locator, expect

from core.registry.pages import PAGES
from tests.browser.borough_map import click_on, drawn_map
from tests.browser.visiting import Visitor, eventually

PAGE = "london_map"
EVIDENCE = "layer=analysts&tab=evidence"
PICKED = "Havering"
OTHER = "Hillingdon"
OUTLINE = (184, 98, 27)


def test_map_click_picks_borough(visitor: Visitor) -> None:
    visitor.open(f"{PAGE}?{EVIDENCE}")
    chart = drawn_map(visitor)
    assert _outlined(visitor, chart) == 0
    click_on(visitor, chart, PICKED)
    visitor.link_says(borough=PICKED)
    _shows(visitor, PICKED)


def test_select_box_picks_borough(visitor: Visitor) -> None:
    visitor.open(f"{PAGE}?{EVIDENCE}")
    drawn_map(visitor)
    visitor.choose("Borough", OTHER, within=visitor.main)
    visitor.link_says(borough=OTHER)
    _shows(visitor, OTHER)


def test_map_without_deck_gl_shows_static_drawing(visitor: Visitor) -> None:
    """A drawing is there while the browser still fetches what an interactive map needs; here, which never comes."""
    visitor.page.route("**/DeckGl*", lambda route: route.abort())
    visitor.open(f"{PAGE}?v=1&borough={PICKED}")
    still = visitor.main.locator(".still")
    visitor.sees_painted(still)
    eventually(lambda: _outlined(visitor, still) > 100, visitor.page, f"an outline of {PICKED}")


def _shows(visitor: Visitor, borough: str) -> None:
    expect(visitor.main.get_by_role("combobox", name="Borough", exact=True)).to_have_value(borough)
    expect(visitor.main.get_by_role("heading", name=f"{borough} over time")).to_be_visible()
    chart = drawn_map(visitor)
    eventually(lambda: _outlined(visitor, chart) > 100, visitor.page, f"an outline of {borough}")


def _outlined(visitor: Visitor, chart: Locator) -> int:
    """Pixels in the colour of the outline."""
    return int((abs(visitor.pixels(chart) - OUTLINE).sum(axis=2) < 30).sum())


def test_map_page_is_listed_in_pages() -> None:
    assert PAGE in {entry.name for entry in PAGES}
