"""A reader's own table as a panel: which columns are what, what stands in the way, what can be explained."""

import re
from dataclasses import dataclass
from itertools import islice

import pandas as pd

from core.presentation.numbers import plural
from core.sources.files.periods import odd_period, read_periods
from core.sources.files.report import shortened
from core.stats.regression.errors import listed
from core.tables.panel import Panel, PanelError
from core.user_panel.guess import guess_keys, guess_residents, name_parts, numbers_rows
from core.user_panel.parts import FEWEST_PARTS, PARTS_OF_YEARS
from core.user_panel.read import UserPanelError, UserTable
from core.user_panel.shapes import merged_keys
from core.user_panel.totals import same_names, total_periods, totals
from core.user_panel.turning import some

MOSTLY = 0.5
ID_WORDS = frozenset(("id", "ids", "index", "idx", "rownum", "rownumber", "rownames", "obs", "serial"))
DECIMALS = r"[-+]?\d+[.,](?=\d*[1-9])\d+"
NUMBERED = re.compile(r"(.*[a-z])[_ .-]?\d{1,2}", re.IGNORECASE)
SHOWN = 3
LEFT = 1e-6  # part of a spread that is more than rounding


@dataclass(frozen=True)
class Roles:
    """Which columns are what.

    Parameters
    ----------
    area, period
        The key columns.
    population
        Residents, for rates and weights; empty for none.
    without_totals
        Whether areas that look like totals of others are left out.
    one_case
        Whether names that differ only by case, accents, spaces, signs or marks of notes are one area.
    without_empty
        Whether rows without an area or a period are left out.
    """

    area: str
    period: str
    population: str = ""
    without_totals: bool = False
    one_case: bool = False
    without_empty: bool = False


def guessed_roles(table: UserTable) -> Roles:
    """The columns that look like area, period and residents; some column for each key where none does."""
    area, period = guess_keys(table.cells)
    others = [name for name in table.numbers if name not in (area, period)]
    return Roles(area, period, guess_residents(table.frame, others))


def panel_of(table: UserTable, roles: Roles) -> Panel:
    """`table` as a panel, its periods written so that they sort in time order.

    Raises
    ------
    UserPanelError
        If the keys are not two different columns, one is empty somewhere, an area has two rows for a period, or there
        is one period alone.
    """
    _check_roles(roles)
    frame = keyed(table, roles)
    for key in (roles.area, roles.period):
        empty = frame.index[frame[key].isna()]
        if len(empty):
            raise UserPanelError(_empty_key(table, key, int(empty[0]), len(empty)))
        _check_holds_names(frame[key], "area" if key == roles.area else "period")
    _check_repeats(table, frame, roles)
    if frame[roles.area].nunique() < 2:
        raise UserPanelError(
            f"{table.name} has only one {roles.area} ({frame[roles.area].iloc[0]}), so there is nothing to compare it "
            "with; add rows of other areas, or choose another column as the area."
        )
    if frame[roles.period].nunique() < 2:
        raise UserPanelError(
            f"{table.name} has only one {roles.period} ({frame[roles.period].iloc[0]}), so there is no change to "
            f"compare; add rows of other times, or choose another column as the period.{_other_sheets(table)}"
        )
    if frame[roles.area].is_unique:
        raise UserPanelError(
            f"Each {roles.area} has one row in {table.name}, so there is no change to compare; add rows of other "
            f"times, or choose other columns as area and period.{_other_sheets(table)}{_without_year(table)}"
        )
    if roles.population:
        _check_population(table.name, frame, roles)
    try:
        return Panel(frame, roles.area, roles.period, roles.population or "population", total="")
    except PanelError as error:
        raise UserPanelError(f"{table.name}: {error}") from error


def _other_sheets(table: UserTable) -> str:
    """What to do where the times may stand on sheets of their own; empty for a file with one sheet."""
    if len(table.sheets) < 2:
        return ""
    return (
        f" Only sheet {table.sheet} is read: if each sheet is of another time or area, copy their rows below each "
        "other, with that in a column."
    )


