from core.app import render
from core.app.layers import LayeredPage
from core.app.navigation import enter
from core.app.sections import crime_deprivation
from core.app.sections.crime_common import months, place_control
from core.app.sections.model_page import cautions
from core.app.state import PageState
from core.crime.deprivation.question import CRIME_PAGE, CRIME_TITLE
from core.crime.deprivation.text import crime_answer

enter()
page = LayeredPage(PageState(CRIME_PAGE), crime_deprivation.TABS, has_summary=False)
page.title(CRIME_TITLE)
with page.place:
    view = place_control(page.state)
shown = crime_deprivation.model_shown(page.state, view)
if shown is not None:
    render.answer(crime_answer(shown.summary, shown.area.name))
    months(shown.area)
    cautions(shown.model)
    page.show(crime_deprivation.sections(page.state, shown))
page.finish()
