"""The figures of the West Midlands study and of England: known numbers, checks, and what is refused."""

import gzip
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from core.build.__main__ import main
from core.build.england import DATASET as ENGLAND
from core.build.england import read_england_2011
from core.build.west_midlands import DATASET as WEST_MIDLANDS
from core.build.west_midlands import read_west_midlands
from core.sources.files.cells import SourceError
from core.sources.small_areas import (
    districts,
    lsoa_boundaries,
    lsoa_deprivation,
    lsoa_lookup,
    lsoa_population,
    places,
    street_crime_2019,
)
from core.tables.catalogue import Catalogue
from core.tables.geometry import contains, shape_of
from tests.sources.conftest import change

RECORDS = 295_541
RANKS = 32_844


@pytest.fixture(scope="module")
def areas(catalogue: Catalogue) -> pd.DataFrame:
    """The neighbourhoods with their records of all types."""
    totals = catalogue.read_table("lsoa_crime").groupby("lsoa11_code")["records"].sum()
    return catalogue.read_table("lsoas").assign(records=lambda rows: rows["lsoa11_code"].map(totals))


@pytest.mark.parametrize("where", ["all", "birmingham", "coventry", "solihull", "sandwell", "walsall", "wolverhampton"])
def test_lsoa_crime_r_squared_agrees_with_the_published_one(
    where: str, areas: pd.DataFrame, catalogue: Catalogue
) -> None:
    printed = catalogue.read_table("crime_findings").set_index("id").loc[f"r2-{where}", "value"]
    rows = areas if where == "all" else areas[areas["district"] == where.capitalize()]
    assert stats.linregress(rows["imd_score"], rows["records"]).rvalue ** 2 == pytest.approx(printed, abs=1e-6)


def test_crime_findings_have_seven_values_of_r_squared(catalogue: Catalogue) -> None:
    findings = catalogue.read_table("crime_findings")
    assert findings["value"].notna().sum() == findings["id"].str.startswith("r2-").sum() == 7


def test_lsoa_crime_and_district_crime_count_the_same_records(areas: pd.DataFrame, catalogue: Catalogue) -> None:
    by_area = catalogue.read_table("district_crime").pivot(index="area", columns="crime_type", values="records")
    low = by_area.loc["IMD under 5"]
    by_area = by_area.drop("IMD under 5")
    assert areas["records"].sum() == by_area.to_numpy().sum() == RECORDS
    assert areas.groupby("district")["records"].sum().to_dict() == by_area.sum(axis=1).to_dict()
    assert areas.loc[areas["imd_score"] < 5, "records"].sum() == low.sum() == 3528
    types = catalogue.read_table("lsoa_crime").merge(areas[["lsoa11_code", "district", "imd_score"]])
    for name in ("Anti-social behaviour", "Bicycle theft", "Vehicle crime"):
        rows = types[types["crime_type"] == name]
        assert rows.groupby("district")["records"].sum().to_dict() == by_area[name].to_dict()
        assert rows.loc[rows["imd_score"] < 5, "records"].sum() == low[name]


def test_lsoas_of_study_area_are_complete(areas: pd.DataFrame, catalogue: Catalogue) -> None:
    assert len(areas) == areas["lsoa11_code"].nunique() == areas["lsoa11_name"].nunique() == 1680
    assert areas["msoa11_name"].nunique() < 1680 / 4
    assert set(areas.loc[areas["msoa11_name"] == "Birmingham 138", "lsoa11_name"]) >= {"Birmingham 138A"}
    assert (areas["residents_16_24"] < areas["residents"]).all()
    residents = catalogue.read_table("districts").set_index("district")["residents"]
    assert areas.groupby("district")["residents"].sum().to_dict() == residents.to_dict()
    assert stats.spearmanr(areas["imd_score"], areas["imd_score_without_crime"]).statistic > 0.99


def test_two_lsoas_crime_shares_agree_with_their_records(areas: pd.DataFrame, catalogue: Catalogue) -> None:
    shares = catalogue.read_table("two_lsoas_crime")
    assert shares.groupby("lsoa11_name")["share"].sum().to_dict() == pytest.approx(
        {"Birmingham 138A": 1.003, "Solihull 009A": 1.001}
    )
    totals = areas.set_index("lsoa11_name")["records"]
    assert (shares["records_total"] == shares["lsoa11_name"].map(totals)).all()


