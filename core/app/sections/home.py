"""The front page: every question with its answer, from the same cached results as its own page."""

from collections.abc import Iterable

import streamlit as st

from core.app import data
from core.app.navigation import page_link
from core.app.sections import crime_common, crime_deprivation, london_ages, london_forecast
from core.app.sections.answer import preset_fits
from core.crime.area import ALL_CRIME, BICYCLE_THEFT
from core.crime.bicycle_theft.figures import campus_bands
from core.crime.district_rates import district_shares
from core.crime.lsoa_rates import lsoa_rates
from core.crime.places import STUDY_AREA
from core.crime.text import Scope
from core.crime.types.design_effects import district_quotients, typed_compositions
from core.home import summary
from core.home.summary import Brief
from core.london.forecast.view import ForecastView, score_of
from core.questions.question import AS_PUBLISHED, LONDON_AGES, QUESTIONS, RECOMMENDED


def show_briefs(title: str, about: str, briefs: Iterable[Brief]) -> None:
    """A study's questions, each with its answer, as they are worked out."""
    st.header(title, anchor=False)
    st.caption(about)
    for brief in briefs:
        with st.container(gap=None):
            page_link(brief.page, f"**{brief.question}**")
            st.markdown(f"{brief.answer} :gray[{brief.study}]" if brief.study else brief.answer)


def london() -> Iterable[Brief]:
    """The questions on force and trust."""
    catalogue = data.catalogue()
    for question in QUESTIONS:
        if question.answerable(data.panel(question.study).frame.columns):
            yield summary.of_force(question, *preset_fits(question), catalogue)
        elif question == LONDON_AGES:
            yield summary.of_ages(london_ages.between(london_ages.AgesView()), catalogue)
    view, found = ForecastView(), london_forecast.forecasts()
    yield summary.of_forecast(view, score_of(view, found), data.published()[0])


def west_midlands() -> Iterable[Brief]:
    """The questions on crime and deprivation."""
    area, presets = crime_common.load_place(STUDY_AREA).area, crime_deprivation.question_of(STUDY_AREA).presets
    yield summary.of_deprivation(
        *(crime_deprivation.summarised(STUDY_AREA, presets[name]) for name in (RECOMMENDED, AS_PUBLISHED))
    )
    shares = crime_common.on_area(district_shares, STUDY_AREA, ALL_CRIME)
    yield summary.of_rates(shares, Scope(area.name, area.period, ALL_CRIME))
    yield summary.of_types(
        crime_common.on_area(typed_compositions, STUDY_AREA), crime_common.on_area(district_quotients, STUDY_AREA)
    )
    shares, rates = (crime_common.on_area(make, STUDY_AREA, BICYCLE_THEFT) for make in (district_shares, lsoa_rates))
    yield summary.of_bicycles(rates, shares, crime_common.on_area(campus_bands, STUDY_AREA))
