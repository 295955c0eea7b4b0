"""One place with its small areas: what the study has for the West Midlands, and what any English force can have."""

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pandas as pd

from core.tables.catalogue import DATA_DIR, load_catalogue
from core.tables.options import Option
from core.tables.panel import Panel

ALL_CRIME = "All recorded crime"
EVERYWHERE = "All districts"
BICYCLE_THEFT = "Bicycle theft"
PER_RESIDENTS = 1000
FENCE = 1.5
LOW_SCORE = 5
LOW, NOT_LOW = f"IMD score under {LOW_SCORE}", f"IMD score {LOW_SCORE} or more"
LOW_IN_TABLE = f"IMD under {LOW_SCORE}"
UNIVERSITY, HOSPITAL, CENTRE = "university campus", "acute hospital", "district centre"
PUBLISHED_ROUNDING = 0.0005  # half of the last decimal of a share published in per cent with one decimal

MEASURES: Mapping[str, Option] = {
    "records": Option("Recorded crimes", "The count as it is, which is what the study used."),
    "records_per_1000": Option(
        "Recorded crimes per 1,000 residents",
        "Allows for how many live there, not for how many come to work, shop or go out.",
    ),
    "log_records": Option("ln of recorded crimes", "Natural logarithm: differences are percentages."),
    "log_records_per_1000": Option(
        "ln of recorded crimes per 1,000 residents", "Natural logarithm of the rate: differences are percentages."
    ),
}
TYPICAL, RELATIVE = "_typical", "relative_"


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
    "imd_score_without_crime": "The IMD score without its crime domain is there for the West Midlands only.",
    "residents_16_24": "Residents aged 16 to 24 are there for the West Midlands only.",
    "residents_2011": "Residents of the 2011 census are there for the West Midlands only.",
    "places": "Places (campuses, hospitals, centres) are there for the West Midlands only.",
    "published_mixes": "Published compositions of single LSOAs are there for the West Midlands only.",
    "points": "There are no points for the LSOAs, and so no distances.",
    "types_by_lsoa": (
        "The West Midlands figures have three types of crime for each LSOA and the other eleven together; "
        "all fourteen are there for districts."
    ),
}

T = TypeVar("T")


class CrimeError(ValueError):
    """Figures of a place that are not there or do not fit; the message says which and what to do."""


@dataclass(frozen=True, eq=False)
class CrimeArea:
    """Recorded crime of one place, with all that the pages hold against it.

    Parameters
    ----------
    name, period
        Words for the place and for the months counted (``"2019"``).
    lsoas
        One row per LSOA (2011), by code: :data:`LSOA_COLUMNS`. Names and residents are always there; a column in
        `missing` holds nothing. Residents are those of mid-2019.
    counts
        ``lsoa11_code``, ``crime_type``, ``records``: every type and LSOA with records, each once.
    compositions
        ``area``, ``kind`` (``"district"``, ``"deprivation"``, ``"LSOA"``), ``crime_type``, ``records``, ``total`` (of
        the area) and ``rounding``, how far a share can be off because it was published rounded (a fraction).
    districts
        ``district``, ``residents`` (mid-2019), ``residents_2011`` (census).
    places
        :data:`PLACE_COLUMNS`; no rows where there are none.
    outlines
        Table of the data package with the outlines of the LSOAs.
    missing
        Parts that this place lacks, each with the sentence that says so.
    """

    name: str
    period: str
    lsoas: pd.DataFrame
    counts: pd.DataFrame
    compositions: pd.DataFrame
    districts: pd.DataFrame
    places: pd.DataFrame
    outlines: str
    missing: Mapping[str, str]

    @cached_property
    def crime_types(self) -> tuple[str, ...]:
        """Types that are there for each LSOA, in alphabetical order."""
        return tuple(sorted(self.counts["crime_type"].unique()))

    @cached_property
    def _wide(self) -> pd.DataFrame:
        """Records of each type, one row per LSOA in the order of `lsoas`."""
        wide = self.counts.pivot_table(index="lsoa11_code", columns="crime_type", values="records", aggfunc="sum")
        return wide.reindex(self.lsoas["lsoa11_code"]).fillna(0).reset_index(drop=True)

    @cached_property
    def _made(self) -> dict[tuple[Any, ...], Any]:
        return {}

    def once(self, make: Callable[..., T], *arguments: Hashable) -> T:
        """``make(self, *arguments)``, made once for these figures and shared, so never to be changed in place."""
        key = make, *arguments
        if key not in self._made:
            self._made[key] = make(self, *arguments)
        found: T = self._made[key]
        return found

    def records(self, crime_type: str = ALL_CRIME) -> pd.Series:
        """Records of `crime_type` in each LSOA, aligned with `lsoas`; none is 0.

        Raises
        ------
        CrimeError
            If the LSOAs have no figures of that type.
        """
        if crime_type == ALL_CRIME:
            return self._wide.sum(axis=1).rename("records")
        if crime_type not in self.crime_types:
            raise CrimeError(
                f"{self.name} has no LSOA figures for {crime_type}; choose {', '.join((ALL_CRIME, *self.crime_types))}."
            )
        return self._wide[crime_type].rename("records")

    def per_1000(self, crime_type: str = ALL_CRIME) -> pd.Series:
        """Records of `crime_type` per 1,000 residents in each LSOA, aligned with `lsoas`."""
        return self.records(crime_type) / self.lsoas["residents"] * PER_RESIDENTS

    def require(self, part: str) -> None:
        """Raise :class:`CrimeError` with its sentence where `part` is missing."""
        if part in self.missing:
            raise CrimeError(f"{self.name}: {self.missing[part]}")


