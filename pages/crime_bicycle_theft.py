import streamlit as st

from core import exhibits_rates, wording_bicycle, wording_rates
from core.app import bicycle, crime, rates, record, show
from core.app.controls import show_notices
from core.app.navigation import enter
from core.app.state import PageState
from core.crime.area import BICYCLE_THEFT
from core.crime.rates import district_shares, lsoa_rates
from core.exhibits_bicycle import campus_bands
from core.wording_rates import Scope

enter()
state = PageState("crime_bicycle_theft")

show.title(wording_bicycle.TITLE)
notices = st.empty()
answer = st.container()
place = crime.place_control(state)
on = crime.ground(place.place)
there = BICYCLE_THEFT in on.area.crime_types
if there:
    scope = Scope(on.area.name, on.area.period, BICYCLE_THEFT)
    shares = crime.on_area(district_shares, place.place, BICYCLE_THEFT)
    by_resident = crime.on_area(lsoa_rates, place.place, BICYCLE_THEFT)
    campuses = "places" not in on.area.missing and "points" not in on.area.missing
    with answer:
        bands = crime.on_area(campus_bands, place.place) if campuses else None
        show.answer(wording_bicycle.answer(by_resident, shares, bands))
        if len(shares) > 1:
            st.markdown(record.said(wording_bicycle.district_words(shares, place.district)))
        st.caption(record.sure(f"{wording_rates.AREAS_NOT_PEOPLE} {wording_rates.RECORDED_ONLY}"))

    view = bicycle.controls(state)
    by_lsoa = crime.on_area(lsoa_rates, place.place, BICYCLE_THEFT, view.per)
    rates.map_section(state, on, place, by_lsoa, BICYCLE_THEFT, bicycle.START, view.per)

    show.header("How far from a campus?")
    if campuses:
        bicycle.campus_section(place.place)
    else:
        crime.lacking(on.area, "places", "points")

    if len(shares) > 1:
        show.header("Districts")
        show.exhibit(exhibits_rates.rates_exhibit, shares, scope, place.district)

    show.header("The safest and the worst LSOAs")
    bicycle.extremes_section(on.area, by_lsoa, place.district, view.per)

    show.header("No theft is not the same as safe")
    bicycle.no_theft_section(by_lsoa, view.per)

    show.header("What the figures do not hold")
    st.markdown(record.sure(wording_bicycle.NO_BICYCLES))
else:
    with answer:
        show.answer(wording_bicycle.NO_FIGURES)

show.link(state)
with notices:
    show_notices(state.notices)
state.write()
