"""What the crime pages share: the place they show, its figures cached for all visitors, its map."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Concatenate, ParamSpec, TypeVar

import streamlit as st

from core.app.state import PageState
from core.crime.area import CrimeArea
from core.crime.choose import STUDIED, Choice, choices, place
from core.crime.spatial import Neighbours, neighbours, outlines
from core.lsoa_map import LAYER, LsoaFigures, Style, lsoa_deck
from core.maps import class_labels, legend_html
from core.shapes import Shape

ALL_DISTRICTS = ""
PLACES_KEPT, RESULTS_KEPT = 3, 300
PLACE_LABEL = "Place"
P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True)
class PlaceView:
    """The place that a crime page shows, and the district that it looks at (empty for all)."""

    place: str = STUDIED
    district: str = ALL_DISTRICTS


@dataclass(frozen=True, eq=False)
class Ground:
    """A place as loaded: its figures, its outlines and which of its LSOAs are neighbours."""

    area: CrimeArea
    shapes: Mapping[str, Shape]
    near: Neighbours


def places() -> dict[str, Choice]:
    """The places on offer, by name."""
    return choices()


@st.cache_resource(show_spinner="Reading the figures", max_entries=PLACES_KEPT)
def _ground(name: str, version: str) -> Ground:  # noqa: ARG001 - the version is part of the key
    area = place(name)
    shapes = outlines(area)
    return Ground(area, shapes, neighbours(area, shapes))


def ground(name: str) -> Ground:
    """The place `name`; shared, so never to be changed in place."""
    return _ground(name, places()[name].version)


@st.cache_data(show_spinner=False, max_entries=RESULTS_KEPT)
def _on_area(_function: Callable[..., Any], function: str, name: str, version: str, arguments: tuple[Any, ...]) -> Any:  # noqa: ARG001 - parts of the key
    return _function(ground(name).area, *arguments)


def on_area(function: Callable[Concatenate[CrimeArea, P], T], name: str, *arguments: P.args, **_: P.kwargs) -> T:
    """``function(figures of the place name, *arguments)``, computed once for all visitors.

    Parameters
    ----------
    function
        A function of the core whose arguments are hashable and whose result is small.
    """
    called = f"{function.__module__}.{function.__qualname__}"
    result: T = _on_area(function, called, name, places()[name].version, arguments)
    return result


def place_control(state: PageState) -> PlaceView:
    """Pick the place, where there is more than one, and one of its districts."""
    offered = places()
    wanted = state.restore(PlaceView(), {"place": list(offered)})
    name = wanted.place
    left, right = st.columns(2)
    if len(offered) > 1:
        name = left.selectbox(
            PLACE_LABEL, list(offered), key=state.seed("place", name), format_func=lambda name: offered[name].label
        )
    districts = [ALL_DISTRICTS, *sorted(ground(name).area.districts["district"])]
    view = state.restore(PlaceView(name), {"district": districts})
    district = right.selectbox(
        "District",
        districts,
        key=state.seed("district", view.district, districts),
        format_func=lambda name: name or "All districts",
    )
    chosen = PlaceView(name, district)
    state.keep(chosen)
    return chosen


def lacking(area: CrimeArea, *parts: str) -> None:
    """Say which of `parts` of the page this place has no figures for."""
    told = [area.missing[part] for part in parts if part in area.missing]
    if told:
        st.caption(" ".join(told))


def lsoa_map(
    state: PageState, on: Ground, shown: LsoaFigures, picked: str, style: Style, kinds: tuple[str, ...]
) -> None:
    """The map of small areas with its legend; a click puts the LSOA into the page's ``lsoa`` widget.

    Parameters
    ----------
    picked
        Code of the LSOA picked; empty for none.
    kinds
        Kinds of places to mark.
    """
    # A new key for each pick: Streamlit pales what is not selected, which would read as faded.
    key = state.key(f"map.{picked}")

    def pick() -> None:
        objects: dict[str, Any] = st.session_state[key].selection.objects
        if objects.get(LAYER):
            st.session_state[state.key("lsoa")] = objects[LAYER][0]["properties"]["code"]

    phone = "Mobi" in st.context.headers.get("User-Agent", "")
    labels = class_labels(shown.scale, shown.write)
    st.html(legend_html(shown.scale, shown.title, labels, faded=not shown.rows["clear"].all()))
    marked = on.area.places[on.area.places["kind"].isin(kinds)]
    st.pydeck_chart(
        lsoa_deck(shown, on.shapes, marked, style, picked, phone),
        on_select=pick,
        key=key,
        height=360 if phone else 560,
        alt=f"Map of the small areas (LSOAs) of {on.area.name}. {shown.finding}.",
    )
