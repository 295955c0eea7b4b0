import streamlit as st

from core import exhibits, wording
from core.app import figures, show
from core.app.answer import cards, fit_or_last_good, model_caption, preset_fits
from core.app.controls import borough_control, model_controls, show_notices
from core.app.navigation import enter
from core.app.state import PageState
from core.app.takeaway import take_away
from core.questions import LONDON_AMOUNT
from core.regression import partial

enter()
QUESTION = LONDON_AMOUNT
TERM = "records"
words, panel, london = figures.catalogue(), figures.panel(QUESTION.study), figures.whole_london()
state = PageState(QUESTION.page)
spec = model_controls(state, QUESTION, panel, words)
focus = borough_control(state, panel)
state.write()

st.title(QUESTION.title)
show_notices(state.notices)
result = fit_or_last_good(state, QUESTION, spec)
show.answer(wording.answer(result, TERM, words))
st.markdown(wording.contrast(*preset_fits(QUESTION), TERM, words))
cards(QUESTION, TERM, words, result)
st.caption(wording.CAVEAT)

st.header("What moves the answer")
steps = {label: figures.fitted(QUESTION.study, step) for label, step in exhibits.ladder(QUESTION).items()}
show.exhibit(exhibits.ladder_exhibit(steps, result, TERM, words))
scattered = figures.on_panel(partial, QUESTION.study, result.spec, TERM)
show.exhibit(exhibits.scatter_exhibit(scattered, result, TERM, focus.borough, words))

st.header("Force and trust over time")
show.exhibit(exhibits.over_time_exhibit(london, panel, result.spec.outcome, TERM, focus.borough, words))
show.exhibit(exhibits.totals_exhibit(london, TERM, words))

st.header("How sure are we?")
st.markdown(wording.how_sure(result, TERM))
show.table(exhibits.estimates_table(result, words), "estimates", digits=4)
st.caption(model_caption(result, words))
with st.expander("Checks on the model", icon=":material/fact_check:"):
    show.diagnostics(QUESTION.study, result, TERM, words)

st.header("Take it with you")
take_away(state, panel, result)
