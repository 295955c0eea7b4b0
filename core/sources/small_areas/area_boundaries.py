"""Outlines of the neighbourhoods of England as drawn for the 2021 census, and of its districts."""

import json
import math
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pandas as pd

from core.sources.files.cells import Tidy, read_shapes
from core.sources.small_areas.areas import CODE, DISTRICT24_CODE, LSOA21_CODE
from core.sources.small_areas.lsoa_boundaries import CROWN, DECIMALS, FOR_A_MAP, check_same_areas
from core.sources.small_areas.small_areas import coordinates
from core.tables.geometry import Shape, centroid, cleaned, dissolve, geojson, rounded, simplify
from core.tables.rings import mended
from core.tables.schema import OGL, Field, Source, Table

FILE = "lsoa21_boundaries_england_super_generalised.geojson.gz"
COSINE_OF_LATITUDE = math.cos(math.radians(53))
# On a map of all of England a pixel is about a kilometre.
DISTRICT_METRES, DISTRICT_DECIMALS = 600, 3

BOUNDARIES_2021 = Source(
    "LSOA boundaries of England, 2021, super generalised",
    "Office for National Statistics (ONS)",
    "https://geoportal.statistics.gov.uk",
    OGL,
    f"Source: Office for National Statistics licensed under the Open Government Licence v3.0. {CROWN}",
)
TABLE = Table(
    "area_shapes",
    "area_shapes.parquet",
    "Shapes of the neighbourhoods of England, 2021",
    "One row per neighbourhood with its shape as text, sorted by district.",
    (BOUNDARIES_2021,),
    (
        replace(DISTRICT24_CODE, role="key"),
        replace(LSOA21_CODE, unique=True, references="areas"),
        Field(
            "outline",
            "string",
            "Shape of 2021",
            "Coordinates of a GeoJSON MultiPolygon: longitude and latitude in degrees (WGS84).",
            "context",
            caveat="Drawn for a map of many neighbourhoods at once; not fit for measuring.",
        ),
        *coordinates("of the middle of the neighbourhood (centroid of its largest part)"),
    ),
    "Rings that touch or cross themselves (42 neighbourhoods) taken apart; middles worked out from the shapes.",
)
DISTRICTS = Table(
    "district_shapes_2024",
    "districts.geojson",
    "Shapes of the districts of England, 2024",
    "One shape per district. Longitude and latitude (WGS84).",
    (BOUNDARIES_2021,),
    (replace(DISTRICT24_CODE, role="key", unique=True),),
    f"Made of the shapes of their neighbourhoods, with lines moved by up to {DISTRICT_METRES} metres. {FOR_A_MAP}",
)


def read(folder: Path, district_codes: Mapping[str, str]) -> tuple[Tidy, Tidy]:
    """Outlines of the neighbourhoods, and of the districts that they make up.

    Parameters
    ----------
    folder
        Folder of the published file.
    district_codes
        Code of the district by code of the neighbourhood, for all of England.

    Raises
    ------
    core.sources.files.cells.SourceError
        If the file is not GeoJSON, or its neighbourhoods are not those of `district_codes`.
    """
    published = read_shapes(folder, FILE, CODE)
    check_same_areas(published, district_codes, FILE)
    shapes = {code: mended(shape) for code, shape in published.items()}
    rows = [_row(code, district_codes[code], shape) for code, shape in shapes.items()]
    # Districts are joined along the lines as published: parts of a mended ring no longer run along their neighbours.
    return (
        Tidy(TABLE, pd.DataFrame(rows, columns=TABLE.columns), (FILE,)),
        _district_table(published, district_codes),
    )


def _row(code: str, district_code: str, shape: Shape) -> tuple[str, str, str, float, float]:
    x, y = centroid(shape)
    return district_code, code, json.dumps(shape, separators=(",", ":")), round(x, DECIMALS), round(y, DECIMALS)


def _district_table(shapes: Mapping[str, Shape], district_codes: Mapping[str, str]) -> Tidy:
    members: dict[str, list[Shape]] = {}
    for code, shape in shapes.items():
        members.setdefault(district_codes[code], []).append(shape)
    whole = {district: dissolve(parts) for district, parts in sorted(members.items())}
    simple = simplify(whole, dict.fromkeys(whole, float(DISTRICT_METRES)), COSINE_OF_LATITUDE)
    small = {district: cleaned(rounded(shape, DISTRICT_DECIMALS)) for district, shape in simple.items()}
    (name,) = DISTRICTS.columns
    text = geojson(({name: district}, shape) for district, shape in small.items())
    return Tidy(DISTRICTS, pd.DataFrame({name: list(small)}), (FILE,), text=text)
