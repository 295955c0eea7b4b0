"""What became of the records of a download, and where and when they are, by the areas of one census."""

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd
import polars as pl

from core.sources.files.cells import SourceError
from core.sources.police.census import COUNTED, MOVED, SHARED, Census
from core.sources.police.territories import WELSH

TOLERANCE = 1e-9
# Fates of records that are left out; they stand for their codes, which are then no more than the LSOAs there are.
WITHOUT, WALES, UNKNOWN = LEFT_OUT = ("without_lsoa", "in_wales", "unknown_code")
CELL = ("force", "month", "code")
DISTRICT = ("force", "district_code")
PLACE = (*DISTRICT, "month", "fate")


def known_codes(censuses: Iterable[Census]) -> "pl.Enum":
    """Every code of the `censuses`, and the fates of records without one, as a type that sorts and groups fast."""
    codes = {code for census in censuses for code in census.homes["code"]}
    return pl.Enum([*sorted(codes), *LEFT_OUT])


def with_known_codes(counts: pl.DataFrame, known: "pl.Enum") -> pl.DataFrame:
    """`counts` as read, with the fate in place of each ``code`` that is not `known`."""
    code = pl.col("code").fill_null("").str.strip_chars()
    reason = (
        pl.when(code == "")
        .then(pl.lit(WITHOUT))
        .when(code.str.starts_with(WELSH))
        .then(pl.lit(WALES))
        .otherwise(pl.lit(UNKNOWN))
    )
    # The few codes that occur are looked up first, which is faster than looking up every row.
    codes = counts.select(pl.col("code").unique()).with_columns(
        known=code.cast(known, strict=False).fill_null(reason.cast(known))
    )
    return counts.join(codes, on="code", how="left", nulls_equal=True).drop("code").rename({"known": "code"})


@dataclass(frozen=True, eq=False)
class Tally:
    """The records of a download by the areas of one census; its size does not grow with the records.

    Parameters
    ----------
    census
        The census.
    homes
        ``code``, ``lsoa_code``, ``district_code``, ``share`` and ``fate``: where records of each code belong.
    placed
        ``force``, ``month``, ``district_code`` (missing where records are left out), ``fate`` and ``records``
        (fractional where shared out).
    reached
        ``force``, ``district_code`` and ``lsoa_code``: each LSOA in which a force has records, once.
    """

    census: Census
    homes: pl.DataFrame
    placed: pl.DataFrame
    reached: pl.DataFrame

    @classmethod
    def nothing(cls, census: Census, types: Mapping[str, Any]) -> "Tally":
        """The tally of no record; `types` are those of the columns of the cells that are to come."""
        where = census.homes.merge(census.areas[["lsoa_code", "district_code"]], on="lsoa_code")
        left_out = pd.DataFrame({"code": LEFT_OUT, "share": 1.0, "fate": LEFT_OUT})
        # Codes become their type before the join, so that it compares numbers; the others take a few bytes a row then.
        homes = pl.from_pandas(pd.concat([where, left_out])).with_columns(
            pl.col("code").cast(types["code"]), pl.col("lsoa_code", "district_code", "fate").cast(pl.Categorical)
        )
        return cls(census, homes, *_placed(pl.DataFrame(schema=types), homes))

    def plus(self, cells: pl.DataFrame) -> "Tally":
        """Return the tally with `cells` (``force``, ``month``, ``code``, ``records``; codes that are known) added."""
        placed, reached = _placed(cells, self.homes)
        return replace(
            self,
            placed=summed(pl.concat([self.placed, placed]), [*PLACE]),
            reached=pl.concat([self.reached, reached]).unique(maintain_order=True),
        )

    def records(self, *fates: str, force: str = "") -> int:
        """Records with one of these `fates` (by default all), of one force or of all."""
        rows = self.placed.filter(pl.col("fate").is_in(fates)) if fates else self.placed
        return round(float((rows.filter(force=force) if force else rows)["records"].sum()))

    def of_month(self, force: str, month: str) -> int:
        """Records read of `force` in `month`."""
        return round(float(self.placed.filter(force=force, month=month)["records"].sum()))

    def months_by_district(self, force: str) -> dict[str, dict[str, float]]:
        """Counted records of `force` by month, by code of the district that they lie in."""
        rows = summed(self.placed.filter(force=force).drop_nulls("district_code"), ["district_code", "month"])
        found: dict[str, dict[str, float]] = {}
        for code, month, records in rows.iter_rows():
            found.setdefault(code, {})[month] = records
        return found

    def elsewhere(self, force: str, districts: Collection[str]) -> float:
        """Counted records of `force` that do not lie in `districts` (codes)."""
        rows = self.placed.filter(force=force).drop_nulls("district_code")
        return float(rows.filter(~pl.col("district_code").is_in(list(districts)))["records"].sum())

    def by_others(self, force: str, districts: Collection[str], months: Collection[str]) -> float:
        """Counted records of other forces than `force` in its `districts` (codes) and `months`."""
        return float(self._there(districts, months).filter(pl.col("force") != force)["records"].sum())

    def bridged(self, districts: Collection[str], months: Collection[str]) -> float:
        """Records of any force in `districts` (codes) and `months` whose codes are of the other census."""
        return float(self._there(districts, months).filter(pl.col("fate").is_in([MOVED, SHARED]))["records"].sum())

    def _there(self, districts: Collection[str], months: Collection[str]) -> pl.DataFrame:
        return self.placed.filter(pl.col("district_code").is_in(list(districts)), pl.col("month").is_in(list(months)))

    def check(self, read: int) -> None:
        """Raise :class:`SourceError` unless the records `read` equal records counted plus records left out."""
        counted, left_out = (
            float(self.placed.filter(pl.col("fate").is_in(fates))["records"].sum()) for fates in (COUNTED, LEFT_OUT)
        )
        if not math.isclose(read, counted + left_out, rel_tol=0, abs_tol=TOLERANCE * max(read, 1)):
            raise SourceError(
                f"{read:,} records were read, but {counted:,.1f} counted and {left_out:,.0f} left out: the tables "
                "of LSOAs do not fit together. Build them again with `python -m core.build england`."
            )

    def districts(self, forces: Sequence[str]) -> pl.DataFrame:
        """Records of each of `forces` by district, and in how many of the district's LSOAs it has any."""
        areas = pl.from_pandas(self.census.areas)
        sizes = areas.group_by("district_code", "district").agg(pl.len().alias("lsoas"))
        reached = self.reached.group_by(DISTRICT).agg(pl.len().alias("lsoas_with_records"))
        counted = self.placed.filter(pl.col("force").is_in(list(forces))).drop_nulls("district_code")
        return (
            summed(counted, [*DISTRICT])
            .join(reached, on=DISTRICT)
            .with_columns(pl.col("district_code").cast(pl.String))
            .join(sizes, on="district_code")
            .with_columns(pl.lit(self.census.year).alias("census"))
        )


def _placed(cells: pl.DataFrame, homes: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The records of `cells` by force, month, district and fate; and the LSOAs that have any of a force."""
    placed = cells.join(homes, on="code", how="left").with_columns(
        pl.col("fate").fill_null(UNKNOWN), pl.col("records") * pl.col("share").fill_null(1.0)
    )
    return summed(placed, [*PLACE]), placed.drop_nulls("lsoa_code").select(*DISTRICT, "lsoa_code").unique()


def summed(rows: pl.DataFrame, by: list[str]) -> pl.DataFrame:
    """The records of `rows` added up by the columns `by`, in order of their first rows."""
    return rows.group_by(by, maintain_order=True).agg(pl.col("records").sum())
