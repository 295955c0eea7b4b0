import streamlit as st

from core import wording
from core.app import figures
from core.app.answer import cards, preset_fits
from core.app.navigation import enter, page_link
from core.questions import QUESTIONS

enter()
words = figures.catalogue()

st.title("What do the figures say about police force and public trust?")
st.markdown(wording.INTRODUCTION)

st.header("The answers so far")
for question in QUESTIONS:
    published, recommended = preset_fits(question)
    term = question.predictors[0]
    with st.container(border=True):
        st.subheader(question.title)
        st.markdown(wording.answer(recommended, term, words))
        cards(question, term, words)
        st.caption(f"{wording.contrast(published, recommended, term, words)} {wording.how_sure(recommended, term)}")
        page_link(question.page, "See why, and change the model")

st.header("Where to start")
st.markdown(wording.WHERE_TO_START)
with st.container(horizontal=True):
    page_link("london_map", "Find your borough on the map")
    page_link("data", "See the figures and where they come from")
st.caption(wording.CAVEAT)
