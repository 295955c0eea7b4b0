import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial as bind
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from core.exports.briefing.html import PRINTED, SIDE_BY_SIDE
from core.exports.images import svg
from core.london import figures as london_figures
from core.london.amount.question import LONDON_AMOUNT
from core.london.borough_map import map_table
from core.london.map.figures import MapView, borough_map_data, complete_view
from core.london.outcomes.figures import coefficients_figure, shares_figure, yearly_means_figure
from core.london.outcomes.question import LONDON_OUTCOMES
from core.london.questions import LAST_UNSETTLED, VOCABULARY
from core.presentation.charts import DARK_TEXT, LIGHT_TEXT, Figure, with_theme
from core.presentation.models import model_figures
from core.presentation.models.effects import effect
from core.presentation.numbers import MINUS, signed
from core.questions.question import AS_PUBLISHED, FIRST_EDITION, PRESET_LABELS, RECOMMENDED
from core.stats.regression import FitResult, ModelSpec, diagnose, fit, leave_one_out, partial
from core.tables.catalogue import Catalogue
from core.tables.panel import Panel
from tests.presentation.tooltips import faults

TERM = "records"
PUBLISHED, BEST = LONDON_AMOUNT.presets[AS_PUBLISHED], LONDON_AMOUNT.presets[FIRST_EDITION]
BEFORE_2020 = replace(BEST, end="2019Q4", outcome="trust_mps", covariance="HC1")


@pytest.fixture(scope="module")
def fitted(panel: Panel) -> Callable[[ModelSpec], FitResult]:
    return bind(fit, panel, wild=False)


def drawn_ladder(fits: Mapping[str, FitResult], current: str, catalogue: Catalogue) -> Figure:
    effects = {label: effect(found.estimate(TERM), found.spec, catalogue, VOCABULARY) for label, found in fits.items()}
    return model_figures.ladder_figure(effects, {label: found.n for label, found in fits.items()}, current, VOCABULARY)


@pytest.fixture(scope="module")
def built(
    panel: Panel, london_wide: pd.DataFrame, catalogue: Catalogue, fitted: Callable[[ModelSpec], FitResult]
) -> dict[str, tuple[Figure, Figure]]:
    """Every figure, each of two different inputs."""

    def both(build: Callable[[ModelSpec], Figure]) -> tuple[Figure, Figure]:
        return build(BEST), build(BEFORE_2020)

    def over_time(outcome: str, borough: str) -> Figure:
        return london_figures.over_time_figure(london_wide, panel, outcome, TERM, borough, catalogue)

    def history(view: MapView, borough: str = "") -> Figure:
        return london_figures.history_figure(london_wide, panel, view, borough, catalogue)

    def scattered(spec: ModelSpec) -> Figure:
        return model_figures.scatter_figure(partial(panel, spec, TERM), spec, TERM, "Brent", catalogue, VOCABULARY)

    def left_out(spec: ModelSpec) -> Figure:
        return model_figures.left_out_figure(
            leave_one_out(panel, spec, TERM), fitted(spec), TERM, catalogue, VOCABULARY
        )

    def ladder(spec: ModelSpec) -> Figure:
        steps = model_figures.ladder(LONDON_AMOUNT)
        changed = {label: fitted(replace(step, outcome=spec.outcome)) for label, step in steps.items()}
        return drawn_ladder(changed, PRESET_LABELS[RECOMMENDED], catalogue)

    def coefficients(spec: ModelSpec) -> Figure:
        joint = replace(spec, predictors=LONDON_OUTCOMES.predictors, form="count")
        fits = {"As published": fitted(LONDON_OUTCOMES.presets[AS_PUBLISHED]), "Yours": fitted(joint)}
        return coefficients_figure(fits if spec == BEST else {"Yours": fitted(joint)}, fitted(joint), catalogue)

    holes = panel.frame.assign(trust_mps=panel.frame["trust_mps"].where(panel.frame["quarter"] != "2020Q1"))
    return {
        "ladder": both(ladder),
        "totals": (
            london_figures.totals_figure(london_wide, TERM, catalogue),
            london_figures.totals_figure(london_wide, "hospitalised", catalogue),
        ),
        "over time": (over_time("score_mean_of_8", ""), over_time("trust_mps", "Brent")),
        "scatter": both(scattered),
        "left out": both(left_out),
        "residuals": both(lambda spec: model_figures.residuals_figure(diagnose(panel, spec), VOCABULARY)),
        "normality": both(lambda spec: model_figures.normality_figure(diagnose(panel, spec))),
        "autocorrelation": both(lambda spec: model_figures.autocorrelation_figure(diagnose(panel, spec), VOCABULARY)),
        "history": (history(MapView()), history(MapView("arrested"), "Camden")),
        "missing": (
            london_figures.missing_figure(panel, catalogue),
            london_figures.missing_figure(Panel(holes), catalogue),
        ),
        "coefficients": both(coefficients),
        "shares": (
            shares_figure(london_wide, LONDON_OUTCOMES.predictors, TERM, catalogue),
            shares_figure(london_wide, LONDON_OUTCOMES.predictors[1:], TERM, catalogue),
        ),
        "yearly means": (
            yearly_means_figure(panel, "arrested", catalogue),
            yearly_means_figure(panel, "hospitalised", catalogue),
        ),
    }


