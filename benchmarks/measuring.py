"""What benchmarks share: a line of the table with its budget, and the clock."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from time import perf_counter

REPEATS = 5


@dataclass(frozen=True)
class Row:
    """One line of the table.

    Parameters
    ----------
    name, value, unit
        What was measured.
    most, least
        Its budget, if it has one: not more than `most`, or not less than `least`.
    """

    name: str
    value: float
    unit: str
    most: float | None = None
    least: float | None = None

    @property
    def kept(self) -> bool:
        """Whether the budget, if there is one, is kept."""
        return (self.most is None or self.value <= self.most) and (self.least is None or self.value >= self.least)

    @property
    def budget(self) -> str:
        """The budget and what became of it, in words; empty without a budget."""
        limits = {"at most": self.most, "at least": self.least}
        words = [f"{word} {limit:g} {self.unit}" for word, limit in limits.items() if limit is not None]
        return f"{'ok  ' if self.kept else 'OVER'}  {words[0]}" if words else ""


def best_seconds(work: Callable[[], object], repeats: int = REPEATS) -> float:
    """Shortest of several runs: what the work costs when nothing else holds it up."""
    return min(seconds(work) for _ in range(repeats))


def seconds(work: Callable[[], object]) -> float:
    """Time that `work` takes."""
    start = perf_counter()
    work()
    return perf_counter() - start


def lines(rows: Iterable[Row]) -> Iterable[str]:
    """The rows as lines of text."""
    for row in rows:
        yield f"{row.name:<62} {row.value:>10,.2f} {row.unit:<3}  {row.budget}".rstrip()
