"""The page on crime and deprivation: its choices in the sidebar, and its sections."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from core.app import briefing_recorder, data, render
from core.app.controls import _list_help, _preset_control
from core.app.model_downloads import download_section
from core.app.places import load_place, on_area
from core.app.sections.answer import fit_or_last_good, fits_shown
from core.app.sections.crime_common import PlaceView, unavailable
from core.app.sections.curve import CurveCase, draw_curve
from core.app.sections.london_common import finish
from core.app.state import PageState
from core.crime.area import RELATIVE, TYPICAL, CrimeArea, CrimeError, outliers
from core.crime.deprivation import figures as deprivation_figures
from core.crime.deprivation import text as deprivation_text
from core.crime.deprivation.analysis import SCORES, associations, curve_choices, variants
from core.crime.deprivation.figures import Checked
from core.crime.deprivation.question import DISTRICT, MSOA, crime_and_deprivation
from core.crime.deprivation.text import (
    EFFECTS,
    ERRORS,
    LABELS,
    LOGARITHM,
    LSOA_WEIGHTS,
    OUTCOMES,
    PER_RESIDENT,
    SCORE_LABELS,
    ModelSummary,
    covariance_of,
    measure_of,
    short_label,
)
from core.crime.places import STUDY_AREA
from core.crime.spatial import Moran, residual_moran
from core.presentation import model_figures
from core.questions.curve import in_per_cent, lsoa_dimensions, lsoa_samples
from core.questions.links import Allowed
from core.questions.question import RECOMMENDED, Question
from core.stats.regression import FitResult, ModelError, ModelSpec
from core.tables.catalogue import load_catalogue
from core.tables.options import Option

BASES: Mapping[str, Option] = {
    PER_RESIDENT: Option("Per 1,000 residents", "Compares areas of different size."),
    "records": Option("Count", "The number of records as it is; areas with many residents have more."),
}


@dataclass(frozen=True)
class Shown:
    """What the page shows: where, which question, the model, and the presets' fits beside it by their names."""

    view: PlaceView
    question: Question
    summary: ModelSummary
    fits: Mapping[str, FitResult]

    @property
    def spec(self) -> ModelSpec:
        """The model shown, which is not the one asked for where that cannot be fitted."""
        return self.summary.result.spec

    @property
    def area(self) -> CrimeArea:
        """The figures of the place."""
        return load_place(self.view.place).area

    @property
    def studied(self) -> bool:
        """Whether this is the place of the study."""
        return self.view.place == STUDY_AREA


def question_of(place: str) -> Question:
    """The question put to `place`."""
    area = load_place(place).area
    scores = tuple(score for score in SCORES if score not in area.missing)
    return crime_and_deprivation(place, OUTCOMES, scores, *_sizes(area))


def _sizes(area: CrimeArea) -> tuple[int, int]:
    """How many districts and MSOAs there are."""
    return area.lsoas["district"].nunique(), area.lsoas["MSOA"].nunique()


def groups(area: CrimeArea) -> list[str]:
    """What LSOAs can be compared within and errors clustered by: districts and MSOAs, where there are several."""
    districts, msoas = _sizes(area)
    return [name for name, count in ((DISTRICT, districts), (MSOA, msoas)) if count > 1]


def error_kinds(area: CrimeArea) -> list[str]:
    """Kinds of standard error on offer."""
    there = groups(area)
    return [name for name in ERRORS if name in there or name not in (DISTRICT, MSOA)]


def with_errors(spec: ModelSpec, kind: str) -> ModelSpec:
    """`spec` with another kind of standard error; what plays no part stays at its default."""
    covariance = covariance_of(kind)
    return replace(spec, covariance=covariance, cluster=kind if covariance == "cluster" else MSOA)


def without_errors(spec: ModelSpec) -> ModelSpec:
    """`spec` with the same errors whatever its own, for what they do not change."""
    return with_errors(spec, "HC1")


def errors_of(spec: ModelSpec) -> str:
    """The kind of standard error that `spec` has."""
    return spec.cluster if spec.covariance == "cluster" else spec.covariance


