"""Files as offices, councils and programs write them: read as the truth, or named; what is hidden is said."""

import re
import zipfile
from collections.abc import Callable
from datetime import datetime
from io import BytesIO

import openpyxl
import pandas as pd
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont

from core.user_panel.panel import guessed_roles, panel_of
from core.user_panel.read import UserPanelError, UserTable, read_table_file
from core.user_panel.totals import differ_by_case, totals
from tests.sources.files.open_document import as_ods, packed
from tests.user_panel.peoples_files import AREAS, MONTHS, YEARS, as_text, read, shaped, table, with_column

FRAME = table()
VALUES = FRAME[["Offences", "Trust"]].astype(float)
ROWS: list[list[object]] = [list(FRAME), *([a, int(y), float(o), float(t)] for a, y, o, t in FRAME.to_numpy())]
QUARTERS = [f"{year}Q{quarter}" for year in (2022, 2023) for quarter in (1, 2, 3, 4)]
MONTHLY = [f"{year}-{month:02}" for year in (2022, 2023) for month in range(1, 13)]
ROMAN = ("I", "II", "III", "IV")
ENDS = ("Mar", "Jun", "Sep", "Dec")
SPANS = ("Jan - Mar", "Apr - Jun", "Jul - Sep", "Oct - Dec")
RESULT = re.compile(r'office:value-type="float"[^>]*><[^>]*>\d+<[^>]*>')
DESCRIBED = '"CDID","A1","B2","C3"\n"PreUnit","","",""\n"Unit","%","%","%"\n"Release date","16-01-2024","",""\n'


def by_quarter(write: Callable[[int, int], str]) -> list[str]:
    return [write(year, n) for year in (2022, 2023) for n in range(4)]


def by_month(write: str) -> list[str]:
    return [f"{datetime(year, month, 1):{write}}" for year in (2022, 2023) for month in range(1, 13)]


@pytest.mark.parametrize(
    ("name", "written", "read_as"),
    [
        ("Quarter", by_quarter(lambda year, n: f"{year} {ROMAN[n]}"), QUARTERS),
        ("Quarter", by_quarter(lambda year, n: f"{ROMAN[n]}/{year}"), QUARTERS),
        ("Time", by_quarter(lambda year, n: f"{ROMAN[n]}. Quartal {year}"), QUARTERS),
        ("Time", by_quarter(lambda year, n: f"{ROMAN[n]} kw. {year}"), QUARTERS),
        ("Time", by_quarter(lambda year, n: f"{year}K{n + 1}"), QUARTERS),
        ("Time", by_quarter(lambda year, n: f"{year % 100}Q{n + 1}"), QUARTERS),
        ("Time", by_quarter(lambda year, n: f"Q/E {ENDS[n]} {year % 100}"), QUARTERS),
        ("Time", by_quarter(lambda year, n: f"Rolling 12 months to {ENDS[n]}-{year % 100}"), QUARTERS),
        ("Time", by_quarter(lambda year, n: f"Q{(n - 1) % 4 + 1} ({SPANS[n]} {year})"), QUARTERS),
        ("Quarter", by_quarter(lambda year, n: f"{year + n / 4:g}"), QUARTERS),
        ("time", [f"{year + n / 12:.4f}" for year in (2022, 2023) for n in range(12)], MONTHLY),
        ("Time", by_month("%Y-M%m"), MONTHLY),
        ("date", by_month("%Y-%m-%d 00:00:00 UTC"), MONTHLY),
        ("date", by_month("%a, %d %b %Y 00:00:00 GMT"), MONTHLY),
        ("date", ["2022-03-01T00:00:00Z", "2022-03-31T23:00:00Z", "2022-04-30T23:00:00Z"], MONTHLY[2:5]),
        ("date", ["2022-03-05T23:00:00Z", "2022-03-06T11:00:00Z"], ["2022-03-05", "2022-03-06"]),
        ("date", ["2022-03-05", "6 March 2022", "2022-03-07"], ["2022-03-05", "2022-03-06", "2022-03-07"]),
        ("date", ["2022-W09-6", "2022-W09-7"], ["2022-03-05", "2022-03-06"]),
        ("date", ["22646", "22647"], ["22646", "22647"]),  # Stata's days since 1960, or days of a workbook of 1962
        ("Time", [f"{year} mid-year" for year in YEARS], list(YEARS)),
        ("Time", [f"Yr{year}" for year in YEARS], list(YEARS)),
        ("Time", [f"Apr-{n} to Mar-{n + 1}" for n in (15, 16)], ["2015/16", "2016/17"]),
    ],
)
def test_periods_of_offices_are_read_in_the_order_of_time(name: str, written: list[str], read_as: list[str]) -> None:
    panel = shaped(table(written, name))
    assert panel.periods == read_as
    assert panel.steps.unit


