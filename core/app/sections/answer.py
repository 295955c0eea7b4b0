"""The top of a question page: answer, both presets side by side, and what happens when a model fails."""

import streamlit as st

from core.app import data
from core.app.state import PageState
from core.london.outcomes.figures import joint_card_lines
from core.presentation.model_figures import card_lines, predictor_label
from core.presentation.numbers import signed
from core.presentation.text import effect
from core.questions.question import PRESET_LABELS, RECOMMENDED, Question
from core.stats.regression import FitResult, ModelError, ModelSpec
from core.stats.regression.errors import listed
from core.tables.catalogue import Catalogue

YOURS = "Your model"


def fit_or_last_good(state: PageState, question: Question, spec: ModelSpec) -> FitResult:
    """Fit `spec`; where it cannot be fitted say why and fall back on the last model that could."""
    memory = state.key("last_good")
    try:
        result = data.fitted(question.study, spec)
    except ModelError as error:
        st.warning(f"{error}\n\nUntil then the page shows the last model that could be fitted.", icon=":material/rule:")
        return data.fitted(question.study, st.session_state.get(memory, question.presets[RECOMMENDED]))
    st.session_state[memory] = spec
    return result


def preset_fits(question: Question) -> tuple[FitResult, FitResult]:
    """The question's answers as published and as recommended."""
    published, recommended = (data.fitted(question.study, question.presets[name]) for name in PRESET_LABELS)
    return published, recommended


def fits_shown(question: Question, current: FitResult | None = None) -> dict[str, FitResult]:
    """The presets' fits by their names for readers, and the reader's `current` model if it is another."""
    shown = dict(zip(PRESET_LABELS.values(), preset_fits(question), strict=True))
    if current and question.preset_of(current.spec) is None:
        shown[YOURS] = current
    return shown


def cards(question: Question, catalogue: Catalogue, current: FitResult | None = None) -> None:
    """The presets' estimates side by side, and beside them the reader's `current` model if it is another."""
    shown = fits_shown(question, current)
    for cell, (label, result) in zip(st.columns(len(shown)), shown.items(), strict=True):
        with cell.container(border=True):
            _card(label, result, catalogue, highlighted=current is not None and result.spec == current.spec)


def _card(label: str, result: FitResult, catalogue: Catalogue, highlighted: bool) -> None:
    st.markdown(f"**{label}**{' :primary[(shown below)]' if highlighted else ''}")
    if len(result.spec.predictors) > 1:
        for line in joint_card_lines(result, catalogue):
            st.markdown(line)
        return
    term = result.spec.predictors[0]
    headline, *rest = card_lines(result, term, catalogue)
    found = effect(result.estimate(term), result.spec, catalogue)
    st.markdown(f"### {signed(found.points, found.digits)}")
    st.markdown(headline)
    for line in rest:
        st.caption(line)


def model_caption(result: FitResult, catalogue: Catalogue) -> str:
    """What was fitted, in a line: outcome, predictors, effects, sample, errors."""
    spec = result.spec
    predictors = listed(predictor_label(name, spec, catalogue) for name in spec.predictors)
    effects = f"{' and '.join(spec.effects)} effects" if spec.effects else "no effects"
    held = f"; held constant: {', '.join(catalogue.label(name) for name in spec.controls)}" if spec.controls else ""
    return f"{catalogue.label(spec.outcome)} on {predictors}, {effects}{held}. {result.note}"
