"""The two faces of the page on ages: the quarterly model where there are quarterly ages, else what totals can say."""

from dataclasses import dataclass

import streamlit as st

from core.app import briefing_recorder, data, render
from core.app.controls import Focus
from core.app.sections import fitted_model, london_evidence, model_page
from core.app.state import PageState
from core.home import summary
from core.home.summary import Brief
from core.london.ages import figures as ages_figures
from core.london.ages.analysis import between_boroughs
from core.london.ages.question import AGE_BANDS, LONDON_AGES, ages_between
from core.london.ages.text import AGES_AFTER, AGES_PERIOD, AGES_QUARTERLY, AGES_SHOWN, AGES_UNCHECKED
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
        "Control variables",
        LONDON_CONTROLS,
        key=state.seed("controls", list(start.controls)),
        format_func=catalogue.label,
        placeholder="None",
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
    shown = fitted_model.model_of(ages_between(view.band, view.recovered), catalogue, fits[view.band], view.band)
    briefing_recorder.method(f"One regression for each age band, such as this: {model_page.model_caption(shown)}")
    st.markdown(briefing_recorder.text(AGES_SHOWN))
    st.caption(briefing_recorder.caveat(CAVEAT))
    london_evidence.say_window()

    render.header("Boroughs compared with each other")
    render.figure(ages_figures.between_figure, fits, catalogue)
    model_page.curve(state, shown)

    render.header("Who the records are about")
    st.markdown(briefing_recorder.text(ages_figures.recovered_finding(totals)))
    render.figure(ages_figures.composition_figure, totals, view.recovered, AGES_PERIOD, catalogue)
    render.figure(ages_figures.composition_figure, after, False, AGES_AFTER, catalogue)

    render.header("What the study reported")
    st.markdown(briefing_recorder.text(AGES_UNCHECKED))
    render.table(ages_figures.published_ages(catalogue.read_table("published_findings"), catalogue), "published_ages")
    render.link(state)
    model_page.finish(state)


def between(view: AgesView) -> dict[str, FitResult]:
    """The comparison between boroughs that `view` asks for, by age band."""
    spec = ModelSpec(outcome=view.outcome, predictors=AGE_BANDS, form=view.form, controls=view.controls)
    totals = data.catalogue().read_table("use_of_force_ages")
    return between_boroughs(data.panel(LONDON_AGES.study), totals, spec, view.recovered, data.labels("london"))


def quarterly(state: PageState, spec: ModelSpec, wanted: str, focus: Focus, catalogue: Catalogue) -> None:
    """The study's model of four age bands, and the recommended one, on quarterly figures by age."""
    question, panel = LONDON_AGES, data.panel(LONDON_AGES.study)
    model = model_page.answered(question, state, spec, wanted, catalogue)
    london_evidence.say_window()
    st.markdown(briefing_recorder.text(AGES_QUARTERLY))

    render.header("The age bands, one by one")
    fits = fitted_model.fits_shown(question, model.result)
    render.figure(outcomes_figures.coefficients_figure, fits, model.result, catalogue)

    model_page.uncertainty(model)
    model_page.collinearity(model, data.on_panel(diagnose, question.study, model.spec))
    render.figure(ages_figures.paths_figure, data.on_panel(penalty_paths, question.study, model.spec), catalogue)

    render.header("One band, looked at closer")
    model_page.scatter(model, focus.borough)

    render.header("What each borough's records stand for")
    parts = data.on_panel(contributions, question.study, model.result)
    render.figure(outcomes_figures.contributions_figure, parts, model.term, catalogue)
    render.figure(outcomes_figures.all_contributions_figure, parts, catalogue, ages_figures.ONE_BAND)
    render.figure(outcomes_figures.yearly_means_figure, panel, model.term, catalogue)

    london_evidence.shared_sections(state, model, focus.borough)


def brief() -> Brief:
    """What the front page says where there are no quarterly ages: the comparison of totals between boroughs."""
    return summary.of_ages(between(AgesView()), data.catalogue())
