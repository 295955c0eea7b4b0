"""Use of force by the Metropolitan Police: records per borough and quarter, and by age of the subject."""

from dataclasses import replace
from pathlib import Path

import pandas as pd

from core.sources.files.cells import SourceError, Tidy, as_quarters, read_csv, refuse_repeats
from core.sources.london.boroughs import BOROUGH, QUARTER, borough_names, check_codes
from core.tables.schema import OGL, Field, Source, Table

QUARTERLY_FILE = "use_of_force_borough_quarter_2017Q2_2023Q4.csv"
AFTER_FILE = "use_of_force_borough_2024Q1.csv"
AGES_FILE = "use_of_force_age_totals_2017Q2_2023Q4.csv"
FIRST_QUARTER, LAST_QUARTER = "2017Q2", "2023Q4"
NOT_BOROUGHS = ("Heathrow", "Out of force")

MPS_USE_OF_FORCE = Source(
    "MPS use of force",
    "Metropolitan Police Service",
    "https://data.london.gov.uk/dataset/use-of-force",
    OGL,
    "Source: Metropolitan Police Service, use of force, London Datastore. "
    "Contains public sector information licensed under the Open Government Licence v3.0.",
)

ONE_RECORD = "A record is one officer's use of force on one subject, so one incident can leave several records."
RAMP_UP = (
    "Recording began in April 2017 and grew from 12,500 records a quarter to 39,000 by the end of 2018; "
    "the rise is in recording at least as much as in force."
)
OVERLAP = "Outcomes are flags that can overlap, so they need not add up to the records."


def _count(name: str, title: str, description: str, caveat: str) -> Field:
    return Field(
        name,
        "integer",
        title,
        description,
        "force",
        unit="records per quarter",
        caveat=caveat,
        minimum=0,
    )


RECORDS = replace(
    _count(
        "records",
        "Use-of-force records",
        "Records of officers using force, counted in the borough that the record names.",
        f"{ONE_RECORD} {RAMP_UP}",
    ),
    unit="per quarter",
)
OUTCOMES = (
    _count("arrested", "Subject arrested", "Use-of-force records whose outcome says arrested.", OVERLAP),
    _count(
        "hospitalised",
        "Subject taken to hospital",
        "Use-of-force records whose outcome says hospitalised.",
        OVERLAP,
    ),
    _count(
        "detained_mental_health_act",
        "Subject detained under Mental Health Act",
        "Use-of-force records whose outcome says detained under the Mental Health Act.",
        OVERLAP,
    ),
    _count("other_outcome", "Other outcome", "Use-of-force records whose outcome says something else.", OVERLAP),
)
AS_RECORDED = "Ages are as officers recorded them, in bands."
SPOILED = (
    "In the first year a spreadsheet turned some bands '11-17' into a date; those records are counted in "
    "'Age spoiled into a date', not in 'Force on under-18s'."
)
AGES = (
    _count("age_under_18", "Force on under-18s", "Use-of-force records on subjects under 18.", AS_RECORDED),
    _count("age_18_34", "Force on 18 to 34s", "Use-of-force records on subjects aged 18 to 34.", AS_RECORDED),
    _count("age_35_49", "Force on 35 to 49s", "Use-of-force records on subjects aged 35 to 49.", AS_RECORDED),
    _count(
        "age_50_plus", "Force on people of 50 and over", "Use-of-force records on subjects of 50 and over.", AS_RECORDED
    ),
)
SPOILED_AGE = _count(
    "age_recorded_as_date",
    "Age spoiled into a date",
    "Use-of-force records whose age reads '2017-11-01 00:00:00', which was the band 11 to 17.",
    "All are from the first year. The study left these records out of its age bands.",
)
RECOVERED_AGE = _count(
    "age_under_18_with_recovered",
    "Force on under-18s, with recovered records",
    "Records on under-18s, with those counted back whose age was spoiled into a date.",
    AS_RECORDED,
)
AGE_COLUMNS = (
    RECORDS,
    replace(AGES[0], caveat=f"{AS_RECORDED} {SPOILED}"),
    *AGES[1:],
    SPOILED_AGE,
    RECOVERED_AGE,
)
COUNTS = [RECORDS.name, *(field.name for field in OUTCOMES)]
BANDS = [field.name for field in AGES]

