"""Crime that the Metropolitan Police recorded, by neighbourhood of 2021 and month, in its own categories."""

import re
from dataclasses import replace
from pathlib import Path

import pandas as pd

from core.sources.files.cells import SourceError, Tidy, as_counts, find, read_csv, refuse_repeats
from core.sources.london.recorded_crime import MPS_RECORDED_CRIME
from core.sources.small_areas.areas import LSOA21_CODE
from core.tables.schema import Field, Table

FILE = "recorded_crime_lsoa21_month_2024-03_2026-02.csv.gz"
MONTH = re.compile(r"\d{4}-\d\d")
CATEGORIES = (
    "Arson and criminal damage",
    "Burglary",
    "Drug offences",
    "Miscellaneous crimes against society",
    "Possession of weapons",
    "Public order offences",
    "Robbery",
    "Theft",
    "Vehicle offences",
    "Violence against the person",
)
TABLE = Table(
    "london_area_crime",
    "london_area_crime.parquet",
    "Recorded crime in London, by neighbourhood and month",
    "One row per category, neighbourhood and month with offences, March 2024 to February 2026.",
    (MPS_RECORDED_CRIME,),
    (
        Field(
            "category",
            "string",
            "Category",
            "Kind of crime, in the categories of the Metropolitan Police.",
            "key",
            caveat="Not the types of police.uk, and without anti-social behaviour: never added to those.",
            enum=CATEGORIES,
        ),
        replace(LSOA21_CODE, references="areas"),
        Field("month", "string", "Month", "Calendar month.", "key", pattern=r"^\d{4}-\d\d$"),
        Field(
            "offences",
            "integer",
            "Offences",
            "Offences that the Metropolitan Police recorded in the neighbourhood.",
            "outcome",
            unit="offences per month",
            caveat="About 98% of the borough totals: sexual offences and fraud are not given for neighbourhoods.",
            minimum=1,
        ),
    ),
    "Months of a row made rows of their own; those without offences left out.",
)


def read(folder: Path) -> Tidy:
    """Offences by category, neighbourhood and month.

    Raises
    ------
    SourceError
        If the file is not as expected, or has no months.
    """
    months = _months(find(folder, FILE))
    frame = read_csv(folder, FILE, ["lsoa21_code", "category"], months)
    refuse_repeats(frame, ["lsoa21_code", "category"], FILE)
    rows = frame.melt(["lsoa21_code", "category"], months, "month", "offences")
    rows["offences"] = as_counts(rows["offences"], FILE)
    return Tidy(TABLE, rows.loc[rows["offences"] > 0, TABLE.columns].reset_index(drop=True), (FILE,))


def _months(path: Path) -> list[str]:
    columns = pd.read_csv(path, nrows=0).columns
    months = [name for name in columns if MONTH.fullmatch(name)]
    if not months:
        raise SourceError(f"{FILE} has no columns for months such as 2025-01; the layout has changed.")
    return months
