"""The page of one neighbourhood: which one, the first screen, and sections that are worked out once they are open."""

from collections.abc import Callable, Mapping
from typing import Any, Literal

import pandas as pd
import streamlit as st

from core.app import briefing_recorder, neighbourhoods, render
from core.app import england as figures_of
from core.app.controls import last_borough, remember_borough
from core.app.navigation import page_link
from core.app.sections.england import NO_PLACES
from core.app.state import PageState
from core.crime.england.question import PAGE as ENGLAND_PAGE
from core.crime.england.question import EnglandSpec
from core.crime.map import LAYER, lsoa_deck
from core.crime.neighbourhood import analysis, figures, text
from core.crime.neighbourhood.question import TITLE, NeighbourhoodView
from core.crime.neighbourhood.tables import DISTRICT_CODE, ForceNeighbourhoods, labels, search
from core.crime.static_map import static_lsoa_map
from core.crime.today import LONDON
from core.presentation.maps import PHONE_HEIGHT, WIDE_HEIGHT, class_labels, legend_html

NO_DISTRICT, NO_LSOA = "", ""
LAST = "last_neighbourhood"
CHIP_COLOURS: Mapping[str, Literal["blue", "gray", "orange"]] = {
    text.MORE: "blue",
    text.LESS: "blue",
    text.AS_USUAL: "gray",
    text.DEPENDS: "orange",
    text.CANNOT_SAY: "orange",
}
FACTS = "neighbourhood_facts"
# Streamlit cuts what does not fit in a narrow column, such as next to the picture on a tablet.
UNCUT = f"""<style>.st-key-{FACTS} [data-testid="stMetric"] :is(p, div) {{white-space: normal; overflow: visible}}
.st-key-{FACTS} [data-testid="stMetricValue"] {{font-size: 1.5rem; line-height: 1.2}}</style>"""
SECTIONS: Mapping[str, str] = {
    "map": "Map of the neighbourhoods around it",
    "deprivation": "How deprived it is, and in what",
    "places": "Its place among others",
    "similar": "Similar neighbourhoods",
    "choices": "Does the answer survive other choices?",
    "cautions": "What to bear in mind",
}


def control(state: PageState) -> NeighbourhoodView:
    """The neighbourhood that the page is about: searched for, or chosen from the lists of districts and of theirs."""
    every = neighbourhoods.directory()
    start = _start(state, every)
    search_box, left, right = st.columns(3)
    with search_box:
        wanted = st.text_input("Find by name", key=state.key("find"), placeholder="Ward, district or neighbourhood")
    if wanted:
        _offer(state, every, wanted)
    districts = [NO_DISTRICT, *every["district"].unique()]
    district = left.selectbox(
        "District or borough",
        districts,
        key=state.seed("district", start.district, districts),
        format_func=lambda name: name or "Type or choose a district",
    )
    within = every[every["district"] == district]
    place = str(within["place"].iloc[0]) if district else ""
    named = labels(within) if place else {}
    options = [NO_LSOA, *named]
    lsoa = right.selectbox(
        "Neighbourhood",
        options,
        key=state.seed("lsoa", start.lsoa if start.lsoa in named else NO_LSOA, options),
        format_func=lambda code: named.get(code, "Type or choose a ward"),
        disabled=not named,
        help=text.WHAT_IT_IS,
    )
    return _remember(state, NeighbourhoodView(district, lsoa, place))


def _start(state: PageState, every: pd.DataFrame) -> NeighbourhoodView:
    """What the page begins with: the link's choice, else the visitor's last here, else the borough chosen elsewhere."""
    last: NeighbourhoodView = st.session_state.get(LAST, NeighbourhoodView(last_borough(every["district"].unique())))
    state.keep(last, in_link=False)
    allowed = {"district": ["", *every["district"].unique()], "lsoa": ["", *every.index]}
    view = state.restore(NeighbourhoodView(), allowed)
    return NeighbourhoodView(str(every.at[view.lsoa, "district"]), view.lsoa) if view.lsoa else view


def _remember(state: PageState, view: NeighbourhoodView) -> NeighbourhoodView:
    st.session_state[LAST] = view
    if view.place == LONDON:
        remember_borough(view.district)
    state.keep(view)
    return view


def _offer(state: PageState, every: pd.DataFrame, wanted: str) -> None:
    """Buttons for what the visitor may have searched for."""
    found = search(every, wanted)
    if not found:
        st.caption(text.NOTHING_FOUND)
    with st.container(horizontal=True):
        for code, name in found.items():
            st.button(name, key=state.key(f"found.{code}"), on_click=_choose, args=(state, every, code))


