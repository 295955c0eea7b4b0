"""What every model page is made of, from the answer at the top to what a reader takes away.

A page of its own calls these one after the other; :func:`show` is the page of a question that needs nothing else.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial as later

import streamlit as st

from core.app import briefing_recorder, data, render
from core.app.controls import show_notices
from core.app.model_controls import model_controls, predictor_control
from core.app.model_downloads import download_section
from core.app.sections.curve import CurveCase, draw_curve
from core.app.state import PageState
from core.presentation import evidence_figures, evidence_text, model_figures
from core.presentation import text as presentation_text
from core.presentation.effects import Effect, counted, effect, step_text
from core.questions.curve import dimensions
from core.questions.question import PRESET_LABELS, Question
from core.stats.regression import (
    Diagnostics,
    FitResult,
    ModelError,
    ModelSpec,
    diagnose,
    fit,
    leave_one_out,
    partial,
    smallest_effect,
)
from core.stats.what_if import WhatIf, what_if
from core.tables.catalogue import Catalogue

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


@dataclass(frozen=True)
class Model:
    """The model that a page shows, with what its sections need.

    Parameters
    ----------
    question, catalogue
        What is asked, and what its variables are called.
    result
        The fit shown, which is not the one asked for where that cannot be fitted.
    term
        The predictor that charts of a single coefficient show.
    effect_of
        Puts the coefficient of a fit into the unit of effects.
    """

    question: Question
    catalogue: Catalogue
    result: FitResult
    term: str
    effect_of: Callable[[FitResult, str], Effect]

    @property
    def spec(self) -> ModelSpec:
        """The specification of the model shown."""
        return self.result.spec


def show(question: Question) -> None:
    """The whole page of `question`."""
    state, catalogue = PageState(question.page), data.catalogue_of(question.study)
    spec = model_controls(state, question, data.panel(question.study), catalogue)
    wanted = predictor_control(state, question, spec, catalogue)
    model = answered(question, state, spec, wanted, catalogue)
    ladder(model)
    scatter(model)
    uncertainty(model)
    curve(state, model)
    detectable(state, model)
    scenario(state, model)
    take_away(state, model)


def answered(question: Question, state: PageState, spec: ModelSpec, wanted: str, catalogue: Catalogue) -> Model:
    """Question, answer, what the presets say, and what none of it can show."""
    render.title(question.title)
    state.top = st.empty()
    model = model_of(question, catalogue, fit_or_last_good(state, question, spec), wanted)
    answer(model)
    return model


def answer(model: Model) -> None:
    """The answer of the model, what the presets say where a study has one, and what none of it can show."""
    question, catalogue, result = model.question, model.catalogue, model.result
    vocabulary = question.vocabulary
    render.answer(presentation_text.question_answer(result, catalogue, vocabulary))
    if question.published is not None:
        published, recommended = preset_fits(question).values()
        contrast = presentation_text.question_contrast(published, recommended, catalogue, vocabulary)
        st.markdown(briefing_recorder.text(contrast))
        cards(fits_shown(question, result), lambda fit: _card_lines(model, fit), result)
    st.caption(briefing_recorder.caveat(vocabulary.caveat))


def model_of(question: Question, catalogue: Catalogue, result: FitResult, wanted: str) -> Model:
    """The model `result` of `question`, with `wanted` as the predictor looked at more closely if it has it."""

    def effect_of(found: FitResult, name: str) -> Effect:
        return effect(found.estimate(name), found.spec, catalogue, question.vocabulary)

    term = wanted if wanted in result.spec.predictors else result.spec.predictors[0]
    return Model(question, catalogue, result, term, effect_of)


def fit_or_last_good(state: PageState, question: Question, spec: ModelSpec) -> FitResult:
    """Fit `spec`; where it cannot be fitted say why and fall back on the last model of these figures that could.

    Raises
    ------
    ModelError
        Where none could, not even the recommended one.
    """
    memory, figures = state.key("last_good"), (question.study, data.version(question.study))
    try:
        result = data.fitted(question.study, spec)
    except ModelError as error:
        known, last = st.session_state.get(memory, (figures, question.recommended))
        fallback = data.fitted(question.study, last if known == figures else question.recommended)
        sentence = render.escape_markdown(str(error)) if question.free_choice else str(error)
        until = "Until then the page shows the last model that could be fitted."
        st.warning(f"{sentence}\n\n{until}", icon=":material/rule:")
        return fallback
    st.session_state[memory] = (figures, spec)
    return result


def preset_fits(question: Question) -> dict[str, FitResult]:
    """The question's answers by their names for readers: as published, where there is one, and as recommended."""
    return {
        PRESET_LABELS[name]: data.fitted(question.study, question.presets[name])
        for name in PRESET_LABELS
        if name in question.presets
    }


