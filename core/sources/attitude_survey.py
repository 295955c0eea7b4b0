"""The Public Attitude Survey: what Londoners say of their police, by borough and for London.

The workbook has dates as text (dd/mm/yyyy), spellings of boroughs that change over time, and empty
columns with a stray note beside the figures; only the needed columns are read.
"""

from dataclasses import replace
from pathlib import Path

import pandas as pd

from core.sources.boroughs import BOROUGH, QUARTER, borough_names
from core.sources.reading import (
    SourceError,
    Tidy,
    as_numbers,
    as_quarters,
    find,
    place,
    refuse_repeats,
    require_columns,
)
from core.tables import OGL, Field, Source, Table

FILE = "PAS_T&Cdashboard_to Q3 23-24.xlsx"
BOROUGH_SHEET, LONDON_SHEET = "Borough", "MPS"
DECIMALS = 4

MOPAC_SURVEYS = Source(
    "MOPAC surveys: Public Attitude Survey, trust and confidence dashboard data to Q3 2023-24",
    "Mayor's Office for Policing and Crime (MOPAC)",
    "https://data.london.gov.uk/dataset/mopac-surveys",
    OGL,
    "Source: Mayor's Office for Policing and Crime, Public Attitude Survey, London Datastore. "
    "Contains public sector information licensed under the Open Government Licence v3.0.",
)

ROLLING = (
    "Figures cover 12 months of interviews, about 400 in a borough, so neighbouring quarters share three quarters "
    "of their interviews and one figure is uncertain by about 4 to 5 percentage points either way."
)


def _measure(name: str, title: str, description: str, caveat: str = "", required: bool = True) -> Field:
    return Field(
        name,
        "number",
        title,
        description,
        "outcome",
        unit="share of residents",
        caveat=f"{caveat} {ROLLING}".strip(),
        required=required,
        minimum=0,
        maximum=1,
    )


MEASURES: dict[str, Field] = {
    '"Good Job" local': _measure(
        "good_job_local",
        "Police do a good job locally",
        "Share of residents who say that the police in their area do a good job.",
    ),
    "Contact ward officer": _measure(
        "contact_ward_officer",
        "Know how to contact ward officer",
        "Share of residents who say that they know how to contact their ward officer.",
        "Asks what people know, not whether they trust the police.",
    ),
    "Informed local": _measure(
        "informed_local",
        "Feel informed about local police",
        "Share of residents who feel informed about what the police do in their area.",
        "Asks what people hear, not whether they trust the police.",
    ),
    "Listen to concerns": _measure(
        "listen_to_concerns",
        "Police listen to concerns",
        "Share of residents who agree that the police listen to the concerns of local people.",
    ),
    "Relied on to be there": _measure(
        "relied_on_to_be_there",
        "Police can be relied on to be there",
        "Share of residents who agree that the police can be relied on to be there when needed.",
    ),
    "Treat everyone fairly": _measure(
        "treat_everyone_fairly",
        "Police treat everyone fairly",
        "Share of residents who agree that the police treat everyone fairly.",
    ),
    "Trust MPS": _measure(
        "trust_mps",
        "Trust the Met",
        "Share of residents who agree that the Metropolitan Police Service (MPS) is an organisation they can trust.",
        "Published from January\N{EN DASH}March 2016 on.",
        required=False,
    ),
    "Understand issues": _measure(
        "understand_issues",
        "Police understand local issues",
        "Share of residents who agree that the police understand the issues that affect their community.",
    ),
}
COLUMN_OF = {published: field.name for published, field in MEASURES.items()}
CHANGES = (
    "Turned so that each measure is a column; dates became quarters; boroughs spelled one way throughout; "
    "shares rounded to 4 decimals."
)

BOROUGHS = Table(
    "survey",
    "survey.csv",
    "Public attitudes to the police, by borough",
    "One row per borough and quarter: shares of residents over the 12 months that end with the quarter.",
    (MOPAC_SURVEYS,),
    (BOROUGH, QUARTER, *MEASURES.values()),
    CHANGES,
)
LONDON_ROLLING = (
    "Figures cover 12 months of interviews across all 32 boroughs, so neighbouring quarters share most of them."
)
LONDON = Table(
    "survey_london",
    "survey_london.csv",
    "Public attitudes to the police, London",
    "One row per quarter: shares of Londoners over the 12 months that end with the quarter.",
    (MOPAC_SURVEYS,),
    (QUARTER, *(replace(field, caveat=field.caveat.replace(ROLLING, LONDON_ROLLING)) for field in MEASURES.values())),
    CHANGES,
)


