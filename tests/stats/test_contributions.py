"""What each predictor stands for in a borough's fitted score."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from core.london.amount.question import LONDON_AMOUNT
from core.london.outcomes.question import LONDON_OUTCOMES
from core.questions.question import AS_PUBLISHED, FIRST_EDITION
from core.stats.contributions import contributions
from core.stats.regression import ModelSpec, fit
from core.tables.options import Form
from core.tables.panel import Panel

PUBLISHED, BEST = LONDON_OUTCOMES.presets[AS_PUBLISHED], LONDON_OUTCOMES.presets[FIRST_EDITION]


def parts_of(panel: Panel, spec: ModelSpec) -> pd.DataFrame:
    return contributions(panel, fit(panel, spec, wild=False))


def test_contributions_are_estimate_times_mean_of_the_borough(panel: Panel) -> None:
    result = fit(panel, BEST, wild=False)
    means = panel.frame.groupby("borough")[list(BEST.predictors)].mean()
    for term, rows in contributions(panel, result).set_index("area").groupby("term"):
        estimate, mean = result.estimate(str(term)), means[str(term)][rows.index].to_numpy()
        assert rows["mean"].to_numpy() == pytest.approx(mean)
        assert rows["points"].to_numpy() == pytest.approx(100 * estimate.estimate * mean)
        assert rows["low"].to_numpy() == pytest.approx(100 * estimate.low * mean)
        assert rows["high"].to_numpy() == pytest.approx(100 * estimate.high * mean)


def test_contributions_of_few_boroughs_have_the_interval_to_rely_on(panel: Panel) -> None:
    few = replace(BEST, areas=("Barnet", "Brent", "Camden", "Enfield"), predictors=BEST.predictors[:1])
    result = fit(panel, few, wild=False)
    (estimate,) = (found for found in result.estimates if found.name == few.predictors[0])
    assert estimate.reliable != (estimate.low, estimate.high)
    rows = contributions(panel, result)
    assert (rows["high"] - rows["low"]).to_numpy() == pytest.approx(
        100 * (estimate.reliable[1] - estimate.reliable[0]) * rows["mean"].abs().to_numpy()
    )


def test_contributions_of_westminster_arrests_match_the_published_model(panel: Panel) -> None:
    arrests = panel.frame.query("borough == 'Westminster' and '2017Q2' <= quarter <= '2023Q4'")["arrested"]
    rows = parts_of(panel, PUBLISHED).set_index(["area", "term"])
    assert rows.loc[("Westminster", "arrested"), "points"] == pytest.approx(-5.579e-3 * arrests.mean(), rel=1e-4)


def test_contributions_have_each_borough_and_predictor_once(panel: Panel) -> None:
    some = replace(BEST, areas=("Barnet", "Brent", "Camden"), predictors=BEST.predictors[:2], covariance="HC1")
    rows = parts_of(panel, some)
    assert rows["term"].tolist() == ["arrested"] * 3 + ["hospitalised"] * 3
    assert rows["area"].tolist() == ["Barnet", "Brent", "Camden"] * 2
    assert len(parts_of(panel, BEST)) == 32 * 4


@pytest.mark.parametrize("form", LONDON_OUTCOMES.forms)
def test_contributions_and_constant_add_up_to_the_mean_score(form: Form, panel: Panel) -> None:
    spec = replace(PUBLISHED, form=form)
    result = fit(panel, spec, wild=False)
    used = panel.frame.assign(**{name: panel.values(name, spec.form) for name in spec.predictors})
    used = used.dropna(subset=[spec.outcome, *spec.predictors])
    weights = used["borough"].value_counts()
    sums = contributions(panel, result).groupby("area")["points"].sum()
    fitted = np.average(sums, weights=weights[sums.index]) + 100 * result.estimate("constant").estimate
    assert fitted == pytest.approx(100 * used[spec.outcome].mean())


def test_contributions_with_negative_means_keep_intervals_in_order(panel: Panel) -> None:
    spec = replace(LONDON_AMOUNT.presets[FIRST_EDITION], predictors=("hospitalised",), form="log_per_1000")
    rows = parts_of(panel, spec)
    assert (rows["mean"] < 0).all()
    assert (rows["low"] < rows["points"]).all()
    assert (rows["points"] < rows["high"]).all()


def test_contributions_means_are_over_the_rows_of_the_model(gappy: Panel) -> None:
    spec = replace(BEST, window="year", lag=1)
    rows = parts_of(gappy, spec).query("term == 'arrested'").set_index("area")["mean"]
    frame = gappy.frame.assign(x=gappy.values("arrested", "count", "year", 1))
    others = [gappy.values(name, "count", "year", 1) for name in spec.predictors]
    used = frame[pd.concat([frame[spec.outcome], *others], axis=1).notna().all(axis=1)]
    pd.testing.assert_series_equal(rows, used.groupby("borough")["x"].mean(), check_names=False)
