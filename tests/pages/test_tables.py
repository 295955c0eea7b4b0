"""How tables write numbers."""

import json

import pytest
from streamlit.testing.v1 import AppTest


def page(values: list[float | None], digits: int) -> None:
    import pandas as pd

    from core.app import show

    show.table(pd.DataFrame({"name": "a", "value": values}), "numbers", digits)


@pytest.mark.parametrize(
    ("values", "digits", "written"),
    [
        ([1.25, 30.0], 3, "%.3f"),
        ([0.0005, 0.00041], 3, "%.5f"),  # more, where three would leave nothing of it
        ([1e-9, 2e-9], 3, "%.2e"),
        ([165.0, 9823.0, None], 3, "%.0f"),  # a count, although one is missing
        ([0.0, 0.0], 1, "%.1f"),
        ([float("inf"), 0.5], 2, "%.2f"),
    ],
)
def test_numbers_have_as_many_decimals_as_they_need(values: list[float | None], digits: int, written: str) -> None:
    app = AppTest.from_function(page, args=(values, digits)).run()
    assert not app.exception
    (table,) = app.dataframe
    assert json.loads(table.proto.columns)["value"]["type_config"]["format"] == written
    assert "format" not in (json.loads(table.proto.columns)["name"].get("type_config") or {})
