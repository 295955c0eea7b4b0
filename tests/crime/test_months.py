"""The months of a police force in words: whole, with gaps, short, and with records that no area has."""

import pandas as pd
import pytest

from core.crime.months import coverage_text, gaps_text, months_text, period_text, share_text, with_months
from core.sources.police.coverage import Coverage, months_between

YEAR = tuple(f"2018-{month:02}" for month in range(1, 13))


def coverage(without_area: int = 0, gaps: dict[str, list[str]] | None = None, **records: int) -> Coverage:
    """Records by month, such as ``m2018_01=5``."""
    return Coverage({name[1:].replace("_", "-"): count for name, count in records.items()}, without_area, gaps or {})


FOUR = coverage(100, m2021_01=1000, m2021_02=400, m2021_04=1100)


@pytest.mark.parametrize(
    ("months", "text"),
    [
        (YEAR, "2018"),
        (("2018-03",), "March 2018"),
        (("2018-11", "2018-12", "2019-01"), "November 2018 to January 2019"),
        (("2018-11", "2019-01"), "November 2018 to January 2019 (2 of 3 months)"),
        (YEAR[:11], "January to November 2018"),
        (("2021-01", "2021-02", "2021-04"), "January to April 2021 (3 of 4 months)"),
        (tuple(f"{year}-{month:02}" for year in (2016, 2017) for month in range(1, 13)), "2016 to 2017"),
        ((*YEAR[3:], "2019-01", "2019-02", "2019-03"), "April 2018 to March 2019"),
        ((*YEAR[:5], *YEAR[6:]), "2018 (11 of 12 months)"),
    ],
)
def test_months_text_is_the_span_as_people_say_it(months: tuple[str, ...], text: str) -> None:
    assert months_text(months, months_between(months[0], months[-1])) == text


def test_period_text_counts_an_empty_last_month_as_missing() -> None:
    assert period_text(coverage(m2021_01=5, m2021_02=6, m2021_03=0)) == "January to March 2021 (2 of 3 months)"
    assert period_text(FOUR) == "January to April 2021 (3 of 4 months)"


def test_coverage_text_names_missing_and_short_months_and_records_without_area() -> None:
    assert coverage_text("Kent", FOUR) == (
        "3 of 4 months are counted: there are no records for March 2021. Rates are for the months counted, not for a "
        "year. February 2021 (400 records) is short, under half of the usual 1,050: its file may be cut off. 4.0% of "
        "the records of Kent have no area, and are in no figure of this page."
    )


def test_coverage_text_of_a_whole_year_is_short() -> None:
    whole = Coverage(dict.fromkeys(YEAR, 100), 0)
    assert coverage_text("Kent", whole) == "All 12 months are counted: 2018. Every record of Kent has an area."


def test_coverage_text_says_how_many_records_are_of_other_forces() -> None:
    text = coverage_text("Kent", Coverage({"2018-03": 10}, 0, by_others=1234))
    assert text.endswith("Counted with them are 1,234 records of other forces in its districts.")


def test_coverage_text_of_one_month_says_that_rates_are_not_of_a_year() -> None:
    text = coverage_text("Kent", coverage(m2018_03=10))
    assert text.startswith("One month is counted: March 2018. Rates are for the months counted, not for a year.")


def test_gaps_text_says_where_districts_differ_in_their_months() -> None:
    assert gaps_text(FOUR) == ""
    text = gaps_text(coverage(gaps={"Dover": ["2018-02"]}, m2018_01=10, m2018_02=10))
    assert text.startswith("Dover has no record in February 2018: its figures are of fewer months than those of other")
    two = coverage(gaps={"Dover": ["2018-02"], "Swale": ["2018-02"]}, m2018_01=10, m2018_02=10)
    assert gaps_text(two).startswith("Dover and Swale have no record in February 2018: their figures are of fewer")


def test_coverage_text_with_many_short_months_names_some() -> None:
    quarters = ("01", "04", "07", "10")
    records = {month: 1 if month.endswith(quarters) else 10 for month in months_between("2016-01", "2017-12")}
    text = coverage_text("Kent", Coverage(records, 0))
    assert "and 2 more are short" in text


@pytest.mark.parametrize(("share", "text"), [(0.2066, "20.7%"), (0.001, "0.1%"), (0.0004, "Under 0.1%")])
def test_share_text_is_closed_up_and_never_zero(share: float, text: str) -> None:
    assert share_text(share) == text


def test_with_months_adds_the_same_columns_to_each_row() -> None:
    rows = with_months(pd.DataFrame({"District": ["Dover", "Thanet"], "Records": [1, 2]}), FOUR)
    assert rows.iloc[0].to_dict() == rows.iloc[1].to_dict() | {"District": "Dover", "Records": 1}
    assert rows.iloc[0, 2:].to_dict() == {
        "Months": "January to April 2021 (3 of 4 months)",
        "Months missing": "2021-03",
        "Short months": "2021-02",
        "Records without an area (%)": 4.0,
    }
