"""The map of small areas, drawn by the browser: picking an LSOA, staying in place, and the heat layer."""

import json
import math
import time

import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import Locator, expect

from core.crime.area import CrimeArea
from core.crime.geography.map import geometries, lsoa_deck
from core.crime.geography.rate_map import lsoa_map_data
from core.crime.geography.spatial import outlines
from core.crime.loaders import west_midlands
from core.crime.lsoa_rates import lsoa_rates
from core.tables.geometry import area as square_metres
from tests.browser.visiting import Visitor, eventually

PAGE = "crime_rates"
EVIDENCE = "layer=analysts&tab=evidence"
OUTLINE = (184, 98, 27)
TILE = 512
PATCH = 3
BLUE = 100  # how much more blue than red the heat layer has where it is densest
LABEL = "LSOA"
CLICK_PATIENCE = 6.0  # seconds


def test_map_click_picks_lsoa_without_changing_other_areas(visitor: Visitor) -> None:
    visitor.open(f"{PAGE}?{EVIDENCE}")
    chart, area = _drawn(visitor), west_midlands()
    first, second = _largest(area)
    before = _patch(visitor, chart, _place(area, second))

    _pick(visitor, chart, _place(area, first), first)
    _shows(visitor, area, first)
    eventually(lambda: _outlined(visitor, chart) > 100, visitor.page, "an outline")
    _away(visitor, chart)
    # What is not selected would be paled by Streamlit; here pale means "not clearly above or below the average".
    assert np.allclose(_patch(visitor, chart, _place(area, second)), before, atol=8)

    _pick(visitor, chart, _place(area, second), second)
    _shows(visitor, area, second)
    _pick(visitor, chart, _place(area, second), "")


def test_map_after_zoom_stays_in_place_when_lsoa_is_picked(visitor: Visitor) -> None:
    visitor.open(f"{PAGE}?{EVIDENCE}")
    chart, (first, _) = _drawn(visitor), _largest(west_midlands())
    x, y = _place(west_midlands(), first)
    _away(visitor, chart)
    whole = visitor.pixels(chart)
    _double_click(visitor, *_on_screen(chart, (x, y)))
    visitor.link_says(lsoa=first)  # a double click is a click too
    _away(visitor, chart)
    eventually(lambda: _differing(visitor.pixels(chart), whole) > 0.1, visitor.page, "the map to zoom")
    eventually(lambda: _outlined(visitor, chart) > 100, visitor.page, "an outline")
    visitor.page.wait_for_timeout(1000)
    moved = visitor.pixels(chart)
    # Zooming leaves what lies under the pointer where it is.
    for lsoa in ("", first):
        _pick(visitor, chart, (x, y), lsoa)
        _away(visitor, chart)
        eventually(lambda lsoa=lsoa: (_outlined(visitor, chart) > 100) == bool(lsoa), visitor.page, "the outline")  # type: ignore[misc]
        assert _differing(visitor.pixels(chart), moved) < 0.1
    shown = chart.element_handle()
    visitor.main.get_by_role("button", name="Reset the map").click()
    shown.wait_for_element_state("hidden")  # the map that begins anew takes its place
    visitor.settled()
    eventually(lambda: _differing(visitor.pixels(chart), whole) < 0.02, visitor.page, "the map as it began")


def test_lsoa_select_box_and_map_click_override_each_other(visitor: Visitor) -> None:
    area = west_midlands()
    first, second = _largest(area)
    visitor.open(f"{PAGE}?{EVIDENCE}")
    chart = _drawn(visitor)
    _pick(visitor, chart, _place(area, first), first)
    visitor.choose(LABEL, _name(area, second), within=visitor.main)
    visitor.link_says(lsoa=second)
    _shows(visitor, area, second)
    _pick(visitor, chart, _place(area, first), first)


def test_map_with_district_zooms_to_it(visitor: Visitor) -> None:
    visitor.open(f"{PAGE}?{EVIDENCE}&district=Walsall")
    pixels = visitor.pixels(_drawn(visitor))
    painted = abs(pixels - pixels[2, 2]).sum(axis=2) > 30
    rows, columns = np.flatnonzero(painted.any(axis=1)), np.flatnonzero(painted.any(axis=0))
    height, width = painted.shape
    assert max(np.ptp(rows) / height, np.ptp(columns) / width) > 0.8


def test_heat_map_is_drawn(visitor: Visitor) -> None:
    visitor.open(f"{PAGE}?{EVIDENCE}&style=heat")
    chart = visitor.main.get_by_test_id("stDeckGlJsonChart")
    expect(chart).to_be_visible()

    def hot() -> bool:
        pixels = visitor.pixels(chart)
        return bool((pixels[..., 2] - pixels[..., 0] > BLUE).sum() > 10)

    eventually(hot, visitor.page, "the densest spot")


