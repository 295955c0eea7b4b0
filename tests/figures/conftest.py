"""Published files in small, written by the tests in the publishers' layout."""

import csv
from datetime import date
from pathlib import Path

import openpyxl  # type: ignore[import-untyped]
import pandas as pd
import pytest

from core.catalogue import Catalogue, catalogue
from core.quarters import quarter_end
from core.sources import attitude_survey, boroughs, recorded_crime, use_of_force

PUBLISHED_NAMES = {"Westminster": "City of Westminster"}


@pytest.fixture(scope="session")
def words() -> Catalogue:
    return catalogue()


def survey_rows() -> list[list[object]]:
    """One quarter before the trust question began and two after, for 32 boroughs, as the workbook has them."""
    rows: list[list[object]] = []
    for day in ("31/12/2015", "31/03/2016", "30/06/2016"):
        for measure in attitude_survey.MEASURES:
            if measure == "Trust MPS" and day == "31/12/2015":
                continue
            for borough in boroughs.NAMES:
                name = PUBLISHED_NAMES.get(borough, borough)
                if day == "30/06/2016":
                    name = name.replace("Richmond upon", "Richmond Upon")
                rows.append([day, "PAS", name, measure, 0.5600000000000001, 0.61])
    return rows


def write_workbook(folder: Path, rows: list[list[object]]) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Borough"
    sheet.append(["Date", "Survey", "Borough", "Measure", "Proportion", "MPS", None, None, None, None])
    for row in rows:
        sheet.append(row)
    sheet["I9"], sheet["J9"] = "Trust", 0.71
    london = book.create_sheet("MPS")
    london.append(["Date", "Survey", "Borough", "Measure", "Proportion"])
    for day, measure, share in dict.fromkeys((row[0], row[3], row[5]) for row in rows):
        london.append([day, "PAS", "MPS", measure, share])
    path = folder / attitude_survey.FILE
    book.save(path)
    return path


@pytest.fixture
def force_folder(tmp_path: Path, words: Catalogue) -> Path:
    """The three use-of-force files, turned back into the layout that they are published in."""
    codes = words.read_table("boroughs").set_index("borough")["gss_code"]
    for table, file in (
        ("use_of_force", use_of_force.QUARTERLY_FILE),
        ("use_of_force_2024q1", use_of_force.AFTER_FILE),
    ):
        frame = words.read_table(table)
        frame.insert(0, "quarter_end", [quarter_end(quarter).date().isoformat() for quarter in frame["quarter"]])
        frame = frame.assign(gss_code=frame["borough"].map(codes)).drop(columns="quarter")
        if table == "use_of_force_2024q1":
            outside = frame.head(1).assign(borough="Heathrow", gss_code="")
            frame = pd.concat([frame, outside])
        frame.to_csv(tmp_path / file, index=False)
    ages = words.read_table("use_of_force_ages").rename(columns={"age_recorded_as_date": "recorded_as_date_2017_11_01"})
    ages.to_csv(tmp_path / use_of_force.AGES_FILE, index=False)
    return tmp_path


@pytest.fixture
def crime_folder(tmp_path: Path, words: Catalogue) -> Path:
    """Months from December 2013 to August 2014: one too early, two full quarters, two months of a third."""
    codes = words.read_table("boroughs").set_index("borough")["gss_code"]
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


def change(path: Path, old: str, new: str) -> None:
    """Replace the first `old` in a file, which must be there."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
