"""Street crime from the publisher's files to counts, compared with pandas; and memory by number of months.

Run with ``python -m benchmarks.street_crime [ZIP]`` on the publisher's zip of a year of one force, named there or in
the environment variable STREET_CRIME_ZIP, or on a synthetic one of the size of South Yorkshire 2018. The year is copied
ten times, with changed months.

Each method runs in a separate process, as for a user: pandas spends most of its time allocating memory, and is twice as
fast the second time.
"""

import os
import random
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Mapping
from contextlib import redirect_stdout
from functools import partial
from pathlib import Path

import pandas as pd

from benchmarks.measuring import Cost, Row, alone, best_seconds, lines
from core.build.__main__ import main as build
from core.sources.police.built import built
from core.sources.police.download import CRIME_TYPES, download
from core.tables.catalogue import load_catalogue

ZIP_VARIABLE = "STREET_CRIME_ZIP"
YEARS = range(2009, 2019)
MONTHS_OF_MEMORY = (12, 60, 120)
TIMES_NOTEBOOK, TIMES_PANDAS = 10, 2.5
MOST_MB, FLAT = 300, 1.1
READ_MS = 200
REPEATS = 3

MADE_UP_RECORDS = 187_301
MADE_UP_FORCE, MADE_UP_DISTRICTS = "south-yorkshire", ("Barnsley", "Doncaster", "Rotherham", "Sheffield")
HEADING = (
    "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Crime type,"
    "Last outcome category,Context\n"
)


