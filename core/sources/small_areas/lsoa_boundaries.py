"""Shapes of neighbourhoods (LSOAs of 2011) and of their districts."""

import json
import math
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pandas as pd

from core.sources.files.cells import SourceError, Tidy, read_shapes
from core.sources.small_areas.districts import DISTRICT
from core.sources.small_areas.small_areas import CODE, DISTRICT_CODE, LSOA11_CODE, coordinates
from core.tables.geometry import Shape, area, centroid, cleaned, dissolve, geojson, rounded, simplify
from core.tables.schema import CC_BY, OGL, Field, Source, Table

STUDIED_FILE = "lsoa11_boundaries_west_midlands.geojson"
ENGLAND_FILE = "lsoa11_boundaries_england_ultra_generalised.geojson.gz"
DECIMALS = 4
COSINE_OF_LATITUDE = math.cos(math.radians(52.5))
# A line may move by this share of the width of the smaller adjacent area, so that small areas keep their form.
SHARE_OF_WIDTH = 0.12
MOST_METRES = 100

CROWN = (
    "Contains OS data \N{COPYRIGHT SIGN} Crown copyright and database right. "
    "Contains National Statistics data \N{COPYRIGHT SIGN} Crown copyright and database right."
)
CHORLEY_BOUNDARIES = Source(
    "UK-GeoJSON: boundaries of LSOAs, 2011",
    "Martin Chorley",
    "https://martinjc.github.io/UK-GeoJSON/",
    CC_BY,
    f"Boundaries by Martin Chorley, licensed under CC BY 4.0. {CROWN}",
)
ONS_BOUNDARIES = Source(
    "LSOA boundaries of England, 2011, ultra generalised",
    "Office for National Statistics (ONS)",
    "https://geoportal.statistics.gov.uk",
    OGL,
    f"Source: Office for National Statistics licensed under the Open Government Licence v3.0. {CROWN}",
)
FOR_A_MAP = f"Simplified and rounded to {DECIMALS} decimals (about 10 metres) for a map; not fit for measuring."
LSOA_SHAPES = Table(
    "lsoa_shapes",
    "lsoas.geojson",
    "Shapes of the neighbourhoods of the West Midlands",
    "One shape per neighbourhood (LSOA). Longitude and latitude (WGS84); neighbours share one line.",
    (CHORLEY_BOUNDARIES,),
    (replace(LSOA11_CODE, unique=True),),
    FOR_A_MAP,
)
DISTRICT_SHAPES = Table(
    "district_shapes",
    "districts.geojson",
    "Shapes of the districts of the West Midlands",
    "One shape per district. Longitude and latitude (WGS84).",
    (CHORLEY_BOUNDARIES,),
    (replace(DISTRICT, role="key", references="", unique=True),),
    f"Made of the shapes of their neighbourhoods. {FOR_A_MAP}",
)
ENGLAND = Table(
    "england_shapes",
    "shapes.csv.gz",
    "Shapes of the neighbourhoods of England",
    "One row per neighbourhood (LSOA) with its shape as text.",
    (ONS_BOUNDARIES,),
    (
        replace(LSOA11_CODE, unique=True, references="england_lsoas"),
        DISTRICT_CODE,
        Field(
            "coordinates",
            "string",
            "Shape",
            "Coordinates of a GeoJSON MultiPolygon: longitude and latitude in degrees (WGS84).",
            "context",
            caveat="Drawn for a map of many neighbourhoods at once; not fit for measuring.",
        ),
        *coordinates("of the middle of the neighbourhood (centroid of its largest part)"),
    ),
    f"Rounded to {DECIMALS} decimals (about 10 metres); middles worked out from the shapes.",
)


def studied_shapes(folder: Path) -> dict[str, Shape]:
    """Shapes of the neighbourhoods of the West Midlands by code, simplified with common boundaries."""
    detailed = read_shapes(folder, STUDIED_FILE, CODE)
    metres = {code: _movable(shape) for code, shape in detailed.items()}
    simple = simplify(detailed, metres, COSINE_OF_LATITUDE)
    return {code: cleaned(rounded(shape, DECIMALS)) for code, shape in sorted(simple.items())}


def district_shapes(shapes: Mapping[str, Shape], district_of: Mapping[str, str]) -> dict[str, Shape]:
    """Shapes of the districts, joined from the neighbourhoods `shapes`."""
    names = sorted(set(district_of.values()))
    members = {name: [shapes[code] for code, district in district_of.items() if district == name] for name in names}
    return {name: dissolve(parts) for name, parts in members.items()}


def studied_tables(shapes: Mapping[str, Shape], districts: Mapping[str, Shape]) -> tuple[Tidy, Tidy]:
    """The two tables of shapes, as compact GeoJSON."""
    return _table(LSOA_SHAPES, shapes), _table(DISTRICT_SHAPES, districts)


def read_england(folder: Path, district_codes: Mapping[str, str]) -> Tidy:
    """Shapes of all neighbourhoods of England as rows, with the centroid of each.

    Parameters
    ----------
    folder
        Folder of the published file.
    district_codes
        Code of the district by code of the neighbourhood, for all of England.

    Raises
    ------
    SourceError
        If the file is not GeoJSON, or its neighbourhoods are not those of `district_codes`.
    """
    detailed = read_shapes(folder, ENGLAND_FILE, CODE)
    check_same_areas(detailed, district_codes, ENGLAND_FILE)
    rows = [_row(code, district_codes[code], detailed[code]) for code in sorted(detailed)]
    return Tidy(ENGLAND, pd.DataFrame(rows, columns=ENGLAND.columns), (ENGLAND_FILE,))


def check_same_areas(shapes: Mapping[str, Shape], areas: Mapping[str, object], where: str) -> None:
    """Raise :class:`SourceError` unless exactly `areas` have a shape in the file `where`."""
    wrong = sorted(shapes.keys() ^ areas.keys()) or sorted(code for code, shape in shapes.items() if not shape)
    if wrong:
        what = "a shape for" if wrong[0] in areas else "no other shapes, such as"
        raise SourceError(f"{where} must have {what} {wrong[0]} ({len(wrong)} wrong in all); download it again.")


def _movable(shape: Shape) -> float:
    return min(MOST_METRES, SHARE_OF_WIDTH * math.sqrt(area(shape, COSINE_OF_LATITUDE)))


def _table(table: Table, shapes: Mapping[str, Shape]) -> Tidy:
    (name,) = table.columns
    text = geojson(({name: place}, shape) for place, shape in shapes.items())
    return Tidy(table, pd.DataFrame({name: list(shapes)}), (STUDIED_FILE,), text=text)


def _row(code: str, district_code: str, detailed: Shape) -> tuple[str, str, str, float, float]:
    x, y = centroid(detailed)
    shape = cleaned(rounded(detailed, DECIMALS))
    return code, district_code, json.dumps(shape, separators=(",", ":")), round(x, DECIMALS), round(y, DECIMALS)
