"""Places of today: every force of England with street-level figures of 2025, and London by its own figures.

Neighbourhoods are those of the 2021 census, deprivation is that of 2025, residents are those of mid-2022.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

import numpy as np
import pandas as pd

from core.crime.area import ALL_RECORDS, ASB, TODAY, WITHOUT_ASB, CrimeArea, CrimeError, Dispersion
from core.crime.loaders import LSOA_COLUMNS, PLACE_COLUMNS, UNAVAILABLE, counted_compositions
from core.crime.months import months_text
from core.sources.police.coverage import Coverage
from core.sources.police.street_crime_2025 import ENGLISH_FORCES, YEAR
from core.sources.police.territories import force_name, slug_of
from core.sources.small_areas.small_areas import larger_neighbourhoods
from core.stats.dispersion import Floats, dispersion
from core.tables.catalogue import Catalogue
from core.tables.schema import Field

PREFIX = "2025-"  # of the name of a place, before the publisher's name of the force
LONDON = f"{PREFIX}london"
AREA, METROPOLITAN_AREA = "pfa24_name", "Metropolitan Police"
OUTLINES = "area_shapes"
FORCE_TABLES = ("areas", "deprivation_2025", OUTLINES, "street_crime_2025")
LONDON_TABLES = ("areas", "deprivation_2025", OUTLINES, "london_area_crime")
MONTHS_SHOWN = 12
FEWEST_DISTRICTS = 4  # from which what all share in a month can be told from what one has
LONDON_COLUMNS = {"lsoa21_code": "lsoa_code", "category": "crime_type", "offences": "records"}
COLUMNS: Mapping[str, str] = {
    "lsoa21_code": "lsoa11_code",
    "lsoa21_name": "LSOA",
    "ltla24_name": "district",
    "imd25_score": "imd_score",
    "imd25_score_without_crime": "imd_score_without_crime",
    "residents_2022": "residents",
    "census_16_24": "residents_16_24",
}


def names() -> dict[str, str]:
    """Label of each place of today by its name; no file is read."""
    forces = {f"{PREFIX}{slug}": f"{force_name(slug)}, {YEAR}" for slug in ENGLISH_FORCES}
    return {LONDON: "London, latest 12 months"} | forces


def is_today(name: str) -> bool:
    """Whether `name` is that of a place of today."""
    return name in names()


def tables_of(name: str) -> tuple[str, ...]:
    """Tables behind the place `name`."""
    return LONDON_TABLES if name == LONDON else FORCE_TABLES


def catalogue_of_today(tables: Catalogue) -> Catalogue:
    """`tables` with the variables of today under the names that the columns of a :class:`CrimeArea` have."""

    def renamed_fields(fields: tuple[Field, ...]) -> tuple[Field, ...]:
        return tuple(replace(field, name=COLUMNS.get(field.name, field.name)) for field in fields)

    today = {name: table for name, table in tables.tables.items() if name in FORCE_TABLES}
    renamed = {name: replace(table, fields=renamed_fields(table.fields)) for name, table in today.items()}
    others = {name: table for name, table in tables.tables.items() if name not in FORCE_TABLES}
    return replace(tables, version=f"{tables.version}-today", tables={**renamed, **others})


def place_of_today(name: str, tables: Catalogue) -> CrimeArea:
    """The figures of one of :func:`names`; of its force alone, where the files can be read in part.

    Raises
    ------
    CrimeError
        If there is no such place.
    core.tables.catalogue.CatalogueError
        If a table is missing or damaged; the message names its file.
    """
    if name != LONDON:
        return _served(name, *counts_of_today(name, tables), tables)
    rows = tables.read_table("london_area_crime")
    area = _served(name, *_latest_year(rows), tables)
    districts = area.lsoas.set_index("lsoa11_code")["district"].astype(str)
    return replace(area, dispersion=month_dispersion(rows.rename(columns=LONDON_COLUMNS), districts))


def _served(name: str, counts: pd.DataFrame, period: str, tables: Catalogue) -> CrimeArea:
    """The area that the force of a place serves, with its `counts`."""
    label = "London" if name == LONDON else force_name(name.removeprefix(PREFIX))
    return area_of_2021(label, counts, period, lsoas_of_2021(tables, {AREA: [served_area(name, tables)]}))


def counts_of_today(name: str, tables: Catalogue) -> tuple[pd.DataFrame, str]:
    """What the force of a place of today recorded in 12 months, and the span of the months.

    Returns
    -------
    DataFrame
        ``lsoa11_code`` (holding codes of 2021, as in a :class:`CrimeArea`), ``crime_type``, ``records``; some lie
        outside of the area that the force serves.

    Raises
    ------
    CrimeError
        If there is no such place.
    """
    if not is_today(name):
        raise CrimeError(f"{name!r} is not a place with figures of {YEAR}; choose one that is offered.")
    if name == LONDON:
        return _latest_year(tables.read_table("london_area_crime"))
    columns, slug = ["lsoa21_code", "crime_type", "records_2025"], name.removeprefix(PREFIX)
    counts = tables.read_table("street_crime_2025", columns, where={"force": [slug]})
    return counts.set_axis(["lsoa11_code", "crime_type", "records"], axis="columns"), YEAR


def served_area(name: str, tables: Catalogue) -> str:
    """Name of the police force area that the force of a place of today serves."""
    if name == LONDON:
        return METROPOLITAN_AREA
    return _areas_by_slug(tables)[name.removeprefix(PREFIX)]


@lru_cache(maxsize=2)
def _areas_by_slug(tables: Catalogue) -> Mapping[str, str]:
    """Police force areas by the publisher's names of their forces; read once for all places."""
    areas = tables.read_table("areas", [AREA])[AREA].unique()
    return {slug_of(str(area)): str(area) for area in areas}


