"""How closely recorded crime goes with deprivation, in all LSOAs and in those of each district.

Errors are clustered by MSOA throughout: neighbouring LSOAs have much in common, so they are not so many
independent observations. The intervals of both correlations come from their influence functions, summed by MSOA,
on Fisher's scale (the inverse hyperbolic tangent), which keeps them between -1 and 1. They assume neither a normal
distribution nor independent LSOAs, as Fisher's original interval does.

Pearson's influence function: Devlin, Gnanadesikan and Kettenring (1975), "Robust estimation and outlier detection
with correlation coefficients", Biometrika 62(3). Spearman's: Croux and Dehon (2010), "Influence functions of the
Spearman and Kendall correlation measures", Statistical Methods and Applications 19(4); with ties, that of
Pearson's correlation of the mean ranks.
"""

import math
from itertools import product

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import stdtrit

from core.crime.area import (
    ALL_RECORDS,
    EVERYWHERE,
    MEASURES,
    RELATIVE,
    TYPICAL,
    CrimeArea,
    CrimeError,
    measured,
    outliers,
    panel,
)
from core.stats.regression import CONSTANT, LEVEL, Choices, ModelError, ModelSpec, Sample, fit
from core.tables.panel import Panel

SCORES = ("imd_score", "imd_score_without_crime")
DRAWS = 4000
SEED = 20_190_926  # day on which the deprivation figures were published
FEWEST = 4  # LSOAs that a correlation needs for an error

_INTERVALS = tuple(f"{name}{end}" for name in ("r", "r2", "spearman", "slope") for end in ("", "_low", "_high"))
_FIGURES = ("n", "msoas", *_INTERVALS, "p", "constant", "score_low", "score_high", "reason")

Floats = NDArray[np.float64]


def scatter(
    area: CrimeArea, measure: str = "records", score: str = "imd_score", crime_type: str = ALL_RECORDS
) -> pd.DataFrame:
    """One point per LSOA, those without the measure or the score left out.

    Returns
    -------
    DataFrame
        ``lsoa11_code``, ``LSOA``, ``MSOA``, ``district``, ``score``, ``value`` (the measure), ``records``,
        ``records_per_1000``, ``residents``, ``outlier`` (see :func:`core.crime.area.outliers`).

    Raises
    ------
    CrimeError
        If there is no such measure or score.
    """
    _check(area, measure, score)
    found = measured(area, crime_type)
    points = area.lsoas[["lsoa11_code", "LSOA", "MSOA", "district", "residents"]].assign(
        score=area.lsoas[score],
        value=found[measure],
        records=found["records"],
        records_per_1000=found["records_per_1000"],
        outlier=outliers(area, measure, crime_type).either,
    )
    return points.dropna(subset=["score", "value"], ignore_index=True)


def associations(
    area: CrimeArea,
    measure: str = "records",
    score: str = "imd_score",
    *,
    with_outliers: bool = True,
    crime_type: str = ALL_RECORDS,
) -> pd.DataFrame:
    """How closely `measure` goes with `score`, in all LSOAs and in those of each district.

    Parameters
    ----------
    measure
        One of :data:`core.crime.area.MEASURES`.
    score
        One of :data:`SCORES`.
    with_outliers
        Whether outliers are included; see :func:`core.crime.area.outliers`.

    Returns
    -------
    DataFrame
        One row per place, all districts first. ``place``; ``n`` (LSOAs), ``msoas``; ``r`` (Pearson), ``r2`` (its
        square) and ``spearman``, each with ``_low`` and ``_high``; ``slope`` (of the measure per point of the score),
        ``slope_low``, ``slope_high``, ``p``; ``constant``; ``score_low`` and ``score_high``, the range of the score;
        ``strongest`` and ``weakest``, the chance that the r of this district is the highest or the lowest of all
        districts (missing for all of them together); ``reason``, why figures are missing. Intervals are 95%.

    Raises
    ------
    CrimeError
        If there is no such measure or score.
    """
    points = _used(scatter(area, measure, score, crime_type), with_outliers)
    lines, outcome = panel(area, crime_type=crime_type), _outcome(measure, with_outliers)
    places = [(EVERYWHERE, points), *((str(name), part) for name, part in points.groupby("district"))]
    rows = [{"place": place} | _association(part, lines, outcome, score) for place, part in places]
    return _with_chances(pd.DataFrame(rows, columns=["place", *_FIGURES]))


