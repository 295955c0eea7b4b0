from core.app import data, render
from core.app.controls import borough_control, model_controls
from core.app.navigation import enter
from core.app.sections import london_common, london_evidence
from core.app.state import PageState
from core.london import figures as london_figures
from core.presentation import model_figures
from core.questions.question import LONDON_AMOUNT

enter()
QUESTION = LONDON_AMOUNT
(TERM,) = QUESTION.predictors
words, panel, london = data.catalogue(), data.panel(QUESTION.study), data.whole_london()
state = PageState(QUESTION.page)
spec = model_controls(state, QUESTION, panel, words)
focus = borough_control(state, panel)

result = london_common.answered(QUESTION, state, spec, words)

render.header("What moves the answer")
steps = {label: data.fitted(QUESTION.study, step) for label, step in model_figures.ladder(QUESTION).items()}
render.exhibit(model_figures.ladder_exhibit, steps, result, TERM, words)
london_common.scatter(QUESTION, result, TERM, focus.borough, words)

london_common.certainty(QUESTION, result, TERM, words)

render.header("Force and trust over time")
events = data.events() if focus.events else None
render.exhibit(london_figures.over_time_exhibit, london, panel, result.spec.outcome, TERM, focus.borough, words, events)
if focus.events:
    render.events_key()
render.exhibit(london_figures.totals_exhibit, london, TERM, words)

london_evidence.closing_sections(state, QUESTION, result, TERM, focus.borough, words)
