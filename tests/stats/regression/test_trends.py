"""A linear trend of its own for each area: against dummies times time in statsmodels."""

from dataclasses import replace
from typing import Any, get_args

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from core.stats.regression import Collinear, ModelSpec, NotTogether, TooFewRows, diagnose, fit, leave_one_out, partial
from core.stats.regression.curves.batch import Fitted, fit_many
from core.stats.regression.design import design
from core.stats.regression.fit import solved
from core.tables.options import Covariance, Weights
from core.tables.panel import Panel

BOTH = ("borough", "quarter")
TERMS = ["records", "arrested", "crime"]
BASE = ModelSpec(
    "trust",
    ("records", "arrested"),
    form="count",
    controls=("crime",),
    effects=BOTH,
    trends=True,
    covariance="classical",
)


def without_a_quarter(panel: Panel) -> Panel:
    return Panel(panel.frame[panel.frame["quarter"] != "2020Q2"])


def dummies(frame: pd.DataFrame, effects: tuple[str, ...]) -> pd.DataFrame:
    """Columns of the model: terms, a dummy for each level, and each area's dummy times the place in time."""
    quarters = pd.period_range("2017Q2", "2024Q4", freq="Q").strftime("%YQ%q")
    time = frame["quarter"].map({name: float(at) for at, name in enumerate(quarters)})
    areas = pd.get_dummies(frame["borough"], dtype=float)
    columns = [frame[TERMS].astype(float), *(pd.get_dummies(frame[key], dtype=float) for key in effects)]
    return pd.concat([*columns, areas.mul(time - time.mean(), axis=0).add_prefix("trend ")], axis=1)


@pytest.mark.parametrize("effects", [("borough",), BOTH])
@pytest.mark.parametrize("weights", ["equal", "population"])
@pytest.mark.parametrize("data", ["panel", "gappy"])
def test_trends_agree_with_dummies_times_time(
    request: pytest.FixtureRequest, data: str, weights: Weights, effects: tuple[str, ...]
) -> None:
    panel = without_a_quarter(request.getfixturevalue(data))
    frame = panel.frame.dropna(subset=["crime"])
    weight = frame["population"] if weights == "population" else pd.Series(1.0, index=frame.index)
    X = dummies(frame, effects)
    if len(effects) > 1:  # a level of a quarter is the areas' levels less the others, the trend of an area their trends
        X = X.drop(columns=[frame["quarter"].iloc[0], "trend Area 00"])
    oracle = sm.WLS(frame["trust"], X, weights=weight).fit()
    found = fit(panel, replace(BASE, weights=weights, effects=effects))
    assert found.df == oracle.df_resid == len(X) - X.shape[1]
    assert [e.estimate for e in found.estimates] == pytest.approx(oracle.params[TERMS].to_numpy(), rel=1e-8)
    assert [e.std_error for e in found.estimates] == pytest.approx(oracle.bse[TERMS].to_numpy(), rel=1e-8)


@pytest.mark.parametrize("effects", [("borough",), BOTH])
@pytest.mark.parametrize("data", ["panel", "gappy"])
def test_clustered_errors_count_neither_levels_nor_trends_of_the_clusters(
    request: pytest.FixtureRequest, data: str, effects: tuple[str, ...]
) -> None:
    """The sandwich of the model with all dummies, whose factor counts what a model without area effects would."""
    panel: Panel = request.getfixturevalue(data)
    frame = panel.frame.dropna(subset=["crime"])
    X = dummies(frame, effects).to_numpy()
    residuals = frame["trust"].to_numpy() - X @ np.linalg.lstsq(X, frame["trust"].to_numpy(), rcond=1e-10)[0]
    others = X[:, 3:] / np.linalg.norm(X[:, 3:], axis=0)
    terms = X[:, :3] - others @ np.linalg.lstsq(others, X[:, :3], rcond=1e-10)[0]
    sums = pd.DataFrame(terms * residuals[:, None]).groupby(frame["borough"].to_numpy()).sum().to_numpy()
    n, k = len(X), 3 + (frame["quarter"].nunique() if "quarter" in effects else 1)
    bread, factor = np.linalg.inv(terms.T @ terms), 32 / 31 * (n - 1) / (n - k)
    expected = np.sqrt(np.diag(factor * bread @ sums.T @ sums @ bread))
    found = fit(panel, replace(BASE, covariance="cluster", effects=effects), wild=False)
    assert [e.std_error for e in found.estimates] == pytest.approx(expected, rel=1e-8)
    assert f"with k = {k}, which leaves out the borough effects and trends" in found.note


