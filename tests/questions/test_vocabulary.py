"""The step in one of several predictors reads as English in every form, for force and for a reader's own columns."""

from dataclasses import replace

import pytest

from core.london.outcomes.question import LONDON_OUTCOMES
from core.london.questions import VOCABULARY
from core.presentation.models.effects import step_of_kinds
from core.presentation.text import curve_text
from core.questions.vocabulary import Vocabulary
from core.stats.regression import ModelSpec
from core.tables.options import Form

OWN = Vocabulary(area="area", areas="areas", rows="rows", outcome="outcome", caveat="")
SPEC = replace(LONDON_OUTCOMES.recommended, window="quarter", lag=0)


@pytest.mark.parametrize(
    ("form", "ours", "own"),
    [
        ("log", "10% more records of one kind", "10% more of one of them"),
        ("log_per_1000", "10% more records of one kind per resident", "10% more of one of them per resident"),
        (
            "per_1000",
            "one more record of one kind per 1,000 residents",
            "one more of one of them per 1,000 residents",
        ),
        ("count", "100 more records of one kind", "one more of one of them"),
        (
            "share",
            "one percentage point more of records of one kind among all records",
            "one percentage point more of one of them among all records",
        ),
    ],
)
def test_step_in_one_of_several_predictors(form: Form, ours: str, own: str) -> None:
    spec = replace(SPEC, form=form)
    assert step_of_kinds(spec, VOCABULARY) == ours
    assert step_of_kinds(spec, OWN) == own
    assert step_of_kinds(replace(spec, window="year"), VOCABULARY) == f"{ours} in 12 months"


def test_step_in_one_of_several_columns_with_sizes_of_their_own_or_that_hold_0_and_1() -> None:
    spec = ModelSpec(outcome="y", predictors=("a", "b"), form="count")
    assert step_of_kinds(spec, replace(OWN, sizes={"a": 0.1, "b": 1.0})) == "0.1 more of one of them"
    assert step_of_kinds(spec, replace(OWN, switches=frozenset("ab"))) == "one of them at 1 (not 0)"


def test_axis_of_a_curve_counts_what_the_predictor_does() -> None:
    assert curve_text(VOCABULARY, name="records").axis == "Percentage points of the score for 10% more force"
    one = curve_text(VOCABULARY, name=LONDON_OUTCOMES.predictors[0])
    assert one.axis == "Percentage points of the score for 10% more records of one kind"
    assert curve_text(OWN, name="a").axis == "Units of the outcome for 10% more"
