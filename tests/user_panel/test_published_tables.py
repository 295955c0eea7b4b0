"""Tables as publishers and programs write them: rows that are no data, hidden sheets, columns of every shape."""

from collections.abc import Callable
from io import BytesIO

import openpyxl
import pandas as pd
import pytest

from core.user_panel.panel import guessed_roles, panel_of
from core.user_panel.read import UserPanelError, read_table_file
from tests.sources.files.open_document import as_ods, packed
from tests.user_panel.peoples_files import AREAS, MONTHS, YEARS, as_text, read, shaped, table

FRAME = table()
VALUES = FRAME[["Offences", "Trust"]].astype(float)
LINES = as_text(FRAME).decode().splitlines()
ROWS: list[list[object]] = [list(FRAME), *([a, int(y), float(o), float(t)] for a, y, o, t in FRAME.to_numpy())]
SECOND = "\n\n\nForce,Year,Arrests,Stops\nAldershire,2015,1,2\nElderton,2015,3,4\n"


def under_headings(row: str) -> bytes:
    return "\n".join([LINES[0], row, *LINES[1:], ""]).encode()


DRESSES: dict[str, tuple[bytes, str]] = {
    "numbers of columns": (under_headings("1,2,3,4"), "Row 2 numbers or rules off the columns"),
    "numbers in brackets": (under_headings("(1),(2),(3),(4)"), "Row 2 numbers or rules off the columns"),
    "letters of columns": (under_headings("a,b,c,d"), "Row 2 numbers or rules off the columns"),
    "ruled off": (under_headings("---,---,---,---").replace(b",", b"|"), "Row 2 numbers or rules off the columns"),
    "source with a year": (as_text(FRAME, after="Source: Home Office, 2021, Table 3, rev\n"), "notes below the table"),
    "another table below": (as_text(FRAME, after=SECOND), "3 rows left out: another table below this one"),
    "spaces before quotation marks": (
        "\n".join(", ".join(f'"{cell}"' for cell in line.split(",")) for line in LINES).encode() + b"\n",
        "",
    ),
    "text kept from Excel": (
        "\n".join(",".join(f'="{cell}"' for cell in line.split(",")) for line in LINES).encode() + b"\n",
        "",
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", DRESSES)
def test_rows_that_are_no_data_are_left_out_and_said(kind: str) -> None:
    content, said = DRESSES[kind]
    panel = shaped(content)
    assert (panel.areas, panel.periods) == (list(AREAS), list(YEARS))
    assert panel.frame[["Offences", "Trust"]].to_numpy() == pytest.approx(VALUES.to_numpy())
    assert any(said in note for note in (*read(content).notes, ""))


def test_encoding_that_is_a_guess_is_said_with_a_word_to_check() -> None:
    found = read(as_text(FRAME.replace("Alder", "Ynys M\u00f4n"), encoding="cp850"))
    assert any("(M\u201cn: if that looks wrong, save the file again as CSV in UTF-8)" in note for note in found.notes)


def workbook(fill: Callable[[openpyxl.Workbook], None]) -> bytes:
    book, buffer = openpyxl.Workbook(), BytesIO()
    fill(book)
    book.save(buffer)
    return buffer.getvalue()


def append(sheet: object, rows: list[list[object]]) -> None:
    for row in rows:
        sheet.append(row)  # type: ignore[attr-defined]


def old_and_new(state: str) -> Callable[[openpyxl.Workbook], None]:
    def fill(book: openpyxl.Workbook) -> None:
        append(book["Sheet"], [ROWS[0], *([a, y, 1.0, 2.0 + n] for n, (a, y, *_) in enumerate(ROWS[1:]))])
        book["Sheet"].sheet_state = state
        append(book.create_sheet("New"), ROWS)
        book.active = 1

    return fill


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_hidden_sheet_is_not_read_where_another_holds_a_table(state: str) -> None:
    found = read_table_file("mine.xlsx", workbook(old_and_new(state)))
    assert (found.sheet, found.sheets) == ("New", ("New", "Sheet"))
    assert found.frame["Trust"].to_numpy() == pytest.approx(VALUES["Trust"].to_numpy())


def test_hidden_sheet_of_a_spreadsheet_is_read_last() -> None:
    sheets = as_ods({"Old": [["Area", "Year", "x"], ["a", "2015", 1]], "New": ROWS})
    name = 'table:name="Old"'
    with pd.io.common.zipfile.ZipFile(BytesIO(sheets)) as parts:  # type: ignore[attr-defined]
        content = parts.read("content.xml").decode()
    tables = content.partition("<office:spreadsheet>")[2].partition("</office:spreadsheet>")[0]
    style = (
        '<style:style xmlns:style="s" style:name="ta1"><style:table-properties table:display="false"/></style:style>'
    )
    found = read_table_file("mine.ods", packed(style + tables.replace(name, f'{name} table:style-name="ta1"')))
    assert (found.sheet, found.sheets) == ("New", ("New", "Old"))


def test_formula_without_its_result_is_refused_with_what_to_do() -> None:
    content = workbook(lambda book: append(book.active, [ROWS[0], *([a, y, o, f"={t}*1"] for a, y, o, t in ROWS[1:])]))
    with pytest.raises(UserPanelError, match=r"sheet Sheet, cell D2 holds a formula without its result; open .* Excel"):
        read_table_file("mine.xlsx", content)


def test_sheet_for_each_year_is_refused_with_what_to_do() -> None:
    def fill(book: openpyxl.Workbook) -> None:
        for year in YEARS:
            sheet = book.create_sheet(year)
            append(sheet, [["Area", "Offences", "Trust"], *([a, o, t] for a, y, o, t in ROWS[1:] if str(y) == year)])
        book.remove(book["Sheet"])

    found = read_table_file("mine.xlsx", workbook(fill))
    with pytest.raises(
        UserPanelError, match=r"Each Area has one row .* Only sheet 2015 is read: if each sheet is of ano"
    ):
        panel_of(found, guessed_roles(found))


def wide(name: Callable[[str], str]) -> pd.DataFrame:
    return FRAME.pivot(index="Area", columns="Year", values="Trust").rename(columns=name).reset_index()


@pytest.mark.parametrize(
    ("name", "periods"),
    [
        (lambda year: f"{int(year) - 2} - {int(year) % 100}", list(YEARS)),
        (lambda year: f"{year} Q1 (Jan to Mar)", [f"{year}Q1" for year in YEARS]),
        (lambda year: f"trust_w{int(year) - 2014}", list("123456")),
        (lambda year: f"Jan {year}-Dec {year} number", list(YEARS)),
        (lambda year: f"YE Mar {year} (%)", [f"{int(year) - 1}/{int(year) % 100}" for year in YEARS]),
        (lambda year: f"Trust wave {int(year) - 2014}", list("123456")),
    ],
)
def test_columns_named_after_spans_and_waves_are_turned(name: Callable[[str], str], periods: list[str]) -> None:
    panel = shaped(wide(name))
    assert panel.periods == periods
    assert panel.frame.select_dtypes("number").iloc[:, 0].to_numpy() == pytest.approx(VALUES["Trust"].to_numpy())


def test_changes_over_several_years_do_not_keep_columns_of_years_from_being_turned() -> None:
    frame = wide(str).assign(**{"% change 2018 to 2019": "1.5", "% change 2019 to 2020": "2.5"})
    panel = shaped(frame)
    assert panel.periods == list(YEARS)
    assert panel.frame["Value"].to_numpy() == pytest.approx(VALUES["Trust"].to_numpy())


def test_columns_of_months_beside_a_year_are_turned() -> None:
    rows = [
        [area, year, *(f"{n}.{y}{m}" for m in range(12))] for n, area in enumerate(AREAS) for y, year in enumerate("AB")
    ]
    frame = pd.DataFrame(rows, columns=["Area", "Year", *MONTHS]).replace({"Year": {"A": "2018", "B": "2019"}})
    panel = shaped(frame)
    assert panel.periods == [f"{year}-{month:02}" for year in (2018, 2019) for month in range(1, 13)]
    assert panel.frame["Value"].head(3).tolist() == [0.00, 0.01, 0.02]


def test_figures_are_no_periods() -> None:
    with pytest.raises(
        UserPanelError, match=r"trust15 holds figures .* no period; choose another column .* Trust 2015"
    ):
        shaped(wide(lambda year: f"trust{int(year) % 100}"))


def test_merged_times_are_offered_to_be_filled_down_and_figures_are_not() -> None:
    frame = FRAME.sort_values(["Year", "Area"])[["Year", "Area", "Offences", "Trust"]].reset_index(drop=True)
    merged = frame.assign(
        Year=frame["Year"].where(~frame["Year"].duplicated(), ""),
        Offences=[str(2000 + n) if n % 6 == 0 else "" for n in range(len(frame))],
    )
    with pytest.raises(UserPanelError, match="Year is empty in 30 rows below a filled cell, as in merged cells"):
        shaped(merged)
    panel = shaped(merged, fill_down=True)
    assert panel.periods == list(YEARS)
    assert panel.frame["Offences"].notna().sum() == 6


def test_columns_that_repeat_keys_of_a_long_table_are_no_measures() -> None:
    long = FRAME.melt(["Area", "Year"], var_name="Measure", value_name="Value")
    long = long.assign(
        RECORD_OFFSET=[str(n) for n in range(len(long))], Rank=long["Area"].map(dict.fromkeys(AREAS, "7"))
    )
    panel = shaped(long)
    assert panel.frame[["Offences", "Trust"]].to_numpy() == pytest.approx(VALUES.to_numpy())


def test_numbers_of_rows_with_zeros_are_no_areas() -> None:
    frame = FRAME.assign(RowKey=[f"{n:08}7" for n in range(len(FRAME))])[
        ["RowKey", "Year", "Area", "Offences", "Trust"]
    ]
    found = read(frame.rename(columns={"Area": "Area_ItemName_ENG"}))
    assert guessed_roles(found).area == "Area_ItemName_ENG"


def test_counts_are_no_areas_in_a_long_table() -> None:
    long = FRAME.melt(["Area", "Year"], var_name="Offence Group", value_name="Number of Offences")
    long = long.rename(columns={"Area": "Force Name"}).assign(
        **{"Number of Offences": [str(n) for n in range(len(long))]}
    )
    found = read(pd.concat([long, long.assign(Year="2021").head(6)]))
    assert guessed_roles(found).area == "Force Name"


def test_names_of_areas_go_before_their_codes() -> None:
    frame = FRAME.rename(columns={"Area": "LAD23NM"})
    frame.insert(0, "LAD23CD", frame["LAD23NM"].map({area: f"E0{n}" for n, area in enumerate(AREAS)}))
    assert guessed_roles(read(frame)).area == "LAD23NM"
