"""Load test: many visitors at once, using the protocol of Streamlit's browser client, on loopback.

``python -m benchmarks.load --visitors 50 --seconds 120`` lets visitors open pages, change models and upload files at
the same time. Each makes different choices. The answer on a page must equal the one calculated from the figures in this
process; the complete page must equal the one sent to the same visitor alone by another server; and a name in an
uploaded file must not reach other visitors.

``python -m benchmarks.load --visits 400`` runs visits one after the other, eight at a time, as in hours of use, and
relates the server's memory to the number of visits. The server's caches have a tenth of their usual size: they are full
after the warm-up and replace entries from then on, so that growth is not due to caching.

Exits with 1 if an answer is wrong or missing, or memory is over its budget.
"""

import argparse
import asyncio
import os
import random
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from time import perf_counter

import numpy as np
from scipy import stats
from websockets.exceptions import WebSocketException

from benchmarks.itinerary import MARK, Step, itinerary, mark, short_itinerary
from benchmarks.measuring import Row, lines, memory, process_of
from benchmarks.protocol import Page, Visit, VisitError
from tests.browser.serving import APP, Server, serving

VISITORS, SECONDS = 50, 120
MOST_MB = 1000
NEAR = 1.1  # times the memory before: counts as having returned to it
SECONDS_KEPT = 3  # how long a server under test keeps a disconnected session; 120 by default
READING = 5.0  # mean seconds that a visitor reads a page
AT_ONCE = 8
SAMPLE_EVERY = 20
KEPT = 100  # cache sizes of the server in :func:`in_turn`
WARM_UP = 0.4  # share of the visits during which caches fill
GROWTH_MB = 1.0  # per 100 visits
EXPECTED_ERRORS = (VisitError, OSError, TimeoutError, WebSocketException)

Walks = Mapping[int, Sequence[Step]]  # by visitor
Sent = Mapping[int, Sequence[str]]  # fingerprints of pages by visitor


@dataclass
class Tally:
    """Outcomes of visits: seconds of each run, wrong answers, errors, completed visits."""

    seconds: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    visits: int = 0

    @property
    def ninety_fifth(self) -> float:
        """95th percentile of the seconds of a run."""
        return float(np.percentile(self.seconds, 95))


class MarkListener:
    """Records whose markers reach a visitor."""

    def __init__(self) -> None:
        self.marks: set[str] = set()

    def __call__(self, message: bytes) -> None:
        """Record the markers in `message`."""
        self.marks |= {found.decode() for found in MARK.findall(message)}


async def walk(root: str, number: int, steps: Sequence[Step], tally: Tally, reading: float = 0.0) -> list[Page]:
    """Let visitor `number` take `steps` in a new visit, and record the outcome in `tally`."""
    pause, listener, pages = random.Random(number), MarkListener(), []
    try:
        async with Visit(root, listener) as visit:
            for step in steps:
                pages.append(await step.take(visit))
                tally.seconds.append(pages[-1].seconds)
                if reading:
                    await asyncio.sleep(pause.uniform(0.5, 1.5) * reading)
    except EXPECTED_ERRORS as error:
        tally.errors.append(f"visitor {number}: {error!r}")
    foreign = listener.marks - {mark(number)}
    if foreign:
        tally.wrong.append(f"visitor {number} was sent the file of {', '.join(sorted(foreign))}")
    tally.visits += 1
    return pages


async def alone(root: str, walks: Walks) -> Sent:
    """Fingerprints of the pages that each visitor is sent when alone."""
    tally = Tally()
    sent = {number: fingerprints(await walk(root, number, steps, tally)) for number, steps in walks.items()}
    if tally.errors or tally.wrong:
        raise VisitError(f"a visitor alone was not served: {[*tally.errors, *tally.wrong][0]}")
    return sent


async def together(
    root: str, walks: Walks, expected: Sent, tally: Tally, seconds: float = 0.0, reading: float = 0.0
) -> None:
    """All visitors at once, each repeatedly until `seconds` have passed, or once; pages must be as `expected`."""
    end = perf_counter() + seconds

    async def visitor(number: int, steps: Sequence[Step]) -> None:
        await asyncio.sleep(random.Random(number).uniform(0, reading))
        while True:
            sent = fingerprints(await walk(root, number, steps, tally, reading))
            tally.wrong += [
                f"visitor {number}: {step.kind} {step.name} is not the page sent alone"
                for step, page, as_alone in zip(steps, sent, expected[number], strict=False)
                if page != as_alone
            ]
            if perf_counter() >= end:
                return

    await asyncio.gather(*(visitor(number, steps) for number, steps in walks.items()))


def fingerprints(pages: Sequence[Page]) -> list[str]:
    """The fingerprint of each of `pages`."""
    return [page.fingerprint() for page in pages]


async def at_rest(root: str, process: int) -> float:
    """Memory in MB after ended sessions are removed, which the server does when the next one ends."""
    await asyncio.sleep(SECONDS_KEPT + 1)
    for _ in range(2):
        await walk(root, 0, itinerary(0)[:1], Tally())
        await asyncio.sleep(0.5)
    return memory(process)


