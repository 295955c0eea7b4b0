"""The borough map as a visitor sees it: whether it is drawn, and where on it a borough lies."""

import json
import math

from playwright.sync_api import Locator, expect

from core.presentation.maps import CENTRE, WIDE_ZOOM
from core.tables.catalogue import load_catalogue
from tests.browser.visiting import Visitor

TILE = 512


def drawn_map(visitor: Visitor) -> Locator:
    """The map, once it has painted boroughs: a good part of it is no longer one colour, nor is it the drawing below."""
    chart = visitor.main.get_by_test_id("stDeckGlJsonChart")
    expect(chart).to_be_visible()
    expect(visitor.main.locator(".still")).to_be_hidden()
    visitor.sees_painted(chart)
    return chart


def click_on(visitor: Visitor, chart: Locator, borough: str) -> None:
    """Click into the middle of `borough`."""
    box = chart.bounding_box()
    assert box
    x, y = _place(borough)
    visitor.click_at(box["x"] + box["width"] / 2 + x, box["y"] + box["height"] / 2 + y)


def _place(borough: str) -> tuple[float, float]:
    """Middle of `borough` on the map in pixels from the map's centre (Web Mercator)."""
    shapes = json.loads(load_catalogue().path("borough_shapes").read_text(encoding="utf-8"))["features"]
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
