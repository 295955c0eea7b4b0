from core.app import data
from core.app.controls import place_control
from core.app.layers import LayeredPage
from core.app.navigation import enter
from core.app.sections import borough as section
from core.app.state import PageState
from core.london.borough import text
from core.registry.studies import SURVEY

enter()
page = LayeredPage(PageState("borough"), section.TABS, topics=section.TOPICS, in_sidebar=False)
with page.place:
    borough = place_control(page.state, data.panel(SURVEY), text.WHICH)
page.title(text.question(borough) if borough else text.NOT_CHOSEN)
if not borough:
    section.choose(page.state)
elif page.is_summary:
    section.show_summary(borough)
else:
    page.show(section.sections(borough))
page.finish()
