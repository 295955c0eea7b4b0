"""A publisher's server on this machine that misbehaves as it is told to."""

import random
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from zipfile import ZipFile

OPEN_END = re.compile(r"bytes=(\d+)-")


def workbook_bytes(seed: int = 1, size: int = 400_000) -> bytes:
    """A file that is built as a workbook is, too large to come at once."""
    packed = BytesIO()
    with ZipFile(packed, "w") as parts:
        parts.writestr("[Content_Types].xml", "<Types/>")
        parts.writestr("xl/media/noise.bin", random.Random(seed).randbytes(size))
    return packed.getvalue()


@dataclass(frozen=True)
class Turn:
    """One answer.

    Parameters
    ----------
    body, etag
        The file, and the server's mark of its edition.
    status, headers
        What the answer says; ``None`` leaves out a header that it would have.
    sent
        After how many bytes it breaks off; all where none are named.
    stalls
        Whether it falls silent there, rather than hang up.
    ranges
        Whether it can send the rest of a file.
    believes_range
        Whether it sends the rest even of a file that has changed.
    """

    body: bytes = b""
    etag: str = '"1"'
    status: int = 200
    headers: Mapping[str, str | None] = field(default_factory=dict)
    sent: int | None = None
    stalls: bool = False
    ranges: bool = True
    believes_range: bool = False


@dataclass
class Publisher:
    """What the server is to do, by path, and what it was asked."""

    root: str = ""
    turns: dict[str, list[Turn]] = field(default_factory=dict)
    asked: list[tuple[str, Mapping[str, str]]] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)

    def will(self, name: str, *turns: Turn) -> str:
        """Answer for `name` with each of `turns`, the last of them for good; its address."""
        self.turns[f"/{name}"] = list(turns)
        return f"{self.root}/{name}"

    def header(self, name: str) -> list[str | None]:
        """What each request said under `name`."""
        return [headers.get(name) for _, headers in self.asked]


@contextmanager
def publisher() -> Iterator[Publisher]:
    """A server on loopback, until the end of the block."""
    told = Publisher()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(told))
    server.daemon_threads = True
    told.root = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield told
    finally:
        told.released.set()
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(told: Publisher) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        # Asked for by the library, in its spelling.
        def do_GET(self) -> None:
            told.asked.append((self.path, {name.title(): value for name, value in self.headers.items()}))
            waiting = told.turns[self.path]
            _answer(self, waiting.pop(0) if len(waiting) > 1 else waiting[0], told.released)

        def log_message(self, *_: object) -> None:
            """Nothing is told of requests."""

    return Handler


def _answer(handler: BaseHTTPRequestHandler, turn: Turn, released: threading.Event) -> None:
    handler.close_connection = True
    status, start = _status(handler, turn)
    body = b"" if status == 304 else turn.body[start:]
    headers: dict[str, str | None] = {"ETag": turn.etag, "Content-Length": str(len(body))}
    if status == 206:
        headers["Content-Range"] = f"bytes {start}-{len(turn.body) - 1}/{len(turn.body)}"
    handler.send_response(status)
    for name, value in {**headers, **turn.headers}.items():
        if value is not None:
            handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(body if turn.sent is None else body[: turn.sent])
    handler.wfile.flush()
    if turn.stalls:
        released.wait()


def _status(handler: BaseHTTPRequestHandler, turn: Turn) -> tuple[int, int]:
    """What is answered, and from which byte on."""
    if turn.status != 200:
        return turn.status, 0
    if turn.etag and handler.headers.get("If-None-Match") == turn.etag:
        return 304, 0
    asked = OPEN_END.fullmatch(handler.headers.get("Range", ""))
    same = turn.believes_range or handler.headers.get("If-Range") == turn.etag
    return (206, int(asked[1])) if asked and turn.ranges and same else (200, 0)
