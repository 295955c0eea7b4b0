"""What an audit of the first edition found, computed again with the engine; docs/method.md ends with the same numbers.

Quarters end in 2023, so that later figures do not change what is known here.
"""

import math
from dataclasses import replace

import pytest

from core.london.amount.question import LONDON_AMOUNT
from core.london.outcomes.question import LONDON_OUTCOMES
from core.london.questions import FIRST_SETTLED_YEAR, LAST_UNSETTLED, LONDON_LAST, SAMPLES
from core.questions.curve import choices, dimensions, first_view
from core.questions.question import FIRST_EDITION
from core.stats.regression import Choices, Estimate, ModelSpec, fit, holm, specification_curve
from core.stats.regression.curves.joint import joint_by_estimand
from core.tables.catalogue import Catalogue
from core.tables.panel import Panel
from core.tables.quarters import quarters_between

OLD = replace(LONDON_AMOUNT.presets[FIRST_EDITION], end=LONDON_LAST)
NEW = replace(LONDON_AMOUNT.recommended, end=LONDON_LAST)
YEAR_FROM_2019 = replace(OLD, window="year", start="2019Q1")
POINTS = 100 * math.log(1.1)


def in_points(london: Panel, spec: ModelSpec) -> tuple[float, float, float]:
    found = fit(london, spec, wild=False).estimate("records")
    return tuple(round(POINTS * value, 2) for value in (found.estimate, found.low, found.high))  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("spec", "points"),
    [
        (OLD, (0.02, -0.23, 0.26)),
        (replace(OLD, start="2019Q1"), (0.29, 0.08, 0.50)),
        (YEAR_FROM_2019, (0.62, 0.09, 1.14)),
        (NEW, (0.67, 0.16, 1.18)),
        (replace(OLD, effects=("borough",)), (-0.45, -0.60, -0.30)),
    ],
    ids=["first edition", "from 2019", "12 months from 2019", "recommended", "borough effects alone"],
)
def test_amount_estimate_depends_on_window_and_sample(
    london: Panel, spec: ModelSpec, points: tuple[float, float, float]
) -> None:
    assert in_points(london, spec) == points


def test_amount_of_12_months_from_2019_is_clear_by_the_bootstrap(london: Panel) -> None:
    assert fit(london, YEAR_FROM_2019).estimate("records").wild_p == pytest.approx(0.035, abs=5e-4)


def test_amount_of_12_months_from_2019_differs_between_outcomes(london: Panel) -> None:
    assert in_points(london, replace(YEAR_FROM_2019, outcome="score_trust"))[0] == 0.74
    trust = fit(london, replace(YEAR_FROM_2019, outcome="trust_mps"), wild=False).estimate("records")
    assert (round(POINTS * trust.estimate, 2), round(trust.p, 2)) == (0.39, 0.15)


def test_first_settled_year_lies_after_the_ramp_up(london: Panel) -> None:
    totals = london.frame.groupby("quarter")["records"].sum()
    assert totals[LAST_UNSETTLED] > 3 * totals["2017Q2"]
    window = quarters_between(LAST_UNSETTLED, FIRST_SETTLED_YEAR)[1:]
    assert len(window) == 4
    assert totals[window].max() < 1.15 * totals[LAST_UNSETTLED]


SETTLED_CURVE = ("all", "settled", "apart")
BOTH = ("borough", "quarter")


@pytest.fixture(scope="module")
def curve_to_2023(london: Panel, catalogue: Catalogue) -> tuple[Panel, Choices]:
    """The figures to 2023, and the combinations that the curve of force and trust had: 216 for each set of effects."""
    known = Panel(london.frame[london.frame["quarter"] <= LONDON_LAST])
    view = first_view(dimensions(LONDON_AMOUNT, known, catalogue))
    return known, choices(replace(view, samples=SETTLED_CURVE), LONDON_AMOUNT.predictors, SAMPLES)


def test_curve_mixed_questions_of_which_one_has_no_clearly_lower_estimate(
    curve_to_2023: tuple[Panel, Choices],
) -> None:
    curve = specification_curve(*curve_to_2023, "records")
    every = curve.shares()
    both = replace(curve, table=curve.table[curve.table["effects"] == " + ".join(BOTH)])
    assert (len(curve.table), round(every.negative_significant, 2)) == (864, 0.36)
    assert len(both.table) == 216
    assert (both.shares().negative_significant, round(both.shares().positive_significant, 2)) == (0, 0.11)


def test_as_many_clear_estimates_come_up_where_there_is_nothing_to_find(curve_to_2023: tuple[Panel, Choices]) -> None:
    known, made = curve_to_2023
    found = joint_by_estimand(known, [spec for spec in made.specs() if spec.effects == BOTH], "records")[BOTH]
    assert (found.specs, round(found.share, 2)) == (216, 0.11)
    assert round(found.high_share, 2) == 0.36
    assert found.share_p == pytest.approx(0.20, abs=0.005)


ARRESTED = replace(LONDON_OUTCOMES.presets[FIRST_EDITION], end=LONDON_LAST)


@pytest.mark.parametrize(
    ("spec", "adjusted"),
    [
        (ARRESTED, 0.04),
        (replace(ARRESTED, covariance="two_way"), 0.13),
        (replace(ARRESTED, covariance="driscoll_kraay"), 0.31),
        (replace(ARRESTED, non_overlapping=True), 0.32),
    ],
    ids=["first edition", "two-way", "Driscoll-Kraay", "every fourth quarter"],
)
def test_arrested_is_clear_with_one_kind_of_error_only(london: Panel, spec: ModelSpec, adjusted: float) -> None:
    assert round(holm([found.p for found in predictors(london, spec)])[0], 2) == adjusted


def test_arrested_changes_its_sign_from_2019_on(london: Panel) -> None:
    before, after = (predictors(london, spec)[0] for spec in (ARRESTED, replace(ARRESTED, start="2019Q1")))
    assert before.estimate < 0 < after.estimate


def predictors(london: Panel, spec: ModelSpec) -> list[Estimate]:
    found = fit(london, spec, wild=False)
    return [found.estimate(name) for name in spec.predictors]
