"""Periods as people write them, read by one rule for a whole column, and written so that they sort in time order.

Years (``2016``), financial years (``2015/16``), quarters (``2015Q1``), quarters and halves of financial years
(``2015/16 Q1``), half-years (``2015H1``), months (``2015-01``), ISO weeks (``2015-W01``), days (``2015-01-31``) and
numbers of waves (``01``) are those of :mod:`core.tables.calendar`. What no single rule reads stays as it is.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache, partial

import pandas as pd

from core.sources.files.cells import EXCEL_BEGINS, TIME
from core.sources.files.days import (
    MONTH,
    MONTHS_ABROAD,
    SHORT_YEAR,
    YEAR,
    days_of,
    full_year,
    month_number,
    span_of,
    stand_for,
    year_ending,
)

FINANCIAL = (
    rf"(?:fy|financial year|fiscal year)?\s*(?:({YEAR}|\d\d)\s*(?:[/_-]|to|and)\s*({YEAR}|\d\d)|"
    rf"fy\s*'?({YEAR}|\d\d))"
)
QUARTER = r"(?:q(?:uarter|tr)?\.?\s*([1-4])|([1-4])(?:st|nd|rd|th)?\s*q(?:uarter|tr)?\.?)"
HALF = r"(?:[hs](?:alf)?\.?\s*([12])|([12])(?:st|nd)?\s*h(?:alf)?)"
WAVES = (
    r"(?:(?:survey|study)?\s*"
    r"(?:wave|round|sweep|week|period|time|phase|stage|cycle|session|visit|year|month|day|w|r|t|p))"
)
GAP = r"[\s:,./_-]*"
FLAG = re.compile(
    r"\s*(?:[\[(](?:[a-z]{1,3}|note \d+|\d\d?|yr ?\d{4}|provisional|revised|estimated?)[\])]|(?<=\d)\s?[pre]|\*+)$"
)
ORDINALS: Mapping[str, str] = {"first": "1st", "second": "2nd", "third": "3rd", "fourth": "4th"}
ORDINAL = re.compile(rf"\b({'|'.join(ORDINALS)})\b")
WORD = re.compile(r"[^\W\d_]{3,}")
DASHES = str.maketrans("\u2010\u2011\u2012\u2013\u2014\u2212", "------")
LOOKED_AT = 30
LONGEST = 80  # letters of a cell that can be a period; longer text would cost much to match and is none
MOSTLY = 0.5
FIRST_SERIAL, LAST_SERIAL = 20_000, 60_000  # 1954 to 2064
MONTHS_OF_A_YEAR = 12
PARTS: Mapping[int, str] = {1: "-", 3: "Q", 6: "H"}
DATE_WORDS = ("date", "day", "month", "quarter", "period", "time", "week")

Read = Callable[[str], str | None]


@dataclass(frozen=True, eq=False)
class Periods:
    """The periods of a column.

    Parameters
    ----------
    values
        One text per cell of the column, which sorts in time order; missing where the cell is empty.
    kind
        What they are (``"quarters"``).
    note
        What was done, as a sentence; empty where the cells are as they were.
    """

    values: pd.Series
    kind: str
    note: str = ""


def read_periods(cells: pd.Series, name: str = "") -> Periods | None:
    """The periods in `cells`, text with missing values, by the first rule that reads every one of them.

    Parameters
    ----------
    name
        Name of the column, which says whether numbers such as 42825 may be days of a workbook.

    Returns
    -------
    Periods or None
        ``None`` where no rule reads all cells, so that they have no order in time.
    """
    written = list(map(str, cells.dropna().unique().tolist()))
    # Most columns hold no periods, which their first cells show: the others need not be looked at.
    first = [plain_period(cell) for cell in written[:LOOKED_AT]]
    rules = [(kind, rule) for kind, rule in _rules(name) if first and rule(first) is not None]
    texts = {cell: plain_period(cell) for cell in written} if rules else {}
    for kind, rule in rules:
        found = rule(texts.values())
        if found is not None:
            named = {cell: found[text] for cell, text in texts.items()}
            return Periods(cells.map(named), *_said(kind, named))
    return None


def odd_period(cells: pd.Series, name: str = "") -> tuple[int, str] | None:
    """Row and text of the first cell that keeps a column from being one of periods, where most others are.

    Returns
    -------
    tuple of int and str, or None
        ``None`` where all cells are periods, or most are none.
    """
    counts = cells.dropna().value_counts()
    written = list(map(str, counts.index))
    read = {kind: {cell for cell in written if rule([plain_period(cell)])} for kind, rule in _rules(name)}
    fitting = max(read.values(), key=lambda found: int(counts[list(found)].sum()))
    odd = cells[cells.notna() & ~cells.isin(fitting)]
    if odd.empty or len(odd) >= MOSTLY * counts.sum():
        return None
    return int(odd.index[0]), str(odd.iloc[0])


@lru_cache(20_000)
def plain_period(cell: str) -> str:
    """`cell` in lower case with plain dashes and spaces, without marks for provisional or revised figures.

    Months in other languages become those of English. Long text is empty, as it stands for no period.
    """
    if len(cell) > LONGEST:
        return ""
    text = " ".join(cell.translate(DASHES).casefold().split())
    if not text.isascii() or not text.isdigit():
        text = WORD.sub(lambda found: MONTHS_ABROAD.get(found[0], found[0]), text)
    text = ORDINAL.sub(lambda found: ORDINALS[found[1]], text)
    bare = FLAG.sub("", text)
    return bare if re.search(r"\d", bare) else text


def _said(kind: str, named: Mapping[str, str]) -> tuple[str, str]:
    """What was read, and a sentence with an example where the cells change."""
    changed = next(((cell, text) for cell, text in named.items() if cell.removesuffix(".0") != text), None)
    if not changed:
        return kind, ""
    return kind, f"read as {kind}: {changed[0]} is {changed[1]}"


def _rules(name: str) -> list[tuple[str, Callable[[Iterable[str]], dict[str, str] | None]]]:
    """The rules in the order in which they are tried."""
    dated = any(word in name.casefold() for word in DATE_WORDS)
    return [
        ("years", partial(_each, _year)),
        ("financial years", _years_run_together),
        ("financial years", _financial_years),
        ("years", _years_ending),
        ("years by the time at which they end", _moving_years),
        ("quarters", partial(_each, _quarter)),
        ("quarters of financial years", partial(_each, partial(_part_of_financial_year, "Q", QUARTER))),
        ("half-years", partial(_each, _half)),
        ("halves of financial years", partial(_each, partial(_part_of_financial_year, "H", HALF))),
        ("weeks", partial(_each, _week)),
        ("months", partial(_each, _month)),
        ("periods", _ranges),
        ("days", _days),
        *([("days of a workbook", _serials)] if dated else []),
        ("numbers in order", _waves),
    ]


def _each(read: Read, texts: Iterable[str]) -> dict[str, str] | None:
    found = {}
    for text in texts:
        period = read(text)
        if period is None:
            return None
        found[text] = period
    return found


def _year(text: str) -> str | None:
    found = re.fullmatch(rf"(?:calendar year|year|[cx]?y|x)?\s*({YEAR})(?:\.0+)?(?:\s*(?:calendar )?year)?", text)
    return found[1] if found else None


def _years_run_together(texts: Iterable[str]) -> dict[str, str] | None:
    """``2015/16`` for ``201516``: as months several would be 13 months apart; a single one that is a month is none."""
    found = {text: re.fullmatch(r"((?:19|20)(\d\d))(\d\d)", text) for text in texts}
    if not all(match and int(match[3]) == (int(match[2]) + 1) % 100 for match in found.values()):
        return None
    if len(found) == 1 and all(_month(text) for text in found):
        return None
    return {text: _financial(int(match[1])) for text, match in found.items() if match}


def _financial_years(texts: Iterable[str]) -> dict[str, str] | None:
    return _each(financial_year, texts)


def financial_year(text: str) -> str | None:
    """``2015/16`` for ``2015-16``, ``15/16``, ``2015 to 2016``, ``FY16``, ``Apr 2015 to Mar 2016``, ``YE Mar 2016``."""
    found = re.fullmatch(rf"(?:{FINANCIAL})(?:\s*(?:fy|financial year))?", text)
    if found and found[3]:
        return _financial(full_year(found[3]) - 1)
    if found and (len(found[1]), len(found[2])) != (2, 4):
        first, last = full_year(found[1]), found[2]
        return _financial(first) if int(last) in (first + 1, (first + 1) % 100) else None
    ends = span_of(text) or year_ending(text)
    return _financial(ends[0] - 1) if ends and ends[1:] == (3, 12) else None


def _financial(year: int) -> str:
    return f"{year}/{(year + 1) % 100:02}"


def _annual(text: str) -> tuple[int, int, int] | None:
    """Year, month and length of a year that ends in any month."""
    found = span_of(text) or year_ending(text)
    return found if found and found[2] == MONTHS_OF_A_YEAR else None


def _years_ending(texts: Iterable[str]) -> dict[str, str] | None:
    """Years that all end in the same month."""
    ends = {text: _annual(text) for text in texts}
    if not all(ends.values()) or len({end[1] for end in ends.values() if end}) > 1:
        return None
    return {text: str(end[0]) for text, end in ends.items() if end}


def _moving_years(texts: Iterable[str]) -> dict[str, str] | None:
    """Years that end in different months, as the quarters or months in which they end."""
    ends = {text: _annual(text) for text in texts}
    if not all(ends.values()):
        return None
    if all(end[1] % 3 == 0 for end in ends.values() if end):
        return {text: f"{end[0]}Q{end[1] // 3}" for text, end in ends.items() if end}
    return {text: f"{end[0]}-{end[1]:02}" for text, end in ends.items() if end}


def _ranges(texts: Iterable[str]) -> dict[str, str] | None:
    """Spans of months that are all half-years, all quarters or all months of the calendar."""
    spans = {text: span_of(text) for text in texts}
    lengths = {span[2] for span in spans.values() if span}
    if not all(spans.values()) or len(lengths) != 1:
        return None
    [length] = lengths
    found = {}
    for text, span in spans.items():
        if span is None or length not in PARTS or span[1] % length:
            return None
        found[text] = f"{span[0]}{PARTS[length]}{span[1] // length:0{2 if length == 1 else 1}}"
    return found


def _first(found: re.Match[str], *groups: int) -> str:
    return next(found[group] for group in groups if found[group])


def _quarter(text: str) -> str | None:
    if found := re.fullmatch(rf"({YEAR}){GAP}{QUARTER}", text):
        return f"{found[1]}Q{_first(found, 2, 3)}"
    if found := re.fullmatch(rf"{QUARTER}(?:{GAP}|\s*of\s*){SHORT_YEAR}", text):
        return f"{full_year(found[3])}Q{_first(found, 1, 2)}"
    found = re.fullmatch(rf"({YEAR}):([1-4])", text)
    return f"{found[1]}Q{found[2]}" if found else None


def _half(text: str) -> str | None:
    if found := re.fullmatch(rf"({YEAR}){GAP}{HALF}", text):
        return f"{found[1]}H{_first(found, 2, 3)}"
    found = re.fullmatch(rf"{HALF}(?:{GAP}|\s*of\s*){SHORT_YEAR}", text)
    return f"{full_year(found[3])}H{_first(found, 1, 2)}" if found else None


def _part_of_financial_year(letter: str, part: str, text: str) -> str | None:
    """``2015/16 Q1`` for ``Q1 2015-16``, ``2015-16 Q1`` and ``Q1 FY16``."""
    if found := re.fullmatch(rf"{part}[\s:,_]*(?:of\s*)?(\S.*)", text):
        number, rest = _first(found, 1, 2), found[3]
    elif found := re.fullmatch(rf"(.*\S)[\s:,_-]*{part}", text):
        number, rest = _first(found, 2, 3), found[1]
    else:
        return None
    year = financial_year(rest.strip(" ,:-_()"))
    return f"{year} {letter}{number}" if year else None


def _week(text: str) -> str | None:
    found = re.fullmatch(rf"({YEAR}){GAP}w(?:eek|k)?\.?\s*(\d\d?)", text)
    year, week = (found[1], found[2]) if found else ("", "")
    if not found and (found := re.fullmatch(rf"w(?:eek|k)?\.?\s*(\d\d?)(?:{GAP}|\s*of\s*)({YEAR})", text)):
        year, week = found[2], found[1]
    with suppress(ValueError):
        date.fromisocalendar(int(year), int(week), 1)
        return f"{year}-W{int(week):02}"
    return None


def _month(text: str) -> str | None:
    number = r"(0[1-9]|1[0-2]|[1-9])"
    if found := re.fullmatch(rf"({YEAR})(?:[-/.:]|\s*m)?(0[1-9]|1[0-2])", text) or re.fullmatch(
        rf"({YEAR})\s*m\s*{number}", text
    ):
        return f"{found[1]}-{int(found[2]):02}"
    if found := re.fullmatch(rf"{number}[-/.]({YEAR})", text):
        return f"{found[2]}-{int(found[1]):02}"
    if found := re.fullmatch(rf"{MONTH}{GAP}{SHORT_YEAR}", text):
        return f"{full_year(found[2])}-{month_number(found[1]):02}"
    found = re.fullmatch(rf"({YEAR}){GAP}{MONTH}", text)
    return f"{found[1]}-{month_number(found[2]):02}" if found else None


def _days(texts: Iterable[str]) -> dict[str, str] | None:
    bare = {text: _bare_day(text) for text in texts}
    found = days_of(list(bare.values()))
    if found is None:
        return None
    days, _ = found
    named = stand_for(list(days.values()))
    return {text: named[days[plain]] for text, plain in bare.items()}


def _bare_day(text: str) -> str:
    """`text` without a time of day, a name of a weekday and words such as *week ending*."""
    bare = TIME.sub("", text)
    bare = re.sub(r"^(?:(?:week|month|quarter)\s*(?:ending|ended|commencing|beginning|of)|w/?[ce]\b)\s*", "", bare)
    return re.sub(r"^(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?,?\s+", "", bare)


def _serials(texts: Iterable[str]) -> dict[str, str] | None:
    """Days as workbooks count them."""
    found = {}
    for text in texts:
        whole = re.fullmatch(r"(\d{5})(?:\.0+)?", text)
        if not whole or not FIRST_SERIAL <= int(whole[1]) <= LAST_SERIAL:
            return None
        found[text] = EXCEL_BEGINS + timedelta(days=int(whole[1]))
    named = stand_for(list(found.values()))
    return {text: named[day] for text, day in found.items()}


def _waves(texts: Iterable[str]) -> dict[str, str] | None:
    """Numbers, alone or all after the same word, such as ``Wave 3``, padded to one length."""
    found = {text: re.fullmatch(rf"({WAVES}\s*[-_.#:]?\s*)?(\d{{1,9}})(?:\.0+)?", text) for text in texts}
    words = {(match[1] or "").strip(" -_.#:") for match in found.values() if match}
    if not all(found.values()) or len(words) != 1:
        return None
    numbers = {text: match[2] for text, match in found.items() if match}
    length = max(len(str(int(number))) for number in numbers.values())
    return {text: str(int(number)).zfill(length) for text, number in numbers.items()}


@lru_cache(20_000)
def is_period(cell: str) -> bool:
    """Whether `cell` alone stands for a time or a wave: a heading such as ``2016``, but no other number."""
    text = plain_period(cell)
    alone = [rule for kind, rule in _rules("") if kind != "numbers in order"]
    return any(rule([text]) for rule in alone) or (not text.isdigit() and _waves([text]) is not None)
