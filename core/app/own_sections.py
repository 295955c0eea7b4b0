"""The page on a visitor's own panel, once there is a file: the model, its strength, the gaps, what to take away."""

from functools import partial as partial_of

import streamlit as st

from core import exhibits, exhibits_own, wording_own
from core.app import own, own_controls, record, sections, show
from core.app.curve import CurveCase, draw_curve
from core.app.own_controls import OwnFocus
from core.app.state import PageState
from core.app.takeaway import take_away
from core.fragility import in_outcome_units
from core.own_panel import OwnPanelError, OwnTable, usable_outcomes
from core.own_question import ladder, own_dimensions, own_question, own_words, samples
from core.panel import Panel
from core.questions import Question
from core.regression import FitResult, ModelError, ModelSpec, fit, partial
from core.wording import quoted

LAST_GOOD = "last_good"


def explore(state: PageState, held: OwnTable) -> None:
    """Everything that the page shows of `held`."""
    roles = own_controls.role_controls(state, held)
    try:
        panel = own.shape(held, roles)
    except OwnPanelError as error:
        st.warning(show.plain(str(error)), icon=":material/rule:")
        sections.finish(state)
        return
    st.caption(show.plain(wording_own.steps(panel)))
    if len(usable_outcomes(held, roles)) < 2:
        st.warning(show.plain(wording_own.NO_FIGURES.format(name=held.name)))
        sections.finish(state)
        return
    question = own_question(held, roles)
    spec = own_controls.model_controls(state, question, panel)
    focus = own_controls.focus_controls(state, spec, panel)
    result = _fit_or_last_good(spec)
    if result is not None:
        _model(state, question, result, focus, held, panel)
    _figures(panel, usable_outcomes(held, roles), spec, focus)
    if result is not None:
        show.header("Take it with you")
        steps = {name: partial_of(fit, panel, step, wild=False) for name, step in ladder(result.spec, panel).items()}
        take_away(state, panel, result, wording_own.TITLE, steps)
    sections.finish(state)


def _fit_or_last_good(spec: ModelSpec) -> FitResult | None:
    """Fit `spec`; where it cannot be fitted say why and fall back on the last model of this file that could."""
    memory = own.memory()
    try:
        result: FitResult = own.remembered(_fit, spec)
    except ModelError as error:
        last: FitResult | None = memory.get(LAST_GOOD)
        kept = "\n\nUntil then the page shows the last model that could be fitted." if last else ""
        st.warning(f"{show.plain(str(error))}{kept}", icon=":material/rule:")
        return last
    memory.pop(LAST_GOOD, None)  # the newest again: the oldest are dropped first
    memory[LAST_GOOD] = result
    return result


def _fit(panel: Panel, spec: ModelSpec) -> FitResult:
    return fit(panel, spec, {})


def _model(
    state: PageState, question: Question, result: FitResult, focus: OwnFocus, held: OwnTable, panel: Panel
) -> None:
    term = focus.term if focus.term in result.spec.predictors else result.spec.predictors[0]
    show.answer(wording_own.answer(result, term, panel))
    st.markdown(record.sure(show.plain(wording_own.certainty(result, term))))
    st.caption(record.sure(wording_own.CAUTION))

    show.header("What moves the answer")
    fits = {}
    for label, step in ladder(result.spec, panel).items():
        try:
            fits[label] = own.remembered(_fit, step)
        except ModelError as error:
            st.caption(show.plain(f"{label}: {error}"))
    if fits:
        show.exhibit(exhibits_own.ladder_exhibit, fits, term, result)
    show.exhibit(exhibits_own.scatter_exhibit, own.remembered(partial, result.spec, term), result, term, panel)

    show.header("All coefficients")
    words = own_words(held)
    estimates = record.table(exhibits.estimates_table(result, words), "estimates", 4, record.ESTIMATES)
    show.table(estimates, "estimates", digits=4)
    st.caption(record.method(show.plain(wording_own.model_words(result))))
    for warning in result.warnings:
        st.warning(show.plain(warning))
    predictors = result.spec.predictors
    draw_curve(
        state,
        CurveCase(
            question=question,
            predictors=predictors,
            term=term,
            offered=own_dimensions(question, result.spec, panel, (result.spec.outcome,)),
            what=quoted(term),
            samples=samples(panel),
            told=wording_own.CURVE,
            in_units=in_outcome_units,
        ),
    )


def _figures(panel: Panel, columns: list[str], spec: ModelSpec, focus: OwnFocus) -> None:
    show.header("The figures over time, and their gaps")
    for variable in dict.fromkeys([spec.outcome, *spec.predictors]):
        show.exhibit(exhibits_own.trend_exhibit, panel, variable, focus.one)
    show.exhibit(exhibits_own.missing_exhibit, panel, columns)
    show.table(exhibits_own.panel_table(panel), "panel_size")
