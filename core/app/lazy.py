"""Popovers and expanders: what is in them is worked out and sent once a reader opens them, and not before.

Opening or closing one runs the page again, or the fragment that it is in.
"""

from collections.abc import Callable
from typing import Any, Literal

import streamlit as st


def is_open(part: Any) -> bool:
    """Whether a reader has opened `part`."""
    return bool(part.open)


def expander(label: str, key: str, icon: str | None = None, *, place: Any = st, expanded: bool = False) -> Any:
    """An expander that knows whether it is open; `expanded` to begin with or not."""
    return place.expander(label, expanded=expanded, icon=icon, key=key, on_change="rerun")


def expand(
    label: str, key: str, draw: Callable[[], object], icon: str | None = None, *, expanded: bool = False
) -> None:
    """An expander, with what `draw` draws once it is open, which it is to begin with if `expanded`."""
    show(expander(label, key, icon, expanded=expanded), draw)


def popover(
    label: str,
    key: str,
    draw: Callable[[], object],
    icon: str,
    kind: Literal["secondary", "tertiary"] = "secondary",
) -> None:
    """A button with a panel behind it, in which is what `draw` draws once it is open."""
    show(st.popover(label, type=kind, icon=icon, key=key, on_change="rerun"), draw)


def show(part: Any, draw: Callable[[], object]) -> None:
    """Call `draw` in `part`, if that is open."""
    if is_open(part):
        with part:
            draw()
