"""The page of a borough shows the whole survey, not the part of it that models of force use."""

import pytest

from core.london.panel import survey_panel
from core.tables.panel import Panel


@pytest.fixture(scope="session")
def panel() -> Panel:
    return survey_panel()
