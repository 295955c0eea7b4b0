import streamlit as st

from core.app.navigation import enter, page_link
from core.app.sections import home, tour
from core.home import summary
from core.home import text as home_text
from core.london.questions import CAVEAT
from core.registry.studies import STUDIES

enter()

st.title(home_text.TITLE, anchor=False)
st.markdown(home_text.INTRODUCTION)
home.find()
home.show_cards()
st.caption(home.whats_new())

st.header(home_text.FACT_CHECK, anchor=False)
st.markdown(home_text.ABOUT_FACT_CHECK)
for study in STUDIES:
    home.show_briefs(study.title, home.briefs(study.section))
home.show_briefs(summary.VERDICTS, home.briefs(summary.VERDICTS))

st.header(home_text.ABOUT, anchor=False)
st.markdown(home.dates())
st.markdown(home_text.WHO)
with st.container(horizontal=True):
    page_link("data", "See the data and their sources")
    page_link("user_panel", "Analyse your own data")
    tour.offer()
st.caption(CAVEAT)
