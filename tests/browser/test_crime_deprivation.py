"""The page on crime and deprivation in a browser: the scatter drawn, a district highlighted, a model downloaded."""

import csv
import io
import subprocess
import sys
from pathlib import Path

import numpy as np
from playwright.sync_api import Locator, expect

from core.crime.area import panel
from core.crime.deprivation.question import CRIME_PAGE, CRIME_TITLE, DISTRICT
from core.crime.deprivation.text import LABELS
from core.crime.loaders import west_midlands
from core.questions.question import AS_PUBLISHED, PRESET_LABELS
from core.stats.regression import ModelSpec, fit
from tests.browser.test_taking_away import _download
from tests.browser.visiting import Visitor, eventually

EVERYTHING = "layer=analysts&tab=everything"
PUBLISHED = PRESET_LABELS[AS_PUBLISHED]
SHOWN = ModelSpec("log_records_per_1000", ("imd_score",), form="count", effects=(DISTRICT,), cluster=DISTRICT)
ACCENT = (43, 123, 186)


def _scatter(visitor: Visitor) -> Locator:
    """The scatter, once it has painted its dots."""
    chart = visitor.main.get_by_test_id("stVegaLiteChart").first
    expect(chart.locator("canvas, svg").first).to_be_visible()
    eventually(lambda: visitor.pixels(chart).std() > 5, visitor.page, "the scatter")
    return chart


def _accent(visitor: Visitor, chart: Locator) -> int:
    """Pixels near the accent colour, as translucent dots on the background are."""
    pixels = visitor.pixels(chart)
    blue = pixels[..., 2] - pixels[..., 0]
    return int(np.count_nonzero(blue > 0.6 * (ACCENT[2] - ACCENT[0])))


def test_deprivation_page_highlights_chosen_district_in_scatter(visitor: Visitor) -> None:
    visitor.open(f"{CRIME_PAGE}?{EVERYTHING}")
    expect(visitor.heading).to_have_text(CRIME_TITLE)
    chart = _scatter(visitor)
    assert _accent(visitor, chart) < 50
    visitor.choose("District", "Dudley", within=visitor.main)
    visitor.link_says(district="Dudley")
    expect(visitor.main.get_by_role("heading", name="Dudley: the more deprived")).to_be_visible()
    chart = _scatter(visitor)
    eventually(lambda: _accent(visitor, chart) > 500, visitor.page, "the dots of Dudley")


def test_deprivation_page_choices_update_answer_and_link(visitor: Visitor) -> None:
    visitor.open(f"{CRIME_PAGE}?{EVERYTHING}")
    visitor.link_says(outcome="log_records_per_1000", effects="district", cluster="MSOA")
    recommended = visitor.answer.inner_text()
    visitor.choose_preset(PUBLISHED)
    visitor.link_says(outcome="records", effects="none", covariance="classical")
    expect(visitor.answer).not_to_have_text(recommended)
    without_outliers = LABELS["records_typical"]
    visitor.choose("Recorded crime", without_outliers)
    visitor.link_says(outcome="records_typical")
    expect(visitor.main.get_by_text("Your model").first).to_be_visible()
    visitor.settled()
    visitor.choose("Recorded crime", LABELS["records_per_1000_typical"])
    visitor.link_says(outcome="records_per_1000_typical")
    visitor.back()
    visitor.link_says(outcome="records_typical", covariance="classical")
    expect(visitor.sidebar.get_by_role("combobox", name="Recorded crime", exact=True)).to_have_value(
        LABELS["records_typical"]
    )


def test_deprivation_script_download_reproduces_coefficient(visitor: Visitor, tmp_path: Path) -> None:
    visitor.open(f"{CRIME_PAGE}?v=1&cluster=district")
    visitor.link_says(cluster="district", effects="district")
    _download(visitor, "Figures of this model (CSV)", tmp_path)
    script = _download(visitor, "Python script that repeats the fit", tmp_path)
    run = subprocess.run(
        [sys.executable, script], cwd=tmp_path, capture_output=True, text=True, check=True, timeout=120
    )
    lines = run.stdout.splitlines()
    (row,) = csv.DictReader(io.StringIO("\n".join(line for line in lines[1:] if line)))
    expect(visitor.main).to_contain_text(f"{float(row['estimate']):.4f}")
    own = fit(panel(west_midlands()), SHOWN, wild=False).estimate("imd_score")
    np.testing.assert_allclose(float(row["std_error"]), own.std_error, rtol=1e-8)
    assert lines[0] == "1680 rows"
