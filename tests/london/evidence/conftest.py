import pytest

from core.tables.panel import Panel
from tests.panels import simulated


@pytest.fixture(scope="session")
def two_groups() -> Panel:
    """Inner and Outer London, the same slope in both."""
    return simulated({"Inner London": -0.03, "Outer London": -0.03})
