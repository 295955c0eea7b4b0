"""The borough map compared with the study's dashboard: bytes sent to the browser, and time until a map is painted.

The study's dashboard is rebuilt in ``benchmarks/study_dashboard``, with boundaries as detailed as its own. Both are
served in the same way, on loopback and compressed, and painted by the same Chromium with an empty cache. The
dashboard's map would load Leaflet and more from other hosts; here it gets Leaflet at once from this machine, and the
rest not at all.
"""

import asyncio
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple, TypeAlias

import numpy as np
from playwright.sync_api import Browser, Request, Route, ViewportSize, sync_playwright
from playwright.sync_api import Page as BrowserPage

from benchmarks.load import forgetful
from benchmarks.measuring import Row
from benchmarks.protocol import PATIENCE, Page, Visit
from tests.browser.conftest import ARGUMENTS, CHROMIUM
from tests.browser.serving import Server, free_port, stop, wait_until_healthy
from tests.browser.visiting import Visitor
from tests.conftest import ROOT

SHARE = 0.1
ROUNDS = 5
VIEW: ViewportSize = {"width": 1400, "height": 1000}
Line: TypeAlias = Mapping[str, float]
LINES: Mapping[str, Line] = {
    "": {"latency": 0, "downloadThroughput": -1, "uploadThroughput": -1},
    ", over 10 Mbit/s and 40 ms": {"latency": 40, "downloadThroughput": 10e6 / 8, "uploadThroughput": 10e6 / 8},
}
DASHBOARD = "benchmarks/study_dashboard/app.py"


@dataclass(frozen=True)
class Shown:
    """A page with a map: name, path, kind of element, selector, and the condition that it is loaded."""

    name: str
    path: str
    kind: str
    place: str
    there: str


class Painted(NamedTuple):
    """Seconds from request to painted map, on a first and a second visit, and kB of scripts fetched for it."""

    first: float
    again: float
    programs: float


OURS = Shown(
    "borough map",
    "london_map",
    "deck_gl_json_chart",
    ".st-key-borough_map",
    "document.querySelector('.st-key-borough_map .still img')?.naturalWidth > 0",
)
STUDY = Shown(
    "the study's dashboard",
    "",
    "iframe",
    "[data-testid=stIFrame]",
    "document.querySelector('iframe')?.contentDocument?.querySelectorAll('path.leaflet-interactive').length > 0",
)
# The browser's clock, from requesting the address to the frame after the one in which the shapes appear. Checking from
# outside takes a screenshot, which waits until the page is idle.
WATCH = """
const look = () => requestAnimationFrame(() => {
    if (THERE) requestAnimationFrame(() => { window.painted = performance.now() });
    else look();
});
look();
"""


def measure() -> list[Row]:
    """Kilobytes and seconds of both, and their ratios."""
    with ExitStack() as stack:
        roots = {OURS: stack.enter_context(forgetful()).root, STUDY: stack.enter_context(_dashboard()).root}
        pages = {shown: asyncio.run(_opened(root, shown)) for shown, root in roots.items()}
        painted = {over: _painted(roots, line) for over, line in LINES.items()}
    return [
        *(row for shown, page in pages.items() for row in _size_rows(shown, page)),
        _share("share of the study's dashboard, before packing", pages[OURS].plain, pages[STUDY].plain),
        _share("share of the study's dashboard, as packed", pages[OURS].packed, pages[STUDY].packed),
        *(
            Row(f"{shown.name}: programs of a first visit", found.programs, "kB")
            for shown, found in painted[""].items()
        ),
        *(row for over, found in painted.items() for row in _painted_rows(over, found)),
    ]


def _size_rows(shown: Shown, page: Page) -> list[Row]:
    drawn = sum(element.ByteSize() for element in page.of_kind(shown.kind))
    return [
        Row(f"{shown.name}: whole page, before packing", page.plain / 1000, "kB"),
        Row(f"{shown.name}: the map alone, before packing", drawn / 1000, "kB"),
        Row(f"{shown.name}: whole page, as packed", page.packed / 1000, "kB"),
    ]


def _share(name: str, ours: int, study: int) -> Row:
    return Row(name, ours / study, "", most=SHARE)


def _painted_rows(over: str, painted: Mapping[Shown, Painted]) -> Iterator[Row]:
    """Seconds to each map, and their ratio; `over` describes the connection."""
    for when, place in (("first visit", 0), ("once more", 1)):
        for shown, found in painted.items():
            yield Row(f"{shown.name}: from the link to its map, {when}{over}", found[place], "s")
        sooner = painted[STUDY][place] / painted[OURS][place]
        yield Row(f"times as soon as the study's dashboard, {when}{over}", sooner, "x", least=1)


@contextmanager
def _dashboard() -> Iterator[Server]:
    """The study's dashboard in a separate process, configured like the app."""
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", DASHBOARD, "--server.address", "127.0.0.1"]
    with tempfile.TemporaryDirectory() as folder, (Path(folder) / "log.txt").open("wb") as log:
        process = subprocess.Popen(
            [*command, "--server.port", str(port), "--server.fileWatcherType", "none"], cwd=ROOT, stdout=log, stderr=log
        )
        server = Server(f"http://127.0.0.1:{port}", Path(log.name))
        try:
            wait_until_healthy(server, process)
            yield server
        finally:
            stop(process)


async def _opened(root: str, shown: Shown) -> Page:
    async with Visit(root) as visit:
        return await visit.open(shown.path)


def _painted(roots: Mapping[Shown, str], line: Line) -> dict[Shown, Painted]:
    """Medians of alternating visits to each, so that both run under the same load."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        rounds = [{shown: _visits(browser, root, shown, line) for shown, root in roots.items()} for _ in range(ROUNDS)]
    return {shown: Painted(*np.median([each[shown] for each in rounds], axis=0)) for shown in roots}


def _visits(browser: Browser, root: str, shown: Shown, line: Line) -> Painted:
    """A first and a second visit, by a browser whose cache is empty before the first."""
    with browser.new_context(viewport=VIEW) as context:
        context.set_default_timeout(PATIENCE * 1000)
        context.route("**/dist/leaflet.*", _leaflet)
        fetched: list[Request] = []
        context.on("requestfinished", lambda request: fetched.append(request))
        with context.new_page() as page:
            first = _seconds_to_map(page, root, shown, line)
            programs = sum(request.sizes()["responseBodySize"] for request in fetched)
        with context.new_page() as page:
            return Painted(first, _seconds_to_map(page, root, shown, line), programs / 1000)


def _seconds_to_map(page: BrowserPage, root: str, shown: Shown, line: Line) -> float:
    page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", {"offline": False, **line})
    page.add_init_script(WATCH.replace("THERE", shown.there))
    page.goto(f"{root}/{shown.path}")
    page.wait_for_function("window.painted")
    Visitor(page, root).sees_painted(page.locator(shown.place))
    return float(page.evaluate("window.painted")) / 1000


def _leaflet(route: Route) -> None:
    package = find_spec("js_lib_leaflet")
    assert package
    assert package.origin
    folder = Path(package.origin).parent / "static" / "js_lib_leaflet"
    route.fulfill(path=folder / Path(route.request.url).name)
