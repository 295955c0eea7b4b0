"""Further files of the kinds that people have: read right, or refused in a sentence; never silently another table."""

from time import process_time

import numpy as np
import pandas as pd
import pytest

from core.sources.files.numbers import is_mark, is_number
from core.sources.files.periods import is_period
from core.user_panel.panel import Roles, guessed_roles, panel_of, period_note
from core.user_panel.read import UserPanelError
from core.user_panel.totals import total_periods
from tests.user_panel.peoples_files import AREAS, YEARS, as_text, as_workbook, read, shaped, table

FRAME = table()
VALUES = FRAME[["Offences", "Trust"]].astype(float)
ROWS = [list(FRAME), *FRAME.to_numpy().tolist()]
LINES = as_text(FRAME).decode().splitlines()
MARKED = [place for place in range(len(FRAME)) if place % 6 == 0]
YEAR_ENDS = [f"{year}/{(int(year) + 1) % 100}" for year in YEARS]
MONTHS_OF_2016 = [f"2016-{month:02}" for month in range(1, 13)]
QUARTERS = [f"{year}Q{quarter}" for year in (2015, 2016) for quarter in (1, 2, 3, 4)]
DAYS = pd.date_range("2016-01-04", periods=8)
GERMAN = [
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
]
FRENCH = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
]


def with_cells(column: str, cells: list[str]) -> pd.DataFrame:
    return FRAME.assign(**{column: cells})


def every_other(end: str) -> list[str]:
    """Names of areas, every other one with an `end` that nobody sees."""
    return [area + end * (row % 2) for row, area in enumerate(FRAME["Area"])]


DRESSES: dict[str, pd.DataFrame | bytes] = {
    "apostrophes of type setters": with_cells("Offences", [f"{cell[0]}\u2019{cell[1:]}" for cell in FRAME["Offences"]]),
    "raised points": with_cells("Trust", [cell.replace(".", "\u00b7") for cell in FRAME["Trust"]]),
    "digits of other scripts": with_cells("Trust", [
        cell.translate(str.maketrans("0123456789", "\u0660\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668\u0669"))
        for cell in FRAME["Trust"]
    ]),
    "signs that cannot be seen": with_cells("Area", every_other("\u200b")),
    "spaces that do not break": with_cells("Area", every_other("\u00a0")),
    "note with commas": as_text(FRAME, after="1. Excludes fraud\n2. Includes, as before, all\n"),
    "headings inside": "\n".join([LINES[0], "North,,,", *LINES[1:19], "South,,,", *LINES[19:], ""]).encode(),
    "pages": "\n".join([*LINES[:19], "", "Table 3 continued", LINES[0], *LINES[19:], ""]).encode(),
    "empty columns between": FRAME.to_csv(index=False).replace(",", ",,").encode(),
    "all quoted": FRAME.to_csv(index=False, quoting=1).encode(),
    "plus signs": with_cells("Trust", [f"+{cell}" for cell in FRAME["Trust"]]),
    "powers of ten": with_cells("Offences", [f"{int(cell):.3E}" for cell in FRAME["Offences"]]),
    "numbers as text in a workbook": as_workbook(ROWS),
    "table off the corner": as_workbook([[], ["", "", "Title"], [], *(["", "", *row] for row in ROWS)]),
}  # fmt: skip


@pytest.mark.parametrize("kind", DRESSES)
def test_further_dress_has_the_same_cells(kind: str) -> None:
    panel = shaped(DRESSES[kind])
    assert (panel.areas, panel.periods) == (list(AREAS), list(YEARS))
    assert panel.frame[["Offences", "Trust"]].to_numpy() == pytest.approx(VALUES.to_numpy())


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ([f"{year}{(int(year) + 1) % 100}" for year in YEARS], YEAR_ENDS),
        ([f"{year}_{(int(year) + 1) % 100}" for year in YEARS], YEAR_ENDS),
        (["200506", "200607", "200708", "200809"], ["2005/06", "2006/07", "2007/08", "2008/09"]),
        ([f"01/04/{year} - 31/03/{int(year) + 1}" for year in YEARS], YEAR_ENDS),
        ([f"{year}-04-01/{int(year) + 1}-03-31" for year in YEARS], YEAR_ENDS),
        ([f"March {int(year) + 1} YE" for year in YEARS], YEAR_ENDS),
        ([f"{year} calendar year" for year in YEARS], list(YEARS)),
        ([f"{year} [YR{year}]" for year in YEARS], list(YEARS)),
        ([f"X{year}" for year in YEARS], list(YEARS)),
        (["2015 [note 1]", *YEARS[1:]], list(YEARS)),
        ([f"{year}-12-31T00:00:00+00:00" for year in YEARS], list(YEARS)),
        ([f"{month} 2016" for month in GERMAN], MONTHS_OF_2016),
        ([f"{month} 2016" for month in FRENCH], MONTHS_OF_2016),
        (["01/01/2016 to 31/01/2016", "01/02/2016 to 29/02/2016"], ["2016-01", "2016-02"]),
        ([f"{day:%A, %d %B %Y}" for day in DAYS], [f"{day:%Y-%m-%d}" for day in DAYS]),
        ([f"{year}:Q{quarter}" for year in (2015, 2016) for quarter in (1, 2, 3, 4)], QUARTERS),
    ],
)  # fmt: skip
def test_further_periods_are_read_in_the_order_of_time(written: list[str], read_as: list[str]) -> None:
    panel = shaped(table(written, "Time"))
    assert panel.periods == read_as
    assert panel.steps.unit


