from core.app import data, render
from core.app.controls import borough_control
from core.app.model_controls import model_controls, predictor_control
from core.app.navigation import enter
from core.app.sections import fitted_model, london_evidence, model_page
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
wanted = predictor_control(state, QUESTION, spec, catalogue)
focus = borough_control(state, panel)

model = model_page.answered(QUESTION, state, spec, wanted, catalogue)
london_evidence.say_window()

render.header("The four kinds, one by one")
fits = fitted_model.fits_shown(QUESTION, model.result)
render.figure(outcomes_figures.coefficients_figure, fits, model.result, catalogue)

model_page.uncertainty(model)
model_page.collinearity(model, data.on_panel(diagnose, QUESTION.study, model.spec))

render.header("One kind, looked at closer")
model_page.scatter(model, focus.borough)

render.header("What each borough's records stand for")
parts = data.on_panel(contributions, QUESTION.study, model.result)
render.figure(outcomes_figures.contributions_figure, parts, model.term, catalogue)
render.figure(outcomes_figures.all_contributions_figure, parts, catalogue)

render.header("How often, where and when")
events = data.events() if focus.events else None
render.figure(outcomes_figures.shares_figure, london, QUESTION.predictors, panel.total, catalogue, events)
if focus.events:
    render.events_key()
render.figure(outcomes_figures.yearly_means_figure, panel, model.term, catalogue)

london_evidence.shared_sections(state, model, focus.borough)
