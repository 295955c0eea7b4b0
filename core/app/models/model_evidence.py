"""What a model could have found, and what it associates with a change of its predictors."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial

import streamlit as st

from core.app import briefing_recorder, data, lazy, render
from core.app.layers import ANALYSTS, MODELS, TABS
from core.app.models.fitted_model import Model
from core.app.navigation import page_link
from core.app.state import PageState
from core.presentation import text as presentation_text
from core.presentation.models.effects import step_of_kinds, step_text, unit_of
from core.presentation.numbers import quoted
from core.presentation.robustness import evidence_figures, evidence_text
from core.questions.vocabulary import Vocabulary
from core.stats.dilution import shown_by_quarter
from core.stats.regression import (
    FitResult,
    ModelError,
    ModelSpec,
    smallest_effect,
)
from core.stats.what_if import WhatIf, no_one_answer, what_if

MARGINS = (0.1, 0.25, 0.5, 1.0, 2.0)
PERCENTS = range(-50, 51, 5)


@dataclass(frozen=True)
class EquivalenceMargin:
    """Largest association, in the unit of effects for the model's step, that a reader counts as none."""

    margin: float = 0.25


@dataclass(frozen=True)
class Scenario:
    """A change of the predictors in some areas, in per cent; ``None`` for all areas."""

    percent: int = -10
    where: tuple[str, ...] | None = None


def detectable(state: PageState, model: Model) -> None:
    """What this design could have found, and what no clear association is worth."""
    render.header("Could the data have detected a link?")
    result, catalogue, vocabulary = model.result, model.catalogue, model.question.vocabulary
    shares = _shown_by_quarter(model)
    published = _published_in_form(model, shares)
    margin = _margin_control(state, model) if unit_of(model.spec, vocabulary).name else EquivalenceMargin().margin
    arguments = margin, catalogue, vocabulary
    if published is not None:
        findings = evidence_text.null_findings(result, published, *arguments)
        st.markdown(briefing_recorder.text(findings))
        if shares:
            st.markdown(briefing_recorder.text(evidence_text.quarter_note(shares, catalogue, vocabulary)))
    estimate = result.estimate(model.term)
    smallest = smallest_effect(estimate)
    sentence = evidence_text.smallest_sentence(estimate, smallest, result.spec, catalogue, vocabulary)
    st.markdown(briefing_recorder.text(model.plain(sentence)))
    render.table(evidence_figures.null_table(result, published, *arguments), "null", digits=2)
    joint = presentation_text.NULL_JOINT_NOTE if len(result.spec.predictors) > 1 else ""
    st.caption(briefing_recorder.text(f"{evidence_text.null_note(published is not None)} {joint}"))


def _margin_control(state: PageState, model: Model) -> float:
    vocabulary, spec = model.question.vocabulary, model.spec
    step = step_text(model.term, spec, model.catalogue, vocabulary)
    if len(spec.predictors) > 1:
        step = step_of_kinds(spec, vocabulary)
    margin: float = st.select_slider(
        f"Count as no association: at most so many {_plural_unit(spec, vocabulary)} either way for {step}",
        MARGINS,
        key=state.seed("margin", state.restore(EquivalenceMargin(), {"margin": MARGINS}).margin),
    )
    state.keep(EquivalenceMargin(margin))
    return margin


def _plural_unit(spec: ModelSpec, vocabulary: Vocabulary) -> str:
    name = unit_of(spec, vocabulary).name
    return "per cent" if name == "%" else name


def _shown_by_quarter(model: Model) -> dict[str, float]:
    """How much of a link with 12 months each predictor's quarter shows; empty where the periods match."""
    if not model.question.vocabulary.overlap or model.spec.window == "year":
        return {}
    study, spec = model.question.study, model.spec
    try:
        return {name: data.on_panel(shown_by_quarter, study, spec, name) for name in spec.predictors}
    except ModelError:  # too few quarters have 12 months before them
        return {}


def _published_in_form(model: Model, shares: Mapping[str, float]) -> FitResult | None:
    """The study's model in the form of the one shown, with the part of each size that it can show, so they compare."""
    if model.question.published is None:
        return None
    spec = model.spec
    same = replace(
        model.question.published,
        predictors=spec.predictors,
        response=spec.response,
        form=spec.form,
        window=spec.window,
        lag=spec.lag,
    )
    found = data.fitted(model.question.study, same)
    sizes = [
        replace(each, estimate=each.estimate * share, std_error=each.std_error * abs(share))
        for each, share in ((each, shares.get(each.name, 1.0)) for each in found.estimates)
    ]
    return replace(found, estimates=tuple(sizes))


def scenario(state: PageState, model: Model) -> None:
    """The change in the outcome that the model associates with less or more of its predictors in chosen areas."""
    panel, vocabulary = data.panel(model.question.study), model.question.vocabulary
    what = vocabulary.counted
    render.header(f"What if {what or 'it'} fell or rose?")
    start = state.restore(Scenario(), {"percent": PERCENTS, "where": panel.areas})
    if reason := no_one_answer(model.spec):
        state.keep(start)
        st.caption(briefing_recorder.caveat(reason))
        there = state.query() | {"layer": ANALYSTS, "tab": MODELS}
        page_link(state.page, f"What it is for each, under {quoted(TABS[MODELS])}", there)
        return
    left, right = st.columns(2)
    percent = left.slider(
        f"Change in {what or 'the predictors'} (%)",
        -50,
        50,
        step=5,
        key=state.seed("percent", start.percent),
        format="%+d%%",
    )
    where = right.multiselect(
        f"In these {vocabulary.areas}",
        panel.areas,
        key=state.seed("where", list(start.where or ())),
        placeholder=f"All {vocabulary.areas}",
    )
    chosen = tuple(where) or None
    state.keep(Scenario(percent, chosen))
    if percent == 0:
        st.caption("Choose a change other than 0%.")
        return
    try:
        found = data.on_panel(what_if, model.question.study, model.result, model.spec.predictors, percent, chosen)
    except ModelError as error:
        st.warning(str(error), icon=":material/rule:")
        return
    _show_scenario(model, found)


def _show_scenario(model: Model, found: WhatIf) -> None:
    catalogue, vocabulary = model.catalogue, model.question.vocabulary
    st.markdown(briefing_recorder.text(f"**{evidence_text.what_if_sentence(found, catalogue, vocabulary)}**"))
    beyond = evidence_text.beyond_sentence(found, vocabulary)
    if beyond:
        st.warning(briefing_recorder.text(beyond), icon=":material/warning:")
    st.caption(briefing_recorder.text(evidence_text.ASSOCIATION_ONLY))
    if found.same_everywhere:
        rows = briefing_recorder.table(evidence_figures.what_if_table(found, catalogue, vocabulary), "what_if", 2)
        draw = partial(render.table, rows, "what_if", digits=2)
        lazy.expand(f"By {vocabulary.area_noun}", "open.what_if", draw, ":material/table:")
    else:
        render.figure(evidence_figures.what_if_figure, found, catalogue, vocabulary)
