from core.app import data
from core.app.controls import borough_control, model_controls
from core.app.navigation import enter
from core.app.sections import london_ages
from core.app.state import PageState
from core.london.ages.question import LONDON_AGES

enter()
catalogue, panel = data.catalogue(), data.panel(LONDON_AGES.study)
state = PageState(LONDON_AGES.page)
if LONDON_AGES.answerable(panel.frame.columns):
    spec = model_controls(state, LONDON_AGES, panel, catalogue)
    london_ages.quarterly(state, spec, borough_control(state, panel), catalogue)
else:
    london_ages.totals_only(state, london_ages.controls(state, catalogue), catalogue)
