from core.app.navigation import enter
from core.app.sections import crime_deprivation
from core.app.sections.crime_common import open_page
from core.crime.deprivation.question import CRIME_PAGE, CRIME_TITLE

enter()
page, at = open_page(CRIME_PAGE, CRIME_TITLE, crime_deprivation.TABS)
if page.is_summary:
    crime_deprivation.show_summary(at)
else:
    page.show(crime_deprivation.sections(page.state, at))
page.finish()
