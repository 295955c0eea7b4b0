"""Tables as people have them: found in the file, turned to one row per area and period, and everything said."""

from io import BytesIO

import numpy as np
import pandas as pd
import pytest

from core.sources.files.limits import in_memory
from core.sources.files.table_file import read_table
from core.user_panel.panel import guessed_roles, panel_of, usable_outcomes
from core.user_panel.read import LIMITS, UserPanelError
from tests.sources.files.open_document import as_ods
from tests.user_panel.peoples_files import AREAS, YEARS, as_text, as_workbook, read, shaped, table

FRAME = table()
VALUES = FRAME[["Offences", "Trust"]].astype(float)
ROWS = [list(FRAME), *FRAME.to_numpy().tolist()]
TYPED = [list(FRAME), *([a, int(y), int(o), float(t)] for a, y, o, t in FRAME.to_numpy().tolist())]
TITLES = 'Table 3: Recorded offences,,,\n"Source: office, made up",,,\n,,,\n'
FOOTER = "\nSource: an office\nNotes: made up\n"
FOOTED = as_text(FRAME, after=FOOTER)

CONTENTS: dict[str, bytes] = {
    "plain": as_text(FRAME),
    "semicolons": as_text(FRAME, ";"),
    "tabs": as_text(FRAME, "\t"),
    "bars": as_text(FRAME, "|"),
    "tildes": as_text(FRAME, "~"),
    "declared separator": as_text(FRAME, ";", before="sep=;\n"),
    "mark of UTF-8": as_text(FRAME, encoding="utf-8-sig"),
    "UTF-16": as_text(FRAME, encoding="utf-16"),
    "UTF-16 without a mark": as_text(FRAME, encoding="utf-16-le"),
    "line ends of Windows": as_text(FRAME).replace(b"\n", b"\r\n"),
    "line ends of old Macs": as_text(FRAME).replace(b"\n", b"\r"),
    "title rows": as_text(FRAME, before=TITLES),
    "short title rows": as_text(FRAME, before='"Data Source","Indicators",\n\n"Last Updated","2021-09-15",\n\n'),
    "trailing separators": as_text(FRAME).replace(b"\n", b",\n"),
    "notes below": FOOTED,
    "notes right below": as_text(FRAME, after="Source: an office, 2021\n* revised\n"),
    "empty rows inside": as_text(FRAME.head(10)) + b"\n,,,\n" + as_text(FRAME.iloc[10:]).split(b"\n", 1)[1] + b",,,\n",
    "units": as_text(FRAME).replace(b"Trust\n", b"Trust\n,,number,per cent\n"),
    "units in every column": as_text(FRAME).replace(b"Trust\n", b"Trust\nname,year,number,%\n"),
    "headings again": as_text(FRAME.head(12)) + as_text(FRAME.iloc[12:]),
    "row numbers": FRAME.to_csv().encode(),
    "row numbers of R": FRAME.set_axis(range(1, 37)).to_csv().encode(),
    "identical rows": as_text(pd.concat([FRAME, FRAME.iloc[[3, 7]]])),
    "workbook": as_workbook(TYPED),
    "workbook with titles": as_workbook([["Table 3: Recorded offences"], [], *TYPED, [], ["Source: an office"]]),
    "workbook with a cover": as_workbook(TYPED, ("Cover", "Notes", "Data")),
    "open document": as_ods({"Data": TYPED}),
    "open document with titles": as_ods({"Cover": [["About"]], "Data": [["Table 3"], [], *TYPED, ["Source: us"]]}),
}  # fmt: skip


