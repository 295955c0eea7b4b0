import streamlit as st

from core.app import render, user_panel
from core.app.navigation import enter
from core.app.sections import user_panel as user_panel_section
from core.app.sections import user_panel_controls
from core.app.state import PageState
from core.user_panel import example
from core.user_panel import text as user_panel_text
from core.user_panel.question import PAGE

enter()
state = PageState(PAGE)

render.title(user_panel_text.TITLE)
state.top = st.empty()
st.markdown(user_panel_text.INTRODUCTION)
user_panel_controls.linked_file()
held = user_panel_controls.file_control(state)
if held is not None:
    user_panel.mark_shown(True)
    user_panel_section.explore(state, held)
else:
    st.table(example.template().astype(str), hide_index=True, border="horizontal")
    render.contents()
    user_panel_controls.keep_link(state)
