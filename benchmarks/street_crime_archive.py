"""The publisher's whole archive of street crime: all forces over 36 months, in seconds and in peak memory.

Run with ``python -m benchmarks.street_crime_archive [SHARE]``: made files with as many rows for each force as its
residents have records, 20 million in all, or a SHARE of that (0 to 1; a tenth by default). Time is compared per million
records, and memory of all months with that of half of them.
"""

import random
import sys
import tempfile
import zipfile
from collections.abc import Callable
from contextlib import redirect_stdout
from pathlib import Path

import pandas as pd

from benchmarks.measuring import Row, alone, lines
from core.build.__main__ import main as build
from core.sources.police.coverage import months_between
from core.sources.police.download import CRIME_TYPES
from core.tables.catalogue import load_catalogue

RECORDS, MONTHS = 20_000_000, months_between("2022-01", "2024-12")
SHARE = 0.1
MOST_SECONDS, MOST_MB, FLAT = 90, 600, 1.1
WITHOUT_AREA, OF_NETWORK = 0.03, 0.02
FIRST = MONTHS[0]
HEADING = (
    "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Crime type,"
    "Last outcome category,Context\n"
)
Places = list[tuple[str, str]]


def measure(share: float = SHARE) -> list[Row]:
    """Seconds and peak memory of counting all months and half of them, with `share` of the records."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        month = month_of_all_forces(share)
        half, full = (archive(month, count, folder / f"{count}.zip") for count in (len(MONTHS) // 2, len(MONTHS)))
        of_half, of_full = (
            alone("benchmarks.street_crime_archive", "ours", source, folder / f"{source.stem} out")
            for source in (half, full)
        )
    records = sum(content.count(b"\n") - 1 for content in month.values()) * len(MONTHS) / 1e6
    whole = RECORDS / 1e6
    return [
        Row(f"{records:.1f} million records of {len(month)} forces, {len(MONTHS)} months", of_full.seconds, "s"),
        Row(f"the same for {whole:.0f} million records", of_full.seconds / records * whole, "s", most=MOST_SECONDS),
        Row("peak memory", of_full.megabytes, "MB", most=MOST_MB),
        Row("peak of all months over that of half", of_full.megabytes / of_half.megabytes, "x", most=FLAT),
    ]


def month_of_all_forces(share: float) -> dict[str, bytes]:
    """The first month of every force, by its name in file names."""
    tables, chance = load_catalogue(), random.Random(36)
    england = tables.read_table("england_lsoas").merge(
        tables.read_table("police_territories"), left_on="lad19_code", right_on="district_code", suffixes=("", "_of")
    )
    each = RECORDS * share / len(MONTHS)
    residents = int(england["residents"].sum())
    month = {
        str(force): _file(str(force), _places(own), round(each * own["residents"].sum() / residents), chance)
        for force, own in england.groupby("force")
    }
    return month | {"btp": _file("btp", _places(england), round(each * OF_NETWORK), chance)}


def _places(rows: pd.DataFrame) -> Places:
    return list(zip(rows["lsoa11_code"], rows["lsoa11_name"], strict=True))


def _file(force: str, places: Places, records: int, chance: random.Random) -> bytes:
    rows = (_row(force, places, chance.random) for _ in range(records))
    return (HEADING + "".join(rows)).encode()


def _row(force: str, places: Places, chance: Callable[[], float]) -> str:
    code, name = places[int(chance() ** 2 * len(places))] if chance() > WITHOUT_AREA else ("", "")
    kind = CRIME_TYPES[int(chance() ** 2 * 14)]
    known = kind != CRIME_TYPES[0]
    identity = f"{int(chance() * 2**52):064x}" if known else ""
    outcome = "Investigation complete; no suspect identified" if known else ""
    where = f"{-1.8 + chance():.6f},{53.3 + chance() / 3:.6f},On or near {name[:8]} Road {int(chance() * 900)}"
    return f"{identity},{FIRST},{force} Police,{force} Police,{where},{code},{name},{kind},{outcome},\n"


def archive(month: dict[str, bytes], months: int, path: Path) -> Path:
    """A zip in the publisher's layout: `month` again for each of the first `months`."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
        for name in MONTHS[:months]:
            for force, content in month.items():
                changed = content.replace(f",{FIRST},".encode(), f",{name},".encode())
                packed.writestr(f"{name}/{name}-{force}-street.csv", changed)
    return path


def _ours(source: Path, out: Path) -> None:
    with redirect_stdout(None):
        assert build(["street-crime", str(source), "--out", str(out)]) == 0


WAYS = {"ours": _ours}

if __name__ == "__main__":
    print(*lines(measure(float(sys.argv[1]) if len(sys.argv) > 1 else SHARE)), sep="\n")
