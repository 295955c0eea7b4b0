"""The page of crime types and its claims in a browser: choices in the link, charts drawn, the file to download."""

import csv
from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import expect

from core.crime.area import ALL_RECORDS, LOW, WITHOUT_ASB
from core.crime.loaders import west_midlands
from core.crime.places import STUDY_AREA
from core.crime.types import text as wording
from core.crime.types.design_effects import area_differences, district_quotients, typed_compositions
from core.crime.types.figures import type_figure
from core.presentation.numbers import quoted
from core.questions.links import LINK_VERSION
from tests.browser.visiting import Visitor

PAGE = "crime_types"
EVERYTHING = "layer=analysts&tab=everything"
CHARTS = (
    1 + 1 + 2 + 2 + 2 + 2
)  # the composition, one type, quotients, two pairs of dots and differences, two published compositions
QUERY = {"v": LINK_VERSION, "place": STUDY_AREA, "district": "Coventry", "crime_type": "Bicycle theft"}


def expected_answer(district: str, total: str = WITHOUT_ASB) -> str:
    area = west_midlands()
    return wording.answer(typed_compositions(area, total=total), district_quotients(area, total), district)


def all_drawn(visitor: Visitor) -> None:
    """Wait until every chart of the page is a picture."""
    charts = visitor.main.get_by_test_id("stVegaLiteChart")
    expect(charts).to_have_count(CHARTS)
    for number in range(CHARTS):
        expect(charts.nth(number).locator("canvas, svg").first).to_be_visible()
        assert visitor.pixels(charts.nth(number)).std() > 5


def test_types_page_choices_update_answer_charts_and_link(visitor: Visitor) -> None:
    visitor.open(f"{PAGE}?{EVERYTHING}")
    expect(visitor.answer).to_have_text(expected_answer(""))
    visitor.choose("District", "Dudley", within=visitor.main)
    visitor.link_says(district="Dudley")
    expect(visitor.answer).to_have_text(expected_answer("Dudley"))
    all_drawn(visitor)
    heading = visitor.main.get_by_role("heading", name="Two areas compared")
    heading.evaluate("heading => heading.scrollIntoView({block: 'start'})")
    visitor.choose("One area", "Wolverhampton", within=visitor.main)
    visitor.link_says(one="Wolverhampton")
    visitor.choose("Another", wording.area_label(LOW), within=visitor.main)
    visitor.link_says(one="Wolverhampton", other=LOW)
    finding = wording.pair_finding(
        area_differences(west_midlands(), "Wolverhampton", LOW, WITHOUT_ASB), "Wolverhampton", LOW
    )
    expect(visitor.main.get_by_role("heading", name=finding)).to_be_visible()
    all_drawn(visitor)
    visitor.back()
    visitor.link_says(one="Wolverhampton", other="Coventry")


def test_types_page_link_restores_choices(visitor: Visitor) -> None:
    visitor.open(f"{PAGE}?{urlencode(QUERY | {'one': 'Solihull 009A', 'other': LOW})}")
    expect(visitor.answer).to_have_text(expected_answer("Coventry"))
    for label, value in {
        "District": "Coventry",
        "Type of crime": "Bicycle theft",
        "One area": "Solihull 009A",
        "Another": wording.area_label(LOW),
    }.items():
        expect(visitor.main.get_by_role("combobox", name=label, exact=True)).to_have_value(value)
    title = type_figure(typed_compositions(west_midlands(), total=WITHOUT_ASB), "Bicycle theft", "Coventry").title
    assert title.startswith("Bicycle theft: 2.0")
    expect(visitor.main.get_by_role("heading", name=title)).to_be_visible()


def test_types_page_csv_download_has_every_share(visitor: Visitor, tmp_path: Path) -> None:
    visitor.open(f"{PAGE}?{EVERYTHING}&{urlencode({'total': ALL_RECORDS})}")
    with visitor.page.expect_download() as started:
        visitor.main.get_by_role("button", name="Every share shown here (CSV)").click()
    file = tmp_path / started.value.suggested_filename
    started.value.save_as(file)
    rows = list(csv.DictReader(file.read_text(encoding="utf-8-sig").splitlines()))
    assert len(rows) == len(typed_compositions(west_midlands(), total=ALL_RECORDS))
    (row,) = [row for row in rows if (row["Area"], row["Type"]) == ("Coventry", "Bicycle theft")]
    assert float(row["Share (%)"]) == pytest.approx(572 / 32_957 * 100)


def test_claim_link_opens_types_page_with_its_choices(visitor: Visitor) -> None:
    visitor.open(f"published_claims?{urlencode({'v': LINK_VERSION, 'study': 'west_midlands', 'topic': 'types'})}")
    search = visitor.main.get_by_role("textbox", name="Search")
    search.fill("Bicycle theft is more common in Coventry")
    search.press("Enter")
    visitor.link_says(claim="bicycle-coventry")
    visitor.main.get_by_role("link", name=f"See it on the page {quoted('Types of crime')}").click()
    visitor.page.wait_for_url(f"**/{PAGE}?**")
    visitor.settled()
    visitor.link_says(district="Coventry", crime_type="Bicycle theft", total=ALL_RECORDS)
    expect(visitor.answer).to_have_text(expected_answer("Coventry", ALL_RECORDS))
