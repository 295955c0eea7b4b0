"""Where the table of a sheet stands: its headings, the rows above and below that are no part of it, and its columns."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from core.sources.files.cells import SourceError
from core.sources.files.grid import Grid
from core.sources.files.numbers import is_mark, is_number
from core.sources.files.periods import is_period
from core.sources.files.report import RowsLeftOut, rows_text, shortened
from core.sources.files.separated import NOTE, SURE_NOTE

LOOKED_THROUGH, LOOKED_BELOW = 60, 200
MOSTLY = 0.6
FEWEST_IN_A_TABLE = 3
MOST_HEADINGS = 3
QUOTED = 3
# What the rows say that stand between the headings and the figures of the national statistics' time series.
DESCRIPTIONS = frozenset(
    ("cdid", "source dataset id", "preunit", "unit", "release date", "next release", "important notes")
)
FEWEST_DESCRIPTIONS = 3
FIGURE = r"[-\d.,]+"
# Names of columns that say something of the column before them.
ANNOTATION = re.compile(
    r"conf(?:idence)?(?: interval)?|ci|[+-]/?-|(?:lower|upper)(?: (?:ci|limit|bound|95%?.*))?|[lu]cl|flags?|"
    r"(?:foot|value )?notes?|symbols?|markers?|status|%|per ?cent|percent(?:age)?|rank|se|s\.e\.|standard error|cv",
    re.IGNORECASE,
)
# Names of columns of numbers of rows, and words in those of times.
OF_NUMBERS = re.compile(r"(?i)(?:row|serial|record|case)?[ ._-]?(?:ids?|n[or]?\.?|numbers?|index|rows?|rank|#)")
OF_TIMES = re.compile(r"year|quarter|month|week|date|period|time", re.IGNORECASE)
FEWEST_GROUPS, FEWEST_REPEATS = 2, 1.5


@dataclass(frozen=True, eq=False)
class Layout:
    """A table found in a grid.

    Parameters
    ----------
    cells
        Text by named columns; its index has the rows' numbers in the file.
    read
        Rows below the headings that are not empty.
    left_out
        Those that are no part of the table.
    notes
        What else was done, one sentence each.
    """

    cells: pd.DataFrame
    read: int
    left_out: tuple[RowsLeftOut, ...]
    notes: tuple[str, ...]


def laid_out(grid: Grid, where: str) -> Layout:
    """The table in `grid`, called `where` in messages.

    The heading is the row with most cells above the first row of numbers; rows between it and the numbers are units or
    a second row of headings, and rows above it titles. Rows with a single cell, and notes at the end, are set aside.

    Raises
    ------
    SourceError
        If there is no row of headings, two columns have one name, or a row has more cells than the headings.
    """
    filled = grid.cells.dropna(how="all")
    if grid.named:
        stored, broken = _unique_names(list(grid.named), where)
        return Layout(filled.set_axis(stored, axis="columns"), len(filled), (), (*grid.notes, *broken))
    if filled.empty:
        raise SourceError(f"{where} is empty; save it again.")
    filled, described, dropped = _without_descriptions(filled)
    top = _Top(filled.iloc[:LOOKED_BELOW].dropna(how="all", axis="columns"))
    heading = top.heading
    if heading is None:
        raise SourceError(
            f"{where}, row {filled.index[0]}: there are numbers where names of columns should be; add a row of names."
        )
    extra = top.extra_headings(heading)
    body = filled.iloc[heading + 1 + len(extra) :]
    names, moved = _beside_row_numbers(top.names(heading, extra, filled.shape[1]), body)
    places = _places(body, names, where)
    figures = [_is_of_figures(body[place]) for place in places]
    columns, renamed = _unique_names([names[place] or f"Column {place + 1}" for place in places], where, figures)
    unnamed = [f"Column {place + 1} has no name in the file." for place in places if not names[place]]
    body = body[places].set_axis(columns, axis="columns")
    table, left_out = _without_notes(body, top.width, [names[place] for place in places])
    said = (*described, *moved, *top.titles(heading), *top.units(heading, extra, names), *unnamed, *renamed)
    below = grid.cells.index.max() - filled.index[heading] - dropped
    blank = int(below) - len(filled.iloc[heading + 1 :]) if len(body) else 0
    empty = (f"{rows_text(blank)} empty and skipped.",) if blank > 0 else ()
    return Layout(table, len(body), left_out, (*grid.notes, *said, *empty))


def _without_descriptions(rows: pd.DataFrame) -> tuple[pd.DataFrame, list[str], int]:
    """`rows` without those below the headings that describe series, a sentence on them, and their number."""
    first = rows.iloc[:LOOKED_THROUGH, 0].dropna()
    found = first[first.str.strip(" :").str.casefold().isin(DESCRIPTIONS)]
    if len(found) < FEWEST_DESCRIPTIONS:
        return rows, [], 0
    note = f"{rows_text(len(found))} that describe the series left out: {', '.join(found)}."
    return rows.drop(index=found.index), [note], len(found)


class _Top:
    """The first rows of a sheet, in which the headings are."""

    def __init__(self, cells: pd.DataFrame) -> None:
        self.rows = [[cell if isinstance(cell, str) else "" for cell in row] for row in cells.to_numpy(dtype=object)]
        self.numbers = list(cells.index)
        self.places = [int(str(place)) for place in cells.columns]

    @cached_property
    def width(self) -> int:
        """How many cells of a row are filled, usually."""
        counts = Counter(_count(row) for row in self.rows)
        return max(counts, key=lambda count: (counts[count], count))

    @cached_property
    def heading(self) -> int | None:
        """Position of the row of headings; ``None`` if numbers stand where it should be."""
        rows = self.rows[:LOOKED_THROUGH]
        data = next((place for place, row in enumerate(rows) if self._is_full(row) and _figures(row)), len(rows))
        if data == 0:
            return 0 if _counts_up(_figures(rows[0])) else None
        return max(range(data), key=lambda place: (_count(rows[place]), -place))

    def _is_full(self, row: Sequence[str]) -> bool:
        return _count(row) >= MOSTLY * self.width

    def extra_headings(self, heading: int) -> list[int]:
        """Positions of the rows below the headings that name units or go on with names."""
        extra = []
        for place in range(heading + 1, min(heading + MOST_HEADINGS, len(self.rows) - 1)):
            row = self.rows[place]
            if _numbers_columns(row):
                extra.append(place)
                continue
            if self.width > 2 and _count(row) == 1 and row[0] and self.rows[heading][0]:
                break  # the first group of rows
            if any(is_period(cell) or is_number(cell) or is_mark(cell) for cell in row if cell):
                break
            if not any(cell and self._is_of_numbers(column, place + 1) for column, cell in enumerate(row)):
                break
            if row != self.rows[heading]:
                extra.append(place)
        return extra

    def _is_of_numbers(self, column: int, start: int) -> bool:
        below = [row[column] for row in self.rows[start:] if row[column]]
        return sum(is_number(cell) or is_period(cell) for cell in below) > MOSTLY * len(below) if below else False

    def names(self, heading: int, extra: Sequence[int], width: int) -> list[str]:
        """The names of all columns, put together from two rows where one leaves gaps or repeats itself."""
        rows = [heading]
        first = self.rows[heading]
        if any(self._goes_on(place, first) for place in extra):
            rows = [heading, *extra]
        elif (
            heading
            and _repeats(first, above := self.rows[heading - 1])
            and _count(above) > 1
            and self._follows(heading)
        ):
            rows = [heading - 1, heading]
        filled = [self._spread(self.rows[place]) if place != rows[-1] else self.rows[place] for place in rows]
        names = [" ".join(dict.fromkeys(part for part in parts if part)) for parts in zip(*filled, strict=True)]
        found = dict(zip(self.places, names, strict=True))
        return [found.get(place, "") for place in range(width)]

    def _follows(self, heading: int) -> bool:
        """Whether no empty row stands between the headings and the row above them."""
        return bool(self.numbers[heading] - self.numbers[heading - 1] == 1)

    def _goes_on(self, place: int, first: Sequence[str]) -> bool:
        return any(cell and not name for cell, name in zip(self.rows[place], first, strict=True))

    @staticmethod
    def _spread(row: Sequence[str]) -> list[str]:
        """`row` with each name also over the gaps to its right, as merged cells stand for."""
        spread, last = [], ""
        for cell in row:
            last = cell or last
            spread.append(last)
        return spread

    def titles(self, heading: int) -> list[str]:
        """A sentence on the rows above the headings."""
        above = [" ".join(filter(None, row)) for row in self.rows[:heading]]
        if not above:
            return []
        return [
            f"The headings are in row {self.numbers[heading]}; "
            f"{rows_text(len(above))} above left out: {_quoted(above)}."
        ]

    def units(self, heading: int, extra: Sequence[int], names: Sequence[str]) -> list[str]:
        """A sentence on each row of units."""
        notes = []
        for place in extra:
            row = self.rows[place]
            if _numbers_columns(row):
                notes.append(f"Row {self.numbers[place]} numbers or rules off the columns and is left out.")
            elif self._goes_on(place, self.rows[heading]):
                notes.append(f"Rows {self.numbers[heading]} and {self.numbers[place]} are read as headings together.")
            else:
                units = [f"{names[where]}: {cell}" for where, cell in zip(self.places, row, strict=True) if cell]
                notes.append(
                    f"Row {self.numbers[place]} has units or further names and is left out ({'; '.join(units)})."
                )
        return notes


def _count(row: Sequence[str]) -> int:
    return sum(map(bool, row))


def _figures(row: Sequence[str]) -> list[str]:
    """The numbers in `row` that are not a time."""
    return [cell for cell in row if cell and is_number(cell) and not is_period(cell)]


def _numbers_columns(row: Sequence[str]) -> bool:
    """Whether `row` numbers the columns (1, 2, 3 or a, b, c, bracketed or not), or rules a line under the headings."""
    cells = [cell.strip(" ()[].") for cell in row if cell]
    counted = [cells == [written(place) for place in range(len(cells))] for written in (lambda n: str(n + 1), _letter)]
    return len(cells) > 2 and (any(counted) or all(re.fullmatch(r":?(?:-{3,}|={3,}):?", cell) for cell in row if cell))


def _letter(place: int) -> str:
    return chr(ord("a") + place)


def _counts_up(figures: Sequence[str]) -> bool:
    """Whether `figures` are numbers of waves, one after the other."""
    whole = [int(cell) for cell in figures if cell.isdigit()]
    return len(whole) == len(figures) > 1 and whole == list(range(whole[0], whole[0] + len(whole)))


def _places(body: pd.DataFrame, names: list[str], where: str) -> list[int]:
    """Positions of the columns that have a name or values; no row may go on beyond the last name."""
    places = [int(str(place)) for place in body.columns]
    filled = [place for place in places if body[place].notna().any()]
    last = max((place for place in places if names[place]), default=-1)
    beyond = [place for place in filled if place > last]
    if beyond:
        row = body.index[body[beyond].notna().any(axis=1)][0]
        raise SourceError(
            f"{where}, row {row}: there are more cells than the {last + 1} headings; give each column a name, or put "
            "text that holds the separator between quotation marks."
        )
    return [place for place in places if names[place] or place in filled]


def _beside_row_numbers(names: list[str], body: pd.DataFrame) -> tuple[list[str], list[str]]:
    """`names` one column further right where rows begin with their numbers and have one cell more, as R writes them."""
    short = len(names) > FEWEST_IN_A_TABLE and not names[-1] and all(names[:-1]) and not OF_NUMBERS.fullmatch(names[0])
    if not short or body.iloc[:, -1].isna().any() or list(body.iloc[:, 0]) != list(map(str, range(1, len(body) + 1))):
        return names, []
    if any(OF_TIMES.search(name) and body[place].map(is_period).all() for place, name in enumerate(names)):
        return names, []
    return ["", *names[:-1]], ["Rows begin with their numbers and have one cell more than there are headings."]


def _repeats(row: Sequence[str], above: Sequence[str]) -> bool:
    """Whether names come back in a `row`, but for those of the column before that have none `above`."""
    names = [cell for cell, group in zip(row, above, strict=True) if cell and (group or not ANNOTATION.fullmatch(cell))]
    return len(set(names)) < len(names)


def _is_of_figures(column: pd.Series) -> bool:
    """Whether a column holds numbers that are no times."""
    cells = column.dropna().unique()[:LOOKED_BELOW]
    return any(map(is_number, cells)) and not all(map(is_period, cells))


def _unique_names(names: Sequence[str], where: str, figures: Sequence[bool] = ()) -> tuple[list[str], list[str]]:
    """Names on one line; two columns of one name are refused, unless each says something of the column before it."""
    single = [" ".join(name.split()) for name in names]
    plain, apart = _annotations_apart(single, figures)
    repeated = next((name for place, name in enumerate(plain) if name in plain[:place]), None)
    if repeated is not None:
        raise SourceError(f"{where} has two columns called {repeated}; give each its own name.")
    broken = [new for old, new in zip(names, single, strict=True) if "\n" in old]
    lines = [f"Line breaks in names of columns are spaces here: {', '.join(broken[:QUOTED])}."] if broken else []
    return plain, [*lines, *apart]


def _annotations_apart(names: Sequence[str], figures: Sequence[bool]) -> tuple[list[str], list[str]]:
    """Names such as *conf* or *flag* that come back, each with the name of the column before it.

    Where the first follows none of `figures` and others come after the last, they may be of the column after them.
    """
    plain, last, changed = [], "", []
    places = [place for place, name in enumerate(names) if ANNOTATION.fullmatch(name) and names.count(name) > 1]
    others = [place for place, name in enumerate(names) if not ANNOTATION.fullmatch(name)]
    before = max((place for place in others if places and place < places[0]), default=-1)
    if places and figures and others and others[-1] > places[-1] and not (before >= 0 and figures[before]):
        return list(names), []
    for name in names:
        if last and ANNOTATION.fullmatch(name) and names.count(name) > 1:
            plain.append(f"{last} {name}")
            changed.append(name)
        else:
            plain.append(name)
            last = name
    if not changed:
        return plain, []
    example = next(new for new in plain if new not in names)
    return plain, [f"Columns called {', '.join(dict.fromkeys(changed))} are named after the one before: {example}."]


def _without_notes(
    body: pd.DataFrame, width: int, headings: Sequence[str]
) -> tuple[pd.DataFrame, tuple[RowsLeftOut, ...]]:
    """`body` without notes below it, rows of a single cell and repeated headings, and what was left out."""
    if width < FEWEST_IN_A_TABLE or body.empty:
        return body, ()
    counts = body.notna().sum(axis=1)
    first = body.iloc[:, 0]
    single = (counts == 1) & ~_before_merged(first, counts)
    noted = pd.Series([bool(NOTE.match(str(cell))) for cell in first.fillna("")], index=body.index)
    wordy = noted & body.index.isin([
        row for row, cells in body[noted].iterrows() if SURE_NOTE.match(str(cells.iloc[0])) or not _has_figures(cells)
    ])  # fmt: skip
    gap = body.index.to_series().diff().fillna(1).gt(1)
    other = _another_table(body, gap & (counts >= MOSTLY * width), headings)
    last_full = counts[(counts >= MOSTLY * width) & ~wordy & ~other].index.max()
    after_gap = gap & (body.index > last_full)
    in_tail = (body.index > last_full) & (after_gap.cumsum() > 0)
    notes = ~other & (body.index > last_full) & (single | in_tail | (noted & (counts < width)) | wordy)
    again = pd.Series(
        (body == list(headings)).all(axis=1) if len(headings) == body.shape[1] else False, index=body.index
    )
    inside = single & ~notes & ~other
    inside &= ~_are_of_groups(first[~notes & ~other], inside)
    left_out = [
        _left_out(body[other], "another table below this one; save it as a file of its own if you need it"),
        _left_out(body[notes], "notes below the table"),
        _left_out(body[inside], "a single cell, such as a heading inside the table or a note"),
        _left_out(body[again], "the headings again"),
    ]
    return body[~(notes | inside | again | other)], tuple(part for part in left_out if part)


def _are_of_groups(first: pd.Series, single: pd.Series) -> bool:
    """Whether rows of a `single` cell name the groups below them, whose labels come back: areas above their years."""
    heads = single[first.index] & first.notna()
    names, labels = first[heads], first[~heads]
    if len(names) < FEWEST_GROUPS or not names.is_unique or labels.isna().any() or not heads.iloc[0]:
        return False
    groups = pd.DataFrame({"group": heads.cumsum(), "label": first})[~heads]
    timely, others = ({is_period(cell) for cell in cells.unique()} for cells in (names, labels))
    one_kind = len(timely) == len(others) == 1 and timely != others
    return one_kind and len(labels) >= FEWEST_REPEATS * labels.nunique() and not groups.duplicated().any()


def _another_table(body: pd.DataFrame, begins: pd.Series, headings: Sequence[str]) -> pd.Series:
    """The rows from the headings of another table on: after an empty row, with words alone below a row of figures."""
    tops = body[begins]
    tops = tops[~tops.apply(lambda column: column.str.fullmatch(FIGURE)).fillna(False).any(axis=1)]
    for row, cells in tops.iterrows():
        place = int(body.index.searchsorted(row))
        if (
            place
            and not _has_figures(cells)
            and set(cells.dropna()) - set(headings)
            and _has_figures(body.iloc[place - 1])
        ):
            return pd.Series(body.index >= row, index=body.index)
    return pd.Series(False, index=body.index)


def _has_figures(cells: pd.Series) -> bool:
    return any(is_number(cell) or is_period(cell) or is_mark(cell) for cell in map(str, cells.dropna()))


def _before_merged(first: pd.Series, counts: pd.Series) -> pd.Series:
    """Rows that name an area whose own rows below leave its cell empty."""
    return first.notna() & first.shift(-1).isna() & (counts.shift(-1, fill_value=0) > 1)


def _left_out(rows: pd.DataFrame, why: str) -> RowsLeftOut | None:
    if rows.empty:
        return None
    text = next(str(cell) for cell in rows.iloc[0] if isinstance(cell, str))
    return RowsLeftOut(len(rows), why, f"row {rows.index[0]}, {shortened(text)!r}")


def _quoted(texts: Sequence[str]) -> str:
    shown = [repr(shortened(text)) for text in texts[:QUOTED]]
    return ", ".join(shown) + (" ..." if len(texts) > QUOTED else "")
