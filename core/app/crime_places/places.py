"""The places of the crime pages: which are offered, and their figures, loaded once for all visitors."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Concatenate, ParamSpec, TypeVar

import streamlit as st

from core.app import cache, uploads
from core.crime.area import CrimeArea
from core.crime.geography.map import LsoaMapData, geometries
from core.crime.geography.spatial import Neighbours, neighbours, outlines
from core.crime.places import STUDY_AREA, UPLOADED_PREFIX, PlaceOption, choices, place, uploaded_options
from core.sources.police.built import FOLDER, REPORT_FILE
from core.tables.catalogue import CatalogueError
from core.tables.geometry import Shape, dissolve, shape_of

P = ParamSpec("P")
T = TypeVar("T")


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
        outlined = self.area.lsoas[self.area.lsoas["lsoa11_code"].isin(self.shapes)]
        groups = outlined.groupby("district")["lsoa11_code"]
        # England's outlines come with lists for points, which cannot be members of a set.
        shapes = {code: shape_of({"type": "MultiPolygon", "coordinates": self.shapes[code]}) for code in self.shapes}
        return {str(name): dissolve(shapes[code] for code in codes) for name, codes in groups}


LAST_PLACE = "last place"


def last_place() -> str:
    """The place that this visit looked at last, the visitor's own once it is uploaded; else that of the study."""
    name: str = st.session_state.get(LAST_PLACE, STUDY_AREA)
    return name


def remember_place(name: str) -> None:
    """Let pages about a place begin with `name`."""
    st.session_state[LAST_PLACE] = name


def show_uploaded() -> None:
    """Let pages about a place begin with the first of those that this visitor uploaded, if any."""
    for name in list(uploaded_places())[:1]:
        remember_place(name)


def places() -> dict[str, PlaceOption]:
    """The places on offer, by name: those of the app, and those that this visitor uploaded."""
    return _read_offered()[0] | uploaded_places()


def uploaded_places() -> dict[str, PlaceOption]:
    """The places that this visitor uploaded, by name."""
    uploaded = uploads.street_crime()
    return uploaded_options(uploaded) if uploaded else {}


def is_uploaded(name: str) -> bool:
    """Whether this visitor uploaded the figures of the place `name`."""
    return name.startswith(UPLOADED_PREFIX)


def damage() -> str:
    """Why the street crime that was built is left out; empty where it is not damaged."""
    return _read_offered()[1]


def _read_offered() -> tuple[dict[str, PlaceOption], str]:
    """The places of the app, read again when street crime was built, and what is wrong with that if anything is."""
    report = FOLDER / REPORT_FILE
    return _offered(choices, version=str(report.stat().st_mtime_ns if report.exists() else 0))


@cache.cached(2)
def _offered(read: Callable[..., dict[str, PlaceOption]]) -> tuple[dict[str, PlaceOption], str]:
    try:
        return read(), ""
    except CatalogueError as error:
        return read(folder=FOLDER / "left out"), str(error)


@cache.cached(6)  # a force takes 5 to 30 MB, London 70
def _load(name: str) -> LoadedPlace:
    with st.spinner("Reading the figures"):
        return LoadedPlace(place(name, uploaded=uploads.street_crime() if is_uploaded(name) else None))


def load_place(name: str) -> LoadedPlace:
    """The place `name`; shared, so never to be changed in place."""
    return _load(name, version=places()[name].version, this_visit=is_uploaded(name))


@cache.cached(300, copies=True)
def _on_area(function: Callable[..., Any], name: str, arguments: tuple[Any, ...]) -> Any:
    return function(load_place(name).area, *arguments)


@cache.cached(24)
def _map_data(function: Callable[..., LsoaMapData], name: str, arguments: tuple[Any, ...]) -> LsoaMapData:
    return function(load_place(name).area, *arguments)


def on_area(function: Callable[Concatenate[CrimeArea, P], T], name: str, *arguments: P.args, **_: P.kwargs) -> T:
    """``function(figures of the place name, *arguments)``, computed once for all visitors.

    Parameters
    ----------
    function
        A function of the core with a name of its own, whose result is small.
    """
    option = places()[name]
    result: T = _on_area(function, name, arguments, version=option.version, this_visit=is_uploaded(name))
    return result


def map_data_on_area(
    function: Callable[Concatenate[CrimeArea, P], LsoaMapData], name: str, *arguments: P.args, **_: P.kwargs
) -> LsoaMapData:
    """As :func:`on_area`, for the data of a map: shared, so never to be changed, and made once for all visitors."""
    return _map_data(function, name, arguments, version=places()[name].version, this_visit=is_uploaded(name))
