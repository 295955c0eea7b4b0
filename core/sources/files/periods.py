"""Periods as people write them, read by one rule for a whole column, and written so that they sort in time order.

Years (``2016``), financial years (``2015/16``), quarters (``2015Q1``), quarters and halves of financial years
(``2015/16 Q1``), half-years (``2015H1``), months (``2015-01``), ISO weeks (``2015-W01``), days (``2015-01-31``) and
numbers of waves (``01``) are those of :mod:`core.tables.calendar`. What no single rule reads stays as it is.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Set
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, partial

import pandas as pd

from core.sources.files.days import (
    DECIMAL_YEARS,
    MONTH,
    MONTHS_ABROAD,
    SHORT_YEAR,
    YEAR,
    days_written,
    full_year,
    month_number,
    serials,
)
from core.sources.files.spans import (
    MONTHS_OF_A_YEAR,
    moving_spans,
    moving_years,
    parts_of_years,
    several_financial_years,
    several_years,
    span_of,
    years_ending,
)

FY = r"f\.?y\.?(?:\s*end(?:ing|ed)?|e)?"
YEARS_OF = rf"(?:{FY}|ay|season|(?:financial|fiscal|academic|school|tax) year)"
FINANCIAL = rf"(?:{YEARS_OF}?\s*({YEAR}|\d\d)\s*(?:[/_-]|to|and)\s*({YEAR}|\d\d)|{FY}\s*'?({YEAR}|\d\d))"
Q = r"(?:q(?:uarter|tr|uartal)?|trim(?:estre)?|kwartaal|kvartal)\.?"
QUARTER = rf"(?:{Q}\s*([1-4])|([1-4])(?:st|nd|rd|th|er|[eao\u00ba\u00aa.])?\s*{Q})"
LETTERED = re.compile(r"(?<![a-z])[tk]([1-4])\b|\b([1-4])[tk](?=\s?(?:19|20)\d\d)")
ROMAN = re.compile(rf"(?<![a-z])(?:{Q}[\s-]*)?(i{{1,3}}|iv)\b\.?(?:\s*(?:{Q}|kw\.))?")
HALF = (
    r"(?:[hs](?:alf|em(?:estre|ester)?)?\.?\s*([12])|"
    r"([12])(?:st|nd|er|[eao\u00ba\u00aa.])?\s*(?:h(?:alf)?|sem(?:estre|ester)?\.?|halbjahr|halfjaar))"
)
MONTHS_BESIDE = re.compile(rf"\s*[(\[]\s*{MONTH}\s*(?:-|to|/)\s*{MONTH}\s*[)\]]\s*")
WAVES = (
    r"(?:(?:survey|study)?\s*"
    r"(?:wave|round|sweep|week|period|time|phase|stage|cycle|session|visit|year|month|day|w|r|t|p))"
)
GAP = r"[\s:,./_-]*"
_NOTE = r"notes? \d+(?:(?:,| and) ?\d+)*|\d\d?(?:, ?\d\d?)*|yr ?\d{4}|prov(?:isional|\.)?|revised|est(?:imated?|\.)?"
FLAG = re.compile(
    rf"(?:\s*[\[(](?:[a-z]{{1,3}}|{_NOTE})[\])]|\s(?:provisional|revised|estimated?|prov\.?|est\.)|(?<=\d)\s?[pre]|"
    r"\*+|[\u00b9\u00b2\u00b3\u2070\u2074-\u2079]+)+$"
)
ORDINALS: Mapping[str, str] = {"first": "1st", "second": "2nd", "third": "3rd", "fourth": "4th"}
ORDINAL = re.compile(rf"\b({'|'.join(ORDINALS)})\b")
FIGURE = re.compile(r"-?\d{0,3}\.(?=\d*[1-9])(?:\d{1,3}|\d{5,})")  # no rule reads it, unlike 1.2018, 2018.25 and 3.0
WORD = re.compile(r"[^\W\d_]{3,}")
DASHES = str.maketrans("\u2010\u2011\u2012\u2013\u2014\u2212", "------")
LOOKED_AT = 30
MOST_PERIODS = 10_000  # different times of a column: 27 years of days
LONGEST = 80  # letters of a cell that can be a period; longer text would cost much to match and is none
MOSTLY = 0.5
DATE_WORDS = ("date", "day", "month", "quarter", "period", "time", "week", "datetime", "timestamp")
WAVE_WORDS = ("wave", "round", "sweep", "phase")
# What a name says that the digits after a year are, how many there may be, and how a period of it is written.
PARTS_NAMED: Mapping[str, tuple[int, str]] = {
    **{"quarter": (4, "{}Q{}"), "qtr": (4, "{}Q{}"), "half": (2, "{}H{}"), "semester": (2, "{}H{}")},
    **{"week": (53, "{}-W{:02}"), "month": (MONTHS_OF_A_YEAR, "{}-{:02}")},
}

DAYS: Mapping[str, str] = {"year": "days", "day": "days, the day before the month", "month": "days, the month first"}

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
        ``None`` where no rule reads all cells, or there are more than 10,000, so that they have no order in time.
    """
    filled = cells.dropna()
    if len(filled) and FIGURE.fullmatch(str(filled.iloc[0])):
        return None
    written = list(map(str, filled.unique().tolist()))
    if len(written) > MOST_PERIODS:
        return None
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
    changed = [(cell, text) for cell, text in named.items() if cell.removesuffix(".0") != text]
    if not changed:
        return kind, ""
    # 1/1/2018 would not show which number is the month.
    telling = (pair for pair in changed if len(set(map(int, re.findall(r"\d+", pair[0])))) > 2)
    cell, text = next(telling, changed[0])
    return kind, f"read as {kind}: {cell} is {text}"


