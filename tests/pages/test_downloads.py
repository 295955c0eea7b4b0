"""Everything that a page offers as a file can be made, and every column of it is explained."""

import io
import re
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pandas as pd
import pytest

from core.app import downloads
from core.app.downloads import View
from core.exports import images, notebook, regression_table
from core.exports.briefing import content as content
from core.exports.excel import DEFINITIONS, TABLE
from core.london.amount.question import LONDON_AMOUNT
from core.registry.pages import PAGES
from tests.exports.test_notebook import printed, run
from tests.pages.caches import cached_for_all
from tests.pages.conftest import Makers
from tests.pages.test_user_panel import asked
from tests.pages.visiting import SITE, Visit
from tests.user_panel.panels import YEARS, as_csv, rows

OPENED = ("checks", "neighbours")
LSOA = "E01033620"


@pytest.fixture
def unexplained(monkeypatch: pytest.MonkeyPatch) -> set[tuple[str, str]]:
    """Columns without a definition, by page, of the workbooks made since."""
    found: set[tuple[str, str]] = set()
    about = View.about

    def noting(self: View, title: str, columns: pd.Index) -> object:
        sentence = about(self, title, columns)
        found.update((self.page, meaning.column) for meaning in sentence.meanings if not meaning.text)
        return sentence

    monkeypatch.setattr(View, "about", noting)
    return found


def opened(page: str, **choices: object) -> Visit:
    """`page` with all its parts open and something picked wherever one can."""
    visit = Visit(page)
    for name in OPENED:
        visit.at.session_state[name] = True
    picked = {"borough": "Barnet", "lsoa": LSOA, "events": True} | choices
    return visit.set(**{name: value for name, value in picked.items() if visit.has(name)})


def sheet(made: bytes, name: str) -> list[list[object]]:
    return [[cell.value for cell in row] for row in openpyxl.load_workbook(io.BytesIO(made))[name].iter_rows()]


@pytest.mark.parametrize("page", [entry.name for entry in PAGES])
def test_page_workbooks_explain_every_column(page: str, offered: Makers, unexplained: set[tuple[str, str]]) -> None:
    opened(page, kind="change")
    tables = {name: make for name, make in offered.items() if name.endswith(".xlsx")}
    for name, make in tables.items():
        assert f"{name[:-5]}.csv" in offered
        assert make().startswith(b"PK")
    assert not unexplained


def test_workbook_has_table_link_sources_and_definitions(offered: Makers) -> None:
    visit = Visit(LONDON_AMOUNT.page)
    before = offered["models.xlsx"]()
    table, definitions = sheet(before, TABLE), [text for row in sheet(before, DEFINITIONS) for text in row if text]
    shown = visit.table("Model")
    assert table[0] == list(shown.columns)
    assert [row[0] for row in table[1:]] == list(shown["Model"])
    assert [row[1] for row in table[1:]] == pytest.approx(list(shown["Points"]), rel=1e-15)
    links = [str(text) for text in definitions if str(text).startswith(f"{SITE}/{LONDON_AMOUNT.page}?v=1&")]
    assert any("&outcome=" in link for link in links)
    assert any("Public Attitude Survey" in str(text) for text in definitions)
    assert set(table[0]) <= set(definitions)
    assert before == offered["models.xlsx"]()


def test_workbook_link_has_the_choices_made(offered: Makers) -> None:
    Visit(LONDON_AMOUNT.page).set(borough="Barnet")
    sentence = [text for row in sheet(offered["models.xlsx"](), DEFINITIONS) for text in row if text]
    assert any("borough=Barnet" in str(text) for text in sentence)


def test_chart_download_has_finding_sources_and_light_theme(offered: Makers) -> None:
    visit = Visit(LONDON_AMOUNT.page)
    visit.at.context = {"url": f"{SITE}/{LONDON_AMOUNT.page}", "theme": "dark"}
    visit.run()
    drawn = offered["models.svg"]().decode()
    text = " ".join(ElementTree.fromstring(drawn).itertext())
    assert "Open Government Licence" in text
    assert "Metropolitan Police Service" in text
    assert next(item.value for item in visit.at.subheader if "as published" in item.value).split(",")[0] in text
    assert "#e8edf2" not in drawn
    assert offered["models.png"]().startswith(b"\x89PNG")


