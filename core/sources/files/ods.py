"""OpenDocument spreadsheets (.ods), read row by row with limits on what a repeated row or cell may become.

A cell or row that is written once can stand for a million, so that 1 kB unpacks to any size. Libraries expand what is
written before one can look; here what is empty is not expanded, and what is filled is counted first.
"""

import zipfile
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import IO
from xml.etree import ElementTree

from core.sources.files.cells import SourceError
from core.sources.files.limits import (
    MOST_CELLS,
    MOST_SHEETS,
    MOST_WIDTH,
    Limits,
    UploadedFile,
    archive,
    complete_file,
    megabytes,
    refuse_definitions,
)

CONTENT = "content.xml"
KIND = b"application/vnd.oasis.opendocument.spreadsheet"
BLOCK = 1 << 20
TABLE, ROW, COLUMN, STYLE = "table", "table-row", "table-column", "style"
CELLS = ("table-cell", "covered-table-cell")
HIDDEN = ("collapse", "filter")
TRUTHS = {"true": "TRUE", "false": "FALSE"}

Row = dict[int, str]


def is_open_document(file: UploadedFile, start: bytes) -> bool:
    """Whether a zip is an OpenDocument spreadsheet, which names its kind at its beginning."""
    return KIND in start[:200] or file.name.casefold().endswith(".ods")


@contextmanager
def spreadsheet(file: UploadedFile, limits: Limits) -> Iterator["Spreadsheet"]:
    """The spreadsheet `file`, open for reading.

    Raises
    ------
    SourceError
        If it is no such spreadsheet, is damaged or encrypted, or is larger than `limits` allow.
    """
    with archive(file, limits) as parts:
        if CONTENT not in parts.namelist():
            raise SourceError(
                f"{file.name} is no OpenDocument spreadsheet; save it as .xlsx or .ods, or let its name end in .xlsx "
                "if it is a workbook."
            )
        yield Spreadsheet(file.name, parts, limits)


@dataclass(frozen=True, eq=False)
class Spreadsheet:
    """An open spreadsheet: its file name, its archive, what may be read of it, and what it hides."""

    name: str
    parts: zipfile.ZipFile
    limits: Limits
    hidden: set[str] = field(default_factory=set)
    hidden_rows: defaultdict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    hidden_columns: dict[str, set[int]] = field(default_factory=dict)

    @cached_property
    def sheets(self) -> list[str]:
        """Names of the sheets, in order, those that are hidden last."""
        found = list(dict.fromkeys(name for name, _ in self._elements()))
        return sorted(found, key=lambda name: name in self.hidden)

    def rows(self, sheet: str) -> Iterator[tuple[int, Row]]:
        """The rows of `sheet` that are not empty: number and text by position of the column, days as ISO text.

        Raises
        ------
        SourceError
            If there are more rows than the limits allow.
        """
        number = 0
        for name, row in self._elements():
            if name != sheet or row is None:
                continue
            repeated, cells = _repeated(row, "rows"), self._cells(row, f"sheet {sheet}, row {number + 1}")
            if cells:
                if number + repeated > self.limits.rows or repeated * len(cells) > MOST_CELLS:
                    raise SourceError(
                        f"{self.name}, sheet {sheet} has more rows or cells than are read here; leave out some."
                    )
                numbers = range(number + 1, number + repeated + 1)
                if _attribute(row, "visibility") in HIDDEN:
                    self.hidden_rows[sheet].update(numbers)
                yield from ((place, cells) for place in numbers)
            number += repeated

    def _cells(self, row: ElementTree.Element, where: str) -> Row:
        cells, place = {}, 0
        for cell in row:
            if _local(cell.tag) not in CELLS:
                continue
            repeated, text = _repeated(cell, "columns"), _text(cell)
            if not text and _attribute(cell, "formula") and not _attribute(cell, "value-type"):
                raise SourceError(
                    f"{self.name}, {where} has a formula without its result; open the spreadsheet in LibreOffice or "
                    "Excel and save it there, which works the results out."
                )
            if text:
                if place + repeated > MOST_WIDTH:
                    raise SourceError(f"{self.name} has a row of over {MOST_WIDTH:,} cells; leave out columns.")
                cells.update(dict.fromkeys(range(place, place + repeated), text))
            place += repeated
        return cells

    def _elements(self) -> Iterator[tuple[str, ElementTree.Element | None]]:
        """Each sheet's name, first alone and then with each of its rows."""
        with complete_file(self.name), self.parts.open(CONTENT) as stream:
            name, tables, rows, columns = "", 0, 0, 0
            hiding = set()
            for event, element in _events(stream, self.name, self.limits.unpacked_bytes):
                tag = _local(element.tag)
                if event == "end" and tag == STYLE and any(_attribute(part, "display") == "false" for part in element):
                    hiding.add(_attribute(element, "name"))
                if event == "start" and tag == TABLE:
                    name, tables, columns = _attribute(element, "name"), tables + 1, 0
                    self.hidden_columns[name] = set()
                    if _attribute(element, "style-name") in hiding:
                        self.hidden.add(name)
                    if tables > MOST_SHEETS:
                        raise SourceError(f"{self.name} has more than {MOST_SHEETS} sheets; leave out some.")
                    yield name, None
                elif event == "end" and tag == COLUMN:
                    last = min(columns + _repeated(element, "columns"), MOST_WIDTH)
                    if _attribute(element, "visibility") in HIDDEN:
                        self.hidden_columns[name] |= set(range(columns, last))
                    columns = last
                elif event == "end" and tag == ROW:
                    rows += 1
                    yield name, element
                    element.clear()


