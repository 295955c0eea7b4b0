"""The page on bicycle theft: its summary, its choice, and its sections."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import pandas as pd
import streamlit as st

from core.app import briefing_recorder, downloads, render
from core.app.controls import one_of
from core.app.crime_places.places import load_place, on_area
from core.app.fragments import section
from core.app.layers import HOW_SURE
from core.app.models.model_page import Sections
from core.app.sections import summary as summary_section
from core.app.sections.crime_common import LsoaView, PlaceView, about, months, unavailable
from core.app.sections.crime_rates import gradients_section, map_section, rates_picture
from core.app.state import PageState
from core.crime import rate_figures
from core.crime import text as crime_text
from core.crime.area import BICYCLE_THEFT, PER_RESIDENTS, CrimeArea
from core.crime.bicycle_theft import figures as bicycle_theft_figures
from core.crime.bicycle_theft import text as bicycle_theft_text
from core.crime.bicycle_theft.figures import campus_bands
from core.crime.bicycle_theft.summary import campus_picture, not_counted
from core.crime.bicycle_theft.summary import summary as bicycle_summary
from core.crime.district_rates import district_shares
from core.crime.geography.rate_map import BASES
from core.crime.lsoa_rates import Base, lsoa_rates, shrunk_rates
from core.crime.places import STUDY_AREA
from core.crime.text import Scope, the
from core.home import summary
from core.home.summary import Brief
from core.presentation.numbers import upper_first
from core.sources.small_areas.places import UNIVERSITY

TOPICS: Mapping[str, str] = {"areas": "Small areas", "campus": "Distance to a campus", "districts": "Districts"}
TABS = (*TOPICS, HOW_SURE)
START = LsoaView(figure="shrunk", mark=(UNIVERSITY,))


@dataclass(frozen=True)
class BicycleView:
    """What thefts are divided by."""

    per: Base = "residents"


def controls(state: PageState) -> BicycleView:
    """Pick what thefts are divided by, in the sidebar."""
    bases: list[Base] = list(BASES)
    view = state.restore(BicycleView(), {"per": bases})
    labels = {name: BASES[name].capitalize() for name in bases}
    chosen = BicycleView(one_of(st.sidebar, state, "per", "Thefts per 1,000", labels, view.per))
    state.keep(chosen)
    return chosen


@dataclass(frozen=True)
class BicycleShown:
    """What the page shows: where, and what thefts are divided by in the analysts' layer."""

    at: PlaceView
    view: BicycleView = BicycleView()

    @property
    def area(self) -> CrimeArea:
        """The figures of the place."""
        return load_place(self.at.place).area

    @property
    def scope(self) -> Scope:
        """What is counted."""
        return Scope(self.area.name, self.area.period, BICYCLE_THEFT)

    @property
    def shares(self) -> pd.DataFrame:
        """Rates of the districts."""
        return on_area(district_shares, self.at.place, BICYCLE_THEFT)

    @property
    def rates(self) -> pd.DataFrame:
        """Rates of the LSOAs per what is chosen."""
        return on_area(lsoa_rates, self.at.place, BICYCLE_THEFT, self.view.per)

    @property
    def bands(self) -> pd.DataFrame | None:
        """Thefts by distance to a campus; ``None`` where the place has none."""
        lacking = {"places", "points"} & set(self.area.missing)
        return None if lacking else on_area(campus_bands, self.at.place)


def show_summary(at: PlaceView) -> None:
    """The first screen, for the district chosen if there is one."""
    shown = BicycleShown(at)
    if BICYCLE_THEFT not in shown.area.crime_types:
        summary_section.show(not_counted(shown.area, downloads.publishers()), lambda: None)
        return
    shares, rates, bands = shown.shares, on_area(shrunk_rates, at.place, BICYCLE_THEFT), shown.bands
    found = bicycle_summary(rates, shares, bands, shown.area, at.district, downloads.publishers())
    if at.district or bands is None:
        draw = partial(rates_picture, at, shares, shown.scope)
    else:
        where = upper_first(the(shown.area.name))
        draw = partial(render.picture, campus_picture, bands, where, shown.area.period)
    summary_section.show(found, draw)
    months(shown.area)