def _rules(name: str) -> list[tuple[str, Callable[[Iterable[str]], dict[str, str] | None]]]:
    """The rules in the order in which they are tried."""
    plain = name.casefold()
    words = _words(name)
    dated = bool(words & {*DATE_WORDS})
    return [
        ("years", partial(_each, _year)),
        *([("years", partial(_each, _grouped_year))] if "year" in words or dated else []),
        ("financial years", _years_run_together),
        ("financial years", partial(_each, financial_year)),
        *_numbered(words),
        ("years", years_ending),
        ("years by the time at which they end", moving_years),
        ("years by the time at which they end", several_years),
        ("financial years by the time at which they end", several_financial_years),
        ("quarters", partial(_each, _quarter)),
        ("quarters", _quarters_by_the_fourth),
        ("quarters of financial years", partial(_each, partial(_part_of_financial_year, "Q", QUARTER))),
        ("half-years", partial(_each, _half)),
        ("halves of financial years", partial(_each, partial(_part_of_financial_year, "H", HALF))),
        ("weeks", partial(_each, _week)),
        ("months", partial(_each, _month)),
        ("months", _months_of_one_digit),
        ("periods", parts_of_years),
        ("periods by the time at which they end", moving_spans),
        *((kind, partial(days_written, first)) for first, kind in DAYS.items()),
        *([("days of a workbook", serials)] if dated else []),
        *(DECIMAL_YEARS if dated or "year" in words else []),
        ("numbers in order", partial(_waves, any(word in plain for word in WAVE_WORDS))),
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
    before = r"(?:calendar year|year|(?:mid|end)[\s-]*(?:of\s)?(?:year[\s-]*)?|[cx]?yr?|x)"
    found = re.fullmatch(rf"{before}?\s*'?({YEAR})(?:\.0+)?(?:\s*(?:calendar |mid-?)?year)?", text)
    return found[1] if found else None


def _grouped_year(text: str) -> str | None:
    """``2015`` for ``2,015``, as a spreadsheet writes a year that is formatted like other numbers."""
    return _year(text.replace(",", "")) if re.fullmatch(r"[12],\d{3}", text) else None


def _words(name: str) -> set[str]:
    """The words of a column's `name`, in lower case, singular, and without year before another: ``YearMonth``."""
    found = re.sub(r"(?<=[a-z])(?=[A-Z])|[\W\d_]+", " ", name).casefold().split()
    return {re.sub(r"^(?:year|yr|start|end|ref)(?=[a-z]{3})|(?<=half)year$|ending$|s$", "", word) for word in found}


def _numbered(words: Set[str]) -> list[tuple[str, Callable[[Iterable[str]], dict[str, str] | None]]]:
    """The rule for a year and a number beside it whose meaning the column's name says: ``20181``, ``201805``."""
    named = [part for part in PARTS_NAMED if part in words]
    return [(f"{part}s", partial(_years_and_numbers, *PARTS_NAMED[part])) for part in named] if len(named) == 1 else []


MARCH = "03"


def _years_and_numbers(most: int, written: str, texts: Iterable[str]) -> dict[str, str] | None:
    found = {text: re.fullmatch(rf"({YEAR})[-/._ ]?(\d\d?)", text) for text in texts}
    if not all(match and 1 <= int(match[2]) <= most for match in found.values()):
        return None
    if {match[2] for match in found.values() if match} == {MARCH} and most < MONTHS_OF_A_YEAR:
        return None  # years that end in March
    return {text: written.format(match[1], int(match[2])) for text, match in found.items() if match}


def _months_of_one_digit(texts: Iterable[str]) -> dict[str, str] | None:
    """``2018-05`` for ``2018-5`` and ``2018/5``, where a number above 4 shows that they are no quarters."""
    found = _years_and_numbers(MONTHS_OF_A_YEAR, "{}-{:02}", texts)
    if not found or not any(int(month[-2:]) > 4 for month in found.values()):
        return None
    return found if all(re.search(r"[-/_ ]", text) for text in found) else None  # 1950.5 is a figure


def _years_run_together(texts: Iterable[str]) -> dict[str, str] | None:
    """``2015/16`` for ``201516``: as months several would be 13 months apart; a single one that is a month is none."""
    found = {text: re.fullmatch(r"((?:19|20)(\d\d))(\d\d)", text) for text in texts}
    if not all(match and int(match[3]) == (int(match[2]) + 1) % 100 for match in found.values()):
        return None
    if len(found) == 1 and all(_month(text) for text in found):
        return None
    return {text: _financial(int(match[1])) for text, match in found.items() if match}


def financial_year(text: str) -> str | None:
    """``2015/16`` for ``2015-16``, ``15/16``, ``2015 to 2016``, ``FY16``, ``Apr 2015 to Mar 2016``, ``YE Mar 2016``."""
    found = re.fullmatch(rf"(?:{FINANCIAL})(?:\s*(?:fy|financial year))?", text)
    if found and found[3]:
        return _financial(full_year(found[3]) - 1)
    if found and (len(found[1]), len(found[2])) != (2, 4):
        first, last = full_year(found[1]), found[2]
        return _financial(first) if int(last) in (first + 1, (first + 1) % 100) else None
    ends = span_of(text)
    return _financial(ends[0] - 1) if ends and ends[1:] == (3, 12) else None


def _financial(year: int) -> str:
    return f"{year}/{(year + 1) % 100:02}"


def _first(found: re.Match[str], *groups: int) -> str:
    return next(found[group] for group in groups if found[group])


def _quarter(text: str) -> str | None:
    text, begins = _without_months(text)
    year = number = ""
    if found := re.fullmatch(rf"({YEAR}){GAP}{QUARTER}", text):
        year, number = found[1], _first(found, 2, 3)
    elif found := re.fullmatch(rf"{QUARTER}(?:{GAP}|\s*of\s*){SHORT_YEAR}", text):
        year, number = str(full_year(found[3])), _first(found, 1, 2)
    elif found := re.fullmatch(rf"({YEAR}):([1-4])", text) or re.fullmatch(r"(\d\d)\s?q([1-4])", text):
        year, number = str(full_year(found[1])), found[2]
    fits = number and begins in (0, 3 * int(number) - 2)
    return f"{year}Q{number}" if fits else None


def _without_months(text: str) -> tuple[str, int]:
    """``q1 2018`` and 1 for ``q1 (jan to mar) 2018``: the first of the months that a quarter names, 0 for none."""
    found = MONTHS_BESIDE.search(text)
    return (f"{text[: found.start()]} {text[found.end() :]}".strip(), month_number(found[1])) if found else (text, 0)


def _quarters_by_the_fourth(texts: Iterable[str]) -> dict[str, str] | None:
    """Quarters written as ``T1 2018``, ``2018K1`` or ``II 2018``, where a fourth shows that they are no thirds."""
    quarters = {text: ROMAN.sub(_plain_quarter, LETTERED.sub(_plain_letter, text)) for text in texts}
    found = _each(_quarter, quarters.values()) if any("q4" in quarter for quarter in quarters.values()) else None
    return {text: found[quarter] for text, quarter in quarters.items()} if found else None


def _plain_letter(found: re.Match[str]) -> str:
    return f"q{found[1]}" if found[1] else f"q{found[2]} "


def _plain_quarter(found: re.Match[str]) -> str:
    return f"q{('i', 'ii', 'iii', 'iv').index(found[1]) + 1}"


def _half(text: str) -> str | None:
    if found := re.fullmatch(rf"({YEAR}){GAP}{HALF}", text):
        return f"{found[1]}H{_first(found, 2, 3)}"
    found = re.fullmatch(rf"{HALF}(?:{GAP}|\s*of\s*){SHORT_YEAR}", text)
    return f"{full_year(found[3])}H{_first(found, 1, 2)}" if found else None


def _part_of_financial_year(letter: str, part: str, text: str) -> str | None:
    """``2015/16 Q1`` for ``Q1 2015-16``, ``2015-16 Q1``, ``Q1 FY16`` and ``Q1 (Apr-Jun) 2015-16``."""
    text, begins = _without_months(text)
    if found := re.fullmatch(rf"{part}[\s:,_]*(?:of\s*)?(\S.*)", text):
        number, rest = _first(found, 1, 2), found[3]
    elif found := re.fullmatch(rf"(.*\S)[\s:,_-]*{part}", text):
        number, rest = _first(found, 2, 3), found[1]
    else:
        return None
    year = financial_year(rest.strip(" ,:-_()"))
    fits = begins in (0, (3 * int(number)) % MONTHS_OF_A_YEAR + 1)
    return f"{year} {letter}{number}" if year and fits else None


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
    text = re.sub(r"^months?\s*(?:of|ending|ended|to)?\s+", "", text)
    if found := re.fullmatch(rf"({YEAR})(?:[-/.:_ ]|\s*m)?(0[1-9]|1[0-2])", text) or re.fullmatch(
        rf"({YEAR})\s*-?m\s*{number}", text
    ):
        return f"{found[1]}-{int(found[2]):02}"
    if found := re.fullmatch(rf"{number}[-/.]({YEAR})", text):
        return f"{found[2]}-{int(found[1]):02}"
    if found := re.fullmatch(rf"{MONTH}{GAP}{SHORT_YEAR}", text):
        return f"{full_year(found[2])}-{month_number(found[1]):02}"
    found = re.fullmatch(rf"({YEAR}){GAP}{MONTH}", text)
    return f"{found[1]}-{month_number(found[2]):02}" if found else None


def _waves(any_word: bool, texts: Iterable[str]) -> dict[str, str] | None:
    """Numbers, alone or all after the same word, such as ``Wave 3`` or ``W3 (2018)``, padded to one length."""
    word = rf"(?:{WAVES}|[a-z]{{1,10}})" if any_word else WAVES
    beside = r"(?(1)(?:\s*[(\[].*[)\]])?)" if not any_word else r"(?:\s*[(\[].*[)\]])?"
    found = {text: re.fullmatch(rf"({word}\s*[-_.#:]?\s*)?(\d{{1,5}})(?:\.0+)?{beside}", text) for text in texts}
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
    return any(rule([text]) for rule in alone) or (not text.isdigit() and _waves(False, [text]) is not None)
