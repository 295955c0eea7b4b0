"""Running totals of the records of a download: what became of them, and where and when they are."""

import math
from collections.abc import Collection
from dataclasses import dataclass

import polars as pl

from core.sources.files.cells import SourceError

TOLERANCE = 1e-9
# Fates of records: the first three are counted, the others are left out.
UNCHANGED, RECODED, SHARED = COUNTED = ("with_2011_code", "with_2021_code", "shared_out")
WITHOUT, WALES, UNKNOWN = "without_lsoa", "in_wales", "unknown_code"
FATES, AREAS, MONTHS = ["force", "month", "fate"], ["force", "lsoa11_code"], ["force", "month", "lad19_code"]


@dataclass
class Tally:
    """Running totals of records; what it keeps does not grow with the number of records.

    Parameters
    ----------
    england
        ``lsoa11_code``, ``lad19_code`` and ``district`` of the LSOAs of England.
    read
        Records read.
    fates
        ``force``, ``month``, ``fate`` and ``records``.
    areas
        ``force``, ``lsoa11_code`` and ``records``, of those that are counted.
    months
        ``force``, ``month``, ``lad19_code`` and ``records``, of those that are counted.
    """

    england: pl.DataFrame
    read: int
    fates: pl.DataFrame
    areas: pl.DataFrame
    months: pl.DataFrame

    @classmethod
    def of_nothing(cls, england: pl.DataFrame) -> "Tally":
        """An empty tally."""
        types = {"lsoa11_code": england.schema["lsoa11_code"], "records": pl.Float64()}
        frames = (
            pl.DataFrame(schema={name: types.get(name, pl.String()) for name in (*columns, "records")})
            for columns in (FATES, AREAS, MONTHS)
        )
        return cls(england.select("lsoa11_code", "lad19_code", "district"), 0, *frames)

    def add(self, counts: pl.DataFrame, placed: pl.DataFrame) -> None:
        """Add some records, as read and as assigned to LSOAs."""
        self.read += int(counts["records"].sum())
        counted = placed.drop_nulls("lsoa11_code")
        self.fates = summed([self.fates, placed], FATES)
        self.areas = summed([self.areas, counted], AREAS)
        located = counted.join(self.england, on="lsoa11_code")
        self.months = summed([self.months, located], MONTHS)

    def records(self, *fates: str, force: str = "") -> int:
        """Records with one of these `fates` (by default all), of one force or of all."""
        rows = self.fates.filter(pl.col("fate").is_in(fates or self.fates["fate"].to_list()))
        return round(float((rows.filter(force=force) if force else rows)["records"].sum()))

    def of_month(self, force: str, month: str) -> int:
        """Records read of `force` in `month`."""
        return round(float(self.fates.filter(force=force, month=month)["records"].sum()))

    def months_by_district(self, force: str) -> dict[str, dict[str, float]]:
        """Counted records of `force` by month, by code of the district that they lie in."""
        districts = self.months.filter(force=force).group_by("lad19_code").agg("month", "records")
        return {code: dict(zip(months, records, strict=True)) for code, months, records in districts.iter_rows()}

    def elsewhere(self, force: str, districts: Collection[str]) -> float:
        """Counted records of `force` that do not lie in `districts` (codes)."""
        rows = self.months.filter(force=force)
        return float(rows.filter(~pl.col("lad19_code").is_in(list(districts)))["records"].sum())

    def by_others(self, force: str, districts: Collection[str], months: Collection[str]) -> float:
        """Counted records of other forces than `force` in its `districts` (codes) and `months`."""
        there = pl.col("lad19_code").is_in(list(districts)) & pl.col("month").is_in(list(months))
        return float(self.months.filter(there, pl.col("force") != force)["records"].sum())

    def check(self) -> None:
        """Raise :class:`SourceError` unless records read equal records counted plus records left out."""
        counted, left_out = float(self.areas["records"].sum()), self.records(WITHOUT, WALES, UNKNOWN)
        if not math.isclose(self.read, counted + left_out, rel_tol=0, abs_tol=TOLERANCE * max(self.read, 1)):
            raise SourceError(
                f"{self.read:,} records were read, but {counted:,.1f} counted and {left_out:,} left out: the tables "
                "of LSOAs do not fit together. Build them again with `python -m core.build england`."
            )

    def districts(self) -> pl.DataFrame:
        """Records of each force by district, and in how many of the district's LSOAs it has any."""
        sizes = self.england.group_by("lad19_code").agg(pl.len().alias("lsoas"))
        return (
            self.areas.join(self.england, on="lsoa11_code")
            .group_by("force", "lad19_code", "district")
            .agg(pl.col("records").sum(), pl.len().alias("lsoas_with_records"))
            .join(sizes, on="lad19_code")
        )


def summed(frames: list[pl.DataFrame], by: list[str]) -> pl.DataFrame:
    """The records of all `frames` added up by the columns `by`, in order of their first rows."""
    together = pl.concat(frame.select(*by, "records") for frame in frames)
    return together.group_by(by, maintain_order=True).agg(pl.col("records").sum())
