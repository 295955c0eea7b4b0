"""Rows of pivot tables and of statistical databases in a reader's own table, and what is said of marks and times."""

from itertools import product

import pytest

from core.user_panel import text
from core.user_panel.panel import guessed_roles, panel_of
from core.user_panel.read import UserTable, read_again, read_table_file

AREAS = ("Barnet", "Camden", "Ealing", "Enfield", "Hackney", "Merton", "Newham", "Sutton")
YEARS = tuple(range(2015, 2021))


def lines(*rows: str, ending: str = "csv") -> UserTable:
    return read_table_file(f"mine.{ending}", "\n".join(rows).encode())


def pivot(repeated: str = "") -> UserTable:
    """A pivot table with each area on the first of its rows alone, whose figures are the same in all areas."""
    rows = [
        f"{area if year == YEARS[0] else ''},{year},{year % 3},{60 + year % 2}" for area, year in product(AREAS, YEARS)
    ]
    return lines("Row Labels,Year,Arrests,Trust", *rows, *([repeated] if repeated else []))


def test_rows_whose_label_stands_above_are_no_repeats() -> None:
    found = pivot()
    assert len(found.frame) == len(AREAS) * len(YEARS)
    assert not any("repeats" in note for note in found.notes)
    filled = read_again(found, fill_down=True)
    panel = panel_of(filled, guessed_roles(filled))
    assert list(panel.areas) == list(AREAS)
    assert len(panel.frame) == len(AREAS) * len(YEARS)


def test_row_that_repeats_once_labels_are_filled_down_is_left_out() -> None:
    filled = read_again(pivot(f",{YEARS[-1]},{YEARS[-1] % 3},{60 + YEARS[-1] % 2}"), fill_down=True)
    assert len(filled.frame) == len(AREAS) * len(YEARS)
    assert "1 row left out: it repeats another in every column (row 50)." in filled.notes


def test_repeats_beside_a_column_of_notes_are_left_out() -> None:
    rows = [f"{area},{year},{place},{place * 2}," for place, (area, year) in enumerate(product(AREAS, YEARS))]
    found = lines("Area,Year,Arrests,Trust,Note", *rows, rows[3], rows[4], "Barnet,2021,4,5,revised")
    assert "2 rows left out: each repeats another in every column (row 50)." in found.notes


def database(keys: str, *kinds: str) -> UserTable:
    """A table as Eurostat writes it, with a row for each of `kinds` and each region."""
    rows = [
        f"A,{kind},UK{region}\t" + "\t".join(f"{10 + place + int(year) % 7}.5" for year in YEARS)
        for place, (region, kind) in enumerate(product("CDEFGHI", kinds))
    ]
    return lines(f"freq,{keys},geo\\TIME_PERIOD\t" + "\t".join(map(str, YEARS)), *rows, ending="tsv")


@pytest.mark.parametrize(
    ("keys", "kinds", "columns"),
    [
        ("unit", ("PC", "THS"), ["PC", "THS"]),
        ("indic_na,unit", ("B1G,MIO", "P3,MIO"), ["B1G", "P3"]),
        ("unit", tuple("ABCDEFGHJ"), list("ABCDEFGHJ")),
        ("sex,unit", ("F,PC", "M,PC", "F,THS", "M,THS"), ["F, PC", "M, PC", "F, THS", "M, THS"]),
    ],
)
def test_geo_is_the_area_and_units_and_indicators_become_columns(
    keys: str, kinds: tuple[str, ...], columns: list[str]
) -> None:
    found = database(keys, *kinds)
    roles = guessed_roles(found)
    assert (roles.area, roles.period) == ("geo", "Period")
    assert sorted(found.numbers) == sorted(["Period", *columns])
    assert len(panel_of(found, roles).frame) == 7 * len(YEARS)


def test_of_columns_without_a_telling_name_that_with_fewest_values_is_the_measure() -> None:
    rows = [f"{what},{where},{year},{place}.5" for place, (what, where, year) in enumerate(product("AB", AREAS, YEARS))]
    found = lines("What,Where,Year,Figure", *rows)
    assert guessed_roles(found).area == "Where"
    assert found.numbers == ["Year", "A", "B"]


def dated(*days: str) -> UserTable:
    rows = [f"{area},{day},{place}.5,{place % 7}.1" for place, (area, day) in enumerate(product(AREAS, days))]
    return lines("Area,Date,Force,Trust", *rows)


@pytest.mark.parametrize(
    ("days", "said", "span"),
    [
        (
            ("2010-01-01", "2010-01-04", "2010-02-09", "2010-02-28"),
            "The times in “Date” lie at irregular distances (2010-01-01, 2010-01-04, 2010-02-09 and 2010-02-28), so",
            "4 periods (2010-01-01 to 2010-02-28), ",
        ),
        (
            ("2010-01-15", "2010-02-15", "2010-03-14", "2010-04-15"),
            "The times in “Date” lie at irregular distances (2010-03-14), so",
            "4 periods (2010-01-15 to 2010-04-15), ",
        ),
        (
            ("31/03/2010", "Mar 2011", "2012-13", "2014", "31/03/2015", "Mar 2016"),
            "The times in “Date” are written in several ways (2012-13, 2014, 31/03/2010 and Mar 2011), so",
            "6 periods, 48 rows",
        ),
        (
            ("2010", "2011", "2012", "not yet"),
            "Not all of “Date” are times (not yet), so",
            "4 periods, 32 rows",
        ),
        (("late", "mid", "now"), "“Date” holds no times (late, mid and now), so", "3 periods, 24 rows"),
    ],
)
def test_times_without_steps_are_described_as_they_are(days: tuple[str, ...], said: str, span: str) -> None:
    found = dated(*days)
    panel = panel_of(found, guessed_roles(found))
    assert text.lag_text(panel).startswith(said)
    assert span in text.size_text(panel)


def test_marks_are_counted_once_and_in_cells() -> None:
    first, second = [f"{place}.5" for place in range(48)], [f"{place}.1" for place in range(48)]
    first[1:7], first[8:13], first[20:22] = (
        [f"{cell} {mark}" for cell in "123456"[:n]] for mark, n in (("b", 6), ("p", 5), ("r", 2))
    )
    second[1], second[2:4], second[5] = ":", ["..", ".."], "3.5 p"
    keys = product(AREAS, YEARS)
    rows = [f"{area},{year},{one},{two}" for (area, year), one, two in zip(keys, first, second, strict=True)]
    said = lines("Area,Year,Force,Trust", *rows).notes
    assert "Force: the marks b (6 cells), p (5) and r (2) after numbers are left out, the numbers stay." in said
    assert "Trust: the mark p (1 cell) after numbers is left out, the numbers stay." in said
    assert "Trust: 3 cells marked .. (2) and : (1) count as missing." in said


def test_one_marked_cell_counts_as_missing() -> None:
    rows = [f"{area},{year},{place}.5" for place, (area, year) in enumerate(product(AREAS, YEARS))]
    rows[3] = rows[3].replace("3.5", ":")
    assert "Force: 1 cell marked : counts as missing." in lines("Area,Year,Force", *rows).notes
