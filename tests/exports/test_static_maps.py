"""Self-contained pictures, and the maps among them."""

import io
import re
from collections import Counter
from xml.etree import ElementTree

import altair as alt
import pandas as pd
import pytest
from PIL import Image

from core.crime.geography.rate_map import lsoa_map_data
from core.crime.geography.spatial import outlines
from core.crime.geography.static_map import static_lsoa_map
from core.crime.lsoa_rates import lsoa_rates
from core.crime.places import STUDY_AREA, place
from core.exports import images
from core.exports.static_maps import blended
from core.london.borough_map import static_borough_map
from core.london.map.figures import MapView, borough_map_data, complete_view
from core.presentation.charts import with_theme
from core.presentation.maps import FADED_ALPHA, borough_shapes
from core.tables.catalogue import Catalogue
from core.tables.geometry import Shape
from core.tables.panel import Panel

ROWS = pd.DataFrame({"x": [1, 2], "y": [3, 4]})
SVG = "{http://www.w3.org/2000/svg}"
LONG = "Recorded crime in the district went with deprivation more closely than in any other district of the region " * 2


def chart(title: str) -> dict[str, object]:
    return with_theme(alt.Chart(ROWS, title=title).mark_line(clip=True).encode(x="x:Q", y="y:Q"), dark=False)


def texts(drawn: str) -> list[str]:
    return [element.text or "" for element in ElementTree.fromstring(drawn).iter(f"{SVG}text")]


def test_sheet_has_finding_charts_and_sources_in_order() -> None:
    drawn = images.sheet([chart("First"), chart("Second")], "The finding", "Note.\nSources: MOPAC.", "Two lines.")
    found = texts(drawn)
    order = [found.index(text) for text in ("The finding", "First", "Second", "Note.", "Sources: MOPAC.")]
    assert order == sorted(order)
    root = ElementTree.fromstring(drawn)
    assert root.findtext(f"{SVG}desc") == "Two lines."
    assert "http" not in drawn.replace("http://www.w3.org/", "")


def test_sheet_with_long_titles_breaks_them() -> None:
    drawn = images.sheet([chart("")], LONG, LONG)
    assert " ".join(texts(drawn)).count("deprivation") == 4
    picture = Image.open(io.BytesIO(images.sheet_png(drawn))).convert("L")
    right = picture.crop((picture.width - 2 * images.MARGIN + 4, 0, picture.width, picture.height))
    assert min(right.tobytes()) > 200


def test_sheet_with_charts_side_by_side_is_wider_with_unique_ids() -> None:
    one, two = (images.sheet([chart("a"), chart("b")], "t", "f", across=across) for across in (1, 2))
    sizes = [
        tuple(float(ElementTree.fromstring(drawn).get(side, "0")) for side in ("width", "height"))
        for drawn in (one, two)
    ]
    assert sizes[1][0] > sizes[0][0]
    assert sizes[1][1] < sizes[0][1]
    names = re.findall(r'\bid="([^"]+)"', two)
    assert names
    assert len(names) == len(set(names))
    assert set(re.findall(r"url\(#([^)]+)\)", two)) <= set(names)


def test_sheet_with_hostile_text_has_it_as_text() -> None:
    nasty = "<script>alert(1)</script>\x00\x0b & \ud800"
    drawn = images.sheet([chart("")], nasty, nasty, nasty)
    assert not list(ElementTree.fromstring(drawn).iter(f"{SVG}script"))
    assert images.sheet_png(drawn).startswith(b"\x89PNG")


@pytest.fixture(scope="module")
def boundaries(catalogue: Catalogue) -> object:
    return borough_shapes(catalogue.path("borough_shapes"))


def test_static_borough_map_of_change_fades_unclear_boroughs(
    panel: Panel, catalogue: Catalogue, boundaries: object
) -> None:
    shown = borough_map_data(complete_view(MapView(kind="change"), panel), panel, catalogue)
    item = static_borough_map(shown, boundaries, "Barnet")  # type: ignore[arg-type]
    drawn = images.svg(with_theme(item.charts[0], dark=False))
    unclear = shown.rows[~shown.rows["clear"]]
    fills = Counter(re.findall(r'<path[^>]* fill="(#[0-9a-f]{6})"[^>]* stroke="#5b6670"', drawn))
    seen = Counter(blended(shown.scale.colour(value), FADED_ALPHA) for value in unclear["value"])
    assert seen
    assert all(fills[colour] >= count for colour, count in seen.items()), (fills, seen)
    # One chip of the legend for each faded colour.
    labels = [text for text in texts(drawn) if text.endswith("could be chance")]
    assert len(labels) == len(set(labels)) == len(seen)
    assert drawn.count('stroke="#b8621b"') == 1
    assert "no figure" in drawn  # the City of London
    assert item.note == "Outlined: Barnet."
    assert list(item.table["Borough"]) == list(shown.rows.sort_values("value", ascending=False)["borough"])


def test_static_borough_map_of_level_mentions_no_fading(panel: Panel, catalogue: Catalogue, boundaries: object) -> None:
    shown = borough_map_data(complete_view(MapView(), panel), panel, catalogue)
    item = static_borough_map(shown, boundaries)  # type: ignore[arg-type]
    drawn = images.svg(with_theme(item.charts[0], dark=False))
    assert "could be chance" not in drawn
    assert 'stroke="#b8621b"' not in drawn


def test_static_lsoa_map_has_each_area_in_its_class_colour() -> None:
    area = place(STUDY_AREA)
    shown = lsoa_map_data(area, lsoa_rates(area, "All recorded crime"), district="Solihull")
    shapes = outlines(area)
    square: Shape = [[[(-1.9, 52.3), (-1.7, 52.3), (-1.7, 52.5), (-1.9, 52.5), (-1.9, 52.3)]]]
    code = str(shown.rows["lsoa11_code"].iloc[0])
    item = static_lsoa_map(shown, shapes, {"Solihull": square}, code)
    (layers,) = [with_theme(chart, dark=False)["layer"] for chart in item.charts]
    features = [layer["data"]["values"] for layer in layers if "values" in layer.get("data", {})]
    assert [len(values) for values in features] == [len(shown.rows), 1, 1]
    assert len(item.table) == len(shown.rows)
    drawn = images.svg(with_theme(item.charts[0], dark=False))
    for colour in {shown.scale.colour(value) for value in shown.rows["value"]}:
        assert f'fill="{colour}"' in drawn
