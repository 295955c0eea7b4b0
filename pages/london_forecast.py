import streamlit as st

from core import exhibits_forecast, wording_forecast
from core.app import forecast, record, show
from core.app.controls import show_notices
from core.app.navigation import enter
from core.app.state import PageState
from core.forecast_map import forecast_figures
from core.forecast_view import last_quarter, picked_borough, score_of, target
from core.forecasting import BASELINE
from core.quarters import quarter_label

enter()
words, panel = forecast.ground()
state = PageState("london_forecast")

show.title(wording_forecast.TITLE)
forecast.whose()
answer = st.container()
view = forecast.controls(state, panel, words)
state.write()
show_notices(state.notices)
found, last = forecast.of(view), last_quarter(panel.frame, view.measure)
score, coming = score_of(view, found), target(view, found)
rows = forecast.outlook(view.unpicked)
borough = picked_borough(view, rows)
with answer:
    show.answer(wording_forecast.headline(view, score, words))
    record.method(wording_forecast.method_words(view.method))
    st.markdown(record.said(wording_forecast.meaning(score, score_of(view, found, BASELINE))))
    st.markdown(record.said(wording_forecast.coming(rows, words.label(view.measure), quarter_label(coming))))
show.borough_map(state, forecast_figures(view, rows, last, coming, words), view.borough)
st.caption(record.sure(wording_forecast.MAP_NOTES[view.show]))

show.header(f"{borough} over time")
show.exhibit(exhibits_forecast.fan_exhibit, panel, found, view.unpicked, borough, words)
st.markdown(record.method(wording_forecast.WHY_ROLLING))

show.header("All boroughs, and their ranks")
show.exhibit(exhibits_forecast.boroughs_exhibit, rows, view.unpicked, borough, quarter_label(coming), words)

show.header(f"Every score, {quarter_label(coming)}")
forecast.every_measure(found, view, panel, words)

show.header("How good are the forecasts?")
st.markdown(record.method(wording_forecast.BACK_TEST))
show.exhibit(exhibits_forecast.skill_exhibit, found, view.unpicked, words)
show.exhibit(exhibits_forecast.errors_exhibit, found, view.measure, view.ahead, words)
forecast.score_files(found, view, words)

show.header("The study's forecast")
forecast.forest_section(found, words)
show.link(state)
