"""What the London study reported, one finding per row, to be computed again and compared."""

from pathlib import Path

import pandas as pd

from core.sources.reading import Tidy, read_csv, refuse_repeats
from core.tables import Field, Source, Table

FILE = "published_findings.csv"
TOPICS = ("amount", "outcomes", "ages", "forecast", "policy", "data")

STUDY = Source(
    "Study of use of force and public trust in London boroughs (DC2-GRP22)",
    "The authors of the study",
    "",
    None,
    "Findings quoted from the study DC2-GRP22, for comparison.",
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


def read(folder: Path) -> Tidy:
    """The findings that the study reported, numbers and words apart."""
    frame = read_csv(folder, FILE, ["id", "topic", "quantity", "value", "note"])
    refuse_repeats(frame, TABLE.key, FILE)
    reported = frame["value"].str.strip()
    number = pd.to_numeric(reported, errors="coerce")
    frame["value"] = number
    frame["decimals"] = reported.where(number.notna()).map(_decimals, na_action="ignore").astype("Int64")
    frame["text"] = reported.where(number.isna())
    frame["note"] = frame["note"].where(frame["note"] != "")
    return Tidy(TABLE, frame[TABLE.columns], (FILE,))


def _decimals(number: str) -> int:
    """Decimals that are written out in `number`: 4 in ``-0.0441``, 8 in ``-5.579e-05``."""
    digits, _, exponent = number.lower().partition("e")
    return max(0, len(digits.partition(".")[2]) - int(exponent or 0))
