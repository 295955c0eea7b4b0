"""Excel workbooks (.xlsx), read a few megabytes at a time, with only the columns requested.

A yearly workbook of 100,000 rows and 271 columns unpacks to hundreds of megabytes of XML, and libraries that build a
grid of all its cells need more than a gigabyte for it. Here a sheet is processed in blocks of complete rows. A block is
the XML text itself, from which a column is extracted for all rows at once; there are few distinct cells, so each is
parsed only once. A block that is not in the plain style of Excel is first rewritten in it.
"""

import posixpath
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from html import unescape
from typing import IO
from xml.etree import ElementTree
from xml.sax.saxutils import escape

import polars as pl

from core.sources.files.cells import EXCEL_BEGINS, MAC_EXCEL_BEGINS, SourceError, raised_text
from core.sources.files.limits import (
    LOOKED_AT,
    MOST_SHEETS,
    MOST_WIDTH,
    Limits,
    UploadedFile,
    archive,
    complete_file,
    megabytes,
    refuse_definitions,
)

BLOCK = 4 << 20
MOST_IN_A_ROW = 32 << 20
MOST_SHARED = 128 << 20
MOST_IN_A_LIST = 4 << 20
MOST_PARSED = 200_000

BEGINNING = re.compile(r"<(?P<prefix>(?:[\w.-]+:)?)sheetData(?:\s[^<>]*)?(?P<empty>/?)>")
ROOT = re.compile(r"<([A-Za-z_][\w.:-]*)[\s>]")
REFERENCE = re.compile(r"([A-Z]{1,3})(\d+)")
KIND = re.compile(r'\st="(\w+)"')
SPACED = re.compile(r">\s+<")
# A cell: the letter of its column, what follows its reference up to its text, and the text.
IN_A_CELL = r'\d+"([^/>]*><(?:v|is><t)[^<>]*>[^<]*)<'
CELL = re.compile(rf'<c r="([A-Z]+){IN_A_CELL}')
ROW_NUMBER = r'<c r="[A-Z]+(\d+)"'
# In the regular expressions of Polars: a cell in another style, such as one with a formula.
ANOTHER_STYLE = r'<(?:c(?:[^ ]| [^r]| r[^=]| r=[^"])|!|f|is><[^t])'
LOOK = re.compile(r' s="\d+"')
MOST_USUAL = 4
STYLE = re.compile(r'\ss="(\d+)"')
SERIAL = re.compile(r"\d{1,6}(\.\d+)?")
LONG = re.compile(r"-?(?=[\d.]{17})\d{1,14}\.\d+")
# Formats of days that are built in, and letters of those that are written out, without what is quoted or in brackets.
DAY_FORMATS = frozenset(map(str, (*range(14, 18), 22, *range(27, 32), 36, *range(50, 59))))
NO_LETTERS = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.|general', re.IGNORECASE)
DAY_LETTERS = re.compile(r"[dy]", re.IGNORECASE)
TRUTHS = {"1": "TRUE", "0": "FALSE"}


@contextmanager
def workbook(file: UploadedFile, limits: Limits) -> Iterator["Workbook"]:
    """The workbook `file`, open for reading.

    Raises
    ------
    SourceError
        If it is not a workbook, is damaged or encrypted, or is larger than `limits` allow.
    """
    with archive(file, limits) as parts:
        if "[Content_Types].xml" not in parts.namelist():
            raise SourceError(f"{file.name} is a zip file but not a workbook; unpack it and choose what is in it.")
        if any(part.endswith("workbook.bin") for part in parts.namelist()):
            raise SourceError(f"{file.name} is a binary workbook (.xlsb); open it in Excel and save it as .xlsx.")
        yield Workbook(file.name, parts)


