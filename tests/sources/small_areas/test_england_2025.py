"""The neighbourhoods of 2021: the tables in ``data/`` against known answers, and the readers on small files."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from core.sources.files.cells import SourceError, Tidy
from core.sources.police import london_areas, street_crime_2025
from core.sources.small_areas import areas, deprivation2025, district_summaries
from core.tables.catalogue import Catalogue
from core.tables.geometry import contains, shape_of
from core.tables.rings import touches_itself

FORCES_OF_WALES = {"dyfed-powys", "gwent", "north-wales", "south-wales"}


@pytest.fixture(scope="module")
def deprivation(catalogue: Catalogue) -> pd.DataFrame:
    return catalogue.read_table("deprivation_2025")


def test_areas_have_published_numbers_of_neighbourhoods_and_residents(catalogue: Catalogue) -> None:
    rows = catalogue.read_table("areas")
    assert len(rows) == areas.NEIGHBOURHOODS_OF_ENGLAND == rows["lsoa21_code"].nunique()
    assert rows["ltla24_code"].nunique() == 296
    assert rows["pfa24_name"].nunique() == 39
    ages = [field.name for field in areas.AGES]
    assert (rows[ages].sum(axis=1) - rows["census_residents"]).abs().max() <= 14
    assert 57_000_000 < rows["residents_2022"].sum() < 57_200_000


def test_deprivation_ranks_are_those_of_the_scores(deprivation: pd.DataFrame) -> None:
    assert sorted(deprivation["imd25_rank"]) == list(range(1, 33_756))
    ranked = deprivation["imd25_score"].rank(ascending=False, method="average")
    assert (ranked - deprivation["imd25_rank"]).abs().max() < 10
    tenths = np.ceil(deprivation["imd25_rank"] / 3375.5)
    assert (tenths == deprivation["imd25_decile"]).mean() > 0.999


def test_rebuilt_score_reproduces_the_published_one(deprivation: pd.DataFrame) -> None:
    ranks = pd.DataFrame({name: deprivation[f"imd25_{name}_rank"] for name in deprivation2025.WEIGHTS})
    rebuilt = deprivation2025.rebuilt_score(ranks, deprivation2025.WEIGHTS)
    assert (rebuilt - deprivation["imd25_score"]).abs().max() < 0.001
    rest = deprivation2025.weights_without("crime")
    assert sum(rest.values()) == pytest.approx(1)
    assert deprivation2025.rebuilt_score(ranks, rest).round(3).equals(deprivation["imd25_score_without_crime"])


def test_transformed_ranks_put_half_of_the_scale_into_the_most_deprived_tenth() -> None:
    """The publisher's technical report: the most deprived 10% have scores from 50 to 100."""
    scores = deprivation2025.transformed(pd.Series(range(1, 10_001)))
    assert scores.iloc[0] == pytest.approx(100)
    assert scores.iloc[1000] == pytest.approx(50, abs=0.5)
    assert scores.iloc[-1] == pytest.approx(0, abs=0.01)


def test_shapes_are_simple_and_their_middles_lie_in_the_district(catalogue: Catalogue) -> None:
    rows = catalogue.read_table("area_shapes", where={"ltla24_code": ["E06000001", "E09000007"]})
    assert set(rows["ltla24_code"]) == {"E06000001", "E09000007"}
    for text in rows["outline"]:
        assert not any(touches_itself([tuple(point) for point in ring]) for part in json.loads(text) for ring in part)
    features = json.loads(catalogue.path("district_shapes_2024").read_text())["features"]
    shapes = {feature["properties"]["ltla24_code"]: shape_of(feature["geometry"]) for feature in features}
    assert len(shapes) == 296
    middles = rows[["ltla24_code", "longitude", "latitude"]].itertuples(index=False)
    inside = [contains(shapes[code], (longitude, latitude)) for code, longitude, latitude in middles]
    assert np.mean(inside) > 0.97  # lines of districts were moved by up to 600 metres


def test_street_crime_has_37_forces_with_known_totals(catalogue: Catalogue) -> None:
    counts, files = catalogue.read_table("street_crime_2025"), catalogue.read_table("street_crime_files_2025")
    assert counts["force"].nunique() == 37
    assert counts["records_2025"].sum() == 3_548_258 == files["rows"].sum() - files["no_lsoa"].sum()
    assert files.groupby("force")["month"].nunique().eq(12).all()
    own = counts.merge(catalogue.read_table("areas", ["lsoa21_code", "pfa24_name"]), on="lsoa21_code")
    assert set(counts["force"]) >= FORCES_OF_WALES
    assert own.loc[own["force"] == "warwickshire", "pfa24_name"].value_counts().index[0] == "Warwickshire"