NAMES = (
    "ladder",
    "totals",
    "over time",
    "scatter",
    "left out",
    "residuals",
    "normality",
    "autocorrelation",
    "history",
    "missing",
    "coefficients",
    "shares",
    "yearly means",
)
Built = dict[str, tuple[Figure, Figure]]


def test_figure_names_list_each_built_figure(built: Built) -> None:
    assert set(built) == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_figure_has_name_title_text_alternative_and_table(name: str, built: Built) -> None:
    for item in built[name]:
        assert re.fullmatch(r"[a-z0-9_]+", item.name)
        assert item.title[0].isupper() or item.title[0].isdigit()
        assert not item.title.endswith(".")
        assert item.alt.endswith(".")
        assert len(item.alt) > 30
        assert len(item.table)
        assert item.table.columns.is_unique
        assert not any("_" in str(column) for column in item.table), "a name of the code in front of readers"
        assert item.charts
        for text in (item.title, item.alt, item.note):
            assert not re.search(r"\bnan\b|None|inf\b|\{|\}|-\d", text), text
            assert "cause" not in text


@pytest.mark.parametrize("name", NAMES)
def test_figure_labels_are_whole_in_print_and_tooltips_rounded(name: str, built: Built) -> None:
    for item in built[name]:
        for chart in item.charts:
            spec = with_theme(chart, dark=False)
            assert faults(spec) == []
            assert "\N{HORIZONTAL ELLIPSIS}" not in svg(spec, SIDE_BY_SIDE if item.side_by_side else PRINTED)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("dark", [False, True])
def test_figure_is_a_valid_chart_in_light_and_dark_theme(name: str, dark: bool, built: Built) -> None:
    for chart in built[name][0].charts:
        chart.to_dict(validate=True)
        drawn = with_theme(chart, dark)
        assert "$schema" in drawn
        assert drawn["config"]["text"]["color"] == (DARK_TEXT if dark else LIGHT_TEXT)
        assert json.dumps(drawn)
        rows = [row for rows in drawn.get("datasets", {}).values() for row in rows]
        assert rows, "a chart without figures"


@pytest.mark.parametrize("name", NAMES)
def test_figure_title_has_numbers_and_changes_with_the_input(name: str, built: Built) -> None:
    first, second = built[name]
    assert re.search(r"\d", first.title)
    assert first.title != second.title
    assert (first.alt, len(first.table)) != (second.alt, len(second.table)) or not first.table.equals(second.table)


def test_ladder_goes_from_as_published_to_recommended() -> None:
    steps = model_figures.ladder(LONDON_AMOUNT)
    labels, specs = list(steps), list(steps.values())
    assert (labels[0], labels[-1]) == (PRESET_LABELS[AS_PUBLISHED], PRESET_LABELS[RECOMMENDED])
    assert (specs[0], specs[-2], specs[-1]) == (PUBLISHED, BEST, LONDON_AMOUNT.recommended)
    assert [spec.effects for spec in specs[:-1]] == [(), (), ("quarter",), ("borough",), ("borough", "quarter")]
    assert len(set(specs)) == 6


