"""The known answers on the figures in ``data/``, and what the choices do."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from core.crime.area import ALL_RECORDS, ASB
from core.crime.england import text
from core.crime.england.analysis import by_type, compare, compare_london, compare_variants, follows, ratio_row
from core.crime.england.districts import district_text, indicators_figure, read_district
from core.crime.england.question import FIFTHS, RESIDENTS, SCORES, EnglandSpec, variants
from core.crime.england.summary import england_summary, in_district
from core.crime.england.tables import England, district_outlines, load_england, london
from core.crime.today import area_outlines
from core.sources.police.territories import slug_of
from core.tables.catalogue import Catalogue

EVERYTHING = EnglandSpec(crime_type=ALL_RECORDS)


@pytest.fixture(scope="module")
def england(catalogue: Catalogue) -> England:
    return load_england(catalogue)


def test_england_covers_32_forces_and_says_which_are_absent(england: England) -> None:
    assert len(england.forces) == 32
    assert len(england.covered) == 21_412
    assert int(england.records(ALL_RECORDS).sum()) == 3_225_316
    absent = ["Avon and Somerset", "Greater Manchester", "Metropolitan Police", "Thames Valley"]
    assert england.absent == [*absent, "West Midlands", "West Yorkshire"]


def test_compare_reproduces_the_known_answers(england: England) -> None:
    found = compare(england, EVERYTHING)
    assert (found.records, found.higher, len(found.forces), found.left_out) == (3_225_316, 32, 32, ())
    assert found.fifths["rate"].round().tolist() == [176, 111, 79, 61, 44]
    ends = found.forces.iloc[[0, -1]]
    assert ends["force"].tolist() == ["Cleveland", "Durham"]
    assert ends["ratio"].round(1).tolist() == [5.6, 2.6]
    assert found.ratio == pytest.approx(4.0, abs=0.05)


def test_types_follow_deprivation_as_known(england: England) -> None:
    found = by_type(england, EVERYTHING).set_index("crime_type")["ratio"].round(1)
    assert (found["Robbery"], found["Vehicle crime"]) == (7.2, 2.2)


def test_district_of_a_force_without_a_clear_difference_says_so(england: England) -> None:
    """Burglary in Surrey: between 0.7 and 1.4 times."""
    spec = EnglandSpec(crime_type="Burglary")
    found = compare(england, spec)
    forces = found.forces.set_index("force")
    assert forces["low"]["Surrey"] < 1 < forces["high"]["Surrey"]
    summary = england_summary(found, compare_variants(england, spec), ["police.uk"])
    rates = pd.Series({"Guildford": 80.0, "Woking": 60.0, "Hartlepool": 120.0})
    here = in_district(summary, found, "Guildford", rates, "Surrey")
    assert here.answer.endswith("; Surrey shows no clear difference between its most and least deprived fifths.")
    assert not any("Surrey" in sentence for sentence in here.can_say)


def test_totals_leave_anti_social_behaviour_out_by_default(england: England) -> None:
    without = england.records(EnglandSpec().crime_type)
    assert (england.records(ALL_RECORDS) - without == england.records(ASB)).all()


def test_ratio_of_a_force_is_that_of_all_records_over_all_residents(england: England) -> None:
    found = compare(england, EVERYTHING).forces.set_index("force")
    rows = england.covered.assign(records=england.records(ALL_RECORDS))
    kent = rows[rows["pfa24_name"] == "Kent"]
    ranks = england.areas.set_index("lsoa21_code")["imd25_score"].rank(ascending=False, method="first")
    fifth = np.ceil(ranks.loc[kent["lsoa21_code"]].to_numpy() / len(ranks) * 5)
    sums = kent.groupby(fifth)[["records", "residents_2022"]].sum()
    rates = sums["records"] / sums["residents_2022"] * 1000
    assert [found["most"]["Kent"], found["least"]["Kent"]] == pytest.approx([rates[1.0], rates[5.0]])
    assert found["ratio"]["Kent"] == pytest.approx(rates[1.0] / rates[5.0])


def test_by_type_has_robbery_first_and_vehicle_crime_last(england: England) -> None:
    types = by_type(england, EnglandSpec())
    assert types["crime_type"].iloc[[0, -1]].tolist() == ["Robbery", "Vehicle crime"]
    assert types["ratio"].iloc[[0, -1]].round(1).tolist() == [7.2, 2.2]
    assert types["records"].sum() == 3_225_316
    assert len(types) == 14
    assert (types["low"] < types["ratio"]).all()


def test_average_lies_within_its_intervals_and_predicts_most_forces(england: England) -> None:
    found = compare(england, EnglandSpec())
    assert found.average is not None
    ratios = ratio_row(found.average)
    assert ratios["predicted_low"] < ratios["low"] < ratios["ratio"] < ratios["high"] < ratios["predicted_high"]
    inside = found.forces["ratio"].between(ratios["predicted_low"], ratios["predicted_high"])
    assert inside.mean() > 0.85


def test_every_variant_has_more_crime_in_deprived_neighbourhoods(england: England) -> None:
    rows = compare_variants(england, EnglandSpec())
    assert rows["choice"].iloc[0] == "As chosen"
    assert (rows["higher"] == 32).all()
    assert text.verdict(rows) == text.CLEAR
    busiest = rows.set_index("choice")["ratio"]["Without the busiest 1%"]
    assert busiest < rows["ratio"].iloc[0]


def test_variants_are_what_each_comes_to_when_it_is_compared_alone(england: England) -> None:
    rows = compare_variants(england, EnglandSpec()).set_index("choice")
    for label, variant in variants(EnglandSpec()).items():
        found = compare(england, variant)
        assert found.average is not None
        expected = ratio_row(found.average) | {"higher": found.higher, "forces": len(found.forces)}
        assert rows.loc[label].to_dict() == expected


def test_variants_change_one_choice_each() -> None:
    for label, variant in variants(EnglandSpec()).items():
        changed = [name for name in vars(variant) if getattr(variant, name) != getattr(EnglandSpec(), name)]
        assert len(changed) == (label != "As chosen"), label


@pytest.mark.parametrize("fifths", FIFTHS)
@pytest.mark.parametrize("residents", RESIDENTS)
def test_compare_of_every_kind_of_fifths_and_residents_has_all_forces(
    england: England, fifths: str, residents: str
) -> None:
    found = compare(england, EnglandSpec(fifths=fifths, residents=residents, weights="equal", errors="ltla24_name"))
    assert len(found.forces) + len(found.left_out) == 32
    assert found.fifths["areas"].sum() == 21_412


@pytest.mark.parametrize("score", SCORES)
def test_compare_by_every_score_has_an_answer(england: England, score: str) -> None:
    assert compare(england, EnglandSpec(score=score)).average is not None


def test_errors_change_intervals_and_not_ratios(england: England) -> None:
    wide, narrow = (compare(england, EnglandSpec(errors=name)).forces for name in ("MSOA", "independent"))
    both = wide.merge(narrow, on="force", suffixes=("", "_narrow"))
    assert both["ratio"].to_numpy() == pytest.approx(both["ratio_narrow"].to_numpy())
    assert (both["variance"] > both["variance_narrow"]).mean() > 0.8


def test_compare_of_a_force_without_records_in_a_fifth_leaves_it_out(england: England) -> None:
    counts = england.counts.copy()
    durham = england.covered.loc[england.covered["pfa24_name"] == "Durham", "lsoa21_code"]
    counts.loc[durham, "Robbery"] = 0
    found = compare(England(england.areas, counts), EnglandSpec(crime_type="Robbery"))
    assert found.left_out == ("Durham",)
    assert "Too few records for a ratio: Durham." in text.compared_text(found)


def test_london_has_the_known_rank_correlation(england: England, catalogue: Catalogue) -> None:
    rows = london(catalogue, england)
    found = compare_london(england, rows, EnglandSpec())
    assert found.areas == 4_988
    assert found.spearman == pytest.approx(0.53, abs=0.005)
    assert rows["offences"].sum() == pytest.approx(1_730_393 / 2)
    assert follows(england, EVERYTHING) == pytest.approx(0.66, abs=0.005)


def test_slug_of_every_force_is_in_the_publishers_files(england: England, catalogue: Catalogue) -> None:
    files = set(catalogue.read_table("street_crime_files_2025")["force"])
    assert {slug_of(name) for name in england.forces} <= files


def test_outlines_are_of_the_districts_and_of_one_district_alone(england: England, catalogue: Catalogue) -> None:
    assert set(district_outlines(catalogue)) == set(england.areas["ltla24_code"])
    own = england.areas.loc[england.areas["ltla24_code"] == "E06000001", "lsoa21_code"]
    assert sorted(area_outlines(catalogue, "E06000001")["lsoa21_code"]) == sorted(own)


def made_up(lows: list[float], highs: list[float]) -> pd.DataFrame:
    return pd.DataFrame({"low": lows, "high": highs, "ratio": [2.0] * len(lows)})


def test_verdict_follows_the_intervals_of_all_choices() -> None:
    assert text.verdict(made_up([1.1, 1.2], [3, 3])) == text.CLEAR
    assert text.verdict(made_up([1.1, 0.9], [3, 3])) == text.DEPENDS
    assert text.verdict(made_up([0.8, 0.9], [3, 3])) == text.NO_LINK


def test_sentences_of_the_start_say_the_numbers(england: England) -> None:
    found = compare(england, replace(EVERYTHING))
    assert text.answer(found) == (
        "Yes, in all 32 police forces that we can compare. The most deprived fifth of neighbourhoods had 176 recorded "
        "crimes and incidents of anti-social behaviour per 1,000 residents in 2025, the least deprived 44."
    )
    assert text.facts(found)[1] == "From **2.6** times in Durham to **5.6** in Cleveland."
    assert "Greater Manchester Police publish no street-level crime." in text.coverage(32, england.absent)


def test_district_has_its_published_place_and_the_means_of_its_neighbourhoods(
    england: England, catalogue: Catalogue
) -> None:
    found = read_district(england, catalogue, "E06000001")
    assert (found.name, found.place, found.of) == ("Hartlepool", 6, 296)
    assert "Hartlepool is number 6 from the most deprived of 296 districts by its average score, 37.6. 42%" in (
        district_text(found)
    )
    rows = catalogue.read_table("crime_indicators_2025").merge(england.areas, on="lsoa21_code")
    weight = rows["residents_2022"]
    burglary = found.indicators.set_index("indicator").loc["Burglary"]
    assert burglary["england"] == pytest.approx((rows["burglary_rate"] * weight).sum() / weight.sum())
    own = rows["ltla24_code"] == "E06000001"
    mean = (rows["burglary_rate"] * weight)[own].sum() / weight[own].sum()
    assert burglary["district"] == pytest.approx(mean)
    assert burglary["times"] == pytest.approx(mean / burglary["england"])
    shown = indicators_figure(found)
    first = found.indicators["indicator"].iloc[0]
    start = f"Compared with England, the highest rates in Hartlepool are {first[0].lower()}{first[1:]} ("
    assert shown.title.startswith(start)
    assert len(shown.table) == 8
