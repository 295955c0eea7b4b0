"""How an answer stands up to other choices: the recommended model, every declared alternative, and the joint test."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from core.questions.alternatives import AREAS
from core.questions.question import Question
from core.stats.regression import Estimate, ModelError, ModelSpec, holm
from core.stats.regression.curves.curve import step
from core.stats.regression.curves.joint import Joint, joint_tests
from core.stats.regression.design import Design, design
from core.stats.regression.fit import fit_design
from core.stats.relative import per_cent
from core.stats.robustness import SIGNIFICANCE, Word, answer_by_rule
from core.tables.panel import Panel

MOST_AREAS = 60  # beyond which no area is left out in turn: one of many moves little, and it would take long
NO_TEST = float("nan")


@dataclass(frozen=True)
class Tried:
    """One way of asking, and what came out.

    Parameters
    ----------
    label, choice
        What is done otherwise, and which choice that is; empty for the recommended model.
    value, low, high
        Effect of 10% more of the predictor with its 95% interval, in units of the outcome, or in per cent of it where
        its logarithm is explained.
    sign
        -1 or 1 where it is clear, with p-values adjusted for predictors that are read together (Holm); else 0.
    spec, step
        The model, and the size of 10% more in the units in which the predictor enters it.
    """

    label: str
    choice: str
    value: float
    low: float
    high: float
    sign: int
    spec: ModelSpec
    step: float


@dataclass(frozen=True)
class Robustness:
    """An answer by rule.

    Parameters
    ----------
    spec
        The recommended model.
    recommended
        What came out of it.
    others
        The same of every alternative that could be estimated.
    left_out
        Labels of those that could not, each with the reason.
    joint
        The joint test of all of them; ``None`` where errors cannot be clustered.
    word
        The answer.
    """

    spec: ModelSpec
    recommended: Tried
    others: tuple[Tried, ...]
    left_out: tuple[tuple[str, str], ...]
    joint: Joint | None
    word: Word

    @property
    def agreeing(self) -> int:
        """How many alternatives find the same as the recommended model."""
        return sum(other.sign == self.recommended.sign for other in self.others)

    @property
    def deciding(self) -> tuple[str, ...]:
        """The choices with an alternative that finds something else than the recommended model."""
        return tuple(dict.fromkeys(other.choice for other in self.others if other.sign != self.recommended.sign))


def robustness(
    panel: Panel, question: Question, spec: ModelSpec, labels: Mapping[str, str] | None = None
) -> dict[str, Robustness]:
    """How the answer of `spec` to `question` stands up, for each of its predictors.

    Parameters
    ----------
    spec
        The recommended model, or another one that the alternatives of `question` are changes of.
    labels
        Readable names of variables, for the reasons.

    Raises
    ------
    ModelError
        If `spec` cannot be estimated.
    """
    rows = design(panel, spec, labels)
    best = fit_design(rows)
    recommended = _tried("", "", spec, [best.estimate(name) for name in spec.predictors], rows)
    changed = _alternatives(question, spec, any(rows.own_steps))
    found, left_out = [], []
    for (label, choice), other in changed.items():
        try:
            fitted = design(panel, other, labels)
            estimates = fit_design(fitted, wild=False)
        except ModelError as reason:
            left_out.append((label, str(reason)))
            continue
        found.append(_tried(label, choice, other, [estimates.estimate(name) for name in other.predictors], fitted))
    without = list(_without_each(rows, question)) if changed else []
    joint = _joint(panel, (spec, *changed.values()), labels)
    return {
        name: _judged(
            spec,
            recommended[at],
            [*(each[at] for each in found), *_least([each[at] for each in without], recommended[at])],
            tuple(left_out),
            joint.get(name),
        )
        for at, name in enumerate(spec.predictors)
    }


def _alternatives(question: Question, spec: ModelSpec, one_form: bool) -> dict[tuple[str, str], ModelSpec]:
    """Every alternative that differs from `spec`, by its label and its choice; predictors of `one_form` keep it."""
    fill = question.vocabulary.fill
    changed = {(fill(each.label), fill(each.choice)): each.of(spec) for each in question.alternatives}
    same_form = {named: other for named, other in changed.items() if other.form == spec.form or not one_form}
    return {named: other for named, other in same_form.items() if other != spec}


def _tried(label: str, choice: str, spec: ModelSpec, found: list[Estimate], rows: Design) -> list[Tried]:
    """What one way of asking says of each predictor."""
    adjusted = holm([max(estimate.p, estimate.wild_p or 0) for estimate in found])
    steps = [step(spec.form, mean, own) for mean, own in zip(rows.means, rows.own_steps, strict=True)]
    return [
        Tried(
            label,
            choice,
            _effect(spec, each.estimate * size),
            _effect(spec, each.reliable[0] * size),
            _effect(spec, each.reliable[1] * size),
            int(np.sign(each.estimate)) if p < SIGNIFICANCE and _outside_zero(each) else 0,
            spec,
            size,
        )
        for each, p, size in zip(found, adjusted, steps, strict=True)
    ]


def _effect(spec: ModelSpec, change: float) -> float:
    return per_cent(change) if spec.relative else change


def _outside_zero(estimate: Estimate) -> bool:
    """Whether the cautious interval leaves out zero, where few clusters carry the estimate and there is one."""
    return estimate.cautious is None or not estimate.cautious.low <= 0 <= estimate.cautious.high


def _without_each(rows: Design, question: Question) -> Iterator[list[Tried]]:
    """The recommended model without each area in turn, where areas are few."""
    present = np.unique(rows.area.codes)
    if len(present) > MOST_AREAS:
        return
    for code in present:
        try:
            found = fit_design(rows.keep(rows.area.codes != code), wild=False, cautious=False)
        except ModelError:
            continue
        estimates = [found.estimate(name) for name in rows.spec.predictors]
        choice = question.vocabulary.fill(AREAS)
        yield _tried(f"Without {rows.area.levels[code]}", choice, rows.spec, estimates, rows)


def _least(without: list[Tried], recommended: Tried) -> list[Tried]:
    """The one that speaks most against the recommended model: another answer, or an interval that reaches furthest."""

    def against(one: Tried) -> tuple[bool, float]:
        return one.sign == recommended.sign, one.low if recommended.value > 0 else -one.high

    return [min(without, key=against)] if without else []


def _joint(panel: Panel, specs: tuple[ModelSpec, ...], labels: Mapping[str, str] | None) -> dict[str, Joint]:
    """The joint test of each predictor, with the clusters of the first; none where errors cannot be clustered.

    Models with other predictors are left out: there is no estimate of the same in them.
    """
    first = specs[0]
    same = [replace(spec, cluster=first.cluster) for spec in specs if spec.predictors == first.predictors]
    try:
        return joint_tests(panel, same, first.predictors, labels)
    except ModelError:
        return {}


def _judged(
    spec: ModelSpec,
    recommended: Tried,
    others: list[Tried],
    left_out: tuple[tuple[str, str], ...],
    joint: Joint | None,
) -> Robustness:
    word = answer_by_rule(recommended.sign, [other.sign for other in others], joint.p if joint else NO_TEST)
    return Robustness(spec, recommended, tuple(others), left_out, joint, word)
