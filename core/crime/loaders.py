"""Areas of recorded crime from the data package: the West Midlands of the study, and any English force."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd

from core.crime.area import LOW, LOW_SCORE, NOT_LOW, CrimeArea, CrimeError, composition
from core.sources.police.coverage import Coverage
from core.sources.small_areas.street_crime_2019 import ROUNDING
from core.tables.catalogue import DATA_DIR, load_catalogue

LOW_IN_TABLE = f"IMD under {LOW_SCORE}"
KEYS = {"lsoa11_name": "LSOA", "msoa11_name": "MSOA"}
LSOA_COLUMNS = (
    "lsoa11_code",
    "LSOA",
    "MSOA",
    "district",
    "longitude",
    "latitude",
    "imd_score",
    "imd_score_without_crime",
    "residents",
    "residents_16_24",
)
PLACE_COLUMNS = ("place", "kind", "district", "longitude", "latitude", "note")
UNAVAILABLE = {
    "imd_score_without_crime": (
        "The IMD score without its crime domain is there for the West Midlands and for places of 2025 only."
    ),
    "residents_16_24": "Residents aged 16 to 24 are there for the West Midlands and for places of 2025 only.",
    "residents_2011": "Residents of the 2011 census are there for the West Midlands only.",
    "places": "Places (campuses, hospitals, centres) are there for the West Midlands only.",
    "published_mixes": "Published compositions of single LSOAs are there for the West Midlands only.",
    "points": "There are no points for the LSOAs, and so no distances.",
    "types_by_lsoa": (
        "The West Midlands figures have three types of crime for each LSOA and the other eleven together; "
        "all fourteen are there for districts."
    ),
}


def west_midlands(data_dir: Path = DATA_DIR) -> CrimeArea:
    """Recorded crime of 2019 in the seven districts of the West Midlands.

    Raises
    ------
    core.tables.catalogue.CatalogueError
        If the package or a table is missing or damaged.
    """
    tables = load_catalogue(data_dir)
    lsoas = tables.read_table("lsoas").rename(columns=KEYS)
    compositions = _published_compositions(tables.read_table("district_crime"), tables.read_table("two_lsoas_crime"))
    return CrimeArea(
        name="West Midlands",
        period="2019",
        lsoas=lsoas.sort_values("lsoa11_code", ignore_index=True)[list(LSOA_COLUMNS)],
        counts=tables.read_table("lsoa_crime"),
        compositions=compositions,
        districts=tables.read_table("districts")[["district", "residents", "residents_2011"]],
        places=tables.read_table("places")[list(PLACE_COLUMNS)],
        outlines="lsoa_shapes",
        missing={"types_by_lsoa": UNAVAILABLE["types_by_lsoa"]},
    )


def from_street_crime(
    counts: pd.DataFrame,
    england_lsoas: pd.DataFrame,
    districts: Iterable[str],
    *,
    name: str,
    period: str,
    points: pd.DataFrame | None = None,
    coverage: Coverage | None = None,
) -> CrimeArea:
    """Recorded crime of any English force, from the street-level files of its months.

    Parameters
    ----------
    counts
        ``lsoa11_code``, ``crime_type``, ``records``; months are summed, LSOAs of other districts left out.
    england_lsoas
        ``lsoa11_code``, ``lsoa11_name``, ``district``, ``imd_score``, ``residents``.
    districts
        Names of the districts of the force.
    name, period
        Labels of the force and of its months.
    points
        ``lsoa11_code``, ``longitude``, ``latitude``; for maps and distances.
    coverage
        Which months were counted and what they lack, where that is known.

    Raises
    ------
    CrimeError
        If a column, a district or all records are missing.
    """
    _check_columns(counts, ("lsoa11_code", "crime_type", "records"), "the counts")
    _check_columns(england_lsoas, ("lsoa11_code", "lsoa11_name", "district", "imd_score", "residents"), "the LSOAs")
    lsoas = _force_lsoas(england_lsoas, tuple(districts), points)
    inside = counts["lsoa11_code"].isin(lsoas["lsoa11_code"])
    if not counts.loc[inside, "records"].sum() > 0:
        raise CrimeError(f"{name} has no records in {', '.join(districts)}; choose the districts of this force.")
    totals = counts[inside].groupby(["lsoa11_code", "crime_type"])["records"].sum().reset_index()
    residents = lsoas.groupby("district")["residents"].sum().reset_index()
    unavailable = set(UNAVAILABLE) - {"types_by_lsoa"} - ({"points"} if points is not None else set())
    return CrimeArea(
        name=name,
        period=period,
        lsoas=lsoas,
        counts=totals,
        compositions=counted_compositions(totals, lsoas),
        districts=residents.assign(residents_2011=np.nan),
        places=pd.DataFrame(columns=list(PLACE_COLUMNS)),
        outlines="england_shapes",
        missing={part: sentence for part, sentence in UNAVAILABLE.items() if part in unavailable},
        coverage=coverage,
    )


def _check_columns(frame: pd.DataFrame, needed: tuple[str, ...], what: str) -> None:
    absent = [column for column in needed if column not in frame]
    if absent:
        raise CrimeError(f"There is no column {', '.join(absent)} in {what}; give the built table.")


def _force_lsoas(england: pd.DataFrame, districts: tuple[str, ...], points: pd.DataFrame | None) -> pd.DataFrame:
    unknown = [district for district in districts if district not in set(england["district"])]
    if unknown or not districts:
        named = ", ".join(unknown) or "no district"
        raise CrimeError(f"England has no district for {named}; choose districts by their official names.")
    lsoas = england[england["district"].isin(districts)].rename(columns=KEYS)
    lsoas = lsoas.assign(MSOA=lsoas["LSOA"].str[:-1]).sort_values("lsoa11_code", ignore_index=True)
    if points is not None:
        lsoas = lsoas.drop(columns=["longitude", "latitude"], errors="ignore")
        lsoas = lsoas.merge(points[["lsoa11_code", "longitude", "latitude"]], on="lsoa11_code", how="left")
    return lsoas.reindex(columns=list(LSOA_COLUMNS))


def _published_compositions(by_district: pd.DataFrame, two_lsoas: pd.DataFrame) -> pd.DataFrame:
    low = by_district["area"] == LOW_IN_TABLE
    records = by_district.set_index("crime_type")["records"]
    under = records[low.to_numpy()]
    rest = records[~low.to_numpy()].groupby(level="crime_type").sum() - under
    deprivation = pd.concat([composition(under, LOW, "deprivation"), composition(rest, NOT_LOW, "deprivation")])
    totals = by_district.groupby("area")["records"].transform("sum")
    districts = by_district.assign(kind="district", total=totals, rounding=0.0)[~low]
    lsoas = two_lsoas.rename(columns={"lsoa11_name": "area", "records_total": "total"}).assign(
        kind="LSOA",
        records=two_lsoas["share"] * two_lsoas["records_total"],
        rounding=ROUNDING,
    )
    columns = list(deprivation.columns)
    return pd.concat([districts[columns], deprivation, lsoas[columns]], ignore_index=True)


def counted_compositions(counts: pd.DataFrame, lsoas: pd.DataFrame) -> pd.DataFrame:
    """Compositions of the districts and of LSOAs by deprivation; every area has a row for every type."""
    of_type, types = pd.factorize(counts["crime_type"], sort=True)
    numbers, codes = pd.factorize(counts["lsoa11_code"])  # so that each is looked up once, not in each of its rows
    places = pd.Index(lsoas["lsoa11_code"]).get_indexer(pd.Index(codes))[numbers]
    located, records = places >= 0, counts["records"].to_numpy(dtype=float)
    deprivation = pd.Series(np.where(lsoas["imd_score"] < LOW_SCORE, LOW, NOT_LOW))
    compositions = []
    for kind, names in (("district", lsoas["district"]), ("deprivation", deprivation)):
        of_area, areas = pd.factorize(names, sort=True)
        cells = of_area[places[located]] * len(types) + of_type[located]
        sums = np.bincount(cells, records[located], len(areas) * len(types)).reshape(-1, len(types))
        with_rows = np.unique(of_area[places[located]])
        compositions.append(
            pd.DataFrame(
                {
                    "area": np.repeat(np.asarray(areas[with_rows], dtype=str), len(types)),
                    "kind": kind,
                    "crime_type": np.tile(np.asarray(types, dtype=str), len(with_rows)),
                    "records": sums[with_rows].ravel(),
                    "total": np.repeat(sums[with_rows].sum(axis=1), len(types)),
                    "rounding": 0.0,
                }
            )
        )
    return pd.concat(compositions, ignore_index=True)
