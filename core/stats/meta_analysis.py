"""An average over groups that differ: random effects, with an interval for a group that was not seen."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from core.stats.regression.result import LEVEL

Floats = npt.NDArray[np.float64]
STEPS, PRECISION = 100, 1e-12


@dataclass(frozen=True)
class RandomEffects:
    """The average of effects that differ between groups.

    Parameters
    ----------
    mean, error
        The average and its standard error (Hartung and Knapp).
    low, high
        95% interval of the average.
    predicted_low, predicted_high
        95% prediction interval: where the effect of another group of the same kind would lie.
    spread
        Standard deviation of the effects between groups, without their own errors.
    count
        Number of groups.
    """

    mean: float
    error: float
    low: float
    high: float
    predicted_low: float
    predicted_high: float
    spread: float
    count: int


def random_effects(effects: Floats, variances: Floats) -> RandomEffects:
    """The average of `effects` of several groups, each with its own error.

    The variance between groups is that of Paule and Mandel (1982), the error of the average that of Hartung and Knapp
    (2001) with t on k - 1 degrees of freedom, and the prediction interval that of Partlett and Riley (2017) with k - 2.

    Parameters
    ----------
    effects
        One for each group, on a scale on which they add up (a logarithm for ratios).
    variances
        Their squared standard errors, above zero.

    Raises
    ------
    ValueError
        If there are fewer than three groups, or a variance is not above zero.
    """
    count = len(effects)
    if count < 3:
        raise ValueError(f"An average over groups needs at least three; there are {count}.")
    if not (variances > 0).all():
        raise ValueError("Each group needs a standard error above zero.")
    between = between_variance(effects, variances)
    weights = 1 / (variances + between)
    mean = float(weights @ effects / weights.sum())
    error = math.sqrt(float(weights @ (effects - mean) ** 2) / ((count - 1) * weights.sum()))
    reach = _t(count - 1) * error
    beyond = _t(count - 2) * math.sqrt(between + error**2)
    spread = math.sqrt(between)
    return RandomEffects(mean, error, mean - reach, mean + reach, mean - beyond, mean + beyond, spread, count)


def between_variance(effects: Floats, variances: Floats) -> float:
    """Variance between groups with which their weighted squares add up to what chance would give (Paule and Mandel).

    Newton's steps come from below and never overshoot: DerSimonian and Kacker (2007), appendix.
    """
    between = 0.0
    for _ in range(STEPS):
        weights = 1 / (variances + between)
        squares = (effects - weights @ effects / weights.sum()) ** 2
        surplus = float(weights @ squares) - (len(effects) - 1)
        if surplus <= PRECISION:
            break
        between += surplus / float(weights**2 @ squares)
    return between


def _t(degrees: int) -> float:
    return float(special.stdtrit(degrees, (1 + LEVEL) / 2))
