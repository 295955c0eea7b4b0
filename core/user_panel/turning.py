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
PERIOD_FIRST = re.compile(r"(?P<period>[xX]?\d{2,4}[\d/-]*(?: ?[QHM]\d+)?)[\s_:,.-]+(?P<measure>\D.*)")
BEGINS_LIKE_PERIOD = re.compile(rf"(?:{MONTH}|\d|Q[1-4]|H[12]|FY|YE|Year)\b.*\d", re.IGNORECASE)
BETWEEN = re.compile(r"[\s_:,./|-]+")
SHOWN = 4
FEWEST_PERIODS, FEWEST_AREAS = 2, 3
LONGEST_NAME = 200  # letters; longer names hold no period and would cost much to match
LOOKED_AT = 200

Done = tuple[pd.DataFrame, list[str]]


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
    return _period_before(name) if len(name) <= LONGEST_NAME else None


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
    where = f", in columns {some(list(groups))}" if len(groups) > 1 else f", with their figures in a column {VALUE}"
    return stacked(cells, times + kinds, AREA, areas, groups), [
        f"{len(values):,} columns are read as areas ({some(areas)}), which are rows here{where}."
    ]


def _is_of_times(column: pd.Series, name: str) -> bool:
    found = read_periods(column, name)
    return found is not None and (found.kind != WEAK or name_parts(name)[-1:] in [[word] for word in PERIOD_WORDS])


def _is_of_figures(column: pd.Series) -> bool:
    filled = column.dropna().head(LOOKED_AT)
    return all(is_number(cell) or is_mark(cell) for cell in map(str, filled))


def _areas_and_measures(names: Sequence[str]) -> Mapping[str, Mapping[str, str]]:
    """Names of columns by measure and area where each area has each measure; else all as areas of no measure."""
    for first, second in _splits(names[0]):
        for measures_last in (True, False):
            area, measure = (first, second) if measures_last else (second, first)
            measures = [part for whole, part in _parts(names, measures_last) if whole == area]
            areas = [whole for whole, part in _parts(names, measures_last) if part == measure]
            product = {(whole, part) for whole in areas for part in measures}
            columns = {pair: name for name in names for pair in _parts([name], measures_last) if pair in product}
            if 1 < len(measures) <= len(areas) and len(columns) == len(product) == len(names):
                return {part: {whole: columns[whole, part] for whole in areas} for part in measures}
    return {"": {name: name for name in names}}


def _parts(names: Sequence[str], measures_last: bool) -> Iterator[tuple[str, str]]:
    """Every way in which `names` are an area and a measure."""
    return (parts if measures_last else parts[::-1] for name in names for parts in _splits(name))


def _splits(name: str) -> list[tuple[str, str]]:
    """Every way to cut a name in two between its words."""
    cuts = BETWEEN.finditer(name) if len(name) <= LONGEST_NAME else ()
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
