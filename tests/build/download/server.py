"""A publisher's server on this machine, which answers as a test says."""

import random
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from zipfile import ZipFile

import requests
from openpyxl import Workbook
from requests.adapters import HTTPAdapter

SITE = "https://publisher.example"


def workbook_bytes(seed: int = 1, size: int = 400_000) -> bytes:
    """A workbook that is too large to come in one block."""
    content = BytesIO()
    Workbook().save(content)
    with ZipFile(content, "a") as parts:
        parts.writestr("xl/media/noise.bin", random.Random(seed).randbytes(size))
    return content.getvalue()


@dataclass(frozen=True)
class Answer:
    """One answer.

    Parameters
    ----------
    body, etag
        The file, and the name of its edition.
    status, headers
        What the answer says; ``None`` leaves out a header that it would have.
    sent
        After how many bytes it ends; after all where none are named.
    stalls
        Whether it stalls there instead of hanging up.
    """

    body: bytes = b""
    etag: str = '"1"'
    status: int = 200
    headers: Mapping[str, str | None] = field(default_factory=dict)
    sent: int | None = None
    stalls: bool = False


@dataclass
class Publisher:
    """The answers by path, and the requests that came."""

    root: str = ""
    answers: dict[str, list[Answer]] = field(default_factory=dict)
    requests: list[tuple[str, Mapping[str, str]]] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)

    def serve(self, name: str, *answers: Answer) -> str:
        """Give each of `answers` to requests for `name`, the last of them for good; its address."""
        self.answers[f"/{name}"] = list(answers)
        return f"{SITE}/{name}"

    def header(self, name: str) -> list[str | None]:
        """The header `name` of each request."""
        return [headers.get(name) for _, headers in self.requests]


class LoopbackAdapter(HTTPAdapter):
    """Sends what is for :data:`SITE` to `publisher`, which has no certificate."""

    publisher: Publisher

    def send(self, request: requests.PreparedRequest, *args: object, **options: object) -> requests.Response:
        local = request.copy()
        local.url = str(request.url).replace(SITE, self.publisher.root)
        response = super().send(local, *args, **options)  # type: ignore[arg-type]
        response.url = str(request.url)
        return response


@contextmanager
def running_publisher() -> Iterator[Publisher]:
    """A server on loopback, until the end of the block."""
    publisher = Publisher()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(publisher))
    server.daemon_threads = True
    publisher.root = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield publisher
    finally:
        publisher.released.set()
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(publisher: Publisher) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        # Called by the library under this name.
        def do_GET(self) -> None:
            publisher.requests.append((self.path, {name.title(): value for name, value in self.headers.items()}))
            waiting = publisher.answers[self.path]
            answer = waiting.pop(0) if len(waiting) > 1 else waiting[0]
            _send(self, answer)
            if answer.stalls:
                publisher.released.wait()

        def log_message(self, *_: object) -> None:
            """Requests are not logged."""

    return Handler


def _send(handler: BaseHTTPRequestHandler, answer: Answer) -> None:
    handler.close_connection = True
    is_unchanged = answer.status == 200 and answer.etag and handler.headers.get("If-None-Match") == answer.etag
    body = b"" if is_unchanged else answer.body
    handler.send_response(304 if is_unchanged else answer.status)
    for name, value in {"ETag": answer.etag, "Content-Length": str(len(body)), **answer.headers}.items():
        if value is not None:
            handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(body[: answer.sent])
    handler.wfile.flush()
