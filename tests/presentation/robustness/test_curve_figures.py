"""What is said next to a curve whose share of clear estimates is not that of the other ways to ask."""

from dataclasses import replace

import numpy as np
import pytest

from core.london.amount.question import LONDON_AMOUNT
from core.presentation.robustness.curve_figures import against_robustness
from core.questions.curve import choices, dimensions, first_view, samples_of
from core.questions.robustness import Robustness, robustness
from core.stats.regression.curves.curve import Curve, specification_curve
from core.tables.catalogue import Catalogue
from core.tables.panel import Panel


@pytest.fixture(scope="module")
def one(london: Panel) -> Robustness:
    return robustness(london, LONDON_AMOUNT, LONDON_AMOUNT.recommended)["records"]


@pytest.fixture(scope="module")
def curve(london: Panel, catalogue: Catalogue) -> Curve:
    view = first_view(dimensions(LONDON_AMOUNT, london, catalogue))
    made = choices(view, LONDON_AMOUNT.predictors, samples_of(LONDON_AMOUNT, london))
    return specification_curve(london, made, "records")


def test_curve_says_why_it_agrees_less_than_other_ways_to_ask(curve: Curve, one: Robustness) -> None:
    sentence = against_robustness(curve, one, "this model")
    both = curve.table[curve.table["effects"] == "borough + quarter"]
    found = np.sign(both["effect"]) * (both["p"] < 0.05) == one.recommended.sign
    assert 2 * found.mean() < 1 < 2 * one.agreeing / len(one.others)
    assert sentence.startswith(f"{one.agreeing} of {len(one.others)} other ways to ask find what this model finds")
    assert f"and {found.mean():.0%} of the {len(both)} specifications here." in sentence
    recommended = LONDON_AMOUNT.recommended
    names = ("outcome", "form", "window", "lag", "controls", "start")
    differ = [
        sum(getattr(spec, name) != getattr(recommended, name) for name in names[:-1])
        + ((spec.start, spec.end, spec.non_overlapping) != (recommended.start, recommended.end, False))
        for spec in curve.specs
        if len(spec.effects) == 2
    ]
    assert f"; {sum(count > 1 for count in differ)} of these specifications change two or more" in sentence


def test_curve_says_nothing_where_it_agrees_with_other_ways_to_ask(curve: Curve, one: Robustness) -> None:
    found_nothing = replace(one, recommended=replace(one.recommended, sign=0))
    alike = replace(found_nothing, others=tuple(replace(other, sign=0) for other in one.others))
    assert against_robustness(curve, alike, "") == ""
    assert against_robustness(curve, found_nothing, "") == "", "the curve judges the recommended model differently"
    assert against_robustness(curve, replace(one, others=()), "") == ""
