"""Rings that touch or cross themselves, taken apart into simple ones, as GeoJSON asks for."""

import math
from collections.abc import Iterator
from functools import partial
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from core.tables.geometry import SMALLEST_RING, Floats, Point, Ring, Shape, contains, signed_area

CROSSING_DECIMALS = 6
NEAR = 1e-3  # of a line's length: how far from its middle a point next to it is
SLACK = 1e-9  # of a line's length, for what rounding does to a point on it


def mended(shape: Shape) -> Shape:
    """`shape` with every ring simple: one that touches or crosses itself becomes several polygons or holes.

    Each ring is cut where it comes back to a point it has been to. A part inside the largest one is a hole, others are
    polygons of their own; parts without area, such as a spike, go.
    """
    return [whole for polygon in shape for whole in _mended_polygon(polygon)]


def touches_itself(ring: Ring) -> bool:
    """Whether `ring` has a point twice, or two of its lines meet where they do not follow each other."""
    points = ring[:-1]
    return len(set(points)) < len(points) or any(True for _ in _meetings(ring))


def _mended_polygon(polygon: list[Ring]) -> list[list[Ring]]:
    if not any(touches_itself(ring) for ring in polygon):
        return [polygon]
    outer, *holes = polygon
    parts = sorted(_parts(outer), key=lambda ring: abs(signed_area(ring)), reverse=True)
    polygons: list[list[Ring]] = []
    for part in parts:
        around = next((whole for whole in polygons if contains([whole[:1]], _inside(part))), None)
        if around is None:
            polygons.append([part])
        else:
            around.append(part)
    for hole in (part for ring in holes for part in _parts(ring)):
        around = next((whole for whole in polygons if contains([whole[:1]], _inside(hole))), polygons[0])
        around.append(hole)
    return polygons


def _parts(ring: Ring) -> list[Ring]:
    """Simple rings that `ring` is made of, without those that have no area."""
    return [part for part in _loops(_with_meetings(ring)) if len(part) >= SMALLEST_RING and signed_area(part) != 0]


def _loops(ring: Ring) -> Iterator[Ring]:
    """The closed ways in `ring`: one ends where it first comes back to a point."""
    path: Ring = []
    for point in ring:
        if point in path:
            back = path.index(point)
            yield [*path[back:], point]
            del path[back + 1 :]
        else:
            path.append(point)


def _with_meetings(ring: Ring) -> Ring:
    """`ring` with a point on both lines wherever two of its lines meet."""
    extra: dict[int, set[Point]] = {}
    for first, second, point in _meetings(ring):
        extra.setdefault(first, set()).add(point)
        extra.setdefault(second, set()).add(point)
    whole: Ring = []
    for number, (start, _) in enumerate(pairwise(ring)):
        new = extra.get(number, set()) - set(ring[number : number + 2])
        between = sorted(new, key=partial(math.dist, start))
        whole += [start, *between]
    return [*whole, ring[-1]]


def _meetings(ring: Ring) -> Iterator[tuple[int, int, Point]]:
    """Pairs of lines of `ring` that meet though they do not follow each other, and where."""
    ends = np.array(ring)
    starts, steps = ends[:-1], np.diff(ends, axis=0)
    apart = starts[None, :] - starts[:, None]
    across = _cross(steps[:, None], steps[None, :])
    with np.errstate(divide="ignore", invalid="ignore"):
        along = _cross(apart, steps[None, :]) / across
        beyond = _cross(apart, steps[:, None]) / across
    meet = np.triu((across != 0) & _within(along) & _within(beyond), k=2)
    meet[0, -1] = False  # the last line ends where the first begins
    for first, second in np.argwhere(meet).tolist():
        yield first, second, _meeting(ring, first, second, starts[first] + along[first, second] * steps[first])


def _meeting(ring: Ring, first: int, second: int, place: Floats) -> Point:
    """The point at `place`: a corner of the ring if there is one, so that no new point stands next to it."""
    rounded = round(float(place[0]), CROSSING_DECIMALS), round(float(place[1]), CROSSING_DECIMALS)
    corners = [*ring[first : first + 2], *ring[second : second + 2]]
    return next((corner for corner in corners if math.dist(corner, rounded) < 10**-CROSSING_DECIMALS), rounded)


def _within(share: Floats) -> npt.NDArray[np.bool_]:
    return (share >= -SLACK) & (share <= 1 + SLACK)


def _cross(one: Floats, other: Floats) -> Floats:
    product: Floats = one[..., 0] * other[..., 1] - one[..., 1] * other[..., 0]
    return product


def _inside(ring: Ring) -> Point:
    """A point of `ring`'s own ground: next to the middle of its longest line, on the inner side."""
    ends = np.array(ring)
    steps = np.diff(ends, axis=0)
    longest = int((steps**2).sum(axis=1).argmax())
    side = np.array([-steps[longest, 1], steps[longest, 0]]) * np.sign(signed_area(ring))
    x, y = ends[longest] + steps[longest] / 2 + side * NEAR
    return float(x), float(y)
