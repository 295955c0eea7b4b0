"""Neighbours, Moran's I, distances and what lies near places."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import stats
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from core.crime.area import ALL_RECORDS, CrimeArea, CrimeError, panel
from core.crime.geography.distances import distance_gradients, distance_km, distance_profile, nearest_place
from core.crime.geography.spatial import (
    NEAREST,
    Neighbours,
    moran,
    neighbours,
    outlines,
    random_arrangements,
    residual_moran,
)
from core.crime.loaders import PLACE_COLUMNS
from core.sources.small_areas.places import CENTRE, HOSPITAL, UNIVERSITY
from core.stats.regression import ModelSpec, fit
from core.tables.geometry import Shape
from tests.crime.conftest import COLUMNS, ROWS, square

# esda 2.9.0 with libpysal 4.14.1:
#   w = libpysal.weights.lat2W(6, 7, rook=False); w.transform = "r"
#   esda.Moran(values, w).I for mixed = (3 i^2 + 5 i) mod 17, slope = row + column, and slope + mixed / 4
ESDA = {"mixed": -0.23818747386030956, "slope": 0.8483075157773953, "both": 0.6053004205205647}


def lattice(rows: int, columns: int) -> Neighbours:
    """Squares that touch at a side or a corner."""
    row, column = np.divmod(np.arange(rows * columns), columns)
    near = (np.abs(np.subtract.outer(row, row)) <= 1) & (np.abs(np.subtract.outer(column, column)) <= 1)
    np.fill_diagonal(near, False)
    return Neighbours(tuple(map(str, range(rows * columns))), csr_array(near.astype(float)))


def literal(values: np.ndarray, weights: np.ndarray) -> float:
    """Moran's I as it is written in textbooks."""
    z = values - values.mean()
    pairs = sum(weights[i, j] * z[i] * z[j] for i, j in zip(*np.nonzero(weights), strict=True))
    return float(len(z) / weights.sum() * pairs / (z**2).sum())


def test_moran_agrees_with_esda_and_the_formula() -> None:
    near, place = lattice(6, 7), np.arange(42)
    mixed = (3.0 * place**2 + 5 * place) % 17
    slope = np.add.outer(np.arange(6.0), np.arange(7.0)).ravel()
    for name, values in {"mixed": mixed, "slope": slope, "both": slope + mixed / 4}.items():
        found = moran(random_arrangements(values), near)
        assert found.statistic == pytest.approx(ESDA[name], rel=1e-12)
        assert found.statistic == pytest.approx(literal(values, near.weights.toarray()))
        assert found.expected == pytest.approx(-1 / 41, abs=0.02)
    assert moran(random_arrangements(slope), near).p == 1 / 1000


def test_moran_of_random_values_is_near_expected() -> None:
    near, rng = lattice(12, 12), np.random.default_rng(3)
    found = [moran(random_arrangements(rng.normal(size=144), 199), near) for _ in range(80)]
    assert np.mean([one.statistic for one in found]) == pytest.approx(-1 / 143, abs=0.01)
    assert np.mean([one.p < 0.1 for one in found]) == pytest.approx(0.1, abs=0.09)
    assert moran(random_arrangements(np.arange(144.0)), near) == moran(random_arrangements(np.arange(144.0)), near)


def test_neighbours_share_a_side_or_corner(grid: CrimeArea, grid_shapes: Mapping[str, Shape]) -> None:
    near = neighbours(grid, grid_shapes)
    assert near.codes == tuple(grid.lsoas["lsoa11_code"])
    np.testing.assert_array_equal(near.links.toarray(), lattice(ROWS, COLUMNS).links.toarray())
    assert near.by_distance == ()
    np.testing.assert_allclose(near.weights.sum(axis=1), 1)


