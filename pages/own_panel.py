import streamlit as st

from core import wording_own
from core.app import own, own_controls, own_sections, show
from core.app.navigation import enter
from core.app.state import PageState
from core.own_question import PAGE

enter()
state = PageState(PAGE)

show.title(wording_own.TITLE)
state.top = st.empty()
st.markdown(wording_own.INTRODUCTION)
own_controls.linked_file()
held = own_controls.file_control(state)
if held is not None:
    own.mark_shown(True)
    own_sections.explore(state, held)
else:
    show.wide_text(wording_own.example(), "example_panel")
    show.contents()
    own_controls.keep_link(state)
