"""Visitors at once, at reduced scale, are answered with their own figures. ``python -m benchmarks.load`` has more."""

import asyncio
from dataclasses import replace

import pytest

from benchmarks.itinerary import mark, short_itinerary
from benchmarks.load import Tally, alone, forgetful, together, walk

VISITORS = range(8)


@pytest.mark.slow
def test_server_with_eight_visitors_answers_each_with_their_own_figures() -> None:
    walks, tally = {number: short_itinerary(number) for number in VISITORS}, Tally()
    with forgetful() as server:
        expected = asyncio.run(alone(server.root, walks))
        asyncio.run(together(server.root, walks, expected, tally))
    assert not tally.errors
    assert not tally.wrong
    assert len(tally.seconds) == sum(map(len, walks.values()))


def test_walk_and_together_with_answers_of_another_visitor_report_them() -> None:
    first, *_ = short_itinerary(1)
    other, *_ = short_itinerary(2)
    tally = Tally()

    async def visits(root: str) -> None:
        await walk(root, 1, [replace(first, answer=other.answer)], tally)
        await together(root, {1: [first]}, {1: ["of another"]}, tally)
        await walk(root, 1, [step for step in short_itinerary(0) if step.name in ("user_panel", mark(0))], tally)

    with forgetful() as server:
        asyncio.run(visits(server.root))
    assert len(tally.errors) == 1
    assert "was answered" in tally.errors[0]
    assert [line.split(":")[0] for line in tally.wrong] == ["visitor 1", f"visitor 1 was sent the file of {mark(0)}"]
