"""A yearly use-of-force workbook of 271 columns to counts, compared with ``pandas.read_excel`` and the study's steps.

Run with ``python -m benchmarks.force_workbook``, or with ``--full`` for all methods at 100,000 rows; without it the
slow methods are measured at fewer rows, to which the time of openpyxl is proportional. Each method runs in a separate
process. The workbooks are synthetic, in the published layout.
"""

import argparse
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pandas as pd

from benchmarks.measuring import Cost, Row, alone, lines
from core.sources.files.limits import on_disk
from core.sources.london.force.force_quarters import STUDY, tabulate
from core.sources.london.force.force_workbook import read_force
from core.tables.catalogue import load_catalogue
from core.tables.quarters import quarter_end, quarters_between
from tests.sources.workbooks.force import FLAGS, records, write_year

ROWS, FEWER = 100_000, 20_000
FILES = (1, 2, 4)
FIRST, LAST = "2020Q2", "2021Q1"
TIMES_AS_FAST = 25
REPEATS = 3
HERE = "benchmarks.force_workbook"


def measure(full: bool = False) -> list[Row]:
    """Seconds and peak memory of each method, the ratios, and rows per second as files are added."""
    rows = ROWS if full else FEWER
    with tempfile.TemporaryDirectory() as scratch:
        paths = _workbooks(Path(scratch))
        same = paths[ROWS] if full else paths[FEWER]
        slow = {way: alone(HERE, way, same) for way in ("pandas", "study")}
        ours, fewer = _best("ours", paths[ROWS]), _best("ours", same)
        added = [
            Row(f"rows a second, workbooks of that size: {number}", ROWS * number / _several(paths[ROWS], number), "/s")
            for number in FILES
        ]
    return [
        Row(f"{ROWS:,} rows to counts", ours.seconds, "s"),
        *(Row(f"{NAMES[way]}, {rows:,} rows", cost.seconds, "s") for way, cost in slow.items()),
        *(
            Row(f"times as fast as {NAMES[way]}", cost.seconds * ROWS / rows / ours.seconds, "x", least=TIMES_AS_FAST)
            for way, cost in slow.items()
        ),
        Row(f"peak memory, {ROWS:,} rows", ours.megabytes, "MB"),
        Row(f"peak memory, {rows:,} rows", fewer.megabytes, "MB", most=min(cost.megabytes for cost in slow.values())),
        *(Row(f"peak memory, {NAMES[way]}, {rows:,} rows", cost.megabytes, "MB") for way, cost in slow.items()),
        *added,
    ]


def _workbooks(folder: Path) -> dict[int, Path]:
    """A workbook with all rows, and one with fewer."""
    tables = load_catalogue()
    counts = tables.read_table("use_of_force")
    drawn = records(counts[counts["quarter"].between(FIRST, LAST)], tables.read_table("use_of_force_ages"), 1)
    mixed = drawn.frame.sample(frac=1, random_state=1)
    return {rows: write_year(folder / f"{rows}.xlsx", mixed.head(rows)) for rows in (ROWS, FEWER)}


def _best(way: str, *paths: Path) -> Cost:
    return min(alone(HERE, way, *paths) for _ in range(REPEATS))


def _several(path: Path, number: int) -> float:
    return _best("ours", *[path] * number).seconds


def _ours(*paths: Path) -> object:
    return tabulate([read_force(on_disk(path)) for path in paths], STUDY).quarterly


def _pandas(path: Path) -> object:
    """What an analyst would write: everything read by openpyxl, then counted."""
    frame = pd.read_excel(path).drop_duplicates()
    quarters = (frame["IncidentDate"] + pd.Timedelta(days=1)).dt.to_period("Q")
    return (frame[list(FLAGS.values())] == "Yes").groupby([frame["Borough"], quarters]).sum()


def _study(path: Path) -> object:
    """The study's steps: everything read by openpyxl, then each row's date compared with the limits of each quarter."""
    frame = pd.read_excel(path).drop_duplicates()
    columns = ["IncidentDate", "Borough", *FLAGS.values()]
    counts: dict[tuple[str, str], list[int]] = {}
    for quarter in quarters_between(FIRST, LAST):
        end = quarter_end(quarter)
        begin = end.to_period("Q").start_time - pd.Timedelta(days=1)
        for day, borough, *answers in frame[columns].itertuples(index=False):
            if begin <= day < end:
                found = counts.setdefault((borough, quarter), [0] * (len(FLAGS) + 1))
                for position, answer in enumerate(["Yes", *answers]):
                    found[position] += answer == "Yes"
    return counts


WAYS: Mapping[str, Callable[..., object]] = {"ours": _ours, "pandas": _pandas, "study": _study}
NAMES = {"pandas": "read_excel and group in pandas", "study": "the study's steps"}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.force_workbook")
    parser.add_argument("--full", action="store_true", help=f"all ways at {ROWS:,} rows: some minutes")
    print(*lines(measure(parser.parse_args().full)), sep="\n")
