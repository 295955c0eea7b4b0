"""Areas and times of a reader's own table that are sums of others, and names that stand for one area."""

import re
from collections.abc import Sequence

import numpy as np
import pandas as pd

from core.sources.files.periods import read_periods
from core.user_panel.read import UserTable

TOTALS = re.compile(
    r"(?:grand |sub[- ]?|overall )?totals?(?:\W.*)?|.* (?:totals?|averages?)|insgesamt|gesamt|summe|totale|ensemble|"
    r"all(?: (?:the )?(?:areas|regions|countries|forces|boroughs|districts|authorities|wards|london|england).*)?|"
    r"(?:overall|average|mean|median|sum|world|global|international|national|england|wales|cymru|scotland|"
    r"northern ireland|great britain|gb|united kingdom|uk|england (?:and|&) wales|england \(.*\)|"
    r"(?:inner|outer|greater) london|european union|e[ua]-?\d*(?:_\d{4})?|euro area|oecd.*|"
    r"(?:unknown|not known|not stated|unspecified|unallocated|unassigned|missing|\(?blank\)?|others?)|rest of .*|"
    r"[ewsn](?:12|13|92)\d{6}|k0\d{7}|"  # codes of regions, of nations and of several nations
    r"(?:low|middle|high|lower middle|upper middle|low & middle|lower-middle|upper-middle)[- ]income.*|"
    r"(?:north|latin|central|sub-saharan|east|west|south|arab|middle)\b.*(?:america.*|africa.*|asia.*|world|pacific.*)|"
    r"least developed.*)",
    re.IGNORECASE,
)
TOTAL_PERIODS = re.compile(
    r"(?:grand |overall )?totals?(?: .*)?|all(?: (?:years|periods|quarters|months|waves))?|overall|average|mean|sum",
    re.IGNORECASE,
)
ABROAD = frozenset(("south africa", "north macedonia", "central african republic"))  # countries, not sums of countries
HOME = frozenset(("england", "wales", "scotland", "northern ireland"))
# Some boroughs, next to which London and its force are no areas of their own.
BOROUGHS = frozenset(("barnet", "brent", "camden", "croydon", "hackney", "islington", "lambeth", "newham", "southwark"))
LONDON = re.compile(r"london(?: region| \(region\))?|metropolitan police(?: service| force)?|mps|met(?: police)?")
SIGNS = str.maketrans(
    {**dict.fromkeys("\u2018\u2019\u02bc`", "'"), **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014", "-")}
)
NOTE_MARK = (
    r"(?:\s*\[[^\]]{1,12}\]|\s*\((?:[a-z]|\d|notes? \d+)\)|[*\u2020\u2021\u00b9\u00b2\u00b3\u2070\u2074-\u2079]+)+$"
)
FEWEST_SUMMED = 3  # areas, the sum among them; of fewer, one is often the sum of the others by chance
MOSTLY = 0.5
LEFT = 1e-6  # part of a sum that is more than rounding


def total_periods(cells: pd.Series, name: str) -> list[str]:
    """Periods that are sums over times, such as ``Total`` or ``All years``, where all others are times."""
    found = [str(cell) for cell in cells.dropna().unique() if TOTAL_PERIODS.fullmatch(str(cell).strip())]
    return found if found and read_periods(cells[~cells.isin(found)], name) is not None else []


def same_names(names: pd.Series) -> pd.Series:
    """`names` without what may be written in one row and not in another: capitals, spaces, dashes, marks of notes."""
    plain = names.str.translate(SIGNS).str.casefold().str.replace("&", " and ").str.replace(NOTE_MARK, "", regex=True)
    plain = plain.str.replace(r"\s+", " ", regex=True).str.strip()
    bare = plain.str.replace(r"(?<=[a-z]{2})\d$", "", regex=True)
    return bare.where(bare.isin(set(plain)), plain)


def totals(table: UserTable, area: str, period: str = "") -> list[str]:
    """Areas that look like totals of others: by their names or codes, such as ``England``, or by their figures.

    Where most areas are nations, a nation is no total.

    Parameters
    ----------
    period
        The column of times, with which an area that has the sum of all others for each time is found too.
    """
    names = [str(name) for name in table.cells[area].dropna().unique()]
    plain = {name: name.strip().casefold() for name in names}
    found = [name for name in names if TOTALS.fullmatch(plain[name]) and plain[name] not in ABROAD]
    if len(BOROUGHS & set(plain.values())) >= FEWEST_SUMMED:
        found += [name for name in names if LONDON.fullmatch(plain[name])]
    if len(found) > MOSTLY * len(names):
        return []
    home = len(HOME & set(plain.values())) > 2
    named = [name for name in found if not (home and plain[name] in HOME)]
    return [*named, *_sums_of_others(table, area, period, named)] if period else named


def _sums_of_others(table: UserTable, area: str, period: str, named: Sequence[str]) -> list[str]:
    """The area, if there is one, that has the sum of all others but those `named` for each time, in some column."""
    rows = ~table.cells[area].isin(named)
    areas, times = table.cells.loc[rows, area], table.cells.loc[rows, period]
    if areas.nunique() <= FEWEST_SUMMED or times.nunique() < 2:
        return []
    for name in table.numbers:
        values = table.frame.loc[rows, name].to_numpy()
        sums = table.frame.loc[rows, name].groupby(times).transform("sum").to_numpy()
        halves = areas[np.isclose(2 * values, sums, rtol=LEFT) & (values > 0)]
        if halves.nunique() == 1 and len(halves) == int((areas == halves.iloc[0]).sum()) > 1:
            return [str(halves.iloc[0])]
    return []


def differ_by_case(table: UserTable, area: str) -> list[tuple[str, ...]]:
    """Names of areas that differ only by case, spaces, signs or marks of notes."""
    names = pd.Series(table.cells[area].dropna().unique(), dtype="str")
    return [tuple(group) for _, group in names.groupby(same_names(names)) if len(group) > 1]
