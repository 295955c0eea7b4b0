"""Forces to test on: two as published, and one with crime of known rates."""

import numpy as np
import pandas as pd
import pytest

from core.crime.neighbourhood.question import DOMAINS, WITHOUT_CRIME
from core.crime.neighbourhood.tables import ForceNeighbourhoods, force_neighbourhoods
from core.tables.catalogue import Catalogue

SEED, COUNT = 5, 400


@pytest.fixture(scope="session")
def durham(catalogue: Catalogue) -> ForceNeighbourhoods:
    return force_neighbourhoods("2025-durham", catalogue)


@pytest.fixture(scope="session")
def london_force(catalogue: Catalogue) -> ForceNeighbourhoods:
    return force_neighbourhoods("2025-london", catalogue)


@pytest.fixture(scope="session")
def city(catalogue: Catalogue) -> ForceNeighbourhoods:
    return force_neighbourhoods("2025-city-of-london", catalogue)


@pytest.fixture(scope="session")
def made() -> ForceNeighbourhoods:
    """A force whose burglaries are Poisson around rates that differ, and whose drug offences have one rate."""
    rng = np.random.default_rng(SEED)
    residents = rng.integers(1000, 3000, COUNT)
    rates = 0.02 * rng.gamma(2, 1 / 2, COUNT)
    scores = {f"{domain}_score": rng.uniform(5, 60, COUNT) for domain in DOMAINS}
    ranks = {f"{domain}_{kind}": rng.integers(1, 11, COUNT) for domain in DOMAINS for kind in ("rank", "decile")}
    rows = pd.DataFrame(
        {
            "lsoa21_name": [f"Madeshire {number:03}A" for number in range(COUNT)],
            "ward24_name": [f"Ward {'ABCDEFGHIJ'[number % 10]}" for number in range(COUNT)],
            "ltla24_name": ["Eastby" if number < COUNT / 2 else "Westby" for number in range(COUNT)],
            "ltla24_code": ["E07000001" if number < COUNT / 2 else "E07000002" for number in range(COUNT)],
            "residents_2022": residents,
            "census_residents": residents + 10,
            "with_young": residents * 1.1,
            "young": rng.uniform(5, 30, COUNT),
            "old": rng.uniform(5, 30, COUNT),
            WITHOUT_CRIME: rng.uniform(5, 60, COUNT),
            **scores,
            **ranks,
        },
        index=pd.Index([f"E{number:08}" for number in range(COUNT)], name="lsoa21_code"),
    )
    records = pd.DataFrame(
        {
            "Anti-social behaviour": rng.poisson(30, COUNT),
            "Burglary": rng.poisson(rates * residents),
            "Drugs": rng.poisson(0.005 * residents),
        },
        index=rows.index,
    )
    return ForceNeighbourhoods("Madeshire", "2025", False, COUNT, rows, records)
