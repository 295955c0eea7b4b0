"""A minimal load balancer in front of replicas of the app, on loopback, with sticky sessions.

A new visitor is assigned the next replica, and a cookie that names it. All further requests of their browser go to
that replica: pages, the websocket, uploads and downloads, because their uploads are stored there. If that replica does
not respond they are assigned another, with a new cookie.
"""

import asyncio
import re
from collections.abc import Sequence
from contextlib import closing, suppress
from typing import Self
from urllib.parse import urlsplit

COOKIE = "replica"
SAYS_WHICH = re.compile(rb"^cookie:.*\b" + COOKIE.encode() + rb"=(\d+)", re.IGNORECASE | re.MULTILINE)
HEAD_ENDS = b"\r\n\r\n"
CHUNK = 65536

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Balancer:
    """Forwards connections to `replicas`, given by address; an asynchronous context manager with address ``root``."""

    def __init__(self, replicas: Sequence[str]) -> None:
        self.replicas = replicas
        self.visitors = 0
        self.root = ""

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._forward, "127.0.0.1", 0)
        self.root = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()

    async def _forward(self, visitor: asyncio.StreamReader, to_visitor: asyncio.StreamWriter) -> None:
        """Forward one connection. It belongs to one browser, so its first request determines the replica.

        If either side disconnects, the other connection is closed.
        """
        with closing(to_visitor), suppress(OSError, asyncio.IncompleteReadError):
            request = await visitor.readuntil(HEAD_ENDS)
            number, (replica, to_replica) = await self._connect(request)
            with closing(to_replica):
                to_replica.write(request)
                there = asyncio.create_task(_pour(visitor, to_replica))
                to_visitor.write(_with_cookie(await replica.readuntil(HEAD_ENDS), number))
                back = asyncio.create_task(_pour(replica, to_visitor))
                await asyncio.wait((there, back), return_when=asyncio.FIRST_COMPLETED)
                there.cancel()
                back.cancel()

    async def _connect(self, request: bytes) -> tuple[int, Streams]:
        """The replica that the cookie names, or the next one; if it does not respond, the one after it."""
        cookie = SAYS_WHICH.search(request)
        first = int(cookie[1]) if cookie else self.visitors
        self.visitors += not cookie
        for turn in range(len(self.replicas)):
            number = (first + turn) % len(self.replicas)
            address = urlsplit(self.replicas[number])
            with suppress(OSError):
                return number, await asyncio.open_connection(address.hostname, address.port)
        raise ConnectionError("no replica answers")


async def _pour(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while chunk := await source.read(CHUNK):
            sink.write(chunk)
            await sink.drain()


def _with_cookie(answer: bytes, number: int) -> bytes:
    """The head of a response, with the cookie that names replica `number`."""
    status, rest = answer.split(b"\r\n", 1)
    return b"%b\r\nSet-Cookie: %b=%d; Path=/; HttpOnly; SameSite=Lax\r\n%b" % (status, COOKIE.encode(), number, rest)
