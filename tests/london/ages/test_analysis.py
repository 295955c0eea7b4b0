"""Ages: composition of the records, and the comparison of boroughs by it."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf

from core.london.ages.analysis import (
    RECOVERED,
    SPOILED,
    UNDER_18,
    WHOLE_PERIOD,
    age_counts,
    age_panel,
    age_shares,
    between_boroughs,
)
from core.london.ages.question import AGE_BANDS
from core.stats.regression import ModelSpec, NoVariation
from core.tables.catalogue import Catalogue
from core.tables.panel import Panel

SPOILED_RECORDS, ALL_RECORDS = 7_667, 885_267
SPEC = ModelSpec("score_mean_of_8", AGE_BANDS, form="share")
CHANGES = {
    "shares": {},
    "rates": {"form": "per_1000"},
    "deprivation held constant": {"controls": ("imd_score",)},
    "another score": {"outcome": "trust_mps", "controls": ("crime_per_1000", "imd_score")},
}


@pytest.fixture(scope="module")
def totals(catalogue: Catalogue) -> pd.DataFrame:
    return catalogue.read_table("use_of_force_ages")


def test_age_counts_with_recovered_records_sums_to_all_records(totals: pd.DataFrame) -> None:
    dropped, recovered = (age_counts(totals, flag).to_numpy().sum() for flag in (False, True))
    assert (recovered, recovered - dropped) == (ALL_RECORDS, SPOILED_RECORDS)
    assert (totals["records"].sum(), totals[SPOILED].sum()) == (ALL_RECORDS, SPOILED_RECORDS)


def test_age_counts_with_recovered_records_adds_to_under_18s_only(totals: pd.DataFrame) -> None:
    gained = age_counts(totals, recovered=True) - age_counts(totals, recovered=False)
    assert list(gained.columns) == list(AGE_BANDS)
    assert (gained[UNDER_18] == totals.set_index("borough")[SPOILED]).all()
    assert not gained.drop(columns=UNDER_18).to_numpy().any()


def test_age_counts_leaves_its_table_unchanged(totals: pd.DataFrame) -> None:
    before = totals.copy()
    age_counts(totals, recovered=True)
    pd.testing.assert_frame_equal(totals, before)
    assert (totals[UNDER_18] < totals[RECOVERED]).all()


@pytest.mark.parametrize("recovered", [False, True])
def test_age_shares_sum_to_one_in_each_borough(recovered: bool, totals: pd.DataFrame) -> None:
    shares = age_shares(totals, recovered)
    assert shares.shape == (32, 4)
    assert shares.sum(axis=1).to_numpy() == pytest.approx(np.ones(32))
    assert (shares > 0).all(axis=None)


def test_age_panel_has_32_rows_of_period_means(panel: Panel, totals: pd.DataFrame) -> None:
    rows = age_panel(panel, totals, recovered=True)
    assert rows.areas == panel.areas
    assert rows.periods == [WHOLE_PERIOD]
    assert len(rows.frame) == 32
    brent = rows.frame.set_index("borough").loc["Brent"]
    own = panel.frame.query("borough == 'Brent' and '2017Q2' <= quarter <= '2023Q4'")
    assert len(own) == 27
    for name in ("score_mean_of_8", "trust_mps", "population", "crime_per_1000", "imd_score"):
        assert brent[name] == pytest.approx(own[name].mean())
    assert brent["records"] == pytest.approx(own["records"].mean())
    assert brent[UNDER_18] == pytest.approx(totals.set_index("borough")[RECOVERED]["Brent"] / 27)


def test_age_panel_without_recovered_records_uses_known_ages_only(panel: Panel, totals: pd.DataFrame) -> None:
    rows = age_panel(panel, totals, recovered=False)
    assert rows.frame["records"].sum() * 27 == pytest.approx(ALL_RECORDS - SPOILED_RECORDS)
    shares = pd.DataFrame({band: rows.values(band, "share") for band in AGE_BANDS})
    assert shares.to_numpy() == pytest.approx(age_shares(totals, recovered=False).loc[rows.frame["borough"]].to_numpy())


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
@pytest.mark.parametrize("recovered", [False, True])
def test_between_boroughs_agrees_with_statsmodels(
    change: dict[str, object], recovered: bool, panel: Panel, totals: pd.DataFrame
) -> None:
    spec = replace(SPEC, **change)  # type: ignore[arg-type]
    quarters = panel.frame.query("'2017Q2' <= quarter <= '2023Q4'")
    rows = quarters.groupby("borough")[[spec.outcome, "population", "imd_score", "crime_per_1000"]].mean()
    counts = age_counts(totals, recovered)
    by = counts.sum(axis=1) if spec.form == "share" else rows["population"] * 27 / 1000
    found = between_boroughs(panel, totals, spec, recovered, {})
    assert list(found) == list(AGE_BANDS)
    for band, result in found.items():
        formula = " + ".join([f"{spec.outcome} ~ x", *spec.controls])
        oracle = smf.ols(formula, rows.assign(x=counts[band] / by)).fit(cov_type="HC1", use_t=True)
        estimate = result.estimate(band)
        assert (result.n, result.n_areas, result.spec.effects) == (32, 32, ())
        assert estimate.estimate == pytest.approx(oracle.params["x"])
        assert estimate.std_error == pytest.approx(oracle.bse["x"])
        assert estimate.p == pytest.approx(oracle.pvalues["x"])
        assert (estimate.low, estimate.high) == pytest.approx(tuple(oracle.conf_int().loc["x"]))


def test_between_boroughs_with_constant_control_names_its_label(panel: Panel, totals: pd.DataFrame) -> None:
    flat = Panel(panel.frame.assign(imd_score=20.0))
    with pytest.raises(NoVariation, match=r"^Deprivation score is the same"):
        between_boroughs(flat, totals, replace(SPEC, controls=("imd_score",)), True, {"imd_score": "Deprivation score"})
