"""Rates of recorded crime with their uncertainty: of districts, of single LSOAs, and shrunk where counts are small.

A count varies by chance even where nothing changes. Three ways to say how much are used here:

- Garwood's exact interval of a Poisson count (1936, "Fiducial limits for the Poisson distribution", Biometrika 28).
  Crime comes in clusters and one offence draws others, so counts vary more than Poisson ones and this is too narrow.
- The spread between MSOAs, for a rate of many: the ratio of two sums, linearised. It takes the MSOAs as a sample of
  those that there could be; since they stay much the same from year to year, it is wide as the chance of one year.
- Empirical Bayes for single LSOAs: their rates are taken to follow a gamma distribution, whose two parameters are those
  under which the counts are most likely (negative binomial; Clayton and Kaldor 1987, "Empirical Bayes estimates of
  age-standardized relative risks for use in disease mapping", Biometrics 43; Marshall 1991, Applied Statistics 40).
  A small count is pulled towards the mean, a large one hardly. The parameters are taken as known, which with many
  LSOAs they nearly are.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import digamma, gammaincc, gammaincinv, gammaln, stdtrit

from core.crime.area import ALL_CRIME, PER_RESIDENTS, CrimeArea, CrimeError
from core.stats.regression import LEVEL

Floats = NDArray[np.float64]
Codes = NDArray[np.intp]
Base = Literal["residents", "records"]

TAILS = (1 - LEVEL) / 2, (1 + LEVEL) / 2
DRAWS = 500
SEED = 19_870_901
NO_RECORDS = "There are no records to take rates from; choose another type of crime."
SHAPE_BOUNDS = -7.0, 16.0  # logarithm of the gamma's shape: from hardly any likeness to none but chance


@dataclass(frozen=True)
class Shrinkage:
    """The distribution that rates of LSOAs are taken to follow.

    Parameters
    ----------
    shape
        Of the gamma distribution: the larger, the more alike the LSOAs.
    mean
        Records per unit of the base (residents, or records of all types).
    """

    shape: float
    mean: float

    @property
    def spread(self) -> float:
        """Standard deviation of the rates as a share of their mean, chance taken out."""
        return float(self.shape**-0.5)

    def posterior(self, records: Floats, base: Floats) -> tuple[Floats, Floats]:
        """Shape and inverse scale of the gamma distribution of each LSOA's rate, given its records."""
        return self.shape + records, self.shape / self.mean + base


def poisson_interval(records: Floats) -> tuple[Floats, Floats]:
    """Ends of Garwood's exact 95 % interval of Poisson counts; for shares of a record, that of the gamma between."""
    low = np.where(records > 0, gammaincinv(np.maximum(records, 1e-9), TAILS[0]), 0.0)
    return low.astype(np.float64), np.asarray(gammaincinv(records + 1, TAILS[1]), dtype=np.float64)


def clustered_rate(records: Floats, base: Floats, clusters: Codes) -> tuple[float, float, float]:
    """Sum of `records` over sum of `base` with its 95 % interval by the spread between clusters.

    The interval is on the logarithm, with one degree of freedom less than clusters; missing where there is one
    cluster, or no record.
    """
    rate = float(records.sum() / base.sum()) if base.sum() else np.nan
    if not rate > 0:
        return rate, np.nan, np.nan
    factor = _spread_factor(clusters, records / records.sum() - base / base.sum())
    return rate, rate / factor, rate * factor


def district_shares(area: CrimeArea, crime_type: str = ALL_CRIME) -> pd.DataFrame:
    """Each district's share of recorded crime beside its share of residents.

    Made once for each area and type, and shared, so never to be changed in place.

    Returns
    -------
    DataFrame
        One row per district, the highest ratio first. ``district``, ``records``, ``residents``, ``residents_2011``;
        ``share_of_records``, ``share_of_residents``, ``share_of_residents_2011`` (fractions); ``ratio`` of the first
        to the second with ``ratio_low``, ``ratio_high`` (spread between MSOAs), and the same as ``ratio_2011...``;
        ``per_1000`` residents with ``poisson_low``, ``poisson_high`` (Garwood, too narrow) and ``low``, ``high``
        (spread between MSOAs); ``dispersion``, how many times the counts of the district's LSOAs vary more than
        Poisson counts of one rate would. Columns of 2011 are missing where there was no census figure to use, and
        those of spread where a district has no record.

    Raises
    ------
    CrimeError
        If there are no records.
    """
    return area.once(_district_shares, crime_type)


