"""The page of forecasts: its choices, and the study's forest run again on a button."""

from functools import partial

import pandas as pd
import streamlit as st

from core.app import briefing_recorder, cache, data, jobs, render, uploads
from core.app.controls import NO_BOROUGH, one_of, remember_borough
from core.app.state import PageState
from core.home import summary
from core.home.summary import Brief
from core.london.forecast import figures as forecast_figures
from core.london.forecast import forest_figures, record
from core.london.forecast import text as forecast_text
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
    score_of,
    stored_forecasts,
    with_data_of,
)
from core.london.forecasting import FOREST, METHODS
from core.london.forecasting.forest import ForestScores, forest_scores
from core.registry.studies import SURVEY
from core.tables.catalogue import Catalogue
from core.tables.panel import Panel
from core.tables.progress import Progress
from core.tables.quarters import quarter_label
from core.uploads import text as uploads_text


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
    """The choices of the page, in rows above the map."""
    # The forest takes too long to be fitted while a visitor waits.
    methods = [name for name in METHODS if name != FOREST or not uploads.has_survey()]
    scores = forecast_scores(panel.frame)
    allowed = {
        "measure": scores,
        "method": methods,
        "ahead": HORIZONS,
        "show": KINDS,
        "borough": [NO_BOROUGH, *panel.areas],
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
    borough = second.selectbox(
        "Borough",
        [NO_BOROUGH, *panel.areas],
        key=state.seed("borough", view.borough),
        format_func=lambda name: name or "Click the map, or choose here",
    )
    kinds: dict[ForecastKind, str] = {
        "survey": f"{quarter_label(last)}: survey",
        "forecast": f"{quarters[ahead]}: forecast",
        "change": "Change between them",
    }
    shown = one_of(st, state, "show", "Map", kinds, view.show)
    if borough:
        remember_borough(borough)
    chosen = ForecastView(measure, method, ahead, shown, borough)
    state.keep(chosen)
    return chosen


def two_ways(panel: Panel, catalogue: Catalogue) -> str:
    """How trust and the police's local work moved since the figures on force end, in words."""
    averages = panel.frame.groupby(panel.period)[["trust_mps", "good_job_local"]].mean()
    since = str(panel.frame.loc[panel.frame[panel.total].notna(), panel.period].max())
    return record.two_ways(averages, "trust_mps", "good_job_local", since, catalogue)


def score_files(found: Forecasts, view: ForecastView, catalogue: Catalogue) -> None:
    """Scores as files: by borough and by quarter for what is shown, and all of them."""
    with st.container(horizontal=True):
        for part in ("borough", "quarter"):
            by_part = partial(forecast_figures.scores_by, found, view, part)
            render.download(by_part, f"scores_by_{part}", f"By {part}")
        render.download(partial(forecast_figures.every_score, found, catalogue), "scores", "All")


def every_measure(found: Forecasts, view: ForecastView, panel: Panel, catalogue: Catalogue) -> None:
    """Every measure's forecast as a table, and every borough's as a file."""
    last = quarter_label(last_quarter(panel.frame))
    st.caption(briefing_recorder.text(forecast_text.EVERY_SCORE.format(last=last)))
    rows = forecast_figures.every_measure_table(found, view, panel.frame, catalogue)
    render.table(rows, "forecast_scores", digits=1)
    render.download(
        partial(forecast_figures.every_forecast, found, view.method, catalogue), "forecasts", "Every forecast"
    )


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


def record_section(catalogue: Catalogue) -> None:
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
    st.markdown(briefing_recorder.text(forecast_text.FOREST_ASKED))
    place = st.container()
    left, right = st.columns(2)
    again = [
        _forest(search, label, help_, cell)
        for search, label, help_, cell in (
            (False, "Fit the forest again", "A few seconds: 19 forests of 100 trees.", left),
            (True, "Search the study's settings again", "About a minute: 60 settings, five folds each.", right),
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
    return summary.of_forecast(view, score_of(view, forecasts()), data.published()[0])
