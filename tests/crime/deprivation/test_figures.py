"""Crime and deprivation in pictures and tables: the published numbers, other packages' numbers, text for all."""

import io
import math
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from core.crime.area import EVERYWHERE, CrimeArea, panel
from core.crime.deprivation.analysis import SCORES, associations, curve_choices, variants
from core.crime.deprivation.curve import in_per_cent, lsoa_dimensions, lsoa_samples
from core.crime.deprivation.figures import (
    AGAIN,
    district_table,
    districts_figure,
    reproduction,
    reproduction_finding,
    scatter_figure,
    score_steps,
    variants_figure,
    variants_finding,
)
from core.crime.deprivation.models import (
    LOGARITHMIC,
    NEIGHBOURS,
    Checked,
    check,
    effects_finding,
    errors_figure,
    steps,
)
from core.crime.deprivation.question import DISTRICT, MSOA, VOCABULARY, crime_and_deprivation
from core.crime.deprivation.text import (
    CRIME_CURVE,
    ERRORS,
    OUTCOMES,
    R_SQUARED,
    STEPS_NOTE,
    ModelSummary,
    by_place,
    covariance_of,
    short_label,
)
from core.crime.loaders import west_midlands
from core.exports.script import csv_bytes, model_script, model_table
from core.presentation.charts import Figure
from core.presentation.models import model_figures
from core.presentation.numbers import MINUS, number, signed
from core.presentation.robustness import curve_figures
from core.questions.curve import Dimension, choices, first_view, marked_specs
from core.questions.links import NOTHING, SEPARATOR, from_query, to_query
from core.questions.question import AS_PUBLISHED, PRESET_LABELS, RECOMMENDED, Question
from core.stats.regression import FitResult, ModelSpec, fit
from core.stats.regression.covariance.conley import CAUTIOUS_KM
from core.stats.regression.curves.curve import Curve, specification_curve
from core.tables.catalogue import load_catalogue
from core.tables.options import WEIGHTS
from core.tables.panel import Panel

GROUPS = (DISTRICT, MSOA)

QUESTION = crime_and_deprivation("west_midlands", OUTCOMES, SCORES, districts=7, msoas=356)


def preset(name: str) -> ModelSpec:
    return QUESTION.presets[name]


PUBLISHED, BEST = preset(AS_PUBLISHED), preset(RECOMMENDED)
SPECS: dict[str, ModelSpec] = {
    "published": PUBLISHED,
    "recommended": BEST,
    "MSOA effects, clustered by district": replace(BEST, effects=(MSOA,), cluster=DISTRICT),
    "MSOA effects": replace(BEST, effects=(MSOA,), outcome="records_typical"),
    "by residents": replace(BEST, weights="population", effects=(), cluster=DISTRICT),
    "robust, without crime": replace(BEST, predictors=("imd_score_without_crime",), covariance="HC1"),
}


@pytest.fixture(scope="module")
def area() -> CrimeArea:
    return west_midlands()


@pytest.fixture(scope="module")
def lines(area: CrimeArea) -> Panel:
    return panel(area)


@pytest.fixture(scope="module")
def fitted(lines: Panel) -> Callable[[ModelSpec], FitResult]:
    def fit_one(spec: ModelSpec) -> FitResult:
        return fit(lines, spec, wild=False)

    return fit_one


@pytest.fixture(scope="module")
def summarise(lines: Panel, fitted: Callable[[ModelSpec], FitResult]) -> Callable[[ModelSpec], ModelSummary]:
    def summary(spec: ModelSpec) -> ModelSummary:
        share = check(lines, spec, []).share
        return ModelSummary(fitted(spec), share, float(lines.frame[spec.outcome].mean()), len(lines.frame))

    return summary


# The study's numbers


def test_reproduction_agrees_with_the_published_numbers(area: CrimeArea) -> None:
    findings = load_catalogue().read_table("crime_findings").set_index("id")
    rows = reproduction(findings["value"], associations(area), decimals=6)
    assert rows["Place"].tolist() == [EVERYWHERE, *sorted(rows["Place"][1:])]
    assert len(rows) == 7
    np.testing.assert_allclose(rows[f"{R_SQUARED} here"], rows["Printed as r"], atol=1e-6)
    np.testing.assert_allclose(rows["r here"] ** 2, rows[f"{R_SQUARED} here"])
    assert set(rows[AGAIN]) == {"yes"}
    assert reproduction_finding(rows, 6).startswith("All 7 numbers of the study are reproduced to 6 decimals")


