"""The uncertainty of a forecast, from past errors of the same method that are known when the forecast is made.

Errors of one quarter are correlated across boroughs, so sample sizes are quarters, not boroughs.
"""

from collections.abc import Callable

import numpy as np

from core.london.forecasting.scores import Floats

# Standard normal quantiles of the central 80 and 95%.
Z_80, Z_95 = 1.2815515655446004, 1.959963984540054
LEVELS = {80: Z_80, 95: Z_95}
# Number of earlier origins used, and the number of quarters that the variance of the model counts for as a prior.
LOOK_BACK = 12
TRUST_IN_MODEL = 4.0
FIRST_ORIGIN = 4
# Share of the variance added for each quarter ahead after the first. The last 12 origins hold only three separate spans
# of four quarters, too few to show how far London can move in a year. This is the least, in steps of a hundredth, with
# which 80% intervals of all measures together hold 80% (rounded) of the figures at each horizon, both in 2019 to 2023
# and since.
WIDENED = 0.05

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
        Quarters before the first origin.

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
    """Root mean square of `errors` (origins, horizon, boroughs) at each horizon, not allowed to fall with it.

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
        Past errors divided by their standard deviation under the model, shape (origins, horizon, boroughs).

    Returns
    -------
    ndarray
        Shape (horizon,): root mean square of the errors, shrunk towards 1 as if four more quarters agreed with the
        model; 1 where nothing is known.
    """
    squares, counts = _mean_over_origins(standardised**2)
    known = np.where(counts > 0, squares, 0.0)
    factor: Floats = np.sqrt((TRUST_IN_MODEL + counts * known) / (TRUST_IN_MODEL + counts))
    return factor


def widening(horizon: int) -> Floats:
    """Factor for the standard deviation at each horizon, shape (horizon,): one at the first, then growing."""
    factor: Floats = np.sqrt(1 + WIDENED * np.arange(horizon))
    return factor


def _mean_over_origins(squares: Floats) -> tuple[Floats, Floats]:
    """Mean over boroughs, then origins, at each horizon; and how many origins have a known target."""
    known = ~np.isnan(squares)
    quarters = known.any(axis=2)
    per_quarter = np.where(known, squares, 0.0).sum(axis=2) / np.maximum(known.sum(axis=2), 1)
    counts = quarters.sum(axis=0).astype(np.float64)
    means = np.where(counts > 0, per_quarter.sum(axis=0) / np.maximum(counts, 1), np.nan)
    return means, counts
