"""Periods as people write them: read in the order of time by one rule for the column, or never used as time."""

from collections.abc import Callable
from datetime import date, timedelta

import pandas as pd
import pytest

from core.app.models.choices import allowed_values
from core.questions.curve import samples_of
from core.user_panel.panel import guessed_roles, panel_of, period_note
from core.user_panel.question import user_question
from core.user_panel.read import UserPanelError
from tests.user_panel.peoples_files import (
    AREAS,
    EFFECT,
    MONTHS,
    STEPS,
    effect_one_step_before,
    lagged,
    read,
    shaped,
    table,
)

Write = Callable[[int], str]


def quarter_end(step: int) -> pd.Timestamp:
    return pd.Timestamp(2015, 1, 1) + pd.offsets.QuarterEnd(step + 1)


def month_end(step: int) -> pd.Timestamp:
    return pd.Timestamp(2017, 1, 1) + pd.offsets.MonthEnd(step + 1)


def financial_quarter(step: int) -> tuple[str, str]:
    """A quarter and its financial year: step 0 is January to March 2015, Q4 of 2014-15."""
    year, quarter = divmod(step + 3, 4)
    return f"Q{quarter + 1}", f"{2014 + year}-{(2015 + year) % 100:02}"


def financial_year(step: int) -> int:
    return 1996 + step


WRITERS: dict[str, tuple[Write, str]] = {
    "day first": (lambda step: f"{quarter_end(step):%d/%m/%Y}", "quarter"),
    "day first with points": (lambda step: f"{quarter_end(step):%d.%m.%Y}", "quarter"),
    "month first": (lambda step: f"{quarter_end(step):%m/%d/%Y}", "quarter"),
    "two digits of a year": (lambda step: f"{quarter_end(step):%d/%m/%y}", "quarter"),
    "with a time": (lambda step: f"{quarter_end(step):%d/%m/%Y} 00:00", "quarter"),
    "month ends": (lambda step: f"{month_end(step):%d/%m/%Y}", "month"),
    "months abbreviated": (lambda step: f"{quarter_end(step):%d-%b-%Y}", "quarter"),
    "months in full": (lambda step: f"{quarter_end(step).day} {quarter_end(step):%B %Y}", "quarter"),
    "ordinals": (lambda step: f"{quarter_end(step).day}th of {quarter_end(step):%B %Y}", "quarter"),
    "year first with slashes": (lambda step: f"{quarter_end(step):%Y/%m/%d}", "quarter"),
    "eight digits": (lambda step: f"{quarter_end(step):%Y%m%d}", "quarter"),
    "six digits": (lambda step: f"{month_end(step):%Y%m}", "month"),
    "months with m": (lambda step: f"{month_end(step):%YM%m}", "month"),
    "months in words": (lambda step: f"{month_end(step):%b-%y}", "month"),
    "ISO months": (lambda step: f"{month_end(step):%Y-%m}", "month"),
    "quarter of a financial year": (lambda step: " ".join(financial_quarter(step)), "quarter"),
    "financial year and its quarter": (lambda step: " ".join(financial_quarter(step)[::-1]), "quarter"),
    "financial quarters with slashes": (lambda step: " ".join(financial_quarter(step)).replace("-", "/"), "quarter"),
    "quarters": (lambda step: f"Q{quarter_end(step).quarter} {quarter_end(step).year}", "quarter"),
    "quarters as months": (
        lambda step: f"{MONTHS[quarter_end(step).month - 3]}-{quarter_end(step):%b %Y}",
        "quarter",
    ),
    "moving years": (lambda step: f"YE {quarter_end(step):%b %Y}", "quarter"),
    "moving years in words": (lambda step: f"12 months to {quarter_end(step):%B %Y}", "quarter"),
    "half-years": (lambda step: f"H{step % 2 + 1} {2000 + step // 2}", "half-year"),
    "half-years with s": (lambda step: f"{2000 + step // 2}-S{step % 2 + 1}", "half-year"),
    "years": (lambda step: f"{1996 + step}{'p' * (step == STEPS - 1)}", "year"),
    "years in brackets": (lambda step: f"{1996 + step}{' [r]' * (step % 3 == 0)}", "year"),
    "financial years": (lambda step: f"{financial_year(step)}-{(financial_year(step) + 1) % 100:02}", "financial year"),
    "financial years in full": (lambda step: f"{financial_year(step)} to {financial_year(step) + 1}", "financial year"),
    "financial years short": (
        lambda step: f"{financial_year(step) % 100:02}/{(financial_year(step) + 1) % 100:02}",
        "financial year",
    ),
    "FY": (lambda step: f"FY{(financial_year(step) + 1) % 100:02}", "financial year"),
    "April to March": (lambda step: f"Apr {financial_year(step)} to Mar {financial_year(step) + 1}", "financial year"),
    "year ending March": (lambda step: f"Year ending March {financial_year(step) + 1}", "financial year"),
    "year ending June": (lambda step: f"Year ending June {financial_year(step)}", "year"),
    "weeks": (lambda step: f"2018-W{step + 20:02}", "week"),
    "weeks of a year": (lambda step: f"Week {step + 20} 2018", "week"),
    "week ending": (lambda step: f"week ending {date(2018, 1, 5) + timedelta(weeks=step):%d/%m/%Y}", "day"),
    "waves": (lambda step: f"Wave {step + 1}", "number"),
    "weeks without a year": (lambda step: f"Week {step + 1}", "number"),
    "rounds": (lambda step: f"R{step + 1}", "number"),
}


