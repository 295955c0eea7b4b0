"""The sampling error of the survey: interviews by period, and one design effect for all that is said of its figures.

A published figure is a share of the residents asked in a borough over 12 months. Were they a simple random sample, its
variance would be p (1 - p) / n. Weights and the way of sampling make it larger by the *design effect* (Kish 1965,
*Survey Sampling*), which the publisher does not give. It is estimated once, from the published figures, by the method
of moments: :func:`estimated_design_effect`.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.stats.uncertainty import Z_95
from core.tables.catalogue import Catalogue, load_catalogue

Floats = NDArray[np.float64]

WINDOW = 4  # quarters of interviews in a figure
# Interviews in a borough and quarter that the survey is designed for, by the first quarter with so many.
INTERVIEWS: Mapping[str, int] = {"": 100, "2024Q4": 150}
FIRST_DESIGN = INTERVIEWS[""]
ROUNDING = 0.01**2 / 12  # variance that publishing whole per cent adds to a figure
LAGS = 8
FEWEST_QUARTERS = 16
PERSISTENCE = (0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95)  # of differences that fade, per quarter; tried in turn
DRAWS, SEED, LEVEL = 2000, 20_241_001, 95
NOISE, WALK, FADING = range(3)


@dataclass(frozen=True)
class DesignEffect:
    """How many times the variance of a survey figure is that of a simple random sample.

    Parameters
    ----------
    value
        The estimate from all measures together, which is used everywhere.
    low, high
        Its 95% interval, from drawing boroughs with replacement.
    by_measure
        The estimate from each measure alone.
    boroughs
        How many boroughs it rests on.
    first, last
        First and last quarter of the figures that it rests on.
    """

    value: float
    low: float
    high: float
    by_measure: Mapping[str, float]
    boroughs: int
    first: str
    last: str


@lru_cache(maxsize=1000)
def interviews(quarter: str) -> int:
    """Interviews in a borough over the 12 months that end with `quarter`."""
    last = pd.Period(quarter, freq="Q")
    return sum(_interviews_in(str(last - back)) for back in range(WINDOW))


def _interviews_in(quarter: str) -> int:
    return INTERVIEWS[max(start for start in INTERVIEWS if start <= quarter)]


@lru_cache(maxsize=1000)
def _shared(one: str, other: str) -> int:
    """Interviews that the figures of two quarters have in common."""
    early, late = sorted(pd.Period(quarter, freq="Q") for quarter in (one, other))
    apart = (late - early).n
    return sum(_interviews_in(str(early - back)) for back in range(WINDOW - apart))


def design_effect() -> DesignEffect:
    """The design effect of the survey as published, estimated once for each version of the figures."""
    tables = load_catalogue()
    return _of_version(tables.version, tables)


@lru_cache(maxsize=1)
def _of_version(_: str, tables: Catalogue) -> DesignEffect:
    return estimated_design_effect(tables.read_table("survey"))


def score_margin(score: pd.Series, quarter: str) -> pd.Series:
    """Half-width of the 95% interval of survey scores (fractions from 0 to 1) of one `quarter`."""
    return Z_95 * score_error(score, quarter)


def score_error(score: pd.Series, quarter: str) -> pd.Series:
    """Standard error of survey scores of one `quarter`, the design effect allowed for.

    The average of several questions gets the error of one question, which is its upper bound (answers of a person that
    are perfectly correlated).
    """
    return (score * (1 - score) * (design_effect().value / interviews(quarter))).map(np.sqrt)


def score_margins(scores: pd.Series) -> pd.Series:
    """Half-widths of the 95% intervals of `scores` whose index is their quarters."""
    asked = np.array([interviews(str(quarter)) for quarter in scores.index])
    return Z_95 * (scores * (1 - scores) * (design_effect().value / asked)).map(np.sqrt)


def score_change_margin(before: pd.Series, after: pd.Series, first: str, last: str) -> pd.Series:
    """Half-width of the 95% interval of the change between the rolling 12-month scores of two quarters.

    Figures less than four quarters apart share interviews: the shared part cancels in the change.
    """
    one, other = score_error(before, first), score_error(after, last)
    # Of the interviews of each figure, what the two have in common: the correlation of their errors.
    shared = _shared(first, last) / math.sqrt(interviews(first) * interviews(last))
    variance = one**2 + other**2 - 2 * shared * one * other
    return Z_95 * variance.clip(lower=0).map(np.sqrt)


def estimated_design_effect(survey: pd.DataFrame) -> DesignEffect:
    """The design effect by the method of moments, from how changes of the figures are related over time.

    The change of a figure from one quarter to the next is a quarter of what the new sample shows less what the sample
    that drops out showed. So the sampling error of a quarter with variance v adds 2 v / 16 to the variance of changes
    and -v / 16 to their autocovariance four quarters apart, and nothing to any other. True change of a borough about
    London has another shape: a random walk gives 4, 3, 2 and 1 parts at lags 0 to 3 and none beyond, differences that
    fade (a first-order autoregression, as Fuller 1990, *Survey Methodology* 16(2), and Binder and Dick 1989, *Survey
    Methodology* 15(1), have for repeated surveys) spread over all lags. The autocovariances at lags 0 to 7, averaged
    over boroughs and measures and each in units of that of a simple random sample, are explained by the three shapes
    with least squares, none of them negative; the first of the three is the design effect. What rounding adds is taken
    off before. A change of opinion that is gone after a quarter cannot be told from sampling error and counts as it.

    Figures whose 12 months all lie in the first design are used, so that every quarter has as many interviews. The
    interval is that of the percentiles of estimates from boroughs drawn with replacement, all measures of a borough
    together (Efron 1979, *Annals of Statistics* 7(1)).

    Parameters
    ----------
    survey
        ``borough``, ``quarter``, and measures as shares, as the table ``survey`` has them.
    """
    rows = survey[survey["quarter"] < min(start for start in INTERVIEWS if start)]
    measures = [name for name in rows.columns if name not in ("borough", "quarter")]
    tables = {name: rows.pivot(index="quarter", columns="borough", values=name).dropna(how="all") for name in measures}
    tables = {name: table.astype(float) for name, table in tables.items() if len(table) >= FEWEST_QUARTERS}
    each = {name: autocovariances(table) for name, table in tables.items()}
    boroughs = np.mean(list(each.values()), axis=0)
    count = len(boroughs)
    drawn = np.random.default_rng(SEED).multinomial(count, np.full(count, 1 / count), DRAWS) @ boroughs / count
    tails = (1 - LEVEL / 100) / 2
    low, high = np.quantile(_sampling_part(drawn), [tails, 1 - tails])
    quarters = sorted({str(quarter) for table in tables.values() for quarter in table.index})
    return DesignEffect(
        value=float(_sampling_part(boroughs.mean(axis=0)[None])[0]),
        low=float(low),
        high=float(high),
        by_measure={name: float(_sampling_part(found.mean(axis=0)[None])[0]) for name, found in each.items()},
        boroughs=count,
        first=quarters[0],
        last=quarters[-1],
    )


def autocovariances(table: pd.DataFrame) -> Floats:
    """Autocovariances of the changes of each borough about London, in units of a quarter's simple random sample.

    Parameters
    ----------
    table
        Shares of one measure: a row for each quarter in order of time, a column for each borough.

    Returns
    -------
    array, shape (boroughs, LAGS)
    """
    changes = table.diff().iloc[1:]
    count = len(table.columns)
    # With the boroughs' mean goes what they share, and a part of 1 / count of the variance of what they do not.
    own = changes.sub(changes.mean(axis=1), axis=0) * np.sqrt(count / (count - 1))
    found: Floats = np.column_stack([(own * own.shift(lag)).mean() for lag in range(LAGS)])
    found -= ROUNDING * np.array([2, -1, *[0] * (LAGS - 2)])
    simple = float(np.nanmean((table * (1 - table)).to_numpy())) / FIRST_DESIGN
    return found * WINDOW**2 / simple


def shapes(persistence: float) -> Floats:
    """Autocovariances of changes by sampling error, a random walk and differences that fade, shape (LAGS, 3)."""
    lags = np.arange(LAGS)
    noise = np.where(lags == 0, 2.0, np.where(lags == WINDOW, -1.0, 0.0))
    walk = np.clip(WINDOW - lags, 0, None).astype(float)
    fading = 2 * persistence**lags - persistence ** np.abs(lags - WINDOW) - persistence ** (lags + WINDOW)
    return np.column_stack([noise, walk, fading])


def _sampling_part(found: Floats) -> Floats:
    """The part of sampling error in each row of autocovariances, shape (n, LAGS): non-negative least squares.

    The solution is that of ordinary least squares on some of the shapes, the best of those without a negative part.
    """
    best, left = np.zeros(len(found)), np.full(len(found), np.inf)
    for persistence, others in product(PERSISTENCE, ((), (WALK,), (FADING,), (WALK, FADING))):
        columns = shapes(persistence)[:, [NOISE, *others]]
        parts = found @ np.linalg.pinv(columns).T
        squares = ((found - parts @ columns.T) ** 2).sum(axis=1)
        better = (parts >= 0).all(axis=1) & (squares < left)
        best, left = np.where(better, parts[:, 0], best), np.where(better, squares, left)
    return best
