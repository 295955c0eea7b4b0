"""The page on a visitor's own panel, once there is a file: the model, its strength, the gaps, what to take away."""

from functools import partial as partial_of

import streamlit as st

from core.app import briefing_recorder, render, user_panel
from core.app.model_downloads import download_section
from core.app.sections import london_common, user_panel_controls
from core.app.sections.curve import CurveCase, draw_curve
from core.app.sections.user_panel_controls import UserFocus
from core.app.state import PageState
from core.presentation import model_figures
from core.presentation.numbers import quoted
from core.questions.curve import in_outcome_units
from core.questions.question import Question
from core.stats.regression import FitResult, ModelError, ModelSpec, fit, partial
from core.tables.panel import Panel
from core.user_panel import figures as user_panel_figures
from core.user_panel import text as user_panel_text
from core.user_panel.question import ladder, samples, table_catalogue, user_dimensions, user_question
from core.user_panel.read import UserPanelError, UserTable, usable_outcomes

LAST_GOOD = "last_good"


def explore(state: PageState, held: UserTable) -> None:
    """Everything that the page shows of `held`."""
    roles = user_panel_controls.role_controls(state, held)
    try:
        panel = user_panel.shape(held, roles)
    except UserPanelError as error:
        st.warning(render.escape_markdown(str(error)), icon=":material/rule:")
        london_common.finish(state)
        return
    st.caption(render.escape_markdown(user_panel_text.steps(panel)))
    if len(usable_outcomes(held, roles)) < 2:
        st.warning(render.escape_markdown(user_panel_text.TOO_FEW_COLUMNS.format(name=held.name)))
        london_common.finish(state)
        return
    question = user_question(held, roles)
    spec = user_panel_controls.model_controls(state, question, panel)
    focus = user_panel_controls.focus_controls(state, spec, panel)
    result = _fit_or_last_good(spec)
    if result is not None:
        _model(state, question, result, focus, held, panel)
    _figures(panel, usable_outcomes(held, roles), spec, focus)
    if result is not None:
        render.header("Take it with you")
        steps = {name: partial_of(fit, panel, step, wild=False) for name, step in ladder(result.spec, panel).items()}
        download_section(state, panel, result, user_panel_text.TITLE, steps)
    london_common.finish(state)


def _fit_or_last_good(spec: ModelSpec) -> FitResult | None:
    """Fit `spec`; where it cannot be fitted say why and fall back on the last model of this file that could."""
    memory = user_panel.memory()
    try:
        result: FitResult = user_panel.remembered(_fit, spec)
    except ModelError as error:
        last: FitResult | None = memory.get(LAST_GOOD)
        kept = "\n\nUntil then the page shows the last model that could be fitted." if last else ""
        st.warning(f"{render.escape_markdown(str(error))}{kept}", icon=":material/rule:")
        return last
    memory.pop(LAST_GOOD, None)  # the newest again: the oldest are dropped first
    memory[LAST_GOOD] = result
    return result


def _fit(panel: Panel, spec: ModelSpec) -> FitResult:
    return fit(panel, spec, {})


def _model(
    state: PageState, question: Question, result: FitResult, focus: UserFocus, held: UserTable, panel: Panel
) -> None:
    term = focus.term if focus.term in result.spec.predictors else result.spec.predictors[0]
    render.answer(user_panel_text.answer(result, term, panel))
    st.markdown(briefing_recorder.caveat(render.escape_markdown(user_panel_text.certainty(result, term))))
    st.caption(briefing_recorder.caveat(user_panel_text.CAUTION))

    render.header("What moves the answer")
    fits = {}
    for label, step in ladder(result.spec, panel).items():
        try:
            fits[label] = user_panel.remembered(_fit, step)
        except ModelError as error:
            st.caption(render.escape_markdown(f"{label}: {error}"))
    if fits:
        render.figure(user_panel_figures.ladder_figure, fits, term, result)
    render.figure(
        user_panel_figures.scatter_figure, user_panel.remembered(partial, result.spec, term), result, term, panel
    )

    render.header("All coefficients")
    catalogue = table_catalogue(held)
    estimates = briefing_recorder.table(
        model_figures.estimates_table(result, catalogue), "estimates", 4, briefing_recorder.ESTIMATES
    )
    render.table(estimates, "estimates", digits=4)
    st.caption(briefing_recorder.method(render.escape_markdown(user_panel_text.model_text(result))))
    for warning in result.warnings:
        st.warning(render.escape_markdown(warning))
    predictors = result.spec.predictors
    draw_curve(
        state,
        CurveCase(
            question=question,
            predictors=predictors,
            term=term,
            offered=user_dimensions(question, result.spec, panel, (result.spec.outcome,)),
            what=quoted(term),
            samples=samples(panel),
            text=user_panel_text.CURVE,
            in_units=in_outcome_units,
        ),
    )


def _figures(panel: Panel, columns: list[str], spec: ModelSpec, focus: UserFocus) -> None:
    render.header("The figures over time, and their gaps")
    for variable in dict.fromkeys([spec.outcome, *spec.predictors]):
        render.figure(user_panel_figures.trend_figure, panel, variable, focus.one)
    render.figure(user_panel_figures.missing_figure, panel, columns)
    render.table(user_panel_figures.panel_table(panel), "panel_size")
