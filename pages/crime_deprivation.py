import streamlit as st

from core.app import deprivation, show
from core.app.crime import place_control
from core.app.navigation import enter
from core.app.state import PageState
from core.questions import CRIME_PAGE, CRIME_TITLE
from core.wording_deprivation import crime_answer

enter()
state = PageState(CRIME_PAGE)

show.title(CRIME_TITLE)
state.top = st.empty()
answer = st.container()
view = place_control(state)
shown = deprivation.model_shown(state, view)
with answer:
    show.answer(crime_answer(shown.told, shown.area.name))
deprivation.compared_with_the_study(shown)

show.header("Crime against deprivation")
deprivation.scatter(shown)

deprivation.certainty(shown)

show.header("District by district")
deprivation.districts(shown)
deprivation.reproduction(shown)

show.header("What moves the answer")
deprivation.what_moves(shown)

deprivation.curve(state, shown)
deprivation.closing(state, shown)
