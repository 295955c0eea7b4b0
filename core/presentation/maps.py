"""A map of areas: colours, the deck and its legend.

The map draws shapes only, no basemap, so it needs no internet and sends little. Boroughs whose change
could be chance are drawn faded, and their tooltip and table row say so in words.
"""

import html
import json
import math
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path
from textwrap import wrap
from typing import Any
from urllib.parse import quote

import numpy as np
import pandas as pd

from core.tables.geometry import Point, area, centroid, shape_of

LAYER, NAMES = "boroughs", "names"
FADED, BEYOND_CHANCE = "faded: could be chance", "Beyond chance"
SEQUENTIAL = ("#dceaf5", "#a9cbe6", "#6fa6d2", "#3a7db5", "#17527f")
DIVERGING = ("#b35806", "#ecab63", "#dedee4", "#a79cc9", "#5e4a94")
# On a dark page the least is the darkest, nearest to the page, as on a light one it is the lightest.
SEQUENTIAL_DARK = ("#20394f", "#285a82", "#3f86bd", "#7db3dc", "#c9e2f5")
DIVERGING_DARK = ("#f0a050", "#9c6630", "#44474f", "#6f66a0", "#b3a4e8")
_DARK = dict(zip((*SEQUENTIAL, *DIVERGING), (*SEQUENTIAL_DARK, *DIVERGING_DARK), strict=True))
CITY, CITY_TEXT = "City of London", "Has its own police force, so the survey does not ask here"
CITY_LEGEND = f"{CITY}: own police force"
NO_VALUE, MISSING = "#8a949e", "no figures"
PICKED, LINE = "#b8621b", "#5b6670"
FADED_ALPHA = 70
SOLID_ALPHA = 235
CENTRE = {"latitude": 51.49, "longitude": -0.09}
WIDE_ZOOM, PHONE_ZOOM = 9.0, 8.1
WIDE_WIDTH, PHONE_WIDTH = 660, 350  # pixels that a map has on a page: next to the menu on a tablet, and on a telephone
WIDE_HEIGHT, PHONE_HEIGHT = 520, 360
SAFE = " =:/,()'"  # what may stand in an address within double quotes
NAME_SIZE, NAME_LETTER, NAME_LETTERS = 11, 5.6, 12  # pixels of a letter's height and width; letters of a line
NAME_COLOUR = [13, 20, 28, 255]
# The page scrolls where a wheel or one finger moves over a map: a double click or two fingers zoom.
CONTROLLER: Mapping[str, bool] = {"scrollZoom": False, "dragRotate": False, "touchRotate": False}
TILE = 512  # pixels that the whole world takes at zoom 0


@dataclass(frozen=True)
class MapSize:
    """How large the boroughs are drawn: Web Mercator's `zoom`, and the pixels that they then fit in."""

    zoom: float
    width: int
    height: int


WIDE = MapSize(WIDE_ZOOM, WIDE_WIDTH, WIDE_HEIGHT)
PHONE = MapSize(PHONE_ZOOM, PHONE_WIDTH, PHONE_HEIGHT)
IN_SUMMARY = MapSize(8.45, 440, PHONE_HEIGHT)  # next to the facts, on a tablet too


@dataclass(frozen=True)
class ColourScale:
    """Classes of a value: upper breaks between them and one colour for each."""

    breaks: tuple[float, ...]
    colours: tuple[str, ...]

    def colour(self, value: float) -> str:
        """Colour of `value`; grey where there is none."""
        if math.isnan(value):
            return NO_VALUE
        # 100 times a share of 0.58 is a little less than 58, and belongs to the class from 58.
        return self.colours[bisect_right(self.breaks, round(value, 9))]

    def on(self, dark: bool) -> "ColourScale":
        """The scale for a page that is `dark` or not."""
        return replace(self, colours=tuple(_DARK.get(colour, colour) for colour in self.colours)) if dark else self


def level_scale(values: pd.Series) -> ColourScale:
    """Five classes with about a fifth of the boroughs each, at breaks that are easy to read; fewer where many tie."""
    quantiles = values.dropna().quantile([0.2, 0.4, 0.6, 0.8], interpolation="higher")
    # Not the whole spread: one borough far out would make the breaks of all others too coarse to differ.
    spread = float(quantiles.max() - quantiles.min())
    breaks = tuple(dict.fromkeys(_rounded(value, spread) for value in quantiles))
    return ColourScale(breaks, SEQUENTIAL[-len(breaks) - 1 :])


def change_scale(values: pd.Series) -> ColourScale:
    """Five classes even about zero, wide enough for the largest change."""
    largest = float(values.abs().max()) or 1.0  # nothing changes: any classes do, with all in the middle one
    inner, outer = _rounded(largest * 0.2, largest), _rounded(largest * 0.6, largest)
    return ColourScale((-outer, -inner, inner, outer), DIVERGING)


