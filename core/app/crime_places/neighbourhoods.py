"""The neighbourhoods of each force for the page of one of them: loaded when first asked for, for all visitors."""

from collections.abc import Callable, Mapping
from typing import Any, Concatenate, ParamSpec, TypeVar

import pandas as pd

from core.app import cache
from core.app.crime_places.england import england
from core.crime.area import WITHOUT_ASB
from core.crime.geography.map import LsoaMapData, geometries
from core.crime.geography.spatial import shapes_of
from core.crime.neighbourhood import analysis
from core.crime.neighbourhood.analysis import PlaceRange
from core.crime.neighbourhood.map import district_map
from core.crime.neighbourhood.tables import (
    MOST_FOUND,
    ForceNeighbourhoods,
    force_neighbourhoods,
    plain,
    search,
    spelt_like,
)
from core.crime.neighbourhood.tables import directory as read_directory
from core.crime.today import area_outlines
from core.sources.small_areas.areas import CODE, DISTRICT, DISTRICT_CODE
from core.tables.catalogue import Catalogue, load_catalogue
from core.tables.geometry import Shape

P = ParamSpec("P")
T = TypeVar("T")


@cache.cached(1)
def _directory(tables: Catalogue) -> pd.DataFrame:
    return read_directory(tables)


def directory() -> pd.DataFrame:
    """Where each neighbourhood of England is; shared, so never to be changed in place."""
    return _directory(load_catalogue())


@cache.cached(1)
def _districts(tables: Catalogue) -> tuple[str, ...]:
    return tuple(_directory(tables)["district"].unique())


def districts() -> tuple[str, ...]:
    """Names of the districts of England, in alphabetical order."""
    return _districts(load_catalogue())


def district_called(text: str) -> str:
    """Name of the district that `text` is the code or, in any case, the name of; `text` itself where there is none."""
    wanted, every = text.strip().casefold(), directory()[["district", "code"]].drop_duplicates()
    found = every[(every["district"].str.casefold() == wanted) | (every["code"].str.casefold() == wanted)]
    return str(found["district"].iloc[0]) if len(found) else text


@cache.cached(6)
def _force(tables: Catalogue, name: str) -> ForceNeighbourhoods:
    return force_neighbourhoods(name, tables)


def force(name: str) -> ForceNeighbourhoods:
    """The neighbourhoods of a place of today; shared, so never to be changed in place."""
    return _force(load_catalogue(), name)


@cache.cached(copies=True)
def _on_force(function: Callable[..., Any], name: str, arguments: tuple[Any, ...]) -> Any:
    return function(force(name), *arguments)


def called(wanted: str) -> tuple[str, list[str], dict[str, str]]:
    """Places that `wanted` may mean, or else what is spelt like it does.

    Returns
    -------
    str
        What was looked for: `wanted`, or the name that is spelt like it.
    list of str
        The first districts of that name.
    dict
        The label of each of the first neighbourhoods of that name, by its code.
    """
    named, found = _named(wanted), search(directory(), wanted)
    meant = "" if named or found else spelt_like(directory(), wanted)
    return (meant, _named(meant), search(directory(), meant)) if meant else (wanted, named, found)


def _named(wanted: str) -> list[str]:
    text = plain(wanted)
    return [name for name in districts() if text and text in plain(name)][:MOST_FOUND]


def on_force(
    function: Callable[Concatenate[ForceNeighbourhoods, P], T], name: str, *arguments: P.args, **_: P.kwargs
) -> T:
    """``function(neighbourhoods of the place name, *arguments)``, computed once for all visitors.

    Parameters
    ----------
    function
        A function of the core with a name of its own, whose result is small.
    """
    result: T = _on_force(function, name, arguments, version=load_catalogue().version)
    return result


@cache.cached(1)
def _year_to_year(tables: Catalogue) -> float:
    return analysis.year_to_year(tables.read_table("london_area_crime", [CODE, "month", "offences"]))


def places(name: str, code: str) -> list[PlaceRange]:
    """Where a neighbourhood stands within its district and its force, by crime per resident."""
    return on_force(analysis.places, name, code, _year_to_year(load_catalogue()))


@cache.cached(copies=True)
def _in_england(code: str) -> PlaceRange:
    there = england()
    rows = there.covered.set_index(CODE)
    records = there.records(WITHOUT_ASB).set_axis(rows.index)
    among = f"England, {len(there.forces)} forces"
    return analysis.place(among, records, rows["residents_2022"], code, _year_to_year(load_catalogue()))


def place_in_england(code: str) -> PlaceRange:
    """Where a neighbourhood outside of London stands in England; reads all of England when first asked for."""
    return _in_england(code, version=load_catalogue().version)


@cache.cached(24)
def _map(tables: Catalogue, name: str, district: str) -> tuple[LsoaMapData, Mapping[str, Shape], Mapping[str, str]]:
    rows = force(name).rows
    outlines = area_outlines(tables, str(rows.loc[rows[DISTRICT] == district, DISTRICT_CODE].iloc[0]))
    shapes = shapes_of(outlines["lsoa21_code"], outlines["outline"])
    return district_map(force(name), outlines, shapes), shapes, geometries(shapes)


def map_of(name: str, district: str) -> tuple[LsoaMapData, Mapping[str, Shape], Mapping[str, str]]:
    """The map of a district, its shapes, and its shapes as text; shared, so never to be changed in place."""
    return _map(load_catalogue(), name, district)