def test_london_has_known_totals(catalogue: Catalogue) -> None:
    rows = catalogue.read_table("london_area_crime")
    assert rows["offences"].sum() == 1_730_393
    assert rows["lsoa21_code"].nunique() == 4_988
    assert (rows["month"].min(), rows["month"].max(), rows["month"].nunique()) == ("2024-03", "2026-02", 24)


def test_crime_indicators_cover_every_neighbourhood(catalogue: Catalogue) -> None:
    rows = catalogue.read_table("crime_indicators_2025")
    assert rows["lsoa21_code"].tolist() == catalogue.read_table("areas", ["lsoa21_code"])["lsoa21_code"].tolist()
    assert len(rows.columns) == 9


def write_index(folder: Path, deprivation: pd.DataFrame) -> None:
    plain = deprivation.rename(columns=lambda column: column.replace("imd25_", ""))
    index = {name: f"imd_{name}" for name in ("score", "rank", "decile")}
    plain.rename(columns=index).to_csv(folder / deprivation2025.FILE, index=False)


def test_read_index_turned_back_into_its_layout_gives_the_table(tmp_path: Path, deprivation: pd.DataFrame) -> None:
    write_index(tmp_path, deprivation)
    assert deprivation2025.read(tmp_path).frame.equals(deprivation)


def test_read_index_with_score_of_another_edition_is_refused(tmp_path: Path, deprivation: pd.DataFrame) -> None:
    write_index(tmp_path, deprivation.assign(imd25_score=deprivation["imd25_score"] + (deprivation.index == 0)))
    with pytest.raises(SourceError, match=r"the score of E01000001 is 1\.000 away from what the ranks of its domains"):
        deprivation2025.read(tmp_path)


def test_check_averages_with_other_average_is_refused(catalogue: Catalogue, deprivation: pd.DataFrame) -> None:
    rows = catalogue.read_table("areas").merge(deprivation[["lsoa21_code", "imd25_score"]], on="lsoa21_code")
    summaries = catalogue.read_table("district_summaries_2025")
    tidy = Tidy(district_summaries.TABLE, summaries, (district_summaries.FILE,))
    district_summaries.check_averages(tidy, rows)
    summaries["imd25_average_score"] += summaries.index == 3
    with pytest.raises(SourceError, match=f"average score for {summaries['ltla24_code'][3]}"):
        district_summaries.check_averages(tidy, rows)


@pytest.fixture
def crime_files(tmp_path: Path) -> Path:
    counts = "force,lsoa21_code,crime_type,records\nkent,E01000001,Drugs,5\nkent,E01000002,Robbery,7\n"
    (tmp_path / street_crime_2025.FILE).write_text(counts)  # pandas looks at the content of what ends in .gz
    months = [f"kent,{month},{2 if month == '2025-01' else 1},0,0,0" for month in street_crime_2025.MONTHS]
    months[0] = "kent,2025-01,3,2,0,0"
    text = "\n".join(["force,month,rows,no_lsoa,no_id,dup_ids", *months])
    (tmp_path / street_crime_2025.FILES_FILE).write_text(text)
    pd.read_csv(tmp_path / street_crime_2025.FILE, compression=None).to_csv(
        tmp_path / street_crime_2025.FILE, index=False, compression="gzip"
    )
    return tmp_path


def test_read_street_crime_of_small_files(crime_files: Path) -> None:
    counts, files = street_crime_2025.read(crime_files)
    assert counts.frame["records_2025"].tolist() == [5, 7]
    assert files.frame["no_lsoa"].sum() == 2


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [("2025-12,1", "2025-12,2", "disagree on kent by 1 records"), ("2025-12", "2025-11", "more than once")],
)
def test_read_street_crime_that_does_not_add_up_is_refused(crime_files: Path, old: str, new: str, message: str) -> None:
    path = crime_files / street_crime_2025.FILES_FILE
    path.write_text(path.read_text().replace(old, new))
    with pytest.raises(SourceError, match=message):
        street_crime_2025.read(crime_files)


def test_check_totals_without_a_month_is_refused(crime_files: Path) -> None:
    counts, files = street_crime_2025.read(crime_files)
    with pytest.raises(SourceError, match="lacks a month of kent"):
        street_crime_2025.check_totals(counts.frame, files.frame.iloc[1:])


def test_read_london_of_small_file_leaves_months_without_offences_out(tmp_path: Path) -> None:
    rows = pd.DataFrame([["E01000006", "Burglary", 0, 3]], columns=["lsoa21_code", "category", "2025-01", "2025-02"])
    rows.to_csv(tmp_path / london_areas.FILE, index=False)
    assert london_areas.read(tmp_path).frame.to_numpy().tolist() == [["Burglary", "E01000006", "2025-02", 3]]
    rows.iloc[:, :2].to_csv(tmp_path / london_areas.FILE, index=False)
    with pytest.raises(SourceError, match="has no columns for months"):
        london_areas.read(tmp_path)
