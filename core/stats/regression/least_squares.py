"""Least squares with absorbed effects, the basis of every covariance, test and diagnostic."""

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from core.stats.regression.absorption import DETERMINED, Effects, effects_of
from core.stats.regression.columns import Floats
from core.stats.regression.design import CONSTANT, Design
from core.stats.regression.errors import Collinear, NoVariation, PerfectFit, TooFewRows, listed, several

SAME = 1e-13  # spread of a column, relative to its size, that is only rounding error
FEWEST_FOR_A_TREND = 3  # periods of an area, of which its level and its trend take up two
EXACT_FIT = 1e-10  # size of the residuals, relative to the outcome, in a perfect fit


@dataclass(frozen=True, eq=False)
class Factors:
    """The factorised columns of a model, for any outcome on the same rows.

    Parameters
    ----------
    effects
        The effects absorbed.
    x
        Columns without the effects, times the root of the weights, shape (n, k).
    basis
        Orthonormal basis of the columns of `x`, shape (n, k).
    inverse
        Matrix from coordinates in `basis` to coefficients, shape (k, k).
    bread
        Inverse of ``x.T @ x``, shape (k, k).
    """

    effects: Effects
    x: Floats
    basis: Floats
    inverse: Floats
    bread: Floats


@dataclass(frozen=True, eq=False)
class LeastSquares:
    """A solved regression, in units where weighted least squares is ordinary least squares.

    Parameters
    ----------
    design
        The design that was solved.
    factors
        The factorised columns and the absorbed effects.
    y
        Outcome without the effects, times `root_weights`, shape (n,).
    coefficients
        Shape (k,).
    residuals
        Outcome minus fitted values, times `root_weights`, shape (n,).
    """

    design: Design
    factors: Factors
    y: Floats
    coefficients: Floats
    residuals: Floats

    @property
    def effects(self) -> Effects:
        """The effects absorbed."""
        return self.factors.effects

    @property
    def root_weights(self) -> Floats:
        """Root of the weights, which have mean one, shape (n,)."""
        return self.effects.root_weights

    @property
    def x(self) -> Floats:
        """Columns without the effects, times `root_weights`, shape (n, k)."""
        return self.factors.x

    @property
    def bread(self) -> Floats:
        """Inverse of ``x.T @ x``, shape (k, k)."""
        return self.factors.bread

    @property
    def n(self) -> int:
        """Number of rows."""
        return len(self.design.rows)

    @property
    def unknowns(self) -> int:
        """Number of coefficients and free levels of the effects."""
        return len(self.coefficients) + self.effects.rank

    @cached_property
    def scores(self) -> Floats:
        """Score of each row, shape (n, k)."""
        return self.x * self.residuals[:, None]

    @property
    def variance(self) -> float:
        """Variance of the residuals, with `n` minus `unknowns` degrees of freedom."""
        return float(self.residuals @ self.residuals) / (self.n - self.unknowns)

    def partial_residuals(self, column: int) -> tuple[Floats, Floats]:
        """Column number `column` and the outcome, each residualised on the other columns and the effects.

        The slope of the second on the first is the coefficient (Frisch, Waugh and Lovell).
        """
        others = np.delete(self.x, column, axis=1)
        others = others / np.linalg.norm(others, axis=0)
        both = np.column_stack([self.x[:, column], self.y])
        shares, *_ = np.linalg.lstsq(others, both)
        x, y = (both - others @ shares).T
        return x, y


def solve(design: Design) -> LeastSquares:
    """Estimate the coefficients of `design`.

    Raises
    ------
    TooFewRows, NoVariation, Collinear, PerfectFit
        If the rows do not identify the coefficients, or leave no residual variation.
    """
    effects = absorb(design)
    return explain(design, factor(design, effects), effects.removed(design.y))


def absorb(design: Design) -> Effects:
    """The weights and effects of `design`, to be partialled out of any column on its rows."""
    if not len(design.weights):
        raise TooFewRows(f"No rows are left; choose more {several(design.area.name)} or {several(design.period.name)}.")
    root_weights = np.sqrt(design.weights / design.weights.mean())
    return effects_on(design, root_weights)


