"""The page of one neighbourhood in a browser: searched for, its parts opened; a district without figures."""

import pytest
from playwright.sync_api import expect

from core.app.sections.neighbourhood import ANOTHER, OPENED
from core.crime.neighbourhood import text
from core.crime.neighbourhood.question import PAGE
from tests.browser.conftest import NewVisitor
from tests.browser.serving import Server
from tests.browser.test_accessibility import faults
from tests.browser.test_looks import PHONE

THREE_SCREENS = 3 * 844  # pixels, of PHONE
CENTRE = "E01033543"  # one that many visit, which is a paragraph more
WARD, CODE = "North Jesmond, Newcastle upon Tyne", "E01008366"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_neighbourhood_searched_for_answers_without_serious_axe_fault(
    theme: str, new_visitor: NewVisitor, server: Server
) -> None:
    visitor = new_visitor(server, color_scheme=theme)
    visitor.open(PAGE)
    box = visitor.main.get_by_role("textbox", name="Find by name")
    box.fill("jesmond")
    box.press("Enter")
    visitor.main.get_by_role("button", name=WARD).click()
    visitor.link_says(district="Newcastle upon Tyne", lsoa=CODE)
    expect(visitor.heading).to_contain_text("North Jesmond (Newcastle upon Tyne")
    expect(visitor.main.get_by_text("Police recorded")).not_to_have_count(0)
    for label in OPENED.values():
        visitor.main.locator("summary", has_text=label).click()
        visitor.settled()
    expect(visitor.main.get_by_test_id("stDeckGlJsonChart")).to_be_visible()
    expect(visitor.main.get_by_text("In the five most similar neighbourhoods")).to_be_visible()
    visitor.shows_no_error()
    assert faults(visitor) == []


def test_district_without_figures_says_so(new_visitor: NewVisitor, server: Server) -> None:
    visitor = new_visitor(server)
    visitor.open(PAGE)
    visitor.choose("District or borough", "Coventry", within=visitor.main)
    expect(visitor.main.get_by_text(text.without_figures("Coventry", "West Midlands"))).to_be_visible()
    visitor.shows_no_error()


def test_summary_on_a_phone_is_three_screens_and_another_can_be_chosen(new_visitor: NewVisitor, server: Server) -> None:
    visitor = new_visitor(server, **PHONE)
    visitor.open(f"{PAGE}?lsoa={CENTRE}")
    expect(visitor.main.get_by_text("What you cannot say")).to_be_visible()
    height = visitor.page.get_by_test_id("stMain").evaluate("main => main.scrollHeight")
    assert height <= THREE_SCREENS
    box = visitor.main.get_by_role("textbox", name="Find by name")
    expect(box).not_to_be_visible()
    visitor.main.locator("summary", has_text=ANOTHER).click()
    box.fill("jesmond")
    box.press("Enter")
    visitor.main.get_by_role("button", name=WARD).click()
    visitor.link_says(district="Newcastle upon Tyne", lsoa=CODE)
