"""Forecasts start from the whole survey, not from the part of it that models of force use."""

import pytest

from core.london.panel import survey_panel
from core.tables.panel import Panel


@pytest.fixture(scope="session")
def panel() -> Panel:
    return survey_panel()
