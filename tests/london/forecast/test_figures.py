import itertools
import json
import re
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from core.london.forecast import figures as forecast_figures
from core.london.forecast.forest_figures import forest_figure, importance_figure
from core.london.forecast.view import (
    HORIZONS,
    Forecasts,
    ForecastView,
    borough_outlook,
    last_quarter,
    picked_borough,
    target,
)
from core.london.forecasting import BASELINE, METHODS, WINNER
from core.london.forecasting.backtest import STORED_METHODS
from core.london.panel import AVERAGES, MEASURES
from core.presentation.charts import DARK_TEXT, LIGHT_TEXT, Figure, with_theme
from core.presentation.numbers import number
from core.tables.catalogue import Catalogue
from core.tables.panel import Panel
from core.tables.quarters import quarter_label
from tests.london.forecast.forecastable import FORECAST_SCORES

NAMES = ("fan", "boroughs", "skill", "errors")
UNIT = re.compile(r"\((%|points)\)|^% of|[Rr]ank|[Gg]ain|^Quarters|^Forecasts$|R-squared|draws$")
Made = Callable[..., Figure]


@pytest.fixture(scope="module")
def made(forecasts: Forecasts, panel: Panel, catalogue: Catalogue) -> Made:
    """Makes one of the figures of a view."""

    def make(name: str, measure: str = "trust_mps", method: str = WINNER, ahead: int = 1, borough: str = "") -> Figure:
        view = ForecastView(measure, method, ahead)
        if name == "skill":
            return forecast_figures.skill_figure(forecasts, view, catalogue)
        if name == "errors":
            return forecast_figures.errors_figure(forecasts, measure, ahead, catalogue)
        rows, when = borough_outlook(view, forecasts, panel.frame), target(view, forecasts)
        picked = picked_borough(borough, rows)
        if name == "fan":
            return forecast_figures.fan_figure(panel, forecasts, view, picked, catalogue)
        return forecast_figures.boroughs_figure(rows, view, picked, last_quarter(panel.frame), when, catalogue)

    return make


@pytest.fixture(scope="module")
def forest(catalogue: Catalogue) -> dict[str, Figure]:
    importance = importance_figure(catalogue.read_table("forest_importance"), catalogue)
    return {"forest": forest_figure(catalogue.read_table("forest_scores")), "importance": importance}


def check_text(item: Figure) -> None:
    """Assert that `item` has a finding, a text alternative and figures with units, all readable."""
    assert re.fullmatch(r"[a-z0-9_]+", item.name)
    assert item.title[0].isupper()
    assert not item.title.endswith(".")
    assert re.search(r"\d", item.title) or item.name == "forest_importance"
    assert item.alt.endswith(".")
    assert len(item.alt) > 30
    for text in (item.title, item.alt, item.note):
        assert not re.search(r"\bnan\b|None|inf\b|\{|\}|-\d|the the", text), text
        assert "cause" not in text
    has_units(item.table)


def has_units(table: pd.DataFrame) -> None:
    assert len(table)
    assert table.columns.is_unique
    for column in table:
        assert "_" not in str(column), "a name of the code in front of readers"
        if pd.api.types.is_numeric_dtype(table[column]):
            assert UNIT.search(str(column)), f"{column} has no unit"


def is_valid(item: Figure) -> None:
    for chart, dark in itertools.product(item.charts, (False, True)):
        chart.to_dict(validate=True)
        drawn = with_theme(chart, dark)
        assert drawn["config"]["text"]["color"] == (DARK_TEXT if dark else LIGHT_TEXT)
        assert json.dumps(drawn)
        assert any(drawn["datasets"].values())


@pytest.mark.parametrize("name", NAMES)
def test_forecast_figure_is_complete_and_a_valid_chart(name: str, made: Made) -> None:
    for item in (made(name), made(name, "score_mean_of_3", "drift", 4, "Camden")):
        check_text(item)
        is_valid(item)


@pytest.mark.parametrize("name", ["forest", "importance"])
def test_forest_figure_is_complete_and_a_valid_chart(name: str, forest: dict[str, Figure]) -> None:
    check_text(forest[name])
    is_valid(forest[name])


@pytest.mark.parametrize("measure", FORECAST_SCORES)
def test_forecast_figures_of_each_choice_are_complete(measure: str, made: Made) -> None:
    for ahead in HORIZONS:
        check_text(made("skill", measure, ahead=ahead))
        check_text(made("errors", measure, ahead=ahead))
        for method in METHODS:
            check_text(made("fan", measure, method, ahead))
            check_text(made("boroughs", measure, method, ahead))


