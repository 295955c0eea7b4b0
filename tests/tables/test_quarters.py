from datetime import date

import pandas as pd
import pytest

from core.tables.quarters import (
    last_month,
    months_of,
    quarter_end,
    quarter_label,
    quarter_of,
    quarters_between,
    span_of,
)


def test_quarter_label_has_months_with_an_en_dash() -> None:
    assert quarter_label("2023Q4") == "Oct\N{EN DASH}Dec 2023"
    assert quarter_label("2017Q2") == "Apr\N{EN DASH}Jun 2017"


def test_months_of_a_quarter_are_as_people_say_them() -> None:
    assert [months_of(f"2023Q{number}") for number in (1, 2, 3, 4)] == [
        "January to March 2023",
        "April to June 2023",
        "July to September 2023",
        "October to December 2023",
    ]
    assert last_month("2026Q1") == "March 2026"


def test_span_of_quarters_is_from_month_to_month_and_of_other_periods_as_they_are() -> None:
    assert span_of("2019Q4", "2023Q4") == "October 2019 to December 2023"
    assert span_of("2020", "2024") == "2020 to 2024"


@pytest.mark.parametrize(
    ("quarter", "last_day"), [("2016Q1", "2016-03-31"), ("2023Q2", "2023-06-30"), ("2023Q4", "2023-12-31")]
)
def test_quarter_end_is_the_last_day_within_the_quarter(quarter: str, last_day: str) -> None:
    assert quarter_end(quarter) == pd.Timestamp(last_day)
    assert quarter_of(quarter_end(quarter)) == quarter_of(last_day) == quarter


def test_quarter_of_changes_on_the_first_day_of_the_next_quarter() -> None:
    assert quarter_of(date(2023, 9, 30)) == "2023Q3"
    assert quarter_of(date(2023, 10, 1)) == "2023Q4"


def test_quarters_between_crosses_the_turn_of_the_year() -> None:
    assert quarters_between("2014Q4", "2015Q2") == ["2014Q4", "2015Q1", "2015Q2"]
    assert len(quarters_between("2017Q2", "2023Q4")) == 27


@pytest.mark.parametrize("text", ["2023Q5", "2023-Q4", "Q4 2023", ""])
def test_quarter_label_of_other_text_raises_an_error_with_example(text: str) -> None:
    with pytest.raises(ValueError, match="2023Q4"):
        quarter_label(text)
