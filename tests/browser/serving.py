"""The app as a server process of its own."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from tests.conftest import ROOT

APP = "streamlit_app.py"
START_DEADLINE = 60.0
STOP_DEADLINE = 10.0


@dataclass(frozen=True)
class Server:
    """Where the app answers, and what it has said on its error stream."""

    root: str
    log: Path

    def said(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")


@contextmanager
def serving(log: Path, script: str = APP) -> Iterator[Server]:
    """A new process of the app, or of another `script`, that has not had a visitor yet."""
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", script, "--server.headless", "true"]
    options = ["--server.address", "127.0.0.1", "--server.port", str(port), "--server.fileWatcherType", "none"]
    with log.open("wb") as stream:
        process = subprocess.Popen(
            [*command, *options], cwd=ROOT, stdin=subprocess.DEVNULL, stdout=stream, stderr=stream
        )
    server = Server(f"http://127.0.0.1:{port}", log)
    try:
        wait_until_healthy(server, process)
        yield server
    finally:
        stop(process)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_until_healthy(server: Server, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + START_DEADLINE
    while time.monotonic() < deadline and process.poll() is None:
        if _healthy(server):
            return
        time.sleep(0.05)
    raise RuntimeError(f"The app did not start at {server.root}:\n{server.said()}")


def _healthy(server: Server) -> bool:
    try:
        with urlopen(f"{server.root}/_stcore/health", timeout=2) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


def stop(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(STOP_DEADLINE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
