"""Spans of months as people write them, such as ``year ending March 2016``, ``Jan-Mar 2018`` or ``2015 - 17``.

A column of spans stands for what they end with: years, half-years, quarters or months.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import timedelta

from core.sources.files.days import MONTH, SHORT_YEAR, YEAR, days_of, full_year, month_number

Span = tuple[int, int, int]

MONTHS_OF_A_YEAR = 12
PARTS: Mapping[int, str] = {1: "-", 3: "Q", 6: "H"}
WORDS = (
    (r"(?:years?|yr|fy|twelve months|(?:f|financial |fiscal )?y/?e)", 12),
    (r"(?:half[ -]?years?|six months)", 6),
    (r"(?:quarter|qtr|three months|q/?e)", 3),
)
NUMBERED = r"(\d\d?)[ -]?(?:months?|mths?|m)"
TO = r"\s*(?:(?:ending|ended|end|to|up to)\s*(?:the\s*)?(?:end\s*)?)?(?:on|in|of)?\s*"
BEFORE = r"(?:(?:the|rolling)\s*)*"
MOST_YEARS = 30
QUARTER_BEFORE = re.compile(r"^q[1-4]\s*\((.*)\)$")
FINANCIAL_YEARS = re.compile(rf"({YEAR})[/-](\d\d)\s*(?:-|to)\s*({YEAR}|\d\d)[/-](\d\d)")
MONTH_OF_YEAR = re.compile(
    rf"(?P<month>0?[1-9]|1[0-2])[/.](?P<year>{YEAR})|(?P<first>{YEAR})-(?P<second>0[1-9]|1[0-2])"
)
YEARS = re.compile(rf"({YEAR})\s*(?:[/_-]|to)\s*({YEAR}|\d\d)")


def span_of(text: str) -> Span | None:
    """Last year, last month and length in months of a span."""
    return _from_to(text) or year_ending(text)


def year_ending(text: str) -> Span | None:
    """The same of ``year ending March 2016``, ``YE 31/03/2016``, ``Mar YE 16`` or ``3 months to March 2016``."""
    turned = re.fullmatch(rf"{MONTH}\s*(?:y/?e|year[- ]end(?:ing|ed)?)\s*{SHORT_YEAR}", text)
    if turned:
        return full_year(turned[2]), month_number(turned[1]), MONTHS_OF_A_YEAR
    length, last = _length(text)
    month = re.fullmatch(rf"(?:\d\d?(?:st|nd|rd|th)?\s*)?{MONTH}[\s-]*{SHORT_YEAR}", last)
    if month and length:
        return full_year(month[2]), month_number(month[1]), length
    days = days_of([last]) if length else None
    day = days[0][last] if days else None
    return (day.year, day.month, length) if day else None


def _length(text: str) -> tuple[int, str]:
    """How many months the words of `text` name, and what stands beside them; none where they name no length."""
    for words, months in WORDS:
        if found := re.fullmatch(rf"{BEFORE}{words}\b{TO}(\S.*)", text):
            return months, found[1]
    if found := re.fullmatch(rf"{BEFORE}{NUMBERED}\b{TO}(\S.*)", text):
        return int(found[1]), found[2]
    last = re.sub(r"[\s,(]*(?:y/?e|year[- ]end(?:ing|ed)?|12m)\)?$", "", text)
    return (MONTHS_OF_A_YEAR, last) if last != text else (0, "")


def _from_to(text: str) -> Span | None:
    """The same of ``Apr 2015 to Mar 2016`` or ``Jan-Mar 2018``."""
    span = rf"{MONTH}[\s-]*(?:{SHORT_YEAR})?\s*(?:-|to|/|until)\s*{MONTH}[\s,-]*{SHORT_YEAR}"
    found = re.fullmatch(span, QUARTER_BEFORE.sub(r"\1", text))
    turned = re.fullmatch(rf"({YEAR})\s*,?\s*{MONTH}\s*(?:-|to|/)\s*{MONTH}", text)
    if found:
        first, begins, last, ends = found.groups()
    elif turned:
        ends, first, last, begins = turned[1], turned[2], turned[3], None
    else:
        return _of_days(text)
    months = month_number(last) - month_number(first) + 1
    year = full_year(ends)
    return year, month_number(last), months + 12 * (year - full_year(begins)) if begins else (months - 1) % 12 + 1


def _of_days(text: str) -> Span | None:
    """The same of ``01/04/2015 - 31/03/2016``, from the first day of a month to the last, or ``04/2015-03/2016``."""
    for between in (" to ", " - ", " until ", "/", "-"):
        parts = [part.strip() for part in text.split(between)]
        months = [MONTH_OF_YEAR.fullmatch(part) for part in parts] if len(parts) == 2 else []
        if all(months) and months:
            (first_year, first_month), (year, month) = (_month_of_year(found) for found in months if found)
            length = 12 * (year - first_year) + month - first_month + 1
            return (year, month, length) if length > 1 else None
        days = days_of(parts) if len(parts) == 2 else None
        if days:
            first, last = (days[0][part] for part in parts)
            length = 12 * (last.year - first.year) + last.month - first.month + 1
            whole = first.day == 1 and (last + timedelta(days=1)).day == 1 and length > 0
            return (last.year, last.month, length) if whole else None
    return None


def _month_of_year(found: re.Match[str]) -> tuple[int, int]:
    return int(found["year"] or found["first"]), int(found["month"] or found["second"])


def _spans(texts: Iterable[str]) -> tuple[dict[str, Span], int]:
    """The spans of `texts` and their length in months; none where one is no span or has another length."""
    found: dict[str, Span] = {}
    for text in texts:
        span = span_of(text)
        if span is None:
            return {}, 0
        found[text] = span
    lengths = {span[2] for span in found.values()}
    return (found, lengths.pop()) if len(lengths) == 1 else ({}, 0)


def years_ending(texts: Iterable[str]) -> dict[str, str] | None:
    """Years that all end in the same month."""
    found, length = _spans(texts)
    if length != MONTHS_OF_A_YEAR or len({span[1] for span in found.values()}) > 1:
        return None
    return {text: str(span[0]) for text, span in found.items()}


def moving_years(texts: Iterable[str]) -> dict[str, str] | None:
    """Years that end in different months, as the quarters or months in which they end."""
    found, length = _spans(texts)
    return _by_end(found) if length == MONTHS_OF_A_YEAR else None


def moving_spans(texts: Iterable[str]) -> dict[str, str] | None:
    """Spans of another length, such as three months to February, as the quarters or months in which they end."""
    found, length = _spans(texts)
    return _by_end(found) if length else None


def _by_end(found: Mapping[str, Span]) -> dict[str, str]:
    if all(span[1] % 3 == 0 for span in found.values()):
        return {text: f"{span[0]}Q{span[1] // 3}" for text, span in found.items()}
    return {text: f"{span[0]}-{span[1]:02}" for text, span in found.items()}


def parts_of_years(texts: Iterable[str]) -> dict[str, str] | None:
    """Spans of months that are all half-years, all quarters or all months of the calendar."""
    found, length = _spans(texts)
    if length not in PARTS or any(span[1] % length for span in found.values()):
        return None
    digits = 2 if length == 1 else 1
    return {text: f"{span[0]}{PARTS[length]}{span[1] // length:0{digits}}" for text, span in found.items()}


def several_financial_years(texts: Iterable[str]) -> dict[str, str] | None:
    """``2015/16`` for ``2013/14 - 15/16`` and ``2013/14 to 2015/16``, where all span as many years."""
    found = {text: FINANCIAL_YEARS.fullmatch(text) for text in texts}
    ends: dict[str, str] = {}
    lengths = set()
    for text, match in found.items():
        if not match:
            return None
        begins, begun, last, ended = full_year(match[1]), int(match[2]), full_year(match[3]), int(match[4])
        lengths.add(last - begins if (begun, ended) == ((begins + 1) % 100, (last + 1) % 100) else 0)
        ends[text] = f"{last}/{ended:02}"
    return ends if len(lengths) == 1 and 0 < lengths.pop() < MOST_YEARS else None


def several_years(texts: Iterable[str]) -> dict[str, str] | None:
    """``2017`` for ``2015 - 17``, ``2015-2017`` and ``2015 to 2017``, where all span as many years.

    Several such as ``2001-03`` are spans, as months they would be 13 and more months apart; a single one is a month.
    """
    found = {text: YEARS.fullmatch(text) for text in texts}
    ends: dict[str, int] = {}
    lengths = set()
    for text, match in found.items():
        if not match:
            return None
        first, last = int(match[1]), match[2]
        ends[text] = int(last) if len(last) > 2 else first // 100 * 100 + int(last) + 100 * (int(last) < first % 100)
        lengths.add(ends[text] - first)
    if len(lengths) != 1 or not 1 < lengths.pop() < MOST_YEARS:
        return None
    if len(ends) == 1 and re.fullmatch(r"\d{4}[/-](?:0[1-9]|1[0-2])", next(iter(ends))):
        return None
    return {text: str(year) for text, year in ends.items()}
