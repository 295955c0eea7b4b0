import json
import re
from itertools import combinations
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pydeck
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.presentation.maps import (
    CENTRE,
    CITY_TEXT,
    DIVERGING,
    FADED_ALPHA,
    IN_SUMMARY,
    MISSING,
    NO_VALUE,
    PHONE,
    SEQUENTIAL,
    SOLID_ALPHA,
    WIDE,
    ColourScale,
    MapSize,
    borough_shapes,
    change_scale,
    class_labels,
    deck,
    drawing,
    legend_html,
    level_scale,
    map_features,
    mercator,
    placed_names,
)
from core.tables.catalogue import Catalogue
from core.tables.geometry import shape_of

NASTY = "<script>alert('x')</script> & co"
SCALE = ColourScale((10.0, 20.0), ("#000000", "#808080", "#ffffff"))
values = st.lists(st.integers(-(10**9), 10**9).map(lambda n: n / 1000), min_size=2, max_size=40).map(pd.Series)


def shapes(*names: str) -> dict[str, Any]:
    square = {"type": "Polygon", "coordinates": [[[0, 0], [0, 1], [1, 1], [0, 0]]]}
    features = [{"type": "Feature", "geometry": square, "properties": {"borough": name}} for name in names]
    return {"type": "FeatureCollection", "features": features}


def rows(*figures: tuple[str, float, bool]) -> pd.DataFrame:
    frame = pd.DataFrame(figures, columns=["borough", "value", "clear"])
    return frame.assign(text=[f"text of {name}" for name in frame["borough"]])


def test_colour_scale_gives_the_colour_of_the_class() -> None:
    assert [SCALE.colour(value) for value in (-5, 9.99, 10, 19, 20, 1e9)] == [
        "#000000",
        "#000000",
        "#808080",
        "#808080",
        "#ffffff",
        "#ffffff",
    ]
    assert SCALE.colour(float("nan")) == NO_VALUE


def test_level_scale_has_a_fifth_of_the_boroughs_in_each_class() -> None:
    even = pd.Series(np.arange(100.0))
    scale = level_scale(even)
    assert list(scale.breaks) == [20, 40, 60, 80]
    assert scale.colours == SEQUENTIAL
    assert even.map(scale.colour).value_counts().between(19, 21).all()


def test_level_scale_with_an_outlier_has_no_empty_class() -> None:
    crowded = pd.Series([*np.linspace(1, 4, 31), 12.5])
    scale = level_scale(crowded)
    assert crowded.map(scale.colour).value_counts().between(4, 9).all()


@given(values=values)
def test_level_scale_classes_are_in_order_with_a_colour_each(values: pd.Series) -> None:
    scale = level_scale(values)
    assert list(scale.breaks) == sorted(set(scale.breaks))
    assert len(scale.colours) == len(scale.breaks) + 1
    assert len(set(scale.colours)) == len(scale.colours)


@given(values=values)
def test_change_scale_classes_are_symmetric_about_zero(values: pd.Series) -> None:
    scale = change_scale(values)
    assert scale.colours == DIVERGING
    assert scale.breaks == tuple(-edge for edge in reversed(scale.breaks))
    assert list(scale.breaks) == sorted(scale.breaks)
    if values.abs().max() > 0:
        assert scale.colour(0.0) == DIVERGING[2]
        assert scale.colour(float(values.abs().max())) == DIVERGING[4]


def test_class_labels_have_under_to_and_over() -> None:
    assert class_labels(SCALE, lambda value: f"{value:.0f}%") == ["under 10%", "10% to 20%", "20% and over"]


def test_map_features_have_colour_outline_and_text() -> None:
    first, second, third = map_features(
        shapes("Barnet", "Camden", "City of London"), rows(("Barnet", 5, True), ("Camden", 25, False)), SCALE, "Camden"
    )
    assert first["properties"]["fill"] == [0, 0, 0, SOLID_ALPHA]
    assert second["properties"]["fill"] == [255, 255, 255, FADED_ALPHA]
    assert (first["properties"]["text"], second["properties"]["text"]) == ("text of Barnet", "text of Camden")
    assert second["properties"]["width"] > first["properties"]["width"] == third["properties"]["width"]
    assert second["properties"]["line"] != first["properties"]["line"] == third["properties"]["line"]
    assert third["properties"]["text"] == CITY_TEXT
    assert third["properties"]["fill"][:3] == [int(NO_VALUE[at : at + 2], 16) for at in (1, 3, 5)]


def test_map_features_leave_the_shapes_unchanged() -> None:
    whole = shapes("Barnet")
    before = json.dumps(whole)
    map_features(whole, rows(("Barnet", 5, True)), SCALE, "Barnet")
    assert json.dumps(whole) == before


