"""Results as plain sentences that carry their uncertainty.

Every sentence is made from a fitted result and the vocabulary of its question, so that it changes with the model.
Effects are stated for a step in the predictor that a reader can picture (10% more records), never as a bare
coefficient.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from core.presentation.models.comparison import comparison, differs_note, extent
from core.presentation.models.effects import Effect, effect, effects, in_units, step_of_kinds
from core.presentation.numbers import (
    all_of,
    digits_for,
    interval_text,
    number_word,
    p_equals,
    probability,
    quoted,
    the_others,
    upper_first,
)
from core.questions.question import PRESET_LABELS, RECOMMENDED
from core.questions.vocabulary import NBSP, SWITCHED, Vocabulary
from core.stats.regression import FitResult
from core.stats.regression.errors import several
from core.stats.robustness import SIGNIFICANCE
from core.tables.catalogue import Catalogue

NULL_JOINT_NOTE = "Each coefficient is read alone here; the answer at the top adjusts for reading several at once."
PUBLISHED_SIZE_NOTE = "Published size: the study's model with the predictor in the form chosen here."
NULL_NOTE = "“No clear link” only means something if a real link would have shown up."
ONE_IN_A_THOUSAND = 0.001
VIF_NOTE = (
    "Variance inflation (VIF): 1 means no overlap between variables; above 5 to 10 their separate effects are hard to "
    "distinguish."
)


@dataclass(frozen=True)
class CurveText:
    """How the effects of a specification curve are stated.

    Parameters
    ----------
    lower, higher
        What a specification finds whose effect is clearly below and above zero; ``{more}`` is the step, without a size.
    unit
        Unit of an effect.
    step
        The step that it is for; ``{what}`` is what there is more of.
    axis
        What the curve shows, with its unit.
    digits
        Decimals of an effect; -1 for as many as its size asks for.
    more
        The step without its size.
    own
        Whether the model that the others are compared with is a reader's own, which nobody recommends.
    """

    lower: str
    higher: str
    unit: str
    step: str
    axis: str
    digits: int = 2
    more: str = "more {what}"
    own: bool = False

    @property
    def model(self) -> str:
        """What the model that the others are compared with is called in a sentence."""
        return "your model" if self.own else "the recommended model"

    @property
    def model_label(self) -> str:
        """The same in a table and a picture."""
        return "Your model" if self.own else PRESET_LABELS[RECOMMENDED]

    @property
    def size(self) -> str:
        """The step without what there is more of: '10% more', '1 (not 0)', '0.1 more'."""
        return self.step.format(what="").strip().removeprefix("at ").removesuffix(" of").replace(NBSP, " ")

    def digits_of(self, size: float) -> int:
        """Decimals of effects of about that `size`."""
        return self.digits if self.digits >= 0 else digits_for(size)


def curve_text(vocabulary: Vocabulary, relative: bool = False, name: str = "", own: bool = False) -> CurveText:
    """How a curve is put into words, with `relative` effects in per cent.

    The step is 10% more of what predictors count, or of one kind where the predictor `name` is one of several; from 0
    to 1 where it holds no more, and a step of its own where it lies below zero too.
    """
    of = "%" if relative else vocabulary.unit
    unit = {"": "units", "%": "per cent"}.get(of, of)
    what = in_units(of, vocabulary.outcome)
    step = vocabulary.common_step(name)
    more = (
        vocabulary.counted if name in ("", vocabulary.all_records) or not vocabulary.counted else vocabulary.kinds.more
    )
    return CurveText(
        lower=f"find a clearly lower {vocabulary.outcome} with {{more}}",
        higher="a clearly higher one",
        unit=unit,
        step=step,
        axis=f"{what} for {step.format(what=more)}".rstrip().removesuffix(" of").replace("  ", " "),
        digits=2 if of else -1,
        more=SWITCHED if step == SWITCHED else "more {what}",
        own=own,
    )


def answer(result: FitResult, name: str, catalogue: Catalogue, vocabulary: Vocabulary) -> str:
    """The page's answer in one sentence, with its interval."""
    found = effect(result.estimate(name), result.spec, catalogue, vocabulary)
    association = f"{found.step} {found.linked} {change(found, result, catalogue)}"
    compared = compared_rows(result, vocabulary)
    if found.clear and not vocabulary.expected:
        return f"{compared}, {association}."
    return f"{verdict(found, vocabulary)}{', in this model' if found.clear else ''}. {compared}, {association}."


