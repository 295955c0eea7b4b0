import streamlit as st

from core.app import briefing_recorder, places, render
from core.app.controls import show_notices
from core.app.navigation import enter
from core.app.sections import crime_bicycle_theft, crime_common, crime_rates
from core.app.state import PageState
from core.crime import rate_figures
from core.crime import text as crime_text
from core.crime.area import BICYCLE_THEFT
from core.crime.bicycle_theft import text as bicycle_theft_text
from core.crime.bicycle_theft.figures import campus_bands
from core.crime.district_rates import district_shares
from core.crime.lsoa_rates import lsoa_rates
from core.crime.text import Scope

enter()
state = PageState("crime_bicycle_theft")

render.title(bicycle_theft_text.TITLE)
notices = st.empty()
answer = st.container()
place = crime_common.place_control(state)
on = places.load_place(place.place)
there = BICYCLE_THEFT in on.area.crime_types
if there:
    scope = Scope(on.area.name, on.area.period, BICYCLE_THEFT)
    shares = places.on_area(district_shares, place.place, BICYCLE_THEFT)
    by_resident = places.on_area(lsoa_rates, place.place, BICYCLE_THEFT)
    campuses = "places" not in on.area.missing and "points" not in on.area.missing
    with answer:
        bands = places.on_area(campus_bands, place.place) if campuses else None
        render.answer(bicycle_theft_text.answer(by_resident, shares, bands, scope.period))
        if len(shares) > 1:
            st.markdown(briefing_recorder.text(bicycle_theft_text.district_text(shares, place.district, scope.period)))
        st.caption(briefing_recorder.caveat(f"{crime_text.AREAS_NOT_PEOPLE} {crime_text.RECORDED_ONLY}"))
        crime_common.months(on.area)

    view = crime_bicycle_theft.controls(state)
    by_lsoa = places.on_area(lsoa_rates, place.place, BICYCLE_THEFT, view.per)
    crime_rates.map_section(state, on, place, by_lsoa, BICYCLE_THEFT, crime_bicycle_theft.START, view.per)

    render.header("How far from a campus?")
    if campuses:
        crime_bicycle_theft.campus_section(place.place)
    else:
        crime_common.unavailable(on.area, "places", "points")

    if len(shares) > 1:
        render.header("Districts")
        render.figure(rate_figures.rates_figure, shares, scope, place.district)

    render.header("The safest and the worst LSOAs")
    crime_bicycle_theft.extremes_section(on.area, by_lsoa, place.district, view.per)

    render.header("No theft is not the same as safe")
    crime_bicycle_theft.no_theft_section(by_lsoa, view.per)

    render.header("What the figures do not hold")
    st.markdown(briefing_recorder.caveat(bicycle_theft_text.NO_BICYCLES))
else:
    with answer:
        render.answer(bicycle_theft_text.TOO_FEW_COLUMNS)

render.link(state)
with notices:
    show_notices(state.notices)
state.write()
