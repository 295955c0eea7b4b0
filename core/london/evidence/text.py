"""Strength of evidence, what-if and groups as plain sentences, made from the results."""

from core.london.evidence.groups import GROUPINGS, Split
from core.presentation.numbers import (
    p_equals,
    quoted,
)
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


def split_sentence(found: Split, term: str, catalogue: Catalogue) -> str:
    """Whether the groups' coefficients differ, or why that cannot be said."""
    name = GROUPINGS[found.grouping].label
    test = found.difference(term)
    if test is None:
        return f"{GROUPINGS[found.grouping].label}: too few groups can be fitted to compare them."
    p = f"p {p_equals(test.p)}"
    label = quoted(catalogue.label(term))
    if test.p < SIGNIFICANCE:
        return f"The association of {label} with the score differs between the groups ({name}; {p})."
    return (
        f"That the groups differ cannot be shown ({name}; {p}): the estimates for {label} are no further apart than "
        "chance would put them."
    )


GROUPS_NOTE = (
    "Each group has effects of its own (its own quarters, for one), so the estimate for all boroughs is not an average "
    "of the groups'."
)


PEERS_NOTE = (
    "Most alike in deprivation, recorded crime per resident and number of residents: the distance adds the differences "
    "up in units of their spread between boroughs; crime and residents are compared by their ratio."
)