@dataclass(frozen=True)
class Outliers:
    """LSOAs that stand apart.

    Parameters
    ----------
    high, low
        Those above and below the fences, true or false, aligned with the LSOAs.
    upper, lower
        The fences, in units of the measure.
    rule
        The rule and how many it finds, in a sentence.
    """

    high: pd.Series
    low: pd.Series
    upper: float
    lower: float
    rule: str

    @property
    def either(self) -> pd.Series:
        """Those beyond either fence."""
        return self.high | self.low


def outliers(area: CrimeArea, measure: str = "records", crime_type: str = ALL_CRIME) -> Outliers:
    """LSOAs beyond Tukey's fences on the logarithm of a count or of a rate.

    Counts and rates of crime are skewed: on their own scale the fences would cut off the upper tail that such
    figures always have, on the logarithm they find what stands apart from it. The same LSOAs are outliers for a
    measure and for its logarithm. An LSOA without records has no logarithm and is not an outlier.

    Parameters
    ----------
    measure
        One of :data:`MEASURES`.
    """
    rate = measure.endswith("records_per_1000")
    values = area.per_1000(crime_type) if rate else area.records(crime_type)
    logs = _logs(values)
    first, third = logs.quantile([0.25, 0.75])
    reach = FENCE * (third - first)
    high, low = logs > third + reach, logs < first - reach
    what = "records per 1,000 residents" if rate else "records"
    rule = (
        f"An LSOA is an outlier where the logarithm of its {what} lies more than {FENCE} interquartile ranges beyond "
        f"the quartiles (Tukey's fences): {high.sum():,} of {len(high):,} LSOAs above, {low.sum():,} below."
    )
    return Outliers(high, low, float(np.exp(third + reach)), float(np.exp(first - reach)), rule)


def panel(area: CrimeArea, crime_type: str = ALL_CRIME) -> Panel:
    """The LSOAs as a cross-section: one row each, with the MSOA and the district as further keys.

    Made once for each area and shared, so never to be changed in place.

    Returns
    -------
    Panel
        ``records``, ``records_per_1000`` and their logarithms ``log_...`` (missing where there are no records); each
        again with ``_typical`` at the end, missing for outliers (see :func:`outliers`); each count and rate, typical
        or not, also as ``relative_...``, a share of its mean: its effect compares with that on a logarithm.
    """
    return area.once(_panel, crime_type)


def measured(area: CrimeArea, crime_type: str = ALL_CRIME) -> dict[str, pd.Series]:
    """Each of :data:`MEASURES` in every LSOA, by name."""
    plain = {"records": area.records(crime_type).astype(float), "records_per_1000": area.per_1000(crime_type)}
    return plain | {f"log_{name}": _logs(values) for name, values in plain.items()}


def outcomes(area: CrimeArea, crime_type: str = ALL_CRIME) -> dict[str, pd.Series]:
    """Every outcome of :func:`panel` in every LSOA, by name."""
    every = measured(area, crime_type)
    apart = {name: outliers(area, name, crime_type).either for name in every if not name.startswith("log_")}
    typical = {f"{name}{TYPICAL}": every[name].mask(apart[name.removeprefix("log_")]) for name in every}
    linear = {name: values for name, values in (every | typical).items() if not name.startswith("log_")}
    return every | typical | {f"{RELATIVE}{name}": values / values.mean() for name, values in linear.items()}


def outcome_labels() -> dict[str, str]:
    """Words for every outcome of :func:`panel`, by name."""
    plain = {name: option.label for name, option in MEASURES.items()}
    every = plain | {f"{name}{TYPICAL}": f"{label}, without outliers" for name, label in plain.items()}
    relative = {
        f"{RELATIVE}{name}": f"{label}, as a share of the mean"
        for name, label in every.items()
        if not name.startswith("log_")
    }
    return every | relative


