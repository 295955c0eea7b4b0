import streamlit as st

from core.app import briefing_recorder, render
from core.app.controls import show_notices
from core.app.navigation import enter
from core.app.sections import crime_common, crime_types
from core.app.state import PageState
from core.crime.area import LOW, NOT_LOW
from core.crime.design_effects import area_differences, district_quotients, typed_mixes
from core.crime.types import figures as exhibits
from core.crime.types import text as wording
from core.crime.types.view import offer

enter()
state = PageState("crime_types")

render.title(wording.TITLE)
answer = st.container()
at = crime_common.place_control(state)
notices = st.container()
area = crime_common.ground(at.place).area
offered = crime_common.on_area(offer, at.place)
view = crime_types.restored(state, offered)
mixes, quotients = crime_common.on_area(typed_mixes, at.place), crime_common.on_area(district_quotients, at.place)
with answer:
    render.answer(wording.answer(mixes, quotients, at.district))
briefing_recorder.method(f"{wording.SHARES_NOTE} {wording.INTERVALS_NOTE}")

render.exhibit(exhibits.mix_exhibit, mixes, wording.shown_area(quotients, at.district), area.period)
st.caption(briefing_recorder.sure(wording.CAVEAT))

if wording.several(quotients):
    render.header("One type in every district")
    view = crime_types.type_control(state, offered, view)
    render.exhibit(exhibits.type_exhibit, mixes, view.crime_type, at.district)

    render.header("What stands out where")
    render.exhibit(exhibits.quotients_exhibit, quotients, wording.outstanding(quotients, at.district))
    render.exhibit(exhibits.quotient_table_exhibit, quotients)
else:
    st.caption(briefing_recorder.said(wording.ONE_DISTRICT))

render.header("Two areas compared")
view = crime_types.pair_control(state, offered, view)
compared = crime_common.on_area(area_differences, at.place, view.one, view.other)
render.exhibit(exhibits.pair_exhibit, compared, view.one, view.other, "pair")
crime_common.lacking(area, "types_by_lsoa")

render.header("The least deprived areas against the rest")
st.caption(briefing_recorder.said(wording.low_score(area)))
if wording.has_both(area):
    compared = crime_common.on_area(area_differences, at.place, LOW, NOT_LOW)
    render.exhibit(exhibits.pair_exhibit, compared, LOW, NOT_LOW, "low_score")

render.header("Two small areas whose mix was published")
crime_common.lacking(area, "published_mixes")
if "published_mixes" not in area.missing:
    render.exhibit(exhibits.published_exhibit, mixes)

render.header("Take it with you")
render.download(exhibits.shares_table(mixes), "crime_type_shares", "Every share shown here")
state.keep(view)
state.write()
with notices:
    show_notices(state.notices)
render.link(state)
