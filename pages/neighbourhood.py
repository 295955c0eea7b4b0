import streamlit as st

from core.app import render
from core.app.controls import show_notices
from core.app.navigation import enter
from core.app.sections import neighbourhood as section
from core.app.state import PageState
from core.crime.neighbourhood.question import PAGE

enter()
state = PageState(PAGE)

top = st.container()
view = section.control(state)
state.write()
with top:
    render.title(section.title(view))
show_notices(state.notices)
if view.lsoa:
    section.first_screen(view)
    section.sections(state, view)
else:
    section.choose(state, view)
render.link(state)
