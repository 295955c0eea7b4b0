"""Power of a regression, equivalence to zero, and adjustment of several p-values.

Power is that of the two-sided t test and exact: the squared t statistic of a true coefficient has a
noncentral F distribution with the degrees of freedom of the estimate's standard error. With clustered
errors the t distribution is itself an approximation. Power is a property of the design (how large a true
coefficient these figures would have shown), so it is calculated for sizes that come from elsewhere, never for
the estimate itself, which would only restate the p-value (Hoenig and Heisey 2001, "The abuse of power",
The American Statistician 55(1)).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.special import ncfdtr, stdtr, stdtrit

from core.stats.regression.result import Estimate
from core.stats.robustness import SIGNIFICANCE

POWER = 0.8

NullCase = Literal["found", "would_have_found", "equivalent", "cannot_tell"]


class PowerError(ValueError):
    """An invalid probability, size or margin; the message says which to choose."""


@dataclass(frozen=True, slots=True)
class Equivalence:
    """Whether a coefficient is zero for practical purposes, by two one-sided tests.

    Parameters
    ----------
    margin
        Largest coefficient, in either direction, that counts as zero.
    p
        The larger p-value of the two tests, that the coefficient is at most -`margin` or at least `margin`.
    equivalent
        Whether `p` is below the level, i.e. whether the interval lies within the margins.
    low, high
        Interval with coverage 1 - 2 x level (90% for 0.05).
    """

    margin: float
    p: float
    equivalent: bool
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class NullVerdict:
    """What an estimate says about a zero association, and about one as large as published.

    Parameters
    ----------
    case
        ``"found"``: the 95% interval excludes zero. Otherwise ``"would_have_found"``: an association as large
        as published would have been found with 80% power, and the interval excludes it. Otherwise
        ``"equivalent"``: within the margin of zero. Otherwise ``"cannot_tell"``.
    published_size
        The published coefficient, with its sign.
    power
        Probability that a true coefficient of that size would have been found.
    ruled_out
        Whether the 95% interval excludes the published coefficient.
    equivalence
        The equivalence test.
    """

    case: NullCase
    published_size: float
    power: float
    ruled_out: bool
    equivalence: Equivalence


def smallest_effect(estimate: Estimate, power: float = POWER, level: float = SIGNIFICANCE) -> float:
    """Smallest true coefficient, in absolute value, that this design detects with probability `power`.

    Parameters
    ----------
    estimate
        Its standard error and degrees of freedom are used, not the coefficient.
    power
        Between `level` and 1.
    level
        Significance level of the two-sided test.

    Returns
    -------
    float
        In units of the coefficient.

    Raises
    ------
    PowerError
        If `level` is not between 0 and 1, or `power` not between `level` and 1.
    """
    # Imported here, because it takes a tenth of a second, which the landing page does not need.
    from scipy.optimize import brentq

    _check_level(level)
    if not level < power < 1:
        raise PowerError(f"The power is {power}; choose one between the level ({level}) and 1, such as 0.8.")
    farthest = _farthest(estimate.df, level)
    distance = brentq(lambda distance: _power(distance, estimate.df, level) - power, 0, farthest)
    return float(distance) * estimate.std_error


def power_against(estimate: Estimate, size: float, level: float = SIGNIFICANCE) -> float:
    """Probability that this design detects a true coefficient of `size`, whose sign does not matter.

    Raises
    ------
    PowerError
        If `level` is not between 0 and 1, or `size` is not a number.
    """
    _check_level(level)
    if not math.isfinite(size):
        raise PowerError(f"The size to find is {size}; give a number.")
    return _power(abs(size) / estimate.std_error, estimate.df, level)


def equivalence(estimate: Estimate, margin: float, level: float = SIGNIFICANCE) -> Equivalence:
    """Two one-sided tests that the coefficient lies within `margin` of zero (Schuirmann 1987).

    Raises
    ------
    PowerError
        If `margin` is not above zero, or `level` not between 0 and 0.5.
    """
    if not 0 < level < 0.5:
        raise PowerError(f"The level of an equivalence test is {level}; choose one between 0 and 0.5, such as 0.05.")
    if not (math.isfinite(margin) and margin > 0):
        raise PowerError(f"The margin is {margin}; give the largest coefficient that counts as none, above zero.")
    nearest = margin - abs(estimate.estimate)
    p = float(stdtr(estimate.df, -nearest / estimate.std_error))
    low, high = estimate.interval(1 - 2 * level)
    return Equivalence(margin, p, p < level, low, high)


def holm(p_values: Sequence[float]) -> list[float]:
    """`p_values` adjusted for multiple comparisons, in their order (Holm 1979).

    The probability of one or more false positives among them is then at most the level they are compared with.

    Raises
    ------
    PowerError
        If a p-value is not between 0 and 1.
    """
    values = np.asarray(p_values, dtype=float)
    outside = values[~((values >= 0) & (values <= 1))]
    if len(outside):
        raise PowerError(f"{outside[0]} is not a p-value; give numbers from 0 to 1.")
    order = np.argsort(values, kind="stable")
    adjusted = np.empty_like(values)
    adjusted[order] = np.minimum(np.maximum.accumulate(values[order] * np.arange(len(values), 0, -1)), 1)
    return [float(value) for value in adjusted]


def verdict_on_null(estimate: Estimate, published_size: float, margin: float) -> NullVerdict:
    """What `estimate` says about a zero association and about one of `published_size`.

    Power alone is not enough: a size that would have been found can still lie inside the interval, and is then
    compatible with the figures. So ``"would_have_found"`` requires both.

    Parameters
    ----------
    published_size
        The published coefficient with its sign, in units of this one (same form of the predictor).
    margin
        Largest coefficient, in either direction, that counts as zero.

    Raises
    ------
    PowerError
        If `published_size` is zero or not a number, or `margin` is not above zero.
    """
    if published_size == 0:
        raise PowerError("The published size is zero; give the coefficient that was published.")
    power = power_against(estimate, published_size)
    ruled_out = not estimate.low <= published_size <= estimate.high
    tested = equivalence(estimate, margin)
    case: NullCase = "cannot_tell"
    if not estimate.low <= 0 <= estimate.high:
        case = "found"
    elif power >= POWER and ruled_out:
        case = "would_have_found"
    elif tested.equivalent:
        case = "equivalent"
    return NullVerdict(case, published_size, power, ruled_out, tested)


def _power(distance: float, df: int, level: float) -> float:
    """Power of the two-sided t test against a coefficient `distance` standard errors from zero."""
    distance = min(distance, _farthest(df, level))
    missed = float(ncfdtr(1, df, distance**2, _critical(df, level) ** 2))
    # NaN if the probability of a miss underflows; rounded to 1 very near zero.
    return 1.0 if math.isnan(missed) else max(level, 1 - missed)


def _farthest(df: int, level: float) -> float:
    """Number of standard errors from zero at which power is 1 to machine precision."""
    return 10 * (1 + _critical(df, level))


def _critical(df: int, level: float) -> float:
    return float(stdtrit(df, 1 - level / 2))


def _check_level(level: float) -> None:
    if not 0 < level < 1:
        raise PowerError(f"The significance level is {level}; choose one between 0 and 1, such as 0.05.")
