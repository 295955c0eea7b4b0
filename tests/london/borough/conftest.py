import pytest

from core.london.panel import survey_panel
from core.tables.panel import Panel


@pytest.fixture(scope="session")
def panel() -> Panel:
    """The panel that the page shows, which runs as far as the survey does."""
    return survey_panel()
