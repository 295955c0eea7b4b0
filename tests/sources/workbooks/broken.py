"""Files that are not what they seem; ``python -m tests.sources.workbooks.broken`` writes them to ``corpus/``."""

import zipfile
from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path

from tests.sources.workbooks.xlsx import DECLARED, MAIN, Row, write_xlsx

CORPUS = Path(__file__).parent / "corpus"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SHEET, TEXTS, MAIN_PART = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml"
HEADING: Row = dict(enumerate(("IncidentDate", "Date", "Borough", "Measure", "Proportion")))
ROWS: list[Row] = [HEADING, {0: "01/04/2020", 1: "31/12/2020", 2: "Barnet", 3: "Trust MPS", 4: 0.5}]
LAUGHS = (
    '<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
)
BOMB_BYTES = 70 << 20


def workbook() -> bytes:
    """A small workbook that nothing is wrong with but what it says."""
    target = BytesIO()
    write_xlsx(target, {"Data": ROWS})
    return target.getvalue()


def changed(change: Callable[[dict[str, bytes]], object], content: bytes = b"") -> bytes:
    """A workbook whose parts `change` has changed."""
    with zipfile.ZipFile(BytesIO(content or workbook())) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    change(parts)
    return zipped(parts)


def zipped(parts: Mapping[str, bytes]) -> bytes:
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as book:
        for name, part in parts.items():
            book.writestr(zipfile.ZipInfo(name), part, zipfile.ZIP_DEFLATED)
    return target.getvalue()


def part(name: str, old: bytes, new: bytes) -> bytes:
    """A workbook with the first `old` of one of its parts replaced."""

    def change(parts: dict[str, bytes]) -> None:
        assert old in parts[name]
        parts[name] = parts[name].replace(old, new, 1)

    return changed(change)


def overlapping() -> bytes:
    """A zip whose directory names one packed part many times."""
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("part", bytes(range(256)) * 40)
        for number in range(50):
            again = zipfile.ZipInfo(f"part{number}")
            for field in ("header_offset", "compress_size", "file_size", "CRC", "compress_type"):
                setattr(again, field, getattr(book.filelist[0], field))
            book.filelist.append(again)
    return target.getvalue()


def flagged(bit: int, method: int | None = None) -> bytes:
    """A workbook whose directory says that a part is locked, or packed by another `method`."""
    content = bytearray(workbook())
    place = content.index(b"PK\x01\x02")
    content[place + 8] |= bit
    if method is not None:
        content[place + 10] = method
    return bytes(content)


def files() -> dict[str, bytes]:
    """Each broken file by its name."""
    whole = workbook()
    text = f'{DECLARED}<sst xmlns="{MAIN}">'.encode()
    return {
        "empty.xlsx": b"",
        "text.xlsx": b"Not a workbook at all.\n",
        "web_page.xlsx": b"\n<!DOCTYPE html><html><body>This page has moved.</body></html>",
        "document.csv": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3",
        "password.xlsx": OLE + bytes(512) + "EncryptedPackage".encode("utf-16-le") + bytes(64),
        "old_kind.xls": OLE + bytes(512) + "Workbook".encode("utf-16-le") + bytes(64),
        "binary.csv": b"IncidentDate,Borough\x00\x01\x02",
        "cut_short.xlsx": whole[: len(whole) * 2 // 3],
        "cut_in_the_directory.xlsx": whole[:-30],
        "directory_only.xlsx": whole[:4] + whole[whole.index(b"PK\x01\x02") :],
        "cut_in_a_row.csv": b"IncidentDate,Borough,Outcome: Arrested\n01/04/2020,Barnet,Yes\n02/04/2020,Bar",
        "one_quotation_mark.csv": b'Date,Borough,Measure,Proportion\n31/12/2020,"Barnet,Trust MPS,0.5\n' + b"x\n" * 50,
        "zip_of_files.zip": zipped({"2020.csv": b"IncidentDate\n", "2021.csv": b"IncidentDate\n"}),
        "binary_workbook.xlsb": changed(lambda parts: parts.update({"xl/workbook.bin": parts.pop(MAIN_PART)})),
        "no_sheet.xlsx": changed(lambda parts: parts.pop(SHEET)),
        "no_texts.xlsx": changed(lambda parts: parts.pop(TEXTS)),
        "fewer_texts.xlsx": changed(lambda parts: parts.update({TEXTS: text + b"<si><t>IncidentDate</t></si></sst>"})),
        "unclosed_texts.xlsx": changed(lambda parts: parts.update({TEXTS: text + b"<si><t>IncidentDate</t>"})),
        "no_rows.xlsx": changed(lambda parts: parts.update({SHEET: f'<worksheet xmlns="{MAIN}"/>'.encode()})),
        "empty_rows.xlsx": changed(
            lambda parts: parts.update({SHEET: f'<worksheet xmlns="{MAIN}"><sheetData/></worksheet>'.encode()})
        ),
        "cut_in_a_row.xlsx": part(SHEET, b"</sheetData></worksheet>", b'<row r="3"><c r="A3"><v>1'),
        "not_utf8.xlsx": part(SHEET, b"<sheetData>", b"<sheetData>\xff\xfe"),
        "tags_that_do_not_match.xlsx": part(SHEET, b'<c r="A2"', b'<c><c r="A2"'),
        "letters_for_numbers.xlsx": part(SHEET, b' t="s"><v>0</v>', b' t="s"><v>zero</v>'),
        "definitions_in_texts.xlsx": changed(
            lambda parts: parts.update({TEXTS: LAUGHS.encode() + text + b"<si><t>&c;</t></si></sst>"})
        ),
        "definitions_in_the_sheet.xlsx": part(SHEET, b"<worksheet", LAUGHS.encode() + b"<worksheet"),
        "definitions_in_the_list.xlsx": part(MAIN_PART, b"<workbook", LAUGHS.encode() + b"<workbook"),
        "bomb.xlsx": changed(lambda parts: parts.update({SHEET: parts[SHEET] + b" " * BOMB_BYTES})),
        "overlapping.xlsx": overlapping(),
        "locked_part.xlsx": flagged(1),
        "other_packing.xlsx": flagged(0, method=9),
    }


def main() -> None:
    """Write the corpus."""
    CORPUS.mkdir(exist_ok=True)
    for name, content in files().items():
        (CORPUS / name).write_bytes(content)


if __name__ == "__main__":
    main()
