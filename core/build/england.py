"""Reads and checks the figures of all neighbourhoods of England, those of the 2011 and of the 2021 census."""

from collections.abc import Iterable
from pathlib import Path

from core.sources.dataset import Dataset
from core.sources.files.cells import SourceError, Tidy
from core.sources.files.validate import check_declared
from core.sources.police import london_areas, street_crime_2025, territories
from core.sources.small_areas import (
    area_boundaries,
    areas,
    deprivation2025,
    district_summaries,
    lsoa_boundaries,
    lsoa_lookup,
    lsoas,
)
from core.sources.small_areas.small_areas import CODE

# Folders of the publications that are used, next to England's own.
OF_2011, STREET_CRIME, LONDON = "west_midlands", "street_crime", "london"


def read_england(folder: Path) -> list[Tidy]:
    """Neighbourhoods of England, as drawn for both censuses, with deprivation, residents, outlines, police and crime.

    Parameters
    ----------
    folder
        Folder of the files on the neighbourhoods of 2021; those of 2011, of street crime and of London lie in the
        folders :data:`OF_2011`, :data:`STREET_CRIME` and :data:`LONDON` next to it.

    Raises
    ------
    core.sources.files.cells.SourceError
        For the first error found.
    """
    before, today = read_england_2011(folder.parent / OF_2011), read_england_2021(folder)
    forces = territories.read(folder, before[0].frame, before[1].frame)
    check_declared(forces)
    crime = [*street_crime_2025.read(folder.parent / STREET_CRIME), london_areas.read(folder.parent / LONDON)]
    for tidy in crime:
        check_declared(tidy)
        check_known(tidy, today[0])
    return [*before, *today, *crime, forces]


def read_england_2011(folder: Path) -> list[Tidy]:
    """Neighbourhoods of 2011 with deprivation, residents and shapes, and the lookup from 2011 to 2021."""
    england, lookup = lsoas.read_england(folder), lsoa_lookup.read(folder)
    district_codes = dict(zip(england.frame[CODE], england.frame["lad19_code"], strict=True))
    tables = [england, lookup, lsoa_boundaries.read_england(folder, district_codes)]
    for tidy in tables:
        check_declared(tidy)
    check_lookup(lookup, england)
    return tables


def read_england_2021(folder: Path) -> list[Tidy]:
    """Neighbourhoods of 2021 with places, residents, deprivation and outlines, and the summaries by district."""
    where, deprivation = areas.read(folder), deprivation2025.read(folder)
    summaries = district_summaries.read(folder)
    district_codes = dict(zip(where.frame[areas.CODE], where.frame["ltla24_code"], strict=True))
    indicators = deprivation2025.read_indicators(folder)
    tables = [where, deprivation, indicators, summaries, *area_boundaries.read(folder, district_codes)]
    for tidy in tables:
        check_declared(tidy)
    for tidy in (deprivation, indicators):
        check_same(tidy, where)
    scored = where.frame.merge(deprivation.frame[[areas.CODE, "imd25_score"]], on=areas.CODE)
    district_summaries.check_averages(summaries, scored)
    return tables


def check_lookup(lookup: Tidy, areas_2011: Tidy) -> None:
    """Raise :class:`SourceError` unless the English codes of the lookup are exactly the neighbourhoods of England."""
    listed = lookup.frame[CODE]
    _refuse(
        set(listed[listed.str.startswith("E")]) ^ set(areas_2011.frame[CODE]),
        lookup,
        areas_2011,
        "use the lookup from the neighbourhoods of 2011 to those of 2021",
    )


def check_same(tidy: Tidy, where: Tidy) -> None:
    """Raise :class:`SourceError` unless `tidy` has exactly the neighbourhoods of `where`."""
    wrong = set(tidy.frame[areas.CODE]) ^ set(where.frame[areas.CODE])
    _refuse(wrong, tidy, where, "use files of the neighbourhoods of 2021")


def check_known(tidy: Tidy, where: Tidy) -> None:
    """Raise :class:`SourceError` if `tidy` has a neighbourhood in England that `where` does not have."""
    if areas.CODE in tidy.frame:
        listed = tidy.frame[areas.CODE]
        unknown = set(listed[listed.str.startswith("E")]) - set(where.frame[areas.CODE])
        _refuse(unknown, tidy, where, "use counts by neighbourhoods of 2021")


def _refuse(wrong: Iterable[str], tidy: Tidy, where: Tidy, advice: str) -> None:
    codes = sorted(wrong)
    if codes:
        raise SourceError(f"{tidy.origin} and {where.origin} disagree on {codes[0]} ({len(codes)} in all); {advice}.")


DATASET = Dataset(
    "england",
    "Neighbourhoods of England, for the crime figures of any force",
    (
        lsoas.ENGLAND,
        lsoa_lookup.TABLE,
        lsoa_boundaries.ENGLAND,
        areas.TABLE,
        deprivation2025.TABLE,
        deprivation2025.INDICATORS_TABLE,
        district_summaries.TABLE,
        area_boundaries.TABLE,
        area_boundaries.DISTRICTS,
        street_crime_2025.COUNTS,
        street_crime_2025.FILES,
        london_areas.TABLE,
        territories.TABLE,
    ),
    (),
    read_england,
)
