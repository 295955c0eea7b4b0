"""The page of one neighbourhood: which one, its summary, and for analysts what it is compared with."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from core.app import briefing_recorder, decks, lazy, render
from core.app.controls import last_borough, remember_borough, search_box
from core.app.crime_places import england as figures_of
from core.app.crime_places import neighbourhoods
from core.app.layers import HOW_SURE, LayeredPage
from core.app.navigation import page_link
from core.app.sections import summary as summary_section
from core.app.sections.england import NO_PLACES, older_figures
from core.app.state import PageState
from core.crime.england.question import PAGE as ENGLAND_PAGE
from core.crime.england.question import EnglandSpec
from core.crime.geography.map import LAYER, lsoa_deck
from core.crime.geography.static_map import static_lsoa_map
from core.crime.neighbourhood import analysis, figures, text
from core.crime.neighbourhood.question import (
    NUMBERS,
    PAGE,
    RESIDENTS,
    SCORES,
    TITLE,
    Comparison,
    NeighbourhoodView,
)
from core.crime.neighbourhood.summary import summary
from core.crime.neighbourhood.tables import MOST_FOUND, ForceNeighbourhoods, labels
from core.crime.today import LONDON
from core.presentation.maps import MISSING, class_labels, legend_html
from core.questions.links import not_offered
from core.sources.small_areas.areas import DISTRICT_CODE

NO_LSOA = ""
ANOTHER = "Choose another neighbourhood"
LAST = "last_neighbourhood"
OPENED: Mapping[str, str] = {
    "map": "Map of the neighbourhoods around it",
    "deprivation": "How deprived it is, and in what",
    "places": "Its place among others",
    "similar": "Similar neighbourhoods",
}
TYPES_TAB = "types"
TOPICS: Mapping[str, str] = {
    TYPES_TAB: "Types of crime",
    "map": "Map",
    "deprivation": "Deprivation",
    "places": "Its place",
    "similar": "Similar neighbourhoods",
}


def open_page() -> LayeredPage:
    """The row under the title, and the layer that is open."""
    return LayeredPage(PageState(PAGE), (*TOPICS, HOW_SURE), topics=TOPICS)


def control(page: LayeredPage) -> NeighbourhoodView:
    """The neighbourhood that the page is about: searched for, or chosen from the lists of districts and of theirs."""
    state, every = page.state, neighbourhoods.directory()
    start = _start(state, every)
    box, left, right = _boxes(state, start).columns(3)
    wanted = search_box(state, "Find by name", "Ward, district or neighbourhood", box)
    if wanted:
        _offer(state, every, wanted)
    districts = ["", *neighbourhoods.districts()]
    district = left.selectbox(
        "District or borough",
        districts,
        key=state.seed("district", start.district, districts),
        format_func=lambda name: name or "Type or choose a district",
    )
    within = every[every["district"] == district]
    place = str(within["place"].iloc[0]) if district else ""
    named = labels(within) if place else {}
    lsoa = NO_LSOA
    if named:
        options = [NO_LSOA, *named]
        lsoa = right.selectbox(
            "Neighbourhood",
            options,
            key=state.seed("lsoa", start.lsoa if start.lsoa in named else NO_LSOA, options),
            format_func=lambda code: named.get(code, "Type or choose a ward"),
            help=text.WHAT_IT_IS,
        )
    view = _remembered(state, NeighbourhoodView(district, lsoa, place))
    state.about = text.name_of(neighbourhoods.force(place), lsoa) if lsoa else district
    page.title(text.question(state.about) if lsoa else TITLE)
    return view


def _boxes(state: PageState, start: NeighbourhoodView) -> Any:
    """Where a neighbourhood is chosen: closed on a phone that shows one, whose answer else begins below the screen."""
    chosen = st.session_state.get(state.key("lsoa"), start.lsoa)
    if not chosen or not decks.on_phone():
        return st.container()
    return lazy.expander(ANOTHER, "neighbourhood.open.another", ":material/search:")


def _start(state: PageState, every: pd.DataFrame) -> NeighbourhoodView:
    """What the page begins with: the link's choice, else the visitor's last here, else the borough chosen elsewhere."""
    last: NeighbourhoodView = st.session_state.get(LAST, NeighbourhoodView(last_borough(neighbourhoods.districts())))
    state.keep(last, in_link=False)
    wanted = state.link.get("lsoa", NO_LSOA).upper()  # of 33,755, only the one that a link asks for is looked for
    known = [wanted] if wanted in every.index else []
    view = state.restore(
        NeighbourhoodView(), {"district": ["", *neighbourhoods.districts()], "lsoa": [NO_LSOA, *known]}
    )
    if not view.lsoa:
        return view
    district = str(every.at[view.lsoa, "district"])
    if view.district not in ("", district):
        state.notices.append(not_offered("district", view.district))
    return NeighbourhoodView(district, view.lsoa)


def _remembered(state: PageState, view: NeighbourhoodView) -> NeighbourhoodView:
    st.session_state[LAST] = view
    if view.place == LONDON:
        remember_borough(view.district)
    state.keep(view)
    return view


def _offer(state: PageState, every: pd.DataFrame, wanted: str) -> None:
    """Buttons for what the visitor may have searched for: districts first, then wards and neighbourhoods."""
    meant, districts, found = neighbourhoods.called(wanted)
    if meant != wanted:
        st.caption(text.SPELT_LIKE.format(name=meant))
    if not found and not districts:
        st.caption(text.not_found(wanted))
    if len(found) + len(districts) == 1:
        st.markdown(text.ONE_FOUND)
    with st.container(horizontal=True):
        for name in districts:
            key = state.key(f"district.{name}")
            st.button(name, icon=":material/location_city:", key=key, on_click=_choose_district, args=(state, name))
        for code, name in found.items():
            st.button(name, key=state.key(f"found.{code}"), on_click=_choose, args=(state, every, code))
    if max(len(found), len(districts)) >= MOST_FOUND:
        st.caption(text.MORE_FOUND)


def _choose_district(state: PageState, name: str) -> None:
    """Put a district into the page's widget, and empty the box to search in."""
    st.session_state[state.key("district")] = name
    st.session_state[state.key("find")] = ""


