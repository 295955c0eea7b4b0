"""Crime that the police recorded in the West Midlands in 2019, as the study counted it."""

from dataclasses import replace
from pathlib import Path

import pandas as pd

from core.sources.files.cells import SourceError, Tidy, as_counts, cell_reference, read_csv, refuse_repeats
from core.sources.small_areas import districts
from core.sources.small_areas.small_areas import CODE, LSOA11_CODE, LSOA11_NAME
from core.tables.schema import OGL, Field, Source, Table

LSOA_FILE = "crime_counts_lsoa_2019.csv"
DISTRICT_FILE = "crime_counts_district_type_2019.csv"
SHARES_FILE = "crime_type_shares_two_lsoas_2019.csv"
TYPES = (
    "Anti-social behaviour",
    "Bicycle theft",
    "Burglary",
    "Criminal damage and arson",
    "Drugs",
    "Other crime",
    "Other theft",
    "Possession of weapons",
    "Public order",
    "Robbery",
    "Shoplifting",
    "Theft from the person",
    "Vehicle crime",
    "Violence and sexual offences",
)
OTHER_TYPES = "Other 11 types"
COUNTED_TYPES = {
    "asb": "Anti-social behaviour",
    "bicycle_theft": "Bicycle theft",
    "vehicle_crime": "Vehicle crime",
    "other_11_types": OTHER_TYPES,
}
TOTAL = "crimes_total"
LOW_IMD, PUBLISHED_LOW_IMD = "IMD under 5", "IMD<5"
LOW_IMD_SCORE = 5
SHARE_DECIMALS = 3
# Half of the last published decimal, as a share.
ROUNDING = 0.0005

POLICE_UK = Source(
    "Street-level crime, West Midlands Police, 2019",
    "Police.uk",
    "https://data.police.uk",
    OGL,
    "Source: data.police.uk, street-level crime recorded by West Midlands Police, 2019. "
    "Contains public sector information licensed under the Open Government Licence v3.0.",
)
CRIME_TYPE = Field(
    "crime_type",
    "string",
    "Crime type",
    "Kind of crime, in the 14 types that the police publish at street level.",
    "key",
    enum=TYPES,
)
RECORDS = Field(
    "records",
    "integer",
    "Recorded crime",
    "Crimes and incidents of anti-social behaviour in 2019 that the police recorded and placed in the area.",
    "outcome",
    unit="records in 2019",
    caveat="Counts what is reported and recorded, which is not all crime. The police publish each record at the "
    "nearest of a fixed list of points, such as the middle of a street or a shopping centre.",
    minimum=0,
)
LSOA_CRIME = Table(
    "lsoa_crime",
    "lsoa_crime.csv",
    "Recorded crime 2019, by neighbourhood",
    "One row per neighbourhood and crime type; eleven of the 14 types are counted together.",
    (POLICE_UK,),
    (
        replace(LSOA11_CODE, references="lsoas"),
        replace(CRIME_TYPE, enum=tuple(COUNTED_TYPES.values())),
        RECORDS,
    ),
    "Tabulated by the study from the monthly files; one row for each type in place of one column.",
)
DISTRICT_CRIME = Table(
    "district_crime",
    "district_crime.csv",
    "Recorded crime 2019, by district and type",
    f"One row per area and crime type. The areas are the seven districts and '{LOW_IMD}'.",
    (POLICE_UK,),
    (
        Field(
            "area",
            "string",
            "Area",
            f"Name of the district; or '{LOW_IMD}' for the neighbourhoods of all seven districts whose score of the "
            "Index of Multiple Deprivation 2019 is under 5, the least deprived.",
            "key",
            enum=(*districts.NAMES, LOW_IMD),
            caveat=f"The neighbourhoods of '{LOW_IMD}' are counted in their districts too.",
        ),
        CRIME_TYPE,
        RECORDS,
    ),
    "Tabulated by the study from the monthly files.",
)
TWO_LSOAS = Table(
    "two_lsoas_crime",
    "two_lsoas_crime.csv",
    "Crime types in two neighbourhoods, 2019",
    "One row per crime type and neighbourhood: Birmingham 138A and Solihull 009A, the neighbourhoods with the most "
    "recorded crime in their districts.",
    (POLICE_UK,),
    (
        replace(LSOA11_NAME, role="key", references="lsoas"),
        CRIME_TYPE,
        Field(
            "share",
            "number",
            "Share of the records",
            "Share of the crime recorded in the neighbourhood in 2019 that is of this type.",
            "context",
            unit="share of records",
            caveat="Published in per cent with one decimal, so the shares of a neighbourhood add up to about 1.",
            minimum=0,
            maximum=1,
        ),
        Field(
            "records_total",
            "integer",
            "Recorded crime of all types",
            "Crimes and incidents of all 14 types that the police recorded in the neighbourhood in 2019.",
            "context",
            unit="records in 2019",
            minimum=1,
        ),
    ),
    "Per cent turned into shares.",
)


def read_lsoa_counts(folder: Path) -> pd.DataFrame:
    """The published counts with one column per type, names and locations of the neighbourhoods.

    Raises
    ------
    SourceError
        If the file is not as expected, a neighbourhood is repeated, a district is unknown, or the types of a
        row do not add up to its total.
    """
    text = [CODE, LSOA11_NAME.name, "lad19_code", "lad19_name"]
    counts = [TOTAL, *COUNTED_TYPES]
    frame = read_csv(folder, LSOA_FILE, text, ["lon", "lat", *counts])
    refuse_repeats(frame, [CODE], LSOA_FILE)
    districts.check_district_codes(frame["lad19_code"], frame["lad19_name"], LSOA_FILE)
    frame = frame.assign(**{name: as_counts(frame[name], LSOA_FILE) for name in counts})
    wrong = frame[frame[list(COUNTED_TYPES)].sum(axis=1) != frame[TOTAL]]
    if len(wrong):
        raise SourceError(
            f"{cell_reference(LSOA_FILE, wrong.index[0], TOTAL)}: "
            f"the crime types of {wrong[CODE].iloc[0]} do not add up to "
            "the total; correct the row."
        )
    return frame


