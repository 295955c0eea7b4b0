"""A period in two columns, the year in one and its quarter, month, week or half in the other, put together.

The other may also be a column for each month or quarter, beside the year.
"""

import re
from collections.abc import Mapping

import pandas as pd

from core.sources.files.days import MONTH, MONTHS, month_number
from core.sources.files.numbers import is_mark, is_number
from core.sources.files.periods import Periods, read_periods
from core.sources.files.report import rows_text
from core.user_panel.guess import LOOKED_AT, PERIOD_WORDS, WEAK, name_parts
from core.user_panel.turning import VALUE, Done, free, some, stacked

PART_WORDS: Mapping[str, str] = {
    **dict.fromkeys(("quarter", "quarters", "qtr", "q"), "Q"),
    **dict.fromkeys(("half", "semester"), "H"),
    **dict.fromkeys(("month", "months", "mon", "mth", "mnth"), "M"),
    **dict.fromkeys(("week", "wk"), "W"),
}
MOST: Mapping[str, int] = {"Q": 4, "H": 2, "M": 12, "W": 53}
NUMBERED = r"^(?:[a-z]+\.?\s*)?(\d{1,2})(?:\.0|st|nd|rd|th)?(?:\s*[a-z]+)?$"
APRIL = 4
OF_TIMES = PERIOD_WORDS | {"reporting", "calendar", "financial", "fiscal"}
OF_PARTS = ("quarters", "half-years", "months", "periods")  # kinds of periods that are parts of years
FEWEST_PARTS = 3
LENGTHS = ("months", "quarters", "years")  # the shortest first
MOST_TIMES = 3_000
YEARLY = ("years", "financial years")
OF_LENGTHS = frozenset(("freq", "frequency", "periodicity"))  # columns that say how long a period is
OF_NOTES = frozenset(("note", "notes", "comment", "comments", "flag", "flags", "footnote", "footnotes", "remarks"))
STATUS_OF_FIGURES = re.compile(r"(?:obs|observation|value|data)[ _]?status", re.IGNORECASE)  # others may be of people
MOST_EMPTY = 0.1  # share of cells; of labels that stand once above their rows more are empty
PARTS_OF_YEARS: Mapping[str, re.Pattern[str]] = {
    "Month": re.compile(rf"{MONTH}", re.IGNORECASE),
    "Quarter": re.compile(r"(?:Q|Qtr|Quarter) ?[1-4]", re.IGNORECASE),
}

NUMBERED_PART = re.compile(r"(?:Q|Qtr|Quarter) ?\d+", re.IGNORECASE)


def parts_turned(cells: pd.DataFrame) -> Done:
    """A table with a column of years and one for each of their months or quarters, with these as rows."""
    for part, pattern in PARTS_OF_YEARS.items():
        names = [str(name) for name in cells.columns if pattern.fullmatch(str(name))]
        others = [str(name) for name in cells.columns if name not in names]
        timely = [times.kind for name in others if (times := read_periods(cells[name], name)) and times.kind != WEAK]
        further = any(NUMBERED_PART.fullmatch(name) for name in others)  # Q5: they are questions
        if len(names) >= FEWEST_PARTS and not further and len(timely) == 1 and timely[0] in YEARLY:
            groups = {"": {name: name for name in names}}
            return stacked(cells, others, free(part, others), names, groups), [
                f"{len(names)} columns named after parts of a year ({some(names)}) are rows here, with their figures "
                f"in a column {free(VALUE, others)}."
            ]
    return cells, []


