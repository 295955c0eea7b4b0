"""The sidebar of a model page: every choice that a question offers, as a widget; presets on top."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from core.app import data, lazy
from core.app.models.choices import allowed_values, periods_with_data
from core.app.models.help import (
    CHANGES_HELP,
    EFFECT_HELP,
    GONE_HELP,
    MODERATOR_HELP,
    SQUARES_HELP,
    TRENDS_HELP,
    list_help,
    of_groups,
)
from core.app.models.presets import preset_control
from core.app.render import escape_markdown
from core.app.state import PageState
from core.questions.links import from_query, to_query
from core.questions.question import Question
from core.sources.london.boroughs import INNER, OUTER
from core.stats.regression import CONLEY_KM, DRISCOLL_KRAAY_LAGS, ModelSpec
from core.tables.catalogue import Catalogue
from core.tables.options import COVARIANCES, DISTANCES, FORMS, KERNELS, RESPONSES, WEIGHTS, WINDOWS, Option
from core.tables.panel import Panel
from core.tables.quarters import period_label

SUBDIVISION = "inner_outer"
CLUSTERED = ("cluster", "jackknife", "two_way")


@dataclass(frozen=True)
class PredictorFocus:
    """Which of several predictors a page looks at more closely."""

    term: str


def model_controls(state: PageState, question: Question, panel: Panel, catalogue: Catalogue) -> ModelSpec:
    """All choices of the model, in the sidebar.

    Returns
    -------
    ModelSpec
        What the widgets say. It may be a model that cannot be fitted; the fit then says why.
    """
    allowed = data.on_panel(allowed_values, question.study, question)
    # What is offered may have changed since the visitor chose: other columns are keys now, another place is shown.
    start, _ = from_query(to_query(state.restore(question.recommended, allowed)), question.recommended, allowed)
    presets = st.sidebar.container()
    widgets = _Widgets(state, question, panel, catalogue, start)
    spec = replace(
        start,
        **widgets.outcome(),
        **widgets.predictors(),
        **widgets.comparison(),
        **widgets.sample(),
        **widgets.errors(),
    )
    with presets:
        preset_control(state, question, spec, allowed)
    state.keep(spec)
    return spec


def predictor_control(state: PageState, question: Question, spec: ModelSpec, catalogue: Catalogue) -> str:
    """Pick one of the model's predictors, in the sidebar; the only one where there is one."""
    offered = spec.predictors or question.predictors
    if len(question.predictors) == 1:
        return question.predictors[0]
    view = state.restore(PredictorFocus(offered[0]), {"term": question.predictors})
    term: str = view.term if view.term in offered else offered[0]
    if len(offered) > 1:
        term = st.sidebar.selectbox(
            "Show in detail",
            offered,
            key=state.seed("term", term, offered),
            format_func=catalogue.label,
            help="The predictor that charts of a single coefficient show. It does not change the model.",
        )
    state.keep(PredictorFocus(term))
    return term


