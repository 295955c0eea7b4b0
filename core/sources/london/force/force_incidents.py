"""Incidents of force by borough and month, April 2023 to March 2024: Taser, firearms, officer-perceived ethnicity.

A public repository counted distinct dates, times and boroughs of the workbook of that year and kept the attributes of
one record of each. They are no continuation of the records of :mod:`core.sources.london.force.use_of_force`: an
incident leaves about 1.1 records, and they are never put into one series with them.
"""

from dataclasses import replace
from pathlib import Path

import pandas as pd

from core.sources.files.cells import SourceError, Tidy, cell_reference, read_csv, refuse_repeats
from core.sources.london.boroughs import BOROUGH, borough_names, check_codes
from core.sources.london.force.use_of_force import AS_PERCEIVED, MPS_USE_OF_FORCE, NOT_BOROUGHS
from core.tables.schema import Field, Table

FILE = "use_of_force_incidents_borough_month_2023-04_2024-03.csv"
MONTH_PATTERN = r"^\d{4}-(0[1-9]|1[0-2])$"
ONE_KEPT = "Read off the one record that was kept of each incident, so an undercount."

MONTH = Field("month", "string", "Month", "Calendar month: 2023-04 is April 2023.", "key", pattern=MONTH_PATTERN)
INCIDENTS = Field(
    "incidents",
    "integer",
    "Incidents of force",
    "Distinct dates, times and boroughs of use-of-force records.",
    "context",
    unit="incidents per month",
    caveat="Two incidents in the same minute and borough count as one. One incident can leave several records.",
    minimum=0,
)


def _part(name: str, title: str, description: str, caveat: str) -> Field:
    return replace(INCIDENTS, name=name, label=title, definition=description, caveat=caveat)


WEAPONS = {
    "with_ced": _part("incidents_taser", "Taser used", "Incidents whose record says that a Taser was used.", ONE_KEPT),
    "with_firearm_aimed": _part(
        "incidents_firearm", "Firearm aimed", "Incidents whose record says that a firearm was aimed.", ONE_KEPT
    ),
}
GROUPS = {
    f"subject_{key}": _part(f"incidents_{key}", label, f"Incidents whose record says so: {label}.", AS_PERCEIVED)
    for key, label in {
        "asian": "Asian",
        "black": "Black",
        "chinese": "Chinese",
        "mixed": "Mixed",
        "white": "White",
        "other": "Other",
        "not_known": "Not known",
    }.items()
}
PUBLISHED = {"distinct_date_time_borough": INCIDENTS} | WEAPONS | GROUPS
TABLE = Table(
    "force_incidents",
    "force_incidents.csv",
    "Incidents of force, by borough and month, April 2023 to March 2024",
    "One row per borough and month. Not a continuation of the records by quarter: the two count different things.",
    (MPS_USE_OF_FORCE,),
    (BOROUGH, MONTH, *PUBLISHED.values()),
    "Counted from the yearly workbook of the Metropolitan Police Service by a public repository under the MIT licence. "
    "Heathrow and incidents outside the force's area left out.",
)


def read(folder: Path) -> Tidy:
    """Incidents by borough and month.

    Raises
    ------
    SourceError
        If the file is not as expected, or the ethnic groups of a row do not add up to its incidents.
    """
    rows = read_csv(folder, FILE, ["month", "borough", "gss_code"], [*PUBLISHED])
    outside = rows[rows["borough"].isin(NOT_BOROUGHS)]
    rows = rows.drop(outside.index)
    rows["borough"] = borough_names(rows["borough"], FILE)
    check_codes(rows, FILE)
    refuse_repeats(rows, ["borough", "month"], FILE)
    _check_groups(rows)
    counts = outside.groupby("borough")["distinct_date_time_borough"].sum()
    dropped = tuple(f"{name}: not a borough ({count:,} incidents)" for name, count in counts.items())
    named = rows.rename(columns={published: field.name for published, field in PUBLISHED.items()})
    return Tidy(TABLE, named[TABLE.columns], (FILE,), dropped)


def _check_groups(rows: pd.DataFrame) -> None:
    differ = rows.index[rows[[*GROUPS]].sum(axis=1) != rows["distinct_date_time_borough"]]
    if len(differ):
        raise SourceError(
            f"{cell_reference(FILE, differ[0])}: the ethnic groups do not add up to the incidents; correct the row."
        )
