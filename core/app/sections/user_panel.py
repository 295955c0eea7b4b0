"""The page on a visitor's own table, once there is a file: the model, its strength, the gaps, what to take away."""

from dataclasses import replace
from functools import partial

import streamlit as st

from core.app import briefing_recorder, data, render, user_panel
from core.app.fragments import section
from core.app.layers import CURVE, EVIDENCE, HOW_SURE, MODELS, TAKE_AWAY, LayeredPage
from core.app.models import fitted_model, model_page, panels
from core.app.models.controls import model_controls, predictor_control
from core.app.models.curve import CurveCase, draw_curve
from core.app.models.fitted_model import Model
from core.app.sections import user_panel_controls
from core.app.state import PageState
from core.presentation.models.effects import counted
from core.presentation.text import curve_text
from core.questions.curve import dimensions, in_outcome_units
from core.questions.question import Question
from core.stats.regression import ModelError, ModelSpec
from core.tables.panel import Panel
from core.user_panel import figures as user_panel_figures
from core.user_panel import text as user_panel_text
from core.user_panel.panel import constant_columns, usable_outcomes
from core.user_panel.question import about, user_question
from core.user_panel.read import UserPanelError, UserTable

PREVIEW = 5
TABS = (EVIDENCE, HOW_SURE, MODELS, CURVE, TAKE_AWAY)


def explore(page: LayeredPage, table: UserTable) -> None:
    """Everything that the page shows of `table`."""
    state = page.state
    user_panel_controls.reading_control(state, table)
    if not user_panel_controls.shape_control(state, table):
        return
    st.dataframe(table.cells.head(PREVIEW), hide_index=True, key="table.preview")
    roles = user_panel_controls.role_controls(state, table)
    try:
        panel = user_panel.shape(table, roles)
    except UserPanelError as error:
        st.warning(render.escape_markdown(str(error)), icon=":material/rule:")
        return
    st.caption(render.escape_markdown(f"{user_panel_text.size_text(panel)} {user_panel_text.lag_text(panel)}"))
    columns = usable_outcomes(table, roles)
    if len(columns) < 2:
        st.warning(render.escape_markdown(user_panel_text.too_few_columns(table.name, constant_columns(table, roles))))
        return
    question = user_question(table, roles, timely=bool(panel.steps.unit), moderators=panel.groupings)
    if not user_panel_controls.is_asked(state):
        user_panel_controls.question_control(state, question)
        return
    catalogue = data.catalogue_of(user_panel.STUDY)
    spec = model_controls(state, question, panel, catalogue)
    wanted = predictor_control(state, question, spec, catalogue)
    one = user_panel_controls.area_control(state, panel)
    try:
        result = fitted_model.fit_or_last_good(state, question, spec)
    except ModelError:
        _columns(panel, columns, spec, one)
        return
    model = fitted_model.model_of(about(question, result.spec.outcome), catalogue, result, wanted)
    model_page.headline(model)
    steps = _with_effects_of(model)
    page.show(
        {
            EVIDENCE: [
                partial(model_page.evidence, model),
                partial(model_page.scatter, model, one),
                partial(_columns, panel, columns, spec, one),
            ],
            HOW_SURE: [partial(model_page.uncertainty, model)],
            MODELS: [partial(model_page.ladder, steps), *panels.sections(state, model)],
            CURVE: [partial(section, state, partial(_curve, state, model, panel))],
            TAKE_AWAY: [partial(model_page.take_away, state, steps)],
        }
    )


def _with_effects_of(model: Model) -> Model:
    """`model` of a question whose recommended one has its variables, so that the ladder varies its effects alone."""
    keys = model.question.recommended.effects
    return replace(model, question=_of(model.question, replace(model.spec, effects=keys)))


def _of(question: Question, spec: ModelSpec) -> Question:
    return replace(question, presets=dict.fromkeys(question.presets, spec))


def _curve(state: PageState, model: Model, panel: Panel) -> None:
    question = _of(model.question, replace(model.spec, effects=model.question.effects))
    narrow = replace(question, outcomes=(model.spec.outcome,))
    draw_curve(
        state,
        CurveCase(
            question=question,
            spec=model.spec,
            term=model.term,
            offered=dimensions(narrow, panel, model.catalogue),
            what=counted(model.term, model.catalogue, question.vocabulary),
            text=curve_text(question.vocabulary, model.spec.relative, model.term, own=True),
            in_units=in_outcome_units,
        ),
    )


def _columns(panel: Panel, columns: list[str], spec: ModelSpec, one: str) -> None:
    render.header("The data over time, and their gaps" if panel.steps.unit else "Gaps in the data")
    for variable in dict.fromkeys([spec.outcome, *spec.predictors]) if panel.steps.unit else ():
        render.figure(user_panel_figures.trend_figure, panel, variable, one)
    complete = user_panel_figures.no_gaps(panel, columns)
    if complete:
        st.markdown(briefing_recorder.text(complete))
    else:
        render.figure(user_panel_figures.missing_figure, panel, columns)
    render.table(user_panel_figures.panel_table(panel), "panel_size")
