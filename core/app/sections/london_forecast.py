"""The page of forecasts: its summary, its choices, its tabs, and the study's forest run again on a button."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import pandas as pd
import streamlit as st

from core.app import briefing_recorder, cache, data, jobs, render, uploads
from core.app.controls import one_of
from core.app.downloads import publishers
from core.app.layers import BOROUGHS, HOW_SURE, MODELS, OVER_TIME, TAKE_AWAY
from core.app.models.model_page import Sections
from core.app.sections import summary
from core.app.state import PageState
from core.home.summary import Brief, of_forecast
from core.london.borough import figures as borough_figures
from core.london.borough.analysis import next_figure, standing
from core.london.borough.elsewhere import forecast_in_borough
from core.london.forecast import figures as forecast_figures
from core.london.forecast import forest_figures, record
from core.london.forecast import text as forecast_text
from core.london.forecast.map import forecast_map_data
from core.london.forecast.summary import OF_THE_FIGURE, forecast_summary
from core.london.forecast.view import (
    HORIZONS,
    KINDS,
    ForecastKind,
    Forecasts,
    ForecastView,
    borough_outlook,
    coming_quarters,
    forecast_scores,
    kept_record,
    last_quarter,
    picked_borough,
    score_of,
    stored_forecasts,
    target,
    with_data_of,
)
from core.london.forecasting import BASELINE, FOREST, METHODS
from core.london.forecasting.forest import ForestScores, forest_scores
from core.registry.studies import SURVEY
from core.tables.catalogue import Catalogue
from core.tables.panel import Panel
from core.tables.progress import Progress
from core.tables.quarters import quarter_label
from core.uploads import text as uploads_text

TOPICS: Mapping[str, str] = {"map": "Map", OVER_TIME: "Over time", BOROUGHS: "Boroughs", "scores": "Scores"}
TABS = (*TOPICS, HOW_SURE, MODELS, TAKE_AWAY)


@cache.cached(2)
def _stored(tables: Catalogue) -> Forecasts:
    return stored_forecasts(tables)


def forecasts() -> Forecasts:
    """What the forecasters found, as stored; shared, so never to be changed in place."""
    return _stored(data.published()[0])


@cache.cached(300)
def _outlook(view: ForecastView) -> pd.DataFrame:
    return borough_outlook(view, of(view), tables_and_panel()[1].frame)


def outlook(view: ForecastView) -> pd.DataFrame:
    """What is forecast for each borough; shared, so never to be changed in place."""
    return _outlook(view, version=tables_and_panel()[0].version, this_visit=uploads.has_survey())


def tables_and_panel() -> tuple[Catalogue, Panel]:
    """The survey that is forecast: the visitor's own, or the published one."""
    return (data.catalogue(), data.panel(SURVEY)) if uploads.has_survey() else data.published(SURVEY)


@cache.cached(8)
def _fresh(method: str, tables: Catalogue) -> Forecasts:
    with st.spinner(uploads_text.FORECASTING):
        return with_data_of(tables, forecasts(), method)


def of(view: ForecastView) -> Forecasts:
    """The forecasts of the method of `view`: as stored, or worked out from the visitor's data once in their visit."""
    return _fresh(view.method, data.catalogue(), this_visit=True) if uploads.has_survey() else forecasts()


def whose() -> None:
    """Say what is forecast from the visitor's figures and what is not, where they uploaded some."""
    if uploads.has_survey():
        st.info(uploads_text.FORECASTS_OF_UPLOAD, icon=":material/info:")
    elif uploads.has_london():
        st.info(uploads_text.FORECASTS_PUBLISHED, icon=":material/info:")


def controls(state: PageState, panel: Panel, catalogue: Catalogue) -> ForecastView:
    """The choices of the page, in rows above the tabs."""
    # The forest takes too long to be fitted while a visitor waits.
    methods = [name for name in METHODS if name != FOREST or not uploads.has_survey()]
    scores = panel.once(_offered)
    allowed = {
        "measure": scores,
        "method": methods,
        "ahead": HORIZONS,
        "show": KINDS,
    }
    view = state.restore(ForecastView(), allowed)
    first, second = st.columns(2)
    measure = first.selectbox("Score", scores, key=state.seed("measure", view.measure), format_func=catalogue.label)
    method = second.selectbox(
        "Method",
        methods,
        key=state.seed("method", view.method),
        format_func=lambda name: METHODS[name].label,
        help="\n".join(f"- {forecast_text.method_text(name)}" for name in methods),
    )
    last, coming = last_quarter(panel.frame, measure), coming_quarters(measure, panel.frame)
    quarters = {step: quarter_label(coming[step]) for step in HORIZONS}
    ahead = one_of(first, state, "ahead", "Forecast for", quarters, view.ahead)
    kinds: dict[ForecastKind, str] = {
        "survey": f"{quarter_label(last)}: survey",
        "forecast": f"{quarters[ahead]}: forecast",
        "change": "Change between them",
    }
    shown = one_of(st, state, "show", "Map", kinds, view.show)
    chosen = ForecastView(measure, method, ahead, shown)
    state.keep(chosen)
    return chosen


