"""Editions of forecasts are kept as they were, once, and held against what comes out later."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from core.london.forecasting.backtest import record
from core.london.forecasting.editions import (
    day_made,
    held_against,
    kept_editions,
    stored_editions,
    with_origin,
)


def edition(first: str, mean: float = 0.5, made: str = "2026-01-01") -> pd.DataFrame:
    """Forecasts of two quarters for one borough, by two methods."""
    quarters = [str(pd.Period(first, freq="Q") + step) for step in (0, 1)]
    rows = [
        {"method": method, "measure": "trust_mps", "borough": "Brent", "quarter": quarter, "horizon": ahead}
        for method in ("rolling_window", "no_change")
        for ahead, quarter in enumerate(quarters, start=1)
    ]
    stamped = pd.DataFrame(rows).assign(mean=mean, sd=0.02, made=made, code_version="a", data_version="b")
    return with_origin(stamped)


EMPTY = pd.DataFrame()


def test_with_origin_is_the_quarter_before_the_first_forecast() -> None:
    assert set(edition("2024Q1")["origin"]) == {"2023Q4"}


def test_kept_editions_keeps_the_newest_once_later_figures_are_there() -> None:
    newest = edition("2024Q1")
    assert kept_editions(EMPTY, newest, "2023Q4").empty
    kept = kept_editions(EMPTY, newest, "2024Q1")
    assert set(kept["origin"]) == {"2023Q4"}
    assert kept["mean"].tolist() == newest["mean"].tolist()


def test_kept_editions_never_replaces_one_that_is_kept() -> None:
    kept = kept_editions(EMPTY, edition("2024Q1", mean=0.5), "2024Q1")
    again = kept_editions(kept, edition("2024Q1", mean=0.9), "2024Q2")
    pd.testing.assert_frame_equal(again, kept)
    both = kept_editions(kept, edition("2024Q2", mean=0.9), "2024Q2")
    assert both.groupby("origin")["mean"].mean().to_dict() == {"2023Q4": 0.5, "2024Q1": pytest.approx(0.9)}


def test_day_made_stays_while_code_and_figures_do() -> None:
    stored, today = edition("2024Q1", made="2025-05-05"), date(2026, 2, 2)
    assert day_made(stored, {"code_version": "a", "data_version": "b"}, today) == "2025-05-05"
    assert day_made(stored, {"code_version": "a", "data_version": "new"}, today) == "2026-02-02"
    assert day_made(EMPTY, {"code_version": "a"}, today) == "2026-02-02"


def test_held_against_has_published_quarters_and_measures_only() -> None:
    survey = pd.DataFrame({"borough": ["Brent"], "quarter": ["2024Q1"], "trust_mps": [0.53], "other": [0.1]})
    found = held_against(edition("2024Q1"), survey)
    assert found[["quarter", "actual"]].drop_duplicates().to_numpy().tolist() == [["2024Q1", 0.53]]


def test_record_scores_each_edition_by_horizon() -> None:
    survey = pd.DataFrame({"borough": "Brent", "quarter": ["2024Q1", "2024Q2"], "trust_mps": [0.53, 0.54]})
    ours = edition("2024Q1")
    better = ours.assign(mean=ours["mean"].mask(ours["method"] == "rolling_window", 0.52))
    found = record(better, survey).query("measure == 'trust_mps'").set_index("horizon")
    assert found["mae"].to_dict() == {1: pytest.approx(0.01), 2: pytest.approx(0.02)}
    assert found["no_change"].to_dict() == {1: pytest.approx(0.03), 2: pytest.approx(0.04)}
    assert found["coverage_80"].to_dict() == {1: 1, 2: 1}
    assert record(better, survey[survey["quarter"] > "2024Q4"]).empty


def test_stored_editions_of_an_empty_folder_are_empty(tmp_path: Path) -> None:
    kept, newest = stored_editions(tmp_path)
    assert kept.empty
    assert newest.empty
