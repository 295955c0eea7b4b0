import streamlit as st

from core.app import briefing_recorder, places, render
from core.app.controls import show_notices
from core.app.navigation import enter
from core.app.sections import crime_common, crime_rates
from core.app.state import PageState
from core.crime import rate_figures
from core.crime import text as crime_text
from core.crime.district_rates import district_shares
from core.crime.lsoa_rates import lsoa_rates
from core.crime.rates import figures as rates_figures
from core.crime.rates import text as rates_text
from core.crime.text import Scope

enter()
state = PageState("crime_rates")

render.title(rates_text.TITLE)
notices = st.empty()
answer = st.container()
place = crime_common.place_control(state)
on = places.load_place(place.place)
view = crime_rates.controls(state, on.area)
scope = Scope(on.area.name, on.area.period, view.crime_type)
shares = places.on_area(district_shares, place.place, view.crime_type)
by_lsoa = places.on_area(lsoa_rates, place.place, view.crime_type)
with answer:
    render.answer(rates_text.answer(shares, by_lsoa, scope, place.district, view.population))
    if len(shares) > 1:
        st.markdown(briefing_recorder.text(rates_text.single_lsoas(by_lsoa, scope)))
    st.caption(
        briefing_recorder.caveat(f"{crime_text.AREAS_NOT_PEOPLE} {crime_text.RECORDED_ONLY} {crime_text.ASB_NOTE}")
    )
    crime_common.months(on.area)

if len(shares) > 1:
    render.header("Districts")
    crime_common.unavailable(on.area, "residents_2011")
    render.figure(rates_figures.shares_figure, shares, scope, place.district, view.population)
    if "residents_2011" not in on.area.missing:
        st.markdown(briefing_recorder.text(rates_text.population_text(shares)))
    render.figure(rate_figures.rates_figure, shares, scope, place.district)

render.header("Small areas")
shown = crime_rates.map_section(state, on, place, by_lsoa, view.crime_type, crime_common.LsoaView())
crime_rates.top_section(by_lsoa, shown, place.district)

render.header("Why a rate explodes where few people live")
crime_rates.explosion(place.place, by_lsoa, scope)

render.header("How far from centres, campuses and hospitals?")
if "places" in on.area.missing or "points" in on.area.missing:
    crime_common.unavailable(on.area, "places", "points")
else:
    crime_rates.distances(place.place, scope)

render.link(state)
with notices:
    show_notices(state.notices)
state.write()
