"""Joint inference on a specification curve: would as many estimates be clear if there were nothing to find?

Specifications of one curve share their rows, so that a whole curve can come out clear by one accident. The test of
Simonsohn, Simmons and Nelson (2020, "Specification curve analysis", Nature Human Behaviour 4) works the curve out
again on figures in which the null is true, and asks how often it is as extreme as the one observed. Here the null is
imposed on every specification (the outcome without the association estimated in it, so its restricted residuals), and
the residuals of whole clusters get a random sign, the same for all specifications of a draw: what is related within a
cluster stays related, and so do the specifications. With errors clustered by the same key, each draw is a function of
sums by cluster (:mod:`core.stats.regression.covariance.bootstrap`), so no draw needs a regression of its own.
"""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from core.stats.regression.absorption import Effects
from core.stats.regression.columns import Floats
from core.stats.regression.covariance.bootstrap import TIE, draw_statistics
from core.stats.regression.covariance.estimators import cluster
from core.stats.regression.curves.choices import effect_set
from core.stats.regression.curves.curve import step
from core.stats.regression.design import Variables
from core.stats.regression.errors import ModelError, NoSpecification
from core.stats.regression.fit import standard_errors
from core.stats.regression.least_squares import LeastSquares, absorb, explain, factor
from core.stats.regression.result import LEVEL
from core.stats.regression.sample import Rows
from core.stats.regression.spec import ModelSpec
from core.stats.relative import per_cent
from core.tables.panel import POINTS, Panel
from core.tables.progress import Progress

DRAWS = 500
SEED = 20_200_707
REPORTS = 50  # maximum number of progress reports


@dataclass(frozen=True, slots=True)
class Joint:
    """A curve against what it would be without an association.

    Parameters
    ----------
    specs
        Number of specifications, each with clustered errors.
    share
        Share of them that are clear at 5% with the sign that more of the clear ones have.
    usual_share, high_share
        Mean of that share over the draws, and the share that one draw in twenty exceeds.
    share_p
        Part of the draws, the observed curve among them, with at least that share.
    median
        Median effect, in percentage points of the outcome for 10% more of the predictor.
    median_p
        Part of the draws, the observed curve among them, with a median at least as far from zero.
    """

    specs: int
    share: float
    usual_share: float
    high_share: float
    share_p: float
    median: float
    median_p: float

    @property
    def p(self) -> float:
        """The larger of the two p-values: both must be small for more than chance."""
        return max(self.share_p, self.median_p)


def joint_tests(
    panel: Panel,
    specs: Sequence[ModelSpec],
    terms: Sequence[str],
    labels: Mapping[str, str] | None = None,
    draws: int = DRAWS,
    progress: Progress | None = None,
) -> dict[str, Joint]:
    """Test for each of `terms` that no specification of `specs` has an association of it to find.

    Parameters
    ----------
    specs
        Specifications of one estimand by least squares; errors of every kind are taken as clustered, and what is then
        the same counts once. Those that cannot be estimated are left out. Each has all of `terms` as predictors.
    draws
        Number of draws, besides the observed curve.
    progress
        Called repeatedly with the share done, at the end with 1.

    Raises
    ------
    NoSpecification
        If none can be estimated.
    """
    clustered = tuple(dict.fromkeys(replace(spec, covariance="cluster", kernel_lags=0) for spec in specs))
    effects, signs = resampled(panel, clustered, terms, labels, draws, progress)
    return {term: _joint(effects[:, at], signs[:, at]) for at, term in enumerate(terms)}


def joint_by_estimand(
    panel: Panel,
    specs: Sequence[ModelSpec],
    term: str,
    labels: Mapping[str, str] | None = None,
    progress: Progress | None = None,
) -> dict[tuple[str, ...], Joint]:
    """The joint test of `term` for each set of effects in `specs`, since each asks another question.

    Raises
    ------
    NoSpecification
        If none of one set can be estimated.
    """
    found, done = {}, 0
    for effects in dict.fromkeys(map(effect_set, specs)):
        own = [spec for spec in specs if effect_set(spec) == effects]
        part = partial(_share_of, progress, done / len(specs), len(own) / len(specs)) if progress else None
        found[effects] = joint_tests(panel, own, (term,), labels, progress=part)[term]
        done += len(own)
    return found


def _share_of(progress: Progress, before: float, size: float, done: float) -> None:
    """Report that `done` of a part of the work is done, which begins at `before` and has `size`."""
    progress(before + size * done)


