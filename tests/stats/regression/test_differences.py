"""Changes from one period to the next: against linearmodels, and against a loop over the rows."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from linearmodels.panel import FirstDifferenceOLS

from core.stats.regression import EmptySample, ModelSpec, UnknownVariable, fit
from core.stats.regression.curves.batch import Fitted, fit_many
from core.stats.regression.design import design
from core.tables.options import Weights
from core.tables.panel import Panel

BASE = ModelSpec("trust", ("records", "arrested"), form="count", controls=("crime",), differences=True)
TERMS = ["records", "arrested", "crime"]


def without_a_quarter(panel: Panel) -> Panel:
    return Panel(panel.frame[panel.frame["quarter"] != "2020Q2"])


def changes(panel: Panel, spec: ModelSpec) -> pd.DataFrame:
    """Changes by a loop: complete rows of an area whose row one quarter before is complete too."""
    frame = panel.frame.dropna(subset=[spec.outcome, *TERMS])
    known = frame.set_index(["borough", "quarter"])[[spec.outcome, *TERMS, "population"]]
    rows = []
    for area, quarter in zip(frame["borough"], frame["quarter"], strict=True):
        now, year, number = known.loc[(area, quarter)], int(quarter[:4]), int(quarter[-1])
        before = area, f"{year - (number == 1)}Q{(number - 2) % 4 + 1}"
        if before in known.index:
            then = known.loc[before]
            weight = 1 / (1 / now["population"] + 1 / then["population"])
            rows.append({"borough": area, "quarter": quarter, "weight": weight} | dict(now - then))
    return pd.DataFrame(rows)


@pytest.mark.parametrize("weights", ["equal", "population"])
@pytest.mark.parametrize("data", ["panel", "gappy"])
def test_differences_agree_with_linearmodels(request: pytest.FixtureRequest, data: str, weights: Weights) -> None:
    panel: Panel = request.getfixturevalue(data)
    frame = panel.frame.dropna(subset=["crime"])
    indexed = frame.assign(time=frame["quarter"].astype("category").cat.codes).set_index(["borough", "time"])
    weight = indexed[["population"]] if weights == "population" else None
    model: Any = FirstDifferenceOLS(indexed["trust"], indexed[TERMS], weights=weight)
    options = {"cov_type": "clustered", "cluster_entity": True, "group_debias": True}
    oracle = model.fit(debiased=True, **options)
    found = fit(panel, replace(BASE, weights=weights), wild=False)
    assert found.n == oracle.nobs
    assert [e.estimate for e in found.estimates] == pytest.approx(oracle.params.to_numpy(), rel=1e-9)
    assert [e.std_error for e in found.estimates] == pytest.approx(oracle.std_errors.to_numpy(), rel=1e-8)
    assert found.r2 == pytest.approx(oracle.rsquared, rel=1e-8)
    assert found.r2_within is None


@pytest.mark.parametrize("weights", ["equal", "population"])
def test_differences_with_quarter_effects_agree_with_a_loop_and_statsmodels(gappy: Panel, weights: Weights) -> None:
    panel = without_a_quarter(gappy)
    spec = replace(BASE, effects=("quarter",), covariance="classical", weights=weights)
    rows = changes(panel, spec)
    assert "2020Q3" not in set(rows["quarter"])  # its change would be that of two quarters
    X = rows[TERMS].join(pd.get_dummies(rows["quarter"], dtype=float))
    weight = rows["weight"] if weights == "population" else pd.Series(1.0, index=rows.index)
    oracle = sm.WLS(rows["trust"], X, weights=weight).fit()
    found = fit(panel, spec)
    assert found.n == len(rows)
    assert found.df == oracle.df_resid
    assert [e.estimate for e in found.estimates] == pytest.approx(oracle.params[TERMS].to_numpy(), rel=1e-9)
    assert [e.std_error for e in found.estimates] == pytest.approx(oracle.bse[TERMS].to_numpy(), rel=1e-9)


def test_differences_need_no_area_effects(gappy: Panel) -> None:
    """Nothing of an area's own level is left, so its effects change no number."""
    for effects in ((), ("quarter",)):
        without, with_area = (
            fit(gappy, replace(BASE, effects=chosen), wild=False) for chosen in (effects, ("borough", *effects))
        )
        assert replace(with_area, spec=without.spec) == without


