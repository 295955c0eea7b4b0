"""Reads cells of published files; an error names the file, sheet, row and column, and how to correct it."""

import gzip
import io
import json
import re
import zlib
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import pandas as pd

from core.tables.geometry import Shape, shape_of
from core.tables.quarters import quarter_end, quarter_of
from core.tables.schema import Table

HEADER_ROWS = 1
FIRST_ROW = HEADER_ROWS + 1
ROWS_TOGETHER = 1 << 13
NOT_WHOLE = (EOFError, gzip.BadGzipFile, zlib.error)

# Day 0 of dates stored as numbers; Excel treats 1900 as a leap year, so it is right from March 1900 on.
EXCEL_BEGINS, MAC_EXCEL_BEGINS = date(1899, 12, 30), date(1904, 1, 1)
SERIAL = re.compile(r"\d{4,6}(\.\d+)?")
TIME = re.compile(
    r"[T ]+\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?( ?[AP]M)?( ?(?:Z|UTC|GMT|BST|CES?T)|[+-]\d{2}:?\d{2})?$", re.IGNORECASE
)
MARK_OF_NOTE = re.compile(r"(?!st|nd|rd|th)[A-Za-z]{1,3}|\d{1,3}")
RAISED = str.maketrans("0123456789", "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079")
DAY_STYLES = (
    *("%Y-%m-%d", "%d/%m/%Y", "%d/%m/%y", "%d-%m-%Y", "%d.%m.%Y"),
    *("%d %B %Y", "%d %b %Y", "%d-%b-%Y", "%d-%b-%y"),
)
DECIMAL_COMMA = re.compile(r"^(-?\d*),(\d+)$")
MONTH_FIRST = re.compile(r"(0?[1-9]|1[0-2])[/.-](1[3-9]|2\d|3[01])[/.-]\d{2,4}")


class SourceError(ValueError):
    """A published file that cannot be used as it is; the message says where the fault is and what to do."""


@dataclass(frozen=True, eq=False)
class Tidy:
    """A tidy table and the files it was read from.

    Parameters
    ----------
    table
        Declaration of the table.
    frame
        Its rows, in the columns of the declaration.
    files
        Names of the files that it was read from.
    dropped
        What was left out and why, one sentence each.
    text
        Content to write where it is not the rows as CSV (shapes).
    """

    table: Table
    frame: pd.DataFrame
    files: tuple[str, ...]
    dropped: tuple[str, ...] = ()
    text: str = ""

    @property
    def origin(self) -> str:
        """Names of the files for use in a message."""
        return " and ".join(self.files)

    def content(self) -> str:
        """Content of the file: shapes as they are, rows as CSV sorted by key with LF line endings."""
        if self.text:
            return self.text
        return self.frame.sort_values(self.table.key).to_csv(index=False, lineterminator="\n")

    def encoded(self) -> bytes:
        """The file's bytes: text in UTF-8, compressed with gzip if its name ends in ``.gz``, or Parquet."""
        if self.table.is_parquet:
            return parquet_bytes(self.frame.sort_values(self.table.key, ignore_index=True))
        plain = self.content().encode()
        return _compressed(plain) if self.table.is_compressed else plain


def find(folder: Path, name: str) -> Path:
    """Path of the file `name` in `folder`, or raise a :class:`SourceError` that says which file to fetch."""
    path = folder / name
    if not path.is_file():
        raise SourceError(
            f"{path} is not there; put the published file in that folder, or give another with --sources."
        )
    return path


