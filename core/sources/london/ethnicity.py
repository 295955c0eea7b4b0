"""Ethnic groups of the residents of the boroughs: Census 2021."""

from pathlib import Path

import pandas as pd

from core.sources.files.cells import SourceError, Tidy, cell_reference, read_csv, refuse_repeats
from core.sources.london.boroughs import BOROUGH, CITY_OF_LONDON, CITY_OF_LONDON_DROPPED, borough_names, check_codes
from core.tables.schema import OGL, Field, Source, Table

FILE = "census2021_ethnicity_borough.csv"
LABEL = r"^(?P<broad_group>[^:]+): (?P<ethnic_group>.+?)\s+\((?P<kind>number|percent)\)$"
ROUNDING = 0.051

CENSUS_2021 = Source(
    "Census 2021: ethnic group",
    "Office for National Statistics (ONS)",
    "https://www.ons.gov.uk/census",
    OGL,
    "Source: Office for National Statistics, Census 2021, licensed under the Open Government Licence v3.0.",
)
CENSUS_DAY = "One day, 21 March 2021, during the pandemic."
TABLE = Table(
    "ethnicity",
    "ethnicity.csv",
    "Ethnic groups 2021, by borough",
    "One row per borough and ethnic group: 19 groups.",
    (CENSUS_2021,),
    (
        BOROUGH,
        Field(
            "broad_group", "string", "Broad ethnic group", "One of the five high-level groups of the census.", "context"
        ),
        Field("ethnic_group", "string", "Ethnic group", "Group that people chose in the census.", "key"),
        Field(
            "residents",
            "integer",
            "Residents in the group",
            "Usual residents who chose the group.",
            "context",
            unit="people",
            caveat=CENSUS_DAY,
            minimum=0,
        ),
        Field(
            "percent",
            "number",
            "Share of residents in the group",
            "Residents in the group as a percentage of all residents of the borough, as published to one decimal.",
            "context",
            unit="%",
            caveat=CENSUS_DAY,
            minimum=0,
            maximum=100,
        ),
    ),
    "Numbers and percentages set side by side; City of London left out.",
)


def read(folder: Path) -> Tidy:
    """Residents by borough and ethnic group.

    Raises
    ------
    SourceError
        If a label is unknown, or a percentage does not agree with its number.
    """
    frame = read_csv(folder, FILE, ["gss_code", "borough", "ethnic_group"], ["value"])
    frame = frame[frame["borough"] != CITY_OF_LONDON].copy()
    frame["borough"] = borough_names(frame["borough"], FILE)
    check_codes(frame, FILE)
    labels = frame["ethnic_group"].str.extract(LABEL)
    if labels["kind"].isna().any():
        index = labels.index[labels["kind"].isna()][0]
        raise SourceError(
            f"{cell_reference(FILE, index, 'ethnic_group')}: {frame.loc[index, 'ethnic_group']!r} is not understood; "
            "write it as 'Broad group: Group (number)' or '(percent)'."
        )
    frame = frame[["borough", "value"]].join(labels)
    refuse_repeats(frame, ["borough", "broad_group", "ethnic_group", "kind"], FILE)
    groups = _side_by_side(frame)
    _check_percent(groups)
    return Tidy(TABLE, groups[TABLE.columns], (FILE,), (CITY_OF_LONDON_DROPPED,))


def _side_by_side(frame: pd.DataFrame) -> pd.DataFrame:
    groups = frame.pivot(index=["borough", "broad_group", "ethnic_group"], columns="kind", values="value").reset_index()
    groups = groups.rename(columns={"number": "residents"}).rename_axis(columns=None)
    unavailable = groups[groups[["residents", "percent"]].isna().any(axis=1)]
    if len(unavailable):
        first = unavailable.iloc[0]
        raise SourceError(
            f"{FILE} lacks the number or percent of {first['ethnic_group']} in {first['borough']}; add it."
        )
    return groups.astype({"residents": "int64"})


def _check_percent(groups: pd.DataFrame) -> None:
    share = groups["residents"] / groups.groupby("borough")["residents"].transform("sum") * 100
    differ = groups[(share - groups["percent"]).abs() > ROUNDING]
    if len(differ):
        first = differ.iloc[0]
        raise SourceError(
            f"{FILE}: {first['percent']} % is not the share of {first['ethnic_group']} in {first['borough']}; "
            "correct the number or the percentage."
        )
