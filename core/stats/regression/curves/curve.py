"""The specification curve: how much an estimate depends on the choices of the analyst.

Every combination of defensible choices is estimated, and the estimates are shown in order (Simonsohn,
Simmons and Nelson 2020, "Specification curve analysis", Nature Human Behaviour 4). The curve shows how
robust an answer is; it does not make it true.
"""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from core.stats.regression.curves.batch import Fitted, SpecLeftOut, fit_many
from core.stats.regression.curves.choices import Choices, effect_set
from core.stats.regression.errors import NoSpecification, TooCostly, UnknownVariable
from core.stats.regression.spec import ModelSpec
from core.stats.relative import per_cent
from core.stats.robustness import SIGNIFICANCE
from core.tables.options import Form
from core.tables.panel import POINTS, Panel
from core.tables.progress import Progress

MORE = 0.10
NONE = "none"
MOST_ROWS = 20_000_000  # rows of all specifications together, which take about a minute
REPORTS = 100  # maximum number of progress reports

CHOICES = ("outcome", "form", "window", "lag", "effects", "controls", "sample", "weights", "covariance")
_DESCRIBED = (*CHOICES, "kernel_lags")
_INFLUENCE = (
    "choice",
    "alternatives",
    "lowest",
    "highest",
    "moves",
    "mean_range",
    "median_range",
    "explained",
    "significant_range",
)


def step(form: Form, mean: float, own: float = 0.0) -> float:
    """Size of "10% more" of a predictor in the units in which it enters the model, or of the step of its `own`.

    Parameters
    ----------
    form
        The predictor's form.
    mean
        Its mean in the sample, in that form; not used for logarithms.
    own
        Its :attr:`~core.stats.regression.columns.Column.own_step`: not 0 where 10% more means nothing.

    Returns
    -------
    float
        ln 1.1 for a logarithm, `own` where it is taken as it is, a tenth of the mean otherwise, so that forms with
        different units are comparable.
    """
    if own and form == "count":
        return own
    return math.log1p(MORE) if form in ("log", "log_per_1000") else MORE * abs(mean)


@dataclass(frozen=True)
class Shares:
    """Shares of the specifications (0 to 1) whose estimate is below or above zero and significant at 5%."""

    negative_significant: float
    positive_significant: float