@dataclass(frozen=True, eq=False)
class Workbook:
    """An open workbook: its file name, its archive, and which rows and columns that were read it hides."""

    name: str
    parts: zipfile.ZipFile
    hidden_rows: defaultdict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    hidden_columns: dict[str, set[int]] = field(default_factory=dict)

    @cached_property
    def sheets(self) -> Mapping[str, str]:
        """Archive member of each sheet, by sheet name, in the order of the workbook, those that are hidden last."""
        targets = {key: part for key, (kind, part) in self._related(self._main).items() if kind == "worksheet"}
        found: dict[str, str] = {}
        hidden: dict[str, str] = {}
        for sheet in _all(self._list(self._main), "sheet"):
            if len(found) + len(hidden) == MOST_SHEETS:
                raise SourceError(f"{self.name} has more than {MOST_SHEETS} sheets; choose the sheet that is wanted.")
            key = next((value for name, value in sheet.items() if name.endswith("}id")), "")
            if key in targets:
                kept = found if sheet.get("state", "visible") == "visible" else hidden
                kept[sheet.get("name", "")] = targets[key]
        return found | hidden

    @cached_property
    def begins(self) -> date:
        """Day 0 of dates stored as numbers."""
        marks = [properties.get("date1904") for properties in _all(self._list(self._main), "workbookPr")]
        return MAC_EXCEL_BEGINS if {"1", "true"} & set(marks) else EXCEL_BEGINS

    def top(self, sheet: str, most: int) -> dict[int, dict[str, str]]:
        """The first rows of `sheet`, at most `most`, by row number: text by column letter, without empty cells."""
        found = {}
        for _, block in self._blocks(sheet):
            for row in block.head(most):
                cells = {letter: self._value(raw).strip() for letter, raw in CELL.findall(row)}
                if cells:
                    number = re.search(ROW_NUMBER, row)
                    found[int(number[1]) if number else 0] = {letter: text for letter, text in cells.items() if text}
            break
        return found

    def columns(
        self, sheet: str, letters: Mapping[str, str], fingerprint: bool
    ) -> Iterator[tuple[float, pl.DataFrame]]:
        """Columns of `sheet` as text, block by block.

        Parameters
        ----------
        sheet
            Name of the sheet.
        letters
            Letter of each requested column, by its name in the result.
        fingerprint
            Whether to add a fingerprint of all cells of a row, requested or not.

        Yields
        ------
        tuple of float and DataFrame
            The share of the sheet that has been read; ``row`` (as the workbook counts rows), the columns (missing
            where a cell is empty) and ``fingerprint``.
        """
        number = pl.col("xml").str.extract(ROW_NUMBER)
        cuts = [pl.col("xml").str.extract(f'<c r="{letter}{IN_A_CELL}').alias(name) for name, letter in letters.items()]
        parsed: dict[str, str | None] = {}
        with complete_file(self.name):
            for share, rows in self._blocks(sheet):
                xml = pl.LazyFrame({"xml": rows}).filter(number.is_not_null())
                cut = xml.select("xml", number.alias("row"), *cuts).collect()
                marks = [_fingerprints(cut["xml"], cut["row"])] if fingerprint else []
                row = pl.col("row").cast(pl.Int64, strict=False)
                yield share, cut.select(row, *self._parsed(cut.select(*letters), parsed)).with_columns(marks)

    def rows(self, sheet: str) -> Iterator[tuple[int, dict[int, str]]]:
        """The rows of `sheet` that are not empty: number and text by position of the column, days as ISO text."""
        with complete_file(self.name):
            for _, block in self._blocks(sheet):
                for row in block:
                    found = re.search(ROW_NUMBER, row)
                    cells = {_column(letter) - 1: self._dated(raw).strip() for letter, raw in CELL.findall(row)}
                    if found:
                        yield int(found[1]), {place: text for place, text in cells.items() if text}

    def _dated(self, raw: str) -> str:
        """The text of a cell, a number that is formatted as a day as ISO text."""
        text, attributes = self._value(raw), raw.partition(">")[0]
        style, kind = STYLE.search(attributes), KIND.search(attributes)
        if style and int(style[1]) in self._day_styles and SERIAL.fullmatch(text):
            return (self.begins + timedelta(days=int(float(text)))).isoformat()
        is_long = LONG.fullmatch(text) and (not kind or kind[1] == "n")
        return f"{float(text):.15g}" if is_long else text  # as Excel shows it: 74.6 is stored as 74.599999999999994

    @cached_property
    def _day_styles(self) -> frozenset[int]:
        """Positions of the cell styles that show numbers as days."""
        parts = [part for kind, part in self._related(self._main).values() if kind == "styles"]
        if not parts or parts[0] not in self.parts.namelist():
            return frozenset()
        styles = self._list(parts[0])
        codes = {link.get("numFmtId", ""): link.get("formatCode", "") for link in _all(styles, "numFmt")}
        formats = next(_all(styles, "cellXfs"), ElementTree.Element("none"))
        shown = [link.get("numFmtId", "0") for link in _all(formats, "xf")]
        own = {key for key, code in codes.items() if DAY_LETTERS.search(NO_LETTERS.sub("", code))}
        return frozenset(place for place, key in enumerate(shown) if key in own or (key in DAY_FORMATS - codes.keys()))

    def _parsed(self, raw: pl.DataFrame, parsed: dict[str, str | None]) -> list[pl.Expr]:
        """The text of the cells `raw`, column by column; cells in the cache `parsed` are not parsed again."""
        if len(parsed) > MOST_PARSED:
            parsed.clear()
        texts = []
        different = raw.select(pl.all().drop_nulls().unique().implode()).row(0, named=True)
        for name, cells in different.items():
            parsed |= {cell: self._value(cell).strip() or None for cell in cells if cell not in parsed}
            new = [parsed[cell] for cell in cells]
            texts.append(pl.col(name).replace_strict(cells, new, default=None, return_dtype=pl.String))
        return texts

    def _value(self, raw: str) -> str:
        """The text of a cell from what follows its reference: other attributes, opening tags and their content."""
        attributes, _, inside = raw.partition(">")
        found = KIND.search(attributes)
        kind = found[1] if found else "n"
        text = inside.split(">", 2)[2] if kind == "inlineStr" else inside.partition(">")[2]
        if kind == "s":
            return self._texts[int(text)] if text else ""
        return TRUTHS.get(text, text) if kind == "b" else unescape(text)

    @cached_property
    def _main(self) -> str:
        """Archive member that lists the sheets."""
        for kind, part in self._related("").values():
            if kind == "officeDocument" and part.endswith(".xml"):
                return part
        raise SourceError(f"{self.name} is not a workbook that is read here; open it in Excel and save it as .xlsx.")

    @cached_property
    def _texts(self) -> list[str]:
        """The shared strings."""
        parts = [part for kind, part in self._related(self._main).values() if kind == "sharedStrings"]
        if not parts:
            return []
        self._check_part(parts[0], MOST_SHARED)
        texts = []
        with self.parts.open(parts[0]) as stream:
            refuse_definitions(stream.read(1024), self.name)
            stream.seek(0)
            for _, element in ElementTree.iterparse(stream):
                if _local(element) == "si":
                    texts.append(_shown(element))
                    element.clear()
        return texts

    def _related(self, part: str) -> dict[str, tuple[str, str]]:
        """Type and name of the members related to `part`, by relationship id."""
        folder, name = posixpath.split(part)
        listed = _all(self._list(posixpath.join(folder, "_rels", f"{name}.rels")), "Relationship")
        return {
            link.get("Id", ""): (
                posixpath.basename(link.get("Type", "")),
                posixpath.normpath(posixpath.join("/", folder, link.get("Target", "")))[1:],
            )
            for link in listed
        }

    def _list(self, part: str) -> ElementTree.Element:
        self._check_part(part, MOST_IN_A_LIST)
        content = self.parts.read(part)
        refuse_definitions(content, self.name)
        return ElementTree.fromstring(content)

    def _size(self, part: str) -> int:
        try:
            return self.parts.getinfo(part).file_size
        except KeyError as error:
            raise SourceError(
                f"{self.name} lacks its part {part}; download it again, or save it again in Excel."
            ) from error

    def _check_part(self, part: str, most: int) -> None:
        if self._size(part) > most:
            raise SourceError(
                f"{self.name}: its part {part} has more than {megabytes(most)}, which no published workbook has; "
                "download it again from the publisher."
            )

    def _blocks(self, sheet: str) -> Iterator[tuple[float, pl.Series]]:
        """The share of `sheet` that has been read, and its rows as text in the plain style."""
        size, number, where = self._size(self.sheets[sheet]), 0, f"{self.name}, sheet {sheet}"
        with self.parts.open(self.sheets[sheet]) as stream:
            head, prefix, text = _beginning(stream, where)
            self.hidden_columns[sheet] = _hidden_columns(head)
            hidden = re.compile(rf'<{prefix}row\b(?=[^<>]*\shidden="(?:1|true)")[^<>]*\sr="(\d+)"')
            for read, block in _whole_rows(stream, text, prefix, where):
                self.hidden_rows[sheet] |= set(map(int, hidden.findall(block))) if " hidden=" in block else set()
                number, rows = _plain(block, head, prefix, number, where)
                yield read / size, rows


