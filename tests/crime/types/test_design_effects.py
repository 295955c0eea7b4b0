"""Design effects of shares, and intervals that allow for them, against other packages and other ways."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import stats
from scipy.optimize import approx_fprime

from core.crime.area import BICYCLE_THEFT, EVERYWHERE, LOW, LOW_SCORE, NOT_LOW, CrimeArea
from core.crime.intervals import wilson
from core.crime.loaders import from_street_crime
from core.crime.types.analysis import compare, compositions, location_quotients
from core.crime.types.design_effects import (
    MEAN,
    area_differences,
    design_effects,
    differences,
    district_quotients,
    quotients,
    typed_compositions,
)
from core.stats.uncertainty import Z_95
from tests.crime.conftest import DISTRICTS, TYPES, counts, squares

VIOLENCE = "Violence and sexual offences"
KNOWN = ["Anti-social behaviour", BICYCLE_THEFT, "Other 11 types", "Vehicle crime"]


def groups(area: CrimeArea) -> dict[str, pd.Series]:
    low = area.lsoas["imd_score"] < LOW_SCORE
    named = {str(name): area.lsoas["district"] == name for name in area.lsoas["district"].unique()}
    return {EVERYWHERE: low | ~low, LOW: low, NOT_LOW: ~low} | named


@pytest.mark.parametrize("place", [EVERYWHERE, LOW, NOT_LOW, "Coventry", "Dudley"])
def test_design_effects_agree_with_statsmodels(study: CrimeArea, place: str) -> None:
    own = groups(study)[place]
    total, found = study.records()[own], design_effects(study).loc[place]
    for name in KNOWN:
        share = study.records(name)[own] / total
        mean = sm.WLS(share, np.ones(len(share)), weights=total).fit(
            cov_type="cluster", cov_kwds={"groups": pd.factorize(study.lsoas["MSOA"][own])[0]}
        )
        alone = mean.params.iloc[0] * (1 - mean.params.iloc[0]) / total.sum()
        assert found[name] == pytest.approx(max(mean.bse.iloc[0] ** 2 / alone, 1))


def test_design_effects_mean_is_weighted_by_complement_of_share(study: CrimeArea) -> None:
    found, records = design_effects(study), {name: study.records(name) for name in KNOWN}
    for place, own in groups(study).items():
        shares = np.array([records[name][own].sum() for name in KNOWN]) / study.records()[own].sum()
        expected = ((1 - shares) * found.loc[place, KNOWN].to_numpy(dtype=float)).sum() / (len(KNOWN) - 1)
        assert found.loc[place, MEAN] == pytest.approx(expected)


def test_typed_compositions_intervals_use_the_effective_count(study: CrimeArea) -> None:
    table, alone, effects = typed_compositions(study), compositions(study), design_effects(study)
    pd.testing.assert_frame_equal(table[["area", "crime_type", "share"]], alone[["area", "crime_type", "share"]])
    for place, crime_type, effect in (
        ("Coventry", BICYCLE_THEFT, effects.loc["Coventry", BICYCLE_THEFT]),
        ("Coventry", VIOLENCE, effects.loc["Coventry", MEAN]),
        (LOW, "Vehicle crime", effects.loc[LOW, "Vehicle crime"]),
    ):
        row = table[(table["area"] == place) & (table["crime_type"] == crime_type)].iloc[0]
        assert row["effect"] == effect
        low, high = wilson(np.array([row["records"] / effect]), np.array([row["total"] / effect]))
        assert (row["low"], row["high"]) == pytest.approx((low[0], high[0]))
    wider = table["high"] - table["low"] >= (alone["high"] - alone["low"]) * (1 - 1e-9)
    assert wider.all()
    single = table["kind"] == "LSOA"
    pd.testing.assert_frame_equal(table.loc[single, ["low", "high"]], alone.loc[single, ["low", "high"]])
    assert (table.loc[single, "effect"] == 1).all()


def test_differences_have_wider_intervals_and_larger_p_values(study: CrimeArea) -> None:
    table = typed_compositions(study)
    found, alone = (
        of(rows, LOW, NOT_LOW).set_index("crime_type")
        for of, rows in ((differences, table), (compare, compositions(study)))
    )
    alone = alone.reindex(found.index)
    pd.testing.assert_series_equal(found["difference"], alone["difference"])
    assert (found["low"] < alone["low"]).all()
    assert (found["high"] > alone["high"]).all()
    assert (found["p"] >= alone["p"]).all()
    row = table[table["crime_type"] == VIOLENCE].set_index("area").loc[[LOW, NOT_LOW]]
    drawn = row["total"] / row["effect"]
    pooled = (row["share"] * drawn).sum() / drawn.sum()
    z = (row["share"].iloc[0] - row["share"].iloc[1]) / np.sqrt(pooled * (1 - pooled) * (1 / drawn).sum())
    assert found.loc[VIOLENCE, "p"] == pytest.approx(2 * stats.norm.sf(abs(z)))


def test_quotients_variance_agrees_with_delta_method(study: CrimeArea) -> None:
    """Each district's share varies on its own; the gradient is taken by small steps."""
    table = typed_compositions(study)
    found = quotients(table).set_index(["area", "crime_type"])
    for crime_type in (BICYCLE_THEFT, VIOLENCE):
        own = table[(table["kind"] == "district") & (table["crime_type"] == crime_type)].reset_index()
        share, total = own["share"].to_numpy(), own["total"].to_numpy()
        variance = share * (1 - share) / total * own["effect"].to_numpy()
        for at, name in enumerate(own["area"]):

            def log_quotient(shares: np.ndarray, at: int = at, total: np.ndarray = total) -> float:
                return float(np.log(shares[at] / (shares @ total / total.sum())))

            slopes = approx_fprime(share, log_quotient, 1e-9)
            reach = Z_95 * np.sqrt(slopes**2 @ variance)
            row = found.loc[(name, crime_type)]
            assert np.log([row["low"], row["high"]]) == pytest.approx(
                np.log(row["quotient"]) + reach * np.array([-1, 1]), abs=1e-5
            )