def measure() -> list[Row]:
    """Seconds of this app and of two methods in pandas on ten years, their ratios, and peak memory by months."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        ten = _ten_years(_year(folder), folder / "unpacked")
        packed = _zipped(ten, folder / "ten.zip")
        return [*_speed(folder / "unpacked", packed), *_memory(ten, packed), *_reading(packed, folder / "out")]


def _speed(unpacked: Path, packed: Path) -> list[Row]:
    ways = {
        "counts from the folder": ("ours", unpacked),
        "read and group in pandas, from the folder": ("pandas", unpacked),
        "counts from the zip": ("ours", packed),
        "read and group in pandas, from the zip": ("pandas", packed),
    }
    rounds = [{name: _alone(*way).seconds for name, way in ways.items()} for _ in range(REPEATS)]
    ours, pandas, ours_zip, pandas_zip = (min(times[name] for times in rounds) for name in ways)
    notebook = _alone("notebook", unpacked).seconds
    return [
        *(Row(name, took, "s") for name, took in zip(ways, (ours, pandas, ours_zip, pandas_zip), strict=True)),
        Row("the notebook's steps in pandas, from the folder", notebook, "s"),
        Row("times as fast as pandas, from the folder", pandas / ours, "x", least=TIMES_PANDAS),
        Row("times as fast as pandas, from the zip", pandas_zip / ours_zip, "x"),
        Row("times as fast as the notebook, ours from the zip", notebook / ours_zip, "x", least=TIMES_NOTEBOOK),
    ]


def _memory(ten: list[Path], packed: Path) -> list[Row]:
    peaks = {}
    for months in MONTHS_OF_MEMORY:
        source = packed if months == len(ten) else _zipped(ten[:months], packed.with_name(f"{months}.zip"))
        peaks[months] = _alone("ours", source).megabytes
    half, full = (peaks[months] for months in MONTHS_OF_MEMORY[-2:])
    return [
        *(Row(f"peak memory, {months} months", peak, "MB", most=MOST_MB) for months, peak in peaks.items()),
        Row("peak of the most months beside that of half", full / half, "x", most=FLAT),
    ]


def _reading(packed: Path, out: Path) -> list[Row]:
    """A year of one force from the counts."""
    _ours(packed, out)
    crime = built(out)
    force = next(force for force in crime.forces.values() if force.districts)
    read = best_seconds(partial(crime.counts, force.slug, force.months[-12:]))
    return [Row("a year of one force, read from the counts", read * 1000, "ms", most=READ_MS)]


def _alone(way: str, source: Path) -> Cost:
    """The cost of one of ``WAYS`` in a new process."""
    with tempfile.TemporaryDirectory() as scratch:
        return alone("benchmarks.street_crime", way, source, Path(scratch) / "out")


def _ours(source: Path, out: Path) -> None:
    with redirect_stdout(None):
        assert build(["street-crime", str(source), "--out", str(out)]) == 0


def _pandas(source: Path, _: Path) -> object:
    return _all(source).groupby(["LSOA code", "Month", "Crime type"]).size()


def _notebook(source: Path, out: Path) -> object:
    """Each month read, concatenated, written, read, columns dropped, written, read and grouped."""
    out.mkdir()
    together, smaller = out / "together.csv", out / "smaller.csv"
    _all(source).to_csv(together, index=False)
    unused = ["Crime ID", "Reported by", "Falls within", "Location", "Last outcome category", "Context"]
    pd.read_csv(together, low_memory=False).drop(columns=unused).to_csv(smaller, index=False)
    return pd.read_csv(smaller).groupby(["LSOA code", "Crime type"]).size()


WAYS: Mapping[str, Callable[[Path, Path], object]] = {"ours": _ours, "pandas": _pandas, "notebook": _notebook}


def _all(source: Path) -> pd.DataFrame:
    if source.is_dir():
        return pd.concat([pd.read_csv(file) for file in sorted(source.rglob("*.csv"))])
    with zipfile.ZipFile(source) as archive:
        return pd.concat([pd.read_csv(archive.open(name)) for name in sorted(archive.namelist())])


def _ten_years(year: Path, unpacked: Path) -> list[Path]:
    """The files of `year` once for each of ``YEARS``, in order of their months."""
    files = []
    with download(year) as found:
        for file in found.files:
            with file.open() as stream:
                content = stream.read()
            for copy in YEARS:
                month = f"{copy}{file.month[4:]}"
                path = unpacked / month / f"{month}-{file.force}-street.csv"
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content.replace(f",{file.month},".encode(), f",{month},".encode()))
                files.append(path)
    return sorted(files)


def _zipped(files: Iterable[Path], path: Path) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            archive.write(file, f"{file.parent.name}/{file.name}")
    return path


def _year(folder: Path) -> Path:
    """The zip that was named, or a synthetic one."""
    named = sys.argv[1] if len(sys.argv) > 1 and __name__ == "__main__" else os.environ.get(ZIP_VARIABLE, "")
    return Path(named) if named else _made_up(folder / "made-up")


def _made_up(folder: Path) -> Path:
    random_ = random.Random(2018)
    england = load_catalogue().read_table("england_lsoas")
    places = england[england["district"].isin(MADE_UP_DISTRICTS)][["lsoa11_code", "lsoa11_name"]].to_numpy().tolist()
    folder.mkdir()
    for number in range(1, 13):
        month = f"2018-{number:02}"
        rows = (_made_up_row(month, places, random_.random) for _ in range(MADE_UP_RECORDS // 12))
        path = folder / f"{month}-{MADE_UP_FORCE}-street.csv"
        path.write_text(HEADING + "".join(rows), encoding="utf-8")
    return folder


def _made_up_row(month: str, places: list[list[str]], chance: Callable[[], float]) -> str:
    code, name = places[int(chance() ** 2 * len(places))] if chance() > 0.04 else ("", "")
    kind = CRIME_TYPES[int(chance() ** 2 * 14)]
    identity = "" if kind == CRIME_TYPES[0] else "".join(f"{int(chance() * 2**32):08x}" for _ in range(8))
    where = f"{-1.8 + chance():.6f},{53.3 + chance() / 3:.6f},On or near {name[:8]} Road {int(chance() * 900)}"
    outcome = "" if kind == CRIME_TYPES[0] else "Investigation complete; no suspect identified"
    return f"{identity},{month},South Yorkshire Police,South Yorkshire Police,{where},{code},{name},{kind},{outcome},\n"


if __name__ == "__main__":
    print(*lines(measure()), sep="\n")
