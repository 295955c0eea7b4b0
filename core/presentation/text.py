"""Results as plain sentences that carry their uncertainty.

Every sentence is made from a fitted result, so that it changes with the model. Effects on a score
are told in percentage points of the score ("points"), for a step in the predictor that a reader can
picture (10 % more records), never as a bare coefficient.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from core.presentation.numbers import (
    NBSP,
    digits_for,
    interval_text,
    lower_first,
    number,
    number_word,
    probability,
    quoted,
    signed,
)
from core.stats.regression import Estimate, FitResult, ModelSpec
from core.tables.catalogue import Catalogue
from core.tables.options import Form

POINTS = 100
SIGNIFICANCE = 0.05


NULL_JOINT_NOTE = "Each coefficient is read alone here; the answer at the top adjusts for reading several at once."
NULL_NOTE = (
    "Published size: the study's model with the predictor in the form chosen here. A result that cannot be told from "
    "no association is worth something only if an association that matters would have been found."
)
VIF_NOTE = (
    "Variance inflation: how many times the other variables of the model widen the variance of a coefficient. 1 is not "
    "at all; above 5 to 10 the variables move so closely together that their parts are hard to tell apart."
)


@dataclass(frozen=True)
class Step:
    """A step in the predictor that a reader can picture: its size in the model's units, and its words."""

    size: float
    text: str


STEPS: Mapping[Form, Step] = {
    "log": Step(math.log(1.1), f"10{NBSP}% more {{what}}"),
    "log_per_1000": Step(math.log(1.1), f"10{NBSP}% more {{what}} per resident"),
    "per_1000": Step(1.0, "one per 1,000 residents more {what}"),
    "count": Step(100.0, "100 more {what}"),
    "share": Step(0.01, "one percentage point more of {what} among all records"),
}
ALL_RECORDS = "records"
YEAR_TEXT = " in 12 months"


@dataclass(frozen=True)
class CurveText:
    """How the effects of a specification curve are told.

    Parameters
    ----------
    lower, higher
        What a specification finds whose effect is clearly below and above zero; ``{what}`` is what there is more of.
    unit
        Unit of an effect.
    step
        The step that it is for, without what there is more of.
    axis
        What the curve shows, with its unit.
    digits
        Decimals of an effect; -1 for as many as its size asks for.
    """

    lower: str
    higher: str
    unit: str
    step: str
    axis: str
    digits: int = 2

    def digits_of(self, size: float) -> int:
        """Decimals of effects of about that `size`."""
        return self.digits if self.digits >= 0 else digits_for(size)


FORCE_CURVE = CurveText(
    lower="find a clearly lower score with more {what}",
    higher="a clearly higher one",
    unit="points",
    step=f"10{NBSP}% more",
    axis="Percentage points of the score for 10 % more force",
)


@dataclass(frozen=True)
class Effect:
    """An estimate in natural units.

    Parameters
    ----------
    step
        Words for the step in the predictor.
    points, low, high
        Associated change of the outcome in percentage points (for crime: in per cent of the usual), with its 95 %
        interval.
    p
        Two-sided p-value under the model's error convention.
    """

    step: str
    points: float
    low: float
    high: float
    p: float

    @property
    def clear(self) -> bool:
        """Whether the 95 % interval lies on one side of zero."""
        return self.low > 0 or self.high < 0

    @property
    def digits(self) -> int:
        """Decimals that leave the interval two figures, at least two."""
        reach = max(abs(self.points), abs(self.low), abs(self.high))
        return 2 if reach == 0 else max(2, 1 - math.floor(math.log10(reach)))


def effect(estimate: Estimate, spec: ModelSpec, catalogue: Catalogue) -> Effect:
    """Put `estimate` into percentage points of the outcome for a step that a reader can picture."""
    step = STEPS[spec.form]
    scale = step.size * POINTS
    text = step.text.format(what=counted(estimate.name, catalogue)) + (YEAR_TEXT if spec.window == "year" else "")
    return Effect(text, estimate.estimate * scale, estimate.low * scale, estimate.high * scale, estimate.p)


def counted(name: str, catalogue: Catalogue) -> str:
    """What a force variable counts, in the plural: 'use-of-force records', 'records with “Subject arrested”'."""
    label = catalogue.label(name)
    return lower_first(label) if name == ALL_RECORDS else f"records with {quoted(label)}"


def answer(result: FitResult, name: str, catalogue: Catalogue) -> str:
    """The page's answer in one sentence, with its interval."""
    found = effect(result.estimate(name), result.spec, catalogue)
    sentence = f"{verdict(found)}{', in this model' if found.clear else ''}"
    return f"{sentence}. {comparison(result.spec)}, {found.step} goes with {change(found, result, catalogue)}."


def question_answer(result: FitResult, catalogue: Catalogue) -> str:
    """The answer of a model in a sentence or two, whether it has one predictor or several."""
    first, *others = result.spec.predictors
    return joint_answer(result, catalogue) if others else answer(result, first, catalogue)


def question_contrast(published: FitResult, recommended: FitResult, catalogue: Catalogue) -> str:
    """What changes from the study's model to the recommended one, for one predictor or several."""
    first, *others = published.spec.predictors
    return joint_contrast(published, recommended) if others else contrast(published, recommended, first, catalogue)


