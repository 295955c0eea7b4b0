"""Recorded crime of one place by small area: counts, rates, outliers, and the panel that models are fitted to."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from core.sources.police.coverage import Coverage
from core.tables.once import KeepsWork
from core.tables.options import Option
from core.tables.panel import Panel

ASB = "Anti-social behaviour"  # an incident, not a crime
# The second is what the study counts; both are as links have always had them.
WITHOUT_ASB, ALL_RECORDS = "All crime", "All recorded crime"
TOTALS: Mapping[str, str] = {
    WITHOUT_ASB: "All crime without anti-social behaviour",
    ALL_RECORDS: "All crime and anti-social behaviour",
}
EVERYWHERE = "All districts"
BICYCLE_THEFT = "Bicycle theft"
COUNT, RATE = "records", "records_per_1000"  # columns of the panel of small areas
PER_RESIDENTS = 1000
FENCE = 1.5
LOW_SCORE = 5
LOW, NOT_LOW = f"IMD score under {LOW_SCORE}", f"IMD score {LOW_SCORE} or more"
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


class CrimeError(ValueError):
    """Figures of a place that are unavailable or invalid; the message names them and says what to do."""


@dataclass(frozen=True)
class Basis:
    """What the figures of a place are compared with: which census drew its LSOAs, residents of when, which index.

    Parameters
    ----------
    census, index
        Year of the census and of the indices of deprivation.
    residents
        When residents are of, such as ``"mid-2019"``.
    measured
        When most of what the index rests on was measured.
    """

    census: str
    index: str
    residents: str
    measured: str

    @property
    def text(self) -> str:
        """In one sentence."""
        return (
            f"Small areas (LSOAs) are those of the {self.census} census, deprivation is that of {self.index}, "
            f"residents are those of {self.residents}."
        )


OF_2011 = Basis("2011", "2019", "mid-2019", "2015 and 2016")
TODAY = Basis("2021", "2025", "mid-2022", "the years before")


@dataclass(frozen=True)
class Dispersion:
    """How many times the variance of counts is that of Poisson counts, estimated over months.

    Parameters
    ----------
    lsoas, districts
        That of the counts of LSOAs and of whole districts, by type of crime and for both totals; of districts empty
        where there are too few of them.
    months
        How many months it is estimated from.
    """

    lsoas: Mapping[str, float]
    districts: Mapping[str, float]
    months: int


@dataclass(frozen=True, eq=False)
class CrimeArea(KeepsWork):
    """Recorded crime of one place, with the figures that the pages compare it with.

    Parameters
    ----------
    name, period
        Labels of the place and of the months counted (``"2019"``).
    lsoas
        One row per LSOA, by code: :data:`core.crime.loaders.LSOA_COLUMNS`. Names and residents are always there; a
        column in `missing` is empty. Which LSOAs, and residents of when, says `basis`; ``lsoa11_code`` holds codes of
        its census.
    counts
        ``lsoa11_code``, ``crime_type``, ``records``: every type and LSOA with records, each once.
    compositions
        ``area``, ``kind`` (``"district"``, ``"deprivation"``, ``"LSOA"``), ``crime_type``, ``records``, ``total`` (of
        the area) and ``rounding``, how far a share can be off because it was published rounded (a fraction).
    districts
        ``district``, ``residents``, ``residents_2011`` (census).
    places
        :data:`core.crime.loaders.PLACE_COLUMNS`; no rows where there are none.
    outlines
        Table of the data package with the outlines of the LSOAs.
    missing
        Parts that are unavailable for this place, each with a sentence that says so.
    coverage
        Which months were counted and what they lack; ``None`` where only their sum was published.
    basis
        Census of its LSOAs, index of deprivation and time of its residents.
    dispersion
        How much counts vary from month to month; ``None`` where there are no counts by month.
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
    coverage: Coverage | None = None
    basis: Basis = OF_2011
    dispersion: Dispersion | None = None

    @cached_property
    def crime_types(self) -> tuple[str, ...]:
        """Types with figures for each LSOA, in alphabetical order."""
        return tuple(sorted(self.counts["crime_type"].unique()))

    @property
    def totals(self) -> tuple[str, ...]:
        """Totals on offer, crime alone first; anti-social behaviour with it only where there are figures of both."""
        return (WITHOUT_ASB, ALL_RECORDS) if ASB in self.crime_types else (WITHOUT_ASB,)

    @cached_property
    def _wide(self) -> pd.DataFrame:
        """Records of each type, one row per LSOA in the order of `lsoas`."""
        wide = self.counts.pivot_table(index="lsoa11_code", columns="crime_type", values="records", aggfunc="sum")
        return wide.reindex(self.lsoas["lsoa11_code"]).fillna(0).reset_index(drop=True)

    def records(self, crime_type: str = ALL_RECORDS) -> pd.Series:
        """Records of `crime_type`, or of one of the two totals, in each LSOA, aligned with `lsoas`; 0 where none.

        Raises
        ------
        CrimeError
            If the LSOAs have no figures of that type.
        """
        if crime_type == ALL_RECORDS:
            return self._wide.sum(axis=1).rename("records")
        if crime_type == WITHOUT_ASB:
            return self._wide.drop(columns=ASB, errors="ignore").sum(axis=1).rename("records")
        if crime_type not in self.crime_types:
            offered = ", ".join((*self.totals, *self.crime_types))
            raise CrimeError(f"{self.name} has no LSOA figures for {crime_type}; choose {offered}.")
        return self._wide[crime_type].rename("records")

    def per_1000(self, crime_type: str = ALL_RECORDS) -> pd.Series:
        """Records of `crime_type` per 1,000 residents in each LSOA, aligned with `lsoas`."""
        return self.records(crime_type) / self.lsoas["residents"] * PER_RESIDENTS

    def dispersion_of(self, crime_type: str) -> float:
        """How many times the variance of an LSOA's count is that of a Poisson count; 1 where that is not known."""
        return 1.0 if self.dispersion is None else self.dispersion.lsoas.get(crime_type, 1.0)

    def require(self, part: str) -> None:
        """Raise :class:`CrimeError` with its sentence where `part` is missing."""
        if part in self.missing:
            raise CrimeError(f"{self.name}: {self.missing[part]}")