def test_neighbours_of_isolated_lsoa_are_the_nearest(grid: CrimeArea, grid_shapes: Mapping[str, Shape]) -> None:
    lone, lost = grid.lsoas["lsoa11_code"].iloc[[0, 25]]
    shapes = {code: shape for code, shape in grid_shapes.items() if code != lost} | {lone: square(5, 5)}
    near = neighbours(grid, shapes)
    assert near.by_distance == (lone, lost)
    links = near.links.toarray()
    np.testing.assert_array_equal(links, links.T)
    assert links[0].sum() == NEAREST
    assert set(np.flatnonzero(links[25])) == {5, 24, 26, 45}
    assert neighbours(grid, {}).by_distance == near.codes
    assert set(neighbours(replace(grid, missing={"points": "."}), {}).links.sum(axis=1)) == {0}


def test_neighbours_of_west_midlands_are_connected(study: CrimeArea, study_neighbours: Neighbours) -> None:
    links = study_neighbours.links
    assert study_neighbours.by_distance == ()
    assert connected_components(links)[0] == 1
    assert abs(links - links.T).sum() == 0
    assert links.diagonal().sum() == 0
    assert links.sum() / len(study.lsoas) == pytest.approx(5.9, abs=0.2)


def test_outlines_from_england_give_similar_neighbours(study: CrimeArea, study_neighbours: Neighbours) -> None:
    coarse = replace(study, outlines="england_shapes")
    near = neighbours(coarse, outlines(coarse))
    both = near.links.multiply(study_neighbours.links).sum()
    assert both / study_neighbours.links.sum() > 0.9
    assert near.by_distance == ()


def test_residual_moran_without_district_effects_is_positive(study: CrimeArea, study_neighbours: Neighbours) -> None:
    data, spec = panel(study), ModelSpec("log_records_per_1000", ("imd_score",), form="count")
    found = residual_moran(data, spec, study_neighbours)
    frame = data.frame.set_index("lsoa11_code").loc[list(study_neighbours.codes)]
    line = sm.OLS(frame["log_records_per_1000"].to_numpy(), sm.add_constant(frame["imd_score"].to_numpy())).fit()
    assert found.statistic == pytest.approx(literal(line.resid, study_neighbours.weights.toarray()))
    assert found.statistic > 0.1
    assert found.p == 1 / 1000
    assert found.n == 1680
    assert found.expected == pytest.approx(-0.0015, abs=0.001)


@pytest.mark.parametrize("weights", ["equal", "population"])
def test_residual_moran_with_effects_expects_negative_statistic(
    grid: CrimeArea, grid_shapes: Mapping[str, Shape], weights: str
) -> None:
    """With errors at random, p-values are not small only because the residuals of an MSOA add up to zero.

    The mean of I for residuals M e is n tr(M W) / (S (n - k)) (Cliff and Ord 1981).
    """
    near, data = neighbours(grid, grid_shapes), panel(grid)
    rng = np.random.default_rng(6)
    found = []
    for _ in range(40):
        random = replace(data, frame=data.frame.assign(records=rng.normal(size=len(data.frame))))
        spec = ModelSpec("records", ("imd_score",), form="count", effects=("MSOA",), weights=weights)  # type: ignore[arg-type]
        found.append(residual_moran(random, spec, near, permutations=99))
    columns = np.column_stack([pd.get_dummies(data.frame["MSOA"], dtype=float), data.frame["imd_score"]])
    leaves = np.eye(len(columns)) - columns @ np.linalg.pinv(columns)
    order = near.among(data.frame["lsoa11_code"].tolist())
    exact = np.trace(leaves @ order.weights.toarray()) / np.trace(leaves)
    about = 0.005 if weights == "equal" else 0.02
    assert exact < -0.06
    assert np.mean([one.expected for one in found]) == pytest.approx(exact, abs=about)
    assert np.mean([one.statistic for one in found]) == pytest.approx(exact, abs=0.02)
    assert np.mean([one.p <= 0.2 for one in found]) == pytest.approx(0.2, abs=0.15)


