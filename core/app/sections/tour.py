"""Leads a visitor from view to view, with a line at the top of each page; forgotten when he ends it."""

from collections.abc import Callable, Mapping

import streamlit as st

from core.home.tour import STOPS

AT, GOING = "tour.at", "tour.going"
Open = Callable[[str, Mapping[str, str]], object]


def offer() -> None:
    """A button that starts the tour."""
    _button("Take the tour", "start", 0)


def line(page: str, open_page: Open) -> None:
    """Where the tour is and where it goes next, while a visitor is on it; `page` is the one that they are on."""
    at = st.session_state.get(AT)
    if at is None:
        return
    stop, last = STOPS[at], at + 1 == len(STOPS)
    if st.session_state.pop(GOING, False):
        open_page(stop.page, stop.query)
    here = page == stop.page
    with st.container(border=True, key="tour"):
        where = f"**Tour, {at + 1} of {len(STOPS)}: {stop.title}.**"
        st.markdown(f"{where} {stop.text if here else 'You have left the tour.'}")
        with st.container(horizontal=True):
            if not here:
                _button("Back to the tour", "back", at)
            elif not last:
                _button(f"Next: {STOPS[at + 1].title}", "next", at + 1)
            st.button("End the tour", key="tour.end", on_click=st.session_state.pop, args=(AT,))


def _button(label: str, name: str, at: int) -> None:
    st.button(label, key=f"tour.{name}", icon=":material/tour:", on_click=_go, args=(at,))


def _go(at: int) -> None:
    st.session_state[AT], st.session_state[GOING] = at, True
