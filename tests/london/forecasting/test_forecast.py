import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.london.forecasting import METHODS, RECOMMENDED, WINNER, ForecastError, forecast
from core.london.forecasting.scores import checked
from tests.london.forecasting.simulated import survey

FAST = [name for name in METHODS if name != "forest"]
COLUMNS = ["borough", "quarter", "horizon", "mean", "lower_80", "upper_80", "lower_95", "upper_95"]
NUMBERS = COLUMNS[3:]


def force_of(scores: pd.DataFrame) -> pd.DataFrame:
    """Force that has nothing to do with the scores."""
    rng = np.random.default_rng(1)
    rows = [(borough, str(quarter)) for quarter in scores.index for borough in scores.columns]
    counts = rng.poisson([300, 200, 10, 8, 20], size=(len(rows), 5))
    names = ["records", "arrested", "hospitalised", "detained_mental_health_act", "other_outcome"]
    return pd.concat([pd.DataFrame(rows, columns=["borough", "quarter"]), pd.DataFrame(counts, columns=names)], axis=1)


@pytest.mark.parametrize("method", METHODS)
def test_forecast_has_row_per_borough_and_quarter_with_nested_intervals(method: str) -> None:
    scores = survey(boroughs=4, quarters=24)
    found = forecast(scores, 4, method, force=force_of(scores))
    assert list(found.columns) == COLUMNS
    assert found["borough"].tolist() == [name for name in scores.columns for _ in range(4)]
    assert found["quarter"].tolist() == list(pd.period_range("2020Q4", periods=4, freq="Q")) * 4
    assert found["horizon"].tolist() == [1, 2, 3, 4] * 4
    ends = found[["lower_95", "lower_80", "mean", "upper_80", "upper_95"]].to_numpy()
    assert (np.diff(ends, axis=1) >= 0).all()
    assert (np.diff(ends[:, [0, 4]], axis=1) > 0).all()
    assert ((ends >= 0) & (ends <= 1)).all()


@pytest.mark.parametrize("method", METHODS)
def test_forecast_repeated_is_identical(method: str) -> None:
    scores = survey(boroughs=3, quarters=20)
    first, second = (forecast(scores, 2, method, force=force_of(scores)) for _ in range(2))
    pd.testing.assert_frame_equal(first, second, check_exact=True)


def test_forecast_by_default_uses_the_winner() -> None:
    scores = survey(boroughs=3, quarters=20)
    pd.testing.assert_frame_equal(forecast(scores, 2), forecast(scores, 2, WINNER))
    assert RECOMMENDED not in METHODS


@pytest.mark.parametrize("method", FAST)
def test_forecast_with_one_borough_and_gaps_has_no_missing_values(method: str) -> None:
    scores = survey(boroughs=1, quarters=20)
    scores.iloc[[3, 9, 19], 0] = np.nan
    found = forecast(scores.drop(scores.index[5]), 3, method)
    assert found["quarter"].astype(str).tolist() == ["2019Q3", "2019Q4", "2020Q1"]
    assert found[NUMBERS].notna().all(axis=None)


@pytest.mark.parametrize("method", FAST)
def test_forecast_with_late_starts_and_stops_has_one_origin(method: str) -> None:
    scores = survey(boroughs=5, quarters=30)
    scores.iloc[:18, 0] = np.nan
    scores.iloc[-3:, 1] = np.nan
    found = forecast(scores, 2, method).set_index("borough")
    assert found[NUMBERS].notna().all(axis=None)
    assert set(found["quarter"].astype(str)) == {"2022Q2", "2022Q3"}


def test_forecast_of_borough_that_stopped_has_wider_interval() -> None:
    scores = survey(boroughs=6, quarters=30)
    whole = forecast(scores, 1).set_index("borough")
    scores.iloc[-4:, 0] = np.nan
    cut = forecast(scores, 1).set_index("borough")
    width = cut["upper_80"] - cut["lower_80"]
    before = whole["upper_80"] - whole["lower_80"]
    assert width.iloc[0] > 1.2 * before.iloc[0]
    assert width.iloc[0] > 1.2 * width.iloc[1:].max()


@settings(max_examples=10, deadline=None)
@given(st.permutations(range(5)), st.sampled_from(FAST))
def test_forecast_with_boroughs_reordered_is_unchanged(order: list[int], method: str) -> None:
    scores = survey(boroughs=5, quarters=16)
    turned = forecast(scores.iloc[:, order], 2, method)
    assert turned["borough"].unique().tolist() == scores.columns[order].tolist()
    key = ["borough", "horizon"]
    pd.testing.assert_frame_equal(
        turned.sort_values(key, ignore_index=True), forecast(scores, 2, method), check_exact=True
    )