@dataclass(frozen=True, eq=False)
class Curve:
    """Estimates of all specifications, in order.

    Parameters
    ----------
    choices
        The choices that were combined.
    term
        The predictor whose coefficient is shown.
    table
        One row per specification, sorted by ``effect``. The choices, by the names of :data:`CHOICES` and
        ``kernel_lags``; ``n``, ``first_period`` and ``last_period`` of the rows used; ``estimate``, ``std_error``,
        ``df``, ``p``, ``low`` and ``high`` of the coefficient, with its 95% interval; ``effect``, ``effect_low`` and
        ``effect_high``, the same in percentage points of the outcome for 10% more of the predictor (in per cent of it
        where its logarithm is explained), with ``step``, the size of that in the predictor's units.
        Effects are comparable across forms; coefficients are not.
    left_out
        One row per specification that cannot be estimated: the choices, and ``reason``, a sentence.
    specs
        The specification of each row of `table`.
    """

    choices: Choices
    term: str
    table: pd.DataFrame
    left_out: pd.DataFrame
    specs: tuple[ModelSpec, ...]

    @property
    def median(self) -> float:
        """Median effect, in percentage points for 10% more of the predictor."""
        return float(self.table["effect"].median())

    @property
    def significant(self) -> pd.Series:
        """Whether each row is significant at 5%."""
        return self.table["p"] < SIGNIFICANCE

    def shares(self) -> Shares:
        """What part of the specifications has each sign, significant or not."""
        negative, significant = self.table["effect"] < 0, self.significant
        return Shares(
            negative_significant=float((negative & significant).mean()),
            positive_significant=float((~negative & significant).mean()),
        )

    def influence(self) -> pd.DataFrame:
        """How much each choice changes the estimate, in descending order.

        Returns
        -------
        DataFrame
            One row per choice with more than one remaining alternative. ``choice``; ``alternatives``, how many;
            ``lowest`` and ``highest``, those with the lowest and the highest mean effect; ``moves``, the mean range
            of the effects of specifications that differ in this choice alone, by which rows are sorted (missing if
            there are none); ``mean_range`` and ``median_range``, ranges of the means and medians
            of the alternatives; ``explained``, the share of the variance of the effects between the alternatives (eta
            squared of a one-way analysis of variance); ``significant_range``, the range of the shares of
            significant specifications of the alternatives. Ranges of effects are in percentage points. If some
            combinations are left out, alternatives are not combined with the same other choices: ``moves`` allows for
            that, the others do not.
        """
        return self._influences.copy()

    @cached_property
    def _influences(self) -> pd.DataFrame:
        rows = [self._influence(choice) for choice in CHOICES if self.table[choice].nunique() > 1]
        influences = pd.DataFrame(rows, columns=list(_INFLUENCE))
        return influences.sort_values(["moves", "explained"], ascending=False, kind="stable", ignore_index=True)

    def _influence(self, choice: str) -> dict[str, object]:
        by = self.table[choice]
        effects = self.table["effect"].groupby(by)
        means, medians = effects.mean(), effects.median()
        significant = self.significant.groupby(by).mean()
        return {
            "choice": choice,
            "alternatives": len(means),
            "lowest": str(means.idxmin()),
            "highest": str(means.idxmax()),
            "moves": self._moves(choice),
            "mean_range": float(np.ptp(means)),
            "median_range": float(np.ptp(medians)),
            "explained": _explained(self.table["effect"], effects.transform("mean")),
            "significant_range": float(np.ptp(significant)),
        }

    def _moves(self, choice: str) -> float:
        """Mean range of the effects within sets of specifications that differ in `choice` alone."""
        varied = {choice, "kernel_lags"} if choice == "covariance" else {choice}
        others = [name for name in _DESCRIBED if name not in varied]
        effects = self.table.groupby(others, sort=False, dropna=False)["effect"]
        ranges = effects.max() - effects.min()
        return float(ranges[effects.size() > 1].mean())

    def mark(self, spec: ModelSpec) -> int | None:
        """Row of `table` that is `spec`, or the same model on the same rows; ``None`` where there is none.

        A first or last period that excludes no row makes no difference, nor does the order of variables
        or a kernel that the errors do not use.
        """
        model = _model(spec)
        extents = zip(self.specs, self.table["first_period"], self.table["last_period"], strict=True)
        for position, (shown, first, last) in enumerate(extents):
            if _model(shown) == model and _same_periods(spec, shown, first, last):
                return position
        return None


def specification_curves(
    panel: Panel,
    choices: Choices,
    labels: Mapping[str, str] | None = None,
    progress: Progress | None = None,
) -> dict[str, Curve]:
    """Estimate every combination of `choices` on `panel`, once for all predictors.

    Parameters
    ----------
    labels
        Readable names of variables, for the sentences on why specifications are left out.
    progress
        Called repeatedly with the share of specifications done, at the end with 1.

    Returns
    -------
    dict of str to Curve
        The curve of each predictor's coefficient, by its name. Every coefficient and error is that of
        :func:`core.stats.regression.fit.fit`. Combinations for which it raises an error (collinear, no
        variation, too few rows...) are left out with its message.

    Raises
    ------
    NoSpecification
        If every specification is left out.
    TooCostly
        If there are more specifications than can be estimated on so many rows.
    """
    _check_cost(panel, choices)
    results = list(_reported(fit_many(panel, choices.specs(), labels), len(choices), progress))
    fitted = [result for result in results if isinstance(result, Fitted)]
    left_out = _left_out(choices, [result for result in results if isinstance(result, SpecLeftOut)])
    if not fitted:
        raise NoSpecification(
            f"None of the {len(results):,} specifications can be estimated; the most frequent reason is: "
            f"{left_out['reason'].mode().iloc[0]}"
        )
    described = _described(choices, [result.spec for result in fitted])
    return {
        term: _curve(choices, term, described, fitted, position, left_out)
        for position, term in enumerate(choices.predictors)
    }


def specification_curve(
    panel: Panel,
    choices: Choices,
    term: str,
    labels: Mapping[str, str] | None = None,
    progress: Progress | None = None,
) -> Curve:
    """One of :func:`specification_curves`.

    Parameters
    ----------
    term
        The predictor whose coefficient is shown.

    Raises
    ------
    UnknownVariable
        If `term` is not one of the predictors.
    NoSpecification
        If every specification is left out.
    """
    if term not in choices.predictors:
        name = (labels or {}).get(term, term)
        raise UnknownVariable(f"{name} is not a predictor of these models; choose one of their predictors.")
    return specification_curves(panel, choices, labels, progress)[term]


