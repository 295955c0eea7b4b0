from core.app.navigation import enter
from core.app.sections import crime_types
from core.app.sections.crime_common import open_page
from core.crime.types.text import TITLE

enter()
page, at = open_page("crime_types", TITLE, crime_types.TABS, crime_types.TOPICS)
if page.is_summary:
    crime_types.show_summary(at)
else:
    page.show(crime_types.sections(page.state, at))
page.finish()