def _without_year(table: UserTable) -> str:
    """What to do where columns are named after months or quarters of no year, or numbered as times; else empty."""
    for pattern in PARTS_OF_YEARS.values():
        names = [str(name) for name in table.cells.columns if pattern.fullmatch(str(name))]
        if len(names) >= FEWEST_PARTS:
            return f" {some(names)} say no year: add a column with it, or write it in their names (Jan 2018)."
    stems: dict[str, list[str]] = {}
    for name in map(str, table.cells.columns):
        if numbered := NUMBERED.fullmatch(name):
            stems.setdefault(numbered[1], []).append(name)
    stem, names = next(((stem, names) for stem, names in stems.items() if len(names) > 1), ("", []))
    return f" If {some(names)} are of several times, say so in their names ({stem}_wave1)." if names else ""


def _check_holds_names(key: pd.Series, role: str) -> None:
    """Raise :class:`UserPanelError` if most of a key's cells are numbers with decimals that do not come back."""
    figures = key[key.str.fullmatch(DECIMALS)]
    if len(figures) > MOSTLY * len(key) and key.nunique() > MOSTLY * len(key):
        wide = " If columns are of periods, let their names end in it, such as Trust 2015." if role == "period" else ""
        raise UserPanelError(
            f"{key.name} holds figures ({listed(list(figures.unique()[:2]))}), which name no {role}; choose another "
            f"column as the {role}, or add one.{wide}"
        )


def _check_roles(roles: Roles) -> None:
    if roles.area == roles.period:
        raise UserPanelError(f"{roles.area} cannot be both the area and the period; choose another column for one.")
    if roles.population in (roles.area, roles.period):
        raise UserPanelError(f"{roles.population} cannot be a key and the residents; choose another column for one.")


def keyed(table: UserTable, roles: Roles) -> pd.DataFrame:
    """The rows of `table` with keys as text: areas as they are written, periods in the order of time."""
    areas = table.cells[roles.area]
    times = table.cells[roles.period]
    if roles.one_case:
        plain = same_names(areas, times)
        areas = plain.map(dict(zip(plain[::-1], areas[::-1], strict=True)))
    rows = (areas.notna() & times.notna()) | (not roles.without_empty)
    if roles.without_totals:
        rows &= ~areas.isin(totals(table, roles.area, roles.period)) & ~times.isin(total_periods(times, roles.period))
    keys = {roles.area: areas[rows], roles.period: as_periods(times[rows], roles.period)}
    return table.frame[rows].assign(**keys)


def rows_without_keys(table: UserTable, roles: Roles) -> dict[str, list[int]]:
    """Rows in which the area or the period is empty, by its name, other than as merged cells leave it."""
    empty = {key: table.cells.index[table.cells[key].isna()].tolist() for key in (roles.area, roles.period)}
    merged = merged_keys(table.cells)
    return {key: rows for key, rows in empty.items() if rows and key not in merged}


def as_periods(cells: pd.Series, name: str = "") -> pd.Series:
    """Cells as periods that sort in time order; as they are where no rule reads all of them."""
    text = cells.astype("str").where(cells.notna())
    found = read_periods(text, name)
    return text if found is None else found.values


def period_note(table: UserTable, roles: Roles) -> str:
    """What was done to the period, or which cell stands in the way of reading it as times; empty for neither."""
    cells = table.cells[roles.period]
    if roles.without_totals:
        cells = cells[~cells.isin(total_periods(cells, roles.period))]
    found = read_periods(cells, roles.period)
    if found:
        return f"{roles.period} is {found.note}." if found.note else ""
    odd = odd_period(cells, roles.period)
    if odd is None:
        return ""
    row, cell = odd
    return (
        f"Most cells of {roles.period} are times, but {shortened(cell)!r} in row {row} is not written like the others; "
        "write all of them in one way, so that they have an order."
    )


def _empty_key(table: UserTable, key: str, row: int, rows: int) -> str:
    if key in merged_keys(table.cells):
        return (
            f"{key} is empty in {plural(rows, 'row')} below a filled cell, as in merged cells; choose to fill down "
            f"empty cells, or fill them in (the first is row {row} of {table.name})."
        )
    more = f" In all {rows:,} rows have none; they can be left out by the choice above." if rows > 1 else ""
    return f"Row {row} of {table.name} has no {key}; fill it in or leave the row out.{more}"


