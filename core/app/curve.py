"""The specification curve of a question page: choices to tick, the curve or its table, what moves it."""

import time
from collections.abc import Mapping
from dataclasses import replace
from functools import partial

import streamlit as st

from core import exhibits_curve
from core.app import figures, show
from core.app.state import PageState
from core.catalogue import Catalogue
from core.fragility import CurveView, Dimension, choices, dimensions, first_view, marked_specs
from core.questions import Question
from core.regression import ModelError
from core.regression.curve import Curve
from core.wording import counted

SLOW = 1.0  # seconds after which a bar shows the progress


def curve_section(
    state: PageState, question: Question, predictors: tuple[str, ...], term: str, words: Catalogue
) -> None:
    """Every combination of the choices ticked, in one picture."""
    st.header("How fragile is the answer?")
    offered = dimensions(question, words)
    first = first_view(offered)
    allowed = {name: list(dimension.alternatives) for name, dimension in offered.items()}
    view = _ticked(state, offered, state.restore(first, allowed))
    state.keep(view, in_link=view != first)
    curve = _curve_or_last_good(state, question, view, first, predictors, term)
    specs, what = marked_specs(question, curve.choices), counted(term, words)
    if len(curve.table) < exhibits_curve.FEWEST_DRAWN:
        st.subheader(exhibits_curve.curve_finding(curve, what), anchor=False)
        show.table(exhibits_curve.curve_table(curve, offered), "specification_curve")
    else:
        show.exhibit(exhibits_curve.curve_exhibit, curve, offered, specs, what)
        every = partial(exhibits_curve.curve_table, curve, offered)
        show.csv(every, "specifications", "All specifications (CSV)")
    if exhibits_curve.has_influence(curve):
        show.exhibit(exhibits_curve.influence_exhibit, curve, offered)
    if len(curve.left_out):
        with st.expander(f"{len(curve.left_out):,} combinations left out, and why"):
            show.table(exhibits_curve.left_out_table(curve), "left_out_specifications")


def _ticked(state: PageState, offered: Mapping[str, Dimension], view: CurveView) -> CurveView:
    with st.expander("Which choices to combine", icon=":material/checklist:"):
        ticked = {
            name: _pills(state, name, dimension, getattr(view, name))
            for name, dimension in offered.items()
            if len(dimension.alternatives) > 1
        }
    return replace(view, **ticked)


def _pills(state: PageState, name: str, dimension: Dimension, ticked: tuple[str, ...]) -> tuple[str, ...]:
    chosen = st.pills(
        dimension.label,
        list(dimension.alternatives),
        selection_mode="multi",
        key=state.seed(f"curve.{name}", list(ticked)),
        format_func=lambda value: dimension.alternatives[value],
    )
    return tuple(value for value in dimension.alternatives if value in chosen)


def _curve_or_last_good(
    state: PageState, question: Question, view: CurveView, first: CurveView, predictors: tuple[str, ...], term: str
) -> Curve:
    memory = state.key("last_good_curve")
    try:
        curve = _curve(question, view, predictors, term)
    except ModelError as error:
        st.warning(f"{error}\n\nUntil then the last curve that could be drawn is shown.", icon=":material/rule:")
        return _last_good(question, st.session_state.get(memory, first), first, predictors, term)
    st.session_state[memory] = view
    return curve


def _last_good(question: Question, last: CurveView, first: CurveView, predictors: tuple[str, ...], term: str) -> Curve:
    """The curve of the `last` ticks that made one, or of the `first`: it was made with other predictors, maybe."""
    try:
        return _curve(question, last, predictors, term)
    except ModelError:
        return _curve(question, first, predictors, term)


def _curve(question: Question, view: CurveView, predictors: tuple[str, ...], term: str) -> Curve:
    """The curve, with a bar of its progress when it takes longer than a second."""
    place, begun = st.empty(), time.monotonic()

    def progress(done: float) -> None:
        if time.monotonic() - begun > SLOW and done < 1:
            place.progress(done, text="Estimating every combination")

    curve = figures.curve(question.study, choices(view, predictors), term, progress)
    place.empty()
    return curve
