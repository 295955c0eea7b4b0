"""Calendar quarters as short strings that sort in time order: ``"2017Q2"`` is April to June 2017."""

import re
from datetime import date
from functools import lru_cache

import pandas as pd

QUARTER_PATTERN = r"^\d{4}Q[1-4]$"
MONTHS = ("Jan\N{EN DASH}Mar", "Apr\N{EN DASH}Jun", "Jul\N{EN DASH}Sep", "Oct\N{EN DASH}Dec")


@lru_cache(maxsize=1000)
def quarter_label(quarter: str) -> str:
    """`quarter` as text for readers, with an en dash: ``"2023Q4"`` is ``"Oct-Dec 2023"``.

    Raises
    ------
    ValueError
        If `quarter` is not written as in ``"2023Q4"``.
    """
    year, number = _parts(quarter)
    return f"{MONTHS[number - 1]} {year}"


def months_of(quarter: str) -> str:
    """The months of `quarter` as people say them: ``"2023Q4"`` is ``"October to December 2023"``."""
    last = quarter_end(quarter)
    return f"{last - pd.offsets.MonthBegin(3):%B} to {last:%B %Y}"


def last_month(quarter: str) -> str:
    """The month that `quarter` ends with: ``"December 2023"``."""
    return f"{quarter_end(quarter):%B %Y}"


def span_of(first: str, last: str) -> str:
    """A span of periods as people say it: from ``"2019Q4"`` to ``"2023Q4"`` is ``"October 2019 to December 2023"``."""
    if not all(re.match(QUARTER_PATTERN, period) for period in (first, last)):
        return f"{first} to {last}"
    return f"{quarter_end(first) - pd.offsets.MonthBegin(3):%B %Y} to {last_month(last)}"


def period_label(period: str) -> str:
    """`period` in words where it is a quarter, else as it is."""
    return quarter_label(period) if re.match(QUARTER_PATTERN, period) else period


@lru_cache(maxsize=1000)
def quarter_end(quarter: str) -> pd.Timestamp:
    """Last day of `quarter`, at midnight: ``"2023Q4"`` ends on 31 December 2023."""
    year, number = _parts(quarter)
    return pd.Timestamp(year, 3 * number, 1) + pd.offsets.MonthEnd()


def quarter_of(day: date | str) -> str:
    """Quarter that holds `day` (a date, a timestamp, or ISO text such as ``"2023-12-31"``)."""
    moment = pd.Timestamp(day)
    return f"{moment.year}Q{moment.quarter}"


def quarters_between(first: str, last: str) -> list[str]:
    """Every quarter from `first` to `last`, both included."""
    (first_year, first_number), (last_year, last_number) = _parts(first), _parts(last)
    numbers = range(4 * first_year + first_number - 1, 4 * last_year + last_number)
    return [f"{number // 4}Q{number % 4 + 1}" for number in numbers]


def _parts(quarter: str) -> tuple[int, int]:
    if not re.match(QUARTER_PATTERN, quarter):
        raise ValueError(f"{quarter!r} is not a quarter; write the year, Q and 1 to 4, as in '2023Q4'.")
    return int(quarter[:4]), int(quarter[-1])
