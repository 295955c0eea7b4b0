"""Figures of joint models, ages, the curve and the strength of evidence, and the text of joint models."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial as bind
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.multitest import multipletests

from core.london.ages import figures as ages_figures
from core.london.ages.analysis import between_boroughs
from core.london.ages.question import AGE_BANDS
from core.london.evidence import figures as london_evidence_figures
from core.london.evidence.groups import GROUPINGS, WHOLE, split
from core.london.evidence.peers import peers
from core.london.outcomes import figures as outcomes_figures
from core.london.outcomes.question import LONDON_OUTCOMES
from core.london.questions import SAMPLES, VOCABULARY
from core.presentation import numbers
from core.presentation import text as presentation_text
from core.presentation.charts import Figure
from core.presentation.models import model_figures
from core.presentation.numbers import MINUS, number, signed
from core.presentation.robustness import curve_figures, evidence_figures, evidence_text
from core.presentation.text import curve_text, holm_p, joint_answer, joint_contrast
from core.questions.curve import CurveView, choices, dimensions, first_view, marked_specs
from core.questions.question import AS_PUBLISHED, FIRST_EDITION, PRESET_LABELS
from core.stats.contributions import contributions
from core.stats.penalised import penalty_paths
from core.stats.regression import Estimate, FitResult, ModelSpec, fit
from core.stats.regression.curves.curve import Curve, specification_curve
from core.stats.what_if import what_if
from core.tables.catalogue import Catalogue
from core.tables.panel import Panel

SHOWN = (AS_PUBLISHED, FIRST_EDITION)
PUBLISHED, BEST = LONDON_OUTCOMES.presets[AS_PUBLISHED], LONDON_OUTCOMES.presets[FIRST_EDITION]
KINDS = LONDON_OUTCOMES.predictors
TEXT = curve_text(VOCABULARY)
WHEN = "April 2017 to December 2023"
NEAR = CurveView(
    outcomes=("score_mean_of_8", "trust_mps"),
    forms=("count", "share"),
    windows=("quarter",),
    lags=("0", "4"),
    absorbed=("nothing", "borough+quarter"),
    held=("nothing", "imd_score"),
    samples=("all",),
    weighting=("equal",),
    errors=("cluster",),
)


@dataclass(frozen=True)
class Inputs:
    """What figures are made from: one model, and all that follows from it."""

    panel: Panel
    london_wide: pd.DataFrame
    catalogue: Catalogue
    fits: dict[str, FitResult]
    current: FitResult

    @property
    def parts(self) -> pd.DataFrame:
        return contributions(self.panel, self.current)

    def between(self, **change: Any) -> dict[str, FitResult]:
        spec = ModelSpec(self.current.spec.outcome, AGE_BANDS, form="share")
        totals = self.catalogue.read_table("use_of_force_ages")
        return between_boroughs(self.panel, totals, replace(spec, **change), True, {})

    def curve(self, view: CurveView = NEAR, predictors: tuple[str, ...] = KINDS) -> Curve:
        with_outcome = replace(view, outcomes=(self.current.spec.outcome, *view.outcomes[:1]))
        return specification_curve(self.panel, choices(with_outcome, predictors, SAMPLES), "arrested")


@pytest.fixture(scope="module")
def fitted(panel: Panel) -> Callable[[ModelSpec], FitResult]:
    return bind(fit, panel, wild=False)


@pytest.fixture(scope="module")
def usual(
    panel: Panel, london_wide: pd.DataFrame, catalogue: Catalogue, fitted: Callable[[ModelSpec], FitResult]
) -> Inputs:
    fits = {PRESET_LABELS[name]: fitted(LONDON_OUTCOMES.presets[name]) for name in SHOWN}
    return Inputs(panel, london_wide, catalogue, fits, fits[PRESET_LABELS[FIRST_EDITION]])


@pytest.fixture(scope="module")
def other(usual: Inputs, fitted: Callable[[ModelSpec], FitResult]) -> Inputs:
    """Another score, with fewer predictors in another form."""
    yours = fitted(replace(BEST, outcome="trust_mps", predictors=KINDS[:3], form="share", covariance="HC1"))
    return replace(usual, fits=usual.fits | {"Your model": yours}, current=yours)


def totals_of(of: Inputs) -> pd.DataFrame:
    rows = of.catalogue.read_table("use_of_force_ages")
    return rows if of.current.spec == BEST else of.catalogue.read_table("use_of_force_2024q1").iloc[:20]


BUILT: dict[str, Callable[[Inputs], Figure]] = {
    "coefficients": lambda of: outcomes_figures.coefficients_figure(of.fits, of.current, of.catalogue),
    "contributions": lambda of: outcomes_figures.contributions_figure(of.parts, "hospitalised", of.catalogue),
    "all contributions": lambda of: outcomes_figures.all_contributions_figure(of.parts, of.catalogue),
    "yearly means": lambda of: outcomes_figures.yearly_means_figure(
        of.panel, of.current.spec.predictors[-1], of.catalogue
    ),
    "shares": lambda of: outcomes_figures.shares_figure(
        of.london_wide, KINDS if of.current.spec == BEST else KINDS[1:], "records", of.catalogue
    ),
    "composition": lambda of: ages_figures.composition_figure(totals_of(of), False, WHEN, of.catalogue),
    "between boroughs": lambda of: ages_figures.between_figure(
        of.between() if of.current.spec == BEST else of.between(form="per_1000", controls=("crime_per_1000",)),
        of.catalogue,
    ),
    "penalty paths": lambda of: ages_figures.paths_figure(penalty_paths(of.panel, of.current.spec), of.catalogue),
    "curve": lambda of: curve_figures.curve_figure(
        of.curve(),
        dimensions(LONDON_OUTCOMES, of.panel, of.catalogue),
        marked_specs(LONDON_OUTCOMES, of.curve().choices),
        "records",
        TEXT,
    ),
    "influence": lambda of: curve_figures.influence_figure(
        of.curve(), dimensions(LONDON_OUTCOMES, of.panel, of.catalogue), TEXT
    ),
    "what if": lambda of: evidence_figures.what_if_figure(
        what_if(of.panel, of.current, of.current.spec.predictors, -10),
        of.catalogue,
        VOCABULARY,
    ),
}
every_figure = pytest.mark.parametrize("build", BUILT.values(), ids=BUILT)
Build = Callable[[Inputs], Figure]
NUMBERLESS = ("penalty paths",)


def texts(item: Figure) -> list[str]:
    return [item.title, item.alt, item.note]


@every_figure
def test_figure_has_name_title_text_alternative_and_table(build: Build, usual: Inputs, other: Inputs) -> None:
    for item in (build(usual), build(other)):
        assert re.fullmatch(r"[a-z0-9_]+", item.name)
        assert re.match(rf"[A-Z{MINUS}]", item.title)
        assert item.alt.endswith(".")
        assert len(item.alt) > 30
        assert len(item.table)
        assert item.table.columns.is_unique
        assert not any("_" in str(column) for column in item.table), "a name of the code in front of readers"
        for text in texts(item):
            assert not re.search(r"\bnan\b|None|\binf\b|\{|\}|(?<!\w)-\d|  ", text), text
            assert "cause" not in text


@every_figure
def test_figure_charts_are_valid_and_have_rows_without_nan(build: Build, usual: Inputs, other: Inputs) -> None:
    for of in (usual, other):
        charts = build(of).charts
        assert charts
        for chart in charts:
            drawn = chart.to_dict(validate=True)
            rows = [row for rows in drawn["datasets"].values() for row in rows]
            assert rows
            assert not any(value != value for row in rows for value in row.values()), "a figure that is none"


@pytest.mark.parametrize("name", BUILT)
def test_figure_title_and_table_change_with_the_model(name: str, usual: Inputs, other: Inputs) -> None:
    first, second = BUILT[name](usual), BUILT[name](other)
    assert name in NUMBERLESS or re.search(r"\d", first.title)
    assert first.title != second.title
    assert not first.table.equals(second.table)


# Coefficients side by side


def test_coefficients_figure_lists_models_by_kind(usual: Inputs) -> None:
    shown = BUILT["coefficients"](usual)
    assert shown.title == "Significant links: 4 of 4 in “As published”; 1 of 4 in “First edition”"
    assert shown.table["Kind"].tolist() == [usual.catalogue.label(kind) for kind in KINDS for _ in range(2)]
    assert shown.table["Model"].tolist() == [PRESET_LABELS[name] for name in SHOWN] * 4
    assert len(shown.charts) == 4
    row = shown.table.iloc[1]
    estimate = usual.current.estimate("arrested")
    assert (row["Coefficient"], row["p"]) == (estimate.estimate, estimate.p)
    assert row["Points"] == pytest.approx(estimate.estimate * 100 * 100)


def test_coefficients_figure_agrees_with_published_findings(usual: Inputs) -> None:
    table = BUILT["coefficients"](usual).table.query("Model == 'As published'")
    assert table["Coefficient"].to_numpy() == pytest.approx([-5.579e-05, 0.000379, -0.001437, 0.000329], rel=2e-3)
    reported = usual.catalogue.read_table("published_findings").query("topic == 'outcomes'")
    for found, value, decimals in zip(table["Coefficient"], reported["value"], reported["decimals"], strict=True):
        assert round(found, int(decimals)) == pytest.approx(value, abs=10.0 ** -(decimals + 2))


def drawn_models(item: Figure) -> set[str]:
    rows = [row for chart in item.charts for rows in chart.to_dict()["datasets"].values() for row in rows]
    return {row["label"] for row in rows if "label" in row}


def test_coefficients_figure_draws_only_models_of_the_same_step(usual: Inputs, other: Inputs) -> None:
    assert drawn_models(BUILT["coefficients"](usual)) == {PRESET_LABELS[name] for name in SHOWN}
    shown = BUILT["coefficients"](other)
    assert drawn_models(shown) == {"Your model"}
    assert len(shown.charts) == 3
    assert "one percentage point more of records of one kind among all records" in shown.note
    assert "in the table" in shown.note
    assert "in the table" not in BUILT["coefficients"](usual).note
    assert set(shown.table["Model"]) == {*(PRESET_LABELS[name] for name in SHOWN), "Your model"}
    assert shown.table["For"].str.startswith("100 more").sum() == 8


# Contributions, and how often


def test_contributions_figure_is_sorted_and_title_has_both_ends(usual: Inputs) -> None:
    table = BUILT["contributions"](usual).table
    assert table["Points"].is_monotonic_increasing
    assert len(table) == 32
    title = BUILT["contributions"](usual).title
    for end in (0, -1):
        assert f"{signed(table['Points'].iloc[end], 1)} " in title
        assert f" in {table['Borough'].iloc[end]}" in title


def test_contributions_figure_in_share_form_notes_shares(other: Inputs) -> None:
    note = BUILT["contributions"](other).note
    assert "how many" not in note
    assert "share" in note


def test_all_contributions_figure_title_has_both_ends(usual: Inputs) -> None:
    shown = BUILT["all contributions"](usual)
    sums = usual.parts.groupby("area")["points"].sum().sort_values()
    for end in (0, -1):
        assert f"{signed(sums.iloc[end], 1)} " in shown.title
        assert f" in {sums.index[end]}" in shown.title
    assert len(shown.table) == 32 * 4


def test_all_contributions_figure_notes_overlap_only_for_overlapping_kinds(usual: Inputs) -> None:
    assert "overlap" in BUILT["all contributions"](usual).note
    ages = outcomes_figures.all_contributions_figure(usual.parts, usual.catalogue, ages_figures.ONE_BAND)
    assert "overlap" not in ages.note


def test_yearly_means_figure_title_has_most_and_fewest(usual: Inputs) -> None:
    shown = BUILT["yearly means"](usual)
    means = usual.panel.frame.groupby("borough")["other_outcome"].mean()
    assert f"most in {means.idxmax()} ({number(means.max(), 0)} records" in shown.title
    assert f"fewest in {means.idxmin()} ({number(means.min(), 0)})" in shown.title
    assert len(shown.table) == 32 * 7
    assert "2017" in shown.note


def test_shares_figure_has_shares_of_all_records(usual: Inputs) -> None:
    shown = BUILT["shares"](usual)
    there = usual.london_wide.dropna(subset=["records"])
    assert len(shown.table) == 27 * 4
    share = there["arrested"] / there["records"] * 100
    for end in (0, -1):
        assert f"{number(share.iloc[end], 0)}%" in shown.title
    assert shown.table["Share of records"].between(0, 1).all()


def test_shares_figure_with_events_has_more_layers(usual: Inputs) -> None:
    events = usual.catalogue.read_table("events").assign(number=lambda rows: range(1, len(rows) + 1))
    plain = BUILT["shares"](usual).charts[0].to_dict(validate=True)
    marked = outcomes_figures.shares_figure(usual.london_wide, KINDS, "records", usual.catalogue, events)
    assert len(marked.charts[0].to_dict(validate=True)["layer"]) > len(plain["layer"])


# Ages


@pytest.mark.parametrize("recovered", [False, True])
def test_composition_figure_is_sorted_by_share_of_under_18s(recovered: bool, usual: Inputs) -> None:
    totals = totals_of(usual)
    shown = ages_figures.composition_figure(totals, recovered, WHEN, usual.catalogue)
    label = usual.catalogue.label("age_under_18")
    assert shown.table[label].is_monotonic_decreasing
    assert shown.table.drop(columns="Borough").sum(axis=1).to_numpy() == pytest.approx(np.full(32, 100))
    most, fewest = shown.table.iloc[0], shown.table.iloc[-1]
    assert f"{number(most[label], 0)}% of records in {most['Borough']}" in shown.title
    assert f"{number(fewest[label], 0)}% in {fewest['Borough']}" in shown.title
    assert f"({WHEN})" in shown.title


def test_recovered_finding_has_its_numbers(usual: Inputs) -> None:
    sentence = ages_figures.recovered_finding(totals_of(usual))
    for part in ("7,667 of 885,267 records", "0.9%", "12.4%", "11.5%"):
        assert part in sentence


def test_between_figure_uses_holm_adjusted_p_values(usual: Inputs) -> None:
    fits = usual.between()
    shown = ages_figures.between_figure(fits, usual.catalogue)
    adjusted = multipletests([fits[band].estimate(band).p for band in AGE_BANDS], method="holm")[1]
    assert shown.table["p, Holm-adjusted"].to_numpy() == pytest.approx(adjusted)
    assert shown.table["Age band"].tolist() == [usual.catalogue.label(band) for band in AGE_BANDS]
    # One band's own p-value is below 5%, but not once four are read at once.
    assert shown.table["p"].min() < 0.05 < adjusted.min()
    assert shown.title.startswith("Across the 32 boroughs, none of the four age groups shows")
    assert ages_figures.between_answer(fits, usual.catalogue).startswith("The data cannot say.")


def test_between_figure_without_controls_has_correlations_of_shares(usual: Inputs) -> None:
    totals = totals_of(usual).set_index("borough")
    counts = totals[[*AGE_BANDS[1:]]].assign(age_under_18=totals["age_under_18_with_recovered"])
    score = usual.panel.frame.query("'2017Q2' <= quarter <= '2023Q4'").groupby("borough")["score_mean_of_8"].mean()
    table = ages_figures.between_figure(usual.between(), usual.catalogue).table.set_index("Age band")
    for band in AGE_BANDS:
        share = counts[band] / counts.sum(axis=1)
        assert table.loc[usual.catalogue.label(band), "Correlation"] == pytest.approx(share.corr(score))
    held = ages_figures.between_figure(usual.between(controls=("imd_score",)), usual.catalogue)
    assert "Correlation" not in held.table, "with controls the root of R2 is no correlation"


def clearer(fits: dict[str, FitResult], clear: int) -> dict[str, FitResult]:
    """`fits`, of which the first `clear` have estimates far from zero and the others none to speak of."""
    made = {}
    for place, (band, result) in enumerate(fits.items()):
        own = Estimate(band, "predictor", 0.5 if place < clear else 0.01, 0.05, result.df)
        made[band] = replace(result, estimates=(own,))
    return made


@pytest.mark.parametrize(
    ("clear", "title"),
    [
        (0, "none of the four age groups shows a clear link"),
        (1, "one of the four age groups shows a clear link"),
        (3, "three of the four age groups show a clear link"),
    ],
)
def test_between_answer_agrees_with_number_of_clear_bands(clear: int, title: str, usual: Inputs) -> None:
    fits = clearer(usual.between(), clear)
    assert title in ages_figures.between_figure(fits, usual.catalogue).title
    sentence = ages_figures.between_answer(fits, usual.catalogue)
    assert sentence.count("adjusted p") == clear
    for place, band in enumerate(AGE_BANDS):
        assert (usual.catalogue.label(band) in sentence) == (place < clear)
    assert ("cannot say why" in sentence) == bool(clear)


def test_published_ages_has_the_reported_coefficients(usual: Inputs) -> None:
    table = ages_figures.published_ages(usual.catalogue.read_table("published_findings"), usual.catalogue)
    reported = table.set_index("Finding")["Reported"]
    assert reported["Constant"] == "0.6250"
    assert [reported[usual.catalogue.label(band)] for band in AGE_BANDS] == ["-0.0006", "0.0002", "-0.0003", "-0.0003"]
    assert not table.isna().any(axis=None)


def test_paths_figure_title_names_last_variable_left_by_lasso(usual: Inputs) -> None:
    paths = penalty_paths(usual.panel, PUBLISHED)
    free = paths[paths["method"] == "lasso"].query("abs(coefficient) > 1e-12")
    last = free[free["penalty"] == free["penalty"].max()]["name"]
    shown = ages_figures.paths_figure(paths, usual.catalogue)
    assert usual.catalogue.label(last.iloc[0]) in shown.title
    assert len(shown.charts) == 2
    assert len(shown.table) == 4 + 2 * 4 * 40
    assert set(shown.table["Method"]) == {"least squares", "ridge", "lasso"}


# The curve


def test_curve_finding_has_shares_and_median(usual: Inputs) -> None:
    curve, offered = usual.curve(), dimensions(LONDON_OUTCOMES, usual.panel, usual.catalogue)
    asked = curve.table[curve.table["effects"] == "borough + quarter"]
    clear = asked["p"] < 0.05
    lower, higher = (100 * (clear & side).mean() for side in (asked["effect"] < 0, asked["effect"] > 0))
    title = curve_figures.curve_finding(curve, "use-of-force records", TEXT)
    for part in (
        f"Of {len(asked)} specifications with borough and quarter effects",
        f"{number(lower, 0)}%",
        f"{number(higher, 0)}%",
    ):
        assert part in title
    assert f"median is {signed(asked['effect'].median())} points" in title
    assert f"The other {len(curve.table) - len(asked)}, with fewer effects, ask another question." in title
    table = curve_figures.curve_table(curve, offered, TEXT)
    assert len(table) == len(curve.table)
    for dimension in offered.values():
        assert set(table[dimension.label]) <= {str(label) for label in dimension.alternatives.values()}


def test_curve_finding_with_one_specification_counts_one_without_influence(usual: Inputs) -> None:
    one = replace(NEAR, outcomes=(BEST.outcome,), forms=("count",), lags=("0",), absorbed=("nothing",))
    curve = usual.curve(replace(one, held=("nothing",)))
    assert len(curve.table) == 1
    assert curve_figures.curve_finding(curve, "use-of-force records", TEXT).startswith("Of 1 specification, ")
    assert not curve_figures.has_influence(curve)
    assert curve_figures.has_influence(usual.curve())


def test_curve_figure_marks_presets_at_their_estimates(usual: Inputs) -> None:
    curve = usual.curve()
    found = curve_figures.marks(curve, marked_specs(LONDON_OUTCOMES, curve.choices)).set_index("label")
    assert list(found.index) == [PRESET_LABELS[name] for name in SHOWN]
    for label, result in usual.fits.items():
        estimate = curve.table["estimate"].iloc[int(found["rank"][label]) - 1]
        assert estimate == pytest.approx(result.estimate("arrested").estimate)
    note = BUILT["curve"](usual).note
    for name, rank in found["rank"].items():
        assert f"{name} is number {rank}" in note


def test_curve_figure_with_other_predictors_marks_no_preset(usual: Inputs) -> None:
    curve = usual.curve(predictors=KINDS[:2])
    specs = marked_specs(LONDON_OUTCOMES, curve.choices)
    assert curve_figures.marks(curve, specs).empty
    shown = curve_figures.curve_figure(
        curve, dimensions(LONDON_OUTCOMES, usual.panel, usual.catalogue), specs, "records", TEXT
    )
    assert "is number" not in shown.note + shown.alt
    assert all(chart.to_dict(validate=True) for chart in shown.charts)


def test_influence_figure_names_the_most_influential_choice(usual: Inputs) -> None:
    shown = BUILT["influence"](usual)
    assert shown.table["Moves by (points)"].is_monotonic_decreasing
    most = shown.table.iloc[0]
    assert f"“{most['Choice']}”" in shown.title
    assert f"by {number(most['Moves by (points)'])} points" in shown.title


def test_left_out_table_counts_specifications_by_reason(usual: Inputs) -> None:
    curve = usual.curve()
    table = curve_figures.left_out_table(curve)
    assert table["Specifications"].sum() == len(curve.left_out) == len(curve.choices) - len(curve.table)
    assert table["Reason"].str.contains("effects").all()


def test_curve_table_of_first_view_has_label_for_each_choice(usual: Inputs) -> None:
    offered = dimensions(LONDON_OUTCOMES, usual.panel, usual.catalogue)
    view = replace(first_view(offered), outcomes=(BEST.outcome,), forms=("share",), lags=("0",))
    table = curve_figures.curve_table(usual.curve(view), offered, TEXT)
    effects, held = offered["absorbed"], offered["held"].alternatives
    assert set(table["Effects"]) == {effects.alternatives[name] for name in effects.ticked}
    assert set(table["Control variables"]) <= set(held.values())
    assert held["nothing"] in set(table["Control variables"])


# Strength of evidence


def test_null_table_has_a_row_for_each_predictor(usual: Inputs) -> None:
    published = usual.fits[PRESET_LABELS[AS_PUBLISHED]]
    table = evidence_figures.null_table(usual.current, published, 0.5, usual.catalogue, VOCABULARY)
    assert table["Variable"].tolist() == [usual.catalogue.label(kind) for kind in KINDS]
    for row, kind in zip(table.to_dict("records"), KINDS, strict=True):
        assert row["Estimate (points)"] == pytest.approx(usual.current.estimate(kind).estimate * 1e4)
        assert row["Published size (points)"] == pytest.approx(published.estimate(kind).estimate * 1e4)
        assert 0 <= row["Chance to find the published size"] <= 1
        assert 0 <= row["p, smaller than 0.50 points"] <= 1
        assert row["Smallest that would be found (points)"] > 0


def test_null_findings_is_a_list_only_for_several_predictors(usual: Inputs, fitted: Callable[..., FitResult]) -> None:
    published = usual.fits[PRESET_LABELS[AS_PUBLISHED]]
    several = evidence_text.null_findings(usual.current, published, 0.25, usual.catalogue, VOCABULARY)
    assert [line.split(".**")[0] for line in several.splitlines()] == [f"- **{usual.catalogue.label(k)}" for k in KINDS]
    one = fitted(replace(BEST, predictors=KINDS[:1]))
    alone = evidence_text.null_findings(
        one, fitted(replace(PUBLISHED, predictors=KINDS[:1])), 0.25, usual.catalogue, VOCABULARY
    )
    assert not alone.startswith("-")
    assert "\n" not in alone


@pytest.mark.parametrize("grouping", GROUPINGS)
def test_groups_table_has_columns_for_whole_and_each_group(grouping: str, usual: Inputs) -> None:
    found = split(usual.panel, replace(BEST, covariance="HC1"), grouping, wild=False)
    table = london_evidence_figures.groups_table(found, "arrested", VOCABULARY)
    assert table.columns.tolist() == ["", WHOLE, *GROUPINGS[grouping].groups]
    sentence = table.set_index("")
    assert sentence.loc["Estimate (points)", WHOLE] == signed(found.whole.estimate("arrested").estimate * 1e4)
    assert sentence.loc["Boroughs", list(GROUPINGS[grouping].groups)].astype(int).sum() == 32
    assert not table.map(lambda text: "nan" in str(text)).any(axis=None)


def test_groups_table_with_group_not_fitted_has_a_note(usual: Inputs) -> None:
    spec = replace(BEST, covariance="HC1", areas=("Camden", "Hackney", "Islington", "Barnet"))
    found = split(usual.panel, spec, "inner_outer", wild=False)
    outer = london_evidence_figures.groups_table(found, "arrested", VOCABULARY).set_index("")["Outer London"]
    assert outer["Estimate (points)"] == "none"
    assert outer["Note"].endswith(".")
    assert (outer[["95% interval", "p", "Wild bootstrap p"]] == "").all()


def test_what_if_table_has_values_now_and_then(usual: Inputs) -> None:
    found = what_if(usual.panel, usual.current, KINDS, -50, ("Camden", "Richmond upon Thames"))
    table = evidence_figures.what_if_table(found, usual.catalogue, VOCABULARY)
    assert table["Borough"].tolist() == ["Camden", "Richmond upon Thames"]
    now, then = (table[f"Subject arrested, {when}"] for when in ("now (mean of 4 quarters)", "then"))
    assert then.to_numpy() == pytest.approx(now.to_numpy() / 2)
    assert set(table["Beyond this borough's record"]) | set(table["Beyond any borough's record"]) <= {"yes", "no"}
    assert (table["95% interval from"] < table["95% interval to"]).all()


def test_what_if_figure_is_sorted_and_title_has_both_ends(usual: Inputs) -> None:
    shown = BUILT["what if"](usual)
    points = shown.table["Associated change (points)"]
    (chart,) = (chart.to_dict() for chart in shown.charts)
    drawn = [row["points"] for row in next(rows for rows in chart["datasets"].values() if len(rows) == 32)]
    assert drawn == sorted(points)
    for end in (int(points.argmin()), int(points.argmax())):
        assert f"{signed(points.iloc[end])} in {shown.table['Borough'].iloc[end]}" in shown.title


def test_peers_table_has_figures_of_five_peers(usual: Inputs) -> None:
    table = london_evidence_figures.peers_table(peers(usual.panel, "Camden"), usual.catalogue)
    assert len(table) == 5
    assert "Camden" not in set(table["Borough"])
    assert table["Distance"].is_monotonic_increasing
    assert {usual.catalogue.label(name) for name in ("imd_score", "crime_per_1000", "population")} < set(table.columns)


def test_estimates_table_of_joint_model_has_adjusted_p_values(usual: Inputs, fitted: Callable[..., FitResult]) -> None:
    result = fitted(replace(PUBLISHED, controls=("imd_score",)))
    table = model_figures.estimates_table(result, usual.catalogue, VOCABULARY)
    adjusted = table["p, Holm-adjusted"]
    assert adjusted.iloc[:4].to_numpy() == pytest.approx(multipletests(table["p"].iloc[:4], method="holm")[1])
    assert adjusted.iloc[4:].isna().all(), "controls and the constant answer no question"
    one = model_figures.estimates_table(fitted(replace(BEST, predictors=KINDS[:1])), usual.catalogue, VOCABULARY)
    assert "p, Holm-adjusted" not in one


# Text of joint models


def joint(usual: Inputs, *estimates: float, std_error: float = 1e-4) -> FitResult:
    """A result with one made-up coefficient for each of `estimates`."""
    made = tuple(Estimate(kind, "predictor", e, std_error, 31) for kind, e in zip(KINDS, estimates, strict=False))
    return replace(usual.current, spec=replace(BEST, predictors=KINDS[: len(made)]), estimates=made)


def test_joint_answer_uses_holm_adjusted_p_values(usual: Inputs) -> None:
    result = joint(usual, -2.2e-4, 2.1e-4, 1e-5, 1e-5)
    assert max(estimate.p for estimate in result.estimates[:2]) < 0.05 < min(holm_p(result).values())
    assert joint_answer(result, usual.catalogue, VOCABULARY).startswith("No clear association with any of the four.")
    assert "0 of 4" in outcomes_figures.coefficients_figure({"Mine": result}, result, usual.catalogue).title
    assert not any(
        "clear of zero" in line for line in model_figures.joint_card_lines(result, usual.catalogue, VOCABULARY)
    )
    two = replace(result, spec=replace(BEST, predictors=KINDS[:1]), estimates=result.estimates[:1])
    assert holm_p(two) == {"arrested": two.estimate("arrested").p}


def test_holm_p_agrees_with_statsmodels(usual: Inputs) -> None:
    for result in usual.fits.values():
        p = [estimate.p for estimate in result.estimates if estimate.role == "predictor"]
        assert list(holm_p(result)) == list(KINDS)
        assert list(holm_p(result).values()) == pytest.approx(multipletests(p, method="holm")[1])


@pytest.mark.parametrize(
    ("estimates", "start", "end"),
    [
        ((0, 0, 0, 0), "No clear association with any of the four. ", "none of them clear."),
        ((0, 0), "No clear association with either of the two. ", "neither of them clear."),
        ((1, 0), "One of two is clearly associated, in this model. ", "for reading two at once."),
        ((1, 0, 0, 0), "One of four is clearly associated, in this model. ", "for reading four at once."),
        ((1, -1, 0), "Two of three are clearly associated, in this model. ", "for reading three at once."),
        ((1, -1, 1, 1), "All four are clearly associated, in this model. ", "for reading four at once."),
    ],
)
def test_joint_answer_agrees_with_number_of_clear_associations(
    estimates: tuple[int, ...], start: str, end: str, usual: Inputs
) -> None:
    clear = sum(map(abs, estimates))
    sentence = joint_answer(joint(usual, *(size * 1e-2 for size in estimates)), usual.catalogue, VOCABULARY)
    assert sentence.startswith(start)
    assert sentence.endswith(end)
    rest = len(estimates) - clear
    assert (f"For {numbers.the_others(rest)} there is no clear association." in sentence) == bool(clear and rest)
    assert sentence.count(" higher (") + sentence.count(" lower (") == clear
    assert not re.search(r"  |\.\.|;;|nan", sentence)


def test_joint_contrast_counts_clear_coefficients_of_both_models(usual: Inputs) -> None:
    published, recommended = usual.fits.values()
    sentence = joint_contrast(published, recommended)
    assert "all four coefficients are clear" in sentence
    assert "in the recommended model one" in sentence
    assert "one one" not in sentence
    none = joint_contrast(published, joint(usual, 0, 0, 0, 0))
    assert "in the recommended model none" in none
    single = joint_contrast(joint(usual, 1e-2, 0, 0, 0), joint(usual, 0, 0, 0, 0))
    assert "one of four coefficients is clear" in single


def test_number_word_below_ten_is_a_word() -> None:
    assert [numbers.number_word(count) for count in (0, 1, 4, 9, 10, 1200)] == [
        "none",
        "one",
        "four",
        "nine",
        "10",
        "1,200",
    ]


def test_joint_card_lines_have_a_line_for_each_kind(usual: Inputs) -> None:
    for result in usual.fits.values():
        lines = model_figures.joint_card_lines(result, usual.catalogue, VOCABULARY)
        assert len(lines) == 4
        for line, (kind, adjusted) in zip(lines, holm_p(result).items(), strict=True):
            assert usual.catalogue.label(kind) in line
            assert ("(clear)" in line) == (adjusted < 0.05)
    assert all(before != after for before, after in pairwise(lines))


@pytest.mark.parametrize("covariance", ["cluster", "classical", "HC1"])
def test_joint_uncertainty_with_independent_errors_says_too_narrow(covariance: str, usual: Inputs) -> None:
    result = replace(usual.current, spec=replace(BEST, covariance=covariance))  # type: ignore[arg-type]
    sentence = presentation_text.joint_uncertainty(result, VOCABULARY)
    assert "four coefficients are read together" in sentence
    assert ("too narrow" in sentence) == (covariance != "cluster")
