"""Mixes of types, two of them side by side, and location quotients."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint, proportions_ztest

from core.crime.area import EVERYWHERE, LOW, NOT_LOW, CrimeArea, CrimeError
from core.crime.intervals import wilson
from core.crime.types.analysis import areas, compare, compositions, location_quotients
from tests.crime.conftest import DISTRICTS, TYPES

VIOLENCE = "Violence and sexual offences"


@settings(max_examples=100)
@given(st.integers(0, 500), st.integers(1, 500))
def test_wilson_agrees_with_statsmodels(records: int, more: int) -> None:
    total = records + more
    low, high = wilson(np.array([float(records)]), np.array([float(total)]))
    expected = proportion_confint(records, total, method="wilson")
    assert (low[0], high[0]) == pytest.approx(expected, abs=1e-12)
    assert low[0] <= records / total <= high[0]


def test_compositions_sum_to_the_whole(study: CrimeArea) -> None:
    table = compositions(study)
    assert areas(table)[0] == EVERYWHERE
    assert len(areas(table)) == 1 + 7 + 2 + 2
    exact = table[table["rounding"] == 0]
    shares = exact.groupby("area")["share"].sum()
    np.testing.assert_allclose(shares, 1)
    assert (table["low"] <= table["share"]).all()
    assert (table["share"] <= table["high"]).all()
    assert all(part["share"].is_monotonic_decreasing for _, part in table.groupby("area"))
    everywhere = table[table["area"] == EVERYWHERE].set_index("crime_type")["records"]
    low, others = (table[table["area"] == name].set_index("crime_type")["records"] for name in (LOW, NOT_LOW))
    pd.testing.assert_series_equal((low + others).sort_index(), everywhere.sort_index())


def test_compositions_agree_with_published_findings(study: CrimeArea) -> None:
    table = compositions(study)
    districts = table[table["kind"] == "district"]
    largest = districts.loc[districts.groupby("area")["share"].idxmax()]
    assert set(largest["crime_type"]) == {VIOLENCE}
    centre = table[table["area"] == "Birmingham 138A"].set_index("crime_type")
    assert centre["share"]["Shoplifting"] == pytest.approx(0.212)
    assert centre["low"]["Shoplifting"] < centre["share"][VIOLENCE] < centre["share"]["Shoplifting"]
    expected = proportion_confint(0.212 * 4707, 4707, method="wilson")
    ends = centre["low"]["Shoplifting"], centre["high"]["Shoplifting"]
    assert ends == pytest.approx((expected[0] - 0.0005, expected[1] + 0.0005))


def test_compare_agrees_with_statsmodels(study: CrimeArea) -> None:
    table = compositions(study)
    found = compare(table, LOW, NOT_LOW).set_index("crime_type")
    low, others = (table[table["area"] == name].set_index("crime_type") for name in (LOW, NOT_LOW))
    assert found["difference"].sum() == pytest.approx(0)
    assert found["difference"].abs().is_monotonic_decreasing
    sides = (part.loc[found.index, ["records", "total"]].to_numpy() for part in (low, others))
    for (count, total), (count_other, total_other), row in zip(*sides, found.itertuples(), strict=True):
        ends = confint_proportions_2indep(count, total, count_other, total_other, method="newcomb")
        assert (row.low, row.high) == pytest.approx(ends, abs=1e-12)
        assert row.p == pytest.approx(proportions_ztest([count, count_other], [total, total_other])[1])
    np.testing.assert_allclose(found["p_holm"], multipletests(found["p"], method="holm")[1])


def test_compare_swapped_changes_sign(study: CrimeArea) -> None:
    table = compositions(study)
    one, other = compare(table, "Coventry", "Dudley"), compare(table, "Dudley", "Coventry")
    np.testing.assert_allclose(one["difference"], -other["difference"])
    np.testing.assert_allclose(one["low"], -other["high"])
    assert (compare(table, "Dudley", "Dudley")["difference"] == 0).all()
    published = compare(table, "Birmingham 138A", "Solihull 009A")
    assert published[["p", "p_holm"]].isna().all(axis=None)
    with pytest.raises(CrimeError, match="no composition of types for Leicester; choose All districts, Birmingham"):
        compare(table, "Leicester", "Dudley")


@pytest.mark.parametrize("kind", ["district", "deprivation"])
def test_location_quotients_are_shares_over_share_of_all(study: CrimeArea, kind: str) -> None:
    table = compositions(study)
    found = location_quotients(table, kind)
    whole = table[table["area"] == EVERYWHERE].set_index("crime_type")["share"]
    np.testing.assert_allclose(found["quotient"], found["share"] / found["crime_type"].map(whole))
    np.testing.assert_allclose(found["share_of_all"], found["crime_type"].map(whole))
    assert (found["low"] < found["quotient"]).all()
    assert (found["quotient"] < found["high"]).all()
    with pytest.raises(CrimeError, match="kind LSOA do not make up the whole"):
        location_quotients(table, "LSOA")


def made(shares: dict[str, tuple[int, int]]) -> pd.DataFrame:
    """A table of compositions of two types in areas with the given records of the first and in total."""
    rows = [
        (area, "district", name, float(records), float(total), records / total)
        for area, (first, total) in shares.items()
        for name, records in (("one", first), ("two", total - first))
    ]
    table = pd.DataFrame(rows, columns=["area", "kind", "crime_type", "records", "total", "share"])
    low, high = wilson(table["records"].to_numpy(), table["total"].to_numpy())
    return table.assign(low=low, high=high, rounding=0.0)


def test_location_quotients_intervals_agree_with_simulation() -> None:
    """An area that is most of the whole is mostly compared with itself, and so varies less."""
    rng, sizes = np.random.default_rng(3), {"large": 6000, "small": 900}
    chances = {"large": 0.1, "small": 0.2}
    drawn = {name: rng.binomial(sizes[name], chances[name], 20_000) / sizes[name] for name in sizes}
    whole = sum(drawn[name] * sizes[name] for name in sizes) / sum(sizes.values())
    found = location_quotients(made({name: (int(chances[name] * size), size) for name, size in sizes.items()}))
    for name in sizes:
        row = found[(found["area"] == name) & (found["crime_type"] == "one")].iloc[0]
        spread = np.log(drawn[name] / whole).std()
        assert np.log(row["high"] / row["quotient"]) == pytest.approx(1.96 * spread, rel=0.03)
        assert np.log(row["quotient"] / row["low"]) == pytest.approx(1.96 * spread, rel=0.03)


def test_location_quotients_without_records_start_at_zero() -> None:
    found = location_quotients(made({"with": (30, 200), "without": (0, 100)}))
    none = found[(found["area"] == "without") & (found["crime_type"] == "one")].iloc[0]
    assert (none["quotient"], none["low"]) == (0, 0)
    assert 0 < none["high"] < 1
    nowhere = location_quotients(made({"a": (0, 10), "b": (0, 10)}))
    assert set(nowhere["crime_type"]) == {"two"}
    alone = location_quotients(made({"only": (30, 200)}))
    assert alone[["quotient", "low", "high"]].eq(1).all(axis=None)


def test_compositions_of_other_force_can_have_a_single_lsoa(grid: CrimeArea, study: CrimeArea) -> None:
    name = grid.lsoas["LSOA"].iloc[40]
    table = compositions(grid, [name])
    own = table[table["area"] == name].set_index("crime_type")
    code = grid.lsoas["lsoa11_code"].iloc[40]
    counted = grid.counts[grid.counts["lsoa11_code"] == code].set_index("crime_type")["records"]
    assert own["records"].to_dict() == counted.reindex(own.index, fill_value=0).to_dict()
    assert set(own.index) == set(TYPES)
    assert set(own["kind"]) == {"LSOA"}
    assert areas(table) == [EVERYWHERE, *DISTRICTS, *sorted([LOW, NOT_LOW], key=str), name]
    assert len(compare(table, name, "Midby")) == len(TYPES)
    with pytest.raises(CrimeError, match="no records in an LSOA called Nowhere 001A"):
        compositions(grid, ["Nowhere 001A"])
    with pytest.raises(CrimeError, match="three types of crime for each LSOA"):
        compositions(study, ["Dudley 001A"])
