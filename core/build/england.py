"""Reads and checks the figures of all neighbourhoods of England, used for any English force."""

from pathlib import Path

from core.sources.files.cells import SourceError, Tidy
from core.sources.files.validate import check_declared
from core.sources.police import territories
from core.sources.small_areas import lsoa_boundaries, lsoa_lookup, lsoas
from core.sources.small_areas.small_areas import CODE


def read_england(folder: Path) -> list[Tidy]:
    """Neighbourhoods of England with deprivation, residents and shapes, the lookup to 2021, and police territories.

    Parameters
    ----------
    folder
        Folder of the files of 2011 to 2019; those of 2024 are in the folder ``england`` next to it.

    Raises
    ------
    core.sources.files.cells.SourceError
        For the first error found.
    """
    areas, lookup = lsoas.read_england(folder), lsoa_lookup.read(folder)
    district_codes = dict(zip(areas.frame[CODE], areas.frame["lad19_code"], strict=True))
    tables = [areas, lookup, lsoa_boundaries.read_england(folder, district_codes)]
    for tidy in tables:
        check_declared(tidy)
    check_lookup(lookup, areas)
    forces = territories.read(folder.absolute().parent / territories.FOLDER, areas.frame, lookup.frame)
    check_declared(forces)
    return [*tables, forces]


def check_lookup(lookup: Tidy, areas: Tidy) -> None:
    """Raise :class:`SourceError` unless the English codes of the lookup are exactly the neighbourhoods of England."""
    listed = lookup.frame[CODE]
    wrong = sorted(set(listed[listed.str.startswith("E")]) ^ set(areas.frame[CODE]))
    if wrong:
        raise SourceError(
            f"{lookup.origin} and {areas.origin} disagree on {wrong[0]} ({len(wrong)} in all); "
            "use the lookup from the neighbourhoods of 2011 to those of 2021."
        )