def test_map_features_show_the_city_without_figures(catalogue: Catalogue) -> None:
    drawn = borough_shapes(catalogue.path("borough_shapes"))
    names = [shape["properties"]["borough"] for shape in drawn["features"]]
    features = map_features(drawn, rows(*((name, 15, True) for name in names if name != "City of London")), SCALE, "")
    absent = [f["properties"]["borough"] for f in features if not f["properties"]["text"].startswith("text of")]
    assert absent == ["City of London"]
    assert "own police force" in CITY_TEXT
    assert len(features) == 33


def test_deck_and_legend_with_hostile_name_have_it_as_text() -> None:
    (feature,) = map_features(shapes(NASTY), rows((NASTY, 5, True)), SCALE, "")
    assert feature["properties"]["borough"] == NASTY
    drawn = json.loads(deck([feature]).to_json())
    # As "text", deck.gl sets the text of the tooltip; as "html" it would run them.
    assert set(drawn.get("tooltip", {"text"})) <= {"text", "style"}
    assert "html" not in deck([feature])._tooltip
    legend = legend_html(SCALE, NASTY, [NASTY, "b", "c"], faded=True)
    assert "<script" not in legend
    assert legend.count("&lt;script&gt;") == 2
    assert "&amp; co" in legend


def test_deck_to_json_is_pydeck_json_without_spaces() -> None:
    drawn = deck(map_features(shapes("A", "B"), rows(("A", 5, True)), SCALE, "A"))
    written = json.loads(pydeck.Deck.to_json(drawn))
    assert drawn.to_json() == json.dumps(written, separators=(",", ":"))


@pytest.mark.parametrize("faded", [True, False])
def test_legend_html_has_a_swatch_for_each_class_and_for_faded(faded: bool) -> None:
    legend = legend_html(SCALE, "Trust", ["low", "middle", "high"], faded)
    colours = re.findall(r"background:(#[0-9a-f]{8})", legend)
    assert [colour[:7] for colour in colours[:: 1 + faded]] == list(SCALE.colours)
    assert [colour[:7] for colour in colours[faded :: 1 + faded]] == list(SCALE.colours)
    assert {int(colour[7:], 16) for colour in colours} == {SOLID_ALPHA, *([FADED_ALPHA] if faded else [])}
    assert len(colours) == 3 * (1 + faded)
    assert ("could be chance" in legend) == faded
    assert [legend.index(word) for word in ("Trust", "low", "middle", "high")] == sorted(
        legend.index(word) for word in ("Trust", "low", "middle", "high")
    )


def test_legend_html_has_a_swatch_for_areas_without_figures_where_there_are_any() -> None:
    labels = ["low", "middle", "high"]
    assert "no figures" not in legend_html(SCALE, "Trust", labels, faded=False)
    legend = legend_html(SCALE, "Trust", labels, faded=False, missing=MISSING)
    assert "no figures" in legend
    assert NO_VALUE in legend


def test_legend_html_with_too_few_labels_raises_error() -> None:
    with pytest.raises(ValueError, match="zip"):
        legend_html(SCALE, "Trust", ["low", "high"], faded=False)


def test_deck_has_no_basemap_and_named_layers() -> None:
    drawn = deck(map_features(shapes("Barnet"), rows(("Barnet", 5, True)), SCALE, ""))
    areas, names = json.loads(drawn.to_json())["layers"]
    assert areas["id"] == "boroughs"
    assert areas["pickable"] is True
    assert [name["name"] for name in names["data"]] == ["Barnet"]
    assert not drawn.map_provider
    zooms = [json.loads(deck([], size).to_json())["initialViewState"]["zoom"] for size in (PHONE, IN_SUMMARY, WIDE)]
    assert zooms == sorted(set(zooms))
    assert json.loads(drawn.to_json())["initialViewState"]["zoom"] == zooms[-1]


@pytest.mark.parametrize("size", [PHONE, IN_SUMMARY, WIDE])
def test_map_size_holds_all_boroughs_at_its_zoom(size: MapSize, catalogue: Catalogue) -> None:
    features = borough_shapes(catalogue.path("borough_shapes"))["features"]
    points = [point for f in features for polygon in shape_of(f["geometry"]) for ring in polygon for point in ring]
    across, down = zip(*(mercator(*point) for point in points), strict=True)
    middle = mercator(CENTRE["longitude"], CENTRE["latitude"])
    for places, centre, room in ((across, middle[0], size.width), (down, middle[1], size.height)):
        farthest = max(abs(place - centre) for place in places) * 512 * 2**size.zoom
        assert 0.35 * room < farthest < 0.5 * room


def test_deck_leaves_the_wheel_to_the_page() -> None:
    (view,) = json.loads(deck([]).to_json())["views"]
    assert view["controller"]["scrollZoom"] is False