@pytest.mark.parametrize("odd", ["2020 (to June)", "2020 onwards"])
def test_part_of_a_year_is_no_year(odd: str) -> None:
    assert not shaped(table([*YEARS[:-1], odd], "Year")).steps.unit


@pytest.mark.parametrize(
    ("written", "values", "said"),
    [
        (["ja", "Nein"], [1, 0], "ja is 1 and nein is 0"),
        (["Oui", "non"], [1, 0], "oui is 1 and non is 0"),
        (["s\u00ed", "no"], [1, 0], "s\u00ed is 1 and no is 0"),
        (["WAHR", "FALSCH"], [1, 0], "wahr is 1 and falsch is 0"),
        (["\u2713", "\u2717"], [1, 0], "\u2713 is 1 and \u2717 is 0"),
        (["yes", "N", "y", "no"], [1, 0, 1, 0], "yes or y is 1 and no or n is 0"),
        (["\u00a31,234", "\u00a35"], [1234, 5], "signs of currency, \u00a3 (36), are left out"),
        (["\u00a31,234", "\u20ac5"], [1234, 5], "they are of several currencies"),
        (["45%", "47.5"], [0.45, 0.475], "18 without one are put on the same scale"),
    ],
)
def test_column_in_the_words_of_its_office_is_read_and_said(written: list[str], values: list[float], said: str) -> None:
    found = read(with_column(written))
    assert found.frame["Spend"].head(len(values)).tolist() == pytest.approx(values)
    assert any(note.startswith("Spend: ") and said in note for note in found.notes)


@pytest.mark.parametrize(
    ("written", "said"), [(["S", "N"], ""), (["\u2713", ""], "empty cells may be the opposite of '\u2713'")]
)
def test_words_that_may_be_no_answers_stay_text(written: list[str], said: str) -> None:
    found = read(with_column(written))
    assert "Spend" in found.texts
    assert any(said in note for note in (*found.notes, ""))


@pytest.mark.parametrize("names", [("London",), ("All London", "E92000001", "Inner London"), ("Unallocated", "MPS")])
def test_totals_are_known_by_names_and_codes(names: tuple[str, ...]) -> None:
    boroughs = dict(zip(AREAS, ("Barnet", "Camden", "Brent", *names, "Ealing", "Merton", "Sutton"), strict=False))
    found = read(FRAME.assign(Area=FRAME["Area"].map(boroughs)))
    assert totals(found, "Area", "Year") == [name for name in boroughs.values() if name in names]


def test_area_with_the_sum_of_all_others_is_a_total() -> None:
    sums = FRAME.assign(Offences=VALUES["Offences"]).groupby("Year")["Offences"].sum().astype(int).astype(str)
    rows = FRAME[FRAME["Area"] == AREAS[0]].assign(Area="Our city", Offences=list(sums))
    assert totals(read(pd.concat([FRAME, rows])), "Area", "Year") == ["Our city"]
    assert totals(read(FRAME), "Area", "Year") == []


@pytest.mark.parametrize("end", ["1", " [note 2]", "\u00b9", "*", " (r)"])
def test_mark_of_a_note_on_an_area_is_pointed_out(end: str) -> None:
    names = [area + end * (area == "Alder" and row % 2) for row, area in enumerate(FRAME["Area"])]
    assert differ_by_case(read(FRAME.assign(Area=names)), "Area", "Year") == [("Alder", f"Alder{end}")]


def test_numbers_of_areas_are_no_marks_of_notes() -> None:
    names = [f"Ward{AREAS.index(area)}" for area in FRAME["Area"]]
    assert differ_by_case(read(FRAME.assign(Area=names)), "Area", "Year") == []


