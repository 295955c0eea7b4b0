import streamlit as st

from core import wording, wording_forecast
from core.app import figures, forecast
from core.app.answer import cards, preset_fits
from core.app.navigation import enter, page_link, page_title
from core.forecast_view import ForecastView, score_of
from core.forecasting import BASELINE
from core.questions import QUESTIONS

enter()
words = figures.catalogue()

st.title("What do the figures say about police force and public trust?")
st.markdown(wording.INTRODUCTION)

st.header("The answers so far")
columns = {question.page: figures.panel(question.study).frame.columns for question in QUESTIONS}
for question in QUESTIONS:
    if not question.answerable(columns[question.page]):
        continue
    published, recommended = preset_fits(question)
    with st.container(border=True):
        st.subheader(question.title)
        st.markdown(wording.question_answer(recommended, words))
        cards(question, words)
        st.caption(
            f"{wording.question_contrast(published, recommended, words)} {wording.question_certainty(recommended)}"
        )
        page_link(question.page, "See why, and change the model")

view, found = ForecastView(), forecast.forecasts()
score = score_of(view, found)
with st.container(border=True):
    st.subheader(wording_forecast.TITLE)
    st.markdown(wording_forecast.headline(view, score, words))
    st.caption(wording_forecast.meaning(score, score_of(view, found, BASELINE)))
    page_link("london_forecast", "See the forecast of each borough")

st.header("Crime and deprivation in the West Midlands")
st.markdown(wording.CRIME_START)
with st.container(horizontal=True):
    for name in ("crime_deprivation", "crime_rates", "crime_types", "crime_bicycle_theft"):
        page_link(name, page_title(name))

st.header("Where to start")
st.markdown(wording.WHERE_TO_START)
with st.container(horizontal=True):
    page_link("london_map", "Find your borough on the map")
    page_link("data", "See the figures and where they come from")
st.caption(wording.CAVEAT)
