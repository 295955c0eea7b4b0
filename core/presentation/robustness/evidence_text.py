"""What could have been found and what-if as plain sentences, made from the results."""

from collections.abc import Mapping

from core.presentation.models.effects import counted, step_text, unit_of
from core.presentation.numbers import (
    interval_text,
    number,
    p_equals,
    quoted,
    signed,
)
from core.presentation.text import NULL_NOTE, PUBLISHED_SIZE_NOTE
from core.questions.vocabulary import Vocabulary
from core.stats.regression import Estimate, FitResult, ModelSpec, NullVerdict, verdict_on_null
from core.stats.regression.errors import listed
from core.stats.what_if import WhatIf
from core.tables.catalogue import Catalogue

ASSOCIATION_ONLY = (
    "This describes the past pattern only. It does not predict what would happen if anybody changed what they do."
)


MOST_NAMED = 5


def coefficient_of(size: float, spec: ModelSpec, vocabulary: Vocabulary) -> float:
    """The coefficient that stands for an effect of `size` for the step of `spec`.

    Turns a margin that readers choose in the unit of effects into the units of an estimate.
    """
    return unit_of(spec, vocabulary).change(size) / vocabulary.step(spec).size


def null_note(published: bool) -> str:
    """How to read what could have been found."""
    return f"{PUBLISHED_SIZE_NOTE} {NULL_NOTE}" if published else NULL_NOTE


def quarter_note(shares: Mapping[str, float], catalogue: Catalogue, vocabulary: Vocabulary) -> str:
    """How much less a model of single quarters shows where the outcome covers 12 months.

    Parameters
    ----------
    shares
        Share of a link with 12 months that the quarter of each predictor shows.
    """
    shown = listed(f"{share:.0%} for {counted(name, catalogue, vocabulary)}" for name, share in shares.items())
    return (
        f"The {vocabulary.outcome} covers 12 months, the predictor of this model one {vocabulary.period_noun}. That "
        f"shows only part of a link with 12 months: {shown}. Published sizes are counted at that part."
    )


def null_sentence(verdict: NullVerdict, spec: ModelSpec, vocabulary: Vocabulary) -> str:
    """What a model says about no association, and about one as large as published."""
    step, stated = vocabulary.step(spec).size, unit_of(spec, vocabulary).stated
    unit = unit_after(spec, vocabulary)
    published = f"the published one ({signed(stated(verdict.published_size * step))}{unit})"
    if verdict.case == "found":
        if verdict.ruled_out:
            return "The data rule out both no link and a link as large as the study reported."
        return "The data rule out that there is no link; a link as large as the study reported is possible."
    if verdict.case == "would_have_found":
        return (
            f"If a link as large as {published} were real, this analysis would have detected it "
            f"{_per_cent(verdict.power)} of the time. It did not, and the data rule out a link that large."
        )
    if verdict.case == "equivalent":
        margin = number(stated(verdict.equivalence.margin * step))
        return (
            f"If there is a link, it is smaller than {margin}{unit} in either direction (two one-sided tests, "
            f"p {p_equals(verdict.equivalence.p)})."
        )
    if verdict.ruled_out:
        return f"The data cannot say whether there is a link, but they rule out one as large as {published}."
    return f"The data cannot say: they fit both no link and a link as large as {published}."


def smallest_sentence(
    estimate: Estimate, smallest: float, spec: ModelSpec, catalogue: Catalogue, vocabulary: Vocabulary
) -> str:
    """The smallest association that a model would have found, in points for a step that a reader can picture."""
    what = step_text(estimate.name, spec, catalogue, vocabulary)
    size = number(unit_of(spec, vocabulary).stated(smallest * vocabulary.step(spec, estimate.name).size))
    return (
        f"The smallest link that this analysis could reliably detect (80% of the time) is "
        f"{size}{unit_after(spec, vocabulary)} for {what}; anything smaller could go unnoticed."
    )


def what_if_sentence(found: WhatIf, catalogue: Catalogue, vocabulary: Vocabulary) -> str:
    """The mean change that a model associates with a change of its predictors, with its interval."""
    chosen, unit = found.chosen, unit_of(found.spec, vocabulary)
    step = f"{number(abs(found.percent), 0)}% {'fewer' if found.percent < 0 else 'more'}"
    what = " and ".join(counted(name, catalogue, vocabulary) for name in found.predictors)
    if len(found.predictors) > 1:
        what = vocabulary.all_kinds.format(count=len(found.predictors))
    interval = f"95% interval {interval_text(unit.of_points(chosen.low), unit.of_points(chosen.high))}"
    unclear = "" if chosen.low > 0 or chosen.high < 0 else ", so there may be no link"
    size = f"{signed(unit.of_points(chosen.points))}{unit_after(found.spec, vocabulary)}"
    return (
        f"In this model, {step} {what} are linked to {size} in "
        f"{quoted(catalogue.label(found.spec.outcome))} ({interval}){unclear}. {_where(found, vocabulary)}"
    )


def beyond_sentence(found: WhatIf, vocabulary: Vocabulary) -> str:
    """Where the change leads outside what was ever observed; empty where it does not."""
    if not found.beyond_own_record:
        return ""
    sentence = (
        "Treat with caution: beyond anything recorded in the periods of the model in "
        f"{_named(found.beyond_own_record)}."
    )
    if found.beyond_all:
        sentence += vocabulary.fill(" Beyond anything recorded then in any {area}: ") + f"{_named(found.beyond_all)}."
    return sentence


def unit_after(spec: ModelSpec, vocabulary: Vocabulary) -> str:
    """The unit of effects as it follows a number: ' points', '%', nothing."""
    name = unit_of(spec, vocabulary).name
    return name if name in ("", "%") else f" {name}"


def _named(areas: list[str]) -> str:
    rest = len(areas) - MOST_NAMED
    return ", ".join(areas[:MOST_NAMED]) + (f" and {rest} more" if rest > 0 else "")


def _where(found: WhatIf, vocabulary: Vocabulary) -> str:
    if found.same_everywhere:
        return f"The model takes logarithms, so the change is the same in every {vocabulary.area_noun}."
    return f"This is the average of the {vocabulary.areas} chosen; where there is more to change, the change is larger."


def _per_cent(share: float) -> str:
    return "over 99%" if share > 0.99 else f"{number(share * 100, 0)}%"


def null_findings(
    result: FitResult, published: FitResult, margin: float, catalogue: Catalogue, vocabulary: Vocabulary
) -> str:
    """What follows from each predictor's estimate, as a sentence or a list of them."""
    most = coefficient_of(margin, result.spec, vocabulary)
    sentences = {
        name: null_sentence(
            verdict_on_null(result.estimate(name), published.estimate(name).estimate, most), result.spec, vocabulary
        )
        for name in result.spec.predictors
    }
    if len(sentences) == 1:
        return "".join(sentences.values())
    return "\n".join(f"- **{catalogue.label(name)}.** {sentence}" for name, sentence in sentences.items())
