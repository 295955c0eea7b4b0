"""The briefing at the end of a page: what the page shows for the choices made, to print or to edit."""

from datetime import date
from functools import partial

import streamlit as st

from core.app import briefing_recorder, data, downloads, uploads, user_panel
from core.app.sections import crime_common
from core.app.state import PageState
from core.exports.briefing import content as content
from core.exports.briefing.content import Briefing, Origin

ICON = ":material/description:"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def offer(state: PageState, link: str) -> None:
    """Buttons that make a briefing of what the page has shown; nothing on a page without an answer.

    A click comes outside any run of the page, on a thread without a visit. So each button holds all that its file
    is made of, and the server drops it when the page runs again or the visitor leaves.
    """
    noted = briefing_recorder.take()
    if not noted.answer:
        return
    st.markdown("**Briefing**: this view as a document, with its sources, to print or to pass on.")
    with st.container(horizontal=True, vertical_alignment="center"):
        whole = st.toggle(
            "Everything on this page",
            key=f"briefing.{state.page}.whole",
            help="Without it, the briefing is short: the answer, how sure it is, and the main charts.",
        )
        sections = {heading: tuple(parts) for heading, parts in noted.parts.items()}
        told = Briefing(noted.question, noted.answer, sections, _origin(), link)
        name = f"{state.page}_briefing"
        downloads.button("To print or read (HTML)", partial(_page, told, whole), f"{name}.html", "text/html", ICON)
        downloads.button("For Word (DOCX)", partial(_word, told, whole), f"{name}.docx", WORD, ICON)


def _page(told: Briefing, whole: bool) -> bytes:
    from core.exports.briefing.html import html_page

    return html_page(_chosen(told, whole), date.today()).encode()


def _word(told: Briefing, whole: bool) -> bytes:
    from core.exports.briefing.word import word_file

    return word_file(_chosen(told, whole), date.today())


def _chosen(told: Briefing, whole: bool) -> Briefing:
    return told if whole else content.shortened(told)


def _origin() -> Origin:
    """Whose figures the page shows, in which version, from which publications."""
    view, held, handed_in = downloads.current_view(), user_panel.table(), uploads.current()
    if view.own and held is not None:
        return content.of_own_file(held.name, held.fingerprint)
    of_others = handed_in.files if handed_in is not None and view.whose else ()
    return content.of_package(_version(view), view.sources, of_others)


def _version(view: downloads.View) -> str:
    """Fingerprint of the figures that the page shows, which for some are the published ones whatever was handed in."""
    if view.force and view.state:
        return crime_common.places()[view.state.query()["place"]].version
    return (view.words if view.whose else data.published()[0]).version