def test_district_quotients_have_wider_intervals_than_single_draws(study: CrimeArea) -> None:
    found, alone = district_quotients(study), location_quotients(compositions(study))
    columns = ["area", "crime_type", "records", "share", "share_of_all", "quotient"]
    pd.testing.assert_frame_equal(found[columns], alone[columns])
    assert (np.log(found["high"] / found["low"]) > np.log(alone["high"] / alone["low"])).mean() > 0.98


def test_design_effects_of_other_force_exist_for_each_type(grid: CrimeArea) -> None:
    effects = design_effects(grid)
    assert list(effects.columns) == [*sorted(TYPES), MEAN]
    assert set(effects.index) == {EVERYWHERE, LOW, NOT_LOW, *DISTRICTS}
    table = typed_compositions(grid, ("Eastby 000A",))
    for row in table[table["kind"] == "district"].to_dict("records"):
        assert row["effect"] == effects.loc[row["area"], row["crime_type"]]
    compared = area_differences(grid, "Eastby 000A", "Westby")
    pd.testing.assert_frame_equal(compared, differences(table, "Eastby 000A", "Westby"))


def test_design_effects_of_independent_records_are_near_one() -> None:
    """Types drawn for each record by itself, whatever LSOA it is in, do not come in groups."""
    rng = np.random.default_rng(5)
    lsoas, shares = squares(), np.array([0.5, 0.3, 0.15, 0.05])
    drawn = rng.multinomial(rng.integers(40, 120, len(lsoas)), shares)
    rows = pd.concat(
        pd.DataFrame({"lsoa11_code": lsoas["lsoa11_code"], "crime_type": name, "records": drawn[:, at]})
        for at, name in enumerate(TYPES)
    ).query("records > 0")
    area = from_street_crime(rows, lsoas, DISTRICTS, name="Drawshire", period="2018", points=lsoas)
    assert design_effects(area)[MEAN][EVERYWHERE] < 1.25
    together = from_street_crime(
        rows.assign(records=rows["records"] * 9), lsoas, DISTRICTS, name="Ninefold", period="2018", points=lsoas
    )
    assert design_effects(together)[MEAN][EVERYWHERE] == pytest.approx(9, rel=0.25)


def test_design_effects_of_one_msoa_are_one() -> None:
    lsoas = squares()
    one = lsoas["lsoa11_name"].str[:-1] == lsoas["lsoa11_name"].str[:-1].iloc[0]
    rows, own = counts(lsoas), lsoas[one].assign(district="Eastby")
    area = from_street_crime(rows, own, ("Eastby",), name="One", period="2018", points=own)
    assert (design_effects(area) == 1).all(axis=None)
    table = typed_compositions(area)
    pd.testing.assert_frame_equal(table[["low", "high"]], compositions(area)[["low", "high"]])
    assert district_quotients(area)[["quotient", "low", "high"]].eq(1).all(axis=None)


def test_quotients_of_type_without_records_start_at_zero(grid: CrimeArea) -> None:
    rows = grid.counts.merge(grid.lsoas[["lsoa11_code", "district"]])
    rows = rows[(rows["district"] != "Midby") | (rows["crime_type"] != BICYCLE_THEFT)].drop(columns="district")
    lsoas = squares()
    area = from_street_crime(rows, lsoas, DISTRICTS, name="Without", period="2018", points=lsoas)
    table = typed_compositions(area)
    found = quotients(table)
    row = found[(found["area"] == "Midby") & (found["crime_type"] == BICYCLE_THEFT)].iloc[0]
    assert (row["quotient"], row["low"]) == (0, 0)
    assert 0 < row["high"] < 1
    assert np.isfinite(table["effect"]).all()
