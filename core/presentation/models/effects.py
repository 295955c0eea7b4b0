"""Estimates in the units that readers think in: what is linked to a step in the predictor that they can picture."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from core.presentation.numbers import digits_for, interval_text, lower_first, number, quoted, signed, upper_first
from core.questions.vocabulary import Vocabulary
from core.stats.regression import Estimate, FitResult, ModelSpec
from core.stats.relative import HUNDRED, change_of_logarithm, per_cent
from core.tables.catalogue import Catalogue

YEAR_TEXT = " in 12 months"
COLUMNS_OF_UNITS: Mapping[str, str] = {"points": "Points", "%": "Per cent"}
_WHOLE_UNITS: Mapping[str, str] = {
    "points": "Percentage points of the",
    "%": "Per cent of the usual",
    "": "Units of the",
}


def in_units(unit: str, outcome: str) -> str:
    """An `outcome` as effects on it are stated: 'Percentage points of the score', 'Per cent of the usual crime'."""
    return f"{_WHOLE_UNITS.get(unit) or f'{upper_first(unit)} of the'} {outcome}"


@dataclass(frozen=True)
class Unit:
    """How a change of the outcome is stated.

    Parameters
    ----------
    name
        ``"points"``, ``"%"``; empty for the unit of the outcome itself.
    factor
        What a change in units of the outcome is multiplied by; not used where it is relative.
    relative
        Whether the model's changes are those of a logarithm, which are stated in per cent.
    """

    name: str
    factor: float
    relative: bool

    def stated(self, change: float) -> float:
        """A `change` in the units of the model as it is stated."""
        return per_cent(change) if self.relative else change * self.factor

    def change(self, size: float) -> float:
        """The change in the units of the model that is stated as `size`."""
        return change_of_logarithm(size) if self.relative else size / self.factor

    def of_points(self, points: float) -> float:
        """A change in percentage points of the outcome, or in per cent of it, as it is stated."""
        return points if self.relative else points * self.factor / HUNDRED


def unit_of(spec: ModelSpec, vocabulary: Vocabulary) -> Unit:
    """How effects of `spec` are stated: in per cent where the logarithm of the outcome is explained."""
    return Unit("%" if spec.relative else vocabulary.unit, vocabulary.factor, spec.relative)


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
    linked
        What joins the step to the change: it "is" or they "are linked to" it.
    """

    step: str
    value: float
    low: float
    high: float
    p: float
    unit: str = ""
    bounded: bool = True
    linked: str = "is linked to"

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
    def column(self) -> str:
        """What a table and a hover call the change: 'Points', 'Per cent', 'Estimate' in the unit of the outcome."""
        return COLUMNS_OF_UNITS.get(self.unit, "Estimate")

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

    The interval is the one to rely on: wider where few clusters carry the estimate, or areas near each other are alike.
    """
    step, unit, (low, high) = vocabulary.step(spec, estimate.name).size, unit_of(spec, vocabulary), estimate.reliable
    text = step_text(estimate.name, spec, catalogue, vocabulary)
    return Effect(
        step=text,
        value=unit.stated(step * estimate.estimate),
        low=unit.stated(step * low),
        high=unit.stated(step * high),
        p=estimate.p,
        unit=unit.name,
        bounded=is_bounded(estimate),
        linked=vocabulary.linked(text),
    )


def is_bounded(estimate: Estimate) -> bool:
    """Whether an interval can be given: not where one cluster alone carries the estimate."""
    return estimate.cautious is None or math.isfinite(estimate.cautious.high - estimate.cautious.low)


def step_text(name: str, spec: ModelSpec, catalogue: Catalogue, vocabulary: Vocabulary) -> str:
    """The step in the predictor `name`: '10% more use-of-force records in 12 months'."""
    return vocabulary.step(spec, name).of(counted(name, catalogue, vocabulary)) + _when(spec, vocabulary)


def step_of_kinds(spec: ModelSpec, vocabulary: Vocabulary) -> str:
    """The step in any one of several predictors, in words."""
    return vocabulary.step_of_kinds(spec) + _when(spec, vocabulary)


def _when(spec: ModelSpec, vocabulary: Vocabulary) -> str:
    """The window and the lag of predictors as they follow a step: ' in 12 months (2 quarters earlier)'."""
    lag = vocabulary.lag(spec.lag) if spec.lag else ""
    if spec.window == "year":
        return f"{YEAR_TEXT} ({lag})" if lag else YEAR_TEXT
    return f" {lag}" if lag else ""


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
