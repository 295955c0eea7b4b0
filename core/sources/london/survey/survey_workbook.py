"""Reads the workbook of the Public Attitude Survey, of any edition.

Its sheets are identified by their columns. Dates may be text or date cells; the spelling of boroughs changes over time;
there are empty columns and notes next to and below the figures. A measure may begin later than others, end earlier or
be absent; one that is not declared in :mod:`core.sources.london.survey.attitude_survey` is left out.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import polars as pl

from core.sources.files.cells import (
    FIRST_ROW,
    SourceError,
    Tidy,
    as_quarters,
    as_shares,
    cell_reference,
    find,
    refuse_repeats,
)
from core.sources.files.limits import ON_DISK, Limits, UploadedFile, on_disk
from core.sources.files.report import Report, RowsLeftOut
from core.sources.files.tables import SheetColumn, SheetTable, plain, sheets, tables
from core.sources.london.boroughs import CITY_OF_LONDON, CITY_OF_LONDON_DROPPED, borough_names
from core.sources.london.survey.attitude_survey import BOROUGHS, LONDON, MEASURES
from core.tables.progress import Progress
from core.tables.schema import Table

FILE = "PAS_T&Cdashboard_to Q3 23-24.xlsx"
DECIMALS = 4
DATE, BOROUGH, MEASURE, SHARE, ALL_LONDON = "Date", "Borough", "Measure", "Proportion", "MPS"
COLUMNS = (
    *(SheetColumn(name, (name,)) for name in (DATE, BOROUGH, MEASURE, SHARE)),
    SheetColumn(ALL_LONDON, (ALL_LONDON, "London"), required=False),
)
NAMES_OF_LONDON = ("mps", "london", "mpswide", "metropolitanpoliceservice")
KNOWN = {plain(published): published for published in MEASURES}


@dataclass(frozen=True, eq=False)
class Survey:
    """One edition of the survey.

    Parameters
    ----------
    boroughs
        Shares by borough and quarter.
    london
        Shares for London by quarter; ``None`` where the edition has none.
    reports
        Report on the rows of each sheet.
    """

    boroughs: Tidy
    london: Tidy | None
    reports: tuple[Report, ...]


def read(folder: Path) -> tuple[Tidy, Tidy]:
    """The survey by borough, and for London, from the edition in `folder` that the studies used.

    Raises
    ------
    SourceError
        If it is missing or cannot be used as it is, or has no figures for London.
    """
    survey = read_survey(on_disk(find(folder, FILE)))
    if survey.london is None:
        raise SourceError(f"{FILE} has no figures for London; use the edition that has the sheet {ALL_LONDON}.")
    return survey.boroughs, survey.london


def read_survey(file: UploadedFile, limits: Limits = ON_DISK, progress: Progress | None = None) -> Survey:
    """The survey from the workbook (or CSV file) `file`.

    Parameters
    ----------
    file
        As :func:`core.sources.files.limits.on_disk` or :func:`core.sources.files.limits.in_memory` return it.
    limits
        Upper limits on what is read.
    progress
        Called with the share that has been read (0 to 1).

    Raises
    ------
    SourceError
        If no sheet has the columns, or a date, borough or share is impossible; the message names the cell.
    """
    parts, reports = [], []
    with sheets(file, limits) as found:
        for table in tables(found, COLUMNS, file.name):
            rows, report = _read_table(table, limits, progress or (lambda _share: None))
            parts.append(rows)
            reports.append(report)
    rows = pd.concat(parts)
    _refuse_repeats(rows, [BOROUGH, "quarter", MEASURE])
    boroughs, london = rows[rows[BOROUGH] != ALL_LONDON], _london(rows, file.name)
    if boroughs.empty:
        raise SourceError(f"{file.name} has no figures for boroughs; use the workbook that has the sheet {BOROUGH}.")
    wide = measures_across(boroughs, [BOROUGH, "quarter"], BOROUGHS, file.name)
    notes = tuple(_span_notes(wide.frame))
    reports[0] = Report(reports[0].where, reports[0].read, reports[0].left_out, (*reports[0].notes, *notes))
    return Survey(
        wide, None if london.empty else measures_across(london, ["quarter"], LONDON, file.name), tuple(reports)
    )


def _read_table(table: SheetTable, limits: Limits, progress: Progress) -> tuple[pd.DataFrame, Report]:
    """The rows of a sheet that are used: area, quarter, measure as published, and share."""
    frame = _loaded(table, limits, progress)
    measure = frame[MEASURE].fillna("").map(plain).map(KNOWN)
    is_city = frame[BOROUGH].fillna("").map(plain) == plain(CITY_OF_LONDON)
    steps = {
        "neither measure nor figure, so a note": frame[MEASURE].isna() & frame[SHARE].isna(),
        "a measure that this app has no words for": measure.isna(),
        "no figure": frame[SHARE].isna(),
        CITY_OF_LONDON_DROPPED: is_city,
    }
    left_out, used = [], pd.Series(data=True, index=frame.index)
    for why, is_out in steps.items():
        out = frame[used & is_out]
        used &= ~is_out
        if len(out):
            left_out.append(RowsLeftOut(len(out), why, _first(out, table.where)))
    rows = frame[used].assign(**{MEASURE: measure[used]})
    return _typed(rows, table), Report(table.where, len(frame), tuple(left_out))


def _loaded(table: SheetTable, limits: Limits, progress: Progress) -> pd.DataFrame:
    """The requested columns as text, indexed by row number."""
    blocks = []
    for share, block in table.blocks(limits):
        blocks.append(block)
        progress(share)
    frame = pl.concat(blocks).to_pandas() if blocks else pd.DataFrame(columns=["row", *table.keys])
    return frame.set_index(frame.pop("row") - FIRST_ROW)


def _first(rows: pd.DataFrame, where: str) -> str:
    filled = rows.iloc[0][[MEASURE, BOROUGH, DATE]].dropna()
    return f"{cell_reference(where, rows.index[0])}: {', '.join(filled)}"


def _typed(rows: pd.DataFrame, table: SheetTable) -> pd.DataFrame:
    where = table.where
    is_london = rows[BOROUGH].fillna("").map(plain).isin(NAMES_OF_LONDON)
    names = rows[BOROUGH].fillna("").mask(is_london, ALL_LONDON)
    names[~is_london] = borough_names(names[~is_london], where)
    typed = {name: as_shares(rows[name], where).round(DECIMALS) for name in (SHARE, ALL_LONDON) if name in rows}
    typed[BOROUGH] = names
    typed["quarter"] = as_quarters(rows[DATE].fillna(""), where, table.sheet.begins)
    return rows.assign(where=where, **typed)


def _london(rows: pd.DataFrame, name: str) -> pd.DataFrame:
    """Figures for London: those of its own sheet, or of the column next to the boroughs; both must agree."""
    key = ["quarter", MEASURE]
    london_rows = rows[rows[BOROUGH] == ALL_LONDON]
    if ALL_LONDON not in rows:
        return london_rows
    london_column = rows[rows[BOROUGH] != ALL_LONDON].dropna(subset=[ALL_LONDON]).drop_duplicates([*key, ALL_LONDON])
    if london_rows.empty:
        _refuse_repeats(london_column, key)
        return london_column.assign(**{SHARE: london_column[ALL_LONDON]})
    both = london_column[[*key, ALL_LONDON]].merge(london_rows, on=key, suffixes=("", "_own"))
    differ = both[both[ALL_LONDON] != both[SHARE]]
    if len(differ):
        first = differ.iloc[0]
        raise SourceError(
            f"{name}: {first[MEASURE]} for London in {first['quarter']} is {first[ALL_LONDON]} in the column "
            f"{ALL_LONDON} next to the boroughs and {first[SHARE]} in a row of its own; correct one of them."
        )
    return london_rows


def _refuse_repeats(rows: pd.DataFrame, key: Sequence[str]) -> None:
    repeated = rows[rows.duplicated(list(key))]
    if len(repeated):
        refuse_repeats(rows, key, repeated["where"].iloc[0])


def measures_across(rows: pd.DataFrame, key: list[str], table: Table, name: str) -> Tidy:
    """`table` from long rows: one column for each measure, one row for each area and quarter.

    Parameters
    ----------
    rows
        One row per area, quarter and measure, in the columns `key`, ``MEASURE`` (as published) and ``SHARE`` (0 to 1).
    key
        Columns that make a row of the table.
    name
        File that the rows come from, for messages.

    Raises
    ------
    SourceError
        If a measure lacks an area or a quarter between its first figure and its last.
    """
    wide = rows.pivot(index=key, columns=MEASURE, values=SHARE).reset_index().rename_axis(columns=None)
    fields = {published: field.name for published, field in MEASURES.items()}
    frame = wide.rename(columns={BOROUGH: "borough", **fields}).reindex(columns=table.columns)
    measures = list(fields.values())
    frame = frame.astype(dict.fromkeys(measures, "float64"))
    refuse_holes(frame, name)
    gaps = [measure for measure in measures if frame[measure].isna().any()]
    return Tidy(table.having(table.columns, gaps), frame, (name,))


def refuse_holes(frame: pd.DataFrame, name: str) -> None:
    """Raise :class:`SourceError` where a measure lacks an area or a quarter between its first figure and its last."""
    for published, field in MEASURES.items():
        there = frame.loc[frame[field.name].notna(), "quarter"]
        holes = frame[frame[field.name].isna() & frame["quarter"].between(there.min(), there.max())]
        if len(there) and len(holes):
            area = holes.iloc[0].get("borough", "London")
            raise SourceError(
                f"{name} has no {published} for {area} in {holes.iloc[0]['quarter']}, though it runs from "
                f"{there.min()} to {there.max()}; add the figure."
            )


def _span_notes(frame: pd.DataFrame) -> Iterator[str]:
    """First and last quarter of each measure that does not cover the full period."""
    first, last = frame["quarter"].min(), frame["quarter"].max()
    yield f"quarters {first} to {last}"
    for published, field in MEASURES.items():
        there = frame.loc[frame[field.name].notna(), "quarter"]
        if there.empty:
            yield f"{published} is not in this edition"
        elif there.min() > first or there.max() < last:
            yield f"{published} runs from {there.min()} to {there.max()} only"
