from core.app import data
from core.app.controls import borough_control
from core.app.models import model_page
from core.app.navigation import enter
from core.app.sections import london_amount, london_evidence
from core.london.amount.question import LONDON_AMOUNT

enter()
QUESTION = LONDON_AMOUNT
page = model_page.open_page(QUESTION, london_evidence.TABS)
with page.place:
    focus = borough_control(page.state, data.panel(QUESTION.study), events=not page.is_summary)
if page.is_summary:
    london_evidence.show_summary(QUESTION, focus.borough)
else:
    model = model_page.chosen(page.state, QUESTION)
    page.show(london_amount.sections(page.state, model, focus))
page.finish()
