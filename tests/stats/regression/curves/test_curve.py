"""The specification curve: what must hold for any choices, and answers known beforehand."""

import math
import pickle
from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.london.amount.question import LONDON_AMOUNT
from core.london.panel import london_panel
from core.questions.question import AS_PUBLISHED, FIRST_EDITION
from core.stats.regression import (
    CHOICES,
    Choices,
    Curve,
    Estimate,
    FitResult,
    ModelError,
    ModelSpec,
    NoChoice,
    NoPredictor,
    NoSpecification,
    Sample,
    UnknownVariable,
    fit,
    specification_curve,
    specification_curves,
    step,
)
from core.tables.options import FORMS, Form
from core.tables.panel import Panel
from tests.stats.regression.conftest import simulated

KEYS = [*CHOICES, "kernel_lags"]
NUMBERS = ["estimate", "std_error", "p", "low", "high", "effect", "effect_low", "effect_high", "step"]
LONDON = replace(
    Choices(("records",), ("score_trust", "score_mean_of_8")),
    effects=((), ("borough",), ("borough", "quarter")),
    covariances=("cluster", "classical"),
)


def small() -> Panel:
    """Eight areas over twelve periods; gaps that differ between variables, a control that never changes."""
    frame = simulated(8, 12, 7).frame
    rng = np.random.default_rng(8)
    frame["safety"] = frame["trust"] + rng.normal(0, 0.02, len(frame))
    frame.loc[frame["quarter"] < "2018Q1", "safety"] = np.nan
    frame.loc[rng.choice(len(frame), 5, replace=False), "crime"] = np.nan
    return Panel(frame)


SMALL = small()
SMALL_CHOICES = Choices(
    predictors=("records", "hospitalised"),
    outcomes=("trust", "safety", "crime"),
    forms=("log", "log_per_1000", "per_1000", "count", "share"),
    windows=("quarter", "year"),
    lags=(0, 2),
    effects=((), ("borough",), ("quarter",), ("borough", "quarter")),
    controls=((), ("crime",), ("imd_score",), ("crime", "imd_score")),
    samples=(
        Sample("everything"),
        Sample("from 2018", start="2018Q1", end="2019Q4"),
        Sample("four areas", areas=tuple(SMALL.areas[:4])),
        Sample("no overlap", non_overlapping=True),
        Sample("before the figures", end="2016Q4"),
    ),
    weights=("equal", "population"),
    covariances=("cluster", "two_way", "driscoll_kraay", "HC1", "classical"),
    kernel_lags=(2, 4),
)

# The fields whose alternatives are combined; the others are the same in all specifications.
COMBINED = [
    field.name
    for field in fields(Choices)
    if field.name != "predictors" and isinstance(getattr(SMALL_CHOICES, field.name), tuple)
]


def subset(values: tuple[Any, ...], most: int = 2) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(st.sampled_from(values), min_size=1, max_size=most, unique=True).map(tuple)


@st.composite
def some_choices(draw: st.DrawFn) -> Choices:
    drawn: dict[str, Any] = {name: draw(subset(getattr(SMALL_CHOICES, name))) for name in COMBINED}
    return replace(SMALL_CHOICES, **drawn)


def curve(choices: Choices, term: str = "hospitalised", panel: Panel = SMALL) -> Curve:
    return specification_curve(panel, choices, term)


def curve_or_nothing(choices: Choices) -> Curve | None:
    try:
        return curve(choices)
    except NoSpecification:
        return None


def records(table: pd.DataFrame) -> list[Any]:
    return list(table.to_dict("records"))


def influences(found: Curve) -> dict[str, dict[str, Any]]:
    """The table of influence by choice, in its order."""
    return {row["choice"]: row for row in records(found.influence())}


def by_choices(table: pd.DataFrame) -> pd.DataFrame:
    return table.astype({"kernel_lags": float}).fillna({"kernel_lags": 0}).set_index(KEYS).sort_index()