def test_reproduction_with_changed_numbers_says_no(area: CrimeArea) -> None:
    findings = load_catalogue().read_table("crime_findings").set_index("id")["value"]
    rows = reproduction(findings + 2e-6, associations(area), decimals=6)
    assert set(rows[AGAIN]) == {"no"}
    assert reproduction_finding(rows, 6).startswith("0 of 7")
    assert set(reproduction(findings + 2e-6, associations(area), decimals=5)[AGAIN]) == {"yes"}


def test_as_published_preset_has_the_printed_r_squared(
    summarise: Callable[[ModelSpec], ModelSummary],
) -> None:
    summary = summarise(PUBLISHED)
    assert summary.share.r2 == pytest.approx(0.07523949043166604, abs=1e-9)
    assert summary.result.r2 == pytest.approx(summary.share.r2)
    assert (PUBLISHED.effects, PUBLISHED.covariance, PUBLISHED.outcome) == ((), "classical", "records")


# Effects, shares and errors


@pytest.mark.parametrize("name", SPECS)
def test_check_share_is_r_squared_within_the_effects(
    name: str, lines: Panel, fitted: Callable[[ModelSpec], FitResult]
) -> None:
    spec = SPECS[name]
    share, result = check(lines, spec, []).share, fitted(spec)
    assert share.r2 == pytest.approx(result.r2 if result.r2_within is None else result.r2_within)
    assert math.isnan(share.low) == (spec.weights != "equal")
    if spec.weights == "equal":
        assert 0 <= share.low < share.r2 < share.high < 1


def test_check_share_without_effects_has_interval_of_associations(area: CrimeArea, lines: Panel) -> None:
    row = associations(area).set_index("place").loc[EVERYWHERE]
    share = check(lines, PUBLISHED, []).share
    assert (share.low, share.high) == pytest.approx((row["r2_low"], row["r2_high"]))


@pytest.mark.parametrize("name", SPECS)
def test_check_errors_agree_with_separate_fits(name: str, lines: Panel) -> None:
    spec = SPECS[name]
    found = check(lines, spec, list(ERRORS)).errors
    assert list(found) == list(ERRORS)
    for kind, estimate in found.items():
        cluster = kind if kind in GROUPS else MSOA
        own = fit(lines, replace(spec, covariance=covariance_of(kind), cluster=cluster), wild=False)
        expected = own.estimate(spec.predictors[0])
        assert (estimate.estimate, estimate.std_error) == pytest.approx((expected.estimate, expected.std_error))
        assert (estimate.df, estimate.low) == pytest.approx((expected.df, expected.low))


def test_check_errors_agree_with_statsmodels(lines: Panel) -> None:
    frame = lines.frame
    spec = replace(PUBLISHED, outcome="log_records")
    found = check(lines, spec, list(ERRORS)).errors
    x = sm.add_constant(frame["imd_score"].to_numpy())
    kinds: dict[str, dict[str, Any]] = {
        MSOA: {"cov_type": "cluster", "cov_kwds": {"groups": pd.factorize(frame["MSOA"])[0]}},
        DISTRICT: {"cov_type": "cluster", "cov_kwds": {"groups": pd.factorize(frame["district"])[0]}},
        "HC1": {"cov_type": "HC1"},
        "classical": {},
    }
    for kind, options in kinds.items():
        own = sm.OLS(frame["log_records"].to_numpy(), x).fit(use_t=True, **options)
        assert found[kind].std_error == pytest.approx(own.bse[1]), kind


def test_check_with_one_district_leaves_out_its_errors(lines: Panel) -> None:
    one = Panel(
        lines.frame[lines.frame["district"] == "Walsall"],
        area="LSOA",
        period="months",
        population="residents",
        groups=(MSOA, DISTRICT),
    )
    found = check(one, replace(PUBLISHED, outcome="log_records"), list(ERRORS)).errors
    assert list(found) == [MSOA, "HC1", "classical"]
    assert isinstance(check(one, PUBLISHED, ["HC1"]), Checked)


def test_model_summary_effect_is_per_cent_of_usual_crime(
    lines: Panel, summarise: Callable[[ModelSpec], ModelSummary]
) -> None:
    usual = lines.frame["records"].mean()
    published, recommended = summarise(PUBLISHED), summarise(BEST)
    assert published.effect.value == pytest.approx(100 * 10 * 3.3304146 / usual)
    slope = recommended.result.estimate("imd_score")
    assert recommended.effect.value == pytest.approx(100 * (math.exp(10 * slope.estimate) - 1))
    assert recommended.effect.low == pytest.approx(100 * (math.exp(10 * slope.reliable[0]) - 1))
    assert recommended.effect.clear