async def at_once(root: str, process: int, walks: Walks, expected: Sent, seconds: float, reading: float) -> list[Row]:
    """Results for visitors at once: first with a cold server, then with filled caches and time to read."""
    cold, warm = Tally(), Tally()
    await together(root, walks, expected, cold)
    base = await at_rest(root, process)
    print_problems(cold)
    start = perf_counter()
    async with _memory_watch(process) as seen:
        await together(root, walks, expected, warm, seconds, reading)
    took = perf_counter() - start
    after = await at_rest(root, process)
    print_problems(warm)
    return [
        Row("visitors at once", len(walks), ""),
        *answer_rows("cold, nobody reads", cold),
        *answer_rows(f"warm, {reading:g} s to read", warm),
        Row("runs a second", len(warm.seconds) / took, "/s"),
        Row("memory before, caches filled", base, "MB"),
        Row("memory at its peak", max(seen), "MB", most=MOST_MB),
        Row("memory after they have left", after, "MB", most=base * NEAR),
    ]


async def in_turn(root: str, process: int, visits: int) -> list[Row]:
    """Results for visits one after the other, some at a time: answers, and memory by number of visits."""
    tally, samples, numbers = Tally(), [], iter(range(visits))

    async def visitor() -> None:
        for number in numbers:
            await walk(root, number, short_itinerary(number), tally)
            if tally.visits % SAMPLE_EVERY == 0:
                samples.append((tally.visits, memory(process)))

    await asyncio.gather(*(visitor() for _ in range(AT_ONCE)))
    print_problems(tally)
    return [*answer_rows(f"{AT_ONCE} at a time", tally), *_growth_rows(samples, visits)]


def _growth_rows(samples: Sequence[tuple[int, float]], visits: int) -> Iterator[Row]:
    """Memory growth per hundred visits after the warm-up, with its 95% interval."""
    table = np.array(samples)
    for start in range(0, visits, 100):
        within = table[(table[:, 0] > start) & (table[:, 0] <= start + 100), 1]
        if len(within):
            yield Row(f"memory, visits {start + 1} to {start + 100}", float(within.mean()), "MB")
    late = table[table[:, 0] > visits * WARM_UP]
    line = stats.linregress(late[:, 0] / 100, late[:, 1])
    reach = line.stderr * stats.t.ppf(0.975, len(late) - 2)
    yield Row("slope after the warm-up, by 100 visits", line.slope, "MB")
    yield Row("its 95% interval, lower end", line.slope - reach, "MB", most=GROWTH_MB)
    yield Row("its 95% interval, upper end", line.slope + reach, "MB")
    yield Row("memory at its peak", float(table[:, 1].max()), "MB", most=MOST_MB)


def answer_rows(when: str, tally: Tally) -> list[Row]:
    return [
        Row(f"{when}: visits", tally.visits, ""),
        Row(f"{when}: runs", len(tally.seconds), ""),
        Row(f"{when}: errors", len(tally.errors), "", most=0),
        Row(f"{when}: wrong answers", len(tally.wrong), "", most=0),
        Row(f"{when}: seconds to an answer, median", float(np.median(tally.seconds)), "s"),
        Row(f"{when}: seconds to an answer, 95th percentile", tally.ninety_fifth, "s"),
    ]


def print_problems(tally: Tally) -> None:
    for line in [*tally.errors, *tally.wrong][:10]:
        print(line, file=sys.stderr)


class _memory_watch:
    """The memory of a process, sampled twice a second while a block runs."""

    def __init__(self, process: int) -> None:
        self._process, self._seen = process, [memory(process)]

    async def __aenter__(self) -> list[float]:
        self._task = asyncio.create_task(self._look())
        return self._seen

    async def __aexit__(self, *_: object) -> None:
        self._task.cancel()

    async def _look(self) -> None:
        while True:
            self._seen.append(memory(self._process))
            await asyncio.sleep(0.5)


@contextmanager
def forgetful(script: str = APP, **settings: str) -> Iterator[Server]:
    """A server of `script` that removes sessions soon after they disconnect, with `settings` in its environment."""
    before = dict(os.environ)
    os.environ |= {"STREAMLIT_SERVER_DISCONNECTED_SESSION_TTL": str(SECONDS_KEPT), **settings}
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder) / "log.txt", script) as server:
        os.environ.clear()
        os.environ.update(before)
        yield server
        if "Traceback" in server.said():
            raise VisitError(f"the server's log has an error:\n{server.said()}")


def measure_at_once(visitors: int = VISITORS, seconds: float = SECONDS, reading: float = READING) -> list[Row]:
    """:func:`at_once` on a new server, after each visitor has visited another server alone."""
    walks = {number: itinerary(number) for number in range(visitors)}
    with forgetful() as other:
        expected = asyncio.run(alone(other.root, walks))
    with forgetful() as server:
        return asyncio.run(at_once(server.root, process_of(server.root), walks, expected, seconds, reading))


def measure_in_turn(visits: int, cached: int = KEPT) -> list[Row]:
    """:func:`in_turn` on a new server that caches `cached` figures and results."""
    with forgetful(EXPLORER_KEPT=str(cached)) as server:
        return asyncio.run(in_turn(server.root, process_of(server.root), visits))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return 1 if a budget is exceeded."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load", description="Visitors at once, or in turn.")
    parser.add_argument("--visitors", type=int, default=VISITORS, help="visitors at once (default: %(default)s)")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="for how long (default: %(default)s)")
    parser.add_argument("--reading", type=float, default=READING, help="seconds to read a page (default: %(default)s)")
    parser.add_argument("--visits", type=int, help=f"short visits in turn, {AT_ONCE} at a time, instead")
    parser.add_argument("--kept", type=int, default=KEPT, help="figures and results kept then (default: %(default)s)")
    options = parser.parse_args(arguments)
    at_once_ = partial(measure_at_once, options.visitors, options.seconds, options.reading)
    rows = measure_in_turn(options.visits, options.kept) if options.visits else at_once_()
    print(*lines(rows), sep="\n")
    return 0 if all(row.kept for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
