"""What-if: by hand, against the fitted line of statsmodels, and in each form."""

import math
from dataclasses import replace
from typing import get_args

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf
from hypothesis import given, settings
from hypothesis import strategies as st

from core.london.amount.question import LONDON_AMOUNT
from core.questions.question import FIRST_EDITION
from core.stats.regression import ModelSpec, UnknownArea, UnknownVariable, fit
from core.stats.what_if import ImpossibleChange, what_if
from core.tables.options import Form, Window
from core.tables.panel import Panel
from tests.panels import simulated

SPEC = ModelSpec("trust", ("records",), form="count")
BOTH = replace(SPEC, predictors=("arrested", "hospitalised"), controls=("crime_per_1000",))
PANEL = simulated({"Inner London": -0.03, "Outer London": -0.03})
LAST_YEAR = PANEL.frame[PANEL.frame["quarter"] >= "2021Q1"]


def now(column: str, area: str) -> float:
    return float(LAST_YEAR.loc[LAST_YEAR["borough"] == area, column].mean())


def test_what_if_with_count_agrees_with_hand_calculation() -> None:
    result = fit(PANEL, SPEC, wild=False)
    found = what_if(PANEL, result, "records", -10, ("Inner London 3", "Outer London 1"))
    estimate = result.estimate("records")
    for row in found.table.to_dict("records"):
        level = now("records", row["borough"])
        assert row["records_now"] == pytest.approx(level)
        assert row["records_then"] == pytest.approx(0.9 * level)
        assert row["points"] == pytest.approx(-0.1 * level * estimate.estimate * 100)
        assert sorted((row["low"], row["high"])) == pytest.approx(
            sorted(-0.1 * level * end * 100 for end in (estimate.low, estimate.high))
        )
    assert found.chosen.points == pytest.approx(found.table["points"].mean())
    assert found.chosen.low == pytest.approx(found.table["low"].mean())
    everyone = what_if(PANEL, result, "records", -10)
    assert len(everyone.table) == 20
    assert everyone.chosen.points == pytest.approx(everyone.table["points"].mean())
    assert not found.same_everywhere


def test_what_if_with_several_predictors_agrees_with_statsmodels() -> None:
    """The same shift as a linear hypothesis in statsmodels."""
    result = fit(PANEL, BOTH, wild=False)
    found = what_if(PANEL, result, BOTH.predictors, 25, ("Outer London 7",))
    steps = {name: 0.25 * now(name, "Outer London 7") for name in BOTH.predictors}
    model = smf.ols("trust ~ arrested + hospitalised + crime_per_1000", PANEL.frame).fit(
        cov_type="cluster", cov_kwds={"groups": pd.factorize(PANEL.frame["borough"])[0]}, use_t=True
    )
    test = model.t_test([0, steps["arrested"], steps["hospitalised"], 0])
    row = found.table.iloc[0]
    assert row["points"] == pytest.approx(100 * test.effect[0])
    assert (row["low"], row["high"]) == pytest.approx(tuple(100 * test.conf_int()[0]))
    one_by_one = sum(abs(steps[e.name] * (e.high - e.estimate)) for e in result.estimates if e.role == "predictor")
    assert (row["high"] - row["low"]) / 2 < 100 * one_by_one


def test_what_if_with_logarithm_is_the_same_in_each_area() -> None:
    result = fit(PANEL, replace(SPEC, form="log"), wild=False)
    found = what_if(PANEL, result, "records", -50)
    assert found.same_everywhere
    expected = math.log(0.5) * result.estimate("records").estimate * 100
    assert found.table["points"].to_list() == pytest.approx([expected] * 20)
    assert found.table["records_now"].iloc[0] == pytest.approx(now("records", "Inner London 0"))


@pytest.mark.parametrize("form", get_args(Form))
@pytest.mark.parametrize("window", get_args(Window))
@pytest.mark.parametrize("lag", [0, 1])
def test_what_if_in_each_form_and_window_follows_the_fitted_line(form: Form, window: Window, lag: int) -> None:
    """The same as scaling the counts of the figures themselves and reading the fitted line there."""
    spec = replace(BOTH, form=form, window=window, lag=lag, effects=("borough", "quarter"))
    result = fit(PANEL, spec, wild=False)
    found = what_if(PANEL, result, spec.predictors, 8)
    scaled = Panel(PANEL.frame.assign(**{name: PANEL.frame[name] * 1.08 for name in spec.predictors}))
    before, after = (
        pd.DataFrame({name: panel.values(name, form, window, lag) for name in spec.predictors})
        for panel in (PANEL, scaled)
    )
    change = (after - before) @ pd.Series({name: result.estimate(name).estimate for name in spec.predictors})
    expected = change[PANEL.frame["quarter"] >= "2021Q1"].groupby(PANEL.frame["borough"]).mean() * 100
    np.testing.assert_allclose(found.table["points"], expected, rtol=1e-9)


def test_what_if_with_values_beyond_those_observed_flags_the_areas() -> None:
    result = fit(PANEL, SPEC, wild=False)
    assert what_if(PANEL, result, "records", 0).beyond_own_record == []
    far = what_if(PANEL, result, "records", 400)
    assert far.beyond_own_record == far.beyond_all == PANEL.areas
    frame = PANEL.frame.astype({"records": float})
    mild = (frame["borough"] == "Inner London 0").to_numpy()
    frame.loc[mild, "records"] = np.linspace(500, 600, mild.sum())
    narrow = Panel(frame)
    found = what_if(narrow, fit(narrow, SPEC, wild=False), "records", 30, ("Inner London 0",))
    assert (found.beyond_own_record, found.beyond_all) == (["Inner London 0"], [])
    bare = what_if(PANEL, result, "records", -100)
    assert bare.beyond_all == PANEL.areas
    assert bare.table["records_then"].eq(0).all()


