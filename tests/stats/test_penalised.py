"""Ridge and lasso paths against least squares and scikit-learn."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import Lasso, LinearRegression, Ridge

from core.london.outcomes.question import LONDON_OUTCOMES
from core.london.questions import LONDON_CONTROLS
from core.questions.question import AS_PUBLISHED, FIRST_EDITION
from core.stats import penalised
from core.stats.penalised import STEPS, penalty_paths
from core.stats.regression import ModelSpec
from core.tables.panel import Panel

PUBLISHED, BEST = LONDON_OUTCOMES.presets[AS_PUBLISHED], LONDON_OUTCOMES.presets[FIRST_EDITION]
HELD = replace(BEST, effects=("quarter",), controls=LONDON_CONTROLS)
SPECS = {"published": PUBLISHED, "recommended": BEST, "controls": HELD, "weights": replace(HELD, weights="population")}
every_model = pytest.mark.parametrize("spec", SPECS.values(), ids=SPECS)


def names_of(spec: ModelSpec) -> list[str]:
    return [*spec.predictors, *spec.controls]


def standardised(panel: Panel, spec: ModelSpec) -> tuple[np.ndarray, np.ndarray]:
    """Predictors, controls and outcome without effects, each of unit variance, worked out with dummies."""
    names = names_of(spec)
    used = panel.frame.dropna(subset=[spec.outcome, *names])
    root = np.sqrt(used["population"] if spec.weights == "population" else used["population"] * 0 + 1).to_numpy()
    dummies = pd.get_dummies(used.assign(one=1.0)[["one", *spec.effects]]).to_numpy(float) * root[:, None]
    values = used[[*names, spec.outcome]].to_numpy(float) * root[:, None]
    left = values - dummies @ np.linalg.lstsq(dummies, values, rcond=None)[0]
    left /= np.sqrt((left**2).mean(axis=0))
    return left[:, :-1], left[:, -1]


def path(found: pd.DataFrame, method: str) -> pd.DataFrame:
    """Coefficients by penalty (rows) and name (columns)."""
    rows = found[found["method"] == method]
    return rows.pivot(index="penalty", columns="name", values="coefficient")[list(dict.fromkeys(rows["name"]))]


@every_model
def test_penalty_paths_without_penalty_agree_with_scikit_learn(spec: ModelSpec, panel: Panel) -> None:
    x, y = standardised(panel, spec)
    free = path(penalty_paths(panel, spec), "least squares")
    assert free.to_numpy()[0] == pytest.approx(LinearRegression(fit_intercept=False).fit(x, y).coef_)


@every_model
@pytest.mark.parametrize("method", ["ridge", "lasso"])
def test_penalty_paths_with_tiny_penalty_are_near_least_squares(
    method: str, spec: ModelSpec, panel: Panel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(penalised, "SMALLEST", 1e-9)
    found = penalty_paths(panel, spec)
    assert path(found, method).iloc[0].to_numpy() == pytest.approx(
        path(found, "least squares").iloc[0].to_numpy(), abs=1e-4
    )


@every_model
def test_penalty_paths_of_ridge_agree_with_scikit_learn(spec: ModelSpec, panel: Panel) -> None:
    x, y = standardised(panel, spec)
    ridge = path(penalty_paths(panel, spec), "ridge").to_numpy()
    costs = np.linalg.norm(x, 2) ** 2 * np.geomspace(1e-3, 100, STEPS)
    for at in (0, 13, 26, STEPS - 1):
        assert ridge[at] == pytest.approx(Ridge(alpha=costs[at], fit_intercept=False).fit(x, y).coef_)


@every_model
def test_penalty_paths_of_lasso_agree_with_scikit_learn(spec: ModelSpec, panel: Panel) -> None:
    x, y = standardised(panel, spec)
    lasso = path(penalty_paths(panel, spec), "lasso").to_numpy()
    costs = np.abs(x.T @ y).max() / len(y) * np.geomspace(1e-3, 1, STEPS)
    for at in (0, 13, 26):
        one = Lasso(alpha=costs[at], fit_intercept=False, tol=1e-10, max_iter=100_000).fit(x, y)
        assert lasso[at] == pytest.approx(one.coef_, abs=1e-3)


@every_model
def test_penalty_paths_of_lasso_are_zero_only_at_the_largest_penalty(spec: ModelSpec, panel: Panel) -> None:
    lasso = path(penalty_paths(panel, spec), "lasso").to_numpy()
    assert lasso[-1] == pytest.approx(0, abs=1e-12)
    assert np.abs(lasso[-2]).max() > 1e-3


@every_model
def test_penalty_paths_follow_model_order_and_rising_penalty(spec: ModelSpec, panel: Panel) -> None:
    found = penalty_paths(panel, spec)
    assert list(dict.fromkeys(found["method"])) == ["least squares", "ridge", "lasso"]
    for method, rows in found.groupby("method"):
        assert list(dict.fromkeys(rows["name"])) == names_of(spec)
        steps = [0.0] if method == "least squares" else np.linspace(0, 1, STEPS)
        assert rows["penalty"].unique() == pytest.approx(steps)
        assert len(rows) == len(steps) * len(names_of(spec))


def test_penalty_paths_with_larger_penalty_have_smaller_coefficients(panel: Panel) -> None:
    found = penalty_paths(panel, PUBLISHED)
    ridge, lasso = path(found, "ridge").to_numpy(), path(found, "lasso").to_numpy()
    assert (np.diff((ridge**2).sum(axis=1)) < 0).all()
    assert (np.diff(np.abs(lasso).sum(axis=1)) <= 1e-12).all()


def test_penalty_paths_with_rescaled_predictor_are_unchanged(panel: Panel) -> None:
    thousands = Panel(panel.frame.assign(arrested=panel.frame["arrested"] / 1000))
    pd.testing.assert_frame_equal(penalty_paths(thousands, PUBLISHED), penalty_paths(panel, PUBLISHED))


def test_penalty_paths_with_one_predictor_have_all_steps(panel: Panel) -> None:
    alone = penalty_paths(panel, replace(BEST, predictors=("arrested",)))
    assert set(alone["name"]) == {"arrested"}
    assert len(alone) == 1 + 2 * STEPS