def _choose(state: PageState, every: pd.DataFrame, code: str) -> None:
    """Put a neighbourhood into the page's widgets, and empty the box to search in."""
    st.session_state[state.key("district")] = every.at[code, "district"]
    st.session_state[state.key("lsoa")] = code
    st.session_state[state.key("find")] = ""


def title(view: NeighbourhoodView) -> str:
    """The question that the page answers."""
    if not view.lsoa:
        return TITLE
    return text.question(text.name_of(neighbourhoods.force(view.place), view.lsoa))


def choose(state: PageState, view: NeighbourhoodView) -> None:
    """What the page shows before a neighbourhood is chosen: a map to click."""
    if not view.district:
        st.markdown(text.CHOOSE)
        part = st.expander("Choose on a map of England", key="neighbourhood.open.england", on_change="rerun")
        if part.open:
            with part:
                _england(state)
    elif view.place:
        st.markdown(text.CHOOSE_ONE)
        district_map(state, view)
    else:
        rows = neighbourhoods.directory()
        served = str(rows.loc[rows["district"] == view.district, "force"].iloc[0])
        st.markdown(briefing_recorder.caveat(text.without_figures(view.district, served)))


def first_screen(view: NeighbourhoodView) -> None:
    """The answer in a sentence, a picture and three facts, what can be said and what cannot."""
    force = neighbourhoods.force(view.place)
    found = neighbourhoods.on_force(analysis.all_crime, view.place, view.lsoa)
    compared = neighbourhoods.on_force(analysis.by_comparison, view.place, view.lsoa)
    within = neighbourhoods.places(view.place, view.lsoa)[0]
    chip = text.chip(compared)
    render.answer(text.answer(force, view.lsoa, found))
    st.badge(chip, color=CHIP_COLOURS[chip])
    if neighbourhoods.on_force(analysis.draws_visitors, view.place, view.lsoa):
        st.markdown(text.CENTRE)
    picture, numbers = st.columns([5, 2])
    with picture:
        render.figure(figures.types_figure, force, view.lsoa)
    with numbers.container(key=FACTS):
        st.html(UNCUT)
        facts(force, view.lsoa, found, within)
    st.caption(briefing_recorder.caveat(text.reason(found, compared)))
    briefing_recorder.method(f"{text.METHOD} {text.PLACE_METHOD}")
    card(force, view.lsoa, found, chip, within)


def facts(force: ForceNeighbourhoods, code: str, found: analysis.Usual, within: analysis.PlaceRange) -> None:
    """Three figures: how many of those alike have less crime, the place in the district, deprivation."""
    deprived = text.rank_note(force.count(code, "imd25_rank"), force.in_england)
    shown = [
        (f"Of {found.peers} neighbourhoods as deprived", text.fewer_value(found), text.usual_range(found)),
        (f"Place in {within.where}", text.place_value(within), text.PLACE_NOTE),
        ("Deprivation in England", text.decile_value(force.count(code, "imd25_decile")), deprived),
    ]
    for label, value, note in shown:
        with st.container(border=True, gap="xsmall"):
            st.metric(label, value)
            st.caption(note)
        briefing_recorder.text(f"{label}: {value}. {note}")


def card(
    force: ForceNeighbourhoods, code: str, found: analysis.Usual, verdict: str, within: analysis.PlaceRange
) -> None:
    """What a reader can say, to be copied, and what the figures do not show."""
    said, unsaid = text.can_say(force, code, found, verdict, within), text.cannot_say(force)
    with st.container(border=True):
        can, cannot = st.columns(2)
        can.markdown("**What you can say**")
        can.code(text.quotation(force, said), language=None, wrap_lines=True)
        cannot.markdown("**What you cannot say**")
        cannot.markdown("\n".join(f"- {sentence}" for sentence in unsaid))
    briefing_recorder.caveat(f"**What you can say.** {' '.join(said)}")
    briefing_recorder.caveat(f"**What you cannot say.** {' '.join(unsaid)}")


def sections(state: PageState, view: NeighbourhoodView) -> None:
    """The rest, each part of it worked out only while it is open."""
    for name, label in SECTIONS.items():
        part = st.expander(label, key=f"neighbourhood.open.{name}", on_change="rerun")
        if part.open:
            with part:
                _SHOWN[name](state, view)
    back(view)


