"""Sentences follow the results that they are made from."""

import re
from dataclasses import replace

import pytest

from core.london.amount.question import LONDON_AMOUNT
from core.london.evidence.groups import split
from core.london.evidence.text import split_sentence, window
from core.london.panel import survey_panel
from core.london.questions import VOCABULARY
from core.presentation.models.effects import effect
from core.presentation.robustness.evidence_text import (
    ASSOCIATION_ONLY,
    beyond_sentence,
    coefficient_of,
    null_sentence,
    smallest_sentence,
    what_if_sentence,
)
from core.questions.question import FIRST_EDITION
from core.stats.regression import Estimate, ModelSpec, fit, smallest_effect, verdict_on_null
from core.stats.what_if import what_if
from core.tables.catalogue import Catalogue
from core.tables.panel import Panel
from tests.panels import estimate_of

SPEC = LONDON_AMOUNT.presets[FIRST_EDITION]


def plain(sentence: str) -> str:
    return sentence.replace("\N{NO-BREAK SPACE}", " ").replace("\N{MINUS SIGN}", "-")


@pytest.mark.parametrize(
    ("estimate", "published", "text"),
    [
        (
            estimate_of(-0.03, 0.01),
            -0.0441,
            "rule out that there is no link; a link as large as the study reported is possible",
        ),
        (estimate_of(0.03, 0.01), -0.0441, "rule out both no link and a link as large as the study reported"),
        (
            estimate_of(0.0016, 0.0125),
            -0.0441,
            r"as large as the published one \(-0.42 points\) were real, .* would have detected it",
        ),
        (estimate_of(0.0005, 0.002), -0.004, "smaller than 0.10 points in either direction"),
        (estimate_of(0.01, 0.018), -0.0441, r"data cannot say whether .* rule out one as large as .* \(-0.42 points\)"),
        (
            estimate_of(-0.02, 0.03),
            -0.0441,
            "data cannot say: they fit both no link and a link as large as the published",
        ),
    ],
)
def test_null_sentence_agrees_with_the_verdict(estimate: Estimate, published: float, text: str) -> None:
    verdict = verdict_on_null(estimate, published, coefficient_of(0.1, SPEC, VOCABULARY))
    assert pytest.approx(0.1) == verdict.equivalence.margin * 9.531018
    sentence = plain(null_sentence(verdict, SPEC, VOCABULARY))
    assert sentence.endswith(".")
    assert re.search(text, sentence), sentence


def test_coefficient_of_inverts_effect_in_points(london: Panel, catalogue: Catalogue) -> None:
    estimate = fit(london, SPEC, wild=False).estimate("records")
    for form in ("log", "count", "per_1000", "log_per_1000", "share"):
        spec = replace(SPEC, form=form)
        assert coefficient_of(effect(estimate, spec, catalogue, VOCABULARY).value, spec, VOCABULARY) == pytest.approx(
            estimate.estimate
        )


def test_smallest_sentence_is_in_points(london: Panel, catalogue: Catalogue) -> None:
    estimate = fit(london, SPEC, wild=False).estimate("records")
    sentence = plain(smallest_sentence(estimate, smallest_effect(estimate), SPEC, catalogue, VOCABULARY))
    assert "reliably detect (80% of the time) is 0.34 points for 10% more use-of-force records" in sentence


def test_what_if_sentence_states_an_association(london: Panel, catalogue: Catalogue) -> None:
    found = what_if(london, fit(london, SPEC, wild=False), "records", -10)
    sentence = plain(what_if_sentence(found, catalogue, VOCABULARY))
    assert sentence.startswith("In this model, 10% fewer use-of-force records are linked to -0.02 points in")
    assert "so there may be no link" in sentence
    assert sentence.endswith("the same in every borough.")
    assert "cause" not in sentence + ASSOCIATION_ONLY
    assert beyond_sentence(found, VOCABULARY) == (
        "Treat with caution: beyond anything recorded in the periods of the model in Richmond upon Thames. "
        "Beyond anything recorded then in any borough: Richmond upon Thames."
    )
    assert (
        beyond_sentence(what_if(london, fit(london, SPEC, wild=False), "records", -10, ("Camden",)), VOCABULARY) == ""
    )


def test_what_if_sentence_with_several_predictors_counts_kinds(london: Panel, catalogue: Catalogue) -> None:
    spec = replace(SPEC, predictors=("arrested", "hospitalised"), form="count")
    found = what_if(london, fit(london, spec, wild=False), spec.predictors, 300)
    sentence = plain(what_if_sentence(found, catalogue, VOCABULARY))
    assert "300% more records of all 2 kinds are linked to" in sentence
    assert "where there is more to change" in sentence
    assert "and 27 more" in beyond_sentence(found, VOCABULARY)
    assert "in any borough" in beyond_sentence(found, VOCABULARY)


def test_split_sentence_states_whether_groups_differ(london: Panel, two_groups: Panel, catalogue: Catalogue) -> None:
    found = split(london, SPEC, "inner_outer", wild=False)
    same = plain(split_sentence(found, "records", catalogue, VOCABULARY))
    inner, outer = (part.result.estimate("records") for part in found.parts if part.result)
    shown = [plain(effect(each, SPEC, catalogue, VOCABULARY).text) for each in (inner, outer)]
    assert same.startswith(f"No clear difference: Inner London {shown[0]} and Outer London {shown[1]}, for 10% more")
    assert "(p = 0.46)" in same
    apart = replace(found, differences=(replace(found.differences[0], p=0.01),))
    assert plain(split_sentence(apart, "records", catalogue, VOCABULARY)).startswith("No, it differs: Inner London ")
    spec = ModelSpec("trust", ("records",), form="count", areas=tuple(two_groups.areas[:10]))
    few = split(two_groups, spec, "inner_outer", wild=False)
    assert "too few groups" in split_sentence(few, "records", catalogue, VOCABULARY)


def test_window_names_where_force_ends_and_where_the_survey_does() -> None:
    survey = survey_panel()
    assert window(survey) == (
        "Use of force is published by borough to Oct\N{EN DASH}Dec 2023, so models of it end there; the survey runs to "
        "Jan\N{EN DASH}Mar 2026."
    )
    assert window(Panel(survey.frame[survey.frame["quarter"] <= "2023Q4"])) == ""
