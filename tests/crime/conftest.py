"""Two places to test on: the West Midlands, and squares in a row of rows with crime that everyone can make again."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import pytest

from core.crime.area import CrimeArea
from core.crime.geography.spatial import Neighbours, neighbours, outlines
from core.crime.loaders import from_street_crime, west_midlands
from core.tables.geometry import Shape

ROWS, COLUMNS = 12, 20
PER_MSOA = 4
DISTRICTS = ("Eastby", "Midby", "Westby")
TYPES = {"Anti-social behaviour": 40, "Bicycle theft": 2, "Burglary": 15, "Violence and sexual offences": 60}
DEGREE = 0.01
SEED = 11


@pytest.fixture(scope="session")
def study() -> CrimeArea:
    return west_midlands()


@pytest.fixture(scope="session")
def study_neighbours(study: CrimeArea) -> Neighbours:
    return neighbours(study, outlines(study))


def squares() -> pd.DataFrame:
    """LSOAs on a grid: district by column, MSOA of four in a row, deprivation rising to the east."""
    rng = np.random.default_rng(SEED)
    row, column = np.divmod(np.arange(ROWS * COLUMNS), COLUMNS)
    district = np.array(DISTRICTS)[np.minimum(column // 8, 2)]
    msoa = row * (COLUMNS // PER_MSOA) + column // PER_MSOA
    letters = np.array(list("ABCD"))[column % PER_MSOA]
    names = [f"{place} {number:03}{letter}" for place, number, letter in zip(district, msoa, letters, strict=True)]
    return pd.DataFrame(
        {
            "lsoa11_code": [f"E{place:08}" for place in range(ROWS * COLUMNS)],
            "lsoa11_name": names,
            "district": district,
            "imd_score": 2 + 2 * column + rng.gamma(2, 3, len(row)),
            "residents": rng.integers(1000, 3000, len(row)),
            "longitude": (column + 0.5) * DEGREE,
            "latitude": (row + 0.5) * DEGREE,
        }
    )


def counts(lsoas: pd.DataFrame) -> pd.DataFrame:
    rng = np.random.default_rng(SEED + 1)
    level = np.exp(0.03 * lsoas["imd_score"]) * rng.gamma(3, 1 / 3, len(lsoas)) * lsoas["residents"] / 3000
    tables = [
        pd.DataFrame({"lsoa11_code": lsoas["lsoa11_code"], "crime_type": name, "records": rng.poisson(size * level)})
        for name, size in TYPES.items()
    ]
    return pd.concat(tables).query("records > 0")


def square(longitude: float, latitude: float) -> Shape:
    half = DEGREE / 2
    corners = [(-half, -half), (half, -half), (half, half), (-half, half), (-half, -half)]
    return [[[(round(longitude + east, 6), round(latitude + north, 6)) for east, north in corners]]]


@pytest.fixture(scope="session")
def grid() -> CrimeArea:
    lsoas = squares()
    return from_street_crime(counts(lsoas), lsoas, DISTRICTS, name="Gridshire", period="2018", points=lsoas)


@pytest.fixture(scope="session")
def grid_shapes(grid: CrimeArea) -> Mapping[str, Shape]:
    rows = zip(grid.lsoas["lsoa11_code"], grid.lsoas["longitude"], grid.lsoas["latitude"], strict=True)
    return {code: square(longitude, latitude) for code, longitude, latitude in rows}
