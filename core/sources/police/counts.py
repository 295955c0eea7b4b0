"""Street crime of any English force, counted: the publisher's download aggregated to LSOAs of 2011, by month and type.

Files of recent years use LSOA codes of 2021, deprivation and residents those of 2011. A code of 2011 stays as it is,
because unchanged neighbourhoods kept their code. Records of a code of 2021 are assigned to the LSOAs of 2011 in the
same area: all to one LSOA if it was split, in proportion to residents in mid-2019 if several were merged or redrawn.
Nothing is rounded, so totals are preserved.
"""

import math
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import IO, Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from core.sources.files.cells import SourceError
from core.sources.files.limits import UploadedFile
from core.sources.police.built import DISTRICT_RULE, DISTRICTS, covered_districts, force_name
from core.sources.police.download import Download, StreetFile, count_records, download
from core.tables.catalogue import Catalogue

SHARING_RULE = (
    "A code of 2011 stays. Records of a code of 2021 go to the LSOAs of 2011 on its ground: to one where that was "
    "split, in proportion to residents in mid-2019 where several were merged or redrawn."
)
RULE_VERSION = 1
SCHEMA = pa.schema(
    {"lsoa11_code": pa.string(), "month": pa.string(), "crime_type": pa.string(), "records": pa.float64()}
)
# Small enough that reading one force of many skips most of a month.
ROWS_TOGETHER = 1 << 15
WELSH = "W"
TOLERANCE = 1e-9
DECIMALS = 3
NAMED = 12
# Fates of records: the first three are counted, the others are left out.
UNCHANGED, RECODED, SHARED = COUNTED = ("with_2011_code", "with_2021_code", "shared_out")
WITHOUT, WALES, UNKNOWN = "without_lsoa", "in_wales", "unknown_code"


Progress = Callable[[float], None]


@dataclass(frozen=True)
class Counted:
    """Result of counting a download.

    Parameters
    ----------
    report
        Content of ``report.json``.
    districts
        Records of each force by district: the columns of :data:`core.sources.police.built.DISTRICTS`.
    """

    report: Mapping[str, Any]
    districts: pd.DataFrame

    def lines(self) -> list[str]:
        """The report as lines of text."""
        return [*_lines(self.report), *_coverage(self.report["forces"], self.districts)]


def count_download(
    source: Path | UploadedFile,
    counts: Path | IO[bytes],
    tables: Catalogue,
    most: int | None = None,
    progress: Progress = lambda _share: None,
) -> Counted:
    """Count the download `source` by LSOA of 2011, month and crime type.

    Parameters
    ----------
    source
        Zip or folder in the publisher's layout, or an uploaded zip.
    counts
        Where to write the counts, as Parquet: ``lsoa11_code``, ``month``, ``crime_type``, ``records``.
    tables
        England's LSOAs and the lookup from 2011 to 2021.
    most
        Maximum number of records to read; ``None`` for no limit.
    progress
        Called with the share of the files that has been read (0 to 1).

    Raises
    ------
    core.sources.files.cells.SourceError
        If the download cannot be used as it is.
    core.tables.catalogue.CatalogueError
        If the tidy tables are missing or damaged.
    """
    with download(source) as found:
        england = _england(tables)
        where = homes(england, pl.from_pandas(tables.read_table("lsoa_lookup")))
        tally = _write_counts(counts, found, where, most, progress)
    name = source.resolve().name if isinstance(source, Path) else source.name
    return Counted(describe(name, found, tally), tally.districts(england).to_pandas())


def homes(england: pl.DataFrame, lookup: pl.DataFrame) -> pl.DataFrame:
    """LSOAs of 2011 to which records are assigned, by LSOA code.

    Parameters
    ----------
    england
        ``lsoa11_code`` and ``residents`` of the LSOAs of England.
    lookup
        ``lsoa11_code`` and ``lsoa21_code`` that overlap, with or without Wales.

    Returns
    -------
    DataFrame
        ``code`` (of 2011 or 2021, in England), ``lsoa11_code``, ``share`` of its records assigned to it (shares add up
        to 1 for a code) and ``fate`` (one of ``COUNTED``).
    """
    plain = england.select("lsoa11_code", "residents", pl.col("lsoa11_code").cast(pl.String).alias("code"))
    stays = plain.with_columns(pl.lit(UNCHANGED).alias("fate"))
    moves = (
        lookup.select("lsoa21_code", pl.col("lsoa11_code").alias("code"))
        .join(plain, left_on="lsoa21_code", right_on="code", how="anti")
        .join(plain, on="code")
        .select("lsoa11_code", "residents", pl.col("lsoa21_code").alias("code"))
        .with_columns(pl.when(pl.len().over("code") > 1).then(pl.lit(SHARED)).otherwise(pl.lit(RECODED)).alias("fate"))
    )
    share = pl.col("residents") / pl.col("residents").sum().over("code")
    return pl.concat([stays, moves]).select("code", "lsoa11_code", share.alias("share"), "fate")


