import numpy as np
import pandas as pd
import pytest

from core.london.forecasting import ForecastError, forecast
from core.london.forecasting.forest import AGES, SETTINGS, features_of, forest_scores
from core.london.panel import OUTCOMES, london_panel
from core.tables.catalogue import load_catalogue
from core.tables.panel import Panel
from tests.london.forecasting.simulated import survey
from tests.london.forecasting.test_forecast import force_of


@pytest.fixture(scope="module")
def progress() -> list[float]:
    return []


@pytest.fixture(scope="module")
def found(progress: list[float]) -> object:
    return forest_scores(london_panel(), progress=progress.append)


def test_forest_scores_agree_with_the_study_on_random_split_only(found: object, progress: list[float]) -> None:
    from core.london.forecasting.forest import ForestScores

    assert isinstance(found, ForestScores)
    assert found.random_r2_lowest < 0.5048 < found.random_r2_highest
    assert found.random_r2 == pytest.approx(0.47, abs=0.03)
    assert found.random_mae == pytest.approx(0.0398, abs=0.002)
    assert found.forward_r2 < -0.3
    assert found.forward_mae > 3 * found.no_change_mae
    assert found.no_change_mae == pytest.approx(0.01505, abs=1e-5)
    assert (found.rows, found.forward_quarters) == (864, 8)
    assert dict(found.settings) == SETTINGS
    assert progress == sorted(progress)
    assert progress[-1] == 1


def test_forest_scores_importance_has_a_row_per_feature(found: object) -> None:
    importance = found.importance  # type: ignore[attr-defined]
    assert set(importance["feature"]) == {"ln_records", *OUTCOMES}
    assert list(importance.columns) == ["feature", "random", "random_sd", "forward", "forward_sd"]
    assert importance["feature"].iloc[0] == "ln_records"


def test_forest_scores_agree_with_stored_scores_and_importance(found: object) -> None:
    catalogue = load_catalogue()
    key, again = ["split"], "run `python -m core.build.backtest --out data`"
    scores, importance = found.frame(), found.importance  # type: ignore[attr-defined]
    stored = catalogue.read_table("forest_scores").set_index(key)
    pd.testing.assert_frame_equal(
        scores.set_index(key).astype("float64"), stored.astype("float64"), rtol=0, atol=5e-3, obj=again
    )
    stored_importance = catalogue.read_table("forest_importance").set_index("feature")
    pd.testing.assert_frame_equal(
        importance.set_index("feature").loc[stored_importance.index], stored_importance, rtol=0, atol=0.02, obj=again
    )


def test_features_of_panel_with_all_ages_include_ages() -> None:
    frame = pd.DataFrame(columns=["records", *OUTCOMES, *AGES])
    assert features_of(frame) == ("ln_records", *OUTCOMES, *AGES)
    assert features_of(frame.drop(columns=AGES[0])) == ("ln_records", *OUTCOMES)


def test_forecast_with_known_force_ahead_uses_it() -> None:
    scores = survey(boroughs=4, quarters=20)
    force = force_of(scores)
    rng = np.random.default_rng(3)
    records = rng.uniform(5, 8, len(force))
    force["records"] = np.exp(records)
    # Scores that follow the force, so that the forest has something to learn.
    follows = force.assign(score=0.1 * records).pivot(index="quarter", columns="borough", values="score")
    scores = follows.set_axis(scores.index)[scores.columns]
    later = force.groupby("borough").tail(1).assign(quarter="2019Q4", records=np.exp([5.2, 7.8, 5.2, 7.8]))
    carried = forecast(scores, 1, "forest", force=force)["mean"]
    known = forecast(scores, 1, "forest", force=pd.concat([force, later]))["mean"]
    assert known.tolist() == pytest.approx([0.52, 0.78, 0.52, 0.78], abs=0.04)
    assert carried.tolist() == pytest.approx(scores.iloc[-1].tolist(), abs=0.04)


@pytest.mark.parametrize(
    ("force", "message"),
    [
        (None, "The forest needs the use of force; pass force="),
        (force_of(survey(boroughs=2, quarters=14)).drop(columns="arrested"), "force has no column arrested"),
        (force_of(survey(boroughs=2, quarters=14).add_prefix("Old ")), "No quarter has both force records and a score"),
        (pd.concat([force_of(survey(boroughs=2, quarters=14))] * 2), "Borough 00 in 2014Q4 is there more than once"),
    ],
)
def test_forecast_with_unusable_force_raises_error(force: pd.DataFrame | None, message: str) -> None:
    with pytest.raises(ForecastError, match=message):
        forecast(survey(boroughs=2, quarters=14), 1, "forest", force=force)


def test_forest_scores_with_too_few_quarters_or_no_score_raises_error() -> None:
    frame = london_panel().frame
    short = Panel(frame[frame["quarter"] <= "2018Q4"])
    with pytest.raises(ForecastError, match="7 quarters have both force records and score_mean_of_8"):
        forest_scores(short)
    with pytest.raises(ForecastError, match="The panel has no score 'nothing'"):
        forest_scores(london_panel(), "nothing")
