"""The wild cluster bootstrap gives what refitting every draw gives."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from core.stats.regression import ModelSpec, fit, wild_cluster_p
from core.stats.regression.covariance.bootstrap import FEW_CLUSTERS, TIE, patterns_of
from core.stats.regression.design import design
from core.stats.regression.least_squares import solve
from core.tables.options import Weights
from core.tables.panel import Panel
from tests.stats.regression.conftest import simulated

ONE = ModelSpec("trust", ("records",))
MANY = ModelSpec("trust", ("records", "arrested"), form="count", controls=("crime",))


def literal_p(panel: Panel, spec: ModelSpec, term: str, draws: int) -> float:
    """The bootstrap as it is defined: for every draw a new outcome, a new fit with dummies, a new clustered error."""
    rows = design(panel, spec)
    frame = pd.DataFrame({key.name: key.column for key in (rows.area, rows.period)})
    dummies = [pd.get_dummies(frame[effect], dtype=float).to_numpy() for effect in spec.effects]
    root = np.sqrt(rows.weights / rows.weights.mean())[:, None]
    x, y = np.hstack([rows.X, *dummies]) * root, rows.y * root[:, 0]
    column, clusters = rows.position(term), pd.factorize(frame["borough"])[0]
    others = np.delete(x, column, axis=1)
    fitted = others @ np.linalg.lstsq(others, y)[0]
    inverse = np.linalg.pinv(x)
    statistics = []
    for pattern in patterns_of(clusters.max() + 1, draws):
        outcome = fitted + (y - fitted) * pattern[clusters]
        coefficients = inverse @ outcome
        scores = inverse[column] * (outcome - x @ coefficients)
        error = np.sqrt((np.bincount(clusters, scores) ** 2).sum())
        statistics.append(abs(coefficients[column]) / error)
    return float(np.mean(np.array(statistics) >= statistics[0] * (1 - TIE)))


@pytest.mark.parametrize("effects", [(), ("borough",), ("quarter",), ("borough", "quarter")])
@pytest.mark.parametrize("weights", ["equal", "population"])
def test_wild_cluster_p_equals_refitting_each_draw(effects: tuple[str, ...], weights: Weights) -> None:
    whole = simulated(12, 9)
    uneven = Panel(whole.frame.drop(index=[3, 4, 5, 40, 77, 90]))
    for panel, spec in ((whole, ONE), (uneven, MANY)):
        spec = replace(spec, effects=effects, weights=weights)
        model = solve(design(panel, spec))
        for term in spec.predictors:
            fast = wild_cluster_p(model, model.design.position(term), draws=299)
            assert fast == literal_p(panel, spec, term, 299)


@pytest.mark.parametrize("n_areas", [3, 6, FEW_CLUSTERS])
def test_wild_cluster_p_with_few_clusters_equals_refitting_with_webb_weights(n_areas: int) -> None:
    panel = simulated(n_areas, 12)
    spec = replace(ONE, effects=("borough",))
    rows = design(panel, spec)
    assert wild_cluster_p(solve(rows), 0, 499) == literal_p(panel, spec, "records", 499)
    assert fit(panel, spec).estimate("records").wild_p == wild_cluster_p(solve(rows), 0)


@pytest.mark.parametrize("n_areas", [8, 32])
def test_wild_cluster_p_agrees_with_wildboottest(n_areas: int) -> None:
    """Other random numbers, so that the two agree within four standard errors of their draws."""
    package = pytest.importorskip("wildboottest.wildboottest")
    frame = simulated(n_areas, 12).frame
    frame["y"] = frame["trust"] - 0.02 * frame["crime"] / 30
    rows = design(Panel(frame), ModelSpec("y", ("crime",), form="count"))
    other = package.wildboottest(
        sm.OLS(frame["y"], sm.add_constant(frame[["crime"]])),
        cluster=pd.Series(pd.factorize(frame["borough"])[0]),
        param="crime",
        B=9_999,
        weights_type="webb" if n_areas <= FEW_CLUSTERS else "rademacher",
        bootstrap_type="11",
        seed=1,
        show=False,
        parallel=False,
    )["p-value"].iloc[0]
    ours = wild_cluster_p(solve(rows), 1)
    assert ours == pytest.approx(float(other), abs=4 * (2 * ours * (1 - ours) / 10_000) ** 0.5)


def test_patterns_of_signs_are_balanced_reproducible_and_read_only() -> None:
    patterns = patterns_of(32, 9_999)
    assert patterns.shape == (10_000, 32)
    assert (patterns[0] == 1).all()
    assert set(np.unique(patterns)) == {-1.0, 1.0}
    assert abs(patterns.mean()) < 0.01
    patterns_of.cache_clear()
    assert (patterns_of(32, 9_999) == patterns).all()
    with pytest.raises(ValueError, match="read-only"):
        patterns[0, 0] = -1


def test_patterns_of_few_clusters_have_six_points_of_variance_one() -> None:
    drawn = patterns_of(FEW_CLUSTERS, 9_999)[1:]
    assert len(np.unique(drawn)) == 6
    assert len(np.unique(patterns_of(FEW_CLUSTERS + 1, 9_999))) == 2
    assert drawn.mean() == pytest.approx(0, abs=0.01)
    assert (drawn**2).mean() == pytest.approx(1, abs=0.01)


def test_fit_clustered_by_area_gives_wild_p_to_predictors_only(panel: Panel) -> None:
    result = fit(panel, MANY)
    assert {found.name for found in result.estimates if found.wild_p is not None} == {"records", "arrested"}
    assert all(found.wild_p is None for found in fit(panel, replace(MANY, covariance="HC1")).estimates)
    assert all(found.wild_p is None for found in fit(panel, MANY, wild=False).estimates)


def test_wild_cluster_p_under_the_null_is_uniform() -> None:
    """With 12 clusters and no association, few p-values are small: the bootstrap does not cry wolf."""
    found = []
    for seed in range(200):
        rng = np.random.default_rng(seed)
        frame = simulated(12, 8, seed).frame
        level = np.repeat(rng.normal(size=(2, 12)), 8, axis=1)
        frame["x"], frame["trust"] = level + rng.normal(size=(2, len(frame)))
        rows = design(Panel(frame), ModelSpec("trust", ("x",), form="count"))
        found.append(wild_cluster_p(solve(rows), rows.position("x"), 399))
    # 200 draws of a 5% and a 50% event: four standard errors either side.
    assert np.mean(np.array(found) <= 0.05) == pytest.approx(0.05, abs=0.062)
    assert np.mean(np.array(found) <= 0.5) == pytest.approx(0.5, abs=0.142)
