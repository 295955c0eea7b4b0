"""Associations by group of areas and with squares: against statsmodels with the products written out."""

from dataclasses import replace
from typing import Any, get_args

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import stats

from core.stats.panels.moderated import bend, by_group
from core.stats.regression import ModelSpec, NotTogether, NoVariation, RepeatedVariable, UnknownVariable, fit
from core.stats.regression.curves.batch import Fitted, fit_many
from core.tables.options import Covariance
from core.tables.panel import Panel

BOTH = ("borough", "quarter")
BASE = ModelSpec(
    "trust",
    ("records", "arrested"),
    form="count",
    controls=("crime",),
    effects=BOTH,
    moderator="side",
    covariance="HC1",
)
CURVED = replace(BASE, moderator="", squares=True)
NAMES = ("Centre", "East", "West")


def sided(panel: Panel) -> Panel:
    side = panel.frame["borough"].str[-2:].astype(int) % 5 % 3
    return Panel(panel.frame.assign(side=side.map(dict(enumerate(NAMES)))))


@pytest.fixture(params=["panel", "gappy"])
def rows(request: pytest.FixtureRequest) -> Panel:
    return sided(request.getfixturevalue(request.param))


def dummies(frame: pd.DataFrame) -> pd.DataFrame:
    """Dummies of both effects, of full rank."""
    areas = pd.get_dummies(frame["borough"], dtype=float)
    return areas.join(pd.get_dummies(frame["quarter"], dtype=float, drop_first=True))


def test_association_by_group_agrees_with_statsmodels(rows: Panel) -> None:
    frame = rows.frame.dropna(subset=["crime"])
    products = {f"{x}.{g}": frame[x] * (frame["side"] == g) for x in ("records", "arrested") for g in NAMES}
    X = pd.DataFrame(products).join(frame["crime"]).join(dummies(frame))
    oracle = sm.OLS(frame["trust"], X).fit(cov_type="HC1", use_t=True)
    found = by_group(rows, BASE, "records")
    assert list(found.groups) == list(NAMES)
    assert sum(found.areas.values()) == 32
    for group, estimate in found.groups.items():
        name = f"records.{group}"
        assert estimate.estimate == pytest.approx(oracle.params[name], rel=1e-8)
        assert estimate.std_error == pytest.approx(oracle.bse[name], rel=1e-8)
        assert (estimate.low, estimate.high) == pytest.approx(tuple(oracle.conf_int().loc[name]), rel=1e-7)
    for group, difference in found.differences.items():
        test = oracle.t_test(f"`records.{group}` - `records.Centre` = 0".replace("`", ""))
        assert difference.estimate == pytest.approx(float(test.effect[0]), rel=1e-7)
        assert difference.std_error == pytest.approx(float(np.ravel(test.sd)[0]), rel=1e-7)
        assert difference.p == pytest.approx(float(test.pvalue), rel=1e-6)
    joint = oracle.f_test("records.East = records.Centre, records.West = records.Centre")
    assert found.joint is not None
    assert found.joint.f == pytest.approx(float(joint.fvalue), rel=1e-7)
    assert found.joint.p == pytest.approx(float(joint.pvalue), rel=1e-6)


def test_main_coefficient_is_the_mean_of_the_groups_over_rows(rows: Panel) -> None:
    result = fit(rows, BASE)
    found = by_group(rows, BASE, "arrested")
    used = rows.frame.dropna(subset=["crime"])["side"].value_counts(normalize=True)
    mean = sum(used[group] * estimate.estimate for group, estimate in found.groups.items())
    assert result.estimate("arrested").estimate == pytest.approx(mean, rel=1e-8)
    difference = found.groups["West"].estimate - found.groups["Centre"].estimate
    assert result.estimate("arrested: West less Centre").estimate == pytest.approx(difference, rel=1e-7)
    assert {e.role for e in result.estimates if ": " in e.name} == {"interaction"}


def test_associations_by_group_have_cautious_intervals_and_no_bootstrap(panel: Panel) -> None:
    found = by_group(sided(panel), replace(BASE, covariance="cluster", areas=tuple(panel.areas[:9])), "records")
    everything = [*found.differences.values(), found.groups["Centre"]]
    assert all(estimate.wild_p is None for estimate in everything)  # nothing shows it, and it takes long
    assert all(estimate.cautious is not None for estimate in everything)
    assert bend(panel, replace(CURVED, covariance="cluster"), "records").square.wild_p is None