@pytest.mark.parametrize(("page", "name"), [("london_map", "london_map"), ("crime_rates", "crime_rates")])
def test_map_download_has_outline_and_table(page: str, name: str, offered: Makers) -> None:
    opened(page)
    drawn = offered[f"{name}_picture.svg"]().decode()
    assert "Outlined: Ba" in drawn or "Outlined: Birmingham 138A" in drawn
    rows = pd.read_csv(io.BytesIO(offered[f"{name}_picture.csv"]()))
    assert "Value" in rows
    assert ("Beyond chance" in rows) == (page == "crime_rates")  # a map of a level has nothing to tell from chance


def test_page_makes_no_file_before_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object, **__: object) -> bytes:
        raise AssertionError("made without being asked for")

    makers = {
        downloads: ("excel_bytes", "csv_bytes", "with_theme"),
        images: ("svg", "sheet"),
        notebook: ("notebook_zip",),
    }
    makers |= {content: ("shortened", "ordered", "cells"), regression_table: ("regression_table",)}
    for module, names in makers.items():
        for name in names:
            monkeypatch.setattr(module, name, never)
    for page in (LONDON_AMOUNT.page, "london_map", "crime_rates"):
        Visit(page)


def test_model_downloads_have_paper_tables_and_notebook(offered: Makers) -> None:
    name = f"{LONDON_AMOUNT.page}_model"
    Visit(LONDON_AMOUNT.page).set(lag=1)
    for ending, start in (("html", b"<!DOCTYPE html>"), ("tex", b"% needs"), ("md", b"**Average")):
        for marks in ("p", "stars"):
            made = offered[f"{name}_{marks}.{ending}"]()
            assert made.startswith(start)
            assert b"As published" in made
    assert "(7) Shown" in offered[f"{name}_p.md"]().decode().replace("\\", "")
    packed = zipfile.ZipFile(io.BytesIO(offered[f"{name}_notebook.zip"]()))
    assert "Is trust lower" in packed.read("notebook.ipynb").decode()


