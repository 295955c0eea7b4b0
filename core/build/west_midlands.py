"""Reads and checks all files of the West Midlands study."""

from pathlib import Path

from core.sources.dataset import Dataset
from core.sources.files.cells import SourceError, Tidy
from core.sources.files.validate import check_complete, check_declared
from core.sources.london import published_findings
from core.sources.small_areas import districts, lsoa_boundaries, lsoas, places, street_crime_2019
from core.sources.small_areas.small_areas import CODE


def read_west_midlands(folder: Path) -> list[Tidy]:
    """Every table of the West Midlands study from the published files in `folder`, checked one by one and together.

    Raises
    ------
    core.sources.files.cells.SourceError
        For the first error found.
    """
    areas = lsoas.read_studied(folder)
    tables = [
        areas,
        *street_crime_2019.read(folder),
        districts.read(folder),
        places.read(folder),
        published_findings.read_crime(folder),
    ]
    for tidy in tables:
        check_declared(tidy)
    by_name = {tidy.table.name: tidy for tidy in tables}
    check_together(by_name)
    return [*tables, *_shapes(folder, areas, by_name["places"])]


def check_together(tables: dict[str, Tidy]) -> None:
    """Raise :class:`SourceError` unless areas, counts and residents of the files agree with each other."""
    areas, crime, by_district = tables["lsoas"], tables["lsoa_crime"], tables["district_crime"]
    check_complete(tables["districts"], "district", districts.NAMES)
    check_complete(crime, CODE, sorted(areas.frame[CODE]))
    check_complete(by_district, "area", [*districts.NAMES, street_crime_2019.LOW_IMD])
    street_crime_2019.check_margins(crime, by_district, areas.frame)
    street_crime_2019.check_shares(tables["two_lsoas_crime"], crime, areas.frame)
    _check_residents(areas, tables["districts"])


def _check_residents(areas: Tidy, by_district: Tidy) -> None:
    found = areas.frame.groupby("district")["residents"].sum()
    for row in by_district.frame.itertuples():
        if found[str(row.district)] != row.residents:
            raise SourceError(
                f"{by_district.origin} has {row.residents:,} residents for {row.district}, but its neighbourhoods "
                f"have {found[str(row.district)]:,} together; use files of the same edition of the estimates."
            )


def _shapes(folder: Path, areas: Tidy, chosen: Tidy) -> tuple[Tidy, Tidy]:
    shapes = lsoa_boundaries.studied_shapes(folder)
    district_of = dict(zip(areas.frame[CODE], areas.frame["district"], strict=True))
    lsoa_boundaries.check_same_areas(shapes, district_of, lsoa_boundaries.STUDIED_FILE)
    outlines = lsoa_boundaries.district_shapes(shapes, district_of)
    places.check_inside(chosen, outlines)
    return lsoa_boundaries.studied_tables(shapes, outlines)


DATASET = Dataset(
    "west_midlands",
    "Crime and deprivation in the West Midlands, 2019",
    (
        lsoas.STUDY_AREA,
        street_crime_2019.LSOA_CRIME,
        street_crime_2019.DISTRICT_CRIME,
        street_crime_2019.TWO_LSOAS,
        districts.TABLE,
        places.TABLE,
        published_findings.CRIME_TABLE,
        lsoa_boundaries.LSOA_SHAPES,
        lsoa_boundaries.DISTRICT_SHAPES,
    ),
    (),
    read_west_midlands,
)