def test_groups_of_few_areas_have_no_joint_test_and_two_groups_need_none(panel: Panel) -> None:
    spec = replace(BASE, covariance="cluster")
    enough = by_group(sided(panel), spec, "records")
    assert enough.joint is not None
    assert enough.joint.df == (2, 32 - 1 - 1)
    few = by_group(sided(panel), replace(spec, areas=tuple(panel.areas[:14])), "records")
    assert few.joint is None
    assert few.untested == "Of West there are fewer than 5 boroughs, too few for one."
    sides = sided(panel).frame.assign(side=lambda frame: frame["side"].replace({"West": "East"}))
    two = by_group(Panel(sides), spec, "records")
    assert (two.joint, two.untested) == (None, "")


@pytest.mark.parametrize("differences", [False, True])
def test_squares_agree_with_statsmodels(rows: Panel, differences: bool) -> None:
    spec = replace(CURVED, predictors=("records",), controls=(), effects=("quarter",), differences=differences)
    found = fit(rows, spec)
    frame = rows.frame.copy()
    time = frame["quarter"].map({name: at for at, name in enumerate(sorted(frame["quarter"].unique()))})
    frame["square"] = frame["records"] ** 2
    columns = ["trust", "records", "square"]
    used = frame[columns].assign(level=frame["records"], quarter=frame["quarter"])
    if differences:
        follows = (time.diff() == 1) & (frame["borough"] == frame["borough"].shift())
        used[columns] = used[columns].diff()
        used = used[follows]
    X = used[["records", "square"]].join(pd.get_dummies(used["quarter"], dtype=float))
    oracle = sm.OLS(used["trust"], X).fit(cov_type="HC1", use_t=True)
    assert found.n == len(used)
    square = found.estimate("records squared")
    assert square.estimate == pytest.approx(oracle.params["square"], rel=1e-6)
    assert square.std_error == pytest.approx(oracle.bse["square"], rel=1e-6)
    at_mean = oracle.t_test(f"records + {2 * used['level'].mean():.12f} * square = 0")
    slope = found.estimate("records")
    assert slope.estimate == pytest.approx(float(at_mean.effect[0]), rel=1e-6)
    assert slope.std_error == pytest.approx(float(np.ravel(at_mean.sd)[0]), rel=1e-6)
    turn = bend(rows, spec, "records")
    assert turn.turning == pytest.approx(-oracle.params["records"] / (2 * oracle.params["square"]), rel=1e-5)
    for value, estimate in turn.slopes:
        there = oracle.t_test(f"records + {2 * value:.12f} * square = 0")
        assert estimate.estimate == pytest.approx(float(there.effect[0]), rel=1e-5)
        assert estimate.std_error == pytest.approx(float(np.ravel(there.sd)[0]), rel=1e-6)


def test_turning_point_has_the_interval_where_zero_is_not_rejected(panel: Panel) -> None:
    """A hump with its top at 700: the ends of the interval are where the t test of the slope is just at its limit."""
    x = panel.frame["records"]
    noise = np.random.default_rng(1).normal(size=len(x))
    humped = Panel(panel.frame.assign(trust=0.6 - 1e-7 * (x - 700) ** 2 + 0.01 * noise))
    spec = replace(CURVED, predictors=("records",), effects=("borough",))
    found = bend(humped, spec, "records")
    assert found.bounded
    assert found.low < 700 < found.high
    assert found.low < found.turning < found.high
    assert found.beyond == pytest.approx((x > found.turning).mean())
    result, mean = fit(humped, spec), x.mean()
    b, c = (result.estimate(name).estimate for name in ("records", "records squared"))
    covariance = result.covariance_of(("records", "records squared"))
    for end in (found.low, found.high):
        weights = np.array([1, 2 * (end - mean)])
        t = (weights @ [b, c]) / np.sqrt(weights @ covariance @ weights)
        assert abs(t) == pytest.approx(stats.t.ppf(0.975, result.df), rel=1e-8)


def test_turning_point_of_a_line_that_may_be_straight_has_no_interval(panel: Panel) -> None:
    noise = np.random.default_rng(2).normal(size=len(panel.frame))
    straight = Panel(panel.frame.assign(trust=1e-4 * panel.frame["records"] + 0.1 * noise))
    found = bend(straight, replace(CURVED, predictors=("records",)), "records")
    assert found.square.p > 0.05
    assert not found.bounded