def compared_rows(result: FitResult, vocabulary: Vocabulary) -> str:
    """What is compared with what, and on which rows, as the start of a sentence."""
    rows = extent(result, vocabulary)
    return f"{comparison(result, vocabulary)} ({rows})" if rows else comparison(result, vocabulary)


def question_answer(result: FitResult, catalogue: Catalogue, vocabulary: Vocabulary) -> str:
    """The answer of a model in a sentence or two, whether it has one predictor or several."""
    first, *others = result.spec.predictors
    note = differs_note(result, catalogue)
    if others:
        return joint_answer(result, catalogue, vocabulary) + note
    return answer(result, first, catalogue, vocabulary) + note


def question_contrast(
    published: FitResult, recommended: FitResult, catalogue: Catalogue, vocabulary: Vocabulary
) -> str:
    """What changes from the study's model to the recommended one, for one predictor or several."""
    first, *others = published.spec.predictors
    if others:
        return joint_contrast(published, recommended)
    return contrast(published, recommended, first, catalogue, vocabulary)


def joint_answer(result: FitResult, catalogue: Catalogue, vocabulary: Vocabulary) -> str:
    """The answer of a model whose predictors are read together, judged by Holm-adjusted p-values."""
    found, adjusted = effects(result, catalogue, vocabulary), holm_p(result)
    clear = [name for name in found if adjusted[name] < SIGNIFICANCE and found[name].clear]
    compared, count = compared_rows(result, vocabulary), number_word(len(found))
    if not clear:
        return _none_clear(found, result, catalogue, vocabulary)
    associations = "; ".join(
        f"{found[name].step} {found[name].linked} {change(found[name], result, catalogue)}" for name in clear
    )
    rest = len(found) - len(clear)
    others = f" For {the_others(rest)} there is no clear association." if rest else ""
    others += f" P-values are adjusted for reading {count} at once."
    verb = "is" if len(clear) == 1 else "are"
    counts = upper_first(_of_them(len(clear), len(found)))
    return f"{counts} {verb} clearly associated, in this model. {compared}, {associations}.{others}"


def _none_clear(found: Mapping[str, Effect], result: FitResult, catalogue: Catalogue, vocabulary: Vocabulary) -> str:
    """The answer where none of several predictors is clearly associated."""
    some, none = ("either", "neither") if len(found) == 2 else ("any", "none")
    start = f"No clear association with {some} of the {number_word(len(found))}. {compared_rows(result, vocabulary)}, "
    if not vocabulary.alike(result.spec):
        return f"{start}{none} of the 95% intervals excludes zero, in {quoted(catalogue.label(result.spec.outcome))}."
    values, digits = [each.value for each in found.values()], max(each.digits for each in found.values())
    ends = interval_text(min(values), max(values), digits).replace(" to ", " and ")
    spread = f"between {ends}{next(iter(found.values())).after}"
    step = step_of_kinds(result.spec, vocabulary)
    return (
        f"{start}{step} {vocabulary.linked(step)} {spread} in "
        f"{quoted(catalogue.label(result.spec.outcome))}, {none} of them clear."
    )


def joint_contrast(published: FitResult, recommended: FitResult) -> str:
    """How many of the coefficients that are read together are clear in the study's and in the recommended model."""
    before, after = (sum(p < SIGNIFICANCE for p in holm_p(result).values()) for result in (published, recommended))
    total, verb = len(published.spec.predictors), "is" if before < 2 else "are"
    return (
        f"In the study's model {_of_them(before, total)} coefficients {verb} clear, in the recommended model "
        f"{number_word(after)} (p-values adjusted for reading {number_word(total)} at once)."
    )


def _of_them(count: int, total: int) -> str:
    """'all four', 'one of four', 'none of four'."""
    return all_of(total) if count == total else f"{number_word(count)} of {number_word(total)}"


