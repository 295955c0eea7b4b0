import streamlit as st

from core.app import briefing_recorder, render
from core.app.controls import show_notices
from core.app.navigation import enter
from core.app.sections import london_forecast
from core.app.state import PageState
from core.london.forecast import figures as forecast_figures
from core.london.forecast import text as forecast_text
from core.london.forecast.map import forecast_map_data
from core.london.forecast.view import last_quarter, picked_borough, score_of, target
from core.london.forecasting import BASELINE
from core.tables.quarters import quarter_label

enter()
catalogue, panel = london_forecast.tables_and_panel()
state = PageState("london_forecast")

render.title(forecast_text.TITLE)
london_forecast.whose()
answer = st.container()
view = london_forecast.controls(state, panel, catalogue)
state.write()
show_notices(state.notices)
found, last = london_forecast.of(view), last_quarter(panel.frame, view.measure)
score, coming = score_of(view, found), target(view, found)
rows = london_forecast.outlook(view.unpicked)
borough = picked_borough(view, rows)
with answer:
    render.answer(forecast_text.headline(view, score, catalogue))
    briefing_recorder.method(forecast_text.method_text(view.method))
    st.markdown(briefing_recorder.text(forecast_text.meaning(score, score_of(view, found, BASELINE))))
    st.markdown(
        briefing_recorder.text(
            forecast_text.coming(rows, catalogue.label(view.measure), quarter_label(last), quarter_label(coming))
        )
    )
    st.markdown(briefing_recorder.text(london_forecast.two_ways(panel, catalogue)))
render.borough_map(state, forecast_map_data(view, rows, last, coming, catalogue), view.borough)
st.caption(briefing_recorder.caveat(forecast_text.MAP_NOTES[view.show]))

render.header(f"{borough} over time")
render.figure(forecast_figures.fan_figure, panel, found, view.unpicked, borough, catalogue)
st.markdown(briefing_recorder.method(forecast_text.WHY_ROLLING))

render.header("All boroughs, and their ranks")
render.figure(
    forecast_figures.boroughs_figure,
    rows,
    view.unpicked,
    borough,
    quarter_label(last),
    quarter_label(coming),
    catalogue,
)

render.header(f"Every score, {quarter_label(coming)}")
london_forecast.every_measure(found, view, panel, catalogue)

london_forecast.record_section(catalogue)

render.header("How good are the forecasts?")
st.markdown(briefing_recorder.method(forecast_text.BACK_TEST))
st.markdown(briefing_recorder.text(london_forecast.intervals_over_time()))
render.figure(forecast_figures.skill_figure, found, view.unpicked, catalogue)
render.figure(forecast_figures.errors_figure, found, view.measure, view.ahead, catalogue)
london_forecast.score_files(found, view, catalogue)

render.header("The study's forecast")
london_forecast.forest_section(found, catalogue)
render.link(state)
