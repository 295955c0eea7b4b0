"""The page on crime and deprivation: its choices in the sidebar, and its sections."""

from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial

import pandas as pd
import streamlit as st

from core.app import briefing_recorder, data, downloads, lazy, render
from core.app.crime_places.places import load_place, on_area
from core.app.fragments import section
from core.app.layers import CURVE, EVIDENCE, HOW_SURE, MODELS, TAKE_AWAY
from core.app.models import fitted_model, model_page
from core.app.models.controls import model_controls
from core.app.models.curve import CurveCase, draw_curve
from core.app.models.fitted_model import Model
from core.app.sections import summary as summary_section
from core.app.sections.crime_common import PlaceView, about, months, unavailable
from core.app.state import PageState
from core.crime.area import RELATIVE, CrimeArea, CrimeError, outliers
from core.crime.deprivation import figures as deprivation_figures
from core.crime.deprivation import models as deprivation_models
from core.crime.deprivation import text as deprivation_text
from core.crime.deprivation.analysis import associations, curve_choices, variants
from core.crime.deprivation.answer import answer_in, question_in
from core.crime.deprivation.curve import in_per_cent, lsoa_dimensions, lsoa_samples
from core.crime.deprivation.models import Checked
from core.crime.deprivation.question import DISTRICT, MSOA
from core.crime.deprivation.summary import picture
from core.crime.deprivation.summary import summary as crime_summary
from core.crime.deprivation.text import (
    ERRORS,
    LOGARITHM,
    R_SQUARED,
    ModelSummary,
    crime_answer,
    measure_of,
    short_label,
)
from core.crime.geography.spatial import Moran, residual_moran
from core.crime.places import STUDY_AREA
from core.crime.text import the
from core.home import summary
from core.home.summary import Brief
from core.presentation.models.effects import Effect
from core.questions.question import AS_PUBLISHED, RECOMMENDED, Question
from core.questions.robustness import Robustness
from core.stats.regression import CONLEY_KM, FitResult, ModelError, ModelSpec
from core.tables.catalogue import load_catalogue
from core.tables.options import WEIGHTS

TABS = (EVIDENCE, HOW_SURE, MODELS, CURVE, TAKE_AWAY)


@dataclass(frozen=True)
class DeprivationShown:
    """What the page shows: where, which question, the model, and the presets' fits next to it by their names."""

    view: PlaceView
    question: Question
    summary: ModelSummary
    model: Model

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
    return question_in(load_place(place).area, place)


def show_summary(at: PlaceView) -> None:
    """The first screen: the answer by rule for the place, or for the district chosen."""
    area, found = load_place(at.place).area, on_area(answer_in, at.place, at.place, at.district)
    where = at.district or the(area.name)
    shown = crime_summary(found, area, at.district, downloads.publishers())
    summary_section.show(shown, partial(_picture, found.robust, where))
    months(area)


def _picture(found: Robustness | None, where: str) -> None:
    if found is not None:
        render.picture(picture, found, where)


def error_kinds(question: Question) -> list[str]:
    """Kinds of standard error on offer: each cluster, and those without."""
    return [name for name in ERRORS if name in question.effects or name not in (DISTRICT, MSOA)]


def without_errors(spec: ModelSpec) -> ModelSpec:
    """`spec` with the same errors whatever its own, for what they do not change."""
    return replace(spec, covariance="HC1", cluster=MSOA, kernel="bartlett", distance=CONLEY_KM)


def errors_of(spec: ModelSpec) -> str:
    """The kind of standard error that `spec` has."""
    return spec.cluster if spec.covariance == "cluster" else spec.covariance


def model_shown(state: PageState, view: PlaceView) -> DeprivationShown | None:
    """Read the choices and fit the model; where a place has too few figures for any, say so: then there is none."""
    question = question_of(view.place)
    catalogue = data.catalogue_of(view.place)
    spec = model_controls(state, question, data.panel(view.place), catalogue)
    try:
        result = fitted_model.fit_or_last_good(state, question, spec)
        for preset in question.presets.values():
            data.fitted(view.place, preset)
    except ModelError as error:
        st.warning(f"There are too few figures for this page. {error}", icon=":material/rule:")
        return None

    def effect_of(found: FitResult, _: str) -> Effect:
        return summarised(view.place, found.spec).effect

    model = Model(question, catalogue, result, result.spec.predictors[0], effect_of)
    return DeprivationShown(view, question, summarised(view.place, result.spec), model)


