"""A page's view, kept in the link: what arrives, what the widgets say, what is written back.

Three things can say what a page shows: the link that was opened, the widgets on it, and what the
visitor chose before going to another page. A view is read from a link once, when the link arrives;
from then on the widgets lead, and every run writes the whole view back into the link.
"""

import re
from collections.abc import Collection, Mapping
from typing import Any, TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.questions.links import LINK_VERSION, Allowed, from_query, to_query, understood, unknown_names, unread

View = TypeVar("View")
SHOWN_PAGE, SHOWN_STATE = "shown_page", "shown_state"
VERSION = "v"
LINKS_REMEMBERED = 30


class PageState:
    """The views of one page in one visit (e.g. its model and its borough).

    Parameters
    ----------
    page
        Name of the page; prefixes the keys of its widgets.
    """

    top: DeltaGenerator  # place under the title, on pages that have one
    about: str = ""  # what the page speaks of, such as a district; part of the names of its files

    def __init__(self, page: str) -> None:
        self.page = page
        self.notices: list[str] = []
        self.has_used_link = False  # whether something of the link that has arrived is shown as asked
        self._views: dict[str, Any] = {}
        self._read: set[str] = set()  # names that are read from a link
        self._seeded: list[str] = []
        self._written_once = False
        self._fresh = st.session_state.get(SHOWN_PAGE) != page
        st.session_state[SHOWN_PAGE] = page
        st.session_state[SHOWN_STATE] = self
        self._replaced = bool(st.session_state.pop(self.key("replaced"), False))
        self._query: Mapping[str, str] = st.query_params.to_dict()
        # A change made while an earlier one is still on its way to the browser comes with a link from before it.
        self._late = not self._fresh and (self._replaced or self._widgets_moved())
        self._arrived = self._link_arrived()
        # The run in which a link arrived was broken off: what its widgets say by now goes before the link.
        self._resumed = self._arrived and st.session_state.get(self.key("arriving")) == self._query
        if self._arrived:
            st.session_state[self.key("arriving")] = self._query
            self.notices += unknown_names(self._query)

    @classmethod
    def shown(cls) -> "PageState | None":
        """The state of the page that runs; ``None`` for a page without."""
        state: PageState | None = st.session_state.get(SHOWN_STATE)
        return state

    @staticmethod
    def forget_shown() -> None:
        """Begin a page, whose state may come later or not at all."""
        st.session_state.pop(SHOWN_STATE, None)

    @property
    def link(self) -> Mapping[str, str]:
        """What pages understand of the link that has just arrived; empty where none has."""
        return understood(self._query) if self._arrived else {}

    @property
    def in_vain(self) -> list[str]:
        """What the link that has arrived asks for and does not get, in sentences; once all of the page is there."""
        return [*self.notices, *unread(self.link, self._read, self.query())]

    def key(self, name: str) -> str:
        """Session key of the widget for `name`."""
        return f"{self.page}.{name}"

    @property
    def stem(self) -> str:
        """Beginning of the names of files from this page: 'crime_rates', 'crime_rates_coventry'."""
        return "_".join([self.page, *re.findall("[a-z0-9]+", self.about.lower())])

    def is_typed(self, name: str) -> bool:
        """Whether the visitor has just changed the widget for `name`, before :meth:`write` notes it."""
        key, noted = self.key(name), st.session_state.get(self.key("widgets"), {})
        return key in noted and st.session_state[key] != noted[key]

    def restore(self, base: View, allowed: Allowed) -> View:
        """The view to start this run from: the link's if one has arrived, else the visitor's last, else `base`."""
        memory = self.key(type(base).__name__)
        self._read |= allowed.keys()
        view: View = st.session_state.get(memory, base)
        if self._arrived:
            view, notices = from_query(self._query, base, allowed)  # type: ignore[type-var]
            self.notices += notices
            self.has_used_link |= sum(bool(self._query.get(name)) for name in allowed) > len(notices)
        st.session_state[memory] = view
        return view

    def seed(self, name: str, value: object, options: Collection[object] | None = None) -> str:
        """Give the widget for `name` its value where a link or another page decides it; returns its key.

        Streamlit forgets a widget's value while another page is shown, and does not accept one that is
        no longer among the `options`: both times `value` takes its place.
        """
        key = self.key(name)
        self._seeded.append(key)
        decided = (self._arrived and not self._resumed) or self._fresh or self._replaced or key not in st.session_state
        if decided or (options is not None and st.session_state[key] not in options):
            st.session_state[key] = value
            # Noted at once: should this run be broken off, the next must not take it for a change by the visitor.
            st.session_state.setdefault(self.key("widgets"), {})[key] = value
        return key

    def shown_late(self, base: View, allowed: Allowed) -> View | None:
        """The view that the browser still shows where the latest has not reached it yet, else ``None``."""
        query = st.query_params.to_dict()
        return None if [query] == self._written()[-1:] else from_query(query, base, allowed)[0]  # type: ignore[type-var]

    def replace(self, view: object) -> None:
        """Show `view` from the next run on, whatever the widgets say (for the callback of a preset button)."""
        st.session_state[self.key(type(view).__name__)] = view
        st.session_state[self.key("replaced")] = True

    def keep(self, view: object, *, in_link: bool = True) -> None:
        """Remember `view` for this visit and, if `in_link`, as part of the link that :meth:`write` writes."""
        st.session_state[self.key(type(view).__name__)] = view
        if in_link:
            self._views[type(view).__name__] = view

    def query(self) -> dict[str, str]:
        """The page's whole state as link text."""
        query = {VERSION: LINK_VERSION}
        for view in self._views.values():
            query |= to_query(view)
        return query

    def write(self) -> None:
        """Write the page's state into the address bar, and note what the widgets say (call it after all of them)."""
        query, written = self.query(), self._written()
        if self.is_written:
            self._query = st.query_params.to_dict()
        if not self._query and written and not self._fresh and not self._late:
            query = {}  # Written again, the bare address from before the first link would hold the back button.
        st.session_state.pop(self.key("arriving"), None)
        # A link that was opened is remembered too: until the one written for it is there, changes come with it.
        opened = [self._query] if self._arrived else []
        st.session_state[self.key("written")] = [*written, *opened, query][-LINKS_REMEMBERED:]
        # While a section runs alone, Streamlit may not know the widgets around it.
        known = {key: st.session_state[key] for key in self._seeded if key in st.session_state}
        st.session_state[self.key("widgets")] = known
        if query != self._query:
            st.query_params.from_dict(query)
        self._settle()

    @property
    def is_written(self) -> bool:
        """Whether the page has run to its end; what runs from then on is one of its sections."""
        return self._written_once

    def _settle(self) -> None:
        """Let the widgets lead, whose section may run again without the page."""
        self._written_once = True
        self._arrived = self._resumed = self._fresh = self._replaced = self._late = False
        self._seeded = list(dict.fromkeys(self._seeded))

    def _written(self) -> list[Mapping[str, str]]:
        return list(st.session_state.get(self.key("written"), []))

    def _link_arrived(self) -> bool:
        written = self._written()
        if not self._query or [self._query] == written[-1:]:
            return False
        return not (self._late and self._query in written)

    def _widgets_moved(self) -> bool:
        noted: Mapping[str, Any] = st.session_state.get(self.key("widgets"), {})
        return any(st.session_state.get(key) != value for key, value in noted.items())
