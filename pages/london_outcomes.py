from core.app import data, render
from core.app.controls import borough_control, model_controls
from core.app.navigation import enter
from core.app.sections import london_common, london_evidence
from core.app.sections.answer import fits_shown
from core.app.state import PageState
from core.london.outcomes import figures as outcomes_figures
from core.london.outcomes.question import LONDON_OUTCOMES
from core.stats.contributions import contributions
from core.stats.regression import diagnose

enter()
QUESTION = LONDON_OUTCOMES
catalogue, panel, london = data.catalogue(), data.panel(QUESTION.study), data.london_totals()
state = PageState(QUESTION.page)
spec = model_controls(state, QUESTION, panel, catalogue)
wanted = london_common.closer(state, QUESTION, spec, catalogue)
focus = borough_control(state, panel)

result = london_common.answered(QUESTION, state, spec, catalogue)
term = london_common.term_shown(result, wanted)

render.header("The four kinds, one by one")
render.figure(outcomes_figures.coefficients_figure, fits_shown(QUESTION, result), result, catalogue)

london_common.certainty(QUESTION, result, term, catalogue)
london_common.collinearity(data.on_panel(diagnose, QUESTION.study, result.spec), result, catalogue)

render.header("One kind, looked at closer")
london_common.scatter(QUESTION, result, term, focus.borough, catalogue)

render.header("What each borough's records stand for")
parts = data.on_panel(contributions, QUESTION.study, result)
render.figure(outcomes_figures.contributions_figure, parts, term, catalogue)
render.figure(outcomes_figures.all_contributions_figure, parts, catalogue)

render.header("How often, where and when")
events = data.events() if focus.events else None
render.figure(outcomes_figures.shares_figure, london, QUESTION.predictors, panel.total, catalogue, events)
if focus.events:
    render.events_key()
render.figure(outcomes_figures.yearly_means_figure, panel, term, catalogue)

london_evidence.shared_sections(state, QUESTION, result, term, focus.borough, catalogue)