def _offered(panel: Panel) -> list[str]:
    return forecast_scores(panel.frame)


@dataclass(frozen=True)
class ForecastShown:
    """What the tabs are of: the choices, the forecasts, the borough, and the two quarters.

    Parameters
    ----------
    rows
        What is forecast for each borough.
    borough
        The one chosen, or else that with the largest change.
    last, coming
        The quarter of the last survey and the one forecast.
    """

    view: ForecastView
    found: Forecasts
    rows: pd.DataFrame
    borough: str
    last: str
    coming: str
    panel: Panel
    catalogue: Catalogue


def _shown(view: ForecastView, borough: str) -> ForecastShown:
    catalogue, panel = tables_and_panel()
    found, rows = of(view), outlook(view.unmapped)
    last, coming = last_quarter(panel.frame, view.measure), target(view, found)
    return ForecastShown(view, found, rows, picked_borough(borough, rows), last, coming, panel, catalogue)


def show_summary(state: PageState, borough: str) -> None:
    """The first screen: trust in the next published figure, in the borough chosen if there is one."""
    shown = _shown(ForecastView(), borough)
    found = forecast_summary(shown.rows, score_of(shown.view, shown.found), shown.last, shown.coming, publishers())
    briefing_recorder.method(forecast_text.method_text(shown.view.method))
    if not borough:
        summary.show(found, lambda: _map(state, shown, borough, small=True))
        return
    now = standing(shown.panel, borough)
    coming = next_figure(shown.found, borough, now.quarter)
    summary.show(forecast_in_borough(found, now, coming), lambda: _picture(shown))


def _picture(shown: ForecastShown) -> None:
    """Trust in the borough over time, and its forecast."""
    render.picture(
        borough_figures.trust_figure,
        shown.panel,
        data.london_totals(),
        shown.found,
        shown.borough,
        shown.catalogue,
    )


def _map(state: PageState, shown: ForecastShown, borough: str, *, small: bool = False) -> None:
    figures = forecast_map_data(shown.view, shown.rows, shown.last, shown.coming, shown.catalogue)
    render.borough_map(state, figures, borough, small=small)


def sections(state: PageState, borough: str) -> Sections:
    """What the tabs hold, under the answer and the choices."""
    catalogue, panel = tables_and_panel()
    answer = st.container()
    shown = _shown(controls(state, panel, catalogue), borough)
    with answer:
        headline(shown)
    return {
        "map": [partial(the_map, state, shown, borough)],
        OVER_TIME: [partial(over_time, shown)],
        BOROUGHS: [partial(every_borough, shown)],
        "scores": [partial(every_measure, shown)],
        HOW_SURE: [partial(kept_section, catalogue), partial(back_test, shown)],
        MODELS: [partial(forest_section, shown.found, catalogue)],
        TAKE_AWAY: [partial(files, shown)],
    }


def headline(shown: ForecastShown) -> None:
    """The answer on the choices made, and what it means."""
    view, found, catalogue = shown.view, shown.found, shown.catalogue
    score = score_of(view, found)
    render.answer(forecast_text.headline(view, score, catalogue))
    briefing_recorder.method(forecast_text.method_text(view.method))
    st.markdown(briefing_recorder.text(forecast_text.meaning(score, score_of(view, found, BASELINE), shown.last)))
    quarters = quarter_label(shown.last), quarter_label(shown.coming)
    coming = forecast_text.coming(shown.rows, catalogue.label(view.measure), *quarters)
    st.markdown(briefing_recorder.text(coming))
    st.markdown(briefing_recorder.text(two_ways(shown.panel, catalogue)))


def the_map(state: PageState, shown: ForecastShown, borough: str) -> None:
    """The map, and what its colours are of."""
    _map(state, shown, borough)
    st.caption(briefing_recorder.caveat(forecast_text.map_note(shown.view.show, shown.last)))


def over_time(shown: ForecastShown) -> None:
    """One borough's history and forecast."""
    render.header(f"{shown.borough} over time")
    view, catalogue = shown.view.unmapped, shown.catalogue
    render.figure(forecast_figures.fan_figure, shown.panel, shown.found, view, shown.borough, catalogue)
    st.markdown(briefing_recorder.method(forecast_text.WHY_ROLLING))
    st.caption(briefing_recorder.caveat(OF_THE_FIGURE))


def every_borough(shown: ForecastShown) -> None:
    """Every borough's forecast and rank."""
    render.header("All boroughs, and their ranks")
    render.figure(
        forecast_figures.boroughs_figure,
        shown.rows,
        shown.view.unmapped,
        shown.borough,
        shown.last,
        shown.coming,
        shown.catalogue,
    )


def every_measure(shown: ForecastShown) -> None:
    """Every measure's forecast as a table."""
    render.header(f"Every score, {quarter_label(shown.coming)}")
    last = quarter_label(last_quarter(shown.panel.frame))
    st.caption(briefing_recorder.text(forecast_text.EVERY_SCORE.format(last=last)))
    rows = forecast_figures.every_measure_table(shown.found, shown.view, shown.panel.frame, shown.catalogue)
    render.table(rows, "forecast_scores", digits=1)


