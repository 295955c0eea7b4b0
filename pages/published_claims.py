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
render.answer(report.summary(every))
st.markdown(briefing_recorder.text(report.summaries(every)))
st.caption(briefing_recorder.caveat(CAVEAT))
st.caption(briefing_recorder.caveat(AREAS_NOT_PEOPLE))
render.figure(report.verdicts_figure, every)

render.header("Claim by claim")
view = published_claims.filters(state, every)
state.write()
with notices:
    show_notices(state.notices)
wanted = report.shown(every, view)
published_claims.cards(wanted)

render.header("How a verdict is reached")
st.markdown(briefing_recorder.method(report.HOW_IT_IS_DONE))
st.markdown(briefing_recorder.method(report.rules_text()))
for study in CLAIMS.values():
    st.markdown(briefing_recorder.method(study.method))
st.markdown("What counts as the conclusion surviving depends on the kind of claim:")
st.markdown(report.standards_text(CLAIMS.values()))
st.caption(report.terms_text())

render.header("Take it with you")
with st.expander("The claims above as a table", icon=":material/table:"):
    render.table(report.claims_table(wanted), "published_claims")
render.link(state)
