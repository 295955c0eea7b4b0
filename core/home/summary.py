"""What the front page says of each question: the answer with its interval, short, and what the study had said."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from core.claims import Judged, report
from core.crime.bicycle_theft import text as bicycle_theft_text
from core.crime.deprivation import text as deprivation_text
from core.crime.deprivation.question import CRIME_PAGE, CRIME_TITLE
from core.crime.deprivation.text import ModelSummary
from core.crime.rates import text as rates_text
from core.crime.text import Scope
from core.crime.types import text as types_text
from core.london.ages.figures import between_answer
from core.london.ages.question import LONDON_AGES
from core.london.forecast import text as forecast_text
from core.london.forecast.view import ForecastView
from core.presentation.models.effects import Effect, effect
from core.presentation.numbers import all_of, number, number_word
from core.presentation.robustness.robust_text import page_answer
from core.presentation.text import holm_p
from core.questions.question import Question
from core.questions.robustness import Robustness
from core.questions.vocabulary import Vocabulary
from core.stats.regression import FitResult
from core.stats.robustness import SIGNIFICANCE
from core.tables.catalogue import Catalogue
from core.tables.panel import POINTS

VERDICTS = "Fact-check"


@dataclass(frozen=True)
class Brief:
    """One question on the front page.

    Parameters
    ----------
    page, question
        Where it is answered, and its words.
    answer
        In a sentence or two, with its interval.
    study
        What the study had said, next to it; empty where that has no place in a sentence.
    """

    page: str
    question: str
    answer: str
    study: str = ""


def of_model(
    question: Question,
    recommended: FitResult,
    published: FitResult | None,
    robust: Mapping[str, Robustness],
    catalogue: Catalogue,
) -> Brief:
    """The answer of the question's page for the recommended model, and the study's where one asked.

    Parameters
    ----------
    robust
        How the recommended model's answer stands up, by predictor; empty where no alternatives are declared.
    """
    answer = page_answer(recommended, robust, catalogue, question.vocabulary)
    study = _study(published, catalogue, question.vocabulary) if published else ""
    return Brief(question.page, question.title, answer, study)


def _study(published: FitResult, catalogue: Catalogue, vocabulary: Vocabulary) -> str:
    """What the study's own model says: its size for one predictor, for several how many of them are clear."""
    first, *others = published.spec.predictors
    if not others:
        return f"The study: {_size(effect(published.estimate(first), published.spec, catalogue, vocabulary))}."
    clear = sum(p < SIGNIFICANCE for p in holm_p(published).values())
    total = len(published.spec.predictors)
    return f"The study: {all_of(total) if clear == total else f'{number_word(clear)} of {number_word(total)}'} clear."


def _size(found: Effect) -> str:
    return f"{found.text} (95% interval {found.interval})"


def of_ages(fits: Mapping[str, FitResult], catalogue: Catalogue) -> Brief:
    """What the comparison of totals between boroughs can say."""
    return Brief(LONDON_AGES.page, LONDON_AGES.title, between_answer(fits, catalogue))


def of_forecast(view: ForecastView, score: pd.Series, catalogue: Catalogue) -> Brief:
    """By how much the forecast beats no change, and how often its intervals held."""
    held = f"80% intervals held {number(score['coverage_80'] * POINTS, 0)}% of the time."
    return Brief("london_forecast", forecast_text.TITLE, f"{forecast_text.headline(view, score, catalogue)} {held}")


def of_deprivation(summary: ModelSummary, published: ModelSummary) -> Brief:
    """How much more crime there is where there is more deprivation."""
    answer = (
        f"{deprivation_text.verdict(summary.effect)}: {summary.effect.step} are linked to "
        f"{deprivation_text.more(summary.effect, summary.outcome)}, within districts."
    )
    study = f"The study: {number(published.effect.value, 1)}% more."
    return Brief(CRIME_PAGE, CRIME_TITLE, answer, study)


def of_rates(shares: pd.DataFrame, scope: Scope) -> Brief:
    """Which districts have more than their share, per resident of the year itself."""
    return Brief("crime_rates", rates_text.TITLE, rates_text.of_districts(shares, scope, "", "2019"))


def of_types(compositions: pd.DataFrame, quotients: pd.DataFrame) -> Brief:
    """Which type is the largest, and what stands out."""
    return Brief("crime_types", types_text.TITLE, types_text.answer(compositions, quotients, ""))


def of_bicycles(rates: pd.DataFrame, shares: pd.DataFrame, bands: pd.DataFrame | None, period: str) -> Brief:
    """Where bicycle theft is rarest, if that can be told."""
    answer = bicycle_theft_text.answer(rates, shares, bands, period)
    return Brief("crime_bicycle_theft", bicycle_theft_text.TITLE, answer)


def of_claims(claims: Sequence[Judged]) -> Brief:
    """How many published claims stand up."""
    return Brief("published_claims", report.TITLE, report.answer(claims))
