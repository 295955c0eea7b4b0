"""Published files in small, written by the tests in the publishers' layout."""

import csv
import gzip
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from core.sources.london import published_findings, recorded_crime
from core.sources.london.force import use_of_force
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
from core.tables.quarters import quarter_end


@pytest.fixture
def force_folder(tmp_path: Path, catalogue: Catalogue) -> Path:
    """The three use-of-force files, turned back into the layout that they are published in."""
    codes = catalogue.read_table("boroughs").set_index("borough")["gss_code"]
    for table, file in (
        ("use_of_force", use_of_force.QUARTERLY_FILE),
        ("use_of_force_2024q1", use_of_force.AFTER_FILE),
    ):
        frame = catalogue.read_table(table)
        frame.insert(0, "quarter_end", [quarter_end(quarter).date().isoformat() for quarter in frame["quarter"]])
        frame = frame.assign(gss_code=frame["borough"].map(codes)).drop(columns="quarter")
        if table == "use_of_force_2024q1":
            outside = frame.head(1).assign(borough="Heathrow", gss_code="")
            frame = pd.concat([frame, outside])
        frame.to_csv(tmp_path / file, index=False)
    ages = catalogue.read_table("use_of_force_ages").rename(
        columns={"age_recorded_as_date": "recorded_as_date_2017_11_01"}
    )
    ages.to_csv(tmp_path / use_of_force.AGES_FILE, index=False)
    return tmp_path


@pytest.fixture
def crime_folder(tmp_path: Path, catalogue: Catalogue) -> Path:
    """Months from December 2013 to August 2014: one too early, two full quarters, two months of a third."""
    codes = catalogue.read_table("boroughs").set_index("borough")["gss_code"]
    months = [date(2013, 12, 1), *(date(2014, month, 1) for month in range(1, 9))]
    areas = [*codes.items(), (recorded_crime.NOT_A_BOROUGH, "")]
    with (tmp_path / recorded_crime.FILE).open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["month", "borough", *recorded_crime.TYPES, recorded_crime.PUBLISHED_TOTAL, "gss_code"])
        for month in months:
            for name, code in areas:
                counts = [month.month] * len(recorded_crime.TYPES)
                writer.writerow([f"{month:%Y-%m}", name, *counts, sum(counts), code])
    return tmp_path


@pytest.fixture
def crime_study_folder(tmp_path: Path, catalogue: Catalogue) -> Path:
    """The files of the West Midlands and of England, in their layouts, as if England were the West Midlands only."""
    folder = tmp_path / "published"
    folder.mkdir()
    codes = catalogue.read_table("districts").set_index("district")["lad19_code"]
    areas = catalogue.read_table("lsoas").assign(
        lad19_code=lambda rows: rows["district"].map(codes), lad19_name=lambda rows: rows["district"]
    )
    _write_counts(folder, areas, catalogue)
    _write_deprivation_and_residents(folder, areas, catalogue)
    _write_places(folder, catalogue)
    findings = catalogue.read_table("crime_findings").rename(columns={"topic": "question"})
    findings = findings.assign(
        value=findings["value"].astype(object).where(findings["value"].notna(), findings["text"])
    )
    findings.to_csv(folder / published_findings.FILE, index=False)
    shapes = catalogue.path("lsoa_shapes").read_text(encoding="utf-8")
    (folder / lsoa_boundaries.STUDIED_FILE).write_text(shapes, encoding="utf-8")
    (folder / lsoa_boundaries.ENGLAND_FILE).write_bytes(gzip.compress(shapes.encode()))
    return folder


