"""Conley's errors equal those of a loop over all pairs of rows."""

import math
import sys
from dataclasses import replace
from typing import Any, get_args

import numpy as np
import pandas as pd
import pytest

from core.crime.geography.distances import distance_km
from core.stats.regression import ModelSpec, NotTogether, TooCostly, fit
from core.stats.regression.columns import Floats
from core.stats.regression.covariance.conley import CAUTIOUS_KM, conley, nearby_intervals
from core.stats.regression.covariance.estimators import hc1
from core.stats.regression.curves.batch import Fitted, fit_many
from core.stats.regression.design import design
from core.stats.regression.errors import NoPlaces
from core.stats.regression.fit import solved as solved_design
from core.stats.regression.least_squares import LeastSquares, solve
from core.stats.regression.result import Estimate
from core.tables.options import DISTANCES, Kernel, Response
from core.tables.panel import EARTH_KM, Panel

SPEC = ModelSpec("y", ("x",), form="count", controls=("z",), weights="population")


def solved(periods: int, effects: tuple[str, ...] = ()) -> tuple[LeastSquares, Floats]:
    """60 areas on a square of 10 by 10 km, whose errors have a slope across the square."""
    rng = np.random.default_rng(8)
    places = np.repeat(rng.uniform(0, 10_000, size=(60, 2)), periods, axis=0)
    n = len(places)
    frame = pd.DataFrame({"borough": [f"{at:02}" for at in np.repeat(range(60), periods)]})
    frame["quarter"] = np.tile([str(2001 + at) for at in range(periods)], 60)
    frame["x"], frame["z"] = rng.normal(size=(2, n)) + places.T / 4_000
    frame["y"] = frame["x"] + places[:, 0] / 2_000 + rng.normal(size=n)
    frame["population"] = rng.uniform(1_000, 3_000, n)
    return solve(design(Panel(frame), replace(SPEC, effects=effects))), places


def literal(model: LeastSquares, places: Floats, distance: float, kernel: Kernel) -> Floats:
    """The estimator as it is defined: every pair of rows of one period."""
    period, meat = model.design.period.codes, np.zeros((len(model.coefficients),) * 2)
    for i in range(model.n):
        for j in range(model.n):
            apart = math.dist(places[i], places[j])
            if period[i] != period[j] or apart > distance:
                continue
            share = 1 - apart / distance if kernel == "bartlett" else 1
            meat += share * np.outer(model.scores[i], model.scores[j])
    return model.n / (model.n - model.unknowns) * model.bread @ meat @ model.bread


@pytest.mark.parametrize("kernel", ["bartlett", "uniform"])
@pytest.mark.parametrize(("periods", "effects"), [(1, ()), (3, ()), (3, ("borough", "quarter"))])
@pytest.mark.parametrize("distance", [800.0, 2_500.0, 20_000.0])
def test_conley_equals_a_loop_over_pairs(
    kernel: Kernel, periods: int, effects: tuple[str, ...], distance: float
) -> None:
    model, places = solved(periods, effects)
    found = conley(model, places, distance, kernel)
    assert found.matrix == pytest.approx(literal(model, places, distance, kernel), rel=1e-9, abs=1e-12)
    assert found.df == model.n - model.unknowns
    assert f"up to {distance:,.0f} apart" in found.note


@pytest.mark.parametrize("kernel", ["bartlett", "uniform"])
def test_conley_at_distance_zero_is_hc1(kernel: Kernel) -> None:
    model, places = solved(1)
    assert conley(model, places, 0.0, kernel).matrix == pytest.approx(hc1(model).matrix)


def test_conley_is_wider_where_neighbours_share_errors() -> None:
    model, places = solved(1)
    near, far = (math.sqrt(conley(model, places, distance).matrix[1, 1]) for distance in (1.0, 4_000.0))
    assert far > 1.1 * near


def test_conley_with_too_many_pairs_asks_for_a_shorter_distance(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules["core.stats.regression.covariance.conley"], "MOST_PAIRS", 100)
    model, places = solved(1)
    with pytest.raises(TooCostly, match="Over 100 pairs of areas are 5,000 or less apart"):
        conley(model, places, 5_000.0)


def on_the_map(periods: int = 1) -> Panel:
    """The areas of :func:`solved` around a place in the West Midlands, with counts."""
    model, places = solved(periods)
    rng = np.random.default_rng(3)
    frame = pd.DataFrame({"borough": np.array(model.design.area.levels)[model.design.area.codes]})
    frame["quarter"] = np.array(model.design.period.levels)[model.design.period.codes]
    frame["x"], frame["z"] = model.design.X[:, 1], model.design.X[:, 2]
    frame["population"], frame["y"] = model.design.weights, model.design.y
    frame["crimes"] = rng.poisson(np.exp(1 + 0.2 * frame["x"]))
    frame["latitude"] = 52.5 + np.degrees(places[:, 1] / 1000 / EARTH_KM)
    frame["longitude"] = -1.9 + np.degrees(places[:, 0] / 1000 / EARTH_KM) / math.cos(math.radians(52.5))
    return Panel(frame, coordinates=("longitude", "latitude"))


