"""The small areas (LSOAs) of the censuses of 2011 and 2021, and which of them a code of either year belongs to.

Neighbourhoods that did not change kept their code, so a code that both censuses have is the same area in both. Records
with a code that only the other census has go to the LSOAs on its ground: all to one where there is one, in proportion
to residents where there are several. Nothing is rounded, so totals are preserved.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from core.tables.catalogue import Catalogue

OLD, NEW = "2011", "2021"
# What became of a code: it is of the census itself, or of the other one with one LSOA or several on its ground.
OWN, MOVED, SHARED = COUNTED = ("own_code", "moved", "shared_out")
INDEX: Mapping[str, str] = {OLD: "2019", NEW: "2025"}  # of the index of deprivation, by census
_AREAS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    OLD: (
        "england_lsoas",
        {"lsoa11_code": "lsoa_code", "lad19_code": "district_code", "district": "district", "residents": "residents"},
    ),
    NEW: (
        "areas",
        {
            "lsoa21_code": "lsoa_code",
            "ltla24_code": "district_code",
            "ltla24_name": "district",
            "residents_2022": "residents",
        },
    ),
}
_LOOKUP = {
    OLD: {"lsoa11_code": "lsoa_code", "lsoa21_code": "code"},
    NEW: {"lsoa21_code": "lsoa_code", "lsoa11_code": "code"},
}


@dataclass(frozen=True, eq=False)
class Census:
    """England's LSOAs of one census.

    Parameters
    ----------
    year
        :data:`OLD` or :data:`NEW`.
    areas
        ``lsoa_code``, ``district_code``, ``district`` and ``residents``, one row per LSOA.
    homes
        From :func:`homes`.
    """

    year: str
    areas: pd.DataFrame
    homes: pd.DataFrame

    @property
    def districts(self) -> dict[str, str]:
        """Name of each district, by code."""
        return dict(zip(self.areas["district_code"], self.areas["district"], strict=True))


def read_census(year: str, tables: Catalogue) -> Census:
    """The LSOAs of the census of `year`, :data:`OLD` or :data:`NEW`.

    Raises
    ------
    core.tables.catalogue.CatalogueError
        If a table is missing or damaged.
    """
    table, names = _AREAS[year]
    areas = tables.read_table(table, list(names)).rename(columns=dict(names))
    pairs = tables.read_table("lsoa_lookup", ["lsoa11_code", "lsoa21_code"]).rename(columns=_LOOKUP[year])
    return Census(year, areas, homes(areas, pairs))


def homes(areas: pd.DataFrame, pairs: pd.DataFrame) -> pd.DataFrame:
    """The LSOAs of a census to which records of a code are assigned.

    Parameters
    ----------
    areas
        ``lsoa_code`` and ``residents`` of the LSOAs of the census.
    pairs
        ``lsoa_code`` of the census, or of Wales, and ``code`` of the other census that share ground.

    Returns
    -------
    DataFrame
        ``code`` (of either census), ``lsoa_code``, ``share`` of its records assigned to it (shares add up to 1 for a
        code) and ``fate`` (one of :data:`COUNTED`).
    """
    known = areas[["lsoa_code", "residents"]]
    stays = known.assign(code=known["lsoa_code"], share=1.0, fate=OWN)
    moves = pairs[~pairs["code"].isin(known["lsoa_code"])].merge(known, on="lsoa_code")
    by_code = moves.groupby("code")
    several = by_code["lsoa_code"].transform("size") > 1
    moves = moves.assign(
        share=moves["residents"] / by_code["residents"].transform("sum"), fate=np.where(several, SHARED, MOVED)
    )
    return pd.concat([stays, moves], ignore_index=True)[["code", "lsoa_code", "share", "fate"]]
