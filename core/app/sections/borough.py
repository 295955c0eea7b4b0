"""The page of one borough: its summary, and the sections behind it."""

from collections.abc import Callable, Collection, Mapping
from functools import partial

import pandas as pd
import streamlit as st

from core.app import briefing_recorder, cache, data, decks, render, uploads
from core.app.controls import NO_BOROUGH
from core.app.crime_places import neighbourhoods as districts_of
from core.app.layers import HOW_SURE
from core.app.models.model_page import Sections
from core.app.navigation import page_link
from core.app.sections import london_forecast, summary
from core.app.state import PageState
from core.crime.neighbourhood.question import PAGE as NEIGHBOURHOOD_PAGE
from core.london import force_figures
from core.london.borough import figures, section_text, text
from core.london.borough import map as neighbourhood_map
from core.london.borough.analysis import (
    continuing,
    crime_rates,
    force_rates,
    last_rate,
    next_figure,
    standing,
)
from core.london.borough.neighbourhoods import Neighbourhoods, Offences, neighbourhoods, offences
from core.london.borough.section_text import SECTIONS, STANDS_OUT
from core.london.borough.stand_out import comparisons
from core.london.evidence.peers import peers
from core.london.forecast.view import Forecasts, ForecastView
from core.london.map.figures import MapView, borough_map_data, complete_view
from core.london.panel import TRUST
from core.presentation.maps import WIDE_HEIGHT
from core.presentation.summary import Summary
from core.registry.studies import SURVEY
from core.tables.catalogue import Catalogue

TRUST_TAB = "trust"
TOPICS: Mapping[str, str] = {
    TRUST_TAB: "Trust",
    "force": "Use of force",
    "crime": "Recorded crime",
    "neighbourhoods": "Neighbourhoods",
    "similar": "Similar boroughs",
}
TABS = (*TOPICS, HOW_SURE)


def forecasts() -> Forecasts:
    """The forecasts of trust."""
    return london_forecast.of(ForecastView(TRUST))


@cache.cached(4)
def _crime(tables: Catalogue) -> pd.DataFrame:
    return crime_rates(tables)


def crime() -> pd.DataFrame:
    """Recorded crime per 1,000 residents by borough; shared, so never to be changed in place."""
    return _crime(data.catalogue(), this_visit=uploads.has_london())


def elsewhere(district: str, boroughs: Collection[str]) -> None:
    """Lead to a district that is asked for and is none of London's `boroughs`."""
    if district in districts_of.districts() and district not in boroughs:
        st.markdown(text.ELSEWHERE.format(district=district))
        page_link(NEIGHBOURHOOD_PAGE, f"{district} and its neighbourhoods", {"district": district})


def choose(state: PageState) -> None:
    """What the page shows before a borough is chosen: a map to click."""
    panel = data.panel(SURVEY)
    if asked := state.link.get("borough"):
        elsewhere(districts_of.district_called(asked), panel.areas)
    st.markdown(text.CHOOSE)
    view = complete_view(MapView(TRUST), panel)
    render.borough_map(state, borough_map_data(view, panel, data.catalogue()), NO_BOROUGH)


def show_summary(borough: str) -> None:
    """The first screen: trust in the borough, what is next, how sure."""
    summary.show(_summary(borough), lambda: trust_picture(borough))
    briefing_recorder.method(text.METHOD)


def _summary(borough: str) -> Summary:
    now = data.on_panel(standing, SURVEY, borough)
    coming = next_figure(forecasts(), borough, now.quarter)
    return text.summary(now, coming, last_rate(data.on_panel(force_rates, SURVEY), borough))


def trust_picture(borough: str) -> None:
    """Trust over time with its margin, and the forecast, as the picture of a summary."""
    found, catalogue = forecasts(), data.catalogue()
    render.picture(figures.trust_figure, data.panel(SURVEY), data.london_totals(), found, borough, catalogue)


def sections(borough: str) -> Sections:
    """What the tabs hold, under the answer."""
    render.answer(text.answer(data.on_panel(standing, SURVEY, borough)))
    briefing_recorder.method(text.METHOD)
    topics: Sections = {name: [partial(_section, name, borough)] for name in TOPICS if name in SECTIONS}
    return {
        TRUST_TAB: [partial(over_time, borough), partial(_section, "changes", borough)],
        **topics,
        HOW_SURE: [partial(say_margin, borough), partial(_section, STANDS_OUT, borough)],
    }


