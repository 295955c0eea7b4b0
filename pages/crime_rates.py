from core.app.navigation import enter
from core.app.sections import crime_rates
from core.app.sections.crime_common import open_page
from core.crime.rates.text import TITLE

enter()
page, at = open_page("crime_rates", TITLE, crime_rates.TABS, crime_rates.TOPICS)
if page.is_summary:
    crime_rates.show_summary(at)
else:
    page.show(crime_rates.sections(page.state, at))
page.finish()
