"""Files that look like what a rule is for and are not: nothing is left out, merged, moved or renamed because of it."""

from collections.abc import Sequence

import openpyxl
import pandas as pd
import pytest

from core.sources.files.periods import read_periods
from core.user_panel.guess import WEAK
from core.user_panel.read import UserPanelError, read_table_file
from core.user_panel.totals import differ_by_case, totals
from tests.user_panel.peoples_files import AREAS, YEARS, as_workbook, read, table, with_column
from tests.user_panel.test_offices_files import ROWS, fill, workbook

FRAME = table()
QUARTERS = [f"2015Q{quarter}" for quarter in (1, 2, 3, 4)]
MIXED = table(["2015", *QUARTERS], "Period")


def opened(row: int) -> str:
    area = row // len(YEARS)
    return "2015" if area == 0 else f"2015-0{area}"


@pytest.mark.parametrize(
    "frame",
    [
        FRAME.assign(Opened=[("2015", "2015-03", "2016-07", "")[row // 6 % 4] for row in range(36)]),
        FRAME.assign(Opened=list(map(opened, range(36)))),
        FRAME.assign(Offences=[("1950", "202001", "202102", "202003")[row % 4] for row in range(36)]),
        MIXED.assign(Period=[time if row < 5 else "" for row, time in enumerate(MIXED["Period"])]),
        MIXED.assign(Area=MIXED["Area"].where(~MIXED["Area"].duplicated(), "")),
        MIXED[(MIXED["Area"] != "Alder") | (MIXED["Period"] == "2015")],
    ],
    ids=["opened or blank", "opened", "figures", "merged periods", "merged areas", "an area of years only"],
)
def test_no_row_is_left_out_because_of_another_column_or_an_empty_cell(frame: pd.DataFrame) -> None:
    found = read(frame)
    assert len(found.cells) == len(frame)
    assert not any("left out" in note for note in found.notes)


@pytest.mark.parametrize("more", [{}, {"Freq": ["A", *"QQQQ"] * len(AREAS)}])
def test_years_whose_areas_have_quarters_too_are_left_out(more: dict[str, list[str]]) -> None:
    found = read(MIXED.assign(**more))
    assert found.cells["Period"].tolist() == QUARTERS * len(AREAS)
    assert any("6 rows of years left out" in note for note in found.notes)


REGIONS = ("North East", "North West", "South East", "South West", "London")


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (["E06000001", "E06000002", "S12000005", "S12000006", "S92000003"], ["S92000003"]),
        (["E06000001", "E06000002", "E06000003", "E12000001", "W92000004"], ["E12000001"]),
        ([*REGIONS, "Northern Ireland"], []),
        ([*REGIONS, "Wales", "Scotland"], []),
        (["Kent", "Essex", "Gwent", "South Wales", "Wales"], ["Wales"]),
        (["France", "Germany", "Spain", "United Kingdom", "EU27_2020"], ["EU27_2020"]),
    ],
)
def test_nations_are_totals_of_their_parts_only(names: list[str], found: list[str]) -> None:
    rows = pd.DataFrame([(name, year, "1") for name in names for year in YEARS], columns=["Area", "Year", "x"])
    assert totals(read(rows), "Area") == found


def of_figures(names: Sequence[str], *figures: Sequence[Sequence[int]]) -> pd.DataFrame:
    """Figures by time and area, for each column."""
    return pd.DataFrame(
        [
            (name, str(2015 + time), *(str(column[time][place]) for column in figures))
            for place, name in enumerate(names) for time in range(len(figures[0]))
        ],
        columns=["Area", "Year", *(f"x{number}" for number in range(len(figures)))],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("names", "figures", "found"),
    [
        ("ABCD", [[(3, 1, 1, 1)] * 4, [(5, 7, 1, 2), (6, 5, 2, 9), (7, 7, 1, 1), (8, 2, 1, 1)]], []),
        ("ABCD", [[(4, 2, 1, 1), (6, 3, 2, 1)]], []),
        ("ABCD", [[(4, 2, 1, 1), (6, 3, 2, 1)], [(9, 3, 3, 3), (8, 5, 2, 1)]], ["A"]),
        (("A", "B", "Both"), [[(10, 12, 22), (11, 15, 26), (9, 30, 39)]], ["Both"]),
        (("A", "B", "Both"), [[(10, 12, 22), (11, 15, 26), (9, 30, 40)]], []),
    ],
)
def test_sums_by_chance_make_no_total(names: Sequence[str], figures: list, found: list[str]) -> None:
    assert totals(read(of_figures(names, *figures)), "Area", "Year") == found


@pytest.mark.parametrize(
    "names",
    [
        ("Central [North]", "Central [South]"),
        ("East (a)", "East (b)"),
        ("Zone", "Zone1", "Zone2"),
    ],
)
def test_names_of_several_areas_are_not_offered_as_one(names: tuple[str, ...]) -> None:
    frame = FRAME.assign(Area=FRAME["Area"].replace(dict(zip(AREAS, names, strict=False))))
    assert differ_by_case(read(frame), "Area", "Year") == []
    split = frame[~frame["Area"].isin(names) | ((frame["Area"] == names[0]) == (frame["Year"] < "2018"))]
    assert differ_by_case(read(split), "Area", "Year") == []  # where the first ends before the others begin


def test_countries_no_and_si_are_no_answers() -> None:
    found = read(with_column(["NO", "SI"], "Country"))
    assert "Country" in found.texts


@pytest.mark.parametrize("hour", [22, 23])
def test_nightly_counts_stay_on_their_days(hour: int) -> None:
    days = [f"2022-03-{day:02}" for day in range(5, 9)]
    found = read_periods(pd.Series([f"{day}T{hour}:00:00Z" for day in days]), "date")
    assert found is not None
    assert found.values.tolist() == days


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("time", ["2018.0000", "2018.9999"]),
        ("update", ["1950.5", "2000.5"]),
        ("monthly", ["201801", "201802", "20183"]),
        ("holiday", ["42825", "42990"]),
    ],
)
def test_figures_are_no_periods_by_a_part_of_a_name(name: str, written: list[str]) -> None:
    found = read_periods(pd.Series(written), name)
    assert found is None or (found.kind, found.values.tolist()) == (WEAK, written)


