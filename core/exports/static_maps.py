"""The maps as pictures that stand still: the shapes, colours and legend of the page, as an Altair chart."""

from collections.abc import Iterable, Mapping
from math import cos, radians
from typing import Any

import altair as alt
import pandas as pd

from core.crime.map import LINE, MOST_NAMED, PICKED, LsoaMapData
from core.london.borough_map import BoroughMapData, map_table
from core.presentation.charts import Figure
from core.presentation.maps import FADED_ALPHA, NO_VALUE, SOLID_ALPHA, ColourScale, class_labels
from core.presentation.numbers import YES_NO
from core.tables.geometry import Shape, centroid, shape_of

NO_VALUE_LABEL = "no figure"
CLEAR, FADED = "clear", "faded: within the noise"
WIDTH, TALLEST = 720, 760
HALF_SEEN, OPAQUE = FADED_ALPHA / 255, SOLID_ALPHA / 255


def static_borough_map(shown: BoroughMapData, boundaries: Mapping[str, Any], picked: str = "") -> Figure:
    """The map of boroughs, with its figures as its table.

    Parameters
    ----------
    boundaries
        GeoJSON with the property ``borough``.
    picked
        Borough with a strong outline; empty for none.
    """
    shapes = {feature["properties"]["borough"]: shape_of(feature["geometry"]) for feature in boundaries["features"]}
    table = map_table(shown, change=True)
    labels = class_labels(shown.scale, shown.write)
    chart = _map(shapes, shown.rows.set_index("borough"), shown.scale, labels, shown.title, picked)
    return Figure(
        "map", f"{shown.finding}.", (chart,), f"Map of London boroughs. {shown.finding}.", table, _note(picked)
    )


def static_lsoa_map(
    shown: LsoaMapData, outlines: Mapping[str, Shape], borders: Mapping[str, Shape], picked: str = ""
) -> Figure:
    """The map of small areas, shaded, with its figures as its table.

    Parameters
    ----------
    outlines
        Shape of each LSOA by code; an LSOA without one is left out.
    borders
        Shapes of districts to draw lines around, by name; named where they are several and not many.
    picked
        Code of the LSOA with a strong outline; empty for none.
    """
    rows = shown.rows.sort_values("value", ascending=False)
    table = pd.DataFrame(
        {
            "LSOA": rows["LSOA"],
            "LSOA code": rows["lsoa11_code"],
            "Value": rows["value"],
            "Clear of the noise": rows["clear"].map(YES_NO),
            "longitude": rows["longitude"],
            "latitude": rows["latitude"],
        }
    )
    labels = class_labels(shown.scale, shown.write)
    areas = shown.rows.set_index("lsoa11_code")
    there = {code: outlines[code] for code in areas.index if code in outlines}
    chart = _map(there, areas, shown.scale, labels, shown.title, picked, borders)
    names = areas["LSOA"].to_dict()
    alt_words = f"Map of small areas (LSOAs). {shown.finding}."
    return Figure("lsoa_map", f"{shown.finding}.", (chart,), alt_words, table, _note(names.get(picked, "")))


def _note(picked: str) -> str:
    return f"Outlined: {picked}." if picked else ""


def _map(
    shapes: Mapping[str, Shape],
    rows: pd.DataFrame,
    scale: ColourScale,
    labels: list[str],
    title: str,
    picked: str,
    borders: Mapping[str, Shape] | None = None,
) -> alt.LayerChart:
    """Shapes shaded by the class of their value, faded where it is not clear.

    Parameters
    ----------
    rows
        ``value`` and ``clear``, by the names of the shapes.
    labels
        Of the classes of `scale`.
    """
    squeeze = cos(radians(_middle(shapes.values())))
    classes = dict(zip(scale.colours, labels, strict=True)) | {NO_VALUE: NO_VALUE_LABEL}
    sentence = rows.assign(
        kind=rows["value"].map(scale.colour).map(classes), sure=rows["clear"].map({True: CLEAR, False: FADED})
    )
    known: dict[Any, Any] = sentence[["kind", "sure"]].to_dict("index")
    nothing = {"kind": NO_VALUE_LABEL, "sure": CLEAR}
    features = [_feature(shape, squeeze, **known.get(name, nothing)) for name, shape in shapes.items()]
    used = [*scale.colours, NO_VALUE][: len(labels) + any(f["properties"]["kind"] == NO_VALUE_LABEL for f in features)]
    kind = alt.Color(
        "properties.kind:N",
        title=None,
        scale=alt.Scale(domain=[classes[colour] for colour in used], range=used),
        legend=alt.Legend(orient="top", columns=3, symbolType="square", symbolSize=180, labelLimit=240),
    )
    sure = alt.Opacity(
        "properties.sure:N",
        title=None,
        scale=alt.Scale(domain=[CLEAR, FADED], range=[OPAQUE, HALF_SEEN]),
        legend=None if rows["clear"].all() else alt.Legend(orient="top", symbolType="square", symbolSize=180),
    )
    fine = 0.3 if borders else 0.8
    layers = [_shapes(features).mark_geoshape(stroke=LINE, strokeWidth=fine).encode(color=kind, opacity=sure)]
    lines = {"districts": borders or {}, "picked": {picked: shapes[picked]} if picked in shapes else {}}
    layers += [
        _shapes([_feature(shape, squeeze) for shape in group.values()]).mark_geoshape(
            filled=False, stroke=PICKED if name == "picked" else LINE, strokeWidth=3 if name == "picked" else 1.4
        )
        for name, group in lines.items()
        if group
    ]
    if borders and 1 < len(borders) <= MOST_NAMED:
        layers.append(_names(borders, squeeze))
    west, east, south, north = _extent(shapes.values())
    height = min(TALLEST, round(WIDTH * (north - south) / ((east - west) * squeeze)))
    above = alt.TitleParams(title, anchor="start", fontSize=13, fontWeight="normal")
    drawn = alt.layer(*layers, width=WIDTH, height=height, title=above)
    one_below_the_other = {"top": {"direction": "vertical", "anchor": "start"}}  # side by side they may outgrow the map
    return drawn.project(type="identity", reflectY=True).configure_legend(layout=one_below_the_other)


def _shapes(features: list[dict[str, Any]]) -> alt.Chart:
    return alt.Chart(alt.Data(values=features))


def _names(borders: Mapping[str, Shape], squeeze: float) -> alt.Chart:
    middles = [(name, *centroid(shape)) for name, shape in borders.items()]
    values = [{"name": name, "x": x * squeeze, "y": y} for name, x, y in middles]
    drawn = alt.Chart(alt.Data(values=values)).mark_text(fontSize=12, fontWeight=600, stroke="white", strokeWidth=0.3)
    return drawn.encode(longitude="x:Q", latitude="y:Q", text="name:N")


def _feature(shape: Shape, squeeze: float, **properties: str) -> dict[str, Any]:
    """`shape` as GeoJSON on a plane: degrees of longitude shortened to the length of those of latitude."""
    polygons = [[[(x * squeeze, y) for x, y in ring] for ring in polygon] for polygon in shape]
    return {"type": "Feature", "properties": properties, "geometry": {"type": "MultiPolygon", "coordinates": polygons}}


def _extent(shapes: Iterable[Shape]) -> tuple[float, float, float, float]:
    """West, east, south and north end of `shapes`."""
    points = [point for shape in shapes for polygon in shape for ring in polygon for point in ring]
    x, y = [point[0] for point in points], [point[1] for point in points]
    return min(x), max(x), min(y), max(y)


def _middle(shapes: Iterable[Shape]) -> float:
    _, _, south, north = _extent(shapes)
    return (south + north) / 2
