"""How columns of numbers are written."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.presentation.column_format import column_format

MINUS = "\N{MINUS SIGN}"


@pytest.mark.parametrize(
    ("values", "digits", "printf", "first"),
    [
        ([1.25, 30.0], 3, "%.3f", "1.250"),
        ([-0.0005, 0.00041], 3, "%.5f", f"{MINUS}0.00050"),  # more, where three would leave nothing of it
        ([-1e-9, 2e-9], 3, "%.2e", f"{MINUS}1.00e{MINUS}09"),
        ([0.0, 2e-9], 3, "%.2e", "0"),
        ([165.0, 982.0, None], 3, "%.0f", "165"),  # a count, although one is missing
        ([9823.0, 165.0, None], 3, "%,.0f", "9,823"),
        ([30_000.0, 0.25], 1, "%,.1f", "30,000.0"),
        ([-9823, 165], 3, "%,.0f", f"{MINUS}9,823"),
        ([1, 20], 3, "%.0f", "1"),
        ([0, 0], 3, "%.0f", "0"),
        ([2019, 2023], 3, "%.0f", "2019"),  # years
        ([2019.0, 2023.0, None], 3, "%.0f", "2019"),
        ([2019, 20_000], 3, "%,.0f", "2,019"),
        ([0.0, 0.0], 1, "%.1f", "0.0"),
        ([0.5, float("inf")], 2, "%.2f", "0.50"),
    ],
)
def test_column_format_has_as_many_decimals_as_needed(
    values: list[float | None], digits: int, printf: str, first: str
) -> None:
    column = pd.Series(values)
    written = column_format(column, digits)
    assert (written.printf, written.write(column[0])) == (printf, first)


@given(st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=6), st.integers(1, 4))
def test_column_format_written_value_reads_back(values: list[float], digits: int) -> None:
    column = pd.Series(values)
    written = column_format(column, digits)
    read = [float(written.write(value).replace(MINUS, "-").replace(",", "")) for value in column]
    close = 0.5 * 10.0**-written.decimals if written.decimals is not None else 0.005 * np.abs(column)
    assert (np.abs(column - read) <= close * 1.000001 + 1e-7).all()
