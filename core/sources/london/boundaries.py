"""Shapes of the boroughs for a map, simplified so that neighbours still share boundaries."""

from pathlib import Path

import pandas as pd

from core.sources.files.cells import SourceError, Tidy, read_shapes
from core.sources.london.boroughs import BY_CODE, CITY_OF_LONDON, GSS_CODE, ONS_AREAS
from core.tables.geometry import Shape, geojson, rounded, simplify
from core.tables.schema import OGL, Field, Source, Table

FILE = "boroughs_detailed.geojson"
CITY_CODE = "E09000001"
ALL_CODES = {CITY_CODE: CITY_OF_LONDON} | BY_CODE
DECIMALS = 4
TOLERANCE_METRES = 60
COSINE_OF_LATITUDE = 0.6225

GLA_BOUNDARIES = Source(
    "Statistical GIS boundary files for London",
    "Greater London Authority",
    "https://data.london.gov.uk/dataset/statistical-gis-boundary-files-london",
    OGL,
    "Contains National Statistics data \N{COPYRIGHT SIGN} Crown copyright and database right. "
    "Contains OS data \N{COPYRIGHT SIGN} Crown copyright and database right.",
)
TABLE = Table(
    "borough_shapes",
    "boroughs.geojson",
    "Shapes of the boroughs",
    "One shape per borough and one for the City of London, which the survey does not cover but without which "
    "the map would have a hole. Longitude and latitude (WGS84), without the tidal Thames.",
    (GLA_BOUNDARIES, ONS_AREAS),
    (
        Field(
            "borough",
            "string",
            "Area",
            "Name of the borough, or City of London.",
            "key",
            enum=tuple(sorted(ALL_CODES.values())),
        ),
        GSS_CODE,
        Field("surveyed", "boolean", "Surveyed", "False for the City of London, which has its own police.", "context"),
    ),
    f"Simplified to about {TOLERANCE_METRES} metres and {DECIMALS} decimals for the map; not fit for measuring.",
)


def read(folder: Path) -> Tidy:
    """Shapes of the 33 areas as compact GeoJSON.

    Raises
    ------
    SourceError
        If the file is not GeoJSON, or an area is missing, unknown or repeated.
    """
    detailed = {code: rounded(shape, DECIMALS) for code, shape in _shapes(folder).items()}
    shapes = simplify(detailed, dict.fromkeys(detailed, TOLERANCE_METRES), COSINE_OF_LATITUDE)
    rows = [(ALL_CODES[code], code, code != CITY_CODE) for code in sorted(shapes, key=ALL_CODES.__getitem__)]
    text = geojson((dict(zip(TABLE.columns, row, strict=True)), shapes[row[1]]) for row in rows)
    return Tidy(TABLE, pd.DataFrame(rows, columns=TABLE.columns), (FILE,), text=text)


def _shapes(folder: Path) -> dict[str, Shape]:
    shapes = read_shapes(folder, FILE, GSS_CODE.name)
    wrong = shapes.keys() ^ ALL_CODES.keys()
    if wrong:
        raise SourceError(
            f"{FILE} must have each of the {len(ALL_CODES)} areas once; look at {', '.join(sorted(wrong))}."
        )
    return shapes
