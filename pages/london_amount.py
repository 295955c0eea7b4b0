from core.app import data, render
from core.app.controls import borough_control
from core.app.model_controls import model_controls
from core.app.navigation import enter
from core.app.sections import london_evidence, model_page
from core.app.state import PageState
from core.london import figures as london_figures
from core.london import force_figures
from core.london.amount.question import LONDON_AMOUNT

enter()
QUESTION = LONDON_AMOUNT
(TERM,) = QUESTION.predictors
catalogue, panel, london = data.catalogue(), data.panel(QUESTION.study), data.london_totals()
state = PageState(QUESTION.page)
spec = model_controls(state, QUESTION, panel, catalogue)
focus = borough_control(state, panel)

model = model_page.answered(QUESTION, state, spec, TERM, catalogue)
london_evidence.say_window()
model_page.ladder(model)
model_page.scatter(model, focus.borough)
model_page.uncertainty(model)

render.header("Force and trust over time")
events = data.events() if focus.events else None
render.figure(
    london_figures.over_time_figure, london, panel, model.spec.outcome, TERM, focus.borough, catalogue, events
)
if focus.events:
    render.events_key()
render.figure(london_figures.totals_figure, london, TERM, catalogue)
render.figure(force_figures.incidents_figure, panel, focus.borough, catalogue)

london_evidence.shared_sections(state, model, focus.borough)
