from dataclasses import replace
from pathlib import Path

import pytest

from core.app.navigation import PAGES_DIR
from core.questions.question import PRESET_LABELS, RECOMMENDED, Question
from core.registry.pages import PAGES, QUESTIONS
from core.stats.regression import ModelSpec, fit
from core.tables.catalogue import Catalogue
from core.tables.options import FORMS
from core.tables.panel import Panel

pytestmark = pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.page)


def answerable(question: Question, panel: Panel) -> Question:
    """`question`, or a skip where the panel does not have its predictors."""
    missing = set(question.predictors) - set(panel.frame.columns)
    if missing:
        pytest.skip(f"the figures have no {', '.join(sorted(missing))}")
    return question


def test_question_has_a_page_and_a_question_mark(question: Question) -> None:
    assert question.title.endswith("?")
    assert question.page in [entry.name for entry in PAGES]
    assert Path(PAGES_DIR, f"{question.page}.py").is_file()


def test_question_presets_are_named_and_differ(question: Question) -> None:
    assert RECOMMENDED in question.presets
    assert set(question.presets) <= set(PRESET_LABELS)
    for name, spec in question.presets.items():
        assert question.preset_of(spec) == name
        assert question.preset_of(replace(spec, lag=3, non_overlapping=True)) is None
    recommended = question.recommended
    assert (recommended.effects, recommended.covariance) == (question.effects, "cluster")
    if question.published is not None:
        assert (question.published.effects, question.published.covariance) == ((), "classical")


def test_question_presets_use_offered_options(question: Question) -> None:
    for spec in question.presets.values():
        assert spec.outcome in question.outcomes
        assert set(spec.predictors) <= set(question.predictors)
        assert set(spec.controls) <= set(question.controls)
        assert spec.form in question.forms


def test_question_options_are_in_panel_and_have_labels(question: Question, panel: Panel, catalogue: Catalogue) -> None:
    offered = {*question.outcomes, *answerable(question, panel).predictors, *question.controls}
    assert offered <= set(panel.frame.columns)
    assert all(catalogue.label(name) and catalogue.help(name) for name in offered)
    assert set(question.forms) <= set(FORMS)
    assert not set(question.outcomes) & {*question.predictors, *question.controls}


def test_question_presets_can_be_fitted(question: Question, panel: Panel) -> None:
    answerable(question, panel)
    for spec in question.presets.values():
        result = fit(panel, spec, wild=False)
        rows = (544, 32, 17) if spec == question.recommended else (864, 32, 27)
        assert (result.n, result.n_areas, result.n_periods) == rows
        assert [estimate.name for estimate in result.estimates][: len(spec.predictors)] == list(spec.predictors)


def test_question_options_alone_can_be_fitted(question: Question, panel: Panel) -> None:
    recommended = answerable(question, panel).presets[RECOMMENDED]
    between = replace(recommended, effects=("quarter",))
    changed: list[ModelSpec] = [
        *(replace(recommended, outcome=outcome) for outcome in question.outcomes),
        *(replace(recommended, predictors=(predictor,)) for predictor in question.predictors),
        *(replace(recommended, form=form) for form in question.forms if form != "log"),
        *(replace(between, controls=(control,)) for control in question.controls),
    ]
    for spec in changed:
        assert fit(panel, spec, wild=False).n > 0