def _events(stream: IO[bytes], name: str, most: int) -> Iterator[tuple[str, ElementTree.Element]]:
    """Starts and ends of elements, parsed block by block; XML that defines its own entities is refused."""
    parser: ElementTree.XMLPullParser[ElementTree.Element] = ElementTree.XMLPullParser(("start", "end"))
    read, before = 0, b""
    while block := stream.read(BLOCK):
        read += len(block)
        if read > most:
            raise SourceError(f"{name} unpacks to more than {megabytes(most)}; leave out rows or sheets.")
        if b"\0" in block:
            raise SourceError(f"{name} is not written as spreadsheets are; open it and save it again.")
        refuse_definitions(before + block, name)
        before = block[-16:]
        parser.feed(block)
        for found in parser.read_events():
            event, element = found[0], found[-1]
            if isinstance(element, ElementTree.Element):
                yield event, element
    parser.close()


def _repeated(element: ElementTree.Element, what: str) -> int:
    return max(1, int(_attribute(element, f"number-{what}-repeated") or 1))


def _text(cell: ElementTree.Element) -> str:
    """What a cell holds: a number in full, a day as ISO text, else the text that is shown."""
    kind = _attribute(cell, "value-type")
    if kind in ("float", "percentage", "currency"):
        return _attribute(cell, "value")
    if kind == "date":
        return _attribute(cell, "date-value").removesuffix("T00:00:00")
    if kind == "boolean":
        return TRUTHS.get(_attribute(cell, "boolean-value"), "")
    paragraphs = ["".join(_pieces(part)) for part in cell if _local(part.tag) == "p"]
    return "\n".join(paragraphs).strip()


def _pieces(element: ElementTree.Element) -> Iterator[str]:
    """The text of a paragraph, whose repeated spaces are elements."""
    yield element.text or ""
    for part in element:
        tag = _local(part.tag)
        if tag == "s":
            yield " "
        elif tag in ("tab", "line-break"):
            yield "\n" if tag == "line-break" else "\t"
        elif tag not in ("annotation", "note"):
            yield from _pieces(part)
        yield part.tail or ""


def _attribute(element: ElementTree.Element, name: str) -> str:
    return next((value for key, value in element.items() if _local(key) == name), "")


def _local(tag: str) -> str:
    return str(tag).rpartition("}")[2]