def variants(area: CrimeArea, place: str = EVERYWHERE, crime_type: str = ALL_RECORDS) -> pd.DataFrame:
    """The row of one place in :func:`associations`, for every measure and score, with and without outliers.

    Returns
    -------
    DataFrame
        ``measure``, ``score``, ``with_outliers``, then the columns of :func:`associations` from ``n`` to ``reason``.
    """
    scores = [score for score in SCORES if score not in area.missing]
    lines = panel(area, crime_type=crime_type)
    rows = []
    for measure, score in product(MEASURES, scores):
        points = scatter(area, measure, score, crime_type)
        in_place = points[(points["district"] == place) | (place == EVERYWHERE)]
        for with_outliers in (True, False):
            choice = {"measure": measure, "score": score, "with_outliers": with_outliers}
            used, outcome = _used(in_place, with_outliers), _outcome(measure, with_outliers)
            rows.append(choice | _association(used, lines, outcome, score))
    return pd.DataFrame(rows, columns=["measure", "score", "with_outliers", *_FIGURES])


def curve_choices(area: CrimeArea, score: str = "imd_score") -> Choices:
    """The defensible ways to relate crime to `score`, for a specification curve on the panel.

    Outcomes are a count, a rate (both as a share of its mean) and their logarithms, with and without outliers, so that
    an effect of 0.1 is 10% of the usual crime whichever it is; the score as it is or its logarithm; effects of the
    district or the MSOA; all districts or without the largest; every LSOA the same or by residents; errors clustered by
    MSOA or only robust.
    """
    area.require(score)
    plain = (f"{RELATIVE}records", f"{RELATIVE}records_per_1000", "log_records", "log_records_per_1000")
    largest = area.lsoas["district"].mode().iloc[0]
    others = tuple(sorted(area.lsoas.loc[area.lsoas["district"] != largest, "LSOA"]))
    without = (Sample(f"Without {largest}", areas=others),) if others else ()
    return Choices(
        predictors=(score,),
        outcomes=(*plain, *(f"{name}{TYPICAL}" for name in plain)),
        forms=("count", "log"),
        effects=((), ("district",), ("MSOA",)),
        samples=(Sample(EVERYWHERE), *without),
        weights=("equal", "population"),
        covariances=("cluster", "HC1"),
        cluster="MSOA",
    )


def pearson(x: Floats, y: Floats, clusters: NDArray[np.intp]) -> tuple[float, float, float]:
    """Pearson's r with its 95% interval, errors clustered.

    Parameters
    ----------
    x, y
        Shape (n,).
    clusters
        Number of each row's cluster, from 0, shape (n,).
    """
    u, v = _standard(x), _standard(y)
    r = float((u * v).mean())
    return r, *_interval(r, u * v - r / 2 * (u**2 + v**2), clusters)


def spearman(x: Floats, y: Floats, clusters: NDArray[np.intp]) -> tuple[float, float, float]:
    """Spearman's rho with its 95% interval, errors clustered; see :func:`pearson`."""
    ranks_x, ranks_y = _Ranks(x), _Ranks(y)
    u, v = ranks_x.centred, ranks_y.centred
    spread_u, spread_v, shared = (u * u).mean(), (v * v).mean(), (u * v).mean()
    rho = float(shared / math.sqrt(spread_u * spread_v))
    influence_shared = u * v - shared + ranks_x.moved(v) + ranks_y.moved(u)
    influence_u = u * u - spread_u + 2 * ranks_x.moved(u)
    influence_v = v * v - spread_v + 2 * ranks_y.moved(v)
    influence = influence_shared / math.sqrt(spread_u * spread_v) - rho / 2 * (
        influence_u / spread_u + influence_v / spread_v
    )
    return rho, *_interval(rho, influence, clusters)


class _Ranks:
    """Mean ranks of a column, as shares of all rows."""

    def __init__(self, values: Floats) -> None:
        levels, self._level, counts = np.unique(values, return_inverse=True, return_counts=True)
        ends = np.cumsum(counts)
        self._n, self._levels = len(values), len(levels)
        self.centred: Floats = ((ends - counts / 2) / self._n)[self._level] - 0.5

    def moved(self, other: Floats) -> Floats:
        """Each row's influence on the mean of `other` times rank, through the ranks of the rows above it."""
        sums = np.bincount(self._level, other, self._levels)
        above = sums[::-1].cumsum()[::-1] - sums / 2
        moved: Floats = above[self._level] / self._n - ((self.centred + 0.5) * other).mean()
        return moved


