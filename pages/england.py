import streamlit as st

from core.app import render
from core.app.controls import show_notices
from core.app.navigation import enter
from core.app.sections import england
from core.app.state import PageState
from core.crime.england.question import PAGE, TITLE

enter()
state = PageState(PAGE)

render.title(TITLE)
notices = st.empty()
spec = england.controls(state)
found = england.headline(spec)

render.header("Force by force")
england.forces(found)

render.header("Does the answer survive other choices?")
england.choices(spec)

render.header("Fifth by fifth")
england.fifths(found)

render.header("Which crimes follow deprivation most?")
england.types(spec)

render.header("Where")
england.maps(state, spec)

render.header("London, by its own figures")
england.london(spec)

render.link(state)
with notices:
    show_notices(state.notices)
state.write()
