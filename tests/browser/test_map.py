"""The borough map, drawn by the browser: picking a borough on it and beside it."""

import json
import math

from playwright.sync_api import Locator, expect

from core.app.navigation import PAGES
from core.catalogue import catalogue
from core.maps import CENTRE, WIDE_ZOOM
from tests.browser.visiting import Visitor, eventually

PAGE = "london_map"
PICKED = "Havering"
OTHER = "Hillingdon"
OUTLINE = (184, 98, 27)
TILE = 512


def test_click_on_the_map_picks_a_borough(visitor: Visitor) -> None:
    visitor.open(PAGE)
    chart = _drawn(visitor)
    assert _outlined(visitor, chart) == 0
    box = chart.bounding_box()
    assert box
    x, y = _place(PICKED)
    visitor.page.mouse.click(box["x"] + box["width"] / 2 + x, box["y"] + box["height"] / 2 + y)
    visitor.link_says(borough=PICKED)
    _shows(visitor, PICKED)


def test_select_box_picks_a_borough(visitor: Visitor) -> None:
    visitor.open(PAGE)
    _drawn(visitor)
    visitor.choose("Borough", OTHER, within=visitor.main)
    visitor.link_says(borough=OTHER)
    _shows(visitor, OTHER)


def _shows(visitor: Visitor, borough: str) -> None:
    expect(visitor.main.get_by_role("combobox", name="Borough", exact=True)).to_have_value(borough)
    expect(visitor.main.get_by_role("heading", name=f"{borough} over time")).to_be_visible()
    chart = _drawn(visitor)
    eventually(lambda: _outlined(visitor, chart) > 100, visitor.page, f"an outline of {borough}")


def _drawn(visitor: Visitor) -> Locator:
    """The map, once it has painted boroughs: a good part of it is no longer one colour."""
    chart = visitor.main.get_by_test_id("stDeckGlJsonChart")
    expect(chart).to_be_visible()
    visitor.sees_painted(chart)
    return chart


def _outlined(visitor: Visitor, chart: Locator) -> int:
    """Pixels in the colour of the outline."""
    return int((abs(visitor.pixels(chart) - OUTLINE).sum(axis=2) < 30).sum())


def _place(borough: str) -> tuple[float, float]:
    """Middle of `borough` on the map in pixels from the map's centre (Web Mercator)."""
    shapes = json.loads(catalogue().path("borough_shapes").read_text(encoding="utf-8"))["features"]
    shape = next(shape for shape in shapes if shape["properties"]["borough"] == borough)
    ring = shape["geometry"]["coordinates"][0]
    while not isinstance(ring[0][0], float):
        ring = ring[0]
    longitude, latitude = (sum(axis) / len(ring) for axis in zip(*ring, strict=True))
    x, y = (here - centre for here, centre in zip(_mercator(longitude, latitude), _mercator(**CENTRE), strict=True))
    return x, y


def _mercator(longitude: float, latitude: float) -> tuple[float, float]:
    world = TILE * 2**WIDE_ZOOM
    angle = math.radians(latitude)
    return world * longitude / 360, -world * math.log(math.tan(math.pi / 4 + angle / 2)) / (2 * math.pi)


def test_map_is_a_page() -> None:
    assert PAGE in {entry.name for entry in PAGES}
