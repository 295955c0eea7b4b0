"""Invented workbooks that several tests read."""

from pathlib import Path

import pandas as pd
import pytest

from core.sources.files.limits import UploadedFile, in_memory, on_disk
from core.sources.london.force.force_workbook import ForceFile, read_force
from core.tables.catalogue import Catalogue
from tests.sources.workbooks.__main__ import published_records
from tests.sources.workbooks.force import Layout, Records, write_year, write_years
from tests.sources.workbooks.survey import Edition, write_survey

DIVISOR, SEED = 60, 7


@pytest.fixture(scope="session")
def drawn() -> Records:
    """Records of 2017 to 2023, a sixtieth of the real ones, with repeats and records outside the boroughs."""
    return published_records(DIVISOR, SEED)


@pytest.fixture(scope="session")
def years_folder(drawn: Records, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workbook for each year, in several layouts, one of them CSV."""
    folder = tmp_path_factory.mktemp("years")
    write_years(folder, drawn)
    return folder


@pytest.fixture(scope="session")
def years(years_folder: Path) -> list[ForceFile]:
    return [read_force(on_disk(path)) for path in sorted(years_folder.iterdir())]


@pytest.fixture(scope="session")
def one_year(drawn: Records) -> pd.DataFrame:
    """Records of 2020-21."""
    return drawn.years["FY20-21"]


def force_file(
    folder: Path, frame: pd.DataFrame, layout: Layout | None = None, name: str = "force.xlsx"
) -> UploadedFile:
    return on_disk(write_year(folder / name, frame, layout))


def survey_file(catalogue: Catalogue, edition: Edition | None = None, since: str = "2015Q3") -> UploadedFile:
    """The survey of `data/` since a quarter, in an edition of its own."""
    tables = [catalogue.read_table(name) for name in ("survey", "survey_london")]
    boroughs, london = (table[table["quarter"].between(since, "2016Q2")] for table in tables)
    return in_memory("survey.xlsx", write_survey(boroughs, london, edition))
