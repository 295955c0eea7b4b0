"""A model as a Jupyter notebook with its data: loads, fits, draws, and explains each step in plain language.

Its code is that of :func:`core.exports.script.model_script`, step by step. The notebook is plain JSON (nbformat 4), so
no further package is needed to write it.
"""

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.exports.attribution import APP
from core.exports.regression_table import markdown_text
from core.exports.script import PREFIX, csv_bytes, model_parts, model_table, predictor_prefix
from core.exports.script_panels import Further, panel_parts
from core.stats.regression import FitResult, ModelSpec
from core.tables.panel import Panel
from core.tables.schema import Source

NOTEBOOK, DATA_FILE, README = "notebook.ipynb", "figures.csv", "README.txt"
PACKAGES = "jupyter pandas scipy statsmodels altair vl-convert-python"
MADE_AT = (2020, 1, 1, 0, 0, 0)  # fixed, so that the same figures make the same bytes
CAUTION = (
    "The estimates are associations between figures for whole areas. They do not show that one thing causes the other, "
    "and they say nothing about individuals."
)

STEPS: Mapping[str, str] = {
    "read": "## The figures\n\nEvery row is one area in one period; the columns are those that the model needs.",
    "predictors": "## The predictors\n\nEach is put into the form in which it enters the model.",
    "rows": "## The rows\n\nRows without a figure for each variable of the model are left out.",
    "fit": (
        "## The fit\n\nLeast squares. An effect is a dummy for every level of a key but the first: with it, only "
        "differences within that level count. All areas of a period share the effect of that period, so what moved "
        "everywhere at once is taken out."
    ),
    "errors": (
        "## Standard errors\n\nThey say how far the estimates would typically lie from the truth. The rows of one area "
        "are related over time; errors clustered by area allow for that.\n\nHere: {note}"
    ),
    "estimates": "## The estimates\n\nOne line for each coefficient, with its 95% interval.",
}
FURTHER: Mapping[str, str] = {
    "before_after": (
        "## Before and after\n\nThe predictor of later, the same and earlier periods together, within areas. Sums of "
        "these coefficients say what is associated with a lasting rise of it, by the time since; those before the rise "
        "are what areas already differed by."
    ),
    "outcomes": (
        "## Several outcomes side by side\n\nThe same model for each. The adjusted p-values allow for looking at all "
        "of them (Holm)."
    ),
}
TRENDS = "Each area also has a trend of its own, a straight line over time, so that only departures from it count."
SQUARES = (
    "Each predictor also enters by its square, less its mean: its own coefficient is then the association at the mean."
)
GROUPS = (
    "Each predictor also enters times an indicator of each group of areas but the first, less the group's share of the "
    "rows: its own coefficient is then the mean of the groups' associations, the others are differences from the first."
)
_CHARTS = """
import altair as alt

alt.renderers.enable("svg")  # drawn here, without the internet
drawn = table.rename_axis("name").reset_index().assign(name=lambda rows: rows["name"].str.removeprefix("x_"))
base = alt.Chart(drawn).encode(y=alt.Y("name:N", title=None, sort=None))
bars = base.mark_rule(strokeWidth=3).encode(x=alt.X("low:Q", title="Coefficient, with 95% interval"), x2="high:Q")
zero = alt.Chart(pd.DataFrame({"zero": [0]})).mark_rule(strokeDash=[4, 3]).encode(x="zero:Q")
(zero + bars + base.mark_circle(size=110, opacity=1).encode(x="estimate:Q")).properties(width=500)
"""
_PARTIAL = """
# outcome and first predictor, each with all else in the model taken out: the slope is the coefficient
root = np.sqrt(weights.to_numpy())
others = X.drop(columns=terms[0]).to_numpy() * root[:, None]


def rest(values):
    weighted = values.astype(float).to_numpy() * root
    return (weighted - others @ np.linalg.lstsq(others, weighted, rcond=None)[0]) / root


points = pd.DataFrame({"x": rest(X[terms[0]]), "y": rest(y)})
dots = alt.Chart(points).mark_circle(size=22, opacity=0.4).encode(
    x=alt.X("x:Q", title="First predictor, rest"), y=alt.Y("y:Q", title="Outcome, rest")
)
ends = pd.DataFrame({"x": [points["x"].min(), points["x"].max()]}).assign(y=lambda rows: rows["x"] * estimates_of_first)
(dots + alt.Chart(ends).mark_line(strokeWidth=2.5, color="#b8621b").encode(x="x:Q", y="y:Q")).properties(width=500)
"""


