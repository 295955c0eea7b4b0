"""Places where people gather: university campuses, acute hospitals and district centres, as of 2019.

The published lists give one administrative address per university, and include hospitals that had closed or were
never acute ones. So the places are selected here, each with a reason; positions come from the published lists where
these are right.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from core.sources.files.cells import SourceError, Tidy, read_csv
from core.sources.small_areas.districts import DISTRICT
from core.sources.small_areas.small_areas import OUR_CHOICE, coordinates
from core.tables.geometry import Point, Shape, contains
from core.tables.schema import OGL, Field, Source, Table

UNIVERSITIES_FILE = "universities.csv"
HOSPITALS_FILE = "hospitals.csv"
UNIVERSITY, HOSPITAL, CENTRE = "university campus", "acute hospital", "district centre"
DECIMALS = 5


@dataclass(frozen=True)
class Place:
    """One place.

    Parameters
    ----------
    place, kind, district
        Its name, kind and district.
    note
        Source of its position, and any change made.
    code
        Its code in the published list; empty if its position was set by hand.
    point
        Longitude and latitude if set by hand.
    """

    place: str
    kind: str
    district: str
    note: str
    code: str = ""
    point: Point | None = None


REGISTER = "Position from the register of universities."
BY_HAND = "Position approximate, placed by the app's authors."
CLOSED = "The register gives the Perry Barr campus, which closed in 2018."
ACUTE = "Acute hospital with inpatients in 2019; position from the NHS list."
SPECIALIST = "Specialist acute hospital with inpatients in 2019; position from the NHS list."


def _campus(place: str, district: str, code: str, note: str = REGISTER) -> Place:
    return Place(place, UNIVERSITY, district, note, code)


def _hospital(place: str, district: str, code: str, note: str = ACUTE) -> Place:
    return Place(place, HOSPITAL, district, note, code)


def _centre(place: str, district: str, longitude: float, latitude: float, where: str) -> Place:
    return Place(place, CENTRE, district, f"{where}. {BY_HAND}", point=(longitude, latitude))


PLACES = (
    _campus("Aston University", "Birmingham", "10007759"),
    Place(
        "Birmingham City University, City Centre",
        UNIVERSITY,
        "Birmingham",
        f"Curzon Street. {CLOSED} {BY_HAND}",
        point=(-1.8863, 52.4829),
    ),
    Place(
        "Birmingham City University, City South",
        UNIVERSITY,
        "Birmingham",
        f"Edgbaston. {CLOSED} {BY_HAND}",
        point=(-1.9253, 52.4707),
    ),
    _campus("Coventry University", "Coventry", "10001726"),
    _campus("Newman University", "Birmingham", "10007832"),
    _campus("University College Birmingham", "Birmingham", "10000712"),
    _campus("University of Birmingham", "Birmingham", "10006840"),
    _campus(
        "University of Warwick",
        "Coventry",
        "10007163",
        f"{REGISTER} The main campus lies in Coventry 042C, at the border of Coventry and Warwickshire; the part in "
        "Warwickshire is outside these figures.",
    ),
    _campus("University of Wolverhampton, City", "Wolverhampton", "10007166"),
    Place(
        "University of Wolverhampton, Walsall",
        UNIVERSITY,
        "Walsall",
        f"Gorway Road. Not in the register, which has one address per university. {BY_HAND}",
        point=(-1.9691, 52.5719),
    ),
    _hospital("Birmingham Children's Hospital", "Birmingham", "RQ301", SPECIALIST),
    _hospital("Birmingham Women's Hospital", "Birmingham", "RLU01", SPECIALIST),
    _hospital("City Hospital", "Birmingham", "RXK02"),
    _hospital("Good Hope Hospital", "Birmingham", "RR105"),
    _hospital("Heartlands Hospital", "Birmingham", "RR101"),
    _hospital("Manor Hospital", "Walsall", "RBK02"),
    _hospital("New Cross Hospital", "Wolverhampton", "RL403"),
    _hospital("Queen Elizabeth Hospital Birmingham", "Birmingham", "RRK15"),
    _hospital("Royal Orthopaedic Hospital", "Birmingham", "RRJ05", SPECIALIST),
    _hospital("Russells Hall Hospital", "Dudley", "RNA01"),
    _hospital("Sandwell General Hospital", "Sandwell", "RXK01"),
    _hospital("Solihull Hospital", "Solihull", "RR109"),
    _hospital("University Hospital Coventry", "Coventry", "RKB01"),
    _centre("Birmingham city centre", "Birmingham", -1.8995, 52.4797, "New Street"),
    _centre("Coventry city centre", "Coventry", -1.5106, 52.4079, "Broadgate"),
    _centre("Dudley town centre", "Dudley", -2.0810, 52.5115, "Market Place"),
    _centre("West Bromwich town centre", "Sandwell", -1.9950, 52.5190, "High Street; Sandwell's largest town"),
    _centre("Solihull town centre", "Solihull", -1.7790, 52.4133, "Mell Square"),
    _centre("Walsall town centre", "Walsall", -1.9818, 52.5855, "The Bridge"),
    _centre("Wolverhampton city centre", "Wolverhampton", -2.1288, 52.5862, "Queen Square"),
)

UNIVERSITIES = Source(
    "UK Register of Learning Providers: addresses of universities",
    "UK Register of Learning Providers (UKRLP)",
    "https://www.ukrlp.co.uk",
    OGL,
    "Contains public sector information licensed under the Open Government Licence v3.0. "
    "Source: UK Register of Learning Providers.",
)
HOSPITALS = Source(
    "Hospitals of England: codes, names and positions",
    "National Health Service (NHS)",
    "https://www.nhs.uk",
    OGL,
    "Contains public sector information licensed under the Open Government Licence v3.0. Source: NHS.",
)
TABLE = Table(
    "places",
    "places.csv",
    "Campuses, acute hospitals and district centres, 2019",
    "One row per place, as of 2019.",
    (UNIVERSITIES, HOSPITALS, OUR_CHOICE),
    (
        Field("place", "string", "Place", "Name of the place.", "key", unique=True),
        Field("kind", "string", "Kind of place", "What the place is.", "context", enum=(UNIVERSITY, HOSPITAL, CENTRE)),
        DISTRICT,
        *coordinates("of the place"),
        Field("note", "string", "Note", "Where its position comes from, and anything changed.", "context"),
    ),
    "Universities: campuses that stood in 2019. Hospitals: acute ones of the NHS; private, mental-health, community "
    "and dental ones and former sites left out. District centres placed by hand, one for each district.",
)


def read(folder: Path) -> Tidy:
    """The places with their positions.

    Raises
    ------
    SourceError
        If a published list lacks a place that is taken from it, or repeats it.
    """
    listed = {
        UNIVERSITY: _positions(folder, UNIVERSITIES_FILE, "ukprn", "longitude", "latitude"),
        HOSPITAL: _positions(folder, HOSPITALS_FILE, "OrganisationCode", "Longitude", "Latitude"),
    }
    rows = [(place, *(place.point or _position(place, listed[place.kind]))) for place in PLACES]
    frame = pd.DataFrame(
        [(place.place, place.kind, place.district, x, y, place.note) for place, x, y in rows], columns=TABLE.columns
    )
    return Tidy(TABLE, frame.round(DECIMALS), (UNIVERSITIES_FILE, HOSPITALS_FILE, "core/sources/small_areas/places.py"))


def check_inside(places: Tidy, districts: Mapping[str, Shape]) -> None:
    """Raise :class:`SourceError` for the first place that does not lie in its district."""
    for row in places.frame.itertuples():
        if not contains(districts[str(row.district)], (float(str(row.longitude)), float(str(row.latitude)))):
            raise SourceError(
                f"{row.place} does not lie in {row.district} by {places.origin}; correct its position or its district."
            )


def _positions(folder: Path, file: str, code: str, longitude: str, latitude: str) -> pd.DataFrame:
    frame = read_csv(folder, file, [code], [longitude, latitude])
    return frame.rename(columns={code: "code", longitude: "longitude", latitude: "latitude"}).assign(file=file)


def _position(place: Place, listed: pd.DataFrame) -> Point:
    found = listed[listed["code"] == place.code]
    if len(found) != 1:
        raise SourceError(
            f"{listed['file'].iloc[0]} has {len(found)} rows for {place.code} ({place.place}); it must have one."
        )
    return float(found["longitude"].iloc[0]), float(found["latitude"].iloc[0])
