"""Every CSV file that pages offer, written to a folder; :mod:`benchmarks.same_exports` runs this in two versions.

Takes nothing from this version but itself, so that it runs in another, which is the current folder and in
``PYTHONPATH``: ``python -P exported.py FOLDER LINKS [page ...]``. `LINKS` is a JSON file of the links to open for each
page; where it is not there, each page is opened at its default and changed by its own widgets, and the links that this
gives are written to it.
"""

import hashlib
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from streamlit.testing.v1 import AppTest

from core.app import downloads
from core.registry.pages import PAGES

Makers = dict[str, Callable[[], bytes]]
Link = Mapping[str, str]
SITE, ENTRY = "https://figures.example", "streamlit_app.py"
PATIENCE = 600
CHANGES = 5
OPENED = ("checks", "neighbours")  # keys of what was closed until a reader opened it in versions without `lazy`
MAKERS: Makers = {}


def note_makers() -> None:
    """From now on keep what makes each file that pages offer."""
    draw = downloads.button

    def noting(label: str, make: Callable[[], bytes], file: str, *others: Any, **named: Any) -> None:
        MAKERS[file] = make
        draw(label, make, file, *others, **named)

    downloads.button = noting


def open_everything() -> None:
    """From now on have all popovers and expanders open."""
    if find_spec("core.app.lazy"):
        import_module("core.app.lazy").is_open = lambda _part: True  # type: ignore[attr-defined]


def opened(page: str, link: Link) -> AppTest:
    """`page` as `link` shows it, with all its parts open."""
    MAKERS.clear()
    at = AppTest.from_file(Path.cwd() / ENTRY, default_timeout=PATIENCE)
    at.context = {"url": f"{SITE}/{page}", "theme": "light"}
    at.query_params = dict(link)
    for name in OPENED:
        at.session_state[name] = True
    at.switch_page(f"pages/{page}.py")
    return run(at)


def run(at: AppTest) -> AppTest:
    """Run the page, which may raise nothing."""
    at.run()
    if at.exception:
        raise SystemExit(f"{at.query_params}: {at.exception[0].value}")
    return at


def changed_links(page: str) -> list[Link]:
    """The default of `page`, and up to five links more: those after its widgets were changed one after the other."""
    links: list[Link] = [{}]
    at = opened(page, {})
    for turn in range(3 * CHANGES):
        changes = list(choices(at))
        if not changes or len(links) > CHANGES:
            break
        changes[turn % len(changes)]()
        query = dict(run(at).query_params)
        links += [query] if query not in links else []
    return links


def choices(at: AppTest) -> Iterator[Callable[[], object]]:
    """For each widget of the page that holds a choice, what chooses another value."""
    for widget in at.selectbox:
        if len(widget.options) > 1 and not widget.disabled:
            after = 0 if widget.index is None else widget.index + 1
            yield partial(choose, widget, after % len(widget.options))
    for toggle in at.toggle:
        if not toggle.disabled and toggle.key not in OPENED:
            yield partial(toggle.set_value, not toggle.value)


def choose(widget: Any, place: int) -> None:
    """Choose an option by its place; not where the driver would put its label into words twice."""
    before = widget.value
    widget.select_index(place)
    try:
        widget.index  # noqa: B018 - asked for when the page runs
    except ValueError:
        widget.set_value(before)


def write(folder: Path, page: str, link: Link) -> None:
    """Write the CSV files that `page` offers at `link` to a folder of their own."""
    opened(page, link)
    name = hashlib.sha256(json.dumps(link, sort_keys=True).encode()).hexdigest()[:8] if link else "default"
    target = folder / page / name
    target.mkdir(parents=True)
    for file, make in MAKERS.items():
        if file.endswith(".csv"):
            (target / file).write_bytes(make())


def main() -> None:
    """Write the files of the pages that were named, or of all."""
    folder, links = Path(sys.argv[1]), Path(sys.argv[2])
    pages = sys.argv[3:] or [page.name for page in PAGES]
    note_makers()
    open_everything()
    if not links.exists():
        links.write_text(json.dumps({page: changed_links(page) for page in pages}), encoding="utf-8")
    for page, found in json.loads(links.read_text(encoding="utf-8")).items():
        for link in found if page in {entry.name for entry in PAGES} else ():
            write(folder, page, link)


if __name__ == "__main__":
    main()
