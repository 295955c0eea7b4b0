"""The page on crime and deprivation in all of England: its summary, its choices in the sidebar, and its sections."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from core.app import briefing_recorder, decks, lazy, render
from core.app.crime_places import england as figures_of
from core.app.crime_places.places import load_place, places
from core.app.downloads import publishers
from core.app.layers import HOW_SURE
from core.app.models.model_page import Sections
from core.app.navigation import page_link
from core.app.sections import summary
from core.app.state import PageState
from core.crime.area import TOTALS, type_label
from core.crime.deprivation.question import CRIME_PAGE
from core.crime.england import districts, figures, text
from core.crime.england.analysis import Compared, by_type, compare, compare_variants, follows
from core.crime.england.question import (
    ERRORS,
    FIFTHS,
    PAGE,
    RESIDENTS,
    SCORES,
    TITLE,
    EnglandMapView,
    EnglandSpec,
)
from core.crime.england.summary import CHIP_OF, england_summary, in_district
from core.crime.geography.map import LAYER, LsoaMapData, lsoa_deck
from core.crime.geography.static_map import static_lsoa_map
from core.crime.neighbourhood.question import PAGE as NEIGHBOURHOOD_PAGE
from core.crime.places import STUDY_AREA
from core.crime.text import ASB_NOTE, the
from core.home.summary import Brief
from core.presentation.maps import MISSING, class_labels, legend_html
from core.sources.small_areas.areas import DISTRICT
from core.tables.geometry import Shape
from core.tables.options import WEIGHTS, Option

TOPICS: Mapping[str, str] = {
    "forces": "Police forces",
    "fifths": "Fifths",
    "types": "Types of crime",
    "map": "Map",
    "london": "London",
}
TABS = (*TOPICS, HOW_SURE)
NO_DISTRICT = ""
NO_PLACES = pd.DataFrame(columns=["place", "kind", "longitude", "latitude"])


def controls(state: PageState) -> EnglandSpec:
    """Every choice of the comparison, in the sidebar."""
    types = [*TOTALS, *figures_of.england().crime_types]
    allowed: dict[str, Any] = {
        "score": list(SCORES),
        "crime_type": types,
        "residents": list(RESIDENTS),
        "fifths": list(FIFTHS),
        "weights": list(WEIGHTS),
        "errors": list(ERRORS),
        "busiest": (False, True),
    }
    start = state.restore(EnglandSpec(), allowed)
    back = st.sidebar.container()
    spec = EnglandSpec(
        crime_type=st.sidebar.selectbox(
            "Crime", types, key=state.seed("crime_type", start.crime_type, types), format_func=type_label
        ),
        score=_choice(state, "score", "Deprivation", SCORES, start.score),
        residents=_choice(state, "residents", "Rate per", RESIDENTS, start.residents),
        fifths=_choice(state, "fifths", "Compare", FIFTHS, start.fifths),
        weights=_choice(state, "weights", "Weight", _weights(), start.weights),
        errors=_choice(state, "errors", "Standard errors", ERRORS, start.errors),
        busiest=st.sidebar.toggle(
            "With the busiest 1%",
            key=state.seed("busiest", start.busiest),
            help="The neighbourhoods with the highest rates, many of them city centres.",
        ),
    )
    if spec != EnglandSpec():
        back.button("Back to the choices at the start", on_click=state.replace, args=(EnglandSpec(),))
    state.keep(spec)
    return spec


def _weights() -> dict[Any, Option]:
    """Kinds of weights, in the words of neighbourhoods."""
    words = {"area": "neighbourhood"}
    return {name: Option(option.label.format(**words), option.help) for name, option in WEIGHTS.items()}


def _choice(state: PageState, name: str, label: str, options: Mapping[Any, Option], now: Any) -> Any:
    return st.sidebar.selectbox(
        label,
        list(options),
        key=state.seed(name, now, options),
        format_func=lambda value: options[value].label,
        help="  \n".join(f"**{option.label}**: {option.help}" for option in options.values()),
    )


def show_summary(state: PageState, district: str) -> None:
    """The first screen: England's answer, and how the district chosen compares if there is one."""
    spec = EnglandSpec()
    compared = figures_of.on_england(compare, spec)
    found = england_summary(compared, figures_of.on_england(compare_variants, spec), publishers())
    briefing_recorder.method(text.METHOD)
    if not district:
        summary.show(found, lambda: render.picture(figures.fifths_figure, compared))
        return
    name, rates = figures_of.district_names()[district], figures_of.districts(spec)[0].rows
    found = in_district(found, compared, name, rates.set_index("district")["value"], figures_of.force_of(district))
    if _has_figures(name):
        summary.show(found, lambda: _neighbourhoods(state, spec, district))
        return
    summary.show(replace(found, chip="cannot_tell", chip_help=""), lambda: _of_england(compared, name))


