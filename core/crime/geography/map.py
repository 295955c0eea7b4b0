"""A map of small areas: shaded by a figure or drawn as heat, with places marked on it.

No basemap, as :mod:`core.presentation.maps` draws boroughs: it needs no internet, and 1,680 areas take well
under a megabyte. Nearly all of the map is its data, so their JSON is assembled here from cached parts and inserted into
the JSON that pydeck makes of the layers: pydeck itself would take a hundred times as long.
"""

import html
import json
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import Any, Literal

import pandas as pd

from core.presentation.maps import (
    FADED_ALPHA,
    LINE,
    PHONE_WIDTH,
    PICKED,
    SOLID_ALPHA,
    TILE,
    WIDE_HEIGHT,
    WIDE_WIDTH,
    ColourScale,
    class_labels,
    compact_deck,
    rgb,
)
from core.sources.small_areas.places import CENTRE, HOSPITAL, UNIVERSITY
from core.tables.geometry import Shape, centroid, extent

LAYER, HEAT, BORDERS, OUTLINE, PLACES = "lsoas", "heat", "districts", "picked", "places"
Style = Literal["shades", "heat"]
STYLES: Mapping[Style, str] = {"shades": "Shaded areas", "heat": "Heat"}
PLACE_LINE = "#0d141c"
PLACE_FILLS: Mapping[str, str] = {UNIVERSITY: "#ffffff", HOSPITAL: "#f2b95f", CENTRE: "#3a4650"}
GLASS = [135, 145, 155, 12]  # nearly transparent, so that an area can still be pointed at
HEAT_RADIUS = 28
HEAT_COLOUR, HEAT_ALPHAS = "#2b7bba", (40, 90, 140, 195, 255)  # one colour, which suits light and dark pages
SQUARE = f"width:16px;height:16px;border:1px solid {LINE}"
DOT = "width:12px;height:12px;border:2px solid #0d141c;border-radius:50%;outline:1px solid #87919b"
MARGIN = 0.92
MOST_OUTLINED = 400  # with lines around more areas, drawing is slow without graphics hardware
MOST_NAMED = 12
PLACEHOLDER = "data of {layer}"  # replaced by the JSON of a layer's data


@dataclass(frozen=True, eq=False)
class LsoaMapData:
    """The figures behind a map of small areas.

    Parameters
    ----------
    rows
        One row per LSOA: ``lsoa11_code``, ``LSOA`` (its name), ``district``, ``value``, ``clear`` (False: drawn faded),
        ``text`` (of the tooltip), ``longitude``, ``latitude``.
    scale
        Colours of the values.
    title
        What is shown, with its unit.
    write
        Formats a value, with unit.
    finding
        One sentence.
    heat
        Column of `rows` that the heat layer weighs points by, such as a count of records.
    bounds
        West, south, east and north end of what the map shows at first; where there are none those of the districts'
        borders, or of the middles of the LSOAs.
    labels
        Words for the classes, where they are not ranges of the value.
    """

    rows: pd.DataFrame
    scale: ColourScale
    title: str
    write: Callable[[float], str]
    finding: str
    heat: str = "value"
    bounds: tuple[float, float, float, float] | None = None
    labels: tuple[str, ...] = ()

    @property
    def classes(self) -> list[str]:
        """Words for the classes of the scale."""
        return list(self.labels) or class_labels(self.scale, self.write)

    @property
    def has_gaps(self) -> bool:
        """Whether some areas have no value."""
        return bool(self.rows["value"].isna().any())

    def on(self, dark: bool) -> "LsoaMapData":
        """The same for a page that is `dark` or not."""
        return self._on_dark if dark else self

    @cached_property
    def _on_dark(self) -> "LsoaMapData":
        return replace(self, scale=self.scale.on(dark=True))

    @cached_property
    def properties(self) -> Mapping[str, str]:
        """The properties of each LSOA on the map, by code, as JSON: name, tooltip, colour."""
        columns = ("lsoa11_code", "LSOA", "text", "value", "clear")
        rows = zip(*(self.rows[column].tolist() for column in columns), strict=True)
        return {code: self._properties(code, name, text, value, clear) for code, name, text, value, clear in rows}

    def _properties(self, code: str, name: str, text: str, value: float, clear: bool) -> str:
        fill = _fill(self.scale.colour(value), clear)
        return f'{{"code":{_quoted(code)},"name":{_quoted(name)},"text":{_quoted(text)},"fill":{fill}}}'