@pytest.mark.parametrize("kind", CONTENTS)
def test_table_in_any_dress_has_the_same_cells(kind: str) -> None:
    panel = shaped(CONTENTS[kind])
    assert (panel.area, panel.period) == ("Area", "Year")
    assert (panel.areas, panel.periods) == (list(AREAS), list(YEARS))
    assert panel.frame[["Offences", "Trust"]].to_numpy() == pytest.approx(VALUES.to_numpy())


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("UTF-16", "The file is in UTF-16."),
        ("title rows", "The headings are in row 4; 2 rows above left out"),
        ("notes below", "2 rows left out: notes below the table (the first: row 39, 'Source: an office')"),
        ("empty rows inside", "rows empty and skipped"),
        ("units", "Row 2 has units or further names and is left out (Offences: number; Trust: per cent)."),
        ("headings again", "1 row left out: the headings again"),
        ("row numbers", "numbers the rows and is left out."),
        ("identical rows", "2 rows left out: each repeats another in every column"),
        ("workbook with a cover", "Sheet Data is read; the others are Cover, Notes."),
        ("open document with titles", "Sheet Data is read; the others are Cover."),
    ],
)
def test_report_says_what_was_done_or_left_out(kind: str, said: str) -> None:
    assert any(said in note for note in read(CONTENTS[kind]).notes)


def test_sheet_can_be_chosen() -> None:
    book = as_ods({"First": TYPED, "Second": [[*row[:3], row[3]] for row in TYPED[:7]]})
    assert len(read(book).frame) == 36
    assert len(read(book, sheet="Second").frame) == 6
    with pytest.raises(UserPanelError, match="has no sheet Third; choose one of First, Second"):
        read(book, sheet="Third")


def test_days_of_a_workbook_are_days() -> None:
    days = pd.date_range("2017-03-31", periods=6, freq="QE")
    body: list[list[object]] = [[area, day, 1.5 * n, n] for area in AREAS for n, day in enumerate(days)]
    rows: list[list[object]] = [["Area", "Date", "Trust", "Stops"], *body]
    assert shaped(as_workbook(rows)).periods[:2] == ["2017Q1", "2017Q2"]
    assert shaped(as_ods({"Data": rows})).periods[:2] == ["2017Q1", "2017Q2"]


def test_line_breaks_in_names_are_spaces() -> None:
    found = read(as_text(FRAME.rename(columns={"Trust": "Trust\n(%)"})))
    assert list(found.frame) == ["Area", "Year", "Offences", "Trust (%)"]


def test_two_rows_of_headings_are_read_together() -> None:
    rows = as_text(FRAME).split(b"\n", 1)[1]
    found = read(b"Area,Year,Recorded crime,\n,,Offences,Trust\n" + rows)
    assert list(found.frame) == ["Area", "Year", "Recorded crime Offences", "Recorded crime Trust"]
    assert any("are read as headings together" in note for note in found.notes)


def test_merged_cells_are_offered_to_be_filled_down() -> None:
    frame = FRAME.assign(Area=FRAME["Area"].where(~FRAME["Area"].duplicated(), ""))
    with pytest.raises(UserPanelError, match="Area is empty in 30 rows below a filled cell, as in merged cells"):
        shaped(frame)
    panel = shaped(frame, fill_down=True)
    assert panel.frame["Trust"].to_numpy() == pytest.approx(VALUES["Trust"].to_numpy())


def test_parquet_index_levels_are_columns() -> None:
    buffer = BytesIO()
    FRAME.astype({"Offences": float, "Trust": float}).set_index(["Area", "Year"]).to_parquet(buffer)
    panel = shaped(buffer.getvalue())
    assert panel.frame["Trust"].to_numpy() == pytest.approx(VALUES["Trust"].to_numpy())


def wide(names: list[str], value: object = "Trust") -> pd.DataFrame:
    return FRAME.pivot(index="Area", columns="Year", values=str(value)).set_axis(names, axis="columns").reset_index()


@pytest.mark.parametrize(
    ("names", "first"),
    [
        (list(YEARS), "2015"),
        ([f"{int(year) % 100}/{int(year) % 100 + 1}" for year in YEARS], "2015/16"),
        ([f"{year}-{int(year) % 100 + 1}" for year in YEARS], "2015/16"),
        ([f"Q{n % 4 + 1} {2015 + n // 4}" for n in range(6)], "2015Q1"),
        ([f"{month} 2015" for month in ("Jan", "Feb", "Mar", "Apr", "May", "Jun")], "2015-01"),
    ],
)
def test_column_for_each_period_is_turned_and_said(names: list[str], first: str) -> None:
    found = read(wide(names))
    panel = panel_of(found, guessed_roles(found))
    assert panel.periods[0] == first
    assert panel.frame["Value"].to_numpy() == pytest.approx(VALUES["Trust"].to_numpy())
    assert any("6 columns named after periods" in note for note in found.notes)
    assert list(read(wide(names), as_it_stands=True).frame) == ["Area", *names]