def _write_counts(folder: Path, areas: pd.DataFrame, catalogue: Catalogue) -> None:
    columns = {name: column for column, name in street_crime_2019.COUNTED_TYPES.items()}
    counts = catalogue.read_table("lsoa_crime").pivot(index="lsoa11_code", columns="crime_type", values="records")
    rows = areas.merge(counts.rename(columns=columns).assign(crimes_total=counts.sum(axis=1)), on="lsoa11_code")
    rows = rows.rename(columns={"longitude": "lon", "latitude": "lat"})
    first = ["lsoa11_code", "lsoa11_name", "lad19_code", "lad19_name", "lon", "lat", "crimes_total"]
    rows[[*first, *columns.values()]].to_csv(folder / street_crime_2019.LSOA_FILE, index=False)
    by_district = catalogue.read_table("district_crime").rename(columns={"records": "count"})
    by_district.replace("IMD under 5", "IMD<5").to_csv(folder / street_crime_2019.DISTRICT_FILE, index=False)
    shares = catalogue.read_table("two_lsoas_crime").rename(columns={"records_total": "crimes_total"})
    shares["share_percent_published"] = (shares.pop("share") * 100).round(1)
    shares.to_csv(folder / street_crime_2019.SHARES_FILE, index=False)


def _write_deprivation_and_residents(folder: Path, areas: pd.DataFrame, catalogue: Catalogue) -> None:
    names = {"imd_score": "imd19_score", "imd_rank": "imd19_rank", "imd_decile": "imd19_decile"}
    names |= {"imd_score_without_crime": "imd19_score_without_crime_domain", "residents_16_24": "pop_mid2019_16_24"}
    rows = areas.rename(columns=names).assign(
        total_population=areas["residents"].astype(float), pop_mid2019=areas["residents"].astype(float)
    )
    rows = rows.assign(lsoa21_code=rows["lsoa11_code"], change_code="U")
    england = ["lsoa11_code", "lsoa11_name", "lad19_code", "lad19_name", "imd19_score", "imd19_rank", "imd19_decile"]
    without = ["lsoa11_code", "imd19_score", "imd19_score_without_crime_domain"]
    rows[england].to_csv(folder / lsoa_deprivation.FILE, index=False)
    rows[without].to_csv(folder / lsoa_deprivation.WITHOUT_CRIME_FILE, index=False)
    rows[["lsoa11_code", "total_population"]].to_csv(folder / lsoa_population.FILE, index=False)
    rows[["lsoa11_code", "pop_mid2019", "pop_mid2019_16_24"]].to_csv(folder / lsoa_population.YOUNG_FILE, index=False)
    rows[["lsoa11_code", "change_code", "lsoa21_code"]].to_csv(folder / lsoa_lookup.FILE, index=False)
    published = ["ltla19_name", "ltla19_code", "pop_mid2019", "pop_census2011"]
    catalogue.read_table("districts").set_axis(published, axis="columns").to_csv(folder / districts.FILE, index=False)


def _write_places(folder: Path, catalogue: Catalogue) -> None:
    codes = {place.place: place.code for place in places.PLACES}
    rows = catalogue.read_table("places").assign(code=lambda rows: rows["place"].map(codes))
    rows = rows[rows["code"] != ""]
    campuses = rows[rows["kind"] == places.UNIVERSITY].rename(columns={"code": "ukprn"})
    campuses[["ukprn", "latitude", "longitude"]].to_csv(folder / places.UNIVERSITIES_FILE, index=False)
    hospitals = rows[rows["kind"] == places.HOSPITAL].set_axis(
        ["place", "kind", "district", "Longitude", "Latitude", "note", "OrganisationCode"], axis="columns"
    )
    hospitals[["OrganisationCode", "Latitude", "Longitude"]].to_csv(folder / places.HOSPITALS_FILE, index=False)


def change(path: Path, old: str, new: str) -> None:
    """Replace the first `old` in a file, which must be there and may be packed."""
    content = path.read_bytes()
    text = (gzip.decompress(content) if path.suffix == ".gz" else content).decode()
    assert old in text
    changed = text.replace(old, new, 1).encode()
    path.write_bytes(gzip.compress(changed) if path.suffix == ".gz" else changed)
