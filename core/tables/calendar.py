"""Positions of periods in time: how many steps of the calendar lie between two of them, with or without rows."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from math import gcd

MONTHS, QUARTERS, HALVES = 12, 4, 2
DAYS_OF_A_WEEK = 7
# Sparse periods are numbered in order instead.
MOST_STEPS = 5000


@dataclass(frozen=True)
class Steps:
    """The steps in time from the first of some periods to the last.

    Parameters
    ----------
    unit
        Unit of time (``"year"``); empty for periods without a calendar, which are one step apart.
    size
        Length of a step in units: 2 for figures of every other year.
    places
        Position of each period among the steps, starting at 0.
    missing
        Steps without a period, in order, in the format of the periods.
    """

    unit: str
    size: int
    places: Mapping[str, int]
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Calendar:
    """A format of periods: unit, function from text to number (``None`` for other text), and from number to text."""

    unit: str
    read: Callable[[str], int | None]
    write: Callable[[int, str], str]


def steps_of(periods: Sequence[str]) -> Steps:
    """The steps in time of `periods`, which are in order: years, financial years and their parts, quarters,
    half-years, weeks, months, days or numbers.

    A step is the longest time of which all gaps are multiples. Days whose gaps have no common step, and all other
    text, have no calendar.
    """
    for calendar in CALENDARS:
        numbers = _all_read(calendar, periods)
        if numbers and all(before < after for before, after in pairwise(numbers)):
            gaps = [after - before for before, after in pairwise(numbers)]
            size = gcd(*gaps) or 1
            is_even = calendar.unit != "day" or size in gaps or not gaps
            if is_even and (numbers[-1] - numbers[0]) // size < MOST_STEPS:
                return _steps(calendar, size, numbers, periods)
    return Steps("", 1, {period: position for position, period in enumerate(periods)})


def _all_read(calendar: _Calendar, periods: Sequence[str]) -> list[int]:
    """The numbers of `periods`; empty if one is not in the calendar."""
    numbers = []
    for period in periods:
        number = calendar.read(period)
        if number is None:
            return []
        numbers.append(number)
    return numbers


def _steps(calendar: _Calendar, size: int, numbers: Sequence[int], periods: Sequence[str]) -> Steps:
    first, last, there = numbers[0], numbers[-1], set(numbers)
    absent = (number for number in range(first, last, size) if number not in there)
    positions = {period: (number - first) // size for period, number in zip(periods, numbers, strict=True)}
    return Steps(calendar.unit, size, positions, tuple(calendar.write(number, periods[0]) for number in absent))


def _parts(pattern: str, text: str) -> list[int]:
    found = re.fullmatch(pattern, text, re.ASCII)
    return [int(part) for part in found.groups()] if found else []


def _financial_year(text: str) -> int | None:
    """2017 for ``2017/18``, ``2017-18`` and ``2017/2018``."""
    parts = _parts(r"(\d{4})[/-](\d{2}|\d{4})", text)
    return parts[0] if parts and parts[1] in ((parts[0] + 1) % 100, parts[0] + 1) else None


def _like_financial_year(number: int, like: str) -> str:
    end = str(number + 1)
    return f"{number}{like[4]}{end if len(like) > len('2017/18') else end[2:]}"


def _within_year(pattern: str, parts_of_a_year: int) -> Callable[[str], int | None]:
    def read(text: str) -> int | None:
        parts = _parts(pattern, text)
        return parts[0] * parts_of_a_year + parts[1] - 1 if parts else None

    return read


def _within_financial_year(letter: str, parts_of_a_year: int) -> _Calendar:
    """Parts of financial years, such as ``2015/16 Q1``, which is April to June 2015 where years begin in April."""

    def read(text: str) -> int | None:
        parts = _parts(rf"(\d{{4}})/(\d\d) {letter}([1-{parts_of_a_year}])", text)
        return parts[0] * parts_of_a_year + parts[2] - 1 if parts and parts[1] == (parts[0] + 1) % 100 else None

    def write(number: int, _like: str) -> str:
        year, part = divmod(number, parts_of_a_year)
        return f"{year}/{(year + 1) % 100:02} {letter}{part + 1}"

    return _Calendar({HALVES: "half-year", QUARTERS: "quarter"}[parts_of_a_year], read, write)


def _week(text: str) -> int | None:
    """Number of the ISO week ``2018-W01``."""
    try:
        year, week = _parts(r"(\d{4})-W(\d\d)", text)
        return date.fromisocalendar(year, week, 1).toordinal() // DAYS_OF_A_WEEK
    except ValueError:  # no such week, or not a week
        return None


def _like_week(number: int, _like: str) -> str:
    # Monday is day 1 of a week, and ordinal 1 was a Monday.
    year, week, _ = date.fromordinal(number * DAYS_OF_A_WEEK + 1).isocalendar()
    return f"{year}-W{week:02}"


def _day(text: str) -> int | None:
    try:
        return date(*_parts(r"(\d{4})-(\d\d)-(\d\d)", text)).toordinal()
    except (ValueError, TypeError):  # no such day, or not a day
        return None


def _number(pattern: str) -> Callable[[str], int | None]:
    return lambda text: next(iter(_parts(pattern, text)), None)


def _like_number(number: int, like: str) -> str:
    return str(number).zfill(len(like))


CALENDARS = (
    _Calendar("financial year", _financial_year, _like_financial_year),
    _Calendar("year", _number(r"((?:1[89]|2[01])\d\d)"), _like_number),
    _Calendar(
        "quarter",
        _within_year(r"(\d{4})Q([1-4])", QUARTERS),
        lambda number, _like: f"{number // QUARTERS}Q{number % QUARTERS + 1}",
    ),
    _Calendar(
        "half-year",
        _within_year(r"(\d{4})H([12])", HALVES),
        lambda number, _like: f"{number // HALVES}H{number % HALVES + 1}",
    ),
    _within_financial_year("Q", QUARTERS),
    _within_financial_year("H", HALVES),
    _Calendar("week", _week, _like_week),
    _Calendar(
        "month",
        _within_year(r"(\d{4})-(0[1-9]|1[0-2])", MONTHS),
        lambda number, _like: f"{number // MONTHS}-{number % MONTHS + 1:02}",
    ),
    _Calendar("day", _day, lambda number, _like: date.fromordinal(number).isoformat()),
    _Calendar("number", _number(r"(\d{1,5})"), _like_number),
)
