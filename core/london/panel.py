"""The London study: survey, use of force, crime and residents joined into panels of boroughs and quarters.

There are two. Models of force are put to :func:`london_panel`, which ends with the figures on force; maps, histories
and forecasts show :func:`survey_panel`, which runs as far as the survey does.
"""

from pathlib import Path

import pandas as pd

from core.sources.london.force import use_of_force
from core.sources.london.survey import attitude_survey
from core.tables.catalogue import DATA_DIR, Catalogue, load_catalogue
from core.tables.panel import Panel
from core.tables.quarters import quarter_end, quarter_of
from core.tables.schema import Field

SURVEY_MEASURES = tuple(field.name for field in attitude_survey.MEASURES.values())
ADDED_LATER = ("stop_and_search_fair",)
# The eight measures of the study. Averages name theirs, so that none changes its meaning where a measure ends.
MEASURES = tuple(measure for measure in SURVEY_MEASURES if measure not in ADDED_LATER)
TRUST = "trust_mps"
NOT_ABOUT_TRUST = ("contact_ward_officer", "informed_local")
TRUST_MEASURES = tuple(measure for measure in MEASURES if measure not in NOT_ABOUT_TRUST)
CONTINUING = ("good_job_local", "treat_everyone_fairly", "trust_mps")
AVERAGES = {"score_mean_of_8": MEASURES, "score_trust": TRUST_MEASURES, "score_mean_of_3": CONTINUING}
OUTCOMES = tuple(field.name for field in use_of_force.OUTCOMES)
FORCE = ("records", *OUTCOMES)
PER_RESIDENTS = 1000
FIRST_COLUMNS = ["borough", "quarter", "quarter_end", "gss_code", "inner_outer"]

DERIVED = (
    Field(
        "score_mean_of_8",
        "number",
        "Average of all 8 measures",
        "Plain average of the eight survey measures; missing unless all eight are there. "
        "The study explains this score.",
        "outcome",
        unit="share of residents",
        caveat=f"{attitude_survey.ENDED} Mixes in two questions that are not about trust: knowing how to contact the "
        f"ward officer, and feeling informed. {attitude_survey.ROLLING}",
        required=False,
        minimum=0,
        maximum=1,
    ),
    Field(
        "score_trust",
        "number",
        "Average of the 6 trust measures",
        "Plain average of the six survey measures that ask what people think of their police: all but knowing how to "
        "contact the ward officer and feeling informed. Missing unless all six are there.",
        "outcome",
        unit="share of residents",
        caveat=f"{attitude_survey.ENDED} {attitude_survey.ROLLING}",
        required=False,
        minimum=0,
        maximum=1,
    ),
    Field(
        "score_mean_of_3",
        "number",
        "Average of the 3 measures that continue",
        "Plain average of the three survey measures that are still published: police do a good job locally, police "
        "treat everyone fairly, and trust the Met. Missing unless all three are there.",
        "outcome",
        unit="share of residents",
        caveat=attitude_survey.ROLLING,
        required=False,
        minimum=0,
        maximum=1,
    ),
    Field(
        "crime_per_1000",
        "number",
        "Recorded crime per 1,000 residents",
        "Offences recorded in the quarter for every 1,000 residents of the borough in that calendar year.",
        "control",
        unit="per quarter",
        caveat="Visitors and commuters are not counted as residents, which makes central boroughs look high.",
        required=False,
        minimum=0,
    ),
    Field(
        "quarter_end",
        "date",
        "End of the quarter",
        "Last day of the quarter, the day that the survey's 12 months end.",
        "context",
    ),
)


def london_panel(data_dir: Path | Catalogue = DATA_DIR) -> Panel:
    """The panel of 32 boroughs that models of force are put to: :func:`survey_panel` to the last quarter with force.

    Returns
    -------
    Panel
        1,184 rows, October to December 2014 to 2023. Survey measures and averages are shares (0 to 1); force, crime and
        residents are counts; residents are the estimate for the middle of that calendar year. Force is missing before
        April 2017, and ``trust_mps``, with the averages that need it, before January 2016.

    Raises
    ------
    core.tables.catalogue.CatalogueError
        If the package or a table is missing or damaged.
    """
    tables = load_catalogue(data_dir)
    survey, force = tables.read_table("survey"), tables.read_table("use_of_force")
    return _panel(
        tables, survey[survey["quarter"] <= force["quarter"].max()].drop(columns=[*ADDED_LATER], errors="ignore")
    )


