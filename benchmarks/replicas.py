"""Two replicas of the app behind a load balancer, on loopback: ``python -m benchmarks.replicas``.

Replicas share nothing. A link must therefore give the same page on each; visitors through the balancer must get
the same pages as one alone on another server; and when a replica is killed its visitors must see on the other one what
they saw before, from the link in their address bar.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Collection, Mapping, Sequence
from contextlib import AsyncExitStack, suppress
from time import perf_counter
from urllib.parse import parse_qsl, urlsplit

from websockets.exceptions import ConnectionClosed

from benchmarks.balancer import COOKIE, Balancer
from benchmarks.itinerary import short_itinerary
from benchmarks.load import Sent, Tally, Walks, alone, answer_rows, forgetful, print_problems, together
from benchmarks.measuring import Row, lines, memory, process_of
from benchmarks.protocol import Page, Visit
from core.registry.pages import PAGES

VISITORS = 20
CHANGES = 3  # of a model at the start of a visit, in itinerary.short_itinerary


def measure(visitors: int = VISITORS) -> list[Row]:
    """Results for visitors with one replica and with two, and when one of the two is killed."""
    walks = {number: short_itinerary(number) for number in range(visitors)}
    with forgetful() as other:
        expected = asyncio.run(alone(other.root, walks))
    with forgetful() as first, forgetful() as second:
        return asyncio.run(_measure((first.root, second.root), walks, expected))


async def _measure(roots: tuple[str, str], walks: Walks, expected: Sent) -> list[Row]:
    unlike = await differing(roots, [entry.name for entry in PAGES])
    one, two = [await _served(served, walks, expected) for served in (roots[:1], roots)]
    memory_rows = [Row(f"memory of replica {root[-5:]}", memory(process_of(root)), "MB") for root in roots]
    moved, changed = await outlived(roots, list(walks))
    return [
        Row("pages that differ between the replicas", len(unlike), "", most=0),
        *one,
        *two,
        *memory_rows,
        Row("visitors of a replica that is killed", len(moved), ""),
        Row("those among all who then see another page", len(changed), "", most=0),
    ]


async def differing(roots: Sequence[str], pages: Collection[str]) -> set[str]:
    """Those of `pages` that differ between `roots`."""
    prints = {page: {(await _opened(root, page)).fingerprint() for root in roots} for page in pages}
    return {page for page, found in prints.items() if len(found) > 1}


async def _served(roots: Sequence[str], walks: Walks, expected: Sent) -> list[Row]:
    """All visitors at once through a balancer in front of `roots`: once to fill caches, then counted."""
    async with Balancer(roots) as balancer:
        cold, warm = Tally(), Tally()
        await together(balancer.root, walks, expected, cold)
        start = perf_counter()
        await together(balancer.root, walks, expected, warm)
        took = perf_counter() - start
    print_problems(cold)
    print_problems(warm)
    name = f"{len(roots)} replica{'s' * (len(roots) > 1)}"
    return [
        *answer_rows(f"{name}, cold", cold),
        *answer_rows(name, warm),
        Row(f"{name}: runs a second", len(warm.seconds) / took, "/s"),
    ]


async def outlived(roots: Sequence[str], numbers: Sequence[int]) -> tuple[set[int], set[int]]:
    """Kill the first of `roots` under visitors who have changed a model.

    Returns
    -------
    moved, changed
        Visitors who had to reconnect, and those whose page then differs.
    """
    async with Balancer(roots) as balancer, AsyncExitStack() as stack:
        visits = {number: await stack.enter_async_context(Visit(balancer.root)) for number in numbers}
        before = {number: await _model_changed(visit, number) for number, visit in visits.items()}
        os.kill(process_of(roots[0]), signal.SIGKILL)
        await _gone(roots[0])
        after = {number: await _seen_again(visit) for number, visit in visits.items()}
    moved = {number for number, visit in visits.items() if visit.cookies[COOKIE] == "0"}
    return moved, {number for number in numbers if after[number].view() != before[number].view()}


async def _gone(root: str) -> None:
    """Wait until `root` accepts no connections: a killed process may still accept some for a moment."""
    address = urlsplit(root)
    with suppress(OSError):
        while True:
            _, to_server = await asyncio.open_connection(address.hostname, address.port)
            to_server.close()
            await asyncio.sleep(0.01)


async def _model_changed(visit: Visit, number: int) -> Page:
    for step in short_itinerary(number)[:CHANGES]:
        page = await step.take(visit)
    return page


async def _seen_again(visit: Visit) -> Page:
    """The page of `visit` once more, by its link on a new connection if the old one is closed."""
    try:
        return await visit.again()
    except ConnectionClosed:
        return await _opened(visit.root, visit.name, dict(parse_qsl(visit.query)), dict(visit.cookies))


async def _opened(
    root: str, page: str, query: Mapping[str, str] | None = None, cookies: dict[str, str] | None = None
) -> Page:
    async with Visit(root, cookies=cookies) as visit:
        return await visit.open(page, query)


def main() -> int:
    """Print the results; return 1 if a budget is exceeded."""
    rows = measure()
    print(*lines(rows), sep="\n")
    return 0 if all(row.kept for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