def _choose(state: PageState, every: pd.DataFrame, code: str) -> None:
    """Put a neighbourhood into the page's widgets, and empty the box to search in."""
    st.session_state[state.key("district")] = every.at[code, "district"]
    st.session_state[state.key("lsoa")] = code
    st.session_state[state.key("find")] = ""


def choose(state: PageState, view: NeighbourhoodView) -> None:
    """What the page shows before a neighbourhood is chosen: a map to click."""
    if not view.district:
        st.markdown(text.CHOOSE)
        draw = partial(_england, state)
        lazy.expand("Choose on a map of England", "neighbourhood.open.england", draw, expanded=True)
    elif view.place:
        st.markdown(text.CHOOSE_ONE)
        district_map(state, view)
    else:
        rows = neighbourhoods.directory()
        served = str(rows.loc[rows["district"] == view.district, "force"].iloc[0])
        st.markdown(briefing_recorder.caveat(text.without_figures(view.district, served)))
        older_figures(view.district)


def show_summary(state: PageState, view: NeighbourhoodView) -> None:
    """The first screen, and under it what is worked out once it is open."""
    force, chosen = neighbourhoods.force(view.place), Comparison()
    found = summary(
        force,
        view.lsoa,
        neighbourhoods.on_force(analysis.all_crime, view.place, view.lsoa, chosen),
        neighbourhoods.on_force(analysis.by_comparison, view.place, view.lsoa, chosen),
        neighbourhoods.places(view.place, view.lsoa)[0],
        neighbourhoods.on_force(analysis.draws_visitors, view.place, view.lsoa),
    )
    summary_section.show(found, partial(render.picture, figures.types_figure, force, view.lsoa, chosen))
    briefing_recorder.method(f"{text.METHOD} {text.PLACE_METHOD}")
    drawn = _drawn(state, view)
    for name, label in OPENED.items():
        lazy.expand(label, f"neighbourhood.open.{name}", drawn[name])
    back(view)


