"""Cells of workbooks and CSV files come out as others read them, however their XML is written."""

import io
import zipfile
from collections.abc import Mapping
from datetime import date, datetime, time
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from core.sources.files.cells import SourceError, day_of, month_first
from core.sources.files.limits import Limits, in_memory
from core.sources.files.tables import SheetColumn, SheetTable, sheets, tables
from tests.sources.workbooks.layout import HEADINGS
from tests.sources.workbooks.xlsx import Row, Style, letters, write_xlsx

STYLES = {
    "plain": Style(),
    "inline": Style(inline=True),
    "prefixed": Style(prefix="x:"),
    "unplaced": Style(placed=False),
    "indented": Style(indented=True),
    "all at once": Style(inline=True, prefix="main:", placed=False, indented=True),
}
COLUMNS = (
    SheetColumn("day", ("Date",)),
    SheetColumn("text", ("Text",)),
    SheetColumn("number", ("Number",)),
    SheetColumn("far", ("Far",)),
)
HEADING: Row = {0: "Date", 1: "Text", 2: "Number", 3: "Truth", 30: "Far"}
TEXTS = (
    "a & b < c > d",
    "</c></row>",
    "  padded  ",
    '"quoted"',
    "=1+1",
    "<script>alert(1)</script>",
    "é 東京 \U0001f600",
)
ROWS: list[Row] = [
    {0: date(2020, 4, number % 28 + 1), 1: TEXTS[number % len(TEXTS)], 2: number / 7, 3: number % 2 == 0, 30: "end"}
    for number in range(40)
]


def workbook(rows: Mapping[str, list[Row]], style: Style = STYLES["plain"]) -> bytes:
    target = io.BytesIO()
    write_xlsx(target, rows, style)
    return target.getvalue()


def read(content: bytes, name: str = "file.xlsx", limits: Limits | None = None) -> tuple[pl.DataFrame, SheetTable]:
    with sheets(in_memory(name, content), limits or Limits()) as found:
        (table,) = tables(found, COLUMNS, name)
        return pl.concat([block for _, block in table.blocks(limits or Limits(), fingerprint=True)]), table


@pytest.mark.parametrize("style", STYLES.values(), ids=STYLES)
def test_tables_in_each_xml_style_agree_with_openpyxl(style: Style) -> None:
    content = workbook({"Figures": [HEADING, *ROWS]}, style)
    frame, _ = read(content)
    sheet = openpyxl.load_workbook(io.BytesIO(content))["Figures"]
    expected = list(sheet.iter_rows(min_row=2, values_only=True))
    assert frame["text"].to_list() == [row[1].strip() for row in expected]
    assert frame["number"].cast(pl.Float64).to_list() == [row[2] for row in expected]
    assert [day_of(text) for text in frame["day"]] == [row[0].date() for row in expected]
    assert frame["far"].to_list() == ["end"] * len(ROWS)
    assert frame["row"].to_list() == list(range(2, len(ROWS) + 2))


def test_tables_of_a_workbook_written_by_openpyxl_are_read() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Date", "Text", "Number", "Far"])
    sheet.append([datetime(2020, 4, 1, 13, 30), "one", 0.5, True])
    sheet.append([None, None, None, None])
    sheet.append(["01/04/2020", None, "#N/A", time(12)])
    content = io.BytesIO()
    book.save(content)
    frame, _ = read(content.getvalue())
    assert frame.drop("fingerprint").rows() == [
        (2, "43922.5625", "one", "0.5", "TRUE"),
        (4, "01/04/2020", None, "#N/A", "0.5"),
    ]


