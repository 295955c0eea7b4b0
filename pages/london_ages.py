from core.app import ages, figures
from core.app.controls import borough_control, model_controls
from core.app.navigation import enter
from core.app.state import PageState
from core.questions import LONDON_AGES

enter()
words, panel = figures.catalogue(), figures.panel(LONDON_AGES.study)
state = PageState(LONDON_AGES.page)
if LONDON_AGES.answerable(panel.frame.columns):
    spec = model_controls(state, LONDON_AGES, panel, words)
    ages.quarterly(state, spec, borough_control(state, panel), words)
else:
    ages.totals_only(state, ages.controls(state, words), words)
