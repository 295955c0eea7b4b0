"""Small OpenDocument spreadsheets, written by hand."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape, quoteattr

import pandas as pd

NAMES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
)
KIND = "application/vnd.oasis.opendocument.spreadsheet"


def as_ods(sheets: Mapping[str, Sequence[Sequence[object]]]) -> bytes:
    """Sheets of rows as a file; the last row of each is followed by a million empty ones, as offices write them."""
    tables = [
        f"<table:table table:name={quoteattr(name)}>{''.join(map(_row, rows))}"
        '<table:table-row table:number-rows-repeated="1048000">'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row></table:table>'
        for name, rows in sheets.items()
    ]
    return packed("".join(tables))


def packed(tables: str) -> bytes:
    """A file with the XML of its tables."""
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {NAMES}><office:body><office:spreadsheet>'
        f"{tables}</office:spreadsheet></office:body></office:document-content>"
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("mimetype"), KIND)
        archive.writestr("content.xml", content)
    return buffer.getvalue()


def _row(row: Sequence[object]) -> str:
    return f"<table:table-row>{''.join(map(_cell, row))}</table:table-row>"


def _cell(cell: object) -> str:
    if cell == "":
        return "<table:table-cell/>"
    if isinstance(cell, pd.Timestamp):
        return f'<table:table-cell office:value-type="date" office:date-value="{cell:%Y-%m-%d}"/>'
    if isinstance(cell, int | float):
        shown = f"<text:p>{cell:.0f}</text:p>"
        return f'<table:table-cell office:value-type="float" office:value="{cell}">{shown}</table:table-cell>'
    return f'<table:table-cell office:value-type="string"><text:p>{escape(str(cell))}</text:p></table:table-cell>'