@pytest.mark.parametrize("name", WRITERS)
def test_lag_over_periods_in_any_convention_finds_the_effect_one_step_before(name: str) -> None:
    write, unit = WRITERS[name]
    found = effect_one_step_before(lagged(write))
    assert shaped(lagged(write)).steps.unit == unit
    assert found.low < EFFECT < found.high
    assert found.high < EFFECT + 0.05


def test_days_as_serial_numbers_are_days_in_a_column_of_dates() -> None:
    numbers = [str((quarter_end(step).date() - date(1899, 12, 30)).days) for step in range(6)]
    panel = shaped(table(numbers, "Date"))
    assert panel.periods == ["2015Q1", "2015Q2", "2015Q3", "2015Q4", "2016Q1", "2016Q2"]


def test_days_of_half_years_are_two_quarters_apart() -> None:
    days = [f"{year}-{day}" for year in (2017, 2018, 2019) for day in ("03-31", "09-30")]
    steps = shaped(table(days, "Date")).steps
    assert (steps.unit, steps.size, steps.missing) == ("quarter", 2, ())


def test_gap_in_quarters_is_a_gap_and_not_refused() -> None:
    quarters = [
        f"{year}Q{quarter}" for year in (2019, 2020) for quarter in (1, 2, 3, 4) if (year, quarter) != (2020, 2)
    ]
    panel = shaped(table(quarters, "Quarter"))
    assert panel.steps.missing == ("2020Q2",)
    after = panel.frame[panel.period] == "2020Q3"
    assert panel.values("Trust", lag=1)[after].isna().all()


def test_january_keeps_its_lag_in_months_of_six_digits() -> None:
    months = [f"2018{month:02}" for month in range(7, 13)] + [f"2019{month:02}" for month in range(1, 7)]
    assert shaped(table(months, "Month")).values("Trust", lag=1).notna().sum() == len(AREAS) * 11


def test_one_period_says_that_there_is_no_change() -> None:
    with pytest.raises(UserPanelError, match=r"only one Year \(2021\), so there is no change to compare"):
        shaped(table(["2021"]))


@pytest.mark.parametrize(
    "names", [["autumn", "spring", "summer"], ["2016", "2017", "before"], ["31/12/2017", "2018Q1"]]
)
def test_order_that_is_not_time_offers_no_lag_no_trend_and_no_half(names: list[str]) -> None:
    found = read(table(names, "Season"))
    roles = guessed_roles(found)
    panel = panel_of(found, roles)
    assert panel.steps.unit == ""
    question = user_question(found, roles, timely=False)
    assert question.lags == (0,)
    assert list(samples_of(question, panel)) == ["all"]
    assert "start" not in allowed_values(panel, question)


def test_day_and_month_that_can_be_either_are_day_first_and_said() -> None:
    found = read(table(["03/04/2017", "03/05/2017", "03/06/2017"], "Date"))
    assert panel_of(found, guessed_roles(found)).periods == ["2017-04", "2017-05", "2017-06"]
    assert "03/04/2017 is 2017-04" in period_note(found, guessed_roles(found))


def test_days_in_two_orders_have_no_calendar() -> None:
    assert shaped(table(["13/01/2017", "01/14/2017"], "Date")).steps.unit == ""