def lsoas_of_2021(tables: Catalogue, where: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    """Neighbourhoods whose columns of ``areas`` are as `where` says, with the columns of a :class:`CrimeArea`."""
    own = ["lsoa21_code", "lsoa21_name", "ward24_name", "ltla24_name", "ltla24_code", "residents_2022", "census_16_24"]
    areas = tables.read_table("areas", own, where=where)
    codes = areas["ltla24_code"].unique().tolist()
    columns = ["lsoa21_code", "imd25_score", "imd25_score_without_crime"]
    scores = tables.read_table("deprivation_2025", columns, where={"lsoa21_code": areas["lsoa21_code"].tolist()})
    middles = tables.read_table(OUTLINES, ["lsoa21_code", "longitude", "latitude"], where={"ltla24_code": codes})
    lsoas = areas.merge(scores, on="lsoa21_code").merge(middles, on="lsoa21_code").rename(columns=COLUMNS)
    lsoas["MSOA"] = larger_neighbourhoods(lsoas["LSOA"])
    lsoas["LSOA"] = [label(*names) for names in zip(lsoas["ward24_name"], lsoas["LSOA"], strict=True)]
    return lsoas.sort_values("lsoa11_code", ignore_index=True)[list(LSOA_COLUMNS)]


def _latest_year(rows: pd.DataFrame) -> tuple[pd.DataFrame, str]:
    """Offences of the latest twelve months by neighbourhood and category, and the span of the months."""
    months = sorted(rows["month"].unique())[-MONTHS_SHOWN:]
    sums = rows[rows["month"] >= months[0]].groupby(["lsoa21_code", "category"])["offences"].sum().reset_index()
    counts = sums.set_axis(["lsoa11_code", "crime_type", "records"], axis="columns")
    return counts, months_text(months, months)


def label(ward: str, name: str) -> str:
    """A neighbourhood by its place first: 'Monument (Newcastle upon Tyne 024G)'."""
    return f"{ward} ({name})"


def neighbourhood_names(tables: Catalogue, district: str) -> pd.Series:
    """The :func:`label` of each neighbourhood of one district, by its code, by their own codes."""
    rows = tables.read_table("areas", ["lsoa21_code", "lsoa21_name", "ward24_name"], {"ltla24_code": [district]})
    return pd.Series({code: label(ward, name) for code, name, ward in rows.itertuples(index=False)})


def area_outlines(tables: Catalogue, district: str) -> pd.DataFrame:
    """Outlines (as text) and middles of the neighbourhoods of one district, by its code; others are not read."""
    columns = ["lsoa21_code", "outline", "longitude", "latitude"]
    return tables.read_table(OUTLINES, columns, where={"ltla24_code": [district]})


def area_of_2021(
    name: str, counts: pd.DataFrame, period: str, lsoas: pd.DataFrame, coverage: Coverage | None = None
) -> CrimeArea:
    """Recorded crime in neighbourhoods of 2021, compared with the index of deprivation of 2025.

    Parameters
    ----------
    name, period
        Labels of the place and of the months counted.
    counts
        ``lsoa11_code`` (which holds codes of 2021), ``crime_type``, ``records``; those elsewhere are left out.
    lsoas
        From :func:`lsoas_of_2021`.
    coverage
        Which months were counted and what they lack, where that is known.
    """
    numbers, codes = pd.factorize(counts["lsoa11_code"])  # each is looked up once, not in each of its rows
    inside = counts[pd.Index(codes).isin(lsoas["lsoa11_code"].tolist())[numbers]].reset_index(drop=True)
    residents = lsoas.groupby("district")["residents"].sum().reset_index()
    unavailable = ("residents_2011", "places", "published_mixes")
    return CrimeArea(
        name=name,
        period=period,
        lsoas=lsoas,
        counts=inside,
        compositions=counted_compositions(inside, lsoas),
        districts=residents.assign(residents_2011=np.nan),
        places=pd.DataFrame(columns=list(PLACE_COLUMNS)),
        outlines=OUTLINES,
        missing={part: UNAVAILABLE[part] for part in unavailable},
        coverage=coverage,
        basis=TODAY,
    )


def month_dispersion(rows: pd.DataFrame, districts: pd.Series) -> Dispersion:
    """The dispersion of each type and of all types together, in LSOAs and in whole districts.

    That of districts is larger, because what raises a type in one LSOA in a month raises it next door too.

    Parameters
    ----------
    rows
        ``lsoa_code``, ``month``, ``crime_type``, ``records``, by month and type; every month counts.
    districts
        District of each LSOA, by code; LSOAs elsewhere are left out.
    """
    # Each name is looked up once, not in each of half a million rows.
    numbers, lsoas = pd.factorize(rows["lsoa_code"])
    places = districts.index.get_indexer(pd.Index(lsoas))[numbers]
    inside = rows.loc[places >= 0, ["crime_type", "month", "records"]]
    of_type, types = pd.factorize(inside["crime_type"], sort=True)
    of_month, months = pd.factorize(inside["month"], sort=True)
    shape = len(types), len(districts), len(months)
    cells = np.ravel_multi_index((of_type, places[places >= 0], of_month), shape)
    records = inside["records"].to_numpy(dtype=float)
    counts = np.asarray(np.bincount(cells, records, math.prod(shape)), dtype=float).reshape(shape)
    codes, names = pd.factorize(districts)
    sums = np.stack([counts[:, codes == code].sum(axis=1) for code in range(len(names))], axis=1)
    of_districts = _by_type(list(types), sums) if len(names) >= FEWEST_DISTRICTS else {}
    return Dispersion(_by_type(list(types), counts), of_districts, len(months))


def _by_type(types: list[str], counts: Floats) -> Mapping[str, float]:
    """The dispersion of `counts`, shape (types, areas, months), of each type and of both totals."""
    crimes = np.array([name != ASB for name in types])
    totals = {ALL_RECORDS: counts.sum(axis=0), WITHOUT_ASB: counts[crimes].sum(axis=0)}
    return {name: dispersion(each) for name, each in (*zip(types, counts, strict=True), *totals.items())}
