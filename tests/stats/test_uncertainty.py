import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.stats.uncertainty import count_change_margin, count_margin

counts = st.integers(0, 100_000)


def one(value: float) -> pd.Series:
    return pd.Series([value])


def test_count_margin_of_100_is_about_20() -> None:
    assert count_margin(one(100)).item() == pytest.approx(19.6, abs=0.01)
    assert count_change_margin(one(100), one(100)).item() == pytest.approx(27.72, abs=0.01)
    assert count_margin(one(0)).item() == 0


@given(before=counts, after=counts)
def test_count_change_margin_is_at_least_either_margin(before: int, after: int) -> None:
    change = count_change_margin(one(before), one(after)).item()
    assert change >= max(count_margin(one(before)).item(), count_margin(one(after)).item())
    assert count_margin(one(before + 1)).item() > count_margin(one(before)).item()
