from dataclasses import replace

import numpy as np
import pytest

from core.london.amount.question import LONDON_AMOUNT
from core.questions.question import AS_PUBLISHED, FIRST_EDITION
from core.stats.dilution import shown_by_quarter
from core.stats.regression import fit, power_against
from core.tables.panel import Panel
from tests.panels import simulated

OLD = replace(LONDON_AMOUNT.presets[FIRST_EDITION], end="2023Q4")


def test_shown_by_quarter_of_london_is_a_little_over_half(london: Panel) -> None:
    assert shown_by_quarter(london, OLD, "records") == pytest.approx(0.557, abs=5e-4)
    assert shown_by_quarter(london, replace(OLD, window="year"), "records") == 1


@pytest.mark.parametrize("form", ["log", "count", "per_1000"])
def test_shown_by_quarter_is_the_coefficient_that_an_outcome_of_12_months_gives(form: str) -> None:
    panel = simulated({"Inner London": 0.0, "Outer London": 0.0})
    spec = replace(OLD, outcome="trust", start="", end="", form=form)  # type: ignore[arg-type]
    year = panel.values("records", spec.form, "year")
    known = Panel(panel.frame.assign(trust=year)[year.notna()])
    every = 4 if form in ("count", "per_1000") else 1
    wanted = fit(known, spec, wild=False).estimate("records").estimate / every
    assert shown_by_quarter(panel, spec, "records") == pytest.approx(wanted)


def test_shown_by_quarter_of_what_never_changes_within_a_year_is_all() -> None:
    panel = simulated({"Inner London": 0.0, "Outer London": 0.0})
    own = np.repeat(np.random.default_rng(1).normal(500, 50, len(panel.areas)), len(panel.periods))
    steady = Panel(panel.frame.assign(records=own))
    spec = replace(OLD, outcome="trust", effects=("quarter",), start="", end="", form="count")
    assert shown_by_quarter(steady, spec, "records") == pytest.approx(1)


def test_power_of_the_first_edition_is_halved_by_the_mismatch(london: Panel) -> None:
    size = fit(london, LONDON_AMOUNT.presets[AS_PUBLISHED], wild=False).estimate("records").estimate
    estimate = fit(london, OLD, wild=False).estimate("records")
    assert power_against(estimate, size) == pytest.approx(0.93, abs=5e-3)
    assert power_against(estimate, size * shown_by_quarter(london, OLD, "records")) == pytest.approx(0.48, abs=5e-3)
    year = fit(london, replace(OLD, window="year"), wild=False).estimate("records")
    assert power_against(year, size) == pytest.approx(0.46, abs=5e-3)
