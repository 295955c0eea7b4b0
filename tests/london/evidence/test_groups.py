"""Groups of boroughs: who is in which, the fits in each, and the test that they differ."""

import math
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statsmodels.stats.oneway import anova_oneway

from core.london.amount.question import LONDON_AMOUNT
from core.london.evidence.groups import GROUPINGS, UnknownGrouping, groups, split, split_table
from core.london.evidence.groups import _welch as welch
from core.questions.question import AS_PUBLISHED, FIRST_EDITION
from core.stats.regression import ModelError, ModelSpec, UnknownVariable, fit
from core.tables.panel import Panel
from tests.panels import estimate_of, simulated

SPEC = ModelSpec("trust", ("records",), form="count", effects=("borough",))


@pytest.mark.parametrize("grouping", GROUPINGS)
def test_groups_put_each_borough_in_one_group(london: Panel, grouping: str) -> None:
    members = groups(london, grouping)
    assert tuple(members) == GROUPINGS[grouping].groups
    assert sorted(area for areas in members.values() for area in areas) == london.areas
    if grouping != "inner_outer":
        sizes = [len(areas) for areas in members.values()]
        assert max(sizes) - min(sizes) <= 1


def test_groups_are_ordered_from_low_to_high(london: Panel) -> None:
    assert len(groups(london, "inner_outer")["Inner London"]) == 13
    deprivation = london.frame.groupby("borough")["imd_score"].first()
    by_third = [deprivation[list(areas)] for areas in groups(london, "deprivation").values()]
    assert by_third[0].max() < by_third[1].min() < by_third[1].max() < by_third[2].min()
    rate = (london.frame["records"] / london.frame["population"]).groupby(london.frame["borough"]).mean()
    less, more = groups(london, "force").values()
    assert rate[list(less)].max() < rate.median() < rate[list(more)].min()
    assert {"Newham", "Hackney"} <= set(groups(london, "deprivation")["Most deprived third"])


def test_groups_with_ties_are_of_equal_size(two_groups: Panel) -> None:
    tied = Panel(two_groups.frame.assign(imd_score=20.0))
    assert [len(areas) for areas in groups(tied, "deprivation").values()] == [7, 7, 6]


def test_split_fits_the_model_in_each_group(london: Panel) -> None:
    spec = LONDON_AMOUNT.presets[FIRST_EDITION]
    found = split(london, spec, "inner_outer", wild=False)
    assert found.whole == fit(london, spec, wild=False)
    for part in found.parts:
        assert part.result == fit(london, replace(spec, areas=part.areas), wild=False)
        assert part.result.n_areas == len(part.areas)
    assert [len(part.areas) for part in found.parts] == [13, 19]


def test_welch_with_two_groups_agrees_with_scipy() -> None:
    rng = np.random.default_rng(5)
    samples = [rng.normal(0.3, 1, 13), rng.normal(0, 2.5, 19)]
    f, df2, p = welch(list(as_estimates(samples)))
    expected = stats.ttest_ind(*samples, equal_var=False)
    assert (f, df2, p) == pytest.approx((expected.statistic**2, expected.df, expected.pvalue))


def test_welch_with_three_groups_agrees_with_statsmodels() -> None:
    rng = np.random.default_rng(6)
    samples = [rng.normal(mean, sd, n) for mean, sd, n in ((0, 1, 11), (0.4, 2, 11), (1.5, 0.7, 10))]
    expected = anova_oneway(samples, use_var="unequal")
    assert welch(list(as_estimates(samples))) == pytest.approx((expected.statistic, expected.df_denom, expected.pvalue))


def as_estimates(samples: list[np.ndarray]) -> Iterator:
    for sample in samples:
        yield estimate_of(float(sample.mean()), float(stats.sem(sample)), len(sample) - 1)


def test_split_with_different_slopes_finds_a_difference() -> None:
    found = split(simulated({"Inner London": -0.05, "Outer London": 0.02}), SPEC, "inner_outer", wild=False)
    test = found.difference("records")
    assert test is not None
    assert test.groups == ("Inner London", "Outer London")
    assert test.gaps == pytest.approx((0.07 / 1000,), rel=0.1)
    assert test.p < 1e-6


