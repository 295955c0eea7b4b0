"""One place with its small areas: complete, summing up, and saying what it lacks."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from core.crime.area import (
    ALL_RECORDS,
    ASB,
    BICYCLE_THEFT,
    LOW,
    LOW_SCORE,
    MEASURES,
    NOT_LOW,
    TOTALS,
    WITHOUT_ASB,
    CrimeArea,
    CrimeError,
    measured,
    of_total,
    outcome_labels,
    outcomes,
    outliers,
    panel,
)
from core.crime.loaders import from_street_crime, west_midlands
from core.stats.regression import ModelSpec, fit
from core.stats.regression.errors import UnknownVariable
from tests.crime.conftest import DISTRICTS, TYPES, counts, squares


def test_west_midlands_is_complete_and_margins_agree(study: CrimeArea) -> None:
    assert len(study.lsoas) == study.lsoas["lsoa11_code"].nunique() == study.lsoas["LSOA"].nunique() == 1680
    assert study.lsoas.notna().all(axis=None)
    assert study.lsoas["MSOA"].nunique() == 356
    assert study.records().sum() == 295_541
    districts = study.compositions[study.compositions["kind"] == "district"]
    by_lsoa = study.records().groupby(study.lsoas["district"]).sum()
    assert districts.groupby("area")["records"].sum().to_dict() == by_lsoa.to_dict()
    thefts = study.records(BICYCLE_THEFT).groupby(study.lsoas["district"]).sum()
    assert (
        thefts.to_dict() == districts[districts["crime_type"] == BICYCLE_THEFT].set_index("area")["records"].to_dict()
    )
    residents = study.lsoas.groupby("district")["residents"].sum()
    assert residents.to_dict() == study.districts.set_index("district")["residents"].to_dict()


def test_low_score_lsoas_agree_with_the_published_mix(study: CrimeArea) -> None:
    low = study.lsoas["imd_score"] < LOW_SCORE
    by_area = study.compositions.groupby("area")["records"].sum()
    assert by_area[LOW] == study.records()[low].sum()
    assert by_area[NOT_LOW] == study.records()[~low].sum()
    two = study.compositions[study.compositions["kind"] == "LSOA"]
    totals = study.records().groupby(study.lsoas["LSOA"]).sum()
    assert two.groupby("area")["total"].first().to_dict() == totals[two["area"].unique()].to_dict()
    assert set(two["rounding"]) == {0.0005}


def test_outliers_are_beyond_the_fences_of_the_logarithm(study: CrimeArea) -> None:
    found = outliers(study)
    logs = np.log(study.records())
    first, third = np.quantile(logs, [0.25, 0.75])
    assert np.log(found.upper) == pytest.approx(third + 1.5 * (third - first))
    assert (found.high.sum(), found.low.sum()) == (15, 3)
    assert "15 of 1,680 LSOAs above, 3 below" in found.rule
    top = study.records().nlargest(15)
    assert found.high[top.index].all()
    rates = outliers(study, "records_per_1000")
    assert (rates.high.sum(), rates.low.sum()) == (17, 7)
    assert "records per 1,000 residents" in rates.rule
    for plain in ("records", "records_per_1000"):
        pd.testing.assert_series_equal(outliers(study, plain).either, outliers(study, f"log_{plain}").either)


def test_panel_has_each_outcome_with_and_without_outliers(study: CrimeArea) -> None:
    frame = panel(study).frame
    assert (frame["records_per_1000"] * frame["residents"] / 1000).to_numpy() == pytest.approx(
        frame["records"].to_numpy()
    )
    for name in MEASURES:
        kept = frame[f"{name}_typical"].dropna()
        assert len(kept) == 1680 - outliers(study, name).either.sum()
        pd.testing.assert_series_equal(kept, frame.loc[kept.index, name], check_names=False)
    for name in ("records", "records_per_1000_typical"):
        assert frame[f"relative_{name}"].mean() == pytest.approx(1)
        assert frame[f"relative_{name}"].corr(frame[name]) == pytest.approx(1)
    assert set(outcome_labels()) == set(outcomes(study))
    assert len(set(outcome_labels().values())) == len(outcome_labels())


def test_fit_on_panel_names_clusters_and_effects(study: CrimeArea) -> None:
    spec = ModelSpec("log_records", ("imd_score",), form="count", effects=("district",))
    by_msoa, by_district = (fit(panel(study), replace(spec, cluster=name), wild=False) for name in ("MSOA", "district"))
    assert by_msoa.clusters == (("MSOA", 356),)
    assert by_msoa.note.startswith("Standard errors clustered by MSOA (356 clusters)")
    assert by_district.note.startswith("Standard errors clustered by district (7 clusters)")
    assert "which leaves out the district effects" in by_district.note
    assert by_msoa.estimate("imd_score").estimate == pytest.approx(by_district.estimate("imd_score").estimate)
    with pytest.raises(UnknownVariable, match="cannot be clustered by ward; choose LSOA, months, MSOA or district"):
        fit(panel(study), replace(spec, cluster="ward"))


def test_measured_with_zero_counts_has_missing_logarithms(study: CrimeArea) -> None:
    assert (study.records() > 0).all()
    found = measured(study, BICYCLE_THEFT)
    assert (found["records"] == 0).sum() == found["log_records"].isna().sum() == 907
    assert not np.isinf(found["log_records_per_1000"]).any()
    with pytest.raises(
        CrimeError, match=f"no LSOA figures for Burglary; choose {WITHOUT_ASB}, {ALL_RECORDS}, Anti-social"
    ):
        study.records("Burglary")


def test_from_street_crime_has_same_parts_and_lists_missing_ones(grid: CrimeArea, study: CrimeArea) -> None:
    lsoas, records = squares(), counts(squares())
    assert list(grid.lsoas.columns) == list(study.lsoas.columns)
    assert list(grid.compositions.columns) == list(study.compositions.columns)
    assert grid.records().sum() == records["records"].sum()
    assert grid.crime_types == tuple(sorted(TYPES))
    assert grid.lsoas["MSOA"].nunique() == len(lsoas) / 4
    for kind in ("district", "deprivation"):
        mixed = grid.compositions[grid.compositions["kind"] == kind]
        assert (
            mixed.groupby("crime_type")["records"].sum().to_dict()
            == records.groupby("crime_type")["records"].sum().to_dict()
        )
    assert set(grid.missing) == {
        "imd_score_without_crime",
        "residents_16_24",
        "residents_2011",
        "places",
        "published_mixes",
    }
    assert "imd_score_without_crime" not in panel(grid).frame
    with pytest.raises(CrimeError, match=r"Gridshire: .*West Midlands only"):
        grid.require("places")
    study.require("places")


def test_from_street_crime_sums_months_and_drops_other_districts(grid: CrimeArea) -> None:
    lsoas, records = squares(), counts(squares())
    halves = pd.concat([records.assign(records=records["records"] / 2)] * 2)
    one = from_street_crime(halves, lsoas, ("Midby",), name="Mid", period="2018")
    own = grid.lsoas["district"] == "Midby"
    assert one.records().tolist() == grid.records()[own].tolist()
    assert one.districts["district"].tolist() == ["Midby"]
    assert "points" in one.missing
    assert len(one.lsoas) == own.sum()


def test_from_street_crime_with_lsoa_without_records_has_zero(grid: CrimeArea) -> None:
    lsoas, records = squares(), counts(squares())
    silent = lsoas["lsoa11_code"].iloc[0]
    area = from_street_crime(records[records["lsoa11_code"] != silent], lsoas, DISTRICTS, name="G", period="2018")
    assert area.records().iloc[0] == 0
    assert (area.records() == 0).sum() == 1
    assert not outliers(area).either.iloc[0]
    assert len(area.lsoas) == len(grid.lsoas)


@pytest.mark.parametrize(
    ("districts", "columns", "sentence"),
    [
        (("Atlantis",), (), "no district for Atlantis; choose districts by their official names"),
        ((), (), "choose districts"),
        (("Midby",), ("records",), "no column records in the counts"),
        (("Midby",), ("imd_score",), "no column imd_score in the LSOAs"),
    ],
)
def test_from_street_crime_with_unusable_input_raises_error(
    districts: tuple[str, ...], columns: tuple[str, ...], sentence: str
) -> None:
    lsoas, records = squares(), counts(squares())
    with pytest.raises(CrimeError, match=sentence):
        from_street_crime(
            records.drop(columns=list(columns), errors="ignore"),
            lsoas.drop(columns=list(columns), errors="ignore"),
            districts,
            name="G",
            period="2018",
        )


def test_from_street_crime_without_records_raises_error() -> None:
    lsoas, records = squares(), counts(squares())
    with pytest.raises(CrimeError, match="Nowhere has no records in Midby"):
        from_street_crime(records.assign(records=0), lsoas, ("Midby",), name="Nowhere", period="2018")


def test_west_midlands_read_twice_is_equal(study: CrimeArea) -> None:
    again = west_midlands()
    pd.testing.assert_frame_equal(again.lsoas, study.lsoas)
    assert replace(study, name="Other").records().equals(study.records())


def test_once_makes_each_choice_once_for_each_area(study: CrimeArea) -> None:
    made: list[str] = []

    def make(area: CrimeArea, crime_type: str) -> pd.Series:
        made.append(crime_type)
        return area.records(crime_type)

    area, other = replace(study), replace(study)
    assert area.once(make, ALL_RECORDS) is area.once(make, ALL_RECORDS)
    assert area.once(make, BICYCLE_THEFT) is not area.once(make, ALL_RECORDS)
    assert made == [ALL_RECORDS, BICYCLE_THEFT]
    assert other.once(make, ALL_RECORDS) is not area.once(make, ALL_RECORDS)
    assert panel(area) is panel(area) is not panel(area, BICYCLE_THEFT) is not panel(other, BICYCLE_THEFT)


def test_totals_with_and_without_anti_social_behaviour_differ_by_it(study: CrimeArea) -> None:
    assert study.totals == tuple(TOTALS) == (WITHOUT_ASB, ALL_RECORDS)
    assert (study.records(WITHOUT_ASB) + study.records(ASB)).equals(study.records(ALL_RECORDS))
    assert of_total(study, ALL_RECORDS) is study
    alone = of_total(study, WITHOUT_ASB)
    assert alone is of_total(study, WITHOUT_ASB)
    assert alone.records(ALL_RECORDS).equals(study.records(WITHOUT_ASB))
    assert alone.totals == (WITHOUT_ASB,)


def test_crime_alone_takes_incidents_out_of_every_total_and_widens_rounding(study: CrimeArea) -> None:
    alone, rows = of_total(study, WITHOUT_ASB).compositions, study.compositions
    assert set(rows["crime_type"]) - set(alone["crime_type"]) == {ASB}
    exact, published = (alone[alone["rounding"].gt(0) == rounded] for rounded in (False, True))
    sums = exact.groupby("area")["records"].sum()
    assert sums.to_dict() == pytest.approx(exact.groupby("area")["total"].first().to_dict())
    # The published share could be off by half of its last digit, and so could the share that was taken out.
    before = rows.set_index(["area", "crime_type"]).loc[pd.MultiIndex.from_frame(published[["area", "crime_type"]])]
    off = (before["rounding"] * before["total"]).to_numpy()
    records, total = published["records"].to_numpy(), published["total"].to_numpy()
    for side in (-1, 1):
        gap = (records + side * off) / (total - side * off) - records / total
        assert (abs(gap) <= published["rounding"].to_numpy() * 1.01).all()
