"""The numbers agree with statsmodels and linearmodels, whose small-sample factors are adjusted explicitly."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from linearmodels.panel import PanelOLS
from scipy import stats

from core.stats.regression import FitResult, ModelSpec, fit
from core.stats.regression.design import design
from core.tables.options import Covariance, Weights
from core.tables.panel import Panel

EFFECTS = [(), ("borough",), ("quarter",), ("borough", "quarter")]
BASE = ModelSpec("trust", ("records", "arrested"), form="count", controls=("crime",))
CLOSE = 1e-9


@pytest.fixture(params=["panel", "gappy"])
def any_panel(request: pytest.FixtureRequest) -> Panel:
    chosen: Panel = request.getfixturevalue(request.param)
    return chosen


def sample(panel: Panel, spec: ModelSpec) -> pd.DataFrame:
    """Complete rows, with the columns as the model takes them and weights of mean one."""
    frame = panel.frame.dropna(subset=[spec.outcome, *spec.predictors, *spec.controls]).copy()
    weights = frame["population"] if spec.weights == "population" else pd.Series(1.0, index=frame.index)
    return frame.assign(weight=weights / weights.mean())


def with_dummies(frame: pd.DataFrame, spec: ModelSpec) -> pd.DataFrame:
    """Terms, a constant, and dummies that leave out the first level of each effect."""
    terms = frame[[*spec.predictors, *spec.controls]]
    dummies = [pd.get_dummies(frame[effect], drop_first=True, dtype=float) for effect in spec.effects]
    return pd.concat([terms, pd.Series(1.0, index=frame.index, name="constant"), *dummies], axis=1)


def statsmodels_fit(frame: pd.DataFrame, spec: ModelSpec, **options: Any) -> Any:
    return sm.WLS(frame[spec.outcome], with_dummies(frame, spec), weights=frame["weight"]).fit(**options)


def check(result: FitResult, estimates: pd.Series, errors: pd.Series, tolerance: float = CLOSE) -> None:
    for found in result.estimates:
        assert found.estimate == pytest.approx(estimates[found.name], rel=tolerance)
        assert found.std_error == pytest.approx(errors[found.name], rel=tolerance)


def uncounted(frame: pd.DataFrame, spec: ModelSpec, *clusters: str) -> int:
    """Dummies that statsmodels counts and the convention of fixest does not."""
    return sum(frame[effect].nunique() - 1 for effect in spec.effects if effect in clusters)


@pytest.mark.parametrize("effects", EFFECTS)
@pytest.mark.parametrize("weights", ["equal", "population"])
class TestStatsmodels:
    def test_fit_classical_agrees_with_statsmodels(
        self, any_panel: Panel, effects: tuple[str, ...], weights: Weights
    ) -> None:
        spec = replace(BASE, effects=effects, weights=weights, covariance="classical")
        oracle = statsmodels_fit(sample(any_panel, spec), spec)
        result = fit(any_panel, spec)
        check(result, oracle.params, oracle.bse)
        assert result.df == oracle.df_resid
        assert result.r2 == pytest.approx(oracle.rsquared, rel=CLOSE)
        for found in result.estimates:
            low, high = oracle.conf_int().loc[found.name]
            assert (found.low, found.high) == pytest.approx((low, high), rel=1e-8)
            assert found.p == pytest.approx(oracle.pvalues[found.name], rel=1e-6)

    def test_fit_hc1_agrees_with_statsmodels(
        self, any_panel: Panel, effects: tuple[str, ...], weights: Weights
    ) -> None:
        spec = replace(BASE, effects=effects, weights=weights, covariance="HC1")
        oracle = statsmodels_fit(sample(any_panel, spec), spec, cov_type="HC1", use_t=True)
        check(fit(any_panel, spec), oracle.params, oracle.bse)

    def test_fit_cluster_agrees_with_statsmodels(
        self, any_panel: Panel, effects: tuple[str, ...], weights: Weights
    ) -> None:
        spec = replace(BASE, effects=effects, weights=weights)
        frame = sample(any_panel, spec)
        groups = frame["borough"].astype("category").cat.codes
        oracle = statsmodels_fit(frame, spec, cov_type="cluster", cov_kwds={"groups": groups}, use_t=True)
        fewer = oracle.df_resid / (oracle.df_resid + uncounted(frame, spec, "borough"))
        result = fit(any_panel, spec, wild=False)
        check(result, oracle.params, oracle.bse * np.sqrt(fewer))
        first = result.estimates[0]
        assert first.p == pytest.approx(2 * stats.t.sf(abs(first.t), frame["borough"].nunique() - 1), rel=1e-9)

    def test_fit_two_way_agrees_with_statsmodels(
        self, any_panel: Panel, effects: tuple[str, ...], weights: Weights
    ) -> None:
        spec = replace(BASE, effects=effects, weights=weights, covariance="two_way")
        frame = sample(any_panel, spec)
        factorless = {"use_correction": False, "df_correction": False}
        parts = []
        for groups in (frame["borough"], frame["quarter"], frame["borough"] + frame["quarter"]):
            codes = groups.astype("category").cat.codes
            oracle = statsmodels_fit(frame, spec, cov_type="cluster", cov_kwds={"groups": codes, **factorless})
            parts.append(oracle.cov_params())
        fewest = frame[["borough", "quarter"]].nunique().min()
        free = oracle.df_resid + uncounted(frame, spec, "borough", "quarter")
        factor = fewest / (fewest - 1) * (len(frame) - 1) / free
        variances = pd.Series(factor * np.diag(parts[0] + parts[1] - parts[2]), index=oracle.params.index)
        result = fit(any_panel, spec)
        assert "set to zero" not in result.note
        check(result, oracle.params, variances[[found.name for found in result.estimates]].map(np.sqrt), 1e-8)
        assert result.df == fewest - 1


def linearmodels_fit(frame: pd.DataFrame, spec: ModelSpec, **options: Any) -> Any:
    indexed = frame.assign(time=frame["quarter"].astype("category").cat.codes).set_index(["borough", "time"])
    terms = indexed[[*spec.predictors, *spec.controls]]
    model = PanelOLS(
        indexed[spec.outcome],
        terms if spec.effects else terms.assign(constant=1.0),
        weights=indexed["weight"],
        entity_effects="borough" in spec.effects,
        time_effects="quarter" in spec.effects,
    )
    return model.fit(**options)


@pytest.mark.parametrize("effects", EFFECTS)
@pytest.mark.parametrize("weights", ["equal", "population"])
class TestLinearmodels:
    def test_fit_cluster_agrees_with_linearmodels(
        self, any_panel: Panel, effects: tuple[str, ...], weights: Weights
    ) -> None:
        spec = replace(BASE, effects=effects, weights=weights)
        frame = sample(any_panel, spec)
        options = {"cov_type": "clustered", "cluster_entity": True, "group_debias": True, "auto_df": False}
        oracle = linearmodels_fit(frame, spec, debiased=True, **options)
        fewer = oracle.df_resid / (oracle.df_resid + uncounted(frame, spec, "borough"))
        result = fit(any_panel, spec, wild=False)
        check(result, oracle.params, oracle.std_errors * np.sqrt(fewer), 1e-8)
        if effects:
            assert result.r2_within == pytest.approx(oracle.rsquared, rel=1e-8)

    @pytest.mark.parametrize("lags", [0, 1, 4, 8])
    def test_fit_driscoll_kraay_agrees_with_linearmodels(
        self, any_panel: Panel, effects: tuple[str, ...], weights: Weights, lags: int
    ) -> None:
        spec = replace(BASE, effects=effects, weights=weights, covariance="driscoll_kraay", kernel_lags=lags)
        frame = sample(any_panel, spec)
        oracle = linearmodels_fit(frame, spec, cov_type="kernel", kernel="bartlett", bandwidth=lags, debiased=True)
        n, n_periods = len(frame), frame["quarter"].nunique()
        factor = (n - 1) / n * n_periods / (n_periods - 1)
        result = fit(any_panel, spec)
        check(result, oracle.params, oracle.std_errors * np.sqrt(factor), 1e-8)
        assert result.df == n_periods - 1


@pytest.mark.parametrize("covariance", ["cluster", "HC1", "classical"])
def test_fit_with_filters_form_and_lag_agrees_with_statsmodels(panel: Panel, covariance: Covariance) -> None:
    """Rates a quarter earlier, in some areas and quarters, every fourth quarter."""
    areas = tuple(panel.areas[3:20])
    spec = ModelSpec(
        "trust",
        ("records",),
        form="log_per_1000",
        lag=1,
        controls=("crime",),
        start="2018Q1",
        end="2023Q1",
        areas=areas,
        non_overlapping=True,
        covariance=covariance,
    )
    frame = panel.frame.assign(records=np.log(panel.frame["records"] / panel.frame["population"] * 1000))
    frame["records"] = frame.groupby("borough")["records"].shift(1)
    frame = frame[frame["borough"].isin(areas) & frame["quarter"].isin([f"{year}Q1" for year in range(2018, 2024)])]
    groups = frame["borough"].astype("category").cat.codes
    options: dict[str, dict[str, Any]] = {
        "cluster": {"cov_type": "cluster", "cov_kwds": {"groups": groups}},
        "HC1": {"cov_type": "HC1"},
        "classical": {},
    }
    oracle = statsmodels_fit(frame.assign(weight=1.0), spec, **options[covariance])
    result = fit(panel, spec)
    check(result, oracle.params, oracle.bse)
    assert (result.n, result.n_areas, result.n_periods) == (17 * 6, 17, 6)
    assert (result.first_period, result.last_period, result.n_dropped) == ("2018Q1", "2023Q1", 0)


def test_diagnose_vif_and_leverage_agree_with_statsmodels(panel: Panel) -> None:
    from statsmodels.stats.outliers_influence import variance_inflation_factor

    from core.stats.regression import diagnose

    frame = sample(panel, BASE)
    columns = with_dummies(frame, BASE)
    found = diagnose(panel, BASE)
    vif = [variance_inflation_factor(columns.to_numpy(), position) for position in range(3)]
    assert found.vif["vif"].to_numpy() == pytest.approx(vif, rel=1e-9)
    spec = replace(BASE, effects=("borough", "quarter"))
    influence = sm.OLS(frame["trust"], with_dummies(frame, spec)).fit().get_influence()
    standardised = diagnose(panel, spec).residuals["standardised"].to_numpy()
    assert standardised == pytest.approx(influence.resid_studentized_internal, rel=1e-7)


def test_design_rows_are_positions_in_the_frame(gappy: Panel) -> None:
    rows = design(gappy, BASE)
    kept = gappy.frame.iloc[rows.rows]
    assert (kept["crime"].to_numpy() == rows.X[:, rows.position("crime")]).all()
    assert (kept["borough"].to_numpy() == rows.area.column.to_numpy()).all()
    assert rows.n_dropped == gappy.frame["crime"].isna().sum()