def summarised(place: str, spec: ModelSpec) -> ModelSummary:
    """The fit of `spec` with what its sentences need."""
    return on_area(_summarised, place, place, spec)


def _summarised(area: CrimeArea, place: str, spec: ModelSpec) -> ModelSummary:
    usual = float(data.panel(place).frame[spec.outcome].mean())
    return ModelSummary(data.fitted(place, spec), checked(place, spec).share, usual, len(area.lsoas))


def checked(place: str, spec: ModelSpec) -> Checked:
    """What `spec` tells besides its fit, whatever its own errors."""
    return on_area(_checked, place, place, replace(spec, covariance="HC1", cluster=MSOA))


def _checked(_: CrimeArea, place: str, spec: ModelSpec) -> Checked:
    return deprivation_models.check(data.panel(place), spec, error_kinds(question_of(place)))


def compared_with_the_study(shown: DeprivationShown) -> None:
    """What the study reported, and the presets' estimates next to each other."""
    if shown.studied:
        findings, table = on_area(_findings, STUDY_AREA), on_area(associations, STUDY_AREA)
        st.markdown(briefing_recorder.text(deprivation_text.reported(findings["value"], table)))
    else:
        st.caption(briefing_recorder.text(deprivation_text.NO_PUBLISHED))
    place, result = shown.view.place, shown.model.result
    fits = fitted_model.fits_shown(shown.question, result)
    model_page.cards(fits, lambda found: deprivation_text.crime_card(summarised(place, found.spec)), result)
    st.caption(briefing_recorder.caveat(deprivation_text.AREAS_NOT_PEOPLE))


def _findings(_: CrimeArea) -> pd.DataFrame:
    """What the study reported, by id."""
    return load_catalogue().read_table("crime_findings").set_index("id")


def scatter(shown: DeprivationShown) -> None:
    """Every LSOA by deprivation and crime."""
    render.header("Crime against deprivation")
    outcome, score = shown.summary.outcome, shown.summary.score
    lines = data.panel(shown.view.place)
    table = on_area(deprivation_figures.district_table, shown.view.place, outcome, score)
    render.figure(
        deprivation_figures.scatter_figure, lines, table, outcome, score, shown.view.district, shown.area.period
    )


def districts(shown: DeprivationShown) -> None:
    """The association in each district, and how sure the first and the last place are."""
    render.header("District by district")
    table = on_area(deprivation_figures.district_table, shown.view.place, shown.summary.outcome, shown.summary.score)
    render.figure(deprivation_figures.districts_figure, table, shown.summary.outcome, shown.view.district)
    _say(deprivation_text.rank_certainty(table))


def _say(sentence: str) -> None:
    """A sentence, where there is one to say."""
    if sentence:
        st.markdown(briefing_recorder.text(sentence))


def reproduction(shown: DeprivationShown) -> None:
    """The numbers of the study next to those that come out here; nothing for other places."""
    if not shown.studied:
        return
    render.header("The study's numbers, recalculated")
    findings, table = on_area(_findings, STUDY_AREA), on_area(associations, STUDY_AREA)
    decimals = int(findings["decimals"].loc["r2-all"])
    rows = deprivation_figures.reproduction(findings["value"], table, decimals)
    render.table(rows, "reproduction", digits=6, title=deprivation_figures.reproduction_finding(rows, decimals))
    st.markdown(briefing_recorder.text(deprivation_text.ranks_reported(findings["text"], table)))


