"""Deprivation of the boroughs: the English Indices of Deprivation 2019."""

from pathlib import Path

from core.sources.files.cells import Tidy, read_csv, refuse_repeats
from core.sources.london.boroughs import BOROUGH, CITY_OF_LONDON, CITY_OF_LONDON_DROPPED, borough_names, check_codes
from core.tables.schema import OGL, Field, Source, Table

FILE = "imd2019_borough.csv"
DECIMALS = 4

IMD_2019 = Source(
    "English indices of deprivation 2019",
    "Ministry of Housing, Communities and Local Government",
    "https://www.gov.uk/government/statistics/english-indices-of-deprivation-2019",
    OGL,
    "Source: Ministry of Housing, Communities and Local Government, English indices of deprivation 2019, "
    "licensed under the Open Government Licence v3.0.",
)
ONE_YEAR = "One figure for all quarters, so it cannot say anything within a borough over time."


def _score(name: str, title: str, description: str, unit: str = "score", caveat: str = "") -> Field:
    return Field(name, "number", title, description, "control", unit=unit, caveat=f"{caveat} {ONE_YEAR}".strip())


TABLE = Table(
    "deprivation",
    "deprivation.csv",
    "Deprivation 2019, by borough",
    "One row per borough: averages over its neighbourhoods.",
    (IMD_2019,),
    (
        BOROUGH,
        _score(
            "imd_score",
            "Deprivation 2019",
            "Average score of the Index of Multiple Deprivation 2019; higher is more deprived.",
            unit="IMD score",
            caveat="The index contains a crime domain with a weight of 9.3%.",
        ),
        _score(
            "income_score", "Income deprivation", "Share of residents who live on low income.", "share of residents"
        ),
        _score(
            "employment_score",
            "Employment deprivation",
            "Share of residents of working age who are kept out of work.",
            "share of residents of working age",
        ),
        _score("education_score", "Education deprivation", "Score of the education, skills and training domain."),
        _score("health_score", "Health deprivation", "Score of the health and disability domain."),
        _score(
            "crime_score",
            "Crime deprivation",
            "Score of the crime domain of the index.",
            caveat="Made from recorded crime, so it is not independent of it.",
        ),
        _score(
            "housing_and_access_score",
            "Barriers to housing and services",
            "Score of the barriers to housing and services.",
        ),
        _score("environment_score", "Living environment deprivation", "Score of the living environment domain."),
    ),
    "Rounded to 4 decimals; City of London left out.",
)


def read(folder: Path) -> Tidy:
    """Deprivation scores by borough."""
    scores = [field.name for field in TABLE.fields if field.role == "control"]
    frame = read_csv(folder, FILE, ["gss_code", "borough"], scores)
    frame = frame[frame["borough"] != CITY_OF_LONDON].copy()
    frame["borough"] = borough_names(frame["borough"], FILE)
    check_codes(frame, FILE)
    refuse_repeats(frame, TABLE.key, FILE)
    return Tidy(TABLE, frame[TABLE.columns].round(DECIMALS), (FILE,), (CITY_OF_LONDON_DROPPED,))
