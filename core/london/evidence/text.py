"""Strength of evidence, what-if and groups as plain sentences, made from the results."""

from core.london.evidence.groups import GROUPINGS, Split
from core.presentation.models.effects import effect
from core.presentation.numbers import p_equals
from core.questions.vocabulary import Vocabulary
from core.stats.regression.errors import listed
from core.stats.robustness import SIGNIFICANCE
from core.tables.catalogue import Catalogue
from core.tables.panel import Panel
from core.tables.quarters import quarter_label


def window(survey: Panel) -> str:
    """Where models of force end and why, in a sentence; empty if the figures on force run as far as the survey.

    Parameters
    ----------
    survey
        Boroughs and quarters as far as the survey runs, with the total of force.
    """
    last, ends = survey.periods[-1], survey.frame.loc[survey.frame[survey.total].notna(), survey.period].max()
    if ends == last:
        return ""
    return (
        f"Use of force is published by borough to {quarter_label(ends)}, so models of it end there; the survey runs to "
        f"{quarter_label(last)}."
    )


def split_sentence(found: Split, term: str, catalogue: Catalogue, vocabulary: Vocabulary) -> str:
    """Whether the association is the same in all groups, with what each says, or why that cannot be said."""
    test = found.difference(term)
    if test is None:
        return f"{GROUPINGS[found.grouping].label}: too few groups can be fitted to compare them."
    fitted = {part.label: part.result.estimate(term) for part in found.parts if part.result}
    stated = {label: effect(each, found.whole.spec, catalogue, vocabulary) for label, each in fitted.items()}
    step, p = next(iter(stated.values())).step, f"p {p_equals(test.p)}"
    each = listed(f"{label} {one.text}" for label, one in stated.items())
    if test.p < SIGNIFICANCE:
        return f"No, it differs: {each}, for {step} ({p})."
    return f"No clear difference: {each}, for {step}. Chance could put them as far apart ({p})."


GROUPS_NOTE = (
    "Each group has effects of its own (its own quarters, for one), so the estimate for all boroughs is not an average "
    "of the groups'."
)


PEERS_NOTE = (
    "Most alike in deprivation, recorded crime per resident and number of residents: the distance adds the differences "
    "up in units of their spread between boroughs; crime and residents are compared by their ratio."
)
