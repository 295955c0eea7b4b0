"""Files with flipped bits, cut short or with parts cut out: read or refused in a sentence, in bounded memory."""

import io
import resource
import zipfile
from collections.abc import Callable, Iterator
from random import Random

import pandas as pd
import pytest

from core.sources.files.cells import SourceError
from core.sources.files.limits import in_memory
from core.sources.police.download import download
from core.sources.police.rows import count_records
from core.user_panel.panel import guessed_roles, panel_of
from core.user_panel.read import UserPanelError, read_table_file
from tests.sources.files.open_document import as_ods
from tests.user_panel.peoples_files import as_text, as_workbook, table

FEW, MANY = 60, 1_000
QUICKLY_READ = ("mine.parquet", "crime.zip")  # so that more are tried
MOST_BYTES = 1 << 30  # that memory may grow by while all mutations of a file are read
SHORTEST = 60  # letters of a sentence that names a fault and says what to do

FRAME = table().assign(Flagged="1 [p]", Day="31/03/2017", Note='a "quoted" cell, with\na line break')
ROWS: list[list[object]] = [list(FRAME), *([*row[:2], *map(float, row[2:4]), *row[4:]] for row in FRAME.to_numpy())]


def as_parquet() -> bytes:
    buffer = io.BytesIO()
    FRAME.assign(Trust=FRAME["Trust"].astype(float), Day=pd.Timestamp("2017-03-31")).to_parquet(buffer)
    return buffer.getvalue()


def street_zip() -> bytes:
    rows = "".join(
        f"{number:064x},2021-01,Metropolitan Police Service,,-0.1,51.5,On or near a road,E0100000{number % 9},"
        f"Area,Burglary,,\n"
        for number in range(200)
    )
    heading = (
        "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Crime type,"
        "Last outcome category,Context\n"
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("2021-01/2021-01-metropolitan-street.csv", heading + rows)
    return buffer.getvalue()


def read_panel(name: str, content: bytes) -> None:
    found = read_table_file(name, content)
    panel_of(found, guessed_roles(found))


def count_zip(name: str, content: bytes) -> None:
    with download(in_memory(name, content)) as found:
        list(count_records(found.files))


READERS: dict[str, tuple[bytes, Callable[[str, bytes], None]]] = {
    "mine.csv": (as_text(FRAME), read_panel),
    "mine.xlsx": (as_workbook(ROWS), read_panel),
    "mine.ods": (as_ods({"Data": ROWS}), read_panel),
    "mine.parquet": (as_parquet(), read_panel),
    "crime.zip": (street_zip(), count_zip),
}


def mutated(content: bytes, random: Random) -> bytes:
    """`content` with one to eight bits flipped, cut short, without a part, with a part twice, or with zeros."""
    start, size = random.randrange(len(content)), random.randrange(1, 400)
    part = content[start : start + size]
    match random.randrange(5):
        case 0:
            changed = bytearray(content)
            for _ in range(random.randrange(1, 9)):
                changed[random.randrange(len(changed))] ^= 1 << random.randrange(8)
            return bytes(changed)
        case 1:
            return content[:start]
        case 2:
            return content[:start] + content[start + size :]
        case 3:
            return content[:start] + part + content[start:]
        case _:
            return content[:start] + bytes(len(part)) + content[start + size :]


def mutated_inside(content: bytes, random: Random) -> bytes:
    """A zip with one of its parts mutated and packed again, so that the damage comes to the reader of that part."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as packed, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        parts = {info.filename: packed.read(info) for info in packed.infolist()}
        chosen = random.choice([name for name, part in parts.items() if part])
        for name, part in parts.items():
            archive.writestr(name, mutated(part, random) if name == chosen else part)
    return buffer.getvalue()


def mutations(content: bytes, count: int) -> Iterator[bytes]:
    random = Random(7)
    for number in range(count):
        inside = number % 2 and content.startswith(b"PK")
        yield mutated_inside(content, random) if inside else mutated(content, random)


def is_read_or_refused(name: str, count: int) -> None:
    content, read = READERS[name]
    read(name, content)
    said: list[str] = []
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for changed in mutations(content, count):
        try:
            read(name, changed)
        except (SourceError, UserPanelError) as refused:
            said.append(str(refused))
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown << 10 < MOST_BYTES
    assert [text for text in said if len(text) < SHORTEST and ";" not in text] == []


@pytest.mark.slow
@pytest.mark.parametrize("name", READERS)
def test_damaged_file_is_read_or_refused(name: str) -> None:
    is_read_or_refused(name, FEW * (5 if name in QUICKLY_READ else 1))


@pytest.mark.exhaustive
@pytest.mark.parametrize("name", READERS)
def test_file_damaged_in_a_thousand_ways_is_read_or_refused(name: str) -> None:
    is_read_or_refused(name, MANY)
