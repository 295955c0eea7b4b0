"""The choices of the glossary: a word to look up, and whose variables are listed."""

from dataclasses import dataclass

import streamlit as st

from core.app import downloads
from core.app.state import PageState
from core.exports.script import csv_bytes
from core.presentation.glossary import GLOSSARY, Term, studies, terms_table, variables_table
from core.tables.catalogue import Catalogue

EVERY = ""


@dataclass(frozen=True)
class GlossaryView:
    """The word that is looked up (empty for all), and the study whose variables are listed."""

    term: str = EVERY
    study: str = "london"


def controls(state: PageState, catalogue: Catalogue) -> tuple[tuple[Term, ...], str]:
    """The terms to show and the study whose variables to list."""
    terms = {term.id: term for term in sorted(GLOSSARY, key=lambda term: term.name.lower())}
    offered = studies(catalogue)
    view = state.restore(GlossaryView(study=offered[0]), {"term": [EVERY, *terms], "study": offered})
    left, right = st.columns(2)
    term = left.selectbox(
        "Look up a word",
        [EVERY, *terms],
        key=state.seed("term", view.term),
        format_func=lambda name: terms[name].name if name else "All words",
        help="Type a part of the word.",
    )
    study = right.selectbox(
        "Variables of",
        offered,
        key=state.seed("study", view.study, offered),
        format_func=lambda name: name.replace("_", " ").title(),
    )
    state.keep(GlossaryView(term, study))
    return (terms[term],) if term else GLOSSARY, study


def download_section(catalogue: Catalogue, study: str) -> None:
    """Downloads of the words and of the variables of `study`."""
    with st.container(horizontal=True):
        downloads.button("The words (CSV)", lambda: csv_bytes(terms_table()), "glossary.csv", "text/csv")
        name = f"variables_{study}.csv"
        downloads.button("The variables (CSV)", lambda: csv_bytes(variables_table(catalogue, study)), name, "text/csv")
