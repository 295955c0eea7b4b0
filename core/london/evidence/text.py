"""Strength of evidence, what-if and groups as plain sentences, made from the results."""

from core.london.evidence.groups import GROUPINGS, Split
from core.presentation.numbers import (
    NBSP,
    interval_text,
    number,
    probability,
    quoted,
    signed,
)
from core.presentation.text import POINTS, SIGNIFICANCE, STEPS, counted
from core.stats.regression import Estimate, ModelSpec, NullVerdict
from core.stats.what_if import WhatIf
from core.tables.catalogue import Catalogue
from core.tables.options import Form

ASSOCIATION_ONLY = (
    "This reads what goes together in past figures at another place. It does not say what would happen if the police "
    "changed what they do."
)
MOST_NAMED = 5


def coefficient_of(points: float, form: Form) -> float:
    """The coefficient that stands for `points` percentage points of the score for the form's step.

    Turns a margin that readers choose in points into the units of an estimate.
    """
    return points / (STEPS[form].size * POINTS)


def null_sentence(verdict: NullVerdict, spec: ModelSpec) -> str:
    """What a model says about no association, and about one as large as published."""
    scale = STEPS[spec.form].size * POINTS
    published = f"the published one ({signed(verdict.published_size * scale)} points)"
    interval = f"95{NBSP}% interval"
    if verdict.case == "found":
        fits = "leaves out the published size too" if verdict.ruled_out else "holds the published size"
        return f"The {interval} leaves out no association, and {fits}."
    if verdict.case == "would_have_found":
        return (
            f"An association as large as {published} would have been found: with a probability of "
            f"{_per_cent(verdict.power)}, and it lies outside the {interval}."
        )
    if verdict.case == "equivalent":
        margin = number(verdict.equivalence.margin * scale)
        return (
            f"Whatever association there is, it is smaller than {margin} points either way "
            f"(two one-sided tests, p {_equals(verdict.equivalence.p)})."
        )
    if verdict.ruled_out:
        return (
            f"These figures cannot tell whether there is an association, but one as large as {published} "
            f"lies outside the {interval}."
        )
    return f"These figures cannot tell: no association and one as large as {published} both lie in the {interval}."


def smallest_sentence(estimate: Estimate, smallest: float, spec: ModelSpec, catalogue: Catalogue) -> str:
    """The smallest association that a model would have found, in points for a step that a reader can picture."""
    step = STEPS[spec.form]
    what = step.text.format(what=counted(estimate.name, catalogue))
    points = number(smallest * step.size * POINTS)
    return (
        f"With these figures and this model, an association is found with a probability of 80{NBSP}% if it is "
        f"{points} points or more either way for {what}; a smaller one can stay hidden."
    )


def what_if_sentence(found: WhatIf, catalogue: Catalogue) -> str:
    """The mean change that a model associates with a change of its predictors, with its interval."""
    chosen = found.chosen
    step = f"{number(abs(found.percent), 0)}{NBSP}% {'fewer' if found.percent < 0 else 'more'}"
    what = " and ".join(counted(name, catalogue) for name in found.predictors)
    if len(found.predictors) > 1:
        what = f"records of all {len(found.predictors)} kinds"
    interval = f"95{NBSP}% interval {interval_text(chosen.low, chosen.high)}"
    unclear = "" if chosen.low > 0 or chosen.high < 0 else ", which cannot be told from no change"
    return (
        f"In this model, {step} {what} go with {signed(chosen.points)} points in "
        f"{quoted(catalogue.label(found.spec.outcome))} ({interval}){unclear}. {_where(found)}"
    )


def beyond_sentence(found: WhatIf) -> str:
    """Where the change leads outside what was ever observed; empty where it does not."""
    if not found.beyond_own_record:
        return ""
    sentence = f"Beyond what was ever recorded there, so the model is stretched: {_named(found.beyond_own_record)}."
    if found.beyond_all:
        sentence += f" Beyond what was ever recorded in any borough: {_named(found.beyond_all)}."
    return sentence


def split_sentence(found: Split, term: str, catalogue: Catalogue) -> str:
    """Whether the groups' coefficients differ, or why that cannot be said."""
    name = GROUPINGS[found.grouping].label
    test = found.difference(term)
    if test is None:
        return f"{GROUPINGS[found.grouping].label}: too few groups can be fitted to compare them."
    p = f"p {_equals(test.p)}"
    label = quoted(catalogue.label(term))
    if test.p < SIGNIFICANCE:
        return f"The association of {label} with the score differs between the groups ({name}; {p})."
    return (
        f"That the groups differ cannot be shown ({name}; {p}): the estimates for {label} are no further apart than "
        "chance would put them."
    )


def _named(areas: list[str]) -> str:
    rest = len(areas) - MOST_NAMED
    return ", ".join(areas[:MOST_NAMED]) + (f" and {rest} more" if rest > 0 else "")


def _where(found: WhatIf) -> str:
    if found.same_everywhere:
        return "The model takes logarithms, so the change is the same in every borough, whatever its level."
    return "That is the mean over the boroughs chosen; where there is more to change, the change is larger."


def _per_cent(share: float) -> str:
    return f"over 99{NBSP}%" if share > 0.99 else f"{number(share * 100, 0)}{NBSP}%"


def _equals(p: float) -> str:
    sentence = probability(p)
    return sentence if sentence.startswith("below") else f"= {sentence}"


GROUPS_NOTE = (
    "Each group has effects of its own (its own quarters, for one), so the estimate for all boroughs is not an average "
    "of the groups'."
)


PEERS_NOTE = (
    "Most alike in deprivation, recorded crime per resident and number of residents: the distance adds the differences "
    "up in units of their spread between boroughs; crime and residents are compared by their ratio."
)
