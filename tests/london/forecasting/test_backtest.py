import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from core.build.backtest import main, write_results
from core.london.forecasting import METHODS, WINNER, ForecastError, backtest
from core.london.forecasting.ahead import next_forecasts
from core.london.forecasting.backtest import ALL_MEASURES, STORED_METHODS, as_stored, from_stored, score, walk_forward
from core.london.forecasting.london import force_table, score_tables
from core.london.panel import AVERAGES, CONTINUING, MEASURES
from core.tables.catalogue import DATA_DIR, load_catalogue
from tests.london.forecasting.simulated import survey

KEY = ["measure", "borough", "quarter", "horizon"]
AGAIN = "run `python -m core.build.backtest --out data`"
WRITTEN = ("forecasts", "forecast_scores", "next_forecasts", "past_forecasts", "forest_scores", "forest_importance")
# Half of the last decimal that is stored, and what processors differ by.
STORED = 5.1e-5


@pytest.fixture(scope="module")
def stored() -> pd.DataFrame:
    return load_catalogue().read_table("forecasts")


@pytest.fixture(scope="module")
def ahead() -> pd.DataFrame:
    return load_catalogue().read_table("next_forecasts")


@pytest.fixture(scope="module")
def scores() -> pd.DataFrame:
    return load_catalogue().read_table("forecast_scores")


@pytest.mark.parametrize(
    ("measure", "first"), [("trust_mps", "2025Q3"), ("score_mean_of_3", "2025Q3"), ("score_mean_of_8", "2023Q2")]
)
def test_walk_forward_agrees_with_stored_forecasts(stored: pd.DataFrame, measure: str, first: str) -> None:
    rows = walk_forward(score_tables()[measure], [WINNER, "no_change"], first_target=first)
    found = rows.assign(measure=measure).pivot(index=KEY, columns="method")
    old = stored.set_index(KEY).loc[found.index]
    assert len(found) == 32 * (3 + 2 + 1)
    assert np.allclose(found["mean"][WINNER], old["rolling_window"], rtol=0, atol=STORED), AGAIN
    assert np.allclose(found["sd"][WINNER], old["rolling_window_sd"], rtol=0, atol=STORED), AGAIN
    assert np.allclose(found["mean"]["no_change"], old["no_change"], atol=1e-4), AGAIN


def test_next_forecasts_agree_with_stored_forecasts(ahead: pd.DataFrame) -> None:
    methods = [WINNER, "no_change", "drift"]
    key = ["method", "measure", "borough", "quarter", "horizon"]
    found = next_forecasts(methods=methods).set_index(key)
    old = ahead[ahead["method"].isin(methods)].set_index(key)
    assert found.index.equals(old.index), AGAIN
    assert np.allclose(found["mean"], old["mean"], rtol=0, atol=STORED), AGAIN
    assert np.allclose(found["sd"], old["sd"], rtol=0, atol=STORED), AGAIN


def test_stored_next_forecasts_have_each_method_and_measure(ahead: pd.DataFrame) -> None:
    assert set(ahead["method"]) == set(METHODS)
    assert set(ahead["measure"]) == {*CONTINUING, "score_mean_of_3"}
    assert len(ahead) == len(METHODS) * (len(CONTINUING) + 1) * 32 * 4
    assert ahead.groupby("horizon")["quarter"].unique().explode().tolist() == ["2026Q2", "2026Q3", "2026Q4", "2027Q1"]
    assert not ahead.duplicated(["method", "measure", "borough", "horizon"]).any()


def test_walk_forward_with_forest_agrees_with_stored_forecasts(stored: pd.DataFrame) -> None:
    force = force_table()
    rows = walk_forward(score_tables()["trust_mps"], ["forest"], "2023Q4", horizon=1, force=force)
    found = rows[rows["method"] == "forest"].assign(measure="trust_mps").set_index(KEY)
    old = stored.set_index(KEY).loc[found.index, "forest"]
    assert np.allclose(found["mean"], old, atol=2e-3), AGAIN


def test_score_of_stored_forecasts_agrees_with_stored_scores(stored: pd.DataFrame, scores: pd.DataFrame) -> None:
    key = ["method", "measure", "horizon"]
    found = score(from_stored(stored)).set_index(key).sort_index()
    old = scores[scores["method"].isin(STORED_METHODS)].set_index(key).sort_index()
    assert found.index.equals(old.index)
    numbers = [name for name in found if name not in ("forecasts", "quarters")]
    assert np.allclose(found[numbers], old[numbers], atol=1e-6)
    assert (found[["forecasts", "quarters"]] == old[["forecasts", "quarters"]]).all(axis=None)


