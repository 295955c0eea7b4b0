from core import exhibits_outcomes
from core.app import evidence, figures, sections, show
from core.app.answer import fits_shown
from core.app.controls import borough_control, model_controls
from core.app.navigation import enter
from core.app.state import PageState
from core.contributions import contributions
from core.questions import LONDON_OUTCOMES
from core.regression import diagnose

enter()
QUESTION = LONDON_OUTCOMES
words, panel, london = figures.catalogue(), figures.panel(QUESTION.study), figures.whole_london()
state = PageState(QUESTION.page)
spec = model_controls(state, QUESTION, panel, words)
wanted = sections.closer(state, QUESTION, spec, words)
focus = borough_control(state, panel)

result = sections.answered(QUESTION, state, spec, words)
term = sections.term_shown(result, wanted)

show.header("The four kinds, one by one")
show.exhibit(exhibits_outcomes.coefficients_exhibit, fits_shown(QUESTION, result), result, words)

sections.certainty(QUESTION, result, term, words)
sections.collinearity(figures.on_panel(diagnose, QUESTION.study, result.spec), result, words)

show.header("One kind, looked at closer")
sections.scatter(QUESTION, result, term, focus.borough, words)

show.header("What each borough's records stand for")
parts = figures.on_panel(contributions, QUESTION.study, result)
show.exhibit(exhibits_outcomes.contributions_exhibit, parts, term, words)
show.exhibit(exhibits_outcomes.all_contributions_exhibit, parts, words)

show.header("How often, where and when")
events = figures.events() if focus.events else None
show.exhibit(exhibits_outcomes.shares_exhibit, london, QUESTION.predictors, panel.total, words, events)
if focus.events:
    show.events_key()
show.exhibit(exhibits_outcomes.yearly_means_exhibit, panel, term, words)

evidence.closing_sections(state, QUESTION, result, term, focus.borough, words)
