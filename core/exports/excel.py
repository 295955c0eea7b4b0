"""Tables as Excel workbooks: typed columns, and a sheet with the meaning of each column and the sources."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from core.exports.attribution import APP
from core.exports.column_help import Meaning
from core.tables.schema import Source

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

MADE_AT = datetime(2020, 1, 1)  # fixed, so that the same figures make the same bytes
TABLE, DEFINITIONS = "Table", "Definitions"
# So that no text becomes a formula or a link.
OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": False,
}
NARROWEST, WIDEST, ROWS_MEASURED = 8, 60, 200
MOST_ROWS, MOST_LETTERS = 1_048_575, 32_767  # what a sheet and a cell of Excel can hold, the row of names left out
WHOLE, TINY, LARGE = "#,##0", "0.00E+00", 10_000


@dataclass(frozen=True)
class About:
    """The contents of the sheet of definitions.

    Parameters
    ----------
    title
        What the table shows.
    meanings
        Meanings of its columns.
    sources
        Publications that its figures come from.
    whose
        Note on uploaded figures; empty without.
    link
        Address of the view; empty without.
    """

    title: str
    meanings: Sequence[Meaning]
    sources: Sequence[Source] = ()
    whose: str = ""
    link: str = ""


def excel_bytes(rows: pd.DataFrame, about: About) -> bytes:
    """`rows` as an Excel workbook; the same bytes for the same arguments.

    Numbers have 16 digits, one more than Excel calculates with, and are shown with few; text stays text, whatever its
    first character.

    Raises
    ------
    ValueError
        If there are more rows than a sheet holds.
    """
    import xlsxwriter  # imported here because only workbooks need it

    if len(rows) > MOST_ROWS:
        raise ValueError(f"A sheet of Excel holds {MOST_ROWS:,} rows and the table has {len(rows):,}; take the CSV.")
    written = BytesIO()
    with xlsxwriter.Workbook(written, OPTIONS) as book:
        book.set_properties({"title": _cell(about.title), "author": APP, "created": MADE_AT})
        _write_table(book, book.add_worksheet(TABLE), rows)
        _write_definitions(book, book.add_worksheet(DEFINITIONS), about)
    return written.getvalue()


def _write_table(book: "Workbook", sheet: "Worksheet", rows: pd.DataFrame) -> None:
    bold = _head(book)
    for at, name in enumerate(rows.columns):
        values = rows.iloc[:, at]
        sheet.set_column(at, at, _width(str(name), values), book.add_format({"num_format": number_format(values)}))
        sheet.write_string(0, at, _cell(str(name)), bold)
        for row, value in enumerate(values.astype(object), start=1):
            _write(sheet, row, at, value)
    sheet.freeze_panes(1, 0)
    if len(rows):
        sheet.autofilter(0, 0, len(rows), rows.shape[1] - 1)


def _write(sheet: "Worksheet", row: int, column: int, value: Any) -> None:
    """One cell by the type of its value; nothing for a missing or an infinite one."""
    if isinstance(value, bool | np.bool_):
        sheet.write_boolean(row, column, bool(value))
    elif isinstance(value, int | float | np.number):
        if math.isfinite(value):
            sheet.write_number(row, column, float(value))
    elif isinstance(value, datetime) and not pd.isna(value):
        sheet.write_datetime(row, column, value.replace(tzinfo=None))
    elif not pd.isna(value):
        sheet.write_string(row, column, _cell(str(value)))


def number_format(values: pd.Series) -> str:
    """Number format of a column: whole numbers, as many decimals as distinguish its values, dates, or General."""
    if pd.api.types.is_datetime64_any_dtype(values.dtype):
        return "yyyy-mm-dd"
    if pd.api.types.is_bool_dtype(values.dtype) or not pd.api.types.is_numeric_dtype(values.dtype):
        return "General"
    sizes = values.astype(float).abs()
    sizes = sizes[np.isfinite(sizes)]
    if (sizes == sizes.round()).all():
        return WHOLE if sizes.max() >= LARGE else "0"  # four digits may be a year
    median = float(sizes.median())
    decimals = 3 if median < 1 else 2 if median < 100 else 1
    return TINY if median < 10.0**-decimals else f"#,##0.{'0' * decimals}"


def _width(name: str, values: pd.Series) -> int:
    """Width of a column in characters: its name over two lines, its first values in full."""
    texts = values.head(ROWS_MEASURED)
    longest = 10 if pd.api.types.is_numeric_dtype(values.dtype) else max(map(len, map(str, texts)), default=0)
    return min(max(NARROWEST, math.ceil(len(name) / 2) + 3, longest + 2), WIDEST)


def _head(book: "Workbook") -> "Format":
    return book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})


def _write_definitions(book: "Workbook", sheet: "Worksheet", about: About) -> None:
    bold, wrapped = _head(book), book.add_format({"text_wrap": True, "valign": "top"})
    for at, width in enumerate((34, 80, 30, 40, 60)):
        sheet.set_column(at, at, width, wrapped)
    columns = [["Column", "Meaning", "Unit"], *([m.column, m.text, m.unit] for m in about.meanings)]
    sources = [
        ["Source", "Attribution", "Licence", "Publisher", "Address"],
        *([note.title, note.attribution, note.terms, note.publisher, note.path] for note in about.sources),
    ]
    details = [["Table", about.title], ["View", about.link], ["Figures", about.whose], ["Made with", APP]]
    blocks = [columns, sources if about.sources else [], [line for line in details if line[1]]]
    row = 0
    for block in filter(None, blocks):
        for line_number, line in enumerate(block):
            for at, text in enumerate(line):
                named = line_number == 0 if block is not blocks[-1] else at == 0
                sheet.write_string(row, at, _cell(text), bold if named else wrapped)
            row += 1
        row += 1
    sheet.freeze_panes(1, 0)


def _cell(text: str) -> str:
    return text[:MOST_LETTERS]
