"""A visitor's own panel: held in the visit alone, with what has been worked out from it."""

import streamlit as st

from core.app import cache
from core.app.runtime import gc_freeze
from core.tables.panel import Panel
from core.user_panel.panel import Roles, panel_of
from core.user_panel.question import STUDY as STUDY
from core.user_panel.read import UserTable

_TABLE, _PANEL, _SHOWN, _AGREED = (f"{STUDY}.{name}" for name in ("held", "shaped", "shown", "agreed"))


def hold(table: UserTable) -> None:
    """Keep `table` for this visit, in place of any before it."""
    forget()
    gc_freeze.disable()
    st.session_state[_TABLE] = table


def forget() -> None:
    """Let go of the table, of all that was worked out from it, and of the choices, which name its columns."""
    for name in [str(name) for name in st.session_state if str(name).startswith(f"{STUDY}.")]:
        del st.session_state[name]
    cache.clear_visit()


def table() -> UserTable | None:
    """The table of this visit, if there is one."""
    found: UserTable | None = st.session_state.get(_TABLE)
    return found


def agree() -> None:
    """Note that the visitor agrees with how the table was turned."""
    st.session_state[_AGREED] = True


def is_agreed() -> bool:
    """Whether the visitor has agreed with how the table was turned; another reading asks again."""
    return bool(st.session_state.get(_AGREED, False))


def shape(held: UserTable, roles: Roles) -> Panel:
    """`held` as a panel, made once; raises :class:`core.user_panel.read.UserPanelError` where it is none."""
    made: tuple[Roles, Panel] | None = st.session_state.get(_PANEL)
    if made is None or made[0] != roles:
        made = roles, panel_of(held, roles)
        st.session_state[_PANEL] = made
        cache.clear_visit()
    return made[1]


def panel() -> Panel:
    """The panel of this visit."""
    made: tuple[Roles, Panel] = st.session_state[_PANEL]
    return made[1]


def mark_shown(shown: bool) -> None:
    """Note whether the page that runs shows a visitor's own figures, of which nothing is kept for others."""
    st.session_state[_SHOWN] = shown


def is_shown() -> bool:
    """Whether the page that runs shows a visitor's own figures."""
    return bool(st.session_state.get(_SHOWN, False))
