"""The logarithm of the outcome: against statsmodels, and what has none."""

from dataclasses import replace

import numpy as np
import pytest
import statsmodels.formula.api as smf

from core.questions.robustness import robustness
from core.stats.regression import Choices, ModelSpec, NotPositive, fit, specification_curve
from core.stats.regression.curves.batch import Fitted, fit_many
from core.stats.regression.curves.joint import joint_tests
from core.stats.relative import change_of_logarithm, per_cent
from core.stats.what_if import what_if
from core.tables.panel import Panel
from tests.questions.test_robustness import QUESTION

BASE = ModelSpec("trust", ("records",), response="log", controls=("crime",), effects=("borough", "quarter"))


def test_logarithm_agrees_with_statsmodels(gappy: Panel) -> None:
    oracle = smf.ols(
        "np.log(trust) ~ np.log(records) + crime + C(borough) + C(quarter)", gappy.frame.dropna(subset=["crime"])
    ).fit()
    found = fit(gappy, replace(BASE, covariance="classical"))
    for name, term in (("records", "np.log(records)"), ("crime", "crime")):
        assert found.estimate(name).estimate == pytest.approx(oracle.params[term], rel=1e-8)
        assert found.estimate(name).std_error == pytest.approx(oracle.bse[term], rel=1e-8)
    assert found.r2 == pytest.approx(oracle.rsquared, rel=1e-9)


def test_changes_of_a_logarithm_agree_with_statsmodels(panel: Panel) -> None:
    names = ["trust", "records"]
    logged = panel.frame.assign(**{name: np.log(panel.frame[name]) for name in names})[["borough", *names]]
    moved = logged.groupby("borough").diff().assign(quarter=panel.frame["quarter"]).dropna()
    oracle = smf.ols("trust ~ records + C(quarter)", moved).fit()
    found = fit(panel, replace(BASE, differences=True, controls=()), wild=False)
    assert found.estimate("records").estimate == pytest.approx(oracle.params["records"], rel=1e-8)


def test_an_outcome_that_is_not_positive_is_refused_where_it_is_used(panel: Panel) -> None:
    frame = panel.frame.copy()
    frame.loc[(frame["borough"] == "Area 03") & (frame["quarter"] == "2019Q2"), "trust"] = 0.0
    none = Panel(frame)
    for differences in (False, True):
        with pytest.raises(NotPositive, match="trust is not above zero in Area 03 in 2019Q2, and"):
            fit(none, replace(BASE, differences=differences))
    assert fit(none, replace(BASE, start="2019Q3"), wild=False).n
    frame["trust"] -= 1
    with pytest.raises(NotPositive, match="and elsewhere"):
        fit(Panel(frame), BASE)


def test_many_fitted_at_once_are_those_fitted_alone(panel: Panel) -> None:
    specs = [replace(BASE, response=response, lag=lag) for response in ("level", "log") for lag in (0, 1)]
    for fitted in fit_many(panel, specs):
        assert isinstance(fitted, Fitted)
        alone = fit(panel, fitted.spec, wild=False).estimate("records")
        assert fitted.found[0].estimate == pytest.approx(alone.estimate, rel=1e-9)


def test_curve_joint_test_and_what_if_are_in_per_cent(panel: Panel) -> None:
    choices = Choices(("records",), ("trust",), effects=((), ("borough", "quarter")), response="log")
    curve = specification_curve(panel, choices, "records")
    for spec, effect in zip(curve.specs, curve.table["effect"], strict=True):
        found = fit(panel, spec, wild=False)
        slope = found.estimate("records").estimate
        assert effect == pytest.approx(100 * (1.1**slope - 1), rel=1e-9)
        scenario = what_if(panel, found, "records", 10)
        assert scenario.chosen.points == pytest.approx(effect, rel=1e-9)
    (joint,) = joint_tests(panel, list(choices.specs()), ("records",)).values()
    assert joint.median == pytest.approx(curve.median, rel=1e-9)


def test_robustness_is_in_per_cent(panel: Panel) -> None:
    found = robustness(panel, QUESTION, replace(BASE, controls=()))["records"]
    slope = fit(panel, replace(BASE, controls=())).estimate("records").estimate
    assert found.recommended.value == pytest.approx(100 * (1.1**slope - 1), rel=1e-9)


def test_per_cent_and_back() -> None:
    assert per_cent(np.log(1.2)) == pytest.approx(20)
    assert change_of_logarithm(per_cent(0.37)) == pytest.approx(0.37)
    assert np.isfinite(per_cent(1e6))
