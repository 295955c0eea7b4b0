import streamlit as st

from core.app.navigation import enter, page_link
from core.app.sections import home, tour
from core.home import summary
from core.home import text as home_text
from core.london.questions import CAVEAT
from core.registry.studies import STUDIES

enter()

st.title("What do the figures say about police force, trust and crime?", anchor=False)
left, right = st.columns([3, 1], vertical_alignment="center")
left.markdown(home_text.INTRODUCTION)
with right:
    tour.offer()

for cell, study in zip(st.columns(len(STUDIES), gap="large"), STUDIES, strict=True):
    with cell:
        home.show_briefs(study.title, home.briefs(study.section))
home.show_briefs(summary.VERDICTS, home.briefs(summary.VERDICTS), summary.ABOUT_VERDICTS)

st.header("Where to start", anchor=False)
st.markdown(home_text.WHERE_TO_START)
with st.container(horizontal=True):
    page_link("borough", "Find your borough")
    page_link("user_panel", "Put a panel of your own to the test")
    page_link("data", "See the figures and where they come from")
st.caption(CAVEAT)