def _rounded(value: float, spread: float) -> float:
    if spread <= 0 or np.isnan(spread):
        return float(value)
    digits = 1 - int(np.floor(np.log10(spread)))
    return float(round(value, digits))


@cache
def borough_shapes(path: Path) -> Mapping[str, Any]:
    """The boundaries, read once; shared, so never to be changed in place."""
    shapes: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return shapes


def map_features(
    shapes: Mapping[str, Any], rows: pd.DataFrame, scale: ColourScale, picked: str
) -> list[dict[str, Any]]:
    """Shapes with colour and tooltip text.

    Parameters
    ----------
    shapes
        GeoJSON with the property ``borough``.
    rows
        ``borough``, ``value``, ``clear`` (False: could be chance) and ``text`` (lines of the tooltip).
    scale
        Colours of the values.
    picked
        Borough with a strong outline.
    """
    by_borough = rows.set_index("borough").to_dict("index")
    return [_feature(shape, by_borough, scale, picked) for shape in shapes["features"]]


def _feature(
    shape: Mapping[str, Any], rows: Mapping[Any, Mapping[Any, Any]], scale: ColourScale, picked: str
) -> dict[str, Any]:
    name = shape["properties"]["borough"]
    row = rows.get(name)
    value = float(row["value"]) if row else float("nan")
    clear = not row or bool(row["clear"])
    properties = {
        "borough": name,
        "text": row["text"] if row else CITY_TEXT if name == CITY else "Not in these figures",
        "fill": [*rgb(scale.colour(value)), SOLID_ALPHA if clear else FADED_ALPHA],
        "line": [*rgb(PICKED), 255] if name == picked else [*rgb(LINE), 160],
        "width": 3 if name == picked else 1,
    }
    return {"type": "Feature", "geometry": shape["geometry"], "properties": properties}


def deck(features: Sequence[Mapping[str, Any]], size: MapSize = WIDE) -> Any:
    """The pydeck map of `features`, drawn as large as `size` says."""
    import pydeck

    layer = pydeck.Layer(
        "GeoJsonLayer",
        id=LAYER,
        data={"type": "FeatureCollection", "features": list(features)},
        pickable=True,
        stroked=True,
        auto_highlight=True,
        highlight_color=[184, 98, 27, 60],
        get_fill_color="properties.fill",
        get_line_color="properties.line",
        get_line_width="properties.width",
        line_width_units="'pixels'",
    )
    view = {**CENTRE, "zoom": size.zoom, "min_zoom": 7.5, "max_zoom": 13}
    return compact_deck([layer, _names(features, size.zoom)], view, "{borough}\n{text}")


def _names(features: Sequence[Mapping[str, Any]], zoom: float) -> Any:
    """Names of the areas, as many as have room at `zoom`."""
    import pydeck

    return pydeck.Layer(
        "TextLayer",
        id=NAMES,
        data=placed_names(features, zoom),
        get_position="[longitude, latitude]",
        get_text="name",
        get_size=NAME_SIZE,
        get_color=NAME_COLOUR,
        font_family="'Source Sans, sans-serif'",
        line_height=1,
        background=True,
        get_background_color=[255, 255, 255, 150],
        background_padding=[2, 0],
    )


def placed_names(features: Sequence[Mapping[str, Any]], zoom: float) -> list[dict[str, Any]]:
    """Where names are written: ``name``, ``longitude``, ``latitude`` of each that lies over no other at `zoom`.

    The largest areas come first; a name in two lines is narrower. Coordinates are degrees.
    """
    pixels = TILE * 2**zoom
    placed: list[dict[str, Any]] = []
    boxes: list[tuple[float, float, float, float]] = []
    for feature in sorted(features, key=_extent_of, reverse=True):
        name = "\n".join(wrap(feature["properties"]["borough"], NAME_LETTERS))
        longitude, latitude = centroid(shape_of(feature["geometry"]))
        x, y = (pixels * part for part in mercator(longitude, latitude))
        wide, high = NAME_LETTER * max(map(len, name.split("\n"))) / 2, NAME_SIZE * (name.count("\n") + 1) / 2
        box = (x - wide, y - high, x + wide, y + high)
        if not any(_overlap(box, other) for other in boxes):
            boxes.append(box)
            placed.append({"name": name, "longitude": round(longitude, 4), "latitude": round(latitude, 4)})
    return placed


def _extent_of(feature: Mapping[str, Any]) -> float:
    return area(shape_of(feature["geometry"]), math.cos(math.radians(CENTRE["latitude"])))


