"""Leaving out clusters: equal to refitting, to other packages, and to what can be worked out by hand."""

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.special import stdtrit

from core.stats.regression import Cautious, ModelSpec, NoStandardError, TooCostly, fit
from core.stats.regression.covariance import jackknife as jackknife_module
from core.stats.regression.covariance.jackknife import effective_clusters, leave_out_clusters
from core.stats.regression.design import design
from core.stats.regression.least_squares import solve
from core.tables.options import Weights
from core.tables.panel import Panel
from tests.stats.regression.conftest import simulated

SPEC = ModelSpec("trust", ("records", "arrested"), form="count", controls=("crime",), covariance="jackknife")
BOTH = ("borough", "quarter")
TREATED = ModelSpec("trust", ("treated",), form="count", effects=BOTH)


def treated(n_treated: int, n_areas: int = 32) -> Panel:
    """`n_treated` areas have something from the middle on that the others never have."""
    frame = simulated(n_areas, 12).frame
    area, late = pd.factorize(frame["borough"])[0], pd.factorize(frame["quarter"])[0] >= 6
    return Panel(frame.assign(treated=((area < n_treated) & late).astype(float)))


@pytest.mark.parametrize("effects", [(), ("borough",), ("quarter",), BOTH])
@pytest.mark.parametrize("weights", ["equal", "population"])
def test_leave_out_clusters_equals_refitting_without_each(
    gappy: Panel, effects: tuple[str, ...], weights: Weights
) -> None:
    rows = design(gappy, replace(SPEC, effects=effects, weights=weights))
    model = solve(rows)
    expected = [solve(rows.keep(rows.area.codes != code)).coefficients for code in np.unique(rows.area.codes)]
    found = leave_out_clusters(model)
    assert found.identified.all()
    assert found.shifts == pytest.approx(np.array(expected) - model.coefficients, rel=1e-6, abs=1e-12)


@pytest.mark.parametrize("effects", [(), ("borough",), BOTH])
def test_fit_with_jackknife_agrees_with_pyfixest(gappy: Panel, effects: tuple[str, ...]) -> None:
    pyfixest = pytest.importorskip("pyfixest")
    absorbed = f" | {' + '.join(effects)}" if effects else ""
    oracle = pyfixest.feols(
        f"trust ~ records + arrested + crime{absorbed}",
        data=gappy.frame.dropna(subset=["crime"]),
        vcov={"CRV3": "borough"},
        fixef_rm="none",
        demeaner=pyfixest.MapDemeaner(fixef_tol=1e-12),
        ssc=pyfixest.ssc(k_adj=False, G_adj=False),
    )
    result = fit(gappy, replace(SPEC, effects=effects))
    share = math.sqrt((32 - 1) / 32)  # which pyfixest leaves out without its adjustments
    for name in ("records", "arrested", "crime"):
        expected = float(oracle.tidy().loc[name, "Std. Error"])
        assert result.estimate(name).std_error == pytest.approx(share * expected, rel=1e-6)
    assert (result.df, result.clusters) == (31, (("borough", 32),))
    assert "leaving out each borough in turn (CR3, 32 clusters" in result.note


def test_effective_clusters_of_equal_clusters_is_their_number() -> None:
    frame = simulated(10, 8).frame
    frame["crime"] = np.tile([1.0, -1.0], 40)
    rows = design(Panel(frame), ModelSpec("trust", ("crime",), form="count", effects=("borough",)))
    assert effective_clusters(solve(rows), 0) == pytest.approx(10)


def test_effective_clusters_of_two_treated_agrees_with_hand_calculation() -> None:
    """With both effects a treated area's share is (1 - 2/32)^2 = 225/256, another's (2/32)^2 = 1/256, of 480/256."""
    model = solve(design(treated(2), TREATED))
    assert effective_clusters(model, 0) == pytest.approx(480**2 / (2 * 225**2 + 30))


