"""What a visitor downloads: files that open in other programs and agree with the page."""

import csv
import io
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect

from core.exports.excel import TABLE
from core.london.amount.question import LONDON_AMOUNT
from core.london.panel import london_panel
from core.questions.question import AS_PUBLISHED, PRESET_LABELS
from core.stats.regression import fit
from tests.browser.conftest import NewVisitor
from tests.browser.serving import Server
from tests.browser.visiting import Visitor

TERM = "records"
EVERYTHING = "layer=analysts&tab=everything"
CHANGED = "v=1&outcome=listen_to_concerns&effects=borough&lag=1&borough=Barnet"
MAKING = 120_000  # milliseconds; the first picture of a server takes seconds, more where the machine is busy


def _download(visitor: Visitor, button: str, folder: Path, within: Locator | None = None) -> Path:
    with visitor.page.expect_download(timeout=MAKING) as started:
        (within or visitor.main).get_by_role("button", name=button, exact=within is not None).click()
    file = folder / started.value.suggested_filename
    started.value.save_as(file)
    return file


def test_amount_script_download_reproduces_coefficient(visitor: Visitor, tmp_path: Path) -> None:
    visitor.open(f"{LONDON_AMOUNT.page}?{EVERYTHING}")
    visitor.choose_preset(PRESET_LABELS[AS_PUBLISHED])
    visitor.link_says(effects="none")
    _download(visitor, "Figures of this model (CSV)", tmp_path)
    script = _download(visitor, "Python script that repeats the fit", tmp_path)
    visitor.shows_no_error()

    run = subprocess.run(
        [sys.executable, script], cwd=tmp_path, capture_output=True, text=True, check=True, timeout=120
    )
    lines = run.stdout.splitlines()
    (row,) = csv.DictReader(io.StringIO("\n".join(line for line in lines[1:] if line)))
    estimate = float(row["estimate"])
    expect(visitor.main).to_contain_text(f"\N{MINUS SIGN}{abs(estimate):.4f}")
    result = fit(london_panel(), LONDON_AMOUNT.presets[AS_PUBLISHED])
    assert estimate == pytest.approx(result.estimate(TERM).estimate, rel=1e-8)
    assert lines[0] == f"{result.n} rows"


def _briefing(visitor: Visitor, folder: Path) -> Path:
    visitor.open(f"{LONDON_AMOUNT.page}?{CHANGED}")
    visitor.main.get_by_role("button", name="Share").click()
    return _download(visitor, "To print or read (HTML)", folder, visitor.page.get_by_test_id("stPopoverBody"))


def test_briefing_opens_offline_and_links_back_to_same_view(
    new_visitor: NewVisitor, server: Server, browser: Browser, tmp_path: Path
) -> None:
    first = new_visitor(server)
    file = _briefing(first, tmp_path)
    answer = first.answer.inner_text()
    assert file.name == f"{LONDON_AMOUNT.page}_briefing_barnet.html"
    with browser.new_context(offline=True) as context:
        page = context.new_page()
        asked = _listened(page)
        page.goto(file.as_uri())
        _reads(page, first.heading.inner_text(), answer)
        links = page.get_by_role("link").evaluate_all("links => links.map(link => link.href)")
        assert asked == [file.as_uri()]
    (link,) = [link for link in links if link.startswith(server.root)]
    second = new_visitor(server)
    second.open(link.removeprefix(f"{server.root}/"))
    expect(second.answer).to_have_text(answer)
    assert second.query == first.query
    assert second.query["effects"] == "borough"


def _listened(page: Page) -> list[str]:
    """Every address that `page` asks for from now on; errors of the page fail the test."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: asked.append(message.text))
    return asked


def _reads(page: Page, question: str, answer: str) -> None:
    """Assert that the open file states question and answer, and that its charts are drawn where they can be seen."""
    expect(page.get_by_role("heading", level=1)).to_have_text(question)
    expect(page.locator(".answer")).to_have_text(answer)
    charts = page.get_by_role("img")
    expect(charts.first).to_be_in_viewport()
    for chart in charts.all():
        drawn = chart.locator("svg").locator("visible=true")
        expect(drawn.first).to_be_visible()
        box = drawn.first.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) > 100
        assert chart.get_attribute("aria-label")


def test_briefing_prints_on_a4_and_fits_a_phone(visitor: Visitor, browser: Browser, tmp_path: Path) -> None:
    file = _briefing(visitor, tmp_path)
    with browser.new_context(offline=True, viewport={"width": 390, "height": 844}) as context:
        page = context.new_page()
        page.goto(file.as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") == 390
        printed = page.pdf(prefer_css_page_size=True)
        page.emulate_media(media="print")
        page.set_viewport_size({"width": 658, "height": 979})  # the text on A4
        assert page.evaluate("document.documentElement.scrollWidth") == 658
        heights = page.locator("figure, tr, .own").evaluate_all("parts => parts.map(part => part.offsetHeight)")
        assert max(heights) < 979
    assert re.search(rb"/MediaBox \[0 0 59[45][.\d]* 84[12][.\d]*\]", printed)


def test_chart_downloads_in_four_formats_agree(visitor: Visitor, tmp_path: Path) -> None:
    visitor.open(f"{LONDON_AMOUNT.page}?{CHANGED}")
    # A chart that is drawn later moves what was opened under it out of sight, where nothing scrolls it back.
    visitor.main.get_by_test_id("stVegaLiteChart").first.locator("canvas, svg.marks").first.wait_for()
    button = visitor.main.get_by_role("button", name="Table and downloads").first
    button.evaluate("item => item.scrollIntoView({block: 'center'})")
    button.click()
    opened = visitor.page.get_by_test_id("stPopoverBody")
    files = {kind: _download(visitor, kind, tmp_path, opened) for kind in ("CSV", "Excel", "SVG", "PNG")}
    with files["CSV"].open(encoding="utf-8-sig", newline="") as stream:
        names, *rows = csv.reader(stream)
    sheet = [list(row) for row in openpyxl.load_workbook(files["Excel"])[TABLE].iter_rows(values_only=True)]
    assert sheet[0] == names
    assert [row[0] for row in sheet[1:]] == [row[0] for row in rows]
    drawn = ElementTree.parse(files["SVG"]).getroot()
    title = next(iter(drawn)).text or ""
    expect(visitor.main.get_by_role("heading", level=3, name=title, exact=True)).to_be_visible()
    with Image.open(files["PNG"]) as picture:
        assert picture.format == "PNG"
        assert picture.width / picture.height == pytest.approx(
            float(drawn.get("width", 0)) / float(drawn.get("height", 1)), rel=0.01
        )
    button.click()  # closes it
    visitor.shows_no_error()
