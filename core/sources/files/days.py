"""Days as people write them, read in one order of day and month for a whole column."""

import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import date, timedelta
from functools import partial

import pandas as pd

from core.sources.files.cells import EXCEL_BEGINS, TIME

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# Names of months in the languages next door, January to December.
_ABROAD = (
    "januar februar märz april mai juni juli august september oktober november dezember",
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "januari februari maart april mei juni juli augustus september oktober november december",
    "ionawr chwefror mawrth ebrill mai mehefin gorffennaf awst medi hydref tachwedd rhagfyr",
    "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
)
# Short names that are no others in English.
_SHORT_ABROAD = "mrz:mar mär:mar okt:oct dez:dec janv:jan févr:feb fév:feb avr:apr juil:jul aoû:aug déc:dec ene:jan \
abr:apr ago:aug dic:dec giu:jun lug:jul ott:oct mrt:mar mei:may fev:feb"
MONTHS_ABROAD = {
    **{name: month for names in _ABROAD for name, month in zip(names.split(), MONTHS, strict=True) if name != month},
    **dict(pair.split(":") for pair in _SHORT_ABROAD.split()),
}
YEAR = r"(?:1[89]|20|21)\d\d"
MONTH = (
    r"(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?)\.?"
)
SHORT_YEAR = rf"'?({YEAR}|\d\d)"
YEAR_FIRST = re.compile(r"(\d{4})([-/._ ]?)(\d\d?)\2(\d\d?)")
YEAR_LAST = re.compile(r"(\d\d?)([-/._ ])(\d\d?)\2(\d{4}|\d\d)")
BEFORE_DAY = re.compile(
    r"^(?:(?:week|month|quarter)\s*(?:ending|ended|commencing|beginning|of)|w/?[ce]\b|(?:as\s)?at\b)\s*"
)
WEEK_DAY = re.compile(r"(\d{4})-?w(\d\d)-?([1-7])")
EIGHT_DIGITS = re.compile(r"(\d\d)()(\d\d)((?:19|20)\d\d)")
IN_WORDS = re.compile(r"(\d\d?)(?:st|nd|rd|th)?[\s,/.-]*(?:of\s)?([a-z]{3,9})\.?[\s,/.'-]*(\d{4}|\d\d)")
WORDS_YEAR_FIRST = re.compile(r"(\d{4})[\s,/._-]+([a-z]{3,9})\.?[\s,/._-]+(\d\d?)")
AMERICAN = re.compile(r"([a-z]{3,9})\.?\s*(\d\d?)(?:st|nd|rd|th)?,?\s+(\d{4})")
IN_UTC = re.compile(r"[t ](00|22|23):00(?::00(?:[.,]0+)?)?\s?(?:z|utc|[+-]00:?00)$")
CENTURY_TURNS = 70
FIRST_SERIAL, LAST_SERIAL = 29_221, 60_000  # 1980 to 2064; below are quarters such as 20171, and days since 1960


def month_number(word: str) -> int:
    """1 to 12 for the name of a month or its first three letters."""
    return MONTHS.index(word[:3]) + 1


def days_of(texts: Sequence[str]) -> tuple[dict[str, date], str] | None:
    """The days that all of `texts` (in lower case) stand for.

    The day stands before the month (31/12/2017) unless a number over 12 in second place shows that the month does, or a
    1 in second place throughout: one to twelve January are less likely to be meant than the first days of months.

    Returns
    -------
    tuple of dict and str, or None
        The day of each text, and ``"day"``, ``"month"`` or ``"year"``: what stands first. ``None`` where one text is no
        day in that order.
    """
    for first, read in RULES:
        if read is _day_first and _are_first_days(texts):
            continue
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


def days_written(first: str, texts: Iterable[str]) -> dict[str, str] | None:
    """Days in whose texts the year, the day or the month stands `first`."""
    bare = {text: _bare_day(text) for text in texts}
    found = days_of(list(bare.values()))
    if found is None or found[1] != first:
        return None
    evenings = _evenings(bare)
    days = {text: found[0][plain] + timedelta(days=text in evenings) for text, plain in bare.items()}
    named = stand_for(list(days.values()))
    return {text: named[day] for text, day in days.items()}


