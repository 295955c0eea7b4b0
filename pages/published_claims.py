import streamlit as st

from core.app import briefing_recorder, render
from core.app.controls import show_notices
from core.app.navigation import enter
from core.app.sections import published_claims
from core.app.state import PageState
from core.claims import report
from core.crime.deprivation.text import AREAS_NOT_PEOPLE
from core.london.questions import CAVEAT
from core.registry.studies import CLAIMS

enter()
state = PageState("published_claims")
every = published_claims.all_claims()

render.title(report.TITLE)
notices = st.container()
render.answer(report.answer(every))
st.markdown(briefing_recorder.text(report.summaries(every)))
st.caption(briefing_recorder.text(report.ONCE))
st.caption(briefing_recorder.caveat(CAVEAT))
st.caption(briefing_recorder.caveat(AREAS_NOT_PEOPLE))
render.figure(report.verdicts_figure, every)

render.header("Find a claim")
view = published_claims.filters(state, every)
wanted = report.shown(every, view)
picked = published_claims.table(state, wanted)
state.write()
with notices:
    show_notices(state)
if picked:
    published_claims.detail(picked)

render.header("How a verdict is reached")
st.markdown(briefing_recorder.method(report.HOW_IT_IS_DONE))
st.markdown(briefing_recorder.method(report.rules_text()))
for study in CLAIMS.values():
    st.markdown(briefing_recorder.method(study.method))
published_claims.standards()

published_claims.take_away(wanted)
render.link(state)
