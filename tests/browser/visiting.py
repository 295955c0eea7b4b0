"""A visitor: one browser profile, what they see, and what they do."""

import io
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Locator, Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

PATIENCE = 30_000
LIST_PATIENCE = 8_000
expect.set_options(timeout=PATIENCE)
RUNS_NO_MORE = "notRunning"


@dataclass
class Visitor:
    """A page of the app in a browser.

    Parameters
    ----------
    page
        Playwright's page.
    root
        Address of the server.
    runs
        How many runs of the script have reached the browser in full.
    foreign
        Requests that went to any other host.
    broken
        Errors that the page's own scripts threw.
    """

    page: Page
    root: str
    runs: int = 0
    foreign: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        own = (self.root, "data:", "blob:")
        context = self.page.context
        context.on("request", lambda request: None if request.url.startswith(own) else self.foreign.append(request.url))
        context.on("weberror", lambda error: self.broken.append(str(error.error)))
        self.page.on("websocket", lambda line: line.on("framereceived", self._hear))

    def _hear(self, frame: str | bytes) -> None:
        self.runs += ends_a_run(frame)

    def open(self, path: str) -> None:
        self.page.goto(f"{self.root}/{path}")
        self.settled()

    def settled(self) -> None:
        """Wait until a page is there and its script has run to the end."""
        expect(self.heading).to_be_visible()
        state = self.page.get_by_test_id("stApp")
        expect(state).to_have_attribute("data-test-script-state", RUNS_NO_MORE)

    def back(self) -> None:
        """Go back in the browser's history, and wait until the page has dealt with it."""
        runs = self.runs
        self.page.go_back()
        eventually(lambda: self.runs > runs, self.page, "a run of the script")
        self.settled()

    @property
    def heading(self) -> Locator:
        return self.page.get_by_role("heading", level=1)

    @property
    def main(self) -> Locator:
        return self.page.get_by_test_id("stMain")

    @property
    def sidebar(self) -> Locator:
        return self.page.get_by_test_id("stSidebar")

    @property
    def answer(self) -> Locator:
        """The sentence at the top of a question page."""
        return self.main.get_by_test_id("stHtml").first

    @property
    def path(self) -> str:
        return urlsplit(self.page.url).path.removeprefix("/")

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.page.url).query, keep_blank_values=True))

    def shows_navigation(self, titles: Sequence[str]) -> None:
        links = self.sidebar.get_by_role("navigation").get_by_role("listitem").get_by_role("paragraph")
        expect(links).to_have_text(titles)

    def toggle(self, name: str) -> Locator:
        return self.sidebar.get_by_role("switch", name=name, exact=True)

    def link_says(self, **choices: str) -> None:
        """Wait until the address bar has `choices`, and the page is at rest."""
        eventually(lambda: choices.items() <= self.query.items(), self.page, f"{choices} in the link")
        self.settled()

    def choose(self, label: str, option: str, within: Locator | None = None) -> None:
        """Pick `option` in the select-box `label`; again where a run that came to its end has closed the list."""
        box = (within or self.sidebar).get_by_role("combobox", name=label, exact=True)
        listed = self.page.get_by_role("option", name=option, exact=True)

        def picked() -> bool:
            box.fill("")  # of a text that begins and ends like the one before, the box would take the difference alone
            box.fill(option)  # the list only holds the options that are in sight
            try:
                listed.click(timeout=LIST_PATIENCE)
            except PlaywrightTimeout:
                return False
            return True

        eventually(picked, self.page, f"{option} in the list of {label}")

    def choose_preset(self, name: str) -> None:
        self.sidebar.get_by_role("radio", name=name).click()

    def unfold(self, title: str) -> None:
        """Open a group in the sidebar; a click while another group is still opening may miss, and is made again."""
        group = self.sidebar.locator("details").filter(has_text=title)

        def is_open() -> bool:
            if group.get_attribute("open") is None:
                group.locator("summary").click()
            return group.get_attribute("open") is not None

        eventually(is_open, self.page, f"{title} to open")

    def shows_no_error(self) -> None:
        expect(self.page.get_by_test_id("stException")).to_have_count(0)
        expect(self.page.get_by_role("dialog")).to_have_count(0)
        expect(self.page.get_by_text(re.compile("Traceback|Page not found"))).to_have_count(0)

    def click_at(self, x: float, y: float) -> None:
        """Click on a map, which takes a click for a long press where drawing in software keeps it from seeing the end.

        Its clock stands still from pressing to letting go, as if the machine were quick.
        """
        self.page.mouse.move(x, y)
        self.page.evaluate("{ const now = Date.now(); window.clock = Date.now; Date.now = () => now }")
        self.page.mouse.down()
        self.page.mouse.up()
        self.page.evaluate("Date.now = window.clock")

    def pixels(self, element: Locator) -> NDArray[np.int64]:
        """What `element` looks like: red, green and blue by row and column."""
        picture = Image.open(io.BytesIO(element.screenshot())).convert("RGB")
        return np.asarray(picture, dtype=np.int64)

    def sees_painted(self, chart: Locator) -> None:
        """Wait until a map is more than its background."""

        def painted() -> bool:
            pixels = self.pixels(chart)
            return bool((abs(pixels - pixels[2, 2]).sum(axis=2) > 30).mean() > 0.1)

        eventually(painted, self.page, "the map")


def ends_a_run(message: str | bytes) -> bool:
    """Whether `message` from the server states that the script has run to its end."""
    return isinstance(message, bytes) and ForwardMsg.FromString(message).WhichOneof("type") == "script_finished"


def eventually(holds: Callable[[], bool], page: Page, what: str, patience: float = PATIENCE / 1000) -> None:
    """Wait until `holds()`; the browser goes on working meanwhile."""
    deadline = time.monotonic() + patience
    while not holds():
        assert time.monotonic() < deadline, f"waited in vain for {what} at {page.url}"
        page.wait_for_timeout(50)
