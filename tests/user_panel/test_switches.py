"""Columns of which ten per cent more means nothing: from 0 to 1, or in a step of their own below zero."""

import re
from dataclasses import replace

import pandas as pd
import pytest

from core.presentation.models import event_figures, model_figures
from core.presentation.models.effects import effect, step_text
from core.presentation.robustness.robust_figures import robustness_figure
from core.presentation.text import curve_text, question_answer
from core.questions.question import RECOMMENDED, Question
from core.questions.robustness import robustness
from core.stats.panels.event_study import event_study
from core.stats.regression import ModelSpec, fit
from core.stats.regression.curves.choices import Choices
from core.stats.regression.curves.curve import specification_curve
from core.tables.catalogue import Catalogue
from core.tables.panel import POINTS, Panel
from core.user_panel.panel import guessed_roles
from core.user_panel.question import about, table_catalogue, user_question
from tests.user_panel.panels import AREAS, YEARS, held, rows, shaped

JUMP = 5.0
TEN_PER_CENT = re.compile(r"10% more|one more of|for at", re.IGNORECASE)


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    table = rows(YEARS)
    policy = ((table["Region"].isin(AREAS[:3])) & (table["Year"].astype(int) >= 2020)).astype(int)
    return table.assign(policy=policy, outcome=table["outcome"] + JUMP * policy)


@pytest.fixture(scope="module")
def panel(frame: pd.DataFrame) -> Panel:
    return shaped(held(frame))


@pytest.fixture(scope="module")
def question(frame: pd.DataFrame) -> Question:
    table = held(frame)
    return about(user_question(table, guessed_roles(table)), "outcome")


@pytest.fixture(scope="module")
def catalogue(frame: pd.DataFrame) -> Catalogue:
    return table_catalogue(held(frame))


@pytest.fixture(scope="module")
def spec(question: Question) -> ModelSpec:
    return replace(question.presets[RECOMMENDED], outcome="outcome", predictors=("policy",))


def test_every_sentence_states_a_switch_from_0_to_1(
    panel: Panel, question: Question, catalogue: Catalogue, spec: ModelSpec
) -> None:
    words, found = question.vocabulary, fit(panel, spec, {}, wild=False)
    assert step_text("policy", spec, catalogue, words) == "“policy” at 1 (not 0)"
    answer = question_answer(found, catalogue, words)
    assert "“policy” at 1 (not 0) is linked to +" in answer
    text = curve_text(words, name="policy")
    studied = event_figures.event_figure(event_study(panel, spec, "policy", 1, 1), spec, "policy", catalogue, words)
    (judged,) = robustness(panel, question, spec).values()
    pictured = robustness_figure(judged, words.factor, "“policy”", text)
    shown = {"“policy”": effect(found.estimate("policy"), spec, catalogue, words)}
    ladder = model_figures.ladder_figure(shown, {"“policy”": found.n}, "", words)
    for figure in (studied, pictured, ladder):
        for sentence in (figure.title, figure.note, figure.alt, *map(str, figure.table.columns)):
            assert not TEN_PER_CENT.search(sentence), sentence
    assert "for “policy” at 1 (not 0)" in pictured.note


def test_step_of_a_switch_in_alternatives_and_curve_is_one(panel: Panel, question: Question, spec: ModelSpec) -> None:
    estimate = fit(panel, spec, {}, wild=False).estimate("policy").estimate
    (judged,) = robustness(panel, question, spec).values()
    assert judged.recommended.value == pytest.approx(estimate)
    assert {tried.spec.form for tried in judged.others} == {"count"}
    curve = specification_curve(
        panel, Choices(predictors=("policy",), outcomes=("outcome",), forms=("count",)), "policy"
    )
    assert curve.table["step"].eq(1).all()
    assert curve.table["effect"].to_numpy() == pytest.approx(curve.table["estimate"].to_numpy() * POINTS)


def test_predictors_with_steps_of_their_own_are_stated_each_for_its_own(
    question: Question, catalogue: Catalogue, spec: ModelSpec
) -> None:
    both = replace(spec, predictors=("policy", "spending"))
    steps = [step_text(name, both, catalogue, question.vocabulary) for name in both.predictors]
    assert steps == ["“policy” at 1 (not 0)", "one more of “spending”"]
    assert not question.vocabulary.alike(both)


def test_predictor_below_zero_too_has_the_same_step_in_answer_alternatives_and_curve(frame: pd.DataFrame) -> None:
    deviations = frame["spending"] - frame["spending"].mean()
    table = held(frame.assign(deviation=deviations))
    asked, panel = user_question(table, guessed_roles(table)), shaped(table)
    spec = replace(asked.presets[RECOMMENDED], outcome="outcome", predictors=("deviation",))
    words, estimate = asked.vocabulary, fit(panel, spec, {}, wild=False).estimate("deviation").estimate
    stated = words.step(spec, "deviation")
    (judged,) = robustness(panel, asked, spec).values()
    assert judged.recommended.value == pytest.approx(estimate * stated.size)
    choices = Choices(predictors=("deviation",), outcomes=("outcome",), forms=("count",))
    assert specification_curve(panel, choices, "deviation").table["step"].eq(stated.size).all()
    said = curve_text(words, name="deviation")
    assert said.step.format(what="“deviation”") == stated.of("“deviation”")
    assert said.axis == f"Units of the outcome for {said.size}"
