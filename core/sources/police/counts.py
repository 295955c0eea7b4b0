"""Street crime of any English force, counted: the publisher's download aggregated to LSOAs of 2011, by month and type.

Files of recent years use LSOA codes of 2021, deprivation and residents those of 2011. A code of 2011 stays as it is,
because unchanged neighbourhoods kept their code. Records of a code of 2021 are assigned to the LSOAs of 2011 in the
same area: all to one LSOA if it was split, in proportion to residents in mid-2019 if several were merged or redrawn.
Nothing is rounded, so totals are preserved.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
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
from core.sources.police.built import DISTRICTS
from core.sources.police.download import Download, StreetFile, download, name_of
from core.sources.police.report import Places, describe, lines_of, refuse_nothing_counted
from core.sources.police.rows import count_records
from core.sources.police.tally import RECODED, SHARED, UNCHANGED, UNKNOWN, WALES, WITHOUT, Tally, summed
from core.sources.police.territories import WELSH, Territories
from core.tables.catalogue import Catalogue
from core.tables.progress import Progress

SCHEMA = pa.schema(
    {"lsoa11_code": pa.string(), "month": pa.string(), "crime_type": pa.string(), "records": pa.float64()}
)
# Small enough that reading one force of many skips most of a month.
ROWS_TOGETHER = 1 << 15
DECIMALS = 3


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
        return lines_of(self.report)


def count_download(
    source: Path | UploadedFile | Sequence[UploadedFile],
    counts: Path | IO[bytes],
    tables: Catalogue,
    most: int | None = None,
    progress: Progress = lambda _share: None,
) -> Counted:
    """Count the download `source` by LSOA of 2011, month and crime type.

    Parameters
    ----------
    source
        Zip or folder in the publisher's layout, a street file of one month, or uploaded ones.
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
        If the download cannot be used as it is, or nothing in it can be counted.
    core.tables.catalogue.CatalogueError
        If the tidy tables are missing or damaged.
    """
    england, territories = _england(tables), Territories(tables.read_table("police_territories"))
    with download(source) as found:
        where = homes(england, pl.from_pandas(tables.read_table("lsoa_lookup")))
        tally = _write_counts(counts, found, where, Tally.of_nothing(england), most, progress)
    name = name_of(source)
    names = dict(england.select("lad19_code", "district").unique().sort("lad19_code").iter_rows())
    report = describe(name, found, tally, Places(names, territories))
    refuse_nothing_counted(name, report)
    return Counted(report, _districts(tally, territories))


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


def _write_counts(
    where: Path | IO[bytes],
    found: Download,
    homes: pl.DataFrame,
    tally: Tally,
    most: int | None,
    progress: Progress,
) -> Tally:
    """Write the counts of `found` some months at a time, so that memory does not grow with their number."""
    with pq.ParquetWriter(where, SCHEMA, compression="zstd") as writer:
        for counts in _whole_months(count_records(_with_progress(found.files, progress))):
            placed = place(counts, homes)
            tally.add(counts, placed)
            if most is not None and tally.read > most:
                raise SourceError(
                    f"The download has more than the {most:,} records that are read here; take fewer months."
                )
            rows = summed([placed.drop_nulls("lsoa11_code")], ["lsoa11_code", "month", "crime_type"])
            writer.write_table(rows.to_arrow().cast(SCHEMA), ROWS_TOGETHER)
    tally.check()
    return tally


def _with_progress(files: Sequence[StreetFile], progress: Progress) -> Iterator[StreetFile]:
    """The `files`; `progress` is called for each, and at the end."""
    for done, file in enumerate(files):
        progress(done / len(files))
        yield file
    progress(1)


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


def _england(tables: Catalogue) -> pl.DataFrame:
    """The LSOAs of England; their codes as a categorical type, which sorts and groups fast."""
    frame = tables.read_table("england_lsoas")[["lsoa11_code", "lad19_code", "district", "residents"]]
    return pl.from_pandas(frame).with_columns(pl.col("lsoa11_code").cast(pl.Enum(sorted(frame["lsoa11_code"]))))


def _districts(tally: Tally, territories: Territories) -> pd.DataFrame:
    """Records of each force by district, and whose territory the district is."""
    rows = tally.districts().to_pandas()
    rows = rows.assign(
        records=rows["records"].round(DECIMALS), territory_of=rows["lad19_code"].map(territories.force_of)
    )
    return rows[list(DISTRICTS)].sort_values(["force", "lad19_code"], ignore_index=True)
