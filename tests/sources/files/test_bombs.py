"""Small files that would unpack to large ones, and files with bytes changed: refused in a sentence, at once."""

import io
import random
import tracemalloc
import zipfile
from contextlib import suppress

import pandas as pd
import pytest

from core.sources.files.cells import SourceError
from core.sources.files.limits import in_memory
from core.sources.files.table_file import read_table
from core.user_panel.panel import guessed_roles, panel_of
from core.user_panel.read import LIMITS, UserPanelError, read_table_file
from tests.sources.files.open_document import as_ods, packed
from tests.user_panel.peoples_files import as_text, as_workbook, table

CELL = '<table:table-cell office:value-type="float" office:value="1"{}><text:p>1</text:p></table:table-cell>'
ROW = "<table:table-row{}>{}</table:table-row>"
ENTITY = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
MOST_MEMORY = 400_000_000
MUTATIONS = 20
FRAME = table()
ROWS = [list(FRAME), *FRAME.to_numpy().tolist()]


def repeated(rows: int, columns: int) -> bytes:
    cells = CELL.format(f' table:number-columns-repeated="{columns}"')
    row = ROW.format(f' table:number-rows-repeated="{rows}"', cells)
    return packed(f'<table:table table:name="S">{row}</table:table>')


def zipped(content: bytes, name: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(name, content)
    return buffer.getvalue()


def with_member(base: bytes, name: str, content: bytes) -> bytes:
    """A workbook with one member in place of its own."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(base)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.namelist():
            new.writestr(member, content if member == name else old.read(member))
    return buffer.getvalue()


BOMBS = {
    "rows of an open document": repeated(1_000_000, 3),
    "columns of an open document": repeated(1, 1_000_000),
    "cells of an open document": repeated(40_000, 10_000),
    "zeros in an open document": zipped(b"\0" * 200_000_000, "content.xml"),
    "spaces in an open document": zipped(b" " * 600_000_000, "content.xml"),
    "definitions in an open document": packed(f'<table:table table:name="S">{ENTITY}</table:table>'),
    "many sheets": packed('<table:table table:name="S"></table:table>' * 5_000),
    "spaces in a workbook": with_member(as_workbook(ROWS), "xl/worksheets/sheet1.xml", b" " * 300_000_000),
    "styles of a workbook": with_member(as_workbook(ROWS), "xl/styles.xml", b"<a/>" * 20_000_000),
    "a zip in a zip": zipped(repeated(1_000_000, 3), "inner.ods"),
    "columns of text": b",".join(b"%d" % n for n in range(60_000)) + b"\n" + b"1," * 59_999 + b"1\n",
}


@pytest.mark.parametrize("kind", BOMBS)
def test_bomb_is_refused_in_a_sentence_before_it_takes_memory(kind: str) -> None:
    tracemalloc.start()
    with pytest.raises(UserPanelError) as refused:
        read_table_file("bomb.ods", BOMBS[kind])
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < MOST_MEMORY
    assert str(refused.value).endswith(".")
    assert "\n" not in str(refused.value)


def as_parquet() -> bytes:
    buffer = io.BytesIO()
    pd.DataFrame(FRAME).to_parquet(buffer)
    return buffer.getvalue()


KINDS = {
    "csv": as_text(FRAME),
    "UTF-16": as_text(FRAME, encoding="utf-16"),
    "xlsx": as_workbook(ROWS),
    "ods": as_ods({"Data": ROWS}),
    "parquet": as_parquet(),
}


def mutated(content: bytes, chance: random.Random) -> bytes:
    """`content` with some bytes changed, cut, doubled or moved."""
    at, end = sorted(chance.choices(range(len(content)), k=2))
    changes = (
        lambda: content[:at],
        lambda: content[:at] + content[end:],
        lambda: content[:end] + content[at:],
        lambda: content[:at] + bytes(chance.choices(range(256), k=3)) + content[at + 3 :],
        lambda: content[:at] + bytes([content[at] ^ (1 << chance.randrange(8))]) + content[at + 1 :],
    )
    return chance.choice(changes)()


def survives(kind: str, seed: int) -> None:
    content = mutated(KINDS[kind], random.Random(seed))
    with suppress(UserPanelError):
        found = read_table_file("mutated", content)
        panel_of(found, guessed_roles(found))


@pytest.mark.parametrize("kind", KINDS)
def test_mutated_file_is_read_or_refused(kind: str) -> None:
    for seed in range(MUTATIONS):
        survives(kind, seed)


@pytest.mark.exhaustive
@pytest.mark.parametrize("kind", KINDS)
def test_mutated_file_is_read_or_refused_a_thousand_times(kind: str) -> None:
    for seed in range(MUTATIONS, 1_000):
        survives(kind, seed)


def test_locked_open_document_is_refused_with_a_sentence() -> None:
    locked = zipped(b"\x8f" * 500, "content.xml")
    with pytest.raises(SourceError, match=r"locked.ods"):
        read_table(in_memory("locked.ods", locked), LIMITS)