def test_headline_takes_the_wider_of_clustered_and_nearby_errors(
    lines: Panel, summarise: Callable[[ModelSpec], ModelSummary]
) -> None:
    clustered = summarise(BEST).result
    slope = clustered.estimate("imd_score")
    nearby = fit(lines, replace(BEST, covariance="conley", distance=CAUTIOUS_KM)).estimate("imd_score")
    assert slope.cautious is not None
    assert slope.cautious.caution == "near"
    assert slope.reliable == pytest.approx((nearby.low, nearby.high), rel=1e-12)
    assert nearby.std_error / slope.std_error == pytest.approx(1.62, abs=0.01)  # an audit found 1.4 to 2.8
    (said,) = [warning for warning in clustered.warnings if "Conley" in warning]
    assert "up to 5 km" in said
    assert "1.6 times as wide" in said


# Pictures


@dataclass(frozen=True)
class Inputs:
    area: CrimeArea
    lines: Panel
    summarise: Callable[[ModelSpec], ModelSummary]

    @property
    def models(self) -> dict[str, ModelSummary]:
        return {label: self.summarise(spec) for label, spec in steps(QUESTION).items()}

    def steps(self, models: dict[str, ModelSummary], current: str) -> Figure:
        effects = {label: model.effect for label, model in models.items()}
        sizes = {label: model.result.n for label, model in models.items()}
        shares = {f"{R_SQUARED} of the score": {label: model.share.r2 for label, model in models.items()}}
        return model_figures.ladder_figure(effects, sizes, current, VOCABULARY, shares, STEPS_NOTE)

    def errors(self, spec: ModelSpec) -> Figure:
        return errors_figure(check(self.lines, spec, list(ERRORS)).errors, MSOA, self.summarise(spec))

    def scatter(self, outcome: str, score: str, district: str) -> Figure:
        table = district_table(self.area, outcome, score)
        return scatter_figure(self.lines, table, outcome, score, district, "2019")

    def districts(self, outcome: str, district: str) -> Figure:
        return districts_figure(district_table(self.area, outcome, "imd_score"), outcome, district)


@pytest.fixture(scope="module")
def inputs(area: CrimeArea, lines: Panel, summarise: Callable[[ModelSpec], ModelSummary]) -> Inputs:
    return Inputs(area, lines, summarise)


BUILT: dict[str, Callable[[Inputs], Figure]] = {
    "scatter": lambda of: of.scatter("log_records_per_1000", "imd_score", ""),
    "scatter of a district": lambda of: of.scatter("records_typical", "imd_score_without_crime", "Dudley"),
    "districts": lambda of: of.districts("log_records_per_1000", ""),
    "districts by count": lambda of: of.districts("records", "Walsall"),
    "variants": lambda of: variants_figure(variants(of.area)),
    "steps": lambda of: of.steps(of.models, PRESET_LABELS[RECOMMENDED]),
    "steps with one's own": lambda of: of.steps(
        of.models | {model_figures.YOURS: of.summarise(SPECS["by residents"])}, model_figures.YOURS
    ),
    "errors": lambda of: of.errors(BEST),
}
every_figure = pytest.mark.parametrize("build", BUILT.values(), ids=BUILT)


@every_figure
def test_figure_has_title_text_alternative_table_and_valid_charts(
    build: Callable[[Inputs], Figure], inputs: Inputs
) -> None:
    item = build(inputs)
    assert re.match(rf"[A-Z{MINUS}]", item.title)
    assert item.alt.endswith(".")
    assert len(item.alt) > 30
    assert len(item.table)
    assert item.table.columns.is_unique
    assert not any("_" in str(column) for column in item.table), "a name of the code in front of readers"
    for text in (item.title, item.alt, item.note):
        assert not re.search(r"\bnan\b|None|\binf\b|\{|\}|(?<!\w)-\d|  |_", text), text
    for chart in item.charts:
        assert chart.to_dict(validate=True)
    assert csv_bytes(item.table)


def data_of(item: Figure, chart: int = 0) -> pd.DataFrame:
    """All rows behind a chart."""
    return pd.concat([pd.DataFrame(rows) for rows in item.charts[chart].to_dict()["datasets"].values()])