def test_month_of_a_single_year_is_no_financial_year() -> None:
    assert shaped(table(["200607", "200608", "200609"], "Month")).periods == ["2006-07", "2006-08", "2006-09"]


@pytest.mark.parametrize(
    "mark",
    ["DK", "\u2026", "\u2020", "1-4", "0 to 4", "NR", "n.r.", "Not collected", "TBC", "..p", "our own word", "-999"],
)
def test_mark_in_any_words_is_missing_and_counted(mark: str) -> None:
    cells = [mark if place in MARKED else cell for place, cell in enumerate(FRAME["Trust"])]
    found = read(with_cells("Trust", cells))
    truth = VALUES["Trust"].where(~VALUES.index.isin(MARKED))
    assert found.frame["Trust"].to_numpy() == pytest.approx(truth.to_numpy(), nan_ok=True)
    assert any(note.startswith("Trust: 6 cells") and "missing" in note for note in found.notes)


@pytest.mark.parametrize("code", ["-9", "999", "9999"])
def test_number_that_may_be_a_code_for_missing_is_named(code: str) -> None:
    cells = [code if place in MARKED else cell for place, cell in enumerate(FRAME["Trust"])]
    found = read(with_cells("Trust", cells))
    assert found.frame["Trust"].iloc[0] == float(code)
    assert any(f"6 cells with {code} are far from all others" in note for note in found.notes)


def test_negative_numbers_among_others_are_no_codes() -> None:
    cells = ["-99" if place in MARKED else f"{place - 20}.5" for place in range(len(FRAME))]
    found = read(with_cells("Trust", cells))
    assert (found.frame["Trust"].iloc[0], found.notes) == (-99, ())


@pytest.mark.parametrize("flag", ["R", "b, p", "^", " [note 3]", "\u00b9"])
def test_flag_leaves_the_number(flag: str) -> None:
    cells = [cell + flag * (place in MARKED) for place, cell in enumerate(FRAME["Trust"])]
    found = read(with_cells("Trust", cells))
    assert found.frame["Trust"].to_numpy() == pytest.approx(VALUES["Trust"].to_numpy())
    assert any(note.startswith("Trust: the mark") and "after numbers is left out" in note for note in found.notes)


@pytest.mark.parametrize("end", [" points", "k", "m", " (40.1-60.2)", " \u00b1 2.1", " kr", " 1"])
def test_column_of_numbers_with_more_in_a_cell_is_named_as_text(end: str) -> None:
    found = read(with_cells("Trust", [cell + end for cell in FRAME["Trust"]]))
    assert found.numbers == ["Year", "Offences"]
    assert any(note.startswith("Trust: kept as text") and "not read as numbers" in note for note in found.notes)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'[{"Area": "Alder", "Year": 2015}]', "is JSON, which programs exchange; download or save the table as CSV"),
        (b'<?xml version="1.0"?><rows/>', "is written as XML; open it in Excel or LibreOffice and save it as .xlsx"),
        (b"<table><tr><td>1</td></tr></table>", "is a web page, not a workbook"),
        (as_text(FRAME, ":"), "read as one column .*Open it in a spreadsheet program and save it as CSV"),
        (as_text(FRAME[["Area", "Trust"]]), r"has 2 columns \(Area, Trust\). A table needs three"),
        (as_text(FRAME.head(6)), "has only one Area .Alder., so there is nothing to compare it with"),
        (as_text(FRAME.rename(columns={"Trust": "Offences"})), "two columns called Offences; give each its own name"),
        (as_text(pd.concat([FRAME, FRAME.iloc[[3]].assign(Trust="1")])), r"more than one row for 2018 \(rows 5, 38\)"),
        (as_text(FRAME, after="Total,,123456,\n"), "Row 38 of mine.csv has no Year; fill it in or leave the row out"),
        (as_text(FRAME).replace(b"Elder", b"El\0er"), "is not a text file"),
    ],
)
def test_file_that_cannot_be_read_is_refused_with_what_to_do(content: bytes, said: str) -> None:
    with pytest.raises(UserPanelError, match=said):
        shaped(content)


