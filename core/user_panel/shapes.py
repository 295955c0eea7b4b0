"""Tables of other shapes, made into one row for each area and period: what is turned, put together, dropped, and said."""

import re
from collections import defaultdict
from collections.abc import Sequence

import pandas as pd

from core.sources.files.numbers import is_number
from core.sources.files.periods import is_period, read_periods
from core.user_panel.guess import guess_keys, name_parts, pair_repeats, reads_as_period

VALUE, PERIOD = "Value", "Period"
SHOWN = 4
MOST_MEASURES, MOST_KINDS = 200, 60
FEWEST_PERIODS = 2
PART_WORDS = {
    "quarter": "Q", "quarters": "Q", "qtr": "Q", "q": "Q", "half": "H", "semester": "H",
    "month": "M", "months": "M", "mon": "M", "week": "W", "wk": "W",
}  # fmt: skip
MOST_PARTS = {"Q": 4, "H": 2, "M": 12, "W": 53}
MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
APRIL = 4

Done = tuple[pd.DataFrame, list[str]]


def without_repeats(cells: pd.DataFrame) -> Done:
    """`cells` without rows that repeat another in every column."""
    again = cells.duplicated()
    if not again.any():
        return cells, []
    return cells[~again], [f"{_rows(int(again.sum()))} left out: each repeats another in every column (row {cells.index[again][0]})."]


def without_row_numbers(cells: pd.DataFrame) -> Done:
    """`cells` without a column that has no name and numbers the rows."""
    numbering = [name for name in cells.columns if _is_unnamed(str(name)) and numbers_rows(cells[name])]
    return cells.drop(columns=numbering), [f"{name} numbers the rows and is left out." for name in numbering]


def _is_unnamed(name: str) -> bool:
    return re.fullmatch(r"Column \d+|unnamed.*|index|rownames?|row ?(?:number|no|nr|id)?|X|\.\.\.\d+", name, re.IGNORECASE) is not None


def numbers_rows(column: pd.Series) -> bool:
    """Whether `column` counts the rows, one up at a time."""
    if column.isna().any() or len(column) < FEWEST_PERIODS:
        return False
    numbers = pd.to_numeric(column, errors="coerce")
    return bool((numbers.diff().iloc[1:] == 1).all() and numbers.iloc[0] in (0, 1))


def filled_down(cells: pd.DataFrame) -> Done:
    """`cells` with the text above in each empty cell of a column that names areas, as merged cells mean."""
    filled, notes = cells.copy(), []
    for name in cells.columns:
        column = cells[name]
        if column.isna().any() and column.notna().iloc[0] and _is_merged(column):
            filled[name] = column.ffill()
            notes.append(f"{name}: {int(column.isna().sum()):,} empty cells take the text above them.")
    return filled, notes


def _is_merged(column: pd.Series) -> bool:
    """Whether a column holds names that stand once above the rows they are for."""
    names = column.dropna()
    return not any(is_number(str(name)) for name in names.unique()) and names.is_unique


def merged_keys(cells: pd.DataFrame) -> list[str]:
    """Columns whose empty cells look like merged ones."""
    return [
        str(name) for name in cells.columns
        if cells[name].isna().any() and cells[name].notna().iloc[0] and _is_merged(cells[name])
        and not reads_as_period(cells[name], str(name))
    ]  # fmt: skip


def reshaped(cells: pd.DataFrame) -> Done:
    """`cells` with one row for each area and period, where a rule leads to that."""
    notes: list[str] = []
    for step in (turned, joined_periods, measures_as_columns):
        cells, done = step(cells)
        notes += done
    return cells, notes


# A column for each period