@pytest.mark.parametrize("name", NAMES)
def test_forecast_figure_title_changes_with_the_choice(name: str, made: Made) -> None:
    assert made(name).title != made(name, "good_job_local", ahead=3).title


def test_fan_figure_has_survey_forecast_and_past_forecasts(made: Made, forecasts: Forecasts, panel: Panel) -> None:
    table = made("fan", borough="Brent", ahead=2).table
    survey, forecast, earlier = (
        table[table["What"] == what] for what in ("survey", "forecast", "forecast at the time")
    )
    own = panel.frame.query("borough == 'Brent'").dropna(subset="trust_mps").sort_values("quarter")
    assert survey["Quarter"].tolist() == own["quarter"].tolist()
    np.testing.assert_allclose(survey["% of residents asked"], 100 * own["trust_mps"])
    assert forecast["Quarter"].tolist() == ["2026Q2", "2026Q3", "2026Q4", "2027Q1"]
    ahead = forecasts.ahead.query("borough == 'Brent' and measure == 'trust_mps' and method == @WINNER")
    np.testing.assert_allclose(forecast["% of residents asked"], 100 * ahead.sort_values("horizon")["mean"])
    past = forecasts.past.query(
        "borough == 'Brent' and measure == 'trust_mps' and method == @WINNER and horizon == 2"
    ).sort_values("quarter")
    assert earlier["Quarter"].tolist() == past["quarter"].tolist()
    np.testing.assert_allclose(earlier["% of residents asked"], 100 * past["mean"])
    assert table.loc[table["What"] != "forecast", "80% interval from (%)"].isna().all()


def test_fan_figure_bands_start_at_last_figure_and_widen(made: Made) -> None:
    (chart,) = made("fan", borough="Brent").charts
    drawn = chart.to_dict(validate=False)
    (rows,) = drawn["datasets"].values()
    band = [row for row in rows if row["kind"] in ("start", "forecast")]
    first = band[0]
    assert {first[end] for end in ("low_95", "low_80", "high_80", "high_95")} == {first["value"]}
    assert [row["quarter"] for row in band] == ["2026Q1", "2026Q2", "2026Q3", "2026Q4", "2027Q1"]
    widths = [row["high_80"] - row["low_80"] for row in band]
    assert widths == sorted(widths)
    assert all(row["low_95"] <= row["low_80"] <= row["high_80"] <= row["high_95"] for row in band)


def test_fan_figure_layers_have_their_rows(made: Made) -> None:
    fan = made("fan", borough="Brent")
    drawn = fan.charts[0].to_dict(validate=False)
    (rows,) = drawn["datasets"].values()
    kinds = pd.Series([row["kind"] for row in rows]).value_counts().to_dict()
    sentence = fan.table["What"].value_counts().to_dict()
    assert kinds == {
        "survey": sentence["survey"],
        "start": 1,
        "forecast": sentence["forecast"],
        "earlier": sentence["forecast at the time"],
    }
    asked = [name for layer in drawn["layer"] for step in layer["transform"] for name in step["filter"]["oneOf"]]
    assert set(asked) == set(kinds)


@pytest.mark.parametrize("method", METHODS)
def test_fan_figure_has_rings_only_for_stored_methods(method: str, made: Made) -> None:
    fan = made("fan", method=method)
    assert ("rings" in fan.note) == (method in STORED_METHODS) == (fan.table["What"] == "forecast at the time").any()


@pytest.mark.parametrize("ahead", HORIZONS)
def test_fan_figure_title_is_about_the_chosen_quarter(ahead: int, made: Made, forecasts: Forecasts) -> None:
    fan = made("fan", ahead=ahead, borough="Camden")
    row = fan.table[fan.table["What"] == "forecast"].iloc[ahead - 1]
    when = quarter_label(target(ForecastView(ahead=ahead), forecasts))
    assert row["Months"] == when
    low, high = row["80% interval from (%)"], row["80% interval to (%)"]
    sentence = f"forecast {row['% of residents asked']:.0f}% for {when} (80% range from {low:.0f}% to {high:.0f}%)"
    assert fan.title.endswith(sentence)


