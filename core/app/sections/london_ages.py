"""The two faces of the page on ages: the quarterly model where there are quarterly ages, else what totals can say."""

from dataclasses import dataclass

import streamlit as st

from core.app import briefing_recorder, data, render
from core.app.controls import Focus
from core.app.sections import london_common, london_evidence
from core.app.sections.answer import fits_shown, model_caption
from core.app.sections.curve import curve_section
from core.app.state import PageState
from core.london.ages import figures as ages_figures
from core.london.ages import text as ages_text
from core.london.ages.analysis import between_boroughs
from core.london.ages.question import AGE_BANDS, LONDON_AGES, ages_between
from core.london.outcomes import figures as outcomes_figures
from core.london.questions import CAVEAT, LONDON_CONTROLS, LONDON_SCORES
from core.stats.contributions import contributions
from core.stats.penalised import penalty_paths
from core.stats.regression import FitResult, ModelSpec, diagnose
from core.tables.catalogue import Catalogue
from core.tables.options import FORMS, Form

BETWEEN_FORMS: tuple[Form, ...] = ("share", "per_1000")


@dataclass(frozen=True)
class AgesView:
    """Choices of the comparison between boroughs."""

    outcome: str = "score_mean_of_8"
    form: Form = "share"
    controls: tuple[str, ...] = ()
    recovered: bool = True
    band: str = AGE_BANDS[0]


def controls(state: PageState, catalogue: Catalogue) -> AgesView:
    """The choices of the comparison between boroughs, in the sidebar."""
    allowed = {
        "outcome": LONDON_SCORES,
        "form": BETWEEN_FORMS,
        "controls": LONDON_CONTROLS,
        "recovered": (False, True),
        "band": AGE_BANDS,
    }
    start = state.restore(AgesView(), allowed)
    outcome = st.sidebar.selectbox(
        "Score", LONDON_SCORES, key=state.seed("outcome", start.outcome), format_func=catalogue.label
    )
    form = st.sidebar.selectbox(
        "Form", BETWEEN_FORMS, key=state.seed("form", start.form), format_func=lambda value: FORMS[value].label
    )
    held = st.sidebar.multiselect(
        "Held constant",
        LONDON_CONTROLS,
        key=state.seed("controls", list(start.controls)),
        format_func=catalogue.label,
        placeholder="Nothing",
    )
    recovered = st.sidebar.toggle(
        "Count back the spoiled ages",
        key=state.seed("recovered", start.recovered),
        help=catalogue.help("age_under_18_with_recovered"),
    )
    band = st.sidebar.selectbox(
        "Look closer at", AGE_BANDS, key=state.seed("band", start.band), format_func=catalogue.label
    )
    view = AgesView(outcome, form, tuple(name for name in LONDON_CONTROLS if name in held), recovered, band)
    state.keep(view)
    return view


def totals_only(state: PageState, view: AgesView, catalogue: Catalogue) -> None:
    """What totals by borough can say: composition, a comparison between boroughs, the study's numbers as reported."""
    totals, after = catalogue.read_table("use_of_force_ages"), catalogue.read_table("use_of_force_2024q1")
    render.title(LONDON_AGES.title)
    state.top = st.empty()
    fits = between(view)
    render.answer(ages_figures.between_answer(fits, catalogue))
    briefing_recorder.method(
        f"One regression for each age band, such as this: {model_caption(fits[view.band], catalogue)}"
    )
    st.markdown(briefing_recorder.text(ages_text.AGES_SHOWN))
    st.caption(briefing_recorder.caveat(CAVEAT))

    render.header("Boroughs compared with each other")
    render.figure(ages_figures.between_figure, fits, catalogue)
    curve_section(state, ages_between(view.band, view.recovered), (view.band,), view.band, catalogue)

    render.header("Who the records are about")
    st.markdown(briefing_recorder.text(ages_figures.recovered_finding(totals)))
    render.figure(ages_figures.composition_figure, totals, view.recovered, ages_text.AGES_PERIOD, catalogue)
    render.figure(ages_figures.composition_figure, after, False, ages_text.AGES_AFTER, catalogue)

    render.header("What the study reported")
    st.markdown(briefing_recorder.text(ages_text.AGES_UNCHECKED))
    render.table(ages_figures.published_ages(catalogue.read_table("published_findings"), catalogue), "published_ages")
    render.link(state)
    london_common.finish(state)


def between(view: AgesView) -> dict[str, FitResult]:
    """The comparison between boroughs that `view` asks for, by age band."""
    spec = ModelSpec(outcome=view.outcome, predictors=AGE_BANDS, form=view.form, controls=view.controls)
    totals = data.catalogue().read_table("use_of_force_ages")
    return between_boroughs(data.panel(LONDON_AGES.study), totals, spec, view.recovered, data.labels())


def quarterly(state: PageState, spec: ModelSpec, focus: Focus, catalogue: Catalogue) -> None:
    """The study's model of four age bands, and the recommended one, on quarterly figures by age."""
    question, panel = LONDON_AGES, data.panel(LONDON_AGES.study)
    wanted = london_common.closer(state, question, spec, catalogue)
    result = london_common.answered(question, state, spec, catalogue)
    term = london_common.term_shown(result, wanted)
    st.markdown(briefing_recorder.text(ages_text.AGES_QUARTERLY))

    render.header("The age bands, one by one")
    render.figure(outcomes_figures.coefficients_figure, fits_shown(question, result), result, catalogue)

    london_common.certainty(question, result, term, catalogue)
    london_common.collinearity(data.on_panel(diagnose, question.study, result.spec), result, catalogue)
    render.figure(ages_figures.paths_figure, data.on_panel(penalty_paths, question.study, result.spec), catalogue)

    render.header("One band, looked at closer")
    london_common.scatter(question, result, term, focus.borough, catalogue)

    render.header("What each borough's records stand for")
    parts = data.on_panel(contributions, question.study, result)
    render.figure(outcomes_figures.contributions_figure, parts, term, catalogue)
    render.figure(outcomes_figures.all_contributions_figure, parts, catalogue, ages_figures.ONE_BAND)
    render.figure(outcomes_figures.yearly_means_figure, panel, term, catalogue)

    london_evidence.shared_sections(state, question, result, term, focus.borough, catalogue)
