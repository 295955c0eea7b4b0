"""The notebook that a reader takes away: run as they would run it, it gives the numbers of the page."""

import io
import json
import os
import re
import zipfile
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import nbformat
import numpy as np
import pandas as pd
import pytest
from nbclient import NotebookClient

from core.exports.notebook import DATA_FILE, NOTEBOOK, README, NotebookInfo, notebook, notebook_zip
from core.london.amount.question import LONDON_AMOUNT
from core.london.outcomes.question import LONDON_OUTCOMES
from core.questions.question import AS_PUBLISHED, RECOMMENDED
from core.stats.regression import FitResult, ModelSpec, fit
from core.tables.catalogue import Catalogue
from core.tables.panel import Panel

TOLERANCE = 1e-9
NASTY = ['y "<script>"', "x\\n'[0]", "=cmd() {a}"]
INFO = NotebookInfo(
    "Is trust lower?", "Least squares.", {"records": "Use-of-force records"}, link="https://x.example/?a=1"
)
MODELS = {
    "published": LONDON_AMOUNT.presets[AS_PUBLISHED],
    "outcomes of force": replace(
        LONDON_OUTCOMES.presets[RECOMMENDED], controls=("crime_per_1000",), weights="population", lag=1
    ),
    "trends of areas, by group": replace(
        LONDON_AMOUNT.presets[RECOMMENDED], trends=True, squares=True, moderator="inner_outer"
    ),
}


def run(packed: bytes, folder: Path, monkeypatch: pytest.MonkeyPatch) -> nbformat.NotebookNode:
    """Unpack and execute, with this interpreter as the kernel and nothing of the user's own Jupyter."""
    from ipykernel.kernelspec import write_kernel_spec

    write_kernel_spec(folder / "jupyter" / "kernels" / "python3")
    for name in ("JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR"):
        monkeypatch.setenv(name, str(folder / "jupyter"))
    monkeypatch.setenv("JUPYTER_PATH", str(folder / "jupyter"))
    monkeypatch.setenv("PYTHONPATH", os.devnull)  # the notebook must do without this project
    zipfile.ZipFile(io.BytesIO(packed)).extractall(folder)
    book = nbformat.read(folder / NOTEBOOK, as_version=4)
    nbformat.validate(book)
    NotebookClient(book, timeout=120, resources={"metadata": {"path": str(folder)}}).execute()
    return book


def printed(book: nbformat.NotebookNode) -> tuple[int, pd.DataFrame]:
    """Number of rows and table of estimates that the notebook prints."""
    texts = [out.text for cell in book.cells if cell.cell_type == "code" for out in cell.outputs if "text" in out]
    (text,) = [text for text in texts if "std_error" in text]
    count, table = text.strip().split("\n", 1)
    return int(count.split()[0]), pd.read_csv(io.StringIO(table), index_col=0)


def agrees(book: nbformat.NotebookNode, result: FitResult) -> None:
    count, table = printed(book)
    assert count == result.n
    assert [name.removeprefix("x_") for name in table.index] == [
        estimate.name for estimate in result.estimates if estimate.role != "constant"
    ]
    for name, row in zip(table.index, table.itertuples(), strict=True):
        found = result.estimate(str(name).removeprefix("x_"))
        assert row.estimate == pytest.approx(found.estimate, rel=TOLERANCE)
        assert row.std_error == pytest.approx(found.std_error, rel=TOLERANCE)


@pytest.mark.parametrize("name", MODELS)
def test_notebook_zip_executed_agrees_with_fit(
    name: str, panel: Panel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = fit(panel, MODELS[name], wild=False)
    book = run(notebook_zip(panel, result, INFO), tmp_path, monkeypatch)
    agrees(book, result)
    drawn = [kind for cell in book.cells for out in cell.get("outputs", []) for kind in out.get("data", {})]
    assert drawn.count("image/svg+xml") == 2


def test_notebook_zip_with_hostile_names_has_them_as_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(5)
    y, x, area = NASTY
    frame = pd.DataFrame([(f"a{one}", f"{year}") for one in range(12) for year in range(2010, 2018)])
    frame = frame.set_axis([area, "year"], axis=1).assign(**{y: rng.normal(size=96), x: rng.normal(size=96)})
    own = Panel(frame, area=area, period="year")
    result = fit(own, ModelSpec(y, (x,), form="count", effects=(area, "year")), wild=False)
    sentence = NotebookInfo(f"# {y}", x, {name: name for name in NASTY}, whose="Own figures.")
    book = run(notebook_zip(own, result, sentence), tmp_path, monkeypatch)
    agrees(book, result)
    text = "".join(cell.source for cell in book.cells if cell.cell_type == "markdown")
    assert "<script>" not in text.replace("\\<script\\>", "").replace(f"`{y}`", "")


def test_notebook_zip_has_all_files_and_is_the_same_each_time(panel: Panel, catalogue: Catalogue) -> None:
    result = fit(panel, MODELS["published"], wild=False)
    sentence = replace(INFO, sources=catalogue.sources("survey", "use_of_force"))
    packed = notebook_zip(panel, result, sentence)
    assert packed == notebook_zip(panel, result, sentence)
    files = zipfile.ZipFile(io.BytesIO(packed))
    assert files.namelist() == [NOTEBOOK, DATA_FILE, README]
    assert len(pd.read_csv(files.open(DATA_FILE))) == len(panel.frame)
    for name in (NOTEBOOK, README):
        text = files.read(name).decode()
        assert "Open Government Licence" in text
        assert "https://x.example/?a=1" in text
        assert "They do not show that one thing causes the other" in text


def test_notebook_imports_only_public_packages_and_explains_each_step(panel: Panel) -> None:
    book = notebook(panel, fit(panel, MODELS["published"], wild=False), INFO)
    code = "\n".join("".join(cell["source"]) for cell in book["cells"] if cell["cell_type"] == "code")
    assert set(re.findall(r"^(?:from|import) (\w+)", code, re.MULTILINE)) == {
        "pathlib",
        "numpy",
        "pandas",
        "statsmodels",
        "scipy",
        "altair",
    }
    kinds = [cell["cell_type"] for cell in book["cells"]]
    assert all(before == "markdown" for before, kind in pairwise(kinds) if kind == "code")
    assert json.loads(json.dumps(book)) == book
