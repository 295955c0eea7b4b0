"""Sections on the strength of evidence: what could have been found, what-if, groups of boroughs, peers."""

from dataclasses import dataclass, replace
from functools import partial

import streamlit as st

from core.app import briefing_recorder, data, render
from core.app.model_downloads import download_section
from core.app.sections import london_common
from core.app.sections.curve import curve_section
from core.app.state import PageState
from core.london.evidence import figures as evidence_figures
from core.london.evidence import text as evidence_text
from core.london.evidence.groups import GROUPINGS, Split, split
from core.london.evidence.peers import peers
from core.london.evidence.text import (
    ASSOCIATION_ONLY,
    beyond_sentence,
    smallest_sentence,
    split_sentence,
    what_if_sentence,
)
from core.presentation import text as presentation_text
from core.presentation.model_figures import ladder
from core.questions.question import AS_PUBLISHED, Question
from core.stats.regression import FitResult, ModelError, ModelSpec, fit, smallest_effect
from core.stats.what_if import WhatIf, what_if
from core.tables.catalogue import Catalogue
from core.tables.panel import Panel

MARGINS = (0.1, 0.25, 0.5, 1.0, 2.0)
PERCENTS = range(-50, 51, 5)


@dataclass(frozen=True)
class EquivalenceMargin:
    """Largest association, in points for the model's step, that a reader counts as none."""

    margin: float = 0.25


@dataclass(frozen=True)
class Scenario:
    """A change of force in some boroughs, in per cent; ``None`` for all boroughs."""

    percent: int = -10
    where: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Grouped:
    """How boroughs are split."""

    grouping: str = "inner_outer"


def shared_sections(
    state: PageState, question: Question, result: FitResult, term: str, borough: str, catalogue: Catalogue
) -> None:
    """What every question page ends with: strength of evidence, what to take away."""
    panel = data.panel(question.study)
    curve_section(state, question, result.spec.predictors, term, catalogue)
    null_section(state, question, result, term, catalogue)
    groups_section(state, question, result, term, catalogue)
    what_if_section(state, question, result, catalogue)
    peers_section(question, borough, catalogue)
    render.header("Take it with you")
    steps = {name: partial(fit, panel, step, wild=False) for name, step in ladder(question).items()}
    download_section(state, panel, result, question.title, steps)
    london_common.finish(state)


def null_section(state: PageState, question: Question, result: FitResult, term: str, catalogue: Catalogue) -> None:
    """What this design could have found, and what no clear association is worth."""
    render.header("What could these figures have found?")
    margin = state.restore(EquivalenceMargin(), {"margin": MARGINS}).margin
    several = len(result.spec.predictors) > 1
    step = presentation_text.effect(result.estimate(term), result.spec, catalogue).step
    if several:
        step = presentation_text.STEPS[result.spec.form].text.format(what="records of a kind")
    margin = st.select_slider(
        f"Count as no association: at most so many points either way for {step}",
        MARGINS,
        key=state.seed("margin", margin),
    )
    state.keep(EquivalenceMargin(margin))
    published = data.fitted(question.study, _published_in_form(question, result))
    st.markdown(briefing_recorder.text(evidence_figures.null_findings(result, published, margin, catalogue)))
    estimate = result.estimate(term)
    st.markdown(briefing_recorder.text(smallest_sentence(estimate, smallest_effect(estimate), result.spec, catalogue)))
    render.table(evidence_figures.null_table(result, published, margin, catalogue), "null", digits=2)
    st.caption(
        briefing_recorder.text(f"{presentation_text.NULL_NOTE} {presentation_text.NULL_JOINT_NOTE if several else ''}")
    )


def _published_in_form(question: Question, result: FitResult) -> ModelSpec:
    """The study's model with the predictors in the form of `result`, so that sizes compare."""
    spec = result.spec
    return replace(
        question.presets[AS_PUBLISHED],
        predictors=spec.predictors,
        form=spec.form,
        window=spec.window,
        lag=spec.lag,
        start=spec.start,
        end=spec.end,
    )


def what_if_section(state: PageState, question: Question, result: FitResult, catalogue: Catalogue) -> None:
    """The change in the score that the model associates with less or more force in chosen boroughs."""
    panel = data.panel(question.study)
    render.header("What if there were less force, or more?")
    start = state.restore(Scenario(), {"percent": PERCENTS, "where": panel.areas})
    left, right = st.columns(2)
    percent = left.slider(
        "Change in use of force (%)", -50, 50, step=5, key=state.seed("percent", start.percent), format="%+d %%"
    )
    where = right.multiselect(
        "In these boroughs",
        panel.areas,
        key=state.seed("where", list(start.where or ())),
        placeholder="All boroughs",
    )
    state.keep(Scenario(percent, tuple(where) or None))
    if percent == 0:
        st.caption("Choose a change other than 0 %.")
        return
    try:
        chosen = tuple(where) or None
        found = data.on_panel(what_if, question.study, result, result.spec.predictors, percent, chosen)
    except ModelError as error:
        st.warning(str(error), icon=":material/rule:")
        return
    _show_what_if(found, panel, catalogue)


def _show_what_if(found: WhatIf, panel: Panel, catalogue: Catalogue) -> None:
    st.markdown(briefing_recorder.text(f"**{what_if_sentence(found, catalogue)}**"))
    if beyond_sentence(found):
        st.warning(briefing_recorder.text(beyond_sentence(found)), icon=":material/warning:")
    st.caption(briefing_recorder.text(ASSOCIATION_ONLY))
    if found.same_everywhere:
        with st.expander("By borough", icon=":material/table:"):
            render.table(evidence_figures.what_if_table(found, panel.area, catalogue), "what_if", digits=2)
    else:
        render.figure(evidence_figures.what_if_figure, found, panel.area, catalogue)


def groups_section(state: PageState, question: Question, result: FitResult, term: str, catalogue: Catalogue) -> None:
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
        found = data.on_panel(_split, question.study, result.spec, grouping, term)
    except ModelError as error:
        st.warning(str(error), icon=":material/rule:")
        return
    st.markdown(briefing_recorder.text(split_sentence(found, term, catalogue)))
    render.wide_text(evidence_figures.groups_table(found, term), "groups")
    step = presentation_text.effect(result.estimate(term), result.spec, catalogue).step
    st.caption(
        briefing_recorder.text(
            f"Points of the score for {step}. {evidence_text.GROUPS_NOTE if result.spec.effects else ''}"
        )
    )


def _split(panel: Panel, spec: ModelSpec, grouping: str, term: str) -> Split:
    return split(panel, spec, grouping, data.labels(), wild=(term,))


def peers_section(question: Question, borough: str, catalogue: Catalogue) -> None:
    """The boroughs most like the one that the reader has picked."""
    render.header(f"Boroughs most like {borough}" if borough else "Boroughs most like yours")
    if not borough:
        st.caption("Pick a borough under *Show one borough* in the sidebar to see its peers.")
        return
    found = data.on_panel(peers, question.study, borough)
    render.table(evidence_figures.peers_table(found, catalogue), "peers", digits=1)
    st.caption(briefing_recorder.text(evidence_text.PEERS_NOTE))
