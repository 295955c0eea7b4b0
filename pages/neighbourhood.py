from core.app.navigation import enter
from core.app.sections import neighbourhood as section

enter()
page = section.open_page()
view = section.control(page)
if not view.lsoa:
    section.choose(page.state, view)
elif page.is_summary:
    section.show_summary(page.state, view)
else:
    chosen = section.comparison_control(page.state)
    page.show(section.sections(page.state, view, chosen))
page.finish()