def of_one_length(cells: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """`cells` without the years beside quarters or months in one column, whose figures would count twice; and how many.

    Statistical offices write all three below each other. The shortest stay, where they are most and whatever has longer
    periods has shorter ones too. Where another column holds periods, or more cells are empty than a few that were
    forgotten, all rows stay; rows without a period stay too.
    """
    columns = {str(name): cells[name] for name in cells.columns if _could_be_time(cells[name])}
    if any((times := read_periods(column, name)) and times.kind != WEAK for name, column in columns.items()):
        return cells, []
    for name, column in columns.items():
        kinds = _lengths(column.dropna()) if column.isna().mean() < MOST_EMPTY else {}
        found = [kind for kind in LENGTHS if kind in kinds.values()]
        if len(found) < 2:
            continue
        kept = (column.map(kinds) == found[0]) | column.isna()
        named = cells[[key for key in cells.columns if key != name and _names(cells[key], str(key))]].fillna("")
        short, long = (set(named[rows].itertuples(index=False, name=None)) for rows in (kept, ~kept))
        if column[kept].nunique() > column[~kept].nunique() and long <= short:
            others = " and ".join(found[1:])
            return cells[kept], [
                f"{name} mixes {found[0]} with {others}: {rows_text(int((~kept).sum()))} of {others} left out, so that "
                "nothing counts twice."
            ]
    return cells, []


def _names(column: pd.Series, name: str) -> bool:
    """Whether a column says what a row is of: it holds text, which is no note and not how long periods are."""
    cells = map(str, column.dropna().unique()[:LOOKED_AT])
    says_other = set(name_parts(name)) & (OF_LENGTHS | OF_NOTES) or STATUS_OF_FIGURES.fullmatch(name)
    return not says_other and not all(is_number(cell) or is_mark(cell) for cell in cells)


def _lengths(column: pd.Series) -> dict[str, str]:
    """Whether each cell is a year, a quarter or a month; none where one is neither."""
    kinds = {}
    for cell in column.unique() if column.nunique() <= MOST_TIMES else ():
        times = read_periods(pd.Series([cell]))
        if not times or times.kind not in LENGTHS:
            return {}
        kinds[cell] = times.kind
    return kinds


def joined_days(cells: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """A column of days of the month, one of months and one of years as one of days; and what was done."""
    alone = {name_parts(name)[0]: name for name in map(str, cells.columns) if len(name_parts(name)) == 1}
    names = [alone.get(part, "") for part in ("year", "month", "day")]
    if not all(names) or cells[names].isna().any(axis=None):
        return cells, []
    year, month, day = (cells[name] for name in names)
    named = _named_months(month)
    number = month if named is None else named.astype("str")
    found = read_periods(year + "-" + number + "-" + day)
    if found is None or found.kind != "days":
        return cells, []
    name = " ".join([names[2], names[1], names[0]])
    order = [name if column == names[0] else column for column in cells.columns if column not in names[1:]]
    return cells.drop(columns=names).assign(**{name: found.values})[order], [
        f"{names[2]}, {names[1]} and {names[0]} are put together as one period ({found.values.iloc[0]})."
    ]


def joined_periods(cells: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """A column of years and one of their parts as one, where no column holds the whole period; and what was done."""
    found = {str(name): read_periods(cells[name], str(name)) for name in cells.columns if _could_be_time(cells[name])}
    years = next((name for name, times in found.items() if times and times.kind in YEARLY), "")
    times = found.get(years)
    for part in map(str, cells.columns):
        joined = _joined(times.values, cells[part], part) if times and part != years else None
        if joined is not None and not _is_superfluous(found, (years, part), joined):
            name = f"{years} and {part}"
            order = [name if column == years else column for column in cells.columns if column != part]
            table = cells.drop(columns=[years, part]).assign(**{name: joined})[order]
            return table, [f"{years} and {part} are put together as one period ({joined.iloc[0]})."]
    return cells, []


def _letter(name: str) -> str:
    return next((PART_WORDS[word] for word in name_parts(name) if word in PART_WORDS), "")


def _could_be_time(column: pd.Series) -> bool:
    first = column.dropna().head(1)
    return bool(len(first)) and read_periods(first, "date") is not None


def _joined(years: pd.Series, column: pd.Series, name: str) -> pd.Series | None:
    """Years with their parts, in the format of the calendar; ``None`` where they do not make periods.

    Numbers of months in a financial year may begin in January or in April, so only names of months are used there.
    """
    letter = _letter(name)
    if years.isna().any() or column.isna().any() or not (letter or set(name_parts(name)) <= OF_TIMES):
        return None
    financial, named = bool(years.str.contains("/").any()), _named_months(column)
    letter = letter or ("M" if named is not None and named.nunique() > 1 else "")
    if not letter or (named is None and _numbered(column, letter) is None):
        return _in_words(years, column, financial)
    numbers = named if letter == "M" and named is not None else _numbered(column, letter)
    if numbers is None or (financial and (letter == "W" or (letter == "M" and named is None))):
        return None
    text = numbers.astype("str")
    if letter in "QH":
        return years.str.cat(text, sep=f" {letter}" if financial else letter)
    if letter == "W":
        return years.str.cat(text.str.zfill(2), sep="-W")
    calendar = years.str[:4].astype("int64") + (numbers < APRIL).astype("int64") * financial
    return calendar.astype("str").str.cat(text.str.zfill(2), sep="-")


def _in_words(years: pd.Series, column: pd.Series, financial: bool) -> pd.Series | None:
    """Years with parts in words, such as *Apr-Jun* or *First quarter*; in a financial year only by names of months."""
    parts = column.str.casefold().str.strip()
    begins = parts.str.extract(rf"^{MONTH}\s*(?:-|\u2013|to)\s*{MONTH}$", expand=True)[0]
    if parts.nunique() < 2 or not parts.str.contains("[a-z]").all() or (financial and begins.isna().any()):
        return None
    calendar = years.str[:4].astype("int64")
    if financial:
        calendar += (begins.map(month_number) < APRIL).astype("int64")
    found = read_periods(parts.str.cat(calendar.astype("str"), sep=" "))
    return found.values if found and found.kind in OF_PARTS else None


def _named_months(column: pd.Series) -> pd.Series | None:
    written = column.str.casefold().str.strip()
    names = written.where(written.str.fullmatch(MONTH)).str[:3]
    found = names.map({name: place + 1 for place, name in enumerate(MONTHS)})
    return found.astype("int64") if found.notna().all() else None


def _numbered(column: pd.Series, letter: str) -> pd.Series | None:
    numbers = pd.to_numeric(column.str.casefold().str.strip().str.extract(NUMBERED)[0], errors="coerce")
    possible = numbers.between(1, MOST[letter])
    return numbers.astype("int64") if possible.all() and numbers.nunique() > 1 else None


def _is_superfluous(found: Mapping[str, Periods | None], used: tuple[str, str], joined: pd.Series) -> bool:
    """Whether another column holds the whole period already."""
    others = [times for name, times in found.items() if name not in used and times and times.kind != WEAK]
    return any(times.values.nunique() >= joined.nunique() for times in others)