def test_places_lie_in_their_district_only(catalogue: Catalogue) -> None:
    features = json.loads(catalogue.path("district_shapes").read_text(encoding="utf-8"))["features"]
    shapes = {feature["properties"]["district"]: shape_of(feature["geometry"]) for feature in features}
    rows = catalogue.read_table("places")
    for district, x, y in zip(rows["district"], rows["longitude"], rows["latitude"], strict=True):
        assert [name for name, shape in shapes.items() if contains(shape, (x, y))] == [district]


def test_places_are_campuses_hospitals_and_a_centre_per_district(areas: pd.DataFrame, catalogue: Catalogue) -> None:
    rows = catalogue.read_table("places").set_index("place")
    features = json.loads(catalogue.path("lsoa_shapes").read_text(encoding="utf-8"))["features"]
    shapes = {feature["properties"]["lsoa11_code"]: shape_of(feature["geometry"]) for feature in features}
    names = areas.set_index("lsoa11_code")["lsoa11_name"]

    def neighbourhood(place: str) -> str:
        point = float(rows["longitude"][place]), float(rows["latitude"][place])
        return next(str(names[code]) for code, shape in shapes.items() if contains(shape, point))

    assert rows["kind"].value_counts().to_dict() == {
        "acute hospital": 13,
        "university campus": 10,
        "district centre": 7,
    }
    centres = rows[rows["kind"] == "district centre"]
    assert sorted(centres["district"]) == districts.NAMES
    assert neighbourhood("University of Warwick") == "Coventry 042C"
    assert neighbourhood("Birmingham city centre") == "Birmingham 138A"
    assert not any(neighbourhood(place) == "Birmingham 033F" for place in rows.index)  # the campus closed in 2018
    busy = areas.set_index("lsoa11_name")["records"].rank(pct=True)
    assert all(busy[neighbourhood(place)] > 0.95 for place in centres.index)


def test_england_lsoas_have_shape_deprivation_and_residents(catalogue: Catalogue) -> None:
    england, shapes = catalogue.read_table("england_lsoas"), catalogue.read_table("england_shapes")
    assert len(england) == RANKS
    assert england["lsoa11_code"].tolist() == shapes["lsoa11_code"].tolist()
    assert england["lad19_code"].tolist() == shapes["lad19_code"].tolist()
    assert (england["imd_score"].rank(method="min", ascending=False) - england["imd_rank"]).abs().max() <= 26
    assert england.groupby("imd_decile").size().between(3283, 3286).all()
    studied = catalogue.read_table("lsoas")
    both = studied.merge(england, on="lsoa11_code", suffixes=("", "_england"))
    for name in ("lsoa11_name", "district", "imd_score", "imd_rank", "imd_decile", "residents"):
        assert both[name].equals(both[f"{name}_england"]), name


def test_england_shapes_are_closed_rings_of_four_decimals(catalogue: Catalogue) -> None:
    rows = catalogue.read_table("england_shapes")
    for text, *middle in rows[["coordinates", "longitude", "latitude"]].iloc[::500].to_numpy():
        shape = shape_of({"type": "MultiPolygon", "coordinates": json.loads(text)})
        points = np.concatenate([ring for polygon in shape for ring in polygon])
        assert all(ring[0] == ring[-1] and len(ring) >= 4 for polygon in shape for ring in polygon)
        assert np.array_equal(points, points.round(4))
        assert (points.min(axis=0) <= middle).all()
        assert (points.max(axis=0) >= middle).all()


