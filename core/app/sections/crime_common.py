"""What the crime pages share: the place they show, its figures cached for all visitors, its map."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, Concatenate, ParamSpec, TypeVar

import streamlit as st

from core.app import cache, uploads
from core.app.controls import one_of
from core.app.state import PageState
from core.crime.area import CENTRE, HOSPITAL, UNIVERSITY, CrimeArea
from core.crime.map import LAYER, STYLES, LsoaMapData, Style, geometries, heat_legend, lsoa_deck, places_legend
from core.crime.places import STUDY_AREA, UPLOADED_PREFIX, PlaceOption, choices, place, uploaded_options
from core.crime.rate_map import RATE_KINDS, RateKind
from core.crime.spatial import Neighbours, neighbours, outlines
from core.presentation.maps import class_labels, legend_html
from core.sources.police.built import FOLDER, REPORT_FILE
from core.tables.catalogue import CatalogueError
from core.tables.geometry import Shape, dissolve, shape_of

ALL_DISTRICTS = ""
NO_LSOA = ""
PLACES_KEPT, RESULTS_KEPT, MAPS_CACHED = 3, 300, 24
PLACE_LABEL = "Place"
MARKS = (CENTRE, UNIVERSITY, HOSPITAL)
P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True)
class PlaceView:
    """The place that a crime page shows, and the district that it looks at (empty for all)."""

    place: str = STUDY_AREA
    district: str = ALL_DISTRICTS


@dataclass(frozen=True)
class LsoaView:
    """What the map of small areas shows: which figure, how, beside which kinds of places, and the LSOA picked."""

    figure: RateKind = "rate"
    style: Style = "shades"
    mark: tuple[str, ...] = ()
    lsoa: str = NO_LSOA


@dataclass(frozen=True, eq=False)
class LoadedPlace:
    """A place as loaded: its figures, and what maps and models need of where its LSOAs lie, once it is asked for."""

    area: CrimeArea

    @cached_property
    def shapes(self) -> Mapping[str, Shape]:
        """Outline of each LSOA, by code."""
        return outlines(self.area)

    @cached_property
    def near(self) -> Neighbours:
        """Which LSOAs are neighbours."""
        return neighbours(self.area, self.shapes)

    @cached_property
    def geometries(self) -> Mapping[str, str]:
        """The outlines as the map takes them."""
        return geometries(self.shapes)

    @cached_property
    def borders(self) -> Mapping[str, Shape]:
        """Shape of each district, by name."""
        own = self.area.lsoas[self.area.lsoas["lsoa11_code"].isin(self.shapes)]
        groups = own.groupby("district")["lsoa11_code"]
        # England's outlines come with lists for points, which cannot be members of a set.
        shapes = {code: shape_of({"type": "MultiPolygon", "coordinates": self.shapes[code]}) for code in self.shapes}
        return {str(name): dissolve(shapes[code] for code in codes) for name, codes in groups}


def places() -> dict[str, PlaceOption]:
    """The places on offer, by name: those that are at hand, and those that this visitor handed in."""
    return _places(choices, _built_at())[0] | uploaded_places()


def uploaded_places() -> dict[str, PlaceOption]:
    """The places that this visitor handed in, by name."""
    own = uploads.street_crime()
    return uploaded_options(own) if own else {}


def is_uploaded(name: str) -> bool:
    """Whether this visitor handed in the figures of the place `name`."""
    return name.startswith(UPLOADED_PREFIX)


@lru_cache(maxsize=2)
def _places(read: Callable[..., dict[str, PlaceOption]], built_at: int) -> tuple[dict[str, PlaceOption], str]:  # noqa: ARG001 - part of the key
    """The places on offer, and why those that were built are not, if they are damaged."""
    try:
        return read(), ""
    except CatalogueError as error:
        return read(folder=FOLDER / "left out"), str(error)


def _built_at() -> int:
    """When the street crime was built, in nanoseconds: forces are read again when it changes, not on every run."""
    report = FOLDER / REPORT_FILE
    return report.stat().st_mtime_ns if report.exists() else 0


@st.cache_resource(show_spinner="Reading the figures", max_entries=PLACES_KEPT)
def _load_place(name: str, version: str) -> LoadedPlace:  # noqa: ARG001 - the version is part of the key
    return LoadedPlace(place(name, uploaded=uploads.street_crime() if is_uploaded(name) else None))


def load_place(name: str) -> LoadedPlace:
    """The place `name`; shared, so never to be changed in place."""
    found: LoadedPlace = uploads.kept(_load_place, name, places()[name].version, own=is_uploaded(name))
    return found


@cache.for_all(RESULTS_KEPT, copies=True)
def _on_area(function: Callable[..., T], name: str, version: str, arguments: tuple[Any, ...]) -> T:  # noqa: ARG001
    """``function(figures of the place name, *arguments)``; the version is part of the key."""
    return function(load_place(name).area, *arguments)


@cache.for_all(MAPS_CACHED)
def _figures(function: Callable[..., T], name: str, version: str, arguments: tuple[Any, ...]) -> T:  # noqa: ARG001
    """As :func:`_on_area`, shared by all."""
    return function(load_place(name).area, *arguments)


def on_area(function: Callable[Concatenate[CrimeArea, P], T], name: str, *arguments: P.args, **_: P.kwargs) -> T:
    """``function(figures of the place name, *arguments)``, computed once for all visitors.

    Parameters
    ----------
    function
        A function of the core with a name of its own, whose result is small.
    """
    result: T = uploads.kept(_on_area, function, name, places()[name].version, arguments, own=is_uploaded(name))
    return result


def map_data_on_area(
    function: Callable[Concatenate[CrimeArea, P], LsoaMapData], name: str, *arguments: P.args, **_: P.kwargs
) -> LsoaMapData:
    """As :func:`on_area`, for the figures of a map: shared, so never to be changed, and drawn once for all visitors."""
    version = places()[name].version
    shown: LsoaMapData = uploads.kept(_figures, function, name, version, arguments, own=is_uploaded(name))
    return shown


def place_control(state: PageState) -> PlaceView:
    """Pick the place, where there is more than one, and one of its districts."""
    offered, damaged = places(), _places(choices, _built_at())[1]
    if damaged:
        st.warning(f"The street crime that was built is left out. {damaged}", icon=":material/broken_image:")
    wanted = state.restore(PlaceView(), {"place": list(offered)})
    name = wanted.place if wanted.place in offered else STUDY_AREA
    left, right = st.columns(2)
    if len(offered) > 1:
        name = left.selectbox(
            PLACE_LABEL, list(offered), key=state.seed("place", name, offered), format_func=_label(offered)
        )
    districts = [ALL_DISTRICTS, *sorted(load_place(name).area.districts["district"])]
    view = state.restore(PlaceView(name), {"district": districts})
    district = (right if len(offered) > 1 else left).selectbox(
        "District",
        districts,
        key=state.seed("district", view.district if view.district in districts else ALL_DISTRICTS, districts),
        format_func=lambda name: name or "All districts",
    )
    chosen = PlaceView(name, district)
    state.keep(chosen)
    return chosen


def _label(offered: Mapping[str, PlaceOption]) -> Callable[[str], str]:
    # A visit may still hold a place that is on offer no more; its widget is seeded anew right after.
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
    phone = "Mobi" in st.context.headers.get("User-Agent", "")
    shapes = borders(on, shown)
    marked = on.area.places[on.area.places["kind"].isin(kinds) & on.area.places["district"].isin(shapes)]
    legend = (
        heat_legend(shown)
        if style == "heat"
        else legend_html(
            shown.scale,
            shown.title,
            class_labels(shown.scale, shown.write),
            faded=not shown.rows["clear"].all(),
        )
    )
    st.html(legend + places_legend(kinds if len(marked) else ()))
    key = state.key(f"map.{on.area.name}")
    st.pydeck_chart(
        lsoa_deck(shown, on.geometries, marked, style, picked, phone, shapes),
        on_select=lambda: _pick(state, key),
        key=key,
        height=360 if phone else 560,
        alt=f"Map of the small areas (LSOAs) of {on.area.name}. {shown.finding}.",
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
