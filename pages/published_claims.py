import streamlit as st

from core.app import claims, record, show
from core.app.controls import show_notices
from core.app.navigation import enter
from core.app.state import PageState
from core.claims import telling
from core.claims.studies import STUDIES
from core.wording import CAVEAT
from core.wording_deprivation import AREAS_NOT_PEOPLE

enter()
state = PageState("published_claims")
every = claims.all_claims()

show.title(telling.TITLE)
notices = st.container()
show.answer(telling.summary(every))
st.markdown(record.said(telling.summaries(every)))
st.caption(record.sure(CAVEAT))
st.caption(record.sure(AREAS_NOT_PEOPLE))
show.exhibit(telling.verdicts_exhibit, every)

show.header("Claim by claim")
view = claims.filters(state, every)
state.write()
with notices:
    show_notices(state.notices)
wanted = telling.shown(every, view)
claims.cards(wanted)

show.header("How a verdict is reached")
st.markdown(record.method(telling.HOW_IT_IS_DONE))
st.markdown(record.method(telling.rules_text()))
for study in STUDIES.values():
    st.markdown(record.method(study.method))
st.markdown("What counts as the conclusion surviving depends on the kind of claim:")
st.markdown(telling.standards_text(STUDIES.values()))
st.caption(telling.terms_text())

show.header("Take it with you")
with st.expander("The claims above as a table", icon=":material/table:"):
    show.table(telling.claims_table(wanted), "published_claims")
show.link(state)
