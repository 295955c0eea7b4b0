"""The front page: every question with its answer, from the same cached results as its own page."""

from collections.abc import Iterable
from importlib import import_module

import streamlit as st

from core.app import data
from core.app.navigation import page_link
from core.app.sections.fitted_model import preset_fits
from core.home import summary
from core.home.summary import Brief
from core.questions.question import AS_PUBLISHED, PRESET_LABELS, RECOMMENDED, Question
from core.registry.page import Page
from core.registry.pages import PAGES

TOO_FEW = "Your figures are too few for the recommended model; the page shows what they are enough for."


def show_briefs(title: str, briefs: Iterable[Brief], about: str = "") -> None:
    """A study's questions, each with its answer, as they are worked out."""
    st.header(title, anchor=False)
    if about:
        st.caption(about)
    for brief in briefs:
        with st.container(gap=None):
            page_link(brief.page, f"**{brief.question}**")
            st.markdown(f"{brief.answer} :gray[{brief.study}]" if brief.study else brief.answer)


def briefs(section: str) -> Iterable[Brief]:
    """The answers of the pages of `section` that the front page tells."""
    return (_brief(page) for page in PAGES if page.section == section and page.on_home)


def _brief(page: Page) -> Brief:
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
