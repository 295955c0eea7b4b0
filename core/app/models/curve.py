"""The specification curve of a question page: choices to tick, the curve or its table, what moves it."""

import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial

import streamlit as st

from core.app import briefing_recorder, data, jobs, lazy, render
from core.app.state import PageState
from core.presentation.robustness import curve_figures
from core.presentation.text import CurveText
from core.questions.curve import CurveView, Dimension, choices, first_view, in_points, marked_specs, of_kind, samples_of
from core.questions.question import Question
from core.questions.robustness import Robustness
from core.stats.regression import ModelError, ModelSpec, Sample
from core.stats.regression.curves.curve import Curve
from core.stats.regression.curves.joint import joint_by_estimand
from core.tables.panel import POINTS

SLOW = 1.0  # seconds after which a bar shows the progress


@dataclass(frozen=True)
class CurveCase:
    """What a curve is drawn of, and how it is stated.

    Parameters
    ----------
    question
        The question, whose preset models are marked.
    spec, term
        The model that the curve is around, and the predictor whose coefficient is shown.
    offered
        The choices on offer.
    what
        What there is more of.
    text
        How effects are put into words.
    samples
        Samples by the names that links have for them; those of the question without.
    in_units
        Puts the effects of a curve into the units that `text` names.
    robust
        How the recommended model's answer stands up, where the page says that of the same kind of model.
    """

    question: Question
    spec: ModelSpec
    term: str
    offered: Mapping[str, Dimension]
    what: str
    text: CurveText
    samples: Mapping[str, Sample] | None = None
    in_units: Callable[[Curve], Curve] = in_points
    robust: Robustness | None = None


def draw_curve(state: PageState, case: CurveCase) -> None:
    """Every combination of the choices ticked, in one picture."""
    render.header("How fragile is the answer?")
    offered, first = case.offered, first_view(case.offered)
    allowed = {name: list(dimension.alternatives) for name, dimension in offered.items()}
    view = _ticked(state, offered, state.restore(first, allowed))
    state.keep(view, in_link=view != first)
    curve = _curve_or_last_good(state, case, view, first)
    if curve is None:
        return
    specs = marked_specs(case.question, curve.choices)
    if len(curve.table) < curve_figures.FEWEST_DRAWN:
        finding = curve_figures.curve_finding(curve, case.what, case.text)
        render.table(curve_figures.curve_table(curve, offered, case.text), "specification_curve", title=finding)
    else:
        render.figure(curve_figures.curve_figure, curve, offered, specs, case.what, case.text)
        every = partial(curve_figures.curve_table, curve, offered, case.text)
        render.download(every, "specifications", "All specifications")
    apart = curve_figures.against_robustness(curve, case.robust, case.text.model) if case.robust else ""
    if apart:
        st.markdown(briefing_recorder.text(render.escape_markdown(apart) if case.question.free_choice else apart))
    note = curve_figures.kinds_note(case.question, replace(case.spec, response=curve.choices.response))
    if note:
        st.caption(briefing_recorder.method(render.escape_markdown(note) if case.question.free_choice else note))
    if curve_figures.has_influence(curve):
        render.figure(curve_figures.influence_figure, curve, offered, case.text)
    if _joint_test(case, curve):
        joint(case, curve)
    if len(curve.left_out):
        rows = briefing_recorder.table(curve_figures.left_out_table(curve), "left_out_specifications")
        draw = partial(render.table, rows, "left_out_specifications")
        lazy.expand(f"{len(curve.left_out):,} combinations left out, and why", "open.left_out", draw)


def _joint_test(case: CurveCase, curve: Curve) -> bool:
    """Whether there is a joint test: of least squares with errors clustered by areas that are seen several times."""
    clustered = case.question.recommended.covariance == "cluster" and bool(case.question.vocabulary.period)
    return clustered and curve.choices.response != "poisson"


