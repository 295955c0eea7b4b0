"""The page of one borough in a browser: chosen by typing, in both layers, readable by machines in both themes."""

import pytest
from playwright.sync_api import expect

from core.london.borough import text
from core.london.borough.section_text import SECTIONS
from tests.browser.conftest import NewVisitor
from tests.browser.serving import Server
from tests.browser.test_accessibility import faults

PAGE = "borough"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_borough_chosen_by_typing_answers_without_serious_axe_fault(
    theme: str, new_visitor: NewVisitor, server: Server
) -> None:
    visitor = new_visitor(server, color_scheme=theme)
    visitor.open(PAGE)
    visitor.choose("Borough", "Lewisham", within=visitor.main)
    visitor.link_says(borough="Lewisham")
    expect(visitor.heading).to_have_text(text.question("Lewisham"))
    visitor.settled()
    assert faults(visitor) == []
    visitor.open(f"{PAGE}?layer=analysts&tab=everything&borough=Lewisham")
    for label in SECTIONS.values():
        expect(visitor.main.get_by_role("heading", name=label)).to_be_visible()
    expect(visitor.main.get_by_test_id("stDeckGlJsonChart")).to_be_visible()
    expect(visitor.main.get_by_text("Most like Lewisham")).to_be_visible()
    visitor.shows_no_error()
    assert faults(visitor) == []