def test_trends_take_out_what_drifts_evenly(panel: Panel) -> None:
    """A trend added to an area's outcome or predictor changes nothing."""
    rng = np.random.default_rng(4)
    place = panel.frame["quarter"].map({name: at for at, name in enumerate(panel.periods)})
    frame = panel.frame.copy()
    for name in ("trust", "records"):
        frame[name] += panel.frame["borough"].map(dict(zip(panel.areas, rng.normal(size=32), strict=True))) * place
    before, after = (fit(each, BASE) for each in (panel, Panel(frame)))
    assert [e.estimate for e in after.estimates] == pytest.approx([e.estimate for e in before.estimates], rel=1e-8)
    assert [e.std_error for e in after.estimates] == pytest.approx([e.std_error for e in before.estimates], rel=1e-8)
    drifting = Panel(panel.frame.assign(arrested=place * (panel.frame["borough"] < "Area 09")))
    with pytest.raises(Collinear, match="borough and quarter effects and borough trends"):
        fit(drifting, BASE)


def test_trends_with_every_kind_of_error_can_be_had(gappy: Panel) -> None:
    step = gappy.frame["borough"].astype("category").cat.codes / 100
    placed = Panel(gappy.frame.assign(east=step, north=51 + step), coordinates=("east", "north"))
    for covariance in get_args(Covariance):
        found = fit(placed, replace(BASE, covariance=covariance), wild=False)
        assert all(estimate.std_error > 0 for estimate in found.estimates), covariance


def test_jackknife_with_trends_is_that_of_leaving_out_each_area(gappy: Panel) -> None:
    spec = replace(BASE, covariance="jackknife")
    full, each = fit(gappy, spec).estimate("records"), leave_one_out(gappy, spec, "records")
    shifts = each["estimate"].to_numpy() - full.estimate
    assert full.std_error == pytest.approx(np.sqrt(31 / 32 * (shifts**2).sum()), rel=1e-7)


def test_jackknife_with_trends_and_clusters_across_areas_is_that_of_leaving_out_each(panel: Panel) -> None:
    spec = replace(BASE, covariance="jackknife", cluster="quarter")
    full = fit(panel, spec).estimate("records").estimate
    rows = design(panel, spec)
    shifts = [
        float(solved(rows.keep(rows.period.codes != code)).coefficients[0]) - full for code in range(len(panel.periods))
    ]
    found = fit(panel, spec).estimate("records").std_error
    assert found == pytest.approx(np.sqrt(26 / 27 * np.square(shifts).sum()), rel=1e-7)


def test_partial_and_leverage_with_trends_are_those_of_dummies(gappy: Panel) -> None:
    frame = gappy.frame.dropna(subset=["crime"])
    X = dummies(frame, BOTH).to_numpy()
    scaled = X / np.linalg.norm(X, axis=0)
    left, sizes, _ = np.linalg.svd(scaled, full_matrices=False)
    basis = left[:, sizes > 1e-8]
    residual = frame["trust"].to_numpy() - basis @ (basis.T @ frame["trust"].to_numpy())
    spread = np.sqrt(residual @ residual / (len(X) - basis.shape[1]) * (1 - (basis**2).sum(axis=1)))
    found = diagnose(gappy, BASE).residuals
    assert found["residual"].to_numpy() == pytest.approx(residual, abs=1e-10)
    assert found["standardised"].to_numpy() == pytest.approx(residual / spread, rel=1e-6)
    points = partial(gappy, BASE, "records")
    x, y = (points[name].to_numpy(dtype=float) for name in ("x_within", "y_within"))
    slope = float(x @ y) / float(x @ x)
    assert slope == pytest.approx(fit(gappy, BASE).estimate("records").estimate, rel=1e-9)


