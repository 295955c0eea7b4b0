"""How far a forecast can be off: from the errors that the same method made before, known when the forecast is made.

Errors of one quarter go together, since London moves as one, so quarters are counted and not boroughs.
"""

from collections.abc import Callable

import numpy as np

from core.london.forecasting.scores import Floats

# Standard normal quantiles of the central 80 and 95 %.
Z_80, Z_95 = 1.2815515655446004, 1.959963984540054
LEVELS = {80: Z_80, 95: Z_95}
# Earlier origins that are looked back on, and how many quarters of evidence the model's own variance counts for.
LOOK_BACK = 12
TRUST_IN_MODEL = 4.0
FIRST_ORIGIN = 4

Path = Callable[[Floats, int], Floats]


def past_errors(values: Floats, horizon: int, path: Path, first: int = FIRST_ORIGIN) -> Floats:
    """Errors of `path` at the last origins before the present one.

    Parameters
    ----------
    values
        Shares, shape (quarters, boroughs).
    horizon
        How many quarters ahead.
    path
        The method: figures up to an origin and a horizon to forecasts of shape (horizon, boroughs).
    first
        Quarters that the first origin has behind it.

    Returns
    -------
    ndarray
        Shape (origins, horizon, boroughs); NaN where a target lies after the present origin or was never published.
    """
    quarters, boroughs = values.shape
    origins = range(max(first, quarters - LOOK_BACK), quarters)
    padded = np.vstack([values, np.full((horizon, boroughs), np.nan)])
    errors = [padded[origin : origin + horizon] - path(values[:origin], horizon) for origin in origins]
    return np.array(errors).reshape(len(origins), horizon, boroughs)


def typical_error(errors: Floats) -> Floats:
    """Root mean square of `errors` (origins, horizon, boroughs) at each horizon, which may not fall with it.

    Where no target is known yet, the error of the horizon before grows as in a random walk.
    """
    squares = _mean_over_origins(errors**2)[0]
    size = np.empty(len(squares))
    for step, square in enumerate(squares):
        before = size[step - 1] if step else 0.0
        size[step] = before * np.sqrt((step + 1) / step) if np.isnan(square) else max(before, np.sqrt(square))
    return size


def calibration(standardised: Floats) -> Floats:
    """Factor for the model's standard deviation at each horizon.

    Parameters
    ----------
    standardised
        Past errors divided by the standard deviation that the model gave them, shape (origins, horizon, boroughs).

    Returns
    -------
    ndarray
        Shape (horizon,): root mean square of the errors, drawn towards 1 as if four more quarters had been as the
        model says; 1 where nothing is known.
    """
    squares, counts = _mean_over_origins(standardised**2)
    known = np.where(counts > 0, squares, 0.0)
    factor: Floats = np.sqrt((TRUST_IN_MODEL + counts * known) / (TRUST_IN_MODEL + counts))
    return factor


def _mean_over_origins(squares: Floats) -> tuple[Floats, Floats]:
    """Mean over boroughs, then origins, at each horizon; and how many origins have a known target."""
    known = ~np.isnan(squares)
    quarters = known.any(axis=2)
    per_quarter = np.where(known, squares, 0.0).sum(axis=2) / np.maximum(known.sum(axis=2), 1)
    counts = quarters.sum(axis=0).astype(np.float64)
    means = np.where(counts > 0, per_quarter.sum(axis=0) / np.maximum(counts, 1), np.nan)
    return means, counts
