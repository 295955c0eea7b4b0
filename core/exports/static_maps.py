"""Static pictures of maps: the shapes, colours and legend of the page, as an Altair chart."""

from collections.abc import Iterable, Mapping
from math import cos, radians
from typing import Any

import altair as alt
import pandas as pd

from core.presentation.maps import FADED, FADED_ALPHA, LINE, NO_VALUE, PICKED, SOLID_ALPHA, ColourScale
from core.tables.geometry import Shape, centroid

NO_VALUE_LABEL = "no figure"
CLEAR = "clear"
WIDTH, TALLEST = 720, 760
HALF_SEEN, OPAQUE = FADED_ALPHA / 255, SOLID_ALPHA / 255


def picked_note(picked: str) -> str:
    """Note on which area is outlined; empty for none."""
    return f"Outlined: {picked}." if picked else ""


def static_map(
    shapes: Mapping[str, Shape],
    rows: pd.DataFrame,
    scale: ColourScale,
    labels: list[str],
    title: str,
    picked: str,
    borders: Mapping[str, Shape] | None = None,
    *,
    named: bool = False,
) -> alt.LayerChart:
    """Chart of shapes shaded by the class of their value, faded where it is not clear.

    Parameters
    ----------
    shapes
        Outline of each area, by name.
    rows
        ``value`` and ``clear``, by the names of the shapes.
    scale
        Colours of the values.
    labels
        Of the classes of `scale`.
    title
        What is shown, with its unit.
    picked
        Area with a strong outline; empty for none.
    borders
        Shapes to draw lines around, by name.
    named
        Whether to write the names of `borders` on the map.
    """
    squeeze = cos(radians(_middle(shapes.values())))
    layers = [_shaded(shapes, rows, scale, labels, squeeze, 0.3 if borders else 0.8)]
    layers += [_outlines(borders, squeeze, LINE, 1.4)] if borders else []
    layers += [_outlines({picked: shapes[picked]}, squeeze, PICKED, 3)] if picked in shapes else []
    layers += [_names(borders, squeeze)] if borders and named else []
    west, east, south, north = _extent(shapes.values())
    height = min(TALLEST, round(WIDTH * (north - south) / ((east - west) * squeeze)))
    above = alt.TitleParams(title, anchor="start", fontSize=13, fontWeight="normal")
    drawn = alt.layer(*layers, width=WIDTH, height=height, title=above)
    stacked = {"top": {"direction": "vertical", "anchor": "start"}}  # side by side the legends may outgrow the map
    return drawn.project(type="identity", reflectY=True).configure_legend(layout=stacked)


def _shaded(
    shapes: Mapping[str, Shape],
    rows: pd.DataFrame,
    scale: ColourScale,
    labels: list[str],
    squeeze: float,
    line_width: float,
) -> alt.Chart:
    """The areas in the colours of their classes, with the legends."""
    classes = dict(zip(scale.colours, labels, strict=True)) | {NO_VALUE: NO_VALUE_LABEL}
    classified = rows.assign(
        kind=rows["value"].map(scale.colour).map(classes), sure=rows["clear"].map({True: CLEAR, False: FADED})
    )
    known: dict[Any, Any] = classified[["kind", "sure"]].to_dict("index")
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
        legend=None
        if rows["clear"].all()
        else alt.Legend(orient="top", symbolType="square", symbolSize=180, values=[FADED], labelLimit=240),
    )
    return _shapes(features).mark_geoshape(stroke=LINE, strokeWidth=line_width).encode(color=kind, opacity=sure)


def _outlines(shapes: Mapping[str, Shape], squeeze: float, colour: str, line_width: float) -> alt.Chart:
    features = [_feature(shape, squeeze) for shape in shapes.values()]
    return _shapes(features).mark_geoshape(filled=False, stroke=colour, strokeWidth=line_width)


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
