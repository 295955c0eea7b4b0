import streamlit as st

from core import exhibits
from core.app import figures, handing_in, show
from core.app.controls import show_notices, table_control
from core.app.navigation import enter
from core.app.state import PageState

enter()
words, panel = figures.catalogue(), figures.panel("london")
state = PageState("data")

show.title("The figures, and where they come from")
st.markdown(exhibits.figures_summary(words, panel))
show.exhibit(exhibits.missing_exhibit, panel, words)

handing_in.section()

show.header("Tables")
note = table_control(state, words)
show_notices(state.notices)
state.write()
st.markdown(f"**{note.title}.** {note.description}")
if note.changes:
    st.caption(note.changes)
show.catalogue_table(words, note)

show.header("Sources and licences")
show.sources(words.sources())
show.link(state)
