"""Sections with controls of their own: a change of these runs the section alone, and not the page around it."""

from collections.abc import Callable

import streamlit as st

from core.app import briefing_recorder, render
from core.app.state import PageState
from core.tables.catalogue import CatalogueError


@st.fragment
def section(state: PageState, draw: Callable[[], object]) -> None:
    """What `draw` draws, with its widgets, none of them in the sidebar; the link of the page follows them.

    A briefing is made of what a run of the whole page has shown, which opening *Share* asks for.
    """
    try:
        draw()
    except CatalogueError as error:
        render.without_data(error)
    if state.is_written:
        state.write()
        briefing_recorder.end()