def survey_panel(data_dir: Path | Catalogue = DATA_DIR) -> Panel:
    """The panel of 32 boroughs over all quarters of the survey (October to December 2014 to January to March 2026).

    Returns
    -------
    Panel
        1,472 rows, as :func:`london_panel` has them. Force is missing after 2023, residents after 2024, recorded crime
        after 2025, and each measure after its last quarter.

    Raises
    ------
    core.tables.catalogue.CatalogueError
        If the package or a table is missing or damaged.
    """
    tables = load_catalogue(data_dir)
    return _panel(tables, tables.read_table("survey"))


def _panel(tables: Catalogue, survey: pd.DataFrame) -> Panel:
    """The rows of `survey` with everything that is known of their boroughs and quarters."""
    frame = (
        survey.merge(tables.read_table("use_of_force"), on=["borough", "quarter"], how="left", validate="one_to_one")
        .merge(tables.read_table("recorded_crime"), on=["borough", "quarter"], how="left", validate="one_to_one")
        .merge(tables.read_table("boroughs"), on="borough", how="left", validate="many_to_one")
        .merge(tables.read_table("deprivation")[["borough", "imd_score"]], on="borough", validate="many_to_one")
    )
    return Panel(_derived(frame.merge(_residents(tables, frame), on=["borough", "quarter"], validate="one_to_one")))


def london_wide(data_dir: Path | Catalogue = DATA_DIR) -> pd.DataFrame:
    """London as a whole, one row per quarter of the survey.

    Returns
    -------
    DataFrame
        ``quarter``, ``quarter_end``, the measures and averages as published for London (not averages of boroughs),
        and force, crime and residents summed over the 32 boroughs; 44 rows, to July to September 2025.
    """
    tables = load_catalogue(data_dir)
    counts = [*FORCE, "recorded_crime", "population"]
    boroughs = survey_panel(data_dir).frame.groupby("quarter")[counts].sum(min_count=1)
    return _derived(tables.read_table("survey_london").merge(boroughs, on="quarter", validate="one_to_one"))


def london_events(data_dir: Path | Catalogue = DATA_DIR) -> pd.DataFrame:
    """Dated events that charts over time can mark, in order of time.

    Returns
    -------
    DataFrame
        Columns of the table ``events`` and the quarters of the first and the last day, ``start_quarter`` and
        ``end_quarter``; ``end`` and ``end_quarter`` are missing where an event has no last day.
    """
    events = load_catalogue(data_dir).read_table("events").sort_values("start", ignore_index=True)
    quarters = {f"{name}_quarter": events[name].map(quarter_of, na_action="ignore") for name in ("start", "end")}
    return events.assign(**quarters).astype(dict.fromkeys(quarters, "str"))


def _residents(tables: Catalogue, frame: pd.DataFrame) -> pd.DataFrame:
    keys = frame[["borough", "quarter"]].assign(year=frame["quarter"].str[:4].astype(int))
    residents = tables.read_table("population")[["borough", "year", "population"]]
    return keys.merge(residents, on=["borough", "year"], how="left", validate="many_to_one").drop(columns="year")


def _derived(frame: pd.DataFrame) -> pd.DataFrame:
    ends = {quarter: quarter_end(quarter) for quarter in frame["quarter"].unique()}
    averages = {name: frame[list(measures)].mean(axis=1, skipna=False) for name, measures in AVERAGES.items()}
    derived = frame.assign(
        **averages,
        crime_per_1000=frame["recorded_crime"] / frame["population"] * PER_RESIDENTS,
        quarter_end=frame["quarter"].map(ends),
    )
    first = [column for column in FIRST_COLUMNS if column in derived]
    return derived[[*first, *derived.columns.difference(first, sort=False)]]