def joint(case: CurveCase, curve: Curve) -> None:
    """The joint test of the whole curve, worked out next to the page when a reader asks for it."""
    study, made, term = case.question.study, curve.choices, case.term
    panel, labels = data.panel(study), data.labels(study)
    found = jobs.background_job(
        ("joint", study, data.version(study), made, term),
        "Test the whole curve at once",
        "Works the curve out again on 500 sets of figures in which there is nothing to find. Takes a few seconds.",
        lambda progress: joint_by_estimand(panel, tuple(made.specs()), term, labels, progress),
        f"{case.question.page}.joint",
    )
    if found is not None:
        factor = 1.0 if case.in_units is in_points or made.response != "level" else 1 / POINTS
        render.figure(curve_figures.joint_figure, found, factor)


def _ticked(state: PageState, offered: Mapping[str, Dimension], view: CurveView) -> CurveView:
    """What is ticked; where there is nothing to choose, a view of another place may hold what is not on offer."""
    part = lazy.expander("Which choices to combine", state.key("open.choices"), ":material/checklist:")
    is_open, ticked = lazy.is_open(part), {}
    with part:
        for name, dimension in offered.items():
            now = getattr(view, name)
            if len(dimension.alternatives) < 2:
                ticked[name] = dimension.ticked
            else:
                ticked[name] = _pills(state, name, dimension, now) if is_open else _offered(dimension, now)
    return replace(view, **ticked)


def _offered(dimension: Dimension, ticked: tuple[str, ...]) -> tuple[str, ...]:
    """The choices that are ticked, as far as they are on offer, in the order in which they are."""
    return tuple(value for value in dimension.alternatives if value in ticked)


def _pills(state: PageState, name: str, dimension: Dimension, ticked: tuple[str, ...]) -> tuple[str, ...]:
    key = state.seed(f"curve.{name}", list(ticked))
    # A visit may hold what another place has on offer.
    st.session_state[key] = [value for value in st.session_state[key] if value in dimension.alternatives]
    chosen = st.pills(
        dimension.label,
        list(dimension.alternatives),
        selection_mode="multi",
        key=key,
        format_func=lambda value: dimension.alternatives[value],
    )
    return tuple(value for value in dimension.alternatives if value in chosen)


def _curve_or_last_good(state: PageState, case: CurveCase, view: CurveView, first: CurveView) -> Curve | None:
    """The curve of the ticks, or of the last ticks that made one, or of the `first`; nothing where none can be made."""
    memory = state.key("last_good_curve")
    try:
        curve = _curve(case, view)
    except ModelError as error:
        sentence = render.escape_markdown(str(error)) if case.question.free_choice else str(error)
        last = _last_good(case, st.session_state.get(memory, first), first)
        until = "\n\nUntil then the last curve that could be drawn is shown." if last else ""
        st.warning(f"{sentence}{until}", icon=":material/rule:")
        return last
    st.session_state[memory] = view
    return curve


def _last_good(case: CurveCase, last: CurveView, first: CurveView) -> Curve | None:
    """The curve of the `last` ticks that made one, or of the `first`: it was made with other predictors, maybe."""
    for view in (last, first):
        with suppress(ModelError):
            return _curve(case, view)
    return None


def _curve(case: CurveCase, view: CurveView) -> Curve:
    """The curve, with a bar of its progress when it takes longer than a second."""
    place, begun = st.empty(), time.monotonic()

    def progress(done: float) -> None:
        if time.monotonic() - begun > SLOW and done < 1:
            place.progress(done, text="Estimating every combination")

    samples = samples_of(case.question, data.panel(case.question.study)) if case.samples is None else case.samples
    made = choices(view, case.spec.predictors, samples, case.question.recommended.cluster)
    made = of_kind(made, case.spec, case.question.vocabulary.area, case.question.vocabulary.period)
    curve = data.curve(case.question.study, made, case.term, progress, case.in_units)
    place.empty()
    return curve
