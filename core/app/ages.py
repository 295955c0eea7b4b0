"""The two faces of the page on ages: the quarterly model where there are quarterly ages, else what totals can say."""

from dataclasses import dataclass

import streamlit as st

from core import exhibits_ages, exhibits_outcomes, wording
from core.ages import between_boroughs
from core.app import evidence, figures, record, sections, show
from core.app.answer import fits_shown, model_caption
from core.app.controls import Focus
from core.app.curve import curve_section
from core.app.state import PageState
from core.catalogue import Catalogue
from core.contributions import contributions
from core.options import FORMS, Form
from core.penalised import penalty_paths
from core.questions import AGE_BANDS, LONDON_AGES, LONDON_CONTROLS, LONDON_SCORES, ages_between
from core.regression import FitResult, ModelSpec, diagnose

BETWEEN_FORMS: tuple[Form, ...] = ("share", "per_1000")


@dataclass(frozen=True)
class AgesView:
    """Choices of the comparison between boroughs."""

    outcome: str = "score_mean_of_8"
    form: Form = "share"
    controls: tuple[str, ...] = ()
    recovered: bool = True
    band: str = AGE_BANDS[0]


def controls(state: PageState, words: Catalogue) -> AgesView:
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
        "Score", LONDON_SCORES, key=state.seed("outcome", start.outcome), format_func=words.label
    )
    form = st.sidebar.selectbox(
        "Form", BETWEEN_FORMS, key=state.seed("form", start.form), format_func=lambda value: FORMS[value].label
    )
    held = st.sidebar.multiselect(
        "Held constant",
        LONDON_CONTROLS,
        key=state.seed("controls", list(start.controls)),
        format_func=words.label,
        placeholder="Nothing",
    )
    recovered = st.sidebar.toggle(
        "Count back the spoiled ages",
        key=state.seed("recovered", start.recovered),
        help=words.help("age_under_18_with_recovered"),
    )
    band = st.sidebar.selectbox(
        "Look closer at", AGE_BANDS, key=state.seed("band", start.band), format_func=words.label
    )
    view = AgesView(outcome, form, tuple(name for name in LONDON_CONTROLS if name in held), recovered, band)
    state.keep(view)
    return view


def totals_only(state: PageState, view: AgesView, words: Catalogue) -> None:
    """What totals by borough can say: composition, a comparison between boroughs, the study's numbers as reported."""
    totals, after = words.read_table("use_of_force_ages"), words.read_table("use_of_force_2024q1")
    show.title(LONDON_AGES.title)
    state.top = st.empty()
    fits = between(view)
    show.answer(exhibits_ages.between_answer(fits, words))
    record.method(f"One regression for each age band, such as this: {model_caption(fits[view.band], words)}")
    st.markdown(record.said(wording.AGES_SHOWN))
    st.caption(record.sure(wording.CAVEAT))

    show.header("Boroughs compared with each other")
    show.exhibit(exhibits_ages.between_exhibit, fits, words)
    curve_section(state, ages_between(view.band, view.recovered), (view.band,), view.band, words)

    show.header("Who the records are about")
    st.markdown(record.said(exhibits_ages.recovered_finding(totals)))
    show.exhibit(exhibits_ages.composition_exhibit, totals, view.recovered, wording.AGES_PERIOD, words)
    show.exhibit(exhibits_ages.composition_exhibit, after, False, wording.AGES_AFTER, words)

    show.header("What the study reported")
    st.markdown(record.said(wording.AGES_UNCHECKED))
    show.table(exhibits_ages.published_ages(words.read_table("published_findings"), words), "published_ages")
    show.link(state)
    sections.finish(state)


def between(view: AgesView) -> dict[str, FitResult]:
    """The comparison between boroughs that `view` asks for, by age band."""
    spec = ModelSpec(outcome=view.outcome, predictors=AGE_BANDS, form=view.form, controls=view.controls)
    totals = figures.catalogue().read_table("use_of_force_ages")
    return between_boroughs(figures.panel(LONDON_AGES.study), totals, spec, view.recovered, figures.labels())


def quarterly(state: PageState, spec: ModelSpec, focus: Focus, words: Catalogue) -> None:
    """The study's model of four age bands, and the recommended one, on quarterly figures by age."""
    question, panel = LONDON_AGES, figures.panel(LONDON_AGES.study)
    wanted = sections.closer(state, question, spec, words)
    result = sections.answered(question, state, spec, words)
    term = sections.term_shown(result, wanted)
    st.markdown(record.said(wording.AGES_QUARTERLY))

    show.header("The age bands, one by one")
    show.exhibit(exhibits_outcomes.coefficients_exhibit, fits_shown(question, result), result, words)

    sections.certainty(question, result, term, words)
    sections.collinearity(figures.on_panel(diagnose, question.study, result.spec), result, words)
    show.exhibit(exhibits_ages.paths_exhibit, figures.on_panel(penalty_paths, question.study, result.spec), words)

    show.header("One band, looked at closer")
    sections.scatter(question, result, term, focus.borough, words)

    show.header("What each borough's records stand for")
    parts = figures.on_panel(contributions, question.study, result)
    show.exhibit(exhibits_outcomes.contributions_exhibit, parts, term, words)
    show.exhibit(exhibits_outcomes.all_contributions_exhibit, parts, words, exhibits_ages.ONE_BAND)
    show.exhibit(exhibits_outcomes.yearly_means_exhibit, panel, term, words)

    evidence.closing_sections(state, question, result, term, focus.borough, words)
