"""Deprivation of neighbourhoods: the Index of Multiple Deprivation 2019, with and without its crime domain."""

from dataclasses import replace
from pathlib import Path

import pandas as pd

from core.sources.files.cells import SourceError, as_counts, read_csv
from core.sources.london.deprivation import IMD_2019
from core.sources.small_areas.small_areas import CODE, rows_for
from core.tables.schema import Field, Source

FILE = "imd2019_england_lsoa11.csv.gz"
WITHOUT_CRIME_FILE = "imd2019_without_crime_domain_lsoa.csv"
NEIGHBOURHOODS_OF_ENGLAND = 32_844

HIGHER_IS_WORSE = "Score of the Index of Multiple Deprivation 2019; higher is more deprived."
CRIME_INSIDE = "The index contains a crime domain with a weight of 9.3%, so it is not independent of crime."
SCORE = Field(
    "imd_score", "number", "Deprivation 2019", HIGHER_IS_WORSE, "control", "IMD score", CRIME_INSIDE, minimum=0
)
RANK = Field(
    "imd_rank",
    "integer",
    "Deprivation rank in England",
    "Place among the 32,844 neighbourhoods of England by the Index of Multiple Deprivation 2019; 1 is the most "
    "deprived.",
    "control",
    unit="rank",
    caveat="A few pairs of neighbourhoods share a place.",
    minimum=1,
    maximum=NEIGHBOURHOODS_OF_ENGLAND,
)
DECILE = Field(
    "imd_decile",
    "integer",
    "Deprivation tenth in England",
    "Tenth of the neighbourhoods of England by the Index of Multiple Deprivation 2019; 1 is the most deprived tenth.",
    "control",
    unit="tenth",
    minimum=1,
    maximum=10,
)
INDEX = (SCORE, RANK, DECILE)
SCORE_WITHOUT_CRIME = Field(
    "imd_score_without_crime",
    "number",
    "Deprivation 2019 without crime",
    "Score of the Index of Multiple Deprivation 2019 worked out again from its other six domains, each with its "
    "weight divided by the sum of theirs; higher is more deprived.",
    "control",
    unit="IMD score",
    caveat="Not a published index: it shows what is left once crime is taken out of the measure of deprivation.",
    minimum=0,
)
IMD_WITHOUT_CRIME: Source = replace(
    IMD_2019, title="English indices of deprivation 2019, overall score worked out again without the crime domain"
)


def read_england(folder: Path) -> pd.DataFrame:
    """``lsoa11_code``, ``lsoa11_name``, ``lad19_code``, ``district`` and the index, for all of England.

    Raises
    ------
    SourceError
        If the file is not as expected or a neighbourhood is repeated.
    """
    published = {"imd19_score": SCORE.name, "imd19_rank": RANK.name, "imd19_decile": DECILE.name}
    frame = read_csv(folder, FILE, [CODE, "lsoa11_name", "lad19_code", "lad19_name"], list(published))
    frame = frame.rename(columns={**published, "lad19_name": "district"})
    counts = {name: as_counts(frame[name], FILE) for name in (RANK.name, DECILE.name)}
    return rows_for(frame.assign(**counts), frame[CODE].unique(), FILE)


def with_score_without_crime(areas: pd.DataFrame, folder: Path) -> pd.DataFrame:
    """`areas` with the score that leaves crime out.

    Raises
    ------
    SourceError
        If an area is missing, or the score with crime differs between the two files.
    """
    frame = read_csv(folder, WITHOUT_CRIME_FILE, [CODE], ["imd19_score", "imd19_score_without_crime_domain"])
    frame = rows_for(frame, areas[CODE], WITHOUT_CRIME_FILE)
    differ = areas.loc[(frame["imd19_score"] != areas[SCORE.name]).to_numpy(), CODE]
    if len(differ):
        raise SourceError(
            f"{WITHOUT_CRIME_FILE} has another deprivation score for {differ.iloc[0]} than {FILE}; "
            "use files of the same edition of the index."
        )
    return areas.assign(**{SCORE_WITHOUT_CRIME.name: frame["imd19_score_without_crime_domain"].to_numpy()})
