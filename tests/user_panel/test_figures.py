import json
from collections.abc import Mapping

import numpy as np
import pandas as pd
import pytest

from core.presentation.charts import Figure, with_theme
from core.presentation.models import model_figures
from core.presentation.models.effects import effect
from core.presentation.models.model_figures import ladder
from core.presentation.numbers import digits_for, number, signed
from core.presentation.robustness import curve_figures
from core.presentation.text import curve_text
from core.questions.curve import choices, dimensions, first_view, in_outcome_units, samples_of
from core.questions.question import RECOMMENDED, Question
from core.stats.regression import Estimate, FitResult, fit, partial
from core.stats.regression.curves.curve import specification_curve
from core.stats.regression.errors import one
from core.tables.catalogue import Catalogue
from core.tables.panel import Panel
from core.user_panel import figures as user_panel_figures
from core.user_panel.panel import Roles
from core.user_panel.question import table_catalogue, user_question
from core.user_panel.read import UserTable
from core.user_panel.text import format_number
from tests.user_panel.panels import AREAS, QUARTERS, YEARS, held, rows, shaped

KINDS = {"years": (YEARS, "Year"), "quarters": (QUARTERS, "Quarter"), "odd names": (YEARS, "fiscal.year: [end]")}
TERM = "spending"


@pytest.fixture(scope="module", params=list(KINDS))
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def own(kind: str) -> Panel:
    return shaped(held(rows(*KINDS[kind])))


@pytest.fixture(scope="module")
def question(own: Panel) -> Question:
    return user_question(held(own.frame), Roles(own.area, own.period))


@pytest.fixture(scope="module")
def catalogue(own: Panel) -> Catalogue:
    return table_catalogue(held(own.frame))


@pytest.fixture(scope="module")
def result(own: Panel, question: Question) -> FitResult:
    return fit(own, question.presets[RECOMMENDED], {})


@pytest.fixture(scope="module")
def fits(own: Panel, question: Question) -> dict[str, FitResult]:
    return {label: fit(own, spec, {}) for label, spec in ladder(question).items()}


def steps_figure(fits: Mapping[str, FitResult], question: Question, catalogue: Catalogue) -> Figure:
    effects = {
        label: effect(found.estimate(TERM), found.spec, catalogue, question.vocabulary) for label, found in fits.items()
    }
    sizes = {label: found.n for label, found in fits.items()}
    return model_figures.ladder_figure(effects, sizes, "Both effects", question.vocabulary)


@pytest.fixture(scope="module")
def built(
    own: Panel, result: FitResult, fits: dict[str, FitResult], question: Question, catalogue: Catalogue
) -> dict[str, Figure]:
    scattered = partial(own, result.spec, TERM)
    return {
        "ladder": steps_figure(fits, question, catalogue),
        "scatter": model_figures.scatter_figure(scattered, result.spec, TERM, "", catalogue, question.vocabulary),
        "trend": user_panel_figures.trend_figure(own, "outcome", ""),
        "trend of one": user_panel_figures.trend_figure(own, "chance", "Ash"),
        "missing": user_panel_figures.missing_figure(own, ["outcome", "spending", "chance"]),
    }


@pytest.mark.parametrize("name", ["ladder", "scatter", "trend", "trend of one", "missing"])
def test_figure_has_title_text_alternative_table_and_valid_charts(name: str, built: dict[str, Figure]) -> None:
    item = built[name]
    assert item.alt.endswith(".")
    assert len(item.alt) > 30
    assert len(item.table)
    assert item.table.columns.is_unique
    assert any(letter.isdigit() for letter in item.title)
    for chart in item.charts:
        chart.to_dict(validate=True)
        for dark in (False, True):
            drawn = with_theme(chart, dark)
            assert json.dumps(drawn)
            assert [row for rows in drawn["datasets"].values() for row in rows]


def test_figure_charts_use_fields_of_their_data(built: dict[str, Figure]) -> None:
    for item in built.values():
        for chart in item.charts:
            drawn = chart.to_dict()
            columns = {name for rows in drawn["datasets"].values() for row in rows for name in row}
            assert set(fields(drawn)) <= columns


