"""Diagnostics of a regression."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import ndtri

from core.stats.regression.columns import Floats
from core.stats.regression.design import CONSTANT, Design, design
from core.stats.regression.errors import ModelError
from core.stats.regression.fit import fit_design, solved
from core.stats.regression.least_squares import LeastSquares
from core.stats.regression.spec import ModelSpec
from core.tables.panel import Panel

AUTOCORRELATION_LAGS = range(1, 9)
FEWEST_PAIRS = 3
BLOCK = 4_096  # rows whose leverage is worked out at once
FULL_LEVERAGE = 1e-10  # 1 - leverage of a row that determines its own fit is at most this


@dataclass(frozen=True, eq=False)
class Diagnostics:
    """Checks of one regression, as tables.

    Parameters
    ----------
    vif
        ``name, vif``: variance inflation factor of each term, after the effects are partialled out; 1 if it is
        uncorrelated with the other terms.
    residuals
        ``area, period, fitted, residual, standardised``, one row per row used. Standardised
        residuals are divided by their own standard deviation (internally studentised); missing for a row that
        determines its own fit.
    quantiles
        ``normal, standardised``: points of the Q-Q plot, at Blom's plotting positions.
    autocorrelation
        ``lag, correlation, pairs``: autocorrelation of the residuals of an area; lags with fewer than three pairs are
        left out.
    shapiro_statistic, shapiro_p
        Shapiro-Wilk test of normality of the residuals.
    """

    vif: pd.DataFrame
    residuals: pd.DataFrame
    quantiles: pd.DataFrame
    autocorrelation: pd.DataFrame
    shapiro_statistic: float
    shapiro_p: float


def diagnose(panel: Panel, spec: ModelSpec, labels: Mapping[str, str] | None = None) -> Diagnostics:
    """Checks of the regression that `spec` asks for; raises as :func:`core.stats.regression.fit.fit` does."""
    # Imported here, because scipy.stats takes longer to import than the rest of this package.
    from scipy.stats import shapiro

    model = solved(design(panel, spec, labels))
    residuals = _residuals(model)
    statistic, p = shapiro(model.residuals)
    return Diagnostics(
        vif=_vif(model),
        residuals=residuals,
        quantiles=_quantiles(residuals["standardised"].dropna().to_numpy()),
        autocorrelation=_autocorrelation(model.design, residuals["residual"].to_numpy()),
        shapiro_statistic=float(statistic),
        shapiro_p=float(p),
    )


def leave_one_out(panel: Panel, spec: ModelSpec, term: str, labels: Mapping[str, str] | None = None) -> pd.DataFrame:
    """The coefficient of `term` without each area in turn.

    Returns
    -------
    DataFrame
        ``area, estimate, low, high``, one row per area left out.

    Raises
    ------
    ModelError
        If the model cannot be estimated without an area; the message names the area.
    """
    full = design(panel, spec, labels)
    full.position(term)
    found = [_without_area(full, code, term) for code in np.unique(full.area.codes)]
    return pd.DataFrame(found, columns=["area", "estimate", "low", "high"])


def partial(panel: Panel, spec: ModelSpec, term: str, labels: Mapping[str, str] | None = None) -> pd.DataFrame:
    """The points behind the coefficient of `term`, raw and with all other terms partialled out.

    Returns
    -------
    DataFrame
        ``area, period, x, y, x_within, y_within, weight``. The slope of ``y_within`` on
        ``x_within``, weighted by ``weight`` (mean one), is the coefficient exactly. Of a Poisson regression the
        outcome is the linearised logarithm of what is expected.
    """
    model = solved(design(panel, spec, labels))
    column = model.design.position(term)
    x_within, y_within = model.partial_residuals(column)
    return _keyed(model.design).assign(
        x=model.design.X[:, column],
        y=model.design.y,
        x_within=x_within / model.root_weights,
        y_within=y_within / model.root_weights,
        weight=model.root_weights**2,
    )


def _without_area(full: Design, code: int, term: str) -> tuple[str, float, float, float]:
    area = full.area.levels[code]
    try:
        estimate = fit_design(full.keep(full.area.codes != code), wild=False, cautious=False).estimate(term)
    except ModelError as error:
        raise type(error)(f"Without {area}: {error}") from error
    return area, estimate.estimate, estimate.low, estimate.high


def _keyed(rows: Design) -> pd.DataFrame:
    return pd.DataFrame({"area": rows.area.column, "period": rows.period.column})


def _vif(model: LeastSquares) -> pd.DataFrame:
    root = model.root_weights
    centred = model.x - np.outer(root, root @ model.x) / model.n
    values = np.diag(model.bread) * (centred**2).sum(axis=0)
    table = pd.DataFrame({"name": model.design.names, "vif": values})
    return table[table["name"] != CONSTANT].reset_index(drop=True)


def _residuals(model: LeastSquares) -> pd.DataFrame:
    residual = model.residuals / model.root_weights
    left = 1 - _leverage(model)
    spread = np.sqrt(model.variance * np.where(left > FULL_LEVERAGE, left, np.nan))
    return _keyed(model.design).assign(
        fitted=model.design.y - residual, residual=residual, standardised=model.residuals / spread
    )


def _leverage(model: LeastSquares) -> Floats:
    """How far each row determines its own fit, 0 to 1, block by block of rows."""
    from scipy.sparse import eye_array

    leverage: Floats = (model.factors.basis**2).sum(axis=1)
    if model.effects.keys:
        rows = eye_array(model.n, format="csr")
        for start in range(0, model.n, BLOCK):
            found = model.effects.coordinates(rows[start : start + BLOCK])
            leverage[start : start + BLOCK] += sum((part**2).sum(axis=1) for part in found)
    return leverage


def _quantiles(standardised: Floats) -> pd.DataFrame:
    n = len(standardised)
    position = (np.arange(1, n + 1) - 0.375) / (n + 0.25)
    return pd.DataFrame({"normal": ndtri(position), "standardised": np.sort(standardised)})


def _autocorrelation(rows: Design, residual: Floats) -> pd.DataFrame:
    found = [(lag, *_correlation(*_pairs(rows, residual, lag))) for lag in AUTOCORRELATION_LAGS]
    table = pd.DataFrame(found, columns=["lag", "correlation", "pairs"])
    return table.dropna(ignore_index=True)


def _pairs(rows: Design, residual: Floats, lag: int) -> tuple[Floats, Floats]:
    """Residuals that have one of the same area `lag` periods earlier, and those."""
    # Rows are sorted by area and period, so these places increase, with a gap of `lag` between areas.
    places = rows.area.codes * (len(rows.period.levels) + lag) + rows.period.codes
    earlier = np.searchsorted(places, places - lag)
    found = places[earlier] == places - lag
    return residual[found], residual[earlier[found]]


def _correlation(later: Floats, earlier: Floats) -> tuple[float, int]:
    if len(later) < FEWEST_PAIRS or not np.ptp(later) or not np.ptp(earlier):
        return np.nan, len(later)
    return float(np.corrcoef(later, earlier)[0, 1]), len(later)
