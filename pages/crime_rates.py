import streamlit as st

from core import exhibits_rates, wording_rates
from core.app import crime, rates, record, show
from core.app.controls import show_notices
from core.app.navigation import enter
from core.app.state import PageState
from core.crime.rates import district_shares, lsoa_rates
from core.wording_rates import Scope

enter()
state = PageState("crime_rates")

show.title(wording_rates.TITLE)
notices = st.empty()
answer = st.container()
place = crime.place_control(state)
on = crime.ground(place.place)
view = rates.controls(state, on.area)
scope = Scope(on.area.name, on.area.period, view.crime_type)
shares = crime.on_area(district_shares, place.place, view.crime_type)
by_lsoa = crime.on_area(lsoa_rates, place.place, view.crime_type)
with answer:
    show.answer(wording_rates.answer(shares, by_lsoa, scope, place.district, view.population))
    if len(shares) > 1:
        st.markdown(record.said(wording_rates.single_lsoas(by_lsoa, scope)))
    st.caption(record.sure(f"{wording_rates.AREAS_NOT_PEOPLE} {wording_rates.RECORDED_ONLY}"))

if len(shares) > 1:
    show.header("Districts")
    crime.lacking(on.area, "residents_2011")
    show.exhibit(exhibits_rates.shares_exhibit, shares, scope, place.district, view.population)
    if "residents_2011" not in on.area.missing:
        st.markdown(record.said(wording_rates.population_words(shares)))
    show.exhibit(exhibits_rates.rates_exhibit, shares, scope, place.district)

show.header("Small areas")
shown = rates.map_section(state, on, place, by_lsoa, view.crime_type, crime.LsoaView())
rates.top_section(by_lsoa, shown, place.district)

show.header("Why a rate explodes where few people live")
rates.explosion(place.place, by_lsoa, scope)

show.header("How far from centres, campuses and hospitals?")
if "places" in on.area.missing or "points" in on.area.missing:
    crime.lacking(on.area, "places", "points")
else:
    rates.distances(place.place, scope)

show.link(state)
with notices:
    show_notices(state.notices)
state.write()
