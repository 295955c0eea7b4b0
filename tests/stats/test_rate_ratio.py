import math

import numpy as np
import pytest
import statsmodels.api as sm

from core.stats.rate_ratio import log_ratios

RNG = np.random.default_rng(5)
ROWS = 300
RESIDENTS = RNG.integers(900, 3000, ROWS).astype(float)
GROUP = RNG.integers(0, 5, ROWS)
CLUSTERS = RNG.integers(0, 40, ROWS)
RECORDS = RNG.poisson(RESIDENTS * 0.05 * np.exp(0.3 * GROUP) * RNG.gamma(4, 0.25, ROWS)).astype(float)
ONE = np.zeros(ROWS, dtype=np.intp)
TOP, BOTTOM = GROUP == 4, GROUP == 0


@pytest.mark.parametrize("weighted", [True, False])
@pytest.mark.parametrize("clustered", [True, False])
def test_log_ratio_equals_poisson_regression_of_statsmodels(weighted: bool, clustered: bool) -> None:
    rates, weights = RECORDS / RESIDENTS, RESIDENTS if weighted else np.ones(ROWS)
    clusters = CLUSTERS if clustered else np.arange(ROWS)
    rows = TOP | BOTTOM
    outcome, exposure = (RECORDS, RESIDENTS) if weighted else (rates, None)
    design = np.column_stack([np.ones(rows.sum()), TOP[rows]])
    model = sm.GLM(
        outcome[rows], design, family=sm.families.Poisson(), exposure=None if exposure is None else exposure[rows]
    )
    theirs = model.fit(cov_type="cluster", cov_kwds={"groups": clusters[rows], "use_correction": False}, tol=1e-12)
    count = len(np.unique(clusters[rows]))
    ours = log_ratios(rates, weights, TOP, BOTTOM, clusters, ONE)
    assert ours.values[0] == pytest.approx(theirs.params[1], abs=1e-8)
    assert ours.variances[0] == pytest.approx(theirs.cov_params()[1, 1] * count / (count - 1), rel=1e-6)


def test_log_ratios_of_several_places_equal_those_of_each_alone() -> None:
    rates, places = RECORDS / RESIDENTS, CLUSTERS % 3
    together = log_ratios(rates, RESIDENTS, TOP, BOTTOM, CLUSTERS, places)
    for place in range(3):
        there = places == place
        alone = log_ratios(rates[there], RESIDENTS[there], TOP[there], BOTTOM[there], CLUSTERS[there], ONE[there])
        assert together.values[place] == pytest.approx(alone.values[0])
        assert together.variances[place] == pytest.approx(alone.variances[0])


def test_log_ratios_of_known_rates_are_those_of_all_records_over_all_residents() -> None:
    found = log_ratios(
        np.array([0.1, 0.3, 0.05]),
        np.array([100.0, 300.0, 200.0]),
        np.array([True, True, False]),
        np.array([False, False, True]),
        np.arange(3),
        ONE[:3],
    )
    assert math.exp(found.values[0]) == pytest.approx((10 + 90) / 400 / 0.05)
    assert (found.top[0], found.bottom[0]) == pytest.approx((0.25, 0.05))


def test_log_ratios_without_records_or_areas_in_a_group_are_no_numbers() -> None:
    rates, top = np.array([0.1, 0.0, 0.3, 0.2]), np.array([True, False, True, True])
    found = log_ratios(rates, np.ones(4), top, ~top, np.arange(4), np.array([0, 0, 1, 1]))
    assert np.isnan(found.values).all()
    assert np.isnan(found.variances).all()
