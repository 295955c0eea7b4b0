"""Measures what the app costs, beside its budgets: ``python -m benchmarks``; 1 where a budget is not kept."""

import logging
import sys
from collections.abc import Callable

from benchmarks import curve, engine, force_workbook, lsoa_map, map_size, reruns, start, street_crime
from benchmarks.measuring import Row, lines

PARTS: dict[str, Callable[[], list[Row]]] = {
    "Regression": engine.measure,
    "Specification curve": curve.measure,
    "Borough map": map_size.measure,
    "Map of small areas": lsoa_map.measure,
    "Street crime": street_crime.measure,
    "Use-of-force workbook": force_workbook.measure,
    "Cold start": start.measure,
    "Reruns": reruns.measure,
}


def main() -> int:
    """Print each part as it is measured."""
    logging.disable(logging.WARNING)  # Streamlit warns that it runs without a server, which is what is wanted
    over = []
    for title, measure in PARTS.items():
        rows = measure()
        over += [row.name for row in rows if not row.kept]
        print(f"\n{title}", *lines(rows), sep="\n", flush=True)
    print(f"\nOver budget: {'; '.join(over)}" if over else "\nAll budgets kept.")
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
