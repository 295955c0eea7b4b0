"""A page's view, kept in the link: what arrives, what the widgets say, what is written back.

Three things can say what a page shows: the link that was opened, the widgets on it, and what the
visitor chose before going to another page. A view is read from a link once, when the link arrives;
from then on the widgets lead, and every run writes the whole view back into the link.
"""

from collections.abc import Collection, Mapping
from typing import Any, TypeVar

import streamlit as st

from core.links import LINK_VERSION, Allowed, from_query, to_query

View = TypeVar("View")
SHOWN_PAGE = "shown_page"
VERSION = "v"


class PageState:
    """The views of one page in one visit (e.g. its model and its borough).

    Parameters
    ----------
    page
        Name of the page; prefixes the keys of its widgets.
    """

    def __init__(self, page: str) -> None:
        self.page = page
        self.notices: list[str] = []
        self._views: dict[str, Any] = {}
        self._fresh = st.session_state.get(SHOWN_PAGE) != page
        st.session_state[SHOWN_PAGE] = page
        self._arrived = self._link_arrived()
        self._replaced = bool(st.session_state.pop(self.key("replaced"), False))

    def key(self, name: str) -> str:
        """Session key of the widget for `name`."""
        return f"{self.page}.{name}"

    def restore(self, base: View, allowed: Allowed) -> View:
        """The view to start this run from: the link's if one has arrived, else the visitor's last, else `base`."""
        memory = self.key(type(base).__name__)
        view: View = st.session_state.get(memory, base)
        if self._arrived:
            view, notices = from_query(st.query_params.to_dict(), base, allowed)  # type: ignore[type-var]
            self.notices += notices
        st.session_state[memory] = view
        return view

    def seed(self, name: str, value: object, options: Collection[object] | None = None) -> str:
        """Give the widget for `name` its value where a link or another page decides it; returns its key.

        Streamlit forgets a widget's value while another page is shown, and does not accept one that is
        no longer among the `options`: both times `value` takes its place.
        """
        key = self.key(name)
        decided = self._arrived or self._fresh or self._replaced or key not in st.session_state
        if decided or (options is not None and st.session_state[key] not in options):
            st.session_state[key] = value
        return key

    def replace(self, view: object) -> None:
        """Show `view` from the next run on, whatever the widgets say (for the callback of a preset button)."""
        st.session_state[self.key(type(view).__name__)] = view
        st.session_state[self.key("replaced")] = True

    def keep(self, view: object) -> None:
        """Remember `view` for this visit, and as part of the link that :meth:`write` writes."""
        st.session_state[self.key(type(view).__name__)] = view
        self._views[type(view).__name__] = view

    def query(self) -> dict[str, str]:
        """The page's whole state as link text."""
        query = {VERSION: LINK_VERSION}
        for view in self._views.values():
            query |= to_query(view)
        return query

    def write(self) -> None:
        """Write the page's state into the address bar."""
        query = self.query()
        written = self._written()
        if not written or written[-1] != query:
            st.session_state[self.key("written")] = [*written[-1:], query]
        if st.query_params.to_dict() != query:
            st.query_params.from_dict(query)

    def _written(self) -> list[Mapping[str, str]]:
        return list(st.session_state.get(self.key("written"), []))

    def _link_arrived(self) -> bool:
        query = st.query_params.to_dict()
        written = self._written()
        if not query or (written and query == written[-1]):
            return False
        # A change made while the last one is still on its way to the browser comes with the link before it.
        late = len(written) > 1 and query == written[0] and not self._fresh
        return not (late and self._widgets_moved())

    def _widgets_moved(self) -> bool:
        snapshot: Mapping[str, Any] = st.session_state.get(self.key("snapshot"), {})
        return any(st.session_state.get(key) != value for key, value in snapshot.items())

    def remember_widgets(self) -> None:
        """Note what the widgets say, to tell a moved widget from a link that came back."""
        own = f"{self.page}."
        kept = {self.key(name) for name in ("written", "snapshot")} | {self.key(name) for name in self._views}
        st.session_state[self.key("snapshot")] = {
            key: value
            for key, value in st.session_state.items()
            if isinstance(key, str) and key.startswith(own) and key not in kept
        }
