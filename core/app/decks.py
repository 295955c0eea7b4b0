"""Maps on pages: how they are drawn on a phone or a dark page, and what brings one back to where it began."""

from collections.abc import Callable
from typing import Any, Literal

import streamlit as st

from core.presentation.maps import PHONE_HEIGHT

TALL_HEIGHT = 560  # pixels, of a place that is as high as it is wide
WITH_MOUSE = "Double-click or pinch to zoom, drag to move."
ON_TOUCH = "Tap twice or pinch to zoom; one finger scrolls the page."
# The map's own code takes every touch for itself. What it needs are two fingers: one scrolls the page.
SCROLLS = """<style>
[data-testid="stDeckGlJsonChart"] :is(div, canvas) {touch-action: pan-y !important}
</style>"""


def on_phone() -> bool:
    """Whether the browser says that it is a phone's."""
    return "Mobi" in st.context.headers.get("User-Agent", "")


def on_dark() -> bool:
    """Whether the page is dark."""
    return bool(st.context.theme.type == "dark")


def key_of(key: str) -> str:
    """Session key of the map that :func:`show` draws for `key`: another one each time that it is reset."""
    return f"{key}.{st.session_state.get(_resets(key), 0)}"


def _resets(key: str) -> str:
    return f"{key}.resets"


def show(
    deck: Any,
    key: str,
    wide_height: int,
    alt: str,
    on_select: Callable[[], None] | Literal["ignore", "rerun"] = "ignore",
) -> None:
    """A map over which the page scrolls, with a button that brings it back to where it began.

    Parameters
    ----------
    deck
        The pydeck map.
    key
        Names the map in the session; its selection is under :func:`key_of`.
    wide_height
        Height in pixels where the screen is wide.
    """
    st.html(SCROLLS)
    st.pydeck_chart(
        deck, on_select=on_select, key=key_of(key), height=PHONE_HEIGHT if on_phone() else wide_height, alt=alt
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        icon = ":material/recenter:"
        st.button("Reset the map", icon=icon, type="tertiary", key=f"{key}.reset", on_click=_reset, args=(key,))
        st.caption(ON_TOUCH if on_phone() else WITH_MOUSE)


def _reset(key: str) -> None:
    st.session_state[_resets(key)] = st.session_state.get(_resets(key), 0) + 1
