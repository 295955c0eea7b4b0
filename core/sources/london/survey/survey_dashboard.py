"""Reads the survey after 2023, as it stands on MOPAC's public dashboard: one row for each area, quarter and measure.

The workbook (:mod:`core.sources.london.survey.survey_workbook`) is used for the quarters to the end of 2023. A row
before then is refused, because the dashboard gives some of them shifted by a quarter (Newham, treat everyone fairly, up
to 2021).
"""

from pathlib import Path

import pandas as pd

from core.sources.files.cells import SourceError, Tidy, as_quarters, as_shares, cell_reference, read_csv, refuse_repeats
from core.sources.files.tables import plain
from core.sources.london.boroughs import borough_names, check_codes
from core.sources.london.survey.attitude_survey import BOROUGHS, LONDON
from core.sources.london.survey.survey_workbook import (
    ALL_LONDON,
    BOROUGH,
    DECIMALS,
    KNOWN,
    MEASURE,
    SHARE,
    measures_across,
)

FILE = "pas_trust_confidence_borough_2024Q1_2026Q1.csv"
FIRST_QUARTER = "2024Q1"


def read(folder: Path) -> tuple[Tidy, Tidy]:
    """The survey from January 2024 on, by borough and for London.

    Raises
    ------
    SourceError
        If the file is missing, has a quarter before 2024 or an unknown measure, or a figure is missing or impossible.
    """
    rows = read_csv(folder, FILE, ["quarter_end", "borough", "gss_code", "measure", "share"])
    rows = rows.assign(
        quarter=as_quarters(rows["quarter_end"], FILE),
        **{MEASURE: rows["measure"].map(plain).map(KNOWN), SHARE: as_shares(rows["share"], FILE).round(DECIMALS)},
    )
    _check(rows)
    is_london = rows["borough"] == ALL_LONDON
    boroughs = rows[~is_london].copy()
    boroughs["borough"] = borough_names(boroughs["borough"], FILE)
    check_codes(boroughs, FILE)
    return (
        measures_across(boroughs.rename(columns={"borough": BOROUGH}), [BOROUGH, "quarter"], BOROUGHS, FILE),
        measures_across(rows[is_london], ["quarter"], LONDON, FILE),
    )


def _check(rows: pd.DataFrame) -> None:
    faults = {
        "quarter_end": (
            rows["quarter"] < FIRST_QUARTER,
            f"lies before {FIRST_QUARTER}, where the workbook is used; leave the row out",
        ),
        "measure": (
            rows[MEASURE].isna(),
            "is not a known measure; declare it in core/sources/london/survey/attitude_survey.py",
        ),
        "share": (rows[SHARE].isna(), "is not a figure; enter one or leave the row out"),
    }
    for column, (wrong, why) in faults.items():
        if wrong.any():
            first = rows.index[wrong][0]
            raise SourceError(f"{cell_reference(FILE, first, column)}: {rows.loc[first, column]!r} {why}.")
    refuse_repeats(rows, ["borough", "quarter", MEASURE], FILE)
