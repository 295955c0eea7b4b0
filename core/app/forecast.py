"""The page of forecasts: its choices, and the study's forest run again on a button."""

from functools import partial

import pandas as pd
import streamlit as st

from core import exhibits_forecast, exhibits_forest, wording_forecast, wording_given
from core.app import figures, given, jobs, record, show
from core.app.controls import NO_BOROUGH
from core.app.jobs import Progress
from core.app.state import PageState
from core.catalogue import Catalogue
from core.forecast_view import (
    HORIZONS,
    KINDS,
    ForecastKind,
    Forecasts,
    ForecastView,
    borough_outlook,
    stored_forecasts,
)
from core.forecasting import METHODS
from core.forecasting.forest import ForestScores, forest_scores
from core.panel import Panel
from core.quarters import quarter_label
from core.questions import LONDON_SCORES

OUTLOOKS_KEPT = 300


@st.cache_resource(show_spinner=False, max_entries=2)
def _forecasts(version: str) -> Forecasts:  # noqa: ARG001 - the version is part of the key
    return stored_forecasts(figures.published()[0])


def forecasts() -> Forecasts:
    """What the forecasters found, as stored; shared, so never to be changed in place."""
    return _forecasts(figures.published()[0].version)


@st.cache_resource(show_spinner=False, max_entries=OUTLOOKS_KEPT)
def _outlook(view: ForecastView, version: str) -> pd.DataFrame:  # noqa: ARG001 - the version is part of the key
    return borough_outlook(view, forecasts(), figures.published()[1].frame)


def outlook(view: ForecastView) -> pd.DataFrame:
    """What is forecast for each borough; shared, so never to be changed in place."""
    return _outlook(view, figures.published()[0].version)


def of_published() -> None:
    """Say that forecasts are those of the published figures, where the visitor handed in a survey."""
    held = given.current()
    if held is not None and set(held.tables) & {"survey", "use_of_force"}:
        st.info(wording_given.FORECASTS_PUBLISHED, icon=":material/info:")


def controls(state: PageState, panel: Panel, found: Forecasts, last: str, words: Catalogue) -> ForecastView:
    """The choices of the page, in rows above the map."""
    coming = found.ahead.groupby("horizon")["quarter"].first()
    allowed = {
        "measure": LONDON_SCORES,
        "method": list(METHODS),
        "ahead": HORIZONS,
        "show": KINDS,
        "borough": [NO_BOROUGH, *panel.areas],
    }
    view = state.restore(ForecastView(), allowed)
    first, second = st.columns(2)
    measure = first.selectbox("Score", LONDON_SCORES, key=state.seed("measure", view.measure), format_func=words.label)
    method = second.selectbox(
        "Method",
        list(METHODS),
        key=state.seed("method", view.method),
        format_func=lambda name: METHODS[name].label,
        help="\n".join(f"- {wording_forecast.method_words(name)}" for name in METHODS),
    )
    ahead = first.segmented_control(
        "Forecast for",
        HORIZONS,
        required=True,
        key=state.seed("ahead", view.ahead),
        format_func=lambda step: quarter_label(coming[step]),
    )
    borough = second.selectbox(
        "Borough",
        [NO_BOROUGH, *panel.areas],
        key=state.seed("borough", view.borough),
        format_func=lambda name: name or "Click the map, or choose here",
    )
    ahead = ahead or view.ahead
    kinds: dict[ForecastKind, str] = {
        "survey": f"{quarter_label(last)}: survey",
        "forecast": f"{quarter_label(coming[ahead])}: forecast",
        "change": "Change between them",
    }
    shown = st.segmented_control(
        "Map", KINDS, required=True, key=state.seed("show", view.show), format_func=kinds.__getitem__
    )
    chosen = ForecastView(measure, method, ahead, shown or view.show, borough)
    state.keep(chosen)
    return chosen


def score_files(found: Forecasts, view: ForecastView, words: Catalogue) -> None:
    """Scores as files: by borough and by quarter for what is shown, and all of them."""
    with st.container(horizontal=True):
        for part in ("borough", "quarter"):
            by_part = partial(exhibits_forecast.scores_by, found, view, part)
            show.download(by_part, f"scores_by_{part}", f"Scores by {part}")
        show.download(partial(exhibits_forecast.every_score, found, words), "scores", "All scores")


def every_measure(found: Forecasts, view: ForecastView, panel: Panel, words: Catalogue) -> None:
    """Every measure's forecast as a table, and every borough's as a file."""
    st.caption(record.said(wording_forecast.EVERY_SCORE))
    rows = exhibits_forecast.every_measure_table(found, view, panel.frame, words)
    show.table(rows, "forecast_scores", digits=1)
    show.download(partial(exhibits_forecast.every_forecast, found, view.method, words), "forecasts", "Every forecast")


def forest_section(found: Forecasts, words: Catalogue) -> None:
    """The study's forest scored both ways, as stored, or as run again by the visitor."""
    st.markdown(record.said(wording_forecast.FOREST_ASKED))
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
            st.caption(wording_forecast.forest_settings(fresh.settings))
        _forest_exhibits(scores, importance, words)


def _forest_exhibits(scores: pd.DataFrame, importance: pd.DataFrame, words: Catalogue) -> None:
    show.exhibit(exhibits_forest.forest_exhibit, scores)
    show.exhibit(exhibits_forest.importance_exhibit, importance, words)


def _forest(search: bool, label: str, help_: str, cell: st.delta_generator.DeltaGenerator) -> ForestScores | None:
    key = "forest", search, figures.published()[0].version
    with cell:
        found: ForestScores | None = jobs.asked_for(
            key, label, help_, partial(_scored, figures.published()[1], search), f"forest.{search}"
        )
    return found


def _scored(panel: Panel, search: bool, progress: Progress) -> ForestScores:
    return forest_scores(panel, search=search, progress=progress)
