from core import exhibits
from core.app import evidence, figures, sections, show
from core.app.controls import borough_control, model_controls
from core.app.navigation import enter
from core.app.state import PageState
from core.questions import LONDON_AMOUNT

enter()
QUESTION = LONDON_AMOUNT
(TERM,) = QUESTION.predictors
words, panel, london = figures.catalogue(), figures.panel(QUESTION.study), figures.whole_london()
state = PageState(QUESTION.page)
spec = model_controls(state, QUESTION, panel, words)
focus = borough_control(state, panel)

result = sections.answered(QUESTION, state, spec, words)

show.header("What moves the answer")
steps = {label: figures.fitted(QUESTION.study, step) for label, step in exhibits.ladder(QUESTION).items()}
show.exhibit(exhibits.ladder_exhibit, steps, result, TERM, words)
sections.scatter(QUESTION, result, TERM, focus.borough, words)

sections.certainty(QUESTION, result, TERM, words)

show.header("Force and trust over time")
events = figures.events() if focus.events else None
show.exhibit(exhibits.over_time_exhibit, london, panel, result.spec.outcome, TERM, focus.borough, words, events)
if focus.events:
    show.events_key()
show.exhibit(exhibits.totals_exhibit, london, TERM, words)

evidence.closing_sections(state, QUESTION, result, TERM, focus.borough, words)