def sections(state: PageState, at: PlaceView) -> Sections:
    """What the tabs hold, under the answer; nothing where bicycle theft is not counted by itself."""
    area = load_place(at.place).area
    if BICYCLE_THEFT not in area.crime_types:
        render.answer(bicycle_theft_text.TOO_FEW_COLUMNS)
        return {name: [] for name in TABS}
    shown = BicycleShown(at, controls(state))
    shares, period = shown.shares, area.period
    per_resident = on_area(lsoa_rates, at.place, BICYCLE_THEFT)
    render.answer(bicycle_theft_text.answer(per_resident, shares, shown.bands, period))
    if len(shares) > 1:
        st.markdown(briefing_recorder.text(bicycle_theft_text.district_text(shares, at.district, period)))
    about(area, f"{crime_text.AREAS_NOT_PEOPLE} {crime_text.RECORDED_ONLY}")
    return {
        "areas": [partial(section, state, partial(small_areas, state, shown))],
        "campus": [partial(campus_section, shown)],
        "districts": [partial(districts, shown)],
        HOW_SURE: [partial(extremes_section, shown), partial(no_theft_section, shown), not_in_the_figures],
    }


def small_areas(state: PageState, shown: BicycleShown) -> None:
    """The map of small areas, and the one picked on it."""
    map_section(state, load_place(shown.at.place), shown.at, shown.rates, BICYCLE_THEFT, START, shown.view.per)


def districts(shown: BicycleShown) -> None:
    """The rates of the districts; for a place of one, that there is no other."""
    shares = shown.shares
    if len(shares) == 1:
        st.caption(briefing_recorder.text(crime_text.ONE_DISTRICT))
        return
    render.header("Districts")
    render.figure(rate_figures.rates_figure, shares, shown.scope, shown.at.district)


def not_in_the_figures() -> None:
    """What nobody counts."""
    render.header("What the data cannot show")
    st.markdown(briefing_recorder.caveat(bicycle_theft_text.NO_BICYCLES))


def campus_section(shown: BicycleShown) -> None:
    """Thefts by distance to the nearest campus, where a place has one."""
    render.header("How far from a campus?")
    place, period, bands = shown.at.place, shown.area.period, shown.bands
    if bands is None:
        unavailable(shown.area, "places", "points")
        return
    render.figure(bicycle_theft_figures.campus_figure, bands, period)
    residents, records = (on_area(bicycle_theft_figures.campus_gradients, place, per) for per in BASES)
    st.markdown(briefing_recorder.text(bicycle_theft_text.gradient_text(residents, records)))
    both = pd.concat([residents.assign(per="residents"), records.assign(per="records of all types")])
    gradients_section(rate_figures.gradients_table(both).assign(Per=both["per"]))


def extremes_section(shown: BicycleShown) -> None:
    """The LSOAs with the highest and the lowest shrunk rates, and how little most can be told apart."""
    render.header("The safest and the worst LSOAs")
    area, rates, district, per = shown.area, shown.rates, shown.at.district, shown.view.per
    own = rates[rates["district"] == district] if district else rates
    above, below = rate_figures.clear_count(own)
    average = rates["records"].sum() / rates["base"].sum() * PER_RESIDENTS
    st.markdown(briefing_recorder.text(f"**{bicycle_theft_text.advice(own, above, below, district or area.name)}**"))
    st.markdown(briefing_recorder.text(bicycle_theft_text.clear_areas(own, len(rates))))
    render.figure(bicycle_theft_figures.extremes_figure, own, per, average, area.period)
    briefing_recorder.method(crime_text.SHRUNK)


def no_theft_section(shown: BicycleShown) -> None:
    """How many LSOAs have no theft, and why that is not safety."""
    render.header("No theft is not the same as safe")
    found, per = bicycle_theft_figures.no_theft(shown.rates), shown.view.per
    if found.lsoas:
        st.markdown(briefing_recorder.text(bicycle_theft_text.no_theft(found, BASES[per])))
    else:
        st.markdown("Every LSOA had a recorded theft.")


def brief() -> Brief:
    """What the front page says of bicycle theft in the place of the study."""
    shares, rates = (on_area(make, STUDY_AREA, BICYCLE_THEFT) for make in (district_shares, lsoa_rates))
    return summary.of_bicycles(rates, shares, on_area(campus_bands, STUDY_AREA), load_place(STUDY_AREA).area.period)
