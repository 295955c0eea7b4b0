"""Quarterly counts of use-of-force records from daily counts of one or several files.

Two choices are offered, and the effect of each is reported: whether exact duplicates of a record are dropped, and
whether quarters are calendar quarters or those of the study, which assigned the last day of a quarter to the next one.
Where files cover the same days, the newer one is used.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Literal

import pandas as pd

from core.sources.files.cells import SourceError, Tidy
from core.sources.files.report import Report
from core.sources.london.boroughs import BOROUGH, NAMES, QUARTER
from core.sources.london.force.force_workbook import AREA, DAY, RECORDS, REPEAT, ForceFile
from core.sources.london.force.use_of_force import QUARTERLY
from core.tables.quarters import quarter_end, quarter_of, quarters_between

Repeats = Literal["dropped", "kept"]
QuarterRule = Literal["calendar", "study"]
REPEATS: tuple[Repeats, ...] = ("dropped", "kept")
QUARTER_RULES: tuple[QuarterRule, ...] = ("calendar", "study")

# A quarter whose records begin or end more than this many days inside it is incomplete.
DAYS_OF_GRACE = 7
# If one of two files that cover the same days has fewer than half the records of the other, it is not another edition:
# these are late or misdated records, which are added.
LEAST_OF_AN_EDITION = 0.5
NEARLY_ALL = 0.99
LABELS = {field.name: field.label for field in (*QUARTERLY.fields, *QUARTERLY.extra)}
MOST_UNCOUNTED = 0.05


@dataclass(frozen=True)
class Counting:
    """How records become counts.

    Parameters
    ----------
    repeats
        Whether exact duplicates of a record are dropped or kept.
    quarters
        ``"calendar"``, or ``"study"``, which assigns records of a quarter's last day to the next one.
    """

    repeats: Repeats = "dropped"
    quarters: QuarterRule = "calendar"

    @property
    def text(self) -> str:
        """The choices as sentences."""
        repeats = "Exact duplicates were dropped" if self.repeats == "dropped" else "Exact duplicates were kept"
        calendar = self.quarters == "calendar"
        rule = "quarters are those of the calendar" if calendar else "records dated on the last day of a quarter were "
        return f"{repeats}, and {rule}{'' if calendar else 'counted in the next one'}."


STUDY = Counting("dropped", "study")


@dataclass(frozen=True)
class ChoiceEffect:
    """Effect of a choice.

    Parameters
    ----------
    counting
        The choice.
    records
        Records of boroughs under this choice, in the quarters of the table.
    change
        Relative difference from the records under the selected choice.
    largest_change
        Largest relative difference of the count of one borough and quarter.
    """

    counting: Counting
    records: int
    change: float
    largest_change: float


@dataclass(frozen=True, eq=False)
class ForceCounts:
    """Use of force by borough and quarter, tabulated from files.

    Parameters
    ----------
    quarterly
        The table, in the columns of ``use_of_force.QUARTERLY`` and those of its extra ones that the files have.
    apart
        The same counts for areas that are not boroughs: ``area``, ``quarter`` and the columns of the table.
    effects
        Effect of every choice, including the selected one.
    differences
        Where files cover the same days: ``quarter``, ``newer`` and ``older`` (names of the files), ``newer_records``,
        ``older_records`` (on those days).
    reports
        Report on the rows of each file.
    notes
        Further remarks for readers, one sentence each.
    """

    quarterly: Tidy
    apart: pd.DataFrame
    effects: tuple[ChoiceEffect, ...]
    differences: pd.DataFrame
    reports: tuple[Report, ...]
    notes: tuple[str, ...]

    def lines(self) -> list[str]:
        """Reports and notes as sentences."""
        return [line for report in self.reports for line in report.lines()] + list(self.notes)


def tabulate(files: Sequence[ForceFile], counting: Counting | None = None) -> ForceCounts:
    """The counts of `files` by borough and quarter.

    Parameters
    ----------
    files
        As :func:`core.sources.london.force.force_workbook.read_force` returns them. Where two cover the same days, the
        one with the later last record is used; if both end on the same day, the one listed later.
    counting
        The choices; by default calendar quarters without exact duplicates.

    Raises
    ------
    SourceError
        If there is no file, or no quarter is complete.
    """
    counting = counting or Counting()
    if not files:
        raise SourceError("No file with use-of-force records was given; name at least one.")
    days, differences = _editions(files)
    rows = _chosen(days, counting)
    complete, parts = _complete_quarters(rows)
    if not complete:
        raise SourceError(
            f"{_names(files)} has no whole quarter: {'; '.join(parts)}. Choose the year's complete workbook."
        )
    counts, uncounted = _counts(rows[rows[QUARTER.name].isin(complete)])
    apart = counts[~counts[AREA].isin(NAMES)].reset_index(drop=True)
    tidy = _tidy(counts, complete, counting, [file.name for file in files])
    effects = _effects(days, complete, counting)
    notes = (
        f"quarters {complete[0]} to {complete[-1]}. {counting.text}",
        *_effect_notes(effects, counting),
        *_other_area_notes(apart),
        *(f"left out, not whole: {part}" for part in parts),
        *uncounted,
        *_edition_notes(differences),
    )
    return ForceCounts(tidy, apart, effects, differences, tuple(r for file in files for r in file.reports), notes)


def _editions(files: Sequence[ForceFile]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The daily counts, from the newest of the `files` that cover the same days, and the differences between files."""
    *older, newest = sorted(files, key=_runs_to)
    days, lines = newest.counts.assign(file=newest.name), []
    for file in reversed(older):
        rows, differences = _not_yet_reported(file.counts.assign(file=file.name), days)
        days = pd.concat([days, rows], ignore_index=True)
        lines.append(differences)
    columns = ["quarter", "newer", "older", "newer_records", "older_records"]
    return days, pd.concat([pd.DataFrame(columns=columns), *lines], ignore_index=True)