def shrinkage(records: Floats, base: Floats) -> Shrinkage:
    """The gamma distribution of rates under which `records` are most likely, each Poisson given its rate.

    Raises
    ------
    CrimeError
        If there are no records.
    """
    # Costs a tenth of a second to import, which pages without rates need not wait for.
    from scipy.optimize import minimize

    if not records.sum() > 0:
        raise CrimeError(NO_RECORDS)
    average = records.sum() / base.sum()
    found = minimize(
        _unlikeliness,
        np.zeros(2),
        (records, base * average),
        jac=True,
        method="L-BFGS-B",
        bounds=[SHAPE_BOUNDS, (-7, 7)],
        tol=1e-12,
    )
    shape, mean = np.exp(found.x)
    return Shrinkage(float(shape), float(mean * average))


def lsoa_rates(area: CrimeArea, crime_type: str = ALL_CRIME, per: Base = "residents") -> pd.DataFrame:
    """Rates of every LSOA, as they are and shrunk, the highest shrunk rate first.

    Parameters
    ----------
    per
        1,000 residents, or 1,000 records of all types.

    Returns
    -------
    DataFrame
        ``lsoa11_code``, ``LSOA``, ``MSOA``, ``district``, ``records``, ``base``; ``rate`` per 1,000 of the base with
        ``low``, ``high`` (Garwood); ``ratio`` to the rate of the whole area; ``shrunk`` with its 95 % credible
        interval ``shrunk_low``, ``shrunk_high``; ``above``, the probability that the LSOA's rate is above that of the
        whole area; ``rank`` of the shrunk rate (1 the highest) with its 95 % interval ``rank_low``, ``rank_high``.
        LSOAs without base are left out.
    """
    lsoas = _counted(area, crime_type, per)
    records, base = lsoas["records"].to_numpy(dtype=float), lsoas["base"].to_numpy(dtype=float)
    average, (low, high) = records.sum() / base.sum(), poisson_interval(records)
    shape, inverse_scale = shrinkage(records, base).posterior(records, base)
    per_1000 = PER_RESIDENTS / base
    found = lsoas.assign(
        rate=records * per_1000,
        low=low * per_1000,
        high=high * per_1000,
        ratio=records / base / average,
        shrunk=shape / inverse_scale * PER_RESIDENTS,
        shrunk_low=gammaincinv(shape, TAILS[0]) / inverse_scale * PER_RESIDENTS,
        shrunk_high=gammaincinv(shape, TAILS[1]) / inverse_scale * PER_RESIDENTS,
        above=gammaincc(shape, inverse_scale * average),
        **_ranks(shape, inverse_scale),
    )
    return found.sort_values(["shrunk", "base"], ascending=[False, True], ignore_index=True)


def worst(rates: pd.DataFrame, count: int = 10, by: str = "shrunk") -> pd.DataFrame:
    """The LSOAs of :func:`lsoa_rates` that are highest in column `by` (``records``, ``rate``, ``shrunk``...)."""
    return rates.sort_values([by, "base"], ascending=[False, True], ignore_index=True).head(count)


def safest(rates: pd.DataFrame, count: int = 10) -> pd.DataFrame:
    """The LSOAs of :func:`lsoa_rates` with the lowest shrunk rates, lowest first."""
    return rates[::-1].head(count).reset_index(drop=True)


def _district_shares(area: CrimeArea, crime_type: str) -> pd.DataFrame:
    if not area.records(crime_type).sum() > 0:
        raise CrimeError(NO_RECORDS)
    lsoas = area.lsoas.assign(records=area.records(crime_type))
    rows = [_district(lsoas, str(name)) for name in sorted(lsoas["district"].unique())]
    table = pd.DataFrame(rows).merge(area.districts[["district", "residents_2011"]], on="district", validate="1:1")
    shares = {
        f"share_of_{name}": table[name] / table[name].sum(min_count=1)
        for name in ("records", "residents", "residents_2011")
    }
    table = table.assign(**shares)
    against = table["share_of_residents"] / table["share_of_residents_2011"]
    again = {f"ratio_2011{end}": table[f"ratio{end}"] * against for end in ("", "_low", "_high")}
    return table.assign(**again).sort_values("ratio", ascending=False, ignore_index=True)


