import streamlit as st

from core.app import briefing_recorder, places, render
from core.app.controls import show_notices
from core.app.navigation import enter
from core.app.sections import crime_common, crime_types
from core.app.state import PageState
from core.crime import text as crime_text
from core.crime.area import ALL_RECORDS, LOW, NOT_LOW
from core.crime.types import figures as figures
from core.crime.types import text as types_text
from core.crime.types.design_effects import area_differences, district_quotients, typed_compositions
from core.crime.types.view import offer

enter()
state = PageState("crime_types")

render.title(types_text.TITLE)
answer = st.container()
at = crime_common.place_control(state)
notices = st.container()
area = places.load_place(at.place).area
total = crime_types.total_control(state, area)
offered = places.on_area(offer, at.place, total)
view = crime_types.restored(state, offered, total)
compositions = places.on_area(typed_compositions, at.place, (), total)
quotients = places.on_area(district_quotients, at.place, total)
with answer:
    render.answer(types_text.answer(compositions, quotients, at.district))
    st.caption(briefing_recorder.caveat(crime_text.ASB_NOTE))
    crime_common.months(area)
briefing_recorder.method(f"{types_text.SHARES_NOTE} {types_text.INTERVALS_NOTE}")

render.figure(figures.shares_of_types_figure, compositions, types_text.shown_area(quotients, at.district), area.period)
st.caption(briefing_recorder.caveat(types_text.CAVEAT))

if types_text.several(quotients):
    render.header("One type in every district")
    view = crime_types.type_control(state, offered, view)
    render.figure(figures.type_figure, compositions, view.crime_type, at.district)

    render.header("What stands out where")
    render.figure(figures.quotients_figure, quotients, types_text.outstanding(quotients, at.district))
    render.figure(figures.quotient_table_figure, quotients)
else:
    st.caption(briefing_recorder.text(types_text.ONE_DISTRICT))

render.header("Two areas compared")
view = crime_types.pair_control(state, offered, view)
compared = places.on_area(area_differences, at.place, view.one, view.other, total)
render.figure(figures.pair_figure, compared, view.one, view.other, "pair")
crime_common.unavailable(area, "types_by_lsoa")

render.header("The least deprived areas against the rest")
st.caption(briefing_recorder.text(types_text.low_score(area)))
if types_text.has_both(area):
    compared = places.on_area(area_differences, at.place, LOW, NOT_LOW, total)
    render.figure(figures.pair_figure, compared, LOW, NOT_LOW, "low_score")

render.header("Two small areas whose composition was published")
crime_common.unavailable(area, "published_mixes")
if "published_mixes" not in area.missing:
    render.figure(figures.published_figure, places.on_area(typed_compositions, at.place, (), ALL_RECORDS))

render.header("Take it with you")
render.download(figures.shares_table(compositions), "crime_type_shares", "Every share shown here")
state.keep(view)
state.write()
with notices:
    show_notices(state.notices)
render.link(state)
