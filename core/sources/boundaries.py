"""Shapes of the boroughs for a map, simplified so that neighbours still meet."""

import json
from collections import defaultdict
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from core.sources.boroughs import BY_CODE, CITY_OF_LONDON, GSS_CODE, ONS_AREAS
from core.sources.reading import SourceError, Tidy, find
from core.tables import OGL, Field, Source, Table

FILE = "boroughs_detailed.geojson"
CITY_CODE = "E09000001"
ALL_CODES = {CITY_CODE: CITY_OF_LONDON} | BY_CODE
DECIMALS = 4
TOLERANCE_METRES = 60
METRES_PER_DEGREE = 111_320
COSINE_OF_LATITUDE = 0.6225
SMALLEST_RING = 4

Point = tuple[float, float]
Ring = list[Point]
Floats = npt.NDArray[np.float64]

GLA_BOUNDARIES = Source(
    "Statistical GIS boundary files for London",
    "Greater London Authority",
    "https://data.london.gov.uk/dataset/statistical-gis-boundary-files-london",
    OGL,
    "Contains National Statistics data \N{COPYRIGHT SIGN} Crown copyright and database right. "
    "Contains OS data \N{COPYRIGHT SIGN} Crown copyright and database right.",
)
TABLE = Table(
    "borough_shapes",
    "boroughs.geojson",
    "Shapes of the boroughs",
    "One shape per borough and one for the City of London, which the survey does not cover but without which "
    "the map would have a hole. Longitude and latitude (WGS84), without the tidal Thames.",
    (GLA_BOUNDARIES, ONS_AREAS),
    (
        Field(
            "borough",
            "string",
            "Area",
            "Name of the borough, or City of London.",
            "key",
            enum=tuple(sorted(ALL_CODES.values())),
        ),
        GSS_CODE,
        Field("surveyed", "boolean", "Surveyed", "False for the City of London, which has its own police.", "context"),
    ),
    f"Simplified to about {TOLERANCE_METRES} metres and {DECIMALS} decimals for the map; not fit for measuring.",
)


def read(folder: Path) -> Tidy:
    """Shapes of the 33 areas as compact GeoJSON.

    Raises
    ------
    SourceError
        If the file is not GeoJSON, or an area is missing, unknown or repeated.
    """
    features = _features(find(folder, FILE))
    shapes = {feature["properties"]["gss_code"]: _polygons(feature["geometry"]) for feature in features}
    rows = [(ALL_CODES[code], code, code != CITY_CODE) for code in sorted(shapes, key=ALL_CODES.__getitem__)]
    frame = pd.DataFrame(rows, columns=TABLE.columns)
    return Tidy(TABLE, frame, (FILE,), text=_geojson(frame, simplify(shapes)))


def simplify(shapes: dict[str, list[list[Ring]]]) -> dict[str, list[list[Ring]]]:
    """`shapes` with fewer points, neighbours keeping one common line.

    Rings are cut where three lines meet; each piece is then simplified by the method of Douglas and Peucker
    (1973) in one direction whichever area it is met in, so both neighbours get the same points. Islets that
    collapse are left out.
    """
    joints = _joints(shapes)
    simple: dict[str, list[list[Ring]]] = {}
    for code, polygons in shapes.items():
        fewer = [[_ring(ring, joints) for ring in polygon] for polygon in polygons]
        kept = [[ring for ring in polygon if len(ring) >= SMALLEST_RING] for polygon in fewer]
        simple[code] = [polygon for polygon in kept if polygon]
    return simple


def _geojson(areas: pd.DataFrame, shapes: dict[str, list[list[Ring]]]) -> str:
    features = [
        {
            "type": "Feature",
            "properties": properties,
            "geometry": {"type": "MultiPolygon", "coordinates": shapes[properties["gss_code"]]},
        }
        for properties in areas.to_dict("records")
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}, separators=(",", ":")) + "\n"


def _features(path: Path) -> list[dict[str, Any]]:
    try:
        features: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["features"]
        codes = [feature["properties"]["gss_code"] for feature in features]
    except (ValueError, KeyError, TypeError) as error:
        raise SourceError(
            f"{path.name} is not GeoJSON with a gss_code for each area ({error}); download it again."
        ) from error
    wrong = set(codes) ^ set(ALL_CODES)
    if wrong or len(codes) != len(ALL_CODES):
        raise SourceError(
            f"{path.name} must have each of the {len(ALL_CODES)} areas once; "
            f"look at {', '.join(sorted(wrong)) or 'repeats'}."
        )
    return features


def _polygons(geometry: dict[str, Any]) -> list[list[Ring]]:
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    return [[[_rounded(point) for point in ring] for ring in polygon] for polygon in polygons]


def _rounded(point: list[float]) -> Point:
    return round(point[0], DECIMALS), round(point[1], DECIMALS)


def _joints(shapes: dict[str, list[list[Ring]]]) -> set[Point]:
    neighbours: dict[Point, set[Point]] = defaultdict(set)
    for polygons in shapes.values():
        for ring in (ring for polygon in polygons for ring in polygon):
            for here, there in pairwise(ring):
                neighbours[here].add(there)
                neighbours[there].add(here)
    return {point for point, around in neighbours.items() if len(around) != 2}


def _ring(ring: Ring, joints: set[Point]) -> Ring:
    points = ring[:-1]
    starts = [index for index, point in enumerate(points) if point in joints] or [points.index(min(points))]
    turned = points[starts[0] :] + points[: starts[0]]
    cuts = [(index - starts[0]) for index in starts] + [len(points)]
    closed = [*turned, turned[0]]
    simple: Ring = [closed[0]]
    for begin, end in pairwise(cuts):
        simple += _piece(tuple(closed[begin : end + 1]))[1:]
    return simple


def _piece(points: tuple[Point, ...]) -> Ring:
    backwards = points[::-1]
    return _douglas_peucker(points) if points <= backwards else _douglas_peucker(backwards)[::-1]


def _douglas_peucker(points: tuple[Point, ...]) -> Ring:
    if len(points) < 3:
        return list(points)
    distances = _distances(np.array(points))
    farthest = int(distances.argmax())
    if distances[farthest] <= TOLERANCE_METRES:
        return [points[0], points[-1]]
    return _douglas_peucker(points[: farthest + 1])[:-1] + _douglas_peucker(points[farthest:])


def _distances(points: Floats) -> Floats:
    """Metres from each point to the line between the first and the last."""
    metres = points * np.array([COSINE_OF_LATITUDE, 1.0]) * METRES_PER_DEGREE
    along, offsets = metres[-1] - metres[0], metres - metres[0]
    length = np.hypot(along[0], along[1])
    if length == 0:
        distances: Floats = np.hypot(offsets[:, 0], offsets[:, 1])
    else:
        distances = np.abs(along[0] * offsets[:, 1] - along[1] * offsets[:, 0]) / length
    return distances
