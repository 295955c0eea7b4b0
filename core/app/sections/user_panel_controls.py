"""The choices of the page on a visitor's own panel: the file, how it is read, which columns are what, what is asked."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import Any

import streamlit as st

from core.app import lazy, render, user_panel
from core.app.controls import show_notices
from core.app.state import PageState
from core.presentation.numbers import plural
from core.questions.question import Question
from core.stats.regression import ModelSpec
from core.tables.panel import Panel
from core.user_panel import example
from core.user_panel import text as user_panel_text
from core.user_panel.panel import Roles, guessed_roles, period_note, rows_without_keys
from core.user_panel.read import ENDINGS, MOST_BYTES, Reading, UserPanelError, UserTable, read_again, read_table_file
from core.user_panel.totals import differ_by_case, total_periods, totals

NOBODY = ""
MOST_NOTES = 12
DECIMALS = {"": "As the cells show", ".": "With a point (1,234.5)", ",": "With a comma (1.234,5)"}
_REFUSED = "upload_refused"


@dataclass(frozen=True)
class RolesView:
    """The file that a view is of, and which of its columns are what; all empty until there is one."""

    file: str = ""
    area: str = ""
    period: str = ""
    population: str = ""
    without_totals: bool = False
    one_case: bool = False
    without_empty: bool = False


@dataclass(frozen=True)
class UserFocus:
    """The area shown next to the mean of all."""

    one: str = NOBODY


def file_control(state: PageState) -> UserTable | None:
    """Drop a file or open the example, or remove the one that is held; what cannot be read is said."""
    held = user_panel.table()
    if held is not None:
        _held_file(state, held)
        return held
    given = st.file_uploader(
        "A file with one row for each area and period",
        type=list(ENDINGS),
        key=state.key("upload"),
        max_upload_size=MOST_BYTES // 1_000_000,
        help=user_panel_text.TAKEN,
    )
    decimal = st.session_state.get(state.key("decimal_at_first"), "")
    if given is not None:
        _read_first(given.name, given.getvalue(), decimal)
        st.selectbox(
            "Decimals are written", list(DECIMALS), format_func=DECIMALS.__getitem__, key=state.key("decimal_at_first")
        )
    _starts(state)
    return None


def _read_first(name: str, content: bytes, decimal: str) -> None:
    try:
        table = read_table_file(name, content, Reading(decimal=decimal))
    except UserPanelError as error:
        st.warning(render.escape_markdown(str(error)), icon=":material/rule:")
        return
    user_panel.hold(table)
    st.rerun()


def _starts(state: PageState) -> None:
    """The example in one click, and templates to fill in."""
    with st.container(horizontal=True):
        st.button("Open the example", on_click=_open_example, icon=":material/play_arrow:", key=state.key("example"))
        for ending, make in example.TEMPLATES.items():
            st.download_button(
                f"Template ({ending.upper()})",
                make,
                f"template.{ending}",
                on_click="ignore",
                icon=":material/download:",
                key=state.key(f"template_{ending}"),
            )


def _open_example() -> None:
    user_panel.hold(read_table_file(example.NAME, example.example_csv()))


def _held_file(state: PageState, held: UserTable) -> None:
    left, right = st.columns([4, 1], vertical_alignment="center")
    left.markdown(
        f"**{render.escape_markdown(held.name)}**: {plural(len(held.frame), 'row')}, "
        f"{plural(len(held.frame.columns), 'column')}."
    )
    right.button("Remove file", on_click=_remove, icon=":material/close:", key=state.key("forget"))
    if held.notes:
        shown = [f"- {render.escape_markdown(' '.join(note.split()))}" for note in held.notes[:MOST_NOTES]]
        more = len(held.notes) - MOST_NOTES
        st.caption("\n".join([user_panel_text.DONE, *shown, *([f"- and {more:,} more"] if more > 0 else [])]))


def reading_control(state: PageState, held: UserTable) -> None:
    """How the file is read: its sheet, its decimals, its shape."""
    lazy.expand("How the file is read", state.key("open.reading"), partial(_readings, state, held), ":material/tune:")
    problem = st.session_state.pop(state.key(_REFUSED), "")
    if problem:
        st.warning(render.escape_markdown(problem), icon=":material/rule:")


def _readings(state: PageState, held: UserTable) -> None:
    if len(held.sheets) > 1:
        _reading(state, "sheet", "Sheet", {name: name for name in held.sheets}, held.sheet)
    _reading(state, "decimal", "Decimals are written", DECIMALS, held.reading.decimal)
    _reading(state, "fill_down", "Empty names of areas", user_panel_text.FILL_DOWN, held.reading.fill_down)
    _reading(state, "as_it_stands", "Shape of the table", user_panel_text.SHAPES, held.reading.as_it_stands)


def _reading(state: PageState, name: str, label: str, offered: Mapping[Any, str], now: object) -> None:
    key = state.key(f"reading_{name}")
    st.session_state[key] = now
    st.selectbox(
        label,
        list(offered),
        key=key,
        format_func=lambda value: render.escape_markdown(offered[value]),
        on_change=_read_again,
        args=(state, name),
    )


def _read_again(state: PageState, name: str) -> None:
    held = user_panel.table()
    if held is not None:
        _read_with(state, held, **{name: st.session_state[state.key(f"reading_{name}")]})


def _read_with(state: PageState, held: UserTable, **changes: object) -> None:
    try:
        table = read_again(held, **changes)
    except UserPanelError as error:
        st.session_state[state.key(_REFUSED)] = str(error)
        return
    user_panel.hold(table)


def shape_control(state: PageState, held: UserTable) -> bool:
    """How a table was turned, next to how it stands in the file; nothing is made of it before the visitor agrees."""
    turned = held.turned
    if turned is None:
        return True
    for name, values in turned.kinds.items():
        _kept_control(state, held, name, values)
    if is_asked(state) or user_panel.is_agreed():
        return True
    render.header(user_panel_text.TURNED)
    st.markdown("\n".join(f"- {render.escape_markdown(' '.join(note.split()))}" for note in turned.notes))
    for label, rows in ((user_panel_text.IN_THE_FILE, turned.before), (user_panel_text.READ_HERE, held.cells)):
        st.caption(label)
        st.dataframe(rows.head(len(turned.before)), hide_index=True, key=f"turned.{label}")
    with st.container(horizontal=True):
        st.button("Go on", type="primary", on_click=user_panel.agree, key=state.key("agree"))
        st.button("Leave the table as it stands", on_click=_leave_as_it_stands, key=state.key("as_it_stands"))
    return False


def _kept_control(state: PageState, held: UserTable, name: str, values: Sequence[str]) -> None:
    """Which values of a column that says what a row is of are needed; none chosen are all."""
    key = state.key(f"kept_{name}")
    st.session_state[key] = list(dict(held.reading.kept).get(name, ()))
    st.multiselect(
        render.escape_markdown(user_panel_text.WHICH_OF.format(name=name)),
        values,
        placeholder=f"All {len(values):,}",
        key=key,
        on_change=_keep,
        args=(state, name),
    )


def _keep(state: PageState, name: str) -> None:
    held = user_panel.table()
    if held is None:
        return
    kept = {**dict(held.reading.kept), name: tuple(st.session_state[state.key(f"kept_{name}")])}
    _read_with(state, held, kept=tuple((column, chosen) for column, chosen in kept.items() if chosen))


def _leave_as_it_stands() -> None:
    held = user_panel.table()
    if held is not None:
        user_panel.hold(read_again(held, as_it_stands=True))


def role_controls(state: PageState, held: UserTable) -> Roles:
    """Which columns are area, period and residents, and which areas count."""
    guess = guessed_roles(held)
    names = [str(name) for name in held.frame.columns]
    residents = ["", *held.numbers]
    flags = [False, True]
    start = state.restore(
        RolesView(held.fingerprint, guess.area, guess.period, guess.population),
        {
            **{"file": [held.fingerprint], "area": names, "period": names, "population": residents},
            **{"without_totals": flags, "one_case": flags, "without_empty": flags},
        },
    )
    first, second, third = st.columns(3)
    roles = Roles(
        first.selectbox("Area", names, key=state.seed("area", start.area, names)),
        second.selectbox("Period", names, key=state.seed("period", start.period, names)),
        third.selectbox(
            "Population column (optional)",
            residents,
            key=state.seed("population", start.population, residents),
            format_func=lambda name: name or "None",
        ),
    )
    areas, periods = totals(held, roles.area, roles.period), total_periods(held.cells[roles.period], roles.period)
    roles = replace(
        roles,
        without_totals=_offered(state, "without_totals", user_panel_text.totals_text(areas, periods), start),
        one_case=_offered(
            state, "one_case", user_panel_text.case_text(differ_by_case(held, roles.area, roles.period)), start
        ),
        without_empty=_offered(
            state, "without_empty", user_panel_text.without_keys_text(rows_without_keys(held, roles)), start
        ),
    )
    note = period_note(held, roles)
    if note:
        st.caption(render.escape_markdown(note))
    state.keep(RolesView(held.fingerprint, **asdict(roles)))
    return roles


def _offered(state: PageState, name: str, label: str, start: RolesView) -> bool:
    """A choice about areas, where there is something to choose."""
    if not label:
        return False
    return bool(st.toggle(render.escape_markdown(label), key=state.seed(name, getattr(start, name))))


def is_asked(state: PageState) -> bool:
    """Whether the visitor, or the link that was opened, has said what to explain by what."""
    return state.key(ModelSpec.__name__) in st.session_state or "outcome" in st.query_params


def question_control(state: PageState, question: Question) -> None:
    """What to explain by what; nothing is estimated before that is said. A suggestion is one click."""
    render.header("What do you want to explain?")
    first, second = st.columns(2)
    outcome = first.selectbox(
        "Explain", question.outcomes, index=None, placeholder="Choose a column", key=state.key("explain")
    )
    others = [name for name in question.predictors if name != outcome]
    predictors = second.multiselect("by", others, placeholder="Choose columns", key=state.key("by"))
    suggested = question.recommended
    with st.container(horizontal=True):
        st.button(
            "Show the answer",
            type="primary",
            disabled=not (outcome and predictors),
            on_click=_ask(state, suggested, str(outcome), tuple(predictors)),
            key=state.key("ask"),
        )
        st.button(
            render.escape_markdown(user_panel_text.suggestion(suggested.outcome, suggested.predictors[0])),
            on_click=_ask(state, suggested, suggested.outcome, suggested.predictors),
            icon=":material/lightbulb:",
            key=state.key("suggest"),
        )


def _ask(state: PageState, spec: ModelSpec, outcome: str, predictors: tuple[str, ...]) -> Callable[[], None]:
    return partial(state.replace, replace(spec, outcome=outcome, predictors=predictors) if predictors else spec)


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


def _remove() -> None:
    user_panel.forget()
    st.query_params.clear()


def keep_link(state: PageState) -> None:
    """Leave a link alone that waits for its file; any other address becomes that of the empty page."""
    show_notices(state)
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