# Columns of the yearly workbooks that the studies' table lacks.
OTHER_OUTCOMES = (
    _count("made_off", "Subject made off", "Use-of-force records whose outcome says made off or escaped.", OVERLAP),
    _count("fatality", "Subject died", "Use-of-force records whose outcome says fatality.", OVERLAP),
    _count(
        "no_further_action",
        "No further action",
        "Use-of-force records whose outcome says no further action.",
        f"{OVERLAP} Not an outcome in every year.",
    ),
)
RECOVERED = (
    "In the first year a spreadsheet turned some bands '11-17' into a date; those records are counted back here, "
    "and apart in 'Age spoiled into a date'."
)
NOT_KNOWN = "Not filled in, or not known."
QUARTERLY_AGES = (
    replace(AGES[0], caveat=f"{AS_RECORDED} {RECOVERED}"),
    *AGES[1:],
    _count("age_unknown", "Age not recorded", "Use-of-force records without an age of the subject.", NOT_KNOWN),
    replace(SPOILED_AGE, caveat="All are from the first year. They are counted in 'Force on under-18s' too."),
)
GENDERS = (
    _count("gender_male", "Force on men", "Use-of-force records on male subjects.", "As officers recorded it."),
    _count("gender_female", "Force on women", "Use-of-force records on female subjects.", "As officers recorded it."),
    _count("gender_other", "Other or unknown gender", "Use-of-force records on other subjects.", NOT_KNOWN),
)
AS_PERCEIVED = "Ethnic group as the officer perceived it, not as the person describes themselves."
ETHNICITIES = (
    _count("ethnicity_asian", "Force on Asian people", "Use-of-force records on Asian subjects.", AS_PERCEIVED),
    _count("ethnicity_black", "Force on Black people", "Use-of-force records on Black subjects.", AS_PERCEIVED),
    _count("ethnicity_mixed", "Force on people of mixed group", "Records on subjects of mixed group.", AS_PERCEIVED),
    _count("ethnicity_white", "Force on White people", "Use-of-force records on White subjects.", AS_PERCEIVED),
    _count("ethnicity_other", "Other or unknown ethnic group", "Use-of-force records on other subjects.", NOT_KNOWN),
)
NOT_ONLY = "A record can name several tactics."
TACTICS = (
    _count("ced_used", "Taser used", "Records of a conducted energy device (Taser) used, fired or not.", NOT_ONLY),
    _count("ced_fired", "Taser fired", "Records of a conducted energy device (Taser) fired.", NOT_ONLY),
    _count("firearms_aimed", "Firearm aimed", "Use-of-force records of a firearm aimed.", NOT_ONLY),
    _count("firearms_fired", "Firearm fired", "Use-of-force records of a firearm fired.", NOT_ONLY),
)

QUARTERLY = Table(
    "use_of_force",
    "use_of_force.csv",
    "Use of force, by borough and quarter",
    "One row per borough and quarter, April\N{EN DASH}June 2017 to October\N{EN DASH}December 2023. "
    "Exact duplicates were dropped, and records dated on the last day of a quarter were counted in the next one.",
    (MPS_USE_OF_FORCE,),
    (BOROUGH, QUARTER, RECORDS, *OUTCOMES),
    "Tabulated by the study from the yearly workbooks of the Metropolitan Police Service.",
    (*OTHER_OUTCOMES, *QUARTERLY_AGES, *GENDERS, *ETHNICITIES, *TACTICS),
)
AFTER = Table(
    "use_of_force_2024q1",
    "use_of_force_2024q1.csv",
    "Use of force in January\N{EN DASH}March 2024, by borough and age",
    "One row per borough. Counted by calendar quarter with duplicates kept, so not quite comparable with the "
    "quarters before.",
    (MPS_USE_OF_FORCE,),
    (BOROUGH, QUARTER, replace(RECORDS, caveat=ONE_RECORD), *OUTCOMES, *AGES),
    "Heathrow and records outside the force's area left out.",
)
BY_AGE = Table(
    "use_of_force_ages",
    "use_of_force_ages.csv",
    "Use of force 2017 to 2023, by borough and age",
    "One row per borough: totals over April 2017 to December 2023, by age of the subject.",
    (MPS_USE_OF_FORCE,),
    (BOROUGH, *(replace(field, unit="records in 27 quarters") for field in AGE_COLUMNS)),
    "Tabulated by the study from the yearly workbooks of the Metropolitan Police Service.",
)


