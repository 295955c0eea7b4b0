"""Estimates in the units that readers think in: what is linked to a step in the predictor that they can picture."""

import math
from dataclasses import dataclass

from core.presentation.numbers import digits_for, interval_text, lower_first, number, quoted, signed
from core.questions.vocabulary import Vocabulary
from core.stats.regression import Estimate, FitResult, ModelSpec
from core.tables.catalogue import Catalogue

YEAR_TEXT = " in 12 months"


@dataclass(frozen=True)
class Effect:
    """An estimate in natural units.

    Parameters
    ----------
    step
        Words for the step in the predictor.
    value, low, high
        Associated change of the outcome, with its 95% interval.
    p
        Two-sided p-value under the model's error convention.
    unit
        Unit of the change (``"points"``, ``"%"``); empty for that of the outcome itself.
    bounded
        Whether an interval can be given at all: not where one cluster alone carries the estimate.
    """

    step: str
    value: float
    low: float
    high: float
    p: float
    unit: str = ""
    bounded: bool = True

    @property
    def clear(self) -> bool:
        """Whether the 95% interval lies on one side of zero."""
        return self.bounded and (self.low > 0 or self.high < 0)

    @property
    def digits(self) -> int:
        """Decimals that leave the interval two figures, at least two; three figures in units of an outcome."""
        reach = max(abs(self.value), abs(self.low), abs(self.high))
        if not self.unit:
            return digits_for(reach)
        return 2 if reach == 0 else max(2, 1 - math.floor(math.log10(reach)))

    @property
    def after(self) -> str:
        """The unit as it follows a number."""
        return "%" if self.unit == "%" else f" {self.unit}" if self.unit else ""

    @property
    def text(self) -> str:
        """'+0.02 points'."""
        return f"{signed(self.value, self.digits)}{self.after}"

    @property
    def interval(self) -> str:
        """'-0.23 to +0.26'."""
        return interval_text(self.low, self.high, self.digits)

    @property
    def size(self) -> str:
        """'0.42 points', whichever way."""
        return f"{number(abs(self.value), self.digits)}{self.after}"


def effect(estimate: Estimate, spec: ModelSpec, catalogue: Catalogue, vocabulary: Vocabulary) -> Effect:
    """Put `estimate` into the unit of the vocabulary, for a step that a reader can picture.

    Where few clusters carry the estimate, the interval is the cautious one, which is wider.
    """
    scale, bounded = vocabulary.step(spec).size * vocabulary.factor, is_bounded(estimate)
    wide = estimate.cautious if estimate.cautious is not None and bounded else estimate
    return Effect(
        step=step_text(estimate.name, spec, catalogue, vocabulary),
        value=scale * estimate.estimate,
        low=scale * wide.low,
        high=scale * wide.high,
        p=estimate.p,
        unit=vocabulary.unit,
        bounded=bounded,
    )


def is_bounded(estimate: Estimate) -> bool:
    """Whether an interval can be given: not where one cluster alone carries the estimate."""
    return estimate.cautious is None or math.isfinite(estimate.cautious.high - estimate.cautious.low)


def step_text(name: str, spec: ModelSpec, catalogue: Catalogue, vocabulary: Vocabulary) -> str:
    """The step in the predictor `name`: '10% more use-of-force records in 12 months'."""
    text = vocabulary.step(spec).text.format(what=counted(name, catalogue, vocabulary))
    return text + _when(spec, vocabulary)


def step_of_kinds(spec: ModelSpec, vocabulary: Vocabulary) -> str:
    """The step in any one of several predictors, in words."""
    text = vocabulary.step(spec).text.format(what=vocabulary.kinds).replace(" of of ", " of ")
    return text + _when(spec, vocabulary)


def _when(spec: ModelSpec, vocabulary: Vocabulary) -> str:
    """The window and the lag of predictors as they follow a step: ' in 12 months 2 quarters earlier'."""
    return (YEAR_TEXT if spec.window == "year" else "") + (f" {vocabulary.lag(spec.lag)}" if spec.lag else "")


def effects(result: FitResult, catalogue: Catalogue, vocabulary: Vocabulary) -> dict[str, Effect]:
    """The effect of each predictor of `result`, by name."""
    return {
        estimate.name: effect(estimate, result.spec, catalogue, vocabulary)
        for estimate in result.estimates
        if estimate.role == "predictor"
    }


def counted(name: str, catalogue: Catalogue, vocabulary: Vocabulary) -> str:
    """What a predictor counts, in the plural: 'use-of-force records', 'records with “Subject arrested”'."""
    label = catalogue.label(name)
    return lower_first(label) if name == vocabulary.all_records else vocabulary.kind.format(label=quoted(label))
