"""Poisson regression with effects: against pyfixest and statsmodels, and what has no estimate."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from core.stats.regression import (
    ModelSpec,
    NoConvergence,
    NotPositive,
    NotTogether,
    NoVariation,
    Separated,
    diagnose,
    fit,
    leave_one_out,
    partial,
    poisson,
)
from core.stats.regression.curves.batch import Fitted, fit_many
from core.tables.options import Weights
from core.tables.panel import Panel

pyfixest = pytest.importorskip("pyfixest")

BASE = ModelSpec("crimes", ("records",), response="poisson", form="log", controls=("crime",))
BOTH = ("borough", "quarter")


@pytest.fixture(scope="module")
def counted(gappy: Panel) -> Panel:
    """An unbalanced panel with a count that is often zero."""
    rng = np.random.default_rng(11)
    frame = gappy.frame.copy()
    level = frame["borough"].str[-2:].astype(int) / 20
    mean = np.exp(0.4 * np.log(frame["records"]) - 2.5 - level + 0.02 * frame["crime"].fillna(25))
    frame["crimes"] = rng.negative_binomial(2, 1 / (1 + mean / 2))
    return Panel(frame)


@pytest.mark.parametrize("effects", [("borough",), ("quarter",), BOTH])
@pytest.mark.parametrize("weights", ["equal", "population"])
def test_poisson_agrees_with_fepois(counted: Panel, effects: tuple[str, ...], weights: Weights) -> None:
    frame = counted.frame.dropna(subset=["crime"])
    frame = frame.assign(log_records=np.log(frame["records"]), weight=frame["population"] / frame["population"].mean())
    oracle = pyfixest.fepois(
        f"crimes ~ log_records + crime | {' + '.join(effects)}",
        data=frame,
        weights="weight" if weights == "population" else None,
        fixef_rm="none",
        demeaner=pyfixest.MapDemeaner(fixef_tol=1e-12),
        iwls_tol=1e-12,
        vcov="iid",
    )
    kinds: dict[Any, Any] = {"cluster": {"CRV1": "borough"}, "two_way": {"CRV1": "borough+quarter"}, "HC1": "HC1"}
    for covariance, vcov in kinds.items():
        oracle.vcov(vcov)
        found = fit(counted, replace(BASE, effects=effects, weights=weights, covariance=covariance))
        table = oracle.tidy()
        for name, term in (("records", "log_records"), ("crime", "crime")):
            estimate = found.estimate(name)
            assert estimate.estimate == pytest.approx(table.loc[term, "Estimate"], rel=1e-6)
            assert estimate.std_error == pytest.approx(table.loc[term, "Std. Error"], rel=1e-6), covariance
    assert found.r2_within is None


def test_poisson_agrees_with_statsmodels(counted: Panel) -> None:
    """Without effects: estimates, quasi-Poisson errors, the part of the deviance."""
    frame = counted.frame.dropna(subset=["crime"])
    X = pd.DataFrame({"records": np.log(frame["records"]), "crime": frame["crime"], "constant": 1.0})
    oracle = sm.GLM(frame["crimes"], X, family=sm.families.Poisson()).fit(scale="X2", tol=1e-13)
    found = fit(counted, replace(BASE, covariance="classical"))
    for estimate in found.estimates:
        assert estimate.estimate == pytest.approx(oracle.params[estimate.name], rel=1e-7)
        assert estimate.std_error == pytest.approx(oracle.bse[estimate.name], rel=1e-7)
    assert found.df == oracle.df_resid
    from_mean = sm.families.Poisson().deviance(frame["crimes"], np.full(len(frame), frame["crimes"].mean()))
    assert found.r2 == pytest.approx(1 - oracle.deviance / from_mean, rel=1e-8)
    assert "Poisson" in found.note


def test_levels_without_events_are_left_out_and_said(counted: Panel) -> None:
    frame = counted.frame.copy()
    none = frame["borough"] == "Area 07"
    frame.loc[none, "crimes"] = 0
    with_zeros, without = Panel(frame), Panel(frame[~none])
    spec = replace(BASE, effects=BOTH)
    found, expected = fit(with_zeros, spec), fit(without, spec)
    assert found.n == expected.n
    assert found.n_areas == 31
    assert found.estimate("records") == expected.estimate("records")
    (sentence,) = [each for each in found.warnings if "always zero" in each]
    used = int(none.sum() - frame.loc[none, "crime"].isna().sum())
    assert sentence.startswith(f"{used} rows were left out, of boroughs and quarters")
    assert not any("always zero" in each for each in expected.warnings)


def test_zeros_that_a_variable_determines_are_refused(counted: Panel) -> None:
    frame = counted.frame.assign(flag=np.where(counted.frame["crimes"] == 0, 1.0, 0.0))
    frame.loc[frame.index[frame["crimes"] == 0][::2], "flag"] = 0.0
    for effects in ((), BOTH):
        spec = replace(BASE, predictors=("flag",), form="count", effects=effects)
        with pytest.raises(Separated, match="determine some of the rows in which crimes is zero"):
            fit(Panel(frame), spec)
        assert fit(Panel(frame), replace(spec, response="level"), wild=False).n
    frame.loc[frame.index[frame["crimes"] > 0][0], "flag"] = 1.0
    assert fit(Panel(frame), replace(BASE, predictors=("flag",), form="count", effects=BOTH)).n


def test_poisson_that_does_not_settle_says_so(counted: Panel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(poisson, "MOST_STEPS", 1)
    with pytest.raises(NoConvergence):
        fit(counted, replace(BASE, effects=BOTH))


def test_what_has_no_poisson_regression_says_so(counted: Panel) -> None:
    nothing = Panel(counted.frame.assign(crimes=0))
    with pytest.raises(NoVariation, match="zero in every row"):
        fit(nothing, replace(BASE, effects=BOTH))
    below = counted.frame.copy()
    below.loc[5, "crimes"] = -1
    with pytest.raises(NotPositive, match="below zero in"):
        fit(Panel(below), BASE)
    with pytest.raises(NotTogether):
        fit(counted, replace(BASE, differences=True))


def test_jackknife_is_close_to_fitting_again_without_each_area(counted: Panel) -> None:
    """Leaving out is linearised at the estimate, so the errors are near those of refitted models, not the same."""
    spec = replace(BASE, effects=BOTH, covariance="jackknife")
    found = fit(counted, spec).estimate("records")
    without = leave_one_out(counted, replace(spec, covariance="HC1"), "records")["estimate"]
    refitted = np.sqrt(31 / 32 * ((without - found.estimate) ** 2).sum())
    assert found.std_error == pytest.approx(refitted, rel=0.1)


def test_many_checks_and_points_are_of_the_poisson_model(counted: Panel) -> None:
    specs = [
        replace(BASE, effects=BOTH, response=response, lag=lag) for response in ("level", "poisson") for lag in (0, 1)
    ]
    for fitted in fit_many(counted, specs):
        assert isinstance(fitted, Fitted)
        alone = fit(counted, fitted.spec, wild=False).estimate("records")
        assert fitted.found[0].estimate == pytest.approx(alone.estimate, rel=1e-8)
        assert fitted.found[0].std_error == pytest.approx(alone.std_error, rel=1e-8)
    spec = specs[2]
    points, slope = partial(counted, spec, "records"), fit(counted, spec, wild=False).estimate("records").estimate
    weight, x, y = points["weight"], points["x_within"], points["y_within"]
    assert (weight * x * y).sum() / (weight * x * x).sum() == pytest.approx(slope, rel=1e-7)
    assert np.isfinite(diagnose(counted, spec).residuals["standardised"].dropna()).all()