def test_squares_and_groups_go_together_with_every_kind_of_model(panel: Panel) -> None:
    spec = replace(BASE, squares=True)
    for changes in ({"differences": True}, {"trends": True}, {"response": "poisson"}, {"lag": 2, "form": "log"}):
        found = fit(sided(panel), replace(spec, outcome="hospitalised", **changes), wild=False)
        assert [e.role for e in found.estimates].count("interaction") == 2 * (2 + 1)
    step = panel.frame["borough"].astype("category").cat.codes / 100
    placed = Panel(sided(panel).frame.assign(east=step, north=51 + step), coordinates=("east", "north"))
    for covariance in get_args(Covariance):
        assert len(fit(placed, replace(spec, covariance=covariance), wild=False).estimates) == 3 + 6


def test_many_fitted_at_once_are_those_fitted_alone(rows: Panel) -> None:
    specs = [replace(BASE, squares=squares, moderator=name) for squares in (False, True) for name in ("", "side")]
    for fitted in fit_many(rows, specs):
        assert isinstance(fitted, Fitted)
        alone = fit(rows, fitted.spec, wild=False)
        for found in fitted.found:
            assert found.estimate == pytest.approx(alone.estimate(found.name).estimate, rel=1e-9)
            assert found.std_error == pytest.approx(alone.estimate(found.name).std_error, rel=1e-9)


def test_groupings_are_columns_that_group_areas_for_good(panel: Panel) -> None:
    number = panel.frame["borough"].str[-2:].astype(int)
    frame = sided(panel).frame.assign(
        year=panel.frame["quarter"].str[:4],
        half=(number < 16).map({True: "first", False: "second"}),
        holes=(number < 16).map({True: "first", False: None}),
        name=panel.frame["borough"] + "!",
        one="all",
        flag=number < 9,
        treated=(number < 9).astype(float),
        code=(number % 11 + 1).astype("Int64"),
        switches=(panel.frame["quarter"] > "2018").astype(int),
        part=(number < 9) / 2,
        known=(number < 9).astype(float).where(number > 0),
        own=number,
        endless=np.where(number < 9, np.inf, 0),
        population=(number < 9) + 1000,
        east=(number < 9) + 1,
    )
    found = ("side", "half", "flag", "treated", "code")
    assert Panel(frame, coordinates=("east", "part")).groupings == found
    assert Panel(frame, groups=("half",)).groupings == (*found, "east")


def test_groups_by_number_are_those_by_text(panel: Panel) -> None:
    """Each kind of column gives the same model, and codes are in the order of their numbers."""
    number = panel.frame["borough"].str[-2:].astype(int)
    frame = panel.frame.assign(
        text=(number < 9).map({False: "0", True: "1"}),
        flag=number < 9,
        treated=(number < 9).astype(float),
        code=number % 11 + 1,
    )
    one = replace(BASE, predictors=("records",))
    found = [fit(Panel(frame), replace(one, moderator=name), wild=False) for name in ("text", "flag", "treated")]
    assert [each.name for each in found[0].estimates if each.role == "interaction"] == ["records: 1 less 0"]
    assert [each.estimates for each in found] == [found[0].estimates] * 3
    codes = fit(Panel(frame), replace(one, moderator="code"), wild=False)
    differences = [each.name for each in codes.estimates if each.role == "interaction"]
    assert differences == [f"records: {code} less 1" for code in range(2, 12)]


@pytest.mark.parametrize(
    ("changes", "error", "words"),
    [
        ({"moderator": "quarter"}, UnknownVariable, "does not put each borough"),
        ({"moderator": "nowhere"}, UnknownVariable, "choose another"),
        ({"effects": ("quarter",)}, NotTogether, "add borough effects"),
        ({"effects": ()}, NotTogether, "add borough effects"),
        ({"areas": ("Area 00", "Area 03")}, NoVariation, "one group of side"),
    ],
)
def test_groups_that_cannot_be_compared_are_refused(
    panel: Panel, changes: dict[str, Any], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        fit(sided(panel), replace(BASE, **changes))


def test_a_column_with_the_name_of_a_square_is_refused(panel: Panel) -> None:
    frame = panel.frame.assign(**{"records squared": panel.frame["crime"]})
    with pytest.raises(RepeatedVariable, match="twice"):
        fit(Panel(frame), replace(CURVED, controls=("records squared",)))