def allowed_values(question: Question, area: CrimeArea) -> Allowed:
    """What a link may ask for."""
    kinds = [with_errors(ModelSpec("", ()), kind) for kind in error_kinds(area)]
    return {
        "outcome": question.outcomes,
        "predictors": question.predictors,
        "effects": groups(area),
        "weights": list(LSOA_WEIGHTS),
        "covariance": list(dict.fromkeys(spec.covariance for spec in kinds)),
        "cluster": list(dict.fromkeys(spec.cluster for spec in kinds)),
    }


def model_controls(state: PageState, question: Question) -> ModelSpec:
    """All choices of the model, in the sidebar."""
    area = load_place(question.study).area
    allowed = allowed_values(question, area)
    start = state.restore(question.presets[RECOMMENDED], allowed)
    presets = st.sidebar.container()
    spec = replace(
        start,
        outcome=_outcome(state, start.outcome),
        **_compared(state, start, question, area),
        weights=_weights(state, start),
    )
    spec = with_errors(spec, _errors(state, start, area))
    with presets:
        _preset_control(state, question, spec, allowed)
    state.keep(spec)
    return spec


def _outcome(state: PageState, outcome: str) -> str:
    """The measure of crime, from three choices."""
    measure = measure_of(outcome)
    base = _option(state, "measure", "Recorded crime", BASES, measure.removeprefix(LOGARITHM), st.sidebar)
    logarithm = st.sidebar.toggle(
        "Logarithm",
        key=state.seed("log", measure.startswith(LOGARITHM)),
        help="Counts and rates have a long tail: without the logarithm, a few city-centre LSOAs decide the line.",
    )
    typical = st.sidebar.toggle(
        "Leave out outliers",
        key=state.seed("typical", outcome.endswith(TYPICAL)),
        help="LSOAs that stand apart by a stated rule are taken out of the model.",
    )
    return f"{LOGARITHM * logarithm}{base}{TYPICAL * typical}"


def _compared(state: PageState, spec: ModelSpec, question: Question, area: CrimeArea) -> dict[str, Any]:
    """The measure of deprivation, and whether LSOAs are compared inside districts or MSOAs only."""
    offered = {name: option for name, option in EFFECTS.items() if not name or name in groups(area)}
    finest = next((name for name in reversed(offered) if name in spec.effects), "")
    with st.sidebar.expander("What is compared", icon=":material/compare_arrows:"):
        effects = _option(state, "effects", "Effects", offered, finest)
        score = question.predictors[0]
        if len(question.predictors) > 1:
            score = st.selectbox(
                "Deprivation",
                question.predictors,
                key=state.seed("score", next(iter(spec.predictors), score), question.predictors),
                format_func=SCORE_LABELS.__getitem__,
                help=deprivation_text.CIRCULARITY,
            )
    return {"effects": (effects,) if effects else (), "predictors": (score,)}


def _weights(state: PageState, spec: ModelSpec) -> Any:
    with st.sidebar.expander("How LSOAs count", icon=":material/filter_alt:"):
        return _option(state, "weights", "Weight", LSOA_WEIGHTS, spec.weights)


def _errors(state: PageState, spec: ModelSpec, area: CrimeArea) -> str:
    offered = {name: ERRORS[name] for name in error_kinds(area)}
    with st.sidebar.expander("How errors are reckoned", icon=":material/swap_vert:"):
        return str(_option(state, "errors", "Standard errors", offered, errors_of(spec)))


def _option(state: PageState, name: str, label: str, offered: Mapping[Any, Option], value: str, cell: Any = st) -> Any:
    """A choice from `offered`; `value` unless a place does not have it, then the first."""
    options = list(offered)
    return cell.selectbox(
        label,
        options,
        key=state.seed(name, value if value in offered else options[0], options),
        format_func=lambda value: offered[value].label,
        help=_list_help({value: option.help for value, option in offered.items()}, lambda v: offered[v].label),
    )


def model_shown(state: PageState, view: PlaceView) -> Shown:
    """Read the choices and fit the model; where a place has too few figures for any, say so and end the page."""
    question = question_of(view.place)
    spec = model_controls(state, question)
    known = state.key("fitted_place")
    if st.session_state.get(known) != view.place:  # what could be fitted elsewhere may not be possible here
        st.session_state.pop(state.key("last_good"), None)
    st.session_state[known] = view.place
    try:
        result = fit_or_last_good(state, question, spec)
        fits = fits_shown(question, result)
    except ModelError as error:
        st.warning(f"There are too few figures for this page. {error}", icon=":material/rule:")
        finish(state)
        st.stop()
    return Shown(view, question, summarised(view.place, result.spec), fits)