def fields(part: object) -> list[str]:
    """Names of fields that a chart reads."""
    if isinstance(part, dict):
        own = [part["field"]] if isinstance(part.get("field"), str) else []
        return own + [name for key, value in part.items() if key != "datasets" for name in fields(value)]
    return [name for value in part for name in fields(value)] if isinstance(part, list) else []


def test_ladder_figure_agrees_with_its_fits(built: dict[str, Figure], fits: dict[str, FitResult], own: Panel) -> None:
    table = built["ladder"].table
    found = [result.estimate(TERM) for result in fits.values()]
    ends_of = [item.cautious.low if item.cautious else item.low for item in found]
    assert table["Estimate"].to_list() == [item.estimate for item in found]
    assert table["95% interval from"].to_list() == ends_of
    assert table["Rows"].to_list() == [result.n for result in fits.values()]
    assert f"Within areas only ({one(own.area)} effects)" in table["Model"].to_list()
    ends = [signed(item.estimate, digits_for(largest(item))) for item in found]
    assert built["ladder"].title == (
        f"For one more of \N{LEFT DOUBLE QUOTATION MARK}{TERM}\N{RIGHT DOUBLE QUOTATION MARK}: "
        f"{ends[0]} no effects, {ends[-1]} both effects"
    )


def largest(found: Estimate) -> float:
    return max(abs(found.estimate), abs(found.low), abs(found.high))


def test_ladder_figure_with_one_step_names_it_once(
    fits: dict[str, FitResult], question: Question, catalogue: Catalogue
) -> None:
    found = fits["Both effects"].estimate(TERM)
    title = steps_figure({"Both effects": fits["Both effects"]}, question, catalogue).title
    assert title.count(signed(found.estimate, digits_for(largest(found)))) == 1
    assert "no effects" not in title


def test_scatter_figure_has_both_correlations_and_model_slope(
    built: dict[str, Figure], result: FitResult, own: Panel
) -> None:
    item = built["scatter"]
    raw = np.corrcoef(own.frame[TERM], own.frame["outcome"])[0, 1]
    assert f"Correlation {raw:+.2f} between rows as they are" in item.title
    x, y = item.table[f"{TERM}, rest"], item.table["outcome, rest"]
    assert (x * y).sum() / (x**2).sum() == pytest.approx(result.estimate(TERM).estimate)
    tooltips = json.dumps([chart.to_dict()["layer"] for chart in item.charts])
    for key in (own.area, own.period):
        assert f'"title": {json.dumps(key)}' in tooltips


def test_figures_with_columns_named_like_their_own_have_unique_columns() -> None:
    table = held(rows(YEARS).rename(columns={"spending": "Weight", "chance": "value", "people": "line"}))
    own = shaped(table)
    question = user_question(table, Roles("Region", "Year"))
    spec, words = question.presets[RECOMMENDED], question.vocabulary
    scattered = partial(own, spec, "Weight")
    item = model_figures.scatter_figure(scattered, spec, "Weight", "", table_catalogue(table), words)
    assert "Weight" in item.table
    assert item.table.columns.is_unique
    for name in ("value", "line"):
        sentence = user_panel_figures.trend_figure(own, name, "Elm").table
        assert list(sentence) == [name, "Year", "Region"] or set(sentence) == {"Region", "Year", name}


def test_trend_figure_has_mean_of_all_and_chosen_area(built: dict[str, Figure], own: Panel) -> None:
    means = own.frame.groupby(own.period)["outcome"].mean()
    whole = built["trend"].table
    assert whole["outcome"].to_list() == pytest.approx(means.to_list())
    assert whole[own.period].to_list() == own.periods
    first, last = (format_number(value) for value in means.iloc[[0, -1]])
    assert built["trend"].title == (
        f"outcome, average of all: {first} in {own.periods[0]}, {last} in {own.periods[-1]}"
    )
    one = built["trend of one"].table
    expected = own.frame[own.frame[own.area] == "Ash"].dropna(subset=["chance"])
    assert one[one[own.area] == "Ash"]["chance"].to_list() == expected["chance"].to_list()
    assert f'"title": {json.dumps(own.area)}' in json.dumps(built["trend of one"].charts[0].to_dict())


