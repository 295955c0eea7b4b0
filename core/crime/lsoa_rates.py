"""Rates of small areas with their uncertainty, as they are and shrunk by empirical Bayes.

A count varies by chance even where nothing changes. The rates of LSOAs are taken to follow a gamma distribution, whose
two parameters are those under which the counts are most likely (negative binomial; Clayton and Kaldor 1987, "Empirical
Bayes estimates of age-standardized relative risks for use in disease mapping", Biometrics 43; Marshall 1991, Applied
Statistics 40). A small count is pulled towards the mean, a large one hardly. The parameters are taken as known, which
with many LSOAs they nearly are.

Where counts by month say that they vary more than Poisson counts do (:func:`core.crime.today.month_dispersion`),
counts and bases are divided by how many times: a count whose variance is phi times its mean says as much as a Poisson
count phi times smaller (quasi-likelihood: McCullagh and Nelder 1989, *Generalized Linear Models*, section 9.2).
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from scipy.special import digamma, gammaincc, gammaincinv, gammaln

from core.crime.area import ALL_RECORDS, PER_RESIDENTS, CrimeArea, CrimeError
from core.crime.intervals import TAILS, Codes, Floats, poisson_interval

Base = Literal["residents", "records"]
DRAWS = 500
SEED = 19_870_901
NO_RECORDS = "There are no records to take rates from; choose another type of crime."
SHAPE_BOUNDS = -7.0, 16.0  # logarithm of the gamma's shape: from hardly alike to no difference but chance


@dataclass(frozen=True)
class Shrinkage:
    """The prior gamma distribution of the rates of LSOAs.

    Parameters
    ----------
    shape
        Of the gamma distribution: the larger, the more alike the LSOAs.
    mean
        Records per unit of the base (residents, or records of all types).
    """

    shape: float
    mean: float

    def posterior(self, records: Floats, base: Floats) -> tuple[Floats, Floats]:
        """Shape and rate (inverse scale) of the posterior gamma distribution of each LSOA, each of shape (n,).

        Parameters
        ----------
        records, base
            Of each LSOA, shape (n,).
        """
        return self.shape + records, self.shape / self.mean + base


def shrinkage(records: Floats, base: Floats) -> Shrinkage:
    """The gamma distribution of rates under which `records` are most likely, each count Poisson given its rate.

    Raises
    ------
    CrimeError
        If there are no records.
    """
    # Imported here because it takes a tenth of a second, which pages without rates do not need.
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


def lsoa_rates(area: CrimeArea, crime_type: str = ALL_RECORDS, per: Base = "residents") -> pd.DataFrame:
    """:func:`shrunk_rates` with ``rank`` of the shrunk rate (1 the highest) and its 95% interval.

    The ends of the interval are ``rank_low`` and ``rank_high``. Drawing ranks takes ten times as long as all else.
    """
    found, shape, inverse_scale = _rates(area, crime_type, per)
    return _highest_first(found.assign(**_ranks(shape, inverse_scale)))


def shrunk_rates(area: CrimeArea, crime_type: str = ALL_RECORDS, per: Base = "residents") -> pd.DataFrame:
    """Rates of every LSOA, as they are and shrunk, the highest shrunk rate first.

    Parameters
    ----------
    per
        1,000 residents, or 1,000 records of all types.

    Returns
    -------
    DataFrame
        ``lsoa11_code``, ``LSOA``, ``MSOA``, ``district``, ``records``, ``base``; ``rate`` per 1,000 of the base with
        ``low``, ``high`` (Garwood; with the dispersion over months, where that is known); ``ratio`` to the rate of the
        whole area; ``shrunk`` with its 95% credible interval ``shrunk_low``, ``shrunk_high``; ``above``, the
        probability that the LSOA's rate is above that of the whole area.
        LSOAs without base are left out.
    """
    return _highest_first(_rates(area, crime_type, per)[0])


def _rates(area: CrimeArea, crime_type: str, per: Base) -> tuple[pd.DataFrame, Floats, Floats]:
    """The rates in the order of the area's LSOAs, and shape and inverse scale of the posterior of each."""
    lsoas = _counted(area, crime_type, per)
    records, base = lsoas["records"].to_numpy(dtype=float), lsoas["base"].to_numpy(dtype=float)
    average, times = records.sum() / base.sum(), area.dispersion_of(crime_type)
    low, high = (times * end for end in poisson_interval(records / times))
    shape, inverse_scale = shrinkage(records / times, base / times).posterior(records / times, base / times)
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
    )
    return found, shape, inverse_scale


def _highest_first(rates: pd.DataFrame) -> pd.DataFrame:
    return rates.sort_values(["shrunk", "base"], ascending=[False, True], ignore_index=True)


def worst(rates: pd.DataFrame, count: int = 10, by: str = "shrunk") -> pd.DataFrame:
    """The LSOAs of :func:`lsoa_rates` that are highest in column `by` (``records``, ``rate``, ``shrunk``...)."""
    return rates.sort_values([by, "base"], ascending=[False, True], ignore_index=True).head(count)


def safest(rates: pd.DataFrame, count: int = 10) -> pd.DataFrame:
    """The LSOAs of :func:`lsoa_rates` with the lowest shrunk rates, lowest first."""
    return rates[::-1].head(count).reset_index(drop=True)


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


def _ranks(shape: Floats, inverse_scale: Floats) -> dict[str, Codes]:
    """Rank of each rate, 1 for the highest, with its interval over draws from the posterior of all rates."""
    drawn = np.random.default_rng(SEED).standard_gamma(shape, (DRAWS, len(shape))) / inverse_scale
    order = np.argsort(-drawn, axis=1)
    ranks = np.empty(order.shape, dtype=np.int32)
    np.put_along_axis(ranks, order, np.arange(1, len(shape) + 1, dtype=np.int32)[None, :], axis=1)
    ranks.sort(axis=0)  # ten times as fast as np.quantile with the nearest rank
    low, high = (ranks[round(tail * (DRAWS - 1))] for tail in TAILS)
    rank = pd.Series(shape / inverse_scale).rank(ascending=False, method="min").to_numpy(dtype=int)
    # The rank of the mean may lie outside of a skewed interval where LSOAs are tied.
    return {"rank": rank, "rank_low": np.minimum(low, rank), "rank_high": np.maximum(high, rank)}
