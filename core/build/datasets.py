"""The studies that can be built; a new one is one more entry in ``DATASETS``."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from core.build import forecasts
from core.build.england import read_england
from core.build.london import read_london
from core.build.west_midlands import read_west_midlands
from core.london.panel import DERIVED as LONDON_DERIVED
from core.sources.files.cells import Tidy
from core.sources.london import (
    attitude_survey,
    boroughs,
    boundaries,
    deprivation,
    ethnicity,
    events,
    force_incidents,
    outside_counts,
    population,
    published_findings,
    recorded_crime,
    use_of_force,
)
from core.sources.police import london_areas, street_crime_2025, territories
from core.sources.small_areas import (
    area_boundaries,
    areas,
    deprivation2025,
    district_summaries,
    districts,
    lsoa_boundaries,
    lsoa_lookup,
    lsoas,
    places,
    street_crime_2019,
)
from core.tables.schema import Field, Table

# Next to tables updated by new editions: the files used, and how the tables differ from their declarations.
NOTE_FILE = "renewal.json"


@dataclass(frozen=True)
class Section:
    """Tables of ``data/`` that are written together.

    Parameters
    ----------
    name, title
        Short name, and title for readers.
    folder
        Folder of its tables under ``data/``.
    tables
        Declarations of its tables, in the order of the package.
    derived
        Variables that its panel derives from them.
    """

    name: str
    title: str
    folder: str
    tables: tuple[Table, ...]
    derived: tuple[Field, ...]

    @property
    def command(self) -> str:
        """Command that writes its tables."""
        return f"python -m core.build {self.word}"

    @property
    def word(self) -> str:
        """Its name on the command line."""
        return self.name.replace("_", "-")


@dataclass(frozen=True)
class Dataset(Section):
    """Tables that are built together from published files.

    Parameters
    ----------
    read
        Reads and checks the published files of a folder; one tidy table per declaration.
    sources
        Name of the folder of published files.
    """

    read: Callable[[Path], list[Tidy]]
    sources: str


class Results(Section):
    """Tables that the app calculates from the tables of the studies."""

    @property
    def command(self) -> str:
        """Command that writes its tables."""
        return "python -m core.build.backtest --out data"


LONDON = Dataset(
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
        force_incidents.TABLE,
        outside_counts.TABLE,
        ethnicity.TABLE,
        published_findings.TABLE,
        events.TABLE,
        boundaries.TABLE,
    ),
    LONDON_DERIVED,
    read_london,
    "london",
)
WEST_MIDLANDS = Dataset(
    "west_midlands",
    "Crime and deprivation in the West Midlands, 2019",
    "west_midlands",
    (
        lsoas.STUDY_AREA,
        street_crime_2019.LSOA_CRIME,
        street_crime_2019.DISTRICT_CRIME,
        street_crime_2019.TWO_LSOAS,
        districts.TABLE,
        places.TABLE,
        published_findings.CRIME_TABLE,
        lsoa_boundaries.LSOA_SHAPES,
        lsoa_boundaries.DISTRICT_SHAPES,
    ),
    (),
    read_west_midlands,
    "west_midlands",
)
ENGLAND = Dataset(
    "england",
    "Neighbourhoods of England, for the crime figures of any force",
    "england",
    (
        lsoas.ENGLAND,
        lsoa_lookup.TABLE,
        lsoa_boundaries.ENGLAND,
        areas.TABLE,
        deprivation2025.TABLE,
        deprivation2025.INDICATORS_TABLE,
        district_summaries.TABLE,
        area_boundaries.TABLE,
        area_boundaries.DISTRICTS,
        street_crime_2025.COUNTS,
        street_crime_2025.FILES,
        london_areas.TABLE,
        territories.TABLE,
    ),
    (),
    read_england,
    "england",
)
DATASETS: Mapping[str, Dataset] = {study.word: study for study in (LONDON, WEST_MIDLANDS, ENGLAND)}
FORECASTS = Results("forecasts", "Forecasts of trust, scored on the past", "forecasts", forecasts.TABLES, ())
SECTIONS: Mapping[str, Section] = {section.name: section for section in (*DATASETS.values(), FORECASTS)}
