"""Text with separated cells (CSV, TSV and their kin): its encoding, its separator, its rows."""

import codecs
import csv
import re
from collections import Counter
from collections.abc import Iterator
from io import StringIO
from itertools import islice

from core.sources.files.cells import SourceError
from core.sources.files.limits import UploadedFile, in_memory

SEPARATORS = ",;\t|~^"
DECLARED = re.compile(r"\s*\"?sep=(.)\"?[^\S\n]*(?:\r\n?|\n)", re.IGNORECASE)
LOOKED_THROUGH = 200
SAMPLE, BLOCK = 4000, 1 << 20
SHOWN = 30
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
END_OF_DOS = b"\x1a"
# How notes below a table begin.
PROTECTED = re.compile(r'^="([^"]*)"$')  # as programs keep Excel from changing a cell
NOTE = re.compile(
    r"\W*(?:sources?|notes?|footnotes?|copyright|contains|published|last updated|updated|downloaded|extracted|contact|"
    r"prepared|produced|excludes?|includes?|figures|data (?:from|are|is|as|source)|see|for more|https?)\b|\d+[.)]\s|"
    r"^\s*[*\u00a9\[(]",
    re.IGNORECASE,
)
# Those that no row of figures begins with.
SURE_NOTE = re.compile(r"\W*(?:sources?|notes?|footnotes?|copyright)\b(?:\s*\d+)?\s*[:.]|\u00a9", re.IGNORECASE)


def decoded(name: str, content: bytes) -> tuple[str, str]:
    """The text of a file, and a sentence on its encoding where that is not UTF-8.

    Raises
    ------
    SourceError
        If it is no text.
    """
    encoding = next((known for mark, known in MARKS if content.startswith(mark)), "") or _without_mark(content)
    try:
        text = content.removesuffix(END_OF_DOS).decode(encoding or "utf-8")
        note = f"The file is in {encoding.upper()[:6]}." if encoding.startswith(("utf-16", "utf-32")) else ""
    except UnicodeDecodeError:
        if encoding:
            raise SourceError(f"{name} is not whole; save or download it again.") from None
        text = content.decode("cp1252", errors="replace")
        note = f"The file is not in UTF-8; read as Windows text{_shown(text)}."
    if "\x00" in text:
        raise SourceError(f"{name} is not a text file; save the table as CSV, .xlsx, .ods or Parquet.")
    return text, note


def _shown(text: str) -> str:
    """The first word with a letter that another encoding would change, and what to do if it looks wrong."""
    word = re.search(r"\w*[^\x00-\x7f][^\s,;\"]*", text)
    return f" ({word[0][:SHOWN]}: if that looks wrong, save the file again as CSV in UTF-8)" if word else ""


def as_utf8(file: UploadedFile) -> UploadedFile:
    """`file`, or the same text in UTF-8 where its beginning is in another encoding."""
    with file.open() as stream:
        start = stream.read(BLOCK)
    try:
        codecs.getincrementaldecoder("utf-8")().decode(start)
        if not _without_mark(start):
            return file
    except UnicodeDecodeError:
        pass
    with file.open() as stream:
        text, _ = decoded(file.name, stream.read())
    return in_memory(file.name, text.encode())


def _without_mark(content: bytes) -> str:
    """UTF-16 where every other byte at the beginning is zero, as Western text in it is; else unknown."""
    start = content[:SAMPLE]
    if len(start) < len("a,b\n"):
        return ""
    if not any(start[::2]) and all(start[1::2]):
        return "utf-16-be"
    return "utf-16-le" if not any(start[1::2]) and all(start[::2]) else ""


def separator_of(text: str) -> str:
    """The separator that gives most rows one width; of several, the one with the most columns."""
    sample = [line for line in islice(StringIO(text), LOOKED_THROUGH) if line.strip()]
    return max(SEPARATORS, key=lambda separator: (*_regular(sample, separator), -SEPARATORS.index(separator)))


def _regular(lines: list[str], separator: str) -> tuple[float, int]:
    """Share of rows that have the usual width, and that width; nothing where it is a single cell."""
    try:
        widths = Counter(len(row) for row in csv.reader(lines, delimiter=separator, skipinitialspace=True) if any(row))
    except csv.Error:
        return 0.0, 0
    several = Counter({width: rows for width, rows in widths.items() if width > 1})
    if not several:
        return 0.0, 0
    width, rows = max(several.items(), key=lambda item: (item[1], item[0]))
    return round(rows / widths.total(), 2), width


def rows_of(name: str, text: str) -> tuple[str, Iterator[tuple[int, list[str]]]]:
    """The separator of `text`, and its rows with their numbers; a first line such as ``sep=;`` is no row.

    Raises
    ------
    SourceError
        While rows are taken: if a quotation mark is not closed, or a cell holds what looks like further rows.
    """
    declared = DECLARED.match(text)
    separator = declared[1] if declared else separator_of(text)
    body = text[declared.end() :] if declared else text
    return separator, _rows(name, body.replace("\r\n", "\n").replace("\r", "\n"), separator, 1 + bool(declared))


def _rows(name: str, text: str, separator: str, first: int) -> Iterator[tuple[int, list[str]]]:
    # Quotation marks after a space enclose a cell only where they do so properly, and are part of it elsewhere.
    spaced = re.search(rf'{re.escape(separator)} +"[^"\n]*"[^\S\n]*(?:{re.escape(separator)}|\n|$)', text) is not None
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True, skipinitialspace=spaced)
    number, width = first - 1, 0
    try:
        for row in reader:
            number += 1
            cells = [PROTECTED.sub(r"\1", cell.strip()) if "=" in cell else cell.strip() for cell in row]
            width = max(width, len(row))
            if width > 1 and any(line.count(separator) >= width - 1 for cell in cells for line in _further(cell)):
                raise SourceError(_unbalanced(name, number))
            yield number, cells
    except csv.Error as error:
        raise SourceError(_unbalanced(name, number + 1)) from error


def _further(cell: str) -> list[str]:
    return cell.split("\n")[1:] if "\n" in cell else []


def _unbalanced(name: str, row: int) -> str:
    return f"{name}, row {row:,}: a quotation mark is too many or too few; correct it, or save the file again as CSV."


def breaks_off(text: str, separator: str, width: int) -> bool:
    """Whether `text` ends in the middle of a row of `width` cells: fewer cells, no line end, and no note."""
    last = text.replace("\r", "\n").rpartition("\n")[2]
    return bool(last.strip()) and '"' not in last and last.count(separator) + 1 < width and not NOTE.match(last)
