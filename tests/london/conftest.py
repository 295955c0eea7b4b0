import numpy as np
import pytest

from core.london.ages.question import AGE_BANDS
from core.tables.panel import Panel

SEED = 1


@pytest.fixture(scope="session")
def with_ages(london: Panel) -> Panel:
    """The London panel with age bands that share out its records at random."""
    rng = np.random.default_rng(SEED)
    frame = london.frame.copy()
    there = frame["records"].notna()
    bands = rng.multinomial(frame.loc[there, "records"].astype(int), [0.13, 0.52, 0.27, 0.08])
    frame.loc[there, list(AGE_BANDS)] = bands
    return Panel(frame)