class _Widgets:
    """The groups of widgets; each returns the fields of the model that it sets, and draws nothing to choose one of."""

    def __init__(
        self, state: PageState, question: Question, panel: Panel, catalogue: Catalogue, spec: ModelSpec
    ) -> None:
        self.state, self.question, self.panel, self.catalogue, self.spec = state, question, panel, catalogue, spec
        self.vocabulary = words = question.vocabulary
        area, period = escape_markdown(words.area), escape_markdown(words.period)  # a visitor's own names, in labels
        self.escaped = replace(words, area=area, period=period)

    def outcome(self) -> dict[str, Any]:
        label = self.vocabulary.outcome[:1].upper() + self.vocabulary.outcome[1:]
        responses = {name: RESPONSES[name] for name in self.question.responses}
        return {
            "outcome": self._variable(st.sidebar, "outcome", label, self.question.outcomes, self.spec.outcome),
            "response": self._option("response", f"{label} taken", responses, st.sidebar),
        }

    def predictors(self) -> dict[str, Any]:
        offered = self.question.predictors
        fields = (self.question.forms, self.question.windows, self.question.lags, offered)
        if all(len(options) < 2 for options in fields):
            return self._predictors(offered)
        counted = self.vocabulary.counted
        part = self._part("predictors", f"How {counted} is counted" if counted else "Predictors", "straighten")
        if not lazy.is_open(part):
            return {"predictors": self._in_model(offered, self.spec.predictors)}
        with part:
            return {
                **self._predictors(offered),
                "form": self._option("form", "Form", {form: FORMS[form] for form in self.question.forms}),
                "window": self._option("window", "Period", {name: WINDOWS[name] for name in self.question.windows}),
                "lag": self._lag(),
                "squares": self._squares(),
            }

    def _predictors(self, offered: tuple[str, ...]) -> dict[str, Any]:
        if len(offered) == 1:
            return {"predictors": offered}
        now = self._in_model(offered, self.spec.predictors)
        if not self.question.several:
            return {"predictors": (self._variable(st, "score", "Predictor", offered, now[0]),)}
        chosen = self._variables("predictors", "In the model together", offered, now)
        return {"predictors": self._in_model(offered, chosen)}

    def _in_model(self, offered: tuple[str, ...], chosen: Collection[str]) -> tuple[str, ...]:
        """Those of `offered` that are `chosen`; of a question that takes one, that or the first."""
        found = tuple(name for name in offered if name in chosen)
        return found if self.question.several else (*found, *offered)[:1]

    def _lag(self) -> int:
        if len(self.question.lags) < 2:
            return self.spec.lag
        lag: int = st.selectbox(
            "Lag",
            self.question.lags,
            key=self.state.seed("lag", self.spec.lag),
            format_func=self.vocabulary.lag,
            help=self.escaped.fill(
                "Whether the {outcome} is compared with predictors of the same {period}, or of some {periods} before."
            ),
        )
        return lag

    def comparison(self) -> dict[str, Any]:
        if not (self.question.effects or self.question.controls):
            return {}
        part = self._part("comparison", "What is compared", "compare_arrows", expanded=True)
        differences, trends, moderator = self.spec.differences, self.spec.trends, self.spec.moderator
        effects: Collection[str] = self.spec.effects
        controls: Collection[str] = self.spec.controls
        if lazy.is_open(part):
            with part:
                differences = self._differences()
                effects = [name for name in self.question.effects if self._effect(name, differences)]
                trends = self._trends()
                moderator = self._moderator()
                if self.question.controls:
                    controls = self._variables(
                        "controls", "Control variables", self.question.controls, self.spec.controls
                    )
        return {
            "effects": tuple(name for name in self.question.effects if name in effects),
            "trends": trends,
            "differences": differences,
            "moderator": moderator,
            "controls": tuple(name for name in self.question.controls if name in controls),
        }

    def _differences(self) -> bool:
        if not self.question.changes:
            return self.spec.differences
        return st.toggle(
            self.escaped.fill("Changes from {period} to {period}"),
            key=self.state.seed("differences", self.spec.differences),
            help=self.escaped.fill(CHANGES_HELP),
        )

    def _squares(self) -> bool:
        if not self.question.squares:
            return self.spec.squares
        return st.toggle(
            "Square of the predictors" if len(self.question.predictors) > 1 else "Square of the predictor",
            key=self.state.seed("squares", self.spec.squares),
            help=self.escaped.fill(SQUARES_HELP),
        )

    def _moderator(self) -> str:
        offered = self.question.moderators
        if not offered:
            return self.spec.moderator
        chosen: str = st.selectbox(
            "Association by group",
            ["", *offered],
            key=self.state.seed("moderator", self.spec.moderator, ["", *offered]),
            format_func=lambda name: self.catalogue.label(name) if name else "The same everywhere",
            help=self.escaped.fill(MODERATOR_HELP),
        )
        return chosen

    def _trends(self) -> bool:
        if not self.question.trends:
            return self.spec.trends
        return st.toggle(
            self.escaped.fill("Each {area} its own trend"),
            key=self.state.seed("trends", self.spec.trends),
            help=self.escaped.fill(TRENDS_HELP),
        )

    def _effect(self, name: str, differences: bool) -> bool:
        gone = differences and name != self.vocabulary.period
        return st.toggle(
            f"{escape_markdown(name[:1].upper() + name[1:])} effects",
            key=self.state.seed(f"effect_{name}", name in self.spec.effects),
            help=GONE_HELP if gone else EFFECT_HELP.get(name),
            disabled=gone,
        )

    def sample(self) -> dict[str, Any]:
        if not self.question.choose_sample:
            return {"weights": self._weights(st.sidebar)}
        part = self._part("sample", "Sample", "filter_alt")
        if not lazy.is_open(part):
            return {"areas": None if self.spec.areas is None else self._known(self.spec.areas)}
        with part:
            periods = data.on_panel(periods_with_data, self.question.study, self.question)
            first = self._period("start", f"First {self.escaped.period}", periods, periods[0])
            last = self._period("end", f"Last {self.escaped.period}", periods, periods[-1])
            areas = self._areas()
            apart = self.spec.non_overlapping
            if self.vocabulary.overlap:
                apart = st.toggle(
                    self.vocabulary.fill("Non-overlapping {periods} only"),
                    key=self.state.seed("non_overlapping", apart),
                    help=f"Every fourth {self.vocabulary.period}: {self.vocabulary.overlap}; these share none.",
                )
            weights = self._weights(st)
        return {"start": first, "end": last, "areas": areas, "non_overlapping": apart, "weights": weights}

    def _weights(self, cell: Any) -> Any:
        return self._option("weights", "Weight", {name: WEIGHTS[name] for name in self.question.weights}, cell)

    def errors(self) -> dict[str, Any]:
        part = self._part("errors", "Standard errors", "swap_vert")
        is_open = lazy.is_open(part)
        with part:
            covariance = (
                self._option("covariance", "Kind", self._kinds_of_errors()) if is_open else self.spec.covariance
            )
            # What plays no part stays at its default, so that models that are the same have the same link.
            lags, cluster = DRISCOLL_KRAAY_LAGS, self.question.recommended.cluster
            if covariance == "driscoll_kraay":
                lags = self._kernel_lags() if is_open else self.spec.kernel_lags
            offered = self.question.clusters
            if covariance in CLUSTERED and len(offered) > 1:
                cluster = self.spec.cluster if self.spec.cluster in offered else offered[0]
                if is_open:
                    cluster = st.selectbox("Clusters", offered, key=self.state.seed("cluster", cluster, offered))
            related: dict[str, Any] = {"kernel": "bartlett", "distance": CONLEY_KM}
            if covariance == "conley":
                related = self._related() if is_open else {name: getattr(self.spec, name) for name in related}
        return {"covariance": covariance, "cluster": cluster, "kernel_lags": lags, **related}

    def _related(self) -> dict[str, Any]:
        """How far errors are related, and how."""
        distance = st.select_slider(
            "Related up to (km)", DISTANCES, key=self.state.seed("distance", self.spec.distance, DISTANCES)
        )
        return {"distance": distance, "kernel": self._option("kernel", "How closely", KERNELS)}

    def _kernel_lags(self) -> int:
        return st.slider("Lags of the kernel", 1, 12, key=self.state.seed("kernel_lags", self.spec.kernel_lags))

    def _part(self, name: str, label: str, icon: str, *, expanded: bool = False) -> Any:
        """A group of widgets in the sidebar that is there only while it is open."""
        key = self.state.key(f"open.{name}")
        return lazy.expander(label, key, f":material/{icon}:", place=st.sidebar, expanded=expanded)

    def _kinds_of_errors(self) -> dict[Any, Option]:
        """The kinds on offer; of areas in groups they are clustered by a group, which is chosen next to them."""
        kinds = {name: COVARIANCES[name] for name in self.question.covariances}
        if not any(self.question.clusters):
            return kinds
        return {name: Option(of_groups(kind.label), of_groups(kind.help)) for name, kind in kinds.items()}

    def _areas(self) -> tuple[str, ...] | None:
        groups, every = area_groups(self.panel), self.vocabulary.areas
        chosen_label = f"Chosen {every}"
        current = next((name for name, members in groups.items() if members == self.spec.areas), chosen_label)
        labels = {ALL: f"All {every}"}
        group = st.selectbox(
            every[:1].upper() + every[1:],
            [*groups, chosen_label],
            key=self.state.seed("area_group", current),
            format_func=lambda name: labels.get(name, name),
        )
        if group in groups:
            return groups[group]
        known = self._known(self.panel.areas if self.spec.areas is None else self.spec.areas)
        return self._known(st.multiselect(f"Which {every}", self.panel.areas, key=self._seed_several("areas", known)))

    def _known(self, areas: Sequence[str]) -> tuple[str, ...]:
        """Those of `areas` that the panel has, in order."""
        return tuple(sorted(name for name in areas if name in self.panel.areas))

    def _period(self, field: str, label: str, periods: list[str], complete: str) -> str:
        """An end of the sample: kept as written where it says the same, empty where it is the whole range."""
        written: str = getattr(self.spec, field)
        now = written if written in periods else complete
        chosen = st.selectbox(label, periods, key=self.state.seed(field, now, periods), format_func=period_label)
        if now == chosen:
            return written
        return "" if chosen == complete else chosen

    def _variable(self, cell: Any, name: str, label: str, offered: Sequence[str], now: str) -> str:
        chosen: str = cell.selectbox(
            label,
            offered,
            key=self.state.seed(name, now, offered),
            format_func=self.catalogue.label,
            help=self._variable_help(offered),
        )
        return chosen

    def _variables(self, name: str, label: str, offered: Sequence[str], now: Sequence[str]) -> list[str]:
        chosen: list[str] = st.multiselect(
            label,
            offered,
            key=self._seed_several(name, [value for value in now if value in offered], offered),
            format_func=self.catalogue.label,
            placeholder="None",
            help=self._variable_help(offered),
        )
        return chosen

    def _seed_several(self, name: str, now: Sequence[str], offered: Sequence[str] | None = None) -> str:
        """Key of a widget for several of `offered`, which may have become fewer since it was used."""
        key = self.state.seed(name, list(now))
        if offered is not None:
            st.session_state[key] = [value for value in st.session_state[key] if value in offered]
        return key

    def _variable_help(self, offered: Sequence[str]) -> str | None:
        known = {name: self.catalogue.help(name) for name in offered}
        return list_help(known, self.catalogue.label) if any(known.values()) else None

    def _option(self, field: str, label: str, options: Mapping[Any, Option], cell: Any = st) -> Any:
        now = getattr(self.spec, field)
        if len(options) < 2:
            return next(iter(options), now)
        labels = {value: self.vocabulary.fill(option.label) for value, option in options.items()}
        return cell.selectbox(
            label,
            list(options),
            key=self.state.seed(field, now if now in options else next(iter(options)), list(options)),
            format_func=labels.__getitem__,
            help=list_help(
                {value: self.escaped.fill(option.help) for value, option in options.items()},
                lambda value: self.escaped.fill(options[value].label),
            ),
        )


ALL = "all"


def area_groups(panel: Panel) -> dict[str, tuple[str, ...] | None]:
    """Named groups of areas; ``None`` stands for all."""
    groups: dict[str, tuple[str, ...] | None] = {ALL: None}
    if SUBDIVISION in panel.frame:
        for name in (INNER, OUTER):
            groups[name] = tuple(sorted(panel.frame.loc[panel.frame[SUBDIVISION] == name, panel.area].unique()))
    return groups
