import streamlit as st

from core.app.navigation import enter, page_link
from core.app.sections import home, published_claims, tour
from core.home import summary
from core.home import text as home_text
from core.london.questions import CAVEAT

enter()

st.title("What do the figures say about police force, trust and crime?", anchor=False)
left, right = st.columns([3, 1], vertical_alignment="center")
left.markdown(home_text.INTRODUCTION)
with right:
    tour.offer()

left, right = st.columns(2, gap="large")
with left:
    home.show_briefs(*summary.LONDON, home.london())
with right:
    home.show_briefs(*summary.WEST_MIDLANDS, home.west_midlands())
home.show_briefs(*summary.VERDICTS, [summary.of_claims(published_claims.all_claims())])

st.header("Where to start", anchor=False)
st.markdown(home_text.WHERE_TO_START)
with st.container(horizontal=True):
    page_link("london_map", "Find your borough on the map")
    page_link("own_panel", "Put a panel of your own to the test")
    page_link("data", "See the figures and where they come from")
st.caption(CAVEAT)
