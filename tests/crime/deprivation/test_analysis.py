"""Crime against deprivation: the published figures, other packages' figures, and simulation."""

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from core.crime.area import EVERYWHERE, MEASURES, CrimeArea, CrimeError, outliers, panel
from core.crime.deprivation.analysis import SCORES, associations, curve_choices, pearson, scatter, spearman, variants
from core.stats.regression import specification_curve
from core.tables.catalogue import load_catalogue

DUDLEY_R2 = 0.331064  # left out by the study; scipy.stats.linregress on the publishers' figures


def test_associations_agree_with_published_r_squared(study: CrimeArea) -> None:
    findings = load_catalogue().read_table("crime_findings").set_index("id")["value"]
    published = findings[findings.index.str.startswith("r2-")].dropna()
    assert len(published) == 7
    found = associations(study).set_index("place")["r2"]
    for name, value in published.items():
        place = EVERYWHERE if name == "r2-all" else str(name).removeprefix("r2-").capitalize()
        assert found[place] == pytest.approx(value, abs=1e-6)
    assert found["Dudley"] == pytest.approx(DUDLEY_R2, abs=1e-6)
    assert found.drop(EVERYWHERE).idxmax() == "Dudley"


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("with_outliers", [True, False])
@pytest.mark.parametrize("score", SCORES)
def test_associations_agree_with_scipy_and_statsmodels(
    study: CrimeArea, measure: str, with_outliers: bool, score: str
) -> None:
    table = associations(study, measure, score, with_outliers=with_outliers).set_index("place")
    frame = panel(study).frame
    column = measure if with_outliers else f"{measure}_typical"
    for place in (EVERYWHERE, "Solihull"):
        own = frame[(frame["district"] == place) | (place == EVERYWHERE)].dropna(subset=[column])
        row = table.loc[place]
        assert row["n"] == len(own)
        assert row["r"] == pytest.approx(stats.pearsonr(own[score], own[column]).statistic)
        assert row["spearman"] == pytest.approx(stats.spearmanr(own[score], own[column]).statistic)
        groups = pd.factorize(own["MSOA"])[0]
        line = sm.OLS(own[column].to_numpy(), sm.add_constant(own[score].to_numpy())).fit(
            cov_type="cluster", cov_kwds={"groups": groups}, use_t=True
        )
        assert [row["constant"], row["slope"]] == pytest.approx(line.params)
        assert [row["slope_low"], row["slope_high"]] == pytest.approx(line.conf_int()[1])
        assert row["p"] == pytest.approx(line.pvalues[1], abs=1e-12)


def test_variants_agree_with_associations(study: CrimeArea) -> None:
    table = variants(study, "Walsall")
    assert len(table) == len(MEASURES) * len(SCORES) * 2
    row = table[(table["measure"] == "records") & (table["score"] == "imd_score") & table["with_outliers"]].iloc[0]
    whole = associations(study).set_index("place").loc["Walsall"]
    assert row["r2"] == whole["r2"]
    assert row["slope_high"] == whole["slope_high"]
    everywhere = variants(study)
    assert everywhere["r"].between(everywhere["r_low"], everywhere["r_high"], inclusive="neither").all()
    # A logarithm preserves the order, and so the rank correlation.
    by_measure = everywhere[everywhere["with_outliers"]].pivot(index="score", columns="measure", values="spearman")
    np.testing.assert_allclose(by_measure["log_records"], by_measure["records"])


def resampled(x: np.ndarray, y: np.ndarray, clusters: np.ndarray, draws: int, rank: bool) -> np.ndarray:
    """Correlations of samples of whole clusters, drawn with replacement."""
    rng = np.random.default_rng(4)
    rows = [np.flatnonzero(clusters == cluster) for cluster in range(clusters.max() + 1)]
    found = []
    for _ in range(draws):
        chosen = np.concatenate([rows[cluster] for cluster in rng.integers(0, len(rows), len(rows))])
        a, b = x[chosen], y[chosen]
        found.append(stats.spearmanr(a, b).statistic if rank else np.corrcoef(a, b)[0, 1])
    return np.array(found)


@pytest.mark.parametrize("ties", [False, True])
@pytest.mark.parametrize("rank", [False, True])
def test_correlation_intervals_agree_with_cluster_bootstrap(rank: bool, ties: bool) -> None:
    rng = np.random.default_rng(8)
    clusters = np.repeat(np.arange(150), 4)
    shared = rng.normal(size=(2, 150))[:, clusters]
    x = shared[0] + rng.normal(size=600)
    y = 0.6 * x + shared[1] + rng.normal(size=600)
    if ties:
        y = np.maximum(np.round(y), 0)
    found, low, high = (spearman if rank else pearson)(x, y, clusters)
    spread = np.arctanh(resampled(x, y, clusters, 600, rank)).std()
    ours = (math.atanh(high) - math.atanh(low)) / 2 / stats.t.ppf(0.975, 149)
    assert ours == pytest.approx(spread, rel=0.1)
    assert math.atanh(found) == pytest.approx((math.atanh(high) + math.atanh(low)) / 2)


