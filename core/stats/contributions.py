"""Contribution of each predictor to a borough's fitted score: the estimate times the borough's mean."""

import pandas as pd

from core.stats.regression import Design, FitResult, NotTogether
from core.stats.regression.design import design
from core.tables.panel import POINTS, Panel


def contributions(panel: Panel, result: FitResult) -> pd.DataFrame:
    """Estimate times the borough's mean of the predictor, over the rows of the model.

    Returns
    -------
    DataFrame
        ``area``, ``term``, ``mean`` (in the form in which the predictor enters), ``points``, ``low``, ``high``
        (percentage points of the outcome, 95% interval to rely on; the mean is taken as known).

    Raises
    ------
    NotTogether
        If the model does not add up to the outcome itself, or not by one coefficient.
    """
    if result.spec.squares or result.spec.moderator:
        raise NotTogether("A model that lets the association differ attributes no one part to each area.")
    if result.spec.relative or result.spec.differences:
        kind = "changes" if result.spec.differences else "a logarithm"
        raise NotTogether(f"A model of {kind} attributes no part of the level to each area; choose the level.")
    rows = design(panel, result.spec)
    parts = [_of_term(rows, result, name) for name in result.spec.predictors]
    return pd.concat(parts, ignore_index=True)


def _of_term(rows: Design, result: FitResult, name: str) -> pd.DataFrame:
    estimate = result.estimate(name)
    means = pd.Series(rows.X[:, rows.position(name)]).groupby(rows.area.column).mean()
    low, high = estimate.reliable
    ends = pd.DataFrame({"a": means * low, "b": means * high}) * POINTS
    return pd.DataFrame(
        {
            "area": means.index,
            "term": name,
            "mean": means.to_numpy(),
            "points": means.to_numpy() * estimate.estimate * POINTS,
            "low": ends.min(axis=1).to_numpy(),
            "high": ends.max(axis=1).to_numpy(),
        }
    )
