"""Yearly workbooks whose totals are those of ``data/london``: ``python -m tests.sources.workbooks FOLDER``.

With ``python -m core.build london --use-of-force FOLDER --quarters study --out OTHER_FOLDER`` they give the same
counts again. Nothing else in them is real.
"""

import argparse
from pathlib import Path

import pandas as pd

from core.tables.catalogue import load_catalogue
from tests.sources.workbooks.force import Records, records, scaled, with_repeats, write_years

REPEATED = 100


def main() -> None:
    """Write the workbooks and name them."""
    parser = argparse.ArgumentParser(prog="python -m tests.sources.workbooks")
    parser.add_argument("folder", type=Path, help="folder to write to")
    parser.add_argument("--divisor", type=int, default=1, help="write this many times fewer records (default: 1)")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    for path in write_years(options.folder, published_records(options.divisor, options.seed)):
        print(path)


def published_records(divisor: int, seed: int) -> Records:
    """Records that count up to the table ``use_of_force``; repeats and records outside boroughs are added."""
    tables = load_catalogue()
    drawn = records(scaled(tables.read_table("use_of_force"), divisor), tables.read_table("use_of_force_ages"), seed)
    boroughs = with_repeats(drawn.frame, len(drawn.frame) // REPEATED, seed)
    outside = drawn.frame.sample(len(drawn.frame) // REPEATED, random_state=seed)
    half = len(outside) // 2
    outside = outside.assign(borough=["Heathrow"] * half + ["Out of force"] * (len(outside) - half))
    outside["second"] += len(drawn.frame)
    return Records(pd.concat([boroughs, outside], ignore_index=True))


if __name__ == "__main__":
    main()