def district_map(state: PageState, view: NeighbourhoodView) -> None:
    """The neighbourhoods of the district; a click chooses one."""
    shown, shapes, geometries = neighbourhoods.map_of(view.place, view.district)
    ward = f" {text.in_ward(neighbourhoods.force(view.place), view.lsoa)}" if view.lsoa else ""
    st.markdown(f"{shown.finding}.{ward}")
    labels_of = class_labels(shown.scale, shown.write)
    st.html(legend_html(shown.scale, shown.title, labels_of, faded=False))
    phone = "Mobi" in st.context.headers.get("User-Agent", "")
    key = state.key(f"map.{view.district}.{view.lsoa}")
    st.pydeck_chart(
        lsoa_deck(shown, geometries, NO_PLACES, "shades", view.lsoa, phone),
        on_select=lambda: _picked(key, lambda code: _choose(state, neighbourhoods.directory(), code)),
        key=key,
        height=PHONE_HEIGHT if phone else WIDE_HEIGHT,
        alt=f"Map of the neighbourhoods of {view.district}. {shown.finding}.",
    )
    render.map_download(lambda: static_lsoa_map(shown, shapes, {}, view.lsoa), "neighbourhood_map", shown.finding)


def _england(state: PageState) -> None:
    """The districts of England; a click chooses one."""
    shown, _, geometries = figures_of.districts(EnglandSpec())
    phone = "Mobi" in st.context.headers.get("User-Agent", "")
    key = state.key("map.england")

    def choose_district(code: str) -> None:
        st.session_state[state.key("district")] = shown.rows.set_index("lsoa11_code").at[code, "LSOA"]

    st.pydeck_chart(
        lsoa_deck(shown, geometries, NO_PLACES, "shades", "", phone),
        on_select=lambda: _picked(key, choose_district),
        key=key,
        height=PHONE_HEIGHT if phone else WIDE_HEIGHT,
        alt=f"Map of England. {shown.finding}.",
    )


def _picked(key: str, use: Callable[[str], None]) -> None:
    """Give the code of what was clicked on the map with the session key `key` to `use`, if anything was."""
    selected: Mapping[str, Any] = st.session_state[key].selection.objects
    if selected.get(LAYER):
        use(selected[LAYER][0]["properties"]["code"])


def deprivation(_state: PageState, view: NeighbourhoodView) -> None:
    """How deprived the neighbourhood is by domain."""
    render.figure(figures.deprivation_figure, neighbourhoods.force(view.place), view.lsoa)


def places(_state: PageState, view: NeighbourhoodView) -> None:
    """Its place within district, force and England, as ranges."""
    found = neighbourhoods.places(view.place, view.lsoa)
    if not neighbourhoods.force(view.place).is_london:
        found = [*found, neighbourhoods.place_in_england(view.lsoa)]
    render.table(figures.places_table(found), "neighbourhood_places")
    st.caption(briefing_recorder.caveat(f"{text.PLACE_NOTE} {text.PLACE_METHOD}"))
    if neighbourhoods.force(view.place).is_london:
        st.caption(briefing_recorder.caveat(text.LONDON_NOTE))


def similar(_state: PageState, view: NeighbourhoodView) -> None:
    """The neighbourhoods most alike, next to this one."""
    rows = neighbourhoods.on_force(figures.similar_rows, view.place, view.lsoa)
    own = float(neighbourhoods.on_force(analysis.rates, view.place)[view.lsoa])
    st.markdown(briefing_recorder.text(text.similar(rows, own)))
    render.table(
        neighbourhoods.on_force(figures.similar_table, view.place, view.lsoa), "similar_neighbourhoods", digits=1
    )
    st.caption(briefing_recorder.text(text.SIMILAR_NOTE))


def choices(_state: PageState, view: NeighbourhoodView) -> None:
    """All crime for each way to compare."""
    render.figure(figures.comparisons_figure, neighbourhoods.force(view.place), view.lsoa)
    st.markdown(text.METHOD)


def cautions(_state: PageState, view: NeighbourhoodView) -> None:
    """What to bear in mind about the figures of this neighbourhood."""
    is_centre = neighbourhoods.on_force(analysis.draws_visitors, view.place, view.lsoa)
    for sentence in text.notes(neighbourhoods.force(view.place), is_centre):
        st.markdown(briefing_recorder.caveat(sentence))


def back(view: NeighbourhoodView) -> None:
    """Links to what the neighbourhood is part of."""
    force = neighbourhoods.force(view.place)
    if force.is_london:
        page_link("borough", f"Trust, force and crime in {view.district}", {"borough": view.district})
    else:
        code = force.text(view.lsoa, DISTRICT_CODE)
        page_link(ENGLAND_PAGE, f"{view.district} on the map of England", {"district": code})


_SHOWN: Mapping[str, Callable[[PageState, NeighbourhoodView], None]] = {
    "map": district_map,
    "deprivation": deprivation,
    "places": places,
    "similar": similar,
    "choices": choices,
    "cautions": cautions,
}