@pytest.mark.parametrize("name", ["Yearmonth", "RefMonth", "months", "calendar_month"])
def test_word_in_a_name_says_what_numbers_are(name: str) -> None:
    found = read_periods(pd.Series(["20181", "201812"]), name)
    assert found is not None
    assert found.values.tolist() == ["2018-01", "2018-12"]


@pytest.mark.parametrize(("row", "said"), [(1, ""), (4, "1 row"), (99, "")], ids=["title", "figures", "without cells"])
def test_hidden_rows_are_counted_where_they_hold_figures(row: int, said: str) -> None:
    def write(book: openpyxl.Workbook) -> None:
        fill(book, [["Offences by area"], *ROWS])
        book.active.row_dimensions[row].hidden = True
        book.active.row_dimensions[row].height = 12

    notes = [note for note in read_table_file("mine.xlsx", workbook(write)).notes if note.startswith("Hidden")]
    assert notes == ([f"Hidden in the sheet, as by a filter, but read: {said}."] if said else [])


def test_rows_of_groups_that_are_no_sums_are_not_called_sums() -> None:
    rows: list[list[object]] = [["Row Labels", "Trust"]]
    for number, area in enumerate(AREAS):
        rows += [[area, 50.5], *([year, 40.5 + 10 * number + place] for place, year in enumerate(YEARS))]
    notes = read_table_file("mine.xlsx", as_workbook(rows)).notes
    assert any("6 rows of a whole group or of all left out, such as 'Alder'" in note for note in notes)


@pytest.mark.parametrize(
    "name",
    [
        *("Western Counties", "Home Counties", "Northern Districts", "Eaton Wards", "North Asia Ltd", "EA", "Europe"),
        *("Central America Plaza", "Peace dividend", "Low income area", "Ida", "Ida Grove", "West Africa House"),
        *("Eastern and Southern Africa Road", "East Asia Town", "Oecd Street", "South Pacific Avenue"),
    ],
)
def test_names_with_a_word_of_a_whole_are_none(name: str) -> None:
    rows = pd.DataFrame(
        [(area, year, "1") for area in ("A", "B", name) for year in YEARS], columns=["Area", "Year", "x"]
    )
    assert totals(read(rows), "Area") == []


