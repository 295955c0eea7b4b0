"""Conley's errors equal those of a loop over all pairs of rows."""

import math
import sys
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from core.stats.regression import ModelSpec, TooCostly
from core.stats.regression.columns import Floats
from core.stats.regression.conley import Kernel, conley
from core.stats.regression.covariance import hc1
from core.stats.regression.design import design
from core.stats.regression.least_squares import LeastSquares, solve
from core.tables.panel import Panel

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
    monkeypatch.setattr(sys.modules["core.stats.regression.conley"], "MOST_PAIRS", 100)
    model, places = solved(1)
    with pytest.raises(TooCostly, match="Over 100 pairs of areas are 5,000 or less apart"):
        conley(model, places, 5_000.0)
