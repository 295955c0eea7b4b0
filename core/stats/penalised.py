"""Ridge and lasso: how coefficients of correlated predictors change as large ones are penalised."""

import numpy as np
import pandas as pd

from core.stats.regression import ModelSpec
from core.stats.regression.design import CONSTANT, design
from core.stats.regression.least_squares import solve
from core.tables.panel import Panel

STEPS = 40
SMALLEST = 1e-3


def penalty_paths(panel: Panel, spec: ModelSpec) -> pd.DataFrame:
    """Standardised coefficients of ridge and lasso, over the full range of penalties.

    Effects, weights and the constant are partialled out first and not penalised; the residual of each variable
    is scaled to unit variance, so that coefficients are comparable. Lasso by scikit-learn's coordinate descent,
    ridge in closed form (Hastie, Tibshirani and Friedman 2009, section 3.4).

    Returns
    -------
    DataFrame
        ``method`` ("ridge", "lasso"), ``name``, ``penalty`` (0 to 1: as a share, on a log scale, of the
        range shown) and ``coefficient`` (standard deviations of the outcome per standard deviation).
        ``method`` "least squares" holds the coefficients without penalty, at penalty 0.
    """
    # Imported here, because scikit-learn takes longer to import than the rest of the app.
    from sklearn.linear_model import lasso_path

    names, x, y = _standardised(panel, spec)
    free = np.linalg.lstsq(x, y, rcond=None)[0]
    largest = float(np.abs(x.T @ y).max() / len(y))
    alphas = largest * np.geomspace(SMALLEST, 1, STEPS)
    lasso = lasso_path(x, y, alphas=alphas)[1][:, ::-1]
    left, sizes, right = np.linalg.svd(x, full_matrices=False)
    cost = sizes.max() ** 2 * np.geomspace(SMALLEST, 100, STEPS)
    ridge = np.stack([right.T @ (sizes / (sizes**2 + c) * (left.T @ y)) for c in cost], axis=1)
    penalty = np.linspace(0, 1, STEPS)
    parts = [_long("ridge", names, penalty, ridge), _long("lasso", names, penalty, lasso)]
    return pd.concat([_long("least squares", names, penalty[:1], free[:, None]), *parts], ignore_index=True)


def _standardised(panel: Panel, spec: ModelSpec) -> tuple[list[str], np.ndarray, np.ndarray]:
    model = solve(design(panel, spec))
    keep = [at for at, name in enumerate(model.design.names) if name != CONSTANT]
    x, y = model.x[:, keep], model.y
    if not spec.effects:
        root = model.root_weights[:, None] / np.linalg.norm(model.root_weights)
        x, y = x - root @ (root.T @ x), y - (root @ (root.T @ y[:, None]))[:, 0]
    return [model.design.names[at] for at in keep], _scaled(x), _scaled(y)


def _scaled(values: np.ndarray) -> np.ndarray:
    """`values`, of weighted mean zero and multiplied by root weights, divided by their standard deviation."""
    scaled: np.ndarray = values / np.sqrt((values**2).mean(axis=0))
    return scaled


def _long(method: str, names: list[str], penalty: np.ndarray, coefficients: np.ndarray) -> pd.DataFrame:
    wide = pd.DataFrame(coefficients.T, columns=names).assign(penalty=penalty)
    return wide.melt("penalty", var_name="name", value_name="coefficient").assign(method=method)
