"""The choices of the page on a visitor's own panel: the file, which columns are what, the model."""

from dataclasses import dataclass

import streamlit as st

from core.app import render, user_panel
from core.app.state import PageState
from core.tables.panel import Panel
from core.user_panel import text as user_panel_text
from core.user_panel.read import MOST_BYTES, Roles, UserPanelError, UserTable, guessed_roles, read_table_file

NOBODY = ""


@dataclass(frozen=True)
class RolesView:
    """The file that a view is of, and which of its columns are what; all empty until there is one."""

    file: str = ""
    area: str = ""
    period: str = ""
    population: str = ""


@dataclass(frozen=True)
class UserFocus:
    """The area shown next to the mean of all."""

    one: str = NOBODY


def file_control(state: PageState) -> UserTable | None:  # noqa: RET503 - a rerun does not return
    """Drop a file, or let go of the one that is held; what cannot be read is said."""
    held = user_panel.table()
    if held is not None:
        left, right = st.columns([4, 1], vertical_alignment="center")
        left.markdown(
            f"**{render.escape_markdown(held.name)}**: {len(held.frame):,} rows, {len(held.frame.columns):,} columns."
        )
        right.button("Let go of the file", on_click=_let_go, icon=":material/close:", key=state.key("forget"))
        for note in held.notes:
            st.caption(render.escape_markdown(note))
        return held
    given = st.file_uploader(
        "CSV or Parquet file with one row for each area and period",
        type=["csv", "parquet"],
        key=state.key("upload"),
        max_upload_size=MOST_BYTES // 1_000_000,
    )
    if given is None:
        return None
    try:
        table = read_table_file(given.name, given.getvalue())
        guessed_roles(table)
    except UserPanelError as error:
        st.warning(render.escape_markdown(str(error)), icon=":material/rule:")
        return None
    user_panel.hold(table)
    st.rerun()


def role_controls(state: PageState, held: UserTable) -> Roles:
    """Which columns are area, period and residents."""
    guess = guessed_roles(held)
    names = [str(name) for name in held.frame.columns]
    start = state.restore(
        RolesView(held.fingerprint, guess.area, guess.period, guess.population),
        {"file": [held.fingerprint], "area": names, "period": names, "population": ["", *held.numbers]},
    )
    first, second, third = st.columns(3)
    roles = Roles(
        first.selectbox("Area", names, key=state.seed("area", start.area, names)),
        second.selectbox("Period", names, key=state.seed("period", start.period, names)),
        third.selectbox(
            "Residents, for rates and weights",
            ["", *held.numbers],
            key=state.seed("population", start.population, ["", *held.numbers]),
            format_func=lambda name: name or "None",
        ),
    )
    state.keep(RolesView(held.fingerprint, roles.area, roles.period, roles.population))
    return roles


def area_control(state: PageState, panel: Panel) -> str:
    """Which area to show next to the mean of all."""
    areas = [NOBODY, *panel.areas]
    start = state.restore(UserFocus(), {"one": areas}).one
    one: str = st.sidebar.selectbox(
        f"Show one {render.escape_markdown(panel.area)}",
        areas,
        key=state.seed("one", start if start in areas else NOBODY, areas),
        format_func=lambda name: name or "None in particular",
    )
    state.keep(UserFocus(one))
    return one


def _let_go() -> None:
    user_panel.forget()
    st.query_params.clear()


def keep_link(state: PageState) -> None:
    """Leave a link alone that waits for its file; any other address becomes that of the empty page."""
    if "file" not in st.query_params:
        state.write()


def linked_file() -> None:
    """Where a link was made with a file that is not held: which one to drop."""
    wanted = st.query_params.get("file", "")
    held = user_panel.table()
    if wanted and (held is None or held.fingerprint != wanted):
        st.info(
            user_panel_text.WANTED_FILE.format(fingerprint=render.escape_markdown(wanted[:20])), icon=":material/link:"
        )
