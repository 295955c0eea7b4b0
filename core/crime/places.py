"""Places of the crime pages: the West Midlands of the study, those of today, and every force that has been built."""

from dataclasses import dataclass, replace
from pathlib import Path

from core.crime.area import CrimeArea
from core.crime.loaders import from_street_crime, west_midlands
from core.crime.months import period_text
from core.crime.today import area_of_2021, is_today, lsoas_of_2021, month_dispersion, place_of_today
from core.crime.today import names as today_names
from core.sources.police.built import FOLDER, StreetCrime, built
from core.sources.police.census import NEW
from core.stats.dispersion import FEWEST_PERIODS
from core.tables.catalogue import DATA_DIR, load_catalogue

STUDY_AREA = "west_midlands"
UPLOADED_PREFIX = "own-"  # prefix of the name of a force with uploaded figures


@dataclass(frozen=True)
class PlaceOption:
    """An available place: its label, and a fingerprint that changes when its figures do."""

    label: str
    version: str


def choices(data_dir: Path = DATA_DIR, folder: Path = FOLDER) -> dict[str, PlaceOption]:
    """Places by name: the studied one, London and the forces of 2025, then the forces in `folder` by their slugs.

    Raises
    ------
    core.tables.catalogue.CatalogueError
        If `folder` exists but is damaged.
    """
    studied = PlaceOption("West Midlands, 2019", load_catalogue(data_dir).version)
    version = load_catalogue(data_dir).version
    today = {name: PlaceOption(label, version) for name, label in today_names().items()}
    return {STUDY_AREA: studied} | today | (_forces(built(folder), data_dir) if folder.exists() else {})


def uploaded_options(uploaded: StreetCrime, data_dir: Path = DATA_DIR) -> dict[str, PlaceOption]:
    """Places with uploaded figures, by name."""
    offered = _forces(uploaded, data_dir)
    return {
        f"{UPLOADED_PREFIX}{slug}": PlaceOption(f"{choice.label} (your file)", choice.version)
        for slug, choice in offered.items()
    }


def place(
    name: str, data_dir: Path = DATA_DIR, folder: Path = FOLDER, uploaded: StreetCrime | None = None
) -> CrimeArea:
    """The figures of one of :func:`choices`, or of :func:`uploaded_options` of `uploaded`."""
    if name == STUDY_AREA:
        return west_midlands(data_dir)
    if is_today(name):
        return place_of_today(name, load_catalogue(data_dir))
    if uploaded is not None and name.startswith(UPLOADED_PREFIX):
        return _of_force(uploaded, name.removeprefix(UPLOADED_PREFIX), data_dir)
    return _of_force(built(folder), name, data_dir)


def _of_force(found: StreetCrime, slug: str, data_dir: Path) -> CrimeArea:
    """The figures of a force with how much they vary from month to month, where there are months enough to tell."""
    area = _summed_up(found, slug, data_dir)
    if len(found.force(slug).months) < FEWEST_PERIODS:
        return area
    districts = area.lsoas.set_index("lsoa11_code")["district"].astype(str)
    return replace(area, dispersion=month_dispersion(found.monthly_counts(slug, data_dir), districts))


def _summed_up(found: StreetCrime, slug: str, data_dir: Path) -> CrimeArea:
    """The figures of a force: by its own LSOA codes, with the outlines, residents and index of their census."""
    force, tables = found.force(slug), load_catalogue(data_dir)
    counts = found.counts(slug, data_dir=data_dir).rename(columns={"lsoa_code": "lsoa11_code"})
    if force.census == NEW:
        lsoas = lsoas_of_2021(tables, {"ltla24_code": list(force.districts)})
        return area_of_2021(force.name, counts, period_text(force.coverage), lsoas, force.coverage)
    return from_street_crime(
        counts,
        tables.read_table("england_lsoas"),
        force.districts.values(),
        name=force.name,
        period=period_text(force.coverage),
        points=tables.read_table("england_shapes")[["lsoa11_code", "longitude", "latitude"]],
        coverage=force.coverage,
    )


def _forces(found: StreetCrime, data_dir: Path) -> dict[str, PlaceOption]:
    version = f"{found.version}.{load_catalogue(data_dir).version}"
    return {
        slug: PlaceOption(f"{force.name}, {period_text(force.coverage)}", version)
        for slug, force in found.forces.items()
        if force.districts
    }