def test_scatter_figure_has_each_lsoa_and_the_picked_district(inputs: Inputs) -> None:
    item = inputs.scatter("records", "imd_score", "Dudley")
    assert len(item.table) == 1680
    rows = data_of(item)
    points = rows[rows["residents"].notna()].drop_duplicates(["name", "x"])
    assert len(points) == 1680
    assert rows["place"].dropna().tolist() == [EVERYWHERE, EVERYWHERE, "Dudley", "Dudley"]
    assert "Birmingham 138A" in set(rows["name"])
    assert item.title.startswith(f"Dudley: the more deprived, the more recorded crime, r = {signed(0.575381)}")
    assert "all districts +0.27" in item.title


def test_scatter_figure_of_logarithm_draws_line_in_natural_units(inputs: Inputs) -> None:
    item = inputs.scatter("log_records", "imd_score", "")
    row = district_table(inputs.area, "log_records", "imd_score").set_index("place").loc[EVERYWHERE]
    line = data_of(item).dropna(subset=["place"])
    expected = np.exp(row["constant"] + row["slope"] * np.array([row["score_low"], row["score_high"]], dtype=float))
    np.testing.assert_allclose(line["y"].to_numpy(dtype=float), expected)


def test_scatter_figure_marks_outliers_only_if_in_the_model(inputs: Inputs) -> None:
    every, typical = (inputs.scatter(f"records{end}", "imd_score", "") for end in ("", "_typical"))
    assert (len(every.table), len(typical.table)) == (1680, 1662)
    assert (every.table["Outlier"] == "yes").sum() == 18
    assert set(typical.table["Outlier"]) == {"no"}


def test_districts_figure_has_all_seven_from_closest_to_loosest(inputs: Inputs) -> None:
    item = inputs.districts("records", "")
    table = item.table
    assert table["Place"].iloc[0] == EVERYWHERE
    assert len(table) == 8
    assert table["r"].iloc[1:].is_monotonic_decreasing
    assert (table["Place"].iloc[1], table["Place"].iloc[-1]) == ("Dudley", "Birmingham")
    assert "most closely linked in Dudley, r = +0.58" in item.title
    assert "least in Birmingham, r = +0.15" in item.title
    for name in ("r", R_SQUARED, "Spearman", "Slope (recorded crimes per point)"):
        assert (table[f"{name}, 95% interval from"] <= table[name]).all()
        assert (table[name] <= table[f"{name}, to"]).all()
    assert table["Chance to be strongest"].iloc[1:].sum() == pytest.approx(1)
    published = load_catalogue().read_table("crime_findings").set_index("id")["value"]
    found = table.set_index("Place")[R_SQUARED]
    for finding, value in published[published.index.str.startswith("r2-")].items():
        own = str(finding).removeprefix("r2-")
        assert found[EVERYWHERE if own == "all" else own.capitalize()] == pytest.approx(value, abs=1e-6)


@pytest.mark.parametrize(
    ("outcome", "slopes"), [("log_records", "Per cent more"), ("records", "Recorded crimes, more")]
)
def test_districts_figure_slopes_are_for_ten_points(outcome: str, slopes: str, inputs: Inputs) -> None:
    item = inputs.districts(outcome, "")
    row = by_place(district_table(inputs.area, outcome, "imd_score"))["Walsall"]
    drawn = data_of(item, 1).set_index("label").loc["Walsall"]
    slope = float(row["slope"])
    expected = 100 * math.expm1(10 * slope) if outcome == "log_records" else 10 * slope
    assert drawn["points"] == pytest.approx(expected)
    assert slopes in str(item.charts[1].to_dict())


def test_variants_figure_and_finding_have_range_and_main_choices(area: CrimeArea) -> None:
    rows = variants(area)
    item = variants_figure(rows)
    assert len(item.table) == 16
    assert f"{number(100 * rows['r2'].min(), 0)} to {number(100 * rows['r2'].max(), 0)}%" in item.title
    logs = rows["measure"].str.startswith("log")
    moved = 100 * (rows.loc[logs, "r2"].mean() - rows.loc[~logs, "r2"].mean())
    finding = variants_finding(rows)
    assert f"taking the logarithm {signed(moved, 1)}" in finding
    assert "taking the crime domain out of the score" in finding
    without = variants_finding(rows[rows["score"] == "imd_score"])
    assert "crime domain" not in without


def test_variants_figure_without_intervals_is_valid(area: CrimeArea) -> None:
    rows = variants(area).assign(r2_low=np.nan, r2_high=np.nan)
    rows = rows[rows["score"] == "imd_score"]
    (chart,) = variants_figure(rows).charts
    assert chart.to_dict(validate=True)


