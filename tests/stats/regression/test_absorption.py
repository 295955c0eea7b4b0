"""Effects are absorbed as dummies would do it, and at a cost that rows bound, not levels."""

import sys
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from functools import partial as later

import numpy as np
import pandas as pd
import pytest

from core.stats.regression import (
    Choices,
    ModelSpec,
    TooCostly,
    TooFewRows,
    diagnose,
    fit,
    partial,
    specification_curve,
)
from core.stats.regression import absorption as absorption_module
from core.stats.regression import design as design_module
from core.stats.regression.absorption import Effects, separate_keys
from core.stats.regression.columns import Floats, Key
from core.stats.regression.covariance.bootstrap import FEWER_DRAWS, MANY_CLUSTERS
from core.stats.regression.curves import curve as curve_module
from core.tables.panel import Panel

MB = 1_000_000
SPEC = ModelSpec("y", ("x",), form="count", controls=("z",), effects=("place", "month"))


def key(name: str, codes: list[int] | np.ndarray) -> Key:
    codes = np.asarray(codes)
    return Key(name, tuple(f"{name}{level}" for level in range(codes.max() + 1)), codes)


def effects(*keys: Key, weights: Floats | None = None) -> Effects:
    n = len(keys[0].codes)
    return Effects(np.sqrt(np.ones(n) if weights is None else weights), separate_keys(keys))


def dummies(absorbed: Effects) -> Floats:
    """A column of zeros and ones for each level, times the root of the weights."""
    columns = [np.eye(len(one.present))[one.places] for one in absorbed.keys]
    return np.hstack(columns) * absorbed.root_weights[:, None]


def random_effects(levels: tuple[int, ...], n: int, seed: int) -> Effects:
    rng = np.random.default_rng(seed)
    keys = [key(f"k{position}", rng.integers(0, count, n)) for position, count in enumerate(levels)]
    return effects(*keys, weights=rng.uniform(0.1, 3, n))


