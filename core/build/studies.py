"""The studies that can be built; a new one is one more entry in ``STUDIES``."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from core.build import forecasts
from core.build.london import read_london
from core.london import DERIVED as LONDON_DERIVED
from core.sources import (
    attitude_survey,
    boroughs,
    boundaries,
    deprivation,
    ethnicity,
    events,
    population,
    published_findings,
    recorded_crime,
    use_of_force,
)
from core.sources.reading import Tidy
from core.tables import Field, Table


@dataclass(frozen=True)
class Section:
    """Tables of ``data/`` that are written together.

    Parameters
    ----------
    name, title
        Short name, and words for readers.
    folder
        Folder of its tables under ``data/``.
    tables
        Declarations of its tables, in the order of the package.
    derived
        Variables that its panel adds to them.
    """

    name: str
    title: str
    folder: str
    tables: tuple[Table, ...]
    derived: tuple[Field, ...]

    @property
    def command(self) -> str:
        """What writes its tables again."""
        return f"python -m core.build {self.name}"


@dataclass(frozen=True)
class Study(Section):
    """What is built together from published files; its name is that on the command line.

    Parameters
    ----------
    read
        Reads and checks the published files of a folder of the same name; one tidy table per declaration.
    """

    read: Callable[[Path], list[Tidy]]


class Results(Section):
    """What the app's own code worked out from the tables of the studies."""

    @property
    def command(self) -> str:
        """What writes its tables again."""
        return "python -m core.forecasting.backtest --out data"


LONDON = Study(
    "london",
    "Use of force and trust in London boroughs",
    "london",
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
        ethnicity.TABLE,
        published_findings.TABLE,
        events.TABLE,
        boundaries.TABLE,
    ),
    LONDON_DERIVED,
    read_london,
)
STUDIES: Mapping[str, Study] = {study.name: study for study in (LONDON,)}
FORECASTS = Results("forecasts", "Forecasts of trust, scored on the past", "forecasts", forecasts.TABLES, ())
SECTIONS: Mapping[str, Section] = {**STUDIES, FORECASTS.name: FORECASTS}
