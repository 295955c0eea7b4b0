from core.app.layers import LayeredPage
from core.app.navigation import enter
from core.app.sections import england
from core.app.state import PageState
from core.crime.england.question import PAGE, TITLE

enter()
page = LayeredPage(PageState(PAGE), england.TABS, topics=england.TOPICS)
page.title(TITLE)
with page.place:
    district = england.district_control(page.state)
if page.is_summary:
    england.show_summary(page.state, district)
else:
    page.show(england.sections(page.state, district))
page.finish()