def read(folder: Path) -> tuple[Tidy, Tidy]:
    """The survey by borough, and for London.

    Parameters
    ----------
    folder
        Folder that holds the workbook.

    Raises
    ------
    SourceError
        If the workbook, a sheet, a column or a figure is not as expected, or the two sheets disagree.
    """
    path = find(folder, FILE)
    by_borough = _read_sheet(path, BOROUGH_SHEET, [LONDON_SHEET])
    where = f"{FILE}, sheet {BOROUGH_SHEET}"
    by_borough["Borough"] = borough_names(by_borough["Borough"], where)
    london = _read_sheet(path, LONDON_SHEET)
    _check_london(by_borough, london)
    return (
        Tidy(BOROUGHS, _wide(by_borough, ["Borough", "quarter"], BOROUGHS, where), (FILE,)),
        Tidy(LONDON, _wide(london, ["quarter"], LONDON, f"{FILE}, sheet {LONDON_SHEET}"), (FILE,)),
    )


def _read_sheet(path: Path, sheet: str, extra: list[str] | None = None) -> pd.DataFrame:
    columns = ["Date", "Borough", "Measure", "Proportion", *(extra or [])]
    where = f"{path.name}, sheet {sheet}"
    frame = _load(path, sheet, columns)
    frame["quarter"] = as_quarters(frame["Date"], where, dayfirst=True)
    for column in ["Proportion", *(extra or [])]:
        frame[column] = as_numbers(frame[column], where).round(DECIMALS)
    unknown = frame[~frame["Measure"].isin(COLUMN_OF)]
    if len(unknown):
        raise SourceError(
            f"{place(where, unknown.index[0], 'Measure')}: {unknown['Measure'].iloc[0]!r} is not a known measure; "
            "correct it, or declare it in core/sources/attitude_survey.py."
        )
    return frame


def _load(path: Path, sheet: str, columns: list[str]) -> pd.DataFrame:
    # The app reads the tidy tables only; the workbook library is needed to build them.
    import fastexcel

    try:
        book = fastexcel.read_excel(path)
        if sheet not in book.sheet_names:
            raise SourceError(
                f"{path.name} has no sheet {sheet} (it has {', '.join(book.sheet_names)}); rename it back."
            )
        header = book.load_sheet(sheet, n_rows=0).to_pandas()
        require_columns(header, columns, f"{path.name}, sheet {sheet}")
        loaded: pd.DataFrame = book.load_sheet(
            sheet, use_columns=columns, dtypes=dict.fromkeys(columns, "string")
        ).to_pandas()
    except fastexcel.FastExcelError as error:
        raise SourceError(f"{path.name} cannot be read as an Excel workbook ({error}); download it again.") from error
    return loaded[columns]


def _wide(rows: pd.DataFrame, key: list[str], table: Table, where: str) -> pd.DataFrame:
    refuse_repeats(rows, [*key, "Measure"], where)
    wide = rows.pivot(index=key, columns="Measure", values="Proportion").reset_index()
    wide = wide.rename(columns={"Borough": "borough", **COLUMN_OF})
    missing = [field for field in COLUMN_OF.values() if field not in wide]
    if missing:
        raise SourceError(f"{where} has no rows for {', '.join(missing)}; add the measure or adapt the reader.")
    frame = wide[table.columns].rename_axis(columns=None)
    _check_trust_starts_once(frame, where)
    return frame


def _check_trust_starts_once(frame: pd.DataFrame, where: str) -> None:
    first = frame.loc[frame["trust_mps"].notna(), "quarter"].min()
    gaps = frame[frame["trust_mps"].isna() & (frame["quarter"] >= first)]
    if len(gaps):
        area = gaps.iloc[0].get("borough", "London")
        raise SourceError(
            f"{where} has no Trust MPS for {area} in {gaps.iloc[0]['quarter']}, "
            f"after it began in {first}; add the figure."
        )


def _check_london(by_borough: pd.DataFrame, london: pd.DataFrame) -> None:
    key = ["quarter", "Measure"]
    both = by_borough.drop_duplicates([*key, LONDON_SHEET])[[*key, LONDON_SHEET]].merge(london, on=key, how="outer")
    differ = both[(both[LONDON_SHEET] != both["Proportion"])]
    if len(differ):
        first = differ.iloc[0]
        raise SourceError(
            f"{FILE}: {first['Measure']} for London in {first['quarter']} is {first[LONDON_SHEET]} "
            f"on sheet {BOROUGH_SHEET} and {first['Proportion']} on sheet {LONDON_SHEET}; correct one of them."
        )
