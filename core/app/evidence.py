"""Sections on the strength of evidence: what could have been found, what-if, groups of boroughs, peers."""

from dataclasses import dataclass, replace
from functools import partial

import streamlit as st

from core import exhibits_evidence, wording
from core.app import figures, record, sections, show
from core.app.curve import curve_section
from core.app.state import PageState
from core.app.takeaway import take_away
from core.catalogue import Catalogue
from core.exhibits import ladder
from core.groups import GROUPINGS, Split, split
from core.panel import Panel
from core.peers import peers
from core.questions import AS_PUBLISHED, Question
from core.regression import FitResult, ModelError, ModelSpec, fit, smallest_effect
from core.what_if import WhatIf, what_if
from core.wording_evidence import (
    ASSOCIATION_ONLY,
    beyond_sentence,
    smallest_sentence,
    split_sentence,
    what_if_sentence,
)

MARGINS = (0.1, 0.25, 0.5, 1.0, 2.0)
PERCENTS = range(-50, 51, 5)


@dataclass(frozen=True)
class Margin:
    """Largest association, in points for the model's step, that a reader counts as none."""

    margin: float = 0.25


@dataclass(frozen=True)
class Supposition:
    """A change of force in some boroughs, in per cent; ``None`` for all boroughs."""

    percent: int = -10
    where: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Grouped:
    """How boroughs are split."""

    grouping: str = "inner_outer"


def closing_sections(
    state: PageState, question: Question, result: FitResult, term: str, borough: str, words: Catalogue
) -> None:
    """What every question page ends with: strength of evidence, what to take away."""
    panel = figures.panel(question.study)
    curve_section(state, question, result.spec.predictors, term, words)
    null_section(state, question, result, term, words)
    groups_section(state, question, result, term, words)
    what_if_section(state, question, result, words)
    peers_section(question, borough, words)
    show.header("Take it with you")
    steps = {name: partial(fit, panel, step, wild=False) for name, step in ladder(question).items()}
    take_away(state, panel, result, question.title, steps)
    sections.finish(state)


def null_section(state: PageState, question: Question, result: FitResult, term: str, words: Catalogue) -> None:
    """What this design could have found, and what no clear association is worth."""
    show.header("What could these figures have found?")
    margin = state.restore(Margin(), {"margin": MARGINS}).margin
    several = len(result.spec.predictors) > 1
    step = wording.effect(result.estimate(term), result.spec, words).step
    if several:
        step = wording.STEPS[result.spec.form].words.format(what="records of a kind")
    margin = st.select_slider(
        f"Count as no association: at most so many points either way for {step}",
        MARGINS,
        key=state.seed("margin", margin),
    )
    state.keep(Margin(margin))
    published = figures.fitted(question.study, _published_in_form(question, result))
    st.markdown(record.said(exhibits_evidence.null_findings(result, published, margin, words)))
    estimate = result.estimate(term)
    st.markdown(record.said(smallest_sentence(estimate, smallest_effect(estimate), result.spec, words)))
    show.table(exhibits_evidence.null_table(result, published, margin, words), "null", digits=2)
    st.caption(record.said(f"{wording.NULL_NOTE} {wording.NULL_JOINT_NOTE if several else ''}"))


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


def what_if_section(state: PageState, question: Question, result: FitResult, words: Catalogue) -> None:
    """The change in the score that the model associates with less or more force in chosen boroughs."""
    panel = figures.panel(question.study)
    show.header("What if there were less force, or more?")
    start = state.restore(Supposition(), {"percent": PERCENTS, "where": panel.areas})
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
    state.keep(Supposition(percent, tuple(where) or None))
    if percent == 0:
        st.caption("Choose a change other than 0 %.")
        return
    try:
        chosen = tuple(where) or None
        found = figures.on_panel(what_if, question.study, result, result.spec.predictors, percent, chosen)
    except ModelError as error:
        st.warning(str(error), icon=":material/rule:")
        return
    _show_what_if(found, panel, words)


def _show_what_if(found: WhatIf, panel: Panel, words: Catalogue) -> None:
    st.markdown(record.said(f"**{what_if_sentence(found, words)}**"))
    if beyond_sentence(found):
        st.warning(record.said(beyond_sentence(found)), icon=":material/warning:")
    st.caption(record.said(ASSOCIATION_ONLY))
    if found.same_everywhere:
        with st.expander("By borough", icon=":material/table:"):
            show.table(exhibits_evidence.what_if_table(found, panel.area, words), "what_if", digits=2)
    else:
        show.exhibit(exhibits_evidence.what_if_exhibit, found, panel.area, words)


def groups_section(state: PageState, question: Question, result: FitResult, term: str, words: Catalogue) -> None:
    """The same model in groups of boroughs, side by side."""
    show.header("Is it the same everywhere?")
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
        found = figures.on_panel(_split, question.study, result.spec, grouping, term)
    except ModelError as error:
        st.warning(str(error), icon=":material/rule:")
        return
    st.markdown(record.said(split_sentence(found, term, words)))
    show.wide_text(exhibits_evidence.groups_table(found, term), "groups")
    step = wording.effect(result.estimate(term), result.spec, words).step
    st.caption(record.said(f"Points of the score for {step}. {wording.GROUPS_NOTE if result.spec.effects else ''}"))


def _split(panel: Panel, spec: ModelSpec, grouping: str, term: str) -> Split:
    return split(panel, spec, grouping, figures.labels(), wild=(term,))


def peers_section(question: Question, borough: str, words: Catalogue) -> None:
    """The boroughs most like the one that the reader has picked."""
    show.header(f"Boroughs most like {borough}" if borough else "Boroughs most like yours")
    if not borough:
        st.caption("Pick a borough under *Show one borough* in the sidebar to see its peers.")
        return
    found = figures.on_panel(peers, question.study, borough)
    show.table(exhibits_evidence.peers_table(found, words), "peers", digits=1)
    st.caption(record.said(wording.PEERS_NOTE))
