"""Residents of the boroughs, by year."""

from pathlib import Path

from core.sources.files.cells import SourceError, Tidy, cell_reference, read_csv, refuse_repeats
from core.sources.london.boroughs import BOROUGH, CITY_OF_LONDON, CITY_OF_LONDON_DROPPED, borough_names, check_codes
from core.tables.schema import OGL, Field, Source, Table

FILE = "population_borough_year_2014_2024.csv"
METHODS = {"ONS mid-year estimate": False, "interpolated 2022-2024": True}

ONS_POPULATION = Source(
    "Mid-year population estimates",
    "Office for National Statistics (ONS)",
    "https://www.ons.gov.uk/peoplepopulationandcommunity/populationandmigration/populationestimates",
    OGL,
    "Source: Office for National Statistics, mid-year population estimates, "
    "licensed under the Open Government Licence v3.0.",
)
YEAR = Field("year", "integer", "Year", "Calendar year; residents are estimated for 30 June.", "key", minimum=2014)
POPULATION = Field(
    "population",
    "integer",
    "Residents",
    "People who usually live in the borough, estimated for the middle of the year.",
    "control",
    unit="people",
    caveat="The figure for 2023 is halfway between 2022 and 2024. Visitors and commuters are not counted, "
    "which makes rates look high in central boroughs such as Westminster.",
    minimum=1,
)
INTERPOLATED = Field(
    "interpolated",
    "boolean",
    "Interpolated",
    "True where the figure is interpolated between the years around it.",
    "context",
)
TABLE = Table(
    "population",
    "population.csv",
    "Residents, by borough and year",
    "One row per borough and year.",
    (ONS_POPULATION,),
    (BOROUGH, YEAR, POPULATION, INTERPOLATED),
    "City of London left out.",
)


def read(folder: Path) -> Tidy:
    """Residents by borough and year, with interpolated years marked."""
    frame = read_csv(folder, FILE, ["gss_code", "borough", "method"], [YEAR.name, POPULATION.name])
    frame = frame[frame["borough"] != CITY_OF_LONDON].copy()
    frame["borough"] = borough_names(frame["borough"], FILE)
    check_codes(frame, FILE)
    refuse_repeats(frame, TABLE.key, FILE)
    unknown = frame[~frame["method"].isin(METHODS)]
    if len(unknown):
        raise SourceError(
            f"{cell_reference(FILE, unknown.index[0], 'method')}: {unknown['method'].iloc[0]!r} is not a known method; "
            f"use one of {', '.join(METHODS)}."
        )
    frame["interpolated"] = frame["method"].map(METHODS).astype(bool)
    return Tidy(TABLE, frame[TABLE.columns], (FILE,), (CITY_OF_LONDON_DROPPED,))
