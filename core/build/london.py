"""Reads and checks all files of the London study."""

from pathlib import Path

from core.sources.files.cells import Tidy
from core.sources.files.validate import check_complete, check_covers, check_declared
from core.sources.london import (
    boroughs,
    boundaries,
    deprivation,
    ethnicity,
    events,
    population,
    published_findings,
    recorded_crime,
    survey_workbook,
    use_of_force,
)


def read_london(folder: Path) -> list[Tidy]:
    """Every table of the London study from the published files in `folder`, checked one by one and together.

    Raises
    ------
    core.sources.files.cells.SourceError
        For the first error found.
    """
    tables = [
        boroughs.read(),
        *survey_workbook.read(folder),
        *use_of_force.read(folder),
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
    """Raise :class:`SourceError` unless force, crime, residents and the London survey cover the same periods."""
    survey, force = tables["survey"], tables["use_of_force"]
    for other in (tables["recorded_crime"], tables["survey_london"]):
        check_covers(other, survey, "quarter")
    check_covers(survey, force, "quarter")
    years = survey.frame.assign(year=survey.frame["quarter"].str[:4].astype("int64"))
    check_covers(tables["population"], Tidy(survey.table, years, survey.files), "year")