def _double_click(visitor: Visitor, x: float, y: float) -> None:
    """Zoom in on a place; as with :meth:`Visitor.click_at`, the map's clock stands still meanwhile."""
    visitor.page.mouse.move(x, y)
    visitor.page.evaluate("{ const now = Date.now(); window.clock = Date.now; Date.now = () => now }")
    visitor.page.mouse.dblclick(x, y)
    visitor.page.evaluate("Date.now = window.clock")


def _differing(one: NDArray[np.int64], other: NDArray[np.int64]) -> float:
    """Share of pixels that clearly differ between two pictures."""
    return float((abs(one - other).sum(axis=2) > 60).mean())


def _shows(visitor: Visitor, area: CrimeArea, code: str) -> None:
    name = _name(area, code)
    expect(visitor.main.get_by_role("combobox", name=LABEL, exact=True)).to_have_value(name)
    expect(visitor.main.get_by_role("heading", name=name, exact=True)).to_be_visible()


def _name(area: CrimeArea, code: str) -> str:
    name: str = area.lsoas.set_index("lsoa11_code").loc[[code], "LSOA"].iloc[0]
    return name


def _drawn(visitor: Visitor) -> Locator:
    chart = visitor.main.get_by_test_id("stDeckGlJsonChart")
    expect(chart).to_be_visible()
    visitor.sees_painted(chart)
    return chart


def _outlined(visitor: Visitor, chart: Locator) -> int:
    """Pixels in the colour of the outline."""
    return int((abs(visitor.pixels(chart) - OUTLINE).sum(axis=2) < 30).sum())


def _patch(visitor: Visitor, chart: Locator, place: tuple[float, float]) -> NDArray[np.float64]:
    """Mean colour around `place`."""
    pixels = visitor.pixels(chart)
    row, column = (round(size / 2 + offset) for size, offset in zip(pixels.shape[:2], place[::-1], strict=True))
    colour: NDArray[np.float64] = pixels[row - PATCH : row + PATCH, column - PATCH : column + PATCH].mean(axis=(0, 1))
    return colour


def _on_screen(chart: Locator, place: tuple[float, float]) -> tuple[float, float]:
    chart.scroll_into_view_if_needed()
    box = chart.bounding_box()
    assert box
    return box["x"] + box["width"] / 2 + place[0], box["y"] + box["height"] / 2 + place[1]


def _pick(visitor: Visitor, chart: Locator, place: tuple[float, float], lsoa: str) -> None:
    """Click at `place`; again where the map was not ready for it."""

    def click() -> bool:
        visitor.click_at(*_on_screen(chart, place))
        deadline = time.monotonic() + CLICK_PATIENCE
        while time.monotonic() < deadline and visitor.query.get("lsoa") != lsoa:
            visitor.page.wait_for_timeout(50)
        return visitor.query.get("lsoa") == lsoa

    eventually(click, visitor.page, f"{lsoa or 'no LSOA'} in the link", patience=60)
    visitor.settled()


def _away(visitor: Visitor, chart: Locator) -> None:
    """Take the pointer off the map, so that nothing on it is highlighted."""
    box = chart.bounding_box()
    assert box
    visitor.page.mouse.move(box["x"] + 5, box["y"] - 20)


def _largest(area: CrimeArea) -> tuple[str, str]:
    """The LSOAs that are easiest to hit."""
    sizes = {code: square_metres(shape, 0.6) for code, shape in outlines(area).items()}
    first, second, *_ = sorted(sizes, key=sizes.__getitem__, reverse=True)
    return first, second


def _place(area: CrimeArea, code: str) -> tuple[float, float]:
    """Where the point of an LSOA lies on the map, in pixels from its centre (Web Mercator)."""
    shown = lsoa_map_data(area, lsoa_rates(area))
    view = json.loads(lsoa_deck(shown, geometries({}), area.places.head(0)).to_json())["initialViewState"]
    row = area.lsoas.set_index("lsoa11_code").loc[[code]].iloc[0]
    here, centre = (_mercator(place["longitude"], place["latitude"], view["zoom"]) for place in (row.to_dict(), view))
    return here[0] - centre[0], here[1] - centre[1]


def _mercator(longitude: float, latitude: float, zoom: float) -> tuple[float, float]:
    world, angle = TILE * 2**zoom, math.radians(latitude)
    return world * longitude / 360, -world * math.log(math.tan(math.pi / 4 + angle / 2)) / (2 * math.pi)