@pytest.mark.parametrize(
    "name",
    [
        *("Middle East", "Middle East & North Africa", "Middle East, North Africa, Afghanistan & Pakistan", "EA", "EU"),
        *("Latin America & Caribbean (excluding high income)", "Sub-Saharan Africa (IDA & IBRD countries)", "Europe"),
        *("East Asia & Pacific", "Europe & Central Asia", "Central Europe and the Baltics", "South-eastern Asia"),
        *("Early-demographic dividend", "Heavily indebted poor countries (HIPC)", "IDA & IBRD total", "IBRD only"),
        *("Low & middle income", "Upper-middle-income countries", "High income: OECD", "Low income", "Arab World"),
        *(
            "Africa Eastern and Southern",
            "OECD members",
            "OECD - Total",
            "Least developed countries: UN classification",
        ),
        *("Metropolitan districts", "Shire counties", "Unitary authorities", "Inner London boroughs", "Counties"),
        *("European Union (27)", "EU27_2020", "EA19", "Euro area \u2013 20 countries (from 2023)", "Small states"),
        *("Fragile and conflict affected situations", "England and Wales excluding London", "All English forces"),
    ],
)
def test_wholes_among_countries_are_known_by_their_whole_names(name: str) -> None:
    areas = ("France", "Germany", "Chad", name)
    rows = pd.DataFrame([(area, year, "1") for area in areas for year in YEARS], columns=["Area", "Year", "x"])
    assert totals(read(rows), "Area") == [name]


def test_area_with_the_figures_of_one_next_to_an_area_of_zeros_is_no_sum() -> None:
    same = [(5120, 0, 5120, 4013, 7777), (6230, 0, 6230, 4099, 7771), (7340, 0, 7340, 5017, 7171)]
    assert totals(read(of_figures("ABCDE", same)), "Area", "Year") == []


@pytest.mark.parametrize(
    ("first", "last"), [("id", "seen"), ("Nr", "seen"), ("Rank", "seen"), ("Item", "seen"), ("Item", "")]
)
def test_headings_are_not_moved_for_a_last_column_without_one(first: str, last: str) -> None:
    frame = table().assign(**{"": ["checked" if row % 2 else last for row in range(len(FRAME))]})
    frame.insert(0, first, [str(row + 1) for row in range(len(frame))])
    with pytest.raises(UserPanelError, match="there are more cells than the 5 headings; give each column a name"):
        read(frame)


def test_ranks_before_their_figures_are_not_named_after_the_figures_before() -> None:
    content = (
        "Area,Year,Rank,Offences,Rank,Trust\nA,2015,1,20,2,30\nA,2016,1,21,2,31\nB,2015,2,10,1,40\nB,2016,2,9,1,41\n"
    )
    with pytest.raises(UserPanelError, match="two columns called Rank"):
        read(content.encode())


def test_shares_below_groups_are_named_after_these() -> None:
    content = ",,Men,Women\nArea,Year,%,%\nA,2015,20,30\nA,2016,21,31\nB,2015,10,40\nB,2016,9,41\n"
    assert list(read(content.encode()).cells) == ["Area", "Year", "Men %", "Women %"]


@pytest.mark.parametrize("name", ["Status", "Marital status", "Employment status"])
def test_years_of_all_statuses_stay_beside_quarters_of_each(name: str) -> None:
    kinds = ["all" if len(period) == len("2015") else "single" for period in MIXED["Period"]]
    found = read(MIXED.assign(**{name: kinds}))
    assert len(found.cells) == len(MIXED)


def test_equal_figures_of_groups_of_areas_are_no_repeated_rows() -> None:
    groups = [f"{area},,\n" + "".join(f"{year},{int(year) % 2},0\n" for year in YEARS) for area in AREAS]
    found = read(("Area,Offences,Trust\n" + "".join(groups)).encode())
    assert len(found.cells) == len(AREAS) * len(YEARS)
    assert not any("repeats another" in note for note in found.notes)
