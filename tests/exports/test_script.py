import io
import random
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import get_args

import numpy as np
import pandas as pd
import pytest

from core.exports.script import csv_bytes, model_script, model_table
from core.stats.regression import FitResult, ModelSpec, fit
from core.tables.options import Covariance, Kernel, Response
from core.tables.panel import Panel

COMPARED = ["estimate", "std_error", "p", "low", "high"]
BOTH = ("borough", "quarter")
AMOUNT = ModelSpec("score_mean_of_8", ("records",))
OUTCOMES = ("arrested", "hospitalised", "detained_mental_health_act", "other_outcome")
SOUTH = ("Bexley", "Bromley", "Croydon", "Greenwich", "Kingston upon Thames", "Lambeth", "Lewisham", "Merton")
NORTH = ("Hackney", "Hammersmith and Fulham", "Haringey", "Harrow")
SPECS = {
    "as published": replace(AMOUNT, start="2017Q2", end="2023Q4", covariance="classical"),
    "recommended": replace(AMOUNT, effects=BOTH),
    "controls": replace(
        AMOUNT, effects=("quarter",), controls=("imd_score", "crime_per_1000"), form="log_per_1000", covariance="HC1"
    ),
    "two-way": replace(AMOUNT, effects=BOTH, form="per_1000", lag=2, covariance="two_way", weights="population"),
    "Driscoll-Kraay": replace(
        AMOUNT, outcome="trust_mps", effects=("borough",), window="year", covariance="driscoll_kraay", kernel_lags=6
    ),
    "outcomes": ModelSpec("score_mean_of_8", OUTCOMES, form="count", covariance="classical"),
    "shares": ModelSpec("score_trust", OUTCOMES[:3], form="share", window="year", lag=1, effects=BOTH),
    "every fourth quarter": replace(
        AMOUNT, effects=("borough",), non_overlapping=True, end="2023Q2", covariance="HC1", controls=("crime_per_1000",)
    ),
    "some boroughs": replace(
        AMOUNT, areas=SOUTH, effects=BOTH, lag=4, window="year", start="2019Q1", weights="population"
    ),
    "jackknife": replace(
        AMOUNT, effects=BOTH, controls=("crime_per_1000",), covariance="jackknife", weights="population"
    ),
    "jackknife, no effects": replace(AMOUNT, areas=SOUTH, covariance="jackknife"),
    "no effects": replace(
        AMOUNT, form="count", controls=("imd_score",), covariance="two_way", weights="population", start="2020Q1"
    ),
    "classical, weighted": replace(AMOUNT, effects=BOTH, covariance="classical", weights="population", lag=1),
    "two-way, repaired": ModelSpec(
        "score_mean_of_8", OUTCOMES, form="count", areas=NORTH, effects=BOTH, covariance="two_way"
    ),
    "two-way, repaired, with a constant": ModelSpec(
        "score_mean_of_8",
        OUTCOMES,
        form="per_1000",
        areas=SOUTH[:4],
        controls=("crime_per_1000",),
        non_overlapping=True,
        covariance="two_way",
    ),
    "changes": replace(AMOUNT, effects=BOTH, controls=("crime_per_1000",), differences=True, weights="population"),
    "changes, two-way, of what was": replace(
        AMOUNT, differences=True, window="year", lag=1, controls=("crime_per_1000",), covariance="two_way"
    ),
    "changes over a year": replace(
        AMOUNT, differences=True, non_overlapping=True, effects=("quarter",), covariance="driscoll_kraay"
    ),
    "logarithm": replace(AMOUNT, response="log", effects=BOTH, weights="population", lag=1),
    "changes of a logarithm": replace(AMOUNT, response="log", differences=True, effects=BOTH, covariance="HC1"),
    "Poisson": ModelSpec("hospitalised", ("records",), response="poisson", effects=BOTH, controls=("crime_per_1000",)),
    "Poisson, weighted, two-way": ModelSpec(
        "hospitalised", ("records",), response="poisson", weights="population", lag=1, covariance="two_way"
    ),
    "Poisson, jackknife": ModelSpec(
        "arrested", ("crime_per_1000",), response="poisson", form="count", effects=BOTH, covariance="jackknife"
    ),
    "Poisson, classical": ModelSpec("arrested", ("records",), response="poisson", effects=BOTH, covariance="classical"),
    "changes, jackknife": replace(AMOUNT, differences=True, areas=SOUTH, covariance="jackknife", start="2019Q1"),
    "Conley": replace(AMOUNT, effects=BOTH, controls=("crime_per_1000",), covariance="conley", distance=10),
    "Conley, alike, weighted, changes": replace(
        AMOUNT, differences=True, covariance="conley", kernel="uniform", distance=5, weights="population"
    ),
    "Conley, Poisson": ModelSpec(
        "hospitalised", ("records",), response="poisson", effects=BOTH, covariance="conley", distance=10
    ),
    "trends": replace(AMOUNT, effects=BOTH, trends=True, controls=("crime_per_1000",), weights="population"),
    "trends, borough effects alone": replace(AMOUNT, effects=("borough",), trends=True, covariance="HC1", lag=1),
    "trends, two-way": replace(AMOUNT, effects=BOTH, trends=True, window="year", covariance="two_way"),
    "trends, Driscoll-Kraay": replace(AMOUNT, effects=BOTH, trends=True, covariance="driscoll_kraay", areas=SOUTH),
    "trends, jackknife": replace(AMOUNT, effects=BOTH, trends=True, covariance="jackknife", areas=SOUTH),
    "trends, classical": replace(AMOUNT, effects=BOTH, trends=True, covariance="classical", non_overlapping=True),
    "trends, Poisson": ModelSpec("arrested", ("records",), response="poisson", effects=BOTH, trends=True),
    "squares": replace(AMOUNT, effects=BOTH, squares=True, window="year", weights="population"),
    "squares, changes": replace(AMOUNT, effects=BOTH, squares=True, differences=True, form="count", covariance="HC1"),
    "by group": replace(AMOUNT, effects=BOTH, moderator="inner_outer", covariance="two_way", lag=1),
    "by group, changes": replace(AMOUNT, moderator="inner_outer", differences=True, non_overlapping=True),
    "by group, squares and trends": ModelSpec(
        "score_trust",
        OUTCOMES[:2],
        effects=BOTH,
        moderator="inner_outer",
        squares=True,
        trends=True,
        covariance="jackknife",
    ),
    "by group, Poisson": ModelSpec(
        "arrested", ("records",), response="poisson", effects=BOTH, moderator="inner_outer", squares=True
    ),
    "kernel with a control": replace(
        AMOUNT, effects=BOTH, controls=("crime_per_1000",), covariance="driscoll_kraay", non_overlapping=True
    ),
}
NEWER = ("changes", "Poisson")
NUMBERED = ("flag", "treated", "code")
GAPPY = (
    "recommended",
    "two-way",
    "Driscoll-Kraay",
    "shares",
    "some boroughs",
    "kernel with a control",
    "changes",
    "Poisson",
    "Conley",
    "trends",
    "trends, two-way",
    "squares, changes",
    "by group",
    "by group, squares and trends",
)
RUNNER = """
import contextlib, io, runpy, sys
for path in sys.argv[1:]:
    printed = io.StringIO()
    sys.argv = [path]
    with contextlib.redirect_stdout(printed):
        runpy.run_path(path, run_name="__main__")
    print(printed.getvalue(), end="\\f")
"""


