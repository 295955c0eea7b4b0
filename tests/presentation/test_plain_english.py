"""Summaries in plain English: short sentences, few numbers, nothing for statisticians, for any model and place."""

import random
import warnings
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from typing import TypeAlias

import pytest

from core.london.amount.question import LONDON_AMOUNT
from core.london.borough.analysis import Rate, Standing, force_rates, last_rate, standing
from core.london.borough.elsewhere import in_borough
from core.london.outcomes.question import LONDON_OUTCOMES
from core.london.panel import survey_panel
from core.presentation.models.model_summary import clause, model_summary
from core.presentation.summary import Summary
from core.questions.question import Question
from core.questions.robustness import Robustness, Tried
from core.stats.regression import FitResult, ModelError, ModelSpec, fit
from core.stats.robustness import answer_by_rule
from core.tables.catalogue import Catalogue
from core.tables.panel import Panel
from tests.presentation.plain_english import ANALYSTS, PHRASES, faults, numbers_in, summary_faults
from tests.presentation.test_walk import drawn

QUESTIONS = (LONDON_AMOUNT, LONDON_OUTCOMES)
WALKED, SEED = 100, 18  # summaries of each question
WAYS = 13
Places: TypeAlias = dict[str, tuple[Rate, Standing]]


@pytest.fixture(scope="module")
def places() -> Places:
    """Force and trust in each borough."""
    survey = survey_panel()
    rates = force_rates(survey)
    return {borough: (last_rate(rates, borough), standing(survey, borough)) for borough in survey.areas}


def tried(rng: random.Random, spec: ModelSpec) -> Tried:
    choice, sign = rng.choice(("years", "score", "errors")), rng.choice((-1, 0, 0, 1))
    return Tried("another way", choice, 0.1, -0.1, 0.3, sign, spec, 0.1)


def judged(rng: random.Random, spec: ModelSpec) -> Robustness:
    """An answer by rule on made-up outcomes of all ways to ask."""
    recommended, others = tried(rng, spec), tuple(tried(rng, spec) for _ in range(WAYS))
    if rng.random() < 0.6:
        others = tuple(replace(other, sign=recommended.sign) for other in others)
    word = answer_by_rule(recommended.sign, [other.sign for other in others], rng.choice((0.01, 0.5)))
    return Robustness(spec, recommended, others, (), None, word)


def summaries(
    rng: random.Random, question: Question, result: FitResult, places: Places, catalogue: Catalogue
) -> Iterator[Summary]:
    """The first screen of a model for London, and for a borough drawn at random."""
    same = judged(rng, result.spec)
    found = {name: same if rng.random() < 0.7 else judged(rng, result.spec) for name in result.spec.predictors}
    whole = model_summary(question, result, found, catalogue, ["Publisher"])
    yield whole
    yield in_borough(whole, clause(found, *question.pair, question.vocabulary), *places[rng.choice(sorted(places))])


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.page)
def test_summaries_of_random_models_and_boroughs_are_plain(
    question: Question, panel: Panel, places: Places, catalogue: Catalogue
) -> None:
    rng, seen = random.Random(SEED), 0
    words: set[str] = set()
    while seen < WALKED:
        spec = rng.choice((drawn(rng, question, panel), *question.presets.values()))
        with suppress(ModelError), warnings.catch_warnings(action="ignore"):
            result = fit(panel, spec, wild=False)
            for summary in summaries(rng, question, result, places, catalogue):
                assert summary_faults(summary) == [], summary
                seen, words = seen + 1, words | {summary.chip}
    assert words >= {"clear", "depends", "none"}


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.page)
@pytest.mark.parametrize("sign", [-1, 0, 1])
def test_summary_in_each_borough_is_plain(
    question: Question, sign: int, panel: Panel, places: Places, catalogue: Catalogue
) -> None:
    result = fit(panel, question.recommended, wild=False)
    ways = [tried(random.Random(number), question.recommended) for number in range(WAYS)]
    for same in (0, WAYS):
        signs = [sign] * same + [0] * (WAYS - same)
        others = tuple(replace(way, sign=new) for way, new in zip(ways, signs, strict=True))
        recommended = replace(ways[0], sign=sign)
        found = Robustness(
            result.spec, recommended, others, (), None, answer_by_rule(sign, [other.sign for other in others], 0.01)
        )
        each = dict.fromkeys(result.spec.predictors, found)
        whole = model_summary(question, result, each, catalogue, ["Publisher"])
        said = clause(each, *question.pair, question.vocabulary)
        for force, now in places.values():
            assert summary_faults(in_borough(whole, said, force, now)) == []


@pytest.mark.parametrize(
    ("sentence", "numbers"),
    [
        ("In the year to March 2026, 56% of residents trusted the Met.", ["56%"]),
        ("It rose from 3 to 4 per 1,000 residents, or 12%.", ["3", "4", "12%"]),
        ("In Coventry 031C crime is average.", []),
        ("October 2019 to December 2023, 32 boroughs.", ["32"]),
        ("+0.16 and \N{MINUS SIGN}1.18 points", ["+0.16", "\N{MINUS SIGN}1.18"]),
    ],
)
def test_numbers_in_leaves_out_dates_and_names(sentence: str, numbers: list[str]) -> None:
    assert numbers_in(sentence) == numbers


@pytest.mark.parametrize(
    "text",
    [
        "word " * 26 + ".",
        "One 1, two 2 and three 3.",
        "The interval is wide.",
        "Clear (p = 0.04).",
        "The ln of records.",
        "E01000001 is high.",
        "It cannot be told from none.",
        "80 % of them.",
        "Force goes with trust.",
        "From Oct\N{EN DASH}Dec 2023 on.",
    ],
)
def test_faults_finds_what_is_not_plain(text: str) -> None:
    assert list(faults(text))


def test_patterns_leave_plain_sentences_alone() -> None:
    for text in ("More force is clearly linked to lower trust.", "Crime went up, and people left."):
        assert list(faults(text)) == []
        assert not PHRASES.search(text)
        assert not ANALYSTS.search(text)
