"""Rates and their uncertainty: exact intervals, shrinkage and ranks, checked against other packages and simulation."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, stats

from core.crime.area import BICYCLE_THEFT, CrimeArea, CrimeError
from core.crime.district_rates import district_shares
from core.crime.intervals import clustered_rate, poisson_interval
from core.crime.lsoa_rates import Shrinkage, lsoa_rates, safest, shrinkage, worst


def test_poisson_interval_agrees_with_garwood() -> None:
    """Tabulated by Garwood (1936): 0 to 3.69 for none, 4.80 to 18.39 for ten."""
    low, high = poisson_interval(np.array([0.0, 10, 100]))
    np.testing.assert_allclose(low, [0, 4.7954, 81.3636], atol=1e-3)
    np.testing.assert_allclose(high, [3.6889, 18.3904, 121.6274], atol=1e-3)
    counts = np.arange(1.0, 50)
    low, high = poisson_interval(counts)
    np.testing.assert_allclose(low, stats.chi2.ppf(0.025, 2 * counts) / 2)
    np.testing.assert_allclose(high, stats.chi2.ppf(0.975, 2 * counts + 2) / 2)


def test_district_shares_sum_to_one_with_their_ratios(study: CrimeArea) -> None:
    table = district_shares(study)
    assert len(table) == 7
    for name in ("records", "residents", "residents_2011"):
        assert table[f"share_of_{name}"].sum() == pytest.approx(1)
    np.testing.assert_allclose(table["ratio"], table["share_of_records"] / table["share_of_residents"])
    np.testing.assert_allclose(table["ratio_2011"], table["share_of_records"] / table["share_of_residents_2011"])
    np.testing.assert_allclose(table["per_1000"], table["records"] / table["residents"] * 1000)
    assert table["ratio"].is_monotonic_decreasing
    above = table[table["ratio_2011"] > 1]["district"]
    assert set(above) == {"Birmingham", "Wolverhampton"}


def test_district_shares_poisson_intervals_are_too_narrow(study: CrimeArea) -> None:
    table = district_shares(study)
    assert (table["dispersion"] > 50).all()
    for low, high in (("poisson_low", "poisson_high"), ("low", "high")):
        assert (table[low] < table["per_1000"]).all()
        assert (table["per_1000"] < table[high]).all()
    assert ((table["high"] - table["low"]) > 8 * (table["poisson_high"] - table["poisson_low"])).all()


def simulated_area(study: CrimeArea, rng: np.random.Generator) -> CrimeArea:
    """Rates with a level per MSOA, the same on average everywhere."""
    msoas = pd.factorize(study.lsoas["MSOA"])[0]
    level = rng.gamma(4, 1 / 4, msoas.max() + 1)[msoas]
    records = rng.poisson(0.05 * level * study.lsoas["residents"])
    counts = pd.DataFrame({"lsoa11_code": study.lsoas["lsoa11_code"], "crime_type": "Burglary", "records": records})
    return replace(study, counts=counts[counts["records"] > 0])


def test_district_shares_intervals_cover_simulated_rates(study: CrimeArea) -> None:
    rng, inside, narrow = np.random.default_rng(12), [], []
    for _ in range(60):
        table = district_shares(simulated_area(study, rng))
        inside += [table["low"].le(50) & table["high"].ge(50), table["ratio_low"].le(1) & table["ratio_high"].ge(1)]
        narrow.append(table["poisson_low"].le(50) & table["poisson_high"].ge(50))
    assert np.mean(inside) == pytest.approx(0.95, abs=0.03)
    assert np.mean(narrow) < 0.5


def test_clustered_rate_of_one_cluster_or_zero_has_no_interval() -> None:
    ones = np.ones(3)
    assert clustered_rate(ones, ones, np.zeros(3, dtype=int)) == pytest.approx((1, np.nan, np.nan), nan_ok=True)
    assert clustered_rate(0 * ones, ones, np.arange(3)) == pytest.approx((0, np.nan, np.nan), nan_ok=True)
    same = clustered_rate(ones, ones, np.arange(3))
    assert same == pytest.approx((1, 1, 1))


def test_shrinkage_agrees_with_maximum_likelihood(study: CrimeArea) -> None:
    records = study.records(BICYCLE_THEFT).to_numpy(dtype=float)
    base = study.lsoas["residents"].to_numpy(dtype=float)

    def negative(logs: Any) -> float:
        shape, mean = np.exp(logs)
        return -float(stats.nbinom.logpmf(records, shape, shape / (shape + mean * base)).sum())

    oracle = optimize.minimize(negative, [0.0, -7.0], method="Nelder-Mead", options={"xatol": 1e-8, "fatol": 1e-10})
    found = shrinkage(records, base)
    assert [found.shape, found.mean] == pytest.approx(np.exp(oracle.x), rel=1e-4)


def test_shrinkage_recovers_simulated_distribution() -> None:
    rng = np.random.default_rng(5)
    base = rng.integers(1000, 4000, 20_000).astype(float)
    found = shrinkage(rng.poisson(rng.gamma(1.5, 0.002 / 1.5, 20_000) * base).astype(float), base)
    assert found.mean == pytest.approx(0.002, rel=0.03)
    assert found.shape == pytest.approx(1.5, rel=0.05)
    alike = shrinkage(rng.poisson(0.002 * base).astype(float), base)
    assert alike.shape**-0.5 < 0.1


def test_posterior_of_small_counts_is_nearer_the_mean() -> None:
    prior = Shrinkage(shape=2, mean=0.001)
    shape, inverse_scale = prior.posterior(np.array([0.0, 5, 500]), np.array([1000.0, 1000, 100_000]))
    np.testing.assert_allclose(shape / inverse_scale, [2 / 3000, 7 / 3000, 502 / 102_000])


@pytest.mark.parametrize("crime_type", [BICYCLE_THEFT, "Vehicle crime"])
def test_lsoa_rates_of_each_lsoa_agree_with_posterior(study: CrimeArea, crime_type: str) -> None:
    table = lsoa_rates(study, crime_type)
    assert len(table) == 1680
    assert table["shrunk"].is_monotonic_decreasing
    np.testing.assert_allclose(table["rate"], table["records"] / table["base"] * 1000)
    average = table["records"].sum() / table["base"].sum() * 1000
    np.testing.assert_allclose(table["ratio"], table["rate"] / average)
    for low, value, high in (("low", "rate", "high"), ("shrunk_low", "shrunk", "shrunk_high")):
        assert (table[low] <= table[value]).all()
        assert (table[value] <= table[high]).all()
    assert (table["rank_low"] <= table["rank"]).all()
    assert (table["rank"] <= table["rank_high"]).all()
    assert (table["rank"].min(), table["rank_low"].min()) == (1, 1)
    prior = shrinkage(table["records"].to_numpy(), table["base"].to_numpy(dtype=float))
    row = table.iloc[100]
    posterior = stats.gamma(prior.shape + row["records"], scale=1000 / (prior.shape / prior.mean + row["base"]))
    assert [row["shrunk_low"], row["shrunk_high"]] == pytest.approx(posterior.ppf([0.025, 0.975]))
    assert row["above"] == pytest.approx(posterior.sf(average))
    between = (table["shrunk"] - prior.mean * 1000) * (table["rate"] - table["shrunk"])
    assert (between >= -1e-9).all()


def test_lsoa_rates_intervals_cover_simulated_rates(study: CrimeArea) -> None:
    rng = np.random.default_rng(9)
    rates = rng.gamma(1.2, 0.001 / 1.2, 1680)
    counts = pd.DataFrame({"lsoa11_code": study.lsoas["lsoa11_code"], "crime_type": BICYCLE_THEFT})
    counts["records"] = rng.poisson(rates * study.lsoas["residents"])
    table = lsoa_rates(replace(study, counts=counts)).merge(study.lsoas.assign(true=rates * 1000), on="lsoa11_code")
    inside = table["true"].between(table["shrunk_low"], table["shrunk_high"])
    assert inside.mean() == pytest.approx(0.95, abs=0.015)
    true_rank = table["true"].rank(ascending=False)
    assert true_rank.between(table["rank_low"], table["rank_high"]).mean() == pytest.approx(0.95, abs=0.02)
    below = table["above"] < 0.1
    assert (table["true"][below] > table["records"].sum() / table["base"].sum() * 1000).mean() < 0.1
    error = {name: ((table[name] - table["true"]) ** 2).mean() for name in ("rate", "shrunk")}
    assert error["shrunk"] < 0.75 * error["rate"]


def test_lsoa_rates_of_few_residents_are_extreme(study: CrimeArea) -> None:
    table = lsoa_rates(study).set_index("LSOA")
    centre = table.loc["Birmingham 138A"]
    assert (centre["records"], centre["base"]) == (4707, 1496)
    assert (centre["rank"], centre["rank_low"], centre["rank_high"]) == (1, 1, 1)
    assert centre["ratio"] > 30


def test_worst_and_safest_are_at_the_ends(study: CrimeArea) -> None:
    table = lsoa_rates(study, BICYCLE_THEFT)
    assert worst(table, 5)["LSOA"].tolist() == table["LSOA"].head(5).tolist()
    assert worst(table, 3, "records")["records"].tolist() == table["records"].nlargest(3).tolist()
    calm = safest(table, 4)
    assert calm["shrunk"].is_monotonic_increasing
    assert (calm["records"] == 0).all()
    assert calm["base"].is_monotonic_decreasing
    assert (calm["rank_high"] - calm["rank_low"] > 500).all()


def test_lsoa_rates_per_records_are_shares(study: CrimeArea) -> None:
    table = lsoa_rates(study, BICYCLE_THEFT, per="records")
    assert table["base"].sum() == study.records().sum()
    assert table["rate"].between(0, 1000).all()


def test_district_shares_and_lsoa_rates_of_other_force_are_available(grid: CrimeArea) -> None:
    table = district_shares(grid)
    assert table["residents_2011"].isna().all()
    assert table["ratio_2011"].isna().all()
    assert table["ratio"].notna().all()
    west = grid.lsoas.loc[grid.lsoas["district"] == "Westby", "lsoa11_code"]
    quiet = district_shares(replace(grid, counts=grid.counts[~grid.counts["lsoa11_code"].isin(west)])).iloc[-1]
    assert (quiet["district"], quiet["ratio"], quiet["per_1000"], quiet["poisson_low"]) == ("Westby", 0, 0, 0)
    assert quiet["poisson_high"] > 0
    assert quiet[["ratio_low", "high", "dispersion"]].isna().all()
    silent = replace(grid, counts=grid.counts[grid.counts["crime_type"] == "Bicycle theft"])
    assert len(lsoa_rates(silent, per="records")) == (silent.records() > 0).sum()
    with pytest.raises(CrimeError, match="no records to take rates from"):
        lsoa_rates(replace(grid, counts=grid.counts.assign(records=0)))
    with pytest.raises(CrimeError, match="no records to take rates from"):
        district_shares(replace(grid, counts=grid.counts.assign(records=0)))


@settings(max_examples=30, deadline=None)
@given(st.floats(0.05, 20), st.integers(0, 1000))
def test_shrinkage_does_not_depend_on_units_of_the_base(scale: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    base = rng.uniform(500, 4000, 150)
    records = rng.poisson(rng.gamma(1, 0.003, 150) * base).astype(float) + (np.arange(150) == 0)
    one, other = shrinkage(records, base), shrinkage(records, base * scale)
    assert other.mean == pytest.approx(one.mean / scale, rel=1e-3)
    assert other.shape == pytest.approx(one.shape, rel=1e-3)
