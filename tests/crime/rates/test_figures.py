"""What the page on shares and rates says and shows."""

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from core.crime.area import ALL_RECORDS, ASB, BICYCLE_THEFT, WITHOUT_ASB, CrimeArea
from core.crime.district_rates import district_shares
from core.crime.geography.distances import ALONE, KINDS, TOGETHER, distance_bands, gradient_rows
from core.crime.loaders import from_street_crime, west_midlands
from core.crime.lsoa_rates import lsoa_rates
from core.crime.rate_figures import clear_count, gradients_table, lsoa_table, rates_figure
from core.crime.rates import text as rates_text
from core.crime.rates.figures import (
    distance_figure,
    explained,
    footfall_figure,
    own_weight,
    picked_table,
    shares_figure,
    top_table,
    top_title,
)
from core.crime.rates.text import share_per_cent
from core.crime.text import Scope, ends, interval, rate, rate_digits
from core.presentation.numbers import upper_first
from core.sources.small_areas.places import CENTRE, HOSPITAL, UNIVERSITY
from tests.crime.conftest import DISTRICTS, counts, squares

WHOLE = Scope("West Midlands", "2019")
CITY = "E01033620"  # Birmingham 138A


@pytest.fixture(scope="module")
def study() -> CrimeArea:
    return west_midlands()


@pytest.fixture(scope="module")
def shares(study: CrimeArea) -> pd.DataFrame:
    return district_shares(study)


@pytest.fixture(scope="module")
def rates(study: CrimeArea) -> pd.DataFrame:
    return lsoa_rates(study)


@pytest.fixture(scope="module")
def force() -> CrimeArea:
    """A place without campuses, hospitals and centres."""
    lsoas = squares()
    return from_street_crime(counts(lsoas), lsoas, DISTRICTS, name="Gridshire", period="2018", points=lsoas)


# Text


@given(value=st.floats(1e-3, 1e6))
def test_rate_has_two_significant_figures_or_more(value: float) -> None:
    written = float(rate(value).replace(",", ""))
    assert written == pytest.approx(value, rel=0.06, abs=6e-4)
    assert 0 <= rate_digits(value) <= 3


def test_numbers_are_written_for_reading() -> None:
    assert [rate(value) for value in (3146.4, 114.0, 7.62, 0.467, 0.0)] == ["3,146", "114", "7.6", "0.47", "0"]
    assert [share_per_cent(share) for share in (0.4407, 0.0159, 0.00052, 0.0)] == [
        f"{text}%" for text in ("44.1", "1.6", "0.05", "0.0")
    ]
    assert ends(1.05, 1.219, 2) == "1.05 to 1.22"
    assert interval(1, 2, 0) == "95% interval 1 to 2"
    assert interval(np.nan, np.nan, 0) == "no interval can be given"


@pytest.mark.parametrize(
    ("crime_type", "records", "crime"),
    [
        (WITHOUT_ASB, "recorded crimes", "recorded crime"),
        (
            ALL_RECORDS,
            "recorded crimes and incidents of anti-social behaviour",
            "recorded crime and anti-social behaviour",
        ),
        (ASB, "incidents of anti-social behaviour", "recorded anti-social behaviour"),
        ("Bicycle theft", "records of bicycle theft", "recorded bicycle theft"),
        ("Drugs", "records of “Drugs”", "recorded “Drugs”"),
    ],
)
def test_scope_names_the_type_of_crime(crime_type: str, records: str, crime: str) -> None:
    scope = Scope("Here", "2019", crime_type)
    assert (scope.records, scope.crime) == (records, crime)


def test_answer_names_districts_whose_interval_excludes_their_share(shares: pd.DataFrame, rates: pd.DataFrame) -> None:
    sentence = rates_text.answer(shares, rates, WHOLE, "", "2019")
    clear = shares[(shares["ratio_low"] > 1) | (shares["ratio_high"] < 1)]
    assert set(clear["district"]) == {"Birmingham", "Dudley"}
    assert sentence.startswith(f"Birmingham has more than its share of {WHOLE.crime} (1.13 times, ")
    assert "Dudley has less than its share (0.82 times, " in sentence
    assert sentence.endswith("; the other five are about average.")
    for name in set(shares["district"]) - set(clear["district"]):
        assert name not in sentence