def _agrees_when_run(visit: Visit, packed: bytes, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Assert that the notebook, run elsewhere, comes to the estimates in the page's table."""
    _, table = printed(run(packed, folder, monkeypatch))
    shown = visit.table("Term", "Coefficient")
    assert list(table["estimate"]) == pytest.approx(list(shown["Coefficient"]), rel=1e-9)
    assert list(table["std_error"]) == pytest.approx(list(shown["Standard error"]), rel=1e-9)


def test_notebook_download_reproduces_estimates_of_page(
    offered: Makers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit = Visit(LONDON_AMOUNT.page).set(lag=1, form="count")
    _agrees_when_run(visit, offered[f"{LONDON_AMOUNT.page}_model_notebook.zip"](), tmp_path, monkeypatch)


def test_notebook_of_uploaded_panel_reproduces_its_estimates(
    offered: Makers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit = asked(Visit("user_panel"), as_csv(rows(YEARS))).set(form="log")
    _agrees_when_run(visit, offered["user_panel_model_notebook.zip"](), tmp_path, monkeypatch)


def test_script_and_figures_have_before_and_after_and_outcomes_once_asked_for(offered: Makers) -> None:
    name = f"{LONDON_AMOUNT.page}_model"
    whole = {"layer": "analysts", "tab": "everything", "effects": "borough|quarter", "window": "quarter"}
    visit = Visit(LONDON_AMOUNT.page, whole | {"compared": "trust_mps|good_job_local"})
    assert b"before and after" not in offered[f"{name}.py"]()
    visit.set(repeated=["before_after", "several"])
    visit.agrees("ModelSpec", "Repeated", "EventWindow", "OutcomesCompared")
    script = offered[f"{name}.py"]()
    assert b"n_leads, n_lags = 4, 4" in script
    visit.set(before=2)  # the section runs alone, and what it shows is what is repeated
    assert b"n_leads, n_lags = 2, 4" in offered[f"{name}.py"]()
    assert b"for outcome in ['trust_mps', 'good_job_local']" in script
    assert {"trust_mps", "good_job_local"} <= {*pd.read_csv(io.BytesIO(offered[f"{name}.csv"]()))}
    packed = zipfile.ZipFile(io.BytesIO(offered[f"{name}_notebook.zip"]()))
    assert "## Several outcomes side by side" in packed.read("notebook.ipynb").decode()


def test_script_of_uploaded_panel_repeats_before_and_after_and_outcomes(offered: Makers) -> None:
    visit = asked(Visit("user_panel"), as_csv(rows(YEARS))).set(before=1, after=0)
    visit.set(repeated=["before_after", "several"])
    assert not [item.value for item in visit.at.caption if item.value.startswith("Not repeated")]
    assert b"n_leads, n_lags" in offered["user_panel_model.py"]()
    assert b"for outcome in" in offered["user_panel_model.py"]()
    packed = zipfile.ZipFile(io.BytesIO(offered["user_panel_model_notebook.zip"]()))
    assert "## Several outcomes side by side" in packed.read("notebook.ipynb").decode()


def test_tab_alone_repeats_what_the_link_says_and_says_what_it_cannot(offered: Makers) -> None:
    link = {"layer": "analysts", "tab": "take_away", "repeated": "before_after", "before": "3", "after": "1"}
    visit = Visit(LONDON_AMOUNT.page, link | {"window": "quarter"})
    assert visit.query.items() >= link.items()
    assert b"n_leads, n_lags = 3, 1" in offered[f"{LONDON_AMOUNT.page}_model.py"]()
    visit = Visit(LONDON_AMOUNT.page, link | {"start": "2021Q1", "end": "2021Q1", "effects": "none"})
    assert any(item.value.startswith("Not repeated: ") for item in visit.at.caption)
    assert b"n_leads" not in offered[f"{LONDON_AMOUNT.page}_model.py"]()


@pytest.mark.parametrize("page", ["crime_deprivation", "london_outcomes"])
def test_model_downloads_of_other_pages_are_made(page: str, offered: Makers) -> None:
    Visit(page)
    assert b"Recommended" in offered[f"{page}_model_p.html"]()
    assert offered[f"{page}_model_notebook.zip"]().startswith(b"PK")


HOSTILE = {
    "Region": "=cmd()|' /C calc'!A0",
    "outcome": "<script>alert(1)</script>",
    "spending": r"\input{x} $_50% & {",
    "chance": '"]; import os #\x0b\x1b\n*x*',
}


def test_downloads_of_hostile_panel_escape_its_names(offered: Makers, unexplained: set[tuple[str, str]]) -> None:
    visit = Visit("user_panel")
    frame = rows(YEARS).rename(columns=HOSTILE)
    cached = cached_for_all()
    asked(visit, as_csv(frame))
    for name, make in offered.items():
        made = make()
        if name.endswith(".xlsx"):
            cells = [c for ws in openpyxl.load_workbook(io.BytesIO(made)) for row in ws.iter_rows() for c in row]
            assert not any(cell.data_type == "f" or cell.hyperlink for cell in cells)
        elif name.endswith(".svg"):
            assert not [part for part in ElementTree.fromstring(made).iter() if part.tag.endswith("script")]
        elif name.endswith((".html", ".md")):
            assert not re.search(rb"(?<!\\)<script", made)
    assert any(name.endswith("_p.tex") for name in offered)
    assert not unexplained
    sentence = sheet(offered["estimates.xlsx"](), DEFINITIONS)
    assert "Figures of the reader's own file." in [text for row in sentence for text in row]
    assert not any("Metropolitan Police" in str(text) for row in sentence for text in row)
    assert cached_for_all() == cached
