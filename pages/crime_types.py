import streamlit as st

from core import exhibits_crime_types as exhibits
from core import wording_crime_types as wording
from core.app import crime, crime_types, record, show
from core.app.controls import show_notices
from core.app.navigation import enter
from core.app.state import PageState
from core.crime.area import LOW, NOT_LOW
from core.crime.design_effects import area_differences, district_quotients, typed_mixes
from core.crime_types_view import offer

enter()
state = PageState("crime_types")

show.title(wording.TITLE)
answer = st.container()
at = crime.place_control(state)
notices = st.container()
area = crime.ground(at.place).area
offered = crime.on_area(offer, at.place)
view = crime_types.restored(state, offered)
mixes, quotients = crime.on_area(typed_mixes, at.place), crime.on_area(district_quotients, at.place)
with answer:
    show.answer(wording.answer(mixes, quotients, at.district))
record.method(f"{wording.SHARES_NOTE} {wording.INTERVALS_NOTE}")

show.exhibit(exhibits.mix_exhibit, mixes, wording.shown_area(quotients, at.district), area.period)
st.caption(record.sure(wording.CAVEAT))

if wording.several(quotients):
    show.header("One type in every district")
    view = crime_types.type_control(state, offered, view)
    show.exhibit(exhibits.type_exhibit, mixes, view.crime_type, at.district)

    show.header("What stands out where")
    show.exhibit(exhibits.quotients_exhibit, quotients, wording.outstanding(quotients, at.district))
    show.exhibit(exhibits.quotient_table_exhibit, quotients)
else:
    st.caption(record.said(wording.ONE_DISTRICT))

show.header("Two areas compared")
view = crime_types.pair_control(state, offered, view)
compared = crime.on_area(area_differences, at.place, view.one, view.other)
show.exhibit(exhibits.pair_exhibit, compared, view.one, view.other, "pair")
crime.lacking(area, "types_by_lsoa")

show.header("The least deprived areas against the rest")
st.caption(record.said(wording.low_score(area)))
if wording.has_both(area):
    compared = crime.on_area(area_differences, at.place, LOW, NOT_LOW)
    show.exhibit(exhibits.pair_exhibit, compared, LOW, NOT_LOW, "low_score")

show.header("Two small areas whose mix was published")
crime.lacking(area, "published_mixes")
if "published_mixes" not in area.missing:
    show.exhibit(exhibits.published_exhibit, mixes)

show.header("Take it with you")
show.download(exhibits.shares_table(mixes), "crime_type_shares", "Every share shown here")
state.keep(view)
state.write()
with notices:
    show_notices(state.notices)
show.link(state)
