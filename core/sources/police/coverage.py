"""Which months of a force were counted, which are missing or short, and how many records have no area."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

import pandas as pd

RULE_VERSION = 3  # of what a report holds and how it was counted
SHORT = 0.5


@dataclass(frozen=True, eq=False)
class Coverage:
    """What the files of a force hold.

    Parameters
    ----------
    records
        Records that were read, by month that there is a file for (``"2018-01"``).
    without_area
        How many of these records have no LSOA code, so that no area has them.
    gaps
        Months with records of the force but none in a district, by the name of the district.
    by_others
        Records of other forces in its districts, which count there.
    bridged
        Records in its districts whose codes are of the other census than the rest.
    unknown
        How many of its records have a code that no LSOA has, so that no area has them.
    """

    records: Mapping[str, int]
    without_area: int
    gaps: Mapping[str, Sequence[str]] = field(default_factory=dict)
    by_others: float = 0
    bridged: float = 0
    unknown: int = 0

    @property
    def counted(self) -> tuple[str, ...]:
        """Months with records, in order."""
        return tuple(month for month in sorted(self.records) if self.records[month])

    @property
    def span(self) -> tuple[str, ...]:
        """All months from the first with a file to the last."""
        return months_between(min(self.records), max(self.records))

    @property
    def missing(self) -> tuple[str, ...]:
        """Months of the span without a file, or whose file has no record."""
        return tuple(month for month in self.span if not self.records.get(month))

    @property
    def short(self) -> tuple[str, ...]:
        """Months with under half of the median of the other months: their files may be cut off."""
        return tuple(month for month in self.counted if self.records[month] < SHORT * self._median_without(month))

    @property
    def usual(self) -> float:
        """Median of the records of the months that are not short; 0 without records."""
        return self._median_without(*self.short)

    def _median_without(self, *left_out: str) -> float:
        return median([self.records[month] for month in self.counted if month not in left_out] or [0])

    @property
    def share_without_area(self) -> float:
        """Share of the records that no area has (0 to 1)."""
        return self.without_area / max(sum(self.records.values()), 1)


def coverage_of(entry: Mapping[str, Any]) -> Coverage:
    """The months, and the records without an area, that a report has of a force."""
    optional = {name: entry[name] for name in ("gaps", "by_others", "bridged") if name in entry}
    return Coverage(entry["records"], entry["without_lsoa"], **optional, unknown=entry.get("unknown_code", 0))


def months_between(first: str, last: str) -> tuple[str, ...]:
    """All months from `first` to `last`, such as ``"2018-01"``."""
    return tuple(pd.period_range(first, last, freq="M").strftime("%Y-%m"))
