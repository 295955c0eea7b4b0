"""A reader's own panel: any table of areas and periods, read from a file and checked before it is used.

The file is bytes that a visitor hands in, so nothing about it is trusted: size, rows and columns are limited, and what
cannot be used is said in a sentence that names the column or the row.
"""

import csv
import hashlib
import io
import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from core.tables.panel import Panel, PanelError
from core.tables.quarters import quarter_of

MOST_BYTES = 50_000_000
MOST_ROWS, MOST_COLUMNS = 500_000, 300
FINGERPRINT = 12
FEWEST_NUMBERS = 0.9  # share of filled cells that must be numbers for a column of text to be one of numbers
AREA_WORDS = ("borough", "area", "district", "region", "county", "country", "state", "ward", "lsoa", "force", "unit")
QUARTER_IN_WORDS = re.compile(
    r"^\s*(?:(?P<first>\d{4})\W*)?[Qq](?:uarter|tr|TR)?\s*(?P<quarter>[1-4])(?:\W*(?P<last>\d{4}))?\s*$"
)
MONTHS_IN_WORDS = ("%b %Y", "%B %Y", "%Y %b", "%Y %B", "%b-%Y", "%b-%y", "%m/%Y")
PERIOD_WORDS = ("quarter", "year", "month", "period", "date", "week", "time")
NUMBER = re.compile(r"^\s*[-+]?(\d[\d\s.,]*|\.\d+)([eE][-+]?\d+)?\s*%?\s*$")
DECIMAL_COMMA = re.compile(r"^[-+]?\d+,\d+([eE][-+]?\d+)?%?$")
THOUSANDS = re.compile(r"^[-+]?[1-9]\d{0,2}(,\d{3})+%?$")
FORMULA_STARTS = "=+-@"


class UserPanelError(ValueError):
    """A file that cannot be used as a panel; the message says what to change."""


@dataclass(frozen=True, eq=False)
class UserTable:
    """A table that a visitor uploaded.

    Parameters
    ----------
    name
        Name of the file.
    fingerprint
        Short hash of its content, by which a link knows it again.
    frame
        Its rows; columns of numbers are numbers, all others text.
    notes
        What was done to it on the way, in sentences.
    """

    name: str
    fingerprint: str
    frame: pd.DataFrame
    notes: tuple[str, ...]

    @property
    def numbers(self) -> list[str]:
        """Columns of numbers, in the order of the file."""
        return [str(name) for name in self.frame.select_dtypes("number").columns]

    @property
    def texts(self) -> list[str]:
        """All other columns."""
        return [str(name) for name in self.frame.columns if name not in self.numbers]


@dataclass(frozen=True)
class Roles:
    """Which columns are what.

    Parameters
    ----------
    area, period
        The key columns.
    population
        Residents, for rates and weights; empty for none.
    """

    area: str
    period: str
    population: str = ""


def read_table_file(name: str, content: bytes) -> UserTable:
    """The table in a CSV or Parquet file.

    Raises
    ------
    UserPanelError
        If it is too large, is neither, or has no rows or repeated columns.
    """
    if len(content) > MOST_BYTES:
        raise UserPanelError(
            f"{name} has {len(content) / 1e6:,.0f} MB, and at most {MOST_BYTES / 1e6:,.0f} MB can be used; "
            "leave out columns or rows."
        )
    if not content:
        raise UserPanelError(f"{name} is empty; save it again.")
    read = _read_parquet if content[:4] == b"PAR1" else _read_csv
    frame, notes = read(name, content)
    frame, renamed = _with_plain_names(frame)
    _check_shape(name, frame)
    tidy, made = _typed(frame)
    return UserTable(name, hashlib.sha256(content).hexdigest()[:FINGERPRINT], tidy, (*notes, *renamed, *made))