def holm_p(result: FitResult) -> dict[str, float]:
    """Holm-adjusted p-values of the predictors of `result`, by name."""
    from core.stats.regression.power import holm

    predictors = [estimate for estimate in result.estimates if estimate.role == "predictor"]
    return dict(zip((e.name for e in predictors), holm([e.p for e in predictors]), strict=True))


def change(found: Effect, result: FitResult, catalogue: Catalogue) -> str:
    """'“Trust the Met” 0.42 points lower (95% interval -0.49 to -0.35)'."""
    outcome = quoted(catalogue.label(result.spec.outcome))
    interval = f"95% interval {found.interval}"
    if not found.clear:
        return f"{found.text} in {outcome} ({interval}), so there may be no link"
    return f"{outcome} being {found.size} {'lower' if found.value < 0 else 'higher'} ({interval})"


def verdict(found: Effect, vocabulary: Vocabulary) -> str:
    """Whether the association is there, and of the sign that the question asks about, in a word or two."""
    if not found.clear:
        return "No clear association"
    if not vocabulary.expected:
        return "A clear association"
    if found.value * vocabulary.expected > 0:
        return "Yes"
    return "No: higher, not lower" if found.value > 0 else "No: lower, not higher"


def uncertainty_text(result: FitResult, name: str, vocabulary: Vocabulary) -> str:
    """How far the estimate can be trusted, in one or two sentences, from its p-values and error convention."""
    estimate = result.estimate(name)
    wild = ""
    if estimate.wild_p is not None:
        few = f"few {several(result.spec.cluster)}" if result.spec.cluster else vocabulary.fill("few {areas}")
        wild = f"; {probability(estimate.wild_p)} by wild cluster bootstrap, which is safer with {few}"
    return (
        f"If there were no link at all, we would see a result at least this large {_how_often(estimate.p)} "
        f"(p {p_equals(estimate.p)}{wild}).{_too_narrow(result, vocabulary)}"
    )


def _how_often(p: float) -> str:
    """A probability as people say it: 'about 90 times in 100', 'fewer than 1 time in 1,000'."""
    if p < ONE_IN_A_THOUSAND:
        return "fewer than 1 time in 1,000"
    count = 100 if round(p * 100) > 1 else 1000
    times = round(p * count)
    return f"about {times} time{'' if times == 1 else 's'} in {count:,}"


def _too_narrow(result: FitResult, vocabulary: Vocabulary) -> str:
    # Rows that share no interviews may be independent, and areas at one time have no neighbours in time.
    apart = result.spec.non_overlapping or result.n_periods == 1
    if result.spec.covariance not in ("classical", "HC1") or not vocabulary.overlap or apart:
        return ""
    return (
        f" But these errors count the {result.n:,} {vocabulary.rows} as independent. They are not: "
        f"{vocabulary.overlap}, so the intervals are too narrow."
    )


def joint_uncertainty(result: FitResult, vocabulary: Vocabulary) -> str:
    """How to read several coefficients at once, and what the error convention leaves out."""
    count = number_word(len(result.spec.predictors))
    sentence = (
        f"The {count} coefficients are read together, so the table has their p-values as they are and adjusted (Holm): "
        f"with {count} chances, one small p-value is less of a surprise."
    )
    return sentence + _too_narrow(result, vocabulary)


def question_uncertainty(result: FitResult, vocabulary: Vocabulary) -> str:
    """How far a model can be trusted, for one predictor or several."""
    first, *others = result.spec.predictors
    return joint_uncertainty(result, vocabulary) if others else uncertainty_text(result, first, vocabulary)


def contrast(
    published: FitResult, recommended: FitResult, name: str, catalogue: Catalogue, vocabulary: Vocabulary
) -> str:
    """What changes between the study's model and the recommended one, in a sentence."""
    before, after = (effect(fit.estimate(name), fit.spec, catalogue, vocabulary) for fit in (published, recommended))
    if before.clear and not after.clear:
        return "The association that the study reported is not clear in the recommended model."
    if before.clear and after.clear and before.value * after.value < 0:
        return "The association that the study reported changes its direction in the recommended model."
    if before.clear and after.clear:
        return "The association that the study reported keeps its direction in the recommended model."
    if after.clear:
        return "An association appears only in the recommended model."
    return "Neither model finds a clear association."
