"""Sentences of random models: what they name is what the model has, and they say what its numbers say."""

import math
import random
import re
from contextlib import suppress
from dataclasses import replace
from itertools import pairwise
from typing import get_args

import pytest

from core.london.ages.question import LONDON_AGES
from core.london.amount.question import LONDON_AMOUNT
from core.london.outcomes.question import LONDON_OUTCOMES
from core.london.questions import VOCABULARY
from core.presentation.models import model_figures
from core.presentation.models.comparison import comparison, extent, wide_note
from core.presentation.models.effects import effects
from core.presentation.text import compared_rows, contrast, holm_p, question_answer, question_uncertainty
from core.questions.question import Question
from core.stats.regression import FitResult, ModelError, ModelSpec, fit
from core.stats.robustness import SIGNIFICANCE
from core.tables.catalogue import Catalogue
from core.tables.options import Covariance, Response, Window
from core.tables.panel import Panel
from core.tables.quarters import period_label

WALKED = 400
SEED = 2019
FEWEST = WALKED // 4  # models that can be fitted, without which the walk would show little
QUESTIONS = (LONDON_AMOUNT, LONDON_OUTCOMES, LONDON_AGES)
CAUSAL = re.compile(r"\b(causes?|caused|leads? to|led to|because of|effect of force)\b")
BROKEN = re.compile(r"  |\.\.|;;|,,|\bnan\b|\binf\b|\{|\}|\bNone\b|of of")


def drawn(rng: random.Random, question: Question, panel: Panel) -> ModelSpec:
    """A model of `question`, with samples down to one borough or one quarter."""
    quarters = [quarter for quarter in panel.periods if quarter >= "2017Q2"]
    first, last = sorted(rng.sample(quarters, 2)) if rng.random() < 0.5 else ("", "")
    if rng.random() < 0.15:
        first = last = rng.choice(quarters)
    boroughs = rng.choice((None, None, None, 1, 3, 3, 12))
    count = rng.randint(1, len(question.predictors))
    return ModelSpec(
        outcome=rng.choice(question.outcomes),
        predictors=tuple(name for name in question.predictors if name in rng.sample(question.predictors, count)),
        response=rng.choice((*question.responses, "poisson")),  # whose words are those of any question
        form=rng.choice(question.forms),
        window=rng.choice(get_args(Window)),
        lag=rng.choice(question.lags),
        squares=rng.random() < 0.2,
        moderator=rng.choice(("", "", "", *question.moderators)),
        controls=tuple(name for name in question.controls if rng.random() < 0.2),
        effects=rng.choice(((), ("borough",), ("quarter",), ("borough", "quarter"))),
        trends=question.trends and rng.random() < 0.25,
        differences=question.changes and rng.random() < 0.25,
        start=first,
        end=last,
        areas=None if boroughs is None else tuple(sorted(rng.sample(panel.areas, boroughs))),
        non_overlapping=rng.random() < 0.2,
        weights=rng.choice(question.weights),
        covariance=rng.choice(get_args(Covariance)),
    )


@pytest.fixture(scope="module")
def with_zeros(london: Panel) -> Panel:
    """The London panel with age bands, and some quarters in which nothing is recorded."""
    rng = random.Random(SEED)
    frame = london.frame.copy()
    for share, band in zip((0.13, 0.52, 0.27, 0.08), LONDON_AGES.predictors, strict=True):
        frame[band] = (frame["records"] * share * [rng.uniform(0.7, 1.3) for _ in frame.index]).round()
    for name in (*LONDON_AGES.predictors, *LONDON_OUTCOMES.predictors):
        frame.loc[rng.sample(range(len(frame)), 20), name] = 0
    return Panel(frame)


@pytest.fixture(scope="module", params=QUESTIONS, ids=lambda question: question.page)
def walked(request: pytest.FixtureRequest, with_zeros: Panel) -> list[FitResult]:
    """Those of the random models of one question that can be fitted."""
    question, rng, found = request.param, random.Random(SEED), []
    for _ in range(WALKED):
        with suppress(ModelError):
            found.append(fit(with_zeros, drawn(rng, question, with_zeros), wild=False))
    assert len(found) >= FEWEST
    return found


def test_walk_reaches_small_samples_and_every_choice(walked: list[FitResult]) -> None:
    assert {1, 3, 32} <= {result.n_areas for result in walked}
    assert 1 in {result.n_periods for result in walked}
    assert {result.spec.lag for result in walked} == {0, 1, 2, 3, 4}
    assert {result.spec.differences for result in walked} == {False, True}
    assert {result.spec.trends for result in walked} == {False, True}
    assert {result.spec.squares for result in walked} == {False, True}
    assert {result.spec.moderator for result in walked} == {"", "inner_outer"}
    assert any(result.n_dropped for result in walked)
    assert any(result.warnings for result in walked)


def test_answer_names_lag_window_and_outcome_of_the_model(walked: list[FitResult], catalogue: Catalogue) -> None:
    for result in walked:
        spec, sentence = result.spec, question_answer(result, catalogue, VOCABULARY)
        lags = set(re.findall(r"(\d) quarters? earlier", sentence))
        assert lags == ({str(spec.lag)} if spec.lag and "linked to" in sentence else set()), sentence
        assert ("in 12 months" in sentence) == (spec.window == "year"), sentence
        assert f"“{catalogue.label(spec.outcome)}”" in sentence
        assert ("with the size of the predictor" in sentence) == spec.squares, sentence
        assert ("Each group of “Inner or Outer London”" in sentence) == bool(spec.moderator), sentence
        assert not CAUSAL.search(sentence)
        assert not BROKEN.search(sentence), sentence


