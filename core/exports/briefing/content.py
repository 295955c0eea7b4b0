"""A briefing: what a page shows for certain choices, as a document to print, to share or to edit.

This module has its content and their order; the modules ``html`` and ``word`` of this package make the documents.
"""

import re
import string
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TypeAlias, TypeGuard
from urllib.parse import urlsplit

import pandas as pd
from pandas.api.types import is_bool_dtype, is_numeric_dtype

from core.exports.attribution import APP
from core.presentation.charts import Figure
from core.presentation.column_format import column_format
from core.presentation.numbers import YES_NO
from core.questions.vocabulary import NBSP
from core.tables.characters import strip_control_characters
from core.tables.schema import Source

TOP = ""
HOW_SURE = "How sure are we?"
METHOD = "How it was worked out"
MOST_PICTURES, MOST_TABLES = 4, 1
SHORT_ROWS, COMPLETE_ROWS = 15, 60
WIDE_TABLE = 6  # columns; with more, the type is smaller
LINK_TEXT = "The same view with all its settings, to explore and to change:"
MISSING = "\N{EN DASH}"
PROJECT = Path(__file__).parents[3] / "pyproject.toml"
_PUNCTUATION = re.compile(f"[{re.escape(string.punctuation)}]")
_ON_SCREEN = re.compile(r" ?(?:Hover over|Click) [^.]*\.")


@dataclass(frozen=True, eq=False)
class Listing:
    """A table of the page.

    Parameters
    ----------
    rows
        The table; numbers are written to `digits` decimals.
    title
        What it shows; empty where the heading above it states that.
    """

    rows: pd.DataFrame
    digits: int = 3
    title: str = ""


Drawing: TypeAlias = Figure | Callable[[], Figure]
Part: TypeAlias = Drawing | Listing | str


@dataclass(frozen=True)
class Origin:
    """Where the figures come from.

    Parameters
    ----------
    figures
        What figures these are and which version of them, in sentences.
    uploaded
        Whether they are uploaded.
    sources
        Publications, with their licences and attribution lines.
    """

    figures: str
    uploaded: bool = False
    sources: tuple[Source, ...] = ()

    @property
    def licences(self) -> dict[str, str]:
        """Addresses of the licences of the sources by their names, each once."""
        return {note.licence.title: note.licence.path for note in self.sources if note.licence}


@dataclass(frozen=True, eq=False)
class Briefing:
    """The content of a page, in the order of the page.

    Parameters
    ----------
    question, answer
        The title of the page, and its answer; plain text.
    sections
        Texts (in Markdown), figures and tables by their headings; :data:`TOP` follows the answer without a heading.
    origin
        Where the figures come from.
    link
        Address of the view.
    rows
        Largest number of rows of a table; a note states how many are left out.
    """

    question: str
    answer: str
    sections: Mapping[str, Sequence[Part]]
    origin: Origin
    link: str
    rows: int = COMPLETE_ROWS

    @property
    def title(self) -> str:
        """Title of the document."""
        return f"{self.question} {APP}: briefing"


def of_package(version: str, sources: tuple[Source, ...], files: Sequence[str] = ()) -> Origin:
    """Published figures in a `version`, or uploaded `files` in place of some of them."""
    if not files:
        published = f"Published figures, version {version}. The version changes when any figure does."
        return Origin(published, False, sources)
    return Origin(
        f"**Not published figures.** Whoever made this briefing uploaded {_escaped(', '.join(files))} in place of "
        f"published figures (version {version}), for one visit. The link below shows others the published figures.",
        True,
        sources,
    )


def of_uploaded_file(name: str, fingerprint: str) -> Origin:
    """The figures of an uploaded file."""
    return Origin(
        f"**Not published figures.** They are from {_escaped(name)}, a file of whoever made this briefing "
        f"(fingerprint {fingerprint}). It was not stored: the link below shows this view to those who have the file.",
        True,
    )


def _escaped(name: str) -> str:
    """`name` as literal text inside Markdown."""
    return _PUNCTUATION.sub(r"\\\g<0>", name)