def test_ladder_figure_title_has_both_ends(catalogue: Catalogue, fitted: Callable[[ModelSpec], FitResult]) -> None:
    fits = {label: fitted(spec) for label, spec in model_figures.ladder(LONDON_AMOUNT).items()}
    shown = drawn_ladder(fits, PRESET_LABELS[RECOMMENDED], catalogue)
    labels = list(fits)
    ends = [signed(np.log(1.1) * 100 * fits[label].estimate(TERM).estimate) for label in (labels[0], labels[-1])]
    assert ends == [f"{MINUS}0.42", "+0.67"]
    assert [end in shown.title for end in ends] == [True, True]
    assert list(shown.table["Model"]) == list(fits)
    yours = drawn_ladder(fits | {model_figures.YOURS: fitted(BEFORE_2020)}, model_figures.YOURS, catalogue)
    assert yours.title == shown.title
    assert yours.table["Model"].iloc[-1] == "Your model"


def test_totals_figure_with_falling_counts_does_not_say_rose(london_wide: pd.DataFrame, catalogue: Catalogue) -> None:
    there = london_wide[london_wide[TERM].notna()]
    rising = there.assign(records=np.arange(len(there)) + 100.0)
    falling = there.assign(records=np.arange(len(there))[::-1] + 100.0)
    rose, fell = (london_figures.totals_figure(wide, TERM, catalogue).title for wide in (rising, falling))
    assert re.search(r"\b100\b.* 126 .* 126 ", rose)
    assert "rose" not in fell
    assert re.search(r"\b126\b.* 126 .* 100 ", fell)


def test_over_time_figure_title_has_borough_and_both_changes(
    london_wide: pd.DataFrame, panel: Panel, catalogue: Catalogue
) -> None:
    own = panel.frame[(panel.frame["borough"] == "Brent") & (panel.frame["quarter"] > LAST_UNSETTLED)]
    own = own[own[TERM].notna()]
    own = own.assign(rate=own[TERM] / own["population"] * 1000, share=own["trust_mps"] * 100)
    shown = london_figures.over_time_figure(london_wide, panel, "trust_mps", TERM, "Brent", catalogue)
    assert shown.title.startswith("Brent since January to March 2019: ")
    for name, digits in (("rate", 1), ("share", 0)):
        first, last = own[name].iloc[0], own[name].iloc[-1]
        word = "rose" if last > first else "fell"
        assert f"{word} from {first:.{digits}f} to {last:.{digits}f}" in shown.title
    assert set(shown.table["Where"]) == {"London", "Brent"}
    assert shown.table["Quarter"].min() > LAST_UNSETTLED


def test_scatter_figure_title_has_both_correlations(panel: Panel, built: Built) -> None:
    points = partial(panel, BEST, TERM)
    for x, y in (("x", "y"), ("x_within", "y_within")):
        assert signed(points[x].corr(points[y])) in built["scatter"][0].title
    assert len(built["scatter"][0].table) == 864


def test_left_out_figure_title_has_boroughs_at_both_ends(panel: Panel, built: Built) -> None:
    rows = leave_one_out(panel, BEST, TERM).sort_values("estimate")
    scale = 100 * np.log(1.1)
    for end in (rows.iloc[0], rows.iloc[-1]):
        assert f"{signed(end['estimate'] * scale)} (without {end['area']})" in built["left out"][0].title
    table = built["left out"][0].table
    assert table["Points"].is_monotonic_increasing
    assert ((table["95% interval from"] < table["Points"]) & (table["Points"] < table["95% interval to"])).all()


def test_autocorrelation_figure_names_the_distance_of_quarters(panel: Panel) -> None:
    apart = diagnose(panel, replace(BEST, non_overlapping=True))
    assert "one borough 4 quarters apart" in model_figures.autocorrelation_figure(apart, VOCABULARY).title
    assert "neighbouring quarters" in model_figures.autocorrelation_figure(diagnose(panel, BEST), VOCABULARY).title


def test_missing_figure_counts_variables_with_gaps(panel: Panel, catalogue: Catalogue) -> None:
    shown = london_figures.missing_figure(panel, catalogue)
    late = [
        name for name in ("trust_mps", "score_mean_of_8", "score_trust", TERM) if catalogue.label(name) in shown.note
    ]
    assert len(late) == 4
    assert "none has gaps" in shown.title
    holes = panel.frame.copy()
    holes.loc[(holes["borough"] == "Brent") & (holes["quarter"] == "2020Q1"), ["records", "trust_mps"]] = np.nan
    assert "2 have gaps" in london_figures.missing_figure(Panel(holes), catalogue).title