def test_missing_figure_counts_gaps(built: dict[str, Figure], own: Panel) -> None:
    item = built["missing"]
    share = 100 * own.frame["chance"].isna().mean()
    assert item.title == f"“chance” has {share:.0f}% of its values missing; the other two are complete"
    assert not user_panel_figures.no_gaps(own, ["chance", "outcome"])
    assert user_panel_figures.no_gaps(own, ["outcome"]).startswith("The column has a figure in every row.")
    assert own.period in item.table
    shares = item.table.set_index(["Column", own.period])["Share of areas without a figure"]
    unavailable = own.frame[own.frame["chance"].isna()].iloc[0][own.period]
    assert shares["chance", unavailable] == pytest.approx(1 / len(AREAS))
    assert shares.drop(("chance", unavailable)).eq(0).all()


def test_missing_figure_with_many_columns_shows_the_first() -> None:
    frame = rows(YEARS).assign(**{f"n{number}": range(48) for number in range(50)})
    own = shaped(held(frame))
    item = user_panel_figures.missing_figure(own, [f"n{number}" for number in range(50)])
    assert item.table["Column"].nunique() == user_panel_figures.FEW_VARIABLES
    assert "The first 40 of 50 columns" in item.note


def test_panel_table_counts_pairs_without_a_row() -> None:
    own = shaped(held(rows(YEARS).drop(index=[5, 9])))
    table = user_panel_figures.panel_table(own)
    assert table["Number"].to_list() == [46, 6, 8, 2]
    assert table["From"].to_list()[1:3] == ["Ash", "2016"]
    assert pd.Series(table["To"]).to_list()[1:3] == ["Gorse", "2023"]


# Numbers of any size


@pytest.fixture(scope="module", params=[1e-5, 1.0, 1e6])
def scaled(request: pytest.FixtureRequest) -> tuple[Panel, UserTable, float]:
    """A panel whose outcome is counted in units of another size."""
    frame = rows(YEARS)
    table = held(frame.assign(outcome=frame["outcome"] * request.param))
    return shaped(table), table, request.param


def hover_formats(item: Figure) -> set[str]:
    """Formats of the numbers that are shown on hover."""
    found = [tip for part in item.charts[0].to_dict()["layer"] for tip in part.get("encoding", {}).get("tooltip", [])]
    return {tip["format"] for tip in found if "format" in tip}


def test_ladder_figure_tooltips_have_digits_for_the_scale(scaled: tuple[Panel, UserTable, float]) -> None:
    own, table, size = scaled
    question = user_question(table, Roles("Region", "Year"))
    fits = {label: fit(own, step, {}, wild=False) for label, step in ladder(question).items()}
    digits = {1e-5: 7, 1.0: 2, 1e6: 0}[size]
    assert hover_formats(steps_figure(fits, question, table_catalogue(table))) == {f"+,.{digits}f"}


def test_curve_figure_of_user_panel_has_digits_for_the_scale(scaled: tuple[Panel, UserTable, float]) -> None:
    own, table, size = scaled
    question = user_question(table, Roles("Region", "Year"))
    text = curve_text(question.vocabulary)
    offered = dimensions(question, own, table_catalogue(table))
    made = choices(first_view(offered), question.recommended.predictors, samples_of(question, own))
    curve = in_outcome_units(specification_curve(own, made, TERM, {}, lambda _share: None))
    drawn = curve_figures.curve_figure(curve, offered, {}, TERM, text)
    digits = text.digits_of(curve.table["effect"].abs().median())
    assert hover_formats(drawn) == {f"+,.{digits}f", "d"}  # the second is of the rank
    both = curve.table[curve.table["effects"] == "Region + Year"]
    assert f"The median is {signed(both['effect'].median(), digits)} units" in drawn.title
    [shown] = [rows for rows in drawn.charts[0].to_dict()["datasets"].values() if rows and "effect_low" in rows[0]]
    assert [row["effect"] for row in shown] == pytest.approx(curve.table["effect"].to_list(), rel=0.01, abs=size / 1000)
    moved = curve_figures.influence_figure(curve, offered, text)
    assert f"by {number(moved.table.iloc[0]['Moves by (units)'], digits)} units on average" in moved.title
    assert "oints" not in moved.title + str(moved.charts[0].to_dict()) + str(list(moved.table))
