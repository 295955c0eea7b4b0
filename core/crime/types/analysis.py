"""Which types of crime are recorded where: compositions of types, comparisons of two, and location quotients.

Intervals assume that every record is an independent draw from the composition of its area. Records come in groups, and
those of a year are all that there are: the intervals show the effect of chance alone, and are too narrow as predictions
of another year.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.special import ndtr

from core.crime.area import EVERYWHERE, CrimeArea, CrimeError, composition
from core.crime.intervals import wilson
from core.stats.regression import holm
from core.stats.uncertainty import Z_95

KINDS = ("whole", "district", "deprivation", "LSOA")


def compositions(area: CrimeArea, lsoas: Sequence[str] = ()) -> pd.DataFrame:
    """Shares of the types in each area that has figures for all of them.

    Parameters
    ----------
    lsoas
        Names of single LSOAs to add, where the place has all types for each LSOA.

    Returns
    -------
    DataFrame
        ``area``; ``kind`` (``"whole"`` for all districts together, ``"district"``, ``"deprivation"`` for the LSOAs with
        an IMD score under 5 and the others, ``"LSOA"``); ``crime_type``; ``records``, ``total`` (of the area);
        ``share`` (fraction) with its 95% interval ``low``, ``high`` (Wilson 1927), wider by the rounding where a share
        was published rounded; ``rounding``. Kinds in that order, areas in that of the alphabet, types from the largest
        share to the smallest.

    Raises
    ------
    CrimeError
        If an LSOA is unknown, has no records, or types by LSOA are not there.
    """
    by_type = area.compositions[area.compositions["kind"] == "district"].groupby("crime_type")["records"].sum()
    overall = composition(by_type, EVERYWHERE, "whole")
    table = pd.concat(
        [overall, area.compositions, *(_lsoa_composition(area, name) for name in lsoas)], ignore_index=True
    )
    low, high = wilson(table["records"].to_numpy(dtype=float), table["total"].to_numpy(dtype=float))
    table = table.assign(
        share=table["records"] / table["total"],
        low=np.maximum(low - table["rounding"], 0),
        high=np.minimum(high + table["rounding"], 1),
    )
    kinds = pd.Categorical(table["kind"], KINDS)
    order = table.assign(kind=kinds).sort_values(["kind", "area", "share"], ascending=[True, True, False]).index
    return table.loc[order].reset_index(drop=True)


def areas(table: pd.DataFrame) -> list[str]:
    """Areas of :func:`compositions`, in its order."""
    return list(dict.fromkeys(table["area"]))


def compare(table: pd.DataFrame, one: str, other: str) -> pd.DataFrame:
    """Compare two areas of :func:`compositions`.

    Where the areas overlap, as a district contains some of the LSOAs with a low score, the difference is smaller than
    between separate areas, and its interval too wide.

    Returns
    -------
    DataFrame
        One row per type, the largest difference first, either way. ``crime_type``; ``share_one``, ``share_other``;
        ``difference`` (one less other, as a fraction) with its 95% interval ``low``, ``high`` (Newcombe 1998, method
        10, from the two Wilson intervals); ``p`` (the two shares are the same, pooled; missing where a share was
        published rounded) and ``p_holm``, the same adjusted for reading all types at once.

    Raises
    ------
    CrimeError
        If an area is not in the table.
    """
    first, second = (_composition(table, name) for name in (one, other))
    second = second.reindex(first.index)
    gap = first["share"] - second["share"]
    below = np.hypot(first["share"] - first["low"], second["high"] - second["share"])
    above = np.hypot(first["high"] - first["share"], second["share"] - second["low"])
    p = _same(first, second)
    found = pd.DataFrame(
        {
            "share_one": first["share"],
            "share_other": second["share"],
            "difference": gap,
            "low": gap - below,
            "high": gap + above,
            "p": p,
            "p_holm": holm(p.tolist()) if p.notna().all() else np.nan,
        }
    )
    return found.sort_values("difference", key=np.abs, ascending=False).reset_index()


def location_quotients(table: pd.DataFrame, kind: str = "district") -> pd.DataFrame:
    """How many times more common each type is in each area than in all areas of its kind together.

    The interval is on the logarithm (delta method), and allows for the area being part of the whole.

    Parameters
    ----------
    table
        From :func:`compositions`.
    kind
        ``"district"`` or ``"deprivation"``: kinds whose areas make up the whole place.

    Returns
    -------
    DataFrame
        ``area``, ``crime_type``, ``records``, ``share``, ``share_of_all``, ``quotient`` (1 is as common as everywhere)
        with its 95% interval ``low``, ``high``; missing where the type is recorded nowhere, and from 0 where it is
        not recorded in the area.

    Raises
    ------
    CrimeError
        If areas of that kind do not make up the whole.
    """
    if kind not in ("district", "deprivation"):
        raise CrimeError(f"Areas of the kind {kind} do not make up the whole; choose district or deprivation.")
    of_kind = table.loc[table["kind"] == kind, ["area", "crime_type", "records", "total", "share", "high"]]
    by_type = of_kind.groupby("crime_type")
    of_type, everything = by_type["records"].transform("sum"), by_type["total"].transform("sum")
    overall = of_type / everything
    std_error = np.sqrt(_variance(of_kind, of_type, everything))
    quotient, factor, none = of_kind["share"] / overall, np.exp(Z_95 * std_error), of_kind["records"] == 0
    found = of_kind.assign(
        share_of_all=overall,
        quotient=quotient,
        low=(quotient / factor).mask(none, 0.0),
        high=(quotient * factor).mask(none, of_kind["high"] / overall),
    )
    columns = ["area", "crime_type", "records", "share", "share_of_all", "quotient", "low", "high"]
    return found.loc[of_type > 0, columns].reset_index(drop=True)


def _lsoa_composition(area: CrimeArea, name: str) -> pd.DataFrame:
    area.require("types_by_lsoa")
    code = area.lsoas.loc[area.lsoas["LSOA"] == name, "lsoa11_code"]
    counts = area.counts[area.counts["lsoa11_code"].isin(code)]
    if counts["records"].sum() == 0:
        raise CrimeError(f"{area.name} has no records in an LSOA called {name}; choose another.")
    records = counts.set_index("crime_type")["records"].reindex(area.crime_types, fill_value=0)
    return composition(records, name, "LSOA")


def _composition(table: pd.DataFrame, name: str) -> pd.DataFrame:
    rows = table[table["area"] == name]
    if rows.empty:
        raise CrimeError(f"There is no composition of types for {name}; choose {', '.join(areas(table))}.")
    return rows.set_index("crime_type")


def _same(first: pd.DataFrame, second: pd.DataFrame) -> pd.Series:
    """P-value that two shares are the same: the test of two proportions, pooled."""
    pooled = (first["records"] + second["records"]) / (first["total"] + second["total"])
    std_error = np.sqrt(pooled * (1 - pooled) * (1 / first["total"] + 1 / second["total"]))
    z = ((first["share"] - second["share"]) / std_error.where(std_error > 0)).fillna(0)
    exact = (first["rounding"] == 0) & (second["rounding"] == 0)
    return pd.Series(2 * ndtr(-z.abs()), z.index).where(exact)


def _variance(rows: pd.DataFrame, of_type: pd.Series, everything: pd.Series) -> pd.Series:
    """Variance of the logarithm of each quotient, whose area (`rows`) is part of the whole."""
    overall, part = of_type / everything, rows["total"] / everything
    others = everything - rows["total"]
    rest = (of_type - rows["records"]) / others.where(others > 0)
    within = (1 - rows["share"]) / rows["records"] * (1 - part * rows["share"] / overall) ** 2
    between = rest * (1 - rest) / others * ((1 - part) / overall) ** 2
    return within + between.fillna(0)