def test_poisson_with_trends_agrees_with_dummies(panel: Panel) -> None:
    spec = replace(BASE, outcome="hospitalised", predictors=("crime",), controls=(), response="poisson")
    frame = panel.frame
    X = dummies(frame, BOTH).drop(columns=["records", "arrested"])
    X = X.drop(columns=[frame["quarter"].iloc[0], "trend Area 00"])
    oracle = sm.GLM(frame["hospitalised"], X, family=sm.families.Poisson()).fit(maxiter=100, tol=1e-12)
    assert fit(panel, spec).estimate("crime").estimate == pytest.approx(oracle.params["crime"], rel=1e-6)


def test_many_fitted_at_once_are_those_fitted_alone(gappy: Panel) -> None:
    specs = [replace(BASE, trends=trends, effects=e) for trends in (False, True) for e in (("borough",), BOTH)]
    for fitted in fit_many(gappy, specs):
        assert isinstance(fitted, Fitted)
        alone = fit(gappy, fitted.spec, wild=False)
        for found in fitted.found:
            assert found.estimate == pytest.approx(alone.estimate(found.name).estimate, rel=1e-9)
            assert found.std_error == pytest.approx(alone.estimate(found.name).std_error, rel=1e-9)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"differences": True}, "choose levels instead of changes"),
        ({"effects": ("quarter",)}, "add borough effects"),
        ({"effects": ()}, "add borough effects"),
    ],
)
def test_trends_that_have_no_meaning_are_refused(panel: Panel, changes: dict[str, Any], words: str) -> None:
    with pytest.raises(NotTogether, match=words):
        fit(panel, replace(BASE, **changes))


def test_trends_of_two_periods_are_refused(panel: Panel) -> None:
    with pytest.raises(TooFewRows, match="No borough has 3 quarters"):
        fit(panel, replace(BASE, start="2019Q1", end="2019Q2"))
    with pytest.raises(TooFewRows, match="No borough has 3 quarters"):
        fit(panel, replace(BASE, start="2019Q1", end="2019Q1", response="poisson"))


def test_areas_of_one_or_two_periods_say_nothing_and_are_named(panel: Panel) -> None:
    """They change no estimate, and the degrees of freedom are those without them."""
    short = {"Area 03": 1, "Area 07": 2}
    rows = panel.frame["borough"].map(short).fillna(27) > panel.frame.groupby("borough").cumcount()
    spec = replace(BASE, effects=("borough",))
    found = fit(Panel(panel.frame[rows]), spec)
    without = fit(Panel(panel.frame[~panel.frame["borough"].isin(short)]), spec)
    assert found.df == without.df
    assert [e.estimate for e in found.estimates] == pytest.approx([e.estimate for e in without.estimates], rel=1e-9)
    assert [e.std_error for e in found.estimates] == pytest.approx([e.std_error for e in without.estimates], rel=1e-9)
    assert any("2 boroughs have fewer than 3 quarters" in sentence for sentence in found.warnings)


def test_trends_next_to_effects_of_a_finer_group_agree_with_dummies(panel: Panel) -> None:
    """A key in which areas are nested adds nothing, one that is finer takes out more."""
    frame = panel.frame.assign(
        side=panel.frame["borough"].str[-1], year=panel.frame["borough"] + panel.frame["quarter"].str[:4]
    )
    found = fit(Panel(frame, groups=("side", "year")), replace(BASE, effects=(*BOTH, "side", "year")))
    X = dummies(frame, ("borough", "quarter", "year")).to_numpy()
    scaled = X / np.linalg.norm(X, axis=0)
    assert found.df == len(X) - np.linalg.matrix_rank(scaled, tol=1e-8)
    expected = np.linalg.lstsq(scaled, frame["trust"].to_numpy(), rcond=1e-10)[0][:3] / np.linalg.norm(X[:, :3], axis=0)
    assert [e.estimate for e in found.estimates] == pytest.approx(expected, rel=1e-7)
