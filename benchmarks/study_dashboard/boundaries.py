"""Borough boundaries with the level of detail of the study's, which are not part of this project."""

import json
import random
from itertools import pairwise
from typing import Any

from core.tables.catalogue import load_catalogue

DETAILED_MB = 1.35  # size of the study's file
STRAY = 2e-5  # degrees, about two metres: surveyed boundaries are not straight
POINT_BYTES = 41  # size of one point with all digits, as in published files


def detailed_boroughs(megabytes: float = DETAILED_MB) -> dict[str, Any]:
    """The boroughs of this project, with edges subdivided so that the file has about `megabytes`."""
    shapes: dict[str, Any] = json.loads(load_catalogue().path("borough_shapes").read_text(encoding="utf-8"))
    drawn, cuts = random.Random(1), _cuts(shapes, megabytes)
    for feature in shapes["features"]:
        feature["geometry"]["coordinates"] = _cut(feature["geometry"]["coordinates"], cuts, drawn)
    return shapes


def _cuts(shapes: dict[str, Any], megabytes: float) -> int:
    points = sum(_points(feature["geometry"]["coordinates"]) for feature in shapes["features"])
    return round(megabytes * 1e6 / POINT_BYTES / points)


def _points(part: list[Any]) -> int:
    return 1 if isinstance(part[0], float) else sum(map(_points, part))


def _cut(part: list[Any], cuts: int, drawn: random.Random) -> list[Any]:
    """Rings with each edge subdivided into `cuts`; also for lists of rings or polygons."""
    if not isinstance(part[0][0], float):
        return [_cut(inner, cuts, drawn) for inner in part]
    ring = [
        [_between(here, there, step / cuts, drawn) for here, there in zip(start, end, strict=True)]
        for start, end in pairwise(part)
        for step in range(cuts)
    ]
    return [*ring, ring[0]]


def _between(here: float, there: float, share: float, drawn: random.Random) -> float:
    return here + (there - here) * share + drawn.uniform(-STRAY, STRAY)
