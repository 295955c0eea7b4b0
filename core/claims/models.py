"""Checks of claims that come from a model: the published form compared with the recommended one."""

import math
import re
from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import ClassVar

from core.claims.checks import Case, unavailable
from core.claims.findings import Finding, repeats, written_number
from core.claims.verdicts import Evidence, Seen, Statement
from core.presentation.models.comparison import comparison
from core.presentation.models.effects import effect
from core.presentation.numbers import lower_first, number, probability, signed
from core.presentation.robustness.robust_text import agreement
from core.questions.links import LINK_VERSION, to_query
from core.questions.question import AS_PUBLISHED, Question
from core.questions.robustness import Robustness, robustness
from core.questions.vocabulary import Vocabulary
from core.stats.regression import CONSTANT, Estimate, FitResult, ModelError, fit
from core.stats.regression.errors import listed
from core.stats.robustness import SIGNIFICANCE
from core.tables.catalogue import Catalogue
from core.tables.panel import Panel

R_SQUARED = re.compile(r"R-squared (\d+\.(\d+))")


@dataclass(frozen=True)
class _Modelled(ABC):
    """A claim from a question's published model, which must name its first and last period, and its recommended one."""

    question: Question

    def evidence(self, case: Case[Panel]) -> Evidence:
        """The results of both models, or why they are unavailable."""
        unknown = Evidence(case.finding.reported, _model_seen(self.question))
        published, recommended = self.question.presets[AS_PUBLISHED], self.question.recommended
        missing = unavailable(case, [published.outcome, *published.predictors], published.start, published.end)
        if missing:
            # Without its columns the page has no model to show, so the link contains none.
            return replace(unknown, seen=Seen(self.question.page), missing=missing)
        labels = {variable.name: variable.label for variable in case.catalogue}
        try:
            fits = [fit(case.figures, spec, labels, wild=False) for spec in (published, recommended)]
        except ModelError as error:
            return replace(unknown, missing=f"the model cannot be fitted ({str(error).rstrip('.')})")
        return self._compared(case, unknown, fits[0], fits[1])

    @abstractmethod
    def _compared(self, case: Case[Panel], unknown: Evidence, published: FitResult, proper: FitResult) -> Evidence:
        """`unknown` with the results of the two models."""


@dataclass(frozen=True)
class Coefficient(_Modelled):
    """A reported coefficient.

    Parameters
    ----------
    question
        Question whose models are compared.
    term
        Predictor that the coefficient belongs to.
    """

    term: str
    standard: ClassVar[str] = (
        "**A coefficient** (the change of the score that one unit more is linked to) stands when the answer of its "
        "page is clear, by the rule that is there, and in the same direction. Coefficients of one model are read "
        "together (Holm's adjustment), because the more one reads, the likelier one stands out by chance. Its size may "
        "differ; the reason says by how much."
    )

    def _compared(self, case: Case[Panel], unknown: Evidence, published: FitResult, proper: FitResult) -> Evidence:
        evidence = _coefficient_evidence(case, unknown, published, proper, self.question, self.term)
        return replace(evidence, repeats=case.finding.repeated_by(published.estimate(self.term).estimate))


@dataclass(frozen=True)
class Direction(_Modelled):
    """A direction that was reported, as positive or negative, and as statistically significant."""

    term: str
    standard: ClassVar[str] = (
        "**A direction** is reproduced when the published model has it and calls it significant "
        f"(p-value below {SIGNIFICANCE}), and stands as a coefficient does."
    )

    def _compared(self, case: Case[Panel], unknown: Evidence, published: FitResult, proper: FitResult) -> Evidence:
        repeated = published.estimate(self.term)
        direction = "negative" if repeated.estimate < 0 else "positive"
        found = direction if _clear(repeated.p) else f"{direction}, not significant"
        evidence = _coefficient_evidence(case, unknown, published, proper, self.question, self.term)
        note = f"{number(repeated.estimate, _decimals(repeated, 0))}, {evidence.recomputed.note}"
        return replace(evidence, recomputed=Statement(found, note=note), repeats=found == case.finding.text)


@dataclass(frozen=True)
class Constant(_Modelled):
    """The constant of a model: its score where no force is recorded."""

    standard: ClassVar[str] = (
        "**A constant** (the score that a model gives where no force is recorded) stands when the recommended model "
        "has one too and its 95% interval holds the number reported. With effects of its own for every borough and "
        "quarter that model has no single constant, and the number describes the published model alone. A reported "
        "R-squared (the share of the differences that a model explains) must be reproduced with it."
    )

    def _compared(self, case: Case[Panel], unknown: Evidence, published: FitResult, proper: FitResult) -> Evidence:
        finding, repeated = case.finding, published.estimate(CONSTANT)
        level, stands, because = _constant_in(finding, proper, self.question)
        decimals = finding.decimals or 0
        recomputed = Statement(
            written_number(repeated.estimate, decimals),
            number(repeated.estimate, decimals),
            _p_and_size(repeated, published, self.question),
        )
        return replace(
            unknown,
            reported=_with_fit(finding.reported, finding, None),
            recomputed=_with_fit(recomputed, finding, published.r2),
            repeats=finding.repeated_by(repeated.estimate) and _fit_repeats(finding, published.r2),
            proper=level,
            stands=stands,
            because=because,
            plainly=f"the recommended model {'agrees with it' if stands else 'has no such number'}",
        )


def _model_seen(question: Question) -> Seen:
    return Seen(question.page, {"v": LINK_VERSION} | to_query(question.recommended))


