"""Periods as publishers write them: in the order of time, with a calendar, and said; never in another order."""

import pandas as pd
import pytest

from core.sources.files.periods import is_period
from core.user_panel.panel import Roles, period_note
from tests.user_panel.peoples_files import MONTHS, YEARS, read, shaped, table

QUARTERS = [f"{year}Q{quarter}" for year in (2017, 2018) for quarter in (1, 2, 3, 4)]
FINANCIAL = [f"{year}/{year % 100 + 1} Q{quarter}" for year in (2017, 2018) for quarter in (1, 2, 3, 4)]
FINANCIAL_YEARS = [f"{int(year) - 1}/{int(year) % 100}" for year in YEARS]
HALVES = [f"{year}H{half}" for year in (2017, 2018) for half in (1, 2)]
OF_2018 = [f"2018-{month:02}" for month in range(1, 13)]
SPANS = ("Jan-Mar", "Apr-Jun", "Jul-Sep", "Oct-Dec")
ENDS = ("March", "June", "September", "December")
ROMANCE = ("1er", "2e", "3e", "4e")


def by_quarter(write: str) -> list[str]:
    """Eight quarters written with a year (y), a number (n), its span of months, and those of a financial year."""
    return [
        write.format(
            y=year, f=f"{year}/{year % 100 + 1}", n=n + 1, span=SPANS[n], later=SPANS[(n + 1) % 4], end=ENDS[n]
        )
        for year in (2017, 2018)
        for n in range(4)
    ]


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        (by_quarter("Q{n} ({span}) {y}"), QUARTERS),
        (by_quarter("{y} Q{n} ({span})"), QUARTERS),
        (by_quarter("Quarter {n}, {y}"), QUARTERS),
        (by_quarter("Quarter ending {end} {y}"), QUARTERS),
        (by_quarter("3 months to {end} {y}"), QUARTERS),
        (by_quarter("T{n} {y}"), QUARTERS),
        (by_quarter("{y}-T{n}"), QUARTERS),
        (by_quarter("{n}. Quartal {y}"), QUARTERS),
        (by_quarter("{n}e trimestre {y}"), QUARTERS),
        (by_quarter("Q{n} ({later}) {f}"), FINANCIAL),
        (by_quarter("{f} Q{n} ({later})"), FINANCIAL),
        ([f"Six months to {end} {year}" for year in (2017, 2018) for end in ("June", "December")], HALVES),
        ([f"Half year ending {end} {year}" for year in (2017, 2018) for end in ("June", "December")], HALVES),
        (
            ["Dec-Feb 2018", "Mar-May 2018", "Jun-Aug 2018", "Sep-Nov 2018"],
            ["2018-02", "2018-05", "2018-08", "2018-11"],
        ),
        (["Jan-Mar 2018", "Feb-Apr 2018", "Mar-May 2018"], ["2018-03", "2018-04", "2018-05"]),
        ([f"12 months to end March {year}" for year in YEARS], FINANCIAL_YEARS),
        ([f"FYE Mar {year}" for year in YEARS], FINANCIAL_YEARS),
        ([f"FYE {year}" for year in YEARS], FINANCIAL_YEARS),
        ([f"Mar YE {year}" for year in YEARS], FINANCIAL_YEARS),
        ([f"Yr ending Mar {int(year) % 100}" for year in YEARS], FINANCIAL_YEARS),
        ([f"Academic year {int(year) - 1}/{int(year) % 100}" for year in YEARS], FINANCIAL_YEARS),
        ([f"{int(year) - 2} - {int(year) % 100}" for year in YEARS], list(YEARS)),
        ([f"{int(year) - 2} to {year}" for year in YEARS], list(YEARS)),
        (["2001-03", "2004-06", "2007-09", "2010-12"], ["2003", "2006", "2009", "2012"]),
        ([f"Mid-{year}" for year in YEARS], list(YEARS)),
        ([f"'{year}" for year in YEARS], list(YEARS)),
        (["2015", "2016\u00b9", "2017 [2, 3]", "2018 [notes 1 and 2]", "2019 provisional", "2020 est."], list(YEARS)),
        ([f"2018-{month}" for month in range(1, 13)], OF_2018),
        ([f"2018_{month:02}" for month in range(1, 13)], OF_2018),
        ([f"Month of {month} 2018" for month in MONTHS], OF_2018),
        (["Ionawr 2018", "Chwefror 2018", "Mawrth 2018"], OF_2018[:3]),
        (["31032018", "30042018", "31052018"], OF_2018[2:5]),
        (["2018-Mar-31", "2018-Apr-30", "2018-May-31"], OF_2018[2:5]),
        (["05_03_2018", "06_03_2018"], ["2018-03-05", "2018-03-06"]),
        (["Wave 9 (2017)", "Wave 10 (2018)"], ["09", "10"]),
    ],
)
def test_published_periods_are_read_in_the_order_of_time(written: list[str], read_as: list[str]) -> None:
    panel = shaped(table(written, "Time"))
    assert panel.periods == read_as
    assert panel.steps.unit


@pytest.mark.parametrize(
    ("name", "written", "read_as"),
    [
        ("Quarter", ["20174", "20181", "20182"], ["2017Q4", "2018Q1", "2018Q2"]),
        ("Quarter", ["2017.4", "2018.1"], ["2017Q4", "2018Q1"]),
        ("Quarter", ["201704", "201801"], ["2017Q4", "2018Q1"]),
        ("Quarter", ["201712", "201803"], ["2017-12", "2018-03"]),
        ("quarter", ["201803", "201903", "202003"], ["2018-03", "2019-03", "2020-03"]),  # years that end in March
        ("iso_week", ["202001", "202012"], ["2020-W01", "2020-W12"]),
        ("Year", ["2,015", "2,016"], ["2015", "2016"]),
        ("Date", ["43190.5", "43281.25"], ["2018Q1", "2018Q2"]),
        ("round", ["ESS9", "ESS10"], ["09", "10"]),
    ],
)
def test_name_of_the_column_says_what_numbers_beside_a_year_are(
    name: str, written: list[str], read_as: list[str]
) -> None:
    panel = shaped(table(written, name))
    assert panel.periods == read_as
    assert panel.steps.unit


def test_first_days_of_months_with_the_month_first_are_months_and_said() -> None:
    written = [f"{month}/1/2018" for month in range(1, 13)]
    found = read(table(written, "Date"))
    assert shaped(table(written, "Date")).periods == OF_2018
    assert period_note(found, Roles("Area", "Date")) == "Date is read as days, the month first: 2/1/2018 is 2018-02."


def test_days_say_which_number_is_the_day() -> None:
    found = read(table(["03/03/2018", "04/03/2018"], "Date"))
    assert period_note(found, Roles("Area", "Date")) == (
        "Date is read as days, the day before the month: 04/03/2018 is 2018-03-04."
    )


@pytest.mark.parametrize(
    "written",
    [
        by_quarter("Q{n} ({later}) {y}"),
        ["T1 2018", "T2 2018", "T3 2018"],
        ["2018-1", "2018-2", "2018-3"],
        ["1012018", "2012018"],
        ["1514764800", "1517443200"],
    ],
)
def test_periods_that_may_be_others_have_no_calendar(written: list[str]) -> None:
    frame = pd.DataFrame(table(written, "Time"))
    assert not shaped(frame).steps.unit


@pytest.mark.parametrize("text", ["2018 decile 3", "5 marbles 2017", "junk 5, 2018"])
def test_words_that_begin_like_a_month_are_none(text: str) -> None:
    assert not is_period(text)
