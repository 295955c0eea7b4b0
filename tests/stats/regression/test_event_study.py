"""Leads and lags within areas: against statsmodels, and against the event study with dummies of time since a switch."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import stats

from core.stats.panels.event_study import event_study
from core.stats.regression import ModelSpec, NoStandardError, NotTogether, TooFewRows, fit
from core.tables.panel import Panel

BOTH = ("borough", "quarter")
SPEC = ModelSpec("trust", ("records", "arrested"), form="count", controls=("crime",), effects=BOTH, covariance="HC1")
POLICY = ModelSpec("trust", ("policy",), form="count", effects=BOTH, covariance="HC1")


def dummies(frame: pd.DataFrame) -> pd.DataFrame:
    areas = pd.get_dummies(frame["borough"], dtype=float)
    return areas.join(pd.get_dummies(frame["quarter"], dtype=float, drop_first=True))


def with_policy(panel: Panel, starts: dict[str, int], effect: float = 0.0) -> Panel:
    """A policy that is 0 or 1, from the place in time in `starts`; the others never have it."""
    place = panel.frame["quarter"].map({name: at for at, name in enumerate(panel.periods)})
    policy = (place >= panel.frame["borough"].map(starts).fillna(1000)).astype(int)
    return Panel(panel.frame.assign(policy=policy, trust=panel.frame["trust"] + effect * policy))


def test_leads_and_lags_agree_with_statsmodels(panel: Panel) -> None:
    spec = replace(SPEC, lag=3, squares=True)  # the lag is that of each coefficient; squares play no part
    found = event_study(panel, spec, "records", 2, 3)
    frame = panel.frame.copy()
    by_area = frame.groupby("borough")
    for place in range(-2, 4):
        frame[f"at{place}"] = by_area["records"].shift(place)
    frame["other"] = by_area["arrested"].shift(3)
    names = [f"at{place}" for place in range(-2, 4)]
    frame = frame.dropna(subset=[*names, "other"])
    X = frame[[*names, "other", "crime"]].join(dummies(frame))
    X.columns = [name.replace("-", "m") for name in X.columns]
    oracle = sm.OLS(frame["trust"], X).fit(cov_type="HC1", use_t=True)
    assert found.result.n == len(frame)
    for place, estimate in found.coefficients.items():
        name = f"at{place}".replace("-", "m")
        assert estimate.estimate == pytest.approx(oracle.params[name], rel=1e-7)
        assert estimate.std_error == pytest.approx(oracle.bse[name], rel=1e-7)
    joint = oracle.f_test("atm2 = 0, atm1 = 0")
    assert found.leads is not None
    assert (found.leads.f, found.leads.p) == pytest.approx((float(joint.fvalue), float(joint.pvalue)), rel=1e-6)
    sums = {-3: "- atm1 - atm2", -2: "- atm1", 0: "at0", 1: "at0 + at1", 2: "at0 + at1 + at2"}
    for place, text in sums.items():
        test = oracle.t_test(f"{text} = 0")
        assert found.path[place].estimate == pytest.approx(float(test.effect[0]), rel=1e-6)
        assert found.path[place].std_error == pytest.approx(float(np.ravel(test.sd)[0]), rel=1e-6)
    assert -1 not in found.path


def test_path_of_a_policy_is_the_event_study_with_ends_put_together(panel: Panel) -> None:
    """Dummies of the time since the switch, the ends holding all before and after, less that of the period before."""
    starts = {f"Area {at:02}": 8 + at % 5 for at in range(20)}
    tested = with_policy(panel, starts, effect=0.05)
    found = event_study(tested, POLICY, "policy", 3, 4)
    frame = tested.frame.copy()
    place = frame["quarter"].map({name: at for at, name in enumerate(tested.periods)})
    used = place.between(4, 26 - 3)  # rows whose leads and lags are known
    frame, place = frame[used], place[used]
    since = (place - frame["borough"].map(starts)).clip(-4, 4)
    columns = {f"since{at}".replace("-", "m"): (since == at).astype(float) for at in range(-4, 5) if at != -1}
    oracle = sm.OLS(frame["trust"], pd.DataFrame(columns).join(dummies(frame))).fit(cov_type="HC1", use_t=True)
    assert found.result.n == len(frame)
    for at, estimate in found.path.items():
        name = f"since{at}".replace("-", "m")
        assert estimate.estimate == pytest.approx(oracle.params[name], rel=1e-7)
        assert estimate.std_error == pytest.approx(oracle.bse[name], rel=1e-7)
    joint = oracle.f_test("sincem4 = 0, sincem3 = 0, sincem2 = 0")
    assert found.leads is not None
    assert found.leads.p == pytest.approx(float(joint.pvalue), rel=1e-6)
    assert found.staggered
    assert sum(found.switching.values()) == 20


def test_event_study_agrees_with_pyfixest(panel: Panel) -> None:
    pyfixest = pytest.importorskip("pyfixest")
    found = event_study(panel, replace(SPEC, predictors=("records",), covariance="cluster"), "records", 1, 1)
    frame, by_area = panel.frame.copy(), panel.frame.groupby("borough")["records"]
    frame["lead"], frame["lagged"] = by_area.shift(-1), by_area.shift(1)
    oracle = pyfixest.feols(
        "trust ~ lead + records + lagged + crime | borough + quarter",
        data=frame.dropna(),
        fixef_rm="none",
        demeaner=pyfixest.MapDemeaner(fixef_tol=1e-12),
        vcov={"CRV1": "borough"},
    ).tidy()
    for place, name in ((-1, "lead"), (0, "records"), (1, "lagged")):
        row = oracle.loc[name]
        assert found.coefficients[place].estimate == pytest.approx(row["Estimate"], rel=1e-7)
        assert found.coefficients[place].std_error == pytest.approx(row["Std. Error"], rel=1e-7)
        assert found.coefficients[place].p == pytest.approx(row["Pr(>|t|)"], rel=1e-6)


@pytest.mark.parametrize(
    ("starts", "switching", "staggered"),
    [
        ({"Area 01": 10, "Area 02": 10}, {"2019Q4": 2}, False),
        ({"Area 01": 10, "Area 02": 11}, {"2019Q4": 1, "2020Q1": 1}, True),
        ({"Area 01": 0, "Area 02": 11}, {"2020Q1": 1}, False),
    ],
)
def test_switches_at_different_times_are_staggered(
    panel: Panel, starts: dict[str, int], switching: dict[str, int], staggered: bool
) -> None:
    found = event_study(with_policy(panel, starts), POLICY, "policy", 1, 1)
    assert (dict(found.switching), found.staggered) == (switching, staggered)


def test_switches_are_counted_on_the_rows_of_the_fit_in_their_own_time(panel: Panel) -> None:
    """A lag of the model plays no part; what lies among leads and lags that are not known is no switch."""
    tested = with_policy(panel, {"Area 01": 10, "Area 02": 2, "Area 03": 25})
    found = event_study(tested, replace(POLICY, lag=3), "policy", 4, 4)
    assert (dict(found.switching), found.staggered) == ({"2019Q4": 1}, False)


def test_switches_matter_next_to_effects_of_the_period(panel: Panel) -> None:
    tested = with_policy(panel, {"Area 01": 10, "Area 02": 11})
    assert not event_study(tested, replace(POLICY, effects=("borough",)), "policy", 1, 1).staggered


def noise(n_areas: int, seed: int, n_periods: int = 20) -> Panel:
    """Predictor and outcome drift on their own."""
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame({"borough": np.repeat([f"Area {area:02}" for area in range(n_areas)], n_periods)})
    frame["quarter"] = [f"{2015 + place // 4}Q{place % 4 + 1}" for place in range(n_periods)] * n_areas
    for name in ("records", "trust"):
        frame[name] = rng.normal(size=(n_areas, n_periods)).cumsum(axis=1).ravel() + rng.normal(size=len(frame))
    return Panel(frame)


DRIFTING = ModelSpec("trust", ("records",), form="count", effects=BOTH)


@pytest.mark.parametrize(("n_areas", "leads"), [(6, 4), (12, 4)])
def test_leads_that_say_nothing_are_seldom_found_with_few_areas(n_areas: int, leads: int) -> None:
    """By the usual F distribution it is a third with 6 areas."""
    tests = [event_study(noise(n_areas, seed), DRIFTING, "records", leads, 2).leads for seed in range(150)]
    found = [test for test in tests if test is not None]
    assert len(found) == 150
    assert {test.df for test in found} == {(leads, n_areas - leads)}
    assert 0 < np.mean([test.p < 0.05 for test in found]) < 0.1


def test_more_leads_than_areas_are_drawn_without_a_test() -> None:
    found = event_study(noise(4, 1), DRIFTING, "records", 8, 2)
    assert found.leads is None
    assert found.untested == "There are too few boroughs to test 8 estimates together; choose fewer."
    assert set(found.path) == {*range(-9, 3)} - {-1}


@pytest.mark.parametrize("covariance", ["cluster", "jackknife", "two_way", "driscoll_kraay"])
def test_joint_test_of_clustered_errors_is_hotellings(panel: Panel, covariance: Any) -> None:
    found = event_study(panel, replace(DRIFTING, covariance=covariance, kernel_lags=2), "records", 3, 1)
    periods = found.result.n_periods
    df = min(periods - 1, int(1.5 * periods / 3)) if covariance == "driscoll_kraay" else found.result.df
    names = tuple(f"records at {place:+d}" for place in (-3, -2, -1))
    estimates = np.array([found.result.estimate(name).estimate for name in names])
    squared = estimates @ np.linalg.inv(found.result.covariance_of(names)) @ estimates
    assert found.leads is not None
    assert found.leads.df == (3, df - 2)
    assert found.leads.f == pytest.approx(squared * (df - 2) / (3 * df), rel=1e-7)
    assert found.leads.p == pytest.approx(stats.f.sf(found.leads.f, *found.leads.df), rel=1e-9)


def test_kernel_over_few_periods_has_no_joint_test() -> None:
    """Nine lags over 24 quarters leave three independent parts, by which four leads cannot be tested together."""
    found = event_study(noise(12, 1), replace(DRIFTING, covariance="driscoll_kraay", kernel_lags=9), "records", 4, 0)
    assert found.result.independent == 3 * found.result.n_periods // 20 < 4 < found.result.df
    assert found.leads is None
    assert found.untested == (
        "There are too few quarters to test 4 estimates together; choose fewer, or fewer lags of the errors."
    )


@pytest.mark.parametrize("covariance", ["cluster", "driscoll_kraay", "HC1"])
def test_joint_test_of_one_coefficient_is_its_own(panel: Panel, covariance: Any) -> None:
    fitted = event_study(panel, replace(DRIFTING, covariance=covariance), "records", 2, 1).result
    assert fitted.wald(("records at -2",)).p == pytest.approx(fitted.estimate("records at -2").p, rel=1e-9)


def test_a_covariance_without_an_inverse_has_no_joint_test(panel: Panel) -> None:
    fitted = event_study(panel, DRIFTING, "records", 2, 1).result
    singular = replace(fitted, covariance=tuple(tuple(row) for row in np.ones((4, 4)).tolist()))
    with pytest.raises(NoStandardError, match="These 2 estimates cannot be tested together"):
        singular.wald(("records at -2", "records at -1"))


def test_a_sum_of_coefficients_without_spread_has_no_standard_error(panel: Panel) -> None:
    fitted = event_study(panel, DRIFTING, "records", 1, 1).result
    same = replace(fitted, covariance=tuple(tuple(row) for row in np.full((3, 3), 4.0).tolist()))
    assert same.combined({"records at -1": 1.0, "records at +0": 1.0}, "records").std_error == 4
    with pytest.raises(NoStandardError, match="too little is left to tell it"):
        same.combined({"records at -1": 1.0, "records at +0": -1.0}, "records")


def test_fit_of_a_policy_by_which_areas_switch_at_different_times_says_so(panel: Panel) -> None:
    starts = {f"Area {at:02}": 8 + at % 5 for at in range(12)}
    staggered, at_once = with_policy(panel, starts), with_policy(panel, dict.fromkeys(starts, 9))
    policy = replace(POLICY, controls=("crime",))

    def said(tested: Panel, spec: ModelSpec) -> list[str]:
        return [sentence for sentence in fit(tested, spec, {"policy": "Policy"}).warnings if "at different" in sentence]

    (sentence,) = said(staggered, policy)
    assert sentence.startswith("Policy: boroughs go from 0 to 1 at different times (5 times). Effects of borough and ")
    assert said(at_once, policy) == []
    for without in ({"effects": ("borough",)}, {"effects": ("quarter",)}, {"differences": True}):
        assert said(staggered, replace(policy, **without)) == []
    assert said(staggered, replace(policy, predictors=("crime",), controls=("policy",))) == []
    assert event_study(staggered, policy, "policy", 2, 2).result.warnings == ()


def test_areas_that_began_before_count_where_none_never_switches(panel: Panel) -> None:
    """Those that switch later are compared with them alone."""
    starts = {name: 0 if at % 2 else 9 for at, name in enumerate(panel.areas)}
    every, most = with_policy(panel, starts), with_policy(panel, dict(list(starts.items())[1:]))
    (sentence,) = (text for text in fit(every, POLICY).warnings if "at different" in text)
    assert "at different times (2 times)" in sentence
    assert [event_study(each, POLICY, "policy", 1, 1).staggered for each in (every, most)] == [True, False]
    assert not [text for text in fit(most, POLICY).warnings if "at different" in text]


def test_an_area_without_a_row_when_all_switch_is_not_staggered(panel: Panel) -> None:
    at_once = with_policy(panel, {f"Area {at:02}": 9 for at in range(12)})
    first, moment = at_once.frame["borough"].iloc[0], sorted(at_once.frame["quarter"].unique())[9]
    there = ~((at_once.frame["borough"] == first) & (at_once.frame["quarter"] == moment))
    gap = replace(at_once, frame=at_once.frame[there].reset_index(drop=True))
    assert not [text for text in fit(gap, POLICY).warnings if "at different" in text]


def test_two_treated_of_many_are_few(panel: Panel) -> None:
    policy = replace(POLICY, covariance="cluster")
    few = event_study(with_policy(panel, {"Area 01": 12, "Area 02": 12}), policy, "policy", 4, 4)
    assert few.few
    assert few.effective_clusters < 3
    many = event_study(with_policy(panel, {f"Area {at:02}": 12 for at in range(16)}), policy, "policy", 4, 4)
    assert not many.few


def test_a_count_does_not_switch(panel: Panel) -> None:
    assert event_study(panel, SPEC, "records", 1, 0).switching == {}


def test_leads_and_lags_step_over_time_without_rows(panel: Panel) -> None:
    """A lead reaches the quarter after, not the next row."""
    gap = Panel(panel.frame[panel.frame["quarter"] != "2020Q2"])
    found = event_study(gap, replace(SPEC, predictors=("records",)), "records", 1, 1)
    assert found.result.n == 32 * (26 - 2 - 2)


@pytest.mark.parametrize("changes", [{"effects": ()}, {"trends": True}, {"differences": True}, {"response": "log"}])
def test_event_study_of_other_models_is_within_areas(panel: Panel, changes: dict[str, Any]) -> None:
    found = event_study(panel, replace(SPEC, **changes), "records", 1, 1)
    assert "borough" in found.result.spec.effects
    assert len(found.path) == 3


def test_event_study_without_leads_or_rows_says_so(panel: Panel) -> None:
    with pytest.raises(NotTogether, match="at least one before"):
        event_study(panel, SPEC, "records", 0, 1)
    with pytest.raises(TooFewRows):
        event_study(panel, replace(SPEC, areas=("Area 01",), start="2020Q1", end="2020Q4"), "records", 4, 4)
