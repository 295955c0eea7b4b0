"""Street crime that was built from the publisher's files: forces, their districts and months, counts by LSOA.

``python -m core.build street-crime`` writes the folder; this module reads it.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import pandas as pd

from core.sources.police.census import read_census
from core.sources.police.coverage import RULE_VERSION, Coverage, coverage_of
from core.tables.catalogue import DATA_DIR, VERSION_LENGTH, CatalogueError, load_catalogue

FOLDER = DATA_DIR / "street_crime"
COUNTS_FILE, DISTRICTS_FILE, REPORT_FILE = "crime_counts.parquet", "districts.csv", "report.json"
DISTRICTS = ("force", "census", "district_code", "district", "territory_of", "records", "lsoas_with_records", "lsoas")
BUILD = "build it with `python -m core.build street-crime ZIP_OR_FOLDER --out DIR`"


@dataclass(frozen=True)
class Force:
    """A police force in the built files.

    Parameters
    ----------
    slug, name
        Its name in the publisher's file names, such as ``"south-yorkshire"``, and its display name.
    districts
        Names of the local-authority districts of its territory in which it has records, by code: those of 2019 with
        codes of 2011, those of 2024 with codes of 2021.
    coverage
        Its months, and what they lack.
    census
        Year of the census whose LSOA codes its records have.
    """

    slug: str
    name: str
    districts: Mapping[str, str]
    coverage: Coverage
    census: str

    @property
    def months(self) -> tuple[str, ...]:
        """Months with records, such as ``"2018-01"``, in order."""
        return self.coverage.counted


@dataclass(frozen=True, eq=False)
class StreetCrime:
    """Counts of street crime.

    Parameters
    ----------
    table
        The counts as Parquet: a path, or the content of a file.
    version
        Short hash that changes when a count does; for cache keys.
    forces
        Its forces by slug, in order of the slugs.
    """

    table: Path | bytes
    version: str
    forces: Mapping[str, Force]

    def force(self, slug: str) -> Force:
        """The force `slug`; raise :class:`~core.tables.catalogue.CatalogueError` if there is no such force."""
        if slug not in self.forces:
            raise CatalogueError(f"{slug!r} was not counted; there are {', '.join(self.forces)}.")
        return self.forces[slug]

    def counts(self, force: str, months: Sequence[str] = (), data_dir: Path = DATA_DIR) -> pd.DataFrame:
        """Records in the districts of `force`, by LSOA and crime type, over `months`.

        Parameters
        ----------
        force
            Slug of the force.
        months
            Months to add up; by default all months of the force.
        data_dir
            Folder of the tidy tables, which list the LSOAs of each district.

        Returns
        -------
        DataFrame
            ``lsoa_code`` (of the census of the force), ``crime_type`` and ``records`` (a count; fractional where
            records of the other census were shared out among LSOAs), sorted; only LSOAs and types with records.
            Records in the force's districts count whichever force recorded them; records elsewhere do not.

        Raises
        ------
        core.tables.catalogue.CatalogueError
            If the force or a month is unknown, the force has no districts, or the file is damaged.
        """
        known = self.force(force)
        if not known.districts:
            raise CatalogueError(f"{known.name} has no district with records; choose another force.")
        chosen = list(months or known.months)
        unknown = sorted(set(chosen) - set(known.months))
        if unknown:
            raise CatalogueError(
                f"{known.name} has no records for {', '.join(unknown)}; choose from {known.months[0]} to "
                f"{known.months[-1]}, or build again with that month."
            )
        return _summed(self._placed(known, chosen, data_dir), ["lsoa_code", "crime_type"])

    def monthly_counts(self, force: str, data_dir: Path = DATA_DIR) -> pd.DataFrame:
        """As :meth:`counts`, of each of the months apart: ``lsoa_code``, ``month``, ``crime_type``, ``records``."""
        known = self.force(force)
        return _summed(self._placed(known, list(known.months), data_dir), ["lsoa_code", "month", "crime_type"])

    def _placed(self, known: Force, months: list[str], data_dir: Path) -> pd.DataFrame:
        """The rows of `months` in the LSOAs of a force, whose records are shared out where its census is another."""
        homes = _homes(known, data_dir)
        placed = self._rows(months, homes["code"].unique().tolist()).merge(homes, on="code")
        return placed.assign(records=placed["records"] * placed["share"])

    def _rows(self, months: list[str], codes: list[str]) -> pd.DataFrame:
        table = self.table if isinstance(self.table, Path) else BytesIO(self.table)
        wanted = [("month", "in", months), ("code", "in", codes)]
        try:
            return pd.read_parquet(table, columns=["code", "month", "crime_type", "records"], filters=wanted)
        except (OSError, ValueError) as error:
            raise CatalogueError(f"{self.table!s:.200} cannot be read ({error}); {BUILD}.") from error


def built(folder: Path = FOLDER) -> StreetCrime:
    """The street crime that was built into `folder`.

    Raises
    ------
    core.tables.catalogue.CatalogueError
        If the folder is missing or damaged; the message says how to build it.
    """
    try:
        text = (folder / REPORT_FILE).read_bytes()
        report = json.loads(text)
        size = (folder / COUNTS_FILE).stat().st_size
        forces = known_forces(report)
        is_current = report["rules"]["version"] == RULE_VERSION
        is_complete = size == report["counts"]["bytes"]
    except FileNotFoundError as error:
        raise CatalogueError(f"{error.filename} is not there; {BUILD}.") from error
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise CatalogueError(f"{folder} is not a folder of built street crime ({error!r}); {BUILD}.") from error
    if not is_current:
        raise CatalogueError(f"{folder} was built by other rules; {BUILD}.")
    if not is_complete:
        raise CatalogueError(f"{folder / COUNTS_FILE} is not what {REPORT_FILE} says ({size:,} bytes); {BUILD}.")
    return StreetCrime(folder / COUNTS_FILE, hashlib.sha256(text).hexdigest()[:VERSION_LENGTH], forces)


def known_forces(report: Mapping[str, Any]) -> dict[str, Force]:
    """The forces of a report, by slug."""
    return {
        slug: Force(slug, entry["name"], entry["districts"], coverage_of(entry), entry["census"])
        for slug, entry in report["forces"].items()
    }


def _summed(placed: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    return placed.groupby(keys, observed=True)["records"].sum().reset_index()


def _homes(force: Force, data_dir: Path) -> pd.DataFrame:
    """The codes of either census whose records lie in the districts of `force`, and in which LSOAs of its own."""
    census = read_census(force.census, load_catalogue(data_dir))
    lsoas = census.areas.loc[census.areas["district_code"].isin(force.districts), "lsoa_code"]
    return census.homes[census.homes["lsoa_code"].isin(lsoas)]