def placed(panel: Panel) -> Panel:
    """The `panel` with a place for each borough, somewhere in London."""
    rng = np.random.default_rng(4)
    of = {name: rng.uniform([-0.4, 51.3], [0.2, 51.7]) for name in panel.areas}
    longitude, latitude = np.array([of[name] for name in panel.frame[panel.area]]).T
    frame = panel.frame.assign(longitude=longitude, latitude=latitude)
    return replace(panel, frame=frame, coordinates=("longitude", "latitude"))


def written(panel: Panel, spec: ModelSpec, folder: Path, name: str) -> Path:
    """A script and its CSV as a reader downloads them; returns the script."""
    (folder / f"{name}.csv").write_bytes(csv_bytes(model_table(panel, spec)))
    script = folder / f"{name}.py"
    script.write_text(model_script(panel, spec, f"{name}.csv"), encoding="utf-8")
    return script


def ran(*arguments: str | Path, folder: Path) -> str:
    command = [sys.executable, *map(str, arguments)]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout


def agrees(printed: str, result: FitResult) -> None:
    """Assert that the table that a script printed is that of `result`."""
    count, table = printed.strip().split("\n", 1)
    assert count == f"{result.n} rows"
    found = pd.read_csv(io.StringIO(table), index_col=0)
    expected = result.frame().set_index("name").drop(index="constant", errors="ignore")
    names = [name.removeprefix("x_") for name in found.index]
    assert names == list(expected.index)
    for name, row in zip(names, found.itertuples(), strict=True):
        for column in COMPARED:
            assert getattr(row, column) == pytest.approx(expected.loc[name, column], rel=1e-8), (name, column)


def agree(panel: Panel, names: Sequence[str], folder: Path) -> None:
    panel = placed(panel)
    scripts = [written(panel, SPECS[name], folder, f"model_{at}") for at, name in enumerate(names)]
    printed = ran("-c", RUNNER, *scripts, folder=folder).split("\f")[: len(names)]
    for name, text in zip(names, printed, strict=True):
        agrees(text, fit(panel, SPECS[name], wild=False))


def test_model_script_runs_with_csv_next_to_it_or_as_argument(panel: Panel, tmp_path: Path) -> None:
    script = written(panel, SPECS["recommended"], tmp_path, "model")
    result = fit(panel, SPECS["recommended"], wild=False)
    agrees(ran(script, folder=tmp_path.parent), result)
    (tmp_path / "moved").mkdir()
    figures = (tmp_path / "model.csv").rename(tmp_path / "moved" / "figures.csv")
    agrees(ran(script, figures, folder=tmp_path), result)


def test_model_script_agrees_with_fit(panel: Panel, tmp_path: Path) -> None:
    agree(panel, list(SPECS), tmp_path)


