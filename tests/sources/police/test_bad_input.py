"""Every download that cannot be used ends with a sentence, and leaves everything as it was."""

import struct
import zipfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

import pytest

from core.build.__main__ import main
from core.sources.files import limits
from core.sources.files.cells import SourceError
from core.sources.police import download as police_download
from core.sources.police import rows as police_rows
from core.sources.police.download import StreetFile, download
from core.sources.police.rows import count_records
from tests.sources.police.generated import ASB, HEADING, UNCHANGED, street_csv, write_folder, write_zip

NAME = "2018-01/2018-01-south-yorkshire-street.csv"
ROWS = [(UNCHANGED[0], ASB)] * 3 + [(UNCHANGED[1], "Burglary")] * 3
GOOD = street_csv("2018-01", ROWS)
DIRECTORY_ENTRY = b"PK\x01\x02"


def changed(old: bytes, new: bytes, times: int = 1) -> bytes:
    assert old in GOOD
    return GOOD.replace(old, new, times)


def stopped(source: Path, out: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """What the command says when it stops; nothing new may be left next to what was there."""
    home = source.parent
    before = {path: path.read_bytes() for path in home.rglob("*") if path.is_file()}
    folders = {path for path in home.rglob("*") if path.is_dir()}
    assert main(["street-crime", str(source), "--out", str(out)]) == 2
    assert {path: path.read_bytes() for path in home.rglob("*") if path.is_file()} == before
    assert {path for path in home.rglob("*") if path.is_dir()} == folders
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("Stopped: ")
    return said.err


def patched(path: Path, offset: int, layout: str, value: int) -> Path:
    """The zip `path` with another `value` at `offset` of the first entry of its directory."""
    content = bytearray(path.read_bytes())
    struct.pack_into(layout, content, content.index(DIRECTORY_ENTRY) + offset, value)
    path.write_bytes(content)
    return path


FILES: dict[str, tuple[Mapping[str, bytes], tuple[str, ...]]] = {
    "no street file": (
        {"2018-01/2018-01-south-yorkshire-outcomes.csv": b"Crime ID\n", "notes.txt": b""},
        ("no file is named YYYY-MM-force-street.csv; it has 2018-01/2018-01-south-yorkshire-outcomes.csv and 1 more",),
    ),
    "nothing at all": ({}, ("holds no street-level crime",)),
    "name without force": (
        {"2018-01/2018-01-street.csv": GOOD},
        ("2018-01-street.csv ends in -street.csv but is not named YYYY-MM-force-street.csv; rename it",),
    ),
    "name of no month": (
        {"2018-13/2018-13-south-yorkshire-street.csv": GOOD},
        ("2018-13-south-yorkshire-street.csv ends in -street.csv but",),
    ),
    "one month twice": (
        {"old/2018-01-kent-street.csv": GOOD, "new/2018-01-Kent-street.csv": GOOD},
        ("new/2018-01-Kent-street.csv and old/2018-01-kent-street.csv are the same month of the same force; take one",),
    ),
    "empty file": ({NAME: b""}, (f"{NAME} is empty; download it again",)),
    "missing column": (
        {NAME: changed(b"LSOA code", b"Area code")},
        (f"{NAME} has no column LSOA code (it has Crime ID, Month,", "rename the column"),
    ),
    "web page": (
        {NAME: b"<!DOCTYPE html>\n<html></html>\n"},
        ("has no column Month, LSOA code, Crime type (it has <!",),
    ),
    "binary": ({NAME: b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"}, (f"{NAME} cannot be read as a CSV file in UTF-8",)),
    "null bytes": ({NAME: b"\x00\x01\x02" * 50}, ("its first line is not text",)),
    "bytes that are no text": (
        {NAME: changed(b"The Lane", b"The \xff\xfe", 2)},
        (f"{NAME}, row 3 is not text in UTF-8; download the file again",),
    ),
    "UTF-16": ({NAME: GOOD.decode().encode("utf-16")}, (f"{NAME} cannot be read as a CSV file in UTF-8",)),
    "month of another file": (
        {"2018-02/2018-02-south-yorkshire-street.csv": GOOD},
        ("2018-02-south-yorkshire-street.csv, row 2, column Month: '2018-01' is not 2018-02; download the file again",),
    ),
    "one row of another month": (
        {NAME: GOOD.replace(b",2018-01,", b",2018-02,").replace(b",2018-02,", b",2018-01,", 4)},
        (f"{NAME}, row 6, column Month: '2018-02' is not 2018-01",),
    ),
    "no crime type": ({NAME: changed(b",Burglary,", b",,")}, (f"{NAME}, row 5, column Crime type: '' is not",)),
    "no known crime type": (
        {NAME: changed(b",Burglary,", b",Barnsley 001A,", 2)},
        (f"{NAME}, row 5, column Crime type: 'Barnsley 001A' is not a crime type; download the file again",),
    ),
    "shifted columns": (
        {NAME: changed(b'"On or near The Lane, Upper End"', b"On or near The Lane, Upper End")},
        (f"{NAME}, row 3 has other fields than the heading",),
    ),
    "blank line": ({NAME: changed(b"\n", b"\n\n", 3)}, (f"{NAME}, row 2 has other fields than the heading",)),
    "open quotation": (
        {NAME: changed(b"-1.452850", b'"-1.452850')},
        (f"{NAME}, row 2 has other fields than the heading, or a quotation mark too many",),
    ),
    "two open quotations that swallow rows": (
        {NAME: GOOD.replace(b",Anti-", b',"Anti-', 1).replace(b"Burglary", b'Burglary"', 1)},
        (f"{NAME}, row 2 has other fields",),
    ),
    "rows inside a quotation": (
        {NAME: changed(b"Some Police,Some Police", b'"Some Police,Some Police').replace(b"Some Police,-", b'",-', 3)},
        (f"{NAME}, row ",),
    ),
    "blank line further down": (
        {NAME: GOOD.replace(b"Burglary,,\n", b"Burglary,,\n\n", 1)},
        (f"{NAME}, row 6 has other fields than the heading",),
    ),
    "cut off in a row": ({NAME: GOOD[:-4]}, ("ends in the middle of a row; it is not whole, so download it again",)),
}


@pytest.mark.parametrize("case", FILES)
@pytest.mark.parametrize("packed", [True, False], ids=["zip", "folder"])
def test_street_crime_with_invalid_download_is_refused(
    case: str, packed: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files, text = FILES[case]
    source = tmp_path / "a.zip" if packed else tmp_path / "folder"
    if packed:
        write_zip(source, files)
    else:
        source.mkdir()
        write_folder(source, files)
    said = stopped(source, tmp_path / "out", capsys)
    for part in text:
        assert part in said
    assert said.count("\n") == 1


def test_street_crime_with_missing_path_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = stopped(tmp_path / "nowhere.zip", tmp_path / "deep" / "out", capsys)
    assert "nowhere.zip is not there; name the publisher's zip, or the folder" in said


def test_street_crime_with_file_that_is_no_zip_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.csv").write_bytes(GOOD)
    assert "a.csv is not a whole zip file" in stopped(tmp_path / "a.csv", tmp_path / "out", capsys)


@pytest.mark.parametrize("share", [0.2, 0.5, 0.99])
def test_street_crime_with_truncated_zip_is_refused(
    share: float, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write_zip(tmp_path / "a.zip", {NAME: GOOD * 50})
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
    assert "a.zip is not a whole zip file" in stopped(path, tmp_path / "out", capsys)


def test_street_crime_with_partly_damaged_zip_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    later = "2018-02/2018-02-south-yorkshire-street.csv"
    path = write_zip(tmp_path / "a.zip", {NAME: GOOD, later: street_csv("2018-02", ROWS * 20)})
    content = bytearray(path.read_bytes())
    start = content.rindex(later.encode(), 0, content.index(DIRECTORY_ENTRY)) + len(later)
    content[start + 30 : start + 60] = bytes(30)
    path.write_bytes(content)
    said = stopped(path, tmp_path / "out", capsys)
    assert f"{later} cannot be read" in said
    assert "download it again" in said


def test_street_crime_with_invalid_file_keeps_the_earlier_build(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = write_zip(tmp_path / "good.zip", {NAME: GOOD})
    bad = write_zip(tmp_path / "bad.zip", {NAME: GOOD, "2018-02-south-yorkshire-street.csv": GOOD})
    assert main(["street-crime", str(good), "--out", str(tmp_path / "out")]) == 0
    capsys.readouterr()
    assert "is not 2018-02" in stopped(bad, tmp_path / "out", capsys)
    assert len(list((tmp_path / "out").iterdir())) == 3


def test_street_crime_with_folder_of_other_files_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write_zip(tmp_path / "a.zip", {NAME: GOOD})
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.docx").write_bytes(b"years of work")
    said = stopped(path, tmp_path / "mine", capsys)
    assert "thesis.docx, which is not a file of built street crime; name an empty or new folder" in said


def test_street_crime_with_file_as_output_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write_zip(tmp_path / "a.zip", {NAME: GOOD})
    (tmp_path / "file").write_text("not a folder")
    assert main(["street-crime", str(path), "--out", str(tmp_path / "file")]) == 2
    assert "is a file; name the folder to write to" in capsys.readouterr().err


# Zips that are made to do harm


def test_street_crime_with_zip_bomb_is_refused_before_unpacking(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_zip(tmp_path / "a.zip", {NAME: GOOD + b"0" * (limits.SMALL + 1)})

    def never(*_: object) -> None:
        raise AssertionError("unpacked")

    monkeypatch.setattr(zipfile.ZipFile, "open", never)
    said = stopped(path, tmp_path / "out", capsys)
    assert f"{NAME} would unpack to 67.1 MB, which no published file does" in said


def test_street_crime_with_zip_bomb_of_false_size_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write_zip(tmp_path / "a.zip", {NAME: GOOD + b"0" * (limits.SMALL * 2)})
    said = stopped(patched(path, 24, "<I", 5000), tmp_path / "out", capsys)
    assert f"{NAME} cannot be read (Bad CRC-32" in said


def test_street_crime_with_impossible_size_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write_zip(tmp_path / "a.zip", {NAME: GOOD}, zipfile.ZIP_STORED)
    said = stopped(patched(path, 24, "<I", police_download.MOST_BYTES + 1), tmp_path / "out", capsys)
    assert "would unpack to " in said


def test_count_records_beyond_the_size_limit_is_refused() -> None:
    file = StreetFile(NAME, "2018-01", "a", lambda: BytesIO(GOOD), most=len(GOOD) - 1)
    with pytest.raises(SourceError, match="would unpack to more than"):
        list(count_records([file]))


def test_street_crime_with_overlapping_zip_parts_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write_zip(tmp_path / "a.zip", {NAME: GOOD})
    said = stopped(patched(path, 20, "<I", 1 << 20), tmp_path / "out", capsys)
    assert "its parts overlap, so it is not unpacked" in said


def test_street_crime_with_locked_zip_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = patched(write_zip(tmp_path / "a.zip", {NAME: GOOD}), 8, "<H", 1)
    assert f"{NAME} is locked with a password" in stopped(path, tmp_path / "out", capsys)


def test_street_crime_with_other_compression_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write_zip(tmp_path / "a.zip", {NAME: GOOD}, zipfile.ZIP_BZIP2)
    assert f"{NAME} is packed in a way that is not read here" in stopped(path, tmp_path / "out", capsys)


@pytest.mark.parametrize(
    "name",
    [
        "../../2018-01/2018-01-south-yorkshire-street.csv",
        "/etc/2018-01-south-yorkshire-street.csv",
        "..\\..\\2018-01-south-yorkshire-street.csv",
        "C:/2018-01-south-yorkshire-street.csv",
    ],
)
def test_street_crime_with_path_in_zip_writes_nothing_elsewhere(name: str, tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    path = write_zip(tmp_path / "deep" / "a.zip", {name: GOOD})
    assert main(["street-crime", str(path), "--out", str(tmp_path / "out")]) == 0
    assert {entry.name for entry in tmp_path.iterdir()} == {"deep", "out"}
    assert {entry.name for entry in (tmp_path / "deep").iterdir()} == {"a.zip"}


# Blocks


def read_in(block: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read files in blocks of that many bytes."""
    for name in ("STEP", "BLOCK"):
        monkeypatch.setattr(police_rows, name, block)


def test_count_records_in_many_blocks_counts_all_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    for block in range(300, 400, 7):
        read_in(block, monkeypatch)
        file = StreetFile(NAME, "2018-01", "a", lambda: BytesIO(GOOD))
        counts = list(count_records([file]))
        assert len(counts) > 1
        assert sum(part["records"].sum() for part in counts) == len(ROWS)


def test_count_records_with_wrong_row_in_a_later_block_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    read_in(300, monkeypatch)
    wrong = GOOD[::-1].replace(b",yralgruB,", b",epyt oN,", 1)[::-1]
    with pytest.raises(SourceError, match="row 7, column Crime type: 'No type' is not a crime type"):
        list(count_records([StreetFile(NAME, "2018-01", "a", lambda: BytesIO(wrong))]))


def test_count_records_with_endless_line_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    read_in(300, monkeypatch)
    endless = GOOD + b'"' + b"0" * 1000
    with pytest.raises(SourceError, match="a line is longer than 300 bytes"):
        list(count_records([StreetFile(NAME, "2018-01", "a", lambda: BytesIO(endless))]))


def test_count_records_with_repeated_and_reordered_columns_reads_them() -> None:
    heading = ("Context", *reversed(HEADING[:-1]), "Context")
    file = street_csv("2018-01", ROWS, heading, newline="\r\n", bom=True)
    [counts] = count_records([StreetFile(NAME, "2018-01", "a", lambda: BytesIO(file))])
    assert sorted(counts.select("code", "crime_type", "records").rows()) == sorted(
        [(UNCHANGED[0], ASB, 3), (UNCHANGED[1], "Burglary", 3)]
    )


def test_download_sorts_files_by_kind(tmp_path: Path) -> None:
    names = [
        "2018-01-south-yorkshire-street.csv",
        "2018-01-south-yorkshire-outcomes.csv",
        "x/2018-01-south-yorkshire-stop-and-search.csv",
        "._2018-01-south-yorkshire-street.csv",
    ]
    with download(write_folder(tmp_path, dict.fromkeys(names, b""))) as found:
        assert [(file.month, file.force) for file in found.files] == [("2018-01", "south-yorkshire")]
        assert found.skipped == {
            "other": ("._2018-01-south-yorkshire-street.csv",),
            "outcomes": ("2018-01-south-yorkshire-outcomes.csv",),
            "stop-and-search": ("x/2018-01-south-yorkshire-stop-and-search.csv",),
        }