def assert_same(found: pd.DataFrame, wanted: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(by_choices(found), by_choices(wanted), rtol=1e-9, atol=0)


CHECKED = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@CHECKED
@given(some_choices())
def test_specification_curves_agree_with_fit(choices: Choices) -> None:
    specs = list(choices.specs())
    assert len(specs) == len(set(specs)) == len(choices)
    refused: list[str] = []
    wanted: dict[ModelSpec, FitResult] = {}
    for spec in specs:
        try:
            wanted[spec] = fit(SMALL, spec, wild=False)
        except ModelError as reason:
            refused.append(str(reason))
    if not wanted:
        with pytest.raises(NoSpecification):
            curve(choices)
        return
    found = specification_curves(SMALL, choices)
    assert tuple(found) == choices.predictors
    for term, one in found.items():
        assert one.term == term
        assert sorted(one.left_out["reason"]) == sorted(refused)
        assert_fitted(one, {spec: result.estimate(term) for spec, result in wanted.items()})


def assert_fitted(found: Curve, wanted: Mapping[ModelSpec, Estimate]) -> None:
    assert set(found.specs) == set(wanted)
    assert not found.table[NUMBERS].isna().to_numpy().any()
    assert found.table["effect"].is_monotonic_increasing
    for spec, row in zip(found.specs, records(found.table), strict=True):
        same = wanted[spec]
        numbers = [same.estimate, same.std_error, same.low, same.high]
        assert [row[name] for name in ("estimate", "std_error", "low", "high")] == pytest.approx(numbers, rel=1e-10)
        assert row["p"] == pytest.approx(same.p, rel=1e-8)
        assert row["df"] == same.df


@CHECKED
@given(some_choices(), st.randoms(use_true_random=False))
def test_specification_curve_with_shuffled_choices_is_unchanged(choices: Choices, random: Any) -> None:
    shuffled: dict[str, Any] = {name: list(getattr(choices, name)) for name in COMBINED}
    for alternatives in shuffled.values():
        random.shuffle(alternatives)
    found, other = curve_or_nothing(choices), curve_or_nothing(replace(choices, **shuffled))
    assert (found is None) == (other is None)
    if found is not None and other is not None:
        assert_same(other.table, found.table)
        pd.testing.assert_frame_equal(other.left_out, found.left_out)


@CHECKED
@given(some_choices(), st.data())
def test_specification_curve_without_an_alternative_loses_only_its_rows(choices: Choices, data: st.DataObject) -> None:
    more = [name for name in COMBINED if len(getattr(choices, name)) > 1]
    found = curve_or_nothing(choices)
    if not more or found is None:
        return
    name = data.draw(st.sampled_from(more))
    fewer = replace(choices, **{name: getattr(choices, name)[1:]})
    kept = found.table[[spec in set(fewer.specs()) for spec in found.specs]]
    left = curve_or_nothing(fewer)
    assert (left is None) == kept.empty
    if left is not None:
        assert_same(left.table, kept)
        assert len(left.table) + len(left.left_out) == len(fewer)


def test_specification_curve_rows_are_the_product_less_those_left_out() -> None:
    choices = replace(SMALL_CHOICES, windows=("year",), lags=(2,), outcomes=("trust", "crime"))
    found = curve(choices)
    assert len(choices) == 2 * 5 * 4 * 4 * 5 * 2 * (4 + 2)
    assert len(choices) == len(found.table) + len(found.left_out)
    assert found.table[KEYS].drop_duplicates().shape[0] == len(found.table) == len(found.specs)


def test_curve_left_out_reasons_depend_on_figures_not_on_names() -> None:
    """The control that never changes is refused with area effects, another name or not; crime twice is refused too."""
    renamed = Panel(SMALL.frame.rename(columns={"imd_score": "weather"}))
    choices = Choices(
        ("records",), ("trust", "crime"), effects=((), ("borough",)), controls=((), ("crime",), ("weather",))
    )
    left_out = curve(choices, "records", renamed).left_out
    assert len(left_out) == 4
    weather = left_out[left_out["controls"] == "weather"]
    assert set(weather["effects"]) == {"borough"}
    assert weather["reason"].str.contains("does not vary once borough effects are taken out").all()
    crime = left_out[left_out["controls"] == "crime"]
    assert set(crime["outcome"]) == {"crime"}
    assert crime["reason"].str.contains("in the model twice").all()


def test_curve_left_out_reasons_with_labels_name_them() -> None:
    choices = Choices(("records",), ("trust",), effects=((), ("borough",)), controls=(("imd_score",),))
    left_out = specification_curve(SMALL, choices, "records", {"imd_score": "Deprivation"}).left_out
    assert left_out["reason"].iloc[0].startswith("Deprivation does not vary")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("outcomes", "outcome measure"),
        ("forms", "form of the predictor"),
        ("windows", "window of time"),
        ("lags", "lag"),
        ("effects", "set of effects"),
        ("controls", "set of controls"),
        ("samples", "sample"),
        ("weights", "weighting"),
        ("covariances", "kind of standard error"),
        ("kernel_lags", "number of Driscoll-Kraay lags"),
    ],
)
def test_choices_without_an_alternative_raise_no_choice(name: str, text: str) -> None:
    with pytest.raises(NoChoice, match=f"No {text} is ticked; tick at least one"):
        replace(LONDON, **{name: ()})  # type: ignore[arg-type]