def _coefficient_evidence(
    case: Case[Panel], unknown: Evidence, published: FitResult, proper: FitResult, question: Question, term: str
) -> Evidence:
    """One coefficient in both models, and whether it has the same direction in the recommended one."""
    finding, repeated, recommended = case.finding, published.estimate(term), proper.estimate(term)
    decimals = _decimals(repeated, 0) if finding.decimals is None else finding.decimals
    robust = _robust(case.figures, question)[term]
    stands, because = _stands(finding, proper, robust, term, question.vocabulary)
    return replace(
        unknown,
        recomputed=Statement(
            written_number(repeated.estimate, decimals),
            number(repeated.estimate, decimals),
            f"{_interval(repeated, _decimals(repeated, decimals))}, "
            f"{_p_and_size(repeated, published, question, case.catalogue)}",
        ),
        proper=_with_interval(
            recommended, _decimals(recommended, decimals), _p_and_size(recommended, proper, question, case.catalogue)
        ),
        stands=stands,
        because=because,
        plainly=_plainly(finding, proper, robust, term),
    )


@lru_cache(maxsize=4)
def _robust(panel: Panel, question: Question) -> dict[str, Robustness]:
    """How the answer to `question` stands up: the same for every claim about it."""
    return robustness(panel, question, question.recommended)


def _stands(
    finding: Finding, proper: FitResult, found: Robustness, term: str, vocabulary: Vocabulary
) -> tuple[bool, str]:
    """Whether the answer by rule is clear and in the reported direction, and why."""
    compared, estimate = lower_first(comparison(proper, vocabulary)), proper.estimate(term)
    same_side = (estimate.estimate < 0) == finding.negative
    reasons = {
        ("clear", True): f"the association keeps its direction{_size(finding, estimate)}",
        ("clear", False): "the association goes the other way",
        ("none", True): "there is no clear link",
        ("none", False): "there is no clear link",
        ("depends", True): "whether the association is clear depends on the choices",
        ("depends", False): "the association goes the other way, and whether it is clear depends on the choices",
    }
    reason = reasons[found.word, same_side]
    return found.word == "clear" and same_side, f"{compared}, {reason}. {agreement(found)[:-1]}"


def _plainly(finding: Finding, proper: FitResult, found: Robustness, term: str) -> str:
    """The reason of :func:`_stands` without its figures."""
    if found.word == "none":
        return "stronger methods find no clear link"
    if (proper.estimate(term).estimate < 0) != finding.negative:
        return "stronger methods point the other way"
    return "stronger methods agree" if found.word == "clear" else "with stronger methods it depends on the choices made"


def _clear(p: float) -> bool:
    return p < SIGNIFICANCE


def _size(finding: Finding, estimate: Estimate) -> str:
    if not finding.value:
        return ""
    share = f", at {number(estimate.estimate / finding.value * 100, 0)}% of the size reported"
    inside = estimate.low <= finding.value <= estimate.high
    return share if inside else f"{share}, which lies outside its 95% interval"


def _constant_in(finding: Finding, proper: FitResult, question: Question) -> tuple[Statement, bool, str]:
    """The constant of the recommended model, or what it has instead, whether the claim stands, and why."""
    if proper.spec.effects:
        level = f"a level of its own for every {listed(proper.spec.effects)}"
        because = f"the recommended model has {level}, so no one constant stands for all of them"
        return Statement("no single constant", note=f"The model has {level}."), False, because
    constant = proper.estimate(CONSTANT)
    result = _with_interval(constant, finding.decimals or 0, _p_and_size(constant, proper, question))
    inside = finding.value is not None and constant.low <= finding.value <= constant.high
    return (
        result,
        inside,
        f"the recommended model gives {result.page}, which {'holds' if inside else 'leaves out'} it",
    )


def _with_interval(estimate: Estimate, decimals: int, note: str) -> Statement:
    """An estimate with its interval, for a file and for a page."""
    return Statement(
        f"{written_number(estimate.estimate, decimals)} (95% interval {written_number(estimate.low, decimals)} to "
        f"{written_number(estimate.high, decimals)})",
        f"{number(estimate.estimate, decimals)} ({_interval(estimate, decimals)})",
        note,
    )


def _with_fit(statement: Statement, finding: Finding, found: float | None) -> Statement:
    """`statement` with the R-squared `found`, or with that reported, where the study reported one."""
    reported = R_SQUARED.search(finding.note)
    if not reported:
        return statement
    r2 = reported[1] if found is None else written_number(found, len(reported[2]))
    return replace(statement, file=f"{statement.file} (R-squared {r2})", page=f"{statement.headline} (R-squared {r2})")


def _fit_repeats(finding: Finding, found: float) -> bool:
    reported = R_SQUARED.search(finding.note)
    return reported is None or repeats(found, float(reported[1]), len(reported[2]))


def _interval(estimate: Estimate, decimals: int) -> str:
    low, high = number(estimate.low, decimals), number(estimate.high, decimals)
    return f"95% interval {low} to {high}"


def _p_and_size(estimate: Estimate, result: FitResult, question: Question, catalogue: Catalogue | None = None) -> str:
    """P-value, size of the sample and, with `catalogue`, the estimate in the unit of effects."""
    text = f"p {probability(estimate.p)}, {result.n:,} {question.vocabulary.rows}"
    if catalogue is None:
        return text
    found = effect(estimate, result.spec, catalogue, question.vocabulary)
    return f"{text}. That is {signed(found.value)}{found.after} for {found.step}"


def _decimals(estimate: Estimate, at_least: int) -> int:
    """Decimals that show two digits of the half-width of the interval, or more where more were reported."""
    return max(at_least, 1 - math.floor(math.log10(estimate.high - estimate.estimate)))