def _standard(values: Floats) -> Floats:
    centred = values - values.mean()
    standard: Floats = centred / math.sqrt((centred**2).mean())
    return standard


def _interval(correlation: float, influence: Floats, clusters: NDArray[np.intp]) -> tuple[float, float]:
    """Ends of the interval on Fisher's scale, with one degree of freedom less than clusters."""
    count = int(clusters.max()) + 1
    if count < 2 or abs(correlation) >= 1:
        return math.nan, math.nan
    sums = np.bincount(clusters, influence)
    std_error = math.sqrt(count / (count - 1) * (sums @ sums)) / len(influence) / (1 - correlation**2)
    reach = float(stdtrit(count - 1, (1 + LEVEL) / 2)) * std_error
    middle = math.atanh(correlation)
    return math.tanh(middle - reach), math.tanh(middle + reach)


def _check(area: CrimeArea, measure: str, score: str) -> None:
    if measure not in MEASURES:
        raise CrimeError(f"{measure} is not a measure of crime; choose {', '.join(MEASURES)}.")
    if score not in SCORES:
        raise CrimeError(f"{score} is not a deprivation score; choose {' or '.join(SCORES)}.")
    area.require(score)


def _used(points: pd.DataFrame, with_outliers: bool) -> pd.DataFrame:
    return points if with_outliers else points[~points["outlier"]]


def _outcome(measure: str, with_outliers: bool) -> str:
    return measure if with_outliers else f"{measure}{TYPICAL}"


def _association(points: pd.DataFrame, lines: Panel, outcome: str, score: str) -> dict[str, object]:
    """The figures of one place; those that need more LSOAs than it has are left out, with the reason."""
    size = {"n": len(points), "msoas": points["MSOA"].nunique()}
    x, y = points["score"].to_numpy(dtype=float), points["value"].to_numpy(dtype=float)
    if len(points) < FEWEST or not np.ptp(x) or not np.ptp(y):
        return size | {"reason": "There are too few LSOAs that differ."}
    found = size | _correlations(x, y, pd.factorize(points["MSOA"])[0])
    found |= {"score_low": float(x.min()), "score_high": float(x.max())}
    try:
        return found | _line(
            lines, ModelSpec(outcome, (score,), form="count", areas=tuple(points["LSOA"]), cluster="MSOA")
        )
    except ModelError as error:
        return found | {"reason": str(error)}


def _correlations(x: Floats, y: Floats, clusters: NDArray[np.intp]) -> dict[str, object]:
    r, low, high = pearson(x, y, clusters)
    rho, rho_low, rho_high = spearman(x, y, clusters)
    ends = sorted((low**2, high**2))
    return {
        "r": r,
        "r_low": low,
        "r_high": high,
        "r2": r**2,
        "r2_low": 0.0 if low < 0 < high else ends[0],
        "r2_high": ends[1],
        "spearman": rho,
        "spearman_low": rho_low,
        "spearman_high": rho_high,
    }


def _line(lines: Panel, spec: ModelSpec) -> dict[str, object]:
    result = fit(lines, spec, wild=False)
    slope, constant = result.estimate(*spec.predictors), result.estimate(CONSTANT)
    return {
        "slope": slope.estimate,
        "slope_low": slope.low,
        "slope_high": slope.high,
        "p": slope.p,
        "constant": constant.estimate,
        "reason": "",
    }


def _with_chances(table: pd.DataFrame) -> pd.DataFrame:
    """`table` with the chances that a district's r is the highest and the lowest, by simulation on Fisher's scale."""
    known = table[(table["place"] != EVERYWHERE) & table["r_low"].notna()]
    middle, high = np.arctanh(known[["r", "r_high"]].to_numpy(dtype=float)).T
    std_error = (high - middle) / stdtrit(known["msoas"] - 1, (1 + LEVEL) / 2)
    drawn = np.random.default_rng(SEED).normal(middle, std_error, (DRAWS, len(known)))
    return table.assign(
        strongest=pd.Series(_share_first(drawn), known.index), weakest=pd.Series(_share_first(-drawn), known.index)
    )


def _share_first(drawn: Floats) -> Floats:
    """Share of the rows in which each column is the largest."""
    if not drawn.size:
        return np.empty(0)
    shares: Floats = np.bincount(drawn.argmax(axis=1), minlength=drawn.shape[1]) / len(drawn)
    return shares
