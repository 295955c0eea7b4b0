"""Tables as Excel workbooks, read back with another library."""

import io
from datetime import datetime

import numpy as np
import openpyxl
import pandas as pd
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from core.crime.column_help import COLUMNS
from core.exports.column_help import ColumnHelp, Meaning
from core.exports.excel import DEFINITIONS, TABLE, About, excel_bytes, number_format
from core.tables.catalogue import Catalogue
from core.tables.schema import Licence, Source

HOSTILE = (
    "=cmd()",
    "+1",
    "-1",
    "@SUM(1)",
    "http://example.org/",
    "'=1",
    "\t=1",
    "<script>",
    "mailto:a@b.c",
    "internal:A1",
)
ROWS = pd.DataFrame(
    {
        "Borough": ["Brent", "=1+1", None],
        "Value": [1 / 3, -1e-7, np.nan],
        "Count": [12_522, 3, 0],
        "Whole": pd.Series([1, None, 3], dtype="Int64"),
        "Day": [pd.Timestamp("2017-06-30"), pd.NaT, pd.Timestamp("2023-12-31")],
        "Clear": [True, False, True],
        "Endless": [np.inf, 1.5, -np.inf],
    }
)
SOURCE = Source("Survey", "MOPAC", "https://example.org/", Licence("", "OGL", ""), "=Source: MOPAC")
ABOUT = About("=A title", [Meaning("Borough", "=Name", "")], (SOURCE,), "Own figures.", "https://x.example/?a=1")


def sheets(rows: pd.DataFrame, about: About = ABOUT) -> tuple[Worksheet, Worksheet]:
    book = openpyxl.load_workbook(io.BytesIO(excel_bytes(rows, about)))
    assert book.sheetnames == [TABLE, DEFINITIONS]
    return book[TABLE], book[DEFINITIONS]


def test_excel_bytes_cells_have_their_types_and_digits() -> None:
    table, _ = sheets(ROWS)
    cells = [[cell.value for cell in row] for row in table.iter_rows()]
    assert cells[0] == list(ROWS.columns)
    assert cells[1] == ["Brent", pytest.approx(1 / 3, rel=1e-15), 12_522, 1, datetime(2017, 6, 30), True, None]
    assert cells[2] == ["=1+1", -1e-7, 3, None, None, False, 1.5]
    assert cells[3] == [None, None, 0, 3, datetime(2023, 12, 31), True, None]


@pytest.mark.parametrize("text", HOSTILE)
def test_excel_bytes_with_hostile_text_has_no_formula_or_link(text: str) -> None:
    table, definitions = sheets(pd.DataFrame({text: [text]}), About(text, [Meaning(text, text, text)], (), text, text))
    for sheet in (table, definitions):
        found = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
        assert {cell.data_type for cell in found} == {"s"}
        assert not any(cell.hyperlink for cell in found)
    assert table["A2"].value == text


def test_excel_bytes_has_frozen_header_and_column_formats() -> None:
    table, _ = sheets(ROWS)
    assert table.freeze_panes == "A2"
    assert table["C2"].number_format == "#,##0"
    assert table["E2"].number_format == "yyyy-mm-dd"
    assert table.column_dimensions["A"].width < 20


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        ([2017, 2018], "0"),
        ([12_522.0, 3.0], "#,##0"),
        ([0.0441, 0.2], "#,##0.000"),
        ([61.53, 40.2], "#,##0.00"),
        ([1234.5], "#,##0.0"),
        ([1.5e-6, 2e-5], "0.00E+00"),
        ([float("nan")], "0"),
        ([True], "General"),
        (["a"], "General"),
    ],
)
def test_number_format_has_the_digits_it_needs(values: list[object], shown: str) -> None:
    assert number_format(pd.Series(values)) == shown


def test_excel_bytes_definitions_have_meaning_source_licence_and_view() -> None:
    _, definitions = sheets(ROWS)
    cells = [cell.value for row in definitions.iter_rows() for cell in row if cell.value]
    for text in ("=Name", "=Source: MOPAC", "OGL", "https://x.example/?a=1", "Own figures.", "=A title"):
        assert text in cells


def test_excel_bytes_of_same_figures_are_the_same_bytes() -> None:
    first = excel_bytes(ROWS, ABOUT)
    book = openpyxl.load_workbook(io.BytesIO(first))
    assert book.properties.created == datetime(2020, 1, 1)
    assert first == excel_bytes(ROWS, ABOUT)


def test_excel_bytes_without_rows_has_header() -> None:
    table, _ = sheets(ROWS.iloc[:0])
    assert [cell.value for cell in table[1]] == list(ROWS.columns)
    assert table.max_row == 1


def test_excel_bytes_with_too_many_rows_suggests_csv() -> None:
    with pytest.raises(ValueError, match="take the CSV"):
        excel_bytes(pd.DataFrame({"a": np.zeros(1_048_576)}), ABOUT)


def test_column_help_of_variable_is_from_the_catalogue(catalogue: Catalogue) -> None:
    london = catalogue.of("london")
    for name in ("records", "Use-of-force records", "use-of-force records"):
        (found,) = ColumnHelp(london).of([name])
        assert (found.text, found.unit) == (london.help("records"), london.variable("records").unit)


def test_column_help_of_derived_name_explains_its_variable(catalogue: Catalogue) -> None:
    of = ColumnHelp(catalogue.of("london"), COLUMNS).of
    rest, plain, index, nothing = of(
        ["ln(use-of-force records), rest", "Records", "Index (2017Q2 = 100)", "no such column"]
    )
    assert catalogue.of("london").help("records") in rest.text
    assert "Natural logarithm" in rest.text
    assert rest.unit == "logarithm"
    assert "2017Q2" in index.text
    assert plain.text
    assert nothing.text == ""
