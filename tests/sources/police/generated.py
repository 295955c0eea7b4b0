"""Street-level files in small, in the publisher's layout, with totals that are known without the code under test."""

import csv
import io
import random
import zipfile
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from core.tables.catalogue import load_catalogue

HEADING = (
    "Crime ID",
    "Month",
    "Reported by",
    "Falls within",
    "Longitude",
    "Latitude",
    "Location",
    "LSOA code",
    "LSOA name",
    "Crime type",
    "Last outcome category",
    "Context",
)
ASB = "Anti-social behaviour"
TYPES = (ASB, "Bicycle theft", "Burglary", "Vehicle crime", "Violent crime")
MADE_UP_TYPES = (ASB, "Bicycle theft", "Burglary", "Shoplifting", "Vehicle crime")
LOCATIONS = (
    "On or near Kent Close",
    "On or near The Lane, Upper End",
    'On or near "The Kings" Yard',
    "Ty'r Felin-Isaf",
)

# Codes of both censuses, and codes of 2021 alone with what is on their ground in 2011.
UNCHANGED = ("E01007434", "E01007317", "E01007318", "E01000001")
SPLIT = {"E01035189": "E01033468", "E01035190": "E01033468", "E01035608": "E01023964"}
MERGED = {"E01035188": ("E01011973", "E01011976"), "E01035637": ("E01008187", "E01027506")}
WELSH = ("W01000001", "W01002040")
UNKNOWN = ("E01999999", "S01006506", "95GG01S1")
NO_CODE = ("", "  ")

Row = tuple[str, str]


@dataclass
class Generated:
    """Files by name, and what a build of them must find."""

    files: dict[str, bytes] = field(default_factory=dict)
    counts: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    read: int = 0
    without: int = 0
    wales: int = 0
    unknown: int = 0

    @property
    def counted(self) -> int:
        return self.read - self.without - self.wales - self.unknown


def street_csv(
    month: str, rows: Iterable[Row], heading: tuple[str, ...] = HEADING, newline: str = "\n", bom: bool = False
) -> bytes:
    """A street file; anti-social behaviour comes without Crime ID, so rows of one LSOA and type are all alike."""
    text = io.StringIO()
    writer = csv.DictWriter(text, heading, extrasaction="ignore", lineterminator=newline)
    writer.writeheader()
    for number, (code, crime_type) in enumerate(rows):
        writer.writerow(
            {
                "Crime ID": "" if crime_type == ASB else "f59ac2f501c10b97",
                "Month": month,
                "Reported by": "Some Police",
                "Falls within": "Some Police",
                "Longitude": "-1.452850",
                "Latitude": "53.603213",
                "Location": LOCATIONS[number % len(LOCATIONS)],
                "LSOA code": code,
                "LSOA name": f"Barnsley {code[-3:]}A" if code else "",
                "Crime type": crime_type,
                "Last outcome category": "",
                "Context": "",
            }
        )
    return text.getvalue().encode("utf-8-sig" if bom else "utf-8")


def generated(seed: int, months: Iterable[str] = ("2018-01", "2018-02")) -> Generated:
    """Two forces over `months` with every kind of code, and the other files that a download brings along."""
    random_ = random.Random(seed)
    made = Generated()
    codes = [*UNCHANGED * 5, *SPLIT, *MERGED, *WELSH, *UNKNOWN, *NO_CODE]
    styles = [{"newline": "\r\n", "bom": True}, {"newline": "\n"}, {"heading": tuple(reversed(HEADING))}]
    for place, month in enumerate(months):
        for force in ("south-yorkshire", "city-of-london"):
            rows = [(random_.choice(codes), random_.choice(TYPES)) for _ in range(random_.randint(50, 300))]
            rows += [(UNCHANGED[0], ASB)] * random_.randint(2, 9)
            style = styles[(place + len(made.files)) % len(styles)]
            made.files[f"download/{month}/{month}-{force}-street.csv"] = street_csv(month, rows, **style)  # type: ignore[arg-type]
            _count(made, month, rows)
        made.files[f"download/{month}/{month}-south-yorkshire-outcomes.csv"] = b"Crime ID,Month\n1,2018-01\n"
        made.files[f"download/{month}/{month}-south-yorkshire-stop-and-search.csv"] = b"Type,Date\nPerson search,2018\n"
    made.files["download/read me.txt"] = b"thank you"
    made.files["__MACOSX/2018-01/._2018-01-south-yorkshire-street.csv"] = b"\x00\x05\x16\x07"
    return made


def made_up_download(path: Path, districts: tuple[str, ...], force: str, month: str = "2018-03") -> Path:
    """A zip with a month of `force`, which has records in every LSOA of `districts` and nowhere else."""
    england = load_catalogue().read_table("england_lsoas")
    codes = england.loc[england["district"].isin(districts), "lsoa11_code"].tolist()
    rows = [
        (code, MADE_UP_TYPES[(at + number) % len(MADE_UP_TYPES)])
        for at, code in enumerate(codes)
        for number in range(5 + at % 7 + 3 * (at % 2))
    ]
    return write_zip(path, {f"{month}/{month}-{force}-street.csv": street_csv(month, rows)})


def write_zip(path: Path, files: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def write_folder(path: Path, files: Mapping[str, bytes]) -> Path:
    for name, content in files.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(content)
    return path


def _count(made: Generated, month: str, rows: list[Row]) -> None:
    for code, crime_type in rows:
        made.read += 1
        made.without += not code.strip()
        made.wales += code in WELSH
        made.unknown += code in UNKNOWN
        if code in (*UNCHANGED, *SPLIT, *MERGED):
            made.counts[code, month, crime_type] += 1
