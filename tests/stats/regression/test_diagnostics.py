"""Diagnostics are of the regression that was fitted."""

from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from core.stats.regression import ModelSpec, TooFewClusters, UnknownVariable, diagnose, fit, leave_one_out, partial
from core.tables.options import Weights
from core.tables.panel import Panel
from tests.stats.regression.conftest import simulated

SPEC = ModelSpec("trust", ("records", "arrested"), controls=("crime",), effects=("borough", "quarter"))


def test_diagnose_residuals_are_outcome_less_fitted(gappy: Panel) -> None:
    found = diagnose(gappy, replace(SPEC, weights="population")).residuals
    used = gappy.frame.dropna(subset=["crime"])
    assert list(found["area"]) == list(used["borough"])
    assert list(found["period"]) == list(used["quarter"])
    assert (found["fitted"] + found["residual"]).to_numpy() == pytest.approx(used["trust"].to_numpy(), abs=1e-12)
    weighted = found["residual"].to_numpy() * used["population"].to_numpy()
    for key in ("area", "period"):
        sums = pd.Series(weighted).groupby(found[key]).sum() / used["population"].mean()
        assert sums.abs().max() < 1e-10


def test_diagnose_shapiro_and_quantiles_agree_with_scipy(panel: Panel) -> None:
    found = diagnose(panel, SPEC)
    statistic, p = stats.shapiro(found.residuals["residual"])
    assert (found.shapiro_statistic, found.shapiro_p) == pytest.approx((statistic, p), rel=1e-9)
    assert len(found.quantiles) == 864
    assert found.quantiles["standardised"].is_monotonic_increasing
    assert found.quantiles["normal"].to_numpy() == pytest.approx(-found.quantiles["normal"].to_numpy()[::-1])
    assert (stats.norm.cdf(found.quantiles["normal"].iloc[0])) == pytest.approx(0.625 / 864.25)


def test_diagnose_autocorrelation_pairs_quarters_within_an_area(gappy: Panel) -> None:
    found = diagnose(gappy, SPEC)
    wide = found.residuals.pivot(index="period", columns="area", values="residual").reindex(sorted(gappy.periods))
    assert list(found.autocorrelation["lag"]) == list(range(1, 9))
    for row in found.autocorrelation.itertuples():
        lag = int(str(row.lag))
        pairs = pd.DataFrame({"later": wide.stack(), "earlier": wide.shift(lag).stack()}).dropna()
        assert row.pairs == len(pairs)
        assert row.correlation == pytest.approx(pairs.corr().iloc[0, 1])


def test_diagnose_with_every_fourth_quarter_has_yearly_lags_only(panel: Panel) -> None:
    assert list(diagnose(panel, replace(SPEC, non_overlapping=True)).autocorrelation["lag"]) == [4, 8]


def test_diagnose_with_leverage_of_one_has_no_standardised_residual(panel: Panel) -> None:
    alone = (panel.frame["borough"] != "Area 05") | (panel.frame["quarter"] == "2019Q1")
    found = diagnose(Panel(panel.frame[alone]), SPEC).residuals
    missing = found["standardised"].isna()
    assert list(found.loc[missing, "area"]) == ["Area 05"]
    assert found.loc[missing, "residual"].abs().max() < 1e-12


def test_diagnose_vif_is_one_for_one_term_and_high_for_related_terms(panel: Panel) -> None:
    lone = diagnose(panel, ModelSpec("trust", ("records",), effects=("borough",))).vif
    assert lone["vif"].to_numpy() == pytest.approx([1.0])
    records, arrested, crime = diagnose(panel, SPEC).vif["vif"]
    assert records > 3
    assert arrested > 3
    assert 1 <= crime < 1.2


@pytest.mark.parametrize("weights", ["equal", "population"])
def test_leave_one_out_equals_refits_without_each_area(weights: Weights) -> None:
    panel = simulated(6, 10)
    spec = replace(SPEC, weights=weights)
    found = leave_one_out(panel, spec, "records")
    assert list(found["area"]) == panel.areas
    for area, estimate, low, high in found.itertuples(index=False):
        kept = replace(spec, areas=tuple(name for name in panel.areas if name != area))
        again = fit(panel, kept, wild=False).estimate("records")
        assert (again.estimate, again.low, again.high) == pytest.approx((estimate, low, high), rel=1e-9)


def test_leave_one_out_with_two_areas_raises_too_few_clusters(panel: Panel) -> None:
    two = replace(SPEC, areas=("Area 01", "Area 02"), effects=())
    with pytest.raises(TooFewClusters, match="Without Area 01: The sample has one borough only"):
        leave_one_out(panel, two, "records")


@pytest.mark.parametrize("term", ["records", "crime"])
def test_partial_slope_equals_the_estimate(gappy: Panel, term: str) -> None:
    found = partial(gappy, SPEC, term)
    slope = np.polyfit(found["x_within"], found["y_within"], 1)[0]
    assert slope == pytest.approx(fit(gappy, SPEC).estimate(term).estimate, rel=1e-9)
    used = gappy.frame.dropna(subset=["crime"])
    raw = used["crime"] if term == "crime" else np.log(used["records"])
    assert (found["x"].to_numpy() == raw.to_numpy()).all()
    assert (found["y"].to_numpy() == used["trust"].to_numpy()).all()


def test_partial_and_leave_one_out_with_unknown_term_name_it(panel: Panel) -> None:
    labels = MappingProxyType({"imd_score": "Deprivation"})
    with pytest.raises(UnknownVariable, match="no Deprivation"):
        partial(panel, SPEC, "imd_score", labels)
    with pytest.raises(UnknownVariable, match="no Deprivation"):
        leave_one_out(panel, SPEC, "imd_score", labels)
