"""What a change on each page costs, and a cold start, as ratios to those of a plain Streamlit page.

A busy machine slows both: the app and ``benchmarks/plain_page.py`` are served by a process each, and asked in turns.
Neither collects garbage after a run, which Streamlit does when the page is there: a plain page would take twice as long
for it, and the app hardly longer (``core/app/runtime/gc_freeze.py``), so that its ratios would be half of these.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack, ExitStack
from dataclasses import dataclass
from functools import partial

import numpy as np

from benchmarks.load import forgetful
from benchmarks.measuring import Row, process_of, seconds
from benchmarks.pages import CHANGES, OWN, Cost, changed, cost, open_page
from benchmarks.protocol import Visit
from benchmarks.start import visit_new_server
from core.registry.pages import PAGES
from tests.browser.serving import APP

PLAIN = "benchmarks/plain_page.py"
MEDIAN, NINETY_FIFTH, START = 1.3, 2.5, 1.5
LAYERS = ("summary", "analysts")
ONE_LAYER = ("home", "published_claims", "data", "glossary", OWN)
STARTS = 3
WITHOUT_COLLECTION = {"STREAMLIT_RUNNER_POST_SCRIPT_GC": "false"}


@dataclass(frozen=True)
class Turn:
    """Costs of a change of the app and of the plain page, one right after the other."""

    ours: Cost
    plain: Cost


def measure(pages: Sequence[str] = ()) -> list[Row]:
    """Ratios of a change on each of `pages`, or on all."""
    shown = [(name, layer) for name in pages or [page.name for page in PAGES] for layer in _layers(name)]
    with ExitStack() as stack:
        ours, plain = (stack.enter_context(forgetful(script, **WITHOUT_COLLECTION)).root for script in (APP, PLAIN))
        asyncio.run(_turns(ours, plain, "glossary", ""))  # both have had a visitor
        return [row for name, layer in shown for row in _rows(ours, plain, name, layer)]


def measure_start() -> list[Row]:
    """Ratios of a cold start: from the command to the first page."""
    ways: dict[str, Callable[[], None]] = {
        "plain": partial(visit_new_server, "", PLAIN),
        "home": partial(visit_new_server, "home"),
        "london_amount": partial(visit_new_server, "london_amount"),
    }
    taken = [{name: seconds(visit) for name, visit in ways.items()} for _ in range(STARTS)]
    medians = {name: float(np.median([turn[name] for turn in taken])) for name in ways}
    return [
        Row(f"{name}: cold start, times a plain page", medians[name] / medians["plain"], "x", most=START)
        for name in ways
        if name != "plain"
    ]


def _layers(name: str) -> Sequence[str]:
    return ("",) if name in ONE_LAYER else LAYERS


def _rows(ours: str, plain: str, name: str, layer: str) -> list[Row]:
    where = f"{name}, {layer}" if layer else name
    new = asyncio.run(_turns(ours, plain, name, layer))
    warm = asyncio.run(_turns(ours, plain, name, layer))
    return [*_ratio_rows(f"{where}: new choices", new), *_ratio_rows(f"{where}: warm", warm)]


def _ratio_rows(what: str, turns: Sequence[Turn]) -> list[Row]:
    ours, plain = ([cost.answered for cost in costs] for costs in zip(*((t.ours, t.plain) for t in turns), strict=True))
    worked = sum(turn.ours.worked for turn in turns) / sum(turn.plain.worked for turn in turns)
    (middle, high), (plain_middle, plain_high) = (np.percentile(costs, [50, 95]) for costs in (ours, plain))
    return [
        Row(f"{what}, median, times a plain page", float(middle / plain_middle), "x", most=MEDIAN),
        Row(f"{what}, 95th percentile, times a plain page", float(high / plain_high), "x", most=NINETY_FIFTH),
        Row(f"{what}, processor time, times a plain page", worked, "x"),
    ]


async def _turns(ours: str, plain: str, name: str, layer: str) -> list[Turn]:
    """The same number of changes of page `name` and of the plain page, in turns."""
    processes = process_of(ours), process_of(plain)
    async with AsyncExitStack() as stack:
        visit, other = [await stack.enter_async_context(Visit(root)) for root in (ours, plain)]
        await open_page(visit, name, layer)
        await other.open("")
        return [
            Turn(await cost(processes[0], changed(visit, turn)), await cost(processes[1], changed(other, turn)))
            for turn in range(CHANGES)
        ]
