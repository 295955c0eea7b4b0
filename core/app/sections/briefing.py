"""The briefing at the end of a page: what the page shows for the choices made, to print or to edit."""

from datetime import date
from functools import partial

import streamlit as st

from core.app import briefing_recorder, data, downloads, uploads, user_panel
from core.app.crime_places import places
from core.app.state import PageState
from core.exports.briefing import content
from core.exports.briefing.content import Briefing, Origin

ICON = ":material/description:"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def offer(state: PageState, link: str) -> None:
    """Buttons that make a briefing of what the page has shown; nothing on a page without an answer.

    A click comes outside any run of the page, on a thread without a visit. So each button holds all that its file
    is made of, and the server drops it when the page runs again or the visitor leaves.
    """
    noted = briefing_recorder.recorded()
    if not noted.answer:
        return
    st.markdown("**Briefing**: this view as a document, with its sources, to print or to pass on.")
    with st.container(horizontal=True, vertical_alignment="center"):
        complete = st.toggle(
            "Everything on this page",
            key=f"briefing.{state.page}.complete",
            help="Without it, the briefing is short: the answer, how sure it is, and the main charts.",
        )
        sections = {heading: tuple(parts) for heading, parts in noted.parts.items()}
        made = Briefing(noted.question, noted.answer, sections, _origin(), link)
        name = f"{state.stem}_briefing"
        downloads.button("To print or read (HTML)", partial(_page, made, complete), f"{name}.html", "text/html", ICON)
        downloads.button("For Word (DOCX)", partial(_word, made, complete), f"{name}.docx", WORD, ICON)


def _page(briefing: Briefing, complete: bool) -> bytes:
    from core.exports.briefing.html import html_page

    return html_page(_chosen(briefing, complete), date.today()).encode()


def _word(briefing: Briefing, complete: bool) -> bytes:
    from core.exports.briefing.word import word_file

    return word_file(_chosen(briefing, complete), date.today())


def _chosen(briefing: Briefing, complete: bool) -> Briefing:
    return briefing if complete else content.shortened(briefing)


def _origin() -> Origin:
    """Whose figures the page shows, in which version, from which publications."""
    view, held, uploaded = downloads.current_view(), user_panel.table(), uploads.current()
    if view.own and held is not None:
        return content.of_uploaded_file(held.name, held.fingerprint)
    of_others = uploaded.files if uploaded is not None and view.whose else ()
    return content.of_package(_version(view), view.sources, of_others)


def _version(view: downloads.View) -> str:
    """Fingerprint of the figures that the page shows, which for some are the published ones whatever was uploaded."""
    if view.force and view.state:
        return places.places()[view.state.query()["place"]].version
    return (view.catalogue if view.whose else data.published()[0]).version