def _evenings(texts: Iterable[str]) -> set[str]:
    """The times one or two hours before midnight in UTC, which programs write for the day that begins further east.

    None where other times than these and midnight stand beside them, or all are at one hour, as of a nightly count.
    """
    hours = {text: IN_UTC.search(text) for text in texts}
    late = {text for text, hour in hours.items() if hour and hour[1] != "00"}
    found = {hour[1] for hour in hours.values() if hour}
    return late if all(hours.values()) and ("00" in found or len(found) > 1) else set()


def _bare_day(text: str) -> str:
    """`text` without a time of day, a name of a weekday and words such as *week ending*."""
    bare = TIME.sub("", text)
    bare = BEFORE_DAY.sub("", bare)
    return re.sub(r"^(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?,?\s+", "", bare)


def serials(texts: Iterable[str]) -> dict[str, str] | None:
    """Days as workbooks count them."""
    found = {}
    for text in texts:
        whole = re.fullmatch(r"(\d{5})(?:\.\d+)?", text)
        if not whole or not FIRST_SERIAL <= int(whole[1]) <= LAST_SERIAL:
            return None
        found[text] = EXCEL_BEGINS + timedelta(days=int(whole[1]))
    named = stand_for(list(found.values()))
    return {text: named[day] for text, day in found.items()}


def full_year(text: str) -> int:
    """The year that two or four digits stand for."""
    return int(text) if len(text) > 2 else int(text) + (2000 if int(text) < CENTURY_TURNS else 1900)


def _made(year: str, month: int, day: str) -> date | None:
    with suppress(ValueError):
        return date(full_year(year), month, int(day))
    return None


def _are_first_days(texts: Sequence[str]) -> bool:
    """Whether days such as 1/1/2018, 2/1/2018 and 3/1/2018 all have a 1 in second place and several first numbers."""
    found = [YEAR_LAST.fullmatch(text) for text in texts]
    firsts = {int(match[1]) for match in found if match}
    return all(match and int(match[3]) == 1 for match in found) and len(firsts) > 1 and max(firsts) <= len(MONTHS)


def _unmistakable(text: str) -> date | None:
    return _year_first(text) or _in_words(text)


def _year_first(text: str) -> date | None:
    if week := WEEK_DAY.fullmatch(text):
        with suppress(ValueError):
            return date.fromisocalendar(*map(int, week.groups()))
    found = YEAR_FIRST.fullmatch(text)
    if not found or (not found[2] and len(text) != len("20170331")):
        return None
    return _made(found[1], int(found[3]), found[4]) if int(found[1]) > 1000 else None


def _day_first(text: str) -> date | None:
    found = YEAR_LAST.fullmatch(text) or EIGHT_DIGITS.fullmatch(text)
    return _made(found[4], int(found[3]), found[1]) if found else None


def _month_first(text: str) -> date | None:
    found = YEAR_LAST.fullmatch(text)
    return _made(found[4], int(found[1]), found[3]) if found else None


def _in_words(text: str) -> date | None:
    if found := IN_WORDS.fullmatch(text):
        day, month, year = found.groups()
    elif found := AMERICAN.fullmatch(text):
        month, day, year = found.groups()
    elif found := WORDS_YEAR_FIRST.fullmatch(text):
        year, month, day = found.groups()
    else:
        return None
    return _made(year, month_number(month), day) if re.fullmatch(MONTH, month) else None


# A day in words among days with the year first, as a cell typed as text in a workbook, can be no other day.
RULES = (
    ("year", _year_first),
    ("day", _in_words),
    ("day", _unmistakable),
    ("day", _day_first),
    ("month", _month_first),
)


def _decimal_years(parts: int, written: str, texts: Iterable[str]) -> dict[str, str] | None:
    """``2018Q2`` for 2018.25, and the like: years with so many `parts`, as R writes the times of a series."""
    found = {}
    for text in texts:
        part = re.fullmatch(rf"({YEAR})(\.\d+)?", text)
        place = round(float(part[2] or 0) * parts, 2) if part else 0.5
        if not part or place % 1 or place >= parts:
            return None
        found[text] = written.format(part[1], int(place) + 1)
    return found if any("." in text for text in found) else None


DECIMAL_YEARS = tuple(
    (kind, partial(_decimal_years, parts, written))
    for kind, parts, written in (("half-years", 2, "{}H{}"), ("quarters", 4, "{}Q{}"), ("months", 12, "{}-{:02}"))
)
