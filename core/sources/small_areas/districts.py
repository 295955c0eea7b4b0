"""The seven districts of the West Midlands study and their residents."""

from dataclasses import replace
from pathlib import Path

import pandas as pd

from core.sources.files.cells import SourceError, Tidy, as_counts, cell_reference, read_csv, refuse_repeats
from core.sources.london.population import ONS_POPULATION
from core.sources.small_areas.small_areas import DISTRICT_CODE
from core.tables.schema import OGL, Field, Source, Table

FILE = "district_population.csv"
BY_CODE = {
    "E08000025": "Birmingham",
    "E08000026": "Coventry",
    "E08000027": "Dudley",
    "E08000028": "Sandwell",
    "E08000029": "Solihull",
    "E08000030": "Walsall",
    "E08000031": "Wolverhampton",
}
NAMES = sorted(BY_CODE.values())

CENSUS_2011 = Source(
    "2011 census: usual residents",
    "Office for National Statistics (ONS)",
    "https://www.nomisweb.co.uk/census/2011",
    OGL,
    "Source: Office for National Statistics, 2011 census, licensed under the Open Government Licence v3.0.",
)
DISTRICT = Field(
    "district",
    "string",
    "District",
    "Name of the local-authority district, as of 2019.",
    "context",
    references="districts",
)
RESIDENTS = Field(
    "residents",
    "integer",
    "Residents",
    "People who usually lived in the area, estimated for 30 June 2019.",
    "control",
    unit="people",
    caveat="Visitors, commuters and shoppers are not counted, which makes crime per resident look high in town "
    "centres and at airports.",
    minimum=1,
)
TABLE = Table(
    "districts",
    "districts.csv",
    "Districts of the West Midlands",
    "One row per district: the seven that West Midlands Police serves.",
    (ONS_POPULATION, CENSUS_2011),
    (
        replace(DISTRICT, role="key", references="", unique=True, enum=tuple(NAMES)),
        replace(DISTRICT_CODE, unique=True),
        RESIDENTS,
        Field(
            "residents_2011",
            "integer",
            "Residents at the 2011 census",
            "People who usually lived in the district on census day, 27 March 2011.",
            "control",
            unit="people",
            caveat="Eight years before the crimes; the study compared shares of crime with these figures.",
            minimum=1,
        ),
    ),
)


def read(folder: Path) -> Tidy:
    """Residents of the seven districts in mid-2019 and at the census of 2011."""
    published = ["pop_mid2019", "pop_census2011"]
    frame = read_csv(folder, FILE, ["ltla19_code", "ltla19_name"], published)
    check_district_codes(frame["ltla19_code"], frame["ltla19_name"], FILE)
    refuse_repeats(frame, ["ltla19_code"], FILE)
    counts = [as_counts(frame[name], FILE) for name in published]
    return Tidy(
        TABLE,
        pd.DataFrame(dict(zip(TABLE.columns, [frame["ltla19_name"], frame["ltla19_code"], *counts], strict=True))),
        (FILE,),
    )


def check_district_codes(codes: pd.Series, names: pd.Series, where: str) -> None:
    """Raise :class:`SourceError` for the first of `names` that does not match its code."""
    wrong = names[codes.map(BY_CODE) != names]
    if len(wrong):
        raise SourceError(
            f"{cell_reference(where, wrong.index[0], str(names.name))}: {wrong.iloc[0]!r} is not the district "
            f"{codes[wrong.index[0]]!r} of the West Midlands; correct the name or the code."
        )
