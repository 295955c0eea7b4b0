"""Cold start: a new process of the app, until its first page has been sent to a browser."""

import asyncio
import tempfile
from functools import partial
from pathlib import Path

from benchmarks.measuring import Row, best_seconds
from benchmarks.protocol import Visit
from tests.browser.serving import APP, serving

FIRST_PAGE_S = 3
REPEATS = 3


def measure() -> list[Row]:
    """Seconds from the command to the first page, at the root and by a link into a page."""
    pages = {"first page after a cold start, /": "", "the same by a link, /london_amount": "london_amount"}
    return [
        Row(name, best_seconds(partial(visit_new_server, page), REPEATS), "s", most=FIRST_PAGE_S)
        for name, page in pages.items()
    ]


def visit_new_server(page: str, script: str = APP) -> None:
    """Start a server of `script`, and open `page` on it as its first visitor."""
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder) / "log.txt", script) as server:
        asyncio.run(_open(server.root, page))


async def _open(root: str, page: str) -> None:
    async with Visit(root) as visit:
        await visit.open(page)
