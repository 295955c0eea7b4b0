"""Shapes of areas on a map: simplified and joined with common boundaries, and point-in-polygon tests.

A shape is a list of polygons, a polygon a list of rings (the outer one first), and a ring a list of points in
degrees of which the last is the first again, as in GeoJSON.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

METRES_PER_DEGREE = 111_320
SMALLEST_RING = 4

Point = tuple[float, float]
Ring = list[Point]
Shape = list[list[Ring]]
Floats = npt.NDArray[np.float64]


def shape_of(geometry: Mapping[str, Any]) -> Shape:
    """The shape of a GeoJSON ``Polygon`` or ``MultiPolygon``."""
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    return [[[(x, y) for x, y in ring] for ring in polygon] for polygon in polygons]


def geojson(features: Iterable[tuple[Mapping[str, Any], Shape]]) -> str:
    """Properties and shapes as one compact line of GeoJSON."""
    written = [
        {"type": "Feature", "properties": properties, "geometry": {"type": "MultiPolygon", "coordinates": shape}}
        for properties, shape in features
    ]
    return json.dumps({"type": "FeatureCollection", "features": written}, separators=(",", ":")) + "\n"


def rounded(shape: Shape, decimals: int) -> Shape:
    """`shape` rounded to `decimals` of a degree, with the same number of points."""
    return [[[(round(x, decimals), round(y, decimals)) for x, y in ring] for ring in polygon] for polygon in shape]


def cleaned(shape: Shape) -> Shape:
    """`shape` without repeated points and without rings that have collapsed to a line."""
    return _without_collapsed([[_without_repeats(ring) for ring in polygon] for polygon in shape])


def simplify(shapes: Mapping[str, Shape], metres: Mapping[str, float], cosine: float) -> dict[str, Shape]:
    """`shapes` with fewer points; neighbours keep a common boundary.

    Rings are cut where three lines meet; each piece is then simplified by the method of Douglas and Peucker
    (1973) in the same direction in both areas, so both neighbours get the same points. Islets that
    collapse are left out.

    Parameters
    ----------
    shapes
        Areas by name.
    metres
        Maximum distance in metres of a removed point of each area from the new line; on a common boundary the
        smaller distance applies.
    cosine
        Cosine of the latitude: length of a degree of longitude, in degrees of latitude.
    """
    joints, limits = _joints(shapes.values()), _limits(shapes, metres)

    def simple(ring: Ring) -> Ring:
        pieces = [_piece(piece, limits[_undirected(piece[0], piece[1])], cosine) for piece in _pieces(ring, joints)]
        return [pieces[0][0], *(point for piece in pieces for point in piece[1:])]

    return {
        name: _without_collapsed([[simple(ring) for ring in polygon] for polygon in shape])
        for name, shape in shapes.items()
    }


def dissolve(shapes: Iterable[Shape]) -> Shape:
    """The union of adjacent shapes: the boundaries between them are removed.

    Neighbours must have the same points on their common line, and run along it in opposite directions.
    """
    lines = {line for shape in shapes for ring in _rings(shape) for line in pairwise(ring)}
    outer = {(here, there) for here, there in lines if (there, here) not in lines}
    rings = sorted(_chained(outer), key=lambda ring: abs(signed_area(ring)), reverse=True)
    clockwise = signed_area(rings[0]) < 0
    polygons = [[ring] for ring in rings if (signed_area(ring) < 0) == clockwise]
    for hole in (ring for ring in rings if (signed_area(ring) < 0) != clockwise):
        around = (polygon for polygon in reversed(polygons) if contains([polygon[:1]], _middle(hole[0], hole[1])))
        next(around, polygons[0]).append(hole)
    return polygons


def contains(shape: Shape, point: Point) -> bool:
    """Whether `point` lies in `shape`: a ray from it to the east crosses the rings an odd number of times."""
    x, y = point
    crossings = 0
    for ring in _rings(shape):
        ends = np.array(ring)
        rises = np.flatnonzero((ends[:-1, 1] > y) != (ends[1:, 1] > y))
        (x0, y0), (x1, y1) = ends[rises].T, ends[rises + 1].T
        crossings += int((x0 + (y - y0) / (y1 - y0) * (x1 - x0) > x).sum())
    return crossings % 2 == 1


def centroid(shape: Shape) -> Point:
    """Centroid of the largest polygon of `shape`, ignoring holes."""
    ring = max((polygon[0] for polygon in shape), key=lambda ring: abs(signed_area(ring)))
    points = np.array(ring)
    # Relative to a corner, because products of full coordinates would lose the last decimals.
    here, there = (points - points[0])[:-1], (points - points[0])[1:]
    cross = here[:, 0] * there[:, 1] - there[:, 0] * here[:, 1]
    x, y = points[0] + ((here + there) * cross[:, None]).sum(axis=0) / (3 * cross.sum())
    return float(x), float(y)


def extent(shapes: Iterable[Shape]) -> tuple[float, float, float, float]:
    """West, south, east and north end of all `shapes`, in degrees."""
    points = [point for shape in shapes for polygon in shape for ring in polygon for point in ring]
    across, upright = zip(*points, strict=True)
    return min(across), min(upright), max(across), max(upright)


def area(shape: Shape, cosine: float) -> float:
    """Area of `shape` in square metres, without holes."""
    squares = sum(
        abs(signed_area(polygon[0])) - sum(abs(signed_area(hole)) for hole in polygon[1:]) for polygon in shape
    )
    return squares * cosine * METRES_PER_DEGREE**2


def _rings(shape: Shape) -> Iterator[Ring]:
    return (ring for polygon in shape for ring in polygon)


def _without_collapsed(shape: Shape) -> Shape:
    """`shape` without collapsed rings; a polygon is removed if its outer ring has collapsed."""
    return [
        [polygon[0], *(ring for ring in polygon[1:] if len(ring) >= SMALLEST_RING)]
        for polygon in shape
        if len(polygon[0]) >= SMALLEST_RING
    ]


def _without_repeats(ring: Ring) -> Ring:
    return [ring[0], *(there for here, there in pairwise(ring) if here != there)]


def _middle(here: Point, there: Point) -> Point:
    return (here[0] + there[0]) / 2, (here[1] + there[1]) / 2


def _joints(shapes: Iterable[Shape]) -> set[Point]:
    neighbours: dict[Point, set[Point]] = defaultdict(set)
    for shape in shapes:
        for here, there in (line for ring in _rings(shape) for line in pairwise(ring)):
            neighbours[here].add(there)
            neighbours[there].add(here)
    return {point for point, around in neighbours.items() if len(around) != 2}


def _limits(shapes: Mapping[str, Shape], metres: Mapping[str, float]) -> dict[tuple[Point, Point], float]:
    limits: dict[tuple[Point, Point], float] = {}
    for name, shape in shapes.items():
        for line in (_undirected(*ends) for ring in _rings(shape) for ends in pairwise(ring)):
            limits[line] = min(metres[name], limits.get(line, metres[name]))
    return limits


def _undirected(here: Point, there: Point) -> tuple[Point, Point]:
    return (here, there) if here <= there else (there, here)


def _pieces(ring: Ring, joints: set[Point]) -> Iterator[Ring]:
    """The lines between joints that make up `ring`; the complete ring if it has no joint."""
    points = ring[:-1]
    starts = [index for index, point in enumerate(points) if point in joints] or [points.index(min(points))]
    turned = [*points[starts[0] :], *points[: starts[0]], points[starts[0]]]
    cuts = [*(index - starts[0] for index in starts), len(points)]
    return (turned[begin : end + 1] for begin, end in pairwise(cuts))


def _piece(points: Ring, metres: float, cosine: float) -> Ring:
    backwards = points[::-1]
    if points <= backwards:
        return _douglas_peucker(points, metres, cosine)
    return _douglas_peucker(backwards, metres, cosine)[::-1]


def _douglas_peucker(points: Ring, metres: float, cosine: float) -> Ring:
    if len(points) < 3:
        return points
    distances = _distances(points, cosine)
    farthest = int(distances.argmax())
    if distances[farthest] <= metres:
        return [points[0], points[-1]]
    before, after = points[: farthest + 1], points[farthest:]
    return _douglas_peucker(before, metres, cosine)[:-1] + _douglas_peucker(after, metres, cosine)


def _distances(points: Sequence[Point], cosine: float) -> Floats:
    """Metres from each point to the line between the first and the last."""
    metres = np.array(points) * np.array([cosine, 1.0]) * METRES_PER_DEGREE
    along, offsets = metres[-1] - metres[0], metres - metres[0]
    length = np.hypot(along[0], along[1])
    if length == 0:
        distances: Floats = np.hypot(offsets[:, 0], offsets[:, 1])
    else:
        distances = np.abs(along[0] * offsets[:, 1] - along[1] * offsets[:, 0]) / length
    return distances


def _chained(lines: set[tuple[Point, Point]]) -> Iterator[Ring]:
    """Closed rings that use each of `lines` once; a ring ends where it first comes back to a point."""
    onwards: dict[Point, list[Point]] = defaultdict(list)
    for here, there in sorted(lines):
        onwards[here].append(there)
    for start in sorted(onwards):
        path = [start]
        while onwards[path[-1]]:
            there = onwards[path[-1]].pop()
            if there in path:
                back = path.index(there)
                yield [*path[back:], there]
                del path[back + 1 :]
            else:
                path.append(there)


def signed_area(ring: Ring) -> float:
    """Area of `ring` in square degrees, negative if it runs clockwise."""
    x, y = np.array(ring).T
    return float((x[:-1] * y[1:] - x[1:] * y[:-1]).sum() / 2)
