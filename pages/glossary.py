import streamlit as st

from core import glossary
from core.app import figures, show
from core.app.controls import show_notices
from core.app.glossary import controls, take_away
from core.app.navigation import enter
from core.app.state import PageState

enter()
words = figures.catalogue()
state = PageState("glossary")

show.title("What the words and figures mean")
st.markdown(glossary.INTRODUCTION)
terms, study = controls(state, words)
show_notices(state.notices)
state.write()

for section, found in glossary.sections(terms).items():
    show.header(section)
    st.markdown(glossary.told(found))

show.header("The variables")
st.markdown(glossary.variables_told(words, study))

show.header("Take it with you")
take_away(words, study)
show.link(state)
