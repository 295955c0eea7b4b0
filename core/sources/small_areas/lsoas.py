"""Neighbourhoods (LSOAs of 2011): those of the West Midlands study, and all of England."""

from dataclasses import replace
from pathlib import Path

from core.sources.files.cells import Tidy
from core.sources.london.deprivation import IMD_2019
from core.sources.small_areas import lsoa_deprivation, lsoa_population
from core.sources.small_areas.districts import DISTRICT, RESIDENTS
from core.sources.small_areas.lsoa_deprivation import IMD_WITHOUT_CRIME, INDEX, SCORE_WITHOUT_CRIME
from core.sources.small_areas.lsoa_population import ONS_SMALL_AREAS, YOUNG
from core.sources.small_areas.small_areas import (
    DISTRICT_CODE,
    LSOA11_CODE,
    LSOA11_NAME,
    MSOA11_NAME,
    ONS_CODES,
    coordinates,
    larger_neighbourhoods,
    rows_for,
)
from core.sources.small_areas.street_crime_2019 import LSOA_FILE, read_lsoa_counts
from core.tables.schema import Table

STUDY_AREA = Table(
    "lsoas",
    "lsoas.csv",
    "Neighbourhoods of the West Midlands: deprivation and residents",
    "One row per neighbourhood: the 1,680 LSOAs of the seven districts.",
    (IMD_2019, IMD_WITHOUT_CRIME, ONS_SMALL_AREAS, ONS_CODES),
    (
        replace(LSOA11_CODE, unique=True),
        replace(LSOA11_NAME, unique=True),
        MSOA11_NAME,
        DISTRICT,
        *coordinates("of a point inside the neighbourhood"),
        *INDEX,
        SCORE_WITHOUT_CRIME,
        RESIDENTS,
        YOUNG,
    ),
)
ENGLAND = Table(
    "england_lsoas",
    "lsoas.csv.gz",
    "Neighbourhoods of England: deprivation and residents",
    "One row per neighbourhood: the 32,844 LSOAs of England.",
    (IMD_2019, ONS_SMALL_AREAS, ONS_CODES),
    (
        replace(LSOA11_CODE, unique=True),
        replace(LSOA11_NAME, unique=True),
        DISTRICT_CODE,
        replace(DISTRICT, references=""),
        *INDEX,
        RESIDENTS,
    ),
)


def read_studied(folder: Path) -> Tidy:
    """Names, locations, deprivation and residents of the neighbourhoods in the study.

    Raises
    ------
    SourceError
        If a neighbourhood lacks deprivation or residents, or the files disagree with each other.
    """
    areas = read_lsoa_counts(folder).rename(columns={"lad19_name": "district", "lon": "longitude", "lat": "latitude"})
    areas["msoa11_name"] = larger_neighbourhoods(areas["lsoa11_name"])
    england = lsoa_deprivation.read_england(folder)
    index = rows_for(england, areas["lsoa11_code"], lsoa_deprivation.FILE)
    areas = areas.assign(**{field.name: index[field.name].to_numpy() for field in INDEX})
    areas = lsoa_deprivation.with_score_without_crime(areas, folder)
    areas = lsoa_population.with_young_residents(lsoa_population.with_residents(areas, folder), folder)
    files = (
        LSOA_FILE,
        lsoa_deprivation.FILE,
        lsoa_deprivation.WITHOUT_CRIME_FILE,
        lsoa_population.FILE,
        lsoa_population.YOUNG_FILE,
    )
    return Tidy(STUDY_AREA, areas[STUDY_AREA.columns], files)


def read_england(folder: Path) -> Tidy:
    """Names, districts, deprivation and residents of all neighbourhoods of England."""
    areas = lsoa_population.with_residents(lsoa_deprivation.read_england(folder), folder)
    return Tidy(ENGLAND, areas[ENGLAND.columns], (lsoa_deprivation.FILE, lsoa_population.FILE))
