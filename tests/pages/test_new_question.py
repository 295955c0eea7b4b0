"""A question about something else than force, which no study asked: registered, shown, taken away, told on home."""

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest
from docx import Document
from streamlit.testing.v1 import AppTest

from core.app import cache, data
from core.app.sections import home
from core.questions.question import RECOMMENDED, Question
from core.questions.vocabulary import Step, Vocabulary
from core.registry import pages
from core.registry.page import asking
from core.registry.studies import PANELS
from core.stats.regression import ModelSpec
from core.tables.catalogue import Catalogue, load_catalogue
from core.tables.panel import Panel
from core.tables.schema import Field, Licence, Role, Source, Table
from tests.pages.conftest import Makers
from tests.pages.visiting import PATIENCE, SITE, WHOLE

FOREIGN = re.compile(r"\b(?:study|studies|studied|(?:use-of-)?force|boroughs?|london)\b", re.IGNORECASE)
PAGE = "school_reading"
EFFECT = -1.5
QUESTION = Question(
    page=PAGE,
    study="schools",
    title="Do children read less well where classes are larger?",
    vocabulary=Vocabulary(
        area="district",
        areas="districts",
        period="year",
        periods="years",
        rows="district-years",
        everywhere="the whole country",
        outcome="mark",
        counted="class size",
        kind="{label}",
        unit="marks",
        steps={"count": Step(1.0, "one more child to a class, by {what},")},
        expected=-1,
        caveat="These are associations between means of districts. They say nothing about single children.",
    ),
    outcomes=("reading",),
    predictors=("class_size",),
    controls=("free_meals",),
    forms=("count",),
    presets={
        RECOMMENDED: ModelSpec("reading", ("class_size",), form="count", effects=("district", "year")),
    },
    lags=(0, 1),
    effects=("district", "year"),
    choose_sample=True,
)


def _field(name: str, label: str, unit: str, role: Role) -> Field:
    return Field(name, "string" if role == "key" else "number", label, f"{label} of a district.", role, unit)


FIELDS = (
    _field("district", "District", "", "key"),
    _field("year", "Year", "", "key"),
    _field("reading", "Mean reading mark", "marks", "outcome"),
    _field("class_size", "Mean class size", "children", "control"),
    _field("free_meals", "Children with free meals", "%", "control"),
)
SOURCE = Source(
    "Marks", "Ministry of Marks", "https://marks.example", Licence("", "OGL", "https://ogl.example"), "Marks, 2026."
)


def schools(_: Catalogue) -> Panel:
    """Thirty districts over eight years: a child more to a class goes with `EFFECT` marks."""
    rng = np.random.default_rng(3)
    rows = pd.MultiIndex.from_product([[f"District {n:02}" for n in range(30)], [str(2018 + t) for t in range(8)]])
    frame = rows.to_frame(index=False, name=["district", "year"])
    frame["class_size"] = rng.uniform(18, 32, len(frame))
    frame["free_meals"] = rng.uniform(5, 40, len(frame))
    frame["reading"] = 100 + EFFECT * frame["class_size"] + rng.normal(0, 2, len(frame))
    return Panel(frame, area="district", period="year")


