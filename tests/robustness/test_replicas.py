"""Replicas behind a balancer: visitors stay with theirs, a link is the same page on each, and one may fail."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import AsyncExitStack
from functools import partial
from http.client import HTTPConnection, HTTPResponse
from urllib.parse import urlsplit

import pytest

from benchmarks.balancer import COOKIE, Balancer
from benchmarks.itinerary import mark, short_itinerary
from benchmarks.load import Tally, forgetful, walk
from benchmarks.replicas import differing, outlived

LINKED = ("london_map",)


@pytest.mark.slow
def test_balancer_with_two_replicas_serves_as_one_server() -> None:
    uploading = [step for step in short_itinerary(0) if step.name in ("user_panel", mark(0))]
    tally = Tally()

    async def visits(roots: tuple[str, str]) -> None:
        assert await differing(roots, LINKED) == set()
        async with Balancer(roots) as balancer:
            await walk(balancer.root, 0, uploading, tally)
        assert await outlived(roots, range(2)) == ({0}, set())

    with forgetful() as first, forgetful() as second:
        asyncio.run(visits((first.root, second.root)))
    assert (tally.errors, tally.wrong, tally.visits) == ([], [], 1)


@pytest.fixture
def unused() -> Iterator[str]:
    """An address at which nothing answers."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{held.getsockname()[1]}"


def asked(root: str, cookie: str = "") -> HTTPResponse:
    connection = HTTPConnection(urlsplit(root).netloc, timeout=10)
    connection.request("GET", "/", headers={"Cookie": cookie} if cookie else {})
    return connection.getresponse()


async def reply(name: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(f"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n{name}".encode())
    writer.close()


async def answers(cookies: list[str], dead: str = "") -> list[str]:
    """Which of two replicas answers each of the requests with `cookies`; the first is `dead` if that is named."""

    async with AsyncExitStack() as stack:
        roots = [dead] if dead else []
        for name in "ab"[len(roots) :]:
            server = await asyncio.start_server(partial(reply, name), "127.0.0.1", 0)
            await stack.enter_async_context(server)
            roots.append(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
        balancer = await stack.enter_async_context(Balancer(roots))
        found = []
        for cookie in cookies:
            answer = await asyncio.to_thread(asked, balancer.root, cookie)
            cookie_set = str(answer.headers["Set-Cookie"]).split(";")[0]
            found.append(f"{answer.read().decode()} {cookie_set}")
        return found


def test_balancer_spreads_new_visitors_and_returns_known_ones() -> None:
    cookies = ["", "", "", f"{COOKIE}=1", f"x=2|y; {COOKIE}=0"]
    assert asyncio.run(answers(cookies)) == [f"{name} {COOKIE}={'ab'.index(name)}" for name in "ababa"]


def test_balancer_with_unreachable_replica_passes_it_over(unused: str) -> None:
    second = f"b {COOKIE}=1"
    assert asyncio.run(answers(["", f"{COOKIE}=0", f"{COOKIE}=98"], dead=unused)) == [second] * 3
