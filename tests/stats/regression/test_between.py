"""Between, within and random effects against linearmodels, and Mundlak's test against its Wald statistic."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from linearmodels.panel import BetweenOLS, RandomEffects
from scipy import stats

from core.stats.panels.between import Sources, sources
from core.stats.regression import ModelSpec, NotTogether, NoVariation, fit
from core.tables.panel import Panel

SPEC = ModelSpec("trust", ("records", "arrested"), form="count", controls=("crime", "imd_score"))
TERMS = ["records", "arrested", "crime", "imd_score"]
VARYING = TERMS[:3]
CLUSTERED = {"cov_type": "clustered", "cluster_entity": True, "group_debias": True, "debiased": True}


@pytest.fixture(params=["panel", "gappy"])
def rows(request: pytest.FixtureRequest) -> Panel:
    panel: Panel = request.getfixturevalue(request.param)
    return panel


def indexed(panel: Panel, timed: bool) -> pd.DataFrame:
    frame = panel.frame.dropna(subset=TERMS)
    frame = frame.assign(time=frame["quarter"].astype("category").cat.codes, constant=1.0)
    dummies = pd.get_dummies(frame["quarter"], drop_first=True, dtype=float) if timed else frame[[]]
    return frame.join(dummies).set_index(["borough", "time"])[["trust", *TERMS, "constant", *dummies.columns]]


@pytest.mark.parametrize("effects", [(), ("borough", "quarter")])
def test_random_effects_agree_with_linearmodels(rows: Panel, effects: tuple[str, ...]) -> None:
    found, frame = sources(rows, replace(SPEC, effects=effects)), indexed(rows, bool(effects))
    oracle = RandomEffects(frame["trust"], frame.drop(columns="trust")).fit(**CLUSTERED)
    for name in TERMS:
        assert found.random.estimate(name).estimate == pytest.approx(oracle.params[name], rel=1e-7)
        assert found.random.estimate(name).std_error == pytest.approx(oracle.std_errors[name], rel=1e-7)


def test_between_agrees_with_linearmodels(rows: Panel) -> None:
    found, frame = sources(rows, SPEC), indexed(rows, timed=False)
    oracle = BetweenOLS(frame["trust"], frame.drop(columns="trust")).fit(cov_type="robust", debiased=True)
    for name in TERMS:
        assert found.between.estimate(name).estimate == pytest.approx(oracle.params[name], rel=1e-8)
        assert found.between.estimate(name).std_error == pytest.approx(oracle.std_errors[name], rel=1e-8)
    assert found.between.n == frame.index.get_level_values(0).nunique()


def test_between_with_quarter_effects_is_of_means_without_them(rows: Panel) -> None:
    frame = indexed(rows, timed=False)
    taken_out = frame - frame.groupby("time").transform("mean")
    oracle = BetweenOLS(taken_out["trust"], taken_out[TERMS].assign(constant=1.0)).fit()
    found = sources(rows, replace(SPEC, effects=("quarter",)))
    for name in TERMS:
        assert found.between.estimate(name).estimate == pytest.approx(oracle.params[name], rel=1e-7)


def test_within_is_the_fit_with_area_effects(rows: Panel) -> None:
    spec = replace(SPEC, controls=("crime",), effects=("borough", "quarter"))
    found, expected = sources(rows, replace(SPEC, effects=("quarter",))), fit(rows, spec, wild=False)
    for name in VARYING:
        within = found.within.estimate(name)
        assert (within.estimate, within.std_error) == pytest.approx(
            (expected.estimate(name).estimate, expected.estimate(name).std_error), rel=1e-9
        )
    assert set(found.of("imd_score")) == {"between", "random"}  # it never changes within a borough


@pytest.mark.parametrize("effects", [(), ("quarter",)])
def test_mundlak_agrees_with_linearmodels(rows: Panel, effects: tuple[str, ...]) -> None:
    found, frame = sources(rows, replace(SPEC, effects=effects)), indexed(rows, bool(effects))
    means = frame[VARYING].groupby("borough").transform("mean").add_prefix("mean_")
    plain: Any = RandomEffects(frame["trust"], frame.drop(columns="trust")).fit()
    theta = plain.theta["theta"].reindex(frame.index.get_level_values(0)).to_numpy()
    full = frame.join(means)
    lessened = full - theta[:, None] * full.groupby("borough").transform("mean")
    # The weights are those of the model without the means, as in the test of the one model against the other.
    codes = pd.factorize(frame.index.get_level_values(0))[0]
    oracle = sm.OLS(lessened["trust"], lessened.drop(columns="trust")).fit(
        cov_type="cluster", cov_kwds={"groups": codes}, use_t=True
    )
    names = list(means.columns)
    test = oracle.wald_test(
        np.eye(len(oracle.params))[[list(oracle.params.index).index(n) for n in names]], scalar=True
    )
    free = len(set(codes)) - 1
    assert found.df == (3, free - 2)
    assert found.statistic == pytest.approx(float(test.statistic) * (free - 2) / free, rel=1e-6)
    assert found.p == pytest.approx(stats.f.sf(found.statistic, *found.df), rel=1e-9)


def made(between: float, within: float) -> Panel:
    """40 areas over 12 quarters whose score has one slope in the areas' means and another one in change."""
    rng = np.random.default_rng(4)
    area, period = np.repeat(np.arange(40), 12), np.tile(np.arange(12), 40)
    level, change = rng.normal(size=40)[area], rng.normal(size=480)
    frame = pd.DataFrame({"borough": [f"A{a:02}" for a in area]})
    frame["quarter"] = [f"{2018 + p // 4}Q{p % 4 + 1}" for p in period]
    noise = 0.3 * rng.normal(size=40)[area] + 0.3 * rng.normal(size=480)
    return Panel(frame.assign(x=level + change, y=between * level + within * change + noise))


def compared(between: float, within: float) -> Sources:
    return sources(made(between, within), ModelSpec("y", ("x",), form="count"))


def test_mundlak_finds_a_difference_and_none() -> None:
    other, same = compared(-1.0, 0.5), compared(0.5, 0.5)
    assert other.p < 0.001
    assert same.p > 0.05
    assert other.between.estimate("x").estimate < 0 < other.within.estimate("x").estimate
    assert other.between.estimate("x").estimate < other.random.estimate("x").estimate
    assert other.random.estimate("x").estimate < other.within.estimate("x").estimate


def test_what_cannot_be_compared_says_so(panel: Panel) -> None:
    trends = {"trends": True, "effects": ("borough",)}
    for changes in (
        {"differences": True},
        {"response": "poisson"},
        {"weights": "population"},
        {"squares": True},
        trends,
    ):
        with pytest.raises(NotTogether, match="cannot be compared"):
            sources(panel, replace(SPEC, **changes))
    with pytest.raises(NoVariation, match="No variable of the model changes within any borough"):
        sources(panel, ModelSpec("trust", ("imd_score",), form="count"))