def test_boroughs_figure_is_sorted_by_forecast(made: Made) -> None:
    item = made("boroughs", "good_job_local", ahead=2)
    assert item.table["Forecast (%)"].is_monotonic_decreasing
    assert item.table["Rank, forecast"].is_monotonic_increasing
    assert len(item.table) == 32
    first, last = item.table.iloc[0], item.table.iloc[-1]
    assert f"{first['Borough']} is forecast highest, rank {first['Rank, forecast']}" in item.title
    assert f"{last['Borough']} lowest, rank {last['Rank, forecast']}" in item.title


def test_boroughs_figure_highlights_only_the_picked_borough(made: Made) -> None:
    for chart in made("boroughs", borough="Hackney").charts:
        (rows,) = chart.to_dict(validate=False)["datasets"].values()
        assert [row["label"] for row in rows if row["highlighted"]] == ["Hackney"]


def test_outlook_table_agrees_with_borough_outlook(forecasts: Forecasts, panel: Panel) -> None:
    rows = borough_outlook(ForecastView("trust_mps"), forecasts, panel.frame)
    table = forecast_figures.outlook_table(rows).set_index("Borough")
    for column, name in {"Last survey (%)": "now", "Forecast (%)": "mean", "Change (points)": "change"}.items():
        np.testing.assert_allclose(table[column], 100 * rows[name])
    for level in (80, 95):
        np.testing.assert_allclose(table[f"{level}% interval from (%)"], 100 * rows[f"low_{level}"])
        np.testing.assert_allclose(table[f"{level}% interval to (%)"], 100 * rows[f"high_{level}"])
    assert ((table["No change outside 80% interval"] == "yes") == rows["clear"]).all()
    assert (table["Places gained"] == rows["gained"]).all()


def test_skill_figure_agrees_with_stored_scores_best_first(made: Made, forecasts: Forecasts) -> None:
    item = made("skill", "treat_everyone_fairly", "drift", 2)
    scores = forecasts.scores.query("measure == 'treat_everyone_fairly' and horizon == 2").set_index("method")
    assert item.table["Skill (%)"].is_monotonic_decreasing
    by_label = item.table.set_index("Method")["Skill (%)"]
    for name, method in METHODS.items():
        assert by_label[method.label] == pytest.approx(100 * scores["skill"][name])
    clear = int((scores.drop(index=BASELINE)["skill_lower"] > 0).sum())
    assert item.title.startswith({0: "No method does", 1: "Only one method does"}.get(clear, f"{clear} methods do"))
    (chart,) = item.charts
    rows = next(rows for rows in chart.to_dict(validate=False)["datasets"].values() if "label" in rows[0])
    assert [row["label"] for row in rows if row["highlighted"]] == ["Drift"]
    assert METHODS[BASELINE].label not in {row["label"] for row in rows}


def test_skill_figure_with_ties_says_no_method(forecasts: Forecasts, catalogue: Catalogue) -> None:
    tied = forecasts.scores.assign(skill_lower=-0.1, skill_upper=0.1)
    found = replace(forecasts, scores=tied)
    assert forecast_figures.skill_figure(found, ForecastView(), catalogue).title.startswith("No method does clearly")


def test_errors_figure_averages_to_the_scores(made: Made, forecasts: Forecasts) -> None:
    item = made("errors", "trust_mps", ahead=3)
    means = item.table.groupby("Method")["Mean absolute error (points)"].mean()
    scores = forecasts.scores.query("measure == 'trust_mps' and horizon == 3").set_index("method")["mae"]
    for name in STORED_METHODS:
        assert means[METHODS[name].label] == pytest.approx(100 * scores[name], abs=1e-3)
    wide = item.table.pivot(index="Quarter", columns="Method", values="Mean absolute error (points)")
    won = (wide[METHODS[WINNER].label] < wide[METHODS[BASELINE].label]).sum()
    assert item.title.endswith(f"in {won} of {len(wide)} quarters")


@pytest.mark.parametrize(("part", "count"), [("borough", 32), ("quarter", 26)])
@pytest.mark.parametrize("measure", ["trust_mps", "score_mean_of_3"])
def test_scores_by_counts_each_forecast_once(measure: str, part: str, count: int, forecasts: Forecasts) -> None:
    table = forecast_figures.scores_by(forecasts, ForecastView(measure, ahead=4), part)
    has_units(table)
    assert len(table) == count * len(STORED_METHODS)
    assert table[part.capitalize()].nunique() == count
    assert table.groupby("Method")["Forecasts"].sum().tolist() == [32 * 26] * len(STORED_METHODS)
    mean = table.groupby("Method")["Mean absolute error (points)"].mean()[METHODS[WINNER].label]
    scores = forecasts.scores.query("measure == @measure and horizon == 4 and method == @WINNER")
    assert mean == pytest.approx(100 * scores["mae"].item(), abs=1e-3)


