from core.app.controls import place_control
from core.app.layers import LayeredPage
from core.app.navigation import enter
from core.app.sections import london_forecast
from core.app.state import PageState
from core.london.forecast.text import TITLE

enter()
page = LayeredPage(PageState("london_forecast"), london_forecast.TABS, topics=london_forecast.TOPICS, in_sidebar=False)
page.title(TITLE)
with page.place:
    borough = place_control(page.state, london_forecast.tables_and_panel()[1])
london_forecast.whose()
if page.is_summary:
    london_forecast.show_summary(page.state, borough)
else:
    page.show(london_forecast.sections(page.state, borough))
page.finish()
