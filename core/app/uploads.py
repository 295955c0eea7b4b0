"""A visitor's own figures in place of the published ones: held in the visit alone, with what comes of them."""

from typing import TYPE_CHECKING

import streamlit as st

from core.app import cache
from core.app.runtime import gc_freeze

if TYPE_CHECKING:  # what reads files is heavy, and only the page that takes them needs it
    from core.sources.police.built import StreetCrime
    from core.uploads.read import UploadedData

_UPLOADED = "uploaded.data"


def current() -> "UploadedData | None":
    """What this visitor uploaded, if anything."""
    found: UploadedData | None = st.session_state.get(_UPLOADED)
    return found


def hold(uploaded: "UploadedData") -> None:
    """Show `uploaded` for the rest of this visit, in place of anything uploaded before."""
    forget()
    gc_freeze.disable()
    st.session_state[_UPLOADED] = uploaded


def forget() -> None:
    """Go back to the published figures, and let go of all that came from the visitor's."""
    st.session_state.pop(_UPLOADED, None)
    cache.clear_visit()


def has_london() -> bool:
    """Whether the figures of London are this visitor's own."""
    found = current()
    return found is not None and bool(found.tables)


def has_survey() -> bool:
    """Whether the survey, from which forecasts are worked out, is this visitor's own."""
    found = current()
    return found is not None and "survey" in found.tables


def street_crime() -> "StreetCrime | None":
    """The street crime that this visitor uploaded, if any."""
    found = current()
    return found.street_crime if found else None


def _shown_on(uploaded: "UploadedData") -> str:
    pages = ["the London pages"] * bool(uploaded.tables) + ["the crime pages"] * (uploaded.street_crime is not None)
    return f"on {' and '.join(pages)}"


def badge() -> None:
    """Whose figures are shown, and the way back; nothing where they are the published ones."""
    uploaded = current()
    if uploaded is None:
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        files = ", ".join(f"`{name.replace('`', '')}`" for name in uploaded.files)
        st.markdown(
            f":material/person: **Your own figures** {_shown_on(uploaded)}, from {files}. "
            "Only you see them, and only in this visit."
        )
        st.button("Back to the published figures", on_click=forget, key="uploaded.back", icon=":material/undo:")
