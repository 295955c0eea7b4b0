"""Reads a yearly workbook of use-of-force records, and counts them by day and area.

The workbook has 271 columns whose names change from year to year; only the few that are needed are read, identified by
their names. Daily counts can be added up to quarters by either rule, and exact duplicates of records are counted
separately: :mod:`core.sources.london.force.force_quarters` applies these choices.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pandas as pd
import polars as pl

from core.sources.files.cells import FIRST_ROW, SourceError, cell_reference, day_of, month_first
from core.sources.files.limits import ON_DISK, Limits, UploadedFile
from core.sources.files.report import Report, RowsLeftOut
from core.sources.files.tables import SheetColumn, SheetTable, named, plain, sheets, tables
from core.sources.london.boroughs import CITY_OF_LONDON, NAMES, spelled
from core.sources.london.force.use_of_force import ETHNICITIES, GENDERS, NOT_BOROUGHS, OUTCOMES, QUARTERLY_AGES
from core.tables.progress import Progress

DAY, AREA, REPEAT, RECORDS = "day", "area", "is_repeat", "records"
AGE, GENDER, ETHNICITY = "age", "gender", "ethnicity"
FLAGS: Mapping[str, tuple[str, ...]] = {
    "arrested": ("Outcome: Arrested",),
    "hospitalised": ("Outcome: Hospitalised",),
    "detained_mental_health_act": (
        "Outcome: Detained - Mental Health Act",
        "Outcome: Detained under Mental Health Act",
        "Outcome: Detained MHA",
    ),
    "other_outcome": ("Outcome: Other",),
    "made_off": ("Outcome: Made off/escaped", "Outcome: Made off", "Outcome: Escaped"),
    "fatality": ("Outcome: Fatality",),
    "no_further_action": ("Outcome: No Further Action", "Outcome: NFA"),
    "ced_used": ("CED Used", "Taser Used"),
    "ced_fired": ("CED Fired", "CED1 Fired"),
    "ced_fired_2": ("CED2 Fired",),
    "ced_fired_3": ("CED3 Fired",),
    "ced_fired_4": ("CED4 Fired",),
    "firearms_aimed": ("Firearms Aimed",),
    "firearms_fired": ("Firearms Fired",),
}
# Up to four devices have separate columns.
DEVICES = tuple(name for name in FLAGS if name.startswith("ced_fired_"))
NEEDED = tuple(field.name for field in OUTCOMES)
COLUMNS = (
    SheetColumn(DAY, ("IncidentDate", "Date of incident", "Date")),
    SheetColumn(AREA, ("Borough", "Incident Borough", "BOCU")),
    *(SheetColumn(name, headings, name in NEEDED) for name, headings in FLAGS.items()),
    SheetColumn(AGE, ("SubjectAge", "Age"), required=False),
    SheetColumn(GENDER, ("SubjectGender", "Gender"), required=False),
    SheetColumn(ETHNICITY, ("SubjectEthnicity", "Ethnicity"), required=False),
)
YES, NO = ("yes", "y", "true", "1"), ("no", "n", "false", "0")

UNDER_18, TO_34, TO_49, OLDER, NO_AGE, SPOILED = (field.name for field in QUARTERLY_AGES)
AGES = {
    **dict.fromkeys(("010", "1117", "under18"), UNDER_18),
    "1834": TO_34,
    "3549": TO_49,
    **dict.fromkeys(("5064", "65andover", "65", "50andover"), OLDER),
}
OLDEST, BOUNDS = 120, {18: UNDER_18, 35: TO_34, 50: TO_49}
# How a spreadsheet converts "11-17".
ELEVEN_TO_17, AS_MONTH = date(2017, 11, 1), ("nov17", "17nov", "november2017")
MALE, FEMALE, OTHER_GENDER = (field.name for field in GENDERS)
SEXES = {"male": MALE, "m": MALE, "man": MALE, "female": FEMALE, "f": FEMALE, "woman": FEMALE}
ASIAN, BLACK, MIXED, WHITE, OTHER_ETHNICITY = (field.name for field in ETHNICITIES)
# In this order, because the name of a mixed group contains the groups it combines.
GROUPS = {"mixed": MIXED, "asian": ASIAN, "black": BLACK, "white": WHITE}
PARTS = {
    AGE: [TO_34, TO_49, OLDER, NO_AGE],
    GENDER: [MALE, FEMALE, OTHER_GENDER],
    ETHNICITY: [ASIAN, BLACK, MIXED, WHITE, OTHER_ETHNICITY],
}

CLOCK = r"[T ]+\d{1,2}:\d{2}.*$"
BATCH = 50_000
NOT_BEFORE = date(2010, 1, 1)
# If a larger share of a column cannot be read, it is not the expected column.
MOST_UNUSABLE = 0.01
APART = {plain(name): name for name in (*NOT_BOROUGHS, CITY_OF_LONDON)}
NO_DATE, NO_AREA = "no date that can be right", "no borough"


@dataclass(frozen=True, eq=False)
class ForceFile:
    """The records of one file, counted.

    Parameters
    ----------
    name
        Name of the file.
    counts
        One row per ``day`` and ``area`` (a borough as the Office for National Statistics writes it, or whatever else
        the file names), separately for exact duplicates of an earlier record of the file (``is_repeat``): ``records``,
        and how many of them have the property of each further column.
    reports
        Report on the rows of each sheet.
    """

    name: str
    counts: pd.DataFrame
    reports: tuple[Report, ...]


@dataclass
class _Oddities:
    """Irregularities met while reading."""

    undated: list[tuple[int, str]] = field(default_factory=list)
    placeless: list[int] = field(default_factory=list)
    answers: dict[str, list[tuple[int, str]]] = field(default_factory=dict)
    others: dict[str, set[str]] = field(default_factory=dict)


def read_force(file: UploadedFile, limits: Limits = ON_DISK, progress: Progress | None = None) -> ForceFile:
    """The records of the workbook (or CSV file) `file`, counted by day and area.

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
        If the file is not such a workbook, lacks a column, or has unreadable dates, boroughs or outcomes.
    """
    parts, reports = [], []
    with sheets(file, limits) as found:
        for table in tables(found, COLUMNS, file.name):
            rows, report = _read_table(table, limits, progress or (lambda _share: None))
            parts.append(rows)
            reports.append(report)
    counts = _counted(pl.concat(parts, how="diagonal"))
    return ForceFile(file.name, counts, tuple(reports))


def _read_table(table: SheetTable, limits: Limits, progress: Progress) -> tuple[pl.DataFrame, Report]:
    """The records of one sheet, one row each, and the report on its rows."""
    odd, blocks, read = _Oddities(), [], 0
    for batch in _batches(table.blocks(limits, fingerprint=True), progress):
        read += len(batch)
        blocks.append(_typed(batch, table, odd))
    _refuse_undated(odd, read, table)
    _refuse_strange_answers(odd, read, table)
    rows = pl.concat(blocks) if blocks else pl.DataFrame()
    if not len(rows):
        raise SourceError(f"{table.where} has no record with a date and a borough; choose the sheet with the records.")
    _refuse_unknown_areas(rows, table)
    return rows, Report(table.where, read, tuple(_left_out(odd, table)), tuple(_notes(rows, odd, table)))


def _batches(blocks: Iterator[tuple[float, pl.DataFrame]], progress: Progress) -> Iterator[pl.DataFrame]:
    """The blocks joined into fewer, larger ones, because each has a fixed cost."""
    waiting: list[pl.DataFrame] = []
    for share, block in blocks:
        waiting.append(block)
        progress(share)
        if sum(map(len, waiting)) >= BATCH:
            yield pl.concat(waiting)
            waiting = []
    if waiting:
        yield pl.concat(waiting)


def _typed(block: pl.DataFrame, table: SheetTable, odd: _Oddities) -> pl.DataFrame:
    """The records of a block that have a date and an area, with their properties as flags."""
    begins = table.sheet.begins
    days = _mapped(block[DAY].str.replace(CLOCK, ""), lambda text: day_of(text, begins), pl.Date)
    days = days.set(~days.is_between(NOT_BEFORE, date.today()), None)
    areas = block[AREA].replace_strict(_areas(block[AREA].unique().drop_nulls()), default=None, return_dtype=pl.String)
    _note_missing(block, days, areas, table, odd)
    columns = [block["row"], block["fingerprint"], days.alias(DAY), areas.alias(AREA)]
    columns += [_flag(block, name, table.headings[name], odd) for name in FLAGS if name in table.keys]
    for name, read_as in {AGE: lambda text: _age(text, begins), GENDER: _gender, ETHNICITY: _ethnicity}.items():
        if name in table.keys:
            columns.append(_mapped(block[name].fill_null(""), read_as, pl.String).alias(name))
            unread = block[name].filter(columns[-1].is_in([NO_AGE, OTHER_GENDER, OTHER_ETHNICITY]))
            odd.others.setdefault(table.headings[name], set()).update(unread.drop_nulls().unique().to_list())
    return pl.DataFrame(columns).filter(days.is_not_null() & areas.is_not_null())


def _mapped(texts: pl.Series, read_as: Callable[[str], Any], dtype: Any) -> pl.Series:
    """`read_as` of each text, called once for each distinct text."""
    different = texts.unique().drop_nulls()
    values = pl.Series([read_as(text) for text in different], dtype=dtype)
    return texts.replace_strict(different, values, default=None, return_dtype=dtype)


def _areas(texts: pl.Series) -> dict[str, str]:
    """The borough of each of `texts`, or another area it names."""
    boroughs = spelled(texts.to_pandas())
    pairs = zip(texts, boroughs.fillna(""), strict=True)
    return {text: borough or APART.get(plain(text), text) for text, borough in pairs}


def _age(text: str, begins: date) -> str:
    short = plain(text)
    if short in AGES:
        return AGES[short]
    if short in AS_MONTH or day_of(text, begins) == ELEVEN_TO_17:
        return SPOILED
    if short.isdecimal() and int(short) <= OLDEST:
        return next((band for bound, band in BOUNDS.items() if int(short) < bound), OLDER)
    return NO_AGE


def _gender(text: str) -> str:
    return SEXES.get(plain(text), OTHER_GENDER)


def _ethnicity(text: str) -> str:
    return next((group for word, group in GROUPS.items() if word in plain(text)), OTHER_ETHNICITY)


def _flag(block: pl.DataFrame, name: str, heading: str, odd: _Oddities) -> pl.Series:
    """Whether the answer is yes; an empty cell is a no."""
    answers = block[name].str.to_lowercase()
    strange = block.filter(answers.is_not_null() & ~answers.is_in([*YES, *NO]))
    odd.answers.setdefault(heading, []).extend(strange.select("row", name).rows())
    return answers.is_in(YES).fill_null(value=False)


def _note_missing(block: pl.DataFrame, days: pl.Series, areas: pl.Series, table: SheetTable, odd: _Oddities) -> None:
    undated = block.filter(days.is_null()).select("row", pl.col(DAY).fill_null("")).rows()
    american = next(((row, text) for row, text in undated if month_first(text)), None)
    if american:
        raise SourceError(
            f"{cell_reference(table.where, american[0] - FIRST_ROW, table.headings[DAY])}: "
            f"{american[1]!r} has the month before the day, so "
            "which dates are meant is not sure; write them day first, or as real dates."
        )
    odd.undated += undated
    odd.placeless += block.filter(days.is_not_null() & areas.is_null())["row"].to_list()


def _refuse_undated(odd: _Oddities, read: int, table: SheetTable) -> None:
    if len(odd.undated) > MOST_UNUSABLE * read:
        row, text = odd.undated[0]
        raise SourceError(
            f"{cell_reference(table.where, row - FIRST_ROW, table.headings[DAY])}: "
            f"{text!r} is not a date that can be right, "
            f"and {len(odd.undated):,} of {read:,} there are not; correct the dates, or name the column that has them "
            "IncidentDate."
        )


def _refuse_strange_answers(odd: _Oddities, read: int, table: SheetTable) -> None:
    for heading, strange in odd.answers.items():
        if len(strange) > MOST_UNUSABLE * read:
            row, text = strange[0]
            raise SourceError(
                f"{cell_reference(table.where, row - FIRST_ROW, heading)}: "
                f"{text!r} is neither Yes nor No, and {len(strange):,} "
                f"of {read:,} answers there are not; write Yes or No."
            )


def _refuse_unknown_areas(rows: pl.DataFrame, table: SheetTable) -> None:
    unknown = rows.filter(~pl.col(AREA).is_in([*NAMES, *APART.values()]))
    if len(unknown) > MOST_UNUSABLE * len(rows):
        row, text = unknown.select("row", AREA).row(0)
        raise SourceError(
            f"{cell_reference(table.where, row - FIRST_ROW, table.headings[AREA])}: "
            f"{text!r} is not one of the 32 boroughs, "
            f"and {len(unknown):,} of {len(rows):,} names there are not; correct the spelling."
        )


def _left_out(odd: _Oddities, table: SheetTable) -> Iterator[RowsLeftOut]:
    if odd.undated:
        row, text = odd.undated[0]
        first = f"{cell_reference(table.where, row - FIRST_ROW, table.headings[DAY])}: {text!r}"
        yield RowsLeftOut(len(odd.undated), NO_DATE, first)
    if odd.placeless:
        first = cell_reference(table.where, odd.placeless[0] - FIRST_ROW, table.headings[AREA])
        yield RowsLeftOut(len(odd.placeless), NO_AREA, first)


def _notes(rows: pl.DataFrame, odd: _Oddities, table: SheetTable) -> Iterator[str]:
    first, last = rows.select(pl.min(DAY).alias("first"), pl.max(DAY).alias("last")).row(0)
    yield f"records from {first} to {last}"
    unavailable = [column.headings[0] for column in COLUMNS if column.name not in table.keys]
    if unavailable:
        yield f"columns that it lacks, so that they are not counted: {', '.join(unavailable)}"
    if AGE in rows.columns and (ages_as_dates := int((rows[AGE] == SPOILED).sum())):
        yield f"{ages_as_dates:,} ages that a spreadsheet had turned into a date are read back as 11-17"
    for heading, strange in odd.answers.items():
        if strange:
            yield f"{heading}: counted as No, being neither Yes nor No: {named(sorted({text for _, text in strange}))}"
    for heading, texts in odd.others.items():
        if texts:
            yield f"{heading}: counted as other or not known: {named(sorted(texts))}"


def _counted(rows: pl.DataFrame) -> pd.DataFrame:
    """Records and their properties by day, area, and whether they duplicate an earlier one."""
    devices = [name for name in ("ced_fired", *DEVICES) if name in rows.columns]
    counts = [pl.len().alias(RECORDS)]
    counts += [pl.col(name).sum() for name in FLAGS if name in rows.columns and name not in devices]
    counts += [pl.any_horizontal(devices).sum().alias("ced_fired")] if devices else []
    for column, parts in PARTS.items():
        if column in rows.columns:
            counts += [(pl.col(column) == part).sum().alias(part) for part in parts]
    if AGE in rows.columns:
        ages_as_dates = (pl.col(AGE) == SPOILED).sum()
        counts += [ages_as_dates.alias(SPOILED), (pl.col(AGE) == UNDER_18).sum().alias(UNDER_18) + ages_as_dates]
    is_repeat = pl.col("fingerprint").is_first_distinct().not_().alias(REPEAT)
    grouped = rows.group_by(DAY, AREA, is_repeat).agg(count.cast(pl.Int64) for count in counts)
    return grouped.sort(DAY, AREA, REPEAT).to_pandas()
