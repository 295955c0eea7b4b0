"""What the page on bicycle theft says and shows."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import nbinom, poisson

from core.crime.area import BICYCLE_THEFT, PER_RESIDENTS, CrimeArea
from core.crime.bicycle_theft import text as bicycle_theft_text
from core.crime.bicycle_theft.figures import campus_bands, campus_figure, campus_gradients, extremes_figure, no_theft
from core.crime.district_rates import district_shares
from core.crime.loaders import from_street_crime, west_midlands
from core.crime.lsoa_rates import Base, lsoa_rates, shrinkage
from core.crime.rate_figures import clear_count
from core.questions.vocabulary import NBSP
from core.sources.small_areas.places import UNIVERSITY
from tests.crime.conftest import DISTRICTS, counts, squares

YEAR = "2019"


@pytest.fixture(scope="module")
def study() -> CrimeArea:
    return west_midlands()


@pytest.fixture(scope="module")
def rates(study: CrimeArea) -> pd.DataFrame:
    return lsoa_rates(study, BICYCLE_THEFT)


@pytest.fixture(scope="module")
def shares(study: CrimeArea) -> pd.DataFrame:
    return district_shares(study, BICYCLE_THEFT)


@pytest.fixture(scope="module")
def bands(study: CrimeArea) -> pd.DataFrame:
    return campus_bands(study)


@pytest.fixture(scope="module")
def force() -> CrimeArea:
    lsoas = squares()
    return from_street_crime(counts(lsoas), lsoas, DISTRICTS, name="Gridshire", period="2018", points=lsoas)


def average(rates: pd.DataFrame) -> float:
    return float(rates["records"].sum() / rates["base"].sum() * PER_RESIDENTS)


# The answer


def test_answer_names_distance_from_campus_and_no_safest_lsoa(
    rates: pd.DataFrame, shares: pd.DataFrame, bands: pd.DataFrame
) -> None:
    sentence = bicycle_theft_text.answer(rates, shares, bands, YEAR)
    near = f"Under 0.5{NBSP}km from a campus there are 7.6 (95% interval 3.8 to 15.4) "
    assert sentence.startswith(f"Away from universities. {near}")
    assert f"; 5{NBSP}km and more away, 0.47 (95% interval 0.39 to 0.56)." in sentence
    assert sentence.endswith("No single neighbourhood can be called the safest.")


def test_answer_with_overlapping_bands_says_distance_is_unsure(
    rates: pd.DataFrame, shares: pd.DataFrame, bands: pd.DataFrame
) -> None:
    sentence = bicycle_theft_text.answer(rates, shares, bands.assign(per_1000_residents_low=0.1), YEAR)
    assert sentence.startswith("Distance from a university campus makes no clear difference: ")
    one_msoa = bands.assign(per_1000_residents_low=np.nan, per_1000_residents_high=np.nan)
    assert bicycle_theft_text.answer(rates, shares, one_msoa, YEAR).startswith(
        "Distance from a university campus makes no clear difference"
    )


def test_answer_without_campuses_is_by_district(rates: pd.DataFrame, shares: pd.DataFrame) -> None:
    sentence = bicycle_theft_text.answer(rates, shares, None, YEAR)
    assert sentence.startswith("Of the districts Dudley has the lowest rate: 0.25 (95% interval 0.17 to 0.37) ")
    assert sentence.endswith("No single neighbourhood can be called the safest.")
    assert (
        bicycle_theft_text.answer(rates, shares.head(1), None, YEAR)
        == "No single neighbourhood can be called the safest."
    )


def test_answer_with_lsoa_always_last_names_it(rates: pd.DataFrame, shares: pd.DataFrame) -> None:
    last = rates.assign(rank_low=rates["rank_low"].where(rates.index < len(rates) - 1, len(rates)))
    sentence = bicycle_theft_text.answer(last, shares.head(1), None, YEAR)
    assert sentence.startswith(f"Of single LSOAs, {rates.iloc[-1]['LSOA']} has the lowest rate: 0.11 ")
    assert "credible interval" in sentence


def test_district_text_has_rates_with_intervals(shares: pd.DataFrame) -> None:
    sentence = bicycle_theft_text.district_text(shares, "", YEAR)
    assert "Dudley 0.25" in sentence
    assert "Coventry 1.5" in sentence
    assert sentence.endswith("their intervals lie apart.")
    assert bicycle_theft_text.district_text(shares.assign(low=0.0, high=9.0), "", YEAR).endswith(
        "their intervals overlap."
    )
    one = bicycle_theft_text.district_text(shares, "Sandwell", YEAR)
    assert one.startswith("Sandwell has 0.40 (")
    assert "0.48 times the average of all districts (95" in one


# By distance


def test_campus_bands_have_all_thefts(study: CrimeArea, bands: pd.DataFrame) -> None:
    assert bands["records"].sum() == study.records(BICYCLE_THEFT).sum() == 2447
    assert bands["all_records"].sum() == 295_541
    shown = campus_figure(bands, YEAR)
    table = shown.table
    np.testing.assert_allclose(table["Per 1,000 residents"], table["Thefts"] / table["Residents"] * 1000)
    records = table["Per 1,000 records of all types"]
    np.testing.assert_allclose(records, table["Thefts"] / table["Records of all types"] * 1000)
    assert "7.6 and 0.47 per 1,000 residents, 20 and 5.2 per 1,000 records of all types" in shown.title
    for chart in shown.charts:
        chart.to_dict(validate=True)


def test_gradient_text_is_per_resident_and_per_record(study: CrimeArea) -> None:
    residents, records = (campus_gradients(study, base) for base in ("residents", "records"))

    def ratio(found: pd.DataFrame, taken: str) -> str:
        row = found[(found["kind"] == UNIVERSITY) & (found["taken"] == taken)]["ratio"].item()
        return f"{row:.2f}"

    sentence = bicycle_theft_text.gradient_text(residents, records)
    assert f"thefts per resident are {ratio(residents, 'alone')} (" in sentence
    assert f"records of all types {ratio(records, 'alone')} (" in sentence
    assert f"thefts per resident are {ratio(residents, 'together')} (" in sentence
    assert ratio(residents, "alone") != ratio(residents, "together")


# Single LSOAs


def test_extremes_figure_has_highest_and_lowest_with_intervals(rates: pd.DataFrame) -> None:
    shown = extremes_figure(rates, "residents", average(rates), YEAR)
    high, low = shown.charts
    for chart, part in ((high, rates.head(10)), (low, rates[::-1].head(10))):
        drawn = chart.to_dict(validate=True)
        (rows,) = drawn["datasets"].values()
        assert [row["label"] for row in rows] == part["LSOA"].tolist()
        assert [row["high"] for row in rows] == pytest.approx(part["shrunk_high"].tolist())
    assert len(shown.table) == 20
    assert {"95% interval of the rank from", "95% interval of the rank to"} <= set(shown.table)
    assert "from 24 in Birmingham 138A down to 0.11 in Birmingham 140G" in shown.title


def test_extremes_figure_with_few_lsoas_lists_each_once(rates: pd.DataFrame) -> None:
    shown = extremes_figure(rates.head(12), "residents", average(rates), YEAR)
    assert shown.table["LSOA"].is_unique
    assert len(shown.table) == 12


def test_advice_counts_lsoas_clear_of_the_average(rates: pd.DataFrame) -> None:
    above, below = clear_count(rates)
    sentence = bicycle_theft_text.advice(rates, above, below, "West Midlands")
    assert (above, below) == (66, 51)
    assert "66 are clearly above the average of the place and 51 are clearly below; 1,563 are too close" in sentence
    assert "none is clearly above the average of the place and one is" in bicycle_theft_text.advice(rates, 0, 1, "Here")
    assert sentence.endswith("most of all in Birmingham 138A, Birmingham 079F and Birmingham 087F.")
    assert bicycle_theft_text.advice(rates, 0, 0, "Here").endswith("None stands out as one to avoid.")
    assert bicycle_theft_text.advice(rates, 1, 0, "Here").endswith("most of all in Birmingham 138A.")


def test_clear_areas_states_width_of_rank_intervals(rates: pd.DataFrame) -> None:
    sentence = bicycle_theft_text.clear_areas(rates, len(rates))
    assert sentence.startswith(
        "Most LSOAs cannot be ranked reliably: half of the rank intervals are 1,243 places wide or wider"
    )
    last = rates.iloc[-1]
    assert f"from rank {last['rank_low']} to 1,680." in sentence
    sure = rates.assign(rank_low=rates["rank"], rank_high=rates["rank"])
    sentence = bicycle_theft_text.clear_areas(sure, len(rates))
    assert sentence.startswith("Half of the rank intervals are 1 place wide or wider")
    assert sentence.endswith("is at rank 1,680 in at least 95% of draws.")


@pytest.mark.parametrize("per", ["residents", "records"])
def test_no_theft_agrees_with_poisson_and_negative_binomial(per: Base, study: CrimeArea) -> None:
    rates = lsoa_rates(study, BICYCLE_THEFT, per)
    found = no_theft(rates)
    none = rates[rates["records"] == 0]
    assert (found.lsoas, found.total) == (len(none), len(rates))
    mean = rates["records"].sum() / rates["base"].sum()
    assert found.if_alike == pytest.approx(np.sum(poisson.pmf(0, rates["base"] * mean)))
    prior = shrinkage(rates["records"].to_numpy(dtype=float), rates["base"].to_numpy(dtype=float))
    inverse_scale = prior.shape / prior.mean + none["base"]
    again = 1 - nbinom.pmf(0, prior.shape, inverse_scale / (inverse_scale + none["base"]))
    assert found.next_time == pytest.approx(np.sum(again))
    assert found.chance == pytest.approx(poisson.pmf(0, none["base"].median() * mean))
    assert poisson.cdf(0, found.at_most / 1000 * found.size) == pytest.approx(0.025)
    sentence = bicycle_theft_text.no_theft(found, per)
    assert sentence.startswith(f"{len(none)} of 1,680 LSOAs had no recorded theft.")
    assert "does not show which" in sentence


def test_no_theft_with_thefts_everywhere_is_zero(force: CrimeArea) -> None:
    rates = lsoa_rates(force, BICYCLE_THEFT)
    some = rates[rates["records"] > 0]
    found = no_theft(some)
    assert (found.lsoas, found.next_time, found.size) == (0, 0, 0)
    none = no_theft(rates)
    assert none.lsoas == (rates["records"] == 0).sum() > 0
