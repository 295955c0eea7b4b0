"""Compares this version with one before it: each part of the benchmarks in turns, and what became of each figure."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import NamedTuple

from benchmarks.versions import ROOT, checked_out, run_in

# A row as `benchmarks.measuring.lines` prints it, of this version or of another.
ROW = re.compile(r"^(?P<name>\S.*?) +(?P<value>[\d,]+\.\d\d) (?P<unit>ms|s|kB|MB)\b")
SLOWER = 1.1
Measured = Mapping[str, Sequence[float]]


class Change(NamedTuple):
    """A figure before and now, each the median of its turns, and whether it is worse now in every turn."""

    name: str
    unit: str
    before: float
    now: float
    worse: bool

    @property
    def line(self) -> str:
        """The change as a line of text."""
        ratio = self.now / self.before if self.before else float("nan")
        text = f"{self.name:<62} {self.before:>10,.2f} {self.now:>10,.2f} {self.unit:<3} {ratio:>6.2f}"
        return f"{text}  WORSE" if self.worse else text


def rows(printed: str) -> Iterator[tuple[str, str, float]]:
    """Name, unit and value of each figure in time or size among the lines that benchmarks print."""
    for match in filter(None, map(ROW.match, printed.splitlines())):
        yield match["name"], match["unit"], float(match["value"].replace(",", ""))


def changes(before: Iterable[str], now: Iterable[str]) -> list[Change]:
    """What became of each figure that both versions print.

    Parameters
    ----------
    before, now
        What each turn printed, of either version.
    """
    old, new = _gathered(before), _gathered(now)
    return [
        Change(*key, median(old[key]), median(values), min(values) > SLOWER * max(old[key]))
        for key, values in new.items()
        if key in old
    ]


def _gathered(turns: Iterable[str]) -> dict[tuple[str, str], list[float]]:
    found: dict[tuple[str, str], list[float]] = defaultdict(list)
    for printed in turns:
        for name, unit, value in rows(printed):
            found[name, unit].append(value)
    return found


def compare(version: str, parts: Sequence[str], turns: int) -> int:
    """Print what each figure of `parts` was in `version` and is now; 1 if one is worse by a tenth in every turn."""
    print(f"{'':<62} {'before':>10} {'now':>10} {'':<3} {'ratio':>6}")
    worse = []
    with checked_out(version) as other:
        for part in parts:
            printed: dict[Path, list[str]] = {other: [], ROOT: []}
            for turn in range(turns):
                for folder in (other, ROOT) if turn % 2 == 0 else (ROOT, other):
                    printed[folder].append(run_in(folder, "-m", "benchmarks", part))
            found = changes(printed[other], printed[ROOT])
            print("", *(change.line for change in found), sep="\n", flush=True)
            worse += [change.name for change in found if change.worse]
    print(f"\nWorse in every turn: {'; '.join(worse)}" if worse else "\nNothing is worse in every turn.")
    return 1 if worse else 0
