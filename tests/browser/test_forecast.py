"""The forecast page in a browser: the map's quarter selector, picking a borough, and work in the background."""

import re
from urllib.parse import urlencode

from playwright.sync_api import Locator, expect

from core.london.forecast import text as forecast_text
from core.london.forecasting.forest import SETTINGS
from core.questions.links import LINK_VERSION
from core.registry.pages import PAGES
from core.tables.quarters import quarter_label
from tests.browser.borough_map import click_on, drawn_map
from tests.browser.conftest import ColdServer, NewVisitor
from tests.browser.visiting import PATIENCE, Visitor, eventually

PAGE = "london_forecast"
EVERYTHING = "layer=analysts&tab=everything"
SURVEY, FORECAST, CHANGE = "Jan\N{EN DASH}Mar 2026: survey", "Apr\N{EN DASH}Jun 2026: forecast", "Change between them"
PICKED, OTHER = "Havering", "Hillingdon"
FIT, SEARCH = "Run the study's model again (a few seconds)", "Repeat the study's full search (about a minute)"
FITTED_WITHIN = 5 * PATIENCE
WORKING = "Running. You can keep reading."
DONE = forecast_text.forest_settings(SETTINGS)


def legend(visitor: Visitor) -> Locator:
    return visitor.main.get_by_test_id("stHtml").nth(1)


def choose(visitor: Visitor, name: str) -> None:
    visitor.main.get_by_role("radio", name=name, exact=True).click()


def test_map_selector_changes_legend_link_and_colours(visitor: Visitor) -> None:
    visitor.open(f"{PAGE}?{EVERYTHING}")
    chart = drawn_map(visitor)
    visitor.link_says(show="forecast", ahead="1")
    expect(legend(visitor)).to_contain_text("forecast for Apr\N{EN DASH}Jun 2026 (% of residents asked)")
    pictures = [visitor.pixels(chart)]
    for option, show, title in (
        (SURVEY, "survey", "survey of Jan\N{EN DASH}Mar 2026 (% of residents asked)"),
        (CHANGE, "change", "forecast change from Jan\N{EN DASH}Mar 2026 to Apr\N{EN DASH}Jun 2026 (percentage points)"),
    ):
        choose(visitor, option)
        visitor.link_says(show=show)
        expect(legend(visitor)).to_contain_text(title)
        before = pictures[-1]
        eventually(
            lambda before=before: bool((abs(visitor.pixels(chart) - before).sum(axis=2) > 30).mean() > 0.05),  # type: ignore[misc]
            visitor.page,
            f"other colours for {show}",
        )
        pictures.append(visitor.pixels(chart))
    expect(legend(visitor)).to_contain_text("faded: could be chance")
    visitor.back()
    visitor.link_says(show="survey")
    expect(visitor.main.get_by_role("radio", name=SURVEY)).to_be_checked()


def test_map_selector_after_quarter_change_is_unchanged(visitor: Visitor) -> None:
    visitor.open(f"{PAGE}?{EVERYTHING}")
    for option, show in ((CHANGE, "change"), (SURVEY, "survey"), (FORECAST, "forecast")):
        choose(visitor, "Apr\N{EN DASH}Jun 2026")
        visitor.link_says(ahead="1")
        choose(visitor, option)
        visitor.link_says(show=show, ahead="1")
        choose(visitor, "Oct\N{EN DASH}Dec 2026")
        visitor.link_says(show=show, ahead="3")
        named = option.replace(quarter_label("2026Q2"), quarter_label("2026Q4"))
        expect(visitor.main.get_by_role("radio", name=named, exact=True)).to_be_checked()


def test_map_click_picks_borough_and_updates_fan_chart(visitor: Visitor) -> None:
    visitor.open(f"{PAGE}?{EVERYTHING}")
    visitor.choose("Borough", OTHER, within=visitor.main)
    visitor.link_says(borough=OTHER)
    follows(visitor, OTHER)
    click_on(visitor, drawn_map(visitor), PICKED)
    visitor.link_says(borough=PICKED)
    follows(visitor, PICKED)


def follows(visitor: Visitor, borough: str) -> None:
    """The picked borough is in the select box, in the heading, and in the chart of its history."""
    expect(visitor.main.get_by_role("combobox", name="Borough", exact=True)).to_have_value(borough)
    expect(visitor.main.get_by_role("heading", name=f"{borough} over time")).to_be_visible()
    expect(visitor.main.get_by_role("heading", name=re.compile(rf"{borough}: .* forecast "))).to_be_visible()
    fan = visitor.main.get_by_test_id("stVegaLiteChart").first
    expect(fan.locator("canvas, svg").first).to_be_visible()
    eventually(lambda: visitor.pixels(fan).std() > 5, visitor.page, f"the fan of {borough}")


def test_forecast_page_link_restores_choices(visitor: Visitor) -> None:
    sent = {"measure": "score_mean_of_3", "method": "drift", "ahead": "4", "show": "change", "borough": PICKED}
    visitor.open(f"{PAGE}?{urlencode({'v': LINK_VERSION} | sent)}")
    visitor.link_says(**sent)
    expect(visitor.main.get_by_role("radio", name=CHANGE)).to_be_checked()
    follows(visitor, PICKED)


def test_forest_fit_runs_in_background_and_is_shared(cold_server: ColdServer, new_visitor: NewVisitor) -> None:
    """It takes some seconds; the next visitor who asks for the same has it at once."""
    server = cold_server()
    visitor, another = new_visitor(server), new_visitor(server)
    visitor.open(f"{PAGE}?{EVERYTHING}")
    visitor.main.get_by_role("button", name=FIT).click()
    expect(visitor.main.get_by_text(WORKING)).to_be_visible()
    expect(visitor.main.get_by_text(DONE)).to_be_visible(timeout=FITTED_WITHIN)
    expect(visitor.main.get_by_text(WORKING)).to_have_count(0)
    expect(visitor.main.get_by_role("button", name=FIT)).to_have_count(0)

    another.open(f"{PAGE}?{EVERYTHING}")
    expect(another.main.get_by_text(DONE)).to_have_count(0)
    another.main.get_by_role("button", name=FIT).click()
    expect(another.main.get_by_text(DONE)).to_be_visible()


def test_forecast_page_during_settings_search_stays_usable(cold_server: ColdServer, new_visitor: NewVisitor) -> None:
    """The search takes a minute, of which the test sees the first seconds."""
    visitor = new_visitor(cold_server())
    visitor.open(f"{PAGE}?{EVERYTHING}")
    answer, working = visitor.answer.inner_text(), visitor.main.get_by_text(WORKING)
    visitor.main.get_by_role("button", name=SEARCH).click()
    expect(working).to_be_visible()
    choose(visitor, "Oct\N{EN DASH}Dec 2026")
    expect(visitor.answer).not_to_have_text(answer)
    choose(visitor, CHANGE)
    visitor.link_says(ahead="3", show="change")
    expect(legend(visitor)).to_contain_text("faded: could be chance")
    expect(working).to_be_visible()
    expect(visitor.main.get_by_role("button", name=FIT)).to_be_enabled()


def test_forecast_page_is_listed_in_pages() -> None:
    assert PAGE in {entry.name for entry in PAGES}
