"""Tables whose columns are periods or areas, turned so that both stand in rows; what was done is said."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

import pandas as pd

from core.sources.files.days import MONTH
from core.sources.files.numbers import is_mark, is_number
from core.sources.files.periods import is_period, read_periods
from core.user_panel.guess import OF_GROUPS, PERIOD_WORDS, WEAK, name_parts, reads_as_period

VALUE, PERIOD, AREA = "Value", "Period", "Area"
MEASURE_FIRST = re.compile(
    r"(?P<measure>.*?\D)[\s_:,.-]*[\[(]?(?P<period>"
    rf"(?:FY|Q[1-4]|H[12]|{MONTH}[ -]|(?<=[\s_.])(?:wave|round|[wtr])\s?)?\s*'?\d[\w/ -]*)[\])]?",
    re.IGNORECASE,
)
PERIOD_FIRST = re.compile(
    r"(?P<period>[xX]?\d{2,4}[\d/-]*(?: ?[QHM]\d+)?|(?:[Ww]ave|[WTRwtr])\d\d?(?=_))[\s_:,.-]+(?P<measure>\D.*)"
)
BEGINS_LIKE_PERIOD = re.compile(rf"(?:{MONTH}|\d|Q[1-4]|H[12]|FY|YE|Year)\b.*\d", re.IGNORECASE)
BETWEEN = re.compile(r"[\s_:,./|-]+")
DIVIDES = re.compile(r"\s*[:|]\s*|\s+[-\u2013\u2014]\s+")
SHOWN = 4
FEWEST_PERIODS, FEWEST_AREAS = 2, 3
LONGEST_NAME = 200  # letters; longer names hold no period and would cost much to match
LOOKED_AT = 200

_MEASURES = """
    rate rates number numbers count counts total share shares percentage percent pct per index score scores level value
    mean median average price prices income cost spend population residents employment unemployment activity inactivity
    crime crimes offence offences incidents records stops searches arrests trust confidence force burglary robbery theft
    thefts violence drugs weapons damage