def test_critical_of_two_clusters_is_that_of_one_degree_of_freedom() -> None:
    """The mean of two areas' own means over half of their difference has Student's t distribution with one degree."""
    frame = pd.DataFrame({"borough": ["A", "B"] * 4, "quarter": np.repeat(["1", "2", "3", "4"], 2)})
    noise = np.random.default_rng(4).normal(size=8)
    panel = Panel(frame.assign(x=np.repeat([0.0, 1.0, 0.0, 1.0], 2), y=noise))
    model = solve(design(panel, ModelSpec("y", ("x",), form="count", effects=("borough",))))
    found = leave_out_clusters(model)
    # Leaving out one area leaves the slope of the other: both are half of their difference away.
    slopes = [noise[at::2][[1, 3]].mean() - noise[at::2][[0, 2]].mean() for at in (0, 1)]
    half = abs(slopes[0] - slopes[1]) / 2
    assert np.abs(found.shifts[:, 0]) == pytest.approx([half, half])
    assert math.sqrt(found.matrix[0, 0]) == pytest.approx(half)
    assert found.critical(0, model.bread[0, 0]) == pytest.approx(stdtrit(1, 0.975), rel=0.1)


def test_fit_with_two_treated_of_many_gives_the_wider_interval_and_a_caution() -> None:
    result = fit(treated(2), TREATED, wild=False)
    found = result.estimate("treated")
    assert isinstance(found.cautious, Cautious)
    assert found.cautious.caution == "few_carry_it"
    assert found.cautious.effective_clusters == pytest.approx(2.27, abs=0.01)
    assert found.cautious.high - found.cautious.low > 1.5 * (found.high - found.low)
    assert found.cautious.low <= found.low < found.high <= found.cautious.high
    assert "rests on few of the 32 boroughs (as much as 2.3 equal ones would carry)" in result.warnings[-1]


def test_fit_with_few_clusters_is_cautious_and_with_many_is_not(panel: Panel) -> None:
    few = fit(simulated(6, 12), replace(SPEC, covariance="cluster"), wild=False)
    assert {found.cautious.caution for found in few.estimates if found.cautious} == {"few_clusters"}
    assert few.estimate("crime").cautious is None  # a control
    many = fit(panel, replace(SPEC, covariance="cluster"), wild=False)
    assert all(found.cautious is None for found in many.estimates)
    assert all(found.cautious is None for found in fit(simulated(6, 12), SPEC).estimates)


def test_fit_with_one_treated_has_no_interval_to_rely_on() -> None:
    result = fit(treated(1), TREATED, wild=False)
    cautious = result.estimate("treated").cautious
    assert cautious is not None
    assert (cautious.caution, cautious.low, cautious.high) == ("one_carries_it", -math.inf, math.inf)
    assert "One borough alone carries the estimate of treated" in result.warnings[-1]
    with pytest.raises(NoStandardError, match="One borough alone carries the estimate of treated"):
        fit(treated(1), replace(TREATED, covariance="jackknife"))


@pytest.mark.parametrize("limit", ["MOST_STEPS", "MOST_CELLS"])
def test_jackknife_beyond_its_limits_is_refused_and_no_caution_waits_for_it(
    monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    monkeypatch.setattr(jackknife_module, limit, 100)
    with pytest.raises(TooCostly, match="each borough in turn would take too long with 72 rows"):
        fit(simulated(6, 12), replace(SPEC, effects=BOTH))
    assert fit(simulated(6, 12), replace(SPEC, covariance="cluster", effects=BOTH)).estimates[0].cautious is None


def test_caution_on_few_clusters_is_said_where_it_widens_the_interval() -> None:
    said = []
    for seed in range(12):
        random = np.random.default_rng(seed)
        frame = simulated(14, 8).frame
        frame = frame.assign(trust=random.normal(size=len(frame)), records=random.normal(size=len(frame)).cumsum())
        found = fit(Panel(frame), ModelSpec("trust", ("records",), form="count", effects=BOTH))
        estimate = found.estimate("records")
        said.append(any("rests on few of" in sentence for sentence in found.warnings))
        if estimate.cautious is not None and estimate.cautious.caution != "few_clusters":
            assert said[-1] == (estimate.reliable != (estimate.low, estimate.high))
    assert any(said)