def over_time(borough: str) -> None:
    """Trust over time, with its table and files."""
    render.header(f"Trust in {borough} over time")
    found, catalogue = forecasts(), data.catalogue()
    render.figure(figures.trust_figure, data.panel(SURVEY), data.london_totals(), found, borough, catalogue)


def say_margin(borough: str) -> None:
    """How sure the last figure is, and which it is."""
    now = data.on_panel(standing, SURVEY, borough)
    st.markdown(briefing_recorder.caveat(f"{text.margin(now)} {text.published(now)}"))


def _section(name: str, borough: str) -> None:
    render.header(SECTIONS[name])
    _SHOWN[name](borough)


def changes(borough: str) -> None:
    """The change of each measure that continues."""
    render.figure(figures.changes_figure, data.panel(SURVEY), borough, data.catalogue())


def force(borough: str) -> None:
    """Use of force over time, and the incidents of one year apart from it."""
    table = data.on_panel(force_rates, SURVEY)
    st.markdown(briefing_recorder.text(section_text.trend(table, borough, "Use of force")))
    note = section_text.FORCE_NOTE
    render.figure(figures.rate_figure, table, borough, "borough_force", "Use of force", note)
    render.figure(force_figures.incidents_figure, data.panel(SURVEY), borough, data.catalogue())


def recorded_crime(borough: str) -> None:
    """Recorded crime over time."""
    st.markdown(briefing_recorder.text(section_text.trend(crime(), borough, "Recorded crime")))
    note = section_text.CRIME_NOTE
    render.figure(figures.rate_figure, crime(), borough, "borough_crime", "Recorded crime", note)


@cache.cached(1)
def _offences(tables: Catalogue) -> Offences:
    return offences(tables)


@cache.cached(8)
def _neighbourhoods(tables: Catalogue, borough: str) -> Neighbourhoods:
    return neighbourhoods(tables, borough, _offences(tables))


def of_neighbourhoods(borough: str) -> None:
    """Deprivation of the neighbourhoods, and a map of crime in them."""
    found = _neighbourhoods(data.published()[0], borough)
    st.markdown(briefing_recorder.text(section_text.deprivation(found)))
    st.markdown(f"{neighbourhood_map.finding(found)}.")
    dark = decks.on_dark()
    st.html(neighbourhood_map.legend(found, dark))
    decks.show(
        neighbourhood_map.neighbourhood_deck(found, decks.on_phone(), dark),
        f"borough.map.{borough}",
        WIDE_HEIGHT,
        f"Map of {borough}. {neighbourhood_map.finding(found)}.",
    )
    st.caption(briefing_recorder.text(section_text.neighbourhood_note(found)))
    page_link(NEIGHBOURHOOD_PAGE, f"Look at one neighbourhood of {borough}", {"district": borough})
    render.map_download(
        lambda: neighbourhood_map.static_neighbourhood_map(found), "borough_map", neighbourhood_map.finding(found)
    )


def similar(borough: str) -> None:
    """The five most similar boroughs next to this one."""
    found = data.on_panel(peers, SURVEY, borough)
    names = list(found["borough"])
    st.markdown(briefing_recorder.text(section_text.similar(names, list(found["why"]), borough)))
    own = pd.DataFrame({"borough": [borough], "distance": [0.0]})
    listed = pd.concat([own, found[["borough", "distance"]]], ignore_index=True)
    rows = figures.side_by_side(data.panel(SURVEY), crime(), data.on_panel(force_rates, SURVEY), listed)
    render.table(rows, "similar_boroughs", digits=1)
    st.caption(briefing_recorder.text(section_text.SIMILAR_NOTE))


def stands_out(borough: str) -> None:
    """What stands out, after a correction for all comparisons."""
    catalogue = data.catalogue()
    rows = data.on_panel(comparisons, SURVEY, tuple(continuing(data.panel(SURVEY), catalogue)))
    listed = "\n".join(f"- {sentence}" for sentence in section_text.stands_out(rows, borough, catalogue))
    st.markdown(briefing_recorder.text(listed))
    st.caption(briefing_recorder.text(f"{section_text.compared(rows)} {section_text.STANDS_OUT_NOTE}"))


_SHOWN: Mapping[str, Callable[[str], None]] = {
    "changes": changes,
    "force": force,
    "crime": recorded_crime,
    "neighbourhoods": of_neighbourhoods,
    "similar": similar,
    STANDS_OUT: stands_out,
}
