from core.app import data
from core.app.controls import borough_control
from core.app.models import model_page
from core.app.navigation import enter
from core.app.sections import london_ages, london_evidence
from core.london.ages.question import LONDON_AGES

enter()
QUESTION = LONDON_AGES
catalogue, panel = data.catalogue(), data.panel(QUESTION.study)
if QUESTION.answerable(panel.frame.columns):
    page = model_page.open_page(QUESTION, london_evidence.TABS)
    with page.place:
        focus = borough_control(page.state, panel, events=False)
    if page.is_summary:
        london_evidence.show_summary(QUESTION, focus.borough)
    else:
        model = model_page.chosen(page.state, QUESTION)
        page.show(london_ages.sections(page.state, model, focus))
else:
    page = london_ages.open_page()
    if page.is_summary:
        london_ages.totals_summary(catalogue)
    else:
        page.show(london_ages.totals_sections(page, catalogue))
page.finish()