def test_specification_curve_with_invalid_choices_names_the_mistake() -> None:
    with pytest.raises(ValueError, match="Two samples are called late"):
        replace(LONDON, samples=(Sample("late", start="2020Q1"), Sample("late", start="2021Q1")))
    with pytest.raises(UnknownVariable, match="Crime is not a predictor"):
        specification_curve(SMALL, LONDON, "crime", {"crime": "Crime"})
    with pytest.raises(ModelError, match="choose one of their predictors"):
        curve(replace(SMALL_CHOICES, predictors=()))
    with pytest.raises(NoPredictor, match="no predictor"):
        fit(SMALL, ModelSpec("trust", ()))


def test_specification_curve_without_estimates_names_commonest_reason() -> None:
    choices = Choices(
        ("records",), ("trust",), effects=(("borough",),), controls=(("imd_score",), ("imd_score", "crime"))
    )
    with pytest.raises(NoSpecification, match=r"None of the 2 specifications .* imd_score does not vary once borough"):
        curve(choices, "records")


def test_specification_curve_with_unknown_names_leaves_them_out() -> None:
    choices = Choices(("records",), ("trust", "love"), effects=((), ("galaxy",)))
    reasons = curve(choices, "records").left_out["reason"]
    assert reasons.str.contains("There are no galaxy effects").sum() == 1
    assert reasons.str.contains("The panel has no variable love").sum() == 2


def test_choices_with_repeated_alternatives_count_each_once() -> None:
    assert replace(LONDON, lags=(0, 1, 0), effects=((), ("borough",), ())) == replace(
        LONDON, lags=(0, 1), effects=((), ("borough",))
    )


def test_choices_kernel_lags_multiply_driscoll_kraay_errors_only() -> None:
    choices = replace(LONDON, outcomes=("trust",), covariances=("cluster", "driscoll_kraay"), kernel_lags=(2, 4, 6))
    found = curve(choices, "records")
    assert len(found.table) == len(choices) == 3 * (1 + 3)
    kernels = {name: set(rows["kernel_lags"].dropna()) for name, rows in found.table.groupby("covariance")}
    assert kernels == {"driscoll_kraay": {2, 4, 6}, "cluster": set()}


def test_choices_are_hashable_and_curve_is_picklable() -> None:
    assert hash(LONDON) == hash(replace(LONDON))
    assert hash(Choices(["records"], ["trust"])) == hash(Choices(("records",), ("trust",)))  # type: ignore[arg-type]
    found = curve(replace(LONDON, outcomes=("trust",)), "records")
    again = pickle.loads(pickle.dumps(found))
    pd.testing.assert_frame_equal(again.table, found.table)
    assert (again.specs, again.choices) == (found.specs, found.choices)