def back_test(shown: ForecastShown) -> None:
    """How good the forecasts have been, method by method and over time."""
    render.header("How good are the forecasts?")
    st.markdown(briefing_recorder.method(forecast_text.BACK_TEST))
    st.markdown(briefing_recorder.text(intervals_over_time()))
    view, found, catalogue = shown.view.unmapped, shown.found, shown.catalogue
    render.figure(forecast_figures.skill_figure, found, view, catalogue)
    render.figure(forecast_figures.errors_figure, found, view.measure, view.ahead, catalogue)


def files(shown: ForecastShown) -> None:
    """Every borough's forecast, and the scores: by borough, by quarter, and all of them."""
    render.header("Download and share")
    view, found, catalogue = shown.view, shown.found, shown.catalogue
    st.markdown("**Every forecast** of this method, with its ranges:")
    render.download(partial(forecast_figures.every_forecast, found, view.method, catalogue), "forecasts")
    st.markdown("**How good the forecasts were**, by borough, by quarter, and for every method and score:")
    for part in ("borough", "quarter"):
        by_part = partial(forecast_figures.scores_by, found, view, part)
        render.download(by_part, f"scores_by_{part}", f"By {part}")
    render.download(partial(forecast_figures.every_score, found, catalogue), "scores", "All")


def two_ways(panel: Panel, catalogue: Catalogue) -> str:
    """How trust and the police's local work moved since the figures on force end, in words."""
    averages, since = panel.once(_averages)
    return record.two_ways(averages, "trust_mps", "good_job_local", since, catalogue)


def _averages(panel: Panel) -> tuple[pd.DataFrame, str]:
    """The two scores by quarter, averages of the boroughs, and the last quarter with figures on force."""
    averages = panel.frame.groupby(panel.period)[["trust_mps", "good_job_local"]].mean()
    return averages, str(panel.frame.loc[panel.frame[panel.total].notna(), panel.period].max())


@cache.cached(8)
def _kept_record() -> pd.DataFrame:
    return kept_record(of(ForecastView()), tables_and_panel()[1].frame)


@cache.cached(4)
def _walked_since(since: str) -> str:
    return record.walked_since(forecasts(), since)


@cache.cached(2)
def _intervals_over_time() -> str:
    return record.intervals_over_time(forecasts())


def intervals_over_time() -> str:
    """How often intervals held over the whole back-test, in a sentence."""
    return _intervals_over_time(version=_published_version())


def _published_version() -> str:
    return data.published()[0].version


def kept_section(catalogue: Catalogue) -> None:
    """Forecasts kept from earlier editions of the survey, held against what it found since."""
    render.header("The forecast record")
    st.markdown(briefing_recorder.method(record.KEPT_UNCHANGED))
    rows = _kept_record(version=tables_and_panel()[0].version, this_visit=uploads.has_survey())
    if rows.empty:
        st.markdown(record.NOTHING_YET)
        return
    render.figure(record.record_figure, rows, catalogue)
    sentences = record.intervals_held(rows), _walked_since(str(rows["origin"].iloc[0]), version=_published_version())
    st.markdown(briefing_recorder.text(" ".join(sentences)))


def forest_section(found: Forecasts, catalogue: Catalogue) -> None:
    """The study's forest scored both ways, as stored, or as run again by the visitor."""
    render.header("The study's forecast")
    st.markdown(briefing_recorder.text(forecast_text.FOREST_ASKED))
    place = st.container()
    left, right = st.columns(2)
    again = [
        _forest(search, label, help_, cell)
        for search, label, help_, cell in (
            (False, "Run the study's model again (a few seconds)", "A few seconds: 19 forests of 100 trees.", left),
            (
                True,
                "Repeat the study's full search (about a minute)",
                "About a minute: 60 settings, five folds each.",
                right,
            ),
        )
    ]
    fresh = next((scored for scored in reversed(again) if scored), None)
    with place:
        if fresh is None:
            scores, importance = found.forest, found.importance
        else:
            scores, importance = fresh.frame(), fresh.importance
            st.caption(forecast_text.forest_settings(fresh.settings))
        _forest_figures(scores, importance, catalogue)


def _forest_figures(scores: pd.DataFrame, importance: pd.DataFrame, catalogue: Catalogue) -> None:
    render.figure(forest_figures.forest_figure, scores)
    render.figure(forest_figures.importance_figure, importance, catalogue)


def _forest(search: bool, label: str, help_: str, cell: st.delta_generator.DeltaGenerator) -> ForestScores | None:
    key = "forest", search, data.published()[0].version
    with cell:
        found: ForestScores | None = jobs.background_job(
            key, label, help_, partial(_scored, data.published()[1], search), f"forest.{search}"
        )
    return found


def _scored(panel: Panel, search: bool, progress: Progress) -> ForestScores:
    return forest_scores(panel, search=search, progress=progress)


def brief() -> Brief:
    """What the front page says of the forecasts."""
    view = ForecastView()
    return of_forecast(view, score_of(view, forecasts()), data.published()[0])
