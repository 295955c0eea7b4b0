"""The 32 boroughs that the Metropolitan Police serves: codes, names, spellings, Inner or Outer London."""

from dataclasses import replace

import pandas as pd

from core.sources.files.cells import SourceError, Tidy, cell_reference
from core.tables.quarters import QUARTER_PATTERN
from core.tables.schema import OGL, Field, Source, Table

INNER = "Inner London"
LONDON = "London"  # all of it, next to names of boroughs
OUTER = "Outer London"
CITY_OF_LONDON = "City of London"
CITY_OF_LONDON_DROPPED = "City of London: policed by its own force, and not in the survey"

INNER_BOROUGHS = {
    "E09000007": "Camden",
    "E09000012": "Hackney",
    "E09000013": "Hammersmith and Fulham",
    "E09000014": "Haringey",
    "E09000019": "Islington",
    "E09000020": "Kensington and Chelsea",
    "E09000022": "Lambeth",
    "E09000023": "Lewisham",
    "E09000025": "Newham",
    "E09000028": "Southwark",
    "E09000030": "Tower Hamlets",
    "E09000032": "Wandsworth",
    "E09000033": "Westminster",
}
OUTER_BOROUGHS = {
    "E09000002": "Barking and Dagenham",
    "E09000003": "Barnet",
    "E09000004": "Bexley",
    "E09000005": "Brent",
    "E09000006": "Bromley",
    "E09000008": "Croydon",
    "E09000009": "Ealing",
    "E09000010": "Enfield",
    "E09000011": "Greenwich",
    "E09000015": "Harrow",
    "E09000016": "Havering",
    "E09000017": "Hillingdon",
    "E09000018": "Hounslow",
    "E09000021": "Kingston upon Thames",
    "E09000024": "Merton",
    "E09000026": "Redbridge",
    "E09000027": "Richmond upon Thames",
    "E09000029": "Sutton",
    "E09000031": "Waltham Forest",
}
BY_CODE = INNER_BOROUGHS | OUTER_BOROUGHS
NAMES = sorted(BY_CODE.values())
ALIASES = {"city of westminster": "Westminster"}
TITLE = r"^(london borough of|royal borough of|lb|rb) (?=\w)"

ONS_AREAS = Source(
    "Statistical geography of London: boroughs, Inner and Outer London",
    "Office for National Statistics (ONS)",
    "https://www.ons.gov.uk/methodology/geography",
    OGL,
    "Source: Office for National Statistics licensed under the Open Government Licence v3.0.",
)

BOROUGH = Field(
    "borough",
    "string",
    "Borough",
    "Name of the London borough as the Office for National Statistics writes it.",
    "key",
    caveat="Figures of a borough describe the area, not single people who live there.",
    references="boroughs",
)
QUARTER = Field(
    "quarter",
    "string",
    "Quarter",
    "Calendar quarter: 2017Q2 is April to June 2017.",
    "key",
    pattern=QUARTER_PATTERN,
)
GSS_CODE = Field(
    "gss_code",
    "string",
    "Area code",
    "Code of the borough in the Government Statistical Service (GSS) register of areas.",
    "context",
    unique=True,
    pattern=r"^E09\d{6}$",
)
INNER_OUTER = Field(
    "inner_outer",
    "string",
    "Inner or Outer London",
    "Part of London by the statistical definition of the Office for National Statistics: Inner London is 13 "
    "boroughs (and the City of London), Outer London the other 19.",
    "context",
    caveat="The London Government Act 1963 draws the line differently: there Greenwich is Inner, "
    "and Haringey and Newham are Outer London.",
    enum=(INNER, OUTER),
)

TABLE = Table(
    "boroughs",
    "boroughs.csv",
    "Boroughs of London",
    "One row per borough policed by the Metropolitan Police Service: 32, without the City of London.",
    (ONS_AREAS,),
    (
        replace(BOROUGH, references="", unique=True, enum=tuple(NAMES)),
        GSS_CODE,
        INNER_OUTER,
    ),
)


def read() -> Tidy:
    """The register of boroughs as a table."""
    rows = [
        (name, code, INNER if code in INNER_BOROUGHS else OUTER)
        for code, name in sorted(BY_CODE.items(), key=lambda item: item[1])
    ]
    return Tidy(TABLE, pd.DataFrame(rows, columns=TABLE.columns), ("core/sources/london/boroughs.py",))


def borough_names(published: pd.Series, where: str) -> pd.Series:
    """Names as the Office for National Statistics writes them, for names as published (see :func:`spelled`).

    Parameters
    ----------
    published
        Names as they are in the file.
    where
        File (and sheet), for the message.

    Raises
    ------
    SourceError
        If a name is not one of the 32 boroughs.
    """
    names = spelled(published)
    unknown = published[names.isna()]
    if len(unknown):
        raise SourceError(
            f"{cell_reference(where, unknown.index[0], str(published.name))}: {unknown.iloc[0]!r} is not one of "
            "the 32 boroughs; correct the spelling."
        )
    return names


def spelled(published: pd.Series) -> pd.Series:
    """Names as the Office for National Statistics writes them, missing if `published` is not a borough.

    Upper and lower case, spaces, hyphens, ``&`` and a title such as ``London Borough of`` do not matter;
    ``City of Westminster`` is Westminster.
    """
    known = {name.lower(): name for name in NAMES} | ALIASES
    plain = published.str.lower().str.replace("&", " and ").str.replace(r"[\s-]+", " ", regex=True).str.strip()
    return plain.str.replace(TITLE, "", regex=True).map(known)


def check_codes(frame: pd.DataFrame, where: str) -> None:
    """Raise :class:`SourceError` if a ``gss_code`` in `frame` belongs to another borough than its row says."""
    wrong = frame[frame["gss_code"].map(BY_CODE) != frame["borough"]]
    if len(wrong):
        first = wrong.iloc[0]
        raise SourceError(
            f"{cell_reference(where, wrong.index[0], 'gss_code')}: {first['gss_code']!r} is not the code of "
            f"{first['borough']}; correct the code or the name."
        )
