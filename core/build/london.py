"""Reads and checks all files of the London study."""

from pathlib import Path

from core.london.panel import DERIVED
from core.sources.dataset import Dataset
from core.sources.files.cells import Tidy
from core.sources.files.validate import check_complete, check_covers, check_declared
from core.sources.london import (
    boroughs,
    boundaries,
    deprivation,
    ethnicity,
    events,
    outside_counts,
    population,
    published_findings,
    recorded_crime,
)
from core.sources.london.force import force_incidents, use_of_force
from core.sources.london.survey import attitude_survey, survey


def read_london(folder: Path) -> list[Tidy]:
    """Every table of the London study from the published files in `folder`, checked one by one and together.

    Raises
    ------
    core.sources.files.cells.SourceError
        For the first error found.
    """
    tables = [
        boroughs.read(),
        *survey.read(folder),
        *use_of_force.read(folder),
        force_incidents.read(folder),
        outside_counts.read(folder),
        recorded_crime.read(folder),
        population.read(folder),
        deprivation.read(folder),
        ethnicity.read(folder),
        published_findings.read(folder),
        events.read(),
        boundaries.read(folder),
    ]
    for tidy in tables:
        check_declared(tidy)
        if boroughs.BOROUGH.name in tidy.table.key and not tidy.table.is_shapes:
            check_complete(tidy, boroughs.BOROUGH.name, boroughs.NAMES)
    check_together({tidy.table.name: tidy for tidy in tables})
    return tables


def check_together(tables: dict[str, Tidy]) -> None:
    """Raise :class:`SourceError` unless the survey, crime and residents cover the quarters of the models of force.

    These run from the first quarter of the survey to the last with use of force. The survey of the boroughs goes on
    after them; London's own figures end before those of its boroughs.
    """
    survey, force = tables["survey"], tables["use_of_force"]
    check_covers(survey, force, "quarter")
    modelled = survey.frame[survey.frame["quarter"] <= force.frame["quarter"].max()]
    rows = Tidy(survey.table, modelled.assign(year=modelled["quarter"].str[:4].astype("int64")), survey.files)
    for name, period in (("recorded_crime", "quarter"), ("survey_london", "quarter"), ("population", "year")):
        check_covers(tables[name], rows, period)


DATASET = Dataset(
    "london",
    "Use of force and trust in London boroughs",
    (
        boroughs.TABLE,
        attitude_survey.BOROUGHS,
        use_of_force.QUARTERLY,
        recorded_crime.TABLE,
        population.TABLE,
        deprivation.TABLE,
        attitude_survey.LONDON,
        use_of_force.BY_AGE,
        use_of_force.AFTER,
        force_incidents.TABLE,
        outside_counts.TABLE,
        ethnicity.TABLE,
        published_findings.TABLE,
        events.TABLE,
        boundaries.TABLE,
    ),
    DERIVED,
    read_london,
)
