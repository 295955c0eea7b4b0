"""What a model with groups or squares says: the association in each group, and how it changes with the predictor."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import stdtrit

from core.stats.regression.columns import Floats
from core.stats.regression.design import Design, design
from core.stats.regression.errors import ModelError, several
from core.stats.regression.fit import fit_design
from core.stats.regression.moderation import difference_name, moderating, square_name
from core.stats.regression.result import LEVEL, Estimate, FitResult, JointTest
from core.stats.regression.spec import ModelSpec
from core.tables.panel import Panel

QUANTILES = (0.1, 0.5, 0.9)
FEWEST_AREAS = 5  # in each of several groups that are tested together


@dataclass(frozen=True)
class ByGroup:
    """One association in groups of areas.

    Parameters
    ----------
    groups
        The association in each group.
    areas
        Number of areas of each.
    differences
        That of each group less that of the first.
    joint
        Test that more than two groups are all the same; ``None`` where there is none. Of two groups the difference is
        its own test.
    untested
        Why more than two groups have no test, in a sentence; empty elsewhere.
    """

    groups: Mapping[str, Estimate]
    areas: Mapping[str, int]
    differences: Mapping[str, Estimate]
    joint: JointTest | None
    untested: str


@dataclass(frozen=True)
class Bend:
    """An association that changes with the size of the predictor.

    Parameters
    ----------
    square
        Coefficient of the square of the predictor less its mean.
    slopes
        Value of the predictor in its form, at the quantiles :data:`QUANTILES` of the rows, with the association there.
    turning
        Value at which the association is zero, in the form of the predictor.
    low, high
        95% interval of `turning` after Fieller (1954, Journal of the Royal Statistical Society B 16(2)): the values at
        which zero is not rejected. Infinite where they have no end, as where the line may well be straight.
    beyond
        Share of the rows with a larger value than `turning`.
    """

    square: Estimate
    slopes: tuple[tuple[float, Estimate], ...]
    turning: float
    low: float
    high: float
    beyond: float

    @property
    def bounded(self) -> bool:
        """Whether the turning point has an interval with two ends."""
        return bool(np.isfinite(self.low) and np.isfinite(self.high))


def by_group(panel: Panel, spec: ModelSpec, term: str, labels: Mapping[str, str] | None = None) -> ByGroup:
    """The association of `term` in each group of the moderator of `spec`, and the differences.

    The model is that of `spec`, with the columns of `term` put together in another way, so that each group's
    association is a coefficient, with an interval to rely on.

    Raises
    ------
    ModelError
        If the model cannot be estimated.
    """
    rows = design(panel, spec, labels)
    key = moderating(panel, spec, labels or {}).keep(rows.rows)
    names = [difference_name(term, level, key.present[0]) for level in key.present[1:]]
    shares = np.bincount(key.places) / len(key.places)
    found, apart = fit_design(rows, wild=False), fit_design(_by_group(rows, term, names, shares), wild=False)
    own = [apart.estimate(name) for name in (term, *names)]
    areas = {level: len(np.unique(rows.area.codes[key.places == at])) for at, level in enumerate(key.present)}
    joint, untested = _tested(found, tuple(names), areas, panel.area)
    return ByGroup(
        groups=dict(zip(key.present, own, strict=True)),
        areas=areas,
        differences={level: found.estimate(name) for level, name in zip(key.present[1:], names, strict=True)},
        joint=joint,
        untested=untested,
    )


def _tested(
    found: FitResult, names: tuple[str, ...], areas: Mapping[str, int], area: str
) -> tuple[JointTest | None, str]:
    """The joint test of more than two groups, or why there is none."""
    if len(names) == 1:
        return None, ""
    few = next((group for group, count in areas.items() if count < FEWEST_AREAS), None)
    if few is not None:
        return None, f"Of {few} there are fewer than {FEWEST_AREAS} {several(area)}, too few for one."
    try:
        return found.wald(names), ""
    except ModelError as error:
        return None, str(error)


def _by_group(rows: Design, term: str, names: list[str], shares: Floats) -> Design:
    """`rows` with the predictor in each group in place of the predictor and its differences between groups.

    With d(g) = x (1(g) - share(g)) the predictor in group g is d(g) + share(g) x, and that in the first is the rest.
    """
    columns = [rows.position(name) for name in (term, *names)]
    X = rows.X.copy()
    whole = rows.X[:, columns[0]]
    inside = [rows.X[:, column] + share * whole for column, share in zip(columns[1:], shares[1:], strict=True)]
    for column, values in zip(columns, [whole - sum(inside), *inside], strict=True):
        X[:, column] = values
    return replace(rows, X=X)


def bend(panel: Panel, spec: ModelSpec, term: str, labels: Mapping[str, str] | None = None) -> Bend:
    """How the association of `term` changes with its size, and where it turns.

    Raises
    ------
    ModelError
        If the model cannot be estimated.
    """
    rows = design(panel, spec, labels)
    found = fit_design(rows, wild=False)
    names = (term, square_name(term))
    slope, square = (found.estimate(name) for name in names)
    covariance = found.covariance_of(names)
    values = _values(panel, rows, term)
    mean = float(values.mean())
    low, high = _fieller(slope, square, covariance)
    turning = mean - slope.estimate / (2 * square.estimate)
    return Bend(
        square=square,
        slopes=tuple(
            (float(at), found.combined(dict(zip(names, (1.0, 2 * (float(at) - mean)), strict=True)), term))
            for at in np.quantile(values, QUANTILES)
        ),
        turning=turning,
        low=mean + low,
        high=mean + high,
        beyond=float((values > turning).mean()),
    )


def _values(panel: Panel, rows: Design, term: str) -> Floats:
    """The predictor in its form on the rows, as a level also where changes are compared."""
    spec = rows.spec
    values = panel.values(term, spec.form, spec.window, spec.lag).to_numpy(dtype=float)
    return np.asarray(values[rows.rows])


def _fieller(slope: Estimate, square: Estimate, covariance: Floats) -> tuple[float, float]:
    """The distances from the mean at which an association of zero is not rejected; infinite without two ends."""
    critical = float(stdtrit(slope.df, (1 + LEVEL) / 2)) ** 2
    # (b + 2 c d)^2 <= t^2 (V(b) + 4 d V(b, c) + 4 d^2 V(c)), a parabola in d
    curve = 4 * (square.estimate**2 - critical * covariance[1, 1])
    line = 4 * (slope.estimate * square.estimate - critical * covariance[0, 1])
    level = slope.estimate**2 - critical * covariance[0, 0]
    if curve <= 0:
        return -np.inf, np.inf
    ends = np.roots([curve, line, level])
    return float(ends.real.min()), float(ends.real.max())