@pytest.mark.parametrize(("population", "column"), [("2019", "ratio"), ("2011", "ratio_2011")])
def test_answer_about_a_district_has_its_shares(
    population: rates_text.Population, column: str, shares: pd.DataFrame, rates: pd.DataFrame
) -> None:
    labels = {1: "has more than its share", -1: "has less than its share", 0: "has about its share"}
    for _, row in shares.iterrows():
        sentence = rates_text.answer(shares, rates, WHOLE, row["district"], population)
        side = int(row[f"{column}_low"] > 1) - int(row[f"{column}_high"] < 1)
        assert sentence.startswith(f"{row['district']} {labels[side]} of {WHOLE.crime}: ")
        assert f"{row['share_of_records']:.1%}".replace("%", "%") in sentence
        assert f" {row[column]:.2f} times its share (95% interval {row[f'{column}_low']:.2f} to " in sentence


def test_answer_without_clear_district_says_so(shares: pd.DataFrame, rates: pd.DataFrame) -> None:
    unclear = shares.assign(ratio_low=0.5, ratio_high=2.0)
    sentence = rates_text.answer(unclear, rates, WHOLE, "", "2019")
    assert sentence.startswith(
        f"No district of West Midlands has clearly more or less than its share of {WHOLE.crime}; the highest is "
    )
    every = shares.assign(ratio_low=1.01)
    assert rates_text.answer(every, rates, WHOLE, "", "2019").startswith("Birmingham (1.13 times, ")
    assert "and four more have more than their share" in rates_text.answer(every, rates, WHOLE, "", "2019")


def test_answer_with_one_district_is_about_its_lsoas(shares: pd.DataFrame, rates: pd.DataFrame) -> None:
    sentence = rates_text.answer(shares.head(1), rates, Scope("Onetown", "2018"), "", "2019")
    assert sentence.startswith("Onetown is one district; of its LSOAs Birmingham 138A has 1.6")
    assert "31 times its share" in sentence
    assert "Birmingham 138A has 1.6" in rates_text.single_lsoas(rates, WHOLE)


def test_answer_without_interval_says_it_is_missing(shares: pd.DataFrame, rates: pd.DataFrame) -> None:
    bare = shares.assign(ratio_low=np.nan, ratio_high=np.nan)
    assert "(no interval can be given)" in rates_text.answer(bare, rates, WHOLE, "Dudley", "2019")


def test_population_text_names_coventry(shares: pd.DataFrame) -> None:
    sentence = rates_text.population_text(shares)
    row = shares.set_index("district").loc[["Coventry"]].iloc[0]
    assert f"Coventry had {share_per_cent(row['residents'] / row['residents_2011'] - 1)} more" in sentence
    assert f"{row['ratio_2011']:.2f} times" in sentence
    assert f"is {row['ratio']:.2f} times" in sentence
    assert rates_text.population_text(shares.assign(ratio_2011=np.nan)) == ""


def test_why_explodes_has_numbers_of_the_highest_rate(rates: pd.DataFrame) -> None:
    sentence = rates_text.why_explodes(rates, WHOLE)
    assert sentence.startswith(f"**Birmingham 138A** has 4,707 {WHOLE.records} and 1,496 residents: 3,146 (")
    average = rates["records"].sum() / rates["base"].sum()
    (needed,) = re.findall(r"average, ([\d,]+) people", sentence)
    assert float(needed.replace(",", "")) * average == pytest.approx(4707, rel=1e-3)
    comparison = rates_text.footfall_comparison(rates, WHOLE)
    assert (
        f"**Coventry 031C** has the most {WHOLE.records}, 2,770; with 9,039 residents that is 306 per 1,000 in 2019, "
        "rank 30 of 1,680 by rate."
    ) in comparison
    assert rates_text.footfall_comparison(rates.head(1), WHOLE) == ""


