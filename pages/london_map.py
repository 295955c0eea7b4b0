import streamlit as st

from core.app import briefing_recorder, data, render
from core.app.controls import map_controls, show_notices
from core.app.navigation import enter
from core.app.state import PageState
from core.london import figures as london_figures
from core.london import force_figures
from core.london.borough_map import map_table
from core.london.map import text as map_text
from core.london.map.figures import borough_map_data, is_score
from core.registry.studies import SURVEY

enter()
catalogue, panel = data.catalogue(), data.panel(SURVEY)
state = PageState("london_map")

render.title("How do the boroughs compare?")
answer = st.container()
view = map_controls(state, panel, catalogue)
state.write()
show_notices(state.notices)
shown = borough_map_data(view, panel, catalogue)
with answer:
    render.answer(f"{shown.finding}.")
briefing_recorder.method(f"{shown.title}. {catalogue.help(view.variable)}")
render.borough_map(state, shown, view.borough)
st.caption(briefing_recorder.caveat(map_text.MAP_NOTES[view.kind]))
if ended := map_text.ended(view.variable, panel, catalogue):
    st.caption(briefing_recorder.caveat(ended))

render.header(f"{view.borough or 'London'} over time")
events = data.events() if view.events else None
render.figure(london_figures.history_figure, data.london_totals(), panel, view, catalogue, events)
if view.events:
    render.events_key()
if not is_score(view.variable, catalogue):
    render.figure(force_figures.incidents_figure, panel, view.borough, catalogue)

render.header("The same as a table")
st.caption(shown.title)
rows = briefing_recorder.table(map_table(shown), "borough_map", shown.digits, shown.title)
render.table(rows, "borough_map", digits=shown.digits)
render.link(state)
