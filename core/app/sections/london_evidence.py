"""Sections of the London pages on evidence: groups of boroughs, similar boroughs."""

from dataclasses import dataclass
from functools import partial

import streamlit as st

from core.app import briefing_recorder, data, render
from core.app.fragments import section
from core.app.layers import BOROUGHS, EVIDENCE, OVER_TIME
from core.app.models import model_page
from core.app.models.fitted_model import Model
from core.app.sections import summary
from core.app.state import PageState
from core.london.borough.analysis import force_rates, last_rate, standing
from core.london.borough.elsewhere import in_borough
from core.london.evidence import figures as evidence_figures
from core.london.evidence.groups import GROUPINGS, Split, split
from core.london.evidence.peers import peers
from core.london.evidence.text import GROUPS_NOTE, PEERS_NOTE, split_sentence, window
from core.london.outcomes.figures import OVERLAP, all_contributions_figure, contributions_figure
from core.presentation.models.model_figures import effect_axis
from core.presentation.models.model_summary import clause
from core.questions.question import Question
from core.registry.studies import SURVEY
from core.stats.contributions import contributions
from core.stats.regression import ModelError, ModelSpec
from core.tables.panel import Panel

TABS = (EVIDENCE, OVER_TIME, BOROUGHS, *(tab for tab in model_page.ALL_TABS if tab != EVIDENCE))


@dataclass(frozen=True)
class Grouped:
    """How boroughs are split."""

    grouping: str = "inner_outer"


def show_summary(question: Question, borough: str) -> None:
    """The first screen of a London question, for the borough chosen if there is one."""
    found = model_page.summary_of(question)
    robust = model_page.robust_answers(question, question.recommended)
    if borough and robust:
        force = last_rate(data.on_panel(force_rates, SURVEY), borough)
        found = in_borough(
            found,
            clause(robust, *question.pair, question.vocabulary),
            force,
            data.on_panel(standing, SURVEY, borough),
        )
    summary.show(found, partial(model_page.robustness_picture, question))


def sections(state: PageState, model: Model, borough: str) -> model_page.Sections:
    """What the tabs of every London page hold; what there is over time differs."""
    shared = model_page.sections(state, model, borough)
    boroughs = partial(section, state, partial(groups, state, model)), partial(similar_boroughs, model, borough)
    return {EVIDENCE: [say_window, *shared.pop(EVIDENCE)], OVER_TIME: [], BOROUGHS: [*boroughs], **shared}


def say_window() -> None:
    """Say where the figures on force end, if the survey goes on."""
    if sentence := window(data.panel(SURVEY)):
        st.caption(briefing_recorder.caveat(sentence))


def by_borough(model: Model, note: str = OVERLAP) -> None:
    """What the model attributes to the records of each borough; `note` says how kinds of records relate."""
    render.header("What the model attributes to each borough")
    try:
        parts = data.on_panel(contributions, model.question.study, model.result)
    except ModelError as error:
        st.caption(str(error))
        return
    render.figure(contributions_figure, parts, model.term, model.catalogue)
    render.figure(all_contributions_figure, parts, model.catalogue, note)


def groups(state: PageState, model: Model) -> None:
    """The same model in groups of boroughs, side by side."""
    render.header("Is it the same everywhere?")
    start = state.restore(Grouped(), {"grouping": list(GROUPINGS)})
    grouping = st.segmented_control(
        "Split boroughs by",
        list(GROUPINGS),
        required=True,
        key=state.seed("grouping", start.grouping),
        format_func=lambda name: GROUPINGS[name].label,
        help="\n".join(f"- **{rule.label}**: {rule.help}" for rule in GROUPINGS.values()),
    )
    grouping = grouping or start.grouping
    state.keep(Grouped(grouping))
    try:
        found = data.on_panel(_split, model.question.study, model.spec, grouping, model.term)
    except ModelError as error:
        st.warning(str(error), icon=":material/rule:")
        return
    st.markdown(briefing_recorder.text(split_sentence(found, model.term, model.catalogue, model.question.vocabulary)))
    rows = evidence_figures.groups_table(found, model.term, model.question.vocabulary)
    render.wide_text(rows, "groups", notes=evidence_figures.NOTE)
    shown = effect_axis(model.effect_of(model.result, model.term), model.question.vocabulary.outcome, step=True)
    note = GROUPS_NOTE if model.spec.effects else ""
    st.caption(briefing_recorder.text(f"{shown}. {note}".strip()))


def _split(panel: Panel, spec: ModelSpec, grouping: str, term: str) -> Split:
    return split(panel, spec, grouping, data.labels("london"), wild=(term,))


def similar_boroughs(model: Model, borough: str) -> None:
    """The boroughs most like the one that the reader has picked."""
    render.header(f"Boroughs most like {borough}" if borough else "Boroughs most like yours")
    if not borough:
        st.caption("Choose a borough at the top of the page to see which are most like it.")
        return
    found = data.on_panel(peers, model.question.study, borough)
    render.table(evidence_figures.peers_table(found, model.catalogue), "peers", digits=1)
    st.caption(briefing_recorder.text(PEERS_NOTE))
