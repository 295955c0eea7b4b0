"""Before and after, and several outcomes, as script and notebook repeat them: the app's numbers, digit by digit."""

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from core.exports.notebook import notebook_zip
from core.exports.script import csv_bytes, model_script, model_table
from core.exports.script_panels import Further, panel_parts
from core.stats.panels.event_study import EventStudy, event_study
from core.stats.panels.outcomes import SideBySide, side_by_side
from core.stats.regression import ModelSpec, fit
from core.tables.panel import Panel
from tests.exports.test_hostile_columns import NAMES, hostile, spec_of
from tests.exports.test_notebook import INFO, run
from tests.exports.test_script import AMOUNT, BOTH, RUNNER, SPECS, placed, ran

COLUMNS = ["estimate", "std_error", "p", "low", "high"]
SCORES = ("score_mean_of_8", "trust_mps", "score_trust", "arrested")
CASES = {
    name: SPECS[name]
    for name in (
        "recommended",
        "two-way",
        "shares",
        "some boroughs",
        "changes",
        "changes of a logarithm",
        "logarithm",
        "Poisson",
        "Conley",
        "trends, jackknife",
        "squares",
        "by group",
    )
} | {
    "Driscoll-Kraay": replace(SPECS["Driscoll-Kraay"], kernel_lags=2),
    "kernel with a control": replace(SPECS["kernel with a control"], kernel_lags=1, non_overlapping=False),
    "controls": replace(SPECS["controls"], controls=("crime_per_1000",), lag=1),
    "every fourth quarter, as it is": replace(AMOUNT, effects=BOTH, non_overlapping=True, weights="population"),
}


def further(panel: Panel, spec: ModelSpec, before: int = 2, after: int = 3) -> Further:
    """What the app shows of `spec` besides: leads and lags, and other outcomes."""
    term = spec.predictors[0]
    outcomes = [name for name in SCORES if name not in spec.predictors]
    return Further(term, event_study(panel, spec, term, before, after), side_by_side(panel, spec, term, outcomes))


def written(panel: Panel, spec: ModelSpec, shown: Further, folder: Path, name: str) -> Path:
    (folder / f"{name}.csv").write_bytes(csv_bytes(model_table(panel, spec, shown.outcomes)))
    script = folder / f"{name}.py"
    parts = panel_parts(panel, spec, shown)
    script.write_text(model_script(panel, spec, f"{name}.csv", parts), encoding="utf-8")
    return script


def tables(text: str) -> Iterator[tuple[str, pd.DataFrame]]:
    """What a script printed, by the line above each table."""
    for head, table in re.findall(r"^(.+)\n(,estimate,.*\n(?:.+,.+\n)+)", text, re.MULTILINE):
        yield head, pd.read_csv(io.StringIO(table), index_col=0, keep_default_na=False)


def agrees(text: str, shown: Further) -> None:
    """Assert that `text`, which a script printed, has all numbers of `shown`."""
    printed = dict(tables(text))
    if shown.studied:
        path_agrees(printed[f"before and after: {shown.studied.result.n} rows"], text, shown.studied)
    if shown.compared:
        outcomes_agree(printed["several outcomes side by side"], shown.compared)


def path_agrees(table: pd.DataFrame, text: str, studied: EventStudy) -> None:
    assert list(table.index) == list(studied.path)
    for place, found in studied.path.items():
        for column in COLUMNS:
            assert table.loc[place, column] == pytest.approx(getattr(found, column), rel=1e-7), (place, column)
    leads = re.search(r"^leads: F\((\d+), (\d+)\) = (\S+), p (\S+)$", text, re.MULTILINE)
    assert bool(leads) == bool(studied.leads)
    if leads and studied.leads:
        assert (int(leads[1]), int(leads[2])) == studied.leads.df
        assert (float(leads[3]), float(leads[4])) == pytest.approx((studied.leads.f, studied.leads.p), rel=1e-6)


