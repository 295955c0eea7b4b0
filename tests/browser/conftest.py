"""The app in a real browser: a server, a Chromium, and visitors with separate profiles."""

import os
import re
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser.serving import Server, serving
from tests.browser.visiting import PATIENCE, Visitor

HERE = Path(__file__).parent
FAILURES = HERE / "failures"
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
ARGUMENTS = (
    "--no-sandbox",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-background-networking",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
WIDE = {"width": 1400, "height": 1000}

NewVisitor = Callable[..., Visitor]
ColdServer = Callable[[], Server]
Failed = pytest.StashKey[bool]()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.flaky(reruns=2))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    item.stash[Failed] = item.stash.get(Failed, False) or report.failed
    return report


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Chromium, started once; closed with this folder's tests, because its event loop would be in others' way."""
    if not Path(CHROMIUM).exists():
        missing = (
            f"no Chromium at {CHROMIUM}; install it (Debian: apt-get install chromium) or set CHROMIUM to its path"
        )
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail(missing)
        pytest.skip(missing)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        yield chromium
        chromium.close()


@pytest.fixture(scope="package")
def server(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:  # noqa: ARG001 - skips
    """The app, running for all tests of this folder."""
    with serving(tmp_path_factory.mktemp("server") / "log.txt") as running:
        yield running
        assert "Traceback" not in running.said(), running.said()


@pytest.fixture
def cold_server(browser: Browser, tmp_path: Path) -> Iterator[ColdServer]:  # noqa: ARG001 - skips
    """Starts a new process of the app, whose first visitor the test is."""
    with ExitStack() as running:
        started: list[Server] = []

        def start() -> Server:
            server = running.enter_context(serving(tmp_path / f"server_{len(started)}.txt"))
            started.append(server)
            return server

        yield start
        for server in started:
            assert "Traceback" not in server.said(), server.said()


@pytest.fixture
def new_visitor(browser: Browser, request: pytest.FixtureRequest) -> Iterator[NewVisitor]:
    """Makes visitors of a server, each in a browser profile of its own.

    At the end none may have asked another host for anything, or seen an error.
    """
    with ExitStack() as contexts:
        visitors: list[Visitor] = []

        def arrive(server: Server, **options: Any) -> Visitor:
            context = browser.new_context(**{"viewport": WIDE} | options)
            contexts.callback(context.close)
            visitors.append(_visitor(context, server.root))
            return visitors[-1]

        yield arrive
        if request.node.stash.get(Failed, False):
            _photograph(visitors, request.node.name)
        else:
            _check(visitors)


@pytest.fixture
def visitor(new_visitor: NewVisitor, server: Server) -> Visitor:
    """One visitor of the running app."""
    return new_visitor(server)


def _visitor(context: BrowserContext, root: str) -> Visitor:
    context.set_default_timeout(PATIENCE)
    return Visitor(context.new_page(), root)


def _check(visitors: list[Visitor]) -> None:
    for visitor in visitors:
        visitor.shows_no_error()
        assert not visitor.foreign, f"the app asked other hosts: {visitor.foreign}"
        assert not visitor.broken, f"scripts of the page failed: {visitor.broken}"


def _photograph(visitors: list[Visitor], test: str) -> None:
    FAILURES.mkdir(exist_ok=True)
    name = re.sub(r"[^\w-]+", "_", test)
    for number, visitor in enumerate(visitors):
        _picture(visitor.page, FAILURES / f"{name}_{number}.png")


def _picture(page: Page, file: Path) -> None:
    page.screenshot(path=file)
    print(f"{page.url}\nlooked like {file}")
