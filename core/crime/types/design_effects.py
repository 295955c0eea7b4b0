"""Compositions of types with intervals that allow for records coming in groups.

Records of one neighbourhood have much in common: a shopping centre has shoplifting, a station bicycle theft. A share of
many such records is less certain than if they were independent draws (:mod:`core.crime.types.analysis`). By how much is
its *design effect* (Kish 1965, *Survey Sampling*): its variance by the spread between MSOAs, over that of independent
draws. Counts divided by it are effective sample sizes, and go through the same formulas. A type without figures for
each LSOA gets the mean effect of those that have them (Rao and Scott 1981, "The analysis of
categorical data from complex sample surveys", Journal of the American Statistical Association 76).

Where there are counts by month of several districts, the effect is that of how much the counts of types vary from
month to month (:func:`core.stats.dispersion.share_effects`): in whole districts for districts and groups of LSOAs, in
LSOAs for single ones. Without them, MSOAs are treated as a sample from a larger population, as in
:mod:`core.crime.district_rates`: where neighbourhoods stay the same from year to year, the intervals are wider than the
variation of one year by chance.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.crime.area import ALL_RECORDS, EVERYWHERE, LOW, LOW_SCORE, NOT_LOW, CrimeArea, Dispersion, of_total
from core.crime.intervals import Floats, wilson
from core.crime.types.analysis import compare, compositions, location_quotients
from core.stats.dispersion import share_effects
from core.stats.uncertainty import Z_95

MEAN = "mean of the types"
FEWEST_MSOAS = 2


def design_effects(area: CrimeArea) -> pd.DataFrame:
    """Ratio of the variance of each share to that of independent draws; 1 or more.

    Cached for each area and shared: not to be changed in place.

    Returns
    -------
    DataFrame
        One row per group of LSOAs: all, each district, those with an IMD score under 5 and the others. One column per
        type with figures for each LSOA, and ``mean of the types``. All are 1 where the LSOAs are of one MSOA, whose
        spread cannot be estimated.
    """
    return area.once(_design_effects)


def typed_compositions(area: CrimeArea, lsoas: Sequence[str] = (), total: str = ALL_RECORDS) -> pd.DataFrame:
    """Compositions with ``effect``, the design effect, and intervals that allow for it.

    Cached for each area and shared: not to be changed in place.

    Without counts by month the effect of single LSOAs is 1, because it cannot be estimated for them. ``months`` is how
    many months the effects are estimated from, 0 for the spread between MSOAs.

    Parameters
    ----------
    lsoas
        Names of single LSOAs to add.
    total
        What shares are of: one of :data:`core.crime.area.TOTALS`.
    """
    of_types = of_total(area, total)
    return _typed_compositions(of_types, lsoas) if lsoas else of_types.once(_typed_compositions)


def _typed_compositions(area: CrimeArea, lsoas: Sequence[str] = ()) -> pd.DataFrame:
    table = compositions(area, lsoas).rename(columns={"low": "low_single", "high": "high_single"})
    if area.dispersion is None or not area.dispersion.districts:
        table = table.assign(effect=_between_msoas(area, table), months=0)
    else:
        table = table.assign(effect=_over_months(area.dispersion, table), months=area.dispersion.months)
    records, of_all = ((table[name] / table["effect"]).to_numpy(dtype=float) for name in ("records", "total"))
    low, high = wilson(records, of_all)
    single = table["effect"] == 1
    table["low"] = table["low_single"].where(single, low)
    table["high"] = table["high_single"].where(single, high)
    return table


def _between_msoas(area: CrimeArea, table: pd.DataFrame) -> NDArray[np.float64]:
    """The effect of each row of a composition by the spread between MSOAs; 1 for single LSOAs."""
    effects = design_effects(area).reindex(table["area"].unique())
    known = effects.reindex(columns=table["crime_type"].unique()).T.fillna(effects[MEAN]).stack()
    pairs = pd.MultiIndex.from_frame(table[["crime_type", "area"]])
    return np.asarray(known.reindex(pairs).fillna(1.0), dtype=np.float64)


def _over_months(found: Dispersion, table: pd.DataFrame) -> NDArray[np.float64]:
    """The effect of each row of a composition by how much counts vary from month to month."""
    effects = pd.Series(1.0, table.index)
    for (_, kind), rows in table.groupby(["area", "kind"], sort=False):
        times = rows["crime_type"].map(found.lsoas if kind == "LSOA" else found.districts).fillna(1.0)
        effects[rows.index] = share_effects(
            *(np.asarray(column, dtype=np.float64) for column in (rows["share"], times))
        )
    return np.asarray(effects.clip(lower=1), dtype=np.float64)


def differences(table: pd.DataFrame, one: str, other: str) -> pd.DataFrame:
    """Two areas of :func:`typed_compositions` compared, design effects allowed for."""
    return compare(
        table.assign(records=table["records"] / table["effect"], total=table["total"] / table["effect"]), one, other
    )


def area_differences(area: CrimeArea, one: str, other: str, total: str = ALL_RECORDS) -> pd.DataFrame:
    """:func:`differences` of two areas of a place, or of single LSOAs where each has figures for all types."""
    named = set(area.lsoas["LSOA"]) - set(area.compositions["area"])
    single = [name for name in (one, other) if name in named]
    return differences(typed_compositions(area, single, total), one, other)


def quotients(table: pd.DataFrame, kind: str = "district") -> pd.DataFrame:
    """:func:`core.crime.types.analysis.location_quotients` of :func:`typed_compositions`, design effects allowed for.

    The variance on the logarithm is that of the area's share, and of the share of the other areas of its kind.
    """
    found = location_quotients(table, kind)
    of_kind = table[table["kind"] == kind].set_index(["area", "crime_type"])
    of_kind = of_kind.loc[pd.MultiIndex.from_frame(found[["area", "crime_type"]])]
    factor = np.exp(Z_95 * np.sqrt(_log_variance(of_kind))).to_numpy()
    none = found["records"] == 0
    ceiling = of_kind["high"].to_numpy() / found["share_of_all"]
    return found.assign(
        low=(found["quotient"] / factor).mask(none, 0.0), high=(found["quotient"] * factor).mask(none, ceiling)
    )


def district_quotients(area: CrimeArea, total: str = ALL_RECORDS) -> pd.DataFrame:
    """:func:`quotients` of the districts of `area`."""
    return quotients(typed_compositions(area, total=total))


def _design_effects(area: CrimeArea) -> pd.DataFrame:
    of_types = [area.records(name).to_numpy(dtype=float) for name in area.crime_types]
    records = np.array(of_types).reshape(len(of_types), len(area.lsoas)).T
    msoas = pd.factorize(area.lsoas["MSOA"])[0]
    inside = {name: lsoas.to_numpy() for name, lsoas in _groups(area).items()}
    found = {name: _effects(records[lsoas], msoas[lsoas]) for name, lsoas in inside.items() if lsoas.any()}
    return pd.DataFrame.from_dict(found, orient="index", columns=[*area.crime_types, MEAN])


def _log_variance(rows: pd.DataFrame) -> pd.Series:
    """Variance of the logarithm of each area's quotient; the areas in `rows` make up the place."""
    spread = rows["total"] * rows["share"] * (1 - rows["share"]) * rows["effect"]
    by_type = pd.DataFrame({"records": rows["records"], "total": rows["total"], "spread": spread}).groupby("crime_type")
    records, total, together = (by_type[name].transform("sum") for name in ("records", "total", "spread"))
    overall, part, others = records / total, rows["total"] / total, total - rows["total"]
    within = spread / rows["records"].where(rows["records"] > 0) ** 2 * (1 - part * rows["share"] / overall) ** 2
    between = (together - spread) / others.where(others > 0) ** 2 * ((1 - part) / overall) ** 2
    return within + between.fillna(0)


