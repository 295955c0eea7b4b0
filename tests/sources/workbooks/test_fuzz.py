"""Whatever is uploaded, the readers give a table or a :class:`SourceError`, and nothing else comes out."""

import io
import zipfile
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from functools import cache

import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.sources.files.cells import SourceError, as_shares, day_of
from core.sources.files.limits import UploadedFile, in_memory
from core.sources.london.boroughs import NAMES
from core.sources.london.force.force_quarters import tabulate
from core.sources.london.force.force_workbook import ForceFile, read_force
from core.sources.london.survey.survey_workbook import Survey, read_survey
from core.tables.catalogue import load_catalogue
from tests.sources.workbooks.broken import SHEET, TEXTS, zipped
from tests.sources.workbooks.force import FLAGS, Layout, records, rows_of, scaled
from tests.sources.workbooks.survey import write_survey
from tests.sources.workbooks.xlsx import write_xlsx

THOROUGH = settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
READERS: tuple[Callable[[UploadedFile], Survey | ForceFile], ...] = (read_survey, read_force)
NAMES_OF_FILES = st.sampled_from(["file.xlsx", "file.csv", "file", "file.xlsm"])
STARTS = st.sampled_from(
    [b"", b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\xef\xbb\xbf", b"a,b\n"]
)


def survives(name: str, content: bytes) -> None:
    """Assert that both readers give a table that adds up, or a sentence."""
    for read in READERS:
        try:
            found = read(in_memory(name, content))
        except SourceError:
            continue
        assert all(report.used <= report.read for report in found.reports)
        if isinstance(found, ForceFile):
            try:
                assert tabulate([found]).quarterly.frame["records"].ge(0).all()
            except SourceError:
                continue


@cache
def small_survey() -> bytes:
    tables = [load_catalogue().read_table(name) for name in ("survey", "survey_london")]
    last = [table[table["quarter"] == "2023Q4"] for table in tables]
    return write_survey(last[0], last[1])


@cache
def small_year() -> bytes:
    counts = scaled(load_catalogue().read_table("use_of_force"), 200)
    drawn = records(counts[counts["quarter"] == "2020Q3"], load_catalogue().read_table("use_of_force_ages"), 3)
    target = io.BytesIO()
    write_xlsx(target, {"Data": rows_of(drawn.frame, Layout())})
    return target.getvalue()


@THOROUGH
@given(name=NAMES_OF_FILES, start=STARTS, content=st.binary(max_size=3000))
def test_readers_with_random_bytes_give_a_table_or_source_error(name: str, start: bytes, content: bytes) -> None:
    survives(name, start + content)


@THOROUGH
@given(data=st.data(), book=st.sampled_from([small_survey, small_year]))
def test_readers_with_changed_bytes_give_a_table_or_source_error(
    data: st.DataObject, book: Callable[[], bytes]
) -> None:
    survives("file.xlsx", mutated(data, book()))


@THOROUGH
@given(data=st.data(), book=st.sampled_from([small_survey, small_year]))
def test_readers_with_changed_parts_give_a_table_or_source_error(
    data: st.DataObject, book: Callable[[], bytes]
) -> None:
    with zipfile.ZipFile(io.BytesIO(book())) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    name = data.draw(st.sampled_from([SHEET, TEXTS, *parts]))
    parts[name] = mutated(data, parts[name])
    survives("file.xlsx", zipped(parts))


PIECES = st.sampled_from(
    [
        *(b"<", b">", b"/>", b'"', b"&", b"&#0;", b"&amp;", b"</row>", b"<row>", b"</sheetData>", b"<c>", b"</c>"),
        *(
            b' t="s"',
            b' t="b"',
            b"<!--",
            b"<![CDATA[",
            b"<f>",
            b"<is>",
            b"\xff",
            b"\x00",
            b"\n",
            b"  ",
            b"-1",
            b"1e999",
        ),
        *(b"99999999999999999999", b'r="ZZZ9"', b'r=""', b"A1048577", b"<!DOCTYPE x>", b"<x:row>"),
    ]
)


def mutated(data: st.DataObject, content: bytes) -> bytes:
    """`content` with a few pieces put in, taken out, or put in the place of others."""
    changed = bytearray(content)
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(changed)))
        length = data.draw(st.sampled_from([0, 0, 1, 2, 5, 50, 5000]))
        changed[place : place + length] = data.draw(PIECES | st.binary(max_size=8))
    return bytes(changed)


CELLS = st.one_of(
    st.none(),
    st.text(max_size=12),
    st.floats(width=32),
    st.integers(),
    st.dates(),
    st.sampled_from(["Yes", "No", "04/25/2020", "31/12/2023", "0,5", "62%", "=1+1", "<b>", "Trust MPS", *NAMES[:3]]),
)
COLUMNS = ("Date", "Borough", "Measure", "Proportion", "MPS", "IncidentDate", "SubjectAge", *FLAGS.values())


@THOROUGH
@given(
    rows=st.lists(st.lists(CELLS, min_size=len(COLUMNS), max_size=len(COLUMNS)), max_size=12),
    as_csv=st.booleans(),
)
def test_readers_with_random_cells_give_a_table_or_source_error(rows: list[list[object]], as_csv: bool) -> None:
    frame = pd.DataFrame(rows, columns=list(COLUMNS), dtype=object)
    if as_csv:
        survives("file.csv", frame.to_csv(index=False).encode("utf-8", errors="replace"))
        return
    printable = frame.map(lambda value: value if isinstance(value, (int, float)) else plain(value))
    target = io.BytesIO()
    write_xlsx(target, {"Data": [dict(enumerate(COLUMNS)), *map(numbered, printable.to_numpy().tolist())]})
    survives("file.xlsx", target.getvalue())


def plain(value: object) -> str | None:
    """Text that XML can hold."""
    return None if value is None else "".join(letter for letter in str(value) if letter.isprintable())


def numbered(row: list[str | int | float | None]) -> dict[int, str | int | float | None]:
    return dict(enumerate(row))


@given(st.text() | st.from_regex(r"\d{1,6}([./-]\d{1,4}){0,2}", fullmatch=True))
def test_day_of_any_text_is_a_date_or_none(text: str) -> None:
    assert isinstance(day_of(text), date | None)


@given(st.lists(st.text(max_size=8), min_size=1))
def test_as_shares_of_any_text_are_shares_or_refused(texts: list[str]) -> None:
    with suppress(SourceError):
        assert as_shares(pd.Series(texts, name="Proportion"), "file").dropna().between(0, 1).all()