def test_specification_curve_progress_rises_to_one_by_hundredths() -> None:
    reported: list[float] = []
    specification_curve(SMALL, replace(SMALL_CHOICES, lags=(0,), forms=("log",)), "records", progress=reported.append)
    assert reported == sorted(set(reported))
    assert reported[-1] == 1
    assert 0 < reported[0] < 0.02
    assert 100 <= len(reported) <= 102


@pytest.mark.parametrize("form", list(FORMS))
def test_step_in_each_form_is_ten_percent_of_the_mean(form: Form) -> None:
    mean = 40.0
    assert step(form, mean) == pytest.approx(math.log(44 / 40) if form.startswith("log") else 4.0)


def test_specification_curve_effect_is_points_for_ten_percent_more() -> None:
    choices = Choices(("records",), ("safety",), forms=("count", "log"), samples=(Sample("late", start="2018Q3"),))
    found = curve(choices, "records")
    used = SMALL.frame[(SMALL.frame["quarter"] >= "2018Q3") & SMALL.frame["safety"].notna()]
    for row in records(found.table):
        size = 0.1 * used["records"].mean() if row["form"] == "count" else math.log(1.1)
        assert row["step"] == pytest.approx(size, rel=1e-12)
        for name, number in {"effect": "estimate", "effect_low": "low", "effect_high": "high"}.items():
            assert row[name] == pytest.approx(100 * size * row[number], rel=1e-12)
        assert (row["n"], row["first_period"]) == (len(used), "2018Q3")


@pytest.mark.parametrize("form", ["count", "per_1000", "share"])
def test_specification_curve_with_rescaled_predictor_keeps_the_effect(form: Form) -> None:
    tens = Panel(SMALL.frame.assign(hospitalised=SMALL.frame["hospitalised"] * 10))
    choices = Choices(("hospitalised",), ("trust",), forms=(form,))
    plain, rescaled = (curve(choices, panel=panel).table for panel in (SMALL, tens))
    assert rescaled["effect"].tolist() == pytest.approx(plain["effect"].tolist(), rel=1e-9)
    assert rescaled["estimate"].tolist() == pytest.approx((plain["estimate"] / 10).tolist(), rel=1e-9)


def test_curve_shares_count_signs_and_significance() -> None:
    found = curve(replace(SMALL_CHOICES, lags=(0,), windows=("quarter",), outcomes=("trust",)))
    table, shares = found.table, found.shares()
    assert shares.negative_significant == ((table["effect_high"] < 0).mean())
    assert shares.positive_significant == ((table["effect_low"] > 0).mean())
    assert table["effect"].quantile(0.5) == found.median


def flipping() -> Panel:
    """Between areas y rises by 1 with x, within areas it falls by 1; noise is tiny."""
    rng = np.random.default_rng(3)
    areas, periods = 12, [f"{2018 + number // 4}Q{number % 4 + 1}" for number in range(16)]
    keys = [(f"Area {area:02}", period) for area in range(areas) for period in periods]
    frame = pd.DataFrame(keys, columns=["borough", "quarter"])
    level = np.repeat(rng.permutation(areas), 16) * 10.0
    within = rng.normal(size=len(frame))
    frame["x"] = 100 + level + within
    frame["y"] = level - within + rng.normal(0, 0.05, len(frame))
    frame["z"] = rng.normal(size=len(frame))
    frame["population"] = 1000 + rng.integers(0, 20, len(frame))
    return Panel(frame)


FLIP = Choices(
    ("x",),
    ("y",),
    forms=("count",),
    effects=((), ("borough",)),
    controls=((), ("z",)),
    weights=("equal", "population"),
    covariances=("HC1", "cluster"),
)


