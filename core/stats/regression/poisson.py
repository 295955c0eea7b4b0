"""Poisson regression with absorbed effects: the expected outcome is the exponential of the line.

The estimates are right for any outcome of zero or more whose expectation the line describes, not for counts alone
(pseudo maximum likelihood: Gourieroux, Monfort and Trognon 1984, Econometrica 52; Santos Silva and Tenreyro 2006,
Review of Economics and Statistics 88). They are found by iterated weighted least squares, with effects taken out in
each step (Correia, Guimaraes and Zylkin 2020, Stata Journal 20). The last step is a least-squares model whose scores
are those of the Poisson regression, so that every covariance, diagnostic and test of least squares can be used on it;
what it says of rows left out is linearised at the estimate.
"""

from dataclasses import replace

import numpy as np

from core.stats.regression.absorption import separate_keys
from core.stats.regression.columns import Floats, Mask
from core.stats.regression.design import Design
from core.stats.regression.errors import NoConvergence, NoVariation, Separated
from core.stats.regression.least_squares import LeastSquares, effects_on, solve

MOST_STEPS = 200
CONVERGED = 1e-9  # change of a logarithm in a step, which the step after it would square
FURTHEST = 300.0  # size of a logarithm whose exponential, and its square, are floats
KEPT_AT_ZERO = 1e8  # weight of rows above zero, which must not move, next to those at zero
MOVED = 1e-3  # what moves more than this is separated; the regressor starts at one
NOTE = (
    "Poisson regression (pseudo maximum likelihood): coefficients are changes of the logarithm of the expected "
    "outcome, and R\N{SUPERSCRIPT TWO} is the part of the deviance that is explained."
)


def solve_poisson(design: Design) -> LeastSquares:
    """Estimate `design` as a Poisson regression.

    Levels of an effect in which the outcome is always zero say nothing about the coefficients, and their rows are left
    out.

    Returns
    -------
    LeastSquares
        The last step: its design has the linearised outcome, and weights times the expected outcome.

    Raises
    ------
    NoVariation
        If the outcome is zero in every row.
    Separated
        If the variables determine some of the zeros, so that no estimate exists.
    NoConvergence
        If no estimate is found.
    ModelError
        As :func:`core.stats.regression.least_squares.solve` does.
    """
    rows, outcome = _with_events(design), design.label(design.spec.outcome)
    if not rows.y.any():
        raise NoVariation(f"{outcome} is zero in every row of the sample; choose another outcome.")
    if _separated(rows).any():
        raise Separated(
            f"The variables determine some of the rows in which {outcome} is zero, so a Poisson regression has no "
            "estimate; leave one out, or take the outcome in another way."
        )
    expected = (rows.y + np.average(rows.y, weights=rows.weights)) / 2
    for _ in range(MOST_STEPS):
        model, before = solve(_linearised(rows, expected)), np.log(expected)
        line = np.clip(_line(model), -FURTHEST, FURTHEST)
        if np.abs(line - before).max() <= CONVERGED:
            return model
        expected = np.exp(line)
    raise NoConvergence(
        f"No Poisson estimate for {outcome} was found in {MOST_STEPS} steps; leave a variable out, or take the outcome "
        "in another way."
    )


def deviance(outcome: Floats, expected: Floats, weights: Floats) -> float:
    """Weighted deviance of `outcome` from what is `expected`, each of shape (n,)."""
    ratio = np.divide(outcome, expected, out=np.ones_like(outcome), where=outcome > 0)
    return 2 * float(weights @ (outcome * np.log(ratio) - (outcome - expected)))


def deviance_explained(model: LeastSquares) -> float:
    """Part of the deviance from the mean that a solved `model` explains, effects included."""
    expected = np.exp(_line(model))
    outcome = expected * (1 + model.residuals / model.root_weights)
    weights = model.design.weights / expected
    mean = np.full_like(outcome, np.average(outcome, weights=weights))
    return 1 - deviance(outcome, expected, weights) / deviance(outcome, mean, weights)


def deviance_explained_within(model: LeastSquares) -> float:
    """Part of the deviance within the levels of its effects that the columns of a solved `model` explain.

    The R2 of Cameron and Windmeijer (1997, Journal of Econometrics 77(2)) next to a model of the effects alone, which
    iterative proportional fitting finds: each key's sums are made those of the outcome in turn.
    """
    expected = np.exp(_line(model))
    outcome = expected * (1 + model.residuals / model.root_weights)
    weights = model.design.weights / expected
    alone = np.full_like(outcome, np.average(outcome, weights=weights))
    keys = separate_keys(model.design.effects)
    for _ in range(MOST_STEPS if keys else 0):
        before = alone
        for key in keys:
            wanted, now = (key.sums((weights * values)[:, None])[:, 0] for values in (outcome, alone))
            alone = alone * (wanted / now)[key.places]
        if np.abs(alone / before - 1).max() <= CONVERGED:
            break
    return 1 - deviance(outcome, expected, weights) / deviance(outcome, alone, weights)


def _line(model: LeastSquares) -> Floats:
    """Logarithm of the expected outcome of each row, shape (n,)."""
    return np.asarray(model.design.y - model.residuals / model.root_weights)


def _linearised(rows: Design, expected: Floats) -> Design:
    """The least-squares problem of the next step, around the outcome `expected` now."""
    working = np.log(expected) + (rows.y - expected) / expected
    return replace(rows, y=working, weights=rows.weights * expected)


def _with_events(design: Design) -> Design:
    """`design` without the rows of levels of an effect in which the outcome is always zero."""
    while True:
        events = [(key, key.sums(design.y[:, None])[:, 0]) for key in design.effects]
        kept: Mask = np.logical_and.reduce([sums[key.places] > 0 for key, sums in events], initial=True)
        kept = np.broadcast_to(kept, design.y.shape)
        if kept.all() or not kept.any():
            return design
        design = design.keep(kept)


def _separated(rows: Design) -> Mask:
    """Rows at zero that a combination of variables and effects determines, and never a row above zero.

    The iterative rectifier of Correia, Guimaraes and Zylkin (2019, arXiv:1903.01633): a regressor that is one at zeros
    is regressed on the columns, with rows above zero held in place by large weights, and its negative part is cut off,
    until nothing is negative. What is left above zero is separated.
    """
    zero = rows.y == 0
    moving = zero.astype(float)
    root_weights = np.sqrt(np.where(zero, 1.0, KEPT_AT_ZERO))
    effects = effects_on(rows, root_weights)
    x = effects.removed(rows.X)
    scale = np.linalg.norm(x, axis=0)
    basis, _ = np.linalg.qr(x[:, scale > 0] / scale[scale > 0])
    for _ in range(MOST_STEPS if zero.any() else 0):
        left = effects.removed(moving)
        fitted = moving - (left - basis @ (basis.T @ left)) / root_weights
        if (fitted[zero] >= -MOVED).all():
            return np.asarray(zero & (fitted > MOVED))
        moving = np.where(zero, np.maximum(fitted, 0), 0.0)
    return np.zeros_like(zero)
