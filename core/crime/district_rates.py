"""Recorded crime of districts: their shares of it, and their rates per resident, with intervals.

Rates have two intervals: the exact one of a Poisson count, which is too narrow, and one by the spread between MSOAs
(:mod:`core.crime.intervals`). The latter treats the MSOAs as a sample from a larger population; since they stay
much the same from year to year, it is wider than the variation of one year by chance.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.crime.area import ALL_RECORDS, PER_RESIDENTS, CrimeArea, CrimeError
from core.crime.intervals import Codes, Floats, clustered_rate, poisson_interval, spread_factor
from core.crime.lsoa_rates import NO_RECORDS


def district_shares(area: CrimeArea, crime_type: str = ALL_RECORDS) -> pd.DataFrame:
    """Each district's share of recorded crime compared with its share of residents.

    Cached for each area and type and shared: not to be changed in place.

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


def _district_shares(area: CrimeArea, crime_type: str) -> pd.DataFrame:
    if not area.records(crime_type).sum() > 0:
        raise CrimeError(NO_RECORDS)
    records, base = (each.to_numpy(dtype=float) for each in (area.records(crime_type), area.lsoas["residents"]))
    clusters, (districts, names) = pd.factorize(area.lsoas["MSOA"])[0], pd.factorize(area.lsoas["district"], sort=True)
    rows = [
        {"district": str(name), **_district(records, base, clusters, districts == at)} for at, name in enumerate(names)
    ]
    table = pd.DataFrame(rows).merge(area.districts[["district", "residents_2011"]], on="district", validate="1:1")
    shares = {
        f"share_of_{name}": table[name] / table[name].sum(min_count=1)
        for name in ("records", "residents", "residents_2011")
    }
    table = table.assign(**shares)
    population_ratio = table["share_of_residents"] / table["share_of_residents_2011"]
    ratios_2011 = {f"ratio_2011{end}": table[f"ratio{end}"] * population_ratio for end in ("", "_low", "_high")}
    return table.assign(**ratios_2011).sort_values("ratio", ascending=False, ignore_index=True)


def _district(records: Floats, base: Floats, clusters: Codes, inside: NDArray[np.bool_]) -> dict[str, float]:
    """The row of the district whose LSOAs are `inside`, but for its name; `clusters` are numbers of MSOAs."""
    rate, low, high = clustered_rate(records[inside], base[inside], pd.factorize(clusters[inside])[0])
    poisson_low, poisson_high = poisson_interval(records[inside].sum(keepdims=True))
    ratio, factor, dispersion = rate / (records.sum() / base.sum()), np.nan, np.nan
    if rate > 0:
        factor = spread_factor(
            clusters, _influence(records, base, inside) - _influence(records, base, np.ones_like(inside))
        )
        expected = base[inside] * rate
        dispersion = ((records[inside] - expected) ** 2 / expected).sum() / max(inside.sum() - 1, 1)
    per_1000 = PER_RESIDENTS / base[inside].sum()
    return {
        "records": records[inside].sum(),
        "residents": base[inside].sum(),
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


def _influence(records: Floats, base: Floats, inside: NDArray[np.bool_]) -> Floats:
    """Each LSOA's influence on the logarithm of the rate of those in `inside`."""
    influence: Floats = np.where(inside, records / records[inside].sum() - base / base[inside].sum(), 0.0)
    return influence