def test_correlation_intervals_of_independent_rows_are_the_textbook_ones() -> None:
    """Fisher's 1 / sqrt(n - 3) for Pearson; Bonett and Wright's (1 + rho^2 / 2) / (n - 3) for Spearman."""
    rng = np.random.default_rng(2)
    n = 20_000
    x = rng.normal(size=n)
    y = 0.5 * x + math.sqrt(0.75) * rng.normal(size=n)
    for test, inflate in ((pearson, 1.0), (spearman, 1 + 0.48**2 / 2)):
        _, low, high = test(x, y, np.arange(n))
        half = (math.atanh(high) - math.atanh(low)) / 2
        assert half == pytest.approx(1.96 * math.sqrt(inflate / (n - 3)), rel=0.03)
    fisher = stats.pearsonr(x, y).confidence_interval()
    assert pearson(x, y, np.arange(n))[1:] == pytest.approx((fisher.low, fisher.high), abs=5e-4)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.01, 100), st.floats(-50, 50))
def test_correlations_ignore_units_and_follow_sign(seed: int, scale: float, shift: float) -> None:
    rng = np.random.default_rng(seed)
    x, y, clusters = rng.normal(size=60), rng.normal(size=60), np.repeat(np.arange(20), 3)
    for test in (pearson, spearman):
        found = test(x, y, clusters)
        assert test(scale * x + shift, y, clusters) == pytest.approx(found, abs=1e-6)
        turned = test(-x, y, clusters)
        assert (-turned[0], -turned[2], -turned[1]) == pytest.approx(found, abs=1e-9)
        assert -1 <= found[1] <= found[0] <= found[2] <= 1
    assert spearman(np.exp(x), y, clusters) == pytest.approx(spearman(x, y, clusters))


def test_associations_chances_sum_to_one_and_follow_r(study: CrimeArea) -> None:
    table = associations(study, "log_records_per_1000")
    districts = table[table["place"] != EVERYWHERE]
    assert districts["strongest"].sum() == pytest.approx(1)
    assert districts["weakest"].sum() == pytest.approx(1)
    assert table.loc[table["place"] == EVERYWHERE, ["strongest", "weakest"]].isna().all(axis=None)
    assert districts["weakest"].idxmax() == districts["r"].idxmin()


def test_scatter_has_each_lsoa_and_its_outlier_flag(study: CrimeArea) -> None:
    points = scatter(study, "records_per_1000", "imd_score_without_crime")
    assert len(points) == 1680
    assert points["outlier"].sum() == outliers(study, "records_per_1000").either.sum()
    np.testing.assert_allclose(points["value"], points["records"] / points["residents"] * 1000)
    thefts = scatter(study, "log_records", crime_type="Bicycle theft")
    assert len(thefts) == 1680 - 907


def test_associations_with_too_few_lsoas_give_the_reason(grid: CrimeArea) -> None:
    tiny = grid.lsoas["district"].eq("Westby") & (grid.lsoas["MSOA"] != grid.lsoas["MSOA"].iloc[-1])
    few = replace(grid, lsoas=grid.lsoas[~tiny].reset_index(drop=True))
    row = associations(few).set_index("place").loc["Westby"]
    assert (row["n"], row["msoas"]) == (4, 1)
    assert "at least two" in row["reason"]
    assert [bool(pd.isna(row[name])) for name in ("r", "r_low", "slope", "strongest")] == [False, True, True, True]
    alone = replace(grid, lsoas=grid.lsoas[~tiny].iloc[:-1].reset_index(drop=True))
    assert associations(alone).set_index("place").loc["Westby", "reason"] == "There are too few LSOAs that differ."


def test_associations_with_unknown_measure_or_score_raise_error(study: CrimeArea, grid: CrimeArea) -> None:
    with pytest.raises(CrimeError, match="arrests is not a measure of crime; choose records,"):
        associations(study, "arrests")
    with pytest.raises(CrimeError, match="income is not a deprivation score"):
        associations(study, score="income")
    with pytest.raises(CrimeError, match="West Midlands and for places of 2025 only"):
        associations(grid, score="imd_score_without_crime")


@pytest.mark.parametrize("place", ["study", "grid"])
def test_curve_choices_all_run_on_the_panel(place: str, request: pytest.FixtureRequest) -> None:
    area: CrimeArea = request.getfixturevalue(place)
    choices = curve_choices(area)
    curve = specification_curve(panel(area), choices, "imd_score")
    assert len(curve.table) + len(curve.left_out) == len(choices) == 8 * 2 * 3 * 2 * 2 * 2
    assert curve.left_out.empty
    assert curve.shares().positive_significant > 0.8
    assert set(curve.table["effects"]) == {"none", "district", "MSOA"}
