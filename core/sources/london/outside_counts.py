"""Counts of use-of-force records that others published, to check our table of them from outside.

The totals of the police force are the Home Office's. Those of April to June 2017 were printed when the Metropolitan
Police first released figures, and the total of 2017-18 in October 2018; no file of these is published, so they are
listed here.
"""

from pathlib import Path

import pandas as pd

from core.sources.files.cells import SourceError, Tidy, read_csv, refuse_repeats
from core.sources.london.boroughs import LONDON
from core.sources.london.force.use_of_force import MPS_USE_OF_FORCE
from core.tables.schema import OGL, Field, Source, Table

FILE = "home_office_use_of_force_reports_by_force_2017-18_2019-20.csv"
FORCE = "Metropolitan"
HOME_OFFICE, FIRST_RELEASE, LATER = "Home Office", "First release, 2017", "Printed in October 2018"
PRINTED = (
    (FIRST_RELEASE, LONDON, "2017Q2", 12_605),
    (FIRST_RELEASE, "Westminster", "2017Q2", 965),
    (FIRST_RELEASE, "Hillingdon", "2017Q2", 445),
    (FIRST_RELEASE, "Brent", "2017Q2", 420),
    (FIRST_RELEASE, "Harrow", "2017Q2", 221),
    (LATER, LONDON, "2017-18", 62_153),
)

POLICE_STATISTICS = Source(
    "Police use of force statistics, England and Wales, 2017-18 to 2019-20",
    "Home Office",
    "https://www.gov.uk/government/collections/police-use-of-force-statistics",
    OGL,
    "Source: Home Office, police use of force statistics, licensed under the Open Government Licence v3.0.",
)
TABLE = Table(
    "force_outside",
    "force_outside.csv",
    "Use-of-force records as others counted them",
    "One row per publication, area and period, to hold against the records of this app.",
    (POLICE_STATISTICS, MPS_USE_OF_FORCE),
    (
        Field("publication", "string", "Publication", "Where the count was published.", "key"),
        Field("area", "string", "Area", "London as a whole, or a borough.", "key"),
        Field(
            "period",
            "string",
            "Period",
            "A quarter, such as 2017Q2, or a year from April to March, such as 2017-18.",
            "key",
            pattern=r"^\d{4}(Q[1-4]|-\d{2})$",
        ),
        Field(
            "published",
            "integer",
            "Published count",
            "Use-of-force records (the Home Office: reports) of the Metropolitan Police.",
            "context",
            unit="records",
            caveat="London as a whole has records outside the boroughs too.",
            minimum=0,
        ),
    ),
    "The Metropolitan Police's rows of the Home Office's table, and counts that were printed in 2017 and 2018.",
)


def read(folder: Path) -> Tidy:
    """The published counts as a table.

    Raises
    ------
    SourceError
        If the file of the Home Office is missing or has no row of the Metropolitan Police.
    """
    reports = read_csv(folder, FILE, ["force", "year"], ["use_of_force_reports"])
    ours = reports[reports["force"] == FORCE]
    if ours.empty:
        raise SourceError(f"{FILE} has no row with the force {FORCE}; use the file that has all forces.")
    refuse_repeats(ours, ["year"], FILE)
    totals = pd.DataFrame(
        {"publication": HOME_OFFICE, "area": LONDON, "period": ours["year"], "published": ours["use_of_force_reports"]}
    )
    printed = pd.DataFrame(PRINTED, columns=TABLE.columns)
    return Tidy(TABLE, pd.concat([totals, printed], ignore_index=True), (FILE, "core/sources/london/outside_counts.py"))