def test_explained_moves_rates_with_few_records_more(study: CrimeArea, rates: pd.DataFrame) -> None:
    top = rates.iloc[0]
    thefts = lsoa_rates(study, BICYCLE_THEFT).set_index("lsoa11_code", drop=False).loc[[CITY]].iloc[0]
    sentence = explained(study, rates, ALL_RECORDS)
    assert sentence.startswith(f"The smoothed rate of Birmingham 138A is {rate(top['shrunk'])}: 98% its own rate")
    assert "little room" in sentence
    assert f"moves the rate from {rate(thefts['rate'])} to {rate(thefts['shrunk'])}" in sentence
    assert "bicycle theft" not in explained(study, lsoa_rates(study, "Vehicle crime"), "Vehicle crime")


def test_own_weight_mixes_own_and_common_rate(study: CrimeArea) -> None:
    rates = lsoa_rates(study, BICYCLE_THEFT)
    rows = [rates.iloc[place] for place in (0, 5, 900)]
    common = []
    for row in rows:
        weight = own_weight(row, rates)
        assert 0 < weight < 1
        common.append((row["shrunk"] - weight * row["rate"]) / (1 - weight))
    np.testing.assert_allclose(common, common[0])


# Figures


@pytest.mark.parametrize(("population", "column"), [("2019", "ratio"), ("2011", "ratio_2011")])
def test_shares_figure_table_has_both_populations(
    population: rates_text.Population, column: str, shares: pd.DataFrame
) -> None:
    shown = shares_figure(shares, WHOLE, "", population)
    table = shown.table.set_index("District")
    assert list(table.index) == shares.sort_values(column, ascending=False)["district"].tolist()
    for name in ("Residents (2011 census)", "Residents"):
        assert (table[name] > 200_000).all()
    known = shares.set_index("district").loc[table.index]
    np.testing.assert_allclose(table["Times its share"], known["ratio"])
    np.testing.assert_allclose(table["Times its share, 2011"], known["ratio_2011"])
    assert table["Share of records (%)"].sum() == pytest.approx(100)
    assert shown.title.startswith(f"Share of {WHOLE.crime} and of residents: {table.index[0]} ")


def test_shares_figure_poisson_interval_agrees_with_wilson(shares: pd.DataFrame) -> None:
    table = shares_figure(shares, WHOLE, "", "2019").table.set_index("District")
    total = int(shares["records"].sum())
    for _, row in shares.iterrows():
        known = binomtest(int(row["records"]), total).proportion_ci(method="wilson")
        found = table.loc[row["district"], ["Poisson interval from", "Poisson interval to"]].to_numpy(dtype=float)
        np.testing.assert_allclose(found * row["share_of_residents"], [known.low, known.high])
        assert row["ratio_low"] < found[0] < row["ratio"] < found[1] < row["ratio_high"]


def test_shares_figure_without_census_has_no_2011_columns(force: CrimeArea) -> None:
    shares = district_shares(force)
    shown = shares_figure(shares, Scope(force.name, force.period), "Midby", "2019")
    assert not [column for column in shown.table if "2011" in str(column)]
    assert len(shown.table) == 3


def test_shares_figure_highlights_chosen_or_clear_districts(shares: pd.DataFrame) -> None:
    def highlighted(district: str) -> set[str]:
        ratios = shares_figure(shares, WHOLE, district, "2019").charts[1].to_dict()
        (rows,) = ratios["datasets"].values()
        accent = {row["colour"] for row in rows} - {"#87919b"}
        assert len(accent) == 1
        return {row["label"] for row in rows if row["colour"] in accent}

    assert highlighted("") == {"Birmingham", "Dudley"}
    assert highlighted("Walsall") == {"Walsall"}


def test_rates_figure_is_sorted_and_has_both_intervals(shares: pd.DataFrame) -> None:
    shown = rates_figure(shares, WHOLE, "")
    table = shown.table
    rate_column = table["Records per 1,000 residents"]
    assert rate_column.is_monotonic_decreasing
    np.testing.assert_allclose(rate_column, table["Records"] / table["Residents"] * 1000)
    assert (table["95% interval from"] < table["Poisson interval from"]).all()
    assert (table["Poisson interval to"] < table["95% interval to"]).all()
    assert shown.title.startswith("Recorded crime and anti-social behaviour per 1,000 residents in 2019: 114 (")
    assert "101 per 1,000 residents in 2019" in shown.note


