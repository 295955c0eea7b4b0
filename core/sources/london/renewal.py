"""New editions merged into the current figures: new figures take precedence, and differences are listed.

Figures that a new edition lacks are retained: a measure of the survey that it lacks ends where it ended before, and
quarters of force records that no file covers stay as they were.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from core.sources.files.cells import Tidy
from core.sources.files.validate import check_complete, check_declared
from core.sources.london.boroughs import BOROUGH, NAMES, QUARTER
from core.sources.london.force import use_of_force
from core.sources.london.force.force_quarters import ForceCounts, spans
from core.sources.london.survey import attitude_survey
from core.sources.london.survey.survey_workbook import Survey
from core.tables.schema import Table

TOLERANCE = 5e-5
LISTED = 3
CURRENT = "the figures at hand"


@dataclass(frozen=True, eq=False)
class Renewal:
    """Tables renewed by new editions.

    Parameters
    ----------
    tables
        The checked tables, which replace those of the same name.
    lines
        Sentences on what was read, used, left out and why, and what differs.
    differences
        Figures that both editions have and that differ: ``table``, ``borough`` (empty for London), ``quarter``,
        ``column``, ``older``, ``newer``.
    """

    tables: tuple[Tidy, ...]
    lines: tuple[str, ...]
    differences: pd.DataFrame

    def __add__(self, other: "Renewal") -> "Renewal":
        """Both renewals as one."""
        differences = pd.concat([self.differences, other.differences], ignore_index=True)
        return Renewal((*self.tables, *other.tables), (*self.lines, *other.lines), differences)


def renew_survey(surveys: Sequence[Survey], current: Mapping[str, pd.DataFrame]) -> Renewal:
    """The survey tables with `surveys` merged into the current ones; the edition that ends latest takes precedence.

    If two end in the same quarter, the one listed later takes precedence, and any of `surveys` over the current ones.

    Parameters
    ----------
    surveys
        Editions, as :func:`core.sources.london.survey.survey_workbook.read_survey` returns them.
    current
        The current tables ``survey`` and ``survey_london``.

    Raises
    ------
    SourceError
        If the result has gaps or impossible figures.
    """
    lines = [line for survey in surveys for report in survey.reports for line in report.lines()]
    lines += [
        f"{survey.boroughs.origin} has no figures for London; those at hand stay"
        for survey in surveys
        if survey.london is None
    ]
    boroughs, london_table = attitude_survey.BOROUGHS, attitude_survey.LONDON
    result = _renewed(boroughs, current[boroughs.name], [survey.boroughs for survey in surveys])
    london = [survey.london for survey in surveys if survey.london is not None]
    if london:
        result += _renewed(london_table, current[london_table.name], london)
    return replace(result, lines=(*lines, *result.lines))


def renew_force(force: ForceCounts, current: Mapping[str, pd.DataFrame], before: str = "") -> Renewal:
    """The table of force with the quarters of `force` in place of the current ones.

    A quarter is replaced with all its columns, because counts of two editions would not add up.

    Parameters
    ----------
    force
        As :func:`core.sources.london.force.force_quarters.tabulate` returns it.
    current
        The current table ``use_of_force``.
    before
        How the current ones were counted; empty if as the study did.

    Raises
    ------
    SourceError
        If quarters are missing between the current and the new ones, or figures are impossible.
    """
    table, new = use_of_force.QUARTERLY, force.quarterly
    old = current[table.name]
    is_new = old["quarter"].isin(new.frame["quarter"])
    frame = pd.concat([old[~is_new], new.frame], ignore_index=True)
    differences = _differences(table, old, new.frame)
    labels, notes = new.table, list(force.lines())
    if not is_new.all():
        retained = spans(sorted(set(old.loc[~is_new, "quarter"])))
        notes.append(f"kept from the figures at hand: {retained}")
        changes = f"{labels.changes} Kept from before: {retained}. {before or table.description}"
        labels = replace(labels, changes=changes)
    if is_new.any():
        now = new.frame.loc[new.frame["quarter"].isin(old["quarter"]), "records"].sum()
        notes.append(f"in quarters that were at hand, {old.loc[is_new, 'records'].sum():,} records before, {now:,} now")
    tidy = _checked(replace(table, description=labels.description, changes=labels.changes), frame, new.files)
    files = new.origin if len(new.files) == 1 else f"The {len(new.files)} new files"
    return Renewal((tidy,), (*notes, *_difference_lines(differences, files, CURRENT)), differences)


def _renewed(table: Table, current: pd.DataFrame, editions: Sequence[Tidy]) -> Renewal:
    """`table` with `editions` merged into the current figures, the newest taking precedence for each figure."""
    runs_to = str(current["quarter"].max())
    layers = [(runs_to, CURRENT, current), *((_runs_to(tidy), tidy.origin, tidy.frame) for tidy in editions)]
    (_, below, frame), *rest = sorted(layers, key=lambda layer: layer[0])
    differences, lines = [], []
    for _, above, newer in rest:
        differences.append(_differences(table, frame, newer))
        lines += _difference_lines(differences[-1], above, below)
        laid = newer.set_index(table.key).combine_first(frame.set_index(table.key))
        below, frame = above, laid.reset_index()[table.columns]
    files = tuple(name for edition in editions for name in edition.files)
    changes = f"{table.changes} Renewed from {', '.join(files)}."
    tidy = _checked(replace(table, changes=changes), frame, files)
    return Renewal((tidy,), tuple(lines), pd.concat(differences, ignore_index=True))


def _runs_to(tidy: Tidy) -> str:
    return str(tidy.frame["quarter"].max())


def _checked(table: Table, frame: pd.DataFrame, files: tuple[str, ...]) -> Tidy:
    """`frame` as the table, with the columns it has, after checking for impossible and missing figures."""
    gaps = [name for name in frame.columns if frame[name].isna().any()]
    declared = table.having(frame.columns, gaps)
    complete = {field.name: "int64" for field in declared.fields if field.type == "integer" and field.name not in gaps}
    with_gaps = {field.name: "Int64" for field in declared.fields if field.type == "integer" and field.name in gaps}
    tidy = Tidy(declared, frame[declared.columns].astype(complete | with_gaps), files)
    check_declared(tidy)
    if BOROUGH.name in table.key:
        check_complete(tidy, BOROUGH.name, NAMES)
    return tidy


def _differences(table: Table, older: pd.DataFrame, newer: pd.DataFrame) -> pd.DataFrame:
    """The figures that are in both and differ, one row each."""
    shared = [name for name in older.columns if name in newer.columns and name not in table.key]
    long = [
        rows.melt(table.key, shared, "column", name).astype({name: "float64"})
        for name, rows in (("older", older), ("newer", newer))
    ]
    both = long[0].merge(long[1], on=[*table.key, "column"]).dropna()
    differ = both[(both["older"] - both["newer"]).abs() > TOLERANCE]
    if BOROUGH.name not in differ:
        differ = differ.assign(borough="")
    columns = ["table", BOROUGH.name, QUARTER.name, "column", "older", "newer"]
    return differ.assign(table=table.name)[columns].reset_index(drop=True)


def _difference_lines(differences: pd.DataFrame, newer: str, older: str) -> list[str]:
    """Sentences on how many figures differ, with the first of them."""
    if differences.empty:
        return []
    first = "; ".join(
        f"{row['column']} of {row['borough'] or 'London'} in {row['quarter']}, {row['newer']:g} for {row['older']:g}"
        for row in differences.head(LISTED).to_dict("records")
    )
    return [f"{newer} and {older} differ in {_figures(differences)}, and the newer count; the first: {first}"]


def _figures(rows: pd.DataFrame) -> str:
    return f"{len(rows):,} figure{'' if len(rows) == 1 else 's'}"
