"""The findings that the studies reported, one per row, to be replicated and compared."""

from dataclasses import replace
from pathlib import Path

import pandas as pd

from core.sources.files.cells import Tidy, read_csv, refuse_repeats
from core.tables.schema import Field, Source, Table

FILE = "published_findings.csv"
TOPICS = ("amount", "outcomes", "ages", "forecast", "policy", "data")
CRIME_TOPICS = ("deprivation", "rates", "types", "bicycle theft")
# The crime study printed numbers at full precision; the last digits depend on the order of summation.
CRIME_DECIMALS = 6

STUDY = Source(
    "Study of use of force and public trust in London boroughs (DC2-GRP22)",
    "The authors of the study",
    "",
    None,
    "Findings quoted from the study DC2-GRP22, for comparison.",
)
CRIME_STUDY = Source(
    "Study of crime and deprivation in the West Midlands, 2019 (notebook)",
    "The authors of the study",
    "",
    None,
    "Findings quoted from the study of crime and deprivation in the West Midlands, for comparison.",
)
TABLE = Table(
    "published_findings",
    "published_findings.csv",
    "What the study reported",
    "One row per finding of the study that this app computes again.",
    (STUDY,),
    (
        Field("id", "string", "Finding", "Short name of the finding.", "key", pattern=r"^[a-z0-9-]+$"),
        Field("topic", "string", "Topic", "Question that the finding belongs to.", "context", enum=TOPICS),
        Field("quantity", "string", "Quantity", "What was reported.", "context"),
        Field(
            "value",
            "number",
            "Reported number",
            "The number as reported; empty where the finding is in words.",
            "context",
            required=False,
        ),
        Field(
            "decimals",
            "integer",
            "Decimals reported",
            "Decimals to which the number was reported, so how closely a new one can be compared.",
            "context",
            required=False,
            minimum=0,
        ),
        Field(
            "text",
            "string",
            "Reported in words",
            "The finding in words; empty where it is a number.",
            "context",
            required=False,
        ),
        Field("note", "string", "Note", "How the study came to it or what it said.", "context", required=False),
    ),
    "Numbers and words set in columns of their own.",
)


CRIME_TABLE = replace(
    TABLE,
    name="crime_findings",
    file="crime_findings.csv",
    title="What the study of crime and deprivation reported",
    sources=(CRIME_STUDY,),
    fields=tuple(replace(field, enum=CRIME_TOPICS) if field.name == "topic" else field for field in TABLE.fields),
    changes=f"{TABLE.changes} Numbers printed in full are compared to {CRIME_DECIMALS} decimals.",
)


def read(folder: Path) -> Tidy:
    """The findings that the London study reported, numbers and text separated."""
    return _read(folder, TABLE, "topic")


def read_crime(folder: Path) -> Tidy:
    """The findings that the study of crime and deprivation reported, numbers and text separated."""
    tidy = _read(folder, CRIME_TABLE, "question")
    return replace(tidy, frame=tidy.frame.assign(decimals=tidy.frame["decimals"].clip(upper=CRIME_DECIMALS)))


def _read(folder: Path, table: Table, topic: str) -> Tidy:
    frame = read_csv(folder, FILE, ["id", topic, "quantity", "value", "note"]).rename(columns={topic: "topic"})
    refuse_repeats(frame, table.key, FILE)
    reported = frame["value"].str.strip()
    number = pd.to_numeric(reported, errors="coerce")
    frame["value"] = number
    frame["decimals"] = reported.where(number.notna()).map(_decimals, na_action="ignore").astype("Int64")
    frame["text"] = reported.where(number.isna())
    frame["note"] = frame["note"].where(frame["note"] != "")
    return Tidy(table, frame[table.columns], (FILE,))


def _decimals(number: str) -> int:
    """Number of decimals in `number`: 4 in ``-0.0441``, 8 in ``-5.579e-05``."""
    digits, _, exponent = number.lower().partition("e")
    return max(0, len(digits.partition(".")[2]) - int(exponent or 0))