def test_lsoa_lookup_leads_from_each_lsoa_of_2011_to_2021(catalogue: Catalogue) -> None:
    lookup, england = catalogue.read_table("lsoa_lookup"), catalogue.read_table("england_lsoas")
    english = lookup[lookup["lsoa11_code"].str.startswith("E")]
    assert set(english["lsoa11_code"]) == set(england["lsoa11_code"])
    after, before = lookup.groupby("lsoa11_code").size(), lookup.groupby("lsoa21_code").size()
    assert (after[lookup.loc[lookup["change"].isin(["U", "M"]), "lsoa11_code"]] == 1).all()
    assert (after[lookup.loc[lookup["change"] == "S", "lsoa11_code"]] > 1).all()
    assert (before[lookup.loc[lookup["change"].isin(["U", "S"]), "lsoa21_code"]] == 1).all()
    assert (before[lookup.loc[lookup["change"] == "M", "lsoa21_code"]] > 1).all()
    names = catalogue.read_table("lsoas").set_index("lsoa11_name")["lsoa11_code"]
    for split in ("Coventry 031C", "Wolverhampton 020F"):  # the busiest of their districts
        assert lookup.loc[lookup["lsoa11_code"] == names[split], "change"].unique().tolist() == ["S"]


def test_read_west_midlands_reproduces_the_tables_of_data(crime_study_folder: Path, catalogue: Catalogue) -> None:
    tables = read_west_midlands(crime_study_folder)
    assert {tidy.table.name for tidy in tables} == {table.name for table in WEST_MIDLANDS.tables}
    for tidy in tables:
        if not tidy.table.is_shapes and tidy.table.name != "crime_findings":
            assert tidy.encoded() == catalogue.path(tidy.table.name).read_bytes(), tidy.table.name


def test_read_england_2011_reproduces_the_tables_of_data(crime_study_folder: Path, catalogue: Catalogue) -> None:
    tables = {tidy.table.name: tidy for tidy in read_england_2011(crime_study_folder)}
    assert set(tables) < {table.name for table in ENGLAND.tables}
    england = catalogue.read_table("england_lsoas")
    studied = england[england["lsoa11_code"].isin(catalogue.read_table("lsoas")["lsoa11_code"])]
    assert tables["england_lsoas"].content() == studied.to_csv(index=False)
    assert len(tables["england_shapes"].frame) == 1680