def _joint(effects: Floats, signs: NDArray[np.int8]) -> Joint:
    """The curve of one term, shape (specifications, 1 + draws), against its draws."""
    clear = np.maximum((signs > 0).mean(axis=0), (signs < 0).mean(axis=0))
    medians = np.median(effects, axis=0)
    return Joint(
        specs=len(effects),
        share=float(clear[0]),
        usual_share=float(clear[1:].mean()),
        high_share=float(np.quantile(clear[1:], 0.95)),
        share_p=_extreme(clear),
        median=float(medians[0]),
        median_p=_extreme(np.abs(medians)),
    )


def resampled(
    panel: Panel,
    specs: Sequence[ModelSpec],
    terms: Sequence[str],
    labels: Mapping[str, str] | None = None,
    draws: int = DRAWS,
    progress: Progress | None = None,
) -> tuple[Floats, NDArray[np.int8]]:
    """Effects of `terms` in each specification, and their signs where clear (else 0): as observed, then one per draw.

    Returns
    -------
    effects, signs
        Shape (specifications that can be estimated, terms, 1 + draws); effects in percentage points for 10% more.

    Raises
    ------
    NoSpecification
        If none can be estimated.
    """
    found = []
    every = max(len(specs) // REPORTS, 1)
    for done, model in enumerate(_solved(panel, specs, labels or {}), start=1):
        if model is not None:
            signs = patterns(len(model.design.cluster.levels), draws)
            found.append(list(zip(*(_drawn(model, term, signs) for term in terms), strict=True)))
        if progress and (done % every == 0 or done == len(specs)):
            progress(done / len(specs))
    if not found:
        raise NoSpecification("None of the specifications can be estimated with clustered errors; choose others.")
    return np.array([effects for effects, _ in found]), np.array([signs for _, signs in found])


@lru_cache(maxsize=2)
def patterns(n_clusters: int, draws: int) -> NDArray[np.int8]:
    """Signs of each cluster of the panel, shape (1 + draws, n_clusters): all ones first, then at random."""
    random = np.random.default_rng(SEED).integers(0, 2, size=(draws, n_clusters))
    signs = np.vstack([np.ones((1, n_clusters), np.int8), (1 - 2 * random).astype(np.int8)])
    signs.setflags(write=False)
    return signs


def _solved(panel: Panel, specs: Sequence[ModelSpec], labels: Mapping[str, str]) -> Iterator[LeastSquares | None]:
    """The model of each specification, or ``None``; effects are absorbed once for the same rows and weights."""
    variables = Variables(panel, labels)
    absorbed: dict[Hashable, Effects] = {}
    return (_model(variables, spec, absorbed) for spec in specs)


def _model(variables: Variables, spec: ModelSpec, absorbed: dict[Hashable, Effects]) -> LeastSquares | None:
    try:
        rows = variables.rows(spec)
        return _explained(variables, spec, rows, absorbed)
    except ModelError:
        return None


def _explained(variables: Variables, spec: ModelSpec, rows: Rows, absorbed: dict[Hashable, Effects]) -> LeastSquares:
    if spec.response == "poisson":
        raise NoSpecification("The joint test is one of least squares; take the outcome as it is, or its logarithm.")
    design = variables.design(spec, rows)
    key = rows.positions.tobytes(), spec.weights, spec.effects, spec.trends, spec.differences
    if key not in absorbed:
        absorbed[key] = absorb(design)
    effects = absorbed[key]
    return explain(design, factor(design, effects), effects.removed(design.y))


def _drawn(model: LeastSquares, term: str, signs: NDArray[np.int8]) -> tuple[Floats, NDArray[np.int8]]:
    """Effect and clear sign of `term` under each pattern of `signs`, which are by level of the cluster."""
    design, column = model.design, model.design.position(term)
    here = signs[:, design.cluster.used].astype(float)
    numerators, denominators = draw_statistics(model, column, here)
    errors = cluster(model)
    # Statistics come up to one common factor, which the observed standard error gives.
    unit = float(standard_errors(model, errors)[column]) / (model.bread[column, column] * denominators[0])
    critical = float(stdtrit(errors.df, (1 + LEVEL) / 2))
    clear = np.abs(numerators) > critical * unit * denominators
    position = design.spec.predictors.index(term)
    size = step(design.spec.form, design.means[position], design.own_steps[position])
    changes = numerators * size * model.bread[column, column]
    effects = per_cent(changes) if design.spec.relative else changes * POINTS
    return effects, (np.sign(numerators) * clear).astype(np.int8)


def _extreme(statistics: Floats) -> float:
    """Part of the `statistics` that are at least the first, itself among them."""
    return float((statistics >= statistics[0] * (1 - TIE)).mean())