def guessed_roles(table: UserTable) -> Roles:
    """The columns that look like area and period: by their names, else by their values.

    Raises
    ------
    UserPanelError
        If there are not two columns that could be keys.
    """
    frame = table.frame
    period = _named(frame.columns, PERIOD_WORDS) or next(
        (name for name in frame.columns if _looks_like_time(frame[name])), None
    )
    others = [name for name in frame.columns if name != period]
    area = _named([name for name in others if name in table.texts], AREA_WORDS) or next(
        (name for name in others if name in table.texts and frame[name].nunique() > 1), None
    )
    if area is None or period is None:
        lacks = "a column that names the area" if area is None else "a column that names the period (a year, a quarter)"
        raise UserPanelError(f"{table.name} has no {lacks.removeprefix('a ')}; add one.")
    population = _named(table.numbers, ("population", "residents", "inhabitants"))
    return Roles(str(area), str(period), population or "")


def panel_of(table: UserTable, roles: Roles) -> Panel:
    """`table` as a panel, its periods written so that they sort in time order.

    Raises
    ------
    UserPanelError
        If the keys are not two different columns, one is empty somewhere, or an area has two rows for a period.
    """
    if roles.area == roles.period:
        raise UserPanelError(f"{roles.area} cannot be both the area and the period; choose another column for one.")
    if roles.population in (roles.area, roles.period):
        raise UserPanelError(f"{roles.population} cannot be a key and the residents; choose another column for one.")
    frame = table.frame.assign(**{roles.period: as_periods(table.frame[roles.period])})
    frame[roles.area] = _as_text(frame[roles.area])
    for key in (roles.area, roles.period):
        empty = frame.index[frame[key].isna()]
        if len(empty):
            raise UserPanelError(f"Row {empty[0] + 2} of {table.name} has no {key}; fill it in or leave the row out.")
    if roles.population:
        _check_population(table.name, frame, roles)
    try:
        return Panel(frame, roles.area, roles.period, roles.population or "population", total="")
    except PanelError as error:
        raise UserPanelError(f"{table.name}: {error}") from error


def as_periods(values: pd.Series) -> pd.Series:
    """Values that sort in time order.

    Years as they are, other numbers of equal length; dates, and quarters or months in words, as ``2017``, ``2017Q1``,
    ``2017-01`` or ISO days, by what they stand for; else the text.
    """
    text = _as_text(values)
    if pd.api.types.is_numeric_dtype(values):
        return text.str.zfill(int(text.str.len().max())) if _are_whole(values) else text
    filled = text.dropna()
    if filled.empty:
        return text
    if not filled.str.match(r"^\d{4}-\d{2}-\d{2}").all():
        return _in_text(filled).reindex(text.index)
    days = pd.to_datetime(filled.str[:10], errors="coerce")
    if days.isna().any():
        return text
    return _of_days(days).reindex(text.index)


def _of_days(days: pd.Series) -> pd.Series:
    """Days as years, quarters or months where that is what they stand for, else as ISO days."""
    stand_for_months = (days == days + pd.offsets.MonthEnd(0)).all() or days.dt.day.nunique() == 1
    if stand_for_months and days.dt.month.nunique() == 1 and days.dt.year.nunique() > 1:
        texts = days.dt.strftime("%Y")
    elif (days == days + pd.offsets.QuarterEnd(0)).all():
        texts = days.map(quarter_of)
    else:
        texts = days.dt.strftime("%Y-%m" if stand_for_months and days.nunique() > 1 else "%Y-%m-%d")
    found: pd.Series = texts.astype("str")
    return found


def _in_text(text: pd.Series) -> pd.Series:
    """Quarters such as ``Q1 2017`` and months such as ``Jan 2017`` so that they sort; any other text as it is."""
    parts = text.str.extract(QUARTER_IN_WORDS)
    year = parts["first"].fillna(parts["last"])
    if (parts["quarter"].notna() & year.notna()).all():
        return year.str.cat(parts["quarter"], sep="Q")
    for layout in MONTHS_IN_WORDS:
        days = pd.to_datetime(text, format=layout, errors="coerce")
        if days.notna().all():
            return days.dt.strftime("%Y-%m").astype("str")
    return text


def usable_outcomes(table: UserTable, roles: Roles) -> list[str]:
    """Columns of numbers that are neither keys nor the residents, and differ somewhere."""
    taken = (roles.area, roles.period, roles.population)
    return [name for name in table.numbers if name not in taken and table.frame[name].nunique() > 1]


