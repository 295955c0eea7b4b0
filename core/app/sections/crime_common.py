"""What the crime pages share: their frame, the controls of place and small area, and the map."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from core.app import briefing_recorder, decks
from core.app.controls import one_of, remember_borough
from core.app.crime_places.places import LoadedPlace, damage, last_place, load_place, places, remember_place
from core.app.layers import LayeredPage
from core.app.state import PageState
from core.crime.area import CrimeArea
from core.crime.geography.map import LAYER, STYLES, LsoaMapData, Style, heat_legend, lsoa_deck, places_legend
from core.crime.geography.rate_map import RATE_KINDS, RateKind
from core.crime.months import coverage_text, gaps_text
from core.crime.places import STUDY_AREA, PlaceOption
from core.crime.today import LONDON
from core.presentation.maps import legend_html
from core.sources.small_areas.places import CENTRE, HOSPITAL, UNIVERSITY
from core.tables.geometry import Shape

LAST_DISTRICT = "last_district"
PLACE_WIDTH = 480
ALL_DISTRICTS = ""
NO_LSOA = ""
PLACE_LABEL = "Place"
MARKS = (CENTRE, UNIVERSITY, HOSPITAL)


@dataclass(frozen=True)
class PlaceView:
    """The place that a crime page shows, and the district that it looks at (empty for all)."""

    place: str = STUDY_AREA
    district: str = ALL_DISTRICTS


@dataclass(frozen=True)
class LsoaView:
    """What the map of small areas shows: which figure, how, next to which kinds of places, and the LSOA picked."""

    figure: RateKind = "rate"
    style: Style = "shades"
    mark: tuple[str, ...] = ()
    lsoa: str = NO_LSOA


def place_control(state: PageState) -> PlaceView:
    """Pick the place, and one of its districts, at first those chosen last on any crime page."""
    offered, damaged = places(), damage()
    if damaged:
        st.warning(f"The street crime that was built is left out. {damaged}", icon=":material/broken_image:")
    last = PlaceView(last_place(), st.session_state.get(LAST_DISTRICT, ALL_DISTRICTS))
    state.keep(last, in_link=False)
    wanted = state.restore(PlaceView(last.place), {"place": list(offered)})
    name = wanted.place if wanted.place in offered else STUDY_AREA
    left, right = st.columns(2)
    name = left.selectbox(
        PLACE_LABEL, list(offered), key=state.seed("place", name, offered), format_func=_label(offered)
    )
    districts = [ALL_DISTRICTS, *sorted(load_place(name).area.districts["district"])]
    view = state.restore(PlaceView(name), {"district": districts})
    district = right.selectbox(
        "District",
        districts,
        key=state.seed("district", view.district if view.district in districts else ALL_DISTRICTS, districts),
        format_func=lambda name: name or "All districts",
    )
    chosen = PlaceView(name, district)
    state.keep(chosen)
    remember_place(name)
    st.session_state[LAST_DISTRICT] = state.about = district
    if name == LONDON and district:
        remember_borough(district)
    return chosen


def open_page(
    name: str, title: str, tabs: Sequence[str], topics: Mapping[str, str] | None = None
) -> tuple[LayeredPage, PlaceView]:
    """Title and row of a crime page, and the place chosen in it; tabs as :class:`LayeredPage` takes them."""
    page = LayeredPage(PageState(name), tabs, topics=topics, place_width=PLACE_WIDTH)
    page.title(title)
    with page.place:
        return page, place_control(page.state)


def about(area: CrimeArea, *caveats: str) -> None:
    """What to know of the figures of a place, under the answer: `caveats`, what they are compared with, the months."""
    for sentence in (*caveats, area.basis.text):
        st.caption(briefing_recorder.caveat(sentence))
    months(area)


def _label(offered: Mapping[str, PlaceOption]) -> Callable[[str], str]:
    # A visit may still hold a place that is on offer no more; its widget is seeded again right after.
    return lambda name: offered[name].label if name in offered else name


def lsoa_control(state: PageState, area: CrimeArea, district: str, base: LsoaView) -> LsoaView:
    """Pick what the map shows, and one of the LSOAs on it.

    Parameters
    ----------
    district
        District whose LSOAs are on the map; empty for all.
    base
        What it shows until the visitor says otherwise.
    """
    names = lsoa_names(area, district)
    marks = MARKS if len(area.places) else ()
    allowed: dict[str, Sequence[str]] = {
        "figure": list(RATE_KINDS),
        "style": list(STYLES),
        "mark": marks,
        "lsoa": [NO_LSOA, *names],
    }
    view = state.restore(base, allowed)
    left, right = st.columns(2)
    figure = one_of(left, state, "figure", "Figure", RATE_KINDS, view.figure)
    style = one_of(right, state, "style", "Map", STYLES, view.style)
    options = [NO_LSOA, *names]
    lsoa = left.selectbox(
        "LSOA",
        options,
        key=state.seed("lsoa", view.lsoa if view.lsoa in names else NO_LSOA, options),
        format_func=lambda code: names.get(code, "Click the map, or choose here"),
    )
    with right:
        mark = _mark_control(state, marks, view.mark)
    chosen = LsoaView(figure, style, mark, lsoa)
    state.keep(chosen)
    return chosen


def _mark_control(state: PageState, marks: Sequence[str], marked: tuple[str, ...]) -> tuple[str, ...]:
    if not marks:
        return ()
    still = [kind for kind in marked if kind in marks]
    chosen = st.multiselect("Mark", marks, key=state.seed("mark", still), format_func=str.capitalize)
    return tuple(chosen)


def lsoa_names(area: CrimeArea, district: str = ALL_DISTRICTS) -> dict[str, str]:
    """Names of the LSOAs of `district`, or of all, by code and in the order of the names."""
    lsoas = area.lsoas if district == ALL_DISTRICTS else area.lsoas[area.lsoas["district"] == district]
    ordered = lsoas.sort_values("LSOA")
    return dict(zip(ordered["lsoa11_code"].tolist(), ordered["LSOA"].tolist(), strict=True))


def months(area: CrimeArea) -> None:
    """Say which months of a police force are counted, which lack, and how many records have no area."""
    if area.coverage:
        if area.coverage.gaps:
            st.markdown(briefing_recorder.caveat(gaps_text(area.coverage)))
        st.caption(briefing_recorder.caveat(coverage_text(area.name, area.coverage)))


def unavailable(area: CrimeArea, *parts: str) -> None:
    """Say which of `parts` of the page this place has no figures for."""
    sentence = [area.missing[part] for part in parts if part in area.missing]
    if sentence:
        st.caption(" ".join(sentence))


def lsoa_map(
    state: PageState, on: LoadedPlace, shown: LsoaMapData, picked: str, style: Style, kinds: tuple[str, ...]
) -> None:
    """The map of small areas with its legend; a click puts the LSOA into the page's ``lsoa`` widget.

    Parameters
    ----------
    picked
        Code of the LSOA picked; empty for none.
    kinds
        Kinds of places to mark.
    """
    shown, phone = shown.on(decks.on_dark()), decks.on_phone()
    shapes = borders(on, shown)
    marked = on.area.places[on.area.places["kind"].isin(kinds) & on.area.places["district"].isin(shapes)]
    legend = (
        heat_legend(shown)
        if style == "heat"
        else legend_html(
            shown.scale,
            shown.title,
            shown.classes,
            faded=not shown.rows["clear"].all(),
        )
    )
    st.html(legend + places_legend(kinds if len(marked) else ()))
    key = state.key(f"map.{on.area.name}")
    decks.show(
        lsoa_deck(shown, on.geometries, marked, style, picked, phone, shapes),
        key,
        decks.TALL_HEIGHT,
        f"Map of the small areas (LSOAs) of {on.area.name}. {shown.finding}.",
        lambda: _pick(state, decks.key_of(key)),
    )


def borders(on: LoadedPlace, shown: LsoaMapData) -> dict[str, Shape]:
    """Shapes of the districts that are on the map, by name."""
    there = set(shown.rows["district"].unique())
    return {name: shape for name, shape in on.borders.items() if name in there}


def _pick(state: PageState, key: str) -> None:
    """Put what was clicked on the map into the page's ``lsoa`` widget."""
    selected: Mapping[str, Any] = st.session_state[key].selection.objects
    if selected and LAYER not in selected:  # a place
        return
    widget, last = state.key("lsoa"), state.key("clicked")
    before = st.session_state.get(last, NO_LSOA)
    clicked = selected[LAYER][0]["properties"]["code"] if selected else NO_LSOA
    st.session_state[last] = clicked
    # The second click on an LSOA unpicks it in the browser, which does not know that another was chosen in between.
    again = not selected and before != st.session_state[widget]
    st.session_state[widget] = before if again else clicked
