"""What a reader leaves a model page with: its figures, code that repeats the fit, a table for a paper, the link."""

from collections.abc import Callable, Mapping
from functools import partial

import pandas as pd
import streamlit as st

from core.app import downloads, lazy, render
from core.app.downloads import View, current_view
from core.app.state import PageState
from core.exports import notebook, regression_table, script
from core.exports.regression_table import Marks, RegressionTable
from core.exports.script_panels import Further, panel_parts
from core.presentation.models.model_figures import term_label
from core.questions.question import Question
from core.stats.regression import FitResult, ModelError
from core.tables.catalogue import Catalogue
from core.tables.panel import Panel

WRITERS: Mapping[str, tuple[str, Callable[[RegressionTable], str], str]] = {
    "HTML": ("html", regression_table.as_html, "text/html"),
    "LaTeX": ("tex", regression_table.as_latex, "application/x-tex"),
    "Markdown": ("md", regression_table.as_markdown, "text/markdown"),
}
MARKS: Mapping[Marks, str] = {"p": "With p-values", "stars": "With stars"}
SHOWN = "Shown"
Label = Callable[[str, FitResult], str]
Later = Callable[[], FitResult]


def download_section(
    state: PageState,
    panel: Panel,
    result: FitResult,
    question: Question,
    others: Mapping[str, Later],
    catalogue: Catalogue,
    further: Callable[[], Further],
) -> None:
    """Downloads of the model shown, and the link to this view.

    Parameters
    ----------
    question
        The page's question.
    others
        What fits the models to stand next to it in a table, by their names; called when the table is asked for.
    catalogue
        Words for the variables.
    further
        What script and notebook repeat besides the model.
    """
    name, view = f"{state.page}_model", current_view()

    def named(variable: str, fitted: FitResult) -> str:
        return term_label(variable, fitted.spec, catalogue, question.vocabulary)

    def table() -> pd.DataFrame:
        return script.model_table(panel, result.spec, further().outcomes)

    def code() -> bytes:
        parts = panel_parts(panel, result.spec, further())
        return script.model_script(panel, result.spec, f"{name}.csv", parts).encode()

    render.download(table, name, "Figures of this model")
    with st.container(horizontal=True):
        downloads.button(
            "Python script that repeats the fit",
            code,
            f"{name}.py",
            "text/x-python",
            icon=":material/code:",
        )
        downloads.button(
            "Jupyter notebook with its figures (ZIP)",
            partial(_notebook, panel, result, question.title, named, view, further),
            f"{name}_notebook.zip",
            "application/zip",
            icon=":material/book:",
        )
        tables = partial(_tables, (panel.area, panel.period), others, result, named, name)
        lazy.popover("Regression table for a paper", state.key("open.tables"), tables, ":material/table_view:")
    st.caption(
        "Script and notebook need pandas and statsmodels, and come to the same numbers without this app; the notebook "
        "brings its figures, the script reads the CSV."
    )


def _tables(keys: tuple[str, str], others: Mapping[str, Later], result: FitResult, label: Label, name: str) -> None:
    """Buttons for the models next to each other, with p-values or with stars, in each way of writing."""
    for marks, text in MARKS.items():
        st.markdown(text)
        with st.container(horizontal=True):
            for kind, (ending, write, media) in WRITERS.items():
                make = partial(_table, keys, others, result, label, marks, write)
                downloads.button(kind, make, f"{name}_{marks}.{ending}", media)


def _table(
    keys: tuple[str, str],
    others: Mapping[str, Later],
    result: FitResult,
    label: Label,
    marks: Marks,
    write: Callable[[RegressionTable], str],
) -> bytes:
    fits, failed = _fits(others, result)
    title = label(result.spec.outcome, result)
    return write(regression_table.regression_table(fits, title, label, marks, keys, failed)).encode()


def _fits(others: Mapping[str, Later], result: FitResult) -> tuple[dict[str, FitResult], list[str]]:
    """The models by the names of their columns, the one shown last if it is another, and why some are not there."""
    fits, failed = {}, []
    for name, make in others.items():
        try:
            fits[name] = make()
        except ModelError as error:
            failed.append(f"{name}: {error}")
    there = any(found.spec == result.spec for found in fits.values())
    return fits if there else {**fits, SHOWN: result}, failed


def _notebook(
    panel: Panel, result: FitResult, question: str, label: Label, view: View, further: Callable[[], Further]
) -> bytes:
    spec, more = result.spec, further()
    variables = dict.fromkeys([spec.outcome, *spec.predictors, *spec.controls, *more.outcomes])
    sentence = notebook.NotebookInfo(
        question,
        f"Least squares of {label(spec.outcome, result)}. {result.note}",
        {name: label(name, result) for name in variables},
        view.sources,
        view.whose,
        view.link,
    )
    return notebook.notebook_zip(panel, result, sentence, more)
