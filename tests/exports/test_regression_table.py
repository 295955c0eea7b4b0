"""Regressions side by side: the numbers of the fits, whatever the names hold, in three ways of writing."""

import io
import re
from collections.abc import Mapping
from copy import copy
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from core.exports.regression_table import (
    RegressionTable,
    as_html,
    as_latex,
    as_markdown,
    markdown_text,
    regression_table,
)
from core.london.amount.question import LONDON_AMOUNT
from core.questions.question import AS_PUBLISHED, FIRST_EDITION, RECOMMENDED
from core.stats.regression import FitResult, ModelSpec, fit
from core.tables.panel import Panel

HOSTILE = ("<script>alert(1)</script>", r"\input{x} & 50% of $x_1$ #~^{", "=cmd()|' /C calc'!A0", "a|b\n| c | `d`")


@pytest.fixture(scope="module")
def fits(panel: Panel) -> dict[str, FitResult]:
    presets = LONDON_AMOUNT.presets
    return {
        "As published": fit(panel, presets[AS_PUBLISHED], wild=False),
        "First edition": fit(panel, presets[FIRST_EDITION], wild=False),
    }


def label(name: str, _: FitResult) -> str:
    return name


@pytest.fixture(scope="module")
def table(fits: Mapping[str, FitResult]) -> RegressionTable:
    return regression_table(fits, "Average score", label, keys=("borough", "quarter"))


def test_regression_table_names_errors_by_distance(panel: Panel) -> None:
    names = panel.frame["borough"]
    frame = panel.frame.assign(
        longitude=names.map(len) / 100, latitude=51.5 + names.map(lambda name: ord(name[1])) / 999
    )
    placed = replace(panel, frame=frame, coordinates=("longitude", "latitude"))
    found = fit(placed, replace(LONDON_AMOUNT.recommended, covariance="conley", distance=5), wild=False)
    made = regression_table({"Own": found}, "Average score", label, keys=("borough", "quarter"))
    assert made.statistics["Standard errors"] == ("Conley, up to 5\N{NO-BREAK SPACE}km",)
    assert any("Conley, bartlett kernel" in note for note in made.notes)


def read_html(text: str) -> pd.DataFrame:
    """The table of a page as a browser would lay it out, with the standard library alone."""
    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", text, re.DOTALL)
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in rows]
    return pd.DataFrame(cells[1:], columns=cells[0])


def test_regression_table_has_estimate_error_and_p_value(table: RegressionTable) -> None:
    estimate, error, p = table.terms["records"]
    assert estimate[0] == "\N{MINUS SIGN}0.0441"
    assert error == ("(0.0037)", "(0.0125)")
    assert p == ("[< 0.001]", "[0.896]")
    assert table.terms["Constant"][0] == ("0.8775", "")


def test_regression_table_statistics_describe_the_models(table: RegressionTable) -> None:
    sentence = table.statistics
    assert sentence["Borough effects"] == sentence["Quarter effects"] == ("No", "Yes")
    assert sentence["Standard errors"] == ("Classical", "Clustered by borough (32)")
    assert sentence["Rows"] == ("864", "864")
    assert (sentence["Boroughs"], sentence["Quarters"]) == (("32", "32"), ("27", "27"))
    assert sentence["R² within"] == ("", "0.000")
    assert sentence["First and last"] == ("2017Q2 to 2023Q4",) * 2
    assert any(note.startswith("(2) Standard errors clustered by borough") for note in table.notes)
    assert "Outcome" not in sentence


def test_regression_table_with_stars_states_the_convention(fits: Mapping[str, FitResult]) -> None:
    starred = regression_table(fits, "", label, "stars")
    assert starred.terms["records"][0] == ("\N{MINUS SIGN}0.0441***", "0.0016")
    assert len(starred.terms["records"]) == 2
    assert any("*** p < 0.01" in note for note in starred.notes)


@pytest.mark.parametrize(("p", "stars"), [(0.0099, "***"), (0.01, "**"), (0.0499, "**"), (0.05, "*"), (0.1, "")])
def test_regression_table_with_p_value_at_level_has_fewer_stars(
    fits: Mapping[str, FitResult], p: float, stars: str
) -> None:
    result = fits["As published"]
    first = copy(result.estimates[0])
    object.__setattr__(first, "p", p)
    changed = replace(result, estimates=(first, *result.estimates[1:]))
    assert regression_table({"": changed}, "", label, "stars").terms["records"][0] == (f"\N{MINUS SIGN}0.04412{stars}",)


def test_regression_table_of_different_models_has_gaps(panel: Panel, fits: dict[str, FitResult]) -> None:
    other = ModelSpec("trust_mps", ("records",), controls=("crime_per_1000",), covariance="HC1")
    table = regression_table({**fits, "Other": fit(panel, other)}, "", label)
    assert [line[:2] for line in table.terms["crime_per_1000"]] == [("", "")] * 3
    assert all(line[2] for line in table.terms["crime_per_1000"])
    assert table.statistics["Outcome"] == ("score_mean_of_8", "score_mean_of_8", "trust_mps")
    assert list(table.terms)[-1] == "Constant"