def turned(cells: pd.DataFrame) -> Done:
    """A table with a column for each period, or each measure and period, with its periods as rows."""
    parts = {str(name): _measure_and_period(str(name)) for name in cells.columns}
    groups: dict[str, dict[str, str]] = defaultdict(dict)
    for name, found in parts.items():
        if found:
            groups[found[0]][found[1]] = name
    groups = {measure: names for measure, names in groups.items() if len(names) >= FEWEST_PERIODS}
    written = list(dict.fromkeys(period for names in groups.values() for period in names))
    taken = {name for names in groups.values() for name in names.values()}
    others = [str(name) for name in cells.columns if name not in taken]
    periods = read_periods(pd.Series(written, dtype="str")) if written else None
    if periods is None or not others or any(reads_as_period(cells[name], name) for name in others):
        return cells, []
    pieces = []
    for period in written:
        piece = cells[others].assign(**{_free(PERIOD, others): period})
        for measure, names in groups.items():
            piece[_free(measure or VALUE, others)] = cells[names[period]] if period in names else None
        pieces.append(piece)
    rows = pd.concat(pieces).sort_index(kind="stable")
    measures = [measure for measure in groups if measure]
    kinds = f", in columns {_some(measures)}" if measures else f", with their figures in a column {_free(VALUE, others)}"
    return rows.astype("str").where(rows.notna()), [
        f"{len(taken):,} columns named after periods ({_some(list(taken_in_order(cells, taken)))}) are rows here{kinds}."
    ]


def taken_in_order(cells: pd.DataFrame, names: set[str]) -> Sequence[str]:
    """Those `names` of columns in the order of the file."""
    return [str(name) for name in cells.columns if name in names]


def _measure_and_period(name: str) -> tuple[str, str] | None:
    """The measure (empty for none) and the period in the name of a column."""
    if is_period(name):
        return "", name
    for pattern in (r"(?P<measure>.*?\D)[\s_:,.-]*[\[(]?(?P<period>(?:FY|Q[1-4]|H[12]|[A-Za-z]{3,9}[ -])?\s*'?\d[\w/ -]*)[\])]?",
                    r"(?P<period>\d{2,4}[\d/-]*(?: ?[QHM]\d+)?)[\s_:,.-]+(?P<measure>\D.*)"):  # fmt: skip
        found = re.fullmatch(pattern, name)
        if found and is_period(found["period"]):
            measure = found["measure"].strip(" _:,.-([")
            return (measure, found["period"]) if measure else None
    return None


def _free(name: str, taken: Sequence[str]) -> str:
    while name in taken:
        name = f"{name} (turned)"
    return name


# A year in one column and its part in another


def joined_periods(cells: pd.DataFrame) -> Done:
    """A column of years and one of quarters, months, weeks or halves, put together."""
    found = {str(name): read_periods(cells[name], str(name)) for name in cells.columns if _could_be_time(cells[name])}
    years = [name for name, periods in found.items() if periods and periods.kind in ("years", "financial years")]
    for part in map(str, cells.columns):
        letter = next((PART_WORDS[word] for word in name_parts(part) if word in PART_WORDS), "")
        numbers = _parts(cells[part], letter) if letter and part not in years else None
        if numbers is None or not years:
            continue
        periods = found[years[0]]
        joined = _joined(periods.values, letter, numbers) if periods else None
        if joined is None or _is_superfluous(found, years[0], part, joined):
            continue
        name = f"{years[0]} and {part}"
        rest = cells.drop(columns=[years[0], part])
        rest.insert(int(list(cells.columns).index(years[0])) if list(cells.columns).index(years[0]) <= rest.shape[1] else 0, name, joined)
        return rest, [f"{years[0]} and {part} are put together as one period ({joined.dropna().iloc[0]})."]
    return cells, []


def _could_be_time(column: pd.Series) -> bool:
    first = column.dropna()
    return bool(len(first)) and read_periods(first.head(1), "date") is not None


def _parts(column: pd.Series, letter: str) -> pd.Series | None:
    """Numbers of quarters, months, weeks or halves within a year; ``None`` where one cell is no such number."""
    text = column.str.casefold().str.strip()
    if letter == "M":
        names = text.str[:3].map({name: place + 1 for place, name in enumerate(MONTH_NAMES)})
        if names.notna().all():
            return names
    found = text.str.extract(r"^(?:[a-z]+\.?\s*)?(\d{1,2})(?:\.0|st|nd|rd|th)?(?:\s*[a-z]+)?$")[0]
    numbers = pd.to_numeric(found, errors="coerce")
    return numbers if numbers.between(1, MOST_PARTS[letter]).all() and numbers.nunique() > 1 else None


