"""The studies: whose panels there are, whose claims are put to the test, and how the front page heads them.

To add a study: its folder in ``core/``, its source in ``core/sources/``, and an entry here; its pages are registered in
:mod:`core.registry.pages` under the section of the same title.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from core.claims.study import ClaimStudy
from core.crime import column_help as crime_column_help
from core.crime.claims import WEST_MIDLANDS_CLAIMS
from core.crime.england import column_help as england_column_help
from core.london import column_help as london_column_help
from core.london.ages.analysis import london_age_panel
from core.london.claims import LONDON_CLAIMS
from core.london.panel import london_panel, survey_panel
from core.registry.pages import CRIME, LONDON
from core.tables.catalogue import Catalogue
from core.tables.panel import Panel

# Name of the panel that runs as far as the survey does, beyond the figures on force.
SURVEY = "london_survey"


@dataclass(frozen=True)
class Study:
    """A study.

    Parameters
    ----------
    section
        Heading of its pages in the menu.
    title
        How the front page heads its questions.
    tables
        Studies of the catalogue whose words hold on its pages.
    columns
        The columns of its tables by name: what each is and what its values count.
    panels
        What makes each panel that its questions are put to, by the name that questions have for it.
    claims
        The claims that it published, if they are put to the test.
    """

    section: str
    title: str
    tables: tuple[str, ...]
    columns: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    panels: Mapping[str, Callable[[Catalogue], Panel]] = field(default_factory=dict)
    claims: ClaimStudy[Any] | None = None


STUDIES: tuple[Study, ...] = (
    Study(
        section=LONDON,
        title="London: force and trust",
        tables=("london", "forecasts"),
        columns=london_column_help.COLUMNS,
        panels={
            "london": london_panel,
            SURVEY: survey_panel,
            "london_ages": partial(london_age_panel, True),
            "london_ages_dropped": partial(london_age_panel, False),
        },
        claims=LONDON_CLAIMS,
    ),
    Study(
        section=CRIME,
        title="Crime and deprivation",
        tables=("west_midlands", "england"),
        columns={**crime_column_help.COLUMNS, **england_column_help.COLUMNS},
        claims=WEST_MIDLANDS_CLAIMS,
    ),
)
PANELS: Mapping[str, Callable[[Catalogue], Panel]] = {
    name: make for study in STUDIES for name, make in study.panels.items()
}
CLAIMS: Mapping[str, ClaimStudy[Any]] = {study.claims.name: study.claims for study in STUDIES if study.claims}