def time_series(periods: list[str]) -> bytes:
    heads = '"Title","Rate: Alder","Rate: Bracken","Rate: Clover"\n' + DESCRIBED
    return (heads + "".join(f'"{time}","{n}.5","{n}.6","{n}.7"\n' for n, time in enumerate(periods))).encode()


def test_time_series_of_an_office_are_read_without_their_descriptions() -> None:
    mixed = ["2022", "2023", *(f"2022 Q{n}" for n in (1, 2, 3, 4)), *(f"2022 {month.upper()}" for month in MONTHS)]
    found = read(time_series(mixed))
    panel = panel_of(found, guessed_roles(found))
    assert panel.periods == MONTHLY[:12]
    assert panel.areas == ["Alder", "Bracken", "Clover"]
    assert panel.frame["Rate"].head(2).tolist() == [6.5, 7.5]
    assert "4 rows that describe the series left out: CDID, PreUnit, Unit, Release date." in found.notes
    assert any("6 rows of quarters and years left out, so that nothing counts twice" in note for note in found.notes)


def test_keys_in_one_column_are_columns() -> None:
    wide = FRAME.pivot(index="Area", columns="Year", values="Trust").reset_index()
    frame = wide.assign(Area="A,PC," + wide["Area"]).rename(columns={"Area": "freq,unit,geo\\TIME_PERIOD"})
    panel = shaped(as_text(frame, "\t"))
    assert (panel.area, panel.areas, panel.periods) == ("geo", list(AREAS), list(YEARS))
    assert panel.frame["Value"].to_numpy() == pytest.approx(VALUES["Trust"].to_numpy())


def pivoted(nested: bool) -> list[list[object]]:
    """A pivot table with the years of each area below it, or beside it with its sum in a row of its own."""
    rows: list[list[object]] = [["Row Labels", "Offences", "Trust"] if nested else ROWS[0]]
    for area in AREAS:
        own = [row for row in ROWS[1:] if row[0] == area]
        rows += [[area, 1.0, 2.0], *(row[1:] for row in own)] if nested else [*own, [f"{area} Total", None, 1.0, 2.0]]
    return [*rows, ["Grand Total", *([] if nested else [None]), 6.0, 12.0]]


@pytest.mark.parametrize("nested", [True, False])
def test_sums_of_a_pivot_table_are_left_out_and_said(nested: bool) -> None:
    found = read_table_file("mine.xlsx", workbook(lambda book: fill(book, pivoted(nested))))
    panel = panel_of(found, guessed_roles(found))
    assert (panel.areas, panel.periods) == (list(AREAS), list(YEARS))
    assert panel.frame[["Offences", "Trust"]].to_numpy() == pytest.approx(VALUES.to_numpy())
    assert any(re.search(r"7 rows of (?:sums|a whole group or of all) left out", note) for note in found.notes)


def test_months_without_a_year_are_refused_with_what_to_do() -> None:
    with pytest.raises(UserPanelError, match=r"Jan, Feb, Mar, Apr and 8 more say no year: add a column with it"):
        shaped(pd.DataFrame({"Area": AREAS, **{month: list("123456") for month in MONTHS}}))


def fill(book: openpyxl.Workbook, rows: list[list[object]] = ROWS) -> None:
    for row in rows:
        book.active.append(row)


def workbook(write: Callable[[openpyxl.Workbook], None]) -> bytes:
    book, buffer = openpyxl.Workbook(), BytesIO()
    write(book)
    book.save(buffer)
    return buffer.getvalue()


def hiding(rows: int, columns: str) -> bytes:
    def write(book: openpyxl.Workbook) -> None:
        fill(book)
        for row in range(2, 2 + rows):
            book.active.row_dimensions[row].hidden = True
        for column in columns:
            book.active.column_dimensions[column].hidden = True
        book.active.column_dimensions["X"].hidden = True  # beyond the table

    return workbook(write)


def spreadsheet(change: Callable[[str], str]) -> bytes:
    with zipfile.ZipFile(BytesIO(as_ods({"Data": ROWS}))) as parts:
        content = parts.read("content.xml").decode()
    return packed(change(content.partition("<office:spreadsheet>")[2].partition("</office:spreadsheet>")[0]))


