"""Areas and times of a reader's own table that are sums of others, and names that stand for one area."""

import math
import re
from collections.abc import Sequence, Set
from unicodedata import combining, normalize

import numpy as np
import pandas as pd

from core.sources.files.periods import read_periods
from core.user_panel.read import UserTable

_AREAS = r"(?:counties|districts|boroughs|authorities|regions|forces|countries|provinces|municipalities|wards)"
_KINDS = (
    r"(?:(?:all|other|remaining|(?:non-)?metropolitan|shire|unitary|rural|urban|english|welsh|scottish|british|uk|"
    r"(?:inner |outer )?london|similar|member|poor|developed|developing|heavily indebted) )*"
)
_SIDES = r"(?:north|south|east|west|central|latin|sub-saharan|(?:north-|south-)?(?:north|south|east|west)ern)"
_CONTINENT = rf"(?:{_SIDES} (?:america|africa|asia|europe)|middle east|arab world)"
_CONTINENTS = rf"(?:{_CONTINENT}|europe|(?:the )?(?:caribbean|pacific|baltics)|africa|afghanistan|pakistan)"
_MORE = r"(?:,.*| ?[-\u2013(:].*| (?:excluding|including) .*| ?\d.*)?"
TOTALS = re.compile(
    r"(?:grand |sub[- ]?|overall )?totals?(?:\W.*)?|.* (?:totals?|averages?)|insgesamt|gesamt|summe|totale|ensemble|"
    r"all(?: (?:the )?(?:areas|regions|countries|forces|boroughs|districts|authorities|wards|london|england).*)?|"
    r"overall|average|mean|median|sum|world|global|international|national|england|wales|cymru|scotland|"
    r"northern ireland|great britain|gb|united kingdom|uk|england \(.*\)|(?:inner|outer|greater) london|"
    r"(?:england (?:and|&) wales|european union|euro area|least developed countries|oecd(?: countries| members)?)"
    rf"{_MORE}|"
    rf"eu(?:-?\d\d)?(?:_\d{{4}})?|ea(?:-?\d\d)?(?:_\d{{4}})?|{_KINDS}{_AREAS}(?: \(.*\))?|"
    r"(?:(?:caribbean|pacific island|other) )?small states|(?:ida|ibrd)(?: & ibrd)? (?:only|blend|total|countries)|"
    r"(?:pre|early|late|post)-demographic dividend|fragile and conflict[- ]affected situations|"
    r"(?:unknown|not known|not stated|unspecified|unallocated|unassigned|missing|\(?blank\)?|others?)|rest of .*|"
    r"e1[23]\d{6}|[ewsn]92\d{6}|k0\d{7}|"  # codes of regions, of nations and of several nations
    r"(?:(?:low|lower|middle|upper|high)(?: & | and |[- ]))+income(?: (?:countries|economies|group))?(?:[:,].*| \(.*)?|"
    rf"{_CONTINENT}(?: \(.*\))?|(?:{_CONTINENT}|europe)(?:(?:,| &| and|, and) {_CONTINENTS})+(?: \(.*\))?|"
    r"africa (?:eastern and southern|western and central)|africa|asia|europe|oceania|americas",
    re.IGNORECASE,
)
TOTAL_PERIODS = re.compile(
    r"(?:grand |overall )?totals?(?: .*)?|all(?: (?:years|periods|quarters|months|waves))?|overall|average|mean|sum",
    re.IGNORECASE,
)
PARTS_ABROAD = {
    **dict.fromkeys(
        ("united states", "united states of america", "usa", "u.s."),
        frozenset(("alabama", "california", "florida", "illinois", "ohio", "texas", "virginia", "al", "ca", "tx")),
    ),
    **dict.fromkeys(
        ("deutschland", "germany", "bund"),
        frozenset(("bayern", "berlin", "hessen", "sachsen", "hamburg", "saarland", "bavaria", "saxony", "hesse")),
    ),
    **dict.fromkeys(
        ("france", "france m\u00e9tropolitaine", "france enti\u00e8re"),
        frozenset(
            ("bretagne", "normandie", "occitanie", "corse", "grand est", "hauts-de-france", "\u00eele-de-france")
        ),
    ),
    **dict.fromkeys(("espa\u00f1a", "spain"), frozenset(("andaluc\u00eda", "catalu\u00f1a", "galicia", "arag\u00f3n"))),
    **dict.fromkeys(("italia", "italy"), frozenset(("lombardia", "toscana", "lazio", "sicilia", "veneto", "puglia"))),
    "canada": frozenset(("alberta", "ontario", "manitoba", "quebec", "qu\u00e9bec", "nova scotia", "saskatchewan")),
    "australia": frozenset(("queensland", "tasmania", "victoria", "new south wales", "south australia")),
}
REGIONS = frozenset(("north east", "north west", "east midlands", "west midlands", "south east", "south west"))
ABROAD = frozenset(("south africa", "north macedonia", "central african republic"))  # countries, not sums of countries
HOME = frozenset(("england", "wales", "scotland", "northern ireland"))
STATES = frozenset(("england", "united kingdom", "uk", "great britain", "gb"))
NEIGHBOURS = frozenset(("france", "germany", "spain", "italy", "netherlands", "united states", "fr", "de", "es", "it"))
WELSH = frozenset(("cardiff", "swansea", "newport", "powys", "gwynedd", "gwent", "dyfed-powys", "north wales"))
OF_COUNTRIES = frozenset(("ea", "africa", "asia", "europe", "oceania", "americas"))  # next to countries only
# Some parts of nations, next to which these are no areas of their own.
PARTS_OF = {
    "wales": WELSH,
    "cymru": WELSH,
    "scotland": frozenset(("glasgow city", "glasgow", "fife", "highland", "city of edinburgh", "dundee city")),
    "northern ireland": frozenset(("belfast", "mid ulster", "ards and north down", "derry city and strabane")),
}
# Some boroughs, next to which London and its force are no areas of their own.
BOROUGHS = frozenset(("barnet", "brent", "camden", "croydon", "hackney", "islington", "lambeth", "newham", "southwark"))
LONDON = re.compile(r"london(?: region| \(region\))?|metropolitan police(?: service| force)?|mps|met(?: police)?")
SIGNS = str.maketrans(
    {**dict.fromkeys("\u2018\u2019\u02bc`", "'"), **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014", "-")}
)
NOTE_MARK = (
    r"(?:\s*\[(?:[a-z]{1,2}|\d{1,2}|notes? ?\d+|revised|provisional|estimated?)\]|"
    r"\s*\((?:[a-z]|\d|notes? \d+)\)|[*\u2020\u2021\u00b9\u00b2\u00b3\u2070\u2074-\u2079]+)+$"
)
FEWEST_SUMMED = 3  # areas, the sum among them; of fewer, one is often the sum of the others by chance
FEWEST_PARTS_ABROAD = 2
MOST_AREAS, MOST_FIGURES = 400, 3  # in which sums of neighbours are looked for
FEWEST_DIGITS = 8.0  # of all figures of a sum together: with fewer it can be one by chance
FEWEST_TIMES = 2  # sums of so few times can add up by chance
MOSTLY = 0.5
LEFT = 1e-6  # part of a sum that is more than rounding


def total_periods(cells: pd.Series, name: str) -> list[str]:
    """Periods that are sums over times, such as ``Total`` or ``All years``, where all others are times."""
    found = [str(cell) for cell in cells.dropna().unique() if TOTAL_PERIODS.fullmatch(str(cell).strip())]
    return found if found and read_periods(cells[~cells.isin(found)], name) is not None else []


def same_names(names: pd.Series, times: pd.Series) -> pd.Series:
    """`names` without what may be written in one row and not in another: capitals, accents, spaces, dashes, marks.

    A mark stays where no name stands without it, and names that come at the same of `times` stay as they are: they are
    of several areas.
    """
    written = pd.Series(names.dropna().unique(), dtype="str")
    bare = written.map(lambda name: "".join(sign for sign in normalize("NFKD", name) if not combining(sign)))
    plain = bare.astype("str").str.translate(SIGNS).str.casefold().str.replace("&", " and ")
    plain = plain.str.replace(r"\s+", " ", regex=True).str.strip()
    for mark in (NOTE_MARK, r"(?<=[a-z]{2})\d$"):
        bare = plain.str.replace(mark, "", regex=True).str.strip()
        plain = bare.where(bare.isin(set(plain)), plain)
    found = names.map(dict(zip(written, plain, strict=True)))
    rows = pd.DataFrame({"written": names, "name": found, "time": times}).dropna().drop_duplicates()
    several = rows.loc[rows.duplicated(["name", "time"]), "name"]
    return found.where(~found.isin(several), names)


def totals(table: UserTable, area: str, period: str = "") -> list[str]:
    """Areas that look like totals of others: by their names or codes, such as ``England``, or by their figures.

    A nation is a total only where it stands next to parts of itself, and none where most areas are nations.

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
    here = set(plain.values())
    found += [name for name in names if len(PARTS_ABROAD.get(plain[name], set()) & here) >= FEWEST_PARTS_ABROAD]
    found = list(dict.fromkeys(found))
    named = [name for name in found if _is_whole(plain[name], here)]
    if len(named) > MOSTLY * len(names):
        return []
    if period in ("", area):
        return named
    named += _sums_of_others(table, area, period, named)
    return [*named, *_sums_of_neighbours(table, area, period, named)]


def _is_whole(name: str, others: Set[str]) -> bool:
    """Whether a name of a total is none of a nation without its parts, or of a state among others."""
    if name == "england" and len(REGIONS & others) >= FEWEST_SUMMED:
        return True
    if name in OF_COUNTRIES:
        return bool(NEIGHBOURS & others)
    if name in PARTS_OF:
        return bool(PARTS_OF[name] & others)
    if re.fullmatch(r"[wsn]92\d{6}", name):
        return any(re.fullmatch(rf"{name[0]}(?!92)\d{{8}}", other) for other in others)
    return name not in STATES or not (NEIGHBOURS & others or (name in HOME and len(HOME & others) > 2))


def _sums_of_others(table: UserTable, area: str, period: str, named: Sequence[str]) -> list[str]:
    """The area, if there is one, that has the sum of all others but those `named` for each time.

    It has it in a column with more than two different sums, or in all of several columns that vary in time.
    """
    rows = ~table.cells[area].isin(named)
    areas, times = table.cells.loc[rows, area], table.cells.loc[rows, period]
    if areas.nunique() < FEWEST_SUMMED:
        return []
    figures = table.frame.loc[rows, [name for name in table.numbers if name not in (area, period)]]
    figures = figures.loc[:, (figures.groupby(areas).nunique() > 1).any()]
    halves = (2 * figures - figures.groupby(times).transform("sum")).abs() <= LEFT * figures
    whole, values = (halves & (figures > 0)).groupby(areas).all(), figures.groupby(areas).nunique()
    for name in whole.index[whole.any(axis="columns")]:
        columns = whole.columns[whole.loc[name] & (whole.sum() == 1)]
        several = values.loc[name, columns]
        if (several > FEWEST_TIMES).any() or (len(columns) == figures.shape[1] > 1 and (several > 1).all()):
            return [str(name)]
    return []


def _sums_of_neighbours(table: UserTable, area: str, period: str, named: Sequence[str]) -> list[str]:
    """Areas whose counts are those of several areas above or below them, added up, at every time: sums of groups."""
    counts = [name for name in table.numbers if name not in (area, period)]
    counts = [name for name in counts if (table.frame[name].dropna() % 1 == 0).all()][:MOST_FIGURES]
    rows = ~table.cells[area].isin(named)
    keys = table.cells.loc[rows, [area, period]]
    if keys[area].nunique() > MOST_AREAS or keys.duplicated().any() or keys.isna().any(axis=None):
        return []
    for name in counts:
        wide = table.frame.loc[rows, name].set_axis(pd.MultiIndex.from_frame(keys)).unstack()
        wide = wide.loc[keys[area].unique()].dropna(axis="columns")
        found: list[str] = []
        while one := _sum_of_neighbours(wide):
            found.append(one)
            wide = wide.drop(index=one)
        if found:
            return found
    return []


def _sum_of_neighbours(wide: pd.DataFrame) -> str:
    """The first row of `wide` that is the sum of two or more rows next to it; empty without. Rows of zeros are none."""
    wide = wide[(wide != 0).any(axis="columns")]
    figures = wide.to_numpy(dtype="float64")
    if figures.shape[1] <= FEWEST_TIMES or (figures < 0).any():
        return ""
    digits = np.log10(figures + 1).sum(axis=1) / 2 - 2 * math.log10(len(figures) or 1)
    for place in np.flatnonzero((digits > FEWEST_DIGITS / 2) & (figures.std(axis=1) > 0)):
        above, below = figures[:place][::-1].cumsum(axis=0), figures[place + 1 :].cumsum(axis=0)
        if any((sums[1:] == figures[place]).all(axis=1).any() for sums in (above, below)):
            return str(wide.index[int(place)])
    return ""


def differ_by_case(table: UserTable, area: str, period: str) -> list[tuple[str, ...]]:
    """Names of areas that differ only by case, spaces, signs or marks of notes, and never share a period."""
    names = table.cells[area]
    groups = names.groupby(same_names(names, table.cells[period])).unique()
    return [tuple(map(str, group)) for group in groups if len(group) > 1]
