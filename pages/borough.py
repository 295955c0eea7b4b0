import streamlit as st

from core.app import data, render
from core.app.controls import show_notices
from core.app.navigation import enter
from core.app.sections import borough as section
from core.app.state import PageState
from core.london.borough import text
from core.registry.studies import SURVEY

enter()
catalogue, panel = data.catalogue(), data.panel(SURVEY)
state = PageState("borough")

top = st.container()
borough = section.control(state, panel)
state.write()
with top:
    render.title(text.question(borough) if borough else text.NOT_CHOSEN)
show_notices(state.notices)
if borough:
    section.first_screen(panel, catalogue, borough)
    section.sections(panel, catalogue, borough)
else:
    section.choose(state, panel, catalogue)
render.link(state)
