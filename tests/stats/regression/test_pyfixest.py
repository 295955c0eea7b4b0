"""The numbers agree with pyfixest, which follows R's fixest: same factors, nothing adjusted."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from core.stats.regression import ModelSpec, fit
from core.tables.options import Covariance, Weights
from core.tables.panel import Panel

pyfixest = pytest.importorskip("pyfixest")

BASE = ModelSpec("trust", ("records", "arrested"), form="count", controls=("crime",))
CODES = {"time": "quarter", "place": "borough"}
VCOV: dict[Covariance, Any] = {
    "classical": "iid",
    "HC1": "HC1",
    "cluster": {"CRV1": "borough"},
    "two_way": {"CRV1": "borough+quarter"},
    "driscoll_kraay": "DK",
}


@pytest.mark.parametrize("data", ["panel", "gappy"])
@pytest.mark.parametrize("effects", [(), ("borough",), ("quarter",), ("borough", "quarter")])
@pytest.mark.parametrize("weights", ["equal", "population"])
def test_fit_with_each_covariance_agrees_with_pyfixest(
    request: pytest.FixtureRequest, data: str, effects: tuple[str, ...], weights: Weights
) -> None:
    panel: Panel = request.getfixturevalue(data)
    frame = panel.frame.dropna(subset=["crime"])
    codes = {key: frame[column].astype("category").cat.codes for key, column in CODES.items()}
    frame = frame.assign(**codes, weight=frame["population"] / frame["population"].mean())
    absorbed = f" | {' + '.join(effects)}" if effects else ""
    oracle = pyfixest.feols(
        f"trust ~ records + arrested + crime{absorbed}",
        data=frame,
        weights="weight" if weights == "population" else None,
        fixef_rm="none",
        demeaner=pyfixest.MapDemeaner(fixef_tol=1e-12),
        vcov="iid",
    )
    for covariance, vcov in VCOV.items():
        kernel = {"time_id": "time", "panel_id": "place", "lag": 4} if vcov == "DK" else None
        oracle.vcov(vcov, vcov_kwargs=kernel)
        table = oracle.tidy().rename(index={"Intercept": "constant"})
        result = fit(panel, replace(BASE, effects=effects, weights=weights, covariance=covariance), wild=False)
        assert "set to zero" not in result.note
        for found in result.estimates:
            expected = table.loc[found.name, ["Estimate", "Std. Error", "t value", "Pr(>|t|)", "2.5%", "97.5%"]]
            ours = [found.estimate, found.std_error, found.t, found.p, found.low, found.high]
            assert ours == pytest.approx(expected.to_numpy(dtype=float), rel=1e-8, abs=1e-12), covariance
        assert result.df == oracle._df_t
        assert result.r2 == pytest.approx(oracle._r2, rel=1e-8)
        if effects:
            assert result.r2_within == pytest.approx(oracle._r2_within, rel=1e-7)


def test_fit_result_frame_is_finite(panel: Panel) -> None:
    found = fit(panel, BASE).frame()
    assert np.isfinite(found.drop(columns=["name", "role", "wild_p"]).to_numpy(dtype=float)).all()
