"""What an audit of the first edition found, computed again with the engine; docs/method.md ends with the same numbers.

Quarters end in 2023, so that later figures do not change what is known here.
"""

import math
from dataclasses import replace

import pytest

from core.london.amount.question import LONDON_AMOUNT
from core.london.outcomes.question import LONDON_OUTCOMES
from core.london.questions import FIRST_SETTLED_YEAR, LAST_UNSETTLED, LONDON_LAST
from core.questions.question import FIRST_EDITION
from core.stats.regression import Estimate, ModelSpec, fit, holm
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
