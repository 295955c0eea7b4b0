"""England's neighbourhoods for its page: loaded once for all visitors, when they are first asked for."""

from collections.abc import Callable, Mapping
from typing import Any, Concatenate, ParamSpec, TypeVar

import pandas as pd

from core.app import cache
from core.crime.england import tables as england_tables
from core.crime.england.analysis import LondonCompared, compare_london
from core.crime.england.districts import District, read_district
from core.crime.england.map import districts_map, middles, neighbourhoods_map
from core.crime.england.question import EnglandSpec
from core.crime.england.tables import England
from core.crime.geography.map import LsoaMapData, geometries
from core.crime.geography.spatial import shapes_of
from core.crime.today import area_outlines, neighbourhood_names
from core.sources.small_areas.areas import DISTRICT, DISTRICT_CODE
from core.tables.catalogue import Catalogue, load_catalogue
from core.tables.geometry import Shape

P = ParamSpec("P")
T = TypeVar("T")


@cache.cached(1)
def _loaded(tables: Catalogue) -> England:
    return england_tables.load_england(tables)


def england() -> England:
    """England's neighbourhoods; shared, so never to be changed in place."""
    return _loaded(load_catalogue())


@cache.cached(1)
def _district_names(tables: Catalogue) -> Mapping[str, str]:
    pairs = _loaded(tables).areas[[DISTRICT_CODE, DISTRICT]].drop_duplicates().astype("str").sort_values(DISTRICT)
    return dict(zip(pairs[DISTRICT_CODE], pairs[DISTRICT], strict=True))


def district_names() -> Mapping[str, str]:
    """Names of the districts of England by code, in alphabetical order; shared, so never to be changed in place."""
    return _district_names(load_catalogue())


def force_of(district: str) -> str:
    """Name of the police force that serves the district with this code."""
    areas = england().areas
    return str(areas.loc[areas[DISTRICT_CODE] == district, england_tables.FORCE].iloc[0])


@cache.cached(copies=True)
def _on_england(function: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
    return function(england(), *arguments)


def on_england(function: Callable[Concatenate[England, P], T], *arguments: P.args, **_: P.kwargs) -> T:
    """``function(England's neighbourhoods, *arguments)``, computed once for all visitors.

    Parameters
    ----------
    function
        A function of the core with a name of its own, whose result is small.
    """
    result: T = _on_england(function, arguments, version=load_catalogue().version)
    return result


@cache.cached(1)
def _london(tables: Catalogue) -> tuple[pd.DataFrame, tuple[str, str]]:
    return england_tables.london(tables, england()), england_tables.london_months(tables)


def london(spec: EnglandSpec) -> tuple[LondonCompared, tuple[str, str]]:
    """London by the choices of `spec`, and the first and last month of its figures."""
    return _london_compared(spec, version=load_catalogue().version), _london(load_catalogue())[1]


@cache.cached(50, copies=True)
def _london_compared(spec: EnglandSpec) -> LondonCompared:
    return compare_london(england(), _london(load_catalogue())[0], spec)


@cache.cached(1)
def _district_outlines(tables: Catalogue) -> tuple[Mapping[str, Shape], Mapping[str, str], pd.DataFrame]:
    shapes = england_tables.district_outlines(tables)
    return shapes, geometries(shapes), middles(shapes)


@cache.cached(12)
def _districts(spec: EnglandSpec) -> LsoaMapData:
    shapes, _, places = _district_outlines(load_catalogue())
    return districts_map(england(), spec, shapes, places)


def districts(spec: EnglandSpec) -> tuple[LsoaMapData, Mapping[str, Shape], Mapping[str, str]]:
    """The map of districts, their shapes, and their shapes as text; shared, so never to be changed in place."""
    shapes, texts, _ = _district_outlines(load_catalogue())
    return _districts(spec, version=load_catalogue().version), shapes, texts


@cache.cached(100, copies=True)
def _district(code: str) -> District:
    return read_district(england(), load_catalogue(), code)


def district(code: str) -> District:
    """One district by the indices of deprivation, read when it is asked for."""
    return _district(code, version=load_catalogue().version)


@cache.cached(12)
def _area_outlines(tables: Catalogue, district: str) -> tuple[pd.DataFrame, Mapping[str, Shape], Mapping[str, str]]:
    outlines = area_outlines(tables, district)
    shapes = shapes_of(outlines["lsoa21_code"], outlines["outline"])
    return outlines, shapes, geometries(shapes)


@cache.cached(24)
def _areas(spec: EnglandSpec, district: str) -> LsoaMapData:
    outlines, shapes, _ = _area_outlines(load_catalogue(), district)
    return neighbourhoods_map(england(), spec, outlines, shapes, neighbourhood_names(load_catalogue(), district))


def areas(spec: EnglandSpec, district: str) -> tuple[LsoaMapData, Mapping[str, Shape], Mapping[str, str]]:
    """The map of the neighbourhoods of one district, read for it alone; shared, so never to be changed in place."""
    _, shapes, texts = _area_outlines(load_catalogue(), district)
    return _areas(spec, district, version=load_catalogue().version), shapes, texts