def outcomes_agree(table: pd.DataFrame, compared: SideBySide) -> None:
    assert list(table.index) == list(compared.found)
    for name, found in compared.found.items():
        row = table.loc[name]
        for column in COLUMNS:
            assert row[column] == pytest.approx(getattr(found.estimate, column), rel=1e-7), (name, column)
        assert row["adjusted"] == pytest.approx(found.adjusted, rel=1e-7)
        assert row["rows"] == found.n


def test_scripts_with_rows_missing_agree_with_before_and_after_and_other_outcomes(gappy: Panel, tmp_path: Path) -> None:
    used = placed(gappy)
    shown = {name: further(used, spec) for name, spec in CASES.items()}
    scripts = [
        written(used, CASES[name], each, tmp_path, f"model_{at}") for at, (name, each) in enumerate(shown.items())
    ]
    texts = ran("-c", RUNNER, *scripts, folder=tmp_path).split("\f")[: len(scripts)]
    for each, text in zip(shown.values(), texts, strict=True):
        assert each.studied is not None
        assert len(each.outcomes) >= 2
        agrees(text, each)
    assert {each.studied.leads is None for each in shown.values() if each.studied} == {False}


def test_script_has_only_what_is_asked_for(panel: Panel, tmp_path: Path) -> None:
    spec = SPECS["recommended"]
    whole = further(panel, spec)
    for shown in (replace(whole, studied=None), replace(whole, compared=None)):
        text = ran(written(panel, spec, shown, tmp_path, "model"), folder=tmp_path)
        assert ("before and after" in text) == bool(shown.studied)
        assert ("several outcomes" in text) == bool(shown.compared)
        agrees(text, shown)
    assert panel_parts(panel, spec, Further("records")) == {}


def test_script_has_no_test_of_the_leads_where_the_app_has_none(panel: Panel, tmp_path: Path) -> None:
    few = replace(SPECS["recommended"], areas=tuple(panel.areas[:3]), effects=("borough",))
    shown = Further("records", event_study(panel, few, "records", 4, 0))
    assert shown.studied is not None
    assert shown.studied.leads is None
    agrees(ran(written(panel, few, shown, tmp_path, "model"), folder=tmp_path), shown)


def test_script_tests_one_lead_by_its_own_statistic(panel: Panel, tmp_path: Path) -> None:
    spec = replace(SPECS["Driscoll-Kraay"], kernel_lags=2)
    shown = Further(spec.predictors[0], event_study(panel, spec, spec.predictors[0], 1, 1))
    agrees(ran(written(panel, spec, shown, tmp_path, "model"), folder=tmp_path), shown)


def test_scripts_with_hostile_names_agree(tmp_path: Path) -> None:
    made = {}
    for at, (kind, names) in enumerate(NAMES.items()):
        panel = hostile(names)
        frame = panel.frame.assign(**{f"x_{names[3]}": np.random.default_rng(at).uniform(1, 9, len(panel.frame))})
        panel, spec = replace(panel, frame=frame), spec_of(panel, names, lag=at % 2)
        others = [names[2], *[name for name in frame.columns if name not in (*names[:2], names[2], names[3], names[4])]]
        shown = Further(names[3], event_study(panel, spec, names[3], 1, 1), side_by_side(panel, spec, names[3], others))
        made[kind] = shown, written(panel, spec, shown, tmp_path, f"model_{at}")
    texts = ran("-c", RUNNER, *[script for _, script in made.values()], folder=tmp_path).split("\f")
    for (shown, _), text in zip(made.values(), texts, strict=False):
        agrees(text, shown)


def test_notebook_agrees_with_before_and_after_and_other_outcomes(
    panel: Panel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = fit(panel, SPECS["recommended"], wild=False)
    shown = further(panel, result.spec)
    book = run(notebook_zip(panel, result, INFO, shown), tmp_path, monkeypatch)
    agrees("\n".join(out.text for cell in book.cells for out in cell.get("outputs", []) if "text" in out), shown)
    headings = [cell.source.splitlines()[0] for cell in book.cells if cell.cell_type == "markdown"]
    assert {"## Before and after", "## Several outcomes side by side"} <= {*headings}
