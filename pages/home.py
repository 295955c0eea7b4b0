import streamlit as st

from core import overview, wording
from core.app import claims, home, tour
from core.app.navigation import enter, page_link

enter()

st.title("What do the figures say about police force, trust and crime?", anchor=False)
left, right = st.columns([3, 1], vertical_alignment="center")
left.markdown(wording.INTRODUCTION)
with right:
    tour.offer()

left, right = st.columns(2, gap="large")
with left:
    home.show_briefs(*overview.LONDON, home.london())
with right:
    home.show_briefs(*overview.WEST_MIDLANDS, home.west_midlands())
home.show_briefs(*overview.VERDICTS, [overview.of_claims(claims.all_claims())])

st.header("Where to start", anchor=False)
st.markdown(wording.WHERE_TO_START)
with st.container(horizontal=True):
    page_link("london_map", "Find your borough on the map")
    page_link("own_panel", "Put a panel of your own to the test")
    page_link("data", "See the figures and where they come from")
st.caption(wording.CAVEAT)