def _runs_to(file: ForceFile) -> pd.Timestamp:
    """The day before which nearly all records of `file` lie, so that a few misdated ones do not make it newer."""
    by_day = file.counts.groupby(DAY)[RECORDS].sum().cumsum()
    return pd.Timestamp(by_day.index[by_day.searchsorted(NEARLY_ALL * by_day.iloc[-1])])


def _not_yet_reported(older: pd.DataFrame, newer: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The rows of `older` for days that `newer` does not cover, and the differences on the other days."""
    shared = sorted(set(older[DAY]) & set(newer[DAY]))
    on_shared = {name: rows[rows[DAY].isin(shared)] for name, rows in (("newer", newer), ("older", older))}
    totals = pd.DataFrame(
        {f"{name}_records": rows.groupby(_quarters(rows[DAY]))[RECORDS].sum() for name, rows in on_shared.items()}
    )
    rivals = totals[totals.min(axis=1) >= LEAST_OF_AN_EDITION * totals.max(axis=1)]
    is_rival = older[DAY].isin(shared) & _quarters(older[DAY]).isin(rivals.index)
    newest = on_shared["newer"].groupby(_quarters(on_shared["newer"][DAY]))["file"].first()
    names = {"newer": newest.reindex(rivals.index), "older": older["file"].iloc[0]}
    return older[~is_rival], rivals.assign(**names).rename_axis("quarter").reset_index()


def _quarters(days: pd.Series) -> pd.Series:
    names = {day: quarter_of(day) for day in days.unique()}
    return days.map(names).astype("str")


def _chosen(days: pd.DataFrame, counting: Counting) -> pd.DataFrame:
    """The rows to count, with their quarter and the ``moved`` day that determines it."""
    rows = days[~days[REPEAT]] if counting.repeats == "dropped" else days
    # The study's quarter is that of the following day, which differs only on the last day of a quarter.
    moved = rows[DAY] + pd.Timedelta(days=1) if counting.quarters == "study" else rows[DAY]
    return rows.assign(moved=moved, quarter=_quarters(moved))


def _complete_quarters(rows: pd.DataFrame) -> tuple[list[str], list[str]]:
    """Quarters that records cover from the first week to the last, and descriptions of the others."""
    grace = pd.Timedelta(days=DAYS_OF_GRACE)
    complete, parts = [], []
    for name, group in rows.groupby("quarter"):
        quarter, first, last = str(name), group["moved"].min(), group["moved"].max()
        end = quarter_end(quarter)
        begin = end.to_period("Q").start_time
        if first < begin + grace and last > end - grace:
            complete.append(quarter)
        else:
            days = f"{group[DAY].min():%d/%m/%Y} to {group[DAY].max():%d/%m/%Y}"
            parts.append(f"{quarter} ({group[RECORDS].sum():,} records, {days})")
    return complete, parts


def _counts(rows: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Counts by area and quarter, missing where a file for the quarter lacks the column; and notes that say where."""
    columns = [column for column in rows.columns if column not in (DAY, AREA, REPEAT, "file", "moved", "quarter")]
    counts = rows.groupby([AREA, "quarter"])[columns].sum(min_count=1).reset_index()
    notes = []
    for column in columns:
        unavailable = rows[RECORDS].where(rows[column].isna(), 0).groupby(rows["quarter"]).sum()
        uncounted = unavailable[unavailable > MOST_UNCOUNTED * rows.groupby("quarter")[RECORDS].sum()].index
        counts.loc[counts["quarter"].isin(uncounted), column] = float("nan")
        if len(uncounted):
            notes.append(f"{LABELS[column]}: not counted in {spans(list(uncounted))}, for a file lacks its column")
    return counts, notes


def _tidy(counts: pd.DataFrame, complete: list[str], counting: Counting, names: list[str]) -> Tidy:
    """One row per borough and quarter, 0 where a borough has no records."""
    index = pd.MultiIndex.from_product([NAMES, complete], names=[BOROUGH.name, QUARTER.name])
    known = counts.groupby("quarter").count().gt(0)
    frame = counts.rename(columns={AREA: BOROUGH.name}).set_index([BOROUGH.name, QUARTER.name]).reindex(index)
    for column in frame.columns:
        is_known = known[column].reindex(frame.index.get_level_values(QUARTER.name)).to_numpy(dtype=bool)
        frame[column] = frame[column].fillna(0).where(is_known).astype("int64" if is_known.all() else "Int64")
    filled = [column for column in frame.columns if frame[column].notna().any()]
    gaps = [column for column in filled if frame[column].isna().any()]
    table = QUARTERLY.having([BOROUGH.name, QUARTER.name, *filled], gaps)
    text = replace(
        table,
        description=f"One row per borough and quarter, {complete[0]} to {complete[-1]}. {counting.text}",
        changes=f"Counted by this app from {', '.join(names)}.",
    )
    return Tidy(text, frame.reset_index()[text.columns], tuple(names))


def _effects(days: pd.DataFrame, complete: list[str], counting: Counting) -> tuple[ChoiceEffect, ...]:
    """Effect of each choice in the quarters `complete`, compared with the selected one."""
    boroughs = days[days[AREA].isin(NAMES)]

    def counted(choice: Counting) -> pd.Series:
        rows = _chosen(boroughs, choice)
        return rows[rows["quarter"].isin(complete)].groupby([AREA, "quarter"])[RECORDS].sum()

    chosen = counted(counting)
    choices = [Counting(repeats, quarters) for repeats, quarters in product(REPEATS, QUARTER_RULES)]
    return tuple(_effect(choice, counted(choice), chosen) for choice in choices)


def _effect(choice: Counting, counts: pd.Series, chosen: pd.Series) -> ChoiceEffect:
    both = pd.concat([counts, chosen], axis=1, keys=["other", "chosen"]).fillna(0)
    changes = (both["other"] - both["chosen"]).abs() / both["chosen"].where(both["chosen"] > 0)
    return ChoiceEffect(choice, int(counts.sum()), counts.sum() / chosen.sum() - 1, float(changes.max()))


def _effect_notes(effects: Sequence[ChoiceEffect], counting: Counting) -> Iterator[str]:
    by_choice = {effect.counting: effect for effect in effects}
    repeats = by_choice[replace(counting, repeats=next(other for other in REPEATS if other != counting.repeats))]
    rule = by_choice[replace(counting, quarters=next(other for other in QUARTER_RULES if other != counting.quarters))]
    yield (
        f"{by_choice[counting].records:,} records in boroughs; with exact duplicates {repeats.counting.repeats}, "
        f"{repeats.records:,} ({repeats.change:+.2%})"
    )
    whose = "study" if rule.counting.quarters == "study" else "calendar"
    yield (
        f"by the quarters of the {whose}, {rule.records:,} ({rule.change:+.2%}); "
        f"one borough and quarter changes by at most {rule.largest_change:.1%}"
    )


def _other_area_notes(apart: pd.DataFrame) -> Iterator[str]:
    for area, records in apart.groupby(AREA)[RECORDS].sum().items():
        yield f"{area}: not a borough, so counted apart ({records:,.0f} records)"


def _edition_notes(differences: pd.DataFrame) -> Iterator[str]:
    for row in differences.to_dict("records"):
        has = "as many" if row["newer_records"] == row["older_records"] else f"{row['older_records']:,}"
        yield (
            f"{row['quarter']}: {row['newer']} counts, with {row['newer_records']:,} records; the older {row['older']} "
            f"has {has} on the same days"
        )


def spans(quarters: Sequence[str]) -> str:
    """`quarters` in order of time, consecutive ones as one span."""
    runs: list[list[str]] = []
    for quarter in sorted(quarters):
        follows = runs and quarters_between(runs[-1][-1], quarter)[1:] == [quarter]
        if follows:
            runs[-1].append(quarter)
        else:
            runs.append([quarter])
    return ", ".join(run[0] if len(run) == 1 else f"{run[0]} to {run[-1]}" for run in runs)


def _names(files: Sequence[ForceFile]) -> str:
    return ", ".join(file.name for file in files)