def _overlap(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def drawing(features: Sequence[Mapping[str, Any]], size: MapSize = WIDE) -> str:
    """The same map as the address of an SVG picture: what can be seen until the browser has fetched and started a deck.

    Its middle is the deck's, as are its pixels and projection (Web Mercator), so that the one can lie over the other.
    """
    world = TILE * 2**size.zoom
    middle = mercator(CENTRE["longitude"], CENTRE["latitude"])
    across, down = size.width / 2 - middle[0] * world, size.height / 2 - middle[1] * world
    paths = [_path(feature, world, across, down) for feature in features]
    whole = (
        f"<svg xmlns='http://www.w3.org/2000/svg' width='{size.width}' height='{size.height}'>{''.join(paths)}</svg>"
    )
    return f"data:image/svg+xml,{quote(whole, safe=SAFE)}"


def mercator(longitude: float, latitude: float) -> tuple[float, float]:
    """A point on the square of Web Mercator, whose sides are 1: to the right, and down."""
    angle = math.radians(latitude)
    return longitude / 360 + 0.5, 0.5 - math.log(math.tan(math.pi / 4 + angle / 2)) / (2 * math.pi)


def _path(feature: Mapping[str, Any], size: float, across: float, down: float) -> str:
    """A shape as an SVG path of whole pixels, each point relative to the one before."""
    sentence = feature["properties"]
    (*fill, fill_alpha), (*line, line_alpha) = sentence["fill"], sentence["line"]
    rings = tuple(tuple(ring) for polygon in shape_of(feature["geometry"]) for ring in polygon)
    return (
        f"<path d='{_steps(rings, size, across, down)}' fill='rgb{tuple(fill)}' fill-opacity='{fill_alpha / 255:.2f}' "
        f"stroke='rgb{tuple(line)}' stroke-opacity='{line_alpha / 255:.2f}' stroke-width='{sentence['width']}'/>"
    )


@lru_cache(maxsize=256)  # the boroughs, as wide and as narrow maps draw them
def _steps(rings: tuple[tuple[Point, ...], ...], size: float, across: float, down: float) -> str:
    """What an SVG path draws, along `rings` in degrees."""
    steps = []
    for ring in rings:
        points = [mercator(*point) for point in ring]
        placed = [(round(x * size + across), round(y * size + down)) for x, y in points]
        moves = ((x - a, y - b) for (a, b), (x, y) in pairwise(placed) if (x, y) != (a, b))
        steps.append("M{},{}l{}z".format(*placed[0], " ".join(f"{x},{y}" for x, y in moves)))
    return "".join(steps)


def compact_deck(layers: Sequence[Any], view: Mapping[str, float], tooltip: str) -> Any:
    """A pydeck map of `layers` without a basemap, sent without the indentation that takes pydeck nine times as long."""
    import pydeck
    from pydeck.bindings.json_tools import default_serialize

    class Compact(pydeck.Deck):  # type: ignore[misc]
        def to_json(self) -> str:
            return json.dumps(self, sort_keys=True, default=default_serialize, separators=(",", ":"))

    return Compact(
        layers=list(layers),
        views=[pydeck.View(type="MapView", controller=dict(CONTROLLER))],
        initial_view_state=pydeck.ViewState(**view),
        map_provider=None,  # and no map_style: given as None, Streamlit fetches a basemap from another host
        tooltip={
            "text": tooltip,
            "style": {"whiteSpace": "pre-line", "fontSize": "13px", "color": "#ffffff"},
        },
    )


def legend_html(scale: ColourScale, title: str, labels: Sequence[str], faded: bool, missing: str = "") -> str:
    """The legend that pydeck does not draw: a swatch for each class, next to it the same faded, and what that means.

    Parameters
    ----------
    missing
        What areas without a value are, which takes a swatch too; empty where there are none.
    """
    alphas = (SOLID_ALPHA, FADED_ALPHA) if faded else (SOLID_ALPHA,)
    swatches = [_swatches(colour, alphas, label) for colour, label in zip(scale.colours, labels, strict=True)]
    swatches += [_swatches(NO_VALUE, (SOLID_ALPHA,), missing)] if missing else []
    meaning = f"<span>({FADED})</span>" if faded else ""
    return (
        '<div style="display:flex;flex-wrap:wrap;gap:4px 14px;align-items:center;font-size:0.85rem">'
        f"<span>{html.escape(title)}</span>{''.join(swatches)}{meaning}</div>"
    )


def _swatches(colour: str, alphas: Sequence[int], label: str) -> str:
    squares = "".join(
        f'<span style="width:16px;height:16px;border:1px solid {LINE};background:{colour}{alpha:02x}"></span>'
        for alpha in alphas
    )
    style = "display:inline-flex;align-items:center;gap:5px;white-space:nowrap"
    return f'<span style="{style}">{squares}{html.escape(label)}</span>'


def rgb(colour: str) -> list[int]:
    """Red, green and blue of a colour such as ``"#17527f"``, each from 0 to 255."""
    return [int(colour[start : start + 2], 16) for start in (1, 3, 5)]


def class_labels(scale: ColourScale, write: Callable[[float], str]) -> list[str]:
    """Words for the classes: 'under a', 'a to b', ..., 'd and over'."""
    labels = [write(value) for value in scale.breaks]
    between = [f"{low} to {high}" for low, high in pairwise(labels)]
    return [f"under {labels[0]}", *between, f"{labels[-1]} and over"]