def test_what_if_with_smaller_sample_uses_its_areas_and_last_year() -> None:
    early = fit(PANEL, replace(SPEC, end="2018Q4", areas=tuple(PANEL.areas[:5])), wild=False)
    found = what_if(PANEL, early, "records", 5)
    assert found.table["borough"].to_list() == PANEL.areas[:5]
    frame = PANEL.frame[PANEL.frame["quarter"].between("2018Q1", "2018Q4")]
    expected = frame.groupby("borough")["records"].mean().head(5)
    np.testing.assert_allclose(found.table["records_now"], expected)


@settings(max_examples=25, deadline=None)
@given(st.floats(-99, 300), st.sampled_from(["log", "count", "log_per_1000", "per_1000"]))
def test_what_if_interval_holds_the_change_and_reversal_undoes_it(percent: float, form: Form) -> None:
    spec = replace(BOTH, form=form)
    found = what_if(PANEL, fit(PANEL, spec, wild=False), spec.predictors, percent)
    table = found.table
    assert ((table["low"] <= table["points"]) & (table["points"] <= table["high"])).all()
    assert found.chosen.low <= found.chosen.points <= found.chosen.high
    assert found.chosen.points == pytest.approx(table["points"].mean())
    if form in ("log", "log_per_1000"):
        back = 100 * (1 / (1 + percent / 100) - 1)
        again = what_if(PANEL, fit(PANEL, spec, wild=False), spec.predictors, back)
        assert again.chosen.points == pytest.approx(-found.chosen.points, abs=1e-9)


def test_what_if_with_area_without_figures_leaves_it_out() -> None:
    frame = PANEL.frame.astype({"records": float})
    gone = (frame["borough"] == "Inner London 0") & (frame["quarter"] >= "2021Q1")
    frame.loc[gone, "records"] = np.nan
    panel = Panel(frame)
    for form in ("count", "log"):
        result = fit(panel, replace(SPEC, form=form), wild=False)
        found = what_if(panel, result, "records", 10)
        assert "Inner London 0" not in set(found.table["borough"])
        assert found.chosen.points == pytest.approx(found.table["points"].mean())
        with pytest.raises(ImpossibleChange, match="no figure for Inner London 0 in the last four quarters"):
            what_if(panel, result, "records", 10, ("Inner London 0",))


def test_what_if_with_recommended_london_model_agrees_with_estimate(london: Panel) -> None:
    result = fit(london, LONDON_AMOUNT.presets[FIRST_EDITION], wild=False)
    found = what_if(london, result, "records", -10, ("Camden",))
    estimate = result.estimate("records")
    assert found.chosen.points == pytest.approx(100 * math.log(0.9) * estimate.estimate)
    year = london.frame.query("borough == 'Camden' and quarter >= '2023Q1'")
    assert found.table["records_now"].to_list() == pytest.approx([year["records"].mean()])


def test_fit_result_covariance_of_agrees_with_standard_errors() -> None:
    for spec in (BOTH, replace(BOTH, effects=("borough",)), replace(BOTH, covariance="classical")):
        result = fit(PANEL, spec, wild=False)
        names = tuple(estimate.name for estimate in result.estimates)
        matrix = result.covariance_of(names)
        np.testing.assert_allclose(np.sqrt(np.diag(matrix)), [estimate.std_error for estimate in result.estimates])
        np.testing.assert_allclose(matrix, matrix.T, atol=1e-18)
        assert result.covariance_of(names[::-1])[0, 1] == matrix[-1, -2]
        assert hash(result) == hash(fit(PANEL, spec, wild=False))
    with pytest.raises(UnknownVariable, match="no coefficient of happiness"):
        result.covariance_of(("happiness",))


def test_what_if_with_impossible_change_raises_a_named_error() -> None:
    result = fit(PANEL, SPEC, wild=False)
    logs = fit(PANEL, replace(SPEC, form="log"), wild=False)
    shares = fit(PANEL, replace(SPEC, predictors=("arrested",), form="share"), wild=False)
    with pytest.raises(ImpossibleChange, match="none of zero, so it cannot say what -100% would mean"):
        what_if(PANEL, logs, "records", -100)
    for percent in (-101, math.nan, math.inf):
        with pytest.raises(ImpossibleChange, match="choose -100% or more"):
            what_if(PANEL, result, "records", percent)
    with pytest.raises(ImpossibleChange, match="more than all records"):
        what_if(PANEL, shares, "arrested", 90)
    with pytest.raises(ImpossibleChange, match="No predictor"):
        what_if(PANEL, result, (), 10)
    with pytest.raises(ImpossibleChange, match="crime_per_1000 is not a predictor"):
        what_if(PANEL, fit(PANEL, BOTH, wild=False), "crime_per_1000", 10)
    for shape in ({"squares": True}, {"moderator": "inner_outer", "effects": ("borough",)}):
        bent = fit(PANEL, replace(SPEC, **shape), wild=False)
        with pytest.raises(ImpossibleChange, match="the association differs by"):
            what_if(PANEL, bent, "records", 10)
    with pytest.raises(ImpossibleChange, match="chosen twice"):
        what_if(PANEL, result, ("records", "records"), 10)
    with pytest.raises(ImpossibleChange, match="No borough is chosen"):
        what_if(PANEL, result, "records", 10, ())
    with pytest.raises(UnknownArea, match="no borough Atlantis"):
        what_if(PANEL, result, "records", 10, ("Atlantis",))
    some = fit(PANEL, replace(SPEC, areas=tuple(PANEL.areas[:6])), wild=False)
    with pytest.raises(UnknownArea, match="sample of the model has no borough Outer London 9"):
        what_if(PANEL, some, "records", 10, ("Outer London 9",))
