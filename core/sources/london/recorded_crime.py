"""Crime recorded by the Metropolitan Police, by borough and quarter, from monthly figures."""

from pathlib import Path

import pandas as pd

from core.sources.files.cells import SourceError, Tidy, cell_reference, read_csv, refuse_repeats
from core.sources.london.boroughs import BOROUGH, QUARTER, borough_names, check_codes
from core.tables.quarters import quarter_of
from core.tables.schema import OGL, Field, Source, Table

FILE = "recorded_crime_borough_month_2010-04_2026-02.csv"
FIRST_QUARTER = "2014Q1"
NOT_A_BOROUGH = "London Heathrow and London City Airports"
PUBLISHED_TOTAL = "total_excluding_nfib_fraud"
MONTHS_PER_QUARTER = 3

MPS_RECORDED_CRIME = Source(
    "MPS recorded crime: geographic breakdown",
    "Metropolitan Police Service",
    "https://data.london.gov.uk",
    OGL,
    "Source: Metropolitan Police Service, recorded crime, London Datastore. "
    "Contains public sector information licensed under the Open Government Licence v3.0.",
)
CAVEAT = "Counts what is reported and recorded, which is not all crime."
TYPES = {
    "arson_and_criminal_damage": "Arson and criminal damage",
    "burglary": "Burglary",
    "drug_offences": "Drug offences",
    "fraud_and_forgery": "Fraud and forgery",
    "miscellaneous_crimes_against_society": "Miscellaneous crimes against society",
    "possession_of_weapons": "Possession of weapons",
    "public_order_offences": "Public order offences",
    "robbery": "Robbery",
    "sexual_offences": "Sexual offences",
    "theft": "Theft",
    "vehicle_offences": "Vehicle offences",
    "violence_against_the_person": "Violence against the person",
}
SPECIAL_CAVEATS = {
    "drug_offences": "Found mostly by police activity such as stop and search, so it follows police effort.",
    "possession_of_weapons": "Found mostly by police activity such as stop and search, so it follows police effort.",
    "fraud_and_forgery": "Almost empty: fraud has been recorded nationally since 2013 and is not in these figures.",
}


def _crimes(name: str, title: str, description: str, caveat: str) -> Field:
    return Field(name, "integer", title, description, "control", unit="offences per quarter", caveat=caveat, minimum=0)


TOTAL = _crimes(
    "recorded_crime",
    "Recorded crime",
    "All offences that the Metropolitan Police recorded, without fraud recorded nationally.",
    CAVEAT,
)
TYPE_FIELDS = tuple(
    _crimes(name, title, f"Offences recorded under '{title}'.", SPECIAL_CAVEATS.get(name, CAVEAT))
    for name, title in TYPES.items()
)
TABLE = Table(
    "recorded_crime",
    "recorded_crime.csv",
    "Recorded crime, by borough and quarter",
    "One row per borough and quarter from January\N{EN DASH}March 2014, early enough for "
    "12-month sums up to the first survey figures, to the last complete quarter.",
    (MPS_RECORDED_CRIME,),
    (BOROUGH, QUARTER, TOTAL, *TYPE_FIELDS),
    "Months added up to quarters; airports, months before 2014 and the last, incomplete quarter left out.",
)


def read(folder: Path) -> Tidy:
    """Offences by borough and quarter, complete quarters only.

    Raises
    ------
    SourceError
        If the file is not as expected, the types do not add up to the total, or a month is missing.
    """
    months = read_csv(folder, FILE, ["month", "borough", "gss_code"], [PUBLISHED_TOTAL, *TYPES])
    airports = months["borough"] == NOT_A_BOROUGH
    months = months[~airports].copy()
    months["borough"] = borough_names(months["borough"], FILE)
    check_codes(months, FILE)
    refuse_repeats(months, ["month", "borough"], FILE)
    _check_sum(months)
    months["quarter"] = _quarters(months["month"])
    early = months["quarter"] < FIRST_QUARTER
    complete, incomplete = _complete_quarters(months[~early])
    dropped = (
        f"{NOT_A_BOROUGH}: not a borough ({airports.sum()} rows)",
        f"months before {FIRST_QUARTER}: earlier than any other figure ({early.sum()} rows)",
        *([f"{', '.join(incomplete)}: quarter not complete"] if incomplete else []),
    )
    return Tidy(TABLE, _summed(complete), (FILE,), dropped)


def _quarters(months: pd.Series) -> pd.Series:
    dates = pd.to_datetime(months, format="%Y-%m", errors="coerce")
    if dates.isna().any():
        index = months.index[dates.isna()][0]
        raise SourceError(
            f"{cell_reference(FILE, index, 'month')}: {months[index]!r} is not a month; write it as 2017-06."
        )
    return months.map({month: quarter_of(f"{month}-01") for month in months.unique()})


def _complete_quarters(months: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """The months of complete quarters; only the last quarter may lack months."""
    counts = months.groupby(["borough", "quarter"])["month"].nunique()
    short = counts[counts < MONTHS_PER_QUARTER].reset_index()
    last = months["quarter"].max()
    gaps = short[short["quarter"] != last]
    if len(gaps):
        first = gaps.iloc[0]
        raise SourceError(
            f"{FILE} lacks a month for {first['borough']} in {first['quarter']}; add the row for that month."
        )
    incomplete = sorted(short["quarter"].unique())
    return months[~months["quarter"].isin(incomplete)], incomplete


def _summed(months: pd.DataFrame) -> pd.DataFrame:
    summed = months.groupby(["borough", "quarter"], as_index=False)[[PUBLISHED_TOTAL, *TYPES]].sum()
    return summed.rename(columns={PUBLISHED_TOTAL: TOTAL.name})[TABLE.columns]


def _check_sum(months: pd.DataFrame) -> None:
    differ = months[months[list(TYPES)].sum(axis=1) != months[PUBLISHED_TOTAL]]
    if len(differ):
        raise SourceError(
            f"{cell_reference(FILE, differ.index[0], PUBLISHED_TOTAL)}: "
            f"the crime types of {differ['borough'].iloc[0]} in "
            f"{differ['month'].iloc[0]} do not add up to the total; correct the row."
        )
