"""Sets aside what stays in memory, so that Streamlit's garbage collection after every run need not look at it."""

import gc
import threading

import streamlit as st

_HANDED_IN = threading.Event()


@st.cache_resource(show_spinner=False)
def freeze(page: str) -> None:  # noqa: ARG001 - once for each page, whose modules and figures are then there
    """Keep all that is alive after the first run of `page` out of later collections.

    A collection holds up every visitor: over 100 ms for the modules alone, more than most pages take to run.
    """
    if not _HANDED_IN.is_set():
        gc.collect()
        gc.freeze()


def disable() -> None:
    """Set nothing aside from now on: a visitor's own figures are in memory, and must leave it when the visit ends."""
    _HANDED_IN.set()