def filtered(content: str) -> str:
    return content.replace("<table:table-row", '<table:table-row table:visibility="filter"', 4)  # the headings too


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("mine.xlsx", hiding(3, ""), "but read: 3 rows."),
        ("mine.xlsx", hiding(1, "CD"), "but read: 1 row and 2 columns."),
        ("mine.ods", spreadsheet(filtered), "but read: 3 rows."),
    ],
)
def test_what_a_sheet_hides_is_read_and_counted(name: str, content: bytes, said: str) -> None:
    found = read_table_file(name, content)
    assert found.frame[["Offences", "Trust"]].to_numpy() == pytest.approx(VALUES.to_numpy())
    assert any(note.startswith("Hidden in the sheet") and said in note for note in found.notes)


def test_sheet_that_hides_nothing_says_nothing() -> None:
    assert read_table_file("mine.xlsx", workbook(fill)).notes == ()


def test_number_of_a_workbook_has_the_digits_that_are_shown() -> None:
    found = read_table_file(
        "mine.xlsx", workbook(lambda book: fill(book, [*ROWS[:-1], ["Fern", 2020, 0.1 + 0.2, 5.0]]))
    )
    assert found.cells["Offences"].iloc[-1] == "0.3"


def test_moment_of_a_workbook_is_its_day() -> None:
    moments: list[list[object]] = [[a, datetime(2022, n, 5, 13, 20, 7), 1.5 * n] for a in AREAS for n in (1, 2)]
    moments = [["Area", "Date", "Trust"], *moments]
    panel = shaped(workbook(lambda book: fill(book, moments)))
    assert panel.periods == ["2022-01", "2022-02"]


def test_marks_raised_above_the_line_stay_apart_from_years_and_names() -> None:
    raised = InlineFont(vertAlign="superscript")

    def write(book: openpyxl.Workbook) -> None:
        fill(book)
        for row in range(2, 38):
            cell = book.active.cell(row, 2)
            cell.value = CellRichText(str(cell.value), TextBlock(raised, "1"))
        book.active["A2"].value = CellRichText("Alder", TextBlock(raised, "a"))

    found: UserTable = read_table_file("mine.xlsx", workbook(write))
    assert found.cells["Area"].iloc[0] == "Alder[a]"
    assert panel_of(found, guessed_roles(found)).periods == list(YEARS)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("mine.csv.gz", b"\x1f\x8b" + b"\0" * 99, "is damaged or not whole; download it again"),
        ("mine.sav", b"$FL2" + b"\0" * 99, "is a file of SPSS; export the table from it as CSV, .xlsx or Parquet"),
        ("mine.dta", b"q" + b"\0" * 99, "is a file of Stata"),
        ("mine.csv", b"SQLite format 3\0", "is a database; export the table"),
        ("mine.xlsx", as_text(FRAME), "let its name end in .csv if it is text"),
        ("mine.ods", workbook(fill), "let its name end in .xlsx if it is a workbook"),
        (
            "mine.ods",
            spreadsheet(lambda text: RESULT.sub('table:formula="=1">', text, count=9)),
            "sheet Data, row 2 has a formula without its result",
        ),
    ],
)  # fmt: skip
def test_file_of_another_program_is_named_with_what_to_do(name: str, content: bytes, said: str) -> None:
    with pytest.raises(UserPanelError, match=re.escape(said)):
        read_table_file(name, content)


def test_bytes_in_a_parquet_file_are_text() -> None:
    buffer = BytesIO()
    typed = FRAME.assign(Year=FRAME["Year"].astype(int), Trust=VALUES["Trust"], Offences=VALUES["Offences"])
    typed.assign(Area=[area.encode() for area in FRAME["Area"]], Key=b"\xff\x00").to_parquet(buffer)
    found = read_table_file("mine.parquet", buffer.getvalue())
    assert panel_of(found, guessed_roles(found)).areas == list(AREAS)


def test_end_of_file_of_old_programs_is_no_row() -> None:
    assert shaped(as_text(FRAME) + b"\x1a").areas == list(AREAS)