"""
MEASURE_WORDS = frozenset(_MEASURES.split())

Done = tuple[pd.DataFrame, list[str]]
Halves = tuple[list[str], list[str], dict[tuple[str, str], str]]


def periods_turned(cells: pd.DataFrame) -> Done:
    """A table with a column for each period, or each measure and period, with its periods as rows."""
    parts = {str(name): _measure_and_period(str(name)) for name in cells.columns}
    groups: dict[str, dict[str, str]] = defaultdict(dict)
    for name, found in parts.items():
        if found:
            groups[found[0]][found[1]] = name
    groups = _of_one_kind({measure: names for measure, names in groups.items() if len(names) >= FEWEST_PERIODS})
    written = list(dict.fromkeys(period for names in groups.values() for period in names))
    taken = {name for names in groups.values() for name in names.values()}
    others = [str(name) for name in cells.columns if name not in taken]
    periods = read_periods(pd.Series(written, dtype="str")) if written else None
    if periods is None or not others or any(reads_as_period(cells[name], name) for name in others):
        return cells, []
    measures = [measure for measure in groups if measure]
    kinds = f", in columns {some(measures)}" if measures else f", with their figures in a column {free(VALUE, others)}"
    return stacked(cells, others, PERIOD, written, groups), [
        f"{len(taken):,} columns named after periods ({some(written)}) are rows here{kinds}."
    ]


def _of_one_kind(groups: Mapping[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    """Those of `groups` whose periods are of the kind of the largest: not changes over several years beside years."""
    found = {measure: read_periods(pd.Series(list(names), dtype="str")) for measure, names in groups.items()}
    kinds = {measure: times.kind for measure, times in found.items() if times}
    largest = max(kinds, key=lambda measure: len(groups[measure]), default="")
    return {measure: groups[measure] for measure, kind in kinds.items() if kind == kinds[largest]}


def _measure_and_period(name: str) -> tuple[str, str] | None:
    """The measure (empty for none) and the period in the name of a column."""
    if is_period(name):
        return "", name
    for pattern in (MEASURE_FIRST, PERIOD_FIRST) if len(name) <= LONGEST_NAME else ():
        found = pattern.fullmatch(name)
        if found and is_period(found["period"]):
            measure = found["measure"].strip(" _:,.-([")
            return (measure, found["period"]) if measure else None
    return (_period_after(name) or _period_before(name)) if len(name) <= LONGEST_NAME else None


def _period_after(name: str) -> tuple[str, str] | None:
    """The same for names with figures before the period, such as ``Rate per 1,000 2015/16``."""
    cuts = sorted(_splits(name), key=lambda cut: len(cut[0])) if re.search(r"\d$", name) else []
    return next((cut for cut in cuts if is_period(cut[1]) and re.search(r"[^\W\d]{2}", cut[0])), None)


def _period_before(name: str) -> tuple[str, str] | None:
    """The same for names that begin with a period in words, such as ``Jan 2015-Dec 2015 number``."""
    if not BEGINS_LIKE_PERIOD.match(name):
        return None
    cuts = [(period, measure) for period, measure in _splits(name) if not re.search(r"\d", measure)]
    return next(((measure.strip(" ()"), period) for period, measure in cuts if is_period(period)), None)


def areas_turned(cells: pd.DataFrame) -> Done:
    """A table with a row for each period and a column for each area, or each area and measure, with areas as rows.

    Nothing but the names of its columns tells such a table from figures of one place: it is turned because one place
    alone has nothing to compare with.
    """
    names = list(map(str, cells.columns))
    times = [name for name in names if _is_of_times(cells[name], name)]
    kinds = [name for name in names if name not in times and set(name_parts(name)) & OF_GROUPS]
    values = [name for name in names if name not in (*times, *kinds)]
    if (
        len(times) != 1
        or len(values) < FEWEST_AREAS
        or cells[times + kinds].isna().any(axis=None)
        or cells.duplicated(times + kinds).any()
        or (kinds and not cells.duplicated(times).any())
        or not all(_is_of_figures(cells[name]) for name in values)
    ):
        return cells, []
    groups = _areas_and_measures(values)
    areas = list(dict.fromkeys(area for names_of in groups.values() for area in names_of))
    measures = [measure for measure in groups if measure] or [free(VALUE, times + kinds)]
    where = ", in columns" if len(measures) > 1 else ", with their figures in a column"
    return stacked(cells, times + kinds, AREA, areas, groups), [
        f"{len(values):,} columns are read as areas ({some(areas)}), which are rows here{where} {some(measures)}."
    ]


def _is_of_times(column: pd.Series, name: str) -> bool:
    found = read_periods(column, name)
    return found is not None and (found.kind != WEAK or name_parts(name)[-1:] in [[word] for word in PERIOD_WORDS])


def _is_of_figures(column: pd.Series) -> bool:
    filled = column.dropna().head(LOOKED_AT)
    return all(is_number(cell) or is_mark(cell) for cell in map(str, filled))


def _areas_and_measures(names: Sequence[str]) -> Mapping[str, Mapping[str, str]]:
    """Names of columns by measure and area where each area has each measure; else all as areas of one measure.

    What all names share before or after a sign such as a colon is the measure, or the beginning of its name.
    """
    shared, columns = _shared_part(names)
    short = list(columns)
    found = [halves for cut in _splits(short[0]) for halves in _halves(short, cut)]
    if not found:
        return {shared: columns}
    areas, measures, written = max(found, key=lambda halves: _worded(halves[1]) - _worded(halves[0]))
    named = {measure: f"{shared}: {measure}" if shared else measure for measure in measures}
    return {named[part]: {area: columns[written[area, part]] for area in areas} for part in measures}


def _shared_part(names: Sequence[str]) -> tuple[str, dict[str, str]]:
    """What all `names` begin or end with, apart by a sign that divides, and the names by what else they hold."""
    parts = [DIVIDES.split(name) if len(name) <= LONGEST_NAME else [name] for name in names]
    for end, rest in ((0, slice(1, None)), (-1, slice(None, -1))):
        others = {": ".join(divided[rest]): name for divided, name in zip(parts, names, strict=True)}
        shared = parts[0][end]
        is_measure = end or _worded([shared])  # what stands first may be an area: Hackney - North, Hackney - South
        is_shared = all(divided[end] == shared for divided in parts)
        if is_measure and is_shared and len(others) == len(names) and all(others):
            return shared, others
    return "", {name: name for name in names}


def _halves(names: Sequence[str], cut: tuple[str, str]) -> Iterator[Halves]:
    """The areas and measures of `names`, and the name of each pair, where one is `cut` into them: in both orders.

    Areas are at least as many as measures, unless words such as *rate* say which is which.
    """
    for measures_last in (True, False):
        area, measure = cut if measures_last else cut[::-1]
        pairs = [(pair, name) for name in names for pair in _parts(name, measures_last)]
        measures = [part for (whole, part), _ in pairs if whole == area]
        areas = [whole for (whole, part), _ in pairs if part == measure]
        columns = {pair: name for pair, name in pairs if pair[0] in areas and pair[1] in measures}
        is_whole = len(columns) == len(measures) * len(areas) == len(names) == len(set(columns.values()))
        are_told_apart = len(measures) <= len(areas) or _worded(measures) > _worded(areas)
        if is_whole and are_told_apart and len(areas) > 1 < len(measures):
            yield areas, measures, columns


def _worded(names: Sequence[str]) -> float:
    """Share of `names` with a word for what is measured."""
    return sum(bool(set(name_parts(name)) & MEASURE_WORDS) for name in names) / len(names)


def _parts(name: str, measures_last: bool) -> Iterator[tuple[str, str]]:
    """Every way in which a name is an area and a measure."""
    return (parts if measures_last else parts[::-1] for parts in _splits(name))


def _splits(name: str) -> list[tuple[str, str]]:
    """Every way to cut a name in two between its words, first at signs that divide."""
    if len(name) > LONGEST_NAME:
        return []
    cuts = sorted(BETWEEN.finditer(name), key=lambda cut: not DIVIDES.fullmatch(cut[0]))
    return [(name[: cut.start()], name[cut.end() :]) for cut in cuts if cut.start() and cut.end() < len(name)]


def stacked(
    cells: pd.DataFrame, kept: Sequence[str], key: str, written: Sequence[str], groups: Mapping[str, Mapping[str, str]]
) -> pd.DataFrame:
    """The columns of `groups`, by measure and by what they are of, below each other with that in a column `key`."""
    pieces = []
    for one in written:
        piece = cells[list(kept)].assign(**{free(key, kept): one})
        for measure, names in groups.items():
            piece[free(measure or VALUE, kept)] = cells[names[one]] if one in names else None
        pieces.append(piece)
    rows = pd.concat(pieces).sort_index(kind="stable")
    return rows.astype("str").where(rows.notna())


def free(name: str, taken: Sequence[str]) -> str:
    """`name`, or a longer one that is not `taken`."""
    while name in taken:
        name = f"{name} (turned)"
    return name


def some(names: Sequence[str]) -> str:
    """The first of `names`, and how many more there are."""
    return ", ".join(names[:SHOWN]) + (f" and {len(names) - SHOWN:,} more" if len(names) > SHOWN else "")
