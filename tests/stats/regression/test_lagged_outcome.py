"""An earlier outcome next to area effects is biased, and the page says by how much."""

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from core.stats.regression import ModelSpec, fit
from core.tables.panel import Panel

SPEC = ModelSpec("y", ("y", "x"), form="count", lag=1, effects=("borough",))


def autoregressive(rho: float, n_periods: int, n_areas: int = 400) -> Panel:
    """Outcomes of which each is `rho` of the one before, plus the level of the area and chance."""
    rng = np.random.default_rng(3)
    level = rng.normal(size=n_areas)
    y = np.empty((n_areas, n_periods + 50))
    y[:, 0] = level / (1 - rho) + rng.normal(size=n_areas)
    for now in range(1, y.shape[1]):
        y[:, now] = rho * y[:, now - 1] + level + rng.normal(size=n_areas)
    keys = [(f"{area:03}", str(1900 + period)) for area in range(n_areas) for period in range(n_periods)]
    frame = pd.DataFrame(keys, columns=["borough", "quarter"])
    return Panel(frame.assign(y=y[:, 50:].ravel(), x=rng.normal(size=len(frame))))


@pytest.mark.parametrize(("rho", "n_periods"), [(0.2, 9), (0.5, 13), (0.5, 21)])
def test_fit_with_lagged_outcome_states_about_the_bias_there_is(rho: float, n_periods: int) -> None:
    result = fit(autoregressive(rho, n_periods), SPEC, {"y": "trust"}, wild=False)
    sentence = result.warnings[-1]
    stated = re.search(r"biased downwards \(about (-0\.\d\d)\)", sentence)
    assert stated is not None
    assert "An earlier trust is a predictor next to borough effects" in sentence
    assert f"with {n_periods - 1} quarters for each borough" in sentence
    assert result.estimate("y").estimate - rho == pytest.approx(float(stated[1]), abs=0.05)


def test_fit_with_outcome_two_periods_before_gives_no_size() -> None:
    warnings = fit(autoregressive(0.5, 10), replace(SPEC, lag=2), wild=False).warnings
    assert "is biased downwards, and the others with it" in warnings[-1]


def test_fit_without_area_effects_or_earlier_outcome_has_no_such_caution() -> None:
    panel = autoregressive(0.5, 10)
    for spec in (replace(SPEC, effects=("quarter",)), replace(SPEC, predictors=("x",))):
        assert not fit(panel, spec, wild=False).warnings