def test_residual_moran_leaves_out_lsoas_not_in_the_model(study: CrimeArea, study_neighbours: Neighbours) -> None:
    spec = ModelSpec("log_records_typical", ("imd_score",), form="count")
    found = residual_moran(panel(study), spec, study_neighbours, permutations=99)
    assert found.n == fit(panel(study), spec, wild=False).n == 1662
    few = study_neighbours.among(study_neighbours.codes[:3])
    assert few.links.shape == (3, 3)
    with pytest.raises(CrimeError, match="neighbours of E99999999 are not known"):
        study_neighbours.among(["E01008881", "E99999999"])


def test_moran_with_too_few_or_constant_values_raises_error() -> None:
    near = lattice(3, 3)
    alone = Neighbours(near.codes, near.links * 0)
    for values, links in ((np.ones(9), near), (np.arange(9.0), alone), (np.arange(2.0), near.among(["0", "1"]))):
        with pytest.raises(CrimeError, match="three LSOAs or more"):
            moran(random_arrangements(values), links)


def test_distance_km_agrees_with_known_distances() -> None:
    """One degree of a great circle is 111.195 km; London to Paris is 343.6 km."""
    degree = distance_km(np.array([0.0, 10.0]), np.array([0.0, 45.0]), np.array([1.0, 10.0]), np.array([0.0, 46.0]))
    np.testing.assert_allclose(degree, 111.195, atol=1e-3)
    paris = distance_km(np.array(-0.1278), np.array(51.5074), np.array(2.3522), np.array(48.8566))
    assert float(paris) == pytest.approx(343.6, abs=0.2)


def test_nearest_place_agrees_with_full_search(study: CrimeArea) -> None:
    found = nearest_place(study, UNIVERSITY)
    assert found["lsoa11_code"].equals(study.lsoas["lsoa11_code"])
    campuses = study.places[study.places["kind"] == UNIVERSITY]
    rng = np.random.default_rng(1)
    for row in rng.integers(0, len(found), 20):
        here = study.lsoas.iloc[row]
        apart = distance_km(
            np.array(here["longitude"]),
            np.array(here["latitude"]),
            campuses["longitude"].to_numpy(),
            campuses["latitude"].to_numpy(),
        )
        assert found["km"].iloc[row] == pytest.approx(apart.min())
        assert found["place"].iloc[row] == campuses["place"].iloc[apart.argmin()]


@pytest.mark.parametrize("kind", [UNIVERSITY, HOSPITAL, CENTRE])
def test_distance_profile_bands_sum_to_the_whole(study: CrimeArea, kind: str) -> None:
    table = distance_profile(study, kind, "Bicycle theft")
    assert table["lsoas"].sum() == 1680
    assert table["records"].sum() == study.records("Bicycle theft").sum()
    assert table["all_records"].sum() == study.records().sum()
    assert table["residents"].sum() == study.lsoas["residents"].sum()
    np.testing.assert_allclose(table["per_1000_residents"], table["records"] / table["residents"] * 1000)
    np.testing.assert_allclose(table["per_1000_records"], table["records"] / table["all_records"] * 1000)
    for rate in ("per_1000_residents", "per_1000_records"):
        assert (table[f"{rate}_low"] < table[rate]).all()
        assert (table[rate] < table[f"{rate}_high"]).all()
    assert table["band"].iloc[0] == "under 0.5\N{NO-BREAK SPACE}km"
    assert table["band"].iloc[-1] == "5\N{NO-BREAK SPACE}km and more"


def with_places(grid: CrimeArea) -> CrimeArea:
    places = pd.DataFrame(
        [("A", UNIVERSITY, "Eastby", 0.02, 0.03, ""), ("B", CENTRE, "Westby", 0.18, 0.1, "")],
        columns=list(PLACE_COLUMNS),
    )
    return replace(grid, places=places, missing={})


