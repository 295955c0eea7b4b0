"""The sidebar: every choice of a model as a widget, presets on top, words from the catalogue."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import streamlit as st

from core.app.state import PageState
from core.london.map.figures import FORCE_FORMS, KINDS, MapView, complete_view, is_score, quarters_with
from core.presentation.glossary import meaning
from core.questions.links import Allowed
from core.questions.question import PRESET_LABELS, RECOMMENDED, Question
from core.stats.regression import DRISCOLL_KRAAY_LAGS, ModelSpec
from core.tables.catalogue import Catalogue, TableNote
from core.tables.options import COVARIANCES, FORMS, LAGS, WEIGHTS, WINDOWS, Option
from core.tables.panel import Panel
from core.tables.quarters import quarter_label

V = TypeVar("V")

NO_BOROUGH = ""
ALL, INNER, OUTER, CHOSEN = "All boroughs", "Inner London", "Outer London", "Chosen boroughs"
EFFECT_HELP: Mapping[str, str] = {
    "borough": meaning("Borough effects"),
    "quarter": meaning("Quarter effects"),
}


@dataclass(frozen=True)
class Focus:
    """Whose figures a page puts in the accent colour (empty for none), and whether charts mark dated events."""

    borough: str = NO_BOROUGH
    events: bool = False


def allowed_values(question: Question, panel: Panel) -> Allowed:
    """What a link may ask for on the page of `question`."""
    quarters = ["", *force_quarters(panel, question)]
    # With one predictor there is nothing to choose, and no widget to choose it again.
    several = {"predictors": question.predictors} if len(question.predictors) > 1 else {}
    return {
        "outcome": question.outcomes,
        **several,
        "form": question.forms,
        "window": list(WINDOWS),
        "lag": LAGS,
        "controls": question.controls,
        "effects": (panel.area, panel.period),
        "start": quarters,
        "end": quarters,
        "areas": panel.areas,
        "non_overlapping": (False, True),
        "weights": list(WEIGHTS),
        "covariance": list(COVARIANCES),
        "kernel_lags": range(1, 13),
    }


def force_quarters(panel: Panel, question: Question) -> list[str]:
    """Quarters in which the question's predictors were recorded, in time order."""
    there = panel.frame[list(question.predictors)].notna().all(axis=1)
    return sorted(panel.frame.loc[there, panel.period].unique())


def borough_control(state: PageState, panel: Panel) -> Focus:
    """Pick the borough to show in the accent colour, and whether charts mark dated events."""
    options = [NO_BOROUGH, *panel.areas]
    focus = state.restore(Focus(), {"borough": options, "events": (False, True)})
    borough = st.sidebar.selectbox(
        "Show one borough",
        options,
        key=state.seed("borough", focus.borough),
        format_func=lambda name: name or "None in particular",
        help="Picks it out in the charts. It does not change the model.",
    )
    chosen = Focus(borough, events_control(state, focus.events))
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


def model_controls(state: PageState, question: Question, panel: Panel, catalogue: Catalogue) -> ModelSpec:
    """All choices of the model, in the sidebar.

    Returns
    -------
    ModelSpec
        What the widgets say. It may be a model that cannot be fitted; the fit then says why.
    """
    allowed = allowed_values(question, panel)
    start = state.restore(question.presets[RECOMMENDED], allowed)
    presets = st.sidebar.container()
    parts = _Parts(state, question, panel, catalogue, start)
    spec = replace(
        start,
        **parts.score(),
        **parts.force(),
        **parts.comparison(),
        **parts.sample(),
        **parts.errors(),
    )
    with presets:
        _preset_control(state, question, spec, allowed)
    state.keep(spec)
    return spec


def _preset_control(state: PageState, question: Question, spec: ModelSpec, allowed: Allowed) -> None:
    key = state.key("preset")
    st.session_state[key] = question.preset_of(spec)

    def apply() -> None:
        chosen = st.session_state[key]
        # A browser that has not had the last change yet still sends the preset that it shows: nobody clicked it.
        late = state.shown_late(question.presets[RECOMMENDED], allowed)
        if chosen and not (late and question.preset_of(late) == chosen):
            state.replace(question.presets[chosen])

    st.segmented_control(
        "Model",
        list(question.presets),
        key=key,
        format_func=lambda name: PRESET_LABELS[name],
        on_change=apply,
        help="*As published* repeats the study's model. *Recommended* is the one that we stand by. Change anything "
        "below and the model is your own; one click here brings either back.",
    )
    if question.preset_of(spec) is None:
        st.caption("Your own model. The link in the address bar reproduces it.")


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
        "borough": [NO_BOROUGH, *panel.areas],
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
    borough = second.selectbox(
        "Borough",
        [NO_BOROUGH, *panel.areas],
        key=state.seed("borough", view.borough),
        format_func=lambda name: name or "Click the map, or choose here",
    )
    quarter, since = _map_quarters(state, wanted, quarters_with(panel, variable), second)
    shown = complete_view(replace(wanted, quarter=quarter, since=since, borough=borough), panel)
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


def table_control(state: PageState, catalogue: Catalogue) -> TableNote:
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


