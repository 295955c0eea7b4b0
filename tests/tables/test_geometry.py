import json
from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.tables.catalogue import Catalogue
from core.tables.geometry import (
    METRES_PER_DEGREE,
    Ring,
    Shape,
    area,
    centroid,
    cleaned,
    contains,
    dissolve,
    geojson,
    rounded,
    shape_of,
    simplify,
)

PLACE = ["longitude", "latitude"]
CELLS = st.sets(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=1, max_size=30)


def square(x: float, y: float, side: float = 1.0) -> Ring:
    return [(x, y), (x, y + side), (x + side, y + side), (x + side, y), (x, y)]


def lines(shapes: dict[str, Shape]) -> Counter:
    rings = (ring for shape in shapes.values() for polygon in shape for ring in polygon)
    return Counter(line for ring in rings for line in pairwise(ring))


def stored(catalogue: Catalogue, table: str) -> dict[str, Shape]:
    features = json.loads(catalogue.path(table).read_text(encoding="utf-8"))["features"]
    (name,) = features[0]["properties"]
    return {feature["properties"][name]: shape_of(feature["geometry"]) for feature in features}


def two_neighbours() -> tuple[dict[str, Shape], Ring]:
    wiggle = [(0.01, y / 1000 + (0.0001 if y % 2 else 0)) for y in range(1, 10)]
    west = [(0.0, 0.0), (0.01, 0.0), *wiggle, (0.01, 0.01), (0.0, 0.01), (0.0, 0.0)]
    east = [(0.01, 0.0), (0.02, 0.0), (0.02, 0.01), (0.01, 0.01), *wiggle[::-1], (0.01, 0.0)]
    return {"west": [[west]], "east": [[east]]}, wiggle


def test_simplify_keeps_the_shared_border_of_neighbours() -> None:
    shapes, wiggle = two_neighbours()
    simple = simplify(shapes, {"west": 60, "east": 60}, 0.6)
    shared = [set(simple[side][0][0]) & {(0.01, 0.0), *wiggle, (0.01, 0.01)} for side in ("west", "east")]
    assert shared[0] == shared[1] == {(0.01, 0.0), (0.01, 0.01)}


def test_simplify_on_a_shared_border_uses_the_smaller_distance() -> None:
    bent = [(0.01, 0.0), (0.0103, 0.005), (0.01, 0.01)]  # 33 metres off the straight line
    west = [(0.0, 0.0), *bent, (0.0, 0.01), (0.0, 0.0)]
    east = [(0.02, 0.0), (0.02, 0.01), *bent[::-1], (0.02, 0.0)]
    for metres, points in ((10, 3), (60, 2)):
        simple = simplify({"west": [[west]], "east": [[east]]}, {"west": 60, "east": metres}, 1.0)
        assert [len(set(simple[side][0][0]) & set(bent)) for side in ("west", "east")] == [points, points]


def test_simplify_with_collapsing_islet_leaves_it_out() -> None:
    islet = [(0.0, 0.0), (0.0001, 0.0), (0.0001, 0.0001), (0.0, 0.0)]
    land = [(1.0, 0.0), (1.1, 0.0), (1.1, 0.1), (1.0, 0.1), (1.0, 0.0)]
    simple = simplify({"area": [[islet], [land]]}, {"area": 60}, 0.6)
    assert len(simple["area"]) == 1
    assert set(simple["area"][0][0]) == set(land)


def test_cleaned_with_coinciding_points_keeps_one() -> None:
    ring = [(0.0, 0.0), (0.00001, 0.0), (0.0, 1.0), (1.0, 1.0), (0.0, 0.0)]
    speck = square(5, 5, 0.00001)
    shape = rounded([[ring, speck], [speck]], 4)
    assert [len(ring) for polygon in shape for ring in polygon] == [5, 5, 5]
    assert cleaned(shape) == [[[(0.0, 0.0), (0.0, 1.0), (1.0, 1.0), (0.0, 0.0)]]]


