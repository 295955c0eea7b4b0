import streamlit as st

from core.app import data, render
from core.app.controls import show_notices, table_control
from core.app.navigation import enter
from core.app.sections import data as data_section
from core.app.state import PageState
from core.london import figures as london_figures
from core.london import force_figures
from core.london.survey_text import survey_error_text
from core.registry.studies import SURVEY

enter()
catalogue, panel = data.catalogue(), data.panel(SURVEY)
state = PageState("data")

render.title("Data and sources")
st.markdown(london_figures.data_summary(catalogue, panel))
st.markdown(survey_error_text())
render.figure(london_figures.missing_figure, panel, catalogue)
render.figure(force_figures.outside_figure, catalogue)

data_section.section()

render.header("Tables")
note = table_control(state, catalogue)
show_notices(state)
state.write()
st.markdown(f"**{note.title}.** {note.description}")
if note.changes:
    st.caption(note.changes)
render.catalogue_table(catalogue, note)

render.header("Sources and licences")
render.sources(catalogue.sources())
render.link(state)
