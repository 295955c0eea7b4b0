from core.app import data
from core.app.controls import borough_control
from core.app.models import model_page
from core.app.navigation import enter
from core.app.sections import london_evidence, london_outcomes
from core.london.outcomes.question import LONDON_OUTCOMES

enter()
QUESTION = LONDON_OUTCOMES
page = model_page.open_page(QUESTION, london_evidence.TABS)
with page.place:
    focus = borough_control(page.state, data.panel(QUESTION.study), events=not page.is_summary)
if page.is_summary:
    london_evidence.show_summary(QUESTION, focus.borough)
else:
    model = model_page.chosen(page.state, QUESTION)
    page.show(london_outcomes.sections(page.state, model, focus))
page.finish()
