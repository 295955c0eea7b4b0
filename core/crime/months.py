"""The months of a place's figures in words and in tables: their span, what they lack, records without an area."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from core.presentation.numbers import number
from core.sources.police.coverage import Coverage
from core.stats.regression.errors import listed
from core.tables.panel import POINTS

NAMES = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
YEAR = 12
NAMED = 6


def month_text(month: str) -> str:
    """'March 2018' for ``"2018-03"``."""
    return f"{NAMES[int(month[5:]) - 1]} {month[:4]}"


def period_text(coverage: Coverage) -> str:
    """The span of the files of a force; see :func:`months_text`."""
    return months_text(coverage.counted, coverage.span)


def months_text(months: Sequence[str], span: Sequence[str]) -> str:
    """The `span` of some `months` as people say it, with how many of them there are where some are missing.

    Whole years are '2018' or '2016 to 2018', others 'January to April 2021' or 'November 2018 to January 2019'; with a
    gap 'January to April 2021 (3 of 4 months)'.
    """
    gap = f" ({len(months)} of {len(span)} months)" if len(months) < len(span) else ""
    return f"{_span(span[0], span[-1], len(span))}{gap}"


def _span(first: str, last: str, count: int) -> str:
    if first[5:] == "01" and last[5:] == "12" and count % YEAR == 0:
        return first[:4] if count == YEAR else f"{first[:4]} to {last[:4]}"
    if first == last:
        return month_text(first)
    start = NAMES[int(first[5:]) - 1] if first[:4] == last[:4] else month_text(first)
    return f"{start} to {month_text(last)}"


def coverage_text(name: str, coverage: Coverage) -> str:
    """What to know of the figures of the force `name` next to its rates: months, and records without an area."""
    counted, every = len(coverage.counted), len(coverage.span)
    sentences = [_counted(coverage)]
    if counted != YEAR or every != YEAR:
        sentences.append("Rates are for the months counted, not for a year.")
    if coverage.short:
        sentences.append(_short(coverage))
    if coverage.without_area:
        share = share_text(coverage.share_without_area)
        sentences.append(f"{share} of the records of {name} have no area, and are in no figure of this page.")
    else:
        sentences.append(f"Every record of {name} has an area.")
    if coverage.unknown:
        have = "record has" if coverage.unknown == 1 else "records have"
        sentences.append(
            f"{number(coverage.unknown, 0)} {have} a code of no known area, and count nowhere on this page."
        )
    if coverage.bridged:
        sentences.append(
            f"{number(coverage.bridged, 0)} records came with area codes of the other census (2011 or 2021). "
            "They count in the areas on the same ground, shared out by residents where there are several."
        )
    if coverage.by_others:
        sentences.append(
            f"Counted with them are {number(coverage.by_others, 0)} records of other forces in its districts."
        )
    return " ".join(sentences)


def gaps_text(coverage: Coverage) -> str:
    """Which districts have figures of fewer months than others they are compared with; empty if none has."""
    together: dict[tuple[str, ...], list[str]] = {}
    for district, months in coverage.gaps.items():
        together.setdefault(tuple(months), []).append(district)
    return " ".join(_gap(districts, months) for months, districts in together.items())


def _gap(districts: Sequence[str], months: Sequence[str]) -> str:
    has, its = ("has", "its") if len(districts) == 1 else ("have", "their")
    return (
        f"{listed(districts)} {has} no record in {_listed(months)}: {its} figures are of fewer months than those of "
        "other districts."
    )


def _counted(coverage: Coverage) -> str:
    counted, every = len(coverage.counted), len(coverage.span)
    if every == 1:
        return f"One month is counted: {month_text(coverage.span[0])}."
    if not coverage.missing:
        return f"All {every} months are counted: {period_text(coverage)}."
    return f"{counted} of {every} months are counted: there are no records for {_listed(coverage.missing)}."


def _short(coverage: Coverage) -> str:
    named = [f"{month_text(month)} ({number(coverage.records[month], 0)} records)" for month in coverage.short[:NAMED]]
    more = [f"{len(coverage.short) - NAMED} more"] if len(coverage.short) > NAMED else []
    one = len(coverage.short) == 1
    return (
        f"{listed([*named, *more])} {'is' if one else 'are'} short, under half of the usual "
        f"{number(coverage.usual, 0)}: {'its file' if one else 'their files'} may be cut off."
    )


def _listed(months: Sequence[str]) -> str:
    more = [f"{len(months) - NAMED} more"] if len(months) > NAMED else []
    return listed([*map(month_text, months[:NAMED]), *more])


def share_text(share: float) -> str:
    """A small share as people say it: '20.7%', 'under 0.1%'."""
    return f"{number(share * POINTS, 1)}%" if share >= 0.001 else "Under 0.1%"


def with_months(rows: pd.DataFrame, coverage: Coverage) -> pd.DataFrame:
    """`rows` with columns on the months counted, for a table that leaves the app."""
    columns: dict[str, Any] = {
        "Months": period_text(coverage),
        "Months missing": ", ".join(coverage.missing),
        "Short months": ", ".join(coverage.short),
        "Records without an area (%)": round(coverage.share_without_area * POINTS, 1),
    }
    return rows.assign(**columns)
