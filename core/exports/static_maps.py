"""Static pictures of maps: the shapes, colours and legend of the page, as an Altair chart."""

from collections.abc import Iterable, Mapping
from math import cos, radians
from typing import Any

import altair as alt
import pandas as pd

from core.presentation.maps import FADED_ALPHA, LINE, NO_VALUE, PICKED, ColourScale, rgb
from core.tables.geometry import Shape, centroid

NO_VALUE_LABEL = "no figure"
FADED_LABEL = ", could be chance"
WIDTH, TALLEST = 720, 760
LETTERS = 90  # of the labels that fit next to each other in the width, with their squares


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
    kinds = rows["value"].map(scale.colour).map(classes).where(rows["clear"], lambda kind: kind + FADED_LABEL)
    features = [_feature(shape, squeeze, kind=kinds.get(name, NO_VALUE_LABEL)) for name, shape in shapes.items()]
    colours = {label: colour for colour, label in classes.items()}
    faded = {label + FADED_LABEL: blended(colour, FADED_ALPHA) for colour, label in classes.items()}
    # Each class has its chip in the legend, and of faded and missing ones those that are there.
    named = {*labels, *(feature["properties"]["kind"] for feature in features)}
    used = {label: colour for label, colour in (colours | faded).items() if label in named}
    kind = alt.Color(
        "properties.kind:N",
        title=None,
        scale=alt.Scale(domain=list(used), range=list(used.values())),
        legend=alt.Legend(
            orient="top",
            columns=3 if max(map(len, used)) <= LETTERS // 3 else 2,
            symbolType="square",
            symbolSize=180,
            labelLimit=WIDTH // 2,
        ),
    )
    return _shapes(features).mark_geoshape(stroke=LINE, strokeWidth=line_width).encode(color=kind)


def blended(colour: str, alpha: int) -> str:
    """`colour` as it looks through its `alpha`, 0 to 255, on a white sheet."""
    return "#" + "".join(f"{round(255 + (part - 255) * alpha / 255):02x}" for part in rgb(colour))


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