@dataclass(frozen=True)
class Outliers:
    """LSOAs that are outliers.

    Parameters
    ----------
    high, low
        Those above and below the fences, true or false, aligned with the LSOAs.
    upper, lower
        The fences, in units of the measure.
    rule
        The rule and the number of LSOAs it finds, in a sentence.
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


def outliers(area: CrimeArea, measure: str = "records", crime_type: str = ALL_RECORDS) -> Outliers:
    """LSOAs beyond Tukey's fences on the logarithm of a count or of a rate.

    Counts and rates of crime are skewed: on their own scale the fences would cut off the upper tail that such
    figures always have; on the logarithm they find what is separate from it. The same LSOAs are outliers for a
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


def of_total(area: CrimeArea, total: str) -> CrimeArea:
    """`area` with the types that `total`, one of :data:`TOTALS`, adds up; shared: not to be changed in place."""
    return area if total == ALL_RECORDS else area.once(_crime_alone)


def _crime_alone(area: CrimeArea) -> CrimeArea:
    """`area` without anti-social behaviour; what was published rounded is less exact, of the smaller total."""
    rows = area.compositions
    incidents = rows["records"].where(rows["crime_type"] == ASB, 0.0).groupby(rows["area"]).transform("sum")
    total = rows["total"] - incidents
    left = rows.assign(total=total, rounding=rows["rounding"] * (1 + rows["records"] / total) * rows["total"] / total)
    return replace(
        area,
        counts=area.counts[area.counts["crime_type"] != ASB].reset_index(drop=True),
        compositions=left[left["crime_type"] != ASB].reset_index(drop=True),
    )


def type_label(crime_type: str) -> str:
    """A total or a type of crime as a choice is labelled."""
    return TOTALS.get(crime_type, crime_type)


def panel(area: CrimeArea, crime_type: str = ALL_RECORDS) -> Panel:
    """The LSOAs as a cross-section: one row each, with the MSOA and the district as further keys.

    Cached for each area and shared: not to be changed in place.

    Returns
    -------
    Panel
        ``records``, ``records_per_1000`` and their logarithms ``log_...`` (missing where there are no records); each
        again with ``_typical`` at the end, missing for outliers (see :func:`outliers`); each count and rate, typical
        or not, also as ``relative_...``, a share of its mean: its effect compares with that on a logarithm.
    """
    return area.once(_panel, crime_type)


def measured(area: CrimeArea, crime_type: str = ALL_RECORDS) -> dict[str, pd.Series]:
    """Each of :data:`MEASURES` in every LSOA, by name."""
    plain = {"records": area.records(crime_type).astype(float), "records_per_1000": area.per_1000(crime_type)}
    return plain | {f"log_{name}": _logs(values) for name, values in plain.items()}


def outcomes(area: CrimeArea, crime_type: str = ALL_RECORDS) -> dict[str, pd.Series]:
    """Every outcome of :func:`panel` in every LSOA, by name."""
    every = measured(area, crime_type)
    outlying = {name: outliers(area, name, crime_type).either for name in every if not name.startswith("log_")}
    typical = {f"{name}{TYPICAL}": every[name].mask(outlying[name.removeprefix("log_")]) for name in every}
    linear = {name: values for name, values in (every | typical).items() if not name.startswith("log_")}
    return every | typical | {f"{RELATIVE}{name}": values / values.mean() for name, values in linear.items()}


def outcome_labels() -> dict[str, str]:
    """Labels of every outcome of :func:`panel`, by name."""
    plain = {name: option.label for name, option in MEASURES.items()}
    every = plain | {f"{name}{TYPICAL}": f"{label}, without outliers" for name, label in plain.items()}
    relative = {
        f"{RELATIVE}{name}": f"{label}, as a share of the mean"
        for name, label in every.items()
        if not name.startswith("log_")
    }
    return every | relative


def _panel(area: CrimeArea, crime_type: str) -> Panel:
    known = area.lsoas.drop(columns=[name for name in area.missing if name in area.lsoas])
    every = outcomes(area, crime_type)
    logarithms = tuple(name for name in every if name.startswith("log_"))
    frame = known.assign(**every, months=area.period)
    coordinates = () if known["longitude"].isna().all() else ("longitude", "latitude")
    return Panel(
        frame,
        area="LSOA",
        period="months",
        population="residents",
        groups=("MSOA", "district"),
        coordinates=coordinates,
        logarithms=logarithms,
    )


def _logs(values: pd.Series) -> pd.Series:
    logs: pd.Series = np.log(values.where(values > 0))
    return logs


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