def place(counts: pl.DataFrame, homes: pl.DataFrame) -> pl.DataFrame:
    """The records `counts` with the LSOA of 2011 they are assigned to, and their fate.

    Parameters
    ----------
    counts
        ``month``, ``force``, ``code``, ``crime_type`` and ``records``, as read.
    homes
        As :func:`homes` returns them.

    Returns
    -------
    DataFrame
        ``month``, ``force``, ``lsoa11_code`` (missing where records are left out), ``crime_type``, ``records``
        (fractional where apportioned) and ``fate``; in a deterministic order.
    """
    code = pl.col("code").fill_null("").str.strip_chars()
    reason = (
        pl.when(code == "")
        .then(pl.lit(WITHOUT))
        .when(code.str.starts_with(WELSH))
        .then(pl.lit(WALES))
        .otherwise(pl.lit(UNKNOWN))
    )
    # The few codes that occur are looked up first, which is faster than looking up every row.
    codes = counts.select(pl.col("code").unique()).join(homes, on="code", how="left")
    codes = codes.with_columns(pl.col("share").fill_null(1), pl.col("fate").fill_null(reason))
    return (
        counts.join(codes, on="code", how="left", nulls_equal=True)
        .sort("month", "lsoa11_code", "crime_type", "force", "code")
        .select("month", "force", "lsoa11_code", "crime_type", pl.col("records") * pl.col("share"), "fate")
    )


@dataclass
class Tally:
    """Running totals of records by fate.

    Parameters
    ----------
    read
        Records read.
    fates
        ``force``, ``fate`` and ``records``.
    areas
        ``force``, ``lsoa11_code`` and ``records``, of those that are counted.
    """

    read: int
    fates: pl.DataFrame
    areas: pl.DataFrame

    @classmethod
    def of_nothing(cls, lsoas: pl.DataType) -> "Tally":
        """An empty tally; `lsoas` is the data type of ``lsoa11_code``."""
        fates = pl.DataFrame(schema={"force": pl.String, "fate": pl.String, "records": pl.Float64})
        return cls(0, fates, pl.DataFrame(schema={"force": pl.String, "lsoa11_code": lsoas, "records": pl.Float64}))

    def add(self, counts: pl.DataFrame, placed: pl.DataFrame) -> None:
        """Add some records, as read and as assigned to LSOAs."""
        self.read += int(counts["records"].sum())
        self.fates = _summed([self.fates, placed], ["force", "fate"])
        self.areas = _summed([self.areas, placed.drop_nulls("lsoa11_code")], ["force", "lsoa11_code"])

    def records(self, *fates: str, force: str = "") -> int:
        """Records with one of these `fates` (by default all), of one force or of all."""
        rows = self.fates.filter(pl.col("fate").is_in(fates or self.fates["fate"].to_list()))
        return round(float((rows.filter(force=force) if force else rows)["records"].sum()))

    def check(self) -> None:
        """Raise :class:`SourceError` unless records read equal records counted plus records left out."""
        counted, left_out = float(self.areas["records"].sum()), self.records(WITHOUT, WALES, UNKNOWN)
        if not math.isclose(self.read, counted + left_out, rel_tol=0, abs_tol=TOLERANCE * max(self.read, 1)):
            raise SourceError(
                f"{self.read:,} records were read, but {counted:,.1f} counted and {left_out:,} left out: the tables "
                "of LSOAs do not fit together. Build them again with `python -m core.build england`."
            )

    def districts(self, england: pl.DataFrame) -> pl.DataFrame:
        """Records of each force by district, and in how many of the district's LSOAs it has any."""
        sizes = england.group_by("lad19_code").agg(pl.len().alias("lsoas"))
        return (
            self.areas.join(england, on="lsoa11_code")
            .group_by("force", "lad19_code", "district")
            .agg(pl.col("records").sum().round(DECIMALS), pl.len().alias("lsoas_with_records"))
            .join(sizes, on="lad19_code")
            .select(DISTRICTS)
            .sort("force", "lad19_code")
        )


def describe(source: str, found: Download, tally: Tally) -> dict[str, Any]:
    """Content of ``report.json`` for the download `source`: what was read, counted, left out, skipped and missing."""
    months: dict[str, list[str]] = {}
    for file in found.files:
        months.setdefault(file.force, []).append(file.month)
    return {
        "source": source,
        "forces": {
            force: {"months": have, "missing_months": _missing(have), "read": tally.records(force=force)}
            for force, have in sorted(months.items())
        },
        "months": sorted({file.month for file in found.files}),
        "read": tally.read,
        "counted": tally.records(*COUNTED),
        "without_lsoa": tally.records(WITHOUT),
        "outside": tally.records(WALES, UNKNOWN),
        **{fate: tally.records(fate) for fate in (WALES, UNKNOWN, *COUNTED)},
        "skipped": found.skipped,
        "rules": {"version": RULE_VERSION, "codes": SHARING_RULE, "districts": DISTRICT_RULE},
        "engine": f"polars {pl.__version__}",
    }


