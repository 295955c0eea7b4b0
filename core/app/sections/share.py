"""What a reader takes from a page with one click: its link, its first picture with its table, a briefing."""

from functools import partial

import streamlit as st

from core.app import briefing_recorder, downloads, lazy
from core.app.sections import briefing
from core.app.state import PageState
from core.questions.links import address


def offer(state: PageState) -> None:
    """The button in the corner of the page and what is behind it; call it when all else is drawn."""
    lazy.popover("Share", state.key("open.share"), partial(_draw, state), ":material/share:")


def _draw(state: PageState) -> None:
    here = address(st.context.url or "", state.page, state.query())
    st.markdown("**Link to this view**, with every choice in it:")
    st.code(here, language=None, wrap_lines=True)
    picture = briefing_recorder.first_picture()
    if picture is not None:
        st.markdown("**Picture for slides**, and the table behind it:")
        with st.container(horizontal=True):
            downloads.of_figure(picture.make, f"{state.stem}_first", picture.title, picture.across)
    briefing.offer(state, here)
