"""The Public Attitude Survey: what Londoners say about their police, by borough and for London.

:mod:`core.sources.london.survey.survey_workbook` reads the workbook to the end of 2023, and
:mod:`core.sources.london.survey.survey_dashboard` the figures after it;
:mod:`core.sources.london.survey.survey` joins them.
"""

from dataclasses import replace

from core.sources.london.boroughs import BOROUGH, QUARTER
from core.tables.schema import OGL, Field, Source, Table

MOPAC_SURVEYS = Source(
    "MOPAC surveys: Public Attitude Survey, trust and confidence dashboard data to Q3 2023-24",
    "Mayor's Office for Policing and Crime (MOPAC)",
    "https://data.london.gov.uk/dataset/mopac-surveys",
    OGL,
    "Source: Mayor's Office for Policing and Crime, Public Attitude Survey, London Datastore. "
    "Contains public sector information licensed under the Open Government Licence v3.0.",
)
MOPAC_DASHBOARD = Source(
    "MOPAC trust and confidence dashboard, Public Attitude Survey, January 2024 to March 2026",
    "Mayor's Office for Policing and Crime (MOPAC)",
    "https://www.london.gov.uk/programmes-strategies/mayors-office-policing-and-crime/data-and-statistics",
    OGL,
    "Source: Mayor's Office for Policing and Crime, Public Attitude Survey, trust and confidence dashboard. "
    "Contains public sector information licensed under the Open Government Licence v3.0.",
)

ROLLING = (
    "Figures cover 12 months of interviews, about 400 in a borough (600 since late 2024), so neighbouring quarters "
    "share three quarters of their interviews; one figure is uncertain by several percentage points either way."
)

ENDED = "Published to October\N{EN DASH}December 2023 only."


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
        f"Asks what people know, not whether they trust the police. {ENDED}",
        required=False,
    ),
    "Informed local": _measure(
        "informed_local",
        "Feel informed about local police",
        "Share of residents who feel informed about what the police do in their area.",
        f"Asks what people hear, not whether they trust the police. {ENDED}",
        required=False,
    ),
    "Listen to concerns": _measure(
        "listen_to_concerns",
        "Police listen to concerns",
        "Share of residents who agree that the police listen to the concerns of local people.",
        ENDED,
        required=False,
    ),
    "Relied on to be there": _measure(
        "relied_on_to_be_there",
        "Police can be relied on to be there",
        "Share of residents who agree that the police can be relied on to be there when needed.",
        ENDED,
        required=False,
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
        "Published to January\N{EN DASH}March 2025 only.",
        required=False,
    ),
    "Stop and search used fairly": _measure(
        "stop_and_search_fair",
        "Stop and search used fairly",
        "Share of residents who agree that the police use their stop and search powers fairly.",
        "Published for April to December 2025 only, and not for London as a whole.",
        required=False,
    ),
}
CHANGES = (
    "Turned so that each measure is a column; dates became quarters; boroughs spelled one way throughout; "
    "shares rounded to 4 decimals. To the end of 2023 from the workbook, after it from the dashboard."
)

BOROUGHS = Table(
    "survey",
    "survey.csv",
    "Public attitudes to the police, by borough",
    "One row per borough and quarter: shares of residents over the 12 months that end with the quarter.",
    (MOPAC_SURVEYS, MOPAC_DASHBOARD),
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
    (MOPAC_SURVEYS, MOPAC_DASHBOARD),
    (QUARTER, *(replace(field, caveat=field.caveat.replace(ROLLING, LONDON_ROLLING)) for field in MEASURES.values())),
    CHANGES,
)
