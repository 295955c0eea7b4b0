"""Packed files: one table is read and said, of several the names are, and bombs are refused."""

import gzip
import io
import struct
import zipfile

import pytest

from core.sources.files.cells import SourceError
from core.sources.files.limits import Limits, in_memory
from core.sources.files.packed import unpacked
from core.sources.files.table_file import TableFile, read_table
from tests.sources.files.open_document import as_ods
from tests.user_panel.peoples_files import as_text, as_workbook, table

FRAME = table()
TEXT = as_text(FRAME)
ROWS: list[list[object]] = [list(FRAME), *FRAME.to_numpy().tolist()]
LIMITS = Limits(file_bytes=1 << 20, unpacked_bytes=1 << 24, rows=1000)


def zipped(**members: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def read(name: str, content: bytes) -> TableFile:
    return read_table(in_memory(name, content), LIMITS)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("mine.csv.gz", gzip.compress(TEXT), "mine.csv.gz is unpacked."),
        ("mine.zip", zipped(**{"mine.csv": TEXT}), "mine.csv in mine.zip is read."),
        ("mine.zip", zipped(**{"data/mine.csv": TEXT, "readme.txt": b"about"}), "mine.csv in mine.zip is read."),
        ("mine.zip", zipped(**{"mine.csv": TEXT, "__MACOSX/._mine.csv": b"\0"}), "mine.csv in mine.zip is read."),
        ("mine.zip", zipped(**{"mine.txt": TEXT}), "mine.txt in mine.zip is read."),
        ("mine.zip", zipped(**{"mine.xlsx": as_workbook(ROWS)}), "mine.xlsx in mine.zip is read."),
        ("mine.zip", zipped(**{"mine.ods": as_ods({"Data": ROWS})}), "mine.ods in mine.zip is read."),
    ],
    ids=["gzip", "zip", "zip with a note", "zip of a Mac", "zip of text", "zip of a workbook", "zip of a spreadsheet"],
)
def test_one_packed_table_is_read_and_said(name: str, content: bytes, said: str) -> None:
    found = read(name, content)
    assert found.cells.to_numpy().tolist() == FRAME.to_numpy().tolist()
    assert found.report.notes[0] == said


@pytest.mark.parametrize("content", [TEXT, as_workbook(ROWS), as_ods({"Data": ROWS})], ids=["text", "xlsx", "ods"])
def test_file_that_is_not_packed_stays_as_it_is(content: bytes) -> None:
    file = in_memory("mine.file", content)
    assert unpacked(file, LIMITS) == (file, "")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (zipped(**{"a.csv": TEXT, "b/b.csv": TEXT}), r"holds 2 tables \(a.csv, b/b.csv\); unpack it and choose"),
        (zipped(**{"a.csv": TEXT, "b.xlsx": TEXT}), r"holds 2 tables \(a.csv, b.xlsx\); unpack it and choose"),
        (zipped(**{f"{n}.csv": TEXT for n in range(9)}), r"holds 9 tables \(0.csv, 1.csv, 2.csv, 3.csv and 5 more\)"),
        (zipped(**{"a.pdf": TEXT}), r"holds no table \(a.pdf\); unpack it and choose"),
        (zipped(**{"a.zip": zipped(**{"a.csv": TEXT})}), r"holds no table \(a.zip\)"),
        (gzip.compress(TEXT)[:-9], "is damaged or not whole"),
        (zipped(**{"a.csv": TEXT})[:-30], "is damaged or not whole"),
        (gzip.compress(gzip.compress(TEXT)), "is packed with gzip"),
        (b"\x1f\x8b" + b"\0" * 99, "is damaged or not whole"),
    ],
)
def test_packed_file_without_one_table_is_refused_with_names(content: bytes, said: str) -> None:
    with pytest.raises(SourceError, match=said):
        read("mine.packed", content)


def test_zip_that_states_too_much_is_not_unpacked() -> None:
    with pytest.raises(SourceError, match=r"would unpack to"):
        read("mine.zip", zipped(**{"a.csv": b"a,b,c\n" + b"0,0,0\n" * (1 << 20)}))
    with pytest.raises(SourceError, match=r"would unpack to more than 1.0 MB"):
        read("mine.zip", zipped(**{"a.csv": b"a,b,c\n" + b"0,0,0\n" * (1 << 18)}))


def test_zip_that_states_less_than_it_holds_is_refused_while_it_is_unpacked() -> None:
    content = zipped(**{"a.csv": b"a,b,c\n" + b"0,0,0\n" * (1 << 19)})
    size = struct.pack("<I", 6 + 6 * (1 << 19))
    assert content.count(size) == 2
    with pytest.raises(SourceError, match=r"damaged or not whole|would unpack to"):
        read("mine.zip", content.replace(size, struct.pack("<I", 600)))


@pytest.mark.parametrize("stated", [None, 600], ids=["its size", "a lie"])
def test_gzip_of_too_much_is_refused_while_it_is_unpacked(stated: int | None) -> None:
    content = gzip.compress(b"0" * (1 << 22))
    lie = content if stated is None else content[:-4] + struct.pack("<I", stated)
    with pytest.raises(SourceError, match=r"would unpack to more than 1.0 MB"):
        read("mine.csv.gz", lie)