COUNTS, TYPES, SHARES = street_crime_2019.LSOA_FILE, street_crime_2019.DISTRICT_FILE, street_crime_2019.SHARES_FILE


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        (COUNTS, "vehicle_crime", "vehicles", "crime_counts_lsoa_2019.csv has no column vehicle_crime"),
        (COUNTS, "E01008881", "E01999999", "imd2019_england_lsoa11.csv.gz has no row for E01999999"),
        (COUNTS, "E01008882", "E01008881", "E01008881 is there more than once"),
        (COUNTS, ",354,40,", ",354,41,", "row 2, column crimes_total: the crime types of E01008881 do not add up"),
        (COUNTS, ",354,40,", ",many,40,", "column crimes_total: 'many' is not a number"),
        (COUNTS, "E08000025,Birmingham", "E08000025,Bromsgrove", "'Bromsgrove' is not the district 'E08000025'"),
        (TYPES, "Coventry,Bicycle theft,572", "Coventry,Bicycle theft,573", "has 573 records of 'Bicycle theft' for"),
        (
            TYPES,
            "Dudley,Drugs,339",
            "Dudley,Drugs,340",
            "'Other 11 types' for Dudley, but its neighbourhoods in .* have",
        ),
        (TYPES, "IMD<5,Vehicle crime,774", "IMD<5,Vehicle crime,775", "'Vehicle crime' for IMD under 5, but .* 774"),
        (TYPES, "Walsall,Drugs", "Walsall,Sorcery", "crime_type for Walsall, Sorcery: Sorcery must be one of"),
        (TYPES, "Solihull,Drugs,222\n", "", "has no row for Solihull, Drugs"),
        (SHARES, "21.2", "31.2", "the shares of Birmingham 138A add up to 110.3%; they must add up to about 100%"),
        (
            SHARES,
            "Bicycle theft,4707,1.1",
            "Bicycle theft,4707,1.3",
            "does not agree with crime_counts_lsoa_2019.csv for 'Birm",
        ),
        (lsoa_deprivation.FILE, "41.179", "41.180", "has another deprivation score for E01008881"),
        (lsoa_deprivation.FILE, ",3924,", ",40000,", "imd_rank for E01008881: 40000 must be at most 32844"),
        (lsoa_deprivation.WITHOUT_CRIME_FILE, "E01008881", "E01999999", "has no row for E01008881 .1 missing in all"),
        (
            lsoa_population.FILE,
            "E01008881,1733.0",
            "E01008881,1733.5",
            "total_population: 1733.5 is not a whole number",
        ),
        (lsoa_population.YOUNG_FILE, "E01008881,1733", "E01008881,1734", "another number of residents for E01008881"),
        (districts.FILE, "Dudley,E08000027,321596", "Dudley,E08000027,321597", "has 321,597 residents for Dudley, but"),
        (places.HOSPITALS_FILE, "RNA01", "RNA09", "has 0 rows for RNA01 .Russells Hall Hospital.; it must have one"),
        (places.HOSPITALS_FILE, "RNA01,52.5", "RNA01,52.1", "Russells Hall Hospital does not lie in Dudley"),
        (lsoa_boundaries.STUDIED_FILE, "E01008881", "E01999999", r"must have a shape for E01008881 \(2 wrong in all\)"),
        (lsoa_boundaries.STUDIED_FILE, '"lsoa11_code"', '"code"', "is not GeoJSON with a lsoa11_code for each area"),
    ],
)
def test_read_west_midlands_with_wrong_figures_is_refused(
    file: str, old: str, new: str, message: str, crime_study_folder: Path
) -> None:
    change(crime_study_folder / file, old, new)
    with pytest.raises(SourceError, match=message):
        read_west_midlands(crime_study_folder)


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        (
            lsoa_lookup.FILE,
            "E01008881,U",
            "E01008881,Z",
            "change for E01008881, E01008881: Z must be one of U, S, M, X",
        ),
        (lsoa_lookup.FILE, "E01008881,U", "E01999999,U", r"disagree on E01008881 \(2 in all\)"),
        (lsoa_lookup.FILE, "E01008881,U", "W01008881,U", r"disagree on E01008881 \(1 in all\)"),
        (lsoa_boundaries.ENGLAND_FILE, "E01008881", "E01000001", "must have no other shapes, such as E01000001"),
        (lsoa_population.FILE, "E01008881", "W01008881", "has no row for E01008881"),
        (lsoa_deprivation.FILE, "E08000025", "W06000001", "lad19_code for E01008881: W06000001 must match"),
    ],
)
def test_read_england_2011_with_wrong_figures_is_refused(
    file: str, old: str, new: str, message: str, crime_study_folder: Path
) -> None:
    change(crime_study_folder / file, old, new)
    with pytest.raises(SourceError, match=message):
        read_england_2011(crime_study_folder)


def test_read_west_midlands_with_shares_without_records_is_refused(crime_study_folder: Path) -> None:
    path = crime_study_folder / SHARES
    path.write_text(path.read_text().replace("Solihull 009A", "Solihull 999A"))
    with pytest.raises(SourceError, match=f"{SHARES} does not agree with {COUNTS} for 'Solihull 999A'"):
        read_west_midlands(crime_study_folder)


def test_read_england_2011_with_truncated_file_is_refused(crime_study_folder: Path) -> None:
    path = crime_study_folder / lsoa_boundaries.ENGLAND_FILE
    path.write_bytes(path.read_bytes()[:20_000])
    with pytest.raises(SourceError, match=r"is not GeoJSON with a lsoa11_code for each area .*; download it again"):
        read_england_2011(crime_study_folder)
    path.write_bytes(gzip.compress(b"not even JSON"))
    with pytest.raises(SourceError, match="is not GeoJSON"):
        read_england_2011(crime_study_folder)


def test_main_with_failed_check_changes_nothing(
    crime_study_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (crime_study_folder / lsoa_boundaries.STUDIED_FILE).write_text("{}")
    out = tmp_path / "data" / "tables"
    assert main(["west-midlands", "--sources", str(crime_study_folder), "--out", str(out)]) == 2
    assert "is not GeoJSON" in capsys.readouterr().err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["published"]
    assert main(["west-midlands", "--sources", str(tmp_path / "nowhere"), "--out", str(out)]) == 2
    assert "is not there; put the published file in that folder" in capsys.readouterr().err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["published"]