@settings(max_examples=10, deadline=None)
@given(st.integers(-10, 10), st.sampled_from(FAST))
def test_forecast_with_constant_added_shifts_by_it(points: int, method: str) -> None:
    scores = survey(boroughs=5, quarters=16) * 0.5 + 0.25
    shift = points / 100
    plain, moved = forecast(scores, 3, method), forecast(scores + shift, 3, method)
    assert np.allclose(moved[NUMBERS], plain[NUMBERS] + shift, atol=1e-4)


@settings(max_examples=8, deadline=None)
@given(st.integers(1, 4), st.integers(0, 1000))
def test_forecast_with_shorter_horizon_has_same_first_quarters(horizon: int, seed: int) -> None:
    scores = survey(boroughs=4, quarters=16, seed=seed)
    longer = forecast(scores, 4).query("horizon <= @horizon").reset_index(drop=True)
    assert np.allclose(longer[NUMBERS], forecast(scores, horizon)[NUMBERS], atol=1e-9)


def test_forecast_with_rows_reordered_is_unchanged() -> None:
    scores = survey(boroughs=3, quarters=16)
    pd.testing.assert_frame_equal(forecast(scores.iloc[::-1], 2), forecast(scores, 2))


def test_forecast_with_empty_quarters_at_ends_ignores_them() -> None:
    scores = survey(boroughs=3, quarters=16)
    longer = scores.reindex(pd.period_range("2014Q1", "2020Q4", freq="Q"))
    pd.testing.assert_frame_equal(forecast(longer, 2), forecast(scores, 2))
    assert str(checked(longer).origin) == "2018Q3"


def test_forecast_leaves_its_input_unchanged() -> None:
    scores = survey(boroughs=3, quarters=16)
    before = scores.copy()
    forecast(scores, 2)
    pd.testing.assert_frame_equal(scores, before)


def broken(value: float = 0.5) -> pd.DataFrame:
    """A good table, but for `value` in one place."""
    scores = survey(boroughs=3, quarters=20)
    scores.iloc[4, 1] = value
    return scores


@pytest.mark.parametrize(
    ("scores", "message"),
    [
        ([0.5] * 20, "The scores are a list; pass a DataFrame"),
        (broken().reset_index(drop=True), "not indexed by quarter; set the index to pd.PeriodIndex"),
        (broken().set_axis(pd.period_range("2014-01", periods=20, freq="M")), "not indexed by quarter"),
        (broken().iloc[:, :0], "have no column"),
        (pd.concat([broken(), broken().iloc[[2]]]), "The quarter 2015Q2 is there more than once"),
        (broken().set_axis(["A", "B", "A"], axis=1), "The borough A is there more than once"),
        (broken().astype("str").assign(**{"Borough 00": "n/a"}), "Borough 00 are not all numbers"),
        (broken(value=62.0), "The score of Borough 01 in 2015Q4 is 62; .* divide percentages by 100"),
        (broken(value=-0.01), "The score of Borough 01 in 2015Q4 is -0.01; scores are fractions from 0 to 1"),
        (broken(value=np.inf), "The score of Borough 01 in 2015Q4 is inf"),
        (broken().assign(Empty=np.nan), "Empty has no score at all; leave the borough out"),
        (broken().iloc[:0], "has no score at all"),
        (broken().iloc[:11], "cover 11 quarters; a forecast needs 12"),
        (broken().assign(Late=[np.nan] * 9 + [0.5] * 11), "scores of Late reach back 11 quarters"),
    ],
)
def test_forecast_with_unusable_scores_raises_error(scores: pd.DataFrame, message: str) -> None:
    with pytest.raises(ForecastError, match=message):
        forecast(scores, 1)


@pytest.mark.parametrize("horizon", [0, -1, 13, 1.5, "4", True, None])
def test_forecast_with_unusable_horizon_raises_error(horizon: object) -> None:
    with pytest.raises(ForecastError, match=r"horizon is .*; choose a whole number of quarters from 1 to 12"):
        forecast(broken(), horizon)  # type: ignore[arg-type]


def test_forecast_with_unknown_method_lists_the_methods() -> None:
    with pytest.raises(ForecastError, match="'magic' is not a method; choose one of recommended, rolling_window, no_"):
        forecast(broken(), 1, "magic")


def test_forecast_with_twelve_quarters_reaches_a_year_ahead() -> None:
    for method in FAST:
        assert forecast(broken().iloc[:12], 4, method)[NUMBERS].notna().all(axis=None)


def test_forecast_of_constant_figures_is_constant() -> None:
    still = broken() * 0 + 0.6
    assert np.allclose(forecast(still, 4)["mean"], 0.6, atol=1e-6)
    assert np.allclose(forecast(still, 4, "no_change")["mean"], 0.6)
