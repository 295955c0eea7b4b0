"""The places that the crime pages offer: the West Midlands of the study, and every force that has been built."""

from dataclasses import dataclass
from pathlib import Path

from core.catalogue import DATA_DIR, catalogue
from core.crime.area import CrimeArea, from_street_crime, west_midlands
from core.street_crime import FOLDER, StreetCrime, built

STUDIED = "west_midlands"


@dataclass(frozen=True)
class Choice:
    """A place on offer: its words, and a fingerprint that changes when its figures do."""

    label: str
    version: str


def choices(data_dir: Path = DATA_DIR, folder: Path = FOLDER) -> dict[str, Choice]:
    """Places by name: the studied one first, then the forces in `folder` by their slugs.

    Raises
    ------
    core.catalogue.CatalogueError
        If `folder` is there but damaged.
    """
    studied = Choice("West Midlands, 2019", catalogue(data_dir).version)
    return {STUDIED: studied} | _forces(data_dir, folder)


def place(name: str, data_dir: Path = DATA_DIR, folder: Path = FOLDER) -> CrimeArea:
    """The figures of one of :func:`choices`."""
    if name == STUDIED:
        return west_midlands(data_dir)
    found, tables = built(folder), catalogue(data_dir)
    force = found.force(name)
    return from_street_crime(
        found.counts(name, data_dir=data_dir),
        tables.read_table("england_lsoas"),
        force.districts.values(),
        name=force.name,
        period=months_words(force.months),
        points=tables.read_table("england_shapes")[["lsoa11_code", "longitude", "latitude"]],
    )


def months_words(months: tuple[str, ...]) -> str:
    """Months as a span: '2018' for a whole year, else '2018-03 to 2019-01'."""
    first, last = months[0], months[-1]
    if first[:4] == last[:4] and len(months) == 12:
        return first[:4]
    return first if first == last else f"{first} to {last}"


def _forces(data_dir: Path, folder: Path) -> dict[str, Choice]:
    if not folder.exists():
        return {}
    found: StreetCrime = built(folder)
    version = f"{found.version}.{catalogue(data_dir).version}"
    return {
        slug: Choice(f"{force.name}, {months_words(force.months)}", version)
        for slug, force in found.forces.items()
        if force.districts
    }