def chain(n: int) -> Effects:
    """Every level shares a row with the next one only, as long as can be: the graph with the weakest connection."""
    steps = np.arange(n)
    return effects(key("up", (steps + 1) // 2), key("down", steps // 2))


CASES: dict[str, Callable[[], Effects]] = {
    "one key": lambda: random_effects((9,), 40, 1),
    "two keys": lambda: random_effects((9, 6), 80, 2),
    "two sparse keys": lambda: random_effects((40, 35), 90, 3),
    "three keys": lambda: random_effects((11, 7, 5), 120, 4),
    "three sparse keys": lambda: random_effects((20, 18, 17), 70, 5),
    "chain": lambda: chain(200),
    "two parts": lambda: effects(key("a", [0, 0, 1, 1, 2, 2, 3, 3, 3]), key("b", [0, 1, 0, 1, 2, 3, 2, 3, 3])),
    "nested": lambda: effects(key("a", [0, 1, 2, 3, 0, 1]), key("b", [0, 0, 1, 1, 0, 0])),
}


@pytest.mark.parametrize("case", CASES)
def test_effects_rank_and_removed_equal_those_of_dummies(case: str) -> None:
    absorbed = CASES[case]()
    columns = dummies(absorbed)
    values = np.random.default_rng(9).normal(size=(len(columns), 3)) * [1, 1e6, 1e-3] + [0, 1e7, 5]
    weighted = values * absorbed.root_weights[:, None]
    expected = weighted - columns @ np.linalg.lstsq(columns, weighted, rcond=None)[0]
    size = np.linalg.norm(weighted, axis=0)
    assert absorbed.rank == np.linalg.matrix_rank(columns)
    assert np.abs((absorbed.removed(values) - expected) / size).max() < 1e-10
    assert np.abs((absorbed.removed(values[:, 1]) - expected[:, 1]) / size[1]).max() < 1e-10


@pytest.mark.parametrize("case", CASES)
def test_effects_coordinates_are_those_of_an_orthonormal_basis(case: str) -> None:
    from scipy.sparse import csr_array

    absorbed = CASES[case]()
    columns = dummies(absorbed)
    vectors = np.random.default_rng(3).normal(size=(4, len(columns)))
    found = [
        np.asarray(part @ part.T) if isinstance(part, np.ndarray) else (part @ part.T).toarray()
        for part in absorbed.coordinates(csr_array(vectors))
    ]
    assert sum(found) == pytest.approx(vectors @ columns @ np.linalg.pinv(columns) @ vectors.T, abs=1e-9)


def table(n_places: int, n_months: int) -> pd.DataFrame:
    rng = np.random.default_rng(7)
    place, month = np.repeat(np.arange(n_places), n_months), np.tile(np.arange(n_months), n_places)
    frame = pd.DataFrame({"place": [f"P{at:05}" for at in place], "month": [f"{at:04}" for at in month]})
    x, z, noise = rng.normal(size=(3, len(frame)))
    return frame.assign(x=x + place % 7, z=z, y=0.1 * x + noise + place % 5)


def panel_of(frame: pd.DataFrame) -> Panel:
    return Panel(frame, area="place", period="month")


def peak(work: Callable[[], object]) -> float:
    """Most memory that `work` takes at once, in MB."""
    work()  # imports and caches are not counted
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1] / MB
    finally:
        tracemalloc.stop()


def test_fit_with_as_many_levels_as_rows_refuses_before_any_effect_is_taken_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """4,000 rows with two keys that never repeat: a matrix of the levels would have 512 MB."""
    frame = table(4_000, 1).assign(month=lambda rows: [f"{at:05}" for at in range(len(rows))])
    panel = panel_of(frame)
    monkeypatch.setattr(Effects, "removed", None)

    def refused() -> None:
        works: list[Callable[[], object]] = [
            lambda: fit(panel, SPEC),
            lambda: diagnose(panel, SPEC),
            lambda: partial(panel, SPEC, "x"),
        ]
        for work in works:
            with pytest.raises(TooFewRows, match="The sample has 4000 rows for 4002 unknowns; choose more places"):
                work()

    assert peak(refused) < 10


def test_specification_curve_with_as_many_levels_as_rows_leaves_these_models_out() -> None:
    frame = table(300, 1).assign(month=lambda rows: [f"{at:05}" for at in range(len(rows))])
    choices = Choices(("x",), ("y",), forms=("count",), effects=((), ("place",), ("place", "month")))
    curve = specification_curve(panel_of(frame), choices, "x")
    assert len(curve.table) == 1
    assert set(curve.left_out["reason"].str.extract(r"for (\d+) unknowns")[0]) == {"301"}


def _fit_and_partial(panel: Panel) -> None:
    fit(panel, SPEC, wild=False)
    partial(panel, SPEC, "x")


def test_fit_and_partial_of_many_areas_take_memory_in_proportion_to_rows() -> None:
    """1,680 areas: dummies of each row would take 560 MB with two rows for each, and 1.3 GB with five."""
    costs = [peak(later(_fit_and_partial, panel_of(table(1_680, months)))) for months in (5, 10)]
    assert costs[0] < 20
    assert costs[1] < 2.5 * costs[0]


def test_wild_bootstrap_and_diagnose_of_many_areas_make_no_matrix_of_rows_and_levels() -> None:
    panel = panel_of(table(1_000, 6))
    patterns = (FEWER_DRAWS + 1) * 1_000 * 8 / MB
    assert peak(lambda: fit(panel, SPEC)) < 6 * patterns  # a clusters x clusters x draws product has 8 GB
    assert peak(lambda: diagnose(panel, SPEC)) < 60


def test_wild_bootstrap_with_many_clusters_uses_fewer_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    few, many = (fit(panel_of(table(places, 3)), SPEC).estimate("x") for places in (MANY_CLUSTERS, MANY_CLUSTERS + 1))
    assert few.wild_p is not None
    assert many.wild_p is not None
    assert many.wild_p * (FEWER_DRAWS + 1) == pytest.approx(round(many.wild_p * (FEWER_DRAWS + 1)))
    assert many.wild_p == pytest.approx(many.p, abs=0.06)
    monkeypatch.setattr(sys.modules["core.stats.regression.fit"], "MOST_CLUSTERS", MANY_CLUSTERS)
    assert fit(panel_of(table(MANY_CLUSTERS + 1, 3)), SPEC).estimate("x").wild_p is None


def test_fit_with_more_crossed_levels_than_can_be_absorbed_says_which_to_leave_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(absorption_module, "MOST_CROSSED", 5)
    with pytest.raises(TooCostly, match=r"20 levels of place and 6 levels of month.*at most 5 of month; take out"):
        fit(panel_of(table(20, 6)), SPEC)
    assert fit(panel_of(table(20, 6)), replace(SPEC, effects=("place",))).n == 120


def test_fit_with_more_cells_than_can_be_used_counts_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(design_module, "MOST_CELLS", 359)
    with pytest.raises(TooCostly, match="3 variables on 120 rows, and rows times variables can be 359 at most"):
        fit(panel_of(table(20, 6)), SPEC)


def test_specification_curve_with_more_rows_than_can_be_used_counts_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(curve_module, "MOST_ROWS", 239)
    choices = Choices(("x",), ("y",), forms=("count",), effects=((), ("place",)))
    with pytest.raises(TooCostly, match=r"2 specifications of 120 rows each .*; tick fewer choices"):
        specification_curve(panel_of(table(20, 6)), choices, "x")