def summarised(place: str, spec: ModelSpec) -> ModelSummary:
    """The fit of `spec` with what its sentences need."""
    return on_area(_summarised, place, place, spec)


def _summarised(area: CrimeArea, place: str, spec: ModelSpec) -> ModelSummary:
    usual = float(data.panel(place).frame[spec.outcome].mean())
    return ModelSummary(data.fitted(place, spec), checked(place, spec).share, usual, len(area.lsoas))


def checked(place: str, spec: ModelSpec) -> Checked:
    """What `spec` tells besides its fit, whatever its own errors."""
    return on_area(_checked, place, place, without_errors(spec))


def _checked(area: CrimeArea, place: str, spec: ModelSpec) -> Checked:
    return deprivation_figures.check(data.panel(place), spec, error_kinds(area))


def compared_with_the_study(shown: Shown) -> None:
    """What the study reported, and the presets' estimates beside each other."""
    if shown.studied:
        findings, table = on_area(_findings, STUDY_AREA), on_area(associations, STUDY_AREA)
        st.markdown(briefing_recorder.text(deprivation_text.reported(findings["value"], table)))
    else:
        st.caption(briefing_recorder.text(deprivation_text.NO_PUBLISHED))
    for cell, (label, result) in zip(st.columns(len(shown.fits)), shown.fits.items(), strict=True):
        with cell.container(border=True):
            highlighted = result.spec == shown.spec
            st.markdown(f"**{label}**{' :primary[(shown below)]' if highlighted else ''}")
            headline, what, *rest = deprivation_text.crime_card(summarised(shown.view.place, result.spec))
            st.markdown(f"### {headline}")
            st.markdown(what)
            for line in rest:
                st.caption(line)
    st.caption(briefing_recorder.caveat(deprivation_text.AREAS_NOT_PEOPLE))


def _findings(_: CrimeArea) -> pd.DataFrame:
    """What the study reported, by id."""
    return load_catalogue().read_table("crime_findings").set_index("id")


def scatter(shown: Shown) -> None:
    """Every LSOA by deprivation and crime."""
    outcome, score = shown.summary.outcome, shown.summary.score
    lines = data.panel(shown.view.place)
    table = on_area(deprivation_figures.district_table, shown.view.place, outcome, score)
    render.figure(
        deprivation_figures.scatter_figure, lines, table, outcome, score, shown.view.district, shown.area.period
    )


def districts(shown: Shown) -> None:
    """The association in each district, and how sure the first and the last place are."""
    table = on_area(deprivation_figures.district_table, shown.view.place, shown.summary.outcome, shown.summary.score)
    render.figure(deprivation_figures.districts_figure, table, shown.summary.outcome, shown.view.district)
    _say(deprivation_text.rank_certainty(table))


def _say(sentence: str) -> None:
    """A sentence, where there is one to say."""
    if sentence:
        st.markdown(briefing_recorder.text(sentence))


def reproduction(shown: Shown) -> None:
    """The numbers of the study beside those that come out here; nothing for other places."""
    if not shown.studied:
        return
    render.header("The study's numbers, worked out again")
    findings, table = on_area(_findings, STUDY_AREA), on_area(associations, STUDY_AREA)
    decimals = int(findings["decimals"].loc["r2-all"])
    rows = deprivation_figures.reproduction(findings["value"], table, decimals)
    render.table(rows, "reproduction", digits=6, title=deprivation_figures.reproduction_finding(rows, decimals))
    st.markdown(briefing_recorder.text(deprivation_text.ranks_reported(findings["text"], table)))


def what_moves(shown: Shown) -> None:
    """Models from the study's to the recommended one and beyond, and what the score accounts for in each count."""
    place = shown.view.place
    models = on_area(_steps, place, place)
    render.figure(deprivation_figures.steps_figure, models, shown.summary)
    _say(deprivation_figures.effects_finding(models))
    rows = on_area(variants, place)
    if rows["r2"].notna().any():
        render.figure(deprivation_figures.variants_figure, rows)
        st.markdown(briefing_recorder.text(deprivation_figures.variants_finding(rows)))
    rule = outliers(shown.area, measure_of(shown.summary.outcome)).rule
    st.caption(briefing_recorder.method(f"{rule} {deprivation_text.CIRCULARITY}"))
    unavailable(shown.area, "imd_score_without_crime")


