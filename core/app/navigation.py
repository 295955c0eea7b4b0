"""The app's pages as data, and the guard that keeps them whole.

Streamlit finds scripts in a folder named ``pages`` by itself. After a cold start a link to a page
therefore runs that script alone, without the entry file: no navigation, no page frame. Every page
calls :func:`enter` first, which notices this, registers the pages and runs again.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import streamlit as st

from core.app import briefing_recorder, history, render, uploads, user_panel
from core.app.runtime import concurrency, gc_freeze, tune
from core.app.sections import tour
from core.app.state import PageState
from core.exports.attribution import APP
from core.registry.pages import MOVED, PAGES, page_of
from core.tables.catalogue import CatalogueError

PAGES_DIR = Path(__file__).parents[2] / "pages"
ICON = Path(__file__).with_name("icon.svg")
ENTERED = "entered_by_navigation"
# A link to a page is as long as its question, which Streamlit would cut off in a narrow column. Less room above the
# title shows more of the answer, and less under the end ends sooner; on a tablet next to the menu, a third of what is
# left free at the sides is enough.
STYLE = """<style>[data-testid="stPageLink"] p {white-space: normal; overflow: visible}
[data-testid="stMainBlockContainer"] {padding-top: 4rem; padding-bottom: 4rem}
@media (min-width: 641px) and (max-width: 1200px) {
[data-testid="stMainBlockContainer"] {padding-left: 2rem; padding-right: 2rem}
}
@media (max-width: 640px) {h1 {font-size: 1.7rem !important}}
@media (prefers-reduced-motion: reduce) {
*, *::before, *::after {animation-duration: 1ms !important; transition-duration: 1ms !important}
}</style>"""


def _navigation() -> Any:
    # Streamlit gives its default page no path of its own. The default is therefore a step on the way to the
    # first page, which so keeps the address that its file name promises.
    sections: dict[str, list[Any]] = {"": [st.Page(_open_first, title="Start", default=True, visibility="hidden")]}
    for old, new in MOVED.items():
        sections[""].append(st.Page(_moved_to(new), title=page_title(new), url_path=old, visibility="hidden"))
    for entry in PAGES:
        page = st.Page(PAGES_DIR / f"{entry.name}.py", title=entry.title, icon=entry.icon, url_path=entry.name)
        sections.setdefault(entry.section, []).append(page)
    return st.navigation(sections, expanded=True)


def _frame() -> None:
    tune()
    # Comes before st.navigation, and with a file of our own: a Material icon in the tab is fetched from another host.
    st.set_page_config(page_title=APP, page_icon=ICON, layout="wide", initial_sidebar_state="auto")
    st.html(STYLE)  # nothing but a style takes no room
    history.one_step_each()


def _open_first() -> None:
    st.switch_page(PAGES_DIR / f"{PAGES[0].name}.py")


def _moved_to(name: str) -> Callable[[], None]:
    """What opens page `name` in place of one that an old link names, with the view that the link holds."""
    return lambda: st.switch_page(PAGES_DIR / f"{name}.py", query_params=st.query_params.to_dict())


def run() -> None:
    """Run the page that was asked for, in its frame (called by the entry file)."""
    _frame()
    page = _navigation()
    st.set_page_config(page_title=f"{page.title} \N{EN DASH} {APP}")  # a tab is found by what its page is about
    st.session_state[ENTERED] = True
    tour.line(page.url_path, go)
    try:
        with concurrency.page_slots:
            page.run()
        gc_freeze.freeze(page.url_path)
    except CatalogueError as error:
        render.without_data(error)


def enter() -> None:
    """Make sure that the entry file runs around the page (first call of every page)."""
    user_panel.mark_shown(False)
    briefing_recorder.begin()
    PageState.forget_shown()
    if not st.session_state.pop(ENTERED, False):
        _frame()
        _navigation()
        st.rerun()
    uploads.badge()


def page_title(name: str) -> str:
    """Title of page `name` in the navigation."""
    entry = page_of(name)
    return entry.title if entry else ""


def go(name: str, query: Mapping[str, str]) -> None:
    """Leave for a view of page `name`."""
    st.switch_page(PAGES_DIR / f"{name}.py", query_params=dict(query))


def page_link(name: str, label: str, query: Mapping[str, str] | None = None) -> None:
    """Link to page `name`, optionally to a certain view of it."""
    st.page_link(PAGES_DIR / f"{name}.py", label=label, icon=":material/arrow_forward:", query_params=query)