def test_model_script_with_missing_rows_agrees_with_fit(gappy: Panel, tmp_path: Path) -> None:
    agree(gappy, GAPPY, tmp_path)


def test_model_script_with_groups_by_number_agrees_with_fit(panel: Panel, tmp_path: Path) -> None:
    number = panel.frame["borough"].map({name: at for at, name in enumerate(panel.areas)})
    frame = panel.frame.assign(flag=number < 9, treated=(number < 9).astype(float), code=number % 11 + 1)
    numbered = replace(panel, frame=frame)
    specs = [replace(AMOUNT, effects=BOTH, moderator=name, covariance="HC1") for name in NUMBERED]
    scripts = [written(numbered, spec, tmp_path, f"model_{at}") for at, spec in enumerate(specs)]
    for spec, text in zip(specs, ran("-c", RUNNER, *scripts, folder=tmp_path).split("\f"), strict=False):
        agrees(text, fit(numbered, spec, wild=False))


def test_specs_cover_each_kind_of_choice() -> None:
    every = SPECS.values()
    assert {spec.covariance for spec in every} == set(get_args(Covariance))
    assert {spec.form for spec in every} == {"log", "log_per_1000", "per_1000", "count", "share"}
    assert {spec.effects for spec in every} == {(), ("borough",), ("quarter",), BOTH}
    assert {(spec.window, spec.lag > 0) for spec in every} == {
        (window, lagged) for window in ("quarter", "year") for lagged in (False, True)
    }
    assert {spec.weights for spec in every} == {"equal", "population"}
    assert {spec.kernel for spec in every} == set(get_args(Kernel))
    assert {spec.non_overlapping for spec in every} == {False, True}
    assert {spec.differences for spec in every} == {False, True}
    assert {spec.trends for spec in every} == {False, True}
    assert {spec.squares for spec in every} == {False, True}
    assert {spec.moderator for spec in every} == {"", "inner_outer"}
    assert {spec.response for spec in every} == set(get_args(Response))
    assert {len(spec.controls) for spec in every} == {0, 1, 2}
    assert any(spec.areas for spec in every)


@pytest.mark.parametrize("name", [name for name in SPECS if "repaired" in name])
def test_specs_with_repaired_covariance_need_repair(name: str, panel: Panel) -> None:
    assert "negative eigenvalues set to zero" in fit(panel, SPECS[name]).note


def test_model_table_has_columns_of_the_model_and_all_rows(panel: Panel) -> None:
    assert list(model_table(panel, SPECS["recommended"])) == ["borough", "quarter", "score_mean_of_8", "records"]
    assert "population" in model_table(panel, SPECS["two-way"])
    assert "population" not in model_table(panel, SPECS["as published"])
    assert "records" in model_table(panel, SPECS["shares"])
    assert len(model_table(panel, SPECS["some boroughs"])) == len(panel.frame)
    for spec in SPECS.values():
        assert model_table(panel, spec).columns.is_unique


def test_model_script_names_only_its_dependencies(panel: Panel) -> None:
    script = model_script(panel, SPECS["recommended"], "model.csv")
    compile(script, "model.py", "exec")
    assert 'dependencies = ["pandas", "scipy", "statsmodels"]' in script
    assert not re.search(r"^(from|import) core", script, re.MULTILINE)
    assert "model.csv" in script


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_csv_bytes_with_formula_text_is_quoted(start: str) -> None:
    nasty = f"{start}HYPERLINK(0)"
    written_back = pd.read_csv(io.BytesIO(csv_bytes(pd.DataFrame({"name": [nasty, "Barnet", ""]}))), dtype=str)
    assert written_back["name"].tolist()[:2] == [f"'{nasty}", "Barnet"]


def test_csv_bytes_with_formula_in_any_column_type_is_quoted() -> None:
    frame = pd.DataFrame({"text": ["=1+1"], "mixed": pd.Series(["=1+1"], dtype=object)})
    frame["kind"] = pd.Categorical(["=1+1"])
    assert csv_bytes(frame) == b"text,mixed,kind\r\n'=1+1,'=1+1,'=1+1\r\n"


def test_csv_bytes_with_negative_numbers_leaves_them() -> None:
    mixed = pd.Series([-1.5, "-x"], dtype=object)
    frame = pd.DataFrame({"a": [-1, 2], "b": [-0.25, float("nan")], "mixed": mixed, "yes": [True, False]})
    assert csv_bytes(frame) == b"a,b,mixed,yes\r\n-1,-0.25,-1.5,True\r\n2,,'-x,False\r\n"


def test_csv_bytes_has_all_digits_and_letters() -> None:
    value = random.Random(1).random()
    frame = pd.DataFrame({"name": ["Zoë, “the Met”"], "value": [value]})
    read = pd.read_csv(io.BytesIO(csv_bytes(frame)))
    assert read.loc[0, "value"] == value
    assert read.loc[0, "name"] == "Zoë, “the Met”"


def test_csv_bytes_without_rows_has_header() -> None:
    assert csv_bytes(pd.DataFrame({"name": pd.Series([], dtype="str"), "value": pd.Series([], dtype=float)})) == (
        b"name,value\r\n"
    )