@pytest.mark.parametrize("name", ["{} {}", "{}_{}", "{} ({})", "{1} {0}", "{}{}"])
def test_column_for_each_measure_and_period_is_turned(name: str) -> None:
    parts = [wide([name.format(value, year) for year in YEARS], value).set_index("Area") for value in VALUES]
    panel = shaped(pd.concat(parts, axis="columns").reset_index())
    assert panel.frame[["Offences", "Trust"]].to_numpy() == pytest.approx(VALUES.to_numpy())


def test_long_table_of_measures_has_a_column_for_each() -> None:
    long = FRAME.melt(["Area", "Year"], var_name="Measure", value_name="Value")
    found = read(long)
    assert panel_of(found, guessed_roles(found)).frame[["Offences", "Trust"]].to_numpy() == pytest.approx(
        VALUES.to_numpy()
    )
    assert any("Measure has 2 values for an area and period" in note for note in found.notes)
    with pytest.raises(UserPanelError, match=r"more than one row for 2015.*differ in Measure"):
        shaped(long, as_it_stands=True)


def test_long_table_of_groups_has_a_column_for_each_combination() -> None:
    long = pd.concat([FRAME.assign(Sex=sex, Age=age) for sex in ("Men", "Women") for age in ("16-24", "25+")])
    found = read(long.drop(columns="Offences").assign(Trust=(np.arange(len(long)) ** 2).astype(str)))
    assert usable_outcomes(found, guessed_roles(found)) == ["Men, 16-24", "Men, 25+", "Women, 16-24", "Women, 25+"]


@pytest.mark.parametrize(
    ("years", "part", "name", "first"),
    [
        (["2018/19", "2019/20"], ["1", "2", "3", "4"], "Financial Quarter", "2018/19 Q1"),
        (["2018", "2019"], ["Q1", "Q2", "Q3", "Q4"], "Quarter", "2018Q1"),
        (["2018", "2019"], [str(month) for month in range(1, 13)], "Month", "2018-01"),
        (["2018", "2019"], ["January", "February", "March"], "month_name", "2018-01"),
        (["2018", "2019"], ["1", "2"], "Half", "2018H1"),
        (["2018", "2019"], ["1", "2", "3"], "Week", "2018-W01"),
        (["2018-19", "2019-20"], ["Apr", "Mar"], "Month", "2018-04"),
    ],
)
def test_year_and_its_part_are_put_together(years: list[str], part: list[str], name: str, first: str) -> None:
    frame = table([f"{year}|{one}" for year in years for one in part])
    frame.insert(2, name, frame["Year"].str.split("|").str[1])
    found = read(frame.assign(Year=frame["Year"].str.split("|").str[0]))
    panel = panel_of(found, guessed_roles(found))
    assert (panel.periods[0], len(panel.periods)) == (first, len(years) * len(part))
    assert any("are put together as one period" in note for note in found.notes)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (as_text(FRAME)[:-9], "ends in the middle of a row"),
        (as_text(FRAME).replace(b"Trust\n", b"Trust\n\"", 1), "quotation mark"),
        (as_text(FRAME).replace(b",2016,", b",2016,1,", 1), "row 3: there are more cells than the 4 headings"),
        (as_text(FRAME).split(b"\n", 1)[1], "numbers where names of columns should be"),
        (as_text(FRAME.rename(columns={"Trust": "Offences"})), "two columns called Offences"),
        (b"{\"a\": 1}", "is JSON, which programs exchange"),
    ],
)  # fmt: skip
def test_table_that_is_not_whole_is_refused_with_a_sentence(content: bytes, said: str) -> None:
    with pytest.raises(UserPanelError, match=said):
        read(content)


def test_report_of_read_table_counts_rows_read_and_used() -> None:
    report = read_table(in_memory("mine.csv", FOOTED), LIMITS).report
    assert (report.read, report.used) == (38, 36)
