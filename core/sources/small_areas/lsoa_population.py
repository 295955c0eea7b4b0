"""Residents of neighbourhoods in the middle of 2019, and how many of them were 16 to 24."""

from dataclasses import replace
from pathlib import Path

import pandas as pd

from core.sources.files.cells import SourceError, as_counts, read_csv
from core.sources.small_areas.districts import RESIDENTS
from core.sources.small_areas.small_areas import CODE, rows_for
from core.tables.schema import OGL, Source

FILE = "population_mid2019_lsoa11_england_wales.csv.gz"
YOUNG_FILE = "population_mid2019_16_24_lsoa.csv"

ONS_SMALL_AREAS = Source(
    "Lower layer Super Output Area population estimates, mid-2019",
    "Office for National Statistics (ONS)",
    "https://www.ons.gov.uk/peoplepopulationandcommunity/populationandmigration/populationestimates",
    OGL,
    "Source: Office for National Statistics, population estimates for small areas, mid-2019, "
    "licensed under the Open Government Licence v3.0.",
)
YOUNG = replace(
    RESIDENTS,
    name="residents_16_24",
    label="Residents aged 16 to 24",
    definition="People aged 16 to 24 who usually lived in the area, estimated for 30 June 2019.",
    caveat="Many where students live.",
    minimum=0,
)


def with_residents(areas: pd.DataFrame, folder: Path) -> pd.DataFrame:
    """`areas` with their residents; raise :class:`SourceError` for the first that has none."""
    frame = read_csv(folder, FILE, [CODE], ["total_population"])
    frame = rows_for(frame.assign(total_population=as_counts(frame["total_population"], FILE)), areas[CODE], FILE)
    return areas.assign(**{RESIDENTS.name: frame["total_population"].to_numpy()})


def with_young_residents(areas: pd.DataFrame, folder: Path) -> pd.DataFrame:
    """`areas`, which have their residents, with those aged 16 to 24.

    Raises
    ------
    SourceError
        If an area is missing, or its total number of residents differs from that in `areas`.
    """
    frame = read_csv(folder, YOUNG_FILE, [CODE], ["pop_mid2019", "pop_mid2019_16_24"])
    young = as_counts(frame["pop_mid2019_16_24"], YOUNG_FILE)
    frame = rows_for(frame.assign(pop_mid2019_16_24=young), areas[CODE], YOUNG_FILE)
    differ = areas.loc[(frame["pop_mid2019"] != areas[RESIDENTS.name]).to_numpy(), CODE]
    if len(differ):
        raise SourceError(
            f"{YOUNG_FILE} has another number of residents for {differ.iloc[0]} than {FILE}; "
            "use files of the same edition of the estimates."
        )
    return areas.assign(**{YOUNG.name: frame["pop_mid2019_16_24"].to_numpy()})
