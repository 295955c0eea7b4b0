from core.app import data
from core.app.controls import borough_control
from core.app.model_controls import model_controls, predictor_control
from core.app.navigation import enter
from core.app.sections import london_ages
from core.app.state import PageState
from core.london.ages.question import LONDON_AGES

enter()
catalogue, panel = data.catalogue(), data.panel(LONDON_AGES.study)
state = PageState(LONDON_AGES.page)
if LONDON_AGES.answerable(panel.frame.columns):
    spec = model_controls(state, LONDON_AGES, panel, catalogue)
    wanted = predictor_control(state, LONDON_AGES, spec, catalogue)
    london_ages.quarterly(state, spec, wanted, borough_control(state, panel), catalogue)
else:
    london_ages.totals_only(state, london_ages.controls(state, catalogue), catalogue)