def test_curve_influence_with_a_sign_flip_ranks_that_choice_first() -> None:
    panel = flipping()
    found = curve(FLIP, "x", panel)
    influence = influences(found)
    effects = influence["effects"]
    assert next(iter(influence)) == "effects"
    assert (effects["lowest"], effects["highest"]) == ("borough", "none")
    # Slope 1 without and -1 with area effects, for a step of a tenth of the mean of x.
    both_ways = 2 * 100 * 0.1 * panel.frame["x"].mean()
    assert effects["moves"] == pytest.approx(both_ways, rel=0.01)
    assert effects["mean_range"] == pytest.approx(both_ways, rel=0.01)
    assert effects["median_range"] == pytest.approx(both_ways, rel=0.01)
    assert effects["explained"] > 0.999
    assert max(influence[choice]["explained"] for choice in ("controls", "weights")) < 0.001
    assert influence["covariance"]["moves"] == 0
    assert influence["covariance"]["mean_range"] == pytest.approx(0, abs=1e-9)
    assert set(influence) == {"effects", "controls", "weights", "covariance"}
    assert found.shares().negative_significant == found.shares().positive_significant == 0.5


def test_curve_influence_explained_agrees_with_statsmodels() -> None:
    from statsmodels.formula.api import ols

    found = curve(replace(SMALL_CHOICES, lags=(0,), weights=("equal",), covariances=("cluster",)))
    influence = influences(found)
    for choice in ("outcome", "form", "effects", "controls", "sample"):
        oracle = ols(f"effect ~ C({choice})", found.table).fit()
        assert influence[choice]["explained"] == pytest.approx(oracle.rsquared, rel=1e-9)
        means = found.table.groupby(choice)["effect"].mean()
        assert influence[choice]["mean_range"] == pytest.approx(means.max() - means.min())


def test_curve_influence_with_missing_combinations_compares_like_with_like() -> None:
    """The constant control exists without area effects only: its mean differs, but it moves nothing by itself."""
    frame = flipping().frame
    fixed = dict(zip(frame["borough"].unique(), np.random.default_rng(1).permutation(12), strict=True))
    panel = Panel(frame.assign(fixed=frame["borough"].map(fixed)))
    found = curve(replace(FLIP, controls=((), ("fixed",))), "x", panel)
    influence = influences(found)
    assert len(found.left_out) == 4
    assert influence["controls"]["mean_range"] > 0.4 * influence["effects"]["moves"]
    assert influence["controls"]["moves"] < 0.01 * influence["effects"]["moves"]


def test_curve_influence_with_one_specification_is_empty() -> None:
    found = curve(Choices(("records",), ("trust",)), "records")
    assert found.influence().empty
    assert len(found.table) == 1
    assert found.median == found.table["effect"].iloc[0]


def test_curve_mark_finds_published_model_and_that_of_the_first_edition() -> None:
    panel = london_panel()
    found = curve(LONDON, "records", panel)
    for name in (AS_PUBLISHED, FIRST_EDITION):
        preset = LONDON_AMOUNT.presets[name]
        position = found.mark(preset)
        assert position is not None
        same = fit(panel, preset, wild=False).estimate("records")
        row = found.table.iloc[position]
        assert (row["estimate"], row["std_error"]) == pytest.approx((same.estimate, same.std_error), rel=1e-10)


def test_curve_mark_ignores_order_and_unused_kernel_lags() -> None:
    choices = replace(SMALL_CHOICES, lags=(0,), samples=SMALL_CHOICES.samples[:2], controls=(("crime", "imd_score"),))
    found = curve(replace(choices, outcomes=("trust",)))
    for position in (0, 17, len(found.specs) - 1):
        spec = found.specs[position]
        turned = replace(spec, predictors=spec.predictors[::-1], controls=spec.controls[::-1])
        turned = replace(turned, effects=turned.effects[::-1])
        if spec.covariance != "driscoll_kraay":
            turned = replace(turned, kernel_lags=9)
        assert found.mark(spec) == found.mark(turned) == position


