"""Dispersion over months in the rates of small areas and in shares of types: made-up months with a known truth."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from core.crime.area import ALL_RECORDS, WITHOUT_ASB, CrimeArea, Dispersion
from core.crime.geography.rate_map import MAP_NOTE, is_clear, notes
from core.crime.lsoa_rates import lsoa_rates
from core.crime.rates.figures import own_weight
from core.crime.today import LONDON, PREFIX, month_dispersion, place_of_today
from core.crime.types.design_effects import typed_compositions
from core.crime.types.text import INTERVALS_NOTE, MONTHS_NOTE, intervals_note
from core.stats.dispersion import share_effects
from core.tables.catalogue import Catalogue

MONTHS = tuple(f"{year}-{month:02}" for year in (2024, 2025) for month in range(1, 13))
TIMES = {"Burglary": 1.0, "Theft": 3.0}


@pytest.fixture(scope="module")
def london(catalogue: Catalogue) -> CrimeArea:
    return place_of_today(LONDON, catalogue)


def months_of_areas(seed: int = 0) -> tuple[pd.DataFrame, pd.Series]:
    """Offences of 300 areas in six districts, independent, with the dispersion of :data:`TIMES`."""
    rng = np.random.default_rng(seed)
    codes = [f"E{at:03}" for at in range(300)]
    level = rng.gamma(2, 2, (300, 1)) * np.ones(len(MONTHS))
    rows = []
    for name, times in TIMES.items():
        drawn = rng.poisson(level) if times == 1 else rng.negative_binomial(level / (times - 1), 1 / times)
        table = pd.DataFrame(drawn, index=codes, columns=MONTHS).rename_axis("lsoa_code").melt(ignore_index=False)
        rows.append(table.set_axis(["month", "records"], axis=1).reset_index().assign(crime_type=name))
    districts = pd.Series([f"District {at % 6}" for at in range(300)], index=codes)
    made = pd.concat(rows)
    return made[made["records"] > 0], districts


def test_month_dispersion_is_that_of_each_type_in_areas_and_districts() -> None:
    rows, districts = months_of_areas()
    elsewhere = rows.assign(lsoa_code="W1", records=999)
    found = month_dispersion(pd.concat([rows, elsewhere]), districts)
    assert found.months == len(MONTHS)
    both = 2.0  # of two types with as many records: the mean of the two
    for name, times in (*TIMES.items(), (ALL_RECORDS, both), (WITHOUT_ASB, both)):
        assert found.lsoas[name] == pytest.approx(times, rel=0.06)
        # Independent areas have the dispersion of their sum; six districts tell it less exactly.
        assert found.districts[name] == pytest.approx(times, rel=0.35)


def test_clear_marks_of_alike_areas_are_rare_only_if_dispersion_is_allowed_for(study: CrimeArea) -> None:
    """Areas whose rates hardly differ, with counts in groups of four: without dispersion many would be marked."""
    rng = np.random.default_rng(4)
    mean = study.lsoas["residents"] * 0.05 * rng.gamma(400, 1 / 400, len(study.lsoas))
    counts = pd.DataFrame({"lsoa11_code": study.lsoas["lsoa11_code"], "crime_type": "Theft"})
    counts["records"] = rng.negative_binomial(mean / 3, 1 / 4)
    alike = replace(study, counts=counts)
    found = Dispersion({"Theft": 4.0, ALL_RECORDS: 4.0}, {}, 24)
    marked = {
        name: is_clear(lsoa_rates(area, "Theft")["above"]).mean()
        for name, area in (("without", alike), ("with", replace(alike, dispersion=found)))
    }
    assert marked["with"] < 0.05
    assert marked["without"] > 4 * marked["with"] + 0.05


def test_intervals_of_rates_hold_what_they_should_with_dispersion(study: CrimeArea) -> None:
    rng, times = np.random.default_rng(9), 3.0
    rates = rng.gamma(1.2, 0.02 / 1.2, len(study.lsoas))
    mean = rates * study.lsoas["residents"]
    counts = pd.DataFrame({"lsoa11_code": study.lsoas["lsoa11_code"], "crime_type": "Theft"})
    counts["records"] = rng.negative_binomial(mean / (times - 1), 1 / times)
    made = replace(study, counts=counts)
    held = {}
    for name, found in (("without", None), ("with", Dispersion({"Theft": times}, {}, 24))):
        table = lsoa_rates(replace(made, dispersion=found), "Theft")
        true = study.lsoas.assign(true=rates * 1000).set_index("lsoa11_code")["true"].loc[table["lsoa11_code"]]
        inside = (true.to_numpy() >= table["shrunk_low"]) & (true.to_numpy() <= table["shrunk_high"])
        held[name] = inside.mean()
    assert held["with"] == pytest.approx(0.95, abs=0.03)
    assert held["without"] < 0.85


def test_own_weight_mixes_own_and_common_rate_with_dispersion(study: CrimeArea) -> None:
    area = replace(study, dispersion=Dispersion({ALL_RECORDS: 5.0}, {}, 24))
    rates = lsoa_rates(area)
    for row in (rates.iloc[0], rates.iloc[900]):
        weight = own_weight(row, rates, 5.0)
        assert 0 < weight < own_weight(row, rates)
        low, high = sorted((row["rate"], row["shrunk"]))
        assert low <= high


def test_london_has_the_dispersion_of_its_months_and_forces_have_none(london: CrimeArea, catalogue: Catalogue) -> None:
    assert london.dispersion is not None
    assert london.dispersion.months == 24
    assert set(london.crime_types) < set(london.dispersion.lsoas)
    assert all(1 <= london.dispersion_of(name) < 2 for name in (*london.crime_types, *london.totals))
    assert all(london.dispersion.districts[name] > london.dispersion_of(name) for name in london.crime_types)
    kent = place_of_today(f"{PREFIX}kent", catalogue)
    assert kent.dispersion is None
    assert kent.dispersion_of(WITHOUT_ASB) == 1


def test_map_note_says_by_how_much_counts_vary_where_that_is_known(london: CrimeArea) -> None:
    times = london.dispersion_of(WITHOUT_ASB)
    assert notes("rate", False, times) == (
        f"{MAP_NOTE} Counts vary {times:.1f} times as much from month to month as independent records would."
    )
    assert notes("rate", False) == MAP_NOTE


def test_types_of_london_have_the_effect_of_its_months(london: CrimeArea, study: CrimeArea) -> None:
    single = str(london.lsoas["LSOA"].iloc[7])
    table = typed_compositions(london, [single])
    assert london.dispersion is not None
    for name, times in (("Camden", london.dispersion.districts), (single, london.dispersion.lsoas)):
        rows = table[table["area"] == name]
        expected = share_effects(*(np.asarray(each, float) for each in (rows["share"], rows["crime_type"].map(times))))
        assert rows["effect"].to_numpy() == pytest.approx(np.maximum(expected, 1))
        assert (rows["low"] <= rows["share"]).all()
        assert (rows["high"] >= rows["share"]).all()
    assert (table["months"] == 24).all()
    assert MONTHS_NOTE in intervals_note(table)
    assert intervals_note(typed_compositions(study)) == INTERVALS_NOTE