def without_records(area: CrimeArea, crime_type: str = ALL_CRIME) -> int:
    """LSOAs without a record of `crime_type`, which have no logarithm."""
    return int((area.records(crime_type) == 0).sum())


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
) -> CrimeArea:
    """The same for any English force, from the street-level files of its months.

    Parameters
    ----------
    counts
        ``lsoa11_code``, ``crime_type``, ``records``; months are added up, LSOAs of other districts left out.
    england_lsoas
        ``lsoa11_code``, ``lsoa11_name``, ``district``, ``imd_score``, ``residents``.
    districts
        Names of the districts of the force.
    name, period
        Words for the force and for its months.
    points
        ``lsoa11_code``, ``longitude``, ``latitude``; for maps and distances.

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
    kept = counts[inside].groupby(["lsoa11_code", "crime_type"])["records"].sum().reset_index()
    residents = lsoas.groupby("district")["residents"].sum().reset_index()
    absent = set(UNAVAILABLE) - {"types_by_lsoa"} - ({"points"} if points is not None else set())
    return CrimeArea(
        name=name,
        period=period,
        lsoas=lsoas,
        counts=kept,
        compositions=_counted_compositions(kept, lsoas),
        districts=residents.assign(residents_2011=np.nan),
        places=pd.DataFrame(columns=list(PLACE_COLUMNS)),
        outlines="england_shapes",
        missing={part: sentence for part, sentence in UNAVAILABLE.items() if part in absent},
    )


def _panel(area: CrimeArea, crime_type: str) -> Panel:
    known = area.lsoas.drop(columns=[name for name in area.missing if name in area.lsoas])
    frame = known.assign(**outcomes(area, crime_type), months=area.period)
    return Panel(frame, area="LSOA", period="months", population="residents", groups=("MSOA", "district"))


def _logs(values: pd.Series) -> pd.Series:
    logs: pd.Series = np.log(values.where(values > 0))
    return logs


def _check_columns(frame: pd.DataFrame, needed: tuple[str, ...], what: str) -> None:
    unavailable = [column for column in needed if column not in frame]
    if unavailable:
        raise CrimeError(f"There is no column {', '.join(unavailable)} in {what}; give the built table.")


def _force_lsoas(england: pd.DataFrame, districts: tuple[str, ...], points: pd.DataFrame | None) -> pd.DataFrame:
    unknown = [district for district in districts if district not in set(england["district"])]
    if unknown or not districts:
        named = ", ".join(unknown) or "no district"
        raise CrimeError(f"England has no district for {named}; choose districts by their official names.")
    own = england[england["district"].isin(districts)].rename(columns=KEYS)
    own = own.assign(MSOA=own["LSOA"].str[:-1]).sort_values("lsoa11_code", ignore_index=True)
    if points is not None:
        own = own.drop(columns=["longitude", "latitude"], errors="ignore")
        own = own.merge(points[["lsoa11_code", "longitude", "latitude"]], on="lsoa11_code", how="left")
    return own.reindex(columns=list(LSOA_COLUMNS))


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
        rounding=PUBLISHED_ROUNDING,
    )
    columns = list(deprivation.columns)
    return pd.concat([districts[columns], deprivation, lsoas[columns]], ignore_index=True)


def _counted_compositions(counts: pd.DataFrame, lsoas: pd.DataFrame) -> pd.DataFrame:
    """Mixes of the districts and of LSOAs by deprivation; every area has a row for every type."""
    types = sorted(counts["crime_type"].unique())
    own = counts.merge(lsoas[["lsoa11_code", "district", "imd_score"]], on="lsoa11_code", validate="many_to_one")
    own["deprivation"] = np.where(own["imd_score"] < LOW_SCORE, LOW, NOT_LOW)
    compositions = [
        composition(part.groupby("crime_type")["records"].sum().reindex(types, fill_value=0), str(area), kind)
        for kind in ("district", "deprivation")
        for area, part in own.groupby(kind)
    ]
    return pd.concat(compositions, ignore_index=True)


def composition(records: pd.Series, area: str, kind: str) -> pd.DataFrame:
    """Rows of ``CrimeArea.compositions`` for one area, from its `records` by type of crime."""
    return pd.DataFrame(
        {
            "area": area,
            "kind": kind,
            "crime_type": records.index,
            "records": records.to_numpy(dtype=float),
            "total": float(records.sum()),
            "rounding": 0.0,
        }
    )