@pytest.fixture
def registered(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The question in the registry, and its table in the catalogue."""
    package = load_catalogue()
    table = Table("schools", "schools.csv", "Schools", "", (SOURCE,), FIELDS, study="schools", rows=240)
    both = Catalogue(package.folder, f"{package.version}+", {**package.tables, "schools": table}, package.derived)
    page = replace(asking(QUESTION, "Reading", ":material/school:", ("schools",)), section="Schools")
    monkeypatch.setattr(pages, "PAGES", (*pages.PAGES, page))
    monkeypatch.setattr(home, "PAGES", pages.PAGES)
    monkeypatch.setattr(data, "catalogue", lambda: both)
    monkeypatch.setitem(PANELS, "schools", schools)
    yield
    cache.clear()


def _page() -> None:
    from core.app.models import model_page
    from core.app.navigation import enter
    from tests.pages.test_new_question import QUESTION

    enter()
    model_page.show(QUESTION)


def foreign(text: str) -> list[str]:
    """Words of other questions in `text`, each with what stands around it."""
    return [text[max(0, match.start() - 60) : match.end() + 30] for match in FOREIGN.finditer(text)]


@pytest.fixture
def shown(registered: None, offered: Makers) -> AppTest:  # noqa: ARG001 - what the page needs before it runs
    return _run(WHOLE)


def _run(query: Mapping[str, str]) -> AppTest:
    at = AppTest.from_function(_page, default_timeout=PATIENCE)
    at.query_params = dict(query)
    at.context = {"url": f"{SITE}/{PAGE}", "theme": "light"}
    at.session_state["entered_by_navigation"] = True
    at.session_state["checks"] = True
    at.run()
    assert not at.exception, at.exception[0].value
    assert not at.error
    return at


def _texts(at: AppTest) -> list[str]:
    """All that stands on the page and in its sidebar, the words of its pictures and tables too."""
    found = []
    for element in [*at.main, *at.sidebar]:
        proto = getattr(element, "proto", None)
        found.append(str(proto))
    return found


READERS: dict[str, Callable[[bytes], str]] = {
    ".html": lambda made: re.sub(r"data:[^\"')]+|<style.*?</style>", "", made.decode(), flags=re.S),
    ".docx": lambda made: "\n".join(
        [p.text for p in Document(io.BytesIO(made)).paragraphs]
        + [c.text for t in Document(io.BytesIO(made)).tables for row in t.rows for c in row.cells]
    ),
    ".xlsx": lambda made: str(
        [
            [cell.value for cell in row]
            for sheet in openpyxl.load_workbook(io.BytesIO(made))
            for row in sheet.iter_rows()
        ]
    ),
    ".zip": lambda made: "\n".join(
        zipfile.ZipFile(io.BytesIO(made)).read(name).decode() for name in zipfile.ZipFile(io.BytesIO(made)).namelist()
    ),
    ".png": lambda made: "" if made.startswith(b"\x89PNG") else "no picture",
}


def test_page_of_unasked_question_answers_it_in_its_own_words(shown: AppTest) -> None:
    texts = "\n".join(_texts(shown))
    assert QUESTION.title in texts
    assert "marks" in texts
    assert "one more child to a class" in texts


def test_page_of_unasked_question_speaks_of_no_study_and_no_force(shown: AppTest) -> None:
    assert [found for text in _texts(shown) for found in foreign(text)] == []


@pytest.mark.usefixtures("registered")
def test_summary_of_unasked_question_speaks_of_its_own_subject() -> None:
    texts = _texts(_run({}))
    assert any("What you can say" in text for text in texts)
    assert [found for text in texts for found in foreign(text)] == []


@pytest.mark.usefixtures("shown")
def test_files_of_unasked_question_speak_of_no_study_and_no_force(offered: Makers) -> None:
    assert len(offered) > 10
    texts = {file: READERS.get(Path(file).suffix, bytes.decode)(make()) for file, make in offered.items()}
    assert {file: found for file, text in texts.items() if (found := foreign(text))} == {}


@pytest.mark.usefixtures("shown")
def test_figures_of_unasked_question_are_those_of_the_panel(offered: Makers) -> None:
    rows = list(csv.DictReader(io.StringIO(offered["estimates.csv"]().decode())))
    assert float(rows[0]["Coefficient"]) == pytest.approx(EFFECT, abs=0.15)


@pytest.mark.usefixtures("registered")
def test_home_tells_the_answer_of_unasked_question_alone() -> None:
    (brief,) = home.briefs("Schools")
    assert (brief.page, brief.question, brief.study) == (PAGE, QUESTION.title, "")
    assert "marks" in brief.answer
    assert not FOREIGN.search(brief.answer)
