"""The parts that question pages are made of, from the answer at the top to the checks of the model."""

from dataclasses import dataclass, replace

import streamlit as st

from core.app import briefing_recorder, data, render
from core.app.controls import show_notices
from core.app.sections.answer import cards, fit_or_last_good, model_caption, preset_fits
from core.app.state import PageState
from core.london.questions import CAVEAT
from core.presentation import model_figures
from core.presentation import text as presentation_text
from core.questions.question import RECOMMENDED, Question
from core.stats.regression import Diagnostics, FitResult, ModelError, ModelSpec, partial
from core.tables.catalogue import Catalogue


@dataclass(frozen=True)
class PredictorFocus:
    """Which of several predictors a page looks at more closely."""

    term: str


def answered(question: Question, state: PageState, spec: ModelSpec, catalogue: Catalogue) -> FitResult:
    """Question, answer, what the presets say, and what none of it can show; returns the model shown."""
    render.title(question.title)
    state.top = st.empty()
    result = fit_or_last_good(state, question, spec)
    render.answer(presentation_text.question_answer(result, catalogue))
    st.markdown(briefing_recorder.text(presentation_text.question_contrast(*preset_fits(question), catalogue)))
    cards(question, catalogue, result)
    st.caption(briefing_recorder.caveat(CAVEAT))
    return result


def finish(state: PageState) -> None:
    """Say under the title what a link asked for in vain, and write the state into the link; call it last.

    Every section reads its own part of a link, so only the end of the page knows all that could not be given.
    """
    with state.top:
        show_notices(state.notices)
    state.write()


def closer(state: PageState, question: Question, spec: ModelSpec, catalogue: Catalogue) -> str:
    """Pick one of the model's predictors, in the sidebar; the only one where the question has one."""
    if len(question.predictors) == 1:
        return question.predictors[0]
    offered = spec.predictors or question.predictors
    view = state.restore(PredictorFocus(offered[0]), {"term": question.predictors})
    first = view.term if view.term in offered else offered[0]
    term = st.sidebar.selectbox(
        "Look closer at",
        offered,
        key=state.seed("term", first, offered),
        format_func=catalogue.label,
        help="The kind that charts of a single coefficient show. It does not change the model.",
    )
    state.keep(PredictorFocus(term))
    return term


def term_shown(result: FitResult, wanted: str) -> str:
    """`wanted` if the model shown has it (the last good one may not), else its first predictor."""
    return wanted if wanted in result.spec.predictors else result.spec.predictors[0]


def certainty(question: Question, result: FitResult, term: str, catalogue: Catalogue) -> None:
    """How sure the answer is: p-values in words, the table of estimates, the checks."""
    render.header("How sure are we?")
    st.markdown(briefing_recorder.caveat(presentation_text.question_uncertainty(result)))
    estimates = briefing_recorder.table(
        model_figures.estimates_table(result, catalogue), "estimates", 4, briefing_recorder.ESTIMATES
    )
    render.table(estimates, "estimates", digits=4)
    st.caption(briefing_recorder.method(model_caption(result, catalogue)))
    checks = st.expander("Checks on the model", icon=":material/fact_check:", key="checks", on_change="rerun")
    if checks.open:
        with checks:
            render.diagnostics(question.study, result, term, catalogue)


def scatter(question: Question, result: FitResult, term: str, borough: str, catalogue: Catalogue) -> None:
    """Predictor against score, raw and with the recommended effects taken out, whether the model has them or not."""
    spec = replace(result.spec, effects=question.presets[RECOMMENDED].effects)
    try:
        scattered = data.on_panel(partial, question.study, spec, term)
    except ModelError:  # the effects leave nothing, as of a control that never changes: the model's own then
        spec = result.spec
        scattered = data.on_panel(partial, question.study, spec, term)
    render.figure(model_figures.scatter_figure, scattered, spec, term, borough, catalogue)


def collinearity(checked: Diagnostics, result: FitResult, catalogue: Catalogue) -> None:
    """Variance inflation, with what it means."""
    finding = model_figures.vif_finding(checked, result, catalogue)
    render.table(model_figures.vif_table(checked, result, catalogue), "vif", digits=1, title=finding)
    st.caption(briefing_recorder.text(presentation_text.VIF_NOTE))