_quoted = json.JSONEncoder(ensure_ascii=False).encode


@cache
def _fill(colour: str, clear: bool) -> str:
    return _compact([*rgb(colour), SOLID_ALPHA if clear else FADED_ALPHA])


def geometries(outlines: Mapping[str, Shape]) -> dict[str, str]:
    """Each outline as a GeoJSON geometry in text, by code."""
    return {code: _compact({"type": "MultiPolygon", "coordinates": shape}) for code, shape in outlines.items()}


def lsoa_deck(
    shown: LsoaMapData,
    outlines: Mapping[str, str],
    places: pd.DataFrame,
    style: Style = "shades",
    picked: str = "",
    phone: bool = False,
    borders: Mapping[str, Shape] | None = None,
) -> Any:
    """The pydeck map of `shown`.

    Parameters
    ----------
    outlines
        Geometry of each LSOA by code, see :func:`geometries`; an LSOA without one is left out.
    places
        ``place``, ``kind``, ``longitude``, ``latitude`` of places to mark; may be empty.
    style
        Areas shaded by their value, or a heat layer over their outlines.
    picked
        Code of the LSOA with a strong outline.
    phone
        Whether the screen is small.
    borders
        Shapes of districts to draw lines around, by name; named on the map where they are several and not many.
    """
    fill = "properties.fill" if style == "shades" else GLASS
    layers = {LAYER: _areas(fill, lines=len(shown.rows) <= MOST_OUTLINED)}
    data = {LAYER: _features(shown, outlines)}
    if style == "heat":
        layers[HEAT], data[HEAT] = _heat(), _weights(shown)
    if borders:
        layers[BORDERS], data[BORDERS] = _borders(), _border_features(borders)
    if picked in outlines:
        layers[OUTLINE], data[OUTLINE] = _outline(), outlines[picked]
    if len(places):
        layers[PLACES], data[PLACES] = _marks(), _place_features(places)
    bounds = shown.bounds or (extent(borders.values()) if borders else _middles(shown.rows))
    deck = compact_deck(list(layers.values()), _view(bounds, phone), "{name}\n{text}")
    text = deck.to_json()
    for name, written in data.items():
        text = text.replace(json.dumps(PLACEHOLDER.format(layer=name)), written)
    deck.to_json = lambda: text
    return deck


def heat_legend(shown: LsoaMapData) -> str:
    """Legend of the heat layer as HTML: the density of records, not their number per resident."""
    title = f"{shown.heat.capitalize()} close together, compared with the densest spot, whatever the residents: fewest"
    swatches = [_swatch(f"{HEAT_COLOUR}{alpha:02x}", SQUARE) for alpha in HEAT_ALPHAS]
    return _line([f"<span>{html.escape(title)}</span>", *swatches, "<span>most</span>"])


def places_legend(kinds: Sequence[str]) -> str:
    """Legend of the places on the map as HTML; empty without `kinds`."""
    dots = [
        '<span style="display:inline-flex;align-items:center;gap:5px;white-space:nowrap">'
        f"{_swatch(PLACE_FILLS[kind], DOT)}{html.escape(kind)}</span>"
        for kind in kinds
    ]
    return _line(dots) if dots else ""


def _line(parts: Sequence[str]) -> str:
    style = "display:flex;flex-wrap:wrap;gap:4px 10px;align-items:center;font-size:0.85rem;margin-top:4px"
    return f'<div style="{style}">{"".join(parts)}</div>'


def _swatch(colour: str, shape: str) -> str:
    return f'<span style="{shape};background:{colour}"></span>'


def _features(shown: LsoaMapData, outlines: Mapping[str, str]) -> str:
    return _collection(
        f'{{"type":"Feature","geometry":{outlines[code]},"properties":{properties}}}'
        for code, properties in shown.properties.items()
        if code in outlines
    )


def _border_features(borders: Mapping[str, Shape]) -> str:
    named = borders if 1 < len(borders) <= MOST_NAMED else {}
    lines = [_feature("MultiPolygon", shape) for shape in borders.values()]
    return _collection([*lines, *(_feature("Point", centroid(shape), name=name) for name, shape in named.items())])


def _place_features(places: pd.DataFrame) -> str:
    return _collection(
        _feature(
            "Point",
            [row["longitude"], row["latitude"]],
            name=row["place"],
            text=row["kind"].capitalize(),
            fill=[*rgb(PLACE_FILLS[row["kind"]]), 255],
        )
        for _, row in places.iterrows()
    )