def comparison_control(state: PageState) -> Comparison:
    """What the neighbourhood is compared with, in the sidebar."""
    start = state.restore(Comparison(), {"score": list(SCORES), "residents": list(RESIDENTS), "nearest": NUMBERS})
    chosen = Comparison(
        score=st.sidebar.selectbox(
            "As deprived by", list(SCORES), key=state.seed("score", start.score), format_func=SCORES.__getitem__
        ),
        residents=st.sidebar.selectbox(
            "Rate per",
            list(RESIDENTS),
            key=state.seed("residents", start.residents),
            format_func=RESIDENTS.__getitem__,
            help="Counting the young twice stands in for visitors: they live and go out where crowds are.",
        ),
        nearest=st.sidebar.selectbox(
            "Neighbourhoods compared",
            list(NUMBERS),
            key=state.seed("nearest", start.nearest),
            help="Those of the same force that are nearest in deprivation.",
        ),
    )
    state.keep(chosen)
    return chosen


def sections(state: PageState, view: NeighbourhoodView, chosen: Comparison) -> dict[str, list[Callable[[], None]]]:
    """What the tabs for analysts hold, under the answer for what is chosen."""
    force, drawn = neighbourhoods.force(view.place), _drawn(state, view)
    found = neighbourhoods.on_force(analysis.all_crime, view.place, view.lsoa, chosen)
    compared = neighbourhoods.on_force(analysis.by_comparison, view.place, view.lsoa, chosen)
    render.answer(text.answer(force, view.lsoa, found))
    st.markdown(briefing_recorder.text(f"**{text.chip(compared)}.** {text.reason(found, compared)}"))
    back(view)
    return {
        TYPES_TAB: [partial(types, view, chosen)],
        **{name: [partial(_under, label, drawn[name])] for name, label in OPENED.items()},
        HOW_SURE: [partial(choices, view, chosen), partial(cautions, view)],
    }


def _under(heading: str, section: Callable[[], None]) -> None:
    render.header(heading)
    section()


def types(view: NeighbourhoodView, chosen: Comparison) -> None:
    """Crime by type."""
    render.header("Crime by type")
    render.figure(figures.types_figure, neighbourhoods.force(view.place), view.lsoa, chosen)


def district_map(state: PageState, view: NeighbourhoodView) -> None:
    """The neighbourhoods of the district; a click chooses one."""
    shown, shapes, geometries = neighbourhoods.map_of(view.place, view.district)
    ward = f" {text.in_ward(neighbourhoods.force(view.place), view.lsoa)}" if view.lsoa else ""
    st.markdown(f"{shown.finding}.{ward}")
    drawn = shown.on(decks.on_dark())
    labels = class_labels(shown.scale, shown.write)
    st.html(legend_html(drawn.scale, shown.title, labels, faded=False, missing=MISSING if shown.has_gaps else ""))
    key = state.key(f"map.{view.district}.{view.lsoa}")
    decks.show(
        lsoa_deck(drawn, geometries, NO_PLACES, "shades", view.lsoa, decks.on_phone()),
        key,
        decks.TALL_HEIGHT,
        f"Map of the neighbourhoods of {view.district}. {shown.finding}.",
        lambda: _picked(key, partial(_choose, state, neighbourhoods.directory())),
    )
    render.map_download(lambda: static_lsoa_map(shown, shapes, {}, view.lsoa), "neighbourhood_map", shown.finding)