def _unlikeliness(logs: Floats, records: Floats, expected: Floats) -> tuple[float, Floats]:
    """Negative log likelihood, up to a constant, and its gradient in the logarithms of the shape and the mean."""
    shape, rates = np.exp(logs[0]), np.exp(logs[1]) * expected
    total, excess = np.log(shape + rates), (records + shape) / (shape + rates)
    likelihood = gammaln(records + shape) - gammaln(shape) + shape * logs[0] + records * logs[1]
    by_shape = digamma(records + shape) - digamma(shape) + logs[0] + 1 - total - excess
    gradient = np.array([shape * by_shape.sum(), (records - excess * rates).sum()])
    return float(((records + shape) * total - likelihood).sum()), -gradient


def _counted(area: CrimeArea, crime_type: str, per: Base) -> pd.DataFrame:
    """LSOAs that have a base, with it and their records."""
    base = area.lsoas["residents"] if per == "residents" else area.records()
    lsoas = area.lsoas[["lsoa11_code", "LSOA", "MSOA", "district"]]
    return lsoas.assign(records=area.records(crime_type).astype(float), base=base)[base > 0]


def _spread_factor(clusters: Codes, parts: Floats) -> float:
    """What to divide and multiply by for the 95 % interval, from each row's part in the logarithm."""
    sums = np.bincount(clusters, parts)
    if len(sums) < 2:
        return np.nan
    std_error = np.sqrt(len(sums) / (len(sums) - 1) * (sums @ sums))
    return float(np.exp(stdtrit(len(sums) - 1, TAILS[1]) * std_error))


def _district(lsoas: pd.DataFrame, name: str) -> dict[str, object]:
    own = (lsoas["district"] == name).to_numpy()
    records, base = lsoas["records"].to_numpy(dtype=float), lsoas["residents"].to_numpy(dtype=float)
    clusters = pd.factorize(lsoas["MSOA"])[0]
    rate, low, high = clustered_rate(records[own], base[own], pd.factorize(lsoas["MSOA"][own])[0])
    poisson_low, poisson_high = poisson_interval(records[own].sum(keepdims=True))
    ratio, factor, dispersion = rate / (records.sum() / base.sum()), np.nan, np.nan
    if rate > 0:
        factor = _spread_factor(clusters, _part(records, base, own) - _part(records, base, np.ones_like(own)))
        expected = base[own] * rate
        dispersion = ((records[own] - expected) ** 2 / expected).sum() / max(own.sum() - 1, 1)
    per_1000 = PER_RESIDENTS / base[own].sum()
    return {
        "district": name,
        "records": records[own].sum(),
        "residents": base[own].sum(),
        "ratio": ratio,
        "ratio_low": ratio / factor,
        "ratio_high": ratio * factor,
        "per_1000": rate * PER_RESIDENTS,
        "poisson_low": float(poisson_low[0]) * per_1000,
        "poisson_high": float(poisson_high[0]) * per_1000,
        "low": low * PER_RESIDENTS,
        "high": high * PER_RESIDENTS,
        "dispersion": float(dispersion),
    }


def _part(records: Floats, base: Floats, own: NDArray[np.bool_]) -> Floats:
    """Each LSOA's part in the logarithm of the rate of those in `own`."""
    part: Floats = np.where(own, records / records[own].sum() - base / base[own].sum(), 0.0)
    return part


def _ranks(shape: Floats, inverse_scale: Floats) -> dict[str, Codes]:
    """Rank of each rate, 1 for the highest, with the ends of its interval over draws from what is known of all."""
    drawn = np.random.default_rng(SEED).standard_gamma(shape, (DRAWS, len(shape))) / inverse_scale
    order = np.argsort(-drawn, axis=1)
    places = np.empty(order.shape, dtype=np.int32)
    np.put_along_axis(places, order, np.arange(1, len(shape) + 1, dtype=np.int32)[None, :], axis=1)
    places.sort(axis=0)  # a tenth of the time that np.quantile takes to find the nearest of them
    low, high = (places[round(tail * (DRAWS - 1))] for tail in TAILS)
    rank = pd.Series(shape / inverse_scale).rank(ascending=False, method="min").to_numpy(dtype=int)
    # The rank of the mean may lie outside of a skewed interval where LSOAs are tied.
    return {"rank": rank, "rank_low": np.minimum(low, rank), "rank_high": np.maximum(high, rank)}
