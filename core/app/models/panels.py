"""What a panel says beyond one coefficient: how it differs, what comes before and after, and other outcomes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

import streamlit as st

from core.app import briefing_recorder, data, lazy, render
from core.app.fragments import section
from core.app.models.fitted_model import Model
from core.app.state import PageState
from core.exports.script_panels import Further
from core.presentation.models import event_figures, moderation_figures, outcome_figures
from core.presentation.models.effects import unit_of
from core.questions.links import Allowed, from_query
from core.stats.panels.event_study import LAGS, LEADS, EventStudy, event_study
from core.stats.panels.moderated import Bend, ByGroup, bend, by_group
from core.stats.panels.outcomes import SideBySide, side_by_side
from core.stats.regression import ModelError, ModelSpec
from core.tables.panel import Panel

COMPARED, FEWEST_COMPARED, MOST_COMPARED = 4, 2, 20  # outcomes at first, at least and at most
BEFORE_AFTER, SEVERAL = "before_after", "several"
SECTIONS: Mapping[str, str] = {BEFORE_AFTER: "Before and after", SEVERAL: "Several outcomes side by side"}
WINDOWS: Allowed = {"before": LEADS, "after": LAGS}
FEWER = "Choose fewer {periods} before or after. "
WIDEST, PARTS_OF_TIME = 4, 4  # periods either way at first, and how many times as long the table is at least


@dataclass(frozen=True)
class EventWindow:
    """How many periods before and after a rise of the predictor are looked at."""

    before: int = WIDEST
    after: int = WIDEST


@dataclass(frozen=True)
class OutcomesCompared:
    """Which outcomes stand side by side."""

    compared: tuple[str, ...]


@dataclass(frozen=True)
class Repeated:
    """Which of these sections script and notebook repeat too."""

    repeated: tuple[str, ...] = ()


def _window(model: Model) -> EventWindow:
    """How far either way is looked at first: half of the periods of a short table stay to be compared."""
    panel = data.panel(model.question.study)
    either_way = min(panel.frame[panel.period].nunique() // PARTS_OF_TIME, WIDEST)
    return EventWindow(max(either_way, LEADS[0]), either_way)


Kept = TypeVar("Kept", EventWindow, OutcomesCompared, Repeated)


def sections(state: PageState, model: Model) -> list[Callable[[], None]]:
    """What stands among models and checks; what takes time is worked out when it is opened."""
    return [partial(differing, model), partial(before_and_after, state, model), partial(other_outcomes, state, model)]


def _offered(model: Model) -> list[str]:
    """The sections that the model can have, of those that are opened."""
    several = len(_other_outcomes(model)) >= FEWEST_COMPARED
    return [*([BEFORE_AFTER] if model.question.changes else []), *([SEVERAL] if several else [])]


def _other_outcomes(model: Model) -> list[str]:
    terms = {*model.spec.predictors, *model.spec.controls}
    return [name for name in model.question.outcomes if name not in terms]


def _kept(state: PageState, base: Kept, allowed: Allowed) -> Kept:
    """The view of the link or of the visit, which the link keeps whichever tab is open."""
    found: Kept = state.restore(base, allowed)
    state.keep(found)
    return found


def repeated(state: PageState, model: Model) -> Callable[[], Further]:
    """Choose which of these sections script and notebook repeat; returns what makes them, as they are then."""
    offered = _offered(model)
    wanted = _kept(state, Repeated(), {"repeated": offered}).repeated
    if not offered:
        return partial(Further, model.term)
    if not state.query().keys() & {"before", "compared"}:  # the sections have not been drawn
        _kept(state, _window(model), WINDOWS)
        _kept(state, OutcomesCompared(tuple(_other_outcomes(model)[:COMPARED])), {"compared": model.question.outcomes})
    key = state.seed("repeated", [name for name in wanted if name in offered])
    chosen = st.pills(
        "Script and notebook repeat the model, and",
        offered,
        key=key,
        selection_mode="multi",
        format_func=SECTIONS.__getitem__,
    )
    state.keep(Repeated(tuple(chosen)))
    study = model.question.study  # files are made later, where there is no visit to ask for its figures
    make = partial(_further, state, model, tuple(chosen), data.panel(study), data.labels(study))
    for reason in make()[1]:
        st.caption(model.plain(f"Not repeated: {reason}"))
    return lambda: make()[0]


def _further(
    state: PageState, model: Model, wanted: tuple[str, ...], panel: Panel, labels: Mapping[str, str]
) -> tuple[Further, list[str]]:
    """What the sections that are `wanted` show now, and the reasons why one shows nothing."""
    spec, found, reasons = model.spec, Further(model.term), []
    if BEFORE_AFTER in wanted:
        window, _ = from_query(state.query(), EventWindow(), WINDOWS)  # which the link holds in full
        try:
            studied = event_study(panel, spec, model.term, window.before, window.after, labels)
            found = replace(found, studied=studied)
        except ModelError as error:
            reasons.append(str(error))
    if SEVERAL in wanted:
        chosen, _ = from_query(state.query(), OutcomesCompared(()), {"compared": _other_outcomes(model)})
        found = replace(found, compared=side_by_side(panel, spec, model.term, chosen.compared, labels))
        reasons += found.compared.left_out.values() if found.compared else ()
    return found, reasons


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
    if BEFORE_AFTER not in _offered(model):
        return
    start = _kept(state, _window(model), WINDOWS)
    draw = partial(section, state, partial(_event_study, state, model, start))
    lazy.expand(SECTIONS[BEFORE_AFTER], BEFORE_AFTER, draw, ":material/timeline:")


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
        advice = words.fill(FEWER) if before + after > LEADS[0] + LAGS[0] else ""
        st.caption(model.plain(f"{advice}{error}"))
        return
    for caution in event_figures.cautions(found, model.spec, words):
        st.warning(briefing_recorder.caveat(model.plain(caution)), icon=":material/warning:")
    render.figure(event_figures.event_figure, found, model.spec, model.term, model.catalogue, words)


def other_outcomes(state: PageState, model: Model) -> None:
    """The same model for each of the outcomes that the reader chooses."""
    if SEVERAL not in _offered(model):
        return
    offered = _other_outcomes(model)
    start = _kept(state, OutcomesCompared(tuple(offered[:COMPARED])), {"compared": model.question.outcomes})
    draw = partial(section, state, partial(_compare, state, model, offered, start))
    lazy.expand(SECTIONS[SEVERAL], SEVERAL, draw, ":material/table_rows:")


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
