"""The forecasting methods by name, each with its label and description; and the one that the back-test recommends."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from core.london.forecasting import simple, state_space
from core.london.forecasting.forest import forest_path
from core.london.forecasting.intervals import LOOK_BACK, Path, calibration, past_errors, typical_error, widening
from core.london.forecasting.scores import LEAST_QUARTERS, Floats, ForecastError, Scores

RECOMMENDED = "recommended"
WINNER = "rolling_window"
BASELINE = "no_change"
FOREST = "forest"
# A forest is slow to fit, so its intervals use fewer past origins.
FOREST_LOOK_BACK = 4


@dataclass(frozen=True, eq=False)
class Outlook:
    """Forecasts as numbers: mean and standard deviation of the published figures, shape (horizon, boroughs)."""

    mean: Floats
    sd: Floats


@dataclass(frozen=True, eq=False)
class Method:
    """One way to forecast.

    Parameters
    ----------
    name, label, about
        Its name, its label, and a sentence on what it does.
    outlook
        Function of scores, horizon and context (keyword arguments such as ``force``) that returns the forecasts.
    """

    name: str
    label: str
    about: str
    outlook: Callable[..., Outlook]


def method_named(name: str) -> Method:
    """The method `name`, where ``"recommended"`` is the one that wins the back-test."""
    chosen = WINNER if name == RECOMMENDED else name
    if chosen not in METHODS:
        raise ForecastError(f"{name!r} is not a method; choose one of {', '.join([RECOMMENDED, *METHODS])}.")
    return METHODS[chosen]


def _from_path(path: Path, scores: Scores, horizon: int, **_context: Any) -> Outlook:
    """Forecasts of a method without a model, with the uncertainty of its past errors."""
    size = typical_error(past_errors(scores.values, horizon, path))
    mean = path(scores.values, horizon)
    return Outlook(mean, np.repeat(size[:, None], mean.shape[1], axis=1))


def _forest(scores: Scores, horizon: int, force: Any = None, **_context: Any) -> Outlook:
    path = forest_path(scores, force)
    mean = path(scores.values, horizon)
    size = typical_error(past_errors(scores.values, horizon, path, first=len(scores.values) - FOREST_LOOK_BACK))
    return Outlook(mean, np.repeat(size[:, None], mean.shape[1], axis=1))


def _rolling_window(scores: Scores, horizon: int, **_context: Any) -> Outlook:
    """The state-space model, with its variance calibrated by its past errors and widened further ahead."""
    variances = state_space.estimate(scores.values)
    mean, variance = state_space.predict(scores.values, horizon, variances)
    factor = calibration(_standardised(scores.values, horizon, variances)) * widening(horizon)
    return Outlook(state_space.as_published(mean, scores.values), np.sqrt(variance) * factor[:, None])


def _standardised(values: Floats, horizon: int, variances: state_space.Variances) -> Floats:
    """Past errors of the model with today's variances, in standard deviations: (origins, horizon, boroughs)."""
    quarters, boroughs = values.shape
    padded = np.vstack([values, np.full((horizon, boroughs), np.nan)])
    ratios = []
    for origin in range(max(LEAST_QUARTERS, quarters - LOOK_BACK), quarters):
        mean, variance = state_space.predict(values[:origin], horizon, variances)
        ratios.append((padded[origin : origin + horizon] - mean) / np.sqrt(variance))
    return np.array(ratios).reshape(len(ratios), horizon, boroughs)


METHODS: Mapping[str, Method] = {
    method.name: method
    for method in (
        Method(
            WINNER,
            "Rolling-window model",
            "Works out the quarterly samples behind the 12-month figures, so it knows what drops out of the window; "
            "borrows strength across boroughs.",
            _rolling_window,
        ),
        Method(
            BASELINE,
            "No change",
            "Each borough stays where it is: what any forecast has to beat.",
            partial(_from_path, simple.no_change),
        ),
        Method(
            "drift",
            "Drift",
            "Each borough goes on along the line from its first figure to its last.",
            partial(_from_path, simple.drift),
        ),
        Method(
            "london_change",
            "London-wide change",
            "All boroughs move as London moved on average over the last year.",
            partial(_from_path, simple.london_change),
        ),
        Method(
            "seasonal_naive",
            "Same quarter last year",
            "Each borough returns to its figure of a year before.",
            partial(_from_path, simple.seasonal_naive),
        ),
        Method(
            "exponential_smoothing",
            "Exponential smoothing",
            "A level that follows each borough's figures, at the speed that was best so far.",
            partial(_from_path, simple.exponential_smoothing),
        ),
        Method(
            FOREST,
            "The study's random forest",
            "Reads the score off the force that was used, without knowing borough or time.",
            _forest,
        ),
    )
}
