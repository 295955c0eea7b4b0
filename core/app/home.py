"""The front page: every question with its answer, from the same cached results as its own page."""

from collections.abc import Iterable

import streamlit as st

from core import overview
from core.app import ages, crime, deprivation, figures, forecast
from core.app.answer import preset_fits
from core.app.navigation import page_link
from core.crime.area import ALL_CRIME, BICYCLE_THEFT
from core.crime.choose import STUDIED
from core.crime.design_effects import district_quotients, typed_mixes
from core.crime.rates import district_shares, lsoa_rates
from core.exhibits_bicycle import campus_bands
from core.forecast_view import ForecastView, score_of
from core.overview import Brief
from core.questions import AS_PUBLISHED, LONDON_AGES, QUESTIONS, RECOMMENDED
from core.wording_rates import Scope


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
    words = figures.catalogue()
    for question in QUESTIONS:
        if question.answerable(figures.panel(question.study).frame.columns):
            yield overview.of_force(question, *preset_fits(question), words)
        elif question == LONDON_AGES:
            yield overview.of_ages(ages.between(ages.AgesView()), words)
    view, found = ForecastView(), forecast.forecasts()
    yield overview.of_forecast(view, score_of(view, found), figures.published()[0])


def west_midlands() -> Iterable[Brief]:
    """The questions on crime and deprivation."""
    area, presets = crime.ground(STUDIED).area, deprivation.question_of(STUDIED).presets
    yield overview.of_deprivation(*(deprivation.told(STUDIED, presets[name]) for name in (RECOMMENDED, AS_PUBLISHED)))
    shares = crime.on_area(district_shares, STUDIED, ALL_CRIME)
    yield overview.of_rates(shares, Scope(area.name, area.period, ALL_CRIME))
    yield overview.of_types(crime.on_area(typed_mixes, STUDIED), crime.on_area(district_quotients, STUDIED))
    shares, rates = (crime.on_area(make, STUDIED, BICYCLE_THEFT) for make in (district_shares, lsoa_rates))
    yield overview.of_bicycles(rates, shares, crime.on_area(campus_bands, STUDIED))
