"""Pages for those who use a keyboard, a screen reader, or little motion: axe-core on each, and what it cannot see."""

import re
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from core.registry.pages import PAGES
from tests.browser.conftest import NewVisitor
from tests.browser.serving import Server
from tests.browser.visiting import Visitor

WCAG = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
# Of a chart, axe looks at its frame, which has the text alternative: thousands of marks, hidden from screen readers,
# would take it minutes.
WITHOUT_MARKS = (
    "document.querySelectorAll('[data-testid=stVegaLiteChart]').forEach(c => c.replaceWith(c.cloneNode(false)))"
)
# What Streamlit itself causes, which docs/accessibility.md lists: rule, and the part of the page that it may be in.
OF_STREAMLIT = {
    "list": "stSidebarNav",
    "listitem": "stSidebarNav",
    "color-contrast": "stMultiSelect",
    "svg-img-alt": "stMetric",
}
WITHIN = "([selector, part]) => Boolean(document.querySelector(selector)?.closest(`[data-testid^=${part}]`))"

EVERYTHING = "layer=analysts&tab=everything"
A_FINDING = re.compile(r"\d")  # no chart here states its finding without a number


def faults(visitor: Visitor) -> list[str]:
    """What axe finds serious, and Streamlit is not known to cause."""
    visitor.page.evaluate(WITHOUT_MARKS)
    found = (
        Axe()
        .run(
            visitor.page,
            context={"exclude": [["[data-testid=stVegaLiteChart] svg"]]},
            options={"runOnly": WCAG, "resultTypes": ["violations"]},
        )
        .response["violations"]
    )
    return [
        f"{fault['id']}: {node['html'][:120]}"
        for fault in found
        if fault["impact"] in ("serious", "critical")
        for node in fault["nodes"]
        if not _known(visitor, fault["id"], node)
    ]


def _known(visitor: Visitor, rule: str, node: dict[str, Any]) -> bool:
    part = OF_STREAMLIT.get(rule)
    return part is not None and bool(visitor.page.evaluate(WITHIN, [node["target"][0], part]))


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("page", [entry.name for entry in PAGES])
def test_page_has_no_serious_axe_fault(page: str, theme: str, new_visitor: NewVisitor, server: Server) -> None:
    visitor = new_visitor(server, color_scheme=theme)
    visitor.open(page)
    has_layers = visitor.main.get_by_role("radio", name="For analysts").count()
    assert faults(visitor) == []
    if has_layers:
        visitor.open(f"{page}?{EVERYTHING}")
        assert faults(visitor) == []


def test_faults_with_image_without_alt_text_reports_it(visitor: Visitor) -> None:
    visitor.open("home")
    visitor.main.evaluate("main => main.insertAdjacentHTML('beforeend', '<img src=\"data:,\">')")
    (fault,) = faults(visitor)
    assert fault.startswith("image-alt: ")


@pytest.mark.parametrize("layer", ["layer=summary", EVERYTHING])
@pytest.mark.parametrize("page", ["london_amount", "london_map", "crime_rates"])
def test_charts_and_maps_have_finding_as_aria_label(page: str, layer: str, visitor: Visitor) -> None:
    visitor.open(f"{page}?{layer}")
    charts = visitor.main.locator("[data-testid=stVegaLiteChart], [data-testid=stDeckGlJsonChart]")
    expect(charts.first).to_be_visible()
    for chart in charts.all():
        expect(chart).to_have_attribute("aria-label", A_FINDING)


def test_map_page_borough_can_be_picked_by_keyboard(visitor: Visitor) -> None:
    visitor.open(f"london_map?{EVERYTHING}")
    visitor.page.locator("body").press("Tab")
    for _ in range(80):
        if visitor.page.evaluate("document.activeElement.matches('[role=combobox][aria-label=Borough]')"):
            break
        visitor.page.keyboard.press("Tab")
    visitor.page.keyboard.type("Camd")
    expect(visitor.page.get_by_role("option", name="Camden", exact=True)).to_be_visible()
    visitor.page.keyboard.press("Enter")
    visitor.link_says(borough="Camden")


def test_section_list_opens_and_leads_to_section_by_keyboard(visitor: Visitor) -> None:
    visitor.open(f"london_amount?{EVERYTHING}")
    visitor.main.get_by_role("button", name="On this page", exact=True).focus()
    visitor.page.keyboard.press("Enter")
    link = visitor.page.get_by_role("link", name="How fragile is the answer?", exact=True)
    link.focus()
    visitor.page.keyboard.press("Enter")
    expect(visitor.main.get_by_role("heading", name="How fragile is the answer?")).to_be_in_viewport()
    visitor.page.keyboard.press("Escape")


def test_amount_page_with_reduced_motion_has_no_animation(new_visitor: NewVisitor, server: Server) -> None:
    visitor = new_visitor(server, reduced_motion="reduce")
    visitor.open(f"london_amount?{EVERYTHING}")
    longest = visitor.page.evaluate(
        """() => Math.max(...[...document.querySelectorAll('*')].flatMap(element => {
            const style = getComputedStyle(element);
            return [style.animationDuration, style.transitionDuration].flatMap(each => each.split(',').map(parseFloat));
        }))"""
    )
    assert longest <= 0.001