def shortened(briefing: Briefing) -> Briefing:
    """The main parts of `briefing`: the first figure of each section, the first tables, and their uncertainty."""
    selected: dict[str, list[Part]] = {}
    pictures = tables = 0
    for heading, parts in briefing.sections.items():
        selected[heading] = [part for part in parts if isinstance(part, str) and heading in (TOP, HOW_SURE, METHOD)]
        first = next((part for part in parts if is_drawing(part)), None)
        listing = next((part for part in parts if isinstance(part, Listing)), None)
        if first is not None and pictures < MOST_PICTURES:
            selected[heading].append(first)
            pictures += 1
        if listing is not None and tables < MOST_TABLES and (first is None or heading == HOW_SURE):
            selected[heading].append(listing)
            tables += 1
    return replace(briefing, sections=selected, rows=SHORT_ROWS)


def ordered(briefing: Briefing) -> Iterator[tuple[str, list[Part]]]:
    """Headings with their parts in the order of a briefing: main figure, uncertainty, the rest, method."""
    left = {heading: list(parts) for heading, parts in briefing.sections.items()}
    top, sure, method = (left.pop(heading, []) for heading in (TOP, HOW_SURE, METHOD))
    if not any(map(is_drawing, top)):
        first = next((parts for parts in left.values() if any(map(is_drawing, parts))), [])
        position = next((position for position, part in enumerate(first) if is_drawing(part)), None)
        top += [] if position is None else [first.pop(position)]
    for heading, parts in {TOP: top, HOW_SURE: sure, **left, METHOD: method}.items():
        if parts:
            yield heading, sorted(parts, key=lambda part: not isinstance(part, str)) if heading == HOW_SURE else parts


def is_drawing(part: Part) -> TypeGuard[Drawing]:
    """Whether `part` is a figure or a function that makes one."""
    return not isinstance(part, str | Listing)


def made(drawing: Drawing) -> Figure:
    """The figure, made now if `drawing` is a function."""
    return drawing if isinstance(drawing, Figure) else drawing()


def for_print(note: str) -> str:
    """A caption without the instructions that only apply on the page."""
    return _ON_SCREEN.sub("", note).strip()


def cells(listing: Listing, most: int) -> tuple[list[str], list[list[str]]]:
    """Column names and the first rows of a table as they are written."""
    shown = listing.rows.head(most)
    columns = [_written(shown.iloc[:, at], listing.digits) for at in range(shown.shape[1])]
    return [strip_control_characters(str(name)) for name in shown.columns], [
        list(row) for row in zip(*columns, strict=True)
    ]


def left_out(listing: Listing, most: int) -> str:
    """A note on the rows that are left out; empty where none are."""
    total = len(listing.rows)
    return f"The first {most} of {total:,} rows; the page has all of them, with a CSV file." if total > most else ""


def numeric_columns(listing: Listing) -> list[bool]:
    """Whether each column holds numbers."""
    return [is_numeric_dtype(kind) and not is_bool_dtype(kind) for kind in listing.rows.dtypes]


def _written(column: pd.Series, digits: int) -> list[str]:
    if is_bool_dtype(column.dtype):
        return [YES_NO[value] for value in column]
    write = (
        column_format(column, digits).write
        if column.dtype.kind in "iuf"
        else lambda value: strip_control_characters(str(value))
    )
    return [MISSING if pd.isna(value) else write(value) for value in column]


def footer(briefing: Briefing) -> str:
    """The footer of every page: the app and its address, and the licences of the figures."""
    terms = ["not published"] * briefing.origin.uploaded + list(briefing.origin.licences)
    figures = f" Figures: {'; '.join(terms)}." if terms else ""
    here = urlsplit(briefing.link)
    place = f", {here.netloc}{here.path}" if here.netloc else ""
    return strip_control_characters(f"{APP}{place}.{figures}")


def is_web_address(address: str) -> bool:
    """Whether a document may link to `address`."""
    return address.startswith(("https://", "http://"))


def date_text(day: date) -> str:
    """'3 March 2025'."""
    return f"{day.day}{NBSP}{day:%B}{NBSP}{day.year}"


def made_text(day: date) -> str:
    """When and with what a briefing was made."""
    return f"Made on {date_text(day)} with {software()}."


def software() -> str:
    """Name and version of this software, from the metadata of the project."""
    project = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]
    return f"{APP}{NBSP}{project['version']}"
