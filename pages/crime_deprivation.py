import streamlit as st

from core.app import render
from core.app.navigation import enter
from core.app.sections import crime_deprivation
from core.app.sections.crime_common import months, place_control
from core.app.sections.model_page import cautions
from core.app.state import PageState
from core.crime.deprivation.question import CRIME_PAGE, CRIME_TITLE
from core.crime.deprivation.text import crime_answer

enter()
state = PageState(CRIME_PAGE)

render.title(CRIME_TITLE)
state.top = st.empty()
answer = st.container()
view = place_control(state)
shown = crime_deprivation.model_shown(state, view)
with answer:
    render.answer(crime_answer(shown.summary, shown.area.name))
    months(shown.area)
    cautions(shown.model)
crime_deprivation.compared_with_the_study(shown)

render.header("Crime against deprivation")
crime_deprivation.scatter(shown)

crime_deprivation.uncertainty(shown)

render.header("District by district")
crime_deprivation.districts(shown)
crime_deprivation.reproduction(shown)

render.header("What moves the answer")
crime_deprivation.what_moves(shown)

crime_deprivation.curve(state, shown)
crime_deprivation.closing(state, shown)
