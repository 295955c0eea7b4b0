from core.app.navigation import enter
from core.app.sections import crime_bicycle_theft
from core.app.sections.crime_common import open_page
from core.crime.bicycle_theft.text import TITLE

enter()
page, at = open_page("crime_bicycle_theft", TITLE, crime_bicycle_theft.TABS, crime_bicycle_theft.TOPICS)
if page.is_summary:
    crime_bicycle_theft.show_summary(at)
else:
    page.show(crime_bicycle_theft.sections(page.state, at))
page.finish()