def test_steps_go_from_the_study_to_beyond_the_recommended_model() -> None:
    named = steps(QUESTION)
    assert next(iter(named)) == PRESET_LABELS[AS_PUBLISHED]
    assert len(set(named.values())) == len(named) == 8
    assert (named[PRESET_LABELS[AS_PUBLISHED]], named[PRESET_LABELS[RECOMMENDED]]) == (PUBLISHED, BEST)
    assert (named[LOGARITHMIC].effects, named[NEIGHBOURS].effects) == ((), (MSOA,))


def small(districts: int, msoas: int) -> Question:
    return crime_and_deprivation("somewhere", OUTCOMES, SCORES[:1], districts, msoas)


@pytest.mark.parametrize(("districts", "msoas"), [(1, 1), (1, 9), (4, 100)])
def test_steps_of_small_place_are_unique(districts: int, msoas: int) -> None:
    question = small(districts, msoas)
    named = steps(question)
    assert len(set(named.values())) == len(named)
    assert {PRESET_LABELS[name] for name in question.presets} <= set(named)
    assert (NEIGHBOURS in named) == (msoas > 1)
    best = question.presets[RECOMMENDED]
    assert best.effects == ((DISTRICT,) if districts > 1 else ())
    assert best.covariance == ("cluster" if msoas > 1 else "HC1")


def test_steps_figure_has_effects_shares_and_what_per_cents_are_of(inputs: Inputs) -> None:
    shown, own = BUILT["steps"](inputs), BUILT["steps with one's own"](inputs)
    assert (len(shown.table), len(own.table)) == (8, 9)
    assert own.table["Model"].iloc[-1] == "Your model"
    for spec in (PUBLISHED, BEST):
        assert inputs.summarise(spec).effect.text in shown.title
        assert inputs.summarise(spec).effect.text.endswith("%")
    shares = shown.table.set_index("Model")[f"{R_SQUARED} of the score"]
    assert shares[PRESET_LABELS[AS_PUBLISHED]] == pytest.approx(0.07523949043166604, abs=1e-9)
    assert "each model's own kind of error" in shown.note
    assert "Per cent of the usual recorded crime" in shown.alt


def test_effects_finding_has_changes_within_districts(inputs: Inputs) -> None:
    models = inputs.models
    finding = effects_finding(models)
    for label in (LOGARITHMIC, PRESET_LABELS[RECOMMENDED], NEIGHBOURS):
        assert f"{signed(models[label].effect.value, 1)}%" in finding
    del models[NEIGHBOURS]
    assert effects_finding(models) == ""


def test_errors_figure_compares_with_classical_errors(inputs: Inputs) -> None:
    item = BUILT["errors"](inputs)
    errors = check(inputs.lines, BEST, list(ERRORS)).errors
    times = errors[DISTRICT].std_error / errors["classical"].std_error
    assert f"{number(times)} times clustered by district" in item.title
    assert len(item.table) == 5
    assert item.table["% of the usual crime for ten points"].nunique() == 1
    assert item.table["Standard error per point"].nunique() == 5
    assert "districts differ in their slopes" in item.note


# The specification curve


@pytest.fixture(scope="module")
def curve(area: CrimeArea, lines: Panel) -> Curve:
    every = curve_choices(area)
    few = replace(every, effects=((), (DISTRICT,)), weights=("equal",), covariances=("cluster",))
    return in_per_cent(specification_curve(lines, few, "imd_score"), score_steps(area, "imd_score"))


def offered(area: CrimeArea, groups: tuple[str, ...] = GROUPS) -> dict[str, Dimension]:
    every = curve_choices(area)
    weights: dict[str, str] = {name: VOCABULARY.fill(WEIGHTS[name].label) for name in QUESTION.weights}
    return lsoa_dimensions(every, groups, {name: short_label(name) for name in every.outcomes}, weights)


def test_specification_curve_is_in_per_cent_and_sorted(curve: Curve, area: CrimeArea, lines: Panel) -> None:
    table = curve.table
    assert table["effect"].is_monotonic_increasing
    assert len(table) == len(curve.specs) == 8 * 2 * 2 * 2
    mean = area.lsoas["imd_score"].mean()
    for spec, row in zip(curve.specs, table.to_dict("records"), strict=True):
        assert (spec.outcome, spec.form) == (row["outcome"], row["form"])
        change = row["estimate"] * (10 if spec.form == "count" else math.log((mean + 10) / mean))
        expected = math.expm1(change) if spec.outcome.startswith("log_") else change
        assert row["effect"] == pytest.approx(100 * expected)
        assert row["effect_low"] < row["effect"] < row["effect_high"]
    place = curve.mark(replace(BEST, covariance="cluster"))
    assert place is not None
    slope = fit(lines, BEST, wild=False).estimate("imd_score").estimate
    assert table["effect"].iloc[place] == pytest.approx(100 * math.expm1(10 * slope))