class _Parts:
    """The groups of widgets; each returns the fields of the model that it sets."""

    def __init__(
        self, state: PageState, question: Question, panel: Panel, catalogue: Catalogue, spec: ModelSpec
    ) -> None:
        self.state, self.question, self.panel, self.catalogue, self.spec = state, question, panel, catalogue, spec

    def score(self) -> dict[str, Any]:
        outcome = st.sidebar.selectbox(
            "Score",
            self.question.outcomes,
            key=self.state.seed("outcome", self.spec.outcome),
            format_func=self.catalogue.label,
            help=_list_help({name: self.catalogue.help(name) for name in self.question.outcomes}, self.catalogue.label),
        )
        return {"outcome": outcome}

    def force(self) -> dict[str, Any]:
        with st.sidebar.expander("How force is counted", icon=":material/straighten:"):
            return {
                **self._predictors(),
                "form": self._option("form", "Form", {form: FORMS[form] for form in self.question.forms}),
                "window": self._option("window", "Period", WINDOWS),
                "lag": st.selectbox(
                    "Lag",
                    LAGS,
                    key=self.state.seed("lag", self.spec.lag),
                    format_func=_lag_text,
                    help="Whether trust goes with force now, or with force some quarters before.",
                ),
            }

    def _predictors(self) -> dict[str, Any]:
        offered = self.question.predictors
        if len(offered) == 1:
            return {}
        chosen = st.multiselect(
            "In the model together",
            offered,
            key=self.state.seed("predictors", list(self.spec.predictors)),
            format_func=self.catalogue.label,
            help=_list_help({name: self.catalogue.help(name) for name in offered}, self.catalogue.label),
        )
        return {"predictors": tuple(name for name in offered if name in chosen)}

    def comparison(self) -> dict[str, Any]:
        with st.sidebar.expander("What is compared", icon=":material/compare_arrows:"):
            effects = tuple(
                name
                for name in (self.panel.area, self.panel.period)
                if st.toggle(
                    f"{name.capitalize()} effects",
                    key=self.state.seed(f"effect_{name}", name in self.spec.effects),
                    help=EFFECT_HELP.get(name),
                )
            )
            controls = st.multiselect(
                "Held constant",
                self.question.controls,
                key=self.state.seed("controls", list(self.spec.controls)),
                format_func=self.catalogue.label,
                placeholder="Nothing else",
                help=_list_help(
                    {name: self.catalogue.help(name) for name in self.question.controls}, self.catalogue.label
                ),
            )
        return {"effects": effects, "controls": tuple(name for name in self.question.controls if name in controls)}

    def sample(self) -> dict[str, Any]:
        with st.sidebar.expander("Which figures are used", icon=":material/filter_alt:"):
            quarters = force_quarters(self.panel, self.question)
            first = self._quarter("start", "First quarter", quarters, quarters[0])
            last = self._quarter("end", "Last quarter", quarters, quarters[-1])
            areas = self._areas()
            non_overlapping = st.toggle(
                "Non-overlapping quarters only",
                key=self.state.seed("non_overlapping", self.spec.non_overlapping),
                help="Every fourth quarter. A survey figure is 12 months of interviews, so neighbours share three "
                "quarters of them; these share none.",
            )
            weights = self._option("weights", "Weight", WEIGHTS)
        return {
            "start": first,
            "end": last,
            "areas": areas,
            "non_overlapping": non_overlapping,
            "weights": weights,
        }

    def errors(self) -> dict[str, Any]:
        with st.sidebar.expander("How errors are reckoned", icon=":material/swap_vert:"):
            covariance = self._option("covariance", "Standard errors", COVARIANCES)
            # Lags that play no part stay at their default, so that models that are the same have the same link.
            lags = DRISCOLL_KRAAY_LAGS
            if covariance == "driscoll_kraay":
                lags = st.slider("Lags of the kernel", 1, 12, key=self.state.seed("kernel_lags", self.spec.kernel_lags))
        return {"covariance": covariance, "kernel_lags": lags}

    def _areas(self) -> tuple[str, ...] | None:
        groups = area_groups(self.panel)
        current = next((name for name, members in groups.items() if members == self.spec.areas), CHOSEN)
        group = st.selectbox("Boroughs", [*groups, CHOSEN], key=self.state.seed("area_group", current))
        if group != CHOSEN:
            return groups[group]
        chosen = st.multiselect(
            "Which boroughs",
            self.panel.areas,
            key=self.state.seed("areas", list(self.panel.areas if self.spec.areas is None else self.spec.areas)),
        )
        return tuple(sorted(chosen))

    def _quarter(self, field: str, label: str, quarters: list[str], whole: str) -> str:
        """An end of the period: kept as written where it says the same, empty where it is the whole range."""
        written: str = getattr(self.spec, field)
        chosen = st.selectbox(label, quarters, key=self.state.seed(field, written or whole), format_func=quarter_label)
        if (written or whole) == chosen:
            return written
        return "" if chosen == whole else chosen

    def _option(self, field: str, label: str, options: Mapping[Any, Option]) -> Any:
        return st.selectbox(
            label,
            list(options),
            key=self.state.seed(field, getattr(self.spec, field)),
            format_func=lambda value: options[value].label,
            help=_list_help({value: option.help for value, option in options.items()}, lambda v: options[v].label),
        )


def area_groups(panel: Panel) -> dict[str, tuple[str, ...] | None]:
    """Named groups of boroughs; ``None`` stands for all."""
    groups: dict[str, tuple[str, ...] | None] = {ALL: None}
    for name in (INNER, OUTER):
        groups[name] = tuple(sorted(panel.frame.loc[panel.frame["inner_outer"] == name, panel.area].unique()))
    return groups


def _lag_text(lag: int) -> str:
    return "Same quarter" if lag == 0 else f"{lag} quarter{'s' if lag > 1 else ''} earlier"


def _list_help(texts: Mapping[Any, str], label: Callable[[Any], str]) -> str:
    return "\n".join(f"- **{label(name)}**: {text}" for name, text in texts.items())


def show_notices(notices: Collection[str]) -> None:
    """Say what a link asked for that could not be given."""
    if notices:
        st.info("\n\n".join([*notices, "The rest of the link is shown as asked."]), icon=":material/link_off:")