def effects_on(design: Design, root_weights: Floats) -> Effects:
    """The effects and trends of `design` with other weights; raise :class:`TooFewRows` if no area has a trend."""
    area, period = design.area, design.period.name
    if design.spec.trends and np.bincount(area.places).max() < FEWEST_FOR_A_TREND:
        raise TooFewRows(
            f"No {area.noun} has {FEWEST_FOR_A_TREND} {several(period)}, and a trend of its own takes up two of them; "
            f"choose more {several(period)}, or leave the trends out."
        )
    return effects_of(root_weights, design.effects, area, design.times)


def factor(design: Design, effects: Effects) -> Factors:
    """The factorised columns of `design` without `effects`; raise :class:`Collinear` if they are collinear."""
    _check_rows(design, effects)
    for name, column in zip(design.names, design.X.T, strict=True):
        _check_variation(design, name, column)
    x = effects.removed(design.X)
    for name, left, column in zip(design.names, x.T, design.X.T, strict=True):
        _check_left(design, name, left, column, effects)
    scale = np.linalg.norm(x, axis=0)
    basis, r = np.linalg.qr(x / scale)
    _check_collinear(design, r)
    inverse = np.linalg.inv(r) / scale[:, None]
    return Factors(effects, x, basis, inverse, inverse @ inverse.T)


def explain(design: Design, factors: Factors, y: Floats) -> LeastSquares:
    """The regression of `y`, the outcome of `design` without the effects, on its factorised columns."""
    _check_variation(design, design.spec.outcome, design.y)
    _check_outcome_left(design, y, factors.effects)
    coefficients = factors.inverse @ (factors.basis.T @ y)
    residuals = y - factors.x @ coefficients
    _check_residuals(design, y, residuals)
    return LeastSquares(design, factors, y, coefficients, residuals)


def _check_rows(design: Design, effects: Effects) -> None:
    n, unknowns = len(design.y), design.X.shape[1] + effects.rank
    if n <= unknowns:
        raise TooFewRows(
            f"The sample has {n} row{'s' * (n != 1)} for {unknowns} unknowns; "
            f"choose more {several(design.area.name)} or {several(design.period.name)}, or fewer variables."
        )


def _check_variation(design: Design, name: str, column: Floats) -> None:
    low, high = column.min(), column.max()
    if name != CONSTANT and high - low <= SAME * max(abs(low), abs(high)):
        raise NoVariation(
            f"{design.label(name)} is the same in every row of the sample; "
            f"choose more {several(design.area.name)} or {several(design.period.name)}, or another variable."
        )


def _check_left(design: Design, name: str, left: Floats, column: Floats, effects: Effects) -> None:
    """Raise :class:`Collinear` if the effects determine a column."""
    if design.effects and _is_gone(left, column, effects.root_weights):
        raise Collinear(
            f"{design.label(name)} does not vary once {design.taken_out} are taken out, so they already "
            "account for it; leave it out or drop an effect."
        )


def _check_outcome_left(design: Design, y: Floats, effects: Effects) -> None:
    if design.effects and _is_gone(y, design.y, effects.root_weights):
        raise NoVariation(
            f"{design.label(design.spec.outcome)} does not vary once {design.taken_out} are taken out; "
            "drop an effect or choose another outcome."
        )


def _is_gone(left: Floats, column: Floats, root_weights: Floats) -> bool:
    spread = _length((column - column.mean()) * root_weights)
    size = _length(column * root_weights)
    return _length(left) <= max(DETERMINED * spread, SAME * size)


def _length(column: Floats) -> float:
    return math.sqrt(column @ column)


def _check_collinear(design: Design, r: Floats) -> None:
    """Raise :class:`Collinear` for the first column that is determined by those before it."""
    for position, size in enumerate(np.abs(np.diag(r))):
        if size > DETERMINED:
            continue
        parts = np.linalg.solve(r[:position, :position], r[:position, position])
        others = [name for name, part in zip(design.names, parts, strict=False) if abs(part) > DETERMINED]
        named = listed(design.label(name) for name in others if name != CONSTANT)
        raise Collinear(
            f"{design.label(design.names[position])} is determined by {named}, so their separate effects cannot be "
            "distinguished; leave one out."
        )


def _check_residuals(design: Design, y: Floats, residuals: Floats) -> None:
    if _length(residuals) <= EXACT_FIT * _length(y):
        raise PerfectFit(
            f"The variables determine {design.label(design.spec.outcome)} exactly, so there is no error to measure; "
            "leave out the one it is made of."
        )