def _groups(area: CrimeArea) -> Mapping[str, pd.Series]:
    """LSOAs of each area that has a composition, true or false."""
    low = area.lsoas["imd_score"] < LOW_SCORE
    districts = {str(name): area.lsoas["district"] == name for name in sorted(area.lsoas["district"].unique())}
    return {EVERYWHERE: low | ~low, LOW: low, NOT_LOW: ~low} | districts


def _effects(records: Floats, msoas: NDArray[np.intp]) -> Floats:
    """Design effects of the shares of the types in `records`, shape (LSOAs, types), and at the end their mean."""
    present, places = np.unique(msoas, return_inverse=True)
    by_type = records.sum(axis=0)
    effects = np.ones(len(by_type))
    with np.errstate(divide="ignore", invalid="ignore"):  # a type without records, or without any other
        share = by_type / by_type.sum()
        if len(present) >= FEWEST_MSOAS and by_type.sum() > 0:
            apart = records - np.outer(records.sum(axis=1), share)
            sums = np.array([np.bincount(places, of_type) for of_type in apart.T])
            spread = len(present) / (len(present) - 1) * (sums**2).sum(axis=1)
            effects = spread / (share * (1 - share) * by_type.sum())
    mean = float(np.nansum(effects * (1 - share)) / max((share > 0).sum() - 1, 1))
    found: Floats = np.maximum(np.append(np.where(np.isnan(effects), mean, effects), mean), 1.0)
    return found