@dataclass(frozen=True)
class NotebookInfo:
    """The text of a notebook apart from its code.

    Parameters
    ----------
    title
        The question.
    answer
        The model in a sentence.
    labels
        Labels of the columns.
    sources
        Publications that the figures come from.
    whose
        Note on uploaded figures; empty without.
    link
        Address of the view; empty without.
    """

    title: str
    answer: str
    labels: Mapping[str, str]
    sources: Sequence[Source] = ()
    whose: str = ""
    link: str = ""


def notebook_zip(panel: Panel, result: FitResult, info: NotebookInfo, further: Further | None = None) -> bytes:
    """The notebook, its figures as CSV and a README, as a zip; the same bytes for the same arguments."""
    book, outcomes = notebook(panel, result, info, further), further.outcomes if further else ()
    files = {
        NOTEBOOK: json.dumps(book, ensure_ascii=False, indent=1).encode() + b"\n",
        DATA_FILE: csv_bytes(model_table(panel, result.spec, outcomes)),
        README: readme(info).encode(),
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, MADE_AT), content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def notebook(panel: Panel, result: FitResult, info: NotebookInfo, further: Further | None = None) -> dict[str, Any]:
    """The notebook as JSON: nbformat 4.5, without outputs."""
    more = panel_parts(panel, result.spec, further) if further else {}
    cells = [_markdown(_opening(info)), *_steps(panel, result)]
    cells += [
        _markdown("## In a picture\n\nDots are estimates, bars 95% intervals; the dashed line is no association."),
        _code(_CHARTS.replace(f'"{PREFIX}"', f'"{predictor_prefix(panel)}"')),
        _markdown("A dot is a row. What is drawn has all other variables and effects of the model taken out."),
        _code(_PARTIAL.replace("estimates_of_first", 'table["estimate"].iloc[0]')),
        *(cell for name, code in more.items() for cell in (_markdown(FURTHER[name]), _code(code))),
        _markdown(f"## Read with care\n\n{CAUTION}"),
    ]
    return {
        "cells": [cell | {"id": f"cell-{number}"} for number, cell in enumerate(cells, start=1)],
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def _steps(panel: Panel, result: FitResult) -> list[dict[str, Any]]:
    spec: ModelSpec = result.spec
    parts = model_parts(panel, spec, f'Path("{DATA_FILE}")')
    note = markdown_text(result.note)
    said = {
        **STEPS,
        "rows": " ".join([STEPS["rows"], *([SQUARES] if spec.squares else []), *([GROUPS] if spec.moderator else [])]),
        "fit": " ".join([STEPS["fit"], *([TRENDS] if spec.trends else [])]),
    }
    cells = [(_markdown(text.format(note=note)), _code(parts[name])) for name, text in said.items()]
    return [cell for pair in cells for cell in pair]


def _opening(info: NotebookInfo) -> str:
    listed = "\n".join(f"- `{name.replace('`', '')}`: {markdown_text(text)}" for name, text in info.labels.items())
    parts = [
        f"# {markdown_text(info.title)}",
        markdown_text(info.answer),
        f"Columns of `{DATA_FILE}`:\n\n{listed}" if listed else "",
        f"The same view in the {APP}: <{info.link}>" if info.link else "",
        f"It needs `pip install {PACKAGES}`. Run all cells from the top.",
        "\n".join(["**Sources**", "", *(f"- {markdown_text(line)}" for line in _sources(info))]),
    ]
    return "\n\n".join(part for part in parts if part)


def _sources(info: NotebookInfo) -> list[str]:
    lines = [f"{note.title}, {note.publisher}. {note.terms}. {note.attribution}" for note in info.sources]
    return [*([info.whose] if info.whose else []), *lines]


def readme(info: NotebookInfo) -> str:
    """What is in the zip and how to run it, as plain text."""
    lines = [
        info.title,
        "",
        info.answer,
        "",
        f"{NOTEBOOK}  the model step by step, for Jupyter",
        f"{DATA_FILE}     its figures, which the notebook reads from the same folder",
        "",
        f"To run it: pip install {PACKAGES}",
        f"           jupyter lab {NOTEBOOK}",
        "",
        CAUTION,
        "",
        "Sources",
        *_sources(info),
        *([f"View: {info.link}"] if info.link else []),
        f"Made with the {APP}.",
    ]
    return "\n".join(lines) + "\n"


def _markdown(text: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": text.strip("\n").splitlines(keepends=True)}


def _code(text: str) -> dict[str, Any]:
    lines = text.strip("\n").splitlines(keepends=True)
    return {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": lines}