def _steps(_: CrimeArea, place: str) -> dict[str, ModelSummary]:
    """The models from the study's on that a place has the figures for, each with its words."""
    models = {}
    for label, spec in deprivation_figures.steps(question_of(place)).items():
        with suppress(ModelError):
            models[label] = summarised(place, spec)
    return models


def certainty(shown: Shown) -> None:
    """How sure the answer is: kinds of error, likeness of neighbours, the table of estimates."""
    render.header("How sure are we?")
    st.markdown(briefing_recorder.caveat(deprivation_text.certainty(shown.summary)))
    errors = checked(shown.view.place, shown.spec).errors
    render.figure(deprivation_figures.errors_figure, errors, errors_of(shown.spec), shown.summary)
    _neighbours(shown)
    estimates = model_figures.estimates_table(shown.summary.result, data.catalogue())
    render.table(briefing_recorder.table(estimates, "estimates", 4, briefing_recorder.ESTIMATES), "estimates", digits=4)
    st.caption(briefing_recorder.method(deprivation_text.model_line(shown.summary)))
    for warning in shown.summary.result.warnings:
        st.caption(warning)


def _neighbours(shown: Shown) -> None:
    """Whether neighbours are alike in what a model misses: a preset's, and the reader's own when asked for."""
    place, presets = shown.view.place, shown.question.presets
    names = {without_errors(spec): deprivation_text.PRESET_MODELS[name] for name, spec in presets.items()}
    own = without_errors(shown.spec)
    recommended = without_errors(presets[RECOMMENDED])
    first = own if own in names else recommended
    _moran(place, first, names[first])
    if own in names:
        return
    more = st.expander("The same for your model", icon=":material/hub:", key="neighbours", on_change="rerun")
    if more.open:
        with more:
            _moran(place, own, "your model")


def _moran(place: str, spec: ModelSpec, name: str) -> None:
    try:
        found = on_area(_likeness, place, place, spec)
    except CrimeError as error:
        st.caption(str(error))
        return
    st.markdown(briefing_recorder.caveat(deprivation_text.moran_text(found, spec.predictors[0], name)))
    st.markdown(briefing_recorder.caveat(deprivation_text.moran_errors(found, groups(load_place(place).area))))


def _likeness(_: CrimeArea, place: str, spec: ModelSpec) -> Moran:
    return residual_moran(data.panel(place), spec, load_place(place).near)


def curve(state: PageState, shown: Shown) -> None:
    """The specification curve, in per cent of the usual crime for ten points of the score."""
    score = shown.summary.score
    every = on_area(curve_choices, shown.view.place, score)
    weights: dict[str, str] = {name: option.label for name, option in LSOA_WEIGHTS.items()}
    case = CurveCase(
        question=_relative(shown.question),
        predictors=(score,),
        term=score,
        offered=lsoa_dimensions(
            every, groups(shown.area), {name: short_label(name) for name in every.outcomes}, weights
        ),
        what=deprivation_text.ON_SCORE,
        samples=lsoa_samples(every),
        text=deprivation_text.CRIME_CURVE,
        in_units=partial(in_per_cent, steps=deprivation_figures.score_steps(shown.area, score)),
    )
    try:
        draw_curve(state, case)
    except ModelError as error:
        st.warning(str(error), icon=":material/rule:")


def _relative(question: Question) -> Question:
    """`question` with its presets on the outcomes of a curve: counts and rates as shares of their mean."""
    presets = {
        name: spec if spec.outcome.startswith(LOGARITHM) else replace(spec, outcome=f"{RELATIVE}{spec.outcome}")
        for name, spec in question.presets.items()
    }
    return replace(question, presets=presets)


def _unchanged(result: FitResult) -> FitResult:
    return result


def closing(state: PageState, shown: Shown) -> None:
    """What to beware of, and what to take away."""
    render.header("Read with care")
    st.markdown(briefing_recorder.text("\n".join(f"- {caveat}" for caveat in deprivation_text.CAVEATS)))
    render.header("Take it with you")
    panel = data.panel(shown.view.place)
    others = {name: partial(_unchanged, result) for name, result in shown.fits.items()}
    download_section(state, panel, shown.summary.result, shown.question.title, others, lambda name, _: LABELS[name])
    finish(state)