def test_history_figure_is_in_the_chosen_unit(london_wide: pd.DataFrame, panel: Panel, catalogue: Catalogue) -> None:
    def title(**choices: str) -> str:
        view = complete_view(MapView(**choices), panel)  # type: ignore[arg-type]
        return london_figures.history_figure(london_wide, panel, view, "Camden", catalogue).title

    own = panel.frame.query("borough == 'Camden'")
    assert f"({own['trust_mps'].min() * 100:.0f}%)" in title()
    rates = own["hospitalised"] / own["population"] * 1000
    assert f"({rates.max():.2f})" in title(variable="hospitalised")
    assert f"({own['records'].max():,.0f})" in title(variable="records", form="count")


def test_estimates_table_agrees_with_the_result(catalogue: Catalogue, fitted: Callable[[ModelSpec], FitResult]) -> None:
    result = fitted(replace(PUBLISHED, controls=("imd_score",)))
    table = model_figures.estimates_table(result, catalogue, VOCABULARY).set_index("Term")
    assert list(table.index) == ["ln(use-of-force records)", catalogue.label("imd_score"), "Constant"]
    row = table.loc["ln(use-of-force records)"]
    estimate = result.estimate(TERM)
    assert (row["Coefficient"], row["Standard error"]) == (estimate.estimate, estimate.std_error)
    assert (row["95% from"], row["95% to"], row["p"]) == (estimate.low, estimate.high, estimate.p)


@pytest.mark.parametrize(
    ("change", "label"),
    [
        ({}, "ln(use-of-force records)"),
        ({"form": "log_per_1000"}, "ln(use-of-force records per 1,000 residents)"),
        ({"form": "per_1000", "window": "year"}, "use-of-force records per 1,000 residents, 12 months"),
        ({"form": "count", "lag": 1}, "use-of-force records, 1 quarter earlier"),
        ({"window": "year", "lag": 3}, "ln(use-of-force records), 12 months, 3 quarters earlier"),
    ],
)
def test_predictor_label_has_form_window_and_lag(change: dict[str, str], label: str, catalogue: Catalogue) -> None:
    assert model_figures.predictor_label(TERM, replace(BEST, **change), catalogue, VOCABULARY) == label  # type: ignore[arg-type]


def test_data_summary_counts_the_figures(panel: Panel, catalogue: Catalogue) -> None:
    sentence = london_figures.data_summary(catalogue, panel)
    for part in ("32 boroughs", "864 borough-quarters", "885,267 records", catalogue.version):
        assert part in sentence


def test_map_table_agrees_with_the_map(panel: Panel, catalogue: Catalogue) -> None:
    shown = borough_map_data(complete_view(MapView("records"), panel), panel, catalogue)
    table = map_table(shown).sort_values("Borough")
    names = {"borough": "Borough", "value": "Value", "low": "95% interval from", "high": "95% interval to"}
    expected = shown.rows[list(names)].rename(columns=names).sort_values("Borough")
    pd.testing.assert_frame_equal(table.reset_index(drop=True), expected.reset_index(drop=True))


def test_left_out_figure_rows_are_in_order(built: Built) -> None:
    drawn = built["left out"][0].charts[0].to_dict()
    order = next(layer["encoding"]["y"]["sort"] for layer in drawn["layer"] if "y" in layer.get("encoding", {}))
    points = built["left out"][0].table.set_index("Without")["Points"]
    values = [points[row.replace("|", " ")] for row in order]
    assert all(before <= after for before, after in pairwise(values))


def test_joint_cards_without_a_unit_have_no_gap_for_it(london: Panel, catalogue: Catalogue) -> None:
    result = fit(london, LONDON_OUTCOMES.recommended, wild=False)
    for words, after in ((VOCABULARY, " points for "), (replace(VOCABULARY, unit=""), " for ")):
        for line in model_figures.joint_card_lines(result, catalogue, words):
            assert after in line
            assert "  " not in line
