"""Invented use-of-force records whose totals are set, in yearly workbooks of the published layout.

Every figure but the totals is drawn at random from a seed, so nothing in them says anything about a real record.
"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import time, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from core.sources.london.force.use_of_force import OUTCOMES
from core.tables.quarters import quarter_end
from tests.sources.workbooks.layout import FILLED, headings
from tests.sources.workbooks.xlsx import PLAIN, Row, Style, write_xlsx

ANSWERS = ("No", "Yes")
FLAGS = {
    "arrested": "Outcome: Arrested",
    "hospitalised": "Outcome: Hospitalised",
    "detained_mental_health_act": "Outcome: Detained - Mental Health Act",
    "other_outcome": "Outcome: Other",
}
SPOILED, SPOILED_UNTIL = "2017-11-01 00:00:00", "2018Q1"
BANDS: Mapping[str, tuple[tuple[str, float], ...]] = {
    "age_under_18": (("0-10", 0.02), ("11-17", 0.98)),
    "age_18_34": (("18-34", 1.0),),
    "age_35_49": (("35-49", 1.0),),
    "age_50_plus": (("50-64", 0.8), ("65 and over", 0.2)),
}
GENDERS, GENDER_SHARES = ("Male", "Female", "Other", "Unknown"), (0.82, 0.16, 0.01, 0.01)
GROUPS = ("White", "Black (or Black British)", "Asian (or Asian British)", "Mixed", "Chinese", "Don't Know")
GROUP_SHARES = (0.45, 0.34, 0.1, 0.04, 0.01, 0.06)
OTHER_FILLED = [name for name in FILLED if name.startswith(("Incident Location", "Impact", "Reason", "Staff"))]


@dataclass(frozen=True)
class Layout:
    """How a year is written.

    Parameters
    ----------
    dates
        ``"real"`` dates, or their text written ``"dd/mm/yyyy"`` or ``"iso"``.
    drifted
        Whether headings are those of another year.
    title_rows
        Rows above the headings.
    only
        Columns that are written; empty for all 271.
    style
        How the workbook's XML is written.
    """

    dates: str = "real"
    drifted: bool = False
    title_rows: int = 0
    only: tuple[str, ...] = ()
    style: Style = PLAIN


@dataclass(frozen=True, eq=False)
class Records:
    """Records, one row each: ``day``, ``borough``, the four outcomes, ``age``, ``gender``, ``group``, ``second``."""

    frame: pd.DataFrame

    @cached_property
    def years(self) -> dict[str, pd.DataFrame]:
        """The records by financial year, such as ``"FY17-18"``, in order of time."""
        start = self.frame["day"].dt.year - (self.frame["day"].dt.month < 4)
        return {f"FY{year % 100}-{(year + 1) % 100}": rows for year, rows in self.frame.groupby(start)}


def scaled(counts: pd.DataFrame, divisor: int) -> pd.DataFrame:
    """Counts of records and outcomes, `divisor` times as small; outcomes stay at most the records."""
    columns = ["records", *(field.name for field in OUTCOMES)]
    return counts.assign(**{name: counts[name] // divisor for name in columns})


def records(counts: pd.DataFrame, ages: pd.DataFrame, seed: int, study_quarters: bool = True) -> Records:
    """Records that count up to `counts`.

    Parameters
    ----------
    counts
        ``borough``, ``quarter``, ``records`` and the four outcomes.
    ages
        Totals by borough as in the table ``use_of_force_ages``; scaled to the records where these are fewer.
    seed
        Of all that is drawn.
    study_quarters
        Whether the records of a quarter's last day count in the next one.
    """
    rng = np.random.default_rng(seed)
    first = str(counts["quarter"].min())
    parts = [_drawn(row, first, study_quarters, rng) for row in counts.to_dict("records")]
    frame = pd.concat(parts, ignore_index=True)
    frame["age"] = _ages(frame, ages.set_index("borough"), rng)
    frame["gender"] = rng.choice(GENDERS, len(frame), p=GENDER_SHARES)
    frame["group"] = rng.choice(GROUPS, len(frame), p=GROUP_SHARES)
    # One answer to a column that nobody counts is one bit, which is set in a quarter of all cases.
    frame["bits"] = rng.integers(1 << 62, size=len(frame)) & rng.integers(1 << 62, size=len(frame))
    frame["ced"] = rng.random(len(frame)) < 0.05
    # No two records share day, borough and second, so that none repeats another by chance.
    frame["second"] = frame.groupby(["day", "borough"]).cumcount() + 1
    return Records(frame)


def _drawn(row: Mapping[Any, Any], first: str, study_quarters: bool, rng: np.random.Generator) -> pd.DataFrame:
    """Records of one borough and quarter, each outcome set in as many of them as it counts."""
    end = quarter_end(row["quarter"]) - timedelta(days=int(study_quarters))
    begin = quarter_end(row["quarter"]).to_period("Q").start_time
    begin -= timedelta(days=int(study_quarters and row["quarter"] != first))
    size = row["records"]
    days = begin.to_datetime64() + rng.integers((end - begin).days + 1, size=size) * np.timedelta64(1, "D")
    flags = {name: rng.permutation(size) < row[name] for name in FLAGS}
    return pd.DataFrame({"day": days, "borough": row["borough"], "quarter": row["quarter"], **flags})


def _ages(frame: pd.DataFrame, totals: pd.DataFrame, rng: np.random.Generator) -> pd.Series:
    """An age for each record, by borough as `totals` say; spoiled ones in the first year only."""
    ages = pd.Series("", index=frame.index, dtype=object)
    for borough, rows in frame.groupby("borough"):
        total: Mapping[Any, int] = totals.loc[str(borough)].to_dict()
        share = min(1.0, len(rows) / total["records"])
        early = rng.permutation(rows.index[rows["quarter"] <= SPOILED_UNTIL].to_numpy(copy=True))
        spoiled = early[: int(share * total["age_recorded_as_date"])]
        others = rng.permutation(np.setdiff1d(rows.index.to_numpy(), spoiled))
        sizes = [int(share * total[band]) for band in BANDS]
        sizes[1] += len(others) - sum(sizes)
        texts = [
            rng.choice([text for text, _ in parts], size, p=[part for _, part in parts])
            for parts, size in zip(BANDS.values(), sizes, strict=True)
        ]
        ages.loc[others] = np.concatenate(texts)
        ages.loc[spoiled] = SPOILED
    return ages


def with_repeats(rows: pd.DataFrame, number: int, seed: int) -> pd.DataFrame:
    """`rows` with `number` exact repeats of some of them further down."""
    return pd.concat([rows, rows.sample(number, random_state=seed)], ignore_index=True)


def rows_of(frame: pd.DataFrame, layout: Layout) -> Iterator[Row]:
    """The rows of a workbook: titles, headings, then a row for each record of `frame`."""
    names = headings(layout.drifted)
    names = [name for name in names if not layout.only or name in layout.only]
    place = {name: number for number, name in enumerate(names)}
    for title in range(layout.title_rows):
        yield {0: f"Use of force, title {title + 1}"} if title % 2 == 0 else {}
    yield dict(enumerate(names))
    filled = [place[name] for name in OTHER_FILLED if name in place]
    record: Any
    for record in frame.itertuples(index=False):
        cells: dict[int, Any] = {column: ANSWERS[record.bits >> bit & 1] for bit, column in enumerate(filled)}
        for name, value in _said(record, layout).items():
            if name in place:
                cells[place[name]] = value
        yield cells


def _said(record: Any, layout: Layout) -> dict[str, Any]:
    day = record.day.date()
    written = {"real": day, "dd/mm/yyyy": f"{day:%d/%m/%Y}", "iso": f"{day:%Y-%m-%d 00:00:00}"}[layout.dates]
    said = {
        "IncidentDate": written,
        "IncidentTime": time(record.second // 3600 % 24, record.second // 60 % 60, record.second % 60),
        "Borough": record.borough,
        **{heading: ANSWERS[getattr(record, name)] for name, heading in FLAGS.items()},
        "SubjectAge": record.age,
        "SubjectGender": record.gender,
        "SubjectEthnicity": record.group,
        "Outcome: Fatality": "No",
        "Tactic 1": "Compliant Handcuffing",
        "Effective 1": "Yes",
    }
    return said | ({"CED Used": "Yes", "CED Drawn": "Yes", "CED Fired": "No"} if record.ced else {})


def write_year(path: Path, frame: pd.DataFrame, layout: Layout | None = None) -> Path:
    """Write the records `frame` as a workbook, or as CSV where `path` ends so."""
    layout = layout or Layout()
    rows = rows_of(frame, layout)
    if path.suffix == ".csv":
        _write_csv(path, rows)
    else:
        write_xlsx(path, {"Data": rows}, layout.style)
    return path


def _write_csv(path: Path, rows: Iterator[Row]) -> None:
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        writer = csv.writer(file)
        width = 0
        for row in rows:
            width = max(width, len(row))
            writer.writerow([row.get(column, "") for column in range(width)])


def write_years(folder: Path, drawn: Records, layouts: Sequence[Layout] = ()) -> list[Path]:
    """Write one workbook for each financial year, in the `layouts` in turn; every third year as CSV."""
    layouts = layouts or (Layout(), Layout(dates="dd/mm/yyyy", drifted=True), Layout(dates="iso"))
    paths = []
    for number, (year, frame) in enumerate(drawn.years.items()):
        ending = ".csv" if number % 3 == 2 else ".xlsx"
        path = folder / f"MPS Use of Force - {year}{ending}"
        paths.append(write_year(path, frame, layouts[number % len(layouts)]))
    return paths