def _england(state: PageState) -> None:
    """The districts of England; a click chooses one."""
    shown, _, geometries = figures_of.districts(EnglandSpec())
    drawn, key = shown.on(decks.on_dark()), state.key("map.england")
    names = dict(zip(shown.rows["lsoa11_code"], shown.rows["LSOA"], strict=True))

    labels = class_labels(shown.scale, shown.write)
    st.html(legend_html(drawn.scale, shown.title, labels, faded=False, missing=MISSING if shown.has_gaps else ""))
    decks.show(
        lsoa_deck(drawn, geometries, NO_PLACES, "shades", "", decks.on_phone()),
        key,
        decks.TALL_HEIGHT,
        f"Map of the districts of England. {shown.finding}.",
        lambda: _picked(key, lambda code: _choose_district(state, names[code])),
    )


def _picked(key: str, use: Callable[[str], None]) -> None:
    """Give the code of what was clicked on the map that was drawn for `key` to `use`, if anything was."""
    selected: Mapping[str, Any] = st.session_state[decks.key_of(key)].selection.objects
    if selected.get(LAYER):
        use(selected[LAYER][0]["properties"]["code"])


def deprivation(view: NeighbourhoodView) -> None:
    """How deprived the neighbourhood is by domain."""
    render.figure(figures.deprivation_figure, neighbourhoods.force(view.place), view.lsoa)


def places(view: NeighbourhoodView) -> None:
    """Its place within district, force and England, as ranges."""
    found, force = neighbourhoods.places(view.place, view.lsoa), neighbourhoods.force(view.place)
    if not force.is_london:
        found = [*found, neighbourhoods.place_in_england(view.lsoa)]
    render.table(figures.places_table(found), "neighbourhood_places")
    st.caption(briefing_recorder.caveat(f"{text.PLACE_FIRST} {text.PLACE_METHOD}"))
    if force.is_london:
        st.caption(briefing_recorder.caveat(text.LONDON_NOTE))


def similar(view: NeighbourhoodView) -> None:
    """The neighbourhoods most alike, next to this one."""
    rows = neighbourhoods.on_force(figures.similar_rows, view.place, view.lsoa)
    own = float(neighbourhoods.on_force(analysis.rates, view.place)[view.lsoa])
    st.markdown(briefing_recorder.text(text.similar(rows, own)))
    table = neighbourhoods.on_force(figures.similar_table, view.place, view.lsoa)
    render.table(table, "similar_neighbourhoods", digits=1)
    st.caption(briefing_recorder.text(text.SIMILAR_NOTE))


def choices(view: NeighbourhoodView, chosen: Comparison) -> None:
    """All crime for each way to compare, and how it is done."""
    render.header("Does the answer survive other choices?")
    render.figure(figures.comparisons_figure, neighbourhoods.force(view.place), view.lsoa, chosen)
    st.markdown(text.METHOD)
    briefing_recorder.method(f"{text.METHOD} {text.PLACE_METHOD}")


def cautions(view: NeighbourhoodView) -> None:
    """What to bear in mind about the figures of this neighbourhood."""
    render.header("What to bear in mind")
    is_centre = neighbourhoods.on_force(analysis.draws_visitors, view.place, view.lsoa)
    for sentence in text.notes(neighbourhoods.force(view.place), is_centre):
        st.markdown(briefing_recorder.caveat(sentence))


def back(view: NeighbourhoodView) -> None:
    """Links to what the neighbourhood is part of."""
    force: ForceNeighbourhoods = neighbourhoods.force(view.place)
    if force.is_london:
        page_link("borough", f"Trust, force and crime in {view.district}", {"borough": view.district})
    else:
        code = force.text(view.lsoa, DISTRICT_CODE)
        page_link(ENGLAND_PAGE, f"{view.district} on the map of England", {"district": code})


def _drawn(state: PageState, view: NeighbourhoodView) -> Mapping[str, Callable[[], None]]:
    """What draws each of :data:`OPENED`."""
    return {
        "map": partial(district_map, state, view),
        "deprivation": partial(deprivation, view),
        "places": partial(places, view),
        "similar": partial(similar, view),
    }