@pytest.mark.parametrize(("odd", "said"), [("20l8", "'20l8' in row 5"), ("unknown", "'unknown' in row 5")])
def test_cell_that_keeps_a_column_from_being_times_is_named(odd: str, said: str) -> None:
    found = read(FRAME.assign(Year=FRAME["Year"].replace("2018", odd)))
    assert said in period_note(found, Roles("Area", "Year"))


@pytest.mark.parametrize("name", ["Total", "All years"])
def test_periods_that_are_totals_can_be_left_out(name: str) -> None:
    rows = FRAME[FRAME["Year"] == "2015"].assign(Year=name)
    found = read(pd.concat([FRAME, rows], ignore_index=True))
    assert total_periods(found.cells["Year"], "Year") == [name]
    assert not panel_of(found, Roles("Area", "Year")).steps.unit
    panel = panel_of(found, Roles("Area", "Year", without_totals=True))
    assert (panel.periods, panel.steps.unit) == (list(YEARS), "year")


def test_cells_and_names_of_any_length_cost_no_time() -> None:
    started = process_time()
    for sign in ("-", "1 ", "1,", "2015 ", "jan ", "(", "a_", "Q1 "):
        text = (sign * 12_000)[:12_000]
        assert not is_number(text)
        assert not is_period(text)
        assert not is_mark(text)
        read(FRAME.rename(columns={"Trust": text + "x"}))
        read(with_cells("Trust", [text, *FRAME["Trust"][1:]]))
    assert process_time() - started < 60


def by_area(values: list[str]) -> pd.DataFrame:
    parts = [FRAME.pivot(index="Year", columns="Area", values=value).add_suffix(f" {value}") for value in values]
    return pd.concat(parts, axis="columns").reset_index()


def test_column_for_each_area_is_turned_and_said() -> None:
    wide = by_area(["Trust"]).rename(columns=lambda name: name.removesuffix(" Trust"))
    found = read(wide)
    panel = panel_of(found, guessed_roles(found))
    assert (panel.areas, panel.periods) == (list(AREAS), list(YEARS))
    assert panel.frame["Value"].to_numpy() == pytest.approx(VALUES["Trust"].to_numpy())
    assert found.turned is not None
    assert found.turned.before.equals(read(wide, as_it_stands=True).cells.head(5))
    assert any(
        "6 columns are read as areas (Alder, Bracken, Clover, Dogwood and 2 more)" in note for note in found.notes
    )


def test_column_for_each_area_and_measure_is_turned() -> None:
    panel = shaped(by_area(["Offences", "Trust"]))
    assert panel.areas == list(AREAS)
    assert panel.frame[["Offences", "Trust"]].to_numpy() == pytest.approx(VALUES.to_numpy())


def test_column_for_each_area_below_a_measure_is_turned() -> None:
    long = FRAME.melt(["Area", "Year"], var_name="Measure")
    wide = long.pivot(index=["Year", "Measure"], columns="Area", values="value").reset_index()
    panel = shaped(wide)
    assert panel.areas == list(AREAS)
    assert panel.frame[["Offences", "Trust"]].to_numpy() == pytest.approx(VALUES.to_numpy())


def test_table_with_areas_in_rows_is_not_turned() -> None:
    assert read(FRAME).turned is None
    assert read(FRAME.assign(Area=FRAME["Area"].map({area: str(n) for n, area in enumerate(AREAS)}))).turned is None


def test_long_table_with_more_values_than_columns_asks_which() -> None:
    long = pd.concat(
        [FRAME.assign(Sex=sex, Age=str(age), Crime=crime) for sex in "MF" for age in range(20) for crime in "abcdefgh"]
    ).drop(columns="Offences")
    long = long.assign(Trust=(np.arange(len(long)) % 977).astype(str))
    found = read(long)
    assert found.turned is not None
    assert {name: len(values) for name, values in found.turned.kinds.items()} == {"Sex": 2, "Age": 20, "Crime": 8}
    assert any("more than the 200 columns" in note for note in found.notes)
    with pytest.raises(UserPanelError, match=r"Choose which values of .*Crime.* you need"):
        panel_of(found, guessed_roles(found))
    chosen = read(long, kept=(("Crime", ("a", "b")), ("Age", ("3",))))
    assert sorted(chosen.numbers) == ["Age", "Year", "a, F", "a, M", "b, F", "b, M"]
    assert chosen.fingerprint != found.fingerprint
    rows = long[(long["Crime"] == "b") & (long["Age"] == "3") & (long["Sex"] == "M")]
    assert panel_of(chosen, guessed_roles(chosen)).frame["b, M"].tolist() == rows["Trust"].astype(float).tolist()
