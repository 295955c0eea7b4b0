"""Cold start: a new process of the app, until its first page has been sent to a browser."""

import tempfile
from functools import partial
from pathlib import Path

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect

from benchmarks.measuring import Row, best_seconds
from tests.browser.serving import Server, serving

FIRST_PAGE_S = 3
PATIENCE = 30


def measure() -> list[Row]:
    """Seconds from the command to the first page, at the root and by a link into a page."""
    pages = {"first page after a cold start, /": "", "the same by a link, /london_amount": "london_amount"}
    return [Row(name, best_seconds(partial(_visit, page), 3), "s", most=FIRST_PAGE_S) for name, page in pages.items()]


def _visit(page: str) -> None:
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder) / "log.txt") as server:
        _receive(server, page)


def _receive(server: Server, page: str) -> None:
    """Ask for `page` as a browser does, and read what comes until a run of the script is through."""
    stream = f"{server.root.replace('http', 'ws', 1)}/_stcore/stream"
    asked = BackMsg()
    asked.rerun_script.page_name = page
    with connect(stream, subprotocols=["streamlit"], max_size=None) as line:  # type: ignore[list-item]
        line.send(asked.SerializeToString())
        while not _finished(line.recv(PATIENCE)):
            pass


def _finished(message: str | bytes) -> bool:
    """Whether `message` ends a run that was not broken off for another one."""
    if isinstance(message, str):
        return False
    heard = ForwardMsg.FromString(message)
    if heard.WhichOneof("type") != "script_finished":
        return False
    return bool(heard.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY)
