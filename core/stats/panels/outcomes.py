"""One model for several outcomes, with p-values that allow for looking at all of them (Holm 1979)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from core.stats.regression.errors import ModelError
from core.stats.regression.fit import fit
from core.stats.regression.power import holm
from core.stats.regression.result import Estimate
from core.stats.regression.spec import ModelSpec
from core.tables.panel import Panel


@dataclass(frozen=True)
class OutcomeFound:
    """The association of one outcome.

    Parameters
    ----------
    estimate
        The coefficient.
    adjusted
        Its p-value, adjusted for all outcomes that could be fitted.
    n
        Number of rows used.
    """

    estimate: Estimate
    adjusted: float
    n: int


@dataclass(frozen=True)
class SideBySide:
    """What each outcome gave, by its name: a result, or the reason why there is none."""

    found: Mapping[str, OutcomeFound]
    left_out: Mapping[str, str]


def side_by_side(
    panel: Panel, spec: ModelSpec, term: str, outcomes: Sequence[str], labels: Mapping[str, str] | None = None
) -> SideBySide:
    """Fit `spec` to each of `outcomes`, and take the coefficient of `term`."""
    fits, left_out = {}, {}
    for outcome in dict.fromkeys(outcomes):
        try:
            fits[outcome] = fit(panel, replace(spec, outcome=outcome), labels, wild=False)
        except ModelError as error:
            left_out[outcome] = str(error)
    estimates = {outcome: result.estimate(term) for outcome, result in fits.items()}
    adjusted = holm([estimate.p for estimate in estimates.values()])
    found = {
        outcome: OutcomeFound(estimate, p, fits[outcome].n)
        for (outcome, estimate), p in zip(estimates.items(), adjusted, strict=True)
    }
    return SideBySide(found, left_out)
