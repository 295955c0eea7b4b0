from core.app import data
from core.app.controls import place_control
from core.app.layers import LayeredPage
from core.app.navigation import enter
from core.app.sections import london_map
from core.app.state import PageState
from core.london.map.text import TITLE
from core.registry.studies import SURVEY

enter()
page = LayeredPage(PageState("london_map"), london_map.TABS, in_sidebar=False)
page.title(TITLE)
with page.place:
    borough = place_control(page.state, data.panel(SURVEY))
if page.is_summary:
    london_map.show_summary(page.state, borough)
else:
    page.show(london_map.sections(page.state, borough))
page.finish()