@given(CELLS)
def test_dissolve_covers_the_same_cells(cells: set[tuple[int, int]]) -> None:
    whole = dissolve([[square(x, y)]] for x, y in cells)
    assert area(whole, 1.0) == pytest.approx(len(cells) * METRES_PER_DEGREE**2)
    for x in range(6):
        for y in range(6):
            assert contains(whole, (x + 0.5, y + 0.5)) == ((x, y) in cells)
            assert sum(contains([polygon], (x + 0.5, y + 0.5)) for polygon in whole) == ((x, y) in cells)


def test_dissolve_of_a_ring_of_cells_keeps_the_hole() -> None:
    ((outer, hole),) = dissolve([[square(x, y)]] for x in range(3) for y in range(3) if (x, y) != (1, 1))
    assert set(hole) == set(square(1, 1))
    assert len(outer) == 13


def test_contains_with_point_in_a_hole_is_false() -> None:
    shape = [[square(0, 0, 3), square(1, 1)], [square(10, 10)]]
    assert [contains(shape, point) for point in ((0.5, 1.5), (1.5, 1.5), (10.5, 10.5), (4, 1.5))] == [
        True,
        False,
        True,
        False,
    ]


def test_centroid_and_area_agree_with_hand_calculation() -> None:
    shape = [[square(50, 52, 0.5)], [square(0, 0, 2), square(1, 1, 0.1)]]
    assert centroid(shape) == pytest.approx((1, 1))
    assert centroid([[square(-1.9, 52.4, 0.001)[::-1]]]) == pytest.approx((-1.8995, 52.4005), abs=1e-9)
    assert area(shape, 0.5) == pytest.approx((0.25 + 4 - 0.01) * 0.5 * METRES_PER_DEGREE**2)


def test_geojson_is_compact_and_read_back_by_shape_of() -> None:
    text = geojson([({"name": "a"}, [[square(0, 0)]])])
    assert text.count("\n") == 1
    assert " " not in text
    (feature,) = json.loads(text)["features"]
    assert shape_of(feature["geometry"]) == [[square(0, 0)]]
    assert shape_of({"type": "Polygon", "coordinates": [square(0, 0)]}) == [[square(0, 0)]]


def test_lsoa_shapes_have_no_gap_and_no_overlap(catalogue: Catalogue) -> None:
    """Each line is met by a neighbour's, or is on the outline of all of them."""
    shapes = stored(catalogue, "lsoa_shapes")
    assert all(shapes.values())
    met = lines(shapes)
    assert set(met.values()) == {1}
    outline = lines({"all": dissolve(shapes.values())})
    assert {line for line in met if line[::-1] not in met} == set(outline)
    everything = sum(area(shape, 1.0) for shape in shapes.values())
    assert area(dissolve(shapes.values()), 1.0) == pytest.approx(everything, rel=1e-5)


def test_district_shapes_consist_of_lines_of_their_lsoas(catalogue: Catalogue) -> None:
    shapes, districts = stored(catalogue, "lsoa_shapes"), stored(catalogue, "district_shapes")
    areas = catalogue.read_table("lsoas")
    for name, rows in areas.groupby("district"):
        assert set(lines({"": districts[str(name)]})) <= set(
            lines({code: shapes[code] for code in rows["lsoa11_code"]})
        )
        assert len(districts[str(name)]) == 1
    inside = [contains(districts[name], (x, y)) for name, x, y in areas[["district", *PLACE]].to_numpy()]
    assert np.mean(inside) > 0.999


def test_lsoa_shapes_contain_the_points_of_their_lsoas(catalogue: Catalogue) -> None:
    shapes = stored(catalogue, "lsoa_shapes")
    areas = catalogue.read_table("lsoas")
    inside = [contains(shapes[code], (x, y)) for code, x, y in areas[["lsoa11_code", *PLACE]].to_numpy()]
    assert np.mean(inside) > 0.99
