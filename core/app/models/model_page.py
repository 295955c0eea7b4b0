"""What every model page is made of: its summary, and the tabs for analysts.

A page of its own adds to :func:`sections`; :func:`show` is the page of a question that needs nothing else.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial as later

import streamlit as st

from core.app import briefing_recorder, data, lazy, render
from core.app.downloads import publishers
from core.app.fragments import section
from core.app.layers import CURVE, EVIDENCE, HOW_SURE, MODELS, TAKE_AWAY, WHAT_IF, LayeredPage
from core.app.models import model_evidence, panels
from core.app.models.controls import model_controls, predictor_control
from core.app.models.curve import CurveCase, draw_curve
from core.app.models.downloads import download_section
from core.app.models.fitted_model import Model, fit_or_last_good, fits_shown, model_of, preset_fits
from core.app.sections import summary as summary_section
from core.app.state import PageState
from core.presentation import text as presentation_text
from core.presentation.models import between_figures, model_figures
from core.presentation.models.comparison import effects_named, wide_note
from core.presentation.models.effects import counted
from core.presentation.models.model_summary import model_summary, overall
from core.presentation.numbers import quoted
from core.presentation.robustness import robust_figures, robust_text
from core.presentation.summary import Summary
from core.presentation.text import CurveText
from core.questions.curve import KIND, dimensions
from core.questions.question import AS_PUBLISHED, PRESET_LABELS, RECOMMENDED, Question
from core.questions.robustness import Robustness
from core.stats.panels.between import sources
from core.stats.regression import Diagnostics, FitResult, ModelError, ModelSpec, diagnose, fit, leave_one_out, partial

Sections = dict[str, list[Callable[[], None]]]
ALL_TABS = (EVIDENCE, HOW_SURE, MODELS, CURVE, WHAT_IF, TAKE_AWAY)


def show(question: Question) -> None:
    """The whole page of `question`."""
    page = open_page(question)
    if page.is_summary:
        show_summary(question)
    else:
        model = chosen(page.state, question)
        page.show(sections(page.state, model))
    page.finish()


def open_page(question: Question, tabs: Sequence[str] = ALL_TABS) -> LayeredPage:
    """Title and row of a question's page."""
    page = LayeredPage(PageState(question.page), tabs)
    page.title(question.title)
    return page


def show_summary(question: Question) -> None:
    """The first screen of a question that is put to no place in particular."""
    found = summary_of(question)
    summary_section.show(found, lambda: robustness_picture(question))


def summary_of(question: Question) -> Summary:
    """What the first screen of `question` says: the recommended model's answer by rule."""
    catalogue = data.catalogue_of(question.study)
    result = preset_fits(question).get(PRESET_LABELS[RECOMMENDED])
    found = robust_answers(question, question.recommended)
    return model_summary(question, result, found, catalogue, publishers())


def robustness_picture(question: Question) -> None:
    """Every reasonable way to ask, as the picture of a summary."""
    found = robust_answers(question, question.recommended)
    if found:
        term = firmest(found)
        render.picture(robust_figures.robustness_picture, found[term], *_in_words(question, found[term].spec, term))


def chosen(state: PageState, question: Question) -> Model:
    """The model of the choices in the sidebar, with its answer above all tabs."""
    catalogue = data.catalogue_of(question.study)
    spec = model_controls(state, question, data.panel(question.study), catalogue)
    wanted = predictor_control(state, question, spec, catalogue)
    model = model_of(question, catalogue, fit_or_last_good(state, question, spec), wanted)
    headline(model)
    return model


def sections(state: PageState, model: Model, area: str = "") -> Sections:
    """What the tabs of a model page hold; pages of their own add to the lists.

    Parameters
    ----------
    area
        The area to pick out in charts; empty for none.
    """
    return {
        EVIDENCE: [later(evidence, model), later(scatter, model, area)],
        HOW_SURE: [later(uncertainty, model), later(section, state, later(model_evidence.detectable, state, model))],
        MODELS: [later(models, model), *panels.sections(state, model), later(ladder, model), later(checks, model)],
        CURVE: [later(section, state, later(curve, state, model))],
        WHAT_IF: [later(section, state, later(model_evidence.scenario, state, model))],
        TAKE_AWAY: [later(take_away, state, model)],
    }


def headline(model: Model) -> None:
    """The answer of the model in a sentence, and what readers of it must know."""
    question, catalogue, result = model.question, model.catalogue, model.result
    vocabulary = question.vocabulary
    found = robust_answers(question, base_of(model))
    render.answer(robust_text.page_answer(result, found, catalogue, vocabulary))
    if found and result.spec != base_of(model):
        st.markdown(briefing_recorder.text(robust_text.rule_answer(found, catalogue, vocabulary)))
    cautions(model)