def test_every_score_names_method_measure_and_horizon(forecasts: Forecasts, catalogue: Catalogue) -> None:
    table = forecast_figures.every_score(forecasts, catalogue)
    has_units(table)
    assert len(table) == len(forecasts.scores)
    assert not table.duplicated(["Score", "Method", "Quarters ahead"]).any()
    assert set(table["Score"]) == {
        *map(catalogue.label, (*MEASURES, *AVERAGES)),
        forecast_figures.TOGETHER,
    }
    chosen = (
        (table["Score"] == catalogue.label("trust_mps")) & (table["Method"] == "Drift") & (table["Quarters ahead"] == 2)
    )
    row = table[chosen].iloc[0]
    old = forecasts.scores.query("measure == 'trust_mps' and method == 'drift' and horizon == 2").iloc[0]
    assert row["Mean absolute error (points)"] == pytest.approx(100 * old["mae"])
    assert row["80% intervals that held (%)"] == pytest.approx(100 * old["coverage_80"])


def test_every_measure_table_has_averages_of_each_measure(
    forecasts: Forecasts, panel: Panel, catalogue: Catalogue
) -> None:
    view = ForecastView(ahead=2)
    table = forecast_figures.every_measure_table(forecasts, view, panel.frame, catalogue)
    has_units(table)
    assert set(table["Score"]) == {catalogue.label(measure) for measure in FORECAST_SCORES}
    row = table.set_index("Score").loc[catalogue.label("trust_mps")]
    rows = borough_outlook(view, forecasts, panel.frame)
    assert row["Last survey (%)"] == pytest.approx(100 * rows["now"].mean())
    assert row["Forecast (%)"] == pytest.approx(100 * rows["mean"].mean())
    assert (row["Lowest (%)"], row["Highest (%)"]) == pytest.approx(
        (100 * rows["mean"].min(), 100 * rows["mean"].max())
    )


@pytest.mark.parametrize("method", [WINNER, "forest"])
def test_every_forecast_has_nested_intervals(method: str, forecasts: Forecasts, catalogue: Catalogue) -> None:
    rows = forecast_figures.every_forecast(forecasts, method, catalogue)
    assert len(rows) == len(FORECAST_SCORES) * 32 * len(HORIZONS)
    assert not rows.duplicated(["measure", "borough", "quarter"]).any()
    assert rows.notna().all(axis=None)
    ends = rows[["lower_95", "lower_80", "mean", "upper_80", "upper_95"]].to_numpy()
    assert (np.diff(ends, axis=1) >= 0).all()


def test_forest_figure_has_scores_of_both_splits(forest: dict[str, Figure], catalogue: Catalogue) -> None:
    r2 = catalogue.read_table("forest_scores").set_index("split")["r2"]
    table = forest["forest"].table.set_index("Test rows")
    drawn, ahead, baseline = (table.loc[name] for name in table.index)
    assert drawn["R-squared"] == r2["random"] > 0.4
    assert ahead["R-squared"] == r2["forward"] < 0
    assert drawn["Lowest of ten draws"] < drawn["R-squared"] < drawn["Highest of ten draws"]
    assert ahead[["Lowest of ten draws", "Highest of ten draws"]].isna().all()
    assert ahead["Mean absolute error (points)"] > 2 * baseline["Mean absolute error (points)"]
    assert np.isnan(baseline["R-squared"])
    assert number(r2["forward"]) in forest["forest"].title


def test_importance_figure_names_the_most_important_feature(forest: dict[str, Figure], catalogue: Catalogue) -> None:
    importance = catalogue.read_table("forest_importance")
    table = forest["importance"].table
    assert len(table) == len(importance)
    assert table["Fall of R-squared, rows drawn at random"].is_monotonic_decreasing
    assert table["Feature"].iloc[0] in forest["importance"].title


def test_importance_figure_with_two_top_features_names_both(catalogue: Catalogue) -> None:
    importance = catalogue.read_table("forest_importance").set_index("feature")
    importance.loc["arrested", "forward"] = 9.0
    title = importance_figure(importance.reset_index(), catalogue).title
    assert title.count("\N{LEFT DOUBLE QUOTATION MARK}") == 2
    assert catalogue.label("arrested") in title