def _joined(years: pd.Series, letter: str, parts: pd.Series) -> pd.Series | None:
    if years.isna().any():
        return None
    financial = years.str.contains("/").any()
    numbers = parts.astype("int64")
    if letter in "QH":
        return years.str.cat(numbers.astype("str"), sep=f" {letter}") if financial else years.str.cat(numbers.astype("str"), sep=letter)
    if letter == "W":
        return None if financial else years.str.cat(numbers.astype("str").str.zfill(2), sep="-W")
    calendar = years.str[:4].astype("int64") + (financial & (numbers < APRIL)).astype("int64")
    return calendar.astype("str").str.cat(numbers.astype("str").str.zfill(2), sep="-")


def _is_superfluous(found: dict[str, object], year: str, part: str, joined: pd.Series) -> bool:
    """Whether another column holds the whole period already."""
    others = [periods for name, periods in found.items() if name not in (year, part) and periods is not None]
    return any(getattr(periods, "values").nunique() >= joined.nunique() and getattr(periods, "kind") != "numbers in order" for periods in others)


# Rows that name a measure


def measures_as_columns(cells: pd.DataFrame) -> Done:
    """A long table, with a row for each measure, with its measures as columns."""
    area, period = guess_keys(cells)
    if not area or not period or not pair_repeats(cells, area, period):
        return cells, []
    kinds = _kinds(cells, area, period)
    values = [str(name) for name in cells.columns if name not in (area, period, *kinds) and _is_of_numbers(cells[name])]
    if not kinds or not values:
        return cells, []
    named = cells[kinds[0]] if len(kinds) == 1 else cells[kinds[0]].str.cat([cells[kind] for kind in kinds[1:]], sep=", ")
    if named.isna().any() or named.nunique() * len(values) > MOST_MEASURES:
        return cells, []
    rest = [str(name) for name in cells.columns if name not in (*kinds, *values)]
    keys = cells[[area, period]]
    rows = cells.loc[~keys.duplicated(), rest].set_index([area, period])
    for value in values:
        wide = cells.assign(kind=named)[[area, period, "kind", value]] if "kind" not in (area, period, value) else None
        if wide is None:
            return cells, []
        found = wide.pivot(index=[area, period], columns="kind", values=value)
        order = [name for name in named.unique() if name in found]
        columns = [" ".join(str(name) if len(values) == 1 else f"{value}: {name}" for _ in range(1)) for name in order]
        rows = rows.join(found[order].set_axis([_free(column, rest) for column in columns], axis="columns"))
    flat = rows.reset_index().set_axis(cells.index[~keys.duplicated()], axis="index")
    count = named.nunique()
    return flat, [
        f"{' and '.join(kinds)} {'has' if len(kinds) == 1 else 'have'} {count:,} values for an area and period: each is a "
        f"column here ({_some(list(map(str, named.unique())))})."
    ]


def _kinds(cells: pd.DataFrame, area: str, period: str) -> list[str]:
    """The fewest columns of text that tell apart the rows of one area and period."""
    offered = [
        str(name) for name in cells.columns
        if name not in (area, period) and 1 < cells[name].nunique() <= MOST_KINDS and not _is_of_numbers(cells[name])
    ]  # fmt: skip
    chosen: list[str] = []
    while offered:
        repeats = {name: int(cells.duplicated([area, period, *chosen, name]).sum()) for name in offered}
        best = min(offered, key=lambda name: (repeats[name], cells[name].nunique()))
        if repeats[best] == int(cells.duplicated([area, period, *chosen]).sum()):
            return []
        chosen.append(best)
        if not repeats[best]:
            return chosen
        offered.remove(best)
    return []


def _is_of_numbers(column: pd.Series) -> bool:
    filled = column.dropna().head(200)
    return len(filled) > 0 and sum(map(is_number, map(str, filled))) > len(filled) / 2


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:SHOWN]) + (f" and {len(names) - SHOWN:,} more" if len(names) > SHOWN else "")


def _rows(number: int) -> str:
    return f"{number:,} row{'' if number == 1 else 's'}"
