"""What the front page says of each question: the answer with its interval, short, and what the study had said."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from core.claims import Judged, report
from core.crime.bicycle_theft import text as bicycle_theft_text
from core.crime.deprivation import text as deprivation_text
from core.crime.deprivation.text import ModelSummary
from core.crime.rates import text as rates_text
from core.crime.text import Scope
from core.crime.types import text as types_text
from core.london.ages.figures import between_answer
from core.london.forecast import text as forecast_text
from core.london.forecast.view import ForecastView
from core.presentation.numbers import NBSP, interval_text, number, number_word, quoted, signed
from core.presentation.text import POINTS, SIGNIFICANCE, Effect, effect, holm_p, verdict
from core.questions.question import CRIME_PAGE, CRIME_TITLE, LONDON_AGES, Question
from core.stats.regression import FitResult
from core.tables.catalogue import Catalogue

LONDON = "London: force and trust", "Does police use of force go with lower public trust?"
WEST_MIDLANDS = (
    "West Midlands: crime",
    "Does recorded crime follow deprivation?",
)
VERDICTS = "The verdicts", "Each published number is worked out again, then put to a test that fits the figures."


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
        What the study had said, beside it; empty where that has no place in a sentence.
    """

    page: str
    question: str
    answer: str
    study: str = ""


def of_force(question: Question, published: FitResult, recommended: FitResult, catalogue: Catalogue) -> Brief:
    """The recommended model's answer beside the study's, for one predictor or several."""
    make = _of_several if len(question.predictors) > 1 else _of_one
    return Brief(question.page, question.title, *make(published, recommended, catalogue))


def _of_one(published: FitResult, recommended: FitResult, catalogue: Catalogue) -> tuple[str, str]:
    (name,) = recommended.spec.predictors
    found, before = (effect(fit.estimate(name), fit.spec, catalogue) for fit in (recommended, published))
    outcome = quoted(catalogue.label(recommended.spec.outcome))
    sentence = f"{found.step} goes with {_points(found)} in {outcome}"
    return f"{verdict(found)}. Each borough compared with itself, {sentence}.", f"The study: {_points(before)}."


def _of_several(published: FitResult, recommended: FitResult, catalogue: Catalogue) -> tuple[str, str]:
    before, after = (_clear(fit) for fit in (published, recommended))
    total = number_word(len(recommended.spec.predictors))
    sentence = "; ".join(_step(effect(recommended.estimate(name), recommended.spec, catalogue)) for name in after)
    counts = f"{number_word(len(after)).capitalize()} of {total} {'is' if len(after) == 1 else 'are'} clear of zero"
    answer = f"{counts}{f': {sentence}' if sentence else ''}. P-values allow for reading {total} at once."
    return answer, f"The study: {number_word(len(before))} of {total}."


def _clear(fit: FitResult) -> list[str]:
    return [name for name, p in holm_p(fit).items() if p < SIGNIFICANCE]


def _step(found: Effect) -> str:
    return f"{found.step} goes with {_points(found)}"


def _points(found: Effect) -> str:
    interval = interval_text(found.low, found.high, found.digits)
    return f"{signed(found.points, found.digits)} points (95{NBSP}% interval {interval})"


def of_ages(fits: Mapping[str, FitResult], catalogue: Catalogue) -> Brief:
    """What the comparison of totals between boroughs can say."""
    return Brief(LONDON_AGES.page, LONDON_AGES.title, between_answer(fits, catalogue))


def of_forecast(view: ForecastView, score: pd.Series, catalogue: Catalogue) -> Brief:
    """By how much the forecast beats no change, and how often its intervals held."""
    held = f"80{NBSP}% intervals held {number(score['coverage_80'] * POINTS, 0)}{NBSP}% of the time."
    return Brief("london_forecast", forecast_text.TITLE, f"{forecast_text.headline(view, score, catalogue)} {held}")


def of_deprivation(summary: ModelSummary, published: ModelSummary) -> Brief:
    """How much more crime goes with more deprivation, and how much of the differences that is."""
    answer = (
        f"{deprivation_text.verdict(summary.effect)}: {summary.effect.step} go with "
        f"{deprivation_text.more(summary.effect, summary.outcome)}, and the score accounts for "
        f"{deprivation_text.share_text(summary.share)} of the differences inside districts."
    )
    study = f"The study: {deprivation_text.more(published.effect, published.outcome)}."
    return Brief(CRIME_PAGE, CRIME_TITLE, answer, study)


def of_rates(shares: pd.DataFrame, scope: Scope) -> Brief:
    """Which districts have more than their share, per resident of the year itself."""
    return Brief("crime_rates", rates_text.TITLE, rates_text.of_districts(shares, scope, "", "2019"))


def of_types(compositions: pd.DataFrame, quotients: pd.DataFrame) -> Brief:
    """Which type is the largest, and what stands out."""
    return Brief("crime_types", types_text.TITLE, types_text.answer(compositions, quotients, ""))


def of_bicycles(rates: pd.DataFrame, shares: pd.DataFrame, bands: pd.DataFrame | None) -> Brief:
    """Where bicycle theft is rarest, if that can be told."""
    return Brief("crime_bicycle_theft", bicycle_theft_text.TITLE, bicycle_theft_text.answer(rates, shares, bands))


def of_claims(claims: Sequence[Judged]) -> Brief:
    """How many published claims hold."""
    return Brief("published_claims", report.TITLE, report.summary(claims))
