import streamlit as st

from core.app import user_panel
from core.app.layers import LayeredPage
from core.app.navigation import enter
from core.app.sections import user_panel as user_panel_section
from core.app.sections import user_panel_controls
from core.app.state import PageState
from core.user_panel import example
from core.user_panel import text as user_panel_text
from core.user_panel.question import PAGE

enter()
page = LayeredPage(PageState(PAGE), user_panel_section.TABS, has_summary=False)
page.title(user_panel_text.TITLE)
st.markdown(user_panel_text.INTRODUCTION)
user_panel_controls.linked_file()
held = user_panel_controls.file_control(page.state)
if held is not None:
    user_panel.mark_shown(True)
    user_panel_section.explore(page, held)
    page.finish()
else:
    st.table(example.template().astype(str), hide_index=True, border="horizontal")
    user_panel_controls.keep_link(page.state)