def _read_csv(name: str, content: bytes) -> tuple[pd.DataFrame, tuple[str, ...]]:
    if content[:2] == b"PK":
        raise UserPanelError(f"{name} is a workbook or a zip, not a CSV; save the sheet as CSV.")
    try:
        text = content.decode("utf-8-sig")
        notes: tuple[str, ...] = ()
    except UnicodeDecodeError:
        text, notes = content.decode("cp1252", errors="replace"), ("The file is not in UTF-8; read as Windows text.",)
    if "\x00" in text:
        raise UserPanelError(f"{name} is not a text file; save the table as CSV or Parquet.")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text.count("\n") > MOST_ROWS + 1:
        raise UserPanelError(f"{name} has over {MOST_ROWS:,} rows; leave out some, or add them up.")
    header = text.split("\n", 1)[0]
    separator = max(",;\t|", key=header.count)
    columns = next(csv.reader([header], delimiter=separator), [])
    _check_names(name, columns)
    _check_whole(name, text, separator, len(columns))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", pd.errors.ParserWarning)  # rows longer than the header would be cut short
            frame = pd.read_csv(io.StringIO(text), sep=separator, dtype="str", skipinitialspace=True, index_col=False)
        return frame, notes
    except pd.errors.ParserWarning as error:
        raise UserPanelError(f"{name} has rows with more cells than its header; give each column a name.") from error
    except (pd.errors.ParserError, pd.errors.EmptyDataError, ValueError) as error:
        why = str(error).rpartition("C error: ")[2]
        raise UserPanelError(f"{name} cannot be read as CSV ({why}); save it again as CSV.") from error


def _check_whole(name: str, text: str, separator: str, width: int) -> None:
    """Raise where the last row, which may end inside a cell of several lines, breaks off."""
    last = text.rpartition("\n")[2]
    if last.strip() and '"' not in last and last.count(separator) + 1 < width:
        raise UserPanelError(f"{name} ends in the middle of a row; it is not whole, so save or download it again.")


def _read_parquet(name: str, content: bytes) -> tuple[pd.DataFrame, tuple[str, ...]]:
    import pyarrow
    import pyarrow.parquet as parquet

    try:
        file = parquet.ParquetFile(io.BytesIO(content))
        unpacked = sum(file.metadata.row_group(group).total_byte_size for group in range(file.metadata.num_row_groups))
        if file.metadata.num_rows > MOST_ROWS or unpacked > 10 * MOST_BYTES:
            raise UserPanelError(
                f"{name} has {file.metadata.num_rows:,} rows and {unpacked / 1e6:,.0f} MB unpacked; at most "
                f"{MOST_ROWS:,} rows and {10 * MOST_BYTES / 1e6:,.0f} MB can be used."
            )
        return file.read().to_pandas(), ()
    except (pyarrow.ArrowException, OSError, ValueError) as error:
        if isinstance(error, UserPanelError):
            raise
        raise UserPanelError(f"{name} cannot be read as Parquet ({error}); write it again.") from error


def _check_shape(name: str, frame: pd.DataFrame) -> None:
    if frame.empty:
        raise UserPanelError(f"{name} has no rows under its header; add some.")
    if len(frame) > MOST_ROWS:
        raise UserPanelError(f"{name} has {len(frame):,} rows; at most {MOST_ROWS:,} can be used.")
    if not 3 <= len(frame.columns) <= MOST_COLUMNS:
        raise UserPanelError(
            f"{name} has {len(frame.columns)} columns; a panel needs an area, a period and a figure, "
            f"and at most {MOST_COLUMNS}."
        )
    _check_names(name, list(frame.columns))


def _with_plain_names(frame: pd.DataFrame) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """`frame` with names of columns that no spreadsheet runs as a formula and no link takes for two names."""
    found = [str(name).strip() for name in frame.columns]
    plain = [name.lstrip(FORMULA_STARTS).replace("|", "/").strip() or "unnamed" for name in found]
    notes = [f"{old} is called {new} here." for old, new in zip(found, plain, strict=True) if old and old != new]
    return frame.set_axis(plain, axis="columns"), tuple(notes)


