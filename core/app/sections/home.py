"""The front page: every question with its answer, from the same cached results as its own page."""

from collections.abc import Collection, Iterable, Sequence
from importlib import import_module

import streamlit as st

from core.app import cache, data, uploads
from core.app.controls import search_box, show_notices
from core.app.crime_places import england as figures_of
from core.app.crime_places import neighbourhoods
from core.app.models import model_page
from core.app.models.fitted_model import preset_fits
from core.app.navigation import go, page_link
from core.app.sections import published_claims
from core.app.sections.summary import COLOURS
from core.app.state import PageState
from core.crime.england.analysis import compare, compare_variants
from core.crime.england.question import EnglandSpec
from core.crime.neighbourhood import text as neighbourhood_text
from core.crime.neighbourhood.tables import MOST_FOUND
from core.home import stored, summary
from core.home import text as home_text
from core.home.cards import Card, claims_card, england_card, force_card, trust_card
from core.home.summary import Brief
from core.london.amount.question import LONDON_AMOUNT
from core.presentation.summary import CHIPS
from core.questions.question import AS_PUBLISHED, PRESET_LABELS, RECOMMENDED, Question
from core.registry.page import Page
from core.registry.pages import PAGES
from core.registry.studies import SURVEY
from core.sources.police.street_crime_2025 import YEAR
from core.tables.catalogue import DATA_DIR, load_catalogue
from core.tables.quarters import last_month

TOO_FEW = "Your figures are too few for the recommended model; the page shows what they are enough for."


def find() -> None:
    """The box that leads to a borough, a district or a neighbourhood: to what is meant, or to what may be."""
    state = PageState("home")
    wanted = search_box(state, home_text.FIND, home_text.FIND_PLACEHOLDER, st.container())
    if wanted:
        boroughs, meant = data.panel(SURVEY).areas, neighbourhoods.district_called(wanted)
        if state.is_typed("find") and meant in neighbourhoods.districts():
            go(*_place(meant, boroughs))
        _offer(wanted, boroughs)
    if wanted or st.query_params:
        show_notices(state)
        state.write()


def _place(district: str, boroughs: Collection[str]) -> tuple[str, dict[str, str]]:
    """The page of a district, and the view of it."""
    return ("borough", {"borough": district}) if district in boroughs else ("neighbourhood", {"district": district})


def _offer(wanted: str, boroughs: Collection[str]) -> None:
    """Links to all that `wanted` may mean: districts first, then wards and neighbourhoods."""
    meant, districts, found = neighbourhoods.called(wanted)
    if meant != wanted:
        st.caption(neighbourhood_text.SPELT_LIKE.format(name=meant))
    if not found and not districts:
        st.caption(neighbourhood_text.not_found(wanted))
    for name in districts:
        page, query = _place(name, boroughs)
        page_link(page, name, query)
    for code, name in found.items():
        page_link("neighbourhood", name, {"lsoa": code})
    if max(len(found), len(districts)) >= MOST_FOUND:
        st.caption(neighbourhood_text.MORE_FOUND)


@cache.cached(1)
def _stored(figures: str) -> stored.Answers | None:
    return stored.read_answers(DATA_DIR, stored.fingerprint(figures))


def known() -> stored.Answers | None:
    """The answers as stored, where they are of these figures and this code."""
    return None if uploads.current() else _stored(load_catalogue().version)


def fresh() -> stored.Answers:
    """The answers, worked out now."""
    return stored.Answers(tuple(_fresh_cards()), {page.name: _fresh_brief(page) for page in PAGES if page.on_home})


def cards() -> Sequence[Card]:
    """The four cards."""
    found = known()
    return found.cards if found else _fresh_cards()


def _fresh_cards() -> list[Card]:
    london = data.london_totals()
    found = figures_of.on_england(compare, EnglandSpec())
    variants = figures_of.on_england(compare_variants, EnglandSpec())
    return [
        trust_card(data.panel(SURVEY).frame),
        force_card(model_page.summary_of(LONDON_AMOUNT), london),
        england_card(found, variants),
        claims_card(published_claims.all_claims()),
    ]


def show_cards() -> None:
    """A small picture, an answer in a line and a chip for each card, two in a row."""
    shown = cards()
    for row in (shown[:2], shown[2:]):
        for cell, card in zip(st.columns(2), row, strict=True):
            with cell.container(border=True, height="stretch"):
                page_link(card.page, f"**{card.title}**")
                st.markdown(f"{card.answer} :{COLOURS[card.chip]}-badge[{card.chip_text or CHIPS[card.chip]}]")
                st.metric(card.label, card.value, chart_data=list(card.trend), chart_type=card.kind)


def dates() -> str:
    """How far the figures run."""
    survey, force = data.panel(SURVEY), data.panel(LONDON_AMOUNT.study)
    ends = force.frame.loc[force.frame[force.total].notna(), force.period].max()
    return home_text.dates(last_month(survey.periods[-1]), last_month(ends), str(YEAR))


def whats_new() -> str:
    """What has changed lately."""
    return home_text.WHATS_NEW.format(survey=last_month(data.panel(SURVEY).periods[-1]))


def show_briefs(title: str, briefs: Iterable[Brief]) -> None:
    """A study's questions, each with its answer, as they are worked out."""
    st.subheader(title, anchor=False)
    for brief in briefs:
        with st.container(gap=None):
            page_link(brief.page, f"**{brief.question}**")
            st.markdown(f"{brief.answer} :gray[{brief.study}]" if brief.study else brief.answer)


def briefs(section: str) -> Iterable[Brief]:
    """The answers of the pages of `section` that the front page tells."""
    return (_brief(page) for page in PAGES if page.section == section and page.on_home)


def _brief(page: Page) -> Brief:
    found = known()
    kept = found.briefs.get(page.name) if found else None  # none of a page that is new since they were stored
    return kept or _fresh_brief(page)


def _fresh_brief(page: Page) -> Brief:
    """The answer of the page's question, or what its section module makes of it."""
    question = page.question
    if question is not None and question.answerable(data.panel(question.study).frame.columns):
        return of_question(question)
    brief: Brief = import_module(f"core.app.sections.{page.name}").brief()
    return brief


def of_question(question: Question) -> Brief:
    """The answer of `question`, and the study's where one asked it."""
    fits = preset_fits(question)
    published = fits.get(PRESET_LABELS[AS_PUBLISHED])
    recommended = fits.get(PRESET_LABELS[RECOMMENDED])
    if recommended is None:
        return Brief(question.page, question.title, TOO_FEW)
    robust = data.robust(question, question.recommended)
    return summary.of_model(question, recommended, published, robust, data.catalogue_of(question.study))
