"""Cost of each page: time to first render, time after a change, bytes sent to the browser.

Measured from outside, on the websocket of a separate server: from the request to the last message of the run.
"""

import asyncio
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.itinerary import UPLOADER, own_file
from benchmarks.load import forgetful
from benchmarks.measuring import Row, process_of, processor
from benchmarks.protocol import Page, Visit
from core.registry.pages import PAGES

RERUN_MS = 250
VISITORS = 10
CHANGES = 20
OWN = "user_panel"
# What pages about one place are opened with: without it they show a map to choose on, and no answer.
PLACES: Mapping[str, Mapping[str, str]] = {
    "borough": {"borough": "Lambeth"},
    "neighbourhood": {"district": "Coventry", "lsoa": "E01009590"},
}


@dataclass(frozen=True)
class Cost:
    """Cost of one run, in milliseconds: elapsed time, and processor time of the server."""

    answered: float
    worked: float


def measure() -> list[Row]:
    """Milliseconds and kilobytes of every page, one visitor at a time."""
    with forgetful() as server:
        return [row for entry in PAGES for row in asyncio.run(_rows(server.root, entry.name))]


async def _rows(root: str, name: str) -> list[Row]:
    process = process_of(root)
    visits = [await _opened(root, process, name) for _ in range(VISITORS + 1)]
    (empty, _), *later = visits
    page = visits[-1][1]
    return [
        Row(f"{name}: first render, caches empty", empty.answered, "ms"),
        *_time_rows(f"{name}: first render", [cost for cost, _ in later]),
        *_time_rows(f"{name}: rerun, new choices", await _changes(root, process, name), RERUN_MS),
        *_time_rows(f"{name}: rerun, warm", await _changes(root, process, name), RERUN_MS),
        Row(f"{name}: sent to the browser, before packing", page.plain / 1000, "kB"),
        Row(f"{name}: sent to the browser, as packed", page.packed / 1000, "kB"),
    ]


def _time_rows(what: str, costs: Sequence[Cost], most: float | None = None) -> list[Row]:
    middle, high = np.percentile([cost.answered for cost in costs], [50, 95])
    return [
        Row(f"{what}, median of {len(costs)}", float(middle), "ms"),
        Row(f"{what}, 95th percentile", float(high), "ms", most=most),
        Row(
            f"{what}, 95th percentile of processor time",
            float(np.percentile([cost.worked for cost in costs], 95)),
            "ms",
        ),
    ]


async def _opened(root: str, process: int, name: str) -> tuple[Cost, Page]:
    async with Visit(root) as visit:
        return await cost(process, visit.open(name, PLACES.get(name))), visit.page


async def open_page(visit: Visit, name: str, layer: str = "") -> None:
    """Open page `name` so that it has an answer, in one of its layers if it has some."""
    await visit.open(name, {**PLACES.get(name, {}), **({"layer": layer} if layer else {})})
    if name == OWN:
        await visit.submit(UPLOADER, "panel.csv", own_file("Area"))


async def _changes(root: str, process: int, name: str) -> list[Cost]:
    """Costs of runs after changes, each to another option: first uncached, then cached for another visitor."""
    async with Visit(root) as visit:
        await open_page(visit, name)
        return [await cost(process, changed(visit, turn)) for turn in range(CHANGES)]


async def cost(process: int, run: Awaitable[Page]) -> Cost:
    """What `run` costs the server, which is `process`."""
    before = processor(process)
    page = await run
    return Cost(page.seconds * 1000, (processor(process) - before) * 1000)


async def changed(visit: Visit, turn: int) -> Page:
    """Change one of the page's widgets, in rotation; a page without widgets is run again as it is."""
    boxes = [box for box in visit.page.of_kind("selectbox") if len(box.options) > 1 and not box.disabled]
    toggles = [toggle for toggle in visit.page.of_kind("checkbox") if not toggle.disabled]
    widgets: list[Any] = [*boxes, *toggles]
    if not widgets:
        return await visit.again()
    widget = widgets[turn % len(widgets)]
    if widget in boxes:
        options = list(widget.options)
        return await visit.choose(widget.label, options[(options.index(visit.value(widget)) + 1) % len(options)])
    return await visit.switch(widget.label, not visit.value(widget))