def _weights(shown: LsoaMapData) -> str:
    points = shown.rows[["longitude", "latitude", shown.heat]].dropna().round(4)
    return _compact(points.rename(columns={shown.heat: "weight"}).to_dict("records"))


def _collection(features: Iterable[str]) -> str:
    return f'{{"type":"FeatureCollection","features":[{",".join(features)}]}}'


def _feature(kind: str, coordinates: object, **properties: object) -> str:
    return _compact(
        {"type": "Feature", "geometry": {"type": kind, "coordinates": coordinates}, "properties": properties}
    )


def _compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _areas(fill: str | list[int], lines: bool) -> Any:
    return _geojson(
        LAYER,
        {"polygons-fill": fill},
        stroked=lines,
        pickable=True,
        auto_highlight=True,
        highlight_color=[184, 98, 27, 60],
        get_line_color=[*rgb(LINE), 60],
        get_line_width=0.5,
    )


def _outline() -> Any:
    """A strong line around one LSOA; a separate layer, so that the others need not be redrawn."""
    return _geojson(OUTLINE, {}, filled=False, get_line_color=[*rgb(PICKED), 255], get_line_width=3)


def _borders() -> Any:
    """Lines around districts, and their names in the middle."""
    return _geojson(
        BORDERS,
        {},
        filled=False,
        get_line_color=[*rgb(LINE), 255],
        get_line_width=1.2,
        point_type="'text'",
        get_text="properties.name",
        get_text_color=[*rgb(PLACE_LINE), 255],
        get_text_size=12,
        get_text_pixel_offset=[0, -26],  # away from the centre, which is often the densest spot
        text_font_family="'Source Sans, sans-serif'",
        text_background=True,
        get_text_background_color=[255, 255, 255, 190],
        text_background_padding=[4, 1],
    )


def _marks() -> Any:
    return _geojson(
        PLACES,
        {"points-circle": "properties.fill"},
        pickable=True,
        get_point_radius=6,
        point_radius_units="'pixels'",
        get_line_color=[*rgb(PLACE_LINE), 255],
        get_line_width=2,
    )


def _geojson(name: str, fills: Mapping[str, str | list[int]], **options: Any) -> Any:
    """A layer of shapes whose colours Streamlit does not change.

    Once something is selected, Streamlit lightens everything else in the fill colour of a layer, which would look
    faded. It does not change the sublayers that deck.gl makes of the layer.

    Parameters
    ----------
    fills
        Fill of each part of the layer, by deck.gl's name for the part: a colour, or the property that holds it.
    """
    inner = {part: {"getFillColor": f"@@={fill}" if isinstance(fill, str) else fill} for part, fill in fills.items()}
    return _layer("GeoJsonLayer", name, line_width_units="'pixels'", _subLayerProps=inner, **options)


def _heat() -> Any:
    return _layer(
        "HeatmapLayer",
        HEAT,
        get_position="[longitude, latitude]",
        get_weight="weight",
        radius_pixels=HEAT_RADIUS,
        color_range=[[*rgb(HEAT_COLOUR), alpha] for alpha in HEAT_ALPHAS],
    )


def _layer(kind: str, name: str, **options: Any) -> Any:
    import pydeck

    return pydeck.Layer(kind, id=name, data=PLACEHOLDER.format(layer=name), **options)


def _middles(rows: pd.DataFrame) -> tuple[float, float, float, float]:
    """West, south, east and north end of the middles of LSOAs."""
    across, upright = rows["longitude"], rows["latitude"]
    return across.min(), upright.min(), across.max(), upright.max()


def _view(bounds: tuple[float, float, float, float], phone: bool) -> dict[str, float]:
    """Centre and zoom that hold all of `bounds`."""
    west, south, east, north = bounds
    latitude = (south + north) / 2
    width, height = (PHONE_WIDTH, 0.9 * PHONE_WIDTH) if phone else (WIDE_WIDTH, WIDE_HEIGHT)
    across = max(east - west, 0.01) / width
    upright = max(north - south, 0.01) / math.cos(math.radians(latitude)) / height
    zoom = math.log2(MARGIN * 360 / TILE / max(across, upright))
    return {"longitude": (west + east) / 2, "latitude": latitude, "zoom": round(zoom, 2)}
