"""Shared by benchmarks: rows of the results table with budgets, timing, and the cost of a separate process."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import NamedTuple
from urllib.parse import urlsplit

REPEATS = 5


@dataclass(frozen=True)
class Row:
    """One row of the results table.

    Parameters
    ----------
    name, value, unit
        Name, value and unit of the measurement.
    most, least
        Budget, if any: not more than `most`, or not less than `least`.
    """

    name: str
    value: float
    unit: str
    most: float | None = None
    least: float | None = None

    @property
    def kept(self) -> bool:
        """Whether the budget, if any, is kept."""
        return (self.most is None or self.value <= self.most) and (self.least is None or self.value >= self.least)

    @property
    def budget(self) -> str:
        """The budget and whether it is kept, as text; empty without a budget."""
        limits = {"at most": self.most, "at least": self.least}
        labels = [f"{word} {limit:g} {self.unit}" for word, limit in limits.items() if limit is not None]
        return f"{'ok  ' if self.kept else 'OVER'}  {labels[0]}" if labels else ""


def best_seconds(work: Callable[[], object], repeats: int = REPEATS) -> float:
    """Shortest of several runs, the least disturbed by other processes."""
    return min(seconds(work) for _ in range(repeats))


def seconds(work: Callable[[], object]) -> float:
    """Time that `work` takes."""
    start = perf_counter()
    work()
    return perf_counter() - start


class Cost(NamedTuple):
    """Cost of one method: seconds without imports, and the peak memory of its process in MB."""

    seconds: float
    megabytes: float


def alone(module: str, way: str, *paths: Path) -> Cost:
    """The cost of one of the ``WAYS`` of the benchmark `module` in a new process."""
    imports = f"import sys; from {module} import WAYS; from benchmarks.measuring import print_cost"
    code = f"{imports}; print_cost(WAYS, *sys.argv[1:])"
    command = [sys.executable, "-c", code, way, *map(str, paths)]
    printed = subprocess.run(command, capture_output=True, text=True, check=True)
    return Cost(*map(float, printed.stdout.split()))


def print_cost(ways: Mapping[str, Callable[..., object]], way: str, *paths: str) -> None:
    """Print the cost of one of `ways` on `paths`, in this process."""
    took = seconds(partial(ways[way], *map(Path, paths)))
    # The peak of this process alone: getrusage can report the peak of the parent for a new process.
    print(took, memory("self", "VmHWM"))


def memory(process: int | str, kind: str = "VmRSS") -> float:
    """Resident memory of a process in MB (Linux): as it is now, or its peak with ``"VmHWM"``."""
    status = Path(f"/proc/{process}/status").read_text(encoding="utf-8").splitlines()
    return int(next(line.split()[1] for line in status if line.startswith(kind))) / 1024


def processor(process: int) -> float:
    """Seconds of processor time that a process has taken (Linux), in steps of 0.01 s."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def process_of(root: str) -> int:
    """Id of the process that serves the app at `root`, identified by the port in its command line."""
    port = f"--server.port\0{urlsplit(root).port}\0"
    return next(int(found.parent.name) for found in Path("/proc").glob("[0-9]*/cmdline") if port in _read(found))


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError:  # the process has ended in the meantime
        return ""


def lines(rows: Iterable[Row]) -> Iterable[str]:
    """The rows as lines of text."""
    for row in rows:
        yield f"{row.name:<62} {row.value:>10,.2f} {row.unit:<3}  {row.budget}".rstrip()
