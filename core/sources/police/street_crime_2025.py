"""Street-level crime of 2025, counted by force, neighbourhood of 2021 and type, and how much of it has no place."""

from dataclasses import replace
from pathlib import Path

import pandas as pd

from core.sources.files.cells import SourceError, Tidy, as_counts, read_csv, refuse_repeats
from core.sources.small_areas.areas import LSOA21_CODE
from core.sources.small_areas.small_areas import ENGLISH_OR_WELSH
from core.sources.small_areas.street_crime_2019 import CRIME_TYPE
from core.tables.schema import OGL, Field, Source, Table

FILE = "street_crime_counts_2025_force_lsoa21_type.csv.gz"
FILES_FILE = "street_2025_file_statistics.csv"
YEAR = "2025"
MONTHS = tuple(f"{YEAR}-{month:02}" for month in range(1, 13))
# The publisher's names of the forces in the files. Without the Metropolitan, West Midlands, West Yorkshire, Greater
# Manchester, Thames Valley, and Avon and Somerset, whose year is not there or not whole.
ENGLISH_FORCES = (
    *("bedfordshire", "cambridgeshire", "cheshire", "city-of-london", "cleveland", "cumbria", "derbyshire"),
    *("devon-and-cornwall", "dorset", "durham", "essex", "gloucestershire", "hampshire", "hertfordshire"),
    *("humberside", "kent", "lancashire", "leicestershire", "lincolnshire", "merseyside", "norfolk"),
    *("north-yorkshire", "northamptonshire", "northumbria", "nottinghamshire", "south-yorkshire", "staffordshire"),
    *("suffolk", "surrey", "sussex", "warwickshire", "west-mercia", "wiltshire"),
)
WELSH_FORCES = ("dyfed-powys", "gwent", "north-wales", "south-wales")

POLICE_UK_2025 = Source(
    "Street-level crime of 37 forces of England and Wales, 2025",
    "Police.uk",
    "https://data.police.uk",
    OGL,
    "Source: data.police.uk, street-level crime recorded in 2025. "
    "Contains public sector information licensed under the Open Government Licence v3.0.",
)
FORCE = Field(
    "force",
    "string",
    "Police force",
    "Name of the force in the publisher's file names, such as devon-and-cornwall.",
    "key",
    enum=(*ENGLISH_FORCES, *WELSH_FORCES),
)
COUNTS = Table(
    "street_crime_2025",
    "street_crime_2025.parquet",
    "Street-level crime 2025, by neighbourhood",
    "One row per force, neighbourhood and crime type with records; also those outside the force's own area.",
    (POLICE_UK_2025,),
    (
        FORCE,
        replace(LSOA21_CODE, pattern=ENGLISH_OR_WELSH),
        CRIME_TYPE,
        Field(
            "records_2025",
            "integer",
            "Recorded crime 2025",
            "Crimes and incidents of anti-social behaviour in 2025 that the force recorded and placed in the area.",
            "outcome",
            unit="records in 2025",
            caveat="Counts what is reported and recorded, which is not all crime. The police publish each record at "
            "the nearest of a fixed list of points, such as the middle of a street or a shopping centre.",
            minimum=1,
        ),
    ),
    "Counted from the monthly files; records without a neighbourhood left out.",
)
FILES = Table(
    "street_crime_files_2025",
    "street_crime_files_2025.csv",
    "Files of street-level crime 2025",
    "One row per force and month: records in the file, and how many have no neighbourhood or no identifier.",
    (POLICE_UK_2025,),
    (
        FORCE,
        Field("month", "string", "Month", "Calendar month.", "key", pattern=rf"^{YEAR}-\d\d$"),
        Field("rows", "integer", "Records in the file", "Records in the file.", "context", "records", minimum=0),
        Field(
            "no_lsoa",
            "integer",
            "Records without neighbourhood",
            "Records that the police could not place.",
            "context",
            "records",
            minimum=0,
        ),
        Field(
            "no_id",
            "integer",
            "Records without identifier",
            "Records without an identifier; anti-social behaviour never has one.",
            "context",
            "records",
            minimum=0,
        ),
        Field(
            "dup_ids",
            "integer",
            "Repeated identifiers",
            "Records whose identifier another record has too.",
            "context",
            "records",
            minimum=0,
        ),
    ),
)


def read(folder: Path) -> tuple[Tidy, Tidy]:
    """Records by force, neighbourhood and type, and the statistics of the files they were counted from.

    Raises
    ------
    SourceError
        If a file is not as expected, a force lacks a month, or the two files do not hold the same records.
    """
    counts, files = _counts(folder), _files(folder)
    check_totals(counts.frame, files.frame)
    return counts, files


def check_totals(counts: pd.DataFrame, files: pd.DataFrame) -> None:
    """Raise :class:`SourceError` unless each force has every month, and as many placed records as its files say."""
    months = files.groupby("force")["month"].nunique()
    if (months != len(MONTHS)).any():
        raise SourceError(f"{FILES_FILE} lacks a month of {months.idxmin()}; leave the force out of both files.")
    sums = files.groupby("force")[["rows", "no_lsoa"]].sum()
    placed = (sums["rows"] - sums["no_lsoa"]).sub(counts.groupby("force")["records_2025"].sum(), fill_value=-1)
    if (placed != 0).any():
        raise SourceError(
            f"{FILE} and {FILES_FILE} disagree on {placed.abs().idxmax()} by {placed.abs().max():,.0f} records; "
            "use files of one count."
        )


def _counts(folder: Path) -> Tidy:
    frame = read_csv(folder, FILE, ["force", "lsoa21_code", "crime_type"], ["records"])
    refuse_repeats(frame, COUNTS.key, FILE)
    frame["records_2025"] = as_counts(frame["records"], FILE)
    return Tidy(COUNTS, frame[COUNTS.columns], (FILE,))


def _files(folder: Path) -> Tidy:
    numbers = ["rows", "no_lsoa", "no_id", "dup_ids"]
    frame = read_csv(folder, FILES_FILE, ["force", "month"], numbers)
    refuse_repeats(frame, FILES.key, FILES_FILE)
    whole = frame.assign(**{name: as_counts(frame[name], FILES_FILE) for name in numbers})
    return Tidy(FILES, whole[FILES.columns], (FILES_FILE,))
