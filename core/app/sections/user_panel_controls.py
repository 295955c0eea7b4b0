"""The choices of the page on a visitor's own panel: the file, which columns are what, the model."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from core.app import render, user_panel
from core.app.state import PageState
from core.questions.links import from_query, to_query
from core.questions.question import RECOMMENDED, Question
from core.stats.regression import ModelSpec
from core.tables.options import COVARIANCES, FORMS, WEIGHTS
from core.tables.panel import Panel
from core.user_panel import text as user_panel_text
from core.user_panel.question import ERRORS, LAGS, allowed_values, lag_text
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
    """The predictor that charts look at, and the area shown beside the mean of all."""

    term: str = ""
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


def model_controls(state: PageState, question: Question, panel: Panel) -> ModelSpec:
    """All choices of the model, in the sidebar."""
    recommended, allowed = question.presets[RECOMMENDED], allowed_values(question, panel)
    # Other columns may have become the keys since: what they do not offer is left out.
    start, _ = from_query(to_query(state.restore(recommended, allowed)), recommended, allowed)
    spec = replace(start, **_variables(state, question, start))
    spec = replace(spec, **_comparison(state, question, panel, spec))
    spec = replace(spec, **_sample(state, panel, spec))
    spec = replace(spec, **_errors(state, question, panel, spec))
    state.keep(spec)
    return spec


def focus_controls(state: PageState, spec: ModelSpec, panel: Panel) -> UserFocus:
    """Which predictor and which area to look at."""
    terms, areas = list(spec.predictors) or [""], [NOBODY, *panel.areas]
    start = state.restore(UserFocus(terms[0]), {"term": terms, "one": areas})
    term = start.term if start.term in terms else terms[0]
    one = start.one if start.one in areas else NOBODY
    if len(terms) > 1:
        term = st.sidebar.selectbox("Look closer at", terms, key=state.seed("term", term, terms))
    one = st.sidebar.selectbox(
        f"Show one {render.escape_markdown(panel.area)}",
        areas,
        key=state.seed("one", one, areas),
        format_func=lambda name: name or "None in particular",
    )
    focus = UserFocus(term, one)
    state.keep(focus)
    return focus


def _variables(state: PageState, question: Question, start: ModelSpec) -> dict[str, Any]:
    outcome = st.sidebar.selectbox(
        "Outcome", question.outcomes, key=state.seed("outcome", start.outcome, question.outcomes)
    )
    predictors = st.sidebar.multiselect(
        "Predictors", question.predictors, key=_seed_several(state, "predictors", start.predictors, question.predictors)
    )
    form = st.sidebar.selectbox(
        "Form of the predictors",
        question.forms,
        key=state.seed("form", start.form, question.forms),
        format_func=lambda name: FORMS[name].label,
    )
    lag = st.sidebar.selectbox("Lag", LAGS, key=state.seed("lag", start.lag), format_func=lag_text)
    return {"outcome": outcome, "predictors": tuple(predictors), "form": form, "lag": lag}


def _comparison(state: PageState, question: Question, panel: Panel, spec: ModelSpec) -> dict[str, Any]:
    with st.sidebar.expander("What is compared", icon=":material/compare_arrows:"):
        effects = tuple(
            key
            for key in (panel.area, panel.period)
            if st.toggle(f"{render.escape_markdown(key)} effects", key=state.seed(f"effect_{key}", key in spec.effects))
        )
        controls = st.multiselect(
            "Held constant",
            question.controls,
            key=_seed_several(state, "controls", spec.controls, question.controls),
            placeholder="Nothing else",
        )
    return {"effects": effects, "controls": tuple(controls)}


def _seed_several(state: PageState, name: str, chosen: Sequence[str], options: Sequence[str]) -> str:
    """Key of a widget for several of `options`, which may have become fewer since it was used."""
    key = state.seed(name, list(chosen))
    st.session_state[key] = [value for value in st.session_state[key] if value in options]
    return key


def _sample(state: PageState, panel: Panel, spec: ModelSpec) -> dict[str, Any]:
    with st.sidebar.expander("Which rows are used", icon=":material/filter_alt:"):
        periods = panel.periods
        first = st.selectbox("First period", periods, key=state.seed("start", spec.start or periods[0], periods))
        last = st.selectbox("Last period", periods, key=state.seed("end", spec.end or periods[-1], periods))
    return {"start": "" if first == periods[0] else first, "end": "" if last == periods[-1] else last}


def _errors(state: PageState, question: Question, panel: Panel, spec: ModelSpec) -> dict[str, Any]:
    with st.sidebar.expander("How errors are reckoned", icon=":material/swap_vert:"):
        covariance = st.selectbox(
            "Standard errors",
            ERRORS,
            key=state.seed("covariance", spec.covariance),
            format_func=lambda name: (
                COVARIANCES[name].label.replace("borough", panel.area).replace("quarter", panel.period)
            ),
        )
        weights = spec.weights
        if "per_1000" in question.forms:
            weights = st.selectbox(
                "Weight",
                list(WEIGHTS),
                key=state.seed("weights", spec.weights),
                format_func=lambda name: WEIGHTS[name].label.replace("borough", panel.area),
            )
    return {"covariance": covariance, "weights": weights}


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