def _check_repeats(table: UserTable, frame: pd.DataFrame, roles: Roles) -> None:
    again = frame.duplicated([roles.area, roles.period])
    if not again.any():
        return
    first = frame[again].iloc[0]
    same = frame[(frame[[roles.area, roles.period]] == first[[roles.area, roles.period]]).all(axis=1)]
    varies = [str(column) for column in same.select_dtypes(exclude="number") if same[column].nunique() > 1]
    hint = f" They differ in {', '.join(varies[:SHOWN])}." if varies else ""
    more = f" In all {int(again.sum()):,} rows repeat an area and period." if again.sum() > 1 else ""
    raise UserPanelError(
        f"{table.name}: {first[roles.area]} has more than one row for {first[roles.period]} (rows "
        f"{', '.join(map(str, same.index[:SHOWN]))}).{hint}{more} {_way_on(table, int(again.sum()))}"
    )


def _way_on(table: UserTable, repeats: int) -> str:
    """What to do where an area has several rows for a period."""
    if table.turned and table.turned.kinds:
        return f"Choose which values of {listed(list(table.turned.kinds))} you need."
    records = " If each row is one record, such as a crime or an answer, count them by area and period first."
    return "Choose other columns for area and period, or keep one row for each." + records * (
        repeats > MOSTLY * len(table.frame)
    )


def _check_population(name: str, frame: pd.DataFrame, roles: Roles) -> None:
    wrong = frame[frame[roles.population] <= 0]
    if len(wrong):
        row = wrong.iloc[0]
        raise UserPanelError(
            f"{name}: {roles.population} is {row[roles.population]:g} for {row[roles.area]} in {row[roles.period]}; "
            "residents must be above 0, so correct it or choose no column of residents."
        )


def usable_outcomes(table: UserTable, roles: Roles) -> list[str]:
    """Columns of numbers that differ and can be explained: no keys, residents, codes or row numbers."""
    taken = (roles.area, roles.period, roles.population)
    return [
        name for name in table.numbers
        if name not in taken and table.frame[name].nunique() > 1 and not _is_code(table, roles, name)
    ]  # fmt: skip


def constant_columns(table: UserTable, roles: Roles) -> list[str]:
    """Columns of numbers that have one value in all rows, besides area, period and residents."""
    taken = (roles.area, roles.period, roles.population)
    return [name for name in table.numbers if name not in taken and table.frame[name].nunique() == 1]


def suggested(table: UserTable, roles: Roles) -> tuple[str, str]:
    """An outcome and a predictor to begin with: the first two columns that change in their own way.

    Columns of yes and no come after those of more values, and the first two that can be explained where no two change;
    there have to be two.
    """
    names = usable_outcomes(table, roles)
    amounts = [name for name in names if table.frame[name].nunique() > 2]
    in_order = [*amounts, *(name for name in names if name not in amounts)]
    found = tuple(islice((name for name in in_order if _changes(table, roles, name)), 2))
    first, second, *_ = [*found, *(name for name in names if name not in found)]
    return first, second


def _changes(table: UserTable, roles: Roles, name: str) -> bool:
    """Whether something of a column is left without the means of its areas and those of its periods."""
    rest = table.frame[name]
    spread = rest.std()
    for key in (roles.area, roles.period):
        rest = rest - rest.groupby(table.cells[key]).transform("mean")
    return bool(rest.std() > LEFT * spread)


def _is_code(table: UserTable, roles: Roles, name: str) -> bool:
    """Whether a column of whole numbers stands for rows, areas or periods rather than for amounts."""
    values = table.frame[name]
    if values.isna().any() or (values % 1 != 0).any():
        return False
    if numbers_rows(table.cells[name]) or (set(name_parts(name)) & ID_WORDS and values.is_unique):
        return True
    keys = [table.cells[key] for key in (roles.area, roles.period)]
    return any(_stands_for(values, key) for key in keys if key.notna().all())


def _stands_for(values: pd.Series, key: pd.Series) -> bool:
    """Whether each key has its own number, in every row."""
    pairs = pd.DataFrame({"key": key, "value": values}).dropna().drop_duplicates()
    return len(pairs) == pairs["key"].nunique() == pairs["value"].nunique() and len(pairs) < len(values)