def test_curve_figure_of_crime_has_its_own_labels(curve: Curve, area: CrimeArea) -> None:
    specs = marked_specs(relative(QUESTION), curve.choices)
    item = curve_figures.curve_figure(curve, offered(area), specs, "on the deprivation score", CRIME_CURVE)
    assert item.title.startswith("Of 32 specifications with district effects, none")
    within = curve.table.loc[curve.table["effects"] == DISTRICT, "effect"]
    assert f"{signed(within.median())}% for ten points more." in item.title
    assert "As published is number" in item.note
    assert "Recommended is number" in item.note
    drawn = str(item.charts[0].to_dict(validate=True))
    assert "usual crime" in drawn
    assert "force" not in f"{drawn} {item.title} {item.alt} {item.note}"
    assert "Per cent for ten points more" in item.table
    names = {"Measure", "Score", "Effects", "Sample", "Weight", "Standard errors"}
    assert names <= set(item.table)


def relative(question: Question) -> Question:
    presets = {
        name: spec if spec.outcome.startswith("log_") else replace(spec, outcome=f"relative_{spec.outcome}")
        for name, spec in question.presets.items()
    }
    return replace(question, presets=presets)


def test_lsoa_dimensions_alternatives_all_make_specifications(area: CrimeArea) -> None:
    every, dimensions = curve_choices(area), offered(area)
    start, samples = first_view(dimensions), lsoa_samples(every)
    assert 50 < len(choices(start, ("imd_score",), samples)) < 200
    everything = replace(start, **{name: tuple(d.alternatives) for name, d in dimensions.items()})
    assert set(choices(everything, ("imd_score",), samples, MSOA).specs()) == set(every.specs())
    allowed = {name: list(dimension.alternatives) for name, dimension in dimensions.items()}
    assert from_query(to_query(everything), start, allowed) == (everything, [])
    for dimension in dimensions.values():
        assert not [text for text in dimension.alternatives if SEPARATOR in text or text == NOTHING]
        assert len(set(dimension.alternatives.values())) == len(dimension.alternatives)


@pytest.mark.parametrize("groups", [(), (MSOA,), GROUPS])
def test_lsoa_dimensions_offer_only_groups_of_the_place(groups: tuple[str, ...], area: CrimeArea) -> None:
    dimensions = offered(area, groups)
    assert set(dimensions["absorbed"].alternatives) == {"nothing", *groups}
    assert ("cluster" in dimensions["errors"].alternatives) == (MSOA in groups)
    assert all(dimension.ticked for dimension in dimensions.values())


# The script


def test_model_script_agrees_with_fit(lines: Panel, fitted: Callable[[ModelSpec], FitResult], tmp_path: Path) -> None:
    for at, (name, spec) in enumerate(SPECS.items()):
        (tmp_path / f"model_{at}.csv").write_bytes(csv_bytes(model_table(lines, spec)))
        script = tmp_path / f"model_{at}.py"
        script.write_text(model_script(lines, spec, f"model_{at}.csv"), encoding="utf-8")
        printed = subprocess.run([sys.executable, script], capture_output=True, text=True, check=True).stdout
        count, table = printed.strip().split("\n", 1)
        result = fitted(spec)
        expected = result.estimate(spec.predictors[0])
        found = pd.read_csv(io.StringIO(table), index_col=0).loc[f"x_{expected.name}"]
        assert count == f"{result.n} rows"
        for column in ("estimate", "std_error", "low", "high"):
            assert found[column] == pytest.approx(getattr(expected, column), rel=1e-8), (name, column)


def test_model_table_has_only_the_columns_it_needs(lines: Panel) -> None:
    table = model_table(lines, BEST)
    assert list(table) == ["LSOA", "months", "MSOA", "district", "log_records_per_1000", "imd_score"]
    assert len(table) == 1680
    assert list(model_table(lines, PUBLISHED)) == ["LSOA", "months", "MSOA", "records", "imd_score"]
    assert "reindex" not in model_script(lines, BEST, "model.csv"), "a grid of every MSOA and LSOA would be huge"
