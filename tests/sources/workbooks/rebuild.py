"""Rebuild the counts of ``data/london`` from generated workbooks at full scale.

Writes a workbook for each year whose records count up to the published table (no other figure in them is real), lays
them over the available figures with the command that analysts use, and compares the panel of the result with the panel
of ``data/``, figure by figure. ``tests/sources/workbooks/test_renewing.py`` does the same with fewer records.
"""

import argparse
import sys
import tempfile
from pathlib import Path
from time import perf_counter

import pandas as pd

from core.build.__main__ import main as build
from core.london.panel import london_panel
from core.tables.catalogue import DATA_DIR
from tests.sources.workbooks.__main__ import published_records
from tests.sources.workbooks.force import write_years

SEED = 1


def rebuilt(folder: Path, available: Path = DATA_DIR) -> Path:
    """A data folder in `folder` with the counts of generated workbooks; says how long each step takes."""
    workbooks, out = folder / "workbooks", folder / "data"
    workbooks.mkdir()
    start = perf_counter()
    drawn = published_records(1, SEED)
    files = write_years(workbooks, drawn)
    print(f"{len(drawn.frame):,} records in {len(files)} workbooks, written in {perf_counter() - start:,.0f} s")
    start = perf_counter()
    labels = ["--use-of-force", str(workbooks), "--quarters", "study", "--data", str(available), "--out", str(out)]
    if build(["london", *labels]):
        sys.exit("The workbooks could not be used.")
    print(f"Read, counted and checked in {perf_counter() - start:,.0f} s")
    return out


def compared(data: Path, available: Path = DATA_DIR) -> str:
    """That both panels are equal, in a sentence; an :class:`AssertionError` names the first difference."""
    new, old = london_panel(data).frame, london_panel(available).frame
    pd.testing.assert_frame_equal(new[old.columns], old)
    more = len(new.columns) - len(old.columns)
    return f"Equal: {len(old):,} rows, {len(old.columns)} columns; {more} columns more (ages, tactics and the like)"


def main() -> None:
    """Rebuild and compare in a temporary folder."""
    argparse.ArgumentParser(prog="python -m tests.sources.workbooks.rebuild", description=__doc__).parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        print(compared(rebuilt(Path(scratch))))


if __name__ == "__main__":
    main()
