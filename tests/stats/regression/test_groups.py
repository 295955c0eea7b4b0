"""A cross-section: small areas in larger ones, whose effects and clusters may nest in each other."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from core.stats.regression import (
    Choices,
    ModelSpec,
    Sample,
    UnknownVariable,
    diagnose,
    fit,
    leave_one_out,
    specification_curve,
)
from core.stats.regression.columns import Key
from core.tables.options import Covariance
from core.tables.panel import Panel, PanelError

SPEC = ModelSpec("crime", ("deprivation",), form="count", controls=("young",), cluster="MSOA")
N_DISTRICTS, N_MSOAS = 7, 60


def cross_section(seed: int = 5) -> pd.DataFrame:
    """400 LSOAs in 60 MSOAs in 7 districts, with a level of its own for each."""
    rng = np.random.default_rng(seed)
    msoa = np.sort(rng.integers(0, N_MSOAS, 400))
    district = msoa % N_DISTRICTS
    near, far = rng.normal(size=N_MSOAS)[msoa], rng.normal(size=N_DISTRICTS)[district]
    deprivation = 25 + 5 * near + 4 * far + 6 * rng.normal(size=400)
    young = rng.random(400)
    return pd.DataFrame(
        {
            "LSOA": [f"L{place:04}" for place in range(400)],
            "MSOA": [f"M{place:02}" for place in msoa],
            "district": [f"D{place}" for place in district],
            "deprivation": deprivation,
            "young": young,
            "crime": 100 + 3 * deprivation + 20 * young + 15 * near + 30 * far + 25 * rng.standard_t(4, size=400),
            "residents": rng.integers(1000, 3000, 400),
        }
    )


PANEL = Panel(cross_section().assign(year="2019"), "LSOA", "year", population="residents", groups=("MSOA", "district"))


@pytest.mark.parametrize("clusters", ["MSOA", "district"])
@pytest.mark.parametrize("effects", [(), ("district",), ("MSOA",)])
@pytest.mark.parametrize("weights", ["equal", "population"])
def test_fit_with_groups_agrees_with_pyfixest(clusters: str, effects: tuple[str, ...], weights: Any) -> None:
    pyfixest = pytest.importorskip("pyfixest")
    absorbed = f" | {' + '.join(effects)}" if effects else ""
    frame = cross_section().assign(weight=lambda frame: frame["residents"] / frame["residents"].mean())
    oracle = pyfixest.feols(
        f"crime ~ deprivation + young{absorbed}",
        data=frame,
        weights="weight" if weights == "population" else None,
        fixef_rm="none",
        demeaner=pyfixest.MapDemeaner(fixef_tol=1e-12),
        vcov="iid",
    )
    kinds: dict[Covariance, Any] = {"classical": "iid", "HC1": "HC1", "cluster": {"CRV1": clusters}}
    for covariance, vcov in kinds.items():
        oracle.vcov(vcov)
        expected = oracle.tidy().loc["deprivation", ["Estimate", "Std. Error", "Pr(>|t|)", "2.5%", "97.5%"]]
        spec = replace(SPEC, effects=effects, covariance=covariance, cluster=clusters, weights=weights)
        found = fit(PANEL, spec, wild=False).estimate("deprivation")
        ours = [found.estimate, found.std_error, found.p, found.low, found.high]
        assert ours == pytest.approx(expected.to_numpy(dtype=float), rel=1e-8, abs=1e-12), covariance


@pytest.mark.parametrize(
    ("clusters", "effect", "nested", "k"),
    [
        ("MSOA", "district", False, 2 + N_DISTRICTS),
        ("district", "district", True, 3),
        ("MSOA", "MSOA", True, 3),
        ("district", "MSOA", True, 3),
    ],
)
def test_fit_counts_effects_unless_nested_in_the_clusters(clusters: str, effect: str, nested: bool, k: int) -> None:
    note = fit(PANEL, replace(SPEC, effects=(effect,), cluster=clusters), wild=False).note
    assert f"with k = {k}" in note
    assert (f"which leaves out the {effect} effects" in note) == nested
    assert note.startswith(f"Standard errors clustered by {clusters} (")


def test_fit_with_effects_implied_by_finer_ones_is_unchanged() -> None:
    """District effects next to MSOA effects: the same columns, the same unknowns, the same errors."""
    for cluster in ("MSOA", "district"):
        fine = fit(PANEL, replace(SPEC, effects=("MSOA",), cluster=cluster), wild=False).estimate("deprivation")
        both = fit(PANEL, replace(SPEC, effects=("district", "MSOA"), cluster=cluster), wild=False)
        assert both.estimate("deprivation").estimate == pytest.approx(fine.estimate)
        assert both.estimate("deprivation").std_error == pytest.approx(fine.std_error)


def test_specification_curve_with_groups_agrees_with_fit() -> None:
    some = tuple(PANEL.areas[:200])
    choices = Choices(
        predictors=("deprivation",),
        outcomes=("crime",),
        forms=("count", "log"),
        effects=((), ("district",), ("MSOA",), ("district", "MSOA")),
        controls=((), ("young",)),
        samples=(Sample("All"), Sample("Some", areas=some)),
        weights=("equal", "population"),
        covariances=("cluster", "HC1"),
        cluster="MSOA",
    )
    curve = specification_curve(PANEL, choices, "deprivation")
    assert len(curve.table) == len(choices) == 128
    assert set(curve.table["effects"]) == {"none", "district", "MSOA", "district + MSOA"}
    for spec, row in zip(curve.specs, curve.table.itertuples(), strict=True):
        one = fit(PANEL, spec, wild=False).estimate("deprivation")
        assert (row.estimate, row.std_error) == pytest.approx((one.estimate, one.std_error), rel=1e-10)
    marked = curve.mark(replace(curve.specs[7], effects=curve.specs[7].effects[::-1]))
    assert marked == 7


def test_fit_diagnose_and_leave_one_out_accept_groups() -> None:
    spec = replace(SPEC, effects=("MSOA",), cluster="district")
    result = fit(PANEL, spec)
    assert result.clusters == (("district", N_DISTRICTS),)
    wild_p = result.estimate("deprivation").wild_p
    assert wild_p is not None
    assert 0 < wild_p <= 0.05
    assert len(diagnose(PANEL, spec).residuals) == 400
    assert leave_one_out(PANEL, spec, "deprivation")["area"].tolist() == PANEL.areas


def test_key_within_holds_only_for_nested_levels() -> None:
    fine = Key("fine", ("a", "b", "c"), np.array([0, 0, 1, 2]))
    coarse = Key("coarse", ("x", "y"), np.array([0, 0, 0, 1]))
    assert fine.within(coarse)
    assert fine.within(fine)
    assert not coarse.within(fine)
    assert coarse.keep(np.array([0, 1, 3])).within(fine.keep(np.array([0, 1, 3])))


def test_panel_and_fit_with_missing_group_raise_an_error() -> None:
    frame = PANEL.frame
    with pytest.raises(PanelError, match="no column county"):
        Panel(frame, area="LSOA", period="year", groups=("county",))
    gap = frame.assign(district=frame["district"].where(frame.index > 0))
    with pytest.raises(PanelError, match="no LSOA or no year or no district"):
        Panel(gap, area="LSOA", period="year", groups=("district",))
    with pytest.raises(UnknownVariable, match="no county effects; choose LSOA, year, MSOA or district effects"):
        fit(PANEL, replace(SPEC, effects=("county",)))
