"""A visitor's own figures in place of the published ones: held in the visit alone, with what comes of them."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import streamlit as st

if TYPE_CHECKING:  # what reads files is heavy, and only the page that takes them needs it
    from core.given import Given

T = TypeVar("T")
_GIVEN, _MEMORY = "given.figures", "given.memory"
KEPT = 80


def current() -> "Given | None":
    """What this visitor handed in, if anything."""
    found: Given | None = st.session_state.get(_GIVEN)
    return found


def hold(given: "Given") -> None:
    """Show `given` for the rest of this visit, in place of anything handed in before."""
    forget()
    st.session_state[_GIVEN] = given


def forget() -> None:
    """Go back to the published figures, and let go of all that came from the visitor's."""
    for name in (_GIVEN, _MEMORY):
        st.session_state.pop(name, None)


def kept(shared: Callable[..., T], *arguments: Any) -> T:
    """``shared(*arguments)``: cached for all visitors, or within this visit where the figures are the visitor's.

    Parameters
    ----------
    shared
        A function with Streamlit's cache around it.
    """
    if current() is None:
        return shared(*arguments)
    own, key = memory(), (shared.__qualname__, tuple(part for part in arguments if not callable(part)))
    if key not in own:
        own[key] = shared.__wrapped__(*arguments)  # type: ignore[attr-defined]
    found: T = own[key]
    return found


def memory() -> dict[Any, Any]:
    """What was worked out from the visitor's figures; the oldest goes first."""
    held: dict[Any, Any] = st.session_state.setdefault(_MEMORY, {})
    while len(held) >= KEPT:
        held.pop(next(iter(held)))
    return held


def badge() -> None:
    """Whose figures are shown, and the way back; nothing where they are the published ones."""
    given = current()
    if given is None:
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        files = ", ".join(f"`{name.replace('`', '')}`" for name in given.files)
        st.markdown(f":material/person: **Your own figures**, from {files}. Only you see them, and only in this visit.")
        st.button("Back to the published figures", on_click=forget, key="given.back", icon=":material/undo:")
