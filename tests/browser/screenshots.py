"""Takes a picture of every page, or of those named, wide and on a phone.

``python -m tests.browser.screenshots docs/images home "borough?borough=Lewisham"``
"""

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import sync_playwright

from core.registry.pages import PAGES
from tests.browser.conftest import ARGUMENTS, CHROMIUM
from tests.browser.serving import serving
from tests.browser.visiting import PATIENCE, Visitor

WIDTHS = (1400, 390)
FOLD, PHONE = 1000, 500


def take_pictures(folder: Path, links: Sequence[str]) -> list[Path]:
    """Write one PNG of the top of each of `links` and width into `folder`, by the name of the page."""
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    with (
        tempfile.TemporaryDirectory() as logs,
        serving(Path(logs) / "log.txt") as server,
        sync_playwright() as playwright,
    ):
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        for width in WIDTHS:
            # Maps are drawn for the width that the browser says it has, not for that of its window.
            agent = playwright.devices["Pixel 7"]["user_agent"] if width < PHONE else None
            context = chromium.new_context(viewport={"width": width, "height": FOLD}, user_agent=agent)
            context.set_default_timeout(PATIENCE)
            for link in links:
                visitor = Visitor(context.new_page(), server.root)
                visitor.open(link)
                visitor.page.wait_for_function("!document.querySelector('[data-testid=stSkeleton]')")
                visitor.page.wait_for_load_state("networkidle")
                for chart in visitor.page.get_by_test_id("stDeckGlJsonChart").all():
                    visitor.sees_painted(chart)
                files.append(folder / f"{link.split('?')[0]}_{width}.png")
                visitor.page.screenshot(path=files[-1])
        chromium.close()
    return files


if __name__ == "__main__":
    for file in take_pictures(Path(sys.argv[1]), sys.argv[2:] or [entry.name for entry in PAGES]):
        print(file)
