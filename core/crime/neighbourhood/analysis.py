"""What is recorded in one neighbourhood against what is usual where deprivation is the same, and where it stands.

What is usual comes from the neighbourhoods of the same force that are nearest in deprivation. Their rates, times the
residents of the one asked about, are ordered: another neighbourhood of their kind lies between the 2.5th and the 97.5th
percentile 95 times in 100, whatever the shape of their distribution (plotting positions of Weibull; Hyndman and Fan
1996, "Sample quantiles in statistical packages", The American Statistician 50, type 6). The range so holds how much
neighbourhoods differ and the chance in a single year's count, where bare Poisson intervals would hold the chance alone.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.crime.area import PER_RESIDENTS
from core.crime.intervals import TAILS
from core.crime.neighbourhood.question import FEWEST, VISITORS, Comparison, comparisons
from core.crime.neighbourhood.tables import ForceNeighbourhoods
from core.sources.small_areas.areas import CODE, DISTRICT
from core.stats.ranks import place_range
from core.stats.regression import LEVEL

Floats = NDArray[np.float64]
Side = Literal["more", "less", "usual", "unknown"]
HALF = 0.5  # of a record, so that the logarithm of none can be taken
ENOUGH = 30  # records a year from which the logarithm of a count is close to normal
QUARTILES_APART = 1.3489795003921634  # of a standard normal distribution


@dataclass(frozen=True)
class Usual:
    """What is recorded in a neighbourhood and what is usual.

    Parameters
    ----------
    recorded
        Records of 12 months.
    usual
        The middle of what neighbourhoods as deprived record, for as many residents.
    low, high
        Whole numbers between which 95 in 100 of them lie; missing where there are too few of them.
    expected
        Records at the rate of all of them together.
    fewer
        How many of them have a lower rate.
    peers
        How many there are.
    """

    recorded: int
    usual: float
    low: float
    high: float
    expected: float
    fewer: int
    peers: int

    @property
    def side(self) -> Side:
        """On which side of the range the record lies; ``"unknown"`` where there is no range."""
        if np.isnan(self.low):
            return "unknown"
        return "more" if self.recorded > self.high else "less" if self.recorded < self.low else "usual"


def usual(force: ForceNeighbourhoods, code: str, records: pd.DataFrame, chosen: Comparison) -> list[Usual]:
    """What is usual for the neighbourhood `code`, for each column of `records` of all neighbourhoods of its force."""
    peers = alike(force, code, chosen)
    counts, base = records.to_numpy(float), force.rows[chosen.residents].to_numpy(float)
    own = force.position(code)
    rates = counts[peers] / base[peers, None]
    low, middle, high = _range(rates) * base[own]
    expected = counts[peers].sum(axis=0) / base[peers].sum() * base[own]
    fewer = (rates < counts[own] / base[own]).sum(axis=0)
    return [
        Usual(int(count), float(each[0]), float(each[1]), float(each[2]), float(each[3]), int(each[4]), len(peers))
        for count, *each in zip(counts[own], middle, np.floor(low), np.ceil(high), expected, fewer, strict=True)
    ]


def alike(force: ForceNeighbourhoods, code: str, comparison: Comparison) -> NDArray[np.intp]:
    """Positions of the neighbourhoods with residents that are nearest in deprivation, without `code` itself."""
    scores = force.rows[comparison.score].to_numpy(float)
    own = force.position(code)
    inhabited = force.rows[comparison.residents].to_numpy() > 0
    inhabited[own] = False
    others = np.flatnonzero(inhabited)
    return others[np.argsort(np.abs(scores[others] - scores[own]), kind="stable")[: comparison.nearest]]


def _range(rates: Floats) -> Floats:
    """Lower ends, middles and upper ends of where another rate of each column lies; ends are missing for few rates."""
    ends = np.quantile(rates, [TAILS[0], 0.5, TAILS[1]], axis=0, method="weibull")
    if len(rates) < FEWEST:
        ends[[0, 2]] = np.nan
    return np.asarray(ends, dtype=np.float64)


def all_crime(force: ForceNeighbourhoods, code: str, chosen: Comparison) -> Usual:
    """All recorded crime of the neighbourhood against what is usual; anti-social behaviour is no crime."""
    return usual(force, code, force.crimes.to_frame(), chosen)[0]


def by_type(force: ForceNeighbourhoods, code: str, chosen: Comparison) -> pd.DataFrame:
    """Each type of crime, most records first: ``crime_type``, the fields of :class:`Usual`, and ``side``."""
    found = usual(force, code, force.records, chosen)
    rows = _table("crime_type", dict(zip(map(str, force.records), found, strict=True)))
    return rows.sort_values(["recorded", "usual"], ascending=False, ignore_index=True, kind="stable")


def by_comparison(force: ForceNeighbourhoods, code: str, chosen: Comparison) -> pd.DataFrame:
    """All crime for `chosen` and each way to compare that differs from it in one choice.

    Returns
    -------
    DataFrame
        ``choice``, the fields of :class:`Usual`, and ``side``; that of `chosen` first.
    """
    return _table("choice", {label: all_crime(force, code, each) for label, each in comparisons(chosen).items()})


def _table(name: str, found: dict[str, Usual]) -> pd.DataFrame:
    return pd.DataFrame([{name: label, **vars(each), "side": each.side} for label, each in found.items()])


def draws_visitors(force: ForceNeighbourhoods, code: str) -> bool:
    """Whether crimes that follow visitors, such as shoplifting, are above the usual range, as in town centres."""
    kinds = [kind for kind in VISITORS if kind in force.records]
    return usual(force, code, force.records[kinds].sum(axis=1).to_frame(), Comparison())[0].side == "more"


@dataclass(frozen=True)
class PlaceRange:
    """Where a neighbourhood stands by recorded crime per resident.

    Parameters
    ----------
    where
        Among which neighbourhoods.
    low, high
        Range of its rank, 1 for the most crime: it holds the rank 95 times in 100.
    count
        How many neighbourhoods there are.
    """

    where: str
    low: int
    high: int
    count: int


def place(where: str, records: pd.Series, residents: pd.Series, code: str, yearly: float) -> PlaceRange:
    """The place of `code` among neighbourhoods with residents.

    A year's count varies by chance, as a Poisson count does, and by what differs from year to year; both enter as
    independent normal errors of the logarithm of the rate.

    Parameters
    ----------
    records, residents
        Of each neighbourhood, by code.
    yearly
        Standard deviation of the logarithm of a rate from year to year beyond that; see :func:`year_to_year`.
    """
    there = residents > 0
    counts, base = records[there].to_numpy(float) + HALF, residents[there].to_numpy(float)
    own = int(residents.index[there].get_indexer(pd.Index([code]))[0])
    low, high = place_range(np.log(counts / base), np.sqrt(1 / counts + yearly**2), own, LEVEL)
    return PlaceRange(where, low, high, len(counts))


def places(force: ForceNeighbourhoods, code: str, yearly: float) -> list[PlaceRange]:
    """The place of `code` within its district and its force, by crime per resident in mid-2022."""
    residents, district = force.rows["residents_2022"], force.rows.at[code, DISTRICT]
    inside = force.rows[DISTRICT] == district
    within = place(str(district), force.crimes[inside], residents[inside], code, yearly)
    overall = place(force.name, force.crimes, residents, code, yearly)
    return [within] if within.count == overall.count else [within, overall]


def year_to_year(months: pd.DataFrame) -> float:
    """How much the rate of a neighbourhood varies from one year to the next, beyond a Poisson count.

    From two years of the same neighbourhoods. The variance of the difference of the logarithms of two counts is that
    of two Poisson counts and twice that of the rate; it is taken from the quartiles, which a few neighbourhoods with
    great changes do not move.

    Parameters
    ----------
    months
        ``lsoa21_code``, ``month``, ``offences``; the last 24 months are used.

    Returns
    -------
    float
        Standard deviation of the logarithm of the rate; 0 where there is no more than Poisson's variation.
    """
    last = sorted(months["month"].unique())[-24:]
    late = months["month"].isin(last[12:])
    before, after = (
        months[rows & months["month"].isin(last)].groupby(CODE)["offences"].sum() for rows in (~late, late)
    )
    pairs = pd.DataFrame({"before": before, "after": after}).dropna().astype(float)
    pairs = pairs[(pairs >= ENOUGH).all(axis=1)]
    changes = pairs["after"].map(np.log) - pairs["before"].map(np.log)
    lower, upper = np.percentile(changes, [25, 75])
    spread = float(upper - lower) / QUARTILES_APART
    return float(np.sqrt(max(0.0, spread**2 - (1 / pairs).sum(axis=1).mean()) / 2))


def rates(force: ForceNeighbourhoods) -> pd.Series:
    """Recorded crimes per 1,000 residents of each neighbourhood, by code; missing where nobody lives."""
    residents = force.rows["residents_2022"]
    return force.crimes / residents.where(residents > 0) * PER_RESIDENTS
