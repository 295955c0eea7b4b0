"""The sidebar: every choice of a model as a widget, presets on top, words from the catalogue."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.app.state import PageState
from core.london.borough.analysis import BoroughView
from core.london.map.figures import FORCE_FORMS, KINDS, MapView, complete_view, is_score, quarters_with
from core.tables.catalogue import Catalogue
from core.tables.options import FORMS
from core.tables.panel import Panel
from core.tables.quarters import quarter_label
from core.tables.schema import Table

V = TypeVar("V")
LONGEST_SEARCH = 100  # characters

NO_BOROUGH = ""
LAST_BOROUGH = "last_borough"
IN_CHARTS = "The page then speaks of this borough and picks it out in the charts. It does not change the model."


@dataclass(frozen=True)
class Search:
    """What is searched for on a page."""

    find: str = ""


def remember_borough(name: str) -> None:
    """Note the borough chosen last in this visit, for the page about one borough."""
    st.session_state[LAST_BOROUGH] = name


def last_borough(areas: Collection[str]) -> str:
    """The borough chosen last in this visit; none where it is not among `areas`."""
    name: str = st.session_state.get(LAST_BOROUGH, NO_BOROUGH)
    return name if name in areas else NO_BOROUGH


def place_control(state: PageState, panel: Panel, nowhere: str = "All of London") -> str:
    """Pick the borough that the page is about, at first that chosen last on any page.

    Parameters
    ----------
    nowhere
        What it says where none is chosen.

    Returns
    -------
    str
        Its name; empty for none.
    """
    state.keep(BoroughView(last_borough(panel.areas)), in_link=False)
    view = state.restore(BoroughView(), {"borough": [NO_BOROUGH, *panel.areas]})
    borough = _borough_box(state, panel, view.borough, nowhere, "Type a name, or choose one.")
    state.keep(BoroughView(borough))
    return borough


def search_box(state: PageState, label: str, placeholder: str, place: DeltaGenerator) -> str:
    """A box to search in, whose words are part of the link."""
    asked = state.link.get("find", "")
    short = [asked] if len(asked) <= LONGEST_SEARCH else []
    # The view of a link that this page wrote last, as after going back, is the one it remembers.
    start = state.restore(Search(), {"find": short}) if asked or "find" in st.query_params else Search()
    key = state.seed("find", start.find)
    words = place.text_input(label, key=key, placeholder=placeholder).strip()[:LONGEST_SEARCH]
    state.keep(Search(words), in_link=bool(words))
    return words


def _borough_box(state: PageState, panel: Panel, now: str, nowhere: str, help_: str) -> str:
    borough = st.selectbox(
        "Borough",
        [NO_BOROUGH, *panel.areas],
        key=state.seed("borough", now),
        format_func=lambda name: name or nowhere,
        help=help_,
    )
    remember_borough(borough)
    return borough


@dataclass(frozen=True)
class Focus:
    """Whose figures a page puts in the accent colour (empty for none), and whether charts mark dated events."""

    borough: str = NO_BOROUGH
    events: bool = False


def borough_control(state: PageState, panel: Panel, *, events: bool = True) -> Focus:
    """Pick the borough that the page speaks of, at first that chosen last on any page.

    Parameters
    ----------
    events
        Whether charts over time are shown, which may mark dated events.
    """
    known: Focus = st.session_state.get(state.key(Focus.__name__), Focus())
    state.keep(Focus(last_borough(panel.areas), known.events), in_link=False)
    focus = state.restore(Focus(), {"borough": [NO_BOROUGH, *panel.areas], "events": (False, True)})
    borough = _borough_box(state, panel, focus.borough, "All of London", IN_CHARTS)
    chosen = Focus(borough, events_control(state, focus.events) if events else focus.events)
    state.keep(chosen)
    return chosen


def events_control(state: PageState, marked: bool) -> bool:
    """Whether charts over time mark dated events, in the sidebar."""
    return st.sidebar.toggle(
        "Mark dated events",
        key=state.seed("events", marked),
        help="Marks scandals, reviews and the pandemic in charts over time, for orientation.",
    )


def one_of(place: Any, state: PageState, name: str, label: str, labels: Mapping[V, str], now: V) -> V:
    """Pick one of a few, side by side in `place` and on more lines where they do not fit; `now` to begin with.

    Parameters
    ----------
    name
        Of the choice, in the page's state.
    labels
        What each of the options is called.
    """
    options = list(labels)
    chosen: V | None = place.segmented_control(
        label, options, required=True, wrap=True, key=state.seed(name, now), format_func=labels.__getitem__
    )
    return now if chosen is None else chosen


def map_controls(state: PageState, panel: Panel, catalogue: Catalogue) -> MapView:
    """The choices of the borough map, in a row above it."""
    variables = map_variables(catalogue, panel)
    every = sorted({quarter for name in variables for quarter in quarters_with(panel, name)})
    allowed = {
        "variable": variables,
        "form": FORCE_FORMS,
        "kind": list(KINDS),
        "quarter": ["", *every],
        "since": ["", *every],
        "events": (False, True),
    }
    view = state.restore(MapView(), allowed)
    first, second = st.columns(2)
    variable = first.selectbox(
        "Figure", variables, key=state.seed("variable", view.variable), format_func=catalogue.label
    )
    form = view.form
    if not is_score(variable, catalogue):
        form = one_of(first, state, "form", "Form", {name: FORMS[name].label for name in FORCE_FORMS}, form)
    kind = one_of(first, state, "kind", "Show", KINDS, view.kind)
    wanted = complete_view(replace(view, variable=variable, form=form, kind=kind), panel)
    quarter, since = _map_quarters(state, wanted, quarters_with(panel, variable), second)
    shown = complete_view(replace(wanted, quarter=quarter, since=since), panel)
    state.keep(shown)
    return shown


def _map_quarters(state: PageState, view: MapView, quarters: list[str], cell: Any) -> tuple[str, str]:
    """Quarter, and the earlier one that it is compared with."""
    if view.kind == "level":
        quarter = cell.select_slider(
            "Quarter", quarters, key=state.seed("quarter", view.quarter, quarters), format_func=quarter_label
        )
        return quarter, view.since
    since_cell, quarter_cell = cell.columns(2)
    later = quarters[1:]
    last = view.quarter if view.quarter in later else later[0]
    # A key of its own: Streamlit forgets the value where one key changes from one kind of widget to another.
    quarter = quarter_cell.selectbox("To", later, key=state.seed("until", last, later), format_func=quarter_label)
    earlier = quarters[: quarters.index(quarter)]
    since = view.since if view.since in earlier else earlier[0]
    chosen = since_cell.selectbox("From", earlier, key=state.seed("since", since, earlier), format_func=quarter_label)
    return quarter, chosen


@dataclass(frozen=True)
class TableView:
    """Which table the data page shows."""

    table: str


def table_control(state: PageState, catalogue: Catalogue) -> Table:
    """Pick a table of the package."""
    names = list(catalogue.tables)
    view = state.restore(TableView(names[0]), {"table": names})
    name = st.selectbox(
        "Table", names, key=state.seed("table", view.table), format_func=lambda name: catalogue.table(name).title
    )
    state.keep(TableView(name))
    return catalogue.table(name)


def map_variables(catalogue: Catalogue, panel: Panel) -> list[str]:
    """Scores and force counts that the panel has."""
    named = [variable.name for role in ("outcome", "force") for variable in catalogue.with_role(role)]
    return [name for name in named if name in panel.frame.columns]


def show_notices(state: PageState) -> None:
    """Say what a link asked for that could not be given, and whether it asked for something else too."""
    notices = state.in_vain
    if notices:
        rest = ["The rest of the link is shown as asked."] if state.has_used_link else []
        st.info("\n\n".join([*notices, *rest]), icon=":material/link_off:")
