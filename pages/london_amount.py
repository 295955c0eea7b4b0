from core.app import data, render
from core.app.controls import borough_control, model_controls
from core.app.navigation import enter
from core.app.sections import london_common, london_evidence
from core.app.state import PageState
from core.london import figures as london_figures
from core.london.amount.question import LONDON_AMOUNT
from core.presentation import model_figures

enter()
QUESTION = LONDON_AMOUNT
(TERM,) = QUESTION.predictors
catalogue, panel, london = data.catalogue(), data.panel(QUESTION.study), data.london_totals()
state = PageState(QUESTION.page)
spec = model_controls(state, QUESTION, panel, catalogue)
focus = borough_control(state, panel)

result = london_common.answered(QUESTION, state, spec, catalogue)

render.header("What moves the answer")
steps = {label: data.fitted(QUESTION.study, step) for label, step in model_figures.ladder(QUESTION).items()}
render.figure(model_figures.ladder_figure, steps, result, TERM, catalogue)
london_common.scatter(QUESTION, result, TERM, focus.borough, catalogue)

london_common.certainty(QUESTION, result, TERM, catalogue)

render.header("Force and trust over time")
events = data.events() if focus.events else None
render.figure(
    london_figures.over_time_figure, london, panel, result.spec.outcome, TERM, focus.borough, catalogue, events
)
if focus.events:
    render.events_key()
render.figure(london_figures.totals_figure, london, TERM, catalogue)

london_evidence.shared_sections(state, QUESTION, result, TERM, focus.borough, catalogue)
