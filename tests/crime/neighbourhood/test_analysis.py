"""What is usual: against the definition, on crime of known rates, and how often the range holds what is recorded."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from core.crime.intervals import poisson_interval
from core.crime.neighbourhood.analysis import (
    alike,
    all_crime,
    by_comparison,
    by_type,
    draws_visitors,
    place,
    places,
    rates,
    usual,
    year_to_year,
)
from core.crime.neighbourhood.question import FEWEST, NEAREST, WITHOUT_CRIME, Comparison, comparisons
from core.crime.neighbourhood.tables import ForceNeighbourhoods
from core.tables.catalogue import Catalogue

CODE = "E00000007"


def test_alike_are_the_nearest_in_deprivation_without_the_neighbourhood(made: ForceNeighbourhoods) -> None:
    found = alike(made, CODE, Comparison())
    apart = made.rows[WITHOUT_CRIME].sub(made.rows[WITHOUT_CRIME][CODE]).abs().drop(CODE)
    assert set(made.rows.index[found]) == set(apart.nsmallest(NEAREST).index)


def test_usual_follows_its_definition(made: ForceNeighbourhoods) -> None:
    peers = alike(made, CODE, Comparison())
    own, recorded = made.count(CODE, "residents_2022"), int(made.records["Burglary"][CODE])
    rate = made.records["Burglary"].iloc[peers] / made.rows["residents_2022"].iloc[peers]
    (found,) = usual(made, CODE, made.records[["Burglary"]], Comparison())
    ordered = np.sort(rate.to_numpy())
    # Of 100 in order, the place (100 + 1) x 0.025 lies between the 2nd and the 3rd.
    low = (ordered[1] + 0.525 * (ordered[2] - ordered[1])) * own
    assert found.low == np.floor(low)
    assert found.usual == pytest.approx(rate.median() * own)
    assert found.fewer == (rate < recorded / own).sum()
    total = made.records["Burglary"].iloc[peers].sum() / made.rows["residents_2022"].iloc[peers].sum()
    assert found.expected == pytest.approx(total * own)
    assert found.low <= found.usual <= found.high


@pytest.mark.parametrize("kind", ["Burglary", "Drugs"])
def test_range_holds_another_neighbourhood_95_times_in_100(made: ForceNeighbourhoods, kind: str) -> None:
    found = [usual(made, code, made.records[[kind]], Comparison())[0] for code in made.rows.index]
    inside = np.mean([each.side == "usual" for each in found])
    assert 0.93 <= inside <= 0.99


def test_range_is_wider_than_poisson_where_rates_differ(made: ForceNeighbourhoods) -> None:
    (differing,) = usual(made, CODE, made.records[["Burglary"]], Comparison())
    low, high = poisson_interval(np.array([differing.expected]))
    assert differing.high - differing.low > 2 * (high[0] - low[0])


@pytest.mark.parametrize("name", ["durham", "london_force"])
def test_published_figures_lie_in_the_range_about_95_times_in_100(name: str, request: pytest.FixtureRequest) -> None:
    force: ForceNeighbourhoods = request.getfixturevalue(name)
    some = force.rows.index[:: max(1, len(force.rows) // 400)]
    inside = np.mean([all_crime(force, code, Comparison()).side == "usual" for code in some])
    assert 0.92 <= inside <= 0.98


def test_more_records_here_change_the_side_and_not_the_range(made: ForceNeighbourhoods) -> None:
    records = made.records[["Burglary"]].copy()
    (before,) = usual(made, CODE, records, Comparison())
    sides = []
    for count in (int(before.low) - 1, int(before.low), int(before.high), int(before.high) + 1):
        records.loc[CODE, "Burglary"] = count
        (after,) = usual(made, CODE, records, Comparison())
        assert (after.low, after.usual, after.high) == (before.low, before.usual, before.high)
        sides.append(after.side)
    assert sides[1:] == ["usual", "usual", "more"]
    assert sides[0] == ("less" if before.low > 0 else "usual")


def test_twice_the_residents_have_twice_the_usual(made: ForceNeighbourhoods) -> None:
    residents = made.rows["residents_2022"]
    rows = made.rows.assign(residents_2022=residents.where(residents.index != CODE, 2 * residents))
    double = replace(made, rows=rows)
    assert all_crime(double, CODE, Comparison()).usual == pytest.approx(2 * all_crime(made, CODE, Comparison()).usual)


def test_too_few_neighbourhoods_give_no_range(city: ForceNeighbourhoods, made: ForceNeighbourhoods) -> None:
    for code in city.rows.index:
        found = all_crime(city, code, Comparison())
        assert found.side == "unknown"
        assert found.peers == len(city.rows) - 1
    assert all_crime(made, CODE, Comparison(nearest=FEWEST - 1)).side == "unknown"
    assert all_crime(made, CODE, Comparison(nearest=FEWEST)).side != "unknown"


def test_types_come_with_most_records_first_and_hold_every_type(durham: ForceNeighbourhoods) -> None:
    code = str(durham.crimes.idxmax())
    found = by_type(durham, code, Comparison())
    assert set(found["crime_type"]) == set(durham.records)
    assert found["recorded"].is_monotonic_decreasing
    assert dict(zip(found["crime_type"], found["recorded"], strict=True)) == durham.records.loc[code].to_dict()


def test_each_comparison_has_its_own_peers_or_residents(durham: ForceNeighbourhoods) -> None:
    found, every = by_comparison(durham, str(durham.rows.index[40]), Comparison()), comparisons(Comparison())
    assert list(found["choice"]) == list(every)
    assert found["recorded"].nunique() == 1
    assert found["usual"].nunique() > len(found) - 2
    assert found["peers"].tolist() == [each.nearest for each in every.values()]


def test_centre_with_shops_draws_visitors_and_a_usual_one_does_not(durham: ForceNeighbourhoods) -> None:
    assert draws_visitors(durham, str(durham.records["Shoplifting"].idxmax()))
    least = str(durham.records["Shoplifting"].idxmin())
    assert not draws_visitors(durham, least)


def test_places_are_ranges_inside_their_group_with_most_crime_first(durham: ForceNeighbourhoods) -> None:
    most, least = (str(each) for each in (rates(durham).idxmax(), rates(durham).idxmin()))
    for code in (most, least, str(durham.rows.index[99])):
        within, overall = places(durham, code, 0.1)
        assert (within.where, overall.where) == (durham.text(code, "ltla24_name"), "Durham")
        assert overall.count == len(durham.rows)
        for each in (within, overall):
            assert 1 <= each.low <= each.high <= each.count
    assert places(durham, most, 0.1)[1].low == 1
    assert places(durham, least, 0.1)[1].high == len(durham.rows)


def test_force_of_one_district_has_one_place(city: ForceNeighbourhoods) -> None:
    assert [each.where for each in places(city, str(city.rows.index[0]), 0.1)] == ["City of London"]


def test_place_is_wider_where_years_vary_more(durham: ForceNeighbourhoods) -> None:
    code, residents = str(durham.rows.index[99]), durham.rows["residents_2022"]
    found = [place("Durham", durham.crimes, residents, code, yearly) for yearly in (0.0, 0.1, 0.5)]
    widths = [each.high - each.low for each in found]
    assert widths == sorted(widths)
    assert widths[0] < widths[-1]


def months_with(yearly: float, seed: int = 3) -> pd.DataFrame:
    """Two years of neighbourhoods whose rates vary by `yearly` from one to the next; a few change altogether."""
    rng = np.random.default_rng(seed)
    level = rng.gamma(4, 60, 3000)
    parts = []
    for year in ("2024", "2025"):
        rate = level * np.exp(yearly * rng.standard_normal(3000))
        rate[:20] *= rng.choice([0.1, 10], 20)
        rows = {"lsoa21_code": np.arange(3000).astype(str), "offences": rng.poisson(rate)}
        parts += [pd.DataFrame(rows).assign(month=f"{year}-12")]
        parts += [pd.DataFrame({**rows, "offences": 0}).assign(month=f"{year}-{month:02}") for month in range(1, 12)]
    return pd.concat(parts, ignore_index=True)


@pytest.mark.parametrize("yearly", [0.0, 0.1, 0.3])
def test_variation_from_year_to_year_is_recovered(yearly: float) -> None:
    assert year_to_year(months_with(yearly)) == pytest.approx(yearly, abs=0.03 if yearly else 0.04)


def test_londons_neighbourhoods_vary_more_than_poisson(catalogue: Catalogue) -> None:
    months = catalogue.read_table("london_area_crime", ["lsoa21_code", "month", "offences"])
    assert 0.05 < year_to_year(months) < 0.2


def test_ways_to_compare_differ_from_what_is_chosen_in_one_choice() -> None:
    for chosen in (Comparison(), Comparison("imd25_score", "with_young", 50)):
        every = comparisons(chosen)
        first, *others = every.values()
        assert first == chosen
        assert len(set(every.values())) == len(every) == 7
        for other in others:
            assert sum(value != vars(chosen)[name] for name, value in vars(other).items()) == 1
