"""The page of all boroughs on a map: its summary, and the map of any figure and quarter for analysts."""

from dataclasses import replace
from functools import partial

import streamlit as st

from core.app import briefing_recorder, data, render
from core.app.controls import events_control, map_controls
from core.app.downloads import publishers
from core.app.layers import EVIDENCE, HOW_SURE
from core.app.models.model_page import Sections
from core.app.sections import summary
from core.app.state import PageState
from core.london import figures as london_figures
from core.london import force_figures
from core.london.borough.analysis import standing
from core.london.borough.elsewhere import map_in_borough
from core.london.borough_map import BoroughMapData, map_table
from core.london.map import text
from core.london.map.figures import MapView, borough_map_data, complete_view, count_dispersion, is_score
from core.london.map.summary import CHANGE, map_summary, moved
from core.presentation.summary import Summary
from core.registry.studies import SURVEY

TABS = (EVIDENCE, HOW_SURE)


def show_summary(state: PageState, borough: str) -> None:
    """The first screen: where trust changed in a year, or whether it did in the borough chosen if there is one."""
    view = complete_view(CHANGE, data.panel(SURVEY))
    change = _shown(view)
    found = _summary(view, change)
    if borough:
        among_all = borough in (*moved(change, 1), *moved(change, -1))
        found = map_in_borough(found, data.on_panel(standing, SURVEY, borough), among_all)
    summary.show(found, lambda: render.borough_map(state, change, borough, small=True))


def _summary(view: MapView, change: BoroughMapData) -> Summary:
    return map_summary(change, view, _shown(replace(view, kind="level")), publishers())


def _shown(view: MapView) -> BoroughMapData:
    return borough_map_data(view, data.panel(SURVEY), data.catalogue())


def sections(state: PageState, borough: str) -> Sections:
    """What the tabs hold, under the answer and the choices of the map."""
    answer = st.container()
    view = map_controls(state, data.panel(SURVEY), data.catalogue())
    shown = _shown(view)
    with answer:
        render.answer(f"{shown.finding}.")
    briefing_recorder.method(f"{shown.title}. {data.catalogue().help(view.variable)}")
    return {
        EVIDENCE: [partial(the_map, state, view, shown, borough), partial(over_time, state, view, borough)],
        HOW_SURE: [partial(as_table, view, shown)],
    }


def note_of(view: MapView) -> str:
    """How to read the map of `view`."""
    score = is_score(view.variable, data.catalogue())
    return text.map_note(view, None if score else count_dispersion(data.panel(SURVEY), view.variable))


def the_map(state: PageState, view: MapView, shown: BoroughMapData, borough: str) -> None:
    """The map, and how to read it."""
    render.borough_map(state, shown, borough)
    st.caption(briefing_recorder.caveat(note_of(view)))
    if ended := text.ended(view.variable, data.panel(SURVEY), data.catalogue()):
        st.caption(briefing_recorder.caveat(ended))


def over_time(state: PageState, view: MapView, borough: str) -> None:
    """The figure over time, for the borough and for London."""
    catalogue, panel = data.catalogue(), data.panel(SURVEY)
    render.header(f"{borough or 'London'} over time")
    view = replace(view, events=events_control(state, view.events))
    state.keep(view)
    events = data.events() if view.events else None
    render.figure(london_figures.history_figure, data.london_totals(), panel, view, borough, catalogue, events)
    if view.events:
        render.events_key()
    if not is_score(view.variable, catalogue):
        render.figure(force_figures.incidents_figure, panel, borough, catalogue)


def as_table(view: MapView, shown: BoroughMapData) -> None:
    """Every borough's figure with its interval."""
    render.header("Every borough with its interval")
    st.caption(shown.title)
    st.caption(briefing_recorder.caveat(note_of(view)))
    rows = briefing_recorder.table(map_table(shown), "borough_map", shown.digits, shown.title)
    render.table(rows, "borough_map", digits=shown.digits)
