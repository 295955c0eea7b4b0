from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from core.london.amount.question import LONDON_AMOUNT
from core.london.outcomes.question import LONDON_OUTCOMES
from core.questions.alternatives import Alternative
from core.questions.question import RECOMMENDED, Question
from core.questions.robustness import MOST_AREAS, robustness
from core.questions.vocabulary import Vocabulary
from core.stats.regression import Collinear, ModelSpec, fit, leave_one_out
from core.tables.panel import Panel
from tests.panels import simulated

SPEC = ModelSpec("trust", ("records",), effects=("borough", "quarter"))
QUESTION = Question(
    page="made_up",
    study="made_up",
    title="Made up?",
    vocabulary=Vocabulary(area="borough", areas="boroughs", rows="rows", outcome="score", caveat=""),
    outcomes=("trust",),
    predictors=("records",),
    controls=(),
    forms=("log",),
    presets={RECOMMENDED: SPEC},
    alternatives=(
        Alternative("Clustered", "the errors", {"covariance": "cluster"}),
        Alternative("Two-way errors", "the errors", {"covariance": "two_way"}),
        Alternative("A quarter earlier", "the delay", {"lag": 1}),
        Alternative("Deprivation held constant", "what is held constant", {"controls": ("imd_score",)}),
        Alternative("{areas} by residents", "the weights", {"weights": "population"}),
    ),
)
THERE = simulated({"Inner London": 0.02, "Outer London": 0.02})


def test_robustness_tries_each_alternative_that_differs_and_gives_reasons() -> None:
    found = robustness(THERE, QUESTION, SPEC)["records"]
    labels = [other.label for other in found.others]
    assert labels[:3] == ["Two-way errors", "A quarter earlier", "boroughs by residents"]
    assert labels[3].startswith("Without ")
    assert len(labels) == 4
    ((label, reason),) = found.left_out
    assert label == "Deprivation held constant"
    assert "already account for it" in reason
    assert found.joint is not None
    assert found.joint.specs == 3


def test_robustness_numbers_are_those_of_the_fit() -> None:
    found = robustness(THERE, QUESTION, SPEC)["records"]
    for shown, spec in zip(
        (found.recommended, *found.others[:2]),
        (SPEC, replace(SPEC, covariance="two_way"), replace(SPEC, lag=1)),
        strict=True,
    ):
        estimate = fit(THERE, spec).estimate("records")
        wanted = np.log(1.1) * np.array([estimate.estimate, estimate.low, estimate.high])
        assert (shown.value, shown.low, shown.high) == pytest.approx(tuple(wanted))
        assert shown.sign == (np.sign(estimate.estimate) if estimate.p < 0.05 else 0)
    least = leave_one_out(THERE, SPEC, "records").sort_values("low").iloc[0]
    assert found.others[-1].label == f"Without {least['area']}"
    assert found.others[-1].low == pytest.approx(np.log(1.1) * least["low"])


def test_robustness_names_the_choices_that_decide() -> None:
    found = robustness(THERE, QUESTION, SPEC)["records"]
    assert (found.recommended.sign, found.word) == (1, "depends")
    assert found.deciding == ("the delay",)
    assert found.agreeing == 3


def test_robustness_without_the_deciding_choice_is_clear_and_of_noise_is_none() -> None:
    question = replace(QUESTION, alternatives=QUESTION.alternatives[:2])
    assert robustness(THERE, question, SPEC)["records"].word == "clear"
    nothing = simulated({"Inner London": 0.0, "Outer London": 0.0}, seed=3)
    assert robustness(nothing, question, SPEC)["records"].word == "none"


def test_robustness_of_several_predictors_reads_them_together() -> None:
    spec = replace(SPEC, predictors=("records", "arrested"))
    found = robustness(THERE, QUESTION, spec)
    assert list(found) == ["records", "arrested"]
    alone = fit(THERE, spec).estimate("records")
    assert found["records"].recommended.value == pytest.approx(np.log(1.1) * alone.estimate)


def test_robustness_with_many_areas_leaves_none_out() -> None:
    frame = THERE.frame
    copies = [frame.assign(borough=frame["borough"] + f" {copy}") for copy in range(MOST_AREAS // 20 + 1)]
    many = Panel(pd.concat(copies))
    assert all("Without" not in other.label for other in robustness(many, QUESTION, SPEC)["records"].others)


def test_robustness_of_a_model_that_cannot_be_fitted_raises() -> None:
    with pytest.raises(Collinear):
        robustness(THERE, QUESTION, replace(SPEC, controls=("imd_score",)))


@pytest.mark.parametrize("question", [LONDON_AMOUNT, LONDON_OUTCOMES], ids=lambda question: question.page)
def test_alternatives_of_london_can_all_be_estimated(london: Panel, question: Question) -> None:
    for found in robustness(london, question, question.recommended).values():
        assert not found.left_out
        assert len(found.others) == len(question.alternatives) + 1
        assert found.joint is not None


def test_answer_on_amount_depends_on_years_and_measure(london: Panel) -> None:
    found = robustness(london, LONDON_AMOUNT, replace(LONDON_AMOUNT.recommended, end="2023Q4"))["records"]
    assert found.word == "depends"
    assert found.deciding == ("which years are used", "which score is asked about")
    assert (found.agreeing, len(found.others)) == (11, 13)
    assert {other.sign for other in found.others} == {0, 1}


def test_answer_on_outcomes_is_no_clear_link(london: Panel) -> None:
    found = robustness(london, LONDON_OUTCOMES, replace(LONDON_OUTCOMES.recommended, end="2023Q4"))
    assert {name: each.word for name, each in found.items()} == dict.fromkeys(LONDON_OUTCOMES.predictors, "none")