def fits_shown(question: Question, current: FitResult) -> dict[str, FitResult]:
    """The presets' fits by their names for readers, and the reader's `current` model if it is another."""
    yours = {} if question.preset_of(current.spec) else {model_figures.YOURS: current}
    return preset_fits(question) | yours


def cards(fits: Mapping[str, FitResult], lines: Callable[[FitResult], list[str]], current: FitResult) -> None:
    """The models side by side.

    Parameters
    ----------
    lines
        What the card of a model says: a headline and the lines under it, or for several predictors lines alone.
    current
        The model that the page shows.
    """
    for cell, (label, result) in zip(st.columns(len(fits)), fits.items(), strict=True):
        with cell.container(border=True):
            shown = " :primary[(shown below)]" if result.spec == current.spec else ""
            st.markdown(f"**{label}**{shown}")
            if len(result.spec.predictors) > 1:
                for line in lines(result):
                    st.markdown(line)
                continue
            headline, what, *rest = lines(result)
            st.markdown(f"### {headline}")
            st.markdown(what)
            for line in rest:
                st.caption(line)


def _card_lines(model: Model, result: FitResult) -> list[str]:
    catalogue, vocabulary = model.catalogue, model.question.vocabulary
    if len(result.spec.predictors) > 1:
        return model_figures.joint_card_lines(result, catalogue, vocabulary)
    return model_figures.card_lines(result, result.spec.predictors[0], catalogue, vocabulary)


def ladder(model: Model) -> None:
    """What moves the answer: the models from the published to the recommended one."""
    render.header("What moves the answer")
    fits = {}
    for label, spec in model_figures.ladder(model.question).items():
        try:
            fits[label] = data.fitted(model.question.study, spec)
        except ModelError as error:
            st.caption(_plain(model, f"{label}: {error}"))
    models_figure(model, {label: found for label, found in fits.items() if model.term in found.spec.predictors})


def models_figure(model: Model, fits: Mapping[str, FitResult]) -> None:
    """The effect in each of `fits`, and in the model shown if it is another whose step is the same."""
    specs = {label: found.spec for label, found in fits.items()}
    current = next((label for label, spec in specs.items() if spec == model.spec), "")
    shown = dict(fits)
    if not current and any(spec.form == model.spec.form for spec in specs.values()):
        shown[model_figures.YOURS] = model.result
        current = model_figures.YOURS
    effects = {label: model.effect_of(found, _term(model, found)) for label, found in shown.items()}
    sizes = {label: found.n for label, found in shown.items()}
    if effects:
        render.figure(model_figures.ladder_figure, effects, sizes, current, model.question.vocabulary)


def _term(model: Model, found: FitResult) -> str:
    return model.term if model.term in found.spec.predictors else found.spec.predictors[0]


def scatter(model: Model, area: str = "") -> None:
    """Predictor against outcome, raw and with the recommended effects taken out, whether the model has them or not."""
    spec, study = replace(model.spec, effects=model.question.recommended.effects), model.question.study
    try:
        scattered = data.on_panel(partial, study, spec, model.term)
    except ModelError:  # the effects leave nothing, as of a control that never changes: the model's own then
        spec = model.spec
        scattered = data.on_panel(partial, study, spec, model.term)
    vocabulary = model.question.vocabulary
    render.figure(model_figures.scatter_figure, scattered, spec, model.term, area, model.catalogue, vocabulary)


