"""The model that a page shows: the fit of what a reader chose, or the last that could be fitted, and the presets'."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass

import streamlit as st

from core.app import data, render
from core.app.state import PageState
from core.presentation.models import model_figures
from core.presentation.models.effects import Effect, effect
from core.questions.question import AS_PUBLISHED, PRESET_LABELS, RECOMMENDED, Question
from core.stats.regression import (
    FitResult,
    ModelError,
    ModelSpec,
)
from core.tables.catalogue import Catalogue


@dataclass(frozen=True)
class Model:
    """The model that a page shows, with what its sections need.

    Parameters
    ----------
    question, catalogue
        What is asked, and what its variables are called.
    result
        The fit shown, which is not the one asked for where that cannot be fitted.
    term
        The predictor that charts of a single coefficient show.
    effect_of
        Puts the coefficient of a fit into the unit of effects.
    """

    question: Question
    catalogue: Catalogue
    result: FitResult
    term: str
    effect_of: Callable[[FitResult, str], Effect]

    @property
    def spec(self) -> ModelSpec:
        """The specification of the model shown."""
        return self.result.spec

    def plain(self, text: str) -> str:
        """`text`, in which the names of a visitor's columns are not Markdown."""
        return render.escape_markdown(text) if self.question.free_choice else text


def model_of(question: Question, catalogue: Catalogue, result: FitResult, wanted: str) -> Model:
    """The model `result` of `question`, with `wanted` as the predictor looked at more closely if it has it."""

    def effect_of(found: FitResult, name: str) -> Effect:
        return effect(found.estimate(name), found.spec, catalogue, question.vocabulary)

    term = wanted if wanted in result.spec.predictors else result.spec.predictors[0]
    return Model(question, catalogue, result, term, effect_of)


def fit_or_last_good(state: PageState, question: Question, spec: ModelSpec) -> FitResult:
    """Fit `spec`; where it cannot be fitted say why and fall back on the last model of these figures that could.

    Without one, on the first preset that can: uploaded figures may be too few for the recommended model.

    Raises
    ------
    ModelError
        Where none could; the page has then said why.
    """
    memory, figures = state.key("last_good"), (question.study, data.version(question.study))
    try:
        result = data.fitted(question.study, spec)
    except ModelError as error:
        known, last = st.session_state.get(memory, (figures, question.recommended))
        others = [last] if known == figures else []
        sentence = render.escape_markdown(str(error)) if question.free_choice else str(error)
        place = st.empty()
        place.warning(sentence, icon=":material/rule:")
        fallback = next(_fitted(question.study, [*others, question.recommended, *question.presets.values()]), None)
        if fallback is None:
            raise
        until = "Until then the page shows the last model that could be fitted."
        place.warning(f"{sentence}\n\n{until}", icon=":material/rule:")
        return fallback
    st.session_state[memory] = (figures, spec)
    return result


def _fitted(study: str, specs: Iterable[ModelSpec]) -> Iterator[FitResult]:
    """The fits of those of `specs` that can be fitted, one by one."""
    for spec in dict.fromkeys(specs):
        with suppress(ModelError):
            yield data.fitted(study, spec)


def preset_fits(question: Question) -> dict[str, FitResult]:
    """The question's answers by their names for readers: as published and as recommended, where there are such fits."""
    return {
        PRESET_LABELS[name]: found
        for name in (AS_PUBLISHED, RECOMMENDED)
        if name in question.presets
        for found in _fitted(question.study, [question.presets[name]])
    }


def fits_shown(question: Question, current: FitResult) -> dict[str, FitResult]:
    """What :func:`preset_fits` gives, and the reader's `current` model by its own name if it is another."""
    preset = question.preset_of(current.spec)
    return preset_fits(question) | {PRESET_LABELS[preset] if preset else model_figures.YOURS: current}
