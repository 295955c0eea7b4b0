"""Neighbourhoods of England as drawn for the 2021 census: names, wards, districts, forces and residents."""

from dataclasses import replace
from pathlib import Path

import pandas as pd

from core.sources.files.cells import SourceError, Tidy, as_counts, read_csv, refuse_repeats
from core.sources.small_areas.districts import RESIDENTS
from core.sources.small_areas.small_areas import ENGLISH, ONS_CODES
from core.tables.schema import OGL, Field, Source, Table

FILE = "lookup_lsoa21_ward24_ltla24.csv.gz"
FORCES_FILE = "lookup_ltla24_csp24_pfa24.csv"
POPULATION_FILE = "population_lsoa21_england_wales.csv.gz"
CODE = "lsoa21_code"
DISTRICT, DISTRICT_CODE = "ltla24_name", "ltla24_code"
NEIGHBOURHOODS_OF_ENGLAND = 33_755

MID_2022 = Source(
    "Population estimates for small areas, mid-2022, first issue",
    "Office for National Statistics (ONS)",
    "https://www.ons.gov.uk/peoplepopulationandcommunity/populationandmigration/populationestimates",
    OGL,
    "Source: Office for National Statistics, population estimates for small areas, mid-2022, "
    "licensed under the Open Government Licence v3.0.",
)
CENSUS_2021 = Source(
    "2021 census: usual residents by age",
    "Office for National Statistics (ONS)",
    "https://www.nomisweb.co.uk/sources/census_2021",
    OGL,
    "Source: Office for National Statistics, 2021 census, licensed under the Open Government Licence v3.0.",
)
LSOA21_CODE = Field(
    CODE,
    "string",
    "Neighbourhood code of 2021",
    "Code of the neighbourhood: a Lower layer Super Output Area (LSOA) as drawn for the 2021 census, home to about "
    "1,700 people.",
    "key",
    pattern=ENGLISH,
)
DISTRICT24_CODE = Field(
    "ltla24_code",
    "string",
    "District code of 2024",
    "Code of the local-authority district of 2024 in the register of areas of the Office for National Statistics.",
    "context",
    pattern=r"^E0[6-9]\d{6}$",
)
DISTRICT24 = Field(
    "ltla24_name", "string", "District of 2024", "Name of the local-authority district, as of 2024.", "context"
)
FORCE_AREA = Field(
    "pfa24_name",
    "string",
    "Police force area",
    "Name of the area that one territorial police force serves, as of 2024.",
    "context",
)


def _census(name: str, who: str) -> Field:
    return Field(
        name,
        "integer",
        f"Residents {who} at the 2021 census",
        f"People {who} who usually lived in the neighbourhood on census day, 21 March 2021.",
        "control",
        unit="people",
        caveat="Taken during a lockdown, when some students were away from where they study.",
        minimum=0,
    )


AGES = (
    _census("census_0_15", "aged 0 to 15"),
    _census("census_16_24", "aged 16 to 24"),
    _census("census_25_34", "aged 25 to 34"),
    _census("census_35_49", "aged 35 to 49"),
    _census("census_50_64", "aged 50 to 64"),
    _census("census_65_plus", "aged 65 and over"),
)
TABLE = Table(
    "areas",
    "areas.parquet",
    "Neighbourhoods of England, 2021: places and residents",
    "One row per neighbourhood: the 33,755 LSOAs of England as drawn for the 2021 census.",
    (ONS_CODES, MID_2022, CENSUS_2021),
    (
        replace(LSOA21_CODE, unique=True),
        Field(
            "lsoa21_name",
            "string",
            "Neighbourhood of 2021",
            "Name of the neighbourhood (LSOA of the 2021 census): a district, the number of a larger neighbourhood in "
            "it, and a letter.",
            "context",
            caveat="Figures of a neighbourhood describe the area, not single people who live there.",
        ),
        Field("ward24_code", "string", "Ward code", "Code of the electoral ward of 2024.", "context"),
        Field(
            "ward24_name",
            "string",
            "Ward",
            "Name of the electoral ward of 2024 that fits the neighbourhood best.",
            "context",
        ),
        DISTRICT24_CODE,
        DISTRICT24,
        FORCE_AREA,
        replace(
            RESIDENTS,
            name="residents_2022",
            label="Residents in mid-2022",
            definition="People who usually lived in the neighbourhood, estimated for 30 June 2022 (first issue).",
        ),
        _census("census_residents", "of all ages"),
        *AGES,
    ),
    "Neighbourhoods of Wales left out.",
)


def read(folder: Path) -> Tidy:
    """Names, wards, districts, forces and residents of the neighbourhoods of England.

    Raises
    ------
    SourceError
        If a file is not as expected, or a neighbourhood lacks a district, a force or residents.
    """
    text = [CODE, "lsoa21_name", "ward24_code", "ward24_name", "ltla24_code", "ltla24_name"]
    frame = read_csv(folder, FILE, text)
    refuse_repeats(frame, [CODE], FILE)
    areas = frame[frame[CODE].str.startswith("E")]
    areas = _joined(areas, read_forces(folder)[["ltla24_code", "pfa24_name"]], "ltla24_code", FORCES_FILE)
    areas = _joined(areas, _residents(folder), CODE, POPULATION_FILE)
    files = FILE, FORCES_FILE, POPULATION_FILE
    return Tidy(TABLE, areas[TABLE.columns].reset_index(drop=True), files, (_left_out(frame, areas),))


def read_forces(folder: Path) -> pd.DataFrame:
    """Districts of England and Wales, each once, with their community safety partnerships and police force area.

    Raises
    ------
    SourceError
        If the file is not as expected, or a district lies in two force areas.
    """
    text = ["ltla24_code", "csp24_name", "pfa24_name"]
    frame = read_csv(folder, FORCES_FILE, text)
    forces = frame.drop_duplicates(["ltla24_code", "pfa24_name"])
    refuse_repeats(forces, ["ltla24_code"], FORCES_FILE)
    partnerships = frame.groupby("ltla24_code")["csp24_name"].agg("; ".join)
    return forces.assign(csp24_name=forces["ltla24_code"].map(partnerships))


def _residents(folder: Path) -> pd.DataFrame:
    counts = ["residents_mid2022", "census_residents", *(field.name for field in AGES)]
    frame = read_csv(folder, POPULATION_FILE, [CODE], counts)
    refuse_repeats(frame, [CODE], POPULATION_FILE)
    whole = frame.assign(**{name: as_counts(frame[name], POPULATION_FILE) for name in counts})
    return whole.rename(columns={"residents_mid2022": "residents_2022"})


def _joined(areas: pd.DataFrame, other: pd.DataFrame, key: str, file: str) -> pd.DataFrame:
    missing = areas.loc[~areas[key].isin(other[key]), key]
    if len(missing):
        raise SourceError(f"{file} has no row for {missing.iloc[0]}; use files of the same edition.")
    return areas.merge(other, on=key, how="left", validate="many_to_one")


def _left_out(frame: pd.DataFrame, areas: pd.DataFrame) -> str:
    return f"{len(frame) - len(areas):,} neighbourhoods of Wales: the indices are of England"