@pytest.mark.parametrize("kernel", ["bartlett", "uniform"])
@pytest.mark.parametrize(("outcome", "response"), [("y", "level"), ("crimes", "poisson")])
@pytest.mark.parametrize("distance", [1, 5])
def test_fit_by_distance_equals_a_loop_over_great_circles(
    kernel: Kernel, outcome: str, response: Response, distance: int
) -> None:
    panel = on_the_map(periods=2)
    spec = replace(SPEC, outcome=outcome, response=response, covariance="conley", kernel=kernel, distance=distance)
    model = solved_design(design(panel, spec))
    frame, n = panel.frame.iloc[model.design.rows], model.n
    longitude, latitude = frame["longitude"].to_numpy(), frame["latitude"].to_numpy()
    apart = distance_km(longitude[:, None], latitude[:, None], longitude, latitude)
    codes = model.design.period.codes
    share = np.clip(1 - apart / distance, 0, None) if kernel == "bartlett" else (apart <= distance).astype(float)
    meat = model.scores.T @ (share * (codes[:, None] == codes)) @ model.scores
    expected = n / (n - model.unknowns) * model.bread @ meat @ model.bread
    found = fit(panel, spec, wild=False)
    assert found.estimate("x").std_error == pytest.approx(math.sqrt(expected[1, 1]), rel=1e-3)
    assert found.df == n - model.unknowns
    assert f"up to {distance}\N{NO-BREAK SPACE}km apart" in found.note


def test_nearby_intervals_of_rows_of_a_panel_are_those_of_their_own_pairs_and_pairs_are_found_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    module = sys.modules["core.stats.regression.covariance.conley"]
    panel, pairs, distances = on_the_map(), module._pairs, []

    def noted(places: Floats, distance: float, *others: Any) -> Any:
        distances.append(distance)
        return pairs(places, distance, *others)

    monkeypatch.setattr(module, "_pairs", noted)
    some = replace(panel, frame=panel.frame.assign(z=panel.frame["z"].where(panel.frame.index % 7 != 3)))
    without = [replace(SPEC, controls=()), SPEC]  # all rows, and six sevenths of them
    models = [solved_design(design(some, spec)) for spec in without]
    assert [model.n for model in models] == [60, 51]
    narrow = [{1: Estimate("x", "predictor", 1.0, 0.001, 50)} for _ in models]
    found = [nearby_intervals(model, estimates)[1] for model, estimates in zip(models, narrow, strict=True)]
    assert distances == [CAUTIOUS_KM]
    for model, cautious in zip(models, found, strict=True):
        assert model.design.places is not None
        alone = conley(model, model.design.places, CAUTIOUS_KM)
        wide = Estimate("x", "predictor", 1.0, math.sqrt(alone.matrix[1, 1]), alone.df)
        assert (cautious.low, cautious.high) == pytest.approx((wide.low, wide.high))


def test_many_fits_by_distance_are_those_of_single_ones() -> None:
    panel = on_the_map()
    base = replace(SPEC, covariance="conley")
    specs = [replace(base, distance=distance, kernel=kernel) for distance in DISTANCES for kernel in get_args(Kernel)]
    found = {each.spec: each for each in fit_many(panel, specs)}
    for spec in specs:
        many = found[spec]
        if not isinstance(many, Fitted):
            assert (spec.kernel, spec.distance) == ("uniform", 10)
            assert "variance below zero" in many.reason
            continue
        assert many.found[0].std_error == pytest.approx(fit(panel, spec, wild=False).estimate("x").std_error)


def test_errors_by_distance_of_rows_without_a_place_say_so() -> None:
    panel, spec = on_the_map(), replace(SPEC, covariance="conley")
    with pytest.raises(NoPlaces, match="no place on the map"):
        fit(replace(panel, coordinates=()), spec)
    gap = panel.frame.assign(longitude=panel.frame["longitude"].where(panel.frame.index != 5))
    with pytest.raises(NoPlaces, match="no place on the map"):
        fit(replace(panel, frame=gap), spec)
    assert fit(replace(panel, frame=gap), replace(spec, covariance="HC1")).n == len(gap)


def test_a_logarithm_is_not_taken_twice() -> None:
    panel = replace(on_the_map(), logarithms=("y",))
    for response in ("log", "poisson"):
        with pytest.raises(NotTogether, match="y is a logarithm already"):
            fit(panel, replace(SPEC, response=response))
    assert fit(panel, SPEC).n == 60


def related_in_space(places: Floats, reach: float) -> Floats:
    """What makes of independent normal values ones whose correlation falls with the distance as exp(-km / reach)."""
    apart = np.linalg.norm(places[:, None] - places[None], axis=2)
    return np.linalg.cholesky(np.exp(-apart / reach) + 1e-9 * np.eye(len(places)))


def test_reliable_interval_holds_where_errors_reach_over_the_clusters() -> None:
    """Without a link, a nominal 5% finds one far too often by clusters of 2 by 2 km; by what is relied on, rarely."""
    rng, found = np.random.default_rng(17), []
    side = np.arange(28.0)
    places = np.array([(east, north) for east in side for north in side])
    frame = pd.DataFrame({"lsoa": [f"{at:03}" for at in range(len(places))], "year": "2019"})
    frame["msoa"] = [f"{int(east // 2)}-{int(north // 2)}" for east, north in places]
    frame["longitude"], frame["latitude"] = np.degrees(places / EARTH_KM).T
    spec = ModelSpec("y", ("x",), form="count", cluster="msoa")
    related = related_in_space(places, 1.5)
    for _ in range(120):
        frame["x"], frame["y"] = (related @ rng.normal(size=(len(places), 2))).T
        panel = Panel(frame.copy(), area="lsoa", period="year", groups=("msoa",), coordinates=("longitude", "latitude"))
        found.append(fit(panel, spec, wild=False).estimate("x"))
    clustered = np.mean([not one.low <= 0 <= one.high for one in found])
    relied_on = np.mean([not one.reliable[0] <= 0 <= one.reliable[1] for one in found])
    assert clustered > 0.15
    assert relied_on < 0.6 * clustered, (relied_on, clustered)