def _of_england(compared: Compared, name: str) -> None:
    """England's picture for a district without figures of its own, and where there are older ones."""
    render.picture(figures.fifths_figure, compared)
    older_figures(name)


def older_figures(district: str) -> None:
    """A link to the study's figures of `district`, where it has them; they are small, so looked for in them alone."""
    if district in set(load_place(STUDY_AREA).area.lsoas["district"]):
        label = f"{district} in the data of {the(places()[STUDY_AREA].label)}"
        page_link(CRIME_PAGE, label, {"place": STUDY_AREA, "district": district})


def sections(state: PageState, district: str) -> Sections:
    """What the tabs hold, under the answer."""
    spec = controls(state)
    found = headline(spec)
    return {
        "forces": [partial(forces, found)],
        "fifths": [partial(fifths, found)],
        "types": [partial(types, spec)],
        "map": [partial(maps, state, spec, district)],
        "london": [partial(london, spec)],
        HOW_SURE: [partial(choices, spec)],
    }


def headline(spec: EnglandSpec) -> Compared:
    """The answer, how firm it is, and three facts."""
    found = figures_of.on_england(compare, spec)
    render.answer(text.answer(found))
    variants = figures_of.on_england(compare_variants, spec)
    if len(variants):
        chip = text.verdict(variants)
        reason = briefing_recorder.text(text.verdict_reason(variants))
        st.markdown(f":{summary.COLOURS[CHIP_OF[chip]]}-badge[{chip}] {reason}")
    for column, fact in zip(st.columns(3), text.facts(found), strict=False):
        column.markdown(briefing_recorder.text(fact))
    return found


def forces(found: Compared) -> None:
    """Every force with its ratio, and the average over them."""
    render.header("Force by force")
    if not len(found.forces):
        return
    render.figure(figures.forest, found)
    there = figures_of.england()
    st.caption(briefing_recorder.caveat(text.coverage(len(there.forces), there.absent)))
    st.caption(briefing_recorder.caveat(f"{text.ABOUT_AREAS} {ASB_NOTE}"))
    briefing_recorder.method(text.METHOD)


def choices(spec: EnglandSpec) -> None:
    """The average for each way to choose, and what the figures cannot say."""
    render.header("Does the answer survive other choices?")
    variants = figures_of.on_england(compare_variants, spec)
    if len(variants):
        render.figure(figures.choices_figure, variants)
    for sentence in (text.CIRCULAR, text.CENTRES, text.REPORTING, text.SNAP_POINTS):
        st.markdown(briefing_recorder.caveat(sentence))
    method = partial(st.markdown, text.METHOD)
    lazy.expand("How the averages are made", "open.method", method, ":material/functions:")


def fifths(found: Compared) -> None:
    """The rate of each fifth, all forces together."""
    render.header("Fifth by fifth")
    if len(found.forces):
        render.figure(figures.fifths_figure, found)


