"""What all tests share: the app's own figures, and the folder of the publishers' files where it is there."""

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, settings

from core.london.forecast.view import Forecasts, stored_forecasts
from core.london.panel import london_panel
from core.london.panel import london_wide as london_totals
from core.tables.catalogue import Catalogue, load_catalogue
from core.tables.panel import Panel

ROOT = Path(__file__).parent.parent

# Time limits say how busy the machine is, not whether the code is right.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out what takes minutes, unless EXHAUSTIVE=1 asks for it."""
    if os.environ.get("EXHAUSTIVE") == "1":
        return
    for item in items:
        if item.get_closest_marker("exhaustive"):
            item.add_marker(pytest.mark.skip(reason="takes minutes; set EXHAUSTIVE=1"))


@pytest.fixture(scope="session")
def sources_dir() -> Path:
    """Folder with the publishers' source files; tests that need it are skipped where it is not there."""
    folder = Path(os.environ.get("EXPLORER_SOURCES", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"no source files at {folder}; set EXPLORER_SOURCES to the folder that has them")
    return folder


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load_catalogue()


@pytest.fixture(scope="session")
def london() -> Panel:
    """The London panel, whatever `panel` is where the test stands."""
    return london_panel()


@pytest.fixture(scope="session")
def panel(london: Panel) -> Panel:
    return london


@pytest.fixture(scope="session")
def london_wide() -> pd.DataFrame:
    return london_totals()


@pytest.fixture(scope="session")
def forecasts(catalogue: Catalogue) -> Forecasts:
    return stored_forecasts(catalogue)


@pytest.fixture(scope="session")
def gappy(panel: Panel) -> Panel:
    """The panel without 200 of its rows, here and there."""
    rng = np.random.default_rng(20_170_401)
    return Panel(panel.frame[rng.permutation(len(panel.frame)) >= 200])