def read(folder: Path) -> tuple[Tidy, Tidy, Tidy]:
    """Records by borough and quarter, those of January to March 2024, and totals by age.

    Raises
    ------
    SourceError
        If a file or column is missing, a figure is impossible, or the files disagree with each other.
    """
    quarterly, after, ages = _read_quarterly(folder), _read_after(folder), _read_ages(folder)
    for tidy in (quarterly, after):
        _check_parts(tidy, [field.name for field in OUTCOMES])
    _check_bands(after, BANDS)
    _check_bands(ages, [*BANDS, SPOILED_AGE.name])
    _check_totals(quarterly, ages)
    return quarterly, after, ages


def _read_quarterly(folder: Path) -> Tidy:
    frame = read_csv(folder, QUARTERLY_FILE, ["quarter_end", "borough", "gss_code"], COUNTS)
    tidy = _tidy(frame, QUARTERLY, QUARTERLY_FILE)
    span = tidy.frame["quarter"].min(), tidy.frame["quarter"].max()
    if span != (FIRST_QUARTER, LAST_QUARTER):
        raise SourceError(
            f"{QUARTERLY_FILE} runs from {span[0]} to {span[1]}; it must run from {FIRST_QUARTER} to {LAST_QUARTER}, "
            "or the span in core/sources/london/force/use_of_force.py must change with it."
        )
    return tidy


def _read_after(folder: Path) -> Tidy:
    frame = read_csv(folder, AFTER_FILE, ["quarter_end", "borough", "gss_code"], [*COUNTS, *BANDS])
    outside = frame[frame["borough"].isin(NOT_BOROUGHS)]
    dropped = [f"{row.borough}: not a borough ({row.records:,} records)" for row in outside.itertuples()]
    return _tidy(frame.drop(outside.index), AFTER, AFTER_FILE, tuple(dropped))


def _read_ages(folder: Path) -> Tidy:
    published = {**dict.fromkeys(BANDS), SPOILED_AGE.name: "recorded_as_date_2017_11_01", RECOVERED_AGE.name: None}
    names = {published_name or name: name for name, published_name in published.items()}
    frame = read_csv(folder, AGES_FILE, ["borough"], [RECORDS.name, *names]).rename(columns=names)
    frame["borough"] = borough_names(frame["borough"], AGES_FILE)
    refuse_repeats(frame, BY_AGE.key, AGES_FILE)
    recovered = frame["age_under_18"] + frame[SPOILED_AGE.name]
    _refuse(frame[recovered != frame[RECOVERED_AGE.name]], AGES_FILE, "age bands do not add up to the recovered count")
    return Tidy(BY_AGE, frame[BY_AGE.columns], (AGES_FILE,), ("records_first_4_quarters: follows from the quarters",))


def _tidy(frame: pd.DataFrame, table: Table, file: str, dropped: tuple[str, ...] = ()) -> Tidy:
    frame = frame.assign(borough=borough_names(frame["borough"], file), quarter=as_quarters(frame["quarter_end"], file))
    check_codes(frame, file)
    refuse_repeats(frame, table.key, file)
    return Tidy(table, frame[table.columns], (file,), dropped)


def _check_parts(tidy: Tidy, parts: list[str]) -> None:
    for part in parts:
        too_many = tidy.frame[tidy.frame[part] > tidy.frame["records"]]
        _refuse(too_many, tidy.origin, f"{part} is more than the records")


def _check_bands(tidy: Tidy, bands: list[str]) -> None:
    differ = tidy.frame[tidy.frame[bands].sum(axis=1) != tidy.frame["records"]]
    _refuse(differ, tidy.origin, "age bands do not add up to the records")


def _check_totals(quarterly: Tidy, ages: Tidy) -> None:
    totals = quarterly.frame.groupby("borough")["records"].sum()
    published = ages.frame.set_index("borough")["records"]
    differ = ages.frame[~ages.frame["borough"].isin(totals.index[totals == published.reindex(totals.index)])]
    _refuse(differ, ages.origin, f"records differ from the sum over the quarters of {QUARTERLY_FILE}")


def _refuse(rows: pd.DataFrame, where: str, why: str) -> None:
    if len(rows):
        first = rows.iloc[0]
        quarter = f" in {first['quarter']}" if "quarter" in rows else ""
        raise SourceError(f"{where}: for {first['borough']}{quarter} the {why}; correct the figures.")
