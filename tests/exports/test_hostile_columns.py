"""Script and notebook of a table whose names are those of code: they give the numbers of the fit, digit by digit."""

import io
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from core.exports.notebook import NotebookInfo, notebook_zip
from core.stats.regression import FitResult, ModelSpec, fit
from core.tables.panel import Panel
from tests.exports.test_notebook import printed, run
from tests.exports.test_script import RUNNER, ran, written

AREAS = ("NA", "null", "n/a", "=A1", "-", "nan", "", " x", "None", "'=B", "1e5", '\u00c4 "b"')
YEARS = tuple(str(year) for year in range(2012, 2022))
DIGITS = 12
# Names of columns that the code could take for its own: prefixes, dummies, the constant, a level, variables, syntax.
NAMES: dict[str, tuple[str, str, str, str, str]] = {
    "prefix": ("Area", "Year", "Trust", "Stops", "x_Stops"),
    "longer prefix": ("x_Area", "xx_Year", "x_x_Stops", "Stops", "x_Stops"),
    "dummies": ("Area", "Year", "Area_null", "Year_2013", "Area_nan"),
    "constant": ("const", "0", "1", "2", "const_"),
    "variables": ("sample", "panel", "y", "X", "terms"),
    "index": ("index", "level_0", "key", "weights", "estimate"),
    "syntax": ('"]; import os #', "{year}", "a\\n'[0]", "{0} %s", "=x()"),
    "keys": ("NA", "null", "nan", "None", "inf"),
    "keywords": ("class", "def", "lambda", "import", "return"),
    "builtins": ("print", "list", "len", "float", "str"),
    "modules": ("pd", "np", "sm", "model", "result"),
    "columns of ours": ("area", "period", "population", "weight", "Value"),
    "line breaks and backslashes": ("Area\nname", "Year\r\n", "Trust \\", '"""Stops', "C:\\new\\'"),
    "of estimates": ("estimate", "std_error", "p", "low", "high"),
    "formulas": ("Trust ~ Stops", "C(Year)", "Q('x')", "I(x**2)", "x:y"),
}


def hostile(names: tuple[str, str, str, str, str]) -> Panel:
    area, period, outcome, predictor, control = names
    rng = np.random.default_rng(7)
    keys = pd.MultiIndex.from_product([[name or "empty" for name in AREAS], YEARS], names=[area, period])
    frame = keys.to_frame(index=False)
    values = rng.uniform(1, 9, (3, len(frame)))
    frame[outcome], frame[predictor], frame[control] = values
    frame.loc[5, predictor] = np.nan
    return Panel(frame.drop(index=[17, 40]), area, period)


def spec_of(panel: Panel, names: tuple[str, str, str, str, str], lag: int = 0) -> ModelSpec:
    area, period, outcome, predictor, control = names
    return ModelSpec(
        outcome,
        (predictor,),
        form="count",
        effects=(area, period),
        controls=(control,),
        lag=lag,
        areas=tuple(panel.areas[:9]),
    )


def to_digits(value: float) -> str:
    return f"{value:.{DIGITS - 2}g}"


def agree(count: int, table: pd.DataFrame, result: FitResult) -> None:
    expected = [estimate for estimate in result.estimates if estimate.role != "constant"]
    assert count == result.n
    assert len(table) == len(expected)
    for (_, row), found in zip(table.iterrows(), expected, strict=True):
        for column in ("estimate", "std_error", "p", "low", "high"):
            assert to_digits(row[column]) == to_digits(getattr(found, column)), (found.name, column)


def test_model_scripts_with_hostile_names_print_the_numbers_of_the_fit(tmp_path: Path) -> None:
    cases = [(kind, lag) for kind in NAMES for lag in (0, 1)]
    panels = {kind: hostile(NAMES[kind]) for kind in NAMES}
    specs = [spec_of(panels[kind], NAMES[kind], lag) for kind, lag in cases]
    made = enumerate(zip(cases, specs, strict=True))
    scripts = [written(panels[kind], spec, tmp_path, f"model_{at}") for at, ((kind, _), spec) in made]
    texts = ran("-c", RUNNER, *scripts, folder=tmp_path).split("\f")[: len(cases)]
    for (kind, _), spec, text in zip(cases, specs, texts, strict=True):
        count, table = text.strip().split("\n", 1)
        found = pd.read_csv(io.StringIO(table), index_col=0, keep_default_na=False)
        agree(int(count.split()[0]), found, fit(panels[kind], spec, wild=False))


def test_notebook_with_hostile_names_prints_the_numbers_of_the_fit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel = hostile(NAMES["prefix"])
    result = fit(panel, spec_of(panel, NAMES["prefix"]), wild=False)
    agree(*printed(run(notebook_zip(panel, result, NotebookInfo("?", ".", {})), tmp_path, monkeypatch)), result)