def read_csv(folder: Path, name: str, text: Sequence[str], numbers: Sequence[str] = ()) -> pd.DataFrame:
    """Columns `text` as strings and `numbers` as numbers, from the published CSV file `name`.

    Raises
    ------
    SourceError
        If the file or a column is missing, or a figure is not a number.
    """
    path = find(folder, name)
    try:
        frame = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    except (UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise SourceError(f"{name} cannot be read as a CSV file ({error}); save it again as CSV in UTF-8.") from error
    except NOT_WHOLE as error:
        raise SourceError(f"{name} cannot be unpacked ({error}); download it again.") from error
    require_columns(frame, [*text, *numbers], name)
    frame = frame[[*text, *numbers]].copy()
    for column in numbers:
        frame[column] = as_numbers(frame[column], name)
    return frame


def read_shapes(folder: Path, name: str, code: str) -> dict[str, Shape]:
    """The shapes of the published GeoJSON file `name`, by the property `code`; the file may be compressed.

    Raises
    ------
    SourceError
        If the file is missing or is not GeoJSON with a `code` for each area, or a code is repeated.
    """
    content = find(folder, name).read_bytes()
    try:
        features = json.loads(gzip.decompress(content) if name.endswith(".gz") else content)["features"]
        shapes = [(feature["properties"][code], shape_of(feature.pop("geometry"))) for feature in features]
    except (ValueError, KeyError, TypeError, *NOT_WHOLE) as error:
        raise SourceError(f"{name} is not GeoJSON with a {code} for each area ({error}); download it again.") from error
    refuse_repeats(pd.DataFrame({code: [area for area, _ in shapes]}), [code], name)
    return dict(shapes)


def require_columns(frame: pd.DataFrame, columns: Sequence[str], where: str) -> None:
    """Raise :class:`SourceError` unless `frame` has all `columns`."""
    missing = [column for column in columns if column not in frame.columns]
    if missing:
        raise SourceError(
            f"{where} has no column {', '.join(missing)} (it has {', '.join(map(str, frame.columns))}); "
            "the layout has changed, so rename the column in the file or adapt the reader."
        )


def as_numbers(values: pd.Series, where: str) -> pd.Series:
    """`values` as numbers, empty ones as missing; raise :class:`SourceError` for the first that is not a number."""
    values = values.fillna("").astype(str).str.strip()
    numbers = pd.to_numeric(values, errors="coerce")
    wrong = values[numbers.isna() & (values != "")]
    if len(wrong):
        raise SourceError(
            f"{cell_reference(where, wrong.index[0], str(values.name))}: {wrong.iloc[0]!r} is not a number; enter one."
        )
    return numbers


def as_shares(values: pd.Series, where: str) -> pd.Series:
    """`values` as shares of 1, empty ones as missing, from text such as ``0.62``, ``0,62`` or ``62%``.

    Raises
    ------
    SourceError
        If a value is not a number, or is below 0 or above 1: 62 is not taken to mean 62%.
    """
    text = values.fillna("").astype(str).str.strip()
    is_percent = text.str.endswith("%")
    plain = text.str.removesuffix("%").str.strip().str.replace(DECIMAL_COMMA, r"\1.\2", regex=True)
    numbers = as_numbers(plain, where)
    shares = numbers.where(~is_percent, numbers / 100)
    wrong = text[~(shares.between(0, 1) | shares.isna())]
    if len(wrong):
        raise SourceError(
            f"{cell_reference(where, wrong.index[0], str(values.name))}: {wrong.iloc[0]} is not between 0 and 1; "
            "write a share such as 0.62, or a percentage with its sign such as 62%."
        )
    return shares


def as_counts(values: pd.Series, where: str) -> pd.Series:
    """`values` as integers; raise :class:`SourceError` for the first that is empty or not whole."""
    wrong = values[~(values % 1 == 0)]
    if len(wrong):
        raise SourceError(
            f"{cell_reference(where, wrong.index[0], str(values.name))}: "
            f"{wrong.iloc[0]} is not a whole number; enter one."
        )
    return values.astype("int64")


def day_of(text: str, begins: date = EXCEL_BEGINS) -> date | None:
    """The date in `text`, in any format that published files use; ``None`` if it is not a date.

    Parameters
    ----------
    text
        Such as ``2017-06-30``, ``30/06/2017`` (day first), ``30 June 2017``, each with or without a time, or the serial
        number of a date in a workbook.
    begins
        Day 0 of the serial numbers.
    """
    plain = TIME.sub("", text.strip())
    with suppress(ValueError, OverflowError):
        if SERIAL.fullmatch(plain):
            return begins + timedelta(days=int(float(plain)))
    for style in DAY_STYLES:
        with suppress(ValueError):
            return datetime.strptime(plain, style).date()
    return None


def raised_text(text: str) -> str:
    """`text` that is raised above the line, as marks of notes are: digits as raised ones, letters in brackets."""
    if not MARK_OF_NOTE.fullmatch(text.strip()):
        return text
    return text.translate(RAISED) if text.strip().isdigit() else f"[{text.strip()}]"


def month_first(text: str) -> bool:
    """Whether `text` is a date only if read month first, such as ``06/30/2017``."""
    return MONTH_FIRST.fullmatch(TIME.sub("", text.strip())) is not None


def as_quarters(dates: pd.Series, where: str, begins: date = EXCEL_BEGINS) -> pd.Series:
    """The quarters whose last days are `dates`, in formats that :func:`day_of` reads.

    Raises
    ------
    SourceError
        If a value is not a date, or not the last day of a quarter.
    """
    quarters = {}
    for text, index in zip(dates.drop_duplicates(), dates.drop_duplicates().index, strict=True):
        day = day_of(str(text), begins)
        if day is None or quarter_end(quarter_of(day)) != pd.Timestamp(day):
            hint = "write the day before the month" if month_first(str(text)) else "correct the date"
            raise SourceError(
                f"{cell_reference(where, index, str(dates.name))}: {text!r} is not the last day of a quarter; {hint}."
            )
        quarters[text] = quarter_of(day)
    return dates.map(quarters)


def refuse_repeats(frame: pd.DataFrame, key: Sequence[str], where: str) -> None:
    """Raise :class:`SourceError` for the first row that repeats the `key` of an earlier one."""
    repeated = frame[frame.duplicated(list(key))]
    if len(repeated):
        row = ", ".join(str(value) for value in repeated.iloc[0][list(key)])
        raise SourceError(
            f"{cell_reference(where, repeated.index[0])}: {row} is there more than once; "
            f"keep one row for each {' and '.join(key)}."
        )


def cell_reference(where: str, index: object, column: str = "") -> str:
    """Reference to a cell for messages: file (and sheet), row number in a spreadsheet, column."""
    row = f"{where}, row {int(str(index)) + FIRST_ROW}"
    return f"{row}, column {column}" if column else row


def parquet_bytes(frame: pd.DataFrame) -> bytes:
    """`frame` as Parquet, in groups of rows so small that a reader of some areas skips most; the same each time."""
    packed = io.BytesIO()
    frame.to_parquet(packed, index=False, compression="zstd", compression_level=15, row_group_size=ROWS_TOGETHER)
    return packed.getvalue()


def _compressed(content: bytes) -> bytes:
    """`content` compressed with gzip without name or time, so that the same figures give the same file."""
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", filename="", mtime=0) as file:
        file.write(content)
    return packed.getvalue()