def types(spec: EnglandSpec) -> None:
    """Which types follow deprivation most."""
    render.header("Which crimes follow deprivation most?")
    render.figure(figures.types_figure, figures_of.on_england(by_type, spec), spec)


def london(spec: EnglandSpec) -> None:
    """London by its own figures, next to the other forces."""
    render.header("London, by its own figures")
    found, months = figures_of.london(spec)
    elsewhere = figures_of.on_england(follows, spec)
    st.markdown(briefing_recorder.text(text.london_text(found, months, elsewhere)))
    render.figure(figures.london_figure, found)


def maps(state: PageState, spec: EnglandSpec, district: str) -> None:
    """The map of districts, and that of the neighbourhoods of the one picked."""
    render.header("Where")
    _draw(state, "districts", *figures_of.districts(spec), district)
    if district:
        name, found = figures_of.district_names()[district], figures_of.district(district)
        st.markdown(briefing_recorder.text(districts.district_text(found)))
        render.figure(districts.indicators_figure, found)
        st.subheader(f"Neighbourhoods of {name}", anchor=False)
        _neighbourhoods(state, spec, district)


def _neighbourhoods(state: PageState, spec: EnglandSpec, district: str) -> None:
    """The map of the neighbourhoods of one district."""
    name = figures_of.district_names()[district]
    if _has_figures(name):
        _draw(state, "areas", *figures_of.areas(spec, district), "")
        page_link(NEIGHBOURHOOD_PAGE, f"Look at one of them: {name}", {"district": name})
    else:
        st.caption(f"There is no full year of street-level figures for {name} here.")
        older_figures(name)


def district_control(state: PageState) -> str:
    """The district that the page is about, by code; empty for none. A link may have its code or its name."""
    names = figures_of.district_names()
    options = [NO_DISTRICT, *names]
    spellings = {code: code for code in options} | {name: code for code, name in names.items()}
    view = state.restore(EnglandMapView(), {"district": spellings})
    district = st.selectbox(
        "District",
        options,
        key=state.seed("district", view.district, options),
        format_func=lambda code: names.get(code, "All of England"),
        help="Type a name, or choose one. Some have no full year of figures here.",
    )
    state.keep(EnglandMapView(district))
    state.about = names.get(district, "")
    return district


def _has_figures(district: str) -> bool:
    """Whether the district of this name has a full year of figures."""
    return district in figures_of.england().covered[DISTRICT].cat.categories


def _draw(
    state: PageState,
    kind: str,
    shown: LsoaMapData,
    shapes: Mapping[str, Shape],
    geometries: Mapping[str, str],
    picked: str,
) -> None:
    """One map with its legend and its files; a click on a district puts it into the page's widget."""
    labels, drawn = class_labels(shown.scale, shown.write), shown.on(decks.on_dark())
    st.subheader(shown.finding, anchor=False)
    st.html(legend_html(drawn.scale, shown.title, labels, faded=False, missing=MISSING if shown.has_gaps else ""))
    key = state.key(f"map.{kind}.{picked}")
    decks.show(
        lsoa_deck(drawn, geometries, NO_PLACES, "shades", picked, decks.on_phone()),
        key,
        decks.TALL_HEIGHT,
        f"Map of England. {shown.finding}.",
        (lambda: _pick(state, decks.key_of(key))) if kind == "districts" else "ignore",
    )
    render.map_download(lambda: static_lsoa_map(shown, shapes, {}, picked), f"{state.page}_{kind}", shown.finding)


def _pick(state: PageState, key: str) -> None:
    """Put the district that was clicked into the page's ``district`` widget."""
    selected: Mapping[str, Any] = st.session_state[key].selection.objects
    if selected.get(LAYER):
        st.session_state[state.key("district")] = selected[LAYER][0]["properties"]["code"]


def brief() -> Brief:
    """What the front page says of England."""
    return Brief(PAGE, TITLE, text.answer(figures_of.on_england(compare, EnglandSpec())))