def _lines(report: Mapping[str, Any]) -> list[str]:
    """The report as lines of text."""
    forces, months = report["forces"], report["months"]
    years = sorted({month[:4] for month in months})
    return [
        f"{_number(forces, 'force')}, {_span(months)}"
        + (f", in {len(years)} years ({', '.join(years)})" if len(years) > 1 else ""),
        f"read {report['read']:,} = counted {report['counted']:,} + without LSOA {report['without_lsoa']:,} "
        f"+ outside {report['outside']:,}",
        f"outside: {report[WALES]:,} in Wales, {report[UNKNOWN]:,} with a code that no LSOA of England or Wales has",
        f"LSOA codes of 2021: {report[RECODED]:,} records moved to the one LSOA of 2011, "
        f"{report[SHARED]:,} shared out among several",
        *(_skipped(kind, names) for kind, names in report["skipped"].items()),
        *(_warning(force, entry["missing_months"]) for force, entry in forces.items() if entry["missing_months"]),
    ]


def _write_counts(
    where: Path | IO[bytes], found: Download, homes: pl.DataFrame, most: int | None, progress: Progress
) -> Tally:
    """Write the counts of `found` some months at a time, so that memory does not grow with their number."""
    tally = Tally.of_nothing(homes.schema["lsoa11_code"])
    with pq.ParquetWriter(where, SCHEMA, compression="zstd") as writer:
        for counts in _whole_months(count_records(_with_progress(found.files, progress))):
            placed = place(counts, homes)
            tally.add(counts, placed)
            if most is not None and tally.read > most:
                raise SourceError(
                    f"The download has more than the {most:,} records that are read here; take fewer months."
                )
            rows = _summed([placed.drop_nulls("lsoa11_code")], ["lsoa11_code", "month", "crime_type"])
            writer.write_table(rows.to_arrow().cast(SCHEMA), ROWS_TOGETHER)
    tally.check()
    return tally


def _with_progress(files: Sequence[StreetFile], progress: Progress) -> Iterator[StreetFile]:
    """The `files`; `progress` is called for each."""
    for done, file in enumerate(files):
        progress(done / len(files))
        yield file


def _whole_months(counts: Iterable[pl.DataFrame]) -> Iterator[pl.DataFrame]:
    """The `counts`, which are in order of months, joined into groups of complete months with enough rows."""
    waiting: list[pl.DataFrame] = []
    for _, month in groupby(counts, key=lambda part: part["month"].first()):
        waiting += month
        if sum(map(len, waiting)) >= ROWS_TOGETHER:
            yield pl.concat(waiting)
            waiting = []
    if waiting:
        yield pl.concat(waiting)


def _summed(frames: list[pl.DataFrame], by: list[str]) -> pl.DataFrame:
    together = pl.concat(frame.select(*by, "records") for frame in frames)
    return together.group_by(by, maintain_order=True).agg(pl.col("records").sum())


def _england(tables: Catalogue) -> pl.DataFrame:
    """The LSOAs of England; their codes as a categorical type, which sorts and groups fast."""
    frame = tables.read_table("england_lsoas")[["lsoa11_code", "lad19_code", "district", "residents"]]
    return pl.from_pandas(frame).with_columns(pl.col("lsoa11_code").cast(pl.Enum(sorted(frame["lsoa11_code"]))))


def _missing(months: list[str]) -> list[str]:
    every = pd.period_range(min(months), max(months), freq="M").strftime("%Y-%m")
    return sorted(set(every) - set(months))


def _span(months: Sequence[str]) -> str:
    return f"{_number(months, 'month')} from {months[0]} to {months[-1]}"


def _skipped(kind: str, names: Sequence[str]) -> str:
    return f"skipped {_number(names, f'{kind} file')}: {_named(names)}"


def _warning(force: str, missing: Sequence[str]) -> str:
    return f"Warning: {force_name(force)} has no file for {_named(missing)}; its counts lack that time."


def _number(things: Collection[str], name: str) -> str:
    return f"{len(things):,} {name}{'' if len(things) == 1 else 's'}"


def _named(names: Sequence[str]) -> str:
    """The first few `names`, and how many more there are."""
    more = len(names) - NAMED
    return ", ".join(names[:NAMED]) + (f" and {more:,} more" if more > 0 else "")


def _coverage(forces: Mapping[str, Any], districts: pd.DataFrame) -> Iterator[str]:
    """Which districts each of the `forces` has, and how many of its records lie in others."""
    covered = covered_districts(districts)
    for force, entry in forces.items():
        force_districts = covered[covered["force"] == force]
        elsewhere = districts.loc[districts["force"] == force, "records"].sum() - force_districts["records"].sum()
        names = f"districts {', '.join(force_districts['district'])}" if len(force_districts) else "no district"
        yield (
            f"{force_name(force)}, {_span(entry['months'])}: {names}; "
            f"{elsewhere:,.0f} of its counted records lie elsewhere"
        )
