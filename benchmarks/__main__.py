"""Measures the app's performance against budgets: ``python -m benchmarks``; exit code 1 if a budget is exceeded.

``python -m benchmarks pages load`` measures those parts alone. ``--before VERSION`` measures this version and another
in turns and prints ratios: a busy machine slows both.
"""

import argparse
import logging
import sys
from collections.abc import Callable, Sequence

from benchmarks import (
    before,
    curve,
    engine,
    force_workbook,
    load,
    lsoa_map,
    pages,
    ratios,
    replicas,
    start,
    street_crime,
    street_crime_archive,
    study,
)
from benchmarks.measuring import Row, best_seconds, lines

PARTS: dict[str, tuple[str, Callable[[], list[Row]]]] = {
    "ratios": ("Changes, times a plain Streamlit page", ratios.measure),
    "start_ratios": ("Cold start, times that of a plain Streamlit page", ratios.measure_start),
    "start": ("Cold start", start.measure),
    "pages": ("Pages", pages.measure),
    "study": ("Borough map and the study's dashboard", study.measure),
    "lsoa_map": ("Map of small areas", lsoa_map.measure),
    "engine": ("Regression", engine.measure),
    "curve": ("Specification curve", curve.measure),
    "street_crime": ("Street crime", street_crime.measure),
    "street_crime_archive": ("Street crime of all forces", street_crime_archive.measure),
    "force_workbook": ("Use-of-force workbook", force_workbook.measure),
    "load": ("Visitors at once", load.measure_at_once),
    "replicas": ("Two replicas behind a balancer", replicas.measure),
}


# What two versions are compared by unless told: the rest takes an hour, or needs a browser.
COMPARED = ("start", "pages", "engine", "curve")
COUNTED = 10_000_000


def _counting() -> float:
    """Milliseconds for a plain loop, to show the machine's current speed, which depends on its load."""
    return 1000 * best_seconds(lambda: sum(range(COUNTED)))


def main(arguments: Sequence[str] | None = None) -> int:
    """Print each part as it is measured."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="What the app costs, and its budgets.")
    parser.add_argument(
        "parts",
        nargs="*",
        help=f"parts to measure: {', '.join(PARTS)}; unless told all, or with --before {', '.join(COMPARED)}",
    )
    parser.add_argument("--before", metavar="VERSION", help="commit, or folder with another version, to compare with")
    parser.add_argument("--turns", type=int, default=2, help="turns of each version (default: %(default)s)")
    options = parser.parse_args(arguments)
    wanted = options.parts or list(COMPARED if options.before else PARTS)
    if unknown := set(wanted) - set(PARTS):
        parser.error(f"no part is called {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    if options.before:
        return before.compare(options.before, wanted, options.turns)
    logging.disable(logging.WARNING)  # Streamlit warns that it runs without a server, which is intended
    over = []
    print(f"This machine counts to {COUNTED:,} in {_counting():.0f} ms.")
    for part in wanted:
        title, measure = PARTS[part]
        rows = measure()
        over += [row.name for row in rows if not row.kept]
        print(f"\n{title}", *lines(rows), sep="\n", flush=True)
    print(f"\nAt the end it counts to {COUNTED:,} in {_counting():.0f} ms.")
    print(f"\nOver budget: {'; '.join(over)}" if over else "\nAll budgets kept.")
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
