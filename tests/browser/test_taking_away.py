"""What a visitor takes away: the figures and the script, which agree with the page."""

import csv
import io
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import expect

from core.london import london_panel
from core.questions import AS_PUBLISHED, LONDON_AMOUNT, PRESET_LABELS
from core.regression import fit
from tests.browser.visiting import Visitor

TERM = "records"


def _download(visitor: Visitor, button: str, folder: Path) -> Path:
    with visitor.page.expect_download() as started:
        visitor.main.get_by_role("button", name=button).click()
    file = folder / started.value.suggested_filename
    started.value.save_as(file)
    return file


def test_script_comes_to_the_coefficient_on_the_page(visitor: Visitor, tmp_path: Path) -> None:
    visitor.open(LONDON_AMOUNT.page)
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
