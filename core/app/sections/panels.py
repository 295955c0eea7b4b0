"""What a panel says beyond one coefficient: how it differs, what comes before and after, and other outcomes."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import streamlit as st

from core.app import briefing_recorder, data, lazy, render
from core.app.fragments import section
from core.app.sections.fitted_model import Model
from core.app.state import PageState
from core.presentation import event_figures, moderation_figures, outcome_figures
from core.presentation.effects import unit_of
from core.stats.panels.event_study import LAGS, LEADS, EventStudy, event_study
from core.stats.panels.moderated import Bend, ByGroup, bend, by_group
from core.stats.panels.outcomes import SideBySide, side_by_side
from core.stats.regression import ModelError, ModelSpec
from core.tables.panel import Panel

COMPARED, FEWEST_COMPARED, MOST_COMPARED = 4, 2, 20  # outcomes at first, at least and at most


@dataclass(frozen=True)
class EventWindow:
    """How many periods before and after a rise of the predictor are looked at."""

    before: int = 4
    after: int = 4


@dataclass(frozen=True)
class OutcomesCompared:
    """Which outcomes stand side by side."""

    compared: tuple[str, ...]


def sections(state: PageState, model: Model) -> list[Callable[[], None]]:
    """What stands among models and checks; what takes time is worked out when it is opened."""
    return [partial(differing, model), partial(before_and_after, state, model), partial(other_outcomes, state, model)]


def differing(model: Model) -> None:
    """What the model lets differ, if anything."""
    spec, study = model.spec, model.question.study
    words = model.catalogue, model.question.vocabulary
    if not (spec.moderator or spec.squares):
        return
    render.header("How the association differs")
    try:
        if spec.moderator:
            found = data.on_panel(_grouped, study, spec, model.term, study)
            render.figure(moderation_figures.group_figure, found, spec, model.term, *words)
        if spec.squares:
            bent = data.on_panel(_bent, study, spec, model.term, study)
            render.figure(moderation_figures.bend_figure, bent, spec, model.term, *words)
    except ModelError as error:
        st.caption(model.plain(str(error)))


def before_and_after(state: PageState, model: Model) -> None:
    """An event study, with leads and lags that the reader chooses, where periods have an order."""
    if not model.question.changes:
        return
    start = state.restore(EventWindow(), {"before": LEADS, "after": LAGS})
    state.keep(start)
    draw = partial(section, state, partial(_event_study, state, model, start))
    lazy.expand("Before and after", "before_after", draw, ":material/timeline:")


def _event_study(state: PageState, model: Model, start: EventWindow) -> None:
    words, study = model.question.vocabulary, model.question.study
    left, right = st.columns(2)
    before = left.slider(
        model.plain(f"{words.periods} before".capitalize()),
        LEADS[0],
        LEADS[-1],
        key=state.seed("before", start.before),
        help="Leads: the predictor of later periods, which can have no part in the outcome yet.",
    )
    after = right.slider(
        model.plain(f"{words.periods} after".capitalize()), LAGS[0], LAGS[-1], key=state.seed("after", start.after)
    )
    state.keep(EventWindow(before, after))
    try:
        found = data.on_panel(_labelled, study, model.spec, model.term, before, after, study)
    except ModelError as error:
        st.caption(model.plain(str(error)))
        return
    for caution in event_figures.cautions(found, model.spec, words):
        st.warning(briefing_recorder.caveat(model.plain(caution)), icon=":material/warning:")
    render.figure(event_figures.event_figure, found, model.spec, model.term, model.catalogue, words)


def other_outcomes(state: PageState, model: Model) -> None:
    """The same model for each of the outcomes that the reader chooses."""
    terms = {*model.spec.predictors, *model.spec.controls}
    offered = [name for name in model.question.outcomes if name not in terms]
    if len(offered) < FEWEST_COMPARED:
        return
    start = state.restore(OutcomesCompared(tuple(offered[:COMPARED])), {"compared": model.question.outcomes})
    state.keep(start)
    draw = partial(section, state, partial(_compare, state, model, offered, start))
    lazy.expand("Several outcomes side by side", "several", draw, ":material/table_rows:")


def _compare(state: PageState, model: Model, offered: list[str], start: OutcomesCompared) -> None:
    key = state.seed("compared", [name for name in start.compared if name in offered])
    st.session_state[key] = [name for name in st.session_state[key] if name in offered][:MOST_COMPARED]
    chosen = st.multiselect(
        "Outcomes",
        offered,
        key=key,
        format_func=model.catalogue.label,
        max_selections=MOST_COMPARED,
        placeholder="None",
    )
    state.keep(OutcomesCompared(tuple(chosen)))
    if len(chosen) < FEWEST_COMPARED:
        st.caption("Choose two outcomes or more.")
        return
    study, spec, words = model.question.study, model.spec, model.question.vocabulary
    found = data.on_panel(_side_by_side, study, spec, model.term, tuple(chosen), study)
    arguments = found, spec, model.catalogue, words
    if found.found and unit_of(spec, words).name:
        render.figure(outcome_figures.outcomes_figure, *arguments)
    elif found.found:  # in units of their own, they have no axis in common
        table, title = outcome_figures.outcomes_table(*arguments), outcome_figures.finding(*arguments)
        render.table(table, "side_by_side", digits=3, title=title)
    for outcome, reason in found.left_out.items():
        st.caption(model.plain(f"{model.catalogue.label(outcome)}: {reason}"))


def _side_by_side(rows: Panel, spec: ModelSpec, term: str, outcomes: tuple[str, ...], study: str) -> SideBySide:
    return side_by_side(rows, spec, term, outcomes, data.labels(study))


def _grouped(rows: Panel, spec: ModelSpec, term: str, study: str) -> ByGroup:
    return by_group(rows, spec, term, data.labels(study))


def _bent(rows: Panel, spec: ModelSpec, term: str, study: str) -> Bend:
    return bend(rows, spec, term, data.labels(study))


def _labelled(rows: Panel, spec: ModelSpec, term: str, before: int, after: int, study: str) -> EventStudy:
    return event_study(rows, spec, term, before, after, data.labels(study))