@pytest.mark.parametrize(("figure", "first"), [("records", "Birmingham 138A"), ("rate", "Birmingham 138A")])
def test_top_table_has_the_highest_by_the_chosen_figure(figure: str, first: str, rates: pd.DataFrame) -> None:
    table = top_table(rates, figure, "")  # type: ignore[arg-type]
    assert len(table) == 10
    assert table["LSOA"].iloc[0] == first
    column = {"records": "Rank by records", "rate": "Rank by rate"}[figure]
    assert table[column].tolist() == list(range(1, 11))
    assert (table["95% interval of the rank from"] <= table["Rank by smoothed rate"]).all()


def test_top_table_of_district_has_ranks_among_all(rates: pd.DataFrame) -> None:
    table = top_table(rates, "records", "Coventry")
    assert table["LSOA"].str.startswith("Coventry").all()
    assert table["LSOA"].iloc[0] == "Coventry 031C"
    assert table["Rank by records"].iloc[0] == 2
    assert table["Rank by rate"].iloc[0] == 30
    assert top_title("records", rates, "Coventry") == "The 10 highest by records, Coventry"
    assert top_title("shrunk", rates.head(4), "") == "The 4 highest by smoothed rate"


def test_lsoa_table_has_each_lsoa(rates: pd.DataFrame) -> None:
    table = lsoa_table(rates)
    assert len(table) == 1680
    assert table["Records"].sum() == 295_541
    assert pd.api.types.is_integer_dtype(table["Records"])
    shared = lsoa_table(rates.assign(records=rates["records"] + 0.5))
    assert pd.api.types.is_float_dtype(shared["Records"])
    assert "Records of all types" in lsoa_table(rates, "records")


def test_picked_table_has_figures_and_nearest_places(study: CrimeArea, rates: pd.DataFrame) -> None:
    table = picked_table(study, rates, CITY).set_index("Figure")["Value"]
    assert table["District"] == "Birmingham"
    assert table["Records"] == "4,707"
    assert table["Per 1,000 residents in 2019"].startswith("3,146 (")
    assert table["Rank of the smoothed rate"] == "1 of 1,680 (95% interval 1 to 1)"
    assert table["Against the average"] == "31 times, clearly above"
    for kind, place in ((CENTRE, "Birmingham city centre"), (HOSPITAL, "Birmingham Children's Hospital")):
        assert table[f"Nearest {kind}"].startswith(place)
    assert f"Nearest {UNIVERSITY}" in table.index


def test_picked_table_without_places_has_figures_only(force: CrimeArea) -> None:
    code = force.lsoas["lsoa11_code"].iloc[3]
    table = picked_table(force, lsoa_rates(force), code)
    assert not table["Figure"].str.startswith("Nearest").any()
    unknown = picked_table(force, lsoa_rates(force).iloc[:0], code)
    assert unknown["Figure"].tolist() == ["District"]


def test_against_average_near_it_is_not_clear(rates: pd.DataFrame) -> None:
    row = rates.iloc[0]
    sentence = [rates_text.against_average(replace_above(row, above)) for above in (0.5, 0.001, 0.999)]
    assert [text.split(", ")[1] for text in sentence] == [
        "which chance could explain",
        "clearly below",
        "clearly above",
    ]


def replace_above(row: pd.Series, above: float) -> pd.Series:
    changed = row.copy()
    changed["above"] = above
    return changed


def test_clear_count_counts_above_and_below(rates: pd.DataFrame) -> None:
    assert clear_count(rates) == (int((rates["above"] > 0.975).sum()), int((rates["above"] < 0.025).sum()))