def what_moves(shown: DeprivationShown) -> None:
    """Models from the study's to the recommended one and beyond, and what the score accounts for in each count."""
    render.header("Why the answers differ")
    place = shown.view.place
    models = on_area(_steps, place, place)
    share = {f"{R_SQUARED} of the score": lambda found: checked(place, found.spec).share.r2}
    fits = {label: model.result for label, model in models.items()}
    model_page.models_figure(shown.model, fits, share, deprivation_text.STEPS_NOTE)
    _say(deprivation_models.effects_finding(models))
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
    for label, spec in deprivation_models.steps(question_of(place)).items():
        with suppress(ModelError):
            models[label] = summarised(place, spec)
    return models


def uncertainty(shown: DeprivationShown) -> None:
    """How sure the answer is: kinds of error, likeness of neighbours, the table of estimates."""

    def more() -> None:
        errors = checked(shown.view.place, shown.spec).errors
        render.figure(deprivation_models.errors_figure, errors, errors_of(shown.spec), shown.summary)
        _neighbours(shown)

    model_page.uncertainty(shown.model, more=more)


def _neighbours(shown: DeprivationShown) -> None:
    """Whether neighbours are alike in what a model misses: a preset's, and the reader's own when asked for."""
    place, presets = shown.view.place, shown.question.presets
    names = {without_errors(spec): deprivation_text.PRESET_MODELS[name] for name, spec in presets.items()}
    own = without_errors(shown.spec)
    recommended = without_errors(presets[RECOMMENDED])
    first = own if own in names else recommended
    _moran(place, first, names[first])
    if own in names:
        return
    lazy.expand("The same for your model", "neighbours", partial(_moran, place, own, "your model"), ":material/hub:")


def _moran(place: str, spec: ModelSpec, name: str) -> None:
    try:
        found = on_area(_likeness, place, place, spec)
    except CrimeError as error:
        st.caption(str(error))
        return
    st.markdown(briefing_recorder.caveat(deprivation_text.moran_text(found, spec.predictors[0], name)))
    st.markdown(briefing_recorder.caveat(deprivation_text.moran_errors(found, question_of(place).effects)))


def _likeness(_: CrimeArea, place: str, spec: ModelSpec) -> Moran:
    return residual_moran(data.panel(place), spec, load_place(place).near)


def curve(state: PageState, shown: DeprivationShown) -> None:
    """The specification curve, in per cent of the usual crime for ten points of the score."""
    score = shown.summary.score
    every = on_area(curve_choices, shown.view.place, score)
    words = shown.question.vocabulary
    weights: dict[str, str] = {name: words.fill(WEIGHTS[name].label) for name in shown.question.weights}
    case = CurveCase(
        question=_relative(shown.question),
        spec=shown.summary.result.spec,
        term=score,
        offered=lsoa_dimensions(
            every, shown.question.effects, {name: short_label(name) for name in every.outcomes}, weights
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


def read_with_care(shown: DeprivationShown) -> None:
    """What to beware of."""
    render.header("Read with care")
    st.markdown(
        briefing_recorder.text("\n".join(f"- {caveat}" for caveat in deprivation_text.caveats(shown.area.basis)))
    )


def sections(state: PageState, at: PlaceView) -> model_page.Sections:
    """What the tabs hold, under the answer of the model chosen; nothing where a place has too few figures for any."""
    shown = model_shown(state, at)
    if shown is None:
        return {name: [] for name in TABS}
    render.answer(crime_answer(shown.summary, shown.area.name))
    about(shown.area)
    model_page.cautions(shown.model)
    return {
        EVIDENCE: [partial(scatter, shown), partial(districts, shown), partial(read_with_care, shown)],
        HOW_SURE: [partial(uncertainty, shown)],
        MODELS: [partial(compared_with_the_study, shown), partial(what_moves, shown), partial(reproduction, shown)],
        CURVE: [partial(section, state, partial(curve, state, shown))],
        TAKE_AWAY: [partial(model_page.take_away, state, shown.model)],
    }


def brief() -> Brief:
    """What the front page says of crime and deprivation in the place of the study."""
    presets = question_of(STUDY_AREA).presets
    return summary.of_deprivation(*(summarised(STUDY_AREA, presets[name]) for name in (RECOMMENDED, AS_PUBLISHED)))
