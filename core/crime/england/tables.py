"""England's neighbourhoods with deprivation, residents and the street-level crime of 2025, and London's own figures."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from core.crime.area import ALL_RECORDS, ASB, TOTALS, WITHOUT_ASB
from core.crime.england.question import SCORES
from core.sources.police.territories import slug_of
from core.sources.small_areas.areas import CODE, DISTRICT, DISTRICT_CODE
from core.sources.small_areas.small_areas import larger_neighbourhoods
from core.tables.catalogue import Catalogue
from core.tables.geometry import Shape, shape_of
from core.tables.once import KeepsWork

FORCE = "pfa24_name"
AREA_COLUMNS = (
    *(CODE, "lsoa21_name", DISTRICT_CODE, DISTRICT, FORCE),
    *("residents_2022", "census_residents", "census_16_24"),
)
GROUPINGS = FORCE, DISTRICT, DISTRICT_CODE, "MSOA"
FEW_RESIDENTS = ("London, City of",)
TABLES = (
    "areas",
    "deprivation_2025",
    "street_crime_2025",
    "london_area_crime",
    "district_shapes_2024",
    "area_shapes",
    "district_summaries_2025",
    "crime_indicators_2025",
)


@dataclass(frozen=True, eq=False)
class England(KeepsWork):
    """Neighbourhoods of England, and the crime that was recorded in them.

    Parameters
    ----------
    areas
        One row per neighbourhood of England: places, residents and scores; ``MSOA``, the larger neighbourhood, and
        ``with_young``, residents with those aged 16 to 24 counted twice.
    counts
        Records in 2025 by neighbourhood and type, of the forces in these figures and in their own areas.
    """

    areas: pd.DataFrame
    counts: pd.DataFrame

    @cached_property
    def is_covered(self) -> npt.NDArray[np.bool_]:
        """Which of the rows of `areas` are served by a force in these figures."""
        return self.areas[CODE].isin(self.counts.index).to_numpy()

    @cached_property
    def covered(self) -> pd.DataFrame:
        """The rows of `areas` that are served by a force in these figures, in the order of `records`."""
        rows = self.areas[self.is_covered].reset_index(drop=True)
        return rows.assign(**{name: rows[name].cat.remove_unused_categories() for name in GROUPINGS})

    @property
    def forces(self) -> list[str]:
        """Names of the forces in these figures."""
        return sorted(self.covered[FORCE].cat.categories)

    @property
    def absent(self) -> list[str]:
        """Names of the forces of England without a full year in these figures."""
        return sorted(set(self.areas[FORCE].cat.categories) - set(self.forces) - set(FEW_RESIDENTS))

    @property
    def crime_types(self) -> list[str]:
        """Types of the publisher's, in alphabetical order."""
        return sorted(self.counts.columns)

    def records(self, crime_type: str) -> pd.Series:
        """Records of `crime_type` in each of the rows of `covered`."""
        return self._totals[crime_type] if crime_type in TOTALS else self._aligned[crime_type]

    @cached_property
    def _totals(self) -> dict[str, pd.Series]:
        everything = self._aligned.sum(axis=1)
        return {ALL_RECORDS: everything, WITHOUT_ASB: everything - self._aligned[ASB]}

    @cached_property
    def _aligned(self) -> pd.DataFrame:
        return self.counts.loc[self.covered[CODE]].reset_index(drop=True)


def load_england(tables: Catalogue) -> England:
    """The neighbourhoods of England with the street-level crime of 2025.

    Raises
    ------
    core.tables.catalogue.CatalogueError
        If a table is missing or damaged.
    """
    areas = tables.read_table("areas", AREA_COLUMNS).merge(
        tables.read_table("deprivation_2025", [CODE, *SCORES]), on=CODE
    )
    areas["MSOA"] = larger_neighbourhoods(areas["lsoa21_name"])
    areas["with_young"] = areas["residents_2022"] + areas["census_16_24"]
    counts = _counts(tables.read_table("street_crime_2025"), areas)
    return England(areas.astype(dict.fromkeys(GROUPINGS, "category")), counts)


def _counts(street: pd.DataFrame, areas: pd.DataFrame) -> pd.DataFrame:
    """Records by neighbourhood and type that a force recorded in its own area; every neighbourhood of it has a row."""
    force, forces = pd.factorize(street["force"])
    kind, kinds = pd.factorize(street["crime_type"], sort=True)
    place = pd.Index(areas[CODE]).get_indexer(street[CODE])  # -1 for a neighbourhood of Wales
    names, slugs = areas[FORCE], {name: slug_of(name) for name in areas[FORCE].unique()}
    home = pd.Index(forces).get_indexer(names.map(slugs))  # -1 for a force that is not in the files
    home[names.isin(FEW_RESIDENTS)] = -1
    own = (place >= 0) & (home[place] == force)
    cells = place[own] * len(kinds) + kind[own]
    records = np.bincount(cells, street["records_2025"].to_numpy()[own], len(areas) * len(kinds))
    table = records.reshape(len(areas), len(kinds)).astype(np.int32)
    served = np.isin(home, force[own])
    return pd.DataFrame(table[served], index=pd.Index(areas.loc[served, CODE], name=CODE), columns=list(kinds))


def london(tables: Catalogue, england: England) -> pd.DataFrame:
    """Neighbourhoods of London with the offences that the Metropolitan Police recorded in them, a year on average.

    Returns
    -------
    DataFrame
        The columns of ``England.areas`` and ``offences``, per year.
    """
    rows = tables.read_table("london_area_crime", [CODE, "month", "offences"])
    years = rows["month"].nunique() / 12
    yearly = rows.groupby(CODE)["offences"].sum() / years
    there = england.areas[england.areas[CODE].isin(yearly.index)].reset_index(drop=True)
    return there.assign(offences=there[CODE].map(yearly))


def london_months(tables: Catalogue) -> tuple[str, str]:
    """First and last month of London's figures."""
    months = tables.read_table("london_area_crime", ["month"])["month"]
    return str(months.min()), str(months.max())


def district_outlines(tables: Catalogue) -> dict[str, Shape]:
    """Outline of each district of England, by code."""
    import json

    features = json.loads(tables.path("district_shapes_2024").read_text(encoding="utf-8"))["features"]
    return {feature["properties"][DISTRICT_CODE]: shape_of(feature["geometry"]) for feature in features}