def test_answer_names_sample_of_the_model(walked: list[FitResult], catalogue: Catalogue) -> None:
    for result in walked:
        spec, sentence = result.spec, question_answer(result, catalogue, VOCABULARY)
        assert compared_rows(result, VOCABULARY) in sentence
        rows = extent(result, VOCABULARY)
        assert period_label(result.first_period) in rows
        assert period_label(result.last_period) in rows
        assert ("every fourth quarter" in rows) == (spec.non_overlapping and result.n_periods > 1)
        if spec.areas is None:
            assert " in " not in rows
        else:
            named = [area for area in spec.areas if area in rows]
            assert named == (list(spec.areas) if len(spec.areas) <= 3 else [])
            assert "all of London" not in sentence, sentence


def test_comparison_is_between_what_the_model_has(walked: list[FitResult]) -> None:
    for result in walked:
        sentence, effects_of, changes = comparison(result, VOCABULARY), result.spec.effects, result.spec.differences
        assert ("changes" in sentence) == changes
        assert ("itself" in sentence) == ("borough" in effects_of and not changes)
        assert ("its own trend" in sentence) == result.spec.trends
        over_time = changes or "borough" in effects_of
        assert ("taking out" in sentence) == (over_time and "quarter" in effects_of and result.n_areas > 1), sentence
        assert ("over four quarters" in sentence) == (changes and result.spec.non_overlapping)
        if "each other" in sentence and "boroughs" in sentence:
            assert result.n_areas > 1
        if "all boroughs" in sentence:
            assert result.spec.areas is None
        if "boroughs and quarters" in sentence:
            assert result.n_areas > 1
            assert result.n_periods > 1
        assert bool(wide_note(result, VOCABULARY)) == ("quarter" in effects_of)


def test_direction_and_strength_agree_with_the_numbers(walked: list[FitResult], catalogue: Catalogue) -> None:
    for result in walked:
        sentence, found = question_answer(result, catalogue, VOCABULARY), effects(result, catalogue, VOCABULARY)
        adjusted = holm_p(result)
        clear = [name for name in found if adjusted[name] < SIGNIFICANCE and found[name].clear]
        if len(found) == 1:
            clear = [name for name, each in found.items() if each.clear]
        assert sentence.startswith("No clear association") == (not clear), sentence
        assert sentence.count(" lower (") == sum(found[name].value < 0 for name in clear), sentence
        assert sentence.count(" higher (") == sum(found[name].value > 0 for name in clear), sentence
        if len(found) == 1 and clear:
            assert sentence.startswith("Yes") == (found[clear[0]].value < 0)
        assert all(math.isfinite(each.value) for each in found.values())


def test_unit_is_that_of_the_response(walked: list[FitResult], catalogue: Catalogue) -> None:
    assert {result.spec.response for result in walked} == set(get_args(Response))
    for result in walked:
        relative = result.spec.response != "level"
        for name, found in effects(result, catalogue, VOCABULARY).items():
            change = VOCABULARY.step(result.spec).size * result.estimate(name).estimate
            assert found.value == pytest.approx(100 * (math.exp(change) - 1 if relative else change))
            assert found.low < found.value < found.high or not found.bounded
            assert (found.unit, "%" in found.size) == (("%", True) if relative else ("points", False))
        assert ("points" in question_answer(result, catalogue, VOCABULARY).replace("percentage point", "")) != relative


def test_cards_name_what_the_model_has(walked: list[FitResult], catalogue: Catalogue) -> None:
    for result in walked:
        if len(result.spec.predictors) > 1:
            lines = model_figures.joint_card_lines(result, catalogue, VOCABULARY)
        else:
            lines = model_figures.card_lines(result, result.spec.predictors[0], catalogue, VOCABULARY)[1:2]
        for line in lines:
            assert ("earlier" in line) == bool(result.spec.lag), line
            assert ("in 12 months" in line) == (result.spec.window == "year"), line


def test_too_narrow_is_said_only_of_overlapping_rows_counted_as_independent(walked: list[FitResult]) -> None:
    for result in walked:
        sentence = question_uncertainty(result, VOCABULARY)
        independent = result.spec.covariance in ("classical", "HC1")
        overlapping = not result.spec.non_overlapping and result.n_periods > 1
        assert ("too narrow" in sentence) == (independent and overlapping), result.spec
        assert "bootstrap" not in sentence
        assert not BROKEN.search(sentence), sentence


def test_rows_left_out_are_explained_by_what_the_form_cannot_have(walked: list[FitResult]) -> None:
    for result in walked:
        sentence = model_figures.left_out_rows(result)
        assert ("logarithm" in sentence) == result.spec.form.startswith("log")
        assert ("the time before" in sentence) == result.spec.differences
        assert "share" not in sentence or result.spec.form == "share"


def test_contrast_never_says_that_there_is_nothing(walked: list[FitResult], catalogue: Catalogue) -> None:
    singles = [result for result in walked if len(result.spec.predictors) == 1]
    for before, after in pairwise(singles):
        same = replace(after, estimates=tuple(replace(e, name=before.spec.predictors[0]) for e in after.estimates[:1]))
        sentence = contrast(before, same, before.spec.predictors[0], catalogue, VOCABULARY)
        assert "not there" not in sentence
        assert "no association" not in sentence