def test_names_on_the_map_do_not_overlap_and_more_have_room_on_a_wide_map(catalogue: Catalogue) -> None:
    features = borough_shapes(catalogue.path("borough_shapes"))["features"]
    counts = []
    for zoom in (PHONE.zoom, WIDE.zoom):
        placed = placed_names(features, zoom)
        counts.append(len(placed))
        pixels = 512 * 2**zoom
        places = [[pixels * part for part in mercator(name["longitude"], name["latitude"])] for name in placed]
        for (one, (x, y)), (other, (a, b)) in combinations(zip(placed, places, strict=True), 2):
            wide = sum(max(map(len, name["name"].split("\n"))) for name in (one, other)) * 5 / 2
            high = sum(name["name"].count("\n") + 1 for name in (one, other)) * 10 / 2
            assert abs(x - a) >= wide or abs(y - b) >= high, (one, other)
        assert {name["name"].replace("\n", " ") for name in placed} <= {f["properties"]["borough"] for f in features}
    assert counts[0] < counts[1] <= 33
    assert counts[1] > 20


def luminance(colour: str) -> float:
    """Relative luminance of a colour, 0 for black and 1 for white (WCAG)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.mark.parametrize("dark", [False, True])
def test_ramps_leave_the_page_the_further_the_more(dark: bool) -> None:
    sequential = [luminance(colour) for colour in ColourScale((1.0, 2.0, 3.0, 4.0), SEQUENTIAL).on(dark).colours]
    assert sequential == sorted(sequential, reverse=not dark)
    diverging = [luminance(colour) for colour in ColourScale((-2.0, -1.0, 1.0, 2.0), DIVERGING).on(dark).colours]
    for side in (diverging[2:], diverging[2::-1]):
        assert side == sorted(side, reverse=not dark)


def drawn(features: list[dict[str, Any]], size: MapSize = WIDE) -> ElementTree.Element:
    head, _, picture = drawing(features, size).partition(",")
    assert head == "data:image/svg+xml"
    return ElementTree.fromstring(unquote(picture))


def corners(path: ElementTree.Element) -> list[tuple[int, int]]:
    """Points of a path of one ring."""
    start, steps = re.fullmatch(r"M(\S+?)l(.*)z", path.attrib["d"]).groups()  # type: ignore[union-attr]
    moves = [tuple(map(int, step.split(","))) for step in [start, *steps.split()]]
    return [tuple(map(int, point)) for point in np.cumsum(moves, axis=0)]  # type: ignore[misc]


def test_drawing_has_the_shapes_and_colours_of_the_deck() -> None:
    features = map_features(shapes("Brent", "Harrow"), rows(("Brent", 15, True), ("Harrow", 25, False)), SCALE, "Brent")
    brent, harrow = drawn(features)
    assert (brent.attrib["fill"], harrow.attrib["fill"]) == ("rgb(128, 128, 128)", "rgb(255, 255, 255)")
    assert float(brent.attrib["fill-opacity"]) == pytest.approx(SOLID_ALPHA / 255, abs=0.005)
    assert float(harrow.attrib["fill-opacity"]) == pytest.approx(FADED_ALPHA / 255, abs=0.005)
    assert (brent.attrib["stroke-width"], harrow.attrib["stroke-width"]) == ("3", "1")


@pytest.mark.parametrize(("size", "middle", "zoom"), [(WIDE, (330, 260), 9.0), (PHONE, (175, 180), 8.1)])
def test_drawing_has_the_position_of_the_deck(size: MapSize, middle: tuple[int, int], zoom: float) -> None:
    """A degree of longitude is 512 x 2^zoom / 360 pixels; one of latitude, 1 / cos(latitude) times that near there."""
    here, degree = (-0.09, 51.49), 512 * 2**zoom / 360
    ring = [here, (here[0] + 1, here[1]), (here[0], here[1] + 0.01), here]
    shape = {"type": "Polygon", "coordinates": [ring]}
    feature = {"type": "Feature", "geometry": shape, "properties": {"borough": "Brent"}}
    (path,) = drawn(map_features({"features": [feature]}, rows(("Brent", 1, True)), SCALE, ""), size)
    first, east, north, *_ = corners(path)
    assert first == middle
    assert east[0] == pytest.approx(middle[0] + degree, abs=1)
    assert east[1] == middle[1]
    assert north[1] == pytest.approx(middle[1] - 0.01 * degree / np.cos(np.radians(51.49)), abs=1)


def test_drawing_with_hostile_name_leaves_it_out() -> None:
    assert "script" not in drawing(map_features(shapes(NASTY), rows((NASTY, 1, True)), SCALE, NASTY))