def _check_cost(panel: Panel, choices: Choices) -> None:
    if len(choices) * len(panel.frame) > MOST_ROWS:
        raise TooCostly(
            f"{len(choices):,} specifications of {len(panel.frame):,} rows each are more than can be estimated here, "
            f"{MOST_ROWS:,} rows in all; tick fewer choices, or use figures of fewer rows."
        )


def _curve(
    choices: Choices, term: str, described: pd.DataFrame, fitted: list[Fitted], position: int, left_out: pd.DataFrame
) -> Curve:
    """The curve of `term`, which is the predictor at `position`."""
    table = _table(described, fitted, position).sort_values(["effect", *_DESCRIBED], kind="stable")
    specs = tuple(fitted[row].spec for row in table.index)
    return Curve(choices, term, table.reset_index(drop=True), left_out, specs)


def _reported(
    results: Iterable[Fitted | SpecLeftOut], total: int, progress: Progress | None
) -> Iterator[Fitted | SpecLeftOut]:
    every = max(total // REPORTS, 1)
    for done, result in enumerate(results, start=1):
        yield result
        if progress and (done % every == 0 or done == total):
            progress(done / total)


def _table(described: pd.DataFrame, fitted: list[Fitted], position: int) -> pd.DataFrame:
    numbers = pd.DataFrame([_numbers(result, position) for result in fitted])
    changes = numbers[["estimate", "low", "high"]].mul(numbers["step"], axis=0)
    points = changes.apply(per_cent) if fitted[0].spec.relative else changes * POINTS
    points.columns = ["effect", "effect_low", "effect_high"]
    return pd.concat([described, numbers, points], axis=1)


def _numbers(result: Fitted, position: int) -> dict[str, object]:
    found = result.found[position]
    return {
        "n": result.n,
        "first_period": result.first_period,
        "last_period": result.last_period,
        "estimate": found.estimate,
        "std_error": found.std_error,
        "df": found.df,
        "p": found.p,
        "low": found.low,
        "high": found.high,
        "step": step(result.spec.form, result.means[position], result.own_steps[position]),
    }


def _left_out(choices: Choices, left_out: list[SpecLeftOut]) -> pd.DataFrame:
    described = _described(choices, [result.spec for result in left_out])
    reasons = pd.Series([result.reason for result in left_out], dtype="str")
    return described.assign(reason=reasons).sort_values(list(_DESCRIBED), ignore_index=True)


def _described(choices: Choices, specs: list[ModelSpec]) -> pd.DataFrame:
    """The choices of each specification as text and numbers."""
    samples = {(s.start, s.end, s.areas, s.non_overlapping): s.name for s in choices.samples}
    rows = [
        (
            spec.outcome,
            spec.form,
            spec.window,
            spec.lag,
            " + ".join(spec.effects if choices.trends else effect_set(spec)) or NONE,
            " + ".join(spec.controls) or NONE,
            samples[spec.start, spec.end, spec.areas, spec.non_overlapping],
            spec.weights,
            spec.covariance,
            spec.kernel_lags if spec.covariance == "driscoll_kraay" else None,
        )
        for spec in specs
    ]
    return pd.DataFrame(rows, columns=list(_DESCRIBED)).astype({"kernel_lags": "Int64"})


def _explained(effects: pd.Series, group_means: pd.Series) -> float:
    """Share of the variance of `effects` that lies between groups."""
    if np.ptp(effects) == 0:
        return 0.0
    return float(((group_means - effects.mean()) ** 2).sum() / ((effects - effects.mean()) ** 2).sum())


def _model(spec: ModelSpec) -> tuple[object, ...]:
    """Properties that identify the model of `spec`, except periods."""
    return (
        spec.outcome,
        spec.response,
        spec.form,
        spec.window,
        spec.lag,
        spec.squares,
        spec.moderator,
        spec.trends,
        spec.differences,
        spec.non_overlapping,
        spec.weights,
        spec.covariance,
        spec.kernel_lags if spec.covariance == "driscoll_kraay" else None,
        frozenset(spec.predictors),
        frozenset(spec.controls),
        frozenset(spec.effects),
        None if spec.areas is None else frozenset(spec.areas),
    )


def _same_periods(asked: ModelSpec, shown: ModelSpec, first: str, last: str) -> bool:
    """Whether `asked` uses the rows of `shown`, which run from `first` to `last`."""
    starts = asked.start == shown.start or shown.start <= asked.start <= first
    # An empty last period means the latest.
    ends = asked.end == shown.end or (asked.end >= last and (not shown.end or asked.end <= shown.end))
    return starts and ends
