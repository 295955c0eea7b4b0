"""The figures of the app, and a panel small enough to reckon by hand."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, settings

from core.catalogue import Catalogue, catalogue
from core.forecast_view import Forecasts, stored_forecasts
from core.london import london_panel, london_wide
from core.panel import Panel

# Time limits say how busy the machine is, not whether the code is right.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


@pytest.fixture(scope="session")
def words() -> Catalogue:
    return catalogue()


@pytest.fixture(scope="session")
def panel() -> Panel:
    return london_panel()


@pytest.fixture(scope="session")
def forecasts(words: Catalogue) -> Forecasts:
    return stored_forecasts(words)


@pytest.fixture(scope="session")
def london() -> pd.DataFrame:
    return london_wide()


@pytest.fixture(scope="session")
def gappy(panel: Panel) -> Panel:
    """The London panel without 200 of its rows, here and there."""
    rng = np.random.default_rng(20_170_401)
    return Panel(panel.frame[rng.permutation(len(panel.frame)) >= 200])
