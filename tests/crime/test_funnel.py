"""The funnel plot: limits as the paper has them, dispersion that is known, and what the figure says."""

import math

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from core.crime.area import WITHOUT_ASB
from core.crime.funnel import LIMITS, Z_998, Funnel, funnel, overdispersion
from core.crime.loaders import west_midlands
from core.crime.lsoa_rates import lsoa_rates
from core.crime.rates.figures import funnel_figure
from core.crime.text import Scope


def made_up(dispersion: float, seed: int = 5, count: int = 4000) -> pd.DataFrame:
    """Areas of many sizes with one rate, whose counts vary `dispersion` times as much as Poisson counts."""
    chance = np.random.default_rng(seed)
    base = chance.uniform(500, 5000, count)
    expected = base * 0.1
    # A negative binomial count of this shape has that many times the variance of its mean.
    shape = expected / (dispersion - 1) if dispersion > 1 else np.full(count, np.inf)
    mean = chance.gamma(shape, expected / shape) if dispersion > 1 else expected
    records = chance.poisson(mean).astype(float)
    names = [f"Area {place}" for place in range(count)]
    return pd.DataFrame(
        {"lsoa11_code": names, "LSOA": names, "district": "A", "records": records, "base": base}
    ).assign(rate=records / base * 1000)


@pytest.mark.parametrize("dispersion", [1, 4, 9])
def test_dispersion_is_that_of_scores_whose_ends_are_pulled_in(dispersion: float) -> None:
    found = funnel(made_up(dispersion))
    # Pulled in at a tenth on each side, the squares of standard normal scores have a mean of 0.66.
    a = norm.ppf(0.9)
    winsorised = 1 - 2 * (a * norm.pdf(a) + 0.1) + 0.2 * a**2
    assert found.dispersion == pytest.approx(max(1, dispersion * winsorised), rel=0.1)
    assert found.average == pytest.approx(0.1, rel=0.03)


def test_overdispersion_is_a_mean_of_squares_after_the_ends_are_pulled_in() -> None:
    z = np.array([-50.0, -3, -2, -1, 0, 0, 1, 2, 3, 40])
    low, high = np.quantile(z, [0.1, 0.9])
    literal = sum(min(max(value, low), high) ** 2 for value in z) / len(z)
    assert overdispersion(z) == pytest.approx(literal)
    assert overdispersion(np.zeros(5)) == 1


def test_areas_outside_are_those_beyond_the_lines() -> None:
    found: Funnel = funnel(made_up(4))
    lines = found.limits(found.rows["expected"].to_numpy()).set_index("limit")
    for name, reach in LIMITS.items():
        ends = lines.loc[name]
        beyond = (found.rows["rate"].to_numpy() > ends["high"].to_numpy()) | (
            found.rows["rate"].to_numpy() < ends["low"].to_numpy()
        )
        # Below a count of zero there is no line to be beyond.
        reached = np.abs(found.rows["z"].to_numpy()) > reach * math.sqrt(found.dispersion)
        assert (beyond == reached).mean() > 0.999
    assert norm.cdf(Z_998) == pytest.approx(0.999)
    assert set(found.rows["outside"]) <= {"", *LIMITS}


def test_funnel_figure_counts_what_stands_out_above_and_below() -> None:
    study = west_midlands()
    rates, scope = lsoa_rates(study, WITHOUT_ASB), Scope("West Midlands", "2019", WITHOUT_ASB)
    found, shown = funnel(rates), funnel_figure(rates, scope)
    outer = found.rows["outside"] == "99.8%"
    above, below = ((outer & (found.rows["z"] * side > 0)).sum() for side in (1, -1))
    assert shown.title == f"{above} of 1,680 small areas stand out above the others, {below} below"
    assert f"vary {found.dispersion:.0f} times as much as by chance" in shown.note
    assert (shown.table["Outside the limits of"] == "99.8%").sum() == above + below
