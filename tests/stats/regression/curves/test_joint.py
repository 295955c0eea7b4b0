"""The joint test of a curve against a slow literal loop, and its size where there is nothing to find."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from core.stats.regression import ModelSpec, NoSpecification, fit
from core.stats.regression.curves.curve import step
from core.stats.regression.curves.joint import Joint, joint_tests, patterns, resampled
from core.stats.regression.design import design
from core.stats.regression.least_squares import solve
from core.tables.panel import POINTS, Panel
from core.tables.progress import Progress
from tests.panels import simulated

SMALL = simulated({"Inner London": 0.0, "Outer London": 0.02}, n_periods=8)
BASE = ModelSpec("trust", ("records",), effects=("borough", "quarter"))
SPECS = (
    BASE,
    replace(BASE, form="per_1000", window="year"),
    replace(BASE, lag=1, controls=("crime_per_1000",)),
    replace(BASE, effects=()),
    replace(BASE, weights="population", areas=tuple(SMALL.areas[3:15]), start="2017Q3"),
    replace(BASE, predictors=("arrested", "records"), non_overlapping=True),
)
DRAWS = 12


def joint_test(panel: Panel, specs: Sequence[ModelSpec], draws: int = 500, progress: Progress | None = None) -> Joint:
    return joint_tests(panel, specs, ("records",), draws=draws, progress=progress)["records"]


def literal(panel: Panel, specs: Sequence[ModelSpec]) -> tuple[np.ndarray, np.ndarray]:
    """The same by a regression for each draw, on an outcome that is put together row by row."""
    signs = dict(zip(panel.areas, patterns(len(panel.areas), DRAWS).T, strict=True))
    effects, clear = np.zeros((len(specs), DRAWS + 1)), np.zeros((len(specs), DRAWS + 1))
    for at, spec in enumerate(specs):
        rows = design(panel, spec)
        column = rows.position("records")
        without = replace(rows, X=np.delete(rows.X, column, axis=1))
        if without.X.shape[1]:
            without = replace(without, names=tuple(name for name in rows.names if name != "records"))
            residual = solve(without).residuals / solve(rows).root_weights
        else:
            residual = solve(rows).y / solve(rows).root_weights
        used = panel.frame.iloc[rows.rows]
        for draw in range(DRAWS + 1):
            flipped = used["borough"].map({area: sign[draw] for area, sign in signs.items()}).to_numpy()
            frame = panel.frame.copy()
            frame.loc[used.index, "trust"] = rows.y - residual + flipped * residual
            found = fit(replace(panel, frame=frame), spec, wild=False).estimate("records")
            effects[at, draw] = found.estimate * step(spec.form, float(rows.X[:, column].mean())) * POINTS
            clear[at, draw] = np.sign(found.estimate) * (found.p < 0.05)
    return effects, clear


def test_resampled_agrees_with_a_literal_loop() -> None:
    effects, signs = (found[:, 0] for found in resampled(SMALL, SPECS, ("records",), draws=DRAWS))
    wanted_effects, wanted_signs = literal(SMALL, SPECS)
    assert effects == pytest.approx(wanted_effects, rel=1e-7, abs=1e-10)
    assert (signs == wanted_signs).all()
    assert 0 < np.abs(signs).mean() < 1


def test_joint_test_counts_what_differs_in_errors_only_once() -> None:
    other = tuple(replace(spec, covariance="HC1") for spec in SPECS)
    assert joint_test(SMALL, SPECS + other, draws=50) == joint_test(SMALL, SPECS, draws=50)


def test_joint_test_leaves_out_what_cannot_be_estimated_and_reports_progress() -> None:
    seen: list[float] = []
    found = joint_test(SMALL, (BASE, replace(BASE, controls=("imd_score",))), draws=50, progress=seen.append)
    assert found.specs == 1
    assert seen[-1] == 1
    with pytest.raises(NoSpecification, match="choose others"):
        joint_test(SMALL, (replace(BASE, controls=("imd_score",)),), draws=50)


def test_joint_test_finds_an_association_that_is_there_and_none_that_is_not() -> None:
    there = simulated({"Inner London": 0.02, "Outer London": 0.02}, n_periods=8)
    none = simulated({"Inner London": 0.0, "Outer London": 0.0}, n_periods=8, seed=3)
    found, nothing = (joint_test(panel, SPECS[:4]) for panel in (there, none))
    assert found.share >= 0.75
    assert found.p < 0.05
    assert nothing.share_p > 0.1
    assert nothing.usual_share == pytest.approx(0.05, abs=0.04)