def uncertainty(model: Model, sentence: str = "", more: Callable[[], None] | None = None, checks: bool = True) -> None:
    """How sure the answer is: p-values in words, the table of estimates, warnings, the checks.

    Parameters
    ----------
    sentence
        What to say in place of the p-values in words.
    more
        Draws what a page adds before the table.
    checks
        Whether to offer the checks on the model.
    """
    result, vocabulary = model.result, model.question.vocabulary
    render.header("How sure are we?")
    text = sentence or presentation_text.question_uncertainty(result, vocabulary)
    st.markdown(briefing_recorder.caveat(_plain(model, text)))
    if more:
        more()
    table = model_figures.estimates_table(result, model.catalogue, vocabulary)
    render.table(briefing_recorder.table(table, "estimates", 4, briefing_recorder.ESTIMATES), "estimates", digits=4)
    st.caption(briefing_recorder.method(_plain(model, model_caption(model))))
    for warning in result.warnings:
        st.caption(_plain(model, warning))
    if not checks:
        return
    expander = st.expander("Checks on the model", icon=":material/fact_check:", key="checks", on_change="rerun")
    if expander.open:
        with expander:
            diagnostics(model)


def _plain(model: Model, text: str) -> str:
    """`text`, in which the names of a visitor's columns are not Markdown."""
    return render.escape_markdown(text) if model.question.free_choice else text


def model_caption(model: Model) -> str:
    """What was fitted, in a line: outcome, predictors, effects, controls, errors, sample."""
    spec, catalogue, result = model.spec, model.catalogue, model.result
    vocabulary = model.question.vocabulary
    labels = [model_figures.predictor_label(name, spec, catalogue, vocabulary) for name in spec.predictors]
    effects = f"{' and '.join(spec.effects)} effects" if spec.effects else "no effects"
    held = f"; control variables: {', '.join(map(catalogue.label, spec.controls))}" if spec.controls else ""
    weights = ", weighted by residents" if spec.weights == "population" else ""
    dropped = f" {result.n_dropped:,} rows lack a value." if result.n_dropped else ""
    extent = f"{result.n:,} {vocabulary.rows}, {result.n_areas:,} {vocabulary.areas}"
    if vocabulary.period:
        extent += f", {result.first_period} to {result.last_period}"
    outcome = catalogue.label(spec.outcome)
    return f"{outcome} on {', '.join(labels)}, {effects}{held}{weights}. {result.note} {extent}.{dropped}"


def diagnostics(model: Model) -> None:
    """The checks on a fitted model: residuals, their relation over time, single areas, collinearity."""
    study, vocabulary = model.question.study, model.question.vocabulary
    checked = data.on_panel(diagnose, study, model.spec)
    _left_out(model)
    left, right = st.columns(2)
    with left:
        render.figure(model_figures.residuals_figure, checked, vocabulary)
        if len(checked.autocorrelation):
            render.figure(model_figures.autocorrelation_figure, checked, vocabulary)
    with right:
        render.figure(model_figures.normality_figure, checked)
        collinearity(model, checked, "vif_checked")


def _left_out(model: Model) -> None:
    """The estimate without each area in turn, or why there is none: few areas may not do without one."""
    try:
        rows = data.on_panel(leave_one_out, model.question.study, model.spec, model.term)
    except ModelError as error:
        area = model.question.vocabulary.area
        st.caption(_plain(model, f"The estimate without each {area} in turn cannot be shown. {error}"))
        return
    render.figure(
        model_figures.left_out_figure, rows, model.result, model.term, model.catalogue, model.question.vocabulary
    )


def collinearity(model: Model, checked: Diagnostics, name: str = "vif") -> None:
    """Variance inflation, with what it means."""
    arguments = checked, model.result, model.catalogue, model.question.vocabulary
    finding = model_figures.vif_finding(*arguments)
    render.table(model_figures.vif_table(*arguments), name, digits=1, title=finding)
    st.caption(briefing_recorder.text(presentation_text.VIF_NOTE))