def _beginning(stream: IO[bytes], where: str) -> tuple[str, str, bytes]:
    """The XML before the rows, the prefix of its elements (``"x:"``), and what was already read of the rows."""
    text = stream.read(BLOCK)
    refuse_definitions(text, where)
    found = BEGINNING.search(text.decode("utf-8", errors="replace"))
    if not found:
        raise SourceError(f"{where} holds no rows that can be read; save the workbook again in Excel as .xlsx.")
    head = found.string[: found.end()]
    rows = b"" if found["empty"] else text[len(head.encode()) :]
    return head, found["prefix"], rows + f"</{found['prefix']}sheetData>".encode() * bool(found["empty"])


def _hidden_columns(head: str) -> set[int]:
    """Positions of the columns that a sheet hides, of those that can be read."""
    column = r'<(?:[\w.-]+:)?col\s(?=[^<>]*hidden="(?:1|true)")(?=[^<>]*min="(\d{1,6})")(?=[^<>]*max="(\d{1,6})")'
    spans = [(int(first) - 1, min(int(last), MOST_WIDTH)) for first, last in re.findall(column, head)]
    return {place for first, last in spans for place in range(first, last)}


def _whole_rows(stream: IO[bytes], text: bytes, prefix: str, where: str) -> Iterator[tuple[int, str]]:
    """The rows of a sheet in blocks that end with a row, each with the number of bytes read so far."""
    row_ends, all_ends = f"</{prefix}row>".encode(), f"</{prefix}sheetData>".encode()
    read = len(text)
    while (last := text.find(all_ends)) < 0:
        end = text.rfind(row_ends) + len(row_ends)
        if end >= len(row_ends):
            yield read, text[:end].decode()
            text = text[end:]
        more = stream.read(BLOCK)
        read += len(more)
        text += more
        if not more or len(text) > MOST_IN_A_ROW:
            raise SourceError(f"{where} ends in the middle of a row; the file is not whole, so download it again.")
    yield read, text[:last].decode()


