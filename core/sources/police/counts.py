"""Street crime of any English force, counted: the publisher's download by LSOA code, month and type of crime.

Files carry LSOA codes of the 2011 census or of 2021, by when they were made. Records are counted by the code they came
with. Each force gets the census of which it has codes, and with it that census's districts, residents and index of
deprivation; codes of the other census are placed when the counts are read (:mod:`core.sources.police.census`), and the
report says how many there are.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
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
from core.sources.police.census import MOVED, NEW, OLD, SHARED, Census, read_census
from core.sources.police.download import Download, StreetFile, download, name_of
from core.sources.police.report import describe, lines_of, refuse_nothing_counted
from core.sources.police.rows import count_records
from core.sources.police.tally import CELL, LEFT_OUT, Tally, known_codes, summed, with_known_codes
from core.sources.police.territories import Territories
from core.tables.catalogue import Catalogue
from core.tables.progress import Progress

SCHEMA = pa.schema({"code": pa.string(), "month": pa.string(), "crime_type": pa.string(), "records": pa.int64()})
# Small enough that reading one force of many skips most of a month.
ROWS_TOGETHER = 1 << 15
DECIMALS = 3
ALMOST_ALL = 0.99
# From here on a force whose codes are all of both censuses is taken to use those of 2021: residents in mid-2022 are
# then nearer than those in mid-2019.
NEW_FROM = "2021-01"


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
    """Count the download `source` by LSOA code, month and crime type.

    Parameters
    ----------
    source
        Zip or folder in the publisher's layout, a street file of one month, or uploaded ones.
    counts
        Where to write the counts, as Parquet: ``code`` (of an LSOA of either census), ``month``, ``crime_type``,
        ``records``.
    tables
        England's LSOAs of both censuses, the lookup between them, and police territories.
    most
        Maximum number of records to read; ``None`` for no limit.
    progress
        Called with the share of the files' bytes that has been read (0 to 1).

    Raises
    ------
    core.sources.files.cells.SourceError
        If the download cannot be used as it is, or nothing in it can be counted.
    core.tables.catalogue.CatalogueError
        If the tidy tables are missing or damaged.
    """
    territories, censuses = Territories(tables.read_table("police_territories")), _censuses(tables)
    with download(source) as found:
        (old, new), read = _write_counts(counts, found, censuses, most, progress)
    for tally in (old, new):
        tally.check(read)
    name = name_of(source)
    of_force = {force: _own(force, old, new) for force in sorted({file.force for file in found.files})}
    report = describe(name, found, of_force, territories)
    refuse_nothing_counted(name, report)
    return Counted(report, _districts(of_force, territories))


def _censuses(tables: Catalogue) -> tuple[Census, Census]:
    return read_census(OLD, tables), read_census(NEW, tables)


def _own(force: str, old: Tally, new: Tally) -> Tally:
    """The tally by the census whose codes `force` has: that by which fewer of its records have a code of the other."""
    by_old, by_new = (tally.records(MOVED, SHARED, force=force) for tally in (old, new))
    if by_old == by_new:
        return new if str(new.placed.filter(force=force)["month"].max() or "") >= NEW_FROM else old
    return old if by_old < by_new else new


def _write_counts(
    where: Path | IO[bytes], found: Download, censuses: Sequence[Census], most: int | None, progress: Progress
) -> tuple[list[Tally], int]:
    """Write the counts of `found` some months at a time, and tally them, so that memory does not grow with the months.

    Returns
    -------
    list of Tally
        The records by each of `censuses`.
    int
        How many records were read.
    """
    known = known_codes(censuses)
    forces, months = (pl.Enum(sorted({getattr(file, name) for file in found.files})) for name in ("force", "month"))
    types = {"force": forces, "month": months, "code": known, "records": pl.Int64()}
    tallies, read = [Tally.nothing(census, types) for census in censuses], 0
    seen = _BytesRead(found.files, progress)
    progress(0)
    with pq.ParquetWriter(where, SCHEMA, compression="zstd") as writer:
        for raw in _whole_months(count_records(seen.files, seen.say)):
            counts = with_known_codes(raw, known)
            read += int(counts["records"].sum())
            if most is not None and read > most:
                raise SourceError(
                    f"The download has more than the {most:,} records that are read here; take fewer months."
                )
            cells = summed(counts, [*CELL]).cast(types)  # type: ignore[arg-type]
            tallies = [tally.plus(cells) for tally in tallies]
            placed = counts.filter(~pl.col("code").is_in(LEFT_OUT))
            rows = summed(placed.sort("month", "code", "crime_type"), ["code", "month", "crime_type"])
            writer.write_table(rows.to_arrow().cast(SCHEMA), ROWS_TOGETHER)
    progress(1)
    return tallies, read


class _BytesRead:
    """How many bytes of `files` have been read; each is read by one thread, and all are added up by the caller's."""

    def __init__(self, files: Sequence[StreetFile], progress: Progress) -> None:
        self._progress = progress
        self._total = sum(file.size for file in files) or 1
        self._read = [0] * len(files)
        self.files = [replace(file, seen=partial(self._add, place)) for place, file in enumerate(files)]

    def _add(self, place: int, size: int) -> None:
        self._read[place] += size

    def say(self) -> None:
        """Tell the share that has been read; the whole is told when all is counted."""
        self._progress(min(ALMOST_ALL, sum(self._read) / self._total))


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


def _districts(of_force: Mapping[str, Tally], territories: Territories) -> pd.DataFrame:
    """Records of each force by district of its own census, and whose territory the district is."""
    tallies = {tally.census.year: tally for tally in of_force.values()}
    forces = {year: [force for force, own in of_force.items() if own.census.year == year] for year in tallies}
    rows = pd.concat([tally.districts(forces[year]).to_pandas() for year, tally in tallies.items()])
    rows = rows.assign(
        records=rows["records"].round(DECIMALS), territory_of=rows["district_code"].map(territories.force_of)
    )
    return rows[list(DISTRICTS)].astype({"force": str}).sort_values(["force", "district_code"], ignore_index=True)
