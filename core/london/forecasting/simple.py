"""Methods without a model, as benchmarks. Each takes shares (quarters, boroughs) and a horizon."""

import numpy as np

from core.london.forecasting.scores import Floats

YEAR = 4
SMOOTHING = np.arange(0.1, 1.01, 0.05)


def no_change(values: Floats, horizon: int) -> Floats:
    """The last figure of each borough, for every quarter ahead."""
    return np.repeat(_filled(values)[-1:], horizon, axis=0)


def drift(values: Floats, horizon: int) -> Floats:
    """Extrapolation of the line from each borough's first figure to its last."""
    filled = _filled(values)
    start = np.argmax(~np.isnan(values), axis=0)
    steps = len(values) - 1 - start
    rise = filled[-1] - filled[start, np.arange(values.shape[1])]
    moved: Floats = filled[-1] + _ahead(horizon) * rise / np.maximum(steps, 1)
    return moved


def london_change(values: Floats, horizon: int) -> Floats:
    """All boroughs move on as their average moved over the last year."""
    filled = _filled(values)
    changes = np.diff(filled[-YEAR - 1 :], axis=0)
    step = np.nanmean(changes) if (~np.isnan(changes)).any() else 0.0
    moved: Floats = filled[-1] + _ahead(horizon) * step
    return moved


def seasonal_naive(values: Floats, horizon: int) -> Floats:
    """The figure of the same quarter a year before."""
    filled = _filled(values)
    rows = [len(filled) - YEAR + step % YEAR for step in range(horizon)]
    year_before = filled[np.maximum(rows, 0)]
    return np.where(np.isnan(year_before), filled[-1], year_before)


def exponential_smoothing(values: Floats, horizon: int) -> Floats:
    """Simple exponential smoothing, with the weight that minimises past squared errors over all boroughs."""
    filled = _filled(values)
    levels = [_smoothed(filled, weight) for weight in SMOOTHING]
    errors = [np.nansum((filled[1:] - level[:-1]) ** 2) for level in levels]
    return np.repeat(levels[int(np.argmin(errors))][-1:], horizon, axis=0)


def _smoothed(filled: Floats, weight: float) -> Floats:
    levels = filled.copy()
    for row in range(1, len(levels)):
        moved = levels[row - 1] + weight * (filled[row] - levels[row - 1])
        levels[row] = np.where(np.isnan(levels[row - 1]), filled[row], moved)
    return levels


def _filled(values: Floats) -> Floats:
    """`values` with each gap filled by the figure before it; quarters before the first figure stay missing."""
    rows = np.arange(len(values))[:, None]
    last = np.maximum.accumulate(np.where(np.isnan(values), 0, rows), axis=0)
    filled: Floats = np.take_along_axis(values, last, axis=0)
    return filled


def _ahead(horizon: int) -> Floats:
    return np.arange(1.0, horizon + 1)[:, None]