def read(folder: Path) -> tuple[Tidy, Tidy, Tidy]:
    """Records by neighbourhood, by district and type, and the shares of types in two neighbourhoods.

    Raises
    ------
    SourceError
        If a file is not as expected, or the shares of a neighbourhood do not add up to about 1.
    """
    return _lsoa_crime(folder), _district_crime(folder), _two_lsoas(folder)


def check_margins(lsoa_crime: Tidy, district_crime: Tidy, areas: pd.DataFrame) -> None:
    """Raise :class:`SourceError` unless the two tables count the same records.

    Parameters
    ----------
    lsoa_crime, district_crime
        Records by neighbourhood, and by district and type.
    areas
        ``lsoa11_code``, ``district`` and ``imd_score`` of the neighbourhoods.
    """
    rows = lsoa_crime.frame.merge(areas[[CODE, "district", "imd_score"]], on=CODE).rename(columns={"district": "area"})
    low = rows[rows["imd_score"] < LOW_IMD_SCORE].assign(area=LOW_IMD)
    alone = district_crime.frame["crime_type"].isin(COUNTED_TYPES.values())
    types = district_crime.frame["crime_type"].where(alone, OTHER_TYPES)
    sums = [_sums(pd.concat([rows, low])), _sums(district_crime.frame.assign(crime_type=types))]
    both = pd.concat(sums, axis=1, keys=["neighbourhoods", "published"]).fillna(0).astype("int64")
    differ = both[both["neighbourhoods"] != both["published"]].reset_index()
    if len(differ):
        first = differ.iloc[0]
        raise SourceError(
            f"{DISTRICT_FILE} has {first['published']:,} records of {first['crime_type']!r} for {first['area']}, but "
            f"its neighbourhoods in {LSOA_FILE} have {first['neighbourhoods']:,}; use files of the same count."
        )


def check_shares(two_lsoas: Tidy, lsoa_crime: Tidy, areas: pd.DataFrame) -> None:
    """Raise :class:`SourceError` unless totals and shares of the two neighbourhoods agree with their records.

    `areas` has ``lsoa11_code`` and ``lsoa11_name``.
    """
    counted = lsoa_crime.frame.merge(areas[[CODE, LSOA11_NAME.name]], on=CODE)
    counted["all"] = counted.groupby(CODE)["records"].transform("sum")
    both = two_lsoas.frame.merge(counted, on=[LSOA11_NAME.name, "crime_type"])
    far = (both["records"] / both["records_total"] - both["share"]).abs() > ROUNDING
    unlike = both[far | (both["all"] != both["records_total"])]
    unknown = sorted(set(two_lsoas.frame[LSOA11_NAME.name]) - set(both[LSOA11_NAME.name]))
    if len(unlike) or unknown:
        name = unknown[0] if unknown else unlike[LSOA11_NAME.name].iloc[0]
        raise SourceError(f"{SHARES_FILE} does not agree with {LSOA_FILE} for {name!r}; use files of the same count.")


def _sums(records: pd.DataFrame) -> pd.Series:
    return records.groupby(["area", "crime_type"])["records"].sum()


def _lsoa_crime(folder: Path) -> Tidy:
    counts = read_lsoa_counts(folder).rename(columns=COUNTED_TYPES)
    frame = counts.melt(CODE, list(COUNTED_TYPES.values()), "crime_type", "records")
    return Tidy(LSOA_CRIME, frame[LSOA_CRIME.columns], (LSOA_FILE,))


def _district_crime(folder: Path) -> Tidy:
    frame = read_csv(folder, DISTRICT_FILE, ["area", "crime_type"], ["count"])
    frame = frame.assign(
        area=frame["area"].replace(PUBLISHED_LOW_IMD, LOW_IMD), records=as_counts(frame["count"], DISTRICT_FILE)
    )
    refuse_repeats(frame, DISTRICT_CRIME.key, DISTRICT_FILE)
    return Tidy(DISTRICT_CRIME, frame[DISTRICT_CRIME.columns], (DISTRICT_FILE,))


def _two_lsoas(folder: Path) -> Tidy:
    published = ["crimes_total", "share_percent_published"]
    frame = read_csv(folder, SHARES_FILE, ["lsoa11_name", "crime_type"], published)
    refuse_repeats(frame, TWO_LSOAS.key, SHARES_FILE)
    frame["share"] = (frame["share_percent_published"] / 100).round(SHARE_DECIMALS)
    frame["records_total"] = as_counts(frame["crimes_total"], SHARES_FILE)
    sums = frame.groupby("lsoa11_name")["share"].sum()
    wrong = sums[(sums - 1).abs() > len(TYPES) * ROUNDING]
    if len(wrong):
        raise SourceError(
            f"{SHARES_FILE}: the shares of {wrong.index[0]} add up to {wrong.iloc[0]:.1%}; they must add up to "
            "about 100%, so correct them."
        )
    return Tidy(TWO_LSOAS, frame[TWO_LSOAS.columns], (SHARES_FILE,))