def test_differences_of_two_periods_are_the_within_estimates(panel: Panel) -> None:
    spec = replace(BASE, start="2019Q1", end="2019Q2", effects=("borough", "quarter"))
    found, within = fit(panel, spec, wild=False), fit(panel, replace(spec, differences=False), wild=False)
    assert [e.estimate for e in found.estimates] == pytest.approx([e.estimate for e in within.estimates], rel=1e-8)


def test_differences_use_no_row_before_the_first_period_chosen(panel: Panel) -> None:
    found = fit(panel, replace(BASE, start="2019Q1", end="2019Q4"), wild=False)
    assert (found.first_period, found.n, found.n_dropped) == ("2019Q2", 3 * 32, 0)


def test_differences_of_every_fourth_quarter_are_changes_over_a_year(panel: Panel) -> None:
    found = fit(panel, replace(BASE, non_overlapping=True), wild=False)
    rows = panel.frame[panel.frame["quarter"].str.endswith(panel.periods[-1][-2:])]
    year = rows.set_index("quarter").groupby("borough")[["trust", *TERMS]].diff().dropna()
    oracle = sm.OLS(year["trust"], year[TERMS]).fit()
    assert [e.estimate for e in found.estimates] == pytest.approx(oracle.params.to_numpy(), rel=1e-9)


def test_missing_changes_are_counted(panel: Panel) -> None:
    frame = panel.frame.copy()
    frame.loc[(frame["borough"] == "Area 03") & (frame["quarter"] == "2019Q2"), "crime"] = np.nan
    found = fit(Panel(frame), BASE, wild=False)
    assert found.n_dropped == 2  # the change to that quarter and the one from it
    assert found.n == 26 * 32 - 2


def test_differences_without_two_periods_in_a_row_say_so(panel: Panel) -> None:
    odd_quarter, odd_area = panel.frame["quarter"].str[-1].isin(["1", "3"]), panel.frame["borough"] < "Area 16"
    every_other = Panel(panel.frame[odd_quarter == odd_area])
    with pytest.raises(EmptySample, match="two quarters in a row"):
        fit(every_other, BASE)
    with pytest.raises(EmptySample, match="two quarters in a row"):
        fit(panel, replace(BASE, start="2019Q1", end="2019Q1"))


def test_differences_with_effects_of_a_group_that_changes_say_so(panel: Panel) -> None:
    frame = panel.frame.assign(year=panel.frame["quarter"].str[:4], side=panel.frame["borough"].str[-1])
    grouped = Panel(frame, groups=("year", "side"))
    with pytest.raises(UnknownVariable, match="year changes over time"):
        fit(grouped, replace(BASE, effects=("year",)))
    assert fit(grouped, replace(BASE, effects=("side",)), wild=False).n == 26 * 32


def test_an_earlier_outcome_in_changes_brings_a_caution(panel: Panel) -> None:
    found = fit(panel, ModelSpec("trust", ("trust",), form="count", lag=1, differences=True), wild=False)
    assert any("biased downwards" in sentence for sentence in found.warnings)


def test_many_fitted_at_once_are_those_fitted_alone(gappy: Panel) -> None:
    specs = [
        replace(BASE, differences=differences, effects=effects, weights=weights)
        for differences in (False, True)
        for effects in ((), ("quarter",))
        for weights in ("equal", "population")
    ]
    for fitted in fit_many(gappy, specs):
        assert isinstance(fitted, Fitted)
        alone = fit(gappy, fitted.spec, wild=False)
        assert fitted.n == alone.n
        for found in fitted.found:
            assert found.estimate == pytest.approx(alone.estimate(found.name).estimate, rel=1e-9)
            assert found.std_error == pytest.approx(alone.estimate(found.name).std_error, rel=1e-9)


def test_means_are_those_of_levels(panel: Panel) -> None:
    found = design(panel, BASE)
    later = panel.frame[panel.frame["quarter"] != panel.periods[0]]
    assert found.means == pytest.approx(tuple(later[["records", "arrested"]].mean()))