def test_formula_without_its_result_is_refused_by_its_cell() -> None:
    book = openpyxl.Workbook()  # which keeps no result next to a formula that it writes
    sheet = book.active
    assert sheet is not None
    sheet.append(["Date", "Text", "Number", "Far"])
    sheet.append(["01/04/2020", "=1+1", 0.5, "end"])
    content = io.BytesIO()
    book.save(content)
    with pytest.raises(SourceError, match="cell B2 holds a formula without its result"):
        read(content.getvalue())


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ('<c r="B2"><f>A1+1</f><v>3</v></c>', "3"),
        ('<c r="B2" t="str"><f>CONCAT(A1)</f><v>x &amp; y</v></c>', "x & y"),
        ('<c r="B2" t="e"><v>#REF!</v></c>', "#REF!"),
        ('<c r="B2" t="b"><v>0</v></c>', "FALSE"),
        ('<c r="B2" t="inlineStr"><is><r><rPr><b/></rPr><t>bo</t></r><r><t>ld</t></r></is></c>', "bold"),
        ('<c r="B2" t="inlineStr"><is><t>see</t><rPh sb="0" eb="1"><t>aloud</t></rPh></is></c>', "see"),
        ('<c r="B2" t="inlineStr"><is><t>a > b</t></is></c>', "a > b"),
        ('<c s="3" r="B2" t="n"><v>7</v></c>', "7"),
        ("<c r='B2'><v>8</v></c>", "8"),
        ('<c r="B2"><v xml:space="preserve">9</v></c>', "9"),
        ('<c r="B2" t="inlineStr"><is><t><![CDATA[a<b]]></t></is></c>', "a<b"),
        ('<!-- a note --><c r="B2"><v>10</v></c>', "10"),
        ('<c r="B2"/>', None),
        ('<c r="B2" s="4"/><c r="AA2"><v>1</v></c>', None),
        ('<c r="B2"><v/></c>', None),
    ],
)
def test_tables_with_each_form_of_cell_give_its_text(cell: str, text: str | None) -> None:
    frame, _ = read(with_rows(f'<row r="2"><c r="A2"><v>1</v></c>{cell}</row>'))
    assert frame["text"].to_list() == [text]


def with_rows(rows: str) -> bytes:
    """A workbook with the headings and then `rows` of XML."""
    plain = workbook({"Figures": [HEADING]})
    return changed(plain, "xl/worksheets/sheet1.xml", lambda xml: xml.replace("</sheetData>", f"{rows}</sheetData>"))


