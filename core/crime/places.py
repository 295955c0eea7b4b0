"""The places that the crime pages offer: the West Midlands of the study, and every force that has been built."""

from dataclasses import dataclass
from pathlib import Path

from core.crime.area import CrimeArea, from_street_crime, west_midlands
from core.sources.police.built import FOLDER, StreetCrime, built
from core.tables.catalogue import DATA_DIR, catalogue

STUDIED = "west_midlands"
OWN = "own-"  # begins the name of a force whose figures a visitor handed in


@dataclass(frozen=True)
class Choice:
    """A place on offer: its words, and a fingerprint that changes when its figures do."""

    label: str
    version: str


def choices(data_dir: Path = DATA_DIR, folder: Path = FOLDER) -> dict[str, Choice]:
    """Places by name: the studied one first, then the forces in `folder` by their slugs.

    Raises
    ------
    core.tables.catalogue.CatalogueError
        If `folder` is there but damaged.
    """
    studied = Choice("West Midlands, 2019", catalogue(data_dir).version)
    return {STUDIED: studied} | (_forces(built(folder), data_dir) if folder.exists() else {})


def given_choices(given: StreetCrime, data_dir: Path = DATA_DIR) -> dict[str, Choice]:
    """Places by name that a visitor handed in."""
    offered = _forces(given, data_dir)
    return {f"{OWN}{slug}": Choice(f"{choice.label} (your file)", choice.version) for slug, choice in offered.items()}


def place(name: str, data_dir: Path = DATA_DIR, folder: Path = FOLDER, given: StreetCrime | None = None) -> CrimeArea:
    """The figures of one of :func:`choices`, or of :func:`given_choices` of `given`."""
    if name == STUDIED:
        return west_midlands(data_dir)
    if given is not None and name.startswith(OWN):
        return _of_force(given, name.removeprefix(OWN), data_dir)
    return _of_force(built(folder), name, data_dir)


def _of_force(found: StreetCrime, slug: str, data_dir: Path) -> CrimeArea:
    force, tables = found.force(slug), catalogue(data_dir)
    return from_street_crime(
        found.counts(slug, data_dir=data_dir),
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


def _forces(found: StreetCrime, data_dir: Path) -> dict[str, Choice]:
    version = f"{found.version}.{catalogue(data_dir).version}"
    return {
        slug: Choice(f"{force.name}, {months_words(force.months)}", version)
        for slug, force in found.forces.items()
        if force.districts
    }
