"""The sidebar of a model page: every choice that a question offers, as a widget; presets on top."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from core.app.model_help import (
    CHANGES_HELP,
    EFFECT_HELP,
    GONE_HELP,
    MODERATOR_HELP,
    PRESET_HELP,
    SQUARES_HELP,
    TRENDS_HELP,
    list_help,
    of_groups,
)
from core.app.render import escape_markdown
from core.app.state import PageState
from core.questions.links import Allowed, from_query, to_query
from core.questions.question import PRESET_LABELS, Question
from core.sources.london.boroughs import INNER, OUTER
from core.stats.regression import DRISCOLL_KRAAY_LAGS, ModelSpec
from core.tables.catalogue import Catalogue
from core.tables.options import COVARIANCES, FORMS, RESPONSES, WEIGHTS, WINDOWS, Option
from core.tables.panel import Panel
from core.tables.quarters import period_label

SUBDIVISION = "inner_outer"
CLUSTERED = ("cluster", "jackknife", "two_way")


@dataclass(frozen=True)
class PredictorFocus:
    """Which of several predictors a page looks at more closely."""

    term: str


def allowed_values(question: Question, panel: Panel) -> Allowed:
    """What a link may ask for on the page of `question`."""
    allowed: dict[str, Sequence[Any]] = {
        "outcome": question.outcomes,
        "response": question.responses,
        "form": question.forms,
        "window": question.windows,
        "lag": question.lags,
        "squares": (False, True) if question.squares else (False,),
        "moderator": ("", *question.moderators),
        "controls": question.controls,
        "effects": question.effects,
        "trends": (False, True) if question.trends else (False,),
        "differences": (False, True) if question.changes else (False,),
        "weights": question.weights,
        "covariance": question.covariances,
        "cluster": question.clusters,
        "kernel_lags": range(1, 13),
    }
    if len(question.predictors) > 1 or not question.several:  # of several, one alone has no widget to choose it again
        allowed["predictors"] = question.predictors
    if question.choose_sample:
        periods = ["", *periods_with_data(panel, question)]
        allowed |= {"start": periods, "end": periods, "areas": panel.areas, "non_overlapping": (False, True)}
    return allowed


def periods_with_data(panel: Panel, question: Question) -> list[str]:
    """Periods in which the question's predictors are known, in time order."""
    known = panel.frame[list(question.predictors)].notna()
    there = known.any(axis=1) if question.free_choice else known.all(axis=1)
    return sorted(panel.frame.loc[there, panel.period].unique())


def model_controls(state: PageState, question: Question, panel: Panel, catalogue: Catalogue) -> ModelSpec:
    """All choices of the model, in the sidebar.

    Returns
    -------
    ModelSpec
        What the widgets say. It may be a model that cannot be fitted; the fit then says why.
    """
    allowed = allowed_values(question, panel)
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
        _preset_control(state, question, spec, allowed)
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
            "Look closer at",
            offered,
            key=state.seed("term", term, offered),
            format_func=catalogue.label,
            help="The predictor that charts of a single coefficient show. It does not change the model.",
        )
    state.keep(PredictorFocus(term))
    return term


def _preset_control(state: PageState, question: Question, spec: ModelSpec, allowed: Allowed) -> None:
    if question.published is None:
        if spec != question.recommended:
            st.button("Back to the model at the start", on_click=state.replace, args=(question.recommended,))
        return
    key = state.key("preset")
    st.session_state[key] = question.preset_of(spec)

    def apply() -> None:
        chosen = st.session_state[key]
        # A browser that has not had the last change yet still sends the preset that it shows: nobody clicked it.
        late = state.shown_late(question.recommended, allowed)
        if chosen and not (late and question.preset_of(late) == chosen):
            state.replace(question.presets[chosen])

    st.segmented_control(
        "Model",
        list(question.presets),
        key=key,
        format_func=PRESET_LABELS.__getitem__,
        on_change=apply,
        help=f"{' '.join(PRESET_HELP[name] for name in question.presets)} Change anything below and the model is your "
        "own; one click here brings it back.",
    )
    if question.preset_of(spec) is None:
        st.caption("Your own model. The link in the address bar reproduces it.")


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
        with st.sidebar.expander(
            f"How {counted} is counted" if counted else "Predictors", icon=":material/straighten:"
        ):
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
        if not self.question.several:
            first = next(iter(self.spec.predictors), offered[0])
            return {"predictors": (self._variable(st, "score", "Predictor", offered, first),)}
        chosen = self._variables("predictors", "In the model together", offered, self.spec.predictors)
        return {"predictors": tuple(name for name in offered if name in chosen)}

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
        with st.sidebar.expander("What is compared", expanded=True, icon=":material/compare_arrows:"):
            differences = self._differences()
            effects = tuple(name for name in self.question.effects if self._effect(name, differences))
            trends = self._trends()
            moderator = self._moderator()
            controls: list[str] = []
            if self.question.controls:
                controls = self._variables("controls", "Control variables", self.question.controls, self.spec.controls)
        chosen = tuple(name for name in self.question.controls if name in controls)
        compared = {"effects": effects, "trends": trends, "differences": differences}
        return {**compared, "moderator": moderator, "controls": chosen}

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
        with st.sidebar.expander("Sample", icon=":material/filter_alt:"):
            periods = periods_with_data(self.panel, self.question)
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
        with st.sidebar.expander("Standard errors", icon=":material/swap_vert:"):
            covariance = self._option("covariance", "Kind", self._kinds_of_errors())
            # What plays no part stays at its default, so that models that are the same have the same link.
            lags, cluster = DRISCOLL_KRAAY_LAGS, self.question.recommended.cluster
            if covariance == "driscoll_kraay":
                lags = st.slider("Lags of the kernel", 1, 12, key=self.state.seed("kernel_lags", self.spec.kernel_lags))
            if covariance in CLUSTERED and len(self.question.clusters) > 1:
                offered = self.question.clusters
                now = self.spec.cluster if self.spec.cluster in offered else offered[0]
                cluster = st.selectbox("Clusters", offered, key=self.state.seed("cluster", now, offered))
        return {"covariance": covariance, "cluster": cluster, "kernel_lags": lags}

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
        written = self.panel.areas if self.spec.areas is None else self.spec.areas
        known = [name for name in written if name in self.panel.areas]
        chosen = st.multiselect(f"Which {every}", self.panel.areas, key=self._seed_several("areas", known))
        return tuple(sorted(chosen))

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
