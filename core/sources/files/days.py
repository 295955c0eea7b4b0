"""Days and spans of months as people write them; days are read in one order of day and month for a whole column."""

import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import date, timedelta

import pandas as pd

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# Names of months in the languages next door, January to December.
_ABROAD = (
    "januar februar märz april mai juni juli august september oktober november dezember",
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "januari februari maart april mei juni juli augustus september oktober november december",
    "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
)
MONTHS_ABROAD = {
    name: month for names in _ABROAD for name, month in zip(names.split(), MONTHS, strict=True) if name != month
}
YEAR = r"(?:1[89]|20|21)\d\d"
MONTH = (
    r"(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?)\.?"
)
SHORT_YEAR = rf"'?({YEAR}|\d\d)"
YEAR_FIRST = re.compile(r"(\d{4})([-/. ]?)(\d\d?)\2(\d\d?)")
YEAR_LAST = re.compile(r"(\d\d?)([-/. ])(\d\d?)\2(\d{4}|\d\d)")
IN_WORDS = re.compile(r"(\d\d?)(?:st|nd|rd|th)?[\s,/.-]*(?:of\s)?([a-z]{3,9})\.?[\s,/.'-]*(\d{4}|\d\d)")
AMERICAN = re.compile(r"([a-z]{3,9})\.?\s*(\d\d?)(?:st|nd|rd|th)?,?\s+(\d{4})")
CENTURY_TURNS = 70


def month_number(word: str) -> int:
    """1 to 12 for the name of a month or its first three letters."""
    return MONTHS.index(word[:3]) + 1


def days_of(texts: Sequence[str]) -> tuple[dict[str, date], str] | None:
    """The days that all of `texts` (in lower case) stand for.

    The day stands before the month (31/12/2017) unless a number over 12 in second place shows that the month does.

    Returns
    -------
    tuple of dict and str, or None
        The day of each text, and ``"day"``, ``"month"`` or ``"year"``: what stands first. ``None`` where one text is no
        day in that order.
    """
    for first, read in (("year", _year_first), ("day", _in_words), ("day", _day_first), ("month", _month_first)):
        days = {}
        for text in texts:
            day = read(text)
            if day is None:
                break
            days[text] = day
        else:
            return days, first
    return None


def stand_for(days: Sequence[date]) -> dict[date, str]:
    """Days as years, half-years, quarters or months where all stand for such, else as ISO days."""
    moments = pd.Series(pd.to_datetime(pd.Series(days).drop_duplicates()))
    ends = (moments == moments + pd.offsets.MonthEnd(0)).all()
    whole_months = ends or moments.dt.day.nunique() == 1
    months = set(moments.dt.month)
    if whole_months and len(months) == 1 and moments.dt.year.nunique() > 1:
        texts = moments.dt.strftime("%Y")
    elif ends and all(month % 3 == 0 for month in months):
        texts = moments.dt.year.astype("str") + "Q" + moments.dt.quarter.astype("str")
    else:
        texts = moments.dt.strftime("%Y-%m" if whole_months and len(moments) > 1 else "%Y-%m-%d")
    return dict(zip((moment.date() for moment in moments), texts, strict=True))


def full_year(text: str) -> int:
    """The year that two or four digits stand for."""
    return int(text) if len(text) > 2 else int(text) + (2000 if int(text) < CENTURY_TURNS else 1900)


def year_ending(text: str) -> tuple[int, int, int] | None:
    """Year, month and length in months of ``year ending March 2016`` or ``YE 31/03/2016``."""
    found = re.fullmatch(
        r"(?:the\s*)?(?:(?:year|12 months|12m|twelve months)\s*(?:ending|ended|end|to)?|y/?e)\s*(?:on|in)?\s*(.+)", text
    )
    last = found[1] if found else re.sub(r"[\s,(]*(?:y/?e|year[- ]end(?:ing|ed)?|12m)\)?$", "", text)
    if last == text:
        return None
    month = re.fullmatch(rf"(?:\d\d?(?:st|nd|rd|th)?\s*)?{MONTH}[\s-]*{SHORT_YEAR}", last)
    if month:
        return full_year(month[2]), month_number(month[1]), 12
    days = days_of([last])
    day = days[0][last] if days else None
    return (day.year, day.month, 12) if day else None


def span_of(text: str) -> tuple[int, int, int] | None:
    """Last year, last month and length in months of ``Apr 2015 to Mar 2016`` or ``Jan-Mar 2018``."""
    span = rf"{MONTH}\s*(?:{SHORT_YEAR})?\s*(?:-|to|/|until)\s*{MONTH}\s*,?\s*{SHORT_YEAR}"
    found = re.fullmatch(span, text)
    turned = re.fullmatch(rf"({YEAR})\s*,?\s*{MONTH}\s*(?:-|to|/)\s*{MONTH}", text)
    if found:
        first, begins, last, ends = found.groups()
    elif turned:
        ends, first, last, begins = turned[1], turned[2], turned[3], None
    else:
        return _span_of_days(text)
    months = month_number(last) - month_number(first) + 1
    year = full_year(ends)
    return year, month_number(last), months + 12 * (year - full_year(begins)) if begins else (months - 1) % 12 + 1


def _span_of_days(text: str) -> tuple[int, int, int] | None:
    """The same of ``01/04/2015 - 31/03/2016``: from the first day of a month to the last of another."""
    for between in (" to ", " - ", " until ", "/"):
        days = days_of(parts) if len(parts := [part.strip() for part in text.split(between)]) == 2 else None
        if days:
            first, last = (days[0][part] for part in parts)
            months = 12 * (last.year - first.year) + last.month - first.month + 1
            whole = first.day == 1 and (last + timedelta(days=1)).day == 1 and months > 0
            return (last.year, last.month, months) if whole else None
    return None


def _made(year: str, month: int, day: str) -> date | None:
    with suppress(ValueError):
        return date(full_year(year), month, int(day))
    return None


def _year_first(text: str) -> date | None:
    found = YEAR_FIRST.fullmatch(text)
    if not found or (not found[2] and len(text) != len("20170331")):
        return None
    return _made(found[1], int(found[3]), found[4]) if int(found[1]) > 1000 else None


def _day_first(text: str) -> date | None:
    found = YEAR_LAST.fullmatch(text)
    return _made(found[4], int(found[3]), found[1]) if found else None


def _month_first(text: str) -> date | None:
    found = YEAR_LAST.fullmatch(text)
    return _made(found[4], int(found[1]), found[3]) if found else None


def _in_words(text: str) -> date | None:
    found, turned = IN_WORDS.fullmatch(text), AMERICAN.fullmatch(text)
    day, month, year = found.groups() if found else (turned[2], turned[1], turned[3]) if turned else ("", "", "")
    return _made(year, month_number(month), day) if month[:3] in MONTHS else None
