"""Local Moran's I: against a literal loop, and where it finds nothing."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_array
from scipy.stats import kstest

from core.crime.area import WITHOUT_ASB, CrimeArea, CrimeError
from core.crime.geography.clusters import (
    CLUSTERS,
    FALSE_DISCOVERIES,
    HIGH_HIGH,
    HIGH_LOW,
    LABELS,
    LOW_HIGH,
    LOW_LOW,
    NEITHER,
    local_moran,
    with_clusters,
)
from core.crime.geography.rate_map import lsoa_map_data
from core.crime.geography.spatial import Neighbours, neighbours, outlines
from core.crime.loaders import west_midlands
from core.crime.lsoa_rates import lsoa_rates

SIDE = 12


@pytest.fixture(scope="module")
def study() -> CrimeArea:
    return west_midlands()


@pytest.fixture(scope="module")
def lattice() -> Neighbours:
    """Squares in rows and columns, neighbours where they share a side."""
    return linked({(r, c): [(r + 1, c), (r - 1, c), (r, c + 1), (r, c - 1)] for r in range(SIDE) for c in range(SIDE)})


def linked(near: dict[tuple[int, int], list[tuple[int, int]]]) -> Neighbours:
    places = list(near)
    links = np.zeros((len(places), len(places)))
    for place, others in near.items():
        for other in others:
            if other in near:
                links[places.index(place), places.index(other)] = 1
    return Neighbours(tuple(map(str, places)), csr_array(links))


def test_statistic_is_the_figure_times_the_mean_of_its_neighbours(lattice: Neighbours) -> None:
    values = np.random.default_rng(1).normal(size=SIDE**2)
    z = (values - values.mean()) / values.std()
    dense = lattice.links.toarray()
    found = local_moran(values, lattice, permutations=99)
    for place, row in enumerate(dense):
        mean = np.mean([z[other] for other in np.flatnonzero(row)])
        assert found["statistic"][place] == pytest.approx(z[place] * mean)


def test_p_value_is_that_of_every_set_of_neighbours_from_the_others() -> None:
    """Seven areas, small enough to go through all sets of other areas that could be an area's neighbours."""
    near = linked({(0, c): [(0, c - 1), (0, c + 1)] for c in range(7)})
    values = np.array([0.1, 2.0, 3.5, 0.4, -1.0, 5.0, 0.7])
    draws = 99_999
    found = local_moran(values, near, permutations=draws)
    z = (values - values.mean()) / values.std()
    for place, row in enumerate(near.links.toarray()):
        own = np.flatnonzero(row)
        others = [other for other in range(len(z)) if other != place]
        means = np.array([z[list(drawn)].mean() for drawn in combinations(others, len(own))])
        above = (means >= z[own].mean() - 1e-9).mean()
        # Draws that tie with what is seen count on its side, so that the other tail is all that is strictly below.
        assert found["p"][place] == pytest.approx(min(1, 2 * min(above, 1 - above)), abs=0.01)


def test_without_clusters_p_values_are_even_and_hardly_any_area_is_named(lattice: Neighbours) -> None:
    chance = np.random.default_rng(2)
    found = [local_moran(chance.normal(size=SIDE**2), lattice, permutations=999, seed=seed) for seed in range(20)]
    p = pd.concat(found)["p"]
    assert kstest(p, "uniform").statistic < 0.03
    assert sum((table["cluster"] != NEITHER).any() for table in found) <= 4


def test_a_block_of_high_values_is_found_and_named_by_its_sign(lattice: Neighbours) -> None:
    values = np.random.default_rng(3).normal(0, 0.3, SIDE**2).reshape(SIDE, SIDE)
    values[:4, :4] += 4
    values[-4:, -4:] -= 4
    found = local_moran(values.ravel(), lattice)["cluster"].to_numpy().reshape(SIDE, SIDE)
    assert (found[1:3, 1:3] == HIGH_HIGH).all()
    assert (found[-3:-1, -3:-1] == LOW_LOW).all()
    assert (found[5:7, 5:7] == NEITHER).all()
    alone = values.copy()
    alone[1, 1], alone[-2, -2] = -4, 4
    odd = local_moran(alone.ravel(), lattice)["cluster"].to_numpy().reshape(SIDE, SIDE)
    assert (odd[1, 1], odd[-2, -2]) == (LOW_HIGH, HIGH_LOW)


def test_areas_named_are_those_that_the_rule_of_benjamini_and_hochberg_names(study: CrimeArea) -> None:
    near = neighbours(study, outlines(study))
    rates = lsoa_rates(study, WITHOUT_ASB)
    found = local_moran(np.log(rates["shrunk"].to_numpy()), near.among(rates["lsoa11_code"].tolist()))
    ordered = np.sort(found["p"].to_numpy())
    reached = np.flatnonzero(ordered <= FALSE_DISCOVERIES * np.arange(1, len(ordered) + 1) / len(ordered))
    assert (found["cluster"] != NEITHER).sum() == reached[-1] + 1
    assert 20 < (found["cluster"] != NEITHER).sum() < (found["p"] < FALSE_DISCOVERIES).sum()
    mapped = lsoa_map_data(study, with_clusters(rates, near), WITHOUT_ASB, CLUSTERS)
    high = int((found["cluster"] == HIGH_HIGH).sum())
    assert mapped.finding.startswith(f"High rates gather in {high} of 1,680 small areas, low rates in ")
    assert mapped.classes == list(LABELS.values())
    assert mapped.rows["clear"].sum() == (found["cluster"] != NEITHER).sum()
    assert mapped.rows["text"].iloc[0].split("\n")[0] in LABELS.values()


def test_areas_without_neighbours_have_no_p_value_and_too_few_are_refused() -> None:
    near = linked({(0, 0): [(0, 1)], (0, 1): [(0, 0)], (5, 5): [], (0, 2): [(0, 1)]})
    found = local_moran(np.array([1.0, 2.0, 3.0, 4.0]), near, permutations=99)
    assert found["p"].isna().tolist() == [False, False, True, False]
    assert found["cluster"][2] == NEITHER
    with pytest.raises(CrimeError, match="three LSOAs or more that differ"):
        local_moran(np.ones(4), near)