def _check_names(name: str, columns: Sequence[str]) -> None:
    repeated = [column for place, column in enumerate(columns) if column and column in columns[:place]]
    if repeated:
        raise UserPanelError(f"{name} has two columns called {repeated[0]}; give each its own name.")


def _typed(frame: pd.DataFrame) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Columns of text that hold numbers as numbers; dates as ISO text; empty columns left out."""
    columns, notes = {}, []
    for name in frame.columns:
        column = frame[name]
        if column.isna().all():
            notes.append(f"{name} is empty and left out.")
            continue
        columns[name], note = _column(str(name), column)
        notes += note
    return pd.DataFrame(columns, index=frame.index).reset_index(drop=True), tuple(notes)


def _column(name: str, column: pd.Series) -> tuple[pd.Series, list[str]]:
    if pd.api.types.is_bool_dtype(column):
        return column.astype("float64"), []
    if pd.api.types.is_numeric_dtype(column):
        return column.astype("float64"), []
    if pd.api.types.is_datetime64_any_dtype(column):
        return column.dt.strftime("%Y-%m-%d").astype("str").where(column.notna()), []
    text = column.astype("str").str.strip().where(column.notna())
    filled = text.dropna()
    looks = filled.str.match(NUMBER)
    if not len(filled) or looks.mean() < FEWEST_NUMBERS:
        return text, []
    return _numbers(name, text, filled[~looks])


def _numbers(name: str, text: pd.Series, others: pd.Series) -> tuple[pd.Series, list[str]]:
    """Text that is nearly all numbers as numbers; the rest is missing, and said."""
    notes = []
    filled = text.dropna()
    if filled.str.match(DECIMAL_COMMA).mean() > 0.5 and not filled.str.match(THOUSANDS).mean() > 0.5:
        text, notes = text.str.replace(",", ".", regex=False), [f"{name}: commas are read as decimal points."]
    percent = text.str.endswith("%", na=False)
    plain = text.str.rstrip("%").str.replace(r"[\s,]", "", regex=True)
    values = pd.to_numeric(plain, errors="coerce").astype("float64")
    values = values.where(~percent, values / 100)
    if percent.any():
        notes.append(f"{name}: figures with a per cent sign are read as shares.")
    if len(others):
        notes.append(f"{name}: {len(others):,} cells such as {others.iloc[0]!r} are no numbers and count as missing.")
    return values, notes


def _are_whole(values: pd.Series) -> bool:
    filled = values.dropna()
    return bool(pd.api.types.is_numeric_dtype(values) and (filled == filled.round()).all())


def _as_text(values: pd.Series) -> pd.Series:
    """`values` as text, whole numbers without decimals; what is missing stays so."""
    plain = values.astype("Int64") if _are_whole(values) else values
    return plain.astype("str").where(values.notna())


def _named(names: Sequence[object] | pd.Index, labels: Sequence[str]) -> str | None:
    """The first name that holds one of `labels`, in the order of the words."""
    return next((str(name) for word in labels for name in names if word in str(name).lower()), None)


def _looks_like_time(values: pd.Series) -> bool:
    filled = values.dropna()
    if pd.api.types.is_numeric_dtype(filled):
        return bool(len(filled) and filled.between(1800, 2200).all() and (filled == filled.round()).all())
    return bool(len(filled) and filled.astype("str").str.match(r"^(\d{4}Q[1-4]|\d{4}-\d{2}(-\d{2})?|\d{4})$").all())


def _check_population(name: str, frame: pd.DataFrame, roles: Roles) -> None:
    wrong = frame[frame[roles.population] <= 0]
    if len(wrong):
        row = wrong.iloc[0]
        raise UserPanelError(
            f"{name}: {roles.population} is {row[roles.population]:g} for {row[roles.area]} in {row[roles.period]}; "
            "residents must be above 0, so correct it or choose no column of residents."
        )