@pytest.mark.parametrize(
    ("shown", "asked", "same"),
    [
        (("", ""), ("2018Q1", ""), True),  # safety starts in 2018
        (("", ""), ("2017Q2", "2020Q1"), True),
        (("", ""), ("2018Q2", ""), False),
        (("", ""), ("", "2019Q4"), False),
        (("2018Q2", "2019Q4"), ("2018Q2", "2019Q4"), True),
        (("2018Q2", "2019Q4"), ("", "2019Q4"), False),
        (("2018Q2", "2019Q4"), ("2018Q2", ""), False),
        (("2018Q2", "2019Q4"), ("2018Q1", "2019Q4"), False),
    ],
)
def test_curve_mark_with_a_period_finds_the_row_only_if_rows_are_equal(
    shown: tuple[str, str], asked: tuple[str, str], same: bool
) -> None:
    choices = Choices(("records",), ("safety",), samples=(Sample("shown", *shown),))
    spec = ModelSpec("safety", ("records",), start=asked[0], end=asked[1])
    found = curve(choices, "records")
    assert found.mark(spec) == (0 if same else None)
    assert (fit(SMALL, spec, wild=False).n == found.table["n"].iloc[0]) == same


def test_curve_mark_of_a_model_outside_the_choices_is_none() -> None:
    found = curve(Choices(("records",), ("trust",)), "records")
    inside = ModelSpec("trust", ("records",))
    assert found.mark(inside) == 0
    for other in (
        replace(inside, outcome="safety"),
        replace(inside, weights="population"),
        replace(inside, effects=("borough",)),
        replace(inside, covariance="HC1"),
        replace(inside, areas=tuple(SMALL.areas[:3])),
        replace(inside, non_overlapping=True),
        replace(inside, lag=1),
    ):
        assert found.mark(other) is None


def test_specification_curve_without_association_has_uniform_p_values() -> None:
    """400 outcomes of pure chance: p-values are uniform, and each sign comes up about half the time."""
    from scipy.stats import kstest

    panel = simulated(20, 12, 5)
    names = [f"chance_{number}" for number in range(400)]
    chance = np.random.default_rng(6).normal(size=(len(panel.frame), len(names)))
    frame = pd.concat([panel.frame, pd.DataFrame(chance, columns=names)], axis=1)
    choices = Choices(
        ("records",), tuple(names), effects=(("borough", "quarter"),), covariances=("classical", "cluster")
    )
    found = curve(choices, "records", Panel(frame))
    table = found.table[found.table["covariance"] == "classical"]
    assert kstest(table["p"], "uniform").pvalue > 0.01
    # 20 expected with a standard deviation of 4.4; clustering by 20 areas costs a little accuracy.
    assert 8 <= (table["p"] < 0.05).sum() <= 32
    assert 8 <= (found.table[found.table["covariance"] == "cluster"]["p"] < 0.05).sum() <= 40
    assert (found.table["effect"] < 0).mean() == pytest.approx(0.5, abs=0.08)


def test_specification_curve_with_trend_only_is_null_under_period_effects() -> None:
    """Both rise over time and have nothing else in common."""
    panel = simulated(20, 16, 9)
    time = pd.factorize(panel.frame["quarter"], sort=True)[0]
    rng = np.random.default_rng(10)
    frame = panel.frame.assign(
        records=(500 + 30 * time + rng.normal(0, 20, len(time))).round(), trust=0.8 - 0.01 * time
    )
    frame["trust"] += rng.normal(0, 0.02, len(time))
    choices = Choices(
        ("records",), ("trust",), forms=("log", "count", "log_per_1000"), effects=((), ("borough",), ("quarter",))
    )
    found = curve(choices, "records", Panel(frame))
    significant = found.significant.groupby(found.table["effects"]).mean()
    assert significant["borough"] == 1
    assert significant["quarter"] == 0
    assert found.influence().iloc[0]["choice"] == "effects"
