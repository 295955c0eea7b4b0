import streamlit as st

from core.app import data, render
from core.app.controls import show_notices
from core.app.navigation import enter
from core.app.sections.glossary import controls, download_section
from core.app.state import PageState
from core.presentation import glossary

enter()
catalogue = data.catalogue()
state = PageState("glossary")

render.title("Glossary: terms and variables")
st.markdown(glossary.INTRODUCTION)
terms, study = controls(state, catalogue)
show_notices(state)
state.write()

for section, found in glossary.sections(terms).items():
    render.header(section)
    st.markdown(glossary.terms_text(found))

render.header("The variables")
st.markdown(glossary.variables_text(catalogue, study))

render.header("Download and share")
download_section(catalogue, study)
render.link(state)