def joint_answer(result: FitResult, catalogue: Catalogue) -> str:
    """The answer of a model whose predictors are read together, judged by Holm-adjusted p-values."""
    effects = {e.name: effect(e, result.spec, catalogue) for e in result.estimates if e.role == "predictor"}
    adjusted = holm_p(result)
    clear = [name for name in effects if adjusted[name] < SIGNIFICANCE]
    compared = comparison(result.spec)
    if not clear:
        points = [e.points for e in effects.values()]
        spread = interval_text(min(points), max(points), max(e.digits for e in effects.values()))
        step = STEPS[result.spec.form].text.format(what="records of one kind")
        some, none = ("either", "neither") if len(effects) == 2 else ("any", "none")
        return (
            f"No clear association with {some} of the {number_word(len(effects))}. {compared}, {step} goes with "
            f"{spread} points in {quoted(catalogue.label(result.spec.outcome))}, {none} of which can be told from no "
            "change."
        )
    sentence = "; ".join(f"{effects[name].step} goes with {change(effects[name], result, catalogue)}" for name in clear)
    rest = len(effects) - len(clear)
    others = f" For the other {number_word(rest)} there is no clear association." if rest else ""
    others += f" P-values are adjusted for reading {number_word(len(effects))} at once."
    verb = "is" if len(clear) == 1 else "are"
    counts = f"{number_word(len(clear)).capitalize()} of {number_word(len(effects))}"
    return f"{counts} {verb} clearly associated, in this model. {compared}, {sentence}.{others}"


def joint_contrast(published: FitResult, recommended: FitResult) -> str:
    """How many of the coefficients that are read together are clear in the study's and in the recommended model."""
    before, after = (sum(p < SIGNIFICANCE for p in holm_p(result).values()) for result in (published, recommended))
    total, verb = number_word(len(published.spec.predictors)), "is" if before == 1 else "are"
    return (
        f"In the study's model {number_word(before)} of {total} coefficients {verb} clear of zero, in the recommended "
        f"model {number_word(after)} (p-values adjusted for reading {total} at once)."
    )


def holm_p(result: FitResult) -> dict[str, float]:
    """Holm-adjusted p-values of the predictors of `result`, by name."""
    from core.stats.regression.power import holm

    predictors = [estimate for estimate in result.estimates if estimate.role == "predictor"]
    return dict(zip((e.name for e in predictors), holm([e.p for e in predictors]), strict=True))


def change(found: Effect, result: FitResult, catalogue: Catalogue) -> str:
    """'“Trust the Met” 0.42 points lower (95 % interval -0.49 to -0.35)'."""
    outcome = quoted(catalogue.label(result.spec.outcome))
    interval = f"95{NBSP}% interval {interval_text(found.low, found.high, found.digits)}"
    if not found.clear:
        points = signed(found.points, found.digits)
        return f"{points} points in {outcome} ({interval}), which cannot be told from no change"
    direction = "lower" if found.points < 0 else "higher"
    return f"{outcome} {number(abs(found.points), found.digits)} points {direction} ({interval})"


def verdict(found: Effect) -> str:
    """Whether the score is lower with more force, in a word or two."""
    if not found.clear:
        return "No clear association"
    return "Yes" if found.points < 0 else "The other way round"


def comparison(spec: ModelSpec) -> str:
    """What the model compares with what, from the effects it absorbs."""
    area, period = "borough" in spec.effects, "quarter" in spec.effects
    if area and period:
        return "Comparing each borough with itself over time, and taking out what happened in all of London"
    if area:
        return "Comparing each borough with itself over time"
    if period:
        return "Comparing boroughs with each other within the same quarter"
    return "Comparing all boroughs and quarters as they are"


def uncertainty_text(result: FitResult, name: str) -> str:
    """How far the estimate can be trusted, in one or two sentences, from its p-values and error convention."""
    estimate = result.estimate(name)
    parts = [
        f"If there were no association, an estimate at least this far from zero would come up with probability "
        f"{probability(estimate.p)}"
    ]
    if estimate.wild_p is not None:
        parts.append(f" ({probability(estimate.wild_p)} by wild cluster bootstrap, which is safer with few boroughs)")
    parts.append(".")
    return "".join(parts) + _too_narrow(result)


def _too_narrow(result: FitResult) -> str:
    if result.spec.covariance not in ("classical", "HC1"):
        return ""
    return (
        f" But these errors count the {result.n:,} borough-quarters as independent. They are not: survey figures of"
        " neighbouring quarters share three quarters of their interviews, so the intervals are too narrow."
    )


def joint_uncertainty(result: FitResult) -> str:
    """How to read several coefficients at once, and what the error convention leaves out."""
    count = number_word(len(result.spec.predictors))
    sentence = (
        f"The {count} coefficients are read together, so the table has their p-values as they are and adjusted (Holm): "
        f"with {count} chances, one small p-value is less of a surprise."
    )
    return sentence + _too_narrow(result)


def question_uncertainty(result: FitResult) -> str:
    """How far a model can be trusted, for one predictor or several."""
    first, *others = result.spec.predictors
    return joint_uncertainty(result) if others else uncertainty_text(result, first)


def contrast(published: FitResult, recommended: FitResult, name: str, catalogue: Catalogue) -> str:
    """What changes between the study's model and the recommended one, in a sentence."""
    before = effect(published.estimate(name), published.spec, catalogue)
    after = effect(recommended.estimate(name), recommended.spec, catalogue)
    if before.clear and not after.clear:
        return (
            "The association that the study reported is not there once each borough is compared with itself and "
            "London-wide changes are taken out."
        )
    if before.clear and after.clear and before.points * after.points < 0:
        return "The association changes its direction once each borough is compared with itself."
    if before.clear and after.clear:
        return "The association keeps its direction once each borough is compared with itself."
    if after.clear:
        return "An association appears only once each borough is compared with itself."
    return "Neither model finds a clear association."
