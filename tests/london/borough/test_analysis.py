"""Standing, changes, forecasts and rates of a borough, by hand and against what the survey and its margins say."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from core.london.borough import analysis
from core.london.borough.analysis import (
    SETTLED,
    Rate,
    ahead,
    change,
    continuing,
    crime_rates,
    force_rates,
    last_rate,
    next_figure,
    rates,
    scores,
    standing,
)
from core.london.borough.stand_out import KINDS, LEVEL, comparisons
from core.london.forecast.view import Forecasts
from core.london.panel import AVERAGES, TRUST
from core.london.survey_error import design_effect
from core.sources.london.boroughs import LONDON
from core.tables.catalogue import Catalogue
from core.tables.panel import Panel
from core.tables.quarters import quarters_between

QUARTERS = quarters_between("2021Q1", "2023Q2")


def made(shares: dict[str, list[float]]) -> Panel:
    rows = [
        {"borough": name, "quarter": quarter, TRUST: share, "population": 1000, "records": 10}
        for name, values in shares.items()
        for quarter, share in zip(QUARTERS, values, strict=True)
    ]
    return Panel(pd.DataFrame(rows))


def test_standing_takes_the_last_quarter_with_a_figure() -> None:
    shares = [0.5] * 4 + [0.6] * 4 + [float("nan")] * 2
    found = standing(made({"A": shares, "B": [0.7] * 8 + [float("nan")] * 2}), "A")
    assert (found.quarter, found.boroughs) == ("2022Q4", 2)
    assert found.value == pytest.approx(60)
    assert found.margin == pytest.approx(1.96 * np.sqrt(design_effect().value * 0.6 * 0.4 / 400) * 100, abs=0.01)
    assert (found.rank_low, found.rank_high) == (2, 2)
    assert found.year is not None
    assert found.year.since == "2021Q4"
    assert found.year.points == pytest.approx(10)
    assert found.year.margin == pytest.approx(
        1.96 * np.sqrt(design_effect().value * (0.25 + 0.24) / 400) * 100, abs=0.01
    )
    assert found.year.clear


def test_change_without_a_figure_to_count_from_is_none() -> None:
    shares = [float("nan")] * 8 + [0.5, 0.5]
    panel = made({"A": shares, "B": shares})
    assert standing(panel, "A").year is None
    assert change(panel, "A", TRUST, "2023Q2") is None


def test_rates_are_counts_of_four_quarters_per_1000_residents() -> None:
    rows = [
        {"borough": name, "quarter": quarter, "population": people, "records": count}
        for name, people, count in (("A", 1000, 10), ("B", 3000, 10))
        for quarter in QUARTERS
    ]
    table = rates(pd.DataFrame(rows), "records")
    assert list(table.index) == QUARTERS[3:]
    assert table["A"].tolist() == pytest.approx([40] * 7)
    assert table[LONDON].tolist() == pytest.approx([20] * 7)
    assert last_rate(table, "A") == Rate("2023Q2", 40, 20, 1)
    assert last_rate(table, "B").value == pytest.approx(40 / 3)
    assert last_rate(table, "B").rank == 2


def test_force_is_shown_once_its_recording_had_settled(panel: Panel) -> None:
    table = force_rates(panel)
    assert table.index[0] == quarters_between(SETTLED, "2030Q4")[3]
    frame = panel.frame[panel.frame["borough"] == "Lewisham"].dropna(subset=["records"]).tail(4)
    assert last_rate(table, "Lewisham").value == pytest.approx(
        frame["records"].sum() / frame["population"].mean() * 1000
    )


def test_crime_runs_to_the_last_quarter_recorded(catalogue: Catalogue) -> None:
    crime = catalogue.read_table("recorded_crime")
    table = crime_rates(catalogue)
    assert table.index[-1] == crime["quarter"].max()
    assert not table.isna().any().any()


def test_continuing_measures_have_a_last_figure_and_are_no_averages(panel: Panel, catalogue: Catalogue) -> None:
    names = continuing(panel, catalogue)
    assert TRUST in names
    assert not set(names) & set(AVERAGES)
    ended = panel.frame.copy()
    ended.loc[ended["quarter"] == ended["quarter"].max(), names[0]] = float("nan")
    assert continuing(Panel(ended), catalogue) == names[1:]


def test_next_figure_follows_the_last_and_counts_what_held(panel: Panel, forecasts: Forecasts) -> None:
    last = panel.frame.loc[panel.frame[TRUST].notna(), "quarter"].max()
    for borough in panel.areas:
        rows = ahead(forecasts, borough, last)
        if rows.empty:
            assert next_figure(forecasts, borough, last) is None
            continue
        assert rows["quarter"].tolist() == [str(pd.Period(last, freq="Q") + step) for step in range(1, len(rows) + 1)]
        coming = next_figure(forecasts, borough, last)
        assert coming is not None
        assert coming.low < coming.mean < coming.high
        assert 0 < coming.held <= coming.tried


def test_forecast_of_quarters_that_are_published_by_now_is_not_shown(forecasts: Forecasts) -> None:
    assert ahead(forecasts, "Lewisham", "2030Q4").empty
    assert next_figure(forecasts, "Lewisham", "2030Q4") is None


def test_comparisons_of_equal_boroughs_find_nothing() -> None:
    rows = comparisons(made({name: [0.6] * len(QUARTERS) for name in "ABCD"}), [TRUST])
    assert set(rows["kind"]) == set(KINDS)
    assert np.allclose(rows["points"], 0)
    assert not rows["stands_out"].any()


def test_comparisons_find_the_one_that_differs() -> None:
    shares = {name: [0.6] * len(QUARTERS) for name in "ABC"} | {"D": [0.3] * len(QUARTERS)}
    rows = comparisons(made(shares), [TRUST])
    level = rows[rows["kind"] == LEVEL].set_index("borough")
    assert level.loc["D", "points"] == pytest.approx(-30)
    assert level.loc["D", "stands_out"]
    assert not rows[rows["kind"] != LEVEL]["stands_out"].any()


def test_comparisons_are_stricter_the_more_there_are(panel: Panel) -> None:
    alone = comparisons(panel, [TRUST])
    among = comparisons(panel, [TRUST, "good_job_local", "treat_everyone_fairly"])
    of_trust = among[among["measure"] == TRUST]
    assert set(of_trust.loc[of_trust["stands_out"], "borough"]) <= set(alone.loc[alone["stands_out"], "borough"])
    assert (of_trust["p"].to_numpy() == alone["p"].to_numpy()).all()


def test_scores_of_a_full_panel_are_those_of_a_pivot(panel: Panel, gappy: Panel) -> None:
    for shown in (panel, gappy):
        pivot = shown.frame.pivot(index=shown.period, columns=shown.area, values=TRUST).dropna(how="all").astype(float)
        pd.testing.assert_frame_equal(scores(shown, TRUST), pivot)


def test_boroughs_share_ranks_and_margins_of_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    panel = made({name: [0.5 + at / 100] * 9 + [0.6 - at / 50] for at, name in enumerate("ABCD")})
    asked: list[str] = []

    def noting(name: str, work: Callable[..., Any]) -> Callable[..., Any]:
        def noted(*given: Any) -> Any:
            asked.append(name)
            return work(*given)

        return noted

    for name in ("ranks", "score_change_margin"):
        monkeypatch.setattr(analysis, name, noting(name, getattr(analysis, name)))
    found = [standing(panel, borough) for borough in panel.areas]
    assert asked == ["ranks", "score_change_margin"]
    assert [one.value for one in found] == pytest.approx([60, 58, 56, 54])
    assert [one.year.points for one in found if one.year] == pytest.approx([10, 7, 4, 1])
