"""Fields and functions shared by tables of small areas: codes, names and locations of LSOAs of the 2011 census."""

from collections.abc import Iterable

import pandas as pd

from core.sources.files.cells import SourceError, refuse_repeats
from core.tables.schema import CC_BY, OGL, Field, Source

ENGLISH_OR_WELSH = r"^[EW]01\d{6}$"
CODE = "lsoa11_code"
ENGLISH = r"^E01\d{6}$"
LAST_LETTER = r"[A-Z]$"

ONS_CODES = Source(
    "Statistical geography: Lower layer Super Output Areas (LSOAs)",
    "Office for National Statistics (ONS)",
    "https://geoportal.statistics.gov.uk",
    OGL,
    "Source: Office for National Statistics licensed under the Open Government Licence v3.0.",
)
OUR_CHOICE = Source(
    "Places chosen and placed by hand",
    "The authors of the Policing Evidence Explorer",
    "",
    CC_BY,
    "Places chosen by the authors of the Policing Evidence Explorer, licensed under CC BY 4.0.",
)
LSOA11_CODE = Field(
    CODE,
    "string",
    "Neighbourhood code",
    "Code of the neighbourhood: a Lower layer Super Output Area (LSOA) as drawn for the 2011 census, home to "
    "about 1,700 people.",
    "key",
    caveat="The 2021 census redrew some neighbourhoods and gave them new codes.",
    pattern=ENGLISH,
)
LSOA11_NAME = Field(
    "lsoa11_name",
    "string",
    "Neighbourhood",
    "Name of the neighbourhood (LSOA of the 2011 census): a district, the number of a larger neighbourhood in it, "
    "and a letter.",
    "context",
    caveat="Figures of a neighbourhood describe the area, not single people who live there.",
)
MSOA11_NAME = Field(
    "msoa11_name",
    "string",
    "Larger neighbourhood",
    "Name of the Middle layer Super Output Area (MSOA) of the 2011 census that the neighbourhood is part of: a group "
    "of four to six neighbourhoods.",
    "context",
)
DISTRICT_CODE = Field(
    "lad19_code",
    "string",
    "District code",
    "Code of the local-authority district of 2019 in the register of areas of the Office for National Statistics.",
    "context",
    pattern=r"^E0[6-9]\d{6}$",
)


def coordinate(name: str, title: str, description: str, least: float, most: float) -> Field:
    """A longitude or latitude in degrees (WGS84)."""
    return Field(name, "number", title, description, "context", unit="degrees", minimum=least, maximum=most)


def coordinates(of: str) -> tuple[Field, Field]:
    """Longitude and latitude `of` something in England."""
    return (
        coordinate("longitude", "Longitude", f"Degrees east of Greenwich (WGS84), negative in the west, {of}.", -7, 2),
        coordinate("latitude", "Latitude", f"Degrees north of the equator (WGS84), {of}.", 49, 56),
    )


def larger_neighbourhoods(names: pd.Series) -> pd.Series:
    """Names of the MSOAs that LSOAs called `names` are part of: ``Birmingham 138`` for ``Birmingham 138A``."""
    return names.str.replace(LAST_LETTER, "", regex=True)


def rows_for(frame: pd.DataFrame, codes: Iterable[str], where: str) -> pd.DataFrame:
    """The rows of `frame` for the areas `codes`, in their order, with a new index.

    Raises
    ------
    SourceError
        If an area is repeated or missing; the message names the first.
    """
    refuse_repeats(frame, [CODE], where)
    picked = pd.DataFrame({CODE: list(codes)}).merge(frame, on=CODE, how="left", indicator="found")
    missing = picked.loc[picked["found"] == "left_only", CODE]
    if len(missing):
        raise SourceError(
            f"{where} has no row for {missing.iloc[0]} ({len(missing)} missing in all); "
            "use an edition with the neighbourhoods (LSOAs) of 2011."
        )
    return picked.drop(columns="found")