def _plain(block: str, head: str, prefix: str, number: int, where: str) -> tuple[int, pl.Series]:
    """The rows of `block` in the style of Excel, which writes ``<c r="A1" ...>``, and the number of the last one."""
    short = block.replace(f"<{prefix}", "<").replace(f"</{prefix}", "</") if prefix else block
    rows = pl.Series(short.split("</row>"), dtype=pl.String)
    if not (SPACED.search(short[:LOOKED_AT]) or rows.str.contains(ANOTHER_STYLE).any()):
        last = REFERENCE.search(short, max(0, short.rfind('<c r="')))
        return int(last[2]) if last else number, rows
    root = ROOT.search(head)
    closing = f"</{prefix}sheetData></{root[1] if root else ''}>"
    texts = []
    for row in _all(ElementTree.fromstring(f"{head}{block}{closing}"), "row"):
        number = int(row.get("r", number + 1))
        texts.append(_cells(row, number, where))
    return number, pl.Series(texts, dtype=pl.String)


def _fingerprints(rows: pl.Series, numbers: pl.Series) -> pl.Series:
    """A hash of each of `rows` that depends on its cells only, not on its position or formatting."""
    usual = sorted(set(LOOK.findall(rows[0])))[:MOST_USUAL] if len(rows) else []
    marks = [hash(_bare(row, number, usual)) for row, number in zip(rows.to_list(), numbers.to_list(), strict=True)]
    return pl.Series("fingerprint", marks, dtype=pl.Int64)


def _bare(row: str, number: str, usual: list[str]) -> str:
    """The cells of `row` without row numbers and styles; the `usual` styles are removed first, which is faster."""
    cells = row[row.find("<c r=") :].replace(f'{number}"', '"')
    for look in usual:
        cells = cells.replace(look, "")
    return LOOK.sub("", cells) if ' s="' in cells else cells


def _cells(row: ElementTree.Element, number: int, where: str) -> str:
    """The cells of `row` in the style of Excel; cells without a reference follow the one before."""
    cells, column = [], 0
    for cell in _all(row, "c"):
        reference = REFERENCE.fullmatch(cell.get("r", ""))
        column = _column(reference[1]) if reference else column + 1
        kind = cell.get("t", "n")
        tags = {_local(part): part for part in cell}
        value = _shown(tags["is"]) if "is" in tags else (tags["v"].text or "" if "v" in tags else "")
        if "f" in tags and not value and kind == "n":
            raise SourceError(
                f"{where}, cell {_letters(column)}{number} holds a formula without its result; open the workbook in "
                "Excel or LibreOffice and save it there, which works the results out."
            )
        kind = "str" if kind == "inlineStr" else kind
        look = f' s="{cell.get("s", "0")}"' if cell.get("s", "").isdigit() else ""
        cells.append(f'<c r="{_letters(column)}{number}"{look} t="{kind}"><v>{escape(value)}</v></c>')
    return "".join(cells)


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - ord("A") + 1
    return number


def _letters(column: int) -> str:
    letters = ""
    while column:
        column, letter = divmod(column - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return letters


def _shown(element: ElementTree.Element) -> str:
    """The text of a cell or a shared string, without phonetic guides."""
    return "".join(_run(part) for part in element if _local(part) != "rPh")


def _run(part: ElementTree.Element) -> str:
    text = "".join(run.text or "" for run in _all(part, "t"))
    raised = any(run.get("val") == "superscript" for run in _all(part, "vertAlign"))
    return raised_text(text) if raised else text


def _all(element: ElementTree.Element, name: str) -> Iterator[ElementTree.Element]:
    return (part for part in element.iter() if _local(part) == name)


def _local(element: ElementTree.Element) -> str:
    return str(element.tag).rpartition("}")[2]