def curve(state: PageState, model: Model) -> None:
    """Every combination of the choices ticked."""
    question = model.question
    draw_curve(
        state,
        CurveCase(
            question=question,
            predictors=model.spec.predictors,
            term=model.term,
            offered=dimensions(question, data.panel(question.study), model.catalogue),
            what=counted(model.term, model.catalogue, question.vocabulary),
            text=presentation_text.curve_text(question.vocabulary),
        ),
    )


def detectable(state: PageState, model: Model) -> None:
    """What this design could have found, and what no clear association is worth."""
    render.header("What could these figures have found?")
    result, catalogue, vocabulary = model.result, model.catalogue, model.question.vocabulary
    published = _published_in_form(model)
    margin = _margin_control(state, model) if vocabulary.unit else EquivalenceMargin().margin
    arguments = margin, catalogue, vocabulary
    if published is not None:
        findings = evidence_text.null_findings(result, published, *arguments)
        st.markdown(briefing_recorder.text(findings))
    estimate = result.estimate(model.term)
    smallest = smallest_effect(estimate)
    sentence = evidence_text.smallest_sentence(estimate, smallest, result.spec, catalogue, vocabulary)
    st.markdown(briefing_recorder.text(_plain(model, sentence)))
    render.table(evidence_figures.null_table(result, published, *arguments), "null", digits=2)
    joint = presentation_text.NULL_JOINT_NOTE if len(result.spec.predictors) > 1 else ""
    st.caption(briefing_recorder.text(f"{evidence_text.null_note(published is not None)} {joint}"))


def _margin_control(state: PageState, model: Model) -> float:
    vocabulary, spec = model.question.vocabulary, model.spec
    step = step_text(model.term, spec, model.catalogue, vocabulary)
    if len(spec.predictors) > 1:
        step = vocabulary.step(spec).text.format(what=vocabulary.kinds)
    margin: float = st.select_slider(
        f"Count as no association: at most so many {vocabulary.unit} either way for {step}",
        MARGINS,
        key=state.seed("margin", state.restore(EquivalenceMargin(), {"margin": MARGINS}).margin),
    )
    state.keep(EquivalenceMargin(margin))
    return margin


def _published_in_form(model: Model) -> FitResult | None:
    """The study's model with the predictors in the form of the one shown, so that sizes compare."""
    if model.question.published is None:
        return None
    spec = model.spec
    same = replace(
        model.question.published,
        predictors=spec.predictors,
        form=spec.form,
        window=spec.window,
        lag=spec.lag,
        start=spec.start,
        end=spec.end,
    )
    return data.fitted(model.question.study, same)


def scenario(state: PageState, model: Model) -> None:
    """The change in the outcome that the model associates with less or more of its predictors in chosen areas."""
    panel, vocabulary = data.panel(model.question.study), model.question.vocabulary
    what = vocabulary.counted
    render.header(f"What if there were less {what}, or more?" if what else "What if there were less, or more?")
    start = state.restore(Scenario(), {"percent": PERCENTS, "where": panel.areas})
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
        st.caption("Choose a change other than 0 %.")
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
        with st.expander(f"By {vocabulary.area}", icon=":material/table:"):
            render.table(evidence_figures.what_if_table(found, catalogue, vocabulary), "what_if", digits=2)
    else:
        render.figure(evidence_figures.what_if_figure, found, catalogue, vocabulary)


def take_away(state: PageState, model: Model) -> None:
    """What a reader leaves with; the end of the page."""
    render.header("Take it with you")
    panel = data.panel(model.question.study)
    steps = model_figures.ladder(model.question)
    others = {name: later(fit, panel, spec, wild=False) for name, spec in steps.items()}
    download_section(state, panel, model.result, model.question, others, model.catalogue)
    finish(state)


def finish(state: PageState) -> None:
    """Say under the title what a link asked for in vain, and write the state into the link; call it last.

    Every section reads its own part of a link, so only the end of the page knows all that could not be given.
    """
    with state.top:
        show_notices(state.notices)
    state.write()