def test_stored_results_have_current_data_and_code_version(scores: pd.DataFrame, ahead: pd.DataFrame) -> None:
    for table in (scores, ahead):
        assert set(table["data_version"]) == {backtest.data_version()}, AGAIN
        assert set(table["code_version"]) == {backtest.code_version()}, AGAIN


@pytest.fixture
def copied_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the modules that the stored forecasts depend on, which `code_version` reads."""
    for name in backtest.CODE:
        shutil.copy(Path(backtest.__file__).parent / name, tmp_path)
    monkeypatch.setattr(backtest, "__file__", str(tmp_path / "backtest.py"))
    return tmp_path / "intervals.py"


def test_the_code_version_does_not_depend_on_imports_docstrings_comments_and_layout(copied_code: Path) -> None:
    before = backtest.code_version()
    text = copied_code.read_text(encoding="utf-8").replace('"""', '"""Reworded. ', 1)
    copied_code.write_text(f"{text}\n\n# A comment.\nimport another_module\n", encoding="utf-8")
    assert backtest.code_version() == before


def test_the_code_version_depends_on_every_number(copied_code: Path) -> None:
    before = backtest.code_version()
    text = copied_code.read_text(encoding="utf-8")
    assert "1.2815515655446004" in text
    copied_code.write_text(text.replace("1.2815515655446004", "1.2815515655446005"), encoding="utf-8")
    assert backtest.code_version() != before


def test_stored_scores_have_each_method_measure_and_horizon(scores: pd.DataFrame) -> None:
    assert set(scores["method"]) == set(METHODS)
    assert set(scores["measure"]) == {*MEASURES, *AVERAGES, ALL_MEASURES}
    assert len(scores) == len(METHODS) * (len(MEASURES) + len(AVERAGES) + 1) * 4


def test_stored_scores_rank_the_recommended_method_first(scores: pd.DataFrame) -> None:
    together = scores[scores["measure"] == ALL_MEASURES]
    for _, group in together.groupby("horizon"):
        assert group.sort_values("mae")["method"].iloc[0] == WINNER


def test_stored_scores_of_recommended_method_beat_no_change(scores: pd.DataFrame) -> None:
    ours = scores[(scores["method"] == WINNER) & (scores["measure"] == ALL_MEASURES)].set_index("horizon")
    assert ours["skill"][1] > 0.2
    assert ours["skill_lower"][1] > 0.1
    assert ours["coverage_80"].between(0.75, 0.85).all()


def test_stored_scores_of_forest_are_worse_than_no_change(scores: pd.DataFrame) -> None:
    forest = scores[(scores["method"] == "forest") & (scores["horizon"] == 1)]
    assert (forest["skill_upper"] < 0).all()


def test_walk_forward_with_later_figures_changed_is_unchanged() -> None:
    table = survey(boroughs=4, quarters=24)
    changed = table.copy()
    changed.iloc[-3:] = 0.99
    before, after = (walk_forward(figures, [WINNER], "2019Q1", horizon=2) for figures in (table, changed))
    early = [rows[rows["quarter"] <= "2019Q4"][["mean", "sd"]] for rows in (before, after)]
    pd.testing.assert_frame_equal(early[0], early[1], check_exact=True)


def test_walk_forward_has_each_target_from_each_possible_horizon() -> None:
    rows = walk_forward(survey(boroughs=2, quarters=22), ["drift"], "2019Q1", horizon=4)
    counts = rows[rows["method"] == "drift"].groupby("horizon").size()
    assert counts.to_dict() == {1: 10, 2: 8, 3: 6, 4: 4}
    assert set(rows["method"]) == {"no_change", "drift"}


def test_score_agrees_with_manual_calculation() -> None:
    rows = pd.DataFrame(
        {
            "measure": "trust_mps",
            "borough": ["A", "A", "A", "A"],
            "horizon": 1,
            "quarter": ["2023Q1", "2023Q2"] * 2,
            "method": ["no_change"] * 2 + ["drift"] * 2,
            "mean": [0.50, 0.60, 0.53, 0.60],
            "sd": 0.02,
            "actual": [0.54, 0.64, 0.54, 0.64],
        }
    )
    found = score(rows).query("measure == 'trust_mps'").set_index("method").loc["drift"]
    assert found["mae"] == pytest.approx(0.025)
    assert found["rmse"] == pytest.approx(np.sqrt((0.01**2 + 0.04**2) / 2))
    assert found["skill"] == pytest.approx(1 - 0.05 / 0.08)
    assert np.isnan(found["skill_lower"])
    assert (found["coverage_80"], found["coverage_95"]) == (0.5, 0.5)
    width = 2 * 1.2815515655446004 * 0.02
    assert found["interval_score_80"] == pytest.approx(width + 10 * (0.04 - width / 2) / 2)


def test_score_of_no_change_has_zero_skill_and_interval() -> None:
    rows = walk_forward(survey(boroughs=3, quarters=30), ["no_change"], "2018Q4").assign(measure="x")
    found = score(rows)
    assert (found[["skill", "skill_lower", "skill_upper"]] == 0).all(axis=None)


def test_score_by_borough_and_quarter_averages_to_the_whole(stored: pd.DataFrame) -> None:
    near = from_stored(stored).query("horizon == 1 and measure == 'trust_mps'")
    whole = score(near).set_index(["method", "measure"])["mae"]
    for split in ("borough", "quarter"):
        parts = score(near, by=["method", "measure", split])
        assert len(parts) == len(STORED_METHODS) * 2 * near[split].nunique()
        assert parts.groupby(["method", "measure"])["mae"].mean().sort_index().to_numpy() == pytest.approx(
            whole.sort_index().to_numpy()
        )


def test_as_stored_and_from_stored_are_inverse() -> None:
    parts = [walk_forward(survey(boroughs=2, quarters=24), ["drift"], "2020Q1", 2)]
    rows = pd.concat([parts[0], parts[0].assign(method="rolling_window"), parts[0].assign(method="forest")])
    rows = rows[rows["method"].isin(STORED_METHODS)].drop_duplicates(["method", "borough", "quarter", "horizon"])
    rows = rows.assign(measure="x")
    key = [*KEY, "method"]
    back = from_stored(as_stored(rows)).sort_values(key, ignore_index=True)[rows.columns]
    pd.testing.assert_frame_equal(back, rows.sort_values(key, ignore_index=True), atol=6e-5, check_dtype=False)


@pytest.mark.parametrize(
    ("first", "message"), [("2030Q1", "no quarter before and after"), ("2014Q4", "no quarter bef")]
)
def test_walk_forward_with_first_target_outside_figures_raises_error(first: str, message: str) -> None:
    with pytest.raises(ForecastError, match=message):
        walk_forward(survey(boroughs=2, quarters=24), first_target=first)


def test_walk_forward_with_first_target_too_early_raises_error() -> None:
    with pytest.raises(ForecastError, match="a forecast needs 12"):
        walk_forward(survey(boroughs=2, quarters=24), ["drift"], first_target="2016Q1")


def test_backtest_command_with_unknown_method_stops_with_message(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--methods", "magic"]) == 2
    assert "Stopped: 'magic' is not a method" in capsys.readouterr().err


def test_backtest_command_without_out_prints_the_table(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "core.build.backtest", "--methods", "drift", "seasonal_naive"]
    done = subprocess.run(command, cwd=DATA_DIR.parent, capture_output=True, text=True, check=True)
    assert done.stdout.count("drift ") == 4
    assert "mean_of_measures         MAE at 1    skill (95% interval) at 1" in done.stdout
    assert "100% done" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_backtest_write_with_other_data_folder_writes_all_tables(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stamps = ["made", "code_version", "data_version"]
    stored = {name: load_catalogue().read_table(name) for name in WRITTEN}
    forest = SimpleNamespace(frame=lambda: stored["forest_scores"], importance=stored["forest_importance"])
    monkeypatch.setattr(backtest, "forest_scores", lambda _panel: forest)
    monkeypatch.setattr(backtest, "next_forecasts", lambda _data: stored["next_forecasts"].drop(columns=stamps))
    shutil.copytree(DATA_DIR, tmp_path / "data")
    shutil.rmtree(tmp_path / "data" / "forecasts")
    rows = from_stored(stored["forecasts"].query("measure == 'trust_mps'"))
    paths = write_results(rows, score(rows), DATA_DIR, tmp_path / "data")
    assert [path.name for path in paths] == [*(f"{name}.csv" for name in WRITTEN), "datapackage.json", "README.md"]
    again = load_catalogue(tmp_path / "data")
    for name in ("next_forecasts", "past_forecasts", "forest_scores", "forest_importance"):
        written, expected = (
            table.drop(columns=stamps, errors="ignore") for table in (again.read_table(name), stored[name])
        )
        pd.testing.assert_frame_equal(written, expected)
    trust = stored["forecasts"].query("measure == 'trust_mps'").reset_index(drop=True)
    pd.testing.assert_frame_equal(again.read_table("forecasts"), trust)