def evidence(model: Model) -> None:
    """How other ways of asking answer, and what none of it can show."""
    question, vocabulary = model.question, model.question.vocabulary
    wide = model.plain(wide_note(model.result, vocabulary))
    st.caption(briefing_recorder.caveat(f"{vocabulary.caveat} {wide}".strip()))
    found = robust_answers(question, base_of(model))
    if found:
        term = model.term if model.term in found else next(iter(found))
        render.figure(robust_figures.robustness_figure, found[term], *_in_words(question, found[term].spec, term))


def models(model: Model) -> None:
    """The study's model, the recommended one and the reader's own next to each other, where a study has one."""
    question, catalogue = model.question, model.catalogue
    render.header("The models side by side")
    presets = preset_fits(question)
    if question.published is not None and len(presets) > 1:
        published, recommended = presets[PRESET_LABELS[AS_PUBLISHED]], presets[PRESET_LABELS[RECOMMENDED]]
        contrast = presentation_text.question_contrast(published, recommended, catalogue, question.vocabulary)
        st.markdown(briefing_recorder.text(contrast))
    cards(fits_shown(question, model.result), lambda fit: _card_lines(model, fit), model.result, catalogue.label)


def cautions(model: Model) -> None:
    """What readers of the estimate must know, under the answer where nobody can miss it."""
    for warning in model.result.warnings:
        st.warning(briefing_recorder.caveat(model.plain(warning)), icon=":material/warning:")


def base_of(model: Model) -> ModelSpec:
    """The model whose answer is judged: the recommended one, of a visitor's own table the one shown."""
    return model.spec if model.question.free_choice else model.question.recommended


def robust_answers(question: Question, base: ModelSpec) -> dict[str, Robustness]:
    """How the answer of `base` stands up, by predictor; empty where it cannot be said."""
    try:
        return data.robust(question, base)
    except ModelError:  # an upload may have too few figures for the recommended model
        return {}


def firmest(found: Mapping[str, Robustness]) -> str:
    """The predictor whose answer speaks for all of them in a summary."""
    return next(name for name, one in found.items() if one.word == overall(found))


def _in_words(question: Question, spec: ModelSpec, term: str) -> tuple[float, str, CurveText]:
    vocabulary, relative = question.vocabulary, spec.relative
    what = counted(term, data.catalogue_of(question.study), vocabulary)
    text = presentation_text.curve_text(vocabulary, relative, term, question.free_choice)
    return 1.0 if relative else vocabulary.factor, what, text


def cards(
    fits: Mapping[str, FitResult],
    lines: Callable[[FitResult], list[str]],
    current: FitResult,
    label_of: Callable[[str], str] | None = None,
) -> None:
    """The models side by side.

    Parameters
    ----------
    lines
        What the card of a model says: a headline and the lines under it, or for several predictors lines alone.
    current
        The model that the page shows.
    label_of
        Label of an outcome, said on cards of models with another one than the page shows; not said without.
    """
    for cell, (label, result) in zip(st.columns(len(fits)), fits.items(), strict=True):
        with cell.container(border=True):
            shown = " :primary[(used on this page)]" if result.spec == current.spec else ""
            st.markdown(f"**{label}**{shown}")
            if label_of and result.spec.outcome != current.spec.outcome:
                st.caption(f"About another outcome than this page shows: {quoted(label_of(result.spec.outcome))}.")
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
    render.header("Why the answers differ")
    fits = {}
    for label, spec in model_figures.ladder(model.question).items():
        try:
            fits[label] = data.fitted(model.question.study, spec)
        except ModelError as error:
            st.caption(model.plain(f"{label}: {error}"))
    models_figure(model, {label: found for label, found in fits.items() if model.term in found.spec.predictors})


def models_figure(
    model: Model,
    fits: Mapping[str, FitResult],
    more: Mapping[str, Callable[[FitResult], float]] | None = None,
    note: str = "",
) -> None:
    """The effect in each of `fits`, and in the model shown if it is another whose step and unit are the same.

    Parameters
    ----------
    more
        What further columns of the table have for a model.
    note
        What to say of them besides.
    """
    specs = {label: found.spec for label, found in fits.items()}
    current = next((label for label, spec in specs.items() if spec == model.spec), "")
    shown = dict(fits)
    same = model.spec.form, model.spec.relative
    if not current and any((spec.form, spec.relative) == same for spec in specs.values()):
        shown[model_figures.YOURS] = model.result
        current = model_figures.YOURS
    effects = {label: model.effect_of(found, _term(model, found)) for label, found in shown.items()}
    sizes = {label: found.n for label, found in shown.items()}
    further = {name: {label: of(found) for label, found in shown.items()} for name, of in (more or {}).items()}
    if effects:
        render.figure(model_figures.ladder_figure, effects, sizes, current, model.question.vocabulary, further, note)


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


