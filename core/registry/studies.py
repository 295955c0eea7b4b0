"""The studies: their pages, their panels, the files that they are built from, and the claims that are put to the test.

A study's entry is the one place that knows of it: menu, home, attribution, the build of its tables, the list of claims
take it from here. To add one: its source in ``core/sources/``, its folder in ``core/``, its page, and an entry.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from core.claims.study import ClaimStudy
from core.crime import column_help as crime_column_help
from core.crime.claims import WEST_MIDLANDS_CLAIMS
from core.crime.deprivation.question import CRIME_PAGE, CRIME_TITLE
from core.crime.england import column_help as england_column_help
from core.crime.england.question import PAGE as ENGLAND_PAGE
from core.crime.england.question import TITLE as ENGLAND_TITLE
from core.crime.england.tables import TABLES as ENGLAND_TABLES
from core.crime.neighbourhood import column_help as neighbourhood_column_help
from core.london import column_help as london_column_help
from core.london.ages.analysis import london_age_panel
from core.london.ages.question import LONDON_AGES
from core.london.amount.question import LONDON_AMOUNT
from core.london.claims import LONDON_CLAIMS
from core.london.outcomes.question import LONDON_OUTCOMES
from core.london.panel import london_panel, survey_panel
from core.registry.page import Page, asking
from core.tables.catalogue import Catalogue
from core.tables.panel import Panel

# Name of the panel that runs as far as the survey does, beyond the figures on force.
SURVEY = "london_survey"
SURVEY_AND_FORCE = ("survey", "use_of_force")
LONDON_MODEL = (*SURVEY_AND_FORCE, "recorded_crime", "population", "deprivation")
SMALL_AREAS = ("lsoas", "lsoa_crime", "districts")


@dataclass(frozen=True)
class Study:
    """A study.

    Parameters
    ----------
    section
        Heading of its pages in the menu.
    title
        How the front page heads its questions.
    pages
        Its pages, in the order of the menu.
    tables
        Folders of ``data/`` whose words hold on its pages.
    datasets
        Modules of which each declares, as ``DATASET``, tables that are built together from published files. They are
        named, and imported by what builds alone: reading files needs packages that showing figures does not.
    columns
        The columns of its tables by name: what each is and what its values count.
    panels
        What makes each panel that its questions are put to, by the name that questions have for it.
    claims
        The claims that it published, if they are put to the test.
    claim_tables
        Tables behind the verdicts on them.
    """

    section: str
    title: str
    pages: tuple[Page, ...]
    tables: tuple[str, ...]
    datasets: tuple[str, ...]
    columns: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    panels: Mapping[str, Callable[[Catalogue], Panel]] = field(default_factory=dict)
    claims: ClaimStudy[Any] | None = None
    claim_tables: tuple[str, ...] = ()


LONDON = Study(
    section="London: force and trust",
    title="London: force and trust",
    pages=(
        asking(LONDON_AMOUNT, "How much force is used", ":material/stacked_line_chart:", LONDON_MODEL),
        asking(LONDON_OUTCOMES, "What happens to the person", ":material/call_split:", LONDON_MODEL),
        asking(
            LONDON_AGES,
            "Age of the person",
            ":material/groups:",
            ("survey", "use_of_force_ages", *LONDON_MODEL[2:], "published_findings"),
        ),
        Page(
            "london_forecast",
            "Trust: forecast",
            ":material/query_stats:",
            "What will trust be next, and how good is the forecast?",
            (*SURVEY_AND_FORCE, "borough_shapes"),
            on_home=True,
        ),
        Page(
            "london_map",
            "Borough map",
            ":material/map:",
            "How do the boroughs compare, and how did they change?",
            (*SURVEY_AND_FORCE, "population", "borough_shapes"),
        ),
    ),
    tables=("london", "forecasts"),
    datasets=("core.build.london",),
    columns=london_column_help.COLUMNS,
    panels={
        "london": london_panel,
        SURVEY: survey_panel,
        "london_ages": partial(london_age_panel, True),
        "london_ages_dropped": partial(london_age_panel, False),
    },
    claims=LONDON_CLAIMS,
    claim_tables=(*LONDON_MODEL, "published_findings"),
)
CRIME = Study(
    section="Crime and deprivation",
    title="Crime and deprivation",
    pages=(
        Page(ENGLAND_PAGE, "England, 2025", ":material/public:", ENGLAND_TITLE, ENGLAND_TABLES, on_home=True),
        Page(
            CRIME_PAGE,
            "Crime and deprivation",
            ":material/scatter_plot:",
            CRIME_TITLE,
            (*SMALL_AREAS, "crime_findings"),
            on_home=True,
        ),
        Page(
            "crime_rates",
            "Crime rates by area",
            ":material/location_city:",
            "Which districts and small areas have the highest crime rates?",
            (*SMALL_AREAS, "places", "lsoa_shapes"),
            on_home=True,
        ),
        Page(
            "crime_types",
            "Types of crime",
            ":material/category:",
            "Which types of crime are most common where?",
            (*SMALL_AREAS, "district_crime", "two_lsoas_crime"),
            on_home=True,
        ),
        Page(
            "crime_bicycle_theft",
            "Bicycle theft",
            ":material/pedal_bike:",
            "Where is the safest place to park a bicycle?",
            (*SMALL_AREAS, "places", "lsoa_shapes"),
            on_home=True,
        ),
    ),
    tables=("west_midlands", "england"),
    datasets=("core.build.west_midlands", "core.build.england"),
    columns={**crime_column_help.COLUMNS, **england_column_help.COLUMNS, **neighbourhood_column_help.COLUMNS},
    claims=WEST_MIDLANDS_CLAIMS,
    claim_tables=(*SMALL_AREAS, "crime_findings"),
)
STUDIES: tuple[Study, ...] = (LONDON, CRIME)
PANELS: Mapping[str, Callable[[Catalogue], Panel]] = {
    name: make for study in STUDIES for name, make in study.panels.items()
}
CLAIMS: Mapping[str, ClaimStudy[Any]] = {study.claims.name: study.claims for study in STUDIES if study.claims}
