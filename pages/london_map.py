import streamlit as st

from core import exhibits, wording
from core.app import figures, record, show
from core.app.controls import map_controls, show_notices
from core.app.navigation import enter
from core.app.state import PageState
from core.borough_map import borough_figures, map_table

enter()
words, panel = figures.catalogue(), figures.panel("london")
state = PageState("london_map")

show.title("How do the boroughs compare?")
answer = st.container()
view = map_controls(state, panel, words)
state.write()
show_notices(state.notices)
shown = borough_figures(view, panel, words)
with answer:
    show.answer(f"{shown.finding}.")
record.method(f"{shown.title}. {words.help(view.variable)}")
show.borough_map(state, shown, view.borough)
st.caption(record.sure(wording.MAP_NOTES[view.kind]))

show.header(f"{view.borough or 'London'} over time")
events = figures.events() if view.events else None
show.exhibit(exhibits.history_exhibit, figures.whole_london(), panel, view, words, events)
if view.events:
    show.events_key()

show.header("The same as a table")
st.caption(shown.title)
rows = record.table(map_table(shown, view.kind == "change"), "borough_map", shown.digits, shown.title)
show.table(rows, "borough_map", digits=shown.digits)
show.link(state)