def uncertainty(model: Model, sentence: str = "", more: Callable[[], None] | None = None) -> None:
    """How sure the answer is: p-values in words, the table of estimates.

    Parameters
    ----------
    sentence
        What to say in place of the p-values in words.
    more
        Draws what a page adds before the table.
    """
    result, vocabulary = model.result, model.question.vocabulary
    render.header("How sure are we?")
    text = sentence or presentation_text.question_uncertainty(result, vocabulary)
    st.markdown(briefing_recorder.caveat(model.plain(text)))
    if more:
        more()
    table = model_figures.estimates_table(result, model.catalogue, vocabulary)
    render.table(briefing_recorder.table(table, "estimates", 4, briefing_recorder.ESTIMATES), "estimates", digits=4)
    st.caption(briefing_recorder.method(model.plain(model_caption(model))))


def checks(model: Model) -> None:
    """The checks on the model, worked out when they are opened."""
    lazy.expand("Checks on the model", "checks", later(diagnostics, model), ":material/fact_check:")


def model_caption(model: Model) -> str:
    """What was fitted, in a line: outcome, predictors, effects, controls, errors, sample."""
    spec, catalogue, result = model.spec, model.catalogue, model.result
    vocabulary = model.question.vocabulary
    labels = [model_figures.predictor_label(name, spec, catalogue, vocabulary) for name in spec.predictors]
    effects = effects_named(spec, vocabulary)
    held = f"; control variables: {', '.join(map(catalogue.label, spec.controls))}" if spec.controls else ""
    differs = ", with squares" if spec.squares else ""
    differs += f", by {catalogue.label(spec.moderator)}" if spec.moderator else ""
    weights = ", weighted by residents" if spec.weights == "population" else ""
    dropped = f" {model_figures.left_out_rows(result)}" if result.n_dropped else ""
    extent = f"{result.n:,} {vocabulary.rows}, {vocabulary.counted_areas(result.n_areas)}"
    if vocabulary.period:
        extent += f", {result.first_period} to {result.last_period}"
    outcome = model_figures.outcome_label(spec, catalogue)
    return f"{outcome} on {', '.join(labels)}{differs}, {effects}{held}{weights}. {result.note} {extent}.{dropped}"


def diagnostics(model: Model) -> None:
    """The checks on a fitted model: residuals, their relation over time, single areas, collinearity."""
    study, vocabulary = model.question.study, model.question.vocabulary
    checked = data.on_panel(diagnose, study, model.spec)
    _left_out(model)
    _sources(model)
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
        area = model.question.vocabulary.area_noun
        st.caption(model.plain(f"The estimate without each {area} in turn cannot be shown. {error}"))
        return
    render.figure(
        model_figures.left_out_figure, rows, model.result, model.term, model.catalogue, model.question.vocabulary
    )


def _sources(model: Model) -> None:
    """Whether the estimate comes from areas or from change within them, or why that cannot be said."""
    if not model.question.vocabulary.period or min(model.result.n_areas, model.result.n_periods) == 1:
        return
    try:
        found = data.on_panel(sources, model.question.study, model.spec)
    except ModelError as error:
        st.caption(model.plain(str(error)))
        return
    if found.of(model.term):
        render.figure(between_figures.sources_figure, found, model.term, model.catalogue, model.question.vocabulary)


def collinearity(model: Model, checked: Diagnostics, name: str = "vif") -> None:
    """Variance inflation, with what it means."""
    arguments = checked, model.result, model.catalogue, model.question.vocabulary
    finding = model_figures.vif_finding(*arguments)
    render.table(model_figures.vif_table(*arguments), name, digits=1, title=finding)
    st.caption(briefing_recorder.text(presentation_text.VIF_NOTE))


def curve(state: PageState, model: Model) -> None:
    """Every combination of the choices ticked."""
    question, base = model.question, base_of(model)
    _, what, text = _in_words(question, model.spec, model.term)
    same = {name: getattr(model.spec, name) for name in KIND} == {name: getattr(base, name) for name in KIND}
    draw_curve(
        state,
        CurveCase(
            question=question,
            spec=model.spec,
            term=model.term,
            offered=dimensions(question, data.panel(question.study), model.catalogue),
            what=what,
            text=text,
            robust=robust_answers(question, base).get(model.term) if same else None,
        ),
    )


def take_away(state: PageState, model: Model) -> None:
    """What a reader leaves with."""
    render.header("Download and share")
    panel = data.panel(model.question.study)
    steps = model_figures.ladder(model.question)
    others = {name: later(fit, panel, spec, wild=False) for name, spec in steps.items()}
    further = panels.repeated(state, model)
    download_section(state, panel, model.result, model.question, others, model.catalogue, further)