def test_split_with_equal_slopes_has_nominal_false_positive_rate() -> None:
    runs = 120
    p_values = []
    for seed in range(runs):
        panel = simulated({"Inner London": -0.03, "Outer London": -0.03}, n_periods=8, seed=seed)
        test = split(panel, SPEC, "deprivation", wild=False).difference("records")
        assert test is not None
        p_values.append(test.p)
    assert np.mean(np.array(p_values) < 0.1) == pytest.approx(0.1, abs=3.5 * math.sqrt(0.09 / runs))


def test_split_with_few_areas_has_a_warning(london: Panel) -> None:
    spec = LONDON_AMOUNT.presets[FIRST_EDITION]
    thirds = split(london, spec, "deprivation")
    assert all("boroughs, so the interval is likely too narrow; the wild" in part.warnings[0] for part in thirds.parts)
    assert all("wild" not in part.warnings[0] for part in split(london, spec, "deprivation", wild=False).parts)
    few = split(london, replace(spec, areas=tuple(london.areas[:12])), "inner_outer", wild=False)
    assert all(sum("boroughs" in warning for warning in part.warnings) == 1 for part in few.parts)
    classical = split(london, LONDON_AMOUNT.presets[AS_PUBLISHED], "inner_outer", wild=False)
    assert [part.warnings for part in classical.parts] == [(), ()]


def test_split_with_group_not_fitted_gives_the_reason(two_groups: Panel) -> None:
    inner = tuple(area for area in two_groups.areas if area.startswith("Inner"))
    found = split(
        two_groups, replace(SPEC, areas=(*inner, "Outer London 1")), "inner_outer", {"trust": "Trust"}, wild=False
    )
    assert found.parts[1].areas == ("Outer London 1",)
    assert found.parts[1].result is None
    assert "at least two" in found.parts[1].reason
    none = split(two_groups, replace(SPEC, areas=inner), "inner_outer", wild=False)
    assert none.parts[1].reason == "No borough is chosen; choose at least two."
    assert none.differences == ()
    assert none.difference("records") is None
    table = split_table(none).set_index("group")
    assert table.loc["Outer London", "note"] == none.parts[1].reason
    assert table.loc["Outer London", ["estimate", "low", "high", "p"]].isna().all()
    assert table["differs_p"].isna().all()


def test_split_table_has_each_coefficient_in_each_group(two_groups: Panel) -> None:
    spec = replace(SPEC, effects=(), predictors=("arrested", "hospitalised"), controls=("imd_score",))
    found = split(two_groups, spec, "inner_outer", wild=False)
    table = split_table(found)
    assert table["term"].drop_duplicates().to_list() == ["arrested", "hospitalised", "imd_score"]
    assert table["group"].drop_duplicates().to_list() == ["All together", "Inner London", "Outer London"]
    assert len(table) == 9
    inner = table[(table["group"] == "Inner London") & (table["term"] == "hospitalised")].iloc[0]
    result = found.parts[0].result
    assert result is not None
    estimate = result.estimate("hospitalised")
    assert (inner["estimate"], inner["low"], inner["p"]) == (estimate.estimate, estimate.low, estimate.p)
    assert (inner["n"], inner["areas"]) == (200, 10)
    assert pd.isna(inner["wild_p"])
    tests = {test.term: test.p for test in found.differences}
    assert inner["differs_p"] == tests["hospitalised"]
    assert table.loc[table["term"] == "imd_score", "differs_p"].isna().all()


def test_groups_and_split_with_unknown_choice_name_it(two_groups: Panel) -> None:
    with pytest.raises(UnknownGrouping, match="no grouping 'colour'; choose one of inner_outer, deprivation"):
        groups(two_groups, "colour")
    with pytest.raises(UnknownVariable, match="no variable imd_score to group by"):
        groups(Panel(two_groups.frame.drop(columns="imd_score")), "deprivation")
    with pytest.raises(ModelError, match="no variable happiness"):
        split(two_groups, replace(SPEC, outcome="happiness"), "inner_outer")


def test_groups_leave_out_area_without_figures(two_groups: Panel) -> None:
    frame = two_groups.frame.copy()
    frame.loc[frame["borough"] == "Inner London 0", "imd_score"] = np.nan
    members = groups(Panel(frame), "deprivation")
    assert "Inner London 0" not in {area for areas in members.values() for area in areas}
    assert [len(areas) for areas in members.values()] == [7, 6, 6]
