import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.stats.uncertainty import Z_95, count_change_margin, count_margin, score_change_margin, score_margin

scores = st.floats(0.01, 0.99)
counts = st.integers(0, 100_000)


def one(value: float) -> pd.Series:
    return pd.Series([value])


def test_score_margin_of_400_interviews_is_five_points() -> None:
    # Any textbook: half of 400 people, +/- 4.9 points.
    assert score_margin(one(0.5)).item() == pytest.approx(0.049, abs=5e-4)
    assert score_margin(one(0.5), interviews=1600).item() == pytest.approx(0.0245, abs=5e-4)
    assert score_margin(pd.Series([0.0, 1.0])).tolist() == [0, 0]


def test_count_margin_of_100_is_about_20() -> None:
    assert count_margin(one(100)).item() == pytest.approx(19.6, abs=0.01)
    assert count_change_margin(one(100), one(100)).item() == pytest.approx(27.72, abs=0.01)
    assert count_margin(one(0)).item() == 0


def test_score_change_margin_of_separate_surveys_adds_variances() -> None:
    apart = score_change_margin(one(0.5), one(0.5), 4).item()
    assert apart == pytest.approx(Z_95 * math.sqrt(2 * 0.25 / 400))
    assert score_change_margin(one(0.5), one(0.5), 40).item() == apart
    assert score_change_margin(one(0.6), one(0.5), -4).item() == score_change_margin(one(0.6), one(0.5), 4).item()


def test_score_change_margin_with_shared_interviews_is_smaller() -> None:
    margins = [score_change_margin(one(0.5), one(0.5), apart).item() for apart in range(5)]
    assert margins[0] == 0
    assert margins == sorted(margins)
    assert margins[1] == pytest.approx(margins[4] / 2)
    assert margins[2] == pytest.approx(margins[4] * math.sqrt(0.5))


@given(before=scores, after=scores, apart=st.integers(0, 12))
def test_score_change_margin_never_falls_with_more_quarters_apart(before: float, after: float, apart: int) -> None:
    near, far = (score_change_margin(one(before), one(after), gap).item() for gap in (apart, apart + 1))
    assert 0 <= near <= far + 1e-12
    assert far <= math.hypot(score_margin(one(before)).item(), score_margin(one(after)).item()) + 1e-12


@given(score=scores, interviews=st.integers(1, 10_000))
def test_score_margin_falls_with_more_interviews(score: float, interviews: int) -> None:
    assert score_margin(one(score), interviews + 1).item() < score_margin(one(score), interviews).item()
    assert score_margin(one(score)).item() <= score_margin(one(0.5)).item()


@given(before=counts, after=counts)
def test_count_change_margin_is_at_least_either_margin(before: int, after: int) -> None:
    change = count_change_margin(one(before), one(after)).item()
    assert change >= max(count_margin(one(before)).item(), count_margin(one(after)).item())
    assert count_margin(one(before + 1)).item() > count_margin(one(before)).item()


def test_score_margin_of_a_missing_figure_is_missing() -> None:
    gaps = pd.Series([np.nan, 0.5])
    assert score_margin(gaps).isna().tolist() == [True, False]
    assert score_change_margin(gaps, gaps[::-1].reset_index(drop=True), 2).isna().all()
