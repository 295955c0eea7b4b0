import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.tables.geometry import Ring, Shape, area, contains
from core.tables.rings import mended, touches_itself

SQUARE: Ring = [(0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (0.0, 4.0), (0.0, 0.0)]
CROSSED: Ring = [(0.0, 0.0), (2.0, 2.0), (2.0, 0.0), (0.0, 2.0), (0.0, 0.0)]
SPIKED: Ring = [(0.0, 0.0), (4.0, 0.0), (4.0, 2.0), (6.0, 2.0), (4.0, 2.0), (4.0, 4.0), (0.0, 4.0), (0.0, 0.0)]
# Goes round a hole that touches the outer line in one point.
PINCHED: Ring = [(0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (0.0, 4.0), (0.0, 0.0), (1.0, 2.0), (2.0, 1.0), (0.0, 0.0)]


def ground(shape: Shape) -> float:
    return area(shape, 1.0) / area([[[(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0), (0.0, 0.0)]]], 1.0)


@pytest.mark.parametrize(("ring", "touching"), [(SQUARE, False), (CROSSED, True), (SPIKED, True), (PINCHED, True)])
def test_touches_itself_of_known_rings(ring: Ring, touching: bool) -> None:
    assert touches_itself(ring) == touching


def test_mended_simple_shape_stays_as_it_is() -> None:
    shape = [[SQUARE, [(1.0, 1.0), (1.0, 2.0), (2.0, 2.0), (1.0, 1.0)]]]
    assert mended(shape) == shape


def test_mended_bow_tie_becomes_two_triangles_that_meet_in_the_middle() -> None:
    parts = mended([[CROSSED]])
    assert [len(polygon) for polygon in parts] == [1, 1]
    assert all((1.0, 1.0) in ring for polygon in parts for ring in polygon)
    assert ground(parts) == pytest.approx(2.0)


def test_mended_ring_with_spike_loses_it() -> None:
    ((ring,),) = mended([[SPIKED]])
    assert (6.0, 2.0) not in ring
    assert ground([[ring]]) == pytest.approx(16.0)


def test_mended_pinched_ring_has_a_hole() -> None:
    ((outer, hole),) = mended([[PINCHED]])
    assert ground([[outer, hole]]) == pytest.approx(16.0 - 1.5)
    assert not contains([[outer, hole]], (1.0, 1.4))


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=4, max_size=9, unique=True))
def test_mended_ring_of_any_points_leaves_only_closed_rings_with_area(points: list[tuple[int, int]]) -> None:
    ring = [(float(x), float(y)) for x, y in [*points, points[0]]]
    for polygon in mended([[ring]]):
        for part in polygon:
            assert part[0] == part[-1]
            assert len(part) >= 4
            assert len(set(part[:-1])) == len(part) - 1
            assert math.isfinite(ground([[part]]))