def test_regression_table_merges_equal_notes(fits: dict[str, FitResult]) -> None:
    result = fits["First edition"]
    table = regression_table({"a": result, "b": result}, "", label)
    assert sum("clustered by borough" in note for note in table.notes) == 1
    assert any(note.startswith("(1, 2) ") for note in table.notes)


def test_regression_table_of_small_coefficient_has_enough_digits(panel: Panel) -> None:
    spec = replace(LONDON_AMOUNT.presets[RECOMMENDED], form="count")
    found = fit(panel, spec, wild=False).estimate("records")
    estimate, error, _ = regression_table({"": fit(panel, spec, wild=False)}, "", label).terms["records"]
    assert float(error[0][1:-1]) == pytest.approx(found.std_error, rel=0.05)
    assert float(estimate[0].replace("\N{MINUS SIGN}", "-")) == pytest.approx(found.estimate, abs=found.std_error / 50)


def test_html_markdown_and_latex_have_the_same_cells(table: RegressionTable) -> None:
    html = read_html(as_html(table))
    assert html.shape == (len(table.statistics) + 6, 3)
    assert list(html.columns[1:]) == ["(1) As published", "(2) First edition"]
    cells = [[label, *row] for label, lines in table.terms.items() for row in lines]
    assert [list(row[1:]) for row in html.head(6).itertuples(index=False)] == [
        [cell.replace("<", "&lt;") for cell in row[1:]] for row in cells
    ]
    plain = as_markdown(table).replace("\\", "")
    read = pd.read_csv(io.StringIO(plain.split("\n\n")[1]), sep="|", skiprows=[1], skipinitialspace=True)
    assert len(read) == len(html)
    latex = as_latex(table)
    assert latex.count(r" \\") == len(html) + 2
    assert r"ln(records)" not in latex
    assert "$-$0.0441 & 0.0016" in latex


@pytest.mark.parametrize("models", [1, 2, 3, 5, 8])
def test_as_latex_with_any_number_of_models_fits_the_text_width(fits: Mapping[str, FitResult], models: int) -> None:
    table = regression_table({f"model {at}": fits["First edition"] for at in range(models)}, "", label)
    names, each = map(float, re.findall(r"dimexpr ([\d.]+)\\linewidth", as_latex(table)))
    assert names + models * each == pytest.approx(1, abs=0.005)
    assert f"*{{{models}}}" in as_latex(table)


@pytest.mark.parametrize("name", HOSTILE)
def test_html_markdown_and_latex_with_hostile_names_escape_them(fits: Mapping[str, FitResult], name: str) -> None:
    table = regression_table({name: fits["First edition"]}, name, lambda *_: name, keep=[name])
    page, latex, marked = as_html(table), as_latex(table), as_markdown(table)
    assert "<script" not in page
    assert read_html(page).shape == (len(table.statistics) + 3, 2)
    unescaped = re.sub(r"\\[&%$#_{}]", "", latex)
    assert unescaped.count("{") == unescaped.count("}")
    assert not re.search(r"\\input|[~^#](?!\})", unescaped.split("Notes:")[0].replace("~", "", 0)) or "#" not in name
    rows = [line for line in unescaped.splitlines() if line.endswith(r"\\")]
    assert {line.count("&") for line in rows} == {1}
    lines = [line for line in marked.splitlines() if line.startswith("| ")]
    assert {len(re.findall(r"(?<!\\)\|", line)) for line in lines} == {3}
    assert not re.search(r"(?<!\\)<", marked)


def test_markdown_text_unescaped_is_the_original() -> None:
    for text in HOSTILE:
        assert re.sub(r"\\(.)", r"\1", markdown_text(text)) == re.sub(r"\s*\n\s*", " ", text)


def test_regression_table_of_cross_section_has_no_periods() -> None:
    rng = np.random.default_rng(7)
    frame = pd.DataFrame({"MSOA": [f"m{at % 8}" for at in range(40)], "LSOA": [f"l{at:02}" for at in range(40)]})
    frame = frame.assign(months="2019", y=rng.normal(size=40), x=rng.normal(size=40))
    panel = Panel(frame, area="LSOA", period="months", groups=("MSOA",))
    result = fit(panel, ModelSpec("y", ("x",), form="count", covariance="HC1"))
    table = regression_table({"": result}, "", label, keys=("LSOA", "months"))
    assert not {"First and last", "Months"} & set(table.statistics)
    assert table.statistics["LSOAs"] == ("40",)
    assert table.statistics["Effects"] == ("No",)