def changed(content: bytes, part: str, change: object) -> bytes:
    """`content` with one of its parts changed; taken away where the change gives ``None``."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as book, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as other:
        for name in book.namelist():
            text = book.read(name).decode()
            new = change(text) if name == part and callable(change) else text
            if new is not None:
                other.writestr(name, new)
    return target.getvalue()


def test_tables_fingerprint_ignores_position_and_style() -> None:
    rows = "".join(
        f'<row ht="{look}"><c r="A{number}" s="{look}"><v>1</v></c><c r="B{number}"><v>{text}</v></c></row>'
        for number, look, text in ((12, 1, 12), (13, 2, 12), (99, 1, 12), (112, 1, 13))
    )
    frame, _ = read(with_rows(rows))
    first, second, third, fourth = frame["fingerprint"]
    assert first == second == third != fourth


def test_tables_of_a_large_workbook_are_read_over_many_blocks() -> None:
    rows: list[Row] = [{0: number, 1: f"text {number} " + "x" * 300, 2: number} for number in range(30_000)]
    frame, _ = read(workbook({"Figures": [HEADING, *rows]}, Style(inline=True)))
    assert frame["number"].cast(pl.Int64).to_list() == list(range(30_000))
    assert frame["row"].to_list() == list(range(2, 30_002))


def test_tables_find_sheet_and_heading_row_by_the_columns() -> None:
    title: Row = {0: "Figures of the year"}
    content = workbook({"Notes": [{0: "Read this first"}], "Table 1": [title, {}, title, HEADING, *ROWS]})
    frame, table = read(content)
    assert table.where == "file.xlsx, sheet Table 1"
    assert (table.heading, frame["row"].min()) == (4, 5)
    swapped = {4: "date ", 1: "TEXT", 0: "number", 2: "far"}
    frame, table = read(workbook({"A": [swapped, {4: date(2020, 1, 1), 1: "a", 0: 1, 2: "b"}]}))
    assert table.headings == {"day": "date", "text": "TEXT", "number": "number", "far": "far"}


def test_tables_with_dates_from_1904_give_the_right_day() -> None:
    _, table = read(workbook({"Figures": [HEADING, *ROWS]}, Style(from_1904=True)))
    frame, _ = read(workbook({"Figures": [HEADING, *ROWS]}, Style(from_1904=True)))
    assert day_of(frame["day"][0], table.sheet.begins) == date(2020, 4, 1)


def test_tables_with_cells_far_away_read_only_their_row() -> None:
    frame, _ = read(with_rows('<row r="1048576"><c r="A1048576"><v>1</v></c><c r="XFD1048576"><v>2</v></c></row>'))
    assert frame["row"].to_list() == [1_048_576]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_tables_of_csv_with_each_separator_are_read(separator: str) -> None:
    lines = ["Title", "Date,Text,Number,Far", '01/04/2020,"a ""b""\nc",1,x', ",,,", "02/04/2020,é,2,y,stray"]
    content = "\n".join(lines).replace(",", separator).encode("utf-8-sig")
    frame, table = read(content, "file.csv")
    assert table.where == "file.csv"
    assert frame["text"].to_list() == ['a "b"\nc', "é"]
    assert frame["day"].to_list() == ["01/04/2020", "02/04/2020"]
    assert frame["fingerprint"].n_unique() == 2


def test_tables_of_a_large_csv_are_read_over_many_blocks() -> None:
    rows = [f'{number},"a, ""quoted""\n{"x" * 400}",{number},y' for number in range(30_000)]
    frame, _ = read("\n".join(["Date,Text,Number,Far", *rows]).encode(), "file.csv")
    assert frame["number"].cast(pl.Int64).to_list() == list(range(30_000))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2020-04-01", date(2020, 4, 1)),
        ("2020-04-01 00:00:00", date(2020, 4, 1)),
        ("2020-04-01T13:30:00.5Z", date(2020, 4, 1)),
        ("01/04/2020", date(2020, 4, 1)),
        ("1/4/2020 9:05", date(2020, 4, 1)),
        ("01/04/20", date(2020, 4, 1)),
        ("1 April 2020", date(2020, 4, 1)),
        ("01-Apr-2020", date(2020, 4, 1)),
        ("43922", date(2020, 4, 1)),
        ("43922.99", date(2020, 4, 1)),
        ("31/02/2020", None),
        ("04/25/2020", None),
        ("Christmas", None),
        ("", None),
    ],
)
def test_day_of_each_spelling_gives_the_date(text: str, day: date | None) -> None:
    assert day_of(text) == day


def test_month_first_holds_for_american_dates_only() -> None:
    assert month_first("04/25/2020")
    assert month_first("4/25/20 10:00 PM")
    assert not month_first("25/04/2020")
    assert not month_first("31/02/2020")


def test_letters_agree_with_excel_columns() -> None:
    assert [letters(number) for number in (0, 25, 26, 270, 701, 702, 16_383)] == [
        "A",
        "Z",
        "AA",
        "JK",
        "ZZ",
        "AAA",
        "XFD",
    ]


@pytest.mark.parametrize("name", ["file.xlsx", "file.csv"])
def test_tables_beyond_the_row_limit_are_refused(name: str) -> None:
    rows: list[Row] = [{0: 1, 1: "a", 2: 1} for _ in range(11)]
    csv = "\n".join(["Date,Text,Number,Far", *["1,a,1,b"] * 11]).encode()
    content = csv if name.endswith("csv") else workbook({"Figures": [HEADING, *rows]})
    assert len(read(content, name, Limits(rows=11))[0]) == 11
    with pytest.raises(SourceError, match=r"has more than 10 rows, which is more than is read here"):
        read(content, name, Limits(rows=10))


@pytest.mark.sources
def test_headings_agree_with_the_published_layout(sources_dir: Path) -> None:
    path = sources_dir / "london" / "use_of_force_workbook_columns_FY20-21.txt"
    assert path.read_text(encoding="utf-8").splitlines() == HEADINGS


def test_headings_are_271_different_columns() -> None:
    assert len(HEADINGS) == len(set(HEADINGS)) == 271
