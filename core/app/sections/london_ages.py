"""The two faces of the page on ages: the quarterly model where there are quarterly ages, else what totals can say."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import streamlit as st

from core.app import briefing_recorder, data, downloads, render
from core.app.controls import Focus
from core.app.fragments import section
from core.app.layers import BOROUGHS, CURVE, EVIDENCE, MODELS, OVER_TIME, TAKE_AWAY, LayeredPage
from core.app.models import fitted_model, model_page
from core.app.models.fitted_model import Model
from core.app.sections import london_evidence
from core.app.sections import summary as summary_section
from core.app.state import PageState
from core.home import summary
from core.home.summary import Brief
from core.london.ages import figures as ages_figures
from core.london.ages.analysis import between_boroughs
from core.london.ages.question import AGE_BANDS, LONDON_AGES, ages_between
from core.london.ages.text import AGES_AFTER, AGES_PERIOD, AGES_QUARTERLY, AGES_SHOWN, AGES_UNCHECKED, ages_summary
from core.london.outcomes import figures as outcomes_figures
from core.london.questions import CAVEAT, LONDON_CONTROLS, LONDON_SCORES
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


TOTALS_TABS = (EVIDENCE, CURVE, TAKE_AWAY)


def open_page() -> LayeredPage:
    """Title and row of the page where there are only totals by age."""
    page = LayeredPage(PageState(LONDON_AGES.page), TOTALS_TABS)
    page.title(LONDON_AGES.title)
    return page


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
        "Include records whose age the spreadsheet corrupted",
        key=state.seed("recovered", start.recovered),
        help=catalogue.help("age_under_18_with_recovered"),
    )
    band = st.sidebar.selectbox(
        "Show in detail", AGE_BANDS, key=state.seed("band", start.band), format_func=catalogue.label
    )
    view = AgesView(outcome, form, tuple(name for name in LONDON_CONTROLS if name in held), recovered, band)
    state.keep(view)
    return view


def totals_summary(catalogue: Catalogue) -> None:
    """The first screen where there are only totals by age: no answer, and what the totals show."""
    view = AgesView()
    totals, publishers = catalogue.read_table("use_of_force_ages"), downloads.publishers()
    found = ages_summary(between(view), totals, view.recovered, catalogue, publishers)
    draw = partial(render.picture, ages_figures.composition_figure, totals, view.recovered, AGES_PERIOD, catalogue)
    summary_section.show(found, draw)


def totals_sections(page: LayeredPage, catalogue: Catalogue) -> model_page.Sections:
    """The tabs where there are only totals by age: boroughs compared, composition, the study's numbers as reported."""
    view = controls(page.state, catalogue)
    fits = between(view)
    shown = fitted_model.model_of(ages_between(view.band, view.recovered), catalogue, fits[view.band], view.band)
    render.answer(ages_figures.between_answer(fits, catalogue))
    return {
        EVIDENCE: [partial(between_boroughs_shown, shown, fits), partial(composition, view, catalogue)],
        CURVE: [partial(section, page.state, partial(model_page.curve, page.state, shown))],
        TAKE_AWAY: [partial(reported, catalogue)],
    }


def between_boroughs_shown(shown: Model, fits: Mapping[str, FitResult]) -> None:
    """The comparison of boroughs with each other."""
    render.header("Boroughs compared with each other")
    briefing_recorder.method(f"One regression for each age band, such as this: {model_page.model_caption(shown)}")
    st.markdown(briefing_recorder.text(AGES_SHOWN))
    st.caption(briefing_recorder.caveat(CAVEAT))
    london_evidence.say_window()
    render.figure(ages_figures.between_figure, fits, shown.catalogue)


def composition(view: AgesView, catalogue: Catalogue) -> None:
    """How old the people are that the records are about."""
    totals, after = catalogue.read_table("use_of_force_ages"), catalogue.read_table("use_of_force_2024q1")
    render.header("Age of the people involved")
    st.markdown(briefing_recorder.text(ages_figures.recovered_finding(totals)))
    render.figure(ages_figures.composition_figure, totals, view.recovered, AGES_PERIOD, catalogue)
    render.figure(ages_figures.composition_figure, after, False, AGES_AFTER, catalogue)


def reported(catalogue: Catalogue) -> None:
    """What the study reported and these figures cannot check."""
    render.header("What the study reported")
    st.markdown(briefing_recorder.text(AGES_UNCHECKED))
    render.table(ages_figures.published_ages(catalogue.read_table("published_findings"), catalogue), "published_ages")


def between(view: AgesView) -> dict[str, FitResult]:
    """The comparison between boroughs that `view` asks for, by age band."""
    spec = ModelSpec(outcome=view.outcome, predictors=AGE_BANDS, form=view.form, controls=view.controls)
    totals = data.catalogue().read_table("use_of_force_ages")
    return between_boroughs(data.panel(LONDON_AGES.study), totals, spec, view.recovered, data.labels("london"))


def sections(state: PageState, model: Model, focus: Focus) -> model_page.Sections:
    """What the tabs hold where there are quarterly figures by age."""
    shared = london_evidence.sections(state, model, focus.borough)
    shared[EVIDENCE].insert(1, partial(bands, model))
    shared[OVER_TIME] = [partial(by_year, model)]
    shared[BOROUGHS].append(partial(london_evidence.by_borough, model, ages_figures.ONE_BAND))
    shared[MODELS].append(partial(penalties, model))
    return shared


def bands(model: Model) -> None:
    """The coefficients of all bands, in the models side by side."""
    st.markdown(briefing_recorder.text(AGES_QUARTERLY))
    render.header("The age groups")
    fits = fitted_model.fits_shown(model.question, model.result)
    render.figure(outcomes_figures.coefficients_figure, fits, model.result, model.catalogue)


def penalties(model: Model) -> None:
    """How far the bands can be told apart, and which of them stay under a penalty."""
    study, spec = model.question.study, model.spec
    model_page.collinearity(model, data.on_panel(diagnose, study, spec))
    render.figure(ages_figures.paths_figure, data.on_panel(penalty_paths, study, spec), model.catalogue)


def by_year(model: Model) -> None:
    """How often the band looked at is recorded, by borough and year."""
    render.header("How often, where and when")
    panel = data.panel(model.question.study)
    render.figure(outcomes_figures.yearly_means_figure, panel, model.term, model.catalogue)


def brief() -> Brief:
    """What the front page says where there are no quarterly ages: the comparison of totals between boroughs."""
    return summary.of_ages(between(AgesView()), data.catalogue())