def test_footfall_figure_names_the_extremes(rates: pd.DataFrame) -> None:
    shown = footfall_figure(rates, WHOLE)
    datasets = shown.charts[0].to_dict()["datasets"].values()
    (points,) = [rows for rows in datasets if len(rows) == 1680]
    named = {row["label"] for row in points if row["highlighted"]}
    assert named == {"Birmingham 138A", "Birmingham 135C", "Coventry 031C"}
    assert "Birmingham 138A has 1,496 and 4,707" in shown.title
    (line,) = [rows for rows in datasets if len(rows) == 2]
    for end in line:
        assert end["y"] / end["x"] * 1000 == pytest.approx(295_541 / 2_928_592 * 1000)


def test_footfall_figure_leaves_out_lsoa_without_records(rates: pd.DataFrame) -> None:
    some = rates.assign(records=rates["records"].where(rates["LSOA"] != "Walsall 030A", 0))
    assert "Walsall 030A" not in set(footfall_figure(some, WHOLE).table["LSOA"])


# Distances


def test_distance_bands_have_each_lsoa_once_by_kind(study: CrimeArea) -> None:
    bands = distance_bands(study)
    sums = bands.groupby("kind")[["lsoas", "records", "residents"]].sum()
    assert set(sums.index) == set(KINDS)
    assert (sums["lsoas"] == 1680).all()
    assert (sums["records"] == 295_541).all()
    assert sums["residents"].nunique() == 1


def test_distance_figure_has_gradients_together_and_alone(study: CrimeArea) -> None:
    found = gradient_rows(study)
    assert found["taken"].tolist() == [TOGETHER] * 3 + [ALONE] * 3
    shown = distance_figure(distance_bands(study), found, WHOLE)
    assert len(shown.charts) == 4
    assert shown.title.startswith(
        f"{upper_first(WHOLE.records)} per 1,000 residents in 2019 by distance to a district centre: 579 (under 0.5"
    )
    sentence = rates_text.gradients(found[found["taken"] == TOGETHER], WHOLE)
    for row in found[found["taken"] == TOGETHER].itertuples():
        assert f"{row.ratio:.2f} times as many for the nearest {row.kind}" in sentence
    assert "ruled out" not in sentence
    flat = found.assign(low=0.9, high=1.1)
    assert sentence != (unclear := rates_text.gradients(flat[flat["taken"] == TOGETHER], WHOLE))
    assert "cannot be ruled out for: district centre, university campus and acute hospital" in unclear
    assert len(gradients_table(found)) == 6


def test_distance_figure_charts_share_one_axis(study: CrimeArea) -> None:
    shown = distance_figure(distance_bands(study), gradient_rows(study), WHOLE)
    domains = [
        layer["encoding"]["x"]["scale"]["domain"]
        for chart in shown.charts[:3]
        for layer in chart.to_dict()["layer"]
        if "scale" in layer["encoding"].get("x", {})
    ]
    assert len(domains) == 3
    assert all(domain == domains[0] for domain in domains)


def test_figures_of_other_force_are_valid(force: CrimeArea) -> None:
    scope = Scope(force.name, force.period)
    shares, rates = district_shares(force), lsoa_rates(force)
    for shown in (
        shares_figure(shares, scope, "", "2019"),
        rates_figure(shares, scope, ""),
        footfall_figure(rates, scope),
    ):
        assert shown.alt.endswith(".")
        assert not shown.table.empty
        for chart in shown.charts:
            chart.to_dict(validate=True)
    with pytest.raises(Exception, match="West Midlands only"):
        distance_bands(force)


def test_rates_figure_without_interval_draws_the_dot(study: CrimeArea) -> None:
    one = replace(study, lsoas=study.lsoas.assign(MSOA="one"))
    shares = district_shares(one)
    assert shares["low"].isna().all()
    chart = rates_figure(shares, WHOLE, "").charts[0].to_dict(validate=True)
    (rows,) = chart["datasets"].values()
    assert all(row["low"] is None and row["value"] > 0 for row in rows)
    # The names of the values are in a column: beyond every dot, and so beyond the dashed line of all together.
    assert {row["end"] for row in rows} == {shares["per_1000"].max()}
    assert "no interval can be given" in rates_figure(shares, WHOLE, "").title