@pytest.mark.parametrize("per", ["residents", "records"])
def test_distance_gradients_agree_with_statsmodels(grid: CrimeArea, per: str) -> None:
    area = with_places(grid)
    found = distance_gradients(area, (UNIVERSITY, CENTRE), "Bicycle theft", per=per)  # type: ignore[arg-type]
    kilometres = np.column_stack([nearest_place(area, kind)["km"] for kind in (UNIVERSITY, CENTRE)])
    base = area.lsoas["residents"] if per == "residents" else area.records()
    used = (base > 0).to_numpy()
    oracle = sm.GLM(
        area.records("Bicycle theft").to_numpy()[used],
        sm.add_constant(np.log2(np.maximum(kilometres, 0.1)))[used],
        family=sm.families.Poisson(),
        offset=np.log(base[used]),
    ).fit(
        cov_type="cluster",
        cov_kwds={"groups": pd.factorize(area.lsoas["MSOA"][used])[0], "df_correction": False, "use_correction": False},
        tol=1e-13,
    )
    clusters = area.lsoas["MSOA"][used].nunique()
    np.testing.assert_allclose(np.log(found["ratio"]), oracle.params[1:], rtol=1e-6)
    std_errors = oracle.bse[1:] * np.sqrt(clusters / (clusters - 1))
    reach = stats.t.ppf(0.975, clusters - 1) * std_errors
    np.testing.assert_allclose(np.log(found["high"] / found["ratio"]), reach, rtol=1e-5)
    np.testing.assert_allclose(np.log(found["ratio"] / found["low"]), reach, rtol=1e-5)


def test_distance_gradients_recover_a_known_gradient(grid: CrimeArea) -> None:
    """Rates that fall by a third with each doubling, for any size of the place."""
    area = with_places(grid)
    kilometres = np.maximum(nearest_place(area, UNIVERSITY)["km"].to_numpy(), 0.1)
    expected = 40 * area.lsoas["residents"] * (2 / 3) ** np.log2(kilometres)
    counts = pd.DataFrame({"lsoa11_code": area.lsoas["lsoa11_code"], "crime_type": "Burglary", "records": expected})
    found = distance_gradients(replace(area, counts=counts), (UNIVERSITY,), ALL_RECORDS)
    assert found["ratio"].iloc[0] == pytest.approx(2 / 3)
    assert found["n"].iloc[0] == ROWS * COLUMNS
    assert found["msoas"].iloc[0] == grid.lsoas["MSOA"].nunique()


def test_distance_gradients_of_bicycle_theft_fall_from_campus(study: CrimeArea) -> None:
    near = distance_gradients(study, (UNIVERSITY, CENTRE), "Bicycle theft").set_index("kind")
    assert near["high"][UNIVERSITY] < 1
    assert (near["p"] < 0.01).all()


def test_distance_functions_without_places_raise_error(grid: CrimeArea, study: CrimeArea) -> None:
    with pytest.raises(CrimeError, match="Gridshire: Places"):
        distance_profile(grid, UNIVERSITY)
    with pytest.raises(CrimeError, match="no cinema; choose acute hospital, district centre, university campus"):
        nearest_place(study, "cinema")
    one = with_places(grid)
    with pytest.raises(CrimeError, match="one MSOA only"):
        distance_gradients(replace(one, lsoas=one.lsoas[one.lsoas["MSOA"] == one.lsoas["MSOA"].iloc[0]]), (UNIVERSITY,))


@pytest.mark.parametrize("apart", [0.0, 1e-9], ids=["at one point", "nearly at one point"])
def test_distance_gradients_with_kinds_at_one_point_raise_error(grid: CrimeArea, apart: float) -> None:
    area = with_places(grid)
    together = area.places.assign(longitude=[0.02, 0.02 + apart], latitude=0.03)
    with pytest.raises(CrimeError, match="cannot be separated; choose fewer kinds, or a larger area"):
        distance_gradients(replace(area, places=together), (UNIVERSITY, CENTRE))
    assert len(distance_gradients(replace(area, places=together), (UNIVERSITY,))) == 1


def test_distance_gradients_with_equal_distances_raise_error(grid: CrimeArea) -> None:
    area = with_places(grid)
    lsoas = area.lsoas.assign(longitude=0.02, latitude=0.03)
    with pytest.raises(CrimeError, match="or all are equally far"):
        distance_gradients(replace(area, lsoas=lsoas), (UNIVERSITY,))
